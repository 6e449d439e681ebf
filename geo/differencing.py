"""What maps handed out one after another tell together: the same place counted over periods that lie in or across each other.

A period is a stretch between two boundaries of quarters. Each figure bounds the count between its boundaries, and no stretch
holds less than nothing: a system of differences, of which the shortest paths are the tightest bounds (Bellman; Cormen et al.,
Introduction to Algorithms, 24.4). They are whole numbers when the figures are.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Said(NamedTuple):
    """At least low and at most high reports from quarter first up to, not including, quarter end."""

    first: int
    end: int
    low: int
    high: int


def isolated(said: Sequence[Said], *, k: int) -> tuple[int, int] | None:
    """The first stretch that must hold at least 1 and cannot hold k reports; None when there is none.

    Figures that contradict each other are not of one place: then nothing follows, except where two of the same period differ by
    so little that what came in or went between them is at least 1 and fewer than k.
    """
    for i, one in enumerate(said):
        for other in said[i + 1 :]:
            if (one.first, one.end) == (other.first, other.end):
                least = max(one.low - other.high, other.low - one.high)
                if least >= 1 and max(one.high - other.low, other.high - one.low) < k:
                    return one.first, one.end
    edges = sorted({edge for one in said for edge in (one.first, one.end)})
    at = {edge: i for i, edge in enumerate(edges)}
    most = np.full((len(edges), len(edges)), np.inf)
    np.fill_diagonal(most, 0)
    for i in range(len(edges) - 1):
        most[i + 1, i] = 0
    for one in said:
        a, b = at[one.first], at[one.end]
        most[a, b] = min(most[a, b], one.high)
        most[b, a] = min(most[b, a], -one.low)
    for via in range(len(edges)):
        most = np.minimum(most, most[:, via, None] + most[None, via, :])
    if (np.diagonal(most) < 0).any():
        return None
    for i in range(len(edges)):
        for j in range(i + 1, len(edges)):
            if -most[j, i] >= 1 and most[i, j] < k:
                return edges[i], edges[j]
    return None
