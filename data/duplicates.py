"""Reports that are there twice: the same id again, or another id for what is probably the same event."""

import hashlib
from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import report

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

WITHIN_M: Final = 25.0
WITHIN_MINUTES: Final = 10.0
FLOOD_REPORTS: Final = 500  # so many of one source within an hour are no longer single people reporting
FLOOD_SECONDS: Final = 3600
_DAY_SECONDS: Final = 86_400

_TEXTS: Final = ("categories", "text", "street", "postcode", "status")
_HASHED: Final = 20_000  # rows at once, to keep the peak of memory low
_HOURS: Final = 10_000_000  # a thousand years
_PAIRS_AT_ONCE: Final = 4_000_000


def content_hash(reports: pd.DataFrame) -> pd.Series:
    """One 128-bit hexadecimal hash per report over what it says: place, times, labels, masked text; never its row.

    The first half of SHA-256, so that it is the same with every version of every library. Flags are no content. An end is
    only hashed where there is one: what was stored before there were ends keeps its hash.
    """
    hashes = np.empty(len(reports), dtype=object)
    for start in range(0, len(reports), _HASHED):
        hashes[start : start + _HASHED] = _hashes(reports.iloc[start : start + _HASHED])
    return pd.Series(hashes, index=reports.index, dtype="str")


def _hashes(reports: pd.DataFrame) -> list[str]:
    moments = [reports["event_date"], reports["reported_at"]]
    figures = [np.round(reports[name].to_numpy(float) * 1000) for name in ("x", "y", "uncertainty_m", "event_minute")]
    packed = np.column_stack(
        [np.where(np.isfinite(f), f, -1).astype("<i8") for f in figures]
        + [m.to_numpy("datetime64[s]").astype("<i8") for m in moments]
    )
    heads = np.ascontiguousarray(packed, dtype="<i8").view(f"V{packed.shape[1] * 8}").ravel().tolist()
    texts = [reports[name].tolist() for name in _TEXTS]
    if reports["event_until"].notna().any():
        until = reports["event_until"].to_numpy("datetime64[s]")
        ends = np.where(np.isnat(until), "", np.char.add("\x1f", np.datetime_as_string(until)))
        texts[-1] = [text + end for text, end in zip(texts[-1], ends.tolist(), strict=True)]
    tails = map("\x1f".join, zip(*texts, strict=True))
    sha256 = hashlib.sha256
    return [
        sha256(head + tail.encode("utf-8", "replace")).hexdigest()[:32] for head, tail in zip(heads, tails, strict=True)
    ]


def all_distinct(ids: pd.Series) -> bool:
    """Whether no id comes twice; several times as quick as to ask which ones do."""
    return bool(pd.Index(ids.to_numpy(object)).is_unique)


def repeated_ids(ids: pd.Series, hashes: pd.Series) -> tuple[Bools, Bools]:
    """Rows to leave out because their id comes more than once: (same content, older content).

    The last content of an id counts; of the rows that bear it the first stays.
    """
    if all_distinct(ids):
        none = np.zeros(len(ids), dtype=bool)
        return none, none.copy()
    frame = pd.DataFrame({"id": ids.to_numpy(), "hash": hashes.to_numpy()})
    final = frame.groupby("id", sort=False)["hash"].transform("last")
    older = (frame["hash"] != final).to_numpy()
    same = np.asarray(frame.duplicated(["id", "hash"]).to_numpy()) & ~older
    return same, older


def probable(reports: pd.DataFrame, stored: pd.DataFrame | None = None) -> Bools:
    """Reports that an earlier one resembles: at most 25 m and 10 minutes apart, with the same categories.

    Earlier means: in ``stored`` (current reports of the store, those flagged as such a duplicate left out), or higher
    in ``reports``. Only reports with a known time and place are compared. Gives a mask over ``reports``.
    """
    new = len(reports)
    both = reports if stored is None or stored.empty else pd.concat([stored[reports.columns], reports])
    first_new = len(both) - new
    x, y, minute = (both[name].to_numpy(float) for name in ("x", "y", "event_minute"))
    usable = ~both["event_date"].isna().to_numpy() & np.isfinite(minute) & np.isfinite(x) & np.isfinite(y)
    if usable.sum() < 2 or not usable[first_new:].any():
        return np.zeros(new, dtype=bool)
    which: NDArray[np.intp] | slice = (
        slice(None) if usable.all() else np.flatnonzero(usable)
    )  # the former copies nothing
    when = both["event_date"].to_numpy("datetime64[m]").astype(np.int64)[which] + minute[which].astype(np.int64)
    label = pd.factorize(both["categories"].iloc[which])[0]
    is_new = np.arange(len(both))[which] >= first_new
    mask = np.zeros(len(both), dtype=bool)
    hit = _resembling(x[which], y[which], when, label, is_new=is_new)
    mask[np.arange(len(both))[which][hit]] = True
    return mask[first_new:]


def _bins(x: Floats, y: Floats, when: NDArray[np.int64], label: NDArray[np.intp], *, size: float) -> NDArray[np.int64]:
    """One number per bin of label, place and ten minutes; bins next in time have numbers one apart."""
    cx, cy = (np.floor((v - v.min()) / size).astype(np.int64) + 1 for v in (x, y))
    ct = (when - when.min()) // int(WITHIN_MINUTES) + 1
    height, span = int(cy.max()) + 2, int(ct.max()) + 2
    return np.asarray(((label * (int(cx.max()) + 2) + cx) * height + cy) * span + ct)


