"""DrawnService: the figures of a shape an analyst draws: how many reports, how many that is for its size, when and of what kind."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import shapely

from dashboard.services.city import CityCache, counted
from dashboard.services.map import MapService, to_report_filter
from dashboard.shape import Shape, read
from dashboard.state import FilterState
from data.store import ReportStore
from data.viewer import Right, Viewer
from geo import profile
from geo.join import inside
from geo.rates import DAYS_PER_YEAR, poisson_interval


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A shape's figures over a view's filters, without its area.

    n, n_city: reports in the shape and in all. land_m2: its part that is no water and lies in a buurt, 0 without
    buurten; land_share: of all such land. rate, low, high: reports per km² of land per year with the exact 95 % Poisson
    interval, NaN without land or period; city_rate: the same of the whole city.
    """

    shape: Shape
    period: tuple[date | None, date | None]
    n: int
    n_city: int
    land_m2: float
    land_share: float
    rate: float
    low: float
    high: float
    city_rate: float
    hours: tuple[int, ...]
    time_unknown: int
    categories: tuple[tuple[str, int], ...]


class DrawnService:
    """Answers for whoever may ask freely, who sees single reports too; everybody else is Denied."""

    def __init__(self, store: ReportStore, cache: CityCache, maps: MapService) -> None:
        self._store = store
        self._cache = cache
        self._maps = maps

    def of(self, viewer: Viewer, state: FilterState, text: str) -> Drawn:
        """The figures of the shape a text means (dashboard.shape). Raises ShapeRefused."""
        viewer.require(Right.CUSTOM)
        shape, asked = read(text), replace(state, area="")
        reports = counted(self._store.reports(viewer, to_report_filter(asked)))
        within = reports[inside(reports["x"].to_numpy(float), reports["y"].to_numpy(float), shape.geometry)]
        choices = self._maps.choices(viewer)
        first, last = period = asked.start or choices.first, asked.end or choices.last
        buurten = self._cache.city().buurten
        dry = buurten[~buurten["water"].astype(bool)] if len(buurten) else buurten
        land = float(shapely.area(shapely.intersection(dry.geometry.to_numpy(), shape.geometry)).sum())
        all_land = float(dry.geometry.area.sum())
        years = ((last - first).days + 1) / DAYS_PER_YEAR if first and last else 0.0
        per = 1e6 / (land * years) if land and years else float("nan")
        low, high = (float(bound[0]) * per for bound in poisson_interval(np.array([len(within)])))
        return Drawn(
            shape=shape,
            period=period,
            n=len(within),
            n_city=len(reports),
            land_m2=land,
            land_share=land / all_land if all_land else 0.0,
            rate=len(within) * per,
            low=low,
            high=high,
            city_rate=len(reports) * 1e6 / (all_land * years) if all_land and years else float("nan"),
            hours=profile.hours(within),
            time_unknown=profile.time_unknown(within),
            categories=profile.categories(within, top=6),
        )
