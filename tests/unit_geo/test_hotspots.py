"""The front door: what a hotspot says about itself, and what the result says about how it was found."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo import report
from geo.crs import RD
from geo.hotspots import HotspotParams, Surroundings, find_hotspots
from geo.marks import MARK_CHAIN, MARK_DAY, MARK_HOUR, MARK_STREET


def city_reports(seed=0):
    rng = np.random.default_rng(seed)
    busy = rng.normal([101_050, 421_050], 20, (25, 2))
    calm = rng.normal([101_850, 421_850], 20, (12, 2))
    stray = rng.uniform([100_000, 420_000], [103_000, 423_000], (60, 2))
    points = np.vstack([busy, calm, stray])
    n = len(points)
    frame = report.empty().reindex(range(n))
    return frame.assign(
        source="app",
        source_id=[f"{i:05d}" for i in range(n)],
        x=points[:, 0],
        y=points[:, 1],
        event_date=pd.Timestamp("2025-03-03") + pd.to_timedelta(np.arange(n) % 10, unit="D"),
        event_minute=np.where(np.arange(n) % 5 == 0, np.nan, 15 * 60 + 30.0),
        categories=np.where(np.arange(n) % 3 == 0, "nafluiten|naroepen", "nafluiten"),
        flags="",
    )


def around():
    buurten = gpd.GeoDataFrame(
        {"code": ["BU1", "BU2"], "name": ["West", "Oost"], "wijk_code": ["WK1", "WK1"]},
        geometry=[shapely.box(100_000, 420_000, 101_500, 423_000), shapely.box(101_500, 420_000, 103_000, 423_000)],
        crs=RD,
    )
    wijken = gpd.GeoDataFrame({"code": ["WK1"], "name": ["Stad"]}, geometry=[buurten.union_all()], crs=RD)
    schools = gpd.GeoDataFrame(
        {"name": ["Verre school", "De School"], "uncertainty_m": [0.0, 200.0]},
        geometry=[shapely.Point(102_900, 420_100), shapely.Point(101_050, 421_150)],
        crs=RD,
    )
    return Surroundings(
        buurten=buurten,
        wijken=wijken,
        schools=schools,
        focus={"Centrum": shapely.box(101_000, 421_000, 101_100, 421_100)},
    )


PARAMS = HotspotParams(eps_m=75.0, min_samples=7)


def test_two_planted_hotspots_are_found_ranked_and_described():
    result = find_hotspots(city_reports(), params=PARAMS, surroundings=around(), data_version="v1")
    first, second = result.hotspots
    assert (first.rank, second.rank) == (1, 2)
    assert first.n >= 25 and second.n >= 12
    assert np.hypot(first.x - 101_050, first.y - 421_050) < 15
    assert (first.buurt_name, first.wijk_name, second.buurt_name) == ("West", "Stad", "Oost")
    assert first.focus_areas == ("Centrum",) and second.focus_areas == ()
    assert first.nearest_school.name == "De School" and 80 < first.nearest_school.metres < 120
    assert first.nearest_school.uncertainty_m == 200.0
    assert first.nearest_stop is None
    assert first.top_categories[0] == ("nafluiten", first.n)
    assert sum(first.hours) + first.n_time_unknown == first.n and first.hours[15] > 0
    assert sum(first.weekdays) == first.n and first.n_dates == 10
    assert not first.is_chain and first.area_m2 > 0 and first.diameter_m < 200
    assert result.n_in == 97 and result.data_version == "v1" and result.crs == RD


def test_counts_in_and_out_balance():
    frame = city_reports()
    frame.loc[0, "uncertainty_m"] = 500.0
    frame.loc[1, "flags"] = report.PROBABLE_DUPLICATE
    frame.loc[2, "x"] = np.nan
    result = find_hotspots(frame, params=PARAMS)
    assert result.left_out == {"coarse_place": 1, "no_place": 1, "probable_duplicate": 1}
    assert result.n_in == sum(result.left_out.values()) + result.n_noise + sum(h.n for h in result.hotspots)
    assert (result.labels == -1).sum() == result.n_noise == (result.kinds == "noise").sum()


def test_raw_leaves_nothing_out_but_reports_without_a_place():
    frame = city_reports()
    frame["uncertainty_m"] = 5_000.0
    frame.loc[2, "x"] = np.nan
    result = find_hotspots(frame, params=HotspotParams(eps_m=75, min_samples=7, raw=True))
    assert result.left_out == {"no_place": 1} and len(result.labels) == 96


@pytest.mark.parametrize("seed", range(5))
def test_another_order_of_the_input_gives_the_same_hotspots_with_the_same_ids(seed):
    frame = city_reports()
    shuffled = frame.sample(frac=1, random_state=seed)
    first, second = (find_hotspots(f, params=PARAMS, surroundings=around()) for f in (frame, shuffled))
    assert [(h.id, h.rank, h.n, h.n_core, h.label) for h in first.hotspots] == [
        (h.id, h.rank, h.n, h.n_core, h.label) for h in second.hotspots
    ]
    pd.testing.assert_series_equal(first.labels, second.labels.sort_index())


def test_a_hotspot_keeps_its_id_when_other_reports_are_filtered_away():
    frame = city_reports()
    whole = find_hotspots(frame, params=PARAMS).hotspots[0]
    part = find_hotspots(frame[frame.index % 4 != 0], params=PARAMS).hotspots[0]
    assert whole.id == part.id and whole.n != part.n


def test_border_reports_never_decide_the_rank():
    core = np.tile([[0.0, 0.0]], (8, 1)) + np.arange(8)[:, None] * [1.0, 0.0]
    rim = np.array([[74.5 * np.cos(a), 74.5 * np.sin(a)] for a in np.linspace(2, 4.2, 6)])
    ten = np.arange(10)[:, None] * [1.0, 0.0] + [2_000.0, 0.0]
    points = np.vstack([core, rim, ten]) + [100_000, 420_000]
    frame = report.empty().reindex(range(len(points))).assign(x=points[:, 0], y=points[:, 1], flags="")
    result = find_hotspots(frame, params=HotspotParams(eps_m=75, min_samples=8))
    assert [h.n_core for h in result.hotspots] == sorted((h.n_core for h in result.hotspots), reverse=True)
    assert result.hotspots[0].n_core == 10 and result.hotspots[1].n > 10


def test_places_named_alike_get_a_letter():
    points = np.vstack([np.full((8, 2), 10.0) + np.arange(8)[:, None], np.full((9, 2), 150.0) + np.arange(9)[:, None]])
    frame = report.empty().reindex(range(17)).assign(x=points[:, 0] + 100_000, y=points[:, 1] + 420_000, flags="")
    ids = [h.id for h in find_hotspots(frame, params=HotspotParams(eps_m=25, min_samples=5)).hotspots]
    assert ids == ["H500-2100", "H500-2100b"]


def test_a_chain_along_a_street_is_called_a_chain():
    x = np.repeat(np.arange(0, 700, 20.0), 3) + 100_000
    frame = report.empty().reindex(range(len(x))).assign(x=x, y=420_000.0, flags="")
    [chain] = find_hotspots(frame, params=PARAMS).hotspots
    assert chain.is_chain and chain.diameter_m == 680.0
    assert chain.marks == (MARK_CHAIN, MARK_STREET) and chain.width_m == 0.0


def spots(*groups, **columns):
    """A frame of reports on given places, each group (x, y, n) a small square round it."""
    rng = np.random.default_rng(4)
    points = np.vstack([[x, y] + rng.uniform(-15, 15, (n, 2)) for x, y, n in groups])
    frame = report.empty().reindex(range(len(points)))
    return frame.assign(x=points[:, 0], y=points[:, 1], flags="", source="app").assign(**columns)


@pytest.mark.parametrize(("length", "width", "marked"), [(300, 20, True), (300, 120, False), (240, 10, False)])
def test_a_hotspot_four_times_as_long_as_wide_and_over_250_metres_lies_along_a_street(length, width, marked):
    turned = np.pi / 6
    along, across = np.meshgrid(np.linspace(0, length, 16), np.linspace(0, width, 6))
    x = along * np.cos(turned) - across * np.sin(turned) + 100_000
    y = along * np.sin(turned) + across * np.cos(turned) + 420_000
    frame = report.empty().reindex(range(x.size)).assign(x=x.ravel(), y=y.ravel(), flags="")
    [found] = find_hotspots(frame, params=PARAMS).hotspots
    assert not found.is_chain and (found.marks == (MARK_STREET,)) == marked
    assert found.width_m == pytest.approx(width) if length > 250 else np.isnan(found.width_m)


def test_a_mark_that_an_analyst_answered_no_longer_speaks_against_that_hotspot_only():
    along, across = np.meshgrid(np.linspace(0, 400, 16), np.linspace(0, 40, 6))
    x, y = np.r_[along.ravel(), along.ravel() + 3_000] + 100_000, np.r_[across.ravel(), across.ravel()] + 420_000
    frame = report.empty().reindex(range(x.size)).assign(x=x, y=y, flags="")
    one, other = find_hotspots(frame, params=PARAMS).hotspots
    assert one.marks == other.marks == (MARK_CHAIN, MARK_STREET) and one.answered == ()
    around = Surroundings(answered_marks=frozenset({(one.id, MARK_STREET), (other.id, MARK_DAY)}))
    one, other = find_hotspots(frame, params=PARAMS, surroundings=around).hotspots
    assert (one.marks, one.answered) == ((MARK_CHAIN,), (MARK_STREET,))
    assert (other.marks, other.answered) == ((MARK_CHAIN, MARK_STREET), ())


def marks_of(frame):
    [found] = find_hotspots(frame, params=PARAMS).hotspots
    return found.marks


def test_more_than_half_of_the_reports_from_one_source_within_an_hour_or_a_day_is_marked():
    day, other = pd.Timestamp("2025-03-03"), pd.to_datetime([f"2025-04-{d:02d}" for d in range(1, 11)])
    dates = [day] * 11 + list(other)
    frame = spots((101_000, 421_000, 21), event_date=dates)
    minutes = np.r_[np.arange(11) * 5.0 + 600, np.arange(10) * 100]
    assert marks_of(frame.assign(event_minute=minutes)) == (MARK_HOUR,)
    assert marks_of(frame.assign(event_minute=np.r_[np.arange(11) * 90.0, np.arange(10) * 100])) == (MARK_DAY,)
    assert marks_of(frame.assign(event_minute=np.nan)) == (MARK_DAY,)
    assert marks_of(frame.assign(event_minute=minutes, source=["app", "balie"] * 10 + ["app"])) == ()
    assert marks_of(frame.assign(event_minute=minutes, event_date=[day] * 10 + list(other) + [other[0]])) == ()
    assert marks_of(frame.assign(event_minute=minutes, source=None)) == ()


def test_the_hour_of_reporting_counts_before_that_of_the_event_and_may_span_midnight():
    reported = pd.Timestamp("2025-03-03 23:40") + pd.to_timedelta(np.arange(12) * 3, unit="min")
    days = pd.to_datetime([f"2025-02-{d:02d}" for d in range(1, 13)])
    frame = spots((101_000, 421_000, 12), event_date=days, event_minute=600.0)
    assert marks_of(frame) == ()
    assert marks_of(frame.assign(reported_at=reported)) == (MARK_HOUR,)
    assert marks_of(frame.assign(reported_at=pd.Timestamp("2025-03-03"))) == ()


RIVER = shapely.box(100_990, 419_000, 101_010, 423_000)
ACROSS = Surroundings(barriers=(RIVER,))


def banks():
    """Ten reports on either bank, 40 metres apart."""
    return spots((100_970, 421_000, 10), (101_030, 421_000, 10))


def test_reports_on_two_banks_are_one_hotspot_without_the_water_and_two_with_it():
    [whole] = find_hotspots(banks(), params=PARAMS).hotspots
    parted = find_hotspots(banks(), params=PARAMS, surroundings=ACROSS)
    assert whole.n == 20 and [h.n for h in parted.hotspots] == [10, 10]
    assert parted.sides.dtype == np.int64 and parted.sides.index.equals(parted.labels.index)
    assert (parted.sides.groupby(parted.labels).nunique() == 1).all() and parted.sides.nunique() == 2


def test_raw_knows_no_water_and_without_barriers_there_are_no_sides():
    params = HotspotParams(eps_m=75, min_samples=7, raw=True)
    raw = find_hotspots(banks(), params=params, surroundings=ACROSS)
    assert len(raw.hotspots) == 1 and raw.sides is None
    assert find_hotspots(banks(), params=PARAMS).sides is None


def test_a_hotspot_at_the_water_is_nothing_special():
    frame = spots((100_970, 421_000, 12))
    [dry], [wet] = (find_hotspots(frame, params=PARAMS, surroundings=s).hotspots for s in (None, ACROSS))
    assert dry == wet or (dry.id, dry.n, dry.x, dry.marks) == (wet.id, wet.n, wet.x, wet.marks)


def test_a_pile_the_analyst_calls_a_real_place_is_a_hotspot_again():
    frame = spots((101_000, 421_000, 30), *((x, 422_000, 1) for x in range(100_000, 104_000, 100)))
    frame.loc[:29, ["x", "y"]] = 101_000.0, 421_000.0
    assert find_hotspots(frame, params=PARAMS).left_out == {"default_point": 30}
    real = Surroundings(accepted_points=np.array([[101_000.0, 421_000.0]]))
    again = find_hotspots(frame, params=PARAMS, surroundings=real)
    assert again.left_out == {} and [h.n for h in again.hotspots] == [30]


@pytest.mark.parametrize("eps", [0.0, -1.0, np.nan, np.inf])
@pytest.mark.parametrize("frame", [report.empty(), city_reports()], ids=["empty", "city"])
def test_an_eps_that_is_no_distance_is_refused_with_its_value(eps, frame):
    with pytest.raises(ValueError, match=r"eps_m = .*must be a distance above 0 metres"):
        find_hotspots(frame, params=HotspotParams(eps_m=eps, min_samples=7))


@pytest.mark.parametrize("least", [0, -3, np.nan])
def test_a_least_number_of_reports_below_one_is_refused(least):
    with pytest.raises(ValueError, match=r"min_samples = .*must be 1 or more"):
        find_hotspots(report.empty(), params=HotspotParams(eps_m=75.0, min_samples=least))


def test_reports_without_any_place_are_counted_and_give_no_hotspot():
    frame = city_reports().assign(x=np.nan, y=np.inf)
    result = find_hotspots(frame, params=PARAMS, surroundings=around())
    assert result.hotspots == () and result.left_out == {"no_place": 97} and len(result.kinds) == 0


def test_fewer_reports_than_needed_are_noise():
    result = find_hotspots(city_reports().iloc[:6], params=PARAMS, surroundings=around())
    assert result.hotspots == () and result.n_noise == 6


def test_all_reports_on_one_point_are_one_hotspot_with_an_area_unless_the_point_is_known_as_nobodys():
    frame = city_reports().assign(x=101_000.0, y=421_000.0)
    known = Surroundings(default_points=np.array([[101_000.0, 421_000.0]]))
    assert find_hotspots(frame, params=PARAMS, surroundings=known).left_out == {"default_point": 97}
    [point] = find_hotspots(frame, params=PARAMS).hotspots  # nothing to stand out from
    assert point.diameter_m == 0 and point.area_m2 == pytest.approx(np.pi * 37.5**2, rel=0.01) and point.n == 97


def test_surroundings_without_a_size_or_a_shape_break_nothing():
    flat = around().buurten
    shapes = [shapely.LineString([(101_000, 421_000), (101_100, 421_000)]), None]
    features = gpd.GeoDataFrame({"name": ["a", "b"], "uncertainty_m": [1.0, 1.0]}, geometry=[None, shapely.Point()])
    broken = Surroundings(
        buurten=flat.set_geometry(gpd.GeoSeries(shapes, crs=RD)),
        wijken=flat.iloc[:0],
        focus={"leeg": shapely.Polygon(), "punt": shapely.Point(0, 0)},
        schools=features,
        stops=features.iloc[:0],
        default_points=np.array([[np.nan, 1.0]]),
        accepted_points=np.zeros((0, 2)),
        barriers=(shapely.Polygon(), shapely.LineString()),
    )
    first, *_ = find_hotspots(city_reports(), params=PARAMS, surroundings=broken).hotspots
    assert (first.buurt_name, first.focus_areas, first.nearest_school, first.nearest_stop) == ("", (), None, None)


def test_more_than_26_hotspots_in_one_cell_are_lettered_on():
    at = np.array([[i * 20.0, j * 20.0] for i in range(6) for j in range(6)]) + [100_000, 420_000]
    frame = report.empty().reindex(range(72)).assign(x=np.repeat(at[:, 0], 2), y=np.repeat(at[:, 1], 2), flags="")
    ids = [h.id for h in find_hotspots(frame, params=HotspotParams(eps_m=5, min_samples=2, raw=True)).hotspots]
    assert len(set(ids)) == 36 and {"H500-2100", "H500-2100z", "H500-2100aa", "H500-2100aj"} <= set(ids)


def test_no_reports_give_an_empty_result():
    result = find_hotspots(report.empty(), params=PARAMS, surroundings=around())
    assert result.hotspots == () and result.n_in == 0 and len(result.labels) == 0
