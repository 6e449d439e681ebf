"""The compiled loops of geo.grid. numba infers the types; arrays travel flat, as compiled code wants them."""

import numpy as np
from numba import njit

BLOCK = 32
SUB = 8  # sub-cells along each side of a cell
HEAVY = 16 * BLOCK  # from here on a cell's points are ordered along a curve fitted to the cell's own points
FEW = 256  # up to so many points around, counting them all is quicker than looking where they are
REACH = 2  # cells that can hold a neighbour, to each side


@njit(cache=True)
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


@njit(cache=True)
def radix(keys, bits):
    n = len(keys)
    passes = (bits + 10) // 11
    width = (bits + passes - 1) // passes
    order = np.arange(n).astype(np.int32)
    other_keys = np.empty_like(keys)
    other_order = np.empty_like(order)
    for p in range(passes):
        shift = p * width
        mask = (1 << width) - 1
        start = np.zeros((1 << width) + 1, np.int64)
        for i in range(n):
            start[((keys[i] >> shift) & mask) + 1] += 1
        for d in range(1, len(start)):
            start[d] += start[d - 1]
        for i in range(n):
            d = (keys[i] >> shift) & mask
            at = start[d]
            start[d] = at + 1
            other_keys[at] = keys[i]
            other_order[at] = order[i]
        keys, other_keys = other_keys, keys
        order, other_order = other_order, order
    return order, keys


@njit(cache=True)
def cells(keys, rows):
    n = len(keys)
    count = 1
    for i in range(1, n):
        if keys[i] // (SUB * SUB) != keys[i - 1] // (SUB * SUB):
            count += 1
    start = np.empty(count + 1, np.int32)
    column = np.empty(count, np.int32)
    row = np.empty(count, np.int32)
    c = -1
    previous = -1
    for i in range(n):
        cell = keys[i] // (SUB * SUB)
        if cell != previous:
            c += 1
            start[c] = i
            column[c] = cell // rows
            row[c] = cell % rows
            previous = cell
    start[count] = n
    return start, column, row


@njit(cache=True)
def settle_heavy(xs, ys, order, cell_start):
    """Order the points of very full cells along a Morton curve over their bounding box, so that blocks stay small."""
    nothing = np.zeros(0, np.bool_)
    for c in range(len(cell_start) - 1):
        low, high = cell_start[c], cell_start[c + 1]
        if high - low < HEAVY:
            continue
        x0, y0, x1, y1 = _box(xs, ys, low, high, nothing, False)
        size = max(x1 - x0, y1 - y0)
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


@njit(cache=True)
def _box(xs, ys, low, high, keep, only_kept):
    """Bounding box of points low..high, all or only those kept; empty gives xmin > xmax."""
    x0, y0, x1, y1 = np.inf, np.inf, -np.inf, -np.inf
    for i in range(low, high):
        if not only_kept or keep[i]:
            x0, x1 = min(x0, xs[i]), max(x1, xs[i])
            y0, y1 = min(y0, ys[i]), max(y1, ys[i])
    return x0, y0, x1, y1


@njit(cache=True, inline="always")
def _nearest2(px, py, x0, y0, x1, y1):
    dx = max(x0 - px, 0.0, px - x1)
    dy = max(y0 - py, 0.0, py - y1)
    return dx * dx + dy * dy


@njit(cache=True, inline="always")
def _farthest2(px, py, x0, y0, x1, y1):
    dx = max(px - x0, x1 - px)
    dy = max(py - y0, y1 - py)
    return dx * dx + dy * dy


@njit(cache=True)
def _blocks(xs, ys, cell_start, keep, only_kept):
    """First block of each cell, and every block's bounding box."""
    cells = len(cell_start) - 1
    first = np.empty(cells + 1, np.int32)
    total = 0
    for c in range(cells):
        first[c] = total
        total += (cell_start[c + 1] - cell_start[c] + BLOCK - 1) // BLOCK
    first[cells] = total
    boxes = np.empty((total, 4), np.float64)
    for c in range(cells):
        for b in range(first[c], first[c + 1]):
            low = cell_start[c] + (b - first[c]) * BLOCK
            boxes[b] = _box(xs, ys, low, min(low + BLOCK, cell_start[c + 1]), keep, only_kept)
    return first, boxes


