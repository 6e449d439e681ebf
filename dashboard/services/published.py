"""PublishedService: figures for whoever may not ask freely. Frozen cells only; no report is read here."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from threading import Lock
from typing import Final

import geopandas as gpd
import numpy as np

from dashboard.services.city import EMPTY_BOUNDS, CityCache
from data.groups import GROUPS
from data.settings import Settings
from data.store import ReportStore, publications
from data.store.publications import Published
from data.viewer import Right, Role, Viewer
from geo.disclosure import quarter_end
from geo.ledger import PARTS_OF_DAY, UNKNOWN
from geo.publish import Cell
from geo.publish import windows as windows_of


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


PARTS: Final[dict[Breakdown, tuple[str, ...]]] = {
    Breakdown.GROUP: GROUPS,
    Breakdown.PART_OF_DAY: (*PARTS_OF_DAY, UNKNOWN),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    window: Window
    start: int  # first quarter
    geography: Geography
    breakdown: Breakdown


class PublishedService:
    """What was frozen, for the wijken a viewer may see. Reads no reports."""

    def __init__(self, store: ReportStore, settings: Settings, cache: CityCache) -> None:
        self._store = store
        self._settings = settings
        self._cache = cache
        self._lock = Lock()
        self._read: tuple[int, Published] | None = None

    def choices(self, viewer: Viewer) -> PublishedChoices:
        """What there is to choose from. Raises Denied."""
        viewer.require(Right.PUBLISHED)
        published, own = self._published(), self._wijken(viewer)
        return PublishedChoices(
            wijken=tuple(zip(own["code"], own["name"], strict=True)),
            windows=tuple(_choice(window, start) for window, start in _windows(published)),
            groups=GROUPS,
            parts_of_day=PARTS[Breakdown.PART_OF_DAY],
        )

    def overview(
        self,
        viewer: Viewer,
        window: Window,
        geography: Geography,
        breakdown: Breakdown = Breakdown.NONE,
        *,
        start: date | None = None,
    ) -> PublishedOverview:
        """Published figures of the viewer's wijken; another view, and why, when what is asked shows nothing.

        start: any day in the window meant; None: the newest there is. Raises Denied.
        """
        viewer.require(Right.PUBLISHED)
        published, own = self._published(), self._wijken(viewer)
        there = _windows(published)
        found, fallback = _possible(there, window, geography, breakdown, start=start)
        if found is None:
            return self._view(viewer, published, own, None, fallback, asked=(window, geography, breakdown))
        if not self._shows(published, own, found):
            other = self._larger(published, own, found, there)
            fields: dict[str, str | int] = {
                "k": published.release.k,
                "asked": found.window.value,
                "window": (other or found).window.value,
                "geography": (other or found).geography.value,
            }
            found, fallback = other or found, Fallback(why=Short.FEW_REPORTS, fields=fields)
        return self._view(viewer, published, own, found, fallback, asked=(window, geography, breakdown))

    def _larger(
        self, published: Published, own: gpd.GeoDataFrame, asked: _Asked, there: list[tuple[Window, int]]
    ) -> _Asked | None:
        """The nearest view that shows something: a longer window first, then whole wijken."""
        geographies = [asked.geography, *([Geography.WIJK] if asked.geography is Geography.BUURT else [])]
        for geography in geographies:
            for window in (Window.QUARTER, Window.FOUR, Window.EIGHT):
                if window.quarters < asked.window.quarters:
                    continue
                starts = [s for w, s in there if w is window]
                around = [s for s in starts if s <= asked.start < s + window.quarters]
                for start in (around or starts)[:1]:
                    one = replace(asked, window=window, start=start, geography=geography)
                    if one != asked and self._shows(published, own, one):
                        return one
        return None

    def _shows(self, published: Published, own: gpd.GeoDataFrame, asked: _Asked) -> bool:
        return any(cell.n is not None for cell in self._cells(published, own, asked))

    def _cells(self, published: Published, own: gpd.GeoDataFrame, asked: _Asked) -> tuple[PublishedCell, ...]:
        areas = own if asked.geography is Geography.WIJK else self._buurten(own)
        parts = [f"{asked.breakdown}:{p}" for p in PARTS.get(asked.breakdown, ())] or [""]
        return tuple(
            PublishedCell(
                code=code,
                name=name,
                part=part.partition(":")[2],
                n=self._shown(published, Cell(code, asked.start, asked.window.quarters, part)),
            )
            for code, name in zip(areas["code"], areas["name"], strict=True)
            for part in parts
        )

    def _shown(self, published: Published, cell: Cell) -> int | None:
        """A stricter k counts at once; a looser one from the next freeze."""
        n = published.release.shown.get(cell)
        return n if n is not None and n >= self._settings.k_screen else None

    def _view(
        self,
        viewer: Viewer,
        published: Published,
        own: gpd.GeoDataFrame,
        found: _Asked | None,
        fallback: Fallback | None,
        *,
        asked: tuple[Window, Geography, Breakdown],
    ) -> PublishedOverview:
        window, geography, breakdown = (found.window, found.geography, found.breakdown) if found else asked
        cells = self._cells(published, own, found) if found else ()
        areas = self._shaded(published, own, found)
        codes = set(own["code"])
        spots = [
            spot
            for spot in published.spots
            if found and (spot.start, spot.quarters) == (found.start, window.quarters)
            if spot.wijk_code in codes and spot.shown >= self._settings.k_screen
        ]
        first, last = window_span(found.start, window.quarters) if found else (None, None)
        buurten = self._cache.city().buurten
        box = own.total_bounds if len(own) else buurten.total_bounds if len(buurten) else EMPTY_BOUNDS
        return PublishedOverview(
            window=window,
            start=first,
            end=last,
            geography=geography,
            breakdown=breakdown,
            cells=cells,
            total=sum(cell.n or 0 for cell in cells),
            areas=areas,
            outline=own[["code", "name", "geometry"]],
            hotspots=tuple(
                PublishedPlace(
                    id=s.id,
                    rank=rank,
                    n=s.shown,
                    buurt=s.buurt,
                    wijk=s.wijk,
                    wijk_code=s.wijk_code,
                    parts_of_day=s.parts_of_day,
                )
                for rank, s in enumerate(spots, start=1)
            ),
            hotspot_cells=publications.frame(spots),
            fallback=fallback,
            k=max(published.release.k, self._settings.k_screen),
            cell_m=self._settings.cell_screen_m,
            version=published.version.version if published.version else 0,
            frozen_on=published.version.frozen_at.date() if published.version else None,
            bounds=(float(box[0]), float(box[1]), float(box[2]), float(box[3])),
        )

    def _shaded(self, published: Published, own: gpd.GeoDataFrame, found: _Asked | None) -> gpd.GeoDataFrame:
        is_buurt = found is not None and found.geography is Geography.BUURT
        areas = (self._buurten(own) if is_buurt else own.assign(wijk_code=own["code"])).copy()
        names = dict(zip(own["code"], own["name"], strict=True))
        areas["wijk_name"] = areas["wijk_code"].map(names)
        shown = [
            self._shown(published, Cell(code, found.start, found.window.quarters)) if found else None
            for code in areas["code"]
        ]
        areas["n"] = np.array([np.nan if n is None else n for n in shown], dtype=float)
        return areas[["code", "name", "wijk_code", "wijk_name", "n", "geometry"]].reset_index(drop=True)

    def _wijken(self, viewer: Viewer) -> gpd.GeoDataFrame:
        wijken = self._cache.city().wijken
        wijken = wijken[~wijken["water"].astype(bool)]
        if viewer.role is Role.DISTRICT_MANAGER:
            wijken = wijken[wijken["code"].isin(viewer.wijken)]
        return wijken.reset_index(drop=True)

    def _buurten(self, own: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        buurten = self._cache.city().buurten
        return buurten[buurten["wijk_code"].isin(own["code"]) & ~buurten["water"].astype(bool)]

    def _published(self) -> Published:
        """What was frozen, read once per version."""
        number = self._store.published_version()
        with self._lock:
            if self._read is None or self._read[0] != number:
                published = self._store.published()
                self._read = (published.version.version if published.version else 0, published)
            return self._read[1]


def _windows(published: Published) -> list[tuple[Window, int]]:
    """Every closed window, newest first, the shortest first among those that end alike."""
    if not published.quarters:
        return []
    by_quarters = {window.quarters: window for window in Window}
    found = windows_of(min(published.quarters), max(published.quarters))
    found.sort(key=lambda one: (-(one[0] + one[1]), one[1]))
    return [(by_quarters[quarters], start) for start, quarters in found]


def _possible(
    there: list[tuple[Window, int]], window: Window, geography: Geography, breakdown: Breakdown, *, start: date | None
) -> tuple[_Asked | None, Fallback | None]:
    """What is asked, or the nearest thing that can be, with why."""
    if not there:
        return None, Fallback(why=Short.NOTHING_FROZEN, fields={})
    fallback, asked = None, window
    if breakdown is not Breakdown.NONE and window is Window.QUARTER:
        window = Window.FOUR
        fallback = Fallback(why=Short.BREAKDOWN_WINDOW, fields={"asked": asked.value, "window": window.value})
    if breakdown is not Breakdown.NONE and geography is Geography.BUURT:
        geography, fallback = Geography.WIJK, fallback or Fallback(why=Short.BREAKDOWN_WIJK, fields={})
    quarter = start.year * 4 + (start.month - 1) // 3 if start else None
    starts = [s for w, s in there if w is window]
    meant = [s for s in starts if quarter is None or s <= quarter < s + window.quarters]
    if not meant:
        order = (window, *(w for w in (Window.FOUR, Window.QUARTER, Window.EIGHT) if w is not window))
        if breakdown is not Breakdown.NONE:
            order = tuple(w for w in order if w is not Window.QUARTER)
        nearest = next((w for w in order if any(w is one for one, _ in there)), None)
        if nearest is None:  # no year is closed yet, and a breakdown needs one
            return _possible(there, asked, geography, Breakdown.NONE, start=start)[0], Fallback(
                why=Short.BREAKDOWN_WINDOW, fields={"asked": asked.value, "window": Window.FOUR.value}
            )
        meant, window = [s for w, s in there if w is nearest], nearest
        first, last = window_span(meant[0], window.quarters)
        fields: dict[str, str | int] = {
            "asked": asked.value,
            "window": window.value,
            "start": first.isoformat(),
            "end": last.isoformat(),
        }
        fallback = Fallback(why=Short.NO_WINDOW, fields=fields)
    return _Asked(window=window, start=meant[0], geography=geography, breakdown=breakdown), fallback


def _choice(window: Window, start: int) -> WindowChoice:
    first, last = window_span(start, window.quarters)
    return WindowChoice(window=window, start=first, end=last)


def window_span(start: int, quarters: int) -> tuple[date, date]:
    """First and last day."""
    last = start + quarters - 1
    return date(start // 4, 3 * (start % 4) + 1, 1), quarter_end(date(last // 4, 3 * (last % 4) + 1, 1))
