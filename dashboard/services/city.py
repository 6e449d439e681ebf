"""The city as it stands in the store: boundaries, layers and each report's buurt, made once per data version."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock, local
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data import background
from data.focus import load_focus_areas
from data.settings import Settings
from data.store import ReportStore
from geo import exclusions, report
from geo.barriers import barriers
from geo.hotspots import Surroundings
from geo.join import assign, inside
from layers.build import CBS_PREFIX

EMPTY_BOUNDS = (100_000.0, 420_000.0, 115_000.0, 430_000.0)  # round Dordrecht (RD), while the store has no boundaries
FEATURE_KINDS = ("schools", "stops", "routes", "water", "railway")


@dataclass(frozen=True, kw_only=True)
class City:
    """Everything but the reports themselves. Frames are in RD; buurten and wijken are ordered by code."""

    version: str
    buurten: gpd.GeoDataFrame
    wijken: gpd.GeoDataFrame
    focus: dict[str, Any]  # name -> geometry
    features: dict[str, gpd.GeoDataFrame]
    surroundings: Surroundings
    borders: str  # of these buurten; others have another
    built_up: tuple[float, float, float, float]  # bounds (RD) to look at; EMPTY_BOUNDS without buurten

    def area_key(self, name: str) -> str:
        """How an area is asked for: a wijk or buurt by its code, a focus area by its name; "" when there is none.

        Takes codes and names, in any case, and a wijk's as maps write it (without "Wijk 01") when it is the only one. A wijk
        goes before a buurt of the same name, a focus area before both.
        """
        if not name:
            return ""
        wanted = name.casefold()
        for focus in self.focus:
            if focus.casefold() == wanted:
                return focus
        for areas in (self.wijken, self.buurten):
            hit = areas[(areas["code"].str.casefold() == wanted) | (areas["name"].str.casefold() == wanted)]
            if len(hit):
                return str(hit["code"].iloc[0])
        short = self.wijken["name"].astype(str).str.replace(CBS_PREFIX, "", regex=True).str.casefold() == wanted
        return str(self.wijken["code"][short].iloc[0]) if short.sum() == 1 else ""

    def area(self, name: str) -> Any | None:
        """Geometry (RD) of a wijk, buurt or focus area; None when there is none such."""
        key = self.area_key(name)
        if key in self.focus:
            return self.focus[key]
        row = self._row(key)
        return None if row is None else row["geometry"]

    def area_name(self, name: str) -> str:
        """What people call it; "" when there is none such."""
        key = self.area_key(name)
        row = self._row(key)
        return key if row is None else str(row["name"])

    def _row(self, code: str) -> pd.Series | None:
        for areas in (self.wijken, self.buurten):
            hit = areas[areas["code"] == code]
            if len(hit):
                row: pd.Series = hit.iloc[0]
                return row
        return None

    def buurt_positions(self, reports: pd.DataFrame, *, tolerance_m: float) -> NDArray[np.intp]:
        """Position in ``buurten`` of each report, OUTSIDE for none."""
        x, y = reports["x"].to_numpy(float), reports["y"].to_numpy(float)
        return assign(x, y, self.buurten, tolerance_m=tolerance_m)

    def in_area(self, reports: pd.DataFrame, positions: NDArray[np.intp], name: str) -> NDArray[np.bool_]:
        """Which reports belong to an area. Wijken and buurten by the report's one buurt, focus areas by outline."""
        codes = np.append(self.buurten["code"].to_numpy(object), "")[positions]
        wijken = np.append(self.buurten["wijk_code"].to_numpy(object), "")[positions]
        if name in set(self.buurten["code"]):
            return np.asarray(codes == name)
        if name in set(self.wijken["code"]):
            return np.asarray(wijken == name)
        geometry = self.area(name)
        if geometry is None:
            return np.zeros(len(reports), dtype=bool)
        return inside(reports["x"].to_numpy(float), reports["y"].to_numpy(float), geometry)


