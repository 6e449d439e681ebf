"""Design tokens of the page: one place for the colours, sizes and type that Mantine and assets/page.css share.

The magenta is the map's own (layers.palette.ACCENT). Every text colour here has at least 4.5:1 on the page's white
and on the map's background; Mantine's own ``dimmed`` has not and is never used.
"""

from typing import Any, Final

from layers import palette

ACCENT_SHADES: Final = (
    "#fdf1f8",
    "#fadfee",
    "#f2b8d8",
    "#e98dc0",
    "#e068ab",
    "#d64c9b",
    "#c93a8e",
    "#b7267c",
    palette.ACCENT,
    "#7a0c4f",
)
FONT: Final = '"Inter Latin", "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif'

THEME: Final[dict[str, Any]] = {
    "primaryColor": "accent",
    "primaryShade": 8,
    "colors": {"accent": list(ACCENT_SHADES)},
    "fontFamily": FONT,
    "fontFamilyMonospace": 'ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace',
    "headings": {"fontFamily": FONT, "fontWeight": "650"},
    "defaultRadius": "md",
    "cursorType": "pointer",
    "black": palette.INK,
    "focusRing": "auto",
    "respectReducedMotion": True,
    "components": {
        "InputWrapper": {"styles": {"label": {"fontWeight": 600, "marginBottom": 4, "fontSize": 13}}},
        "Input": {"styles": {"input": {"--input-placeholder-color": "var(--hk-ink-soft)"}}},
    },
}

# What the style sheets read: light, dark. They name no colour themselves; a test holds that.
TOKENS: Final[dict[str, tuple[str, str]]] = {
    "--hk-ink": (palette.INK, "#e6ebf2"),
    "--hk-ink-soft": (palette.INK_SOFT, "#aab6c5"),
    "--hk-rule": (palette.RULE, "#39434f"),
    "--hk-rule-soft": ("#e6ebf0", "#2a323c"),
    "--hk-edge": (palette.AREA_LINE, "#566373"),
    "--hk-axis": ("#8a97a6", "#6d7a89"),
    "--hk-paper": (palette.PAPER, "#151b23"),
    "--hk-paper-rgb": ("255, 255, 255", "21, 27, 35"),
    "--hk-quiet": ("#f5f7f9", "#1d242d"),
    "--hk-sunken": ("#edf1f5", "#262f3a"),
    "--hk-ground": (palette.BACKGROUND, "#10151b"),
    "--hk-shadow": ("27, 36, 48", "0, 0, 0"),
    "--hk-accent": (palette.ACCENT, "#f08cc4"),  # text and lines
    "--hk-accent-fill": (palette.ACCENT, "#b7267c"),  # below --hk-on-accent
    "--hk-accent-pale": (ACCENT_SHADES[0], "#33182a"),
    "--hk-on-accent": ("#ffffff", "#ffffff"),
    "--hk-chosen": (ACCENT_SHADES[1], "#4a2039"),
    "--hk-rank": (palette.NUMBER_FILL, "#8f2c68"),
    "--hk-warn-ground": ("#fff3d6", "#3a2d0f"),
    "--hk-warn-ink": ("#5d3e00", "#f5d48a"),
    "--hk-warn-rule": ("#ecd18f", "#7a6224"),
    "--hk-alarm-ground": ("#fdecec", "#3d1717"),
    "--hk-alarm-ink": ("#7a1414", "#ffb4ac"),
    "--hk-alarm-rule": ("#f2bcbc", "#7d3030"),
    "--hk-bar": ("#7d95b0", "#5f7793"),
    "--hk-bar-quiet": ("#b9c8d9", "#3c4b5e"),
    "--hk-map-ink": (palette.NAME_INK, palette.NAME_INK),
    "--hk-m0": ("#eef1f4", "#262f3a"),  # none … most, of the week's hours
    "--hk-m1": ("#f6cbe2", "#4a2039"),
    "--hk-m2": ("#e893c3", "#7a2c5c"),
    "--hk-m3": ("#d64c9b", "#b0418a"),
    "--hk-m4": (palette.ACCENT, "#e06bb0"),
    "--hk-m5": ("#5c0a3c", "#ffb3dc"),
}


def css_variables() -> str:
    """The tokens as CSS rules. The map and what lies over it stay light: it looks on screen as it does on paper."""
    light = "".join(f"{name}:{value};" for name, (value, _dark) in TOKENS.items())
    dark = "".join(f"{name}:{value};" for name, (_light, value) in TOKENS.items())
    scheme = '[data-mantine-color-scheme="dark"]'
    return (
        f":root{{--hk-font:{FONT};{light}color-scheme:light;}}"
        f":root{scheme}{{{dark}color-scheme:dark;}}"
        f"{scheme} .hk-map{{{light}color-scheme:light;color:var(--hk-ink);}}"
        f"@media print{{:root{scheme}{{{light}color-scheme:light;}}}}"
    )
