"""The quarters of a city and of a place in it: counts beside the city's total, the kind of life, and the trend."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import poisson

from geo import advice, exclusions, identity, lattice
from geo.dbscan import NOISE, dbscan
from geo.hotspots import ID_CELL_M, HotspotParams, Surroundings, sides_of
from geo.identity import Cells, Life, Sighting, Track
from geo.tally import most_frequent, tally
from geo.trend import Trend, mann_kendall

LEAST_SIGHTED: Final = 3  # reports within eps that make a sighting in one quarter: fewer than for a hotspot
COVERED: Final = 0.9  # of its days, for a quarter at the edge to count as a whole one
LEAST_KNOWN: Final = 2  # reports that keep a known place alive in a quarter
ALPHA: Final = 0.05

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Quarters:
    """Whole calendar quarters, earliest first. All tuples are as long.

    counts: reports on the place (not only those of a hotspot); totals: the city's; shares: counts / totals, NaN for a
    quarter without reports. present: whether the place was a hotspot then; for the city, whether it had any report.
    """

    starts: tuple[date, ...]
    counts: tuple[int, ...]
    totals: tuple[int, ...]
    shares: tuple[float, ...]
    present: tuple[bool, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """One place through the quarters. track: the id it keeps. since: the first day of the first quarter it was there."""

    track: str
    quarters: Quarters
    life: Life | None
    since: date | None
    trend: Trend | None
    share_trend: Trend | None


@dataclass(frozen=True, kw_only=True, eq=False)
class History:
    """The counted reports of the past by whole quarter.

    starts: first days. totals: reports per quarter. x, y, quarter: those that may be clustered, (n,), RD metres and
    position in starts. tracks: the hotspots of every quarter, linked; seen: what was sighted in each.
    """

    starts: tuple[date, ...]
    totals: tuple[int, ...]
    x: Floats
    y: Floats
    quarter: Ints
    seen: tuple[tuple[Sighting, ...], ...]
    tracks: tuple[Track, ...]


def whole_quarters(first: date, last: date) -> tuple[date, ...]:
    """First days of the calendar quarters of which at least COVERED lies from first to last."""
    at = date(first.year, 3 * ((first.month - 1) // 3) + 1, 1)
    found = []
    while at <= last:
        after = next_quarter(at)
        days = (min(last + timedelta(days=1), after) - max(first, at)).days
        if days >= COVERED * (after - at).days:
            found.append(at)
        at = after
    return tuple(found)


def next_quarter(start: date) -> date:
    """The first day of the quarter after the one that begins at start."""
    return date(start.year + (start.month == 10), (start.month + 2) % 12 + 1, 1)


def history_of(
    reports: pd.DataFrame,
    *,
    params: HotspotParams,
    density_per_m2: float,
    n_view: int,
    around: Surroundings,
    end: date | None = None,
) -> History:
    """Cluster each whole quarter by itself and link the hotspots found.

    reports: counted reports up to the end of the view. params: the view's. density_per_m2: the background of n_view
    reports of the view. A quarter holds few reports, so fewer make a sighting: the smallest m of LEAST_SIGHTED or more
    with n · P(Poisson(μ) ≥ m − 1) ≤ 1 for that quarter (METHODS, "DBSCAN"), and no less than min_samples in proportion.
    end: the last day looked at; None: the last report's.
    """
    dates = reports["event_date"]
    known = dates.dropna()
    if known.empty:
        return _nothing()
    starts = whole_quarters(known.min().date(), end or known.max().date())
    quarter = _quarter_of(dates, starts)
    totals = np.bincount(quarter[quarter >= 0], minlength=len(starts))
    kept = np.flatnonzero(_free(reports, params, around) & (quarter >= 0))
    x, y = reports["x"].to_numpy(float)[kept], reports["y"].to_numpy(float)[kept]
    quarter = quarter[kept]
    sides = None if params.raw else sides_of(x, y, around)
    parts = np.bincount(quarter, minlength=len(starts)) / max(n_view, 1)
    seen = []
    for number, part in enumerate(parts.tolist()):
        mine = np.flatnonzero(quarter == number)
        needed = _needed(len(mine), params=params, density_per_m2=density_per_m2 * part, part=part)
        side = None if sides is None else sides[mine]
        seen.append(_sightings(x[mine], y[mine], eps_m=params.eps_m, needed=needed, sides=side))
    return History(
        starts=starts,
        totals=tuple(totals.tolist()),
        x=x,
        y=y,
        quarter=quarter,
        seen=tuple(seen),
        tracks=identity.link(seen, totals=totals.tolist()),
    )


def pasts(history: History, places: Sequence[Cells]) -> tuple[Past, ...]:
    """The past of each place (footprints, geo.identity): sighted where a quarter's hotspot overlaps it enough.

    Once sighted, it is gone only in a quarter that falls below what its own rate makes likely (``still_there``): with
    three reports a quarter, a hotspot that must be found anew each time would flicker.
    """
    counts = counts_on(history, places)
    sighted = np.zeros((len(places), len(history.starts)), dtype=bool)
    for number, seen in enumerate(history.seen):
        sighted[_overlapping(places, [s.cells for s in seen])[0], number] = True
    totals = np.array(history.totals, dtype=float)
    place, track, n = _overlapping(places, [t.cells for t in history.tracks])
    best = most_frequent(place, n)
    names = dict(zip(place[best].tolist(), (history.tracks[t].id for t in track[best].tolist()), strict=True))
    return tuple(
        _past(counts[i], still_there(sighted[i], counts[i], totals), history, names.get(i, ""))
        for i in range(len(places))
    )


def still_there(sighted: Bools, counts: Ints, totals: Floats) -> Bools:
    """Quarters in which a place was a hotspot: sighted, or later on with a count that its own rate makes likely.

    Likely: LEAST_KNOWN reports or more, and P(Poisson(rate · total) ≤ count) > ALPHA, the rate (reports on the place of
    all the city's) from the quarters in which it was sighted. All (quarters,).
    """
    seen = np.flatnonzero(sighted)
    if not len(seen):
        return sighted.copy()
    expected = counts[seen].sum() / totals[seen].sum() * totals
    likely = (counts >= LEAST_KNOWN) & (poisson.cdf(counts, expected) > ALPHA)
    likely[: seen[0]] = False
    return np.asarray(sighted | likely)


def city_quarters(history: History) -> tuple[Quarters, Trend | None]:
    """The city's own quarters, and the trend of their totals."""
    quarters = _quarters(history, np.array(history.totals), np.array(history.totals) > 0)
    return quarters, mann_kendall(history.totals)


def counts_on(history: History, places: Sequence[Cells]) -> Ints:
    """Reports on each place in each quarter, (places, quarters); a report may lie on several places."""
    result = np.zeros((len(places), len(history.starts)), dtype=np.int64)
    if not len(history.x) or not len(places):
        return result
    owner = np.repeat(np.arange(len(places)), [len(cells) for cells in places])
    cells = np.concatenate(places)
    order = np.argsort(cells, kind="stable")
    cells, owner = cells[order], owner[order]
    (key, quarter), n = tally(identity.keys(history.x, history.y), history.quarter)
    first = np.searchsorted(cells, key, side="left")
    times = np.searchsorted(cells, key, side="right") - first
    step = np.arange(int(times.sum())) - np.repeat(np.cumsum(times) - times, times)
    which = owner[np.repeat(first, times) + step]
    np.add.at(result, (which, np.repeat(quarter, times)), np.repeat(n, times))
    return result


def _past(counts: Ints, present: Bools, history: History, track: str) -> Past:
    quarters = _quarters(history, counts, present)
    there = np.flatnonzero(present)
    return Past(
        track=track,
        quarters=quarters,
        life=identity.classify(present.tolist()),
        since=history.starts[there[0]] if len(there) else None,
        trend=mann_kendall(quarters.counts),
        share_trend=mann_kendall(quarters.shares),
    )


def _quarters(history: History, counts: Ints, present: Bools) -> Quarters:
    return Quarters(
        starts=history.starts,
        counts=tuple(counts.tolist()),
        totals=history.totals,
        shares=tuple(
            n / total if total else float("nan") for n, total in zip(counts.tolist(), history.totals, strict=True)
        ),
        present=tuple(present.tolist()),
    )


def _overlapping(a: Sequence[Cells], b: Sequence[Cells]) -> tuple[Ints, Ints, Ints]:
    """Pairs of footprints that overlap enough to be one hotspot, and their shared cells."""
    pairs = identity.shared(a, b)
    enough = identity.overlaps(a, b, pairs) >= identity.MIN_OVERLAP
    return pairs[0][enough], pairs[1][enough], pairs[2][enough]


def _quarter_of(dates: pd.Series, starts: tuple[date, ...]) -> Ints:
    """Position in starts of each date's quarter; -1 for none."""
    days = dates.to_numpy().astype("datetime64[D]")
    if not starts:
        return np.full(len(days), -1, dtype=np.int64)
    edges = np.array([*starts, next_quarter(starts[-1])], dtype="datetime64[D]")
    known = ~np.isnat(days) & (days >= edges[0]) & (days < edges[-1])
    return np.where(known, np.searchsorted(edges, days, side="right") - 1, -1).astype(np.int64)


def _free(reports: pd.DataFrame, params: HotspotParams, around: Surroundings) -> Bools:
    """Which reports may be clustered, as in geo.hotspots.find_hotspots."""
    code = exclusions.codes(
        reports,
        eps_m=params.eps_m,
        known=around.default_points,
        accepted=around.accepted_points,
        rounded_m=lattice.radius(reports, accepted=around.accepted_sources),
    )
    return np.asarray(code != exclusions.CODE[exclusions.NO_PLACE] if params.raw else code == 0)


def _needed(n: int, *, params: HotspotParams, density_per_m2: float, part: float) -> int:
    least = max(LEAST_SIGHTED, round(params.min_samples * part))
    return advice.min_samples(n, density_per_m2=density_per_m2, eps_m=params.eps_m, least=least)


def _sightings(x: Floats, y: Floats, *, eps_m: float, needed: int, sides: Ints | None) -> tuple[Sighting, ...]:
    """The hotspots of one quarter, by label."""
    if not len(x):
        return ()
    found = dbscan(x, y, eps_m=eps_m, min_samples=needed, sides=sides)
    if not found.core.any():
        return ()
    core = np.flatnonzero(found.core)
    label = found.labels[core].astype(np.int64)
    size = np.bincount(found.labels[found.labels != NOISE])
    (mine, i, j), n = tally(label, *((c[core] // ID_CELL_M).astype(np.int64) for c in (x, y)))
    best = most_frequent(mine, n)
    order = core[np.argsort(label, kind="stable")]
    parts = np.split(order, np.cumsum(np.bincount(label))[:-1])
    return tuple(
        Sighting(id=f"H{a}-{b}", cells=identity.footprint(x[part], y[part]), n=int(size[k]))
        for k, (a, b, part) in enumerate(zip(i[best].tolist(), j[best].tolist(), parts, strict=True))
    )


def _nothing() -> History:
    return History(
        starts=(),
        totals=(),
        x=np.zeros(0),
        y=np.zeros(0),
        quarter=np.zeros(0, np.int64),
        seen=(),
        tracks=(),
    )
