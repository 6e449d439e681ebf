"""Cells, thresholds, rounding, closed quarters."""

from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import disclosure
from geo.disclosure import PublishRule

PLACES = st.lists(st.tuples(st.floats(100_000, 101_000), st.floats(420_000, 421_000)), min_size=1, max_size=30)


@given(PLACES, st.sampled_from([25, 50, 100, 200]))
def test_every_vertex_is_on_the_grid_and_every_report_well_inside(points, cell_m):
    x, y = np.array(points).T
    shape = disclosure.cells(x, y, cell_m=cell_m)
    corners = shapely.get_coordinates(shape)
    assert (corners % cell_m == 0).all()
    to_edge = shapely.distance(shapely.boundary(shape), shapely.points(x, y))
    assert (to_edge >= cell_m).all()


@given(PLACES, st.randoms(use_true_random=False))
def test_the_shape_does_not_depend_on_the_order_or_on_where_in_its_cell_a_report_lies(points, random):
    x, y = np.array(points).T
    first = disclosure.cells(x, y, cell_m=100)
    shuffled = list(range(len(x)))
    random.shuffle(shuffled)
    centred = [np.floor(v[shuffled] / 100) * 100 + 50 for v in (x, y)]
    assert first.equals(disclosure.cells(*centred, cell_m=100))


@given(PLACES, st.integers(1, 4), st.randoms(use_true_random=False))
def test_the_shapes_of_groups_are_those_of_each_by_itself(points, size, random):
    x, y = np.array(points).T
    group = np.array([random.randrange(size) for _ in points])
    shapes = disclosure.cells_by(group, x, y, size=size, cell_m=100)
    assert len(shapes) == size
    for i, shape in enumerate(shapes):
        assert shape.equals_exact(disclosure.cells(x[group == i], y[group == i], cell_m=100), 0)


def test_no_groups_have_no_shapes():
    none = np.zeros(0)
    assert len(disclosure.cells_by(none.astype(np.int64), none, none, size=0, cell_m=100)) == 0


@pytest.mark.parametrize(("n", "shown"), [(10, 10), (12, 10), (13, 15), (17, 15), (18, 20), (0, 0)])
def test_counts_are_rounded_to_five(n, shown):
    assert disclosure.rounded(n) == shown


@pytest.mark.parametrize(
    ("n", "n_dates", "n_suspect", "allowed"),
    [(10, 3, 0, True), (9, 9, 0, False), (40, 2, 0, False), (10, 5, 5, True), (10, 5, 6, False)],
)
def test_a_hotspot_is_published_only_with_k_reports_on_three_dates_and_no_flood(n, n_dates, n_suspect, allowed):
    assert disclosure.may_publish(n, n_dates=n_dates, n_suspect=n_suspect, rule=PublishRule()) is allowed


TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("start", "end", "today", "expected"),
    [
        # a sentence per row: what is asked, on what day, and which whole closed quarters come out
        (date(2026, 1, 1), date(2026, 3, 31), TODAY, (date(2026, 1, 1), date(2026, 3, 31))),  # a closed quarter itself
        (date(2026, 2, 10), date(2026, 5, 3), TODAY, (date(2026, 1, 1), date(2026, 6, 30))),  # widened on both sides
        (date(2026, 8, 1), date(2026, 11, 21), TODAY, (date(2026, 7, 1), date(2026, 9, 30))),  # cut at the open quarter
        (date(2026, 10, 5), date(2026, 11, 1), TODAY, None),  # only the open quarter
        (date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 29), None),  # 29 days after its end: not frozen yet
        (date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 30), (date(2026, 7, 1), date(2026, 9, 30))),  # 30 days
        (
            date(2025, 12, 31),
            date(2025, 12, 31),
            TODAY,
            (date(2025, 10, 1), date(2025, 12, 31)),
        ),  # the last quarter of a year
    ],
)
def test_an_export_covers_whole_quarters_that_are_closed(start, end, today, expected):
    assert disclosure.closed_quarters(start, end, today=today) == expected


def test_the_total_is_the_sum_of_what_is_shown():
    assert disclosure.shown_total([9, 10, 13, 40], rule=PublishRule(k=10)) == 10 + 15 + 40
