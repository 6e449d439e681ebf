"""Published cells: which counts may be shown, so that no difference of shown counts is about a handful of people.

A cell is a place (city, wijk, buurt) in a window (a quarter, four or eight quarters, by the calendar) and perhaps one part
(a group of categories, or a part of the day; never both). Cells are tied by lines: a total is the sum of its parts. A
cell is shown when it rests on at least k reports and no line it is in gives away what is hidden there (complementary
suppression, ESS Handbook on SDC, 4.3); geo.auditor proves the outcome by other means.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.disclosure import ROUND_TO, rounded

WINDOWS = (8, 4, 1)  # quarters; an eight starts in an even year, a four in January
CITY = ""
SLACK = ROUND_TO // 2  # a rounded count may be this much off


class Cell(NamedTuple):
    """place: CITY, a wijk or a buurt code. start: year · 4 + quarter (0…3) of its first quarter. part: "" for all."""

    place: str
    start: int
    quarters: int
    part: str = ""


class Line(NamedTuple):
    """A total and the cells it is the sum of."""

    total: Cell
    parts: tuple[Cell, ...]


class Why(StrEnum):
    """Why a cell is hidden."""

    FEW = "few"  # fewer than k reports, perhaps none
    GUARD = "guard"  # shown, or known to be few, it would give away another


@dataclass(frozen=True, kw_only=True)
class Release:
    """What is shown of a set of cells. shown: the rounded count. hidden: why; nobody is told which of the two it is."""

    k: int
    shown: Mapping[Cell, int]
    hidden: Mapping[Cell, Why]

    def total(self, cells: Iterable[Cell]) -> int:
        """Sum of the shown ones: what is not shown is not in it, so nothing is found by subtracting."""
        return sum(self.shown.get(cell, 0) for cell in cells)


def quarter_number(dates: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Quarter numbers, year · 4 + quarter (0…3), of days; NaT is not for here."""
    months = dates.astype("datetime64[M]").astype(np.int64)
    return np.asarray((months // 12 + 1970) * 4 + (months % 12) // 3)


def window_start(quarter: int, quarters: int) -> int:
    """First quarter of the calendar-aligned window of so many quarters that a quarter is in."""
    return quarter - quarter % quarters  # year · 4: fours start in January, eights in an even year


def windows(first: int, last: int) -> list[tuple[int, int]]:
    """(start, quarters) of every whole window within first … last (quarter numbers, both included), longest first."""
    return [
        (start, quarters)
        for quarters in WINDOWS
        for start in range(window_start(first + quarters - 1, quarters), last + 2 - quarters, quarters)
        if start >= first
    ]


def interval(shown: int, *, k: int) -> tuple[int, int]:
    """What a shown, rounded count says about the true one."""
    return max(k, shown - SLACK), shown + SLACK


def lines(
    places: Mapping[str, str],
    *,
    first: int,
    last: int,
    parts: Iterable[str] = (),
    part_quarters: Iterable[int] = (8, 4),
) -> list[Line]:
    """Every tie between the cells of first … last (quarter numbers).

    places: wijk and buurt code -> code of what it is part of (CITY for a wijk). parts: one partition of a wijk's reports,
    e.g. the parts of the day, over windows of part_quarters. Both breakdowns at once is not asked for here: call it twice.
    """
    children: dict[str, list[str]] = {}
    for place, parent in sorted(places.items()):
        children.setdefault(parent, []).append(place)
    found, named = [], tuple(parts)
    for start, quarters in windows(first, last):
        for place in (CITY, *sorted(places)):
            cell = Cell(place, start, quarters)
            if place in children:
                found.append(Line(cell, tuple(Cell(c, start, quarters) for c in children[place])))
            if (shorter := {8: 4, 4: 1}.get(quarters)) is not None:
                steps = range(start, start + quarters, shorter)
                found.append(Line(cell, tuple(Cell(place, s, shorter) for s in steps)))
            if named and quarters in part_quarters and places.get(place) == CITY:
                found.append(Line(cell, tuple(Cell(place, start, quarters, part) for part in named)))
                if quarters == max(part_quarters) and (inner := min(part_quarters)) != quarters:
                    steps = range(start, start + quarters, inner)
                    found += [
                        Line(Cell(place, start, quarters, part), tuple(Cell(place, s, inner, part) for s in steps))
                        for part in named
                    ]
    return found


def cells(ties: Iterable[Line]) -> list[Cell]:
    """Every cell in the lines, each once, coarse before fine."""
    found = dict.fromkeys(cell for line in ties for cell in (line.total, *line.parts))
    return sorted(found, key=lambda c: (-c.quarters, c.part != "", len(c.place), c.place, c.start, c.part))


def release(counts: Mapping[Cell, int], ties: list[Line], *, k: int, frozen: Release | None = None) -> Release:
    """Decide which cells are shown. What was frozen stays as it is; only new cells are decided on.

    counts: reports per cell (0 when left out). ties: the lines of all cells, frozen ones included. Where a cell must be
    hidden to guard another it is the finest and then the smallest new one (ties: by name), so that the same counts always
    give the same answer. ValueError when what was frozen gives something away by itself.
    """
    shown = dict(frozen.shown) if frozen else {}
    hidden = dict(frozen.hidden) if frozen else {}
    new = [cell for cell in cells(ties) if cell not in shown and cell not in hidden]
    for cell in new:
        n = counts.get(cell, 0)
        if n >= k:
            shown[cell] = rounded(n)
        else:
            hidden[cell] = Why.FEW
    free = set(new)
    while found := first_leak(ties, bounds(ties, shown, hidden, k=k), hidden, k=k):
        guard(found, ties, shown=shown, hidden=hidden, free=free, counts=counts)
    return Release(k=k, shown=shown, hidden=hidden)


def guard(
    line: Line,
    ties: Iterable[Line],
    *,
    shown: dict[Cell, int],
    hidden: dict[Cell, Why],
    free: set[Cell],
    counts: Mapping[Cell, int],
) -> None:
    """Hide one more cell near a leaking line: one of its own, else one of a line it shares a cell with. Changes its arguments.

    When only hidden ones are free, why they are hidden becomes something nobody can be sure of.
    """
    own = {line.total, *line.parts}
    near = {c for other in ties if own & {other.total, *other.parts} for c in (other.total, *other.parts)}
    seen = {c for c in free if c in shown}
    unsure = {c for c in free if hidden.get(c) is Why.FEW}
    candidates = own & seen or near & seen or own & unsure or near & unsure or seen or unsure
    if not candidates:
        raise ValueError(f"{line.total}: what was frozen gives away what is hidden")
    victim = min(candidates, key=lambda c: (c.quarters, -len(c.place), c == line.total, counts.get(c, 0), c))
    free.discard(victim)
    shown.pop(victim, None)
    hidden[victim] = Why.GUARD


def bounds(
    ties: Iterable[Line], shown: Mapping[Cell, int], hidden: Mapping[Cell, Why], *, k: int
) -> dict[Cell, tuple[float, float]]:
    """What anybody can say of every cell, by passing bounds along the lines until nothing changes."""
    known: dict[Cell, tuple[float, float]] = {}
    for cell, why in hidden.items():
        known[cell] = (0, k - 1) if why is Why.FEW else (0, np.inf)
    for cell, count in shown.items():
        known[cell] = interval(count, k=k)
    todo = list(ties)
    changed = True
    while changed:
        changed = False
        for total, parts in todo:
            low, high = known[total]
            lows, highs = [known[p][0] for p in parts], [known[p][1] for p in parts]
            sum_low, sum_high = sum(lows), sum(highs)
            tighter = max(low, sum_low), min(high, sum_high)
            if tighter != (low, high):
                known[total], changed = tighter, True
                low, high = tighter
            for part, a, b in zip(parts, lows, highs, strict=True):
                others = sum_high - b if b != np.inf else sum(h for p, h in zip(parts, highs, strict=True) if p != part)
                tighter = max(a, low - others), min(b, high - (sum_low - a))
                if tighter != (a, b):
                    known[part], changed = tighter, True
    return known


def first_leak(
    ties: Iterable[Line], known: Mapping[Cell, tuple[float, float]], hidden: Mapping[Cell, Why], *, k: int
) -> Line | None:
    """The first line that tells that some hidden cells hold at least one and fewer than k reports together."""
    leaking: Line | None = None
    for line in ties:
        total = known[line.total]
        if hidden.get(line.total) is Why.FEW and sum(known[part][0] for part in line.parts) >= 1:
            return line
        few = [part for part in line.parts if hidden.get(part) is Why.FEW]
        if not few:
            continue
        least = total[0] - sum(known[part][1] for part in line.parts)
        if any(least + known[part][1] >= 1 for part in few):
            return line
        if leaking is None and any(known[part][0] >= 1 for part in few):
            leaking = line  # told by another line, which is to be found first
        rest = [known[part] for part in line.parts if part not in set(few)]
        low = total[0] - sum(high for _, high in rest)
        high = min(total[1] - sum(low for low, _ in rest), sum(known[part][1] for part in few))
        if low >= 1 and high < k:
            return line
    return leaking
