"""What may leave the house: RD-aligned grid cells, thresholds and rounding (PRIVACY, "Published cells", "Geometry")."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.squares import distinct, grown_squares

FREEZE_DAYS = 30  # a quarter is closed this long after its last day
MIN_DATES = 3
ROUND_TO = 5

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishRule:
    """When a figure may be shown. k: reports it must rest on. cell_m: side of the grid cells in metres."""

    k: int = 10
    cell_m: int = 100


def cells(x: Floats, y: Floats, *, cell_m: int) -> shapely.Geometry:
    """Union of the RD-aligned grid cells that the points touch, grown by one cell all around (Multi/Polygon in RD).

    Every vertex is a multiple of cell_m, so none is a report; the same reports always give the same shape.
    """
    shape: shapely.Geometry = cells_by(np.zeros(len(x), dtype=np.int64), x, y, size=1, cell_m=cell_m)[0]
    return shape


def cells_by(group: Ints, x: Floats, y: Floats, *, size: int, cell_m: int) -> NDArray[np.object_]:
    """``cells`` of each group 0, 1, … (size,) of points (n,), which every point belongs to one of."""
    column, row = (np.floor(v / cell_m).astype(np.int64) for v in (x, y))
    low, width = (column.min() - 1, np.ptp(column) + 3) if len(column) else (0, 1)  # groups apart, with room to grow
    grown = grown_squares(distinct(group * width + column - low, row))
    of, column = np.divmod(grown[:, 0], width)
    west, south = (column + low) * cell_m, grown[:, 1] * cell_m
    boxes = shapely.box(west, south, west + cell_m, south + cell_m)
    each = np.split(boxes, np.searchsorted(of, np.arange(1, size)))[:size]
    unions = [shapely.coverage_union_all(own) for own in each]  # they only touch: twenty times faster
    return np.asarray(shapely.normalize(np.array(unions, dtype=object)))


def coarser(shape: shapely.Geometry, *, cell_m: int) -> shapely.Geometry:
    """The RD-aligned cells of another side that a union of cells lies in, also in part; every vertex is on their grid."""
    xmin, ymin, xmax, ymax = (int(v) for v in shapely.bounds(shape))
    i, j = np.arange(xmin // cell_m, -(-xmax // cell_m)), np.arange(ymin // cell_m, -(-ymax // cell_m))
    x, y = (side.ravel() * cell_m for side in np.meshgrid(i, j))
    boxes = shapely.box(x, y, x + cell_m, y + cell_m)
    inside = shapely.area(shapely.intersection(boxes, shape)) > 0
    return shapely.normalize(shapely.coverage_union_all(boxes[inside]))


def rounded(n: int) -> int:
    """A count rounded to the nearest 5, as exports show it."""
    return int(ROUND_TO * ((n + ROUND_TO // 2) // ROUND_TO))


def may_publish(n: int, *, n_dates: int, n_suspect: int, rule: PublishRule) -> bool:
    """Whether a hotspot may be shown: at least k reports on at least 3 dates, at most half of them from a flood."""
    return n >= rule.k and n_dates >= MIN_DATES and 2 * n_suspect <= n


def quarter_start(day: date) -> date:
    """First day of the calendar quarter a day is in."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def quarter_end(day: date) -> date:
    """Last day of the calendar quarter a day is in."""
    first = quarter_start(day)
    return date(first.year + first.month // 10, (first.month + 2) % 12 + 1, 1) - timedelta(days=1)


def last_closed(today: date) -> date:
    """Last day of the latest quarter that was over at least FREEZE_DAYS ago."""
    return quarter_start(today - timedelta(days=FREEZE_DAYS - 1)) - timedelta(days=1)


def closed_quarters(start: date, end: date, *, today: date) -> tuple[date, date] | None:
    """The whole closed quarters that a period touches, or None when there are none yet.

    A period is widened to whole quarters and cut at the last closed one: a slider of days would give away single
    reports by subtraction.
    """
    last = min(quarter_end(end), last_closed(today))
    first = quarter_start(start)
    return (first, last) if first <= last else None


def shown_total(counts: Iterable[int], *, rule: PublishRule) -> int:
    """Sum of the shown (rounded) cells; what is not shown is not in it, so nothing is found by subtracting."""
    return sum(rounded(n) for n in counts if n >= rule.k)
