"""The squares that places lie in: those of NumPy's own way, each once and in order."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.squares import grown_squares, squares

METRES = st.floats(-300_000, 700_000)


@given(st.lists(st.tuples(METRES, METRES), max_size=60), st.sampled_from([50.0, 100.0, 250.0]))
def test_squares_are_those_of_unique_rows(places, side_m):
    x, y = (np.array([place[i] for place in places], dtype=float) for i in (0, 1))
    rows = np.column_stack([np.floor(x / side_m), np.floor(y / side_m)]).astype(np.int64)
    assert squares(x, y, side_m=side_m).tolist() == np.unique(rows, axis=0).tolist()


@given(st.lists(st.tuples(METRES, METRES), max_size=60))
def test_grown_squares_are_every_square_within_one_step(places):
    x, y = (np.array([place[i] for place in places], dtype=float) for i in (0, 1))
    found = squares(x, y, side_m=100.0)
    wanted = {(i + a, j + b) for i, j in found.tolist() for a in (-1, 0, 1) for b in (-1, 0, 1)}
    assert [tuple(square) for square in grown_squares(found).tolist()] == sorted(wanted)
