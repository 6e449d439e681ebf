"""The squares that places lie in: those of NumPy's own way, each once and in order."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.squares import squares

METRES = st.floats(-300_000, 700_000)


@given(st.lists(st.tuples(METRES, METRES), max_size=60), st.sampled_from([50.0, 100.0, 250.0]))
def test_squares_are_those_of_unique_rows(places, side_m):
    x, y = (np.array([place[i] for place in places], dtype=float) for i in (0, 1))
    rows = np.column_stack([np.floor(x / side_m), np.floor(y / side_m)]).astype(np.int64)
    assert squares(x, y, side_m=side_m).tolist() == np.unique(rows, axis=0).tolist()
