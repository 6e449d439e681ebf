"""min_samples by the Poisson bound."""

import numpy as np
import pytest
from scipy.stats import poisson

from geo import advice


@pytest.mark.parametrize(("n", "expected"), [(1000, 7), (2000, 10)])
def test_the_published_examples_over_thirty_square_kilometres_with_eps_100(n, expected):
    assert advice.min_samples(n, density_per_m2=n / 30e6, eps_m=100.0) == expected


@pytest.mark.parametrize("n", [50, 500, 5_000])
def test_the_advice_is_the_smallest_that_keeps_chance_to_one_core_report(n):
    m = advice.min_samples(n, density_per_m2=n / 10e6, eps_m=75.0)
    mu = n / 10e6 * np.pi * 75.0**2
    assert n * poisson.sf(m - 2, mu) <= 1
    assert m == advice.LEAST or n * poisson.sf(m - 3, mu) > 1


def test_the_background_density_is_that_of_the_typical_reports_own_buurt():
    counts, areas = np.array([10, 100, 5, 0]), np.array([1e6, 1e6, 50e6, 1e6])
    assert advice.background_density(counts, areas) == 100 / 1e6
    assert advice.background_density(np.zeros(2, int), np.ones(2)) == 0.0
