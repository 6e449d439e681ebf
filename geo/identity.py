"""One hotspot through the quarters: the same id while it overlaps, and what kind of life it leads.

A hotspot's footprint is the set of RD cells its core reports touch, grown by one cell all around. Border reports never
decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

CELL_M = 50.0
MIN_OVERLAP = 0.25  # of the smaller footprint
LEAST_PERIODS = 5  # below this the last 20 % is not even one period
PERSISTENT = 0.8
RECENT = 0.2
_ROWS = 1 << 31  # a cell's key is column · _ROWS + row; RD rows stay far below

Cells = NDArray[np.int64]  # sorted, distinct keys
Floats = NDArray[np.float64]
Pairs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


class Life(StrEnum):
    """What kind of life a hotspot leads (after Chainey 2021, for few reports)."""

    PERSISTENT = "persistent"  # in at least 80 % of the periods
    EMERGING = "emerging"  # only in the last 20 %
    FORMER = "former"  # not in the last 20 %
    INTERMITTENT = "intermittent"  # comes and goes


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """One hotspot in one period. n: its reports."""

    id: str
    cells: Cells
    n: int


@dataclass(frozen=True, kw_only=True)
class Track:
    """One hotspot through all periods.

    id: of its first sighting (with -2, -3, … when an earlier track has it). ids: its id in each period, "" where it
    was no hotspot; counts: its reports there, 0 where it was none – which is not: no reports. shares: counts of the
    city's total, NaN for a period without reports. life: None with fewer than LEAST_PERIODS periods. cells: where it
    was last seen.
    """

    id: str
    ids: tuple[str, ...]
    counts: tuple[int, ...]
    shares: tuple[float, ...]
    life: Life | None
    cells: Cells


def footprint(x: Floats, y: Floats, *, cell_m: float = CELL_M) -> Cells:
    """The cells that core reports (RD metres, finite) touch, grown by one cell all around; empty for none."""
    if not (np.isfinite(cell_m) and cell_m > 0):
        raise ValueError(f"cell_m = {cell_m}: must be a side above 0 metres")
    touched = np.unique(keys(x, y, cell_m))
    around = np.array([i * _ROWS + j for i in (-1, 0, 1) for j in (-1, 0, 1)], dtype=np.int64)
    return np.unique(touched[:, None] + around)


def within(x: Floats, y: Floats, cells: Cells, *, cell_m: float = CELL_M) -> NDArray[np.bool_]:
    """Which reports lie in a footprint: for counting a place in periods when it was no hotspot. NaN is not."""
    placed = np.isfinite(x) & np.isfinite(y)
    result = np.zeros(len(x), dtype=bool)
    result[placed] = np.isin(keys(x[placed], y[placed], cell_m), cells)
    return result


def keys(x: Floats, y: Floats, cell_m: float = CELL_M) -> Cells:
    """The cell of each place (RD metres, finite), (n,)."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("x and y must be finite metres: leave reports without a place out first")
    return np.floor(x / cell_m).astype(np.int64) * _ROWS + np.floor(y / cell_m).astype(np.int64)


