"""Reports on opposite banks are no neighbours; a ditch, a tram or a barrier that ends divides nothing."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data import background
from geo import chance, nulls, stability
from geo.barriers import barriers, pieces, sides
from geo.certainty import assess
from geo.crs import RD
from geo.dbscan import dbscan
from geo.hotspots import HotspotParams, Surroundings, find_hotspots
from geo.report import empty

X0, Y0 = 105_000.0, 425_000.0
RIVER = shapely.box(X0 - 20_000, Y0 - 30, X0 + 20_000, Y0 + 30)
TRACK = shapely.LineString([(X0, Y0 - 20_000), (X0 + 1.0, Y0 + 20_000)])


def features(*shapes, subtype="x"):
    return gpd.GeoDataFrame({"subtype": [subtype] * len(shapes)}, geometry=list(shapes), crs=RD)


def at(*places):
    x, y = np.array(places, float).T
    return X0 + x, Y0 + y


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(-900, 900), st.integers(-900, 900)), min_size=1, max_size=40))
def test_a_river_and_a_railway_that_cross_make_four_sides(places):
    x, y = at((-950, -950), (950, 950), *[(u, v) for u, v in places if abs(u) > 2 and abs(v) > 31])
    found = sides(x, y, [RIVER, TRACK])
    quarter = 2 * (x > X0) + (y > Y0)
    assert len(set(zip(found.tolist(), quarter.tolist(), strict=True))) == len(set(quarter.tolist()))
    assert len(set(found.tolist())) == len(set(quarter.tolist()))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(-900, 900), st.integers(-900, 900)), min_size=2, max_size=30), st.randoms())
def test_a_places_side_does_not_depend_on_the_order_of_places_or_barriers(places, random):
    x, y = at(*places)
    shuffled = list(range(len(x)))
    random.shuffle(shuffled)
    given_order = sides(x, y, [RIVER, TRACK])
    np.testing.assert_array_equal(given_order[shuffled], sides(x[shuffled], y[shuffled], [TRACK, RIVER]))


def test_a_place_on_the_barrier_goes_to_the_nearest_bank():
    x, y = at((-300, 29), (-300, -29), (-300, 200), (-300, -200), (0.4, 200), (-200, 200))
    found = sides(x, y, [RIVER, TRACK])
    assert found[0] == found[2] and found[1] == found[3] != found[2]
    assert found[4] == found[5]  # on the rails, a hair west of the middle


def test_the_ground_between_two_tracks_is_no_side():
    second = shapely.affinity.translate(TRACK, 4.0)
    x, y = at((-100, 0), (2.6, 0), (100, 0))
    assert len(set(sides(x, y, [TRACK, second]).tolist())) == 2


@pytest.mark.parametrize(
    "barrier",
    [
        shapely.box(X0 - 30, Y0 - 30, X0 + 30, Y0 + 5),  # a harbour basin amid reports
        shapely.LineString([(X0, Y0), (X0, Y0 + 400)]),  # a terminus
        shapely.Point(X0, Y0).buffer(200),  # a lake
        shapely.Point(X0, Y0),
        shapely.Polygon(),
    ],
)
def test_what_one_can_walk_round_amid_reports_divides_nothing(barrier):
    x, y = at((-100, 10), (100, 10), (0, -600), (0, 600))
    assert set(sides(x, y, [barrier]).tolist()) == {0}


def test_a_report_far_away_does_not_open_a_way_round_the_end_of_a_river():
    near = at((0, 200), (0, -200))
    x, y = np.r_[near[0], 250_000.0], np.r_[near[1], 600_000.0]
    assert len(set(sides(*near, [RIVER]).tolist())) == 2
    found = sides(x, y, [RIVER])
    assert found[0] != found[1]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(-2000, 2000), st.integers(-2000, 2000)), min_size=2, max_size=40))
def test_places_near_each_other_with_no_barrier_about_are_on_one_side(places):
    x, y = at(*places)
    found = sides(x, y, [RIVER])
    close = np.hypot(x[:, None] - x, y[:, None] - y) <= 500
    dry = np.abs(y - Y0) > 31
    same_bank = (y[:, None] > Y0) == (y > Y0)
    together = close & same_bank & dry[:, None] & dry
    assert (found[:, None] == found)[together].all()


def test_without_barriers_or_places_all_is_one_side():
    x, y = at((0, 0), (500, 500))
    assert sides(x, y, []).tolist() == [0, 0]
    assert sides(np.zeros(0), np.zeros(0), [RIVER]).tolist() == []


def test_pieces_answer_for_places_that_they_were_not_made_from():
    x, y = at((0, 100), (0, -100))
    ground = pieces(x, y, [RIVER])
    np.testing.assert_array_equal(ground.of(*at((90, 400), (90, -400), (9_000, 50))), ground.of(x, y)[[0, 1, 0]])


def test_wide_water_is_a_barrier_and_a_ditch_is_not():
    wide, ditch = shapely.box(X0, Y0, X0 + 3000, Y0 + 25), shapely.box(X0, Y0 + 500, X0 + 3000, Y0 + 515)
    (found,) = barriers(features(wide, ditch), None)
    assert found.intersection(wide).area >= 0.99 * wide.area and not found.intersects(ditch)
    assert len(barriers(features(wide, ditch), None, min_width_m=10.0)) == 2
    assert barriers(features(wide, ditch), None, min_width_m=60.0) == ()


def test_water_cut_under_a_bridge_is_one_barrier():
    west, east = shapely.box(X0 - 3000, Y0, X0, Y0 + 60), shapely.box(X0 + 15, Y0, X0 + 3000, Y0 + 60)
    x, y = at((0, -200), (0, 300))
    assert len(set(sides(x, y, [west, east]).tolist())) == 1
    assert len(set(sides(x, y, barriers(features(west, east), None)).tolist())) == 2


@pytest.mark.parametrize(
    ("subtype", "divides"), [("rail", True), ("spoor", True), ("Tram", False), ("abandoned", False)]
)
def test_trains_divide_and_trams_do_not(subtype, divides):
    assert bool(barriers(None, features(TRACK, subtype=subtype))) is divides


def test_water_drawn_as_a_line_and_features_without_shape_are_no_barrier():
    assert barriers(features(TRACK, None, shapely.Polygon()), features(None, shapely.LineString())) == ()
    assert barriers(None, None) == barriers(features(), features()) == ()


def test_a_width_that_is_no_distance_is_refused():
    with pytest.raises(ValueError, match="min_width_m = 0"):
        barriers(None, None, min_width_m=0.0)


def test_the_oude_maas_the_wantij_and_the_railway_divide_dordrecht():
    known = background.layers(["GM0505"])
    found = barriers(known["water"], known["railway"])
    rng = np.random.default_rng(1)
    x, y = rng.uniform(100_000, 110_000, 5_000), rng.uniform(419_000, 428_000, 5_000)
    ground = pieces(x, y, found)
    assert 4 <= len(ground.polygons) <= 12
    for barrier in found:
        crossed = shapely.intersection(ground.polygons, barrier)
        assert (shapely.area(crossed) if shapely.area(barrier) else shapely.length(crossed)).max() < 1.0


def two_banks(seed, n=300):
    """A strip of reports on each bank of a river of 40 m, dense enough to chain across it were it not there."""
    rng = np.random.default_rng(seed)
    x = X0 + rng.uniform(-200, 200, n)
    y = Y0 + rng.choice([-1, 1], n) * rng.uniform(21, 60, n)
    return x, y, shapely.box(X0 - 20_000, Y0 - 20, X0 + 20_000, Y0 + 20)


def test_null_runs_respect_the_barriers_that_hotspots_were_found_with():
    x, y, river = two_banks(1)
    own, ground = sides(x, y, [river]), pieces(x, y, [river])
    found = dbscan(x, y, eps_m=60, min_samples=5, sides=own)
    assert found.labels.max() == 1
    null = nulls.uniform(x, y, on=nulls.land_of_reports(x, y))
    ask = {"labels": found.labels, "core": found.core, "eps_m": 60, "min_samples": 5, "null": null, "seed": 1}
    without = chance.against_chance(x, y, runs=49, **ask)
    respected = chance.against_chance(x, y, runs=49, pieces=ground, **ask)
    assert without.clusters_per_run < 1.5 < respected.clusters_per_run  # one carpet, or one on each bank
    for hotspot, blurred in zip(respected.hotspots, without.hotspots, strict=True):
        assert 0 < hotspot.expected < 0.85 * blurred.expected  # its footprint ends at the water


def test_one_piece_of_land_gives_the_answer_of_no_barriers():
    x, y, _ = two_banks(2)
    found = dbscan(x, y, eps_m=30, min_samples=4)
    null = nulls.smoothed(x, y, on=nulls.land_of_reports(x, y))
    ask = {"labels": found.labels, "core": found.core, "eps_m": 30, "min_samples": 4, "null": null, "seed": 1}
    whole = chance.against_chance(x, y, runs=49, pieces=pieces(x, y, []), **ask)
    plain = chance.against_chance(x, y, runs=49, **ask)
    assert whole.hotspots == plain.hotspots
    np.testing.assert_array_equal(whole.maxima, plain.maxima)


def test_null_runs_with_barriers_are_clustered_and_measured_as_the_definition_says():
    x, y, river = two_banks(3)
    null, ground = nulls.uniform(x, y, on=nulls.land_of_reports(x, y)), pieces(x, y, [river])
    drawn = null.draw(200, runs=4, rng=np.random.default_rng(2))
    lattice, x0, y0, side = chance._lattice(null)
    of_cell = chance.ground_of(null, ground)
    got, of_run = chance.kernel.null_statistics(*drawn, 30.0, 4.0, lattice, of_cell, x0, y0, side)
    across, along = np.meshgrid(
        *(o + (np.arange(k) + 0.5) * side for o, k in zip((x0, y0), lattice.shape[::-1], strict=True))
    )
    for run in range(4):
        rx, ry = drawn[0][run], drawn[1][run]
        row, column = ((ry - y0) // side).astype(int), ((rx - x0) // side).astype(int)
        own = of_cell[row, column].astype(np.int64)
        found = dbscan(rx, ry, eps_m=30, min_samples=4, sides=own, engine="reference")
        expected = []
        for label in range(found.labels.max() + 1):
            covered = np.zeros(lattice.shape, bool)
            for i in np.flatnonzero(found.core & (found.labels == label)):
                covered |= (np.hypot(across - rx[i], along - ry[i]) <= 30) & (of_cell == own[i])
                covered[row[i], column[i]] = True
            expected.append(
                chance.kernel.log_likelihood_ratio((found.labels == label).sum(), 200 * lattice[covered].sum(), 200)
            )
        np.testing.assert_allclose(np.sort(got[of_run == run]), np.sort(expected), rtol=1e-9, atol=1e-9)


def test_settings_and_resamples_respect_the_sides():
    x, y, river = two_banks(4)
    own = sides(x, y, [river])
    found = dbscan(x, y, eps_m=75, min_samples=5, sides=own)
    ask = {"labels": found.labels, "core": found.core, "min_samples": 5}
    apart = stability.sweep(x, y, sides=own, **ask), stability.resample(x, y, eps_m=75, seed=1, sides=own, **ask)
    assert (apart[0].table["n_hotspots"] == 2).all()
    assert all(kept.share.tolist() == [1.0, 1.0] for kept in apart)
    assert (stability.sweep(x, y, **ask).table["n_hotspots"] == 1).all()


def test_certainty_follows_the_barriers_of_the_result():
    x, y, river = two_banks(5)
    reports = empty().reindex(range(len(x))).assign(x=x, y=y, flags="", uncertainty_m=0.0)
    result = find_hotspots(
        reports, params=HotspotParams(eps_m=60.0, min_samples=5), surroundings=Surroundings(barriers=(river,))
    )
    assert len(result.hotspots) == 2
    respected = assess(reports, result, buurten=None, barriers=(river,), runs=19)
    without = assess(reports, result, buurten=None, runs=19)
    assert all(h.lives == 1.0 for h in respected.hotspots)
    assert respected.chance.clusters_per_run > without.chance.clusters_per_run


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(-900, 900), st.integers(-900, 900)), min_size=1, max_size=40))
def test_ponds_change_no_side_and_a_place_in_one_is_on_the_side_around_it(places):
    ponds = [shapely.Point(X0 + u, Y0 + v).buffer(15) for u in (-600, -200, 200, 600) for v in (-500, 500)]
    x, y = at((-950, -950), (950, 950), (-600, -500), (200, 500), *places)
    np.testing.assert_array_equal(sides(x, y, [RIVER, TRACK, *ponds]), sides(x, y, [RIVER, TRACK]))


def test_an_island_in_a_lake_stays_a_side_of_its_own_and_its_water_goes_to_the_nearest_shore():
    ring = shapely.Point(X0, Y0).buffer(800).difference(shapely.Point(X0, Y0).buffer(400))
    x, y = at((0, 0), (0, 390), (0, 450), (0, 760), (0, 900), (0, -900))
    found = sides(x, y, [ring])
    assert found[0] == found[1] == found[2] != found[3]
    assert found[3] == found[4] == found[5]