def _resembling(
    x: Floats, y: Floats, when: NDArray[np.int64], label: NDArray[np.intp], *, is_new: Bools
) -> NDArray[np.intp]:
    """Positions of new reports with a resembling one before them.

    In a bin whose diagonal is within the limits everything but the first resembles the first. Only first ones are
    compared with the bins around them, so a pile of any size costs no more than its length.
    """
    coarse = _bins(x, y, when, label, size=WITHIN_M)
    by_bin = np.argsort(coarse, kind="stable")
    sorted_bins = coarse[by_bin]
    step_y = int((when.max() - when.min()) // int(WITHIN_MINUTES)) + 3
    step_x = step_y * (int(np.floor((y.max() - y.min()) / WITHIN_M)) + 3)
    near = by_bin[_with_neighbours(sorted_bins, (1, step_y, step_x - step_y, step_x, step_x + step_y))]
    if len(near) == 0:
        return near
    rows = np.sort(near)  # what has nothing in the bins around it needs no second look
    fine = _bins(x[rows], y[rows], when[rows], label[rows], size=WITHIN_M / np.sqrt(2) * 0.999)
    order = np.argsort(fine, kind="stable")
    again = rows[order[1:][fine[order[1:]] == fine[order[:-1]]]]
    hit = np.zeros(len(x), dtype=bool)
    hit[again] = is_new[again]
    candidates = near[is_new[near] & ~hit[near]]
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            candidates = candidates[~hit[candidates]]
            middle = coarse[candidates] + dx * step_x + dy * step_y
            low = np.searchsorted(sorted_bins, middle - 1, side="left")
            some = np.flatnonzero(sorted_bins[np.minimum(low, len(sorted_bins) - 1)] <= middle + 1)
            some = some[low[some] < len(sorted_bins)]
            high = np.searchsorted(sorted_bins, middle[some] + 1, side="right")
            for mine, theirs in _pairs(candidates[some], low[some], high):
                other = by_bin[theirs]
                close = (other < mine) & (np.abs(when[mine] - when[other]) <= WITHIN_MINUTES)
                close &= np.hypot(x[mine] - x[other], y[mine] - y[other]) <= WITHIN_M
                hit[mine[close]] = True
    return np.flatnonzero(hit)


def _with_neighbours(bins: NDArray[np.int64], steps: tuple[int, ...]) -> NDArray[np.intp]:
    """Where in sorted bins there is another one in the same bin or in one around it.

    steps: to the next bin in time and to half of those around; who is seen from one side is seen from the other too.
    """
    change = np.zeros(len(bins) + 1, dtype=np.int64)
    every = np.arange(len(bins))
    for step in steps:
        in_time = step == 1  # the bins next in time are next in order
        low = every + 1 if in_time else np.searchsorted(bins, bins + (step - 1), side="left")
        some = np.flatnonzero(low < len(bins))
        some = some[bins[low[some]] <= bins[some] + step + (0 if in_time else 1)]
        high = np.searchsorted(bins, bins[some] + step + (0 if in_time else 1), side="right")
        for at, by in ((some, 1), (some + 1, -1), (low[some], 1), (high, -1)):
            np.add.at(change, at, by)
    return np.flatnonzero(np.cumsum(change[:-1]) > 0)


def _pairs(
    mine: NDArray[np.intp], low: NDArray[np.intp], high: NDArray[np.intp]
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Every (candidate, place in the sorted bins) pair, a few million at a time."""
    counts = high - low
    ends = np.cumsum(counts)
    start = 0
    while start < len(mine):
        before = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + _PAIRS_AT_ONCE, side="right")))
        n = counts[start:stop]
        offsets = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)
        yield np.repeat(mine[start:stop], n), np.repeat(low[start:stop], n) + offsets
        start = stop


def flood(reports: pd.DataFrame) -> Bools:
    """Reports in any hour in which the file's source brings FLOOD_REPORTS or more, by report time, else event time."""
    event = (
        reports["event_date"].to_numpy("datetime64[s]").astype(np.int64)
        + np.nan_to_num(reports["event_minute"].to_numpy(float), nan=0.0).astype(np.int64) * 60
    )
    timed = ~reports["event_date"].isna().to_numpy() & reports["event_minute"].notna().to_numpy()
    reported = reports["reported_at"].to_numpy("datetime64[s]")
    has_report = ~np.isnat(reported) & (reported.astype(np.int64) % _DAY_SECONDS != 0)  # midnight is a bare day
    moment = np.where(has_report, reported.astype(np.int64), event)
    known = np.flatnonzero(has_report | timed)
    mask = np.zeros(len(reports), dtype=bool)
    if not _may_flood(moment[known]):
        return mask
    order = known[np.argsort(moment[known], kind="stable")]
    sorted_moments = moment[order]
    ends = np.searchsorted(sorted_moments, sorted_moments + FLOOD_SECONDS, side="left")
    starts = np.arange(len(order))
    crowded = ends - starts >= FLOOD_REPORTS
    change = np.zeros(len(order) + 1, dtype=np.int64)
    np.add.at(change, starts[crowded], 1)
    np.add.at(change, ends[crowded], -1)
    mask[order[np.cumsum(change[:-1]) > 0]] = True
    return mask


def _may_flood(moments: NDArray[np.int64]) -> bool:
    """Whether any hour can hold a flood: an hour from any second touches two hours of the clock."""
    if len(moments) < FLOOD_REPORTS:
        return False
    hours = moments // FLOOD_SECONDS
    hours -= hours.min()
    return bool(hours.max() > _HOURS or np.bincount(hours).max() * 2 >= FLOOD_REPORTS)


def unflagged(stored: pd.DataFrame) -> pd.DataFrame:
    """Stored reports that are counted: without those flagged as probable duplicates themselves."""
    return stored[~report.has(stored["flags"], report.PROBABLE_DUPLICATE)]
