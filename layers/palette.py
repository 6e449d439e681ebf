"""One place for colours, sizes and drawing order, shared by the three renderers.

Pale blue-grey areas, magenta hotspots with a dark outline, blue transport, green schools: legible side by side, in grey
print and for most colour-blind readers, because hotspots also differ in lightness and outline. The contrasts that must
hold (WCAG 1.4.3 and 1.4.11) are computed by ``contrast`` in the tests.
"""

from typing import Final

from layers.spec import Style

# Drawing order = z-index of the web map's panes. Leaflet's own panes: tiles 200, overlays 400, markers 600.
PANES: Final[dict[str, int]] = {
    "water": 340,
    "areas": 350,
    "rivers": 355,  # rivers known only as lines would vanish under the areas' fill
    "outline": 360,
    "lines": 370,
    "hotspots": 380,
    "points": 390,
    "names": 395,
}

BACKGROUND: Final = "#e8ecf0"
PAPER: Final = "#ffffff"
INK: Final = "#1b2430"  # titles, figures
INK_SOFT: Final = "#4a5666"  # subtitles, sources
RULE: Final = "#d3dae2"  # thin lines between rows
ACCENT: Final = "#a3136b"  # the hotspots' magenta, dark enough for text

CLASS_FILLS: Final = ("#f7f9fb", "#e6ecf2", "#d2dce7", "#b9c8d9", "#9db1c7")
# Cells of a grid, over the areas: darker than those, since a cell says more precisely where
CELL_FILLS: Final = ("#d2dce7", "#b3c5d8", "#8fa9c4", "#6585a8", "#3f6189")
NO_DATA: Final = "#efebe4"
AREA_LINE: Final = "#a7b4c3"
WATER_FILL: Final = "#c4dcee"
WATER_LINE: Final = "#9fc4e2"
HOTSPOT_FILL: Final = "#c2187f"
HOTSPOT_LINE: Final = "#5c0a3c"
NUMBER_FILL: Final = "#5c0a3c"  # the disc behind a rank number
NUMBER_INK: Final = "#ffffff"
TRANSPORT: Final = "#0b4f8a"
RAILWAY: Final = "#3a4350"
SCHOOL: Final = "#0b6036"
NAME_INK: Final = "#26344a"
HALO: Final = "#ffffff"

AREA: Final = Style(fill="#f2f5f8", stroke=AREA_LINE, width=0.7)  # the fill of areas that are not graded
OUTLINE: Final = Style(stroke="#46566b", width=1.6)
WATER: Final = Style(fill=WATER_FILL, stroke=WATER_LINE, width=0.6)
CELLS: Final = Style(fill=CELL_FILLS[0], fill_opacity=0.85)  # without a line: neighbours of one class are one shape
RIVER: Final = Style(stroke=WATER_FILL, width=5.0)
RAIL: Final = Style(stroke=RAILWAY, width=1.6, dashed=True)
ROUTE: Final = Style(stroke=TRANSPORT, width=1.4, opacity=0.55)
HOTSPOT: Final = Style(fill=HOTSPOT_FILL, stroke=HOTSPOT_LINE, width=1.8, fill_opacity=0.6)
SCHOOL_POINT: Final = Style(fill=SCHOOL, stroke=PAPER, width=1.4, radius=4.5)
STOP_POINT: Final = Style(fill=PAPER, stroke=TRANSPORT, width=1.4, radius=2.8)
NAME: Final = Style(fill=NAME_INK, stroke=HALO, radius=11.0)  # radius is the size of the letters


def ramp(n: int) -> tuple[str, ...]:
    """``n`` fills (1..5) from light to dark, spread so that the last class of several is always the darkest."""
    if not 1 <= n <= len(CLASS_FILLS):
        raise ValueError(f"a graded layer has 1 to {len(CLASS_FILLS)} classes, not {n}")
    last = len(CLASS_FILLS) - 1
    return tuple(CLASS_FILLS[round(i * last / max(n - 1, 1))] for i in range(n))


def contrast(first: str, second: str) -> float:
    """WCAG 2 contrast ratio of two hex colours, 1 to 21."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def over(top: str, bottom: str, *, opacity: float) -> str:
    """The hex colour one sees when ``top`` lies with this opacity (0..1) over ``bottom``."""
    mixed = (round(opacity * a + (1 - opacity) * b) for a, b in zip(_rgb(top), _rgb(bottom), strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in _rgb(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
