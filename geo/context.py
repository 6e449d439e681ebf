"""What the figures say about each hotspot besides its place: when, since when, near what, and what speaks against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import advice, clock, context_shares, crs
from geo.baseline import Near
from geo.calendar import Mark, MarkKind, holidays, holidays_known
from geo.clock import WeekMatrix
from geo.context_doubts import Against, Doubt, doubts_of, with_certainty
from geo.context_members import Members, agreements, footprints, members_of, streets_of
from geo.context_quarters import History, Past, Quarters, city_quarters, history_of, pasts
from geo.context_shares import Asked, Times, TimeShare, campaign_days_share, in_campaign, time_shares
from geo.darkness import DarkShare
from geo.exposure import Base, NearFeatures, near_features
from geo.hotspots import Hotspot, HotspotResult, Surroundings
from geo.identity import Life
from geo.join import OUTSIDE, assign
from geo.opinion import Agreement
from geo.trend import Trend

__all__ = [
    "Asked", "CityContext", "Doubt", "HotspotContext", "Mark", "Quarters", "TimeShare", "describe", "with_certainty",
]  # fmt: skip

NETHERLANDS: Final = (155_000.0, 463_000.0)  # RD: where the sun is looked at when no report has a place

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class HotspotContext:
    """One hotspot. Reports of the view, except quarters, life, since and both trends: those are of the whole history.

    street: the commonest street of its core reports with a street ("" when unknown), and its share of those.
    dark, school, night: None when no report has a known time. sources: reports per source, most first.
    campaign_share: of its reports, on campaign days; campaign_days_share: of the period's days. opinion: HDBSCAN's;
    None where it was not asked. doubts: without those that need the test (with_certainty adds them).
    """

    id: str
    n: int
    street: str
    street_share: float
    matrix: WeekMatrix
    dark: DarkShare | None
    school: TimeShare | None
    night: TimeShare | None
    track: str  # the id its place keeps through the quarters; "" when it was in none
    quarters: Quarters
    life: Life | None
    since: date | None
    trend: Trend | None  # of the counts per quarter
    share_trend: Trend | None  # of the shares of the city's total
    sources: tuple[tuple[str, int], ...]
    campaign_share: float
    campaign_days_share: float
    opinion: Agreement | None
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, kw_only=True)
class CityContext:
    """The view as a whole, and its hotspots by rank. start, end: the view's period; None without a single date.

    near_schools, near_stops: per radius, beside the share of near_base (None when there is neither); empty without
    that layer or without land. marks: of the calendar, those that touch the period. holidays_known: whether the
    calendar covers the period; else every working day counts as a school day.
    """

    start: date | None
    end: date | None
    n: int
    matrix: WeekMatrix
    dark: DarkShare | None
    school: TimeShare | None
    night: TimeShare | None
    quarters: Quarters
    trend: Trend | None
    near_schools: tuple[Near, ...]
    near_stops: tuple[Near, ...]
    near_base: Base | None
    sources: tuple[tuple[str, int], ...]
    marks: tuple[Mark, ...]
    holidays_known: bool
    hotspots: tuple[HotspotContext, ...]

    def of(self, hotspot_id: str) -> HotspotContext | None:
        """One hotspot's context; None when it is not among them."""
        return next((h for h in self.hotspots if h.id == hotspot_id), None)