@njit(cache=True)
def _ranges(cell_col, cell_row, c, lows, highs):
    """Per column within REACH of cell c the cells lows..highs that can hold a neighbour; both only move on as c does."""
    cells = len(cell_col)
    row = cell_row[c]
    for d in range(2 * REACH + 1):
        column = cell_col[c] + d - REACH
        at = lows[d]
        while at < cells and (cell_col[at] < column or (cell_col[at] == column and cell_row[at] < row - REACH)):
            at += 1
        lows[d] = at
        at = max(at, highs[d])
        while at < cells and cell_col[at] == column and cell_row[at] <= row + REACH:
            at += 1
        highs[d] = at


@njit(cache=True)
def _neighbours(cell_col, cell_row, c, lows, highs, found):
    """The cells of these ranges, without cell c itself and the four corners, which lie too far away."""
    n = 0
    for d in range(2 * REACH + 1):
        for at in range(lows[d], highs[d]):
            corner = abs(d - REACH) == REACH and abs(cell_row[at] - cell_row[c]) == REACH
            if at != c and not corner:
                found[n] = at
                n += 1
    return n


@njit(cache=True)
def _find(parent, c):
    while parent[c] != c:
        parent[c] = parent[parent[c]]
        c = parent[c]
    return c


@njit(cache=True)
def _core_points(xs, ys, ws, cell_start, cell_col, cell_row, first, boxes, eps2, need):
    core = np.zeros(len(xs), np.bool_)
    weighted = len(ws) > 0
    lows, highs = np.zeros(2 * REACH + 1, np.int64), np.zeros(2 * REACH + 1, np.int64)
    found = np.empty((2 * REACH + 1) ** 2, np.int64)
    for c in range(len(cell_col)):
        low, high = cell_start[c], cell_start[c + 1]
        own = 0.0
        if weighted:
            for i in range(low, high):
                own += ws[i]
        else:
            own = float(high - low)
        if own >= need:
            core[low:high] = True
            continue
        _ranges(cell_col, cell_row, c, lows, highs)
        if not weighted:  # if even all that is around does not suffice, no distance needs to be measured
            most = 0
            for d in range(2 * REACH + 1):
                most += cell_start[highs[d]] - cell_start[lows[d]]
            if most < need:
                continue
            if most <= FEW:
                for i in range(low, high):
                    core[i] = _count(xs, ys, i, lows, highs, cell_start, eps2) >= need
                continue
        around = _neighbours(cell_col, cell_row, c, lows, highs, found)
        for i in range(low, high):
            core[i] = _reaches(xs, ys, ws, i, own, found[:around], cell_start, first, boxes, eps2, need)
    return core


@njit(cache=True)
def _count(xs, ys, i, lows, highs, cell_start, eps2):
    """Points within eps of point i in these ranges, each a run of memory: no boxes, no early end, so it vectorises."""
    px, py = xs[i], ys[i]
    n = 0
    for d in range(2 * REACH + 1):
        for j in range(cell_start[lows[d]], cell_start[highs[d]]):
            dx, dy = px - xs[j], py - ys[j]
            n += dx * dx + dy * dy <= eps2
    return n


@njit(cache=True)
def _reaches(xs, ys, ws, i, own, around, cell_start, first, boxes, eps2, need):
    """Whether the weight within eps of point i reaches ``need``, from ``own`` in its own cell."""
    weighted = len(ws) > 0
    px, py = xs[i], ys[i]
    total = own
    for c in around:
        for b in range(first[c], first[c + 1]):
            x0, y0, x1, y1 = boxes[b, 0], boxes[b, 1], boxes[b, 2], boxes[b, 3]
            if _nearest2(px, py, x0, y0, x1, y1) > eps2:
                continue
            low = cell_start[c] + (b - first[c]) * BLOCK
            high = min(low + BLOCK, cell_start[c + 1])
            if not weighted and _farthest2(px, py, x0, y0, x1, y1) <= eps2:
                total += high - low
            else:
                for j in range(low, high):
                    dx, dy = px - xs[j], py - ys[j]
                    if dx * dx + dy * dy <= eps2:
                        total += ws[j] if weighted else 1.0
            if total >= need:
                return True
    return False


@njit(cache=True, inline="always")
def _gap2(p, q):
    """Squared distance between two boxes; empty boxes are infinitely far."""
    dx = max(p[0] - q[2], 0.0, q[0] - p[2])
    dy = max(p[1] - q[3], 0.0, q[1] - p[3])
    return dx * dx + dy * dy


