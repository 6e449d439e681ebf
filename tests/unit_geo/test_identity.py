"""Hotspots through the quarters: who is the same, and what kind of life is it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.identity import Life, Sighting, classify, footprint, link, overlap, overlaps, shared, within


def blob(x, y, name, n=10, spread=30.0, seed=0):
    rng = np.random.default_rng(seed)
    return Sighting(id=name, cells=footprint(rng.normal(x, spread, n), rng.normal(y, spread, n)), n=n)


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        pytest.param("11111111", Life.PERSISTENT, id="always there"),
        pytest.param("11101111", Life.PERSISTENT, id="in seven of eight"),
        pytest.param("11011011", Life.INTERMITTENT, id="in six of eight is too few to be persistent"),
        pytest.param("1111011110", Life.PERSISTENT, id="exactly 80 percent, though not lately"),
        pytest.param("00000011", Life.EMERGING, id="the last two of eight: 20 percent rounded up"),
        pytest.param("00000001", Life.EMERGING, id="only just now"),
        pytest.param("00000111", Life.INTERMITTENT, id="a little too long ago to be emerging"),
        pytest.param("11110000", Life.FORMER, id="gone"),
        pytest.param("00100000", Life.FORMER, id="once, long ago"),
        pytest.param("10010010", Life.INTERMITTENT, id="comes and goes"),
        pytest.param("0000", None, id="too few periods"),
        pytest.param("1111", None, id="four periods are too few as well"),
        pytest.param("00000000", None, id="never there"),
    ],
)
def test_the_kind_of_life(present, expected):
    assert classify([p == "1" for p in present]) is expected


def test_a_hotspot_keeps_its_id_while_it_overlaps_and_one_elsewhere_is_new():
    periods = [[blob(1000 + 20 * q, 1000, f"Q{q}", seed=q)] for q in range(6)]
    periods[3].append(blob(3000, 3000, "elders"))
    first, second = link(periods, totals=[20] * 6)
    assert first.id == "Q0" and first.ids == ("Q0", "Q1", "Q2", "Q3", "Q4", "Q5")
    assert first.life is Life.PERSISTENT
    assert second.id == "elders" and second.ids == ("", "", "", "elders", "", "") and second.life is Life.FORMER


def test_a_hotspot_that_returns_on_its_old_place_is_the_same_one():
    here = blob(1000, 1000, "A")
    (track,) = link([[here], [], [], [], [here], [], [here]], totals=[50] * 7)
    assert track.life is Life.INTERMITTENT
    assert track.counts == (10, 0, 0, 0, 10, 0, 10)


def test_of_a_split_the_larger_part_keeps_the_id_and_of_a_merger_the_one_more_alike():
    whole = Sighting(id="W", cells=footprint(np.arange(0, 600, 25.0), np.zeros(24)), n=24)
    large = Sighting(id="L", cells=footprint(np.arange(0, 400, 25.0), np.zeros(16)), n=16)
    small = Sighting(id="S", cells=footprint(np.arange(500, 600, 25.0), np.zeros(4)), n=4)
    tracks = link([[whole], [small, large]], totals=[30, 30])
    assert [t.ids for t in tracks] == [("W", "L"), ("", "S")]
    tracks = link([[small, large], [whole]], totals=[30, 30])
    assert [t.ids for t in tracks] == [("L", "W"), ("S", "")]


def test_the_share_of_the_city_stands_beside_the_count():
    (track,) = link([[blob(0, 0, "A", n=10)], [blob(0, 0, "A", n=20)], []], totals=[100, 400, 0])
    assert track.counts == (10, 20, 0)
    assert track.shares[:2] == (0.1, 0.05) and np.isnan(track.shares[2])  # more reports, a smaller share
    assert track.life is None


def test_two_tracks_with_one_place_name_are_told_apart():
    tracks = link([[blob(0, 0, "A")], [blob(2000, 0, "A")]], totals=[10, 10])
    assert [t.id for t in tracks] == ["A", "A-2"]


POINT = st.tuples(st.floats(0, 2000), st.floats(0, 2000))
QUARTERS = st.lists(st.lists(POINT, max_size=4, unique=True), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(QUARTERS, st.randoms(use_true_random=False))
def test_every_sighting_is_in_one_track_whatever_the_order_within_a_period(quarters, random):
    periods = [[blob(x, y, f"{q}.{i}", seed=i) for i, (x, y) in enumerate(points)] for q, points in enumerate(quarters)]
    totals = [100] * len(periods)
    tracks = link(periods, totals=totals)
    seen = sorted(name for t in tracks for name in t.ids if name)
    assert seen == sorted(s.id for period in periods for s in period)
    assert len({t.id for t in tracks}) == len(tracks)
    mixed = [random.sample(period, len(period)) for period in periods]
    assert [t.ids for t in link(mixed, totals=totals)] == [t.ids for t in tracks]


@settings(max_examples=60, deadline=None)
@given(st.lists(POINT, min_size=1, max_size=20), st.lists(POINT, min_size=1, max_size=20))
def test_overlap_is_symmetric_and_whole_with_itself_and_a_footprint_holds_its_reports(a, b):
    first, second = footprint(*np.array(a).T), footprint(*np.array(b).T)
    assert overlap(first, second) == overlap(second, first)
    assert 0 <= overlap(first, second) <= 1
    assert overlap(first, first) == 1.0
    assert within(*np.array(a).T, first).all()


FOOTPRINTS = st.lists(st.lists(POINT, max_size=5), max_size=5)


@settings(max_examples=60, deadline=None)
@given(FOOTPRINTS, FOOTPRINTS)
def test_many_overlaps_at_once_are_those_of_each_pair(first, second):
    a, b = ([footprint(*np.array(points).reshape(-1, 2).T) for points in group] for group in (first, second))
    pairs = shared(a, b)
    found = dict(zip(zip(*(p.tolist() for p in pairs[:2]), strict=True), overlaps(a, b, pairs).tolist(), strict=True))
    expected = {(i, j): overlap(one, other) for i, one in enumerate(a) for j, other in enumerate(b)}
    assert found == {pair: value for pair, value in expected.items() if value}


def test_neighbouring_cells_overlap_and_distant_ones_do_not():
    one = footprint(np.array([25.0]), np.array([25.0]))
    assert len(one) == 9
    assert overlap(one, footprint(np.array([75.0]), np.array([25.0]))) == pytest.approx(6 / 9)
    assert overlap(one, footprint(np.array([175.0]), np.array([25.0]))) == 0
    assert within(np.array([99.0, 101.0, np.nan]), np.array([0.0, 0.0, 0.0]), one).tolist() == [True, False, False]


def test_nothing_gives_nothing_and_nonsense_is_refused_by_name():
    assert link([], totals=[]) == () and link([[], []], totals=[0, 0]) == ()
    empty = footprint(np.zeros(0), np.zeros(0))
    assert len(empty) == 0 and overlap(empty, empty) == 0
    with pytest.raises(ValueError, match="1 totals for 2 periods"):
        link([[], []], totals=[1])
    with pytest.raises(ValueError, match="10 reports of a total of 5"):
        link([[blob(0, 0, "A")]], totals=[5])
    with pytest.raises(ValueError, match="min_overlap = 0"):
        link([], totals=[], min_overlap=0)
    with pytest.raises(ValueError, match="cell_m = 0"):
        footprint(np.zeros(1), np.zeros(1), cell_m=0)
    with pytest.raises(ValueError, match="without a place"):
        footprint(np.array([np.nan]), np.zeros(1))