def describe(
    reports: pd.DataFrame,
    result: HotspotResult,
    *,
    history: pd.DataFrame,
    surroundings: Surroundings | None = None,
    streets: gpd.GeoDataFrame | None = None,
    marks: Sequence[Mark] = (),
    asked: Asked | None = None,
    second_opinion: bool = True,
) -> CityContext:
    """Describe the hotspots of a result by the reports it was made from.

    reports: what geo.hotspots.find_hotspots was given. history: the counted reports up to the end of the view, its
    other filters alike. surroundings: the same as there; with buurten, schools and stops are held against land, or
    against streets (RD lines) where those are given. marks: the calendar. asked: the view's time. second_opinion: ask
    HDBSCAN, up to OPINION_MOST reports. Reports known by from–to are spread over that time.
    """
    around, asked = surroundings or Surroundings(), asked or Asked()
    start, end = _period(reports, asked)
    members = members_of(reports, result)
    known = start is not None and end is not None and holidays_known(marks, start=start, end=end)
    times = _times(reports, asked=asked, period=(start, end), marks=marks)
    past = history_of(
        history,
        params=result.params,
        density_per_m2=_density(reports, result, around),
        n_view=len(result.labels),
        around=around,
        end=asked.end,
    )
    quarters, trend = city_quarters(past)
    shares = _city_shares(times)
    schools, stops = (_near(reports, kind, around, streets) for kind in (around.schools, around.stops))
    sources = _sources(reports["source"])
    return CityContext(
        start=start,
        end=end,
        n=len(reports),
        matrix=clock.weekday_hour(times.spans.start, times.spans.end),
        dark=context_shares.dark_shares([shares["dark"]], np.array([len(reports)]))[0],
        school=shares["school"],
        night=shares["night"],
        quarters=quarters,
        trend=trend,
        near_schools=schools.rows if schools else (),
        near_stops=stops.rows if stops else (),
        near_base=next((near.base for near in (schools, stops) if near), None),
        sources=sources,
        marks=_touching(marks, start, end),
        holidays_known=known,
        hotspots=_hotspots(
            members,
            result,
            times=times,
            past=past,
            whole=_whole(reports, marks=marks, period=(start, end), sources=sources),
            opinions=agreements(members, result) if second_opinion else {},
        ),
    )


@dataclass(frozen=True, kw_only=True)
class _Whole:
    """What every hotspot is held against: the view's period, reports, sources and campaigns."""

    n: int
    days: int
    sources: dict[str, int]
    campaign: Bools  # per report of the view
    dated: Bools
    campaign_share: float
    campaign_days_share: float


def _whole(
    reports: pd.DataFrame,
    *,
    marks: Sequence[Mark],
    period: tuple[date | None, date | None],
    sources: tuple[tuple[str, int], ...],
) -> _Whole:
    start, end = period
    campaign, dated = in_campaign(reports["event_date"], marks), reports["event_date"].notna().to_numpy(bool)
    return _Whole(
        n=len(reports),
        days=(end - start).days + 1 if start and end else 0,
        sources=dict(sources),
        campaign=campaign,
        dated=dated,
        campaign_share=float(campaign.sum() / max(int(dated.sum()), 1)),
        campaign_days_share=campaign_days_share(start, end, marks) if start and end else np.nan,
    )


def _hotspots(
    m: Members,
    result: HotspotResult,
    *,
    times: Times,
    past: History,
    whole: _Whole,
    opinions: dict[int, Agreement],
) -> tuple[HotspotContext, ...]:
    """Every hotspot, by rank."""
    rows, label = m.rows[m.mine], m.label[m.mine]
    shares = {
        name: time_shares(part[rows], times.known[rows], label, size=m.size, base_share=base)
        for name, part, base in _parts(times)
    }
    dark = context_shares.dark_shares(shares["dark"], np.bincount(label, minlength=m.size))
    edges = np.searchsorted(label, np.arange(m.size + 1))
    named = streets_of(m)
    before = pasts(past, footprints(m))
    source = m.reports["source"].iloc[rows]
    found = []
    for hotspot in result.hotspots:
        at = hotspot.label
        part = slice(int(edges[at]), int(edges[at + 1]))
        mine = rows[part]
        one, said = before[at], opinions.get(at)
        figures = _against(hotspot, mine, whole=whole, sources=_sources(source.iloc[part]), past=one, opinion=said)
        found.append(
            HotspotContext(
                id=hotspot.id,
                n=hotspot.n,
                street=named[at][0],
                street_share=named[at][1],
                matrix=clock.weekday_hour(times.spans.start[mine], times.spans.end[mine]),
                dark=dark[at],
                school=shares["school"][at],
                night=shares["night"][at],
                track=one.track,
                quarters=one.quarters,
                life=one.life,
                since=one.since,
                trend=one.trend,
                share_trend=one.share_trend,
                sources=figures.sources,
                campaign_share=figures.n_campaign / figures.n_dated if figures.n_dated else np.nan,
                campaign_days_share=whole.campaign_days_share,
                opinion=said,
                doubts=doubts_of(hotspot, figures),
            )
        )
    return tuple(found)


