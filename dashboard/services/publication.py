"""What may be handed out of one period: hotspots as grid cells, rounded counts, totals as sums of what is shown."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.i18n import day
from dashboard.services.certainty import CertaintyService
from dashboard.services.city import City
from dashboard.services.map import MapService, belongs, hotspot_cells
from dashboard.services.types import Choices, SnapshotRequest
from dashboard.state import FilterState
from data.reasons import UserError
from data.settings import Settings
from data.store.publications import Published
from data.viewer import Viewer
from geo import disclosure, report
from geo.certainty import Certainty, HotspotCertainty
from geo.crs import RD
from geo.disclosure import ROUND_TO, PublishRule
from geo.hotspots import Hotspot, HotspotParams, HotspotResult
from geo.near import Nearby
from geo.publish import SLACK
from geo.stability import Strength

VALID_DAYS = 365  # after this an export should be made again


class NothingToPublish(Exception):
    """No closed quarter lies in the period asked for. ``opens`` is the day on which the next one can be published."""

    def __init__(self, opens: date) -> None:
        self.opens = opens
        super().__init__(f"no closed quarter before {opens}")


class NoData(UserError):
    """The period asked for lies wholly before the first report or after the last: a map would show it as quiet."""


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
    areas: tuple[str, ...]  # keys of the wijken, buurten and focus areas it belongs to; not shown
    significant: bool | None  # more than chance (geo.chance); figures of the test stay inside; None: not tested
    strength: Strength | None  # survives other settings and fewer reports (geo.stability)


@dataclass(frozen=True, kw_only=True)
class Found:
    """The hotspots of one period in the whole city: found once, so that every map of that period says the same.

    cells: hotspot_id, geometry (RD). elsewhere: reports outside them, rounded; None: not shown. params, tested: as in
    Publication. version: of the freeze they are from, 0 when they were clustered for the first map of the period.
    """

    hotspots: tuple[PublishedHotspot, ...]
    cells: gpd.GeoDataFrame
    elsewhere: int | None
    params: HotspotParams | None
    tested: dict[str, Any]
    rule: PublishRule
    data_version: str
    version: int

    def in_area(self, key: str) -> "Found":
        """Only what belongs to an area ("" for all); without the rest of the city, which could be subtracted."""
        if not key:
            return self
        ids = {h.id for h in self.hotspots if key in h.areas}
        return self.only(ids)

    def only(self, ids: set[str]) -> "Found":
        """Only these hotspots, numbered anew."""
        kept = [h for h in self.hotspots if h.id in ids]
        return replace(
            self,
            hotspots=tuple(replace(h, rank=rank) for rank, h in enumerate(kept, start=1)),
            cells=self.cells[self.cells["hotspot_id"].isin(ids)].reset_index(drop=True),
            elsewhere=None,
        )


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
    params: HotspotParams | None  # None: hotspots as they were frozen with their year
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
    found: Found  # what the whole city's map of this period shows; this one shows all or some of it

    @property
    def expires(self) -> date:
        """The day after which it should not be used any more."""
        return self.made + timedelta(days=VALID_DAYS)

    @property
    def id(self) -> str:
        """Same content on the same day in the same shape, same id."""
        asked = [self.request.format, self.request.paper]
        content = json.dumps([self.facts(), asked], sort_keys=True, ensure_ascii=False).encode()
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
                "eps_m": self.params.eps_m if self.params else None,
                "min_samples": self.params.min_samples if self.params else None,
                "published_version": self.found.version or None,
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
                    "strength": h.strength.value if h.strength else None,
                }
                for h in self.hotspots
            ],
            "data_version": self.data_version,
            "made": self.made.isoformat(),
            "expires": self.expires.isoformat(),
        }


def widened_period(request: SnapshotRequest, choices: Choices, *, today: date) -> tuple[date, date]:
    """The closed quarters a request is about. Raises NothingToPublish when there are none."""
    asked = (request.start or choices.first or today, request.end or choices.last or today)
    period = disclosure.closed_quarters(*asked, today=today)
    if period is None:
        raise NothingToPublish(disclosure.quarter_end(today) + timedelta(days=disclosure.FREEZE_DAYS))
    return period


def with_data(period: tuple[date, date], choices: Choices, *, today: date) -> tuple[date, date]:
    """The quarters of a period from the first that has reports to the last: before and after, silence says nothing.

    Raises NoData when it has none. Everything of a store without reports.
    """
    first, last = choices.first, choices.last
    if first is None or last is None:
        return period
    if period[1] < first or period[0] > last:
        raise NoData(
            "no_data",
            "Over {start} – {end} zijn er geen gegevens: de meldingen lopen van {first} t/m {last}. Kies een periode daarbinnen.",
            start=day(period[0]),
            end=day(period[1]),
            first=day(first),
            last=day(last),
        )
    return disclosure.closed_quarters(max(period[0], first), min(period[1], last), today=today) or period


def find(
    viewer: Viewer,
    period: tuple[date, date],
    *,
    maps: MapService,
    certainty: CertaintyService,
    settings: Settings,
) -> Found:
    """The hotspots of whole closed quarters that may be handed out: the settings' eps, the advised min_samples."""
    state = FilterState(start=period[0], end=period[1])
    reports, positions, result = maps.clustered(viewer, state)
    rule = PublishRule(k=settings.k_export, cell_m=settings.cell_export_m)
    shown = tuple(h for h in result.hotspots if _allowed(h, reports.loc[result.members(h)], rule))
    tested = certainty.of(viewer, state) if shown else None
    cells = hotspot_cells(shown, result, reports, cell_m=rule.cell_m)
    rest = len(reports) - sum(h.n for h in shown)
    within = _areas_of(shown, cells, maps.city(), reports=reports, positions=positions, result=result)
    return Found(
        hotspots=tuple(
            _published(h, rank, sure, within[h.id])
            for rank, h in enumerate(shown, start=1)
            if tested and (sure := tested.of(h.id))
        ),
        cells=cells,
        elsewhere=disclosure.rounded(rest) if rest >= rule.k else None,
        params=result.params,
        tested=_test(tested),
        rule=rule,
        data_version=result.data_version,
        version=0,
    )


