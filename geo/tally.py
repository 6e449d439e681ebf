"""Counting over many groups at once: distinct rows of small integers, sorted as one number each."""

from math import prod

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def tally(*columns: Ints) -> tuple[list[Ints], Ints]:
    """Distinct rows of int columns (n,) in lexicographic order, as columns, and how often each occurs."""
    if len(columns[0]) == 0:
        return [np.zeros(0, np.int64) for _ in columns], np.zeros(0, np.int64)
    low = [int(c.min()) for c in columns]
    span = [int(c.max()) - lowest + 1 for c, lowest in zip(columns, low, strict=True)]
    if prod(span) >= 2**62:
        rows, counts = np.unique(np.column_stack(columns), axis=0, return_counts=True)
        return list(rows.T), counts
    key = np.zeros(len(columns[0]), dtype=np.int64)
    for column, lowest, width in zip(columns, low, span, strict=True):
        key *= width
        key += column - lowest
    key.sort()
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    left, found = key[starts], []
    for lowest, width in zip(reversed(low), reversed(span), strict=True):
        found.append(left % width + lowest)
        left = left // width
    return found[::-1], np.diff(np.r_[starts, len(key)])


def most_frequent(group: Ints, counts: Ints) -> Ints:
    """Positions, in rows as ``tally`` gives them, of each group's most frequent row (ties: the first).

    group: the rows' first column. Groups without a row are in none of the positions.
    """
    order = np.lexsort((-counts, group))  # stable: of equal counts the lowest row stays first
    sorted_group = group[order]
    return order[np.flatnonzero(np.r_[True, sorted_group[1:] != sorted_group[:-1]])] if len(order) else order


def crowded(group: Ints, kind: Ints, value: Ints, *, width: int, need: Ints) -> NDArray[np.bool_]:
    """Per group whether at least need[group] of its rows are of one kind and less than ``width`` apart in value.

    group: 0..len(need)-1, (n,). kind, value: (n,) ints.
    """
    found = np.zeros(len(need), dtype=bool)
    order = np.lexsort((value, kind, group))
    group, kind, value = group[order], kind[order], value[order]
    first = np.arange(len(group))
    last = first + need[group] - 1
    fits = last < len(group)
    first, last = first[fits], last[fits]
    same = (group[first] == group[last]) & (kind[first] == kind[last]) & (value[last] - value[first] < width)
    found[group[first[same]]] = True
    return found