def _against(
    hotspot: Hotspot,
    rows: NDArray[np.intp],
    *,
    whole: _Whole,
    sources: tuple[tuple[str, int], ...],
    past: Past,
    opinion: Agreement | None,
) -> Against:
    """The figures that doubts about one hotspot are taken from. rows: of its reports."""
    return Against(
        n=hotspot.n,
        n_dated=int(whole.dated[rows].sum()),
        days=whole.days,
        sources=sources,
        city_source_share=whole.sources[sources[0][0]] / whole.n,
        n_campaign=int(whole.campaign[rows].sum()),
        city_campaign_share=whole.campaign_share,
        campaign_days_share=whole.campaign_days_share,
        past=past,
        opinion=opinion,
    )


def _parts(times: Times) -> tuple[tuple[str, Floats, float], ...]:
    return (
        ("dark", times.dark, times.base_dark),
        ("school", times.school, times.base_school),
        ("night", times.night, times.base_night),
    )


def _city_shares(times: Times) -> dict[str, TimeShare | None]:
    one = np.zeros(len(times.known), dtype=np.int64)
    return {name: time_shares(p, times.known, one, size=1, base_share=base)[0] for name, p, base in _parts(times)}


def _times(
    reports: pd.DataFrame, *, asked: Asked, period: tuple[date | None, date | None], marks: Sequence[Mark]
) -> Times:
    """The reports' times at the city's own place, the middle of its reports."""
    start, end = period
    x, y = (reports[c].median() for c in ("x", "y"))
    (lon,), (lat,) = crs.to_wgs84(*(([x], [y]) if pd.notna(x) else ([NETHERLANDS[0]], [NETHERLANDS[1]])))
    today = date(2000, 1, 1)  # without a single date no time is known, and every share is None
    return context_shares.times_of(
        reports,
        asked=asked,
        start=start or today,
        end=end or today,
        off=holidays(marks),
        lon=float(lon),
        lat=float(lat),
    )


def _period(reports: pd.DataFrame, asked: Asked) -> tuple[date | None, date | None]:
    known = reports["event_date"].dropna()
    if known.empty:
        return asked.start, asked.end
    return asked.start or known.min().date(), asked.end or known.max().date()


def _touching(marks: Sequence[Mark], start: date | None, end: date | None) -> tuple[Mark, ...]:
    """What changes reporting within the period, by first day and name."""
    if start is None or end is None:
        return ()
    found = (m for m in marks if m.kind is not MarkKind.HOLIDAY and m.touches(start, end))
    return tuple(sorted(found, key=lambda m: (m.start, m.name)))


def _density(reports: pd.DataFrame, result: HotspotResult, around: Surroundings) -> float:
    """Background of the clustered reports per m²: geo.advice's."""
    kept = reports.loc[result.labels.index, ["x", "y"]].to_numpy(float)
    if around.buurten is not None and len(around.buurten):
        at = assign(kept[:, 0], kept[:, 1], around.buurten, tolerance_m=around.join_tolerance_m)
        if (at != OUTSIDE).any():
            areas = np.asarray(around.buurten.geometry.area, dtype=np.float64)
            return advice.background_density(np.bincount(at[at != OUTSIDE], minlength=len(areas)), areas)
    counts = np.unique((kept // advice.CELL_M).astype(np.int64), axis=0, return_counts=True)[1]
    return advice.background_density(counts, np.full(len(counts), advice.CELL_M**2, dtype=np.float64))


def _near(
    reports: pd.DataFrame,
    features: gpd.GeoDataFrame | None,
    around: Surroundings,
    streets: gpd.GeoDataFrame | None,
) -> NearFeatures | None:
    """Near features beside the land or street that is as near; None without features or land."""
    areas = around.buurten
    if features is None or not len(features) or areas is None or bool(areas["water"].all()):
        return None
    x, y = (reports[c].to_numpy(float) for c in ("x", "y"))
    return near_features(x, y, features, areas=areas, lines=streets)


def _sources(source: pd.Series) -> tuple[tuple[str, int], ...]:
    """Reports per source, most first, then by name."""
    counts = source.value_counts()
    return tuple(sorted(((str(name), int(n)) for name, n in counts.items()), key=lambda one: (-one[1], one[0])))
