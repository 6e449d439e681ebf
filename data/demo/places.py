"""Where things happen in the demo: background over the land by inhabitants and stops, and round planted centres."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from data.demo import city, facts, outline

Floats = NDArray[np.float64]

NEAR_STOP: Final = 0.20  # share of a buurt's background that lies round its stops, where it has any
STOP_SIGMA_M: Final = 100.0
STOP_WEIGHT: Final = 25  # a stop draws as many reports as so many inhabitants
LEAST_WEIGHT: Final = 5  # nobody lives in a port, but people pass
RAILWAY_M: Final = 12.0
REACH_M: Final = 70.0  # no planted report is farther from its centre


@dataclass(frozen=True, kw_only=True)
class Land:
    """What background is drawn from. RD metres. free: where a report can be, per buurt."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    free: NDArray[np.object_]
    weight: Floats  # per buurt, sums to 1
    stops: Floats  # (m, 2)
    first_stop: NDArray[np.intp]  # stops of buurt i are stop_order[first_stop[i]:first_stop[i + 1]]
    stop_order: NDArray[np.intp]


@cache
def land() -> Land:
    """The demo city's land; do not change what it gives."""
    areas = outline.outlines()
    barriers = [shape for _, shape in city.water()] + [shapely.buffer(s, RAILWAY_M) for _, s in city.railway()]
    free = shapely.difference(np.asarray(areas.geometry), shapely.union_all(barriers))
    shapely.prepare(free)
    stops = outline.points_rd(facts.table("stops")[["lon", "lat"]].to_numpy())
    within = np.column_stack([shapely.contains_xy(area, stops) for area in areas.geometry])
    home = np.where(within.any(axis=1), within.argmax(axis=1), len(areas))  # landings on the other bank: nowhere
    order = np.argsort(home, kind="stable")
    first = np.searchsorted(home[order], np.arange(len(areas) + 1))
    weight = areas["inhabitants"].fillna(0).to_numpy(float) + LEAST_WEIGHT + STOP_WEIGHT * np.diff(first)
    weight[(areas["water"] == "JA").to_numpy()] = 0
    return Land(
        codes=tuple(areas["code"]),
        names=tuple(areas["name"]),
        free=free,
        weight=weight / weight.sum(),
        stops=stops,
        first_stop=first,
        stop_order=order,
    )


def background(n: int, rng: np.random.Generator) -> tuple[Floats, NDArray[np.intp]]:
    """Places of n reports (RD metres, (n, 2)) over the land, and the position of each one's buurt."""
    where = land()
    buurt = rng.choice(len(where.weight), size=n, p=where.weight)
    n_stops = np.diff(where.first_stop)[buurt]
    place = np.empty((n, 2))
    pending = np.arange(n)
    low, high = np.split(shapely.bounds(where.free[buurt]), 2, axis=1)
    while len(pending):
        mine = buurt[pending]
        anywhere = low[pending] + rng.random((len(pending), 2)) * (high - low)[pending]
        chosen = where.first_stop[mine] + np.floor(rng.random(len(pending)) * n_stops[pending]).astype(np.intp)
        stop = where.stops[where.stop_order[np.minimum(chosen, len(where.stops) - 1)]]
        near = stop + rng.normal(0, STOP_SIGMA_M, (len(pending), 2))
        by_stop = (rng.random(len(pending)) < NEAR_STOP) & (n_stops[pending] > 0)
        drawn = np.where(by_stop[:, None], near, anywhere)
        place[pending] = drawn
        pending = pending[~shapely.contains_xy(where.free[mine], drawn[:, 0], drawn[:, 1])]
    return place, buurt


def around(centre: Floats, *, n: int, sigma_m: float, rng: np.random.Generator) -> Floats:
    """Places of n reports (RD metres, (n, 2)) round a centre: a Gaussian cut off at REACH_M."""
    share = rng.random(n) * (1 - np.exp(-(REACH_M**2) / (2 * sigma_m**2)))
    distance = sigma_m * np.sqrt(-2 * np.log1p(-share))
    angle = rng.random(n) * 2 * np.pi
    xy: Floats = centre + distance[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return xy
