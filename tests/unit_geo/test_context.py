"""What is said about a hotspot besides its place: street, hours, quarters, sources, and what speaks against it."""

from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from geo import report
from geo.calendar import Mark, MarkKind
from geo.certainty import HotspotCertainty
from geo.clock import SCHOOL_WINDOWS, moments
from geo.context import Asked, Doubt, describe, with_certainty
from geo.context_doubts import dates_expected
from geo.context_quarters import counts_on, history_of, still_there, whole_quarters
from geo.context_shares import time_shares
from geo.darkness import dark_share
from geo.exposure import Base
from geo.hotspots import HotspotParams, Surroundings, find_hotspots
from geo.identity import Life, footprint, within
from geo.intervals import share_interval
from geo.stability import Strength

LON, LAT = 4.67, 51.81
PARAMS = HotspotParams(eps_m=75.0, min_samples=5)
HERE = (105_000.0, 425_000.0)
DAYS = pd.date_range("2024-01-01", "2025-12-31", freq="D", unit="s")


def table(x, y, days, *, minutes=720.0, street="", source="app"):
    """Reports (n,) from columns or single values."""
    frame = report.empty().reindex(range(len(x)))
    return frame.assign(
        source=source,
        source_id=[str(i) for i in range(len(x))],
        x=np.asarray(x, float),
        y=np.asarray(y, float),
        event_date=days,
        event_minute=minutes,
        categories="Naroepen",
        street=street,
        **dict.fromkeys(("text", "postcode", "status", "flags"), ""),
    ).astype(report.COLUMNS)


def city(*, hotspot_days, n_background=200, seed=1, **columns):
    """A hotspot with a report on each of hotspot_days at HERE, and a city round it, evenly over two years."""
    rng = np.random.default_rng(seed)
    n = len(hotspot_days)
    x = np.r_[rng.normal(HERE[0], 15, n), rng.uniform(100_000, 110_000, n_background)]
    y = np.r_[rng.normal(HERE[1], 15, n), rng.uniform(420_000, 430_000, n_background)]
    days = pd.DatetimeIndex([*hotspot_days, *DAYS[np.linspace(0, len(DAYS) - 1, n_background).astype(int)]])
    return table(x, y, days, **columns)


def described(reports, **options):
    result = find_hotspots(reports, params=PARAMS, surroundings=options.get("surroundings"))
    return describe(reports, result, **{"history": reports} | options), result


def spread(n, first="2024-01-01", last="2025-12-31"):
    """n days, evenly."""
    days = pd.date_range(first, last, freq="D", unit="s")
    return days[np.linspace(0, len(days) - 1, n).astype(int)]


def test_a_hotspot_is_described_and_found_by_its_id():
    reports = city(hotspot_days=spread(40))
    found, result = described(reports)
    [hotspot] = result.hotspots
    context = found.of(hotspot.id)
    assert context is not None and found.of("H0-0") is None
    assert context.n == hotspot.n == 40
    assert sum(context.quarters.counts) == 40
    assert context.matrix.n_known == 40 and context.matrix.values.sum() == pytest.approx(40)
    assert context.life is Life.PERSISTENT and context.since == date(2024, 1, 1)
    assert context.track == hotspot.id
    assert context.opinion is not None and context.opinion.share == 1.0
    assert context.doubts == ()
    assert (found.start, found.end, found.n) == (date(2024, 1, 1), date(2025, 12, 31), 240)


def test_the_commonest_street_of_the_core_reports_gives_the_place_its_name():
    streets = ["Stationsplein"] * 6 + ["Spuiboulevard"] * 3 + [""] * 3
    reports = city(hotspot_days=spread(12)).assign(street=pd.Series(streets + ["Elders"] * 200, dtype="str"))
    context = described(reports)[0].hotspots[0]
    assert (context.street, context.street_share) == ("Stationsplein", pytest.approx(6 / 9))
    nameless = described(reports.assign(street=""))[0].hotspots[0]
    assert nameless.street == "" and np.isnan(nameless.street_share)