class CityCache:
    """The current City and the reports' buurten; renewed when the store's data version changes."""

    def __init__(self, store: ReportStore, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._lock = Lock()
        self._city: City | None = None
        self._positions: tuple[str, pd.Series] | None = None
        self._here = local()  # of this thread: the city that is held

    def city(self) -> City:
        """The city for the store as it is now, or as it was when it was held."""
        held: City | None = getattr(self._here, "city", None)
        if held is not None:
            return held
        version = self._store.data_version()
        with self._lock:
            if self._city is None or self._city.version != version:
                self._city = _load(self._store, self._settings, version)
            return self._city

    @contextmanager
    def held(self) -> Iterator[None]:
        """Within this block and thread there is one city: the parts of an answer agree, and the store is asked once."""
        outer = getattr(self._here, "city", None)
        self._here.city = self.city()
        try:
            yield
        finally:
            self._here.city = outer

    def positions(self, reports: pd.DataFrame) -> NDArray[np.intp]:
        """Each report's position in ``city().buurten``, joined once per data version for all reports together."""
        city = self.city()
        with self._lock:
            if self._positions is None or self._positions[0] != city.version:
                self._positions = (city.version, pd.Series(dtype="int64"))
            known = self._positions[1]
            missing = reports.index.difference(known.index)
            if len(missing):
                new = reports.loc[missing]
                found = city.buurt_positions(new, tolerance_m=self._settings.join_tolerance_m)
                known = pd.concat([known, pd.Series(found, index=missing)])
                self._positions = (city.version, known)
        return known.reindex(reports.index).to_numpy(np.intp)


def counted(reports: pd.DataFrame) -> pd.DataFrame:
    """The reports that count: a probable duplicate stands for one that is counted already."""
    again = report.has(reports["flags"], report.PROBABLE_DUPLICATE)
    return reports[~again] if again.any() else reports


def _load(store: ReportStore, settings: Settings, version: str) -> City:
    buurten = store.areas("buurt").sort_values("code", ignore_index=True)
    wijken = background.named(store.areas("wijk").sort_values("code", ignore_index=True))
    gemeente = store.areas("gemeente")
    features = {kind: store.features(kind) for kind in FEATURE_KINDS}
    for kind, known in background.layers(buurten["gemeente_code"]).items():
        if features[kind].empty:
            features[kind] = known
    focus = {
        area.name: geometry
        for area in load_focus_areas(settings.focus_areas)
        if not (geometry := area.geometry(buurten)).is_empty
    }
    accepted, default = store.decided_points()
    surroundings = Surroundings(
        buurten=buurten if len(buurten) else None,
        wijken=wijken if len(wijken) else None,
        focus=focus,
        schools=features["schools"],
        stops=features["stops"],
        default_points=np.vstack([exclusions.centres((buurten, wijken, gemeente)), default]),
        join_tolerance_m=settings.join_tolerance_m,
        accepted_points=accepted,
        accepted_sources=store.decided_sources(),
        answered_marks=store.answered_marks(),
        barriers=barriers(features["water"], features["railway"]),
    )
    return City(
        version=version,
        buurten=buurten,
        wijken=wijken,
        focus=focus,
        features=features,
        surroundings=surroundings,
        borders=_digest(buurten),
        built_up=_built_up(buurten) if len(buurten) else EMPTY_BOUNDS,
    )


def _digest(areas: gpd.GeoDataFrame) -> str:
    """16 characters that stand for these codes and borders."""
    found = hashlib.sha256("\n".join(areas["code"].astype(str)).encode())
    for shape in areas.geometry.to_wkb():
        found.update(shape)
    return found.hexdigest()[:16]


def _built_up(buurten: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    """Bounds of the buurten where people live close together, so that polders do not shrink the city to a corner."""
    dense = buurten[buurten["inhabitants"] / (buurten.geometry.area / 1e6) >= 1_000]
    bounds = (dense if len(dense) else buurten).total_bounds
    return tuple(float(v) for v in bounds)  # type: ignore[return-value]  # four by construction
