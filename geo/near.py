"""What is near a place: the closest school or stop, in metres."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True, slots=True)
class Nearby:
    """The nearest school or stop: its name, metres from the asked place, and how far off its own place may be."""

    name: str
    metres: float
    uncertainty_m: float = 0.0


def nearest(x: float, y: float, features: gpd.GeoDataFrame | None) -> Nearby | None:
    """The feature nearest to one place in RD metres (ties: first by name); None without features.

    features: columns name, uncertainty_m and point geometry in RD; those without a geometry are nowhere.
    """
    return nearest_of(np.array([x]), np.array([y]), features)[0]


def nearest_of(
    x: NDArray[np.float64], y: NDArray[np.float64], features: gpd.GeoDataFrame | None
) -> list[Nearby | None]:
    """``nearest`` for many places (n,) at once; None for a place that is not finite."""
    found: list[Nearby | None] = [None] * len(x)
    if features is None or len(features) == 0 or len(x) == 0:
        return found
    geometry = features.geometry.to_numpy()
    placed = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    points = np.asarray(shapely.points(x[placed], y[placed]))
    place, feature = shapely.STRtree(geometry).query_nearest(points, all_matches=True)
    by_name = np.argsort(np.argsort(features["name"].to_numpy(), kind="stable"), kind="stable")
    order = np.lexsort((by_name[feature], place))
    place, feature = place[order], feature[order]
    metres = np.asarray(shapely.distance(geometry[feature], points[place]))
    names, uncertain = features["name"].to_numpy(), features["uncertainty_m"].to_numpy(float)
    first = np.flatnonzero(np.r_[True, place[1:] != place[:-1]]) if len(place) else place
    for at in first.tolist():
        which = feature[at]
        found[placed[place[at]]] = Nearby(
            name=str(names[which]),
            metres=float(metres[at]),
            uncertainty_m=float(uncertain[which]) if np.isfinite(uncertain[which]) else 0.0,
        )
    return found