def test_shares_of_dark_agree_with_the_darkness_module_and_are_none_without_known_times():
    reports = city(hotspot_days=spread(40), minutes=np.resize([30.0, 720.0, np.nan, 1380.0], 240))
    found, _ = described(reports)
    when = moments(reports["event_date"], reports["event_minute"])
    whole = dark_share(when, start=date(2024, 1, 1), end=date(2025, 12, 31), lon=LON, lat=LAT)
    assert (found.dark.n_known, found.dark.n_unknown, found.dark.n_dark) == (
        whole.n_known,
        whole.n_unknown,
        whole.n_dark,
    )
    assert found.dark.hours_share == pytest.approx(whole.hours_share, abs=0.002)
    assert (found.dark.low, found.dark.high) == pytest.approx((whole.low, whole.high))
    assert found.hotspots[0].dark.n_unknown == 10
    timeless, _ = described(reports.assign(event_minute=np.nan))
    assert (timeless.dark, timeless.school, timeless.night) == (None, None, None)
    assert timeless.hotspots[0].dark is None
    assert Doubt.TIME_UNKNOWN in timeless.hotspots[0].doubts


def test_school_time_and_night_stand_beside_the_part_of_the_time_they_take():
    monday = pd.date_range("2024-01-01", periods=40, freq="7D", unit="s")
    reports = city(hotspot_days=monday, minutes=np.r_[np.full(40, 15 * 60.0), np.full(200, 12 * 60.0)])
    found, _ = described(reports)
    context = found.hotspots[0]
    assert (context.school.n, context.school.n_known, found.school.n) == (40, 40, 40)
    assert context.school.base_share == pytest.approx(225 / 1440 * 5 / 7, abs=0.002)
    assert context.night.n == 0 and context.night.base_share == pytest.approx(7 / 24)
    assert not found.holidays_known
    off = Mark(kind=MarkKind.HOLIDAY, name="vrij", start=date(2024, 1, 1), end=date(2025, 12, 31))
    holiday = described(reports, marks=[off])[0]
    assert holiday.holidays_known and holiday.hotspots[0].school.n == 0


def test_asked_hours_and_weekdays_restrict_the_time_that_shares_are_held_against():
    reports = city(hotspot_days=spread(40), minutes=23 * 60.0)
    night = described(reports, asked=Asked(hours=(22, 4)))[0]
    assert night.night.base_share == 1.0
    weekend = described(reports, asked=Asked(weekdays=(5, 6)))[0]
    assert weekend.school.base_share == 0.0
    dark = described(reports, asked=Asked(dark=True))[0]
    assert dark.dark.hours_share == 1.0 and dark.school.base_share < night.school.base_share + 0.05
    light = described(reports, asked=Asked(dark=False))[0]
    assert light.dark.hours_share == 0.0
    after = described(reports, asked=Asked(school=SCHOOL_WINDOWS[1:]))[0]
    assert after.school.base_share == 1.0 and after.night.base_share == 0.0


def test_a_place_is_gone_only_where_its_count_falls_below_its_own_rate():
    sighted = np.array([1, 1, 1, 0, 1, 0, 0, 0], dtype=bool)
    totals = np.full(8, 100.0)
    there = still_there(sighted, np.array([4, 3, 4, 2, 5, 2, 1, 0]), totals)
    assert there.tolist() == [True] * 6 + [False] * 2
    busy = still_there(sighted, np.array([14, 13, 14, 2, 15, 2, 1, 0]), totals)
    assert busy.tolist() == sighted.tolist()
    late = still_there(np.array([0, 0, 1], dtype=bool), np.array([3, 2, 4]), totals[:3])
    assert late.tolist() == [False, False, True]  # before it was ever sighted nothing is assumed
    assert not still_there(np.zeros(3, dtype=bool), np.array([3, 2, 4]), totals[:3]).any()


@pytest.mark.parametrize(
    ("days", "life"),
    [
        pytest.param(spread(40), Life.PERSISTENT, id="all along"),
        pytest.param(spread(20, "2025-07-05", "2025-12-31"), Life.EMERGING, id="the last two quarters"),
        pytest.param(spread(30, "2024-01-01", "2024-12-20"), Life.FORMER, id="the first year"),
        pytest.param(
            spread(14, "2024-04-01", "2024-06-30").append(spread(14, "2025-10-01", "2025-12-31")),
            Life.INTERMITTENT,
            id="twice",
        ),
        pytest.param(spread(8), None, id="one a quarter: never sighted"),
    ],
)
def test_the_kind_of_life_follows_from_the_quarters(days, life):
    context = described(city(hotspot_days=days))[0].hotspots[0]
    assert context.life is life
    assert (context.since is None) == (life is None)
    assert (Doubt.FORMER in context.doubts) == (life is Life.FORMER)


