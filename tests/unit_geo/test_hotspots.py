"""The front door: what a hotspot says about itself, and what the result says about how it was found."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo import report
from geo.crs import RD
from geo.hotspots import HotspotParams, Surroundings, find_hotspots


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


def test_no_reports_give_an_empty_result():
    result = find_hotspots(report.empty(), params=PARAMS, surroundings=around())
    assert result.hotspots == () and result.n_in == 0 and len(result.labels) == 0
