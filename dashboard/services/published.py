"""PublishedService: figures for whoever may not ask freely. Frozen cells only; no report is read here."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import geopandas as gpd


class Window(StrEnum):
    """The fixed windows; there are no others. Calendar quarters, whole years, two years from an even year."""

    QUARTER = "quarter"
    FOUR = "four"
    EIGHT = "eight"

    @property
    def quarters(self) -> int:
        """How many quarters it lasts."""
        return {"quarter": 1, "four": 4, "eight": 8}[self.value]


class Geography(StrEnum):
    """What is counted in; one per view."""

    WIJK = "wijk"
    BUURT = "buurt"


class Breakdown(StrEnum):
    """What a wijk's count is split by: one thing, over four or eight quarters."""

    NONE = "none"
    GROUP = "group"  # category groups: data.groups
    PART_OF_DAY = "part_of_day"


class Short(StrEnum):
    """Why another view is shown than was asked for, or nothing at all."""

    NO_WINDOW = "no_window"  # no closed window of that length yet: fields asked, window, start, end
    FEW_REPORTS = "few_reports"  # nothing asked for rests on k reports: fields k, asked, window, geography
    BREAKDOWN_WINDOW = "breakdown_window"  # a breakdown needs four or eight quarters: fields asked, window
    BREAKDOWN_WIJK = "breakdown_wijk"  # a breakdown is of whole wijken: no fields
    NOTHING_FROZEN = "nothing_frozen"  # nothing was published yet: no fields


@dataclass(frozen=True, kw_only=True, slots=True)
class Fallback:
    """Why the answer is not what was asked. fields: for the sentence; dashboard.messages has the sentences."""

    why: Short
    fields: dict[str, str | int]


@dataclass(frozen=True, kw_only=True, slots=True)
class WindowChoice:
    """One closed window. start, end: first and last day."""

    window: Window
    start: date
    end: date


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedCell:
    """One figure. n: rounded to 5; None: fewer than k, none, or a guard for another: nobody is told which."""

    code: str  # wijk or buurt code
    name: str
    part: str  # category group or part of the day; "" for all reports of the area
    n: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedPlace:
    """A hotspot, as cells of the setting's cell_screen_m. n: rounded to 5."""

    id: str
    rank: int
    n: int
    buurt: str
    wijk: str
    wijk_code: str
    parts_of_day: tuple[tuple[str, int], ...] = ()  # rounded, those that rest on k; empty when the profile does not


@dataclass(frozen=True, kw_only=True)
class PublishedChoices:
    """What a viewer can choose from. wijken: own ones (code, name). windows: newest first."""

    wijken: tuple[tuple[str, str], ...]
    windows: tuple[WindowChoice, ...]
    groups: tuple[str, ...]
    parts_of_day: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PublishedOverview:
    """One view of published cells.

    window, start, end, geography, breakdown: what is shown, which ``fallback`` explains when it is not what was asked.
    cells: wijken or buurten by code, then by part; with a breakdown only the parts. total: sum of the shown ones.
    areas: code, name, wijk_code, wijk_name, n (float, NaN hidden), geometry (RD): what to shade; without a breakdown
    the cells, with one the wijken's own counts. outline: wijken of the viewer (code, name, geometry, RD).
    hotspot_cells: hotspot_id, geometry (RD). version: of the freeze, 0 when nothing was frozen. frozen_on: its day.
    """

    window: Window
    start: date | None
    end: date | None
    geography: Geography
    breakdown: Breakdown
    cells: tuple[PublishedCell, ...]
    total: int
    areas: gpd.GeoDataFrame
    outline: gpd.GeoDataFrame
    hotspots: tuple[PublishedPlace, ...]
    hotspot_cells: gpd.GeoDataFrame
    fallback: Fallback | None
    k: int
    cell_m: int
    version: int
    frozen_on: date | None
    bounds: tuple[float, float, float, float]