def test_quarters_come_from_the_whole_history_and_the_rest_from_the_view():
    reports = city(hotspot_days=spread(80))
    view = reports[reports["event_date"] >= pd.Timestamp("2025-07-01")]
    result = find_hotspots(view, params=PARAMS)
    found = describe(view, result, history=reports, asked=Asked(start=date(2025, 7, 1), end=date(2025, 12, 31)))
    context = found.hotspots[0]
    assert len(context.quarters.starts) == 8 and context.since == date(2024, 1, 1)
    assert context.matrix.n_known == context.n < 30
    assert found.start == date(2025, 7, 1)


@pytest.mark.parametrize(
    ("first", "last", "starts"),
    [
        (date(2024, 1, 1), date(2024, 12, 31), [1, 4, 7, 10]),
        (date(2024, 1, 3), date(2024, 12, 28), [1, 4, 7, 10]),  # a few days short is still a whole quarter
        (date(2024, 1, 20), date(2024, 11, 30), [4, 7]),
        (date(2024, 2, 1), date(2024, 3, 1), []),
    ],
)
def test_only_whole_quarters_count(first, last, starts):
    assert [start.month for start in whole_quarters(first, last)] == starts


PLACE = st.tuples(st.floats(105_000, 105_900), st.floats(425_000, 425_900))


@settings(max_examples=40, deadline=None)
@given(st.lists(PLACE, min_size=1, max_size=40), st.lists(st.lists(PLACE, min_size=1, max_size=4), max_size=4))
def test_counts_on_places_are_those_of_looking_at_each_place_by_itself(points, places):
    x, y = np.array(points).T
    reports = table(x, y, spread(len(x), "2025-01-01", "2025-12-31"))
    history = history_of(
        reports, params=PARAMS, density_per_m2=1e-6, n_view=len(x), around=Surroundings(), end=date(2025, 12, 31)
    )
    cells = [footprint(*np.array(place).T) for place in places]
    found = counts_on(history, cells)
    assert found.shape == (len(places), len(history.starts))
    for i, one in enumerate(cells):
        mine = within(history.x, history.y, one)
        expected = np.bincount(history.quarter[mine], minlength=len(history.starts))
        assert found[i].tolist() == expected.tolist()


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), min_size=1, max_size=20))
def test_intervals_are_those_of_the_exact_binomial_test(pairs):
    n, of = np.array([(min(p), max(p)) for p in pairs]).T
    low, high = share_interval(n, of)
    for k, total, a, b in zip(n.tolist(), of.tolist(), low, high, strict=True):
        exact = binomtest(k, total).proportion_ci() if total else None
        assert (a, b) == pytest.approx((exact.low, exact.high) if exact else (0.0, 1.0))


def test_unknown_times_are_in_neither_number():
    within_, known = np.array([True, True, False]), np.array([True, False, True])
    [share, nothing] = time_shares(within_, known, np.zeros(3, np.int64), size=2, base_share=0.5)
    assert (share.n, share.n_known) == (1, 2) and nothing is None


def test_what_speaks_against_a_hotspot_is_taken_from_its_figures():
    campaign = Mark(kind=MarkKind.CAMPAIGN, name="C", start=date(2025, 4, 1), end=date(2025, 4, 30))
    burst = described(city(hotspot_days=spread(20, "2025-04-01", "2025-04-30")), marks=[campaign])[0]
    assert {Doubt.CAMPAIGN, Doubt.ONE_QUARTER} <= set(burst.hotspots[0].doubts)
    assert burst.hotspots[0].campaign_share == 1.0
    assert burst.hotspots[0].campaign_days_share == pytest.approx(30 / 731)
    assert burst.marks == (campaign,)

    few = described(city(hotspot_days=spread(4).repeat(5)))[0].hotspots[0]
    assert Doubt.FEW_DATES in few.doubts and Doubt.CAMPAIGN not in few.doubts

    one = city(hotspot_days=spread(30))
    one["source"] = np.where(np.arange(len(one)) < 30, "buurtapp", np.resize(["app", "bel"], len(one)))
    assert Doubt.ONE_SOURCE in described(one)[0].hotspots[0].doubts
    assert Doubt.ONE_SOURCE not in described(city(hotspot_days=spread(30)))[0].hotspots[0].doubts


