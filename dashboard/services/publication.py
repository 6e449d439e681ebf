"""What may be handed out of one period: hotspots as grid cells, rounded counts, totals as sums of what is shown."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from dashboard.services.certainty import CertaintyService
from dashboard.services.map import MapService, belongs, hotspot_cells
from dashboard.services.types import SnapshotRequest
from dashboard.state import FilterState
from data.settings import Settings
from data.viewer import Viewer
from geo import disclosure, report
from geo.certainty import Certainty, HotspotCertainty
from geo.disclosure import PublishRule
from geo.hotspots import Hotspot, HotspotParams
from geo.near import Nearby
from geo.stability import Strength

VALID_DAYS = 365  # after this an export should be made again


class NothingToPublish(Exception):
    """No closed quarter lies in the period asked for. ``opens`` is the day on which the next one can be published."""

    def __init__(self, opens: date) -> None:
        self.opens = opens
        super().__init__(f"no closed quarter before {opens}")


class UnknownArea(Exception):
    """The area asked for is no wijk, buurt or focus area. ``name`` was asked, ``known`` are the names there are."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.name = name
        self.known = known
        super().__init__(name)


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedHotspot:
    """One hotspot as it leaves the house: the place by name and by cells, the count rounded to 5."""

    id: str
    rank: int
    n: int
    buurt: str
    wijk: str
    focus_areas: tuple[str, ...]
    near: str  # nearest stop or school by name: harassment happens in public space, so it may be named
    near_m: int
    significant: bool  # more than chance (geo.chance); figures of the test stay inside
    strength: Strength  # survives other settings and fewer reports (geo.stability)


@dataclass(frozen=True, kw_only=True)
class Publication:
    """Everything a snapshot shows. Frames are in RD.

    cells: hotspot_id, geometry. total: sum of the shown hotspots and, for the whole city, of the rest when it is
    large enough to show (``elsewhere``; None: not shown). How many hotspots were found but may not be shown is told
    nowhere: that would be a figure too.
    """

    request: SnapshotRequest
    start: date
    end: date
    area: str
    params: HotspotParams
    tested: dict[str, Any]  # against which chance, how many runs, which seed; empty when nothing was clustered
    rule: PublishRule
    hotspots: tuple[PublishedHotspot, ...]
    cells: gpd.GeoDataFrame
    total: int
    elsewhere: int | None
    bounds: tuple[float, float, float, float]
    data_version: str
    made: date
    widened: bool  # the period differs from the one asked for

    @property
    def expires(self) -> date:
        """The day after which it should not be used any more."""
        return self.made + timedelta(days=VALID_DAYS)

    @property
    def id(self) -> str:
        """Same content on the same day, same id."""
        content = json.dumps(self.facts(), sort_keys=True, ensure_ascii=False).encode()
        return f"HK-{self.made:%Y%m%d}-{hashlib.sha256(content).hexdigest()[:8]}"

    def facts(self) -> dict[str, Any]:
        """The figures of the accompanying JSON."""
        return {
            "period": {"from": self.start.isoformat(), "to": self.end.isoformat()},
            "filters": {"area": self.area or None},
            "purpose": self.request.purpose or None,
            "recipient": self.request.recipient or None,
            "method": {
                "name": "DBSCAN",
                "crs": "EPSG:28992",
                "eps_m": self.params.eps_m,
                "min_samples": self.params.min_samples,
                "cell_m": self.rule.cell_m,
                "chance": self.tested or None,
            },
            "disclosure": {"k": self.rule.k, "rounded_to": disclosure.ROUND_TO},
            "n_reports": self.total,
            "n_elsewhere": self.elsewhere,
            "hotspots": [
                {
                    "id": h.id,
                    "rank": h.rank,
                    "n": h.n,
                    "buurt": h.buurt,
                    "wijk": h.wijk,
                    "focus_areas": list(h.focus_areas),
                    "near": h.near,
                    "near_m": h.near_m,
                    "more_than_chance": h.significant,
                    "strength": h.strength.value,
                }
                for h in self.hotspots
            ],
            "data_version": self.data_version,
            "made": self.made.isoformat(),
            "expires": self.expires.isoformat(),
        }


def publish(
    viewer: Viewer,
    request: SnapshotRequest,
    *,
    maps: MapService,
    certainty: CertaintyService,
    settings: Settings,
    today: date,
) -> Publication:
    """The publication for a request: closed quarters, the settings' eps, the advised min_samples.

    Raises NothingToPublish without a closed quarter, UnknownArea for an area that is not there.
    """
    city, choices = maps.city(), maps.choices(viewer)
    if request.area and city.area(request.area) is None:
        raise UnknownArea(request.area, (*city.focus, *(name for _, name in choices.wijken)))
    asked = (request.start or choices.first or today, request.end or choices.last or today)
    period = disclosure.closed_quarters(*asked, today=today)
    if period is None:
        raise NothingToPublish(disclosure.quarter_end(today) + timedelta(days=disclosure.FREEZE_DAYS))
    state = FilterState(start=period[0], end=period[1], area=city.area_key(request.area))
    reports, positions, result = maps.clustered(viewer, state)
    in_area = city.in_area(reports, positions, state.area) if state.area else np.ones(len(reports), dtype=bool)
    rule = PublishRule(k=settings.k_export, cell_m=settings.cell_export_m)
    shown = tuple(
        h
        for h in result.hotspots
        if _allowed(h, reports.loc[result.members(h)], rule) and belongs(h, result, reports, in_area)
    )
    tested = certainty.of(viewer, state) if shown else None
    inside = sum(disclosure.rounded(h.n) for h in shown)
    rest = 0 if state.area else len(reports) - sum(h.n for h in shown)
    elsewhere = disclosure.rounded(rest) if rest >= rule.k else None
    return Publication(
        request=request,
        start=period[0],
        end=period[1],
        area=request.area and city.area_name(request.area),
        params=result.params,
        tested=_test(tested),
        rule=rule,
        hotspots=tuple(
            _published(h, rank, sure) for rank, h in enumerate(shown, start=1) if tested and (sure := tested.of(h.id))
        ),
        cells=hotspot_cells(shown, result, reports, cell_m=rule.cell_m),
        total=inside + (elsewhere or 0),
        elsewhere=elsewhere,
        bounds=maps.bounds(state, reports),
        data_version=result.data_version,
        made=today,
        widened=period != asked,
    )


def _allowed(hotspot: Hotspot, members: pd.DataFrame, rule: PublishRule) -> bool:
    suspect = int(report.has(members["flags"], report.FLOOD).sum())
    return disclosure.may_publish(hotspot.n, n_dates=hotspot.n_dates, n_suspect=suspect, rule=rule)


def _test(tested: Certainty | None) -> dict[str, Any]:
    if tested is None:
        return {}
    return {"null": tested.chance.null.value, "runs": tested.chance.runs, "seed": tested.chance.seed}


def _published(hotspot: Hotspot, rank: int, sure: HotspotCertainty) -> PublishedHotspot:
    near: Nearby | None = min(
        (n for n in (hotspot.nearest_stop, hotspot.nearest_school) if n is not None),
        key=lambda n: n.metres,
        default=None,
    )
    return PublishedHotspot(
        id=hotspot.id,
        rank=rank,
        n=disclosure.rounded(hotspot.n),
        buurt=hotspot.buurt_name,
        wijk=hotspot.wijk_name,
        focus_areas=hotspot.focus_areas,
        near=near.name if near else "",
        near_m=int(50 * round(near.metres / 50)) if near else 0,
        significant=sure.significant,
        strength=sure.strength,
    )
