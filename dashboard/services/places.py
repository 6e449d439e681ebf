"""PlaceService: what can be looked up on the map: stops, schools, streets, wijken, buurten and focus areas."""

from dataclasses import dataclass
from threading import Lock
from typing import Final, Literal

import geopandas as gpd
import pandas as pd
import shapely

from dashboard.services.map import MapService
from data.viewer import Right, Viewer

Kind = Literal["stop", "school", "street", "wijk", "buurt", "focus"]
FEATURES: Final[dict[Kind, str]] = {"stop": "stops", "school": "schools"}
MOST: Final = 12_000  # names that are offered; a page with more would not open


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """One thing with a name. key: "stop:Name", of areas "buurt:code". x, y: its middle; bounds: all of it (RD metres)."""

    key: str
    kind: Kind
    name: str
    x: float
    y: float
    bounds: tuple[float, float, float, float]

    @property
    def is_area(self) -> bool:
        """Whether it is something that reports are counted by already."""
        return self.kind in ("wijk", "buurt", "focus")


class PlaceService:
    """Open data only, by name; what bears the same name is one place. Kept per data version."""

    def __init__(self, maps: MapService) -> None:
        self._maps = maps
        self._lock = Lock()
        self._kept: tuple[str, dict[str, Place]] = ("", {})

    def all(self, viewer: Viewer) -> tuple[Place, ...]:
        """Everything that can be looked up, by kind and then name."""
        viewer.require(Right.CUSTOM)
        return tuple(self._known().values())

    def find(self, viewer: Viewer, key: str) -> Place | None:
        """The place with this key, if there is one."""
        viewer.require(Right.CUSTOM)
        return self._known().get(key)

    def _known(self) -> dict[str, Place]:
        city = self._maps.city()
        with self._lock:
            if self._kept[0] != city.version:
                found: list[Place] = []
                for kind, layer in FEATURES.items():
                    found += _by_name(city.features[layer], kind)
                found += _by_name(self._maps.exposure.exposure().streets, "street")
                found += _areas(city.wijken, "wijk") + _areas(city.buurten, "buurt")
                found += [_place("focus", name, name, shape) for name, shape in sorted(city.focus.items())]
                self._kept = (city.version, {place.key: place for place in found[:MOST]})
            return self._kept[1]


def _by_name(features: gpd.GeoDataFrame, kind: Kind) -> list[Place]:
    names = features["name"].astype(str).str.strip() if len(features) else pd.Series(dtype="str")
    shapes = features.geometry.to_numpy()
    return [
        _place(kind, str(name), str(name), shapely.union_all(shapes[rows]))
        for name, rows in sorted(names.groupby(names).indices.items())
        if name
    ]


def _areas(areas: gpd.GeoDataFrame, kind: Kind) -> list[Place]:
    dry = areas[~areas["water"].astype(bool)] if len(areas) else areas
    if not len(dry):
        return []
    rows = dry.sort_values("name")
    return [
        _place(kind, str(code), str(name), shape)
        for code, name, shape in zip(rows["code"], rows["name"], rows.geometry, strict=True)
    ]


def _place(kind: Kind, key: str, name: str, shape: shapely.Geometry) -> Place:
    middle = shapely.centroid(shape) if kind in FEATURES else shapely.point_on_surface(shape)  # of a stop: mid-street
    xmin, ymin, xmax, ymax = (float(v) for v in shapely.bounds(shape))
    x, y = float(shapely.get_x(middle)), float(shapely.get_y(middle))
    return Place(key=f"{kind}:{key}", kind=kind, name=name, x=x, y=y, bounds=(xmin, ymin, xmax, ymax))