def test_a_hotspot_that_rises_with_the_whole_city_is_said_to_do_so():
    grown = pd.DatetimeIndex(np.repeat(spread(8, "2024-02-15", "2025-11-15"), [3, 4, 5, 6, 7, 8, 9, 10]))
    later = grown + pd.to_timedelta(np.arange(len(grown)) % 30, unit="D")
    alone = described(city(hotspot_days=later, n_background=400))[0].hotspots[0]
    assert alone.trend.p <= 0.05 and alone.share_trend.p <= 0.05 and Doubt.WITH_THE_CITY not in alone.doubts
    reports = city(hotspot_days=later, n_background=len(later) * 10)
    reports.loc[len(later) :, "event_date"] = np.tile(later.to_numpy(), 10)
    together = described(reports)[0]
    mine = max(together.hotspots, key=lambda h: h.n)
    assert mine.trend.p <= 0.05 and mine.share_trend.p > 0.05 and Doubt.WITH_THE_CITY in mine.doubts


def test_the_test_adds_its_doubts_in_front():
    certain = HotspotCertainty(
        id="H", n=9, expected=4.0, p=0.4, q=0.4, significant=False, lives=0.3, strength=Strength.WEAK
    )
    assert with_certainty((Doubt.FORMER,), certain) == (Doubt.CHANCE, Doubt.WEAK, Doubt.FORMER)
    sure = replace(certain, significant=True, strength=Strength.STRONG)
    assert with_certainty((Doubt.FORMER,), sure) == (Doubt.FORMER,)
    assert with_certainty((Doubt.FORMER,), None) == (Doubt.FORMER,)


def test_as_many_dates_are_expected_as_reports_on_random_days_fall_on():
    assert dates_expected(0, days=10) == 0 and dates_expected(5, days=1) == 1 and dates_expected(1, days=10) == 1
    rng = np.random.default_rng(1)
    seen = np.mean([len(set(rng.integers(0, 100, 60).tolist())) for _ in range(400)])
    assert dates_expected(60, days=100) == pytest.approx(seen, rel=0.02)


def test_schools_and_stops_stand_beside_the_land_that_is_as_near():
    land = gpd.GeoDataFrame(
        {"code": ["B"], "name": ["b"], "wijk_code": ["W"], "water": [False], "inhabitants": [9.0]},
        geometry=[shapely.box(100_000, 420_000, 110_000, 430_000)],
        crs="EPSG:28992",
    )
    schools = gpd.GeoDataFrame(
        {"name": ["s"], "uncertainty_m": [0.0]}, geometry=[shapely.Point(*HERE)], crs="EPSG:28992"
    )
    reports = city(hotspot_days=spread(40))
    found, _ = described(reports, surroundings=Surroundings(buurten=land, schools=schools))
    assert found.near_base is Base.LAND and found.near_stops == ()
    near = next(row for row in found.near_schools if row.radius_m == 100)
    assert near.n >= 40 and near.base_share == pytest.approx(np.pi * 1e4 / 1e8, rel=1e-2)
    bare, _ = described(reports)
    assert bare.near_base is None and bare.near_schools == ()


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda r: r.iloc[:0], id="no reports"),
        pytest.param(lambda r: r.assign(event_date=pd.NaT), id="no dates"),
        pytest.param(lambda r: r.assign(x=np.nan, y=np.nan), id="no places"),
        pytest.param(lambda r: r.assign(x=HERE[0], y=HERE[1]), id="all on one point"),
        pytest.param(lambda r: r.iloc[:3], id="three reports"),
        pytest.param(lambda r: r.assign(event_date=pd.Timestamp("2025-03-03")), id="all on one day"),
    ],
)
def test_poor_reports_give_a_plain_answer(spoil):
    reports = spoil(city(hotspot_days=spread(40))).astype(report.COLUMNS)
    found, result = described(reports)
    assert len(found.hotspots) == len(result.hotspots) and found.n == len(reports)


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_reports_does_not_matter(random):
    reports = city(hotspot_days=spread(20), n_background=60)
    order = list(range(len(reports)))
    random.shuffle(order)
    mixed = described(reports.iloc[order])[0]
    plain = described(reports)[0]
    for a, b in zip(mixed.hotspots, plain.hotspots, strict=True):
        assert (a.id, a.quarters, a.life, a.doubts, a.dark, a.sources) == (
            b.id,
            b.quarters,
            b.life,
            b.doubts,
            b.dark,
            b.sources,
        )
