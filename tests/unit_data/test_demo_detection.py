"""What an analysis must find in the demo city, judged by its truth file and by scikit-learn's DBSCAN."""

import numpy as np
import pytest
import shapely
from sklearn.cluster import DBSCAN

from data.demo import outline, reports
from data.demo.drafts import drafts
from geo.advice import background_density, min_samples
from geo.crs import to_rd

EPS_M = 75.0
FOUND_WITHIN_M = 75.0
LEFT_OUT = ("swapped_axes", "null_island", "coarse_place", "withdrawn", "duplicates")


def _usable(seed):
    """(n, 2) RD places of the reports that a careful importer and analysis would cluster."""
    rows = drafts(seed)
    keep = ~rows["error"].isin(LEFT_OUT) & (rows["group"] != "default_pin")
    return rows.loc[keep, ["x", "y"]].to_numpy()


def _centres(xy, needed):
    fit = DBSCAN(eps=EPS_M, min_samples=needed).fit(xy)
    core = np.isin(np.arange(len(xy)), fit.core_sample_indices_)
    return np.array([xy[core & (fit.labels_ == k)].mean(axis=0) for k in range(fit.labels_.max() + 1)]).reshape(-1, 2)


def _distances(seed, needed):
    """Metres from every found centre (rows) to every planted one (columns)."""
    planted = np.array([[h["x"], h["y"]] for h in reports.generate(seed).truth["hotspots"]])
    return np.hypot(*(_centres(_usable(seed), needed)[:, None] - planted[None]).transpose(2, 0, 1))


def _advised(xy):
    areas = outline.outlines()
    counts = np.array([shapely.contains_xy(area, xy).sum() for area in areas.geometry])
    density = background_density(counts, areas.area.to_numpy())
    return min_samples(len(xy), density_per_m2=density, eps_m=EPS_M)


def test_the_advice_for_the_demo_city_is_about_seven_reports():
    assert 6 <= _advised(_usable(2025)) <= 8


@pytest.mark.parametrize("seed", [2025, 1, 2, 3])
@pytest.mark.parametrize("needed", [7, 8])
def test_planted_hotspots_are_found_and_nothing_else(seed, needed):
    distance = _distances(seed, needed)
    precision = (distance.min(axis=1) <= FOUND_WITHIN_M).mean()
    recall = (distance.min(axis=0) <= FOUND_WITHIN_M).mean()
    assert precision >= 0.9 and recall >= 0.9
    assert np.median(distance.min(axis=0)) <= 25


def test_the_default_seed_is_found_in_full_at_every_advised_setting():
    for needed in (6, 7, 8):
        distance = _distances(2025, needed)
        assert distance.shape == (10, 10) and distance.min(axis=0).max() <= 25


def test_background_alone_makes_no_hotspot_in_the_default_seed_and_at_most_one_on_average_in_others():
    found = {
        seed: len(_centres(reports.noise_city(seed, 450)[["x", "y"]].to_numpy(), 7)) for seed in (2025, *range(1, 11))
    }
    assert found.pop(2025) == 0
    assert np.mean(list(found.values())) <= 1


def test_the_default_pin_would_be_a_hotspot_if_it_were_not_recognised():
    demo = reports.generate(2025)
    pin = demo.truth["default_pin"]
    rows = demo.table[demo.table["kenmerk"].isin(pin["ids"])]
    lat, lon = (rows[c].str.replace(",", ".").astype(float).to_numpy() for c in ("breedtegraad", "lengtegraad"))
    centres = _centres(np.column_stack(to_rd(lon, lat)), 7)
    assert len(centres) == 1 and np.hypot(*(centres[0] - [pin["x"], pin["y"]])) < 0.2