@njit(cache=True)
def _touch(xs, ys, core, a, b, cell_start, first, boxes, cell_box, eps2):
    """Whether a core point of cell a lies within eps of a core point of cell b."""
    if _gap2(cell_box[a], cell_box[b]) > eps2:
        return False
    for k in range(first[a], first[a + 1]):
        if _gap2(boxes[k], cell_box[b]) > eps2:
            continue
        low = cell_start[a] + (k - first[a]) * BLOCK
        high = min(low + BLOCK, cell_start[a + 1])
        for m in range(first[b], first[b + 1]):
            if _gap2(boxes[k], boxes[m]) > eps2:
                continue
            start = cell_start[b] + (m - first[b]) * BLOCK
            end = min(start + BLOCK, cell_start[b + 1])
            for i in range(low, high):
                if not core[i]:
                    continue
                if _nearest2(xs[i], ys[i], boxes[m, 0], boxes[m, 1], boxes[m, 2], boxes[m, 3]) > eps2:
                    continue
                for j in range(start, end):
                    dx, dy = xs[i] - xs[j], ys[i] - ys[j]
                    if dx * dx + dy * dy <= eps2 and core[j]:
                        return True
    return False


@njit(cache=True)
def _nearest_core(xs, ys, core, i, around, cell_start, first, boxes, eps2):
    """The core point nearest to point i within eps (ties: lowest x, then y), as its cell; -1 for none."""
    px, py = xs[i], ys[i]
    best, cell, best_x, best_y = eps2, -1, np.inf, np.inf
    for c in around:
        for b in range(first[c], first[c + 1]):
            if _nearest2(px, py, boxes[b, 0], boxes[b, 1], boxes[b, 2], boxes[b, 3]) > best:
                continue
            low = cell_start[c] + (b - first[c]) * BLOCK
            for j in range(low, min(low + BLOCK, cell_start[c + 1])):
                if not core[j]:
                    continue
                dx, dy = px - xs[j], py - ys[j]
                d2 = dx * dx + dy * dy
                if d2 > best:
                    continue
                closer = d2 < best or cell < 0
                if closer or xs[j] < best_x or (xs[j] == best_x and ys[j] < best_y):
                    best, cell, best_x, best_y = d2, c, xs[j], ys[j]
    return cell


@njit(cache=True)
def cluster(xs, ys, ws, cell_start, cell_col, cell_row, eps2, need):
    cells = len(cell_col)
    nothing = np.zeros(0, np.bool_)
    first, boxes = _blocks(xs, ys, cell_start, nothing, False)
    core = _core_points(xs, ys, ws, cell_start, cell_col, cell_row, first, boxes, eps2, need)
    first, boxes = _blocks(xs, ys, cell_start, core, True)
    cell_box = np.empty((cells, 4), np.float64)
    has_core = np.zeros(cells, np.bool_)
    for c in range(cells):
        cell_box[c] = _box(xs, ys, cell_start[c], cell_start[c + 1], core, True)
        has_core[c] = cell_box[c, 0] <= cell_box[c, 2]
    parent = np.arange(cells)
    lows, highs = np.zeros(2 * REACH + 1, np.int64), np.zeros(2 * REACH + 1, np.int64)
    found = np.empty((2 * REACH + 1) ** 2, np.int64)
    near_core = np.zeros(cells, np.bool_)
    for c in range(cells):
        if not has_core[c]:
            continue
        near_core[c] = True
        _ranges(cell_col, cell_row, c, lows, highs)
        around = _neighbours(cell_col, cell_row, c, lows, highs, found)
        for k in range(around):
            o = found[k]
            near_core[o] = True
            if o > c or not has_core[o]:
                continue
            root, other = _find(parent, c), _find(parent, o)
            if root != other and _touch(xs, ys, core, c, o, cell_start, first, boxes, cell_box, eps2):
                parent[max(root, other)] = min(root, other)
    labels = np.full(len(xs), -1, np.int64)
    lows[:], highs[:] = 0, 0
    own = np.empty(found.size + 1, np.int64)
    for c in range(cells):
        if not near_core[c]:
            continue
        near_cells = -1
        for i in range(cell_start[c], cell_start[c + 1]):
            if core[i]:
                labels[i] = _find(parent, c)
                continue
            if near_cells < 0:
                _ranges(cell_col, cell_row, c, lows, highs)
                around = _neighbours(cell_col, cell_row, c, lows, highs, found)
                near_cells = 0
                for k in range(around):
                    if has_core[found[k]]:
                        own[near_cells] = found[k]
                        near_cells += 1
                if has_core[c]:
                    own[near_cells] = c
                    near_cells += 1
            near = _nearest_core(xs, ys, core, i, own[:near_cells], cell_start, first, boxes, eps2)
            if near >= 0:
                labels[i] = _find(parent, near)
    return labels, core
