"""The compiled loops of data.sources.figures and data.sources.repeated."""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Places = NDArray[np.int64]
_TENS = 10.0 ** np.arange(16)


@njit(cache=True)
def read_numbers(  # noqa: PLR0917 compiled loops take flat arrays
    content: NDArray[np.uint8],
    begins: Places,
    ends: Places,
    mark: int,
    values: NDArray[np.float64],
    decimals: NDArray[np.int8],
) -> None:
    """Fill in the number and the decimals of each cell; see data.sources.figures.plain."""
    for i in range(len(begins)):
        at = begins[i]
        end = ends[i]
        values[i] = np.nan
        decimals[i] = -1
        negative = at < end and content[at] == 45
        if negative:
            at += 1
        if at >= end or end - at > 16:
            continue
        first = at
        whole = 0  # digits before the mark
        behind = -1  # digits after it, -1 as long as there was none
        number: Any = 0
        good = True
        while at < end and good:
            sign = content[at]
            if 48 <= sign <= 57:
                number = number * 10 + (np.int64(sign) - 48)
                if behind < 0:
                    whole += 1
                else:
                    behind += 1
            elif sign == mark and behind < 0:
                behind = 0
            else:
                good = False
            at += 1
        if not good or behind == 0 or whole < 1 or whole > 9 or whole + max(behind, 0) > 15:
            continue
        if whole > 1 and content[first] == 48:
            continue
        behind = max(behind, 0)
        # Both are exact, so that one division rounds once.
        value = number / _TENS[behind]
        values[i] = -value if negative else value
        decimals[i] = behind


@njit(cache=True)
def number_texts(  # noqa: PLR0917 compiled loops take flat arrays
    content: NDArray[np.uint8],
    begins: Places,
    ends: Places,
    slots: NDArray[np.int32],
    seen: Places,
    known: int,
    codes: NDArray[np.int32],
) -> int:
    """Give equal cells equal codes, numbered as they first come; gives how many distinct ones there are now.

    slots: a hash table, 0 where free, else a code plus one. seen: (most, 2) where each distinct cell first began and
    ended. known: how many of those there are already. -1: there are more than fit.
    """
    last = len(slots) - 1
    for i in range(len(begins)):
        begin = begins[i]
        end = ends[i]
        if i > 0:  # the same as the cell before?
            before = begins[i - 1]
            same = ends[i - 1] - before == end - begin
            at = 0
            while same and at < end - begin:
                same = content[before + at] == content[begin + at]
                at += 1
            if same:
                codes[i] = codes[i - 1]
                continue
        hashed = np.uint64(14695981039346656037)
        for at in range(begin, end):
            hashed = (hashed ^ np.uint64(content[at])) * np.uint64(1099511628211)
        slot = np.int64((hashed ^ (hashed >> np.uint64(29))) & np.uint64(last))
        code = -1
        while slots[slot] > 0 and code < 0:
            there = slots[slot] - 1
            first = seen[there, 0]
            same = seen[there, 1] - first == end - begin
            at = 0
            while same and at < end - begin:
                same = content[first + at] == content[begin + at]
                at += 1
            if same:
                code = there
            else:
                slot = (slot + 1) & last
        if code < 0:
            if known == len(seen):
                return -1
            seen[known, 0] = begin
            seen[known, 1] = end
            code = known
            known += 1
            slots[slot] = known
        codes[i] = code
    return known


@njit(cache=True)
def compact(content: NDArray[np.uint8], begins: Places, ends: Places, mark: int, out: NDArray[np.uint8]) -> None:
    """Put all cells one after another, each with a mark behind it."""
    to = 0
    for i in range(len(begins)):
        for at in range(begins[i], ends[i]):
            out[to] = content[at]
            to += 1
        out[to] = mark
        to += 1
