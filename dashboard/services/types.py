"""What the services answer: frozen results, places in RD, no language in them."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import geopandas as gpd

from dashboard.state import CHANGE, COUNT, INHABITANTS, FilterState
from geo.hotspots import Hotspot, HotspotResult
from geo.rates import Denominator, Per, Rates


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the filters can offer for this store."""

    first: date | None  # span of the reports; None: the store holds none
    last: date | None
    categories: tuple[str, ...]  # most frequent first
    wijken: tuple[tuple[str, str], ...]  # (code, name)
    buurten: tuple[tuple[str, str], ...]
    focus_areas: tuple[str, ...]
    has_areas: bool
    is_demo: bool  # the reports are synthetic: say so on every page and export
    custom: bool = True  # this viewer may ask for figures of their own making: other pictures, settings, evidence
    denominators: tuple[Denominator, ...] = ()  # what reports can be held against, and buurten shaded by

    @property
    def shades(self) -> tuple[str, ...]:
        """What buurten can be shaded by: the count, its change, then the rates."""
        return (COUNT, CHANGE, *(shade_by(d) for d in self.denominators))


@dataclass(frozen=True, kw_only=True)
class Overview:
    """One view of the map for one FilterState.

    buurten: code, name, wijk_code, wijk_name, inhabitants (float), water (bool), n (int), and of the shading's
    denominator, inhabitants for the count, the columns of dashboard.services.exposure (rate …), geometry (RD). wijken: code, name, geometry (RD).
    cells: hotspot_id, geometry (RD; the union of grid cells a hotspot touches, grown by one) for ``shown``.
    """

    state: FilterState
    params_advised: int  # advised min_samples for these reports
    n_reports: int  # counted: in the period and filters and, if chosen, in the area
    n_in_hotspots: int
    n_outside: int  # counted, but in no buurt
    left_out: dict[str, int]  # reason -> reports that are counted but not clustered
    buurten: gpd.GeoDataFrame
    wijken: gpd.GeoDataFrame
    result: HotspotResult  # over the whole city, so a hotspot stays the same whatever area is looked at
    shown: tuple[Hotspot, ...]  # the hotspots in the chosen area, by rank
    cells: gpd.GeoDataFrame
    hours: tuple[int, ...]  # 24 counts of the counted reports with a known time
    bounds: tuple[float, float, float, float]  # RD: what to look at
    period: tuple[date | None, date | None]
    rates: Rates | None = None  # whole buurten in the whole city, whatever area is looked at


def shade_by(denominator: Denominator) -> str:
    """The shading (dashboard.state) that divides by this."""
    return INHABITANTS if denominator.per is Per.INHABITANTS else denominator.key


Format = Literal["png", "pdf", "html"]
Paper = Literal["A4", "16:9"]


@dataclass(frozen=True, kw_only=True, slots=True)
class SnapshotRequest:
    """What to hand out. Period and area only: narrower filters do not leave the house (PRIVACY)."""

    format: Format
    start: date | None = None
    end: date | None = None
    area: str = ""
    paper: Paper = "A4"
    purpose: str = ""
    recipient: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """A finished export: the file, and its accompanying facts as a JSON-ready dict."""

    content: bytes
    media_type: str
    file_name: str
    facts: dict[str, Any]
