"""Gi* against esda, its permutations against the hypergeometric distribution they must follow."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from geo.getis import gi_star, neighbours


def a_city(seed, shape=(18, 23)):
    rng = np.random.default_rng(seed)
    counts = rng.poisson(0.4, shape)
    counts[4:7, 5:8] += 5
    land = np.ones(shape, bool)
    land[:, 11] = False  # a river
    land[15:, :4] = False
    return counts, land


def esda_weights(land, reach):
    from libpysal.weights import W

    cells = np.argwhere(land)
    near = ((cells[:, None, :] - cells[None, :, :]) ** 2).sum(axis=2) <= reach**2
    return W({i: [int(j) for j in np.flatnonzero(row) if j != i] for i, row in enumerate(near)}, silence_warnings=True)


@pytest.mark.parametrize("reach", [1.0, 1.5, 2.0, 3.2])
def test_z_equals_esdas(reach):
    from esda import G_Local

    counts, land = a_city(3)
    ours = gi_star(counts, land=land, reach_cells=reach)
    weights = esda_weights(land, reach)
    theirs = G_Local(counts[land].astype(float), weights, transform="B", star=True, permutations=0)
    np.testing.assert_allclose(ours.z[land], theirs.Zs, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(np.minimum(ours.p, 1 - ours.p)[land], theirs.p_norm, rtol=1e-6, atol=1e-12)
    assert np.isnan(ours.z[~land]).all()


def test_permutation_p_follows_the_hypergeometric_distribution_for_ones_and_zeros():
    rng = np.random.default_rng(5)
    counts = (rng.random((20, 20)) < 0.1).astype(int)
    found = gi_star(counts, reach_cells=1.5, permutations=999, seed=1)
    degree = np.asarray(neighbours(np.ones((20, 20), bool), reach_cells=1.5).sum(axis=1)).reshape(20, 20)
    padded = np.pad(counts, 1)  # sums over the neighbourhoods, by hand
    local = sum(padded[1 + i : 21 + i, 1 + j : 21 + j] for i in (-1, 0, 1) for j in (-1, 0, 1))
    expected = hypergeom.sf(local - 1, 400, counts.sum(), degree)
    np.testing.assert_allclose(found.p, expected, atol=0.01)


def test_the_planted_block_is_found_and_the_same_seed_repeats():
    counts, land = a_city(8)
    found = gi_star(counts, land=land, permutations=199, seed=2)
    assert (found.q[4:7, 5:8] < 0.05).all()
    hot = np.argwhere(found.q < 0.05)
    assert hot.min(axis=0).tolist() >= [3, 4] and (hot.max(axis=0) <= [7, 8]).all()
    again = gi_star(counts, land=land, permutations=199, seed=2)
    np.testing.assert_array_equal(again.p, found.p)


def test_pure_noise_has_hardly_a_hot_cell_after_the_false_discovery_rate():
    hot = [
        (gi_star(np.random.default_rng(s).poisson(0.3, (40, 40)), permutations=99, seed=s).q < 0.05).any()
        for s in range(20)
    ]
    assert sum(hot) <= 4


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000))
def test_turning_the_map_turns_the_answer_and_doubling_the_counts_changes_none(seed):
    counts, land = a_city(seed, (9, 13))
    plain = gi_star(counts, land=land)
    np.testing.assert_allclose(gi_star(counts.T, land=land.T).z, plain.z.T)
    np.testing.assert_allclose(gi_star(counts * 2, land=land).z, plain.z)


def test_what_lies_on_water_does_not_count():
    counts, land = a_city(1)
    flooded = counts.copy()
    flooded[~land] = 1000
    np.testing.assert_array_equal(gi_star(flooded, land=land).z, gi_star(counts, land=land).z)


@pytest.mark.parametrize("counts", [np.zeros((10, 10), int), np.full((10, 10), 3), np.arange(20).reshape(4, 5)])
def test_equal_counts_or_too_few_cells_give_no_statement(counts):
    found = gi_star(counts)
    assert np.isnan(found.z).all() and np.isnan(found.p).all() and np.isnan(found.q).all()


def test_nonsense_is_refused_by_name():
    counts, land = a_city(1)
    with pytest.raises(ValueError, match="seed"):
        gi_star(counts, permutations=9)
    with pytest.raises(ValueError, match="reach_cells = 0"):
        gi_star(counts, reach_cells=0)
    with pytest.raises(ValueError, match="one grid"):
        gi_star(counts, land=land[:3])
    with pytest.raises(ValueError, match="whole numbers"):
        gi_star(counts - 1)
