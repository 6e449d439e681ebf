"""ExposureService: reports against inhabitants, street, boardings or the user's weight, as far as the store holds them."""

from dataclasses import dataclass
from threading import Lock
from typing import Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.services.city import City, CityCache
from dashboard.services.types import shade_by
from data.reasons import UserError
from data.store import ReportStore
from geo import exposure
from geo.exposure import NearFeatures
from geo.join import OUTSIDE
from geo.rates import Denominator, Per, Rates, rates

NearKind = Literal["schools", "stops"]
MISSING: Final = {
    Per.INHABITANTS: "Van geen buurt zijn 50 of meer inwoners bekend. Lees buurten in met een kolom inwoners (areas import).",
    Per.STREETS: "Er zijn geen straten ingelezen. Lees ze in: hotspotkaart layer import BESTAND --kind streets.",
    Per.BOARDINGS: "Het aantal instappers is niet bekend. Lees haltes in met een kolom instappers per dag: hotspotkaart "
    "layer import BESTAND --kind stops.",
    Per.WEIGHT: "Er is geen gewicht ingelezen. Lees het in: hotspotkaart areas weight BESTAND --name NAAM.",
}
COLUMNS: Final = ("rate", "rate_low", "rate_high", "rate_shrunk", "rate_n", "denominator")


class NoDenominator(UserError):
    """What was to be divided by is not in the store; the sentence says how to get it there."""


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """The denominators of one data version, and the streets they were made from (RD)."""

    version: str
    denominators: dict[str, Denominator]  # by shade
    streets: gpd.GeoDataFrame


class ExposureService:
    """What there is of everything that reports can be held against. Keeps nothing but the latest data version's."""

    def __init__(self, store: ReportStore, cache: CityCache) -> None:
        self._store = store
        self._cache = cache
        self._lock = Lock()
        self._kept: Exposure | None = None

    def exposure(self) -> Exposure:
        """The denominators for the store as it is now."""
        city = self._cache.city()
        with self._lock:
            if self._kept is None or self._kept.version != city.version:
                self._kept = _load(self._store, city)
            return self._kept

    def denominator(self, shade: str) -> Denominator | None:
        """The denominator of a shading; None for the count and for what this store does not know."""
        return self.exposure().denominators.get(shade)

    def asked(self, per: Per, *, name: str = "") -> Denominator:
        """The denominator of a kind, of weights the one of this name. Raises NoDenominator with the way to get it."""
        found = [d for d in self.exposure().denominators.values() if d.per is per]
        named = [d for d in found if not name or d.name.casefold() == name.strip().casefold()]
        if len(named) == 1:
            return named[0]
        known = ", ".join(d.name for d in found)
        if per is Per.WEIGHT and found:
            raise NoDenominator(
                "which_weight", "Welk gewicht? Noem het met --weight. De store heeft: {known}.", known=known
            )
        raise NoDenominator(f"no_{per}", MISSING[per])

    def rates_at(self, positions: NDArray[np.intp], *, shade: str, days: int) -> Rates | None:
        """Rates per buurt of reports by their position in ``city().buurten``; None without such a denominator."""
        city, denominator = self._cache.city(), self.denominator(shade)
        if denominator is None:
            return None
        counts = np.bincount(positions[positions != OUTSIDE], minlength=len(city.buurten))
        return rates(counts, denominator, days=days, water=city.buurten["water"].to_numpy(bool))

    def near(self, reports: pd.DataFrame, kind: NearKind) -> NearFeatures:
        """Reports near schools or stops, beside the share of street (of land without streets) that is as near.

        Raises ValueError when the store holds no buurten.
        """
        city = self._cache.city()
        return exposure.near_features(
            reports["x"].to_numpy(float),
            reports["y"].to_numpy(float),
            city.features[kind],
            areas=city.buurten,
            lines=self.exposure().streets,
        )


def with_rates(buurten: gpd.GeoDataFrame, found: Rates | None) -> gpd.GeoDataFrame:
    """Buurten with the rate columns (COLUMNS): the rate, its interval, its estimate, and what it was divided from.

    rate_n: all reports of a buurt, also when the view shows part of it. All NaN or 0 without rates.
    """
    if found is None:
        return buurten.assign(**dict.fromkeys(COLUMNS, np.nan)).assign(rate_n=0)
    return buurten.assign(
        rate=found.value,
        rate_low=found.low,
        rate_high=found.high,
        rate_shrunk=found.shrunk,
        rate_n=found.n,
        denominator=found.denominator.values,
    )


def _load(store: ReportStore, city: City) -> Exposure:
    lines = store.features("streets")
    found: list[Denominator] = []
    buurten = city.buurten
    if len(buurten):
        if buurten["inhabitants"].notna().any():
            found.append(exposure.inhabitants(buurten, source=_source(buurten)))
        if len(lines):
            found.append(exposure.streets(buurten, lines, source=_source(lines)))
        boardings = store.boardings()
        stops = city.features["stops"]
        per_day = boardings.reindex(stops["id"].to_numpy()).to_numpy(float)
        if np.isfinite(per_day).any():
            unit = str(boardings.attrs["unit"])
            found.append(exposure.boardings(buurten, stops, per_day, unit=unit, source=_source(stops)))
        for weight in store.weights():
            found.append(
                exposure.weight(buurten, weight.values, name=weight.name, unit=weight.unit, source=weight.source)
            )
    usable = {shade_by(d): d for d in found if (d.bears & ~buurten["water"].to_numpy(bool)).any()}
    return Exposure(version=city.version, denominators=usable, streets=lines)


def _source(frame: gpd.GeoDataFrame) -> str:
    return str(frame.attrs.get("attribution", ""))
