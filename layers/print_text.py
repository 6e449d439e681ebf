"""Text on paper: one family, measured before it is set, so that nothing overflows its place."""

import unicodedata
from functools import cache
from typing import Final, Literal

from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.textpath import text_to_path

FAMILY: Final = "DejaVu Sans"  # comes with matplotlib; its figures are all equally wide
POINTS_PER_INCH: Final = 72.0
ELLIPSIS: Final = "…"
REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"

Weight = Literal["normal", "bold"]


@cache
def font(size: float, weight: Weight = "normal") -> FontProperties:
    """The font at a size in points."""
    return FontProperties(family=FAMILY, size=size, weight=weight)


def clean(text: str) -> str:
    """Text that can be set: without control and direction marks, unknown characters as a replacement mark."""
    known = _characters()
    spaced = "".join(" " if ch.isspace() else ch for ch in text)
    kept = (ch for ch in spaced if not unicodedata.category(ch).startswith("C"))
    return "".join(ch if ord(ch) in known else REPLACEMENT for ch in kept)


@cache
def width(text: str, size: float, weight: Weight = "normal") -> float:
    """Width in inches of one line of clean text."""
    points, _, _ = text_to_path.get_text_width_height_descent(text, font(size, weight), ismath=False)
    return float(points) / POINTS_PER_INCH


def fit(text: str, size: float, *, room: float, weight: Weight = "normal") -> str:
    """The text, cut with an ellipsis when it is wider than ``room`` inches."""
    text = clean(text)
    if width(text, size, weight) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle].rstrip() + ELLIPSIS, size, weight) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + ELLIPSIS


def wrap(text: str, size: float, *, room: float, lines: int, weight: Weight = "normal") -> list[str]:
    """The text as at most ``lines`` lines no wider than ``room`` inches; the last is cut when more would be needed."""
    words = clean(text).split()
    made: list[str] = []
    while words and len(made) < lines:
        if len(made) == lines - 1:
            made.append(fit(" ".join(words), size, room=room, weight=weight))
            break
        n = 1
        while n < len(words) and width(" ".join(words[: n + 1]), size, weight) <= room:
            n += 1
        made.append(fit(" ".join(words[:n]), size, room=room, weight=weight))
        words = words[n:]
    return made


@cache
def _characters() -> frozenset[int]:
    return frozenset(get_font(findfont(font(10.0))).get_charmap())
