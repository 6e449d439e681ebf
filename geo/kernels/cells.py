"""The compiled loops that sort points into the cells of geo.grid, in linear time."""

import numpy as np
from numba import njit

SUB = 8  # sub-cells along each side of a cell
BLOCK = 32  # points that share a bounding box, in cells of more
HEAVY = 16 * BLOCK  # from here on a cell's points are ordered along a curve fitted to the cell's own points
LAST = np.iinfo(np.int64).max


@njit(cache=True, nogil=True)
def keys(x, y, sides, x0, y0, side, rows, columns):
    """Each point's cell and sub-cell. sides: int32 (n,), or empty; a side's cells lie ``columns`` beyond the last's."""
    keys = np.empty(len(x), np.int64)
    for i in range(len(x)):
        u = (x[i] - x0) / side
        v = (y[i] - y0) / side
        column = int(u)
        row = int(v)
        a = min(int((u - column) * SUB), SUB - 1)
        b = min(int((v - row) * SUB), SUB - 1)
        if len(sides) > 0:
            column += sides[i] * columns
        keys[i] = (column * rows + row) * (SUB * SUB) + a * SUB + b
    return keys


@njit(cache=True, nogil=True)
def radix(keys, bits):
    """The order that sorts the keys, stable, and the keys sorted; ``keys`` itself is used up."""
    n = len(keys)
    passes = (bits + 10) // 11
    width = (bits + passes - 1) // passes
    mask = (1 << width) - 1
    counts = np.zeros((passes, 1 << width), np.int32)
    for i in range(n):
        for p in range(passes):
            counts[p, (keys[i] >> (p * width)) & mask] += 1
    order, other_order = np.empty(n, np.int32), np.empty(n, np.int32)
    other_keys = np.empty_like(keys)
    for p in range(passes):
        shift = p * width
        start = counts[p]
        total = 0
        for d in range(len(start)):
            here = start[d]
            start[d] = total
            total += here
        for i in range(n):
            d = (keys[i] >> shift) & mask
            at = start[d]
            start[d] = at + 1
            other_keys[at] = keys[i]
            other_order[at] = i if p == 0 else order[i]
        keys, other_keys = other_keys, keys
        order, other_order = other_order, order
    return order, keys


@njit(cache=True, nogil=True)
def cells(keys):
    """Where each cell starts among the sorted points, and its column · rows + row; one more of each closes the list."""
    n = len(keys)
    count = 1
    for i in range(1, n):
        count += keys[i] // (SUB * SUB) != keys[i - 1] // (SUB * SUB)
    start = np.empty(count + 1, np.int32)
    cell = np.empty(count + 1, np.int64)
    c = -1
    previous = -1
    for i in range(n):
        here = keys[i] // (SUB * SUB)
        if here != previous:
            c += 1
            start[c] = i
            cell[c] = here
            previous = here
    start[count] = n
    cell[count] = LAST
    return start, cell


@njit(cache=True, nogil=True)
def sort(x, y, sides, x0, y0, side, rows, columns, bits):
    """Points by cell: their order, then as ``cells``. Keys are gone when this returns, which keeps the peak low."""
    order, ordered = radix(keys(x, y, sides, x0, y0, side, rows, columns), bits)
    start, cell = cells(ordered)
    return order, start, cell


@njit(cache=True, nogil=True)
def gather(values, order):
    """values[order] without the wider index that numpy makes."""
    out = np.empty(len(order), values.dtype)
    for i in range(len(order)):
        out[i] = values[order[i]]
    return out


@njit(cache=True, nogil=True)
def settle_heavy(xs, ys, order, start):
    """Order the points of very full cells along a Morton curve over their bounding box, so that blocks stay small."""
    for c in range(len(start) - 1):
        low, high = start[c], start[c + 1]
        if high - low < HEAVY:
            continue
        x0, y0 = xs[low:high].min(), ys[low:high].min()
        size = max(xs[low:high].max() - x0, ys[low:high].max() - y0)
        if size == 0.0:
            continue
        codes = np.empty(high - low, np.int64)
        for i in range(low, high):
            a = np.int64((xs[i] - x0) / size * 1023)
            b = np.int64((ys[i] - y0) / size * 1023)
            code = np.int64(0)
            for bit in range(10):
                code |= ((a >> bit) & 1) << (2 * bit + 1) | ((b >> bit) & 1) << (2 * bit)
            codes[i - low] = code
        along = radix(codes, 20)[0]
        xs[low:high] = xs[low:high][along]
        ys[low:high] = ys[low:high][along]
        order[low:high] = order[low:high][along]
