"""Sources that round their places are seen, by a test that chance does not pass; the rest are left in peace."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from geo import lattice, report
from geo.crs import RD, WGS84, to_rd, to_wgs84
from geo.hotspots import HotspotParams, Surroundings, find_hotspots
from geo.marks import MARK_LATTICE

CITY = np.array([[101_000.0, 421_000.0], [109_000.0, 427_000.0]])


def places(n=300, seed=0):
    return np.random.default_rng(seed).uniform(*CITY, (n, 2)).T


def rounded(x, y, decimals):
    lon, lat = to_wgs84(x, y)
    return to_rd(np.round(lon, decimals), np.round(lat, decimals))


def table(*sources):
    """One frame out of (name, x, y)."""
    names = np.concatenate([[name] * len(x) for name, x, _ in sources])
    frame = report.empty().reindex(range(len(names)))
    x, y = (np.concatenate([s[i] for s in sources]) for i in (1, 2))
    return frame.assign(source=names, x=x, y=y, flags="")


@pytest.mark.parametrize("spacing", [spacing for crs, spacing in lattice.COARSEST_FIRST if crs == RD])
@pytest.mark.parametrize("centred", [False, True])
def test_multiples_of_a_round_number_of_metres_are_a_lattice_on_corners_or_on_centres(spacing, centred):
    x, y = (np.floor(c / spacing) * spacing + centred * spacing / 2 for c in places())
    found = lattice.find(x, y)
    assert (found.crs, found.spacing, found.centred) == (RD, spacing, centred)
    assert found.radius_m == pytest.approx(spacing / np.sqrt(2))


@pytest.mark.parametrize(("decimals", "radius"), [(2, 654), (3, 65)])
def test_degrees_of_two_or_three_decimals_are_a_lattice_also_after_conversion_to_metres(decimals, radius):
    found = lattice.find(*rounded(*places(), decimals))
    assert (found.crs, found.spacing, found.centred) == (WGS84, 10.0**-decimals, False)
    assert found.radius_m == pytest.approx(radius, abs=2)


def test_a_lattice_is_still_seen_in_centimetres_with_an_exact_place_here_and_there():
    x, y = (np.round(c, 2) for c in rounded(*places(), 2))
    x[:5], y[:5] = places(5, seed=1)
    assert lattice.find(x, y).spacing == 0.01


def test_the_radius_is_as_far_as_a_place_can_have_moved_by_rounding():
    x, y = places(5_000)
    moved = np.hypot(*(np.array(rounded(x, y, 2)) - [x, y])).max()
    assert 0.95 * moved < lattice.find(*rounded(x, y, 2)).radius_m < 1.05 * moved


@pytest.mark.parametrize("written", [0.01, 1.0, 5.0, 10.0, 20.0, 25.0])
def test_places_written_no_coarser_than_25_metres_are_no_lattice(written):
    x, y = (np.round(c / written) * written for c in places())
    assert lattice.find(x, y) is None


@pytest.mark.parametrize(
    "middle", [(105_000, 425_000), (180_000, 315_000), (250_000, 605_000)], ids=["west", "south", "north"]
)
def test_lattices_are_tried_coarsest_first_wherever_in_the_country(middle):
    x, y = (np.array([m]) for m in middle)
    radii = [lattice._radius(crs, spacing, x, y) for crs, spacing in lattice.COARSEST_FIRST]
    assert radii == sorted(radii, reverse=True)


def test_four_decimals_are_no_lattice():
    assert lattice.find(*rounded(*places(), 4)) is None


def test_piles_on_a_few_round_coordinates_are_no_lattice():
    x, y = (np.repeat(np.round(c[:11], -2), 40) for c in places())
    assert lattice.find(x, y) is None


def test_twelve_places_are_the_fewest_that_say_something_and_the_chance_is_as_stated():
    x, y = (np.round(c, -2) for c in places())
    assert lattice.find(x[:12], y[:12]).spacing == 100.0 and lattice.find(x[:11], y[:11]) is None
    assert binom.sf(11, 12, lattice.FITS) <= lattice.CHANCE < binom.sf(10, 11, lattice.FITS)
    assert len(lattice.KNOWN) == 14 and lattice.CHANCE == 1e-7
    assert binom.sf(11, 12, 1 / 2_500) < 1e-39


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 2_000), st.sampled_from([0.01, 1.0, 25.0]))
def test_scattered_places_never_pass_for_a_lattice(seed, n, written):
    x, y = (np.round(c / written) * written for c in places(n, seed))
    assert lattice.find(x, y) is None


def test_each_source_is_judged_by_itself_and_only_its_reports_on_the_lattice_are_in_doubt():
    on, off = rounded(*places(100), 2), places(100, seed=2)
    on[0][0] += 30
    frame = table(("balie", *on), ("app", *off))
    assert set(lattice.by_source(frame)) == {"balie"}
    metres = lattice.radius(frame)
    assert metres[0] == 0 and (metres[1:100] > 600).all() and (metres[100:] == 0).all()
    assert not lattice.radius(frame, accepted=frozenset({"balie"})).any()


def test_a_source_without_a_name_or_reports_without_a_place_are_passed_over():
    x, y = (np.round(c, -2) for c in places(40))
    frame = table(("app", x, y))
    frame.loc[:4, ["x", "y"]] = np.nan, np.inf
    frame["source"] = frame["source"].where(frame.index > 0)
    assert (lattice.radius(frame) > 0).sum() == 35
    assert lattice.find(np.full(3, np.nan), np.full(3, np.nan)) is None
    assert len(lattice.radius(report.empty())) == 0 and lattice.by_source(report.empty()) == {}


def test_reports_on_a_lattice_wider_than_eps_are_left_out_until_the_analyst_accepts_the_source():
    on = rounded(*(np.tile(c, 9) for c in places(40)), 2)
    frame = table(("balie", *on), ("app", *places(60, seed=3)))
    params = HotspotParams(eps_m=75.0, min_samples=7)
    found = find_hotspots(frame, params=params)
    assert found.left_out == {"lattice": 360} and found.hotspots == ()
    accepted = find_hotspots(frame, params=params, surroundings=Surroundings(accepted_sources=frozenset({"balie"})))
    assert accepted.left_out == {} and accepted.hotspots
    assert not any(MARK_LATTICE in h.marks for h in accepted.hotspots)


def test_a_hotspot_of_reports_on_a_lattice_finer_than_eps_stays_and_bears_a_mark():
    x, y = (np.round(c, -2) for c in places(40))
    x, y = np.append(x, np.tile(103_000.0, 7)), np.append(y, np.tile(423_000.0, 7))
    found = find_hotspots(table(("balie", x, y)), params=HotspotParams(eps_m=75.0, min_samples=7))
    marked = [h for h in found.hotspots if np.hypot(h.x - 103_000, h.y - 423_000) < 75]
    assert len(marked) == 1 and marked[0].marks == (MARK_LATTICE,)
