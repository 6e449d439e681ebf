"""What the figures say about each hotspot besides its place: when, since when, near what, and what speaks against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import advice, clock, context_shares, crs, identity, opinion
from geo.baseline import Near
from geo.calendar import Mark, MarkKind, holidays, holidays_known
from geo.clock import WeekMatrix
from geo.context_doubts import Against, Doubt, doubts_of, with_certainty
from geo.context_quarters import History, Past, Quarters, city_quarters, history_of, pasts
from geo.context_shares import Asked, Times, TimeShare, campaign_days_share, in_campaign, time_shares
from geo.darkness import DarkShare
from geo.exposure import Base, NearFeatures, near_features
from geo.hotspots import HotspotResult, Surroundings
from geo.identity import Life
from geo.join import OUTSIDE, assign
from geo.opinion import Agreement
from geo.tally import most_frequent, tally
from geo.trend import Trend

__all__ = [
    "Asked", "CityContext", "Doubt", "HotspotContext", "Mark", "Quarters", "TimeShare", "describe", "with_certainty",
]  # fmt: skip

OPINION_MOST: Final = 10_000  # reports: beyond, a second opinion takes seconds
NETHERLANDS: Final = (155_000.0, 463_000.0)  # RD: where the sun is looked at when no report has a place

Bools = NDArray[np.bool_]
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
    HDBSCAN, up to OPINION_MOST reports. A report has one event time: nothing is spread over hours.
    """
    around, asked = surroundings or Surroundings(), asked or Asked()
    start, end = _period(reports, asked)
    members = _members(reports, result)
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
    whole = _city_shares(times)
    near = {kind: _near(reports, f, around, streets) for kind, f in _features(around).items()}
    sources = _sources(reports["source"])
    return CityContext(
        start=start,
        end=end,
        n=len(reports),
        matrix=clock.weekday_hour(times.moments),
        dark=context_shares.dark_shares([whole["dark"]], np.array([len(reports)]))[0],
        school=whole["school"],
        night=whole["night"],
        quarters=quarters,
        trend=trend,
        near_schools=near["schools"].rows if near["schools"] else (),
        near_stops=near["stops"].rows if near["stops"] else (),
        near_base=next((found.base for found in near.values() if found), None),
        sources=sources,
        marks=_touching(marks, start, end),
        holidays_known=known,
        hotspots=_hotspots(
            members,
            result,
            times=times,
            past=past,
            marks=marks,
            period=(start, end),
            sources=dict(sources),
            agreements=_opinion(members, result) if second_opinion else {},
        ),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Members:
    """The clustered reports: their rows in ``reports`` in the order of the result's labels, and per row the label."""

    reports: pd.DataFrame
    rows: NDArray[np.intp]  # of every clustered report
    label: Ints
    core: Bools
    size: int

    @property
    def mine(self) -> NDArray[np.intp]:
        """Positions of those in a hotspot, hotspot by hotspot."""
        inside = np.flatnonzero(self.label >= 0)
        return inside[np.argsort(self.label[inside], kind="stable")]


def _members(reports: pd.DataFrame, result: HotspotResult) -> _Members:
    label = result.labels.to_numpy(np.int64)
    return _Members(
        reports=reports,
        rows=reports.index.get_indexer(result.labels.index),
        label=label,
        core=(result.kinds == "core").to_numpy(),
        size=int(label.max(initial=-1)) + 1,
    )


def _hotspots(
    m: _Members,
    result: HotspotResult,
    *,
    times: Times,
    past: History,
    marks: Sequence[Mark],
    period: tuple[date | None, date | None],
    sources: dict[str, int],
    agreements: dict[int, Agreement],
) -> tuple[HotspotContext, ...]:
    """Every hotspot, by rank."""
    mine = m.mine
    rows, label = m.rows[mine], m.label[mine]
    shares = {
        name: time_shares(part[rows], times.known[rows], label, size=m.size, base_share=base)
        for name, part, base in _parts(times)
    }
    dark = context_shares.dark_shares(shares["dark"], np.bincount(label, minlength=m.size))
    edges = np.searchsorted(label, np.arange(m.size + 1))
    moments = times.moments[rows]
    streets = _streets(m)
    before = pasts(past, _footprints(m))
    dates = m.reports["event_date"]
    campaign, dated = in_campaign(dates, marks), dates.notna().to_numpy()
    start, end = period
    days = (end - start).days + 1 if start and end else 0
    on_days = campaign_days_share(start, end, marks) if start and end else np.nan
    from_source = m.reports["source"].iloc[rows]
    found = []
    for hotspot in result.hotspots:
        part = slice(int(edges[hotspot.label]), int(edges[hotspot.label + 1]))
        n_campaign, n_dated = int(campaign[rows[part]].sum()), int(dated[rows[part]].sum())
        by_source = _sources(from_source.iloc[part])
        one: Past = before[hotspot.label]
        figures = Against(
            n=hotspot.n,
            n_dated=n_dated,
            days=days,
            source=by_source[0],
            city_source_share=sources[by_source[0][0]] / len(m.reports),
            n_campaign=n_campaign,
            city_campaign_share=float(campaign.sum() / max(int(dated.sum()), 1)),
            campaign_days_share=on_days,
            past=one,
            opinion=agreements.get(hotspot.label),
        )
        found.append(
            HotspotContext(
                id=hotspot.id,
                n=hotspot.n,
                street=streets[hotspot.label][0],
                street_share=streets[hotspot.label][1],
                matrix=clock.weekday_hour(moments[part]),
                dark=dark[hotspot.label],
                school=shares["school"][hotspot.label],
                night=shares["night"][hotspot.label],
                track=one.track,
                quarters=one.quarters,
                life=one.life,
                since=one.since,
                trend=one.trend,
                share_trend=one.share_trend,
                sources=by_source,
                campaign_share=n_campaign / n_dated if n_dated else np.nan,
                campaign_days_share=on_days,
                opinion=figures.opinion,
                doubts=doubts_of(hotspot, figures),
            )
        )
    return tuple(found)


def _streets(m: _Members) -> list[tuple[str, float]]:
    """Per hotspot the commonest street of its core reports (ties: the first by name), and its share of those with one."""
    core = np.flatnonzero(m.core)
    names = pd.Series(m.reports["street"].to_numpy()[m.rows[core]]).astype("str").str.strip().to_numpy(object)
    told = names != ""
    label = m.label[core][told]
    code, known = pd.factorize(names[told], sort=True)
    (group, street), n = tally(label, code.astype(np.int64))
    result = [("", np.nan)] * m.size
    total = np.bincount(label, minlength=m.size)
    for at in most_frequent(group, n).tolist():
        result[group[at]] = (str(known[street[at]]), float(n[at] / total[group[at]]))
    return result


def _footprints(m: _Members) -> list[identity.Cells]:
    """Per hotspot the cells of its core reports."""
    core = np.flatnonzero(m.core)
    core = core[np.argsort(m.label[core], kind="stable")]
    x, y = (m.reports[c].to_numpy(float)[m.rows[core]] for c in ("x", "y"))
    edges = np.searchsorted(m.label[core], np.arange(m.size + 1))
    return [identity.footprint(x[a:b], y[a:b]) for a, b in pairwise(edges.tolist())]


def _opinion(m: _Members, result: HotspotResult) -> dict[int, Agreement]:
    """HDBSCAN's opinion per label; none where it would take too long, or where it sees no cluster at all.

    It never calls all reports together one cluster, so that says nothing about the only hotspot there is.
    """
    smallest = max(result.params.min_samples, 2)
    if not m.size or len(m.rows) > OPINION_MOST:
        return {}
    x, y = (m.reports[c].to_numpy(float)[m.rows] for c in ("x", "y"))
    asked = opinion.hdbscan(x, y, min_cluster_size=smallest)
    if not (asked >= 0).any():
        return {}
    return {one.label: one for one in opinion.agreement(m.label, m.core, asked)}


def _parts(times: Times) -> tuple[tuple[str, Bools, float], ...]:
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


def _features(around: Surroundings) -> dict[str, gpd.GeoDataFrame | None]:
    return {"schools": around.schools, "stops": around.stops}


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