def centre(cells: Cells, *, cell_m: float = CELL_M) -> tuple[float, float]:
    """The mean of a footprint's cells, in RD metres; ValueError for an empty one."""
    if not len(cells):
        raise ValueError("an empty footprint has no centre")
    return float((cells // _ROWS + 0.5).mean() * cell_m), float((cells % _ROWS + 0.5).mean() * cell_m)


def overlap(a: Cells, b: Cells) -> float:
    """Shared cells as a share of the smaller footprint, 0…1; 0 when either is empty."""
    smaller = min(len(a), len(b))
    return len(np.intersect1d(a, b, assume_unique=True)) / smaller if smaller else 0.0


def shared(a: Sequence[Cells], b: Sequence[Cells]) -> Pairs:
    """Which footprints of a and b share cells: positions in a and in b, and how many cells, by position.

    Costs what the cells cost, not every pair.
    """
    size = max(len(b), 1)
    mine, theirs = _owned(a), _owned(b)
    first = np.searchsorted(theirs[0], mine[0], side="left")
    n = np.searchsorted(theirs[0], mine[0], side="right") - first
    step = np.arange(int(n.sum())) - np.repeat(np.cumsum(n) - n, n)
    pair, times = np.unique(np.repeat(mine[1], n) * size + theirs[1][np.repeat(first, n) + step], return_counts=True)
    return pair // size, pair % size, times.astype(np.int64)


def overlaps(a: Sequence[Cells], b: Sequence[Cells], pairs: Pairs) -> Floats:
    """``overlap`` of each of the pairs that ``shared`` gave."""
    sizes = [np.array([len(cells) for cells in group], dtype=np.int64) for group in (a, b)]
    return np.asarray(pairs[2] / np.maximum(np.minimum(sizes[0][pairs[0]], sizes[1][pairs[1]]), 1))


def _owned(group: Sequence[Cells]) -> tuple[Cells, Cells]:
    """All cells of a group in order, and whose each is."""
    cells = np.concatenate([np.zeros(0, dtype=np.int64), *group])
    owner = np.repeat(np.arange(len(group), dtype=np.int64), [len(one) for one in group])
    order = np.argsort(cells, kind="stable")
    return cells[order], owner[order]


def link(
    periods: Sequence[Sequence[Sighting]], *, totals: Sequence[int], min_overlap: float = MIN_OVERLAP
) -> tuple[Track, ...]:
    """Follow hotspots through successive, equal periods, e.g. quarters; tracks by first period, then id.

    periods: the hotspots of each, earliest first; totals: the city's reports in each. A sighting continues the track
    whose last footprint it overlaps by at least min_overlap, each track one sighting per period: the pairs with most
    shared cells first (ties: more overlap, then longest seen, then id). So of a hotspot that splits the larger part
    keeps the id, of two that merge the one more alike; and a hotspot that returns on its old place is the same one.
    ValueError when totals do not fit.
    """
    if len(periods) != len(totals):
        raise ValueError(f"{len(totals)} totals for {len(periods)} periods: must be one each")
    if not 0 < min_overlap <= 1:
        raise ValueError(f"min_overlap = {min_overlap}: must be above 0, at most 1")
    lives: list[dict[int, Sighting]] = []
    for number, sightings in enumerate(periods):
        n_here = sum(s.n for s in sightings)
        if n_here > totals[number]:
            raise ValueError(f"period {number}: hotspots hold {n_here} reports of a total of {totals[number]}")
        taken = _matches(lives, sightings, min_overlap)
        for at, sighting in sorted(enumerate(sightings), key=lambda item: item[1].id):
            if at in taken:
                lives[taken[at]][number] = sighting
            else:
                lives.append({number: sighting})
    used: dict[str, int] = {}
    return tuple(_track(life, totals, used) for life in lives)


def _matches(lives: Sequence[dict[int, Sighting]], sightings: Sequence[Sighting], min_overlap: float) -> dict[int, int]:
    """Position of each continuing sighting to the number of its track."""
    latest = [life[max(life)].cells for life in lives]
    track, at, n = shared(latest, [s.cells for s in sightings])
    pairs = [
        (-n[k], -share, track[k], sightings[at[k]].id, at[k])
        for k, share in enumerate(overlaps(latest, [s.cells for s in sightings], (track, at, n)).tolist())
        if share >= min_overlap
    ]
    matched: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, one, _, place in sorted(pairs):
        if place not in matched and one not in taken:
            matched[int(place)] = int(one)
            taken.add(one)
    return matched


def _track(life: dict[int, Sighting], totals: Sequence[int], used: dict[str, int]) -> Track:
    first, last = life[min(life)], life[max(life)]
    turn = used[first.id] = used.get(first.id, 0) + 1
    counts = tuple(life[p].n if p in life else 0 for p in range(len(totals)))
    return Track(
        id=first.id if turn == 1 else f"{first.id}-{turn}",
        ids=tuple(life[p].id if p in life else "" for p in range(len(totals))),
        counts=counts,
        shares=tuple(n / total if total else float("nan") for n, total in zip(counts, totals, strict=True)),
        life=classify([p in life for p in range(len(totals))]),
        cells=last.cells,
    )


def classify(present: Sequence[bool]) -> Life | None:
    """The kind of life from the periods in which a hotspot was there, earliest first (Chainey 2021).

    The last 20 % is rounded up to whole periods. None with fewer than LEAST_PERIODS periods, or never present.
    """
    n = len(present)
    if n < LEAST_PERIODS or not any(present):
        return None
    recent = int(np.ceil(RECENT * n - 1e-9))
    if sum(present) >= PERSISTENT * n - 1e-9:
        return Life.PERSISTENT
    if not any(present[:-recent]):
        return Life.EMERGING
    if not any(present[-recent:]):
        return Life.FORMER
    return Life.INTERMITTENT
