"""The reports that a question is about, with their hotspots and what is around them; and why there may be no answer."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import nulls
from geo.crs import RD
from geo.hotspots import HotspotResult, Surroundings
from geo.join import OUTSIDE, assign

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Material:
    """reports: those that count (no probable duplicates)."""

    reports: pd.DataFrame
    result: HotspotResult
    surroundings: Surroundings

    @cached_property
    def clustered(self) -> pd.DataFrame:
        """The reports that hotspots are made from."""
        return self.reports.loc[self.result.labels.index]

    @property
    def x(self) -> Floats:
        """RD metres of the clustered reports."""
        return self.clustered["x"].to_numpy(float)

    @property
    def y(self) -> Floats:
        """RD metres of the clustered reports."""
        return self.clustered["y"].to_numpy(float)

    @property
    def labels(self) -> NDArray[np.int64]:
        """The hotspot of each clustered report, -1 for none."""
        return self.result.labels.to_numpy(np.int64)

    @property
    def core(self) -> NDArray[np.bool_]:
        """Which of the clustered reports are core."""
        return np.asarray(self.result.kinds == "core")

    @property
    def sides(self) -> NDArray[np.int64] | None:
        """The side of the barriers that each clustered report is on; None without barriers."""
        return None if self.result.sides is None else self.result.sides.to_numpy(np.int64)

    @property
    def buurten(self) -> gpd.GeoDataFrame:
        """The buurten by code; no rows when there are none."""
        return buurten_of(self.surroundings)

    def positions(self, places: pd.DataFrame) -> NDArray[np.intp]:
        """Each place's position in ``buurten``, OUTSIDE for none."""
        return positions_of(places, self.surroundings)

    def buurt_names(self, x: Floats, y: Floats) -> list[str]:
        """The buurt of each place; "" outside, or without boundaries."""
        if not len(self.buurten):
            return [""] * len(x)
        at = self.positions(pd.DataFrame({"x": x, "y": y}))
        return [str(self.buurten["name"].iloc[i]) if i != OUTSIDE else "" for i in at.tolist()]


def no_features() -> gpd.GeoDataFrame:
    """Areas or features where there are none."""
    return gpd.GeoDataFrame({"id": [], "name": []}, geometry=[], crs=RD)


def buurten_of(around: Surroundings) -> gpd.GeoDataFrame:
    """The buurten by code; no rows when there are none."""
    return no_features() if around.buurten is None else around.buurten


def positions_of(places: pd.DataFrame, around: Surroundings) -> NDArray[np.intp]:
    """Each place's (x, y) position in the buurten, OUTSIDE for none."""
    buurten = buurten_of(around)
    if not len(buurten):
        return np.full(len(places), OUTSIDE, dtype=np.intp)
    x, y = places["x"].to_numpy(float), places["y"].to_numpy(float)
    return assign(x, y, buurten, tolerance_m=around.join_tolerance_m)


@dataclass(frozen=True, kw_only=True)
class TooFew:
    """Fewer reports (with pairs: pairs within within_m) than a question needs; topic: which question."""

    topic: str
    n: int
    least: int
    left_out: dict[str, int] = field(default_factory=dict)
    within_m: float = 0.0


@dataclass(frozen=True, kw_only=True)
class OnePoint:
    """All n reports are on one point (RD)."""

    n: int
    x: float
    y: float


@dataclass(frozen=True, kw_only=True)
class TooWide:
    """Reports are too far apart for cells."""

    wide_m: float
    tall_m: float


@dataclass(frozen=True, kw_only=True)
class NoBuurten:
    """There are no boundaries."""


@dataclass(frozen=True, kw_only=True)
class TooFewBuurten:
    """Fewer than ``least`` buurten with a figure and a neighbour, or all the same."""

    least: int


@dataclass(frozen=True, kw_only=True)
class TooFewInhabitants:
    """Of too few buurten it is known how many people live there."""


@dataclass(frozen=True, kw_only=True)
class NoPlaces:
    """There are no features of this kind."""

    kind: str


Why = TooFew | OnePoint | TooWide | NoBuurten | TooFewBuurten | TooFewInhabitants | NoPlaces


class CannotSay(Exception):
    """There is no answer; why: facts, which dashboard.answer_words puts into words."""

    def __init__(self, why: Why) -> None:
        super().__init__(str(why))
        self.why = why


def one_point(reports: pd.DataFrame) -> OnePoint | None:
    """The point that all reports are on; None when they are on more, or there are fewer than two."""
    places: NDArray[Any] = reports[["x", "y"]].dropna().to_numpy(float)
    if len(places) < 2 or not (places == places[0]).all():
        return None
    return OnePoint(n=len(places), x=float(places[0, 0]), y=float(places[0, 1]))


def too_wide(reports: pd.DataFrame, buurten: gpd.GeoDataFrame | None) -> TooWide | None:
    """How far apart reports are, with the land of the buurten, when that fits no grid of 50 m cells; None when it does."""
    bounds = [reports["x"].min(), reports["y"].min(), reports["x"].max(), reports["y"].max()]
    if buurten is not None and len(buurten):
        low, high = np.minimum(bounds[:2], buurten.total_bounds[:2]), np.maximum(bounds[2:], buurten.total_bounds[2:])
    else:
        low, high = np.array(bounds[:2]) - nulls.HULL_MARGIN_M, np.array(bounds[2:]) + nulls.HULL_MARGIN_M
    wide, tall = (high - low).tolist()
    fits = (wide / nulls.CELL_M + 2) * (tall / nulls.CELL_M + 2) <= nulls.MAX_CELLS
    return None if fits else TooWide(wide_m=wide, tall_m=tall)
