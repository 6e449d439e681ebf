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
        "Input": {"styles": {"input": {"--input-placeholder-color": palette.INK_SOFT}}},
    },
}

# What assets/page.css reads; given to <html> by the page's index.
CSS_VARIABLES: Final[dict[str, str]] = {
    "--hk-ink": palette.INK,
    "--hk-ink-soft": palette.INK_SOFT,
    "--hk-rule": palette.RULE,
    "--hk-paper": palette.PAPER,
    "--hk-ground": palette.BACKGROUND,
    "--hk-accent": palette.ACCENT,
    "--hk-accent-pale": ACCENT_SHADES[0],
    "--hk-bar": "#7d95b0",
    "--hk-font": FONT,
}


def css_variables() -> str:
    """The tokens as one CSS rule."""
    return ":root{" + "".join(f"{name}:{value};" for name, value in CSS_VARIABLES.items()) + "}"