def frozen(store: Published, year: int, *, wijken: Collection[str] | None, settings: Settings) -> Found:
    """The hotspots that were frozen with a year (its first quarter), of these wijken, as far as they rest on k_export."""
    rule = PublishRule(k=settings.k_export, cell_m=settings.cell_export_m)
    spots = [
        s
        for s in store.spots
        if s.start == year and at_least(s.shown, k=store.release.k) >= rule.k
        if wijken is None or s.wijk_code in wijken
    ]
    shapes = [disclosure.coarser(s.geometry, cell_m=rule.cell_m) for s in spots]
    return Found(
        hotspots=tuple(
            PublishedHotspot(
                id=s.id,
                rank=rank,
                n=s.shown,
                buurt=s.buurt,
                wijk=s.wijk,
                focus_areas=(),
                near="",
                near_m=0,
                areas=(s.wijk_code,),
                significant=None,
                strength=None,
            )
            for rank, s in enumerate(spots, start=1)
        ),
        cells=gpd.GeoDataFrame({"hotspot_id": [s.id for s in spots]}, geometry=shapes, crs=RD),
        elsewhere=None,
        params=None,
        tested={},
        rule=rule,
        data_version="",
        version=store.version.version if store.version else 0,
    )


def at_least(shown: int, *, k: int) -> int:
    """The least a frozen hotspot rests on: its figure is a sum of figures that each may be rounded up from k."""
    least = [0]
    for total in range(ROUND_TO, shown + 1, ROUND_TO):
        steps = range(ROUND_TO, total + 1, ROUND_TO)
        least.append(min(least[(total - n) // ROUND_TO] + max(k, n - SLACK) for n in steps))
    return least[-1]


def at_most(shown: int, *, k: int) -> int:
    """The most a frozen hotspot rests on, in as many parts as there can be."""
    return shown + SLACK * (shown // max(ROUND_TO, disclosure.rounded(k)))


def _areas_of(
    shown: tuple[Hotspot, ...],
    cells: gpd.GeoDataFrame,
    city: City,
    *,
    reports: pd.DataFrame,
    positions: NDArray[np.intp],
    result: HotspotResult,
) -> dict[str, tuple[str, ...]]:
    """Per hotspot the keys of all areas it belongs to; only those that its cells touch are looked at."""
    outlines = {**city.focus}
    for areas in (city.buurten, city.wijken):
        outlines |= dict(zip(areas["code"], areas.geometry, strict=True))
    member: dict[str, NDArray[np.bool_]] = {}
    found = {}
    for hotspot, shape in zip(shown, cells.geometry, strict=True):
        near = [key for key, outline in outlines.items() if shape.intersects(outline)]
        for key in near:
            if key not in member:
                member[key] = city.in_area(reports, positions, key)
        found[hotspot.id] = tuple(key for key in near if belongs(hotspot, result, reports, member[key]))
    return found


def _allowed(hotspot: Hotspot, members: pd.DataFrame, rule: PublishRule) -> bool:
    suspect = int(report.has(members["flags"], report.FLOOD).sum())
    return disclosure.may_publish(hotspot.n, n_dates=hotspot.n_dates, n_suspect=suspect, rule=rule)


def _test(tested: Certainty | None) -> dict[str, Any]:
    if tested is None:
        return {}
    return {"null": tested.chance.null.value, "runs": tested.chance.runs, "seed": tested.chance.seed}


def _published(hotspot: Hotspot, rank: int, sure: HotspotCertainty, areas: tuple[str, ...]) -> PublishedHotspot:
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
        areas=areas,
        significant=sure.significant,
        strength=sure.strength,
    )
