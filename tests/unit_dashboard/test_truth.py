"""The whole road judged by the demo city's truth: what was planted is found, and noise is not called a hotspot."""

import json

import numpy as np
import pandas as pd
import pytest

from dashboard.state import FilterState
from data.demo.reports import noise_city
from data.viewer import LOCAL_ANALYST
from geo import advice, exclusions
from geo.certainty import assess
from geo.hotspots import HotspotParams, find_hotspots

FOUND_WITHIN_M = 75.0
SEEDS = 20


@pytest.fixture
def truth(demo_files):
    return json.loads((demo_files / "waarheid.json").read_text(encoding="utf-8"))


@pytest.fixture
def found(demo_services):
    """The advised hotspots of the whole demo, as the page shows them."""
    return demo_services.map.overview(LOCAL_ANALYST, FilterState()).result


def metres(found, planted):
    """Distances (found, planted)."""
    here = np.array([[h.x, h.y] for h in found.hotspots])
    there = np.array([[p["x"], p["y"]] for p in planted])
    return np.hypot(*(here[:, None] - there[None]).transpose(2, 0, 1))


def test_planted_hotspots_are_found_with_precision_and_recall_of_nine_in_ten(found, truth):
    apart = metres(found, truth["hotspots"])
    assert (apart.min(axis=1) <= FOUND_WITHIN_M).mean() >= 0.9
    assert (apart.min(axis=0) <= FOUND_WITHIN_M).mean() >= 0.9
    assert np.median(apart.min(axis=0)) <= 25


def test_every_planted_hotspot_is_called_more_than_chance(demo_services, found, truth):
    certain = demo_services.certainty.of(LOCAL_ANALYST, FilterState())
    significant = [h.id for h in certain.hotspots if h.significant]
    near = metres(found, truth["hotspots"]).min(axis=1) <= FOUND_WITHIN_M
    assert {h.id for h, planted in zip(found.hotspots, near, strict=True) if planted} <= set(significant)


def test_the_default_pin_is_left_out_and_never_a_hotspot(demo_services, found, truth):
    pin = truth["default_pin"]
    reports, _, _ = demo_services.map.clustered(LOCAL_ANALYST, FilterState())
    mine = reports.index[reports["source_id"].isin(pin["ids"])]
    reasons = found.reasons.reindex(mine)
    assert set(reasons) <= {exclusions.report.DEFAULT_POINT, *exclusions.FLAGGED_OUT}
    assert len(mine) and not found.labels.index.isin(mine).any()
    assert min(np.hypot(h.x - pin["x"], h.y - pin["y"]) for h in found.hotspots) > FOUND_WITHIN_M


def test_noise_gives_at_most_one_significant_hotspot_on_average_in_twenty_cities(demo_services):
    city = demo_services.map.city()
    significant = []
    for seed in range(SEEDS):
        reports = noise_city(seed, 450)
        positions = city.buurt_positions(reports, tolerance_m=1.0)
        least = advice.for_reports(reports, positions=positions, eps_m=75.0, surroundings=city.surroundings)
        result = find_hotspots(
            reports, params=HotspotParams(eps_m=75.0, min_samples=least), surroundings=city.surroundings
        )
        tested = assess(reports, result, buurten=city.buurten, runs=199, seed=seed)
        significant.append(sum(h.significant for h in tested.hotspots))
    assert np.mean(significant) <= 1, significant


def test_twice_the_reports_everywhere_moves_no_hotspot(demo_services, found):
    reports, _, _ = demo_services.map.clustered(LOCAL_ANALYST, FilterState())
    twice = pd.concat([reports, reports], ignore_index=True)
    params = HotspotParams(eps_m=found.params.eps_m, min_samples=2 * found.params.min_samples)
    again = find_hotspots(twice, params=params, surroundings=demo_services.map.city().surroundings)
    assert {h.id for h in found.hotspots} <= {h.id for h in again.hotspots}
