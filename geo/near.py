"""What is near a place: the closest school or stop, in metres."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely


@dataclass(frozen=True, kw_only=True, slots=True)
class Nearby:
    """The nearest school or stop: its name, metres from the asked place, and how far off its own place may be."""

    name: str
    metres: float
    uncertainty_m: float = 0.0


def nearest(x: float, y: float, features: gpd.GeoDataFrame | None) -> Nearby | None:
    """The feature nearest to one place in RD metres (ties: first by name); None without features.

    features: columns name, uncertainty_m and point geometry in RD.
    """
    if features is None or len(features) == 0:
        return None
    metres = shapely.distance(features.geometry.to_numpy(), shapely.Point(x, y))
    closest = features.iloc[np.flatnonzero(metres == metres.min())].sort_values("name").iloc[0]
    uncertainty = float(closest["uncertainty_m"])
    return Nearby(
        name=str(closest["name"]),
        metres=float(metres.min()),
        uncertainty_m=uncertainty if np.isfinite(uncertainty) else 0.0,
    )
