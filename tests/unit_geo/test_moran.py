"""Moran's I, global and local, against esda; contiguity against libpysal."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.moran import contiguity, global_moran, local_moran


def lattice(rows=8, columns=9, gap=0.0):
    boxes = [
        shapely.box(100 * i, 100 * j, 100 * i + 100 - gap, 100 * j + 100 - gap)
        for i in range(rows)
        for j in range(columns)
    ]
    return gpd.GeoDataFrame(geometry=boxes, crs="EPSG:28992")


def esda_weights(areas):
    from libpysal.weights import Queen

    weights = Queen.from_dataframe(areas, use_index=False)
    weights.transform = "r"
    return weights


def smooth(seed=0):
    rng = np.random.default_rng(seed)
    values = rng.poisson(3, 72).astype(float)
    values[[0, 1, 9, 10]] += 9
    return values


def test_weights_equal_libpysals_queen():
    areas = lattice()
    np.testing.assert_allclose(contiguity(areas).toarray(), esda_weights(areas).full()[0])


def test_gaps_within_the_tolerance_still_touch_and_wider_ones_do_not():
    assert contiguity(lattice(gap=0.5)).nnz == contiguity(lattice()).nnz
    assert contiguity(lattice(gap=3.0)).nnz == 0


def test_global_i_and_z_equal_esdas_and_p_comes_near():
    from esda import Moran

    areas, values = lattice(), smooth()
    ours = global_moran(values, contiguity(areas), seed=1)
    np.random.seed(3)  # esda draws from numpy's global generator
    theirs = Moran(values, esda_weights(areas), permutations=999)
    assert ours.i == pytest.approx(theirs.I)
    assert ours.expected == pytest.approx(theirs.EI)
    assert ours.z == pytest.approx(theirs.z_rand)
    assert ours.p / 2 == pytest.approx(theirs.p_sim, abs=0.02)


def test_local_i_and_quadrants_equal_esdas():
    from esda import Moran_Local

    areas, values = lattice(), smooth()
    ours = local_moran(values, contiguity(areas), seed=1)
    theirs = Moran_Local(values, esda_weights(areas), permutations=0)
    np.testing.assert_allclose(ours["i"], theirs.Is)
    assert ours["quadrant"].tolist() == [("", "HH", "LH", "LL", "HL")[q] for q in theirs.q]
    assert (ours["quadrant"][:2] == "HH").all()
    assert (ours["q"] >= ours["p"] - 1e-12).all()


def test_local_p_is_that_of_shuffling_the_others_one_area_at_a_time():
    areas, values = lattice(), smooth()
    weights = contiguity(areas).toarray()
    ours = local_moran(values, contiguity(areas), permutations=1999, seed=1)
    rng = np.random.default_rng(77)
    for area in (0, 3, 11, 40, 71):
        lag = weights[area] @ values
        others = np.flatnonzero(np.arange(72) != area)
        shuffled = np.tile(values, (4000, 1))
        shuffled[:, others] = rng.permuted(shuffled[:, others], axis=1)
        drawn = shuffled @ weights[area]
        tails = (drawn >= lag - 1e-9).mean(), (drawn <= lag + 1e-9).mean()
        assert ours["p"][area] == pytest.approx(min(1.0, 2 * min(tails)), abs=0.05)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.floats(0.1, 50), st.floats(-20, 20))
def test_scale_and_shift_change_nothing_and_numbering_does_not_matter(seed, scale, shift):
    weights, values = contiguity(lattice()), smooth(seed)
    plain, moved = global_moran(values, weights, seed=5), global_moran(values * scale + shift, weights, seed=5)
    assert moved.i == pytest.approx(plain.i)
    assert moved.p == pytest.approx(plain.p)
    order = np.random.default_rng(seed).permutation(72)
    shuffled = global_moran(values[order], weights[order][:, order], seed=5)
    assert shuffled.i == pytest.approx(plain.i)
    assert shuffled.z == pytest.approx(plain.z)


def test_the_local_ones_sum_to_the_global_one():
    weights, values = contiguity(lattice()), smooth()
    local = local_moran(values, weights, permutations=9, seed=1)["i"].sum()
    assert local / 71 == pytest.approx(global_moran(values, weights, permutations=9, seed=1).i)


def test_unknown_values_are_left_out_and_their_neighbours_weights_standardised_again():
    areas, values = lattice(), smooth()
    values[[3, 40]] = np.nan
    known = ~np.isnan(values)
    plain = global_moran(values[known], contiguity(areas[known]), seed=2)
    assert global_moran(values, contiguity(areas), seed=2) == plain
    local = local_moran(values, contiguity(areas), seed=2)
    assert local.loc[[3, 40], "i"].isna().all() and (local.loc[[3, 40], "quadrant"] == "").all()
    assert local["i"].notna().sum() == 70


def test_islands_get_no_statement_and_are_counted():
    areas = lattice()
    alone = gpd.GeoDataFrame(geometry=[shapely.box(9000, 9000, 9100, 9100)], crs=areas.crs)
    both = gpd.GeoDataFrame(geometry=[*areas.geometry, *alone.geometry], crs=areas.crs)
    values = np.append(smooth(), 4.0)
    assert global_moran(values, contiguity(both), seed=1).n_islands == 1
    assert local_moran(values, contiguity(both), seed=1).iloc[-1].isna().sum() == 3


@pytest.mark.parametrize("values", [np.full(72, 2.0), np.full(72, np.nan)])
def test_equal_or_unknown_values_give_no_statement(values):
    assert global_moran(values, contiguity(lattice()), seed=1) is None
    assert local_moran(values, contiguity(lattice()), seed=1)["p"].isna().all()


def test_few_areas_or_none_give_no_statement_and_nonsense_is_refused_by_name():
    assert global_moran([1.0, 2, 3, 4], contiguity(lattice(2, 2)), seed=1) is None
    assert global_moran([], contiguity(lattice(0, 0)), seed=1) is None
    assert len(local_moran([], contiguity(lattice(0, 0)), seed=1)) == 0
    with pytest.raises(ValueError, match="72"):
        global_moran([1.0], contiguity(lattice()), seed=1)
    with pytest.raises(ValueError, match="finite"):
        global_moran([np.inf] * 72, contiguity(lattice()), seed=1)
