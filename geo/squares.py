"""The squares of a grid on the origin that places lie in, each once."""

import numpy as np
from numpy.typing import NDArray


def squares(x: NDArray[np.float64], y: NDArray[np.float64], *, side_m: float) -> NDArray[np.int64]:
    """Column and row (m, 2) of each square that one of the places (n,; finite metres) lies in, once, in order."""
    column, row = (np.floor(v / side_m).astype(np.int64) for v in (x, y))
    return distinct(column, row)


def grown_squares(found: NDArray[np.int64]) -> NDArray[np.int64]:
    """Squares (m, 2) and the eight around each, every one once, in order."""
    steps = np.array([-1, 0, 1])
    column = np.add.outer(found[:, 0], np.repeat(steps, 3)).ravel()
    return distinct(column, np.add.outer(found[:, 1], np.tile(steps, 3)).ravel())


def distinct(column: NDArray[np.int64], row: NDArray[np.int64]) -> NDArray[np.int64]:
    """The different ones of pairs of whole numbers (n,), (n,), once and in order, (m, 2)."""
    if len(column) == 0:
        return np.empty((0, 2), dtype=np.int64)
    low, n_rows = row.min(), np.ptp(row) + 1
    found = np.unique(column * n_rows + (row - low))  # one number per square sorts many times faster than pairs
    return np.column_stack([found // n_rows, found % n_rows + low])
