"""Published hotspots: which parts of them may be counted, so that they tell nothing beside the published cells.

A hotspot is counted per buurt, over a calendar year; its figure is the sum of the parts that may be counted. What is allowed
is decided by shown figures alone. Together the parts say no more of a buurt's count than its own figure does, so what was
proven of the cells stays proven; and the rest of the buurt may be nothing, or may be k, whatever the true figures are. Then
a set of reports that cuts across parts and whatever else is published of the buurt (quarters) may be none, or may be k, as
well: in a table with rows of at least k any cell in a column of k can hold k (Fréchet bounds). Years do not overlap, so no
two hotspots share a report.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from geo.disclosure import rounded
from geo.publish import interval

QUARTERS: Final = 4  # the only window that hotspots are published in


class Part(NamedTuple):
    """A hotspot in one buurt."""

    hotspot: str
    buurt: str


def countable(parts: Mapping[Part, int], *, shown: Mapping[str, int], k: int) -> frozenset[Part]:
    """The parts that may be counted. parts: reports. shown: a buurt's published figure, absent when it is hidden.

    In a buurt that shows nothing no part is counted. Where parts must go, the smallest goes first (ties: by name).
    """
    kept: set[Part] = set()
    for buurt in {part.buurt for part in parts} & set(shown):
        inside = sorted((-rounded(n), part) for part, n in parts.items() if part.buurt == buurt and n >= k)
        while inside and not fits([-n for n, _ in inside], shown=shown[buurt], k=k):
            inside.pop()
        kept.update(part for _, part in inside)
    return frozenset(kept)


def fits(figures: Sequence[int], *, shown: int, k: int) -> bool:
    """Whether parts with these rounded figures may be told beside their buurt's: no more of it, and of its rest no handful."""
    low, high = interval(shown, k=k)
    least = sum(interval(n, k=k)[0] for n in figures)
    most = sum(interval(n, k=k)[1] for n in figures)
    return least <= low and (most >= high or low - least >= k)
