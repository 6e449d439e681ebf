"""The compiled loops of geo.grid. numba infers the types; arrays travel flat, as compiled code wants them.

Throughout: xs, ys, ws (empty: all weigh 1) and core are in the order of the cells; start and cell as
geo.kernels.cells.cells gives them; a cell of more than BLOCK points has boxes first[c] … first[c + 1] - 1.
"""

import numpy as np
from numba import njit

from geo.kernels.cells import BLOCK

FEW = 256  # up to so many points around, counting them all is quicker than looking where they are
REACH = 2  # cells that can hold a neighbour, to each side
ACROSS = 2 * REACH + 1


@njit(cache=True, nogil=True, inline="always")
def _nearest2(px, py, x0, y0, x1, y1):
    dx = max(x0 - px, 0.0, px - x1)
    dy = max(y0 - py, 0.0, py - y1)
    return dx * dx + dy * dy


@njit(cache=True, nogil=True, inline="always")
def _farthest2(px, py, x0, y0, x1, y1):
    dx = max(px - x0, x1 - px)
    dy = max(py - y0, y1 - py)
    return dx * dx + dy * dy


@njit(cache=True, nogil=True, inline="always")
def _gap2(p, q):
    """Squared distance between two boxes; empty boxes are infinitely far."""
    dx = max(p[0] - q[2], 0.0, q[0] - p[2])
    dy = max(p[1] - q[3], 0.0, q[1] - p[3])
    return dx * dx + dy * dy


@njit(cache=True, nogil=True)
def _box(xs, ys, low, high, keep, only_kept):
    """Bounding box of points low..high, all or only those kept; empty gives xmin > xmax."""
    x0, y0, x1, y1 = np.inf, np.inf, -np.inf, -np.inf
    for i in range(low, high):
        if not only_kept or keep[i]:
            x0, x1 = min(x0, xs[i]), max(x1, xs[i])
            y0, y1 = min(y0, ys[i]), max(y1, ys[i])
    return x0, y0, x1, y1


@njit(cache=True, nogil=True)
def first_blocks(start):
    """First block of each cell (those of up to BLOCK points have none), and room for the boxes and one without end."""
    cells = len(start) - 1
    first = np.empty(cells + 1, np.int32)
    total = 0
    for c in range(cells):
        first[c] = total
        size = start[c + 1] - start[c]
        if size > BLOCK:
            total += (size + BLOCK - 1) // BLOCK
    first[cells] = total
    return first, np.empty((total + 1, 4), np.float64)


@njit(cache=True, nogil=True)
def fit_boxes(xs, ys, start, first, boxes, keep, only_kept):
    """The bounding box of every block; the last, of what has no blocks, is without end."""
    for c in range(len(start) - 1):
        for b in range(first[c], first[c + 1]):
            low = start[c] + (b - first[c]) * BLOCK
            boxes[b] = _box(xs, ys, low, min(low + BLOCK, start[c + 1]), keep, only_kept)
    boxes[-1] = -np.inf, -np.inf, np.inf, np.inf


@njit(cache=True, nogil=True, inline="always")
def _run(start, first, boxes, c, k):
    """The k-th run of points of cell c: its box, first point and end."""
    if first[c] == first[c + 1]:
        return boxes[-1], start[c], start[c + 1]
    low = start[c] + k * BLOCK
    return boxes[first[c] + k], low, min(low + BLOCK, start[c + 1])


@njit(cache=True, nogil=True, inline="always")
def _runs(first, c):
    return max(1, first[c + 1] - first[c])


@njit(cache=True, nogil=True)
def _pointers(cell, c, rows):
    """lows and highs for ``_ranges`` from cell c on."""
    lows = np.empty(ACROSS, np.int64)
    for d in range(ACROSS):
        lows[d] = np.searchsorted(cell, cell[c] + (d - REACH) * rows - REACH)
    return lows, lows.copy()


@njit(cache=True, nogil=True, inline="always")
def _ranges(cell, c, rows, lows, highs):
    """Per column within REACH of cell c the cells lows..highs that can hold a neighbour; both only move on as c does.

    The four corners of the square lie too far away. Mostly two steps or fewer are due: those are taken without
    branching, for a branch that is guessed wrong costs more than both.
    """
    for d in range(ACROSS):
        span = REACH - 1 if d in (0, ACROSS - 1) else REACH
        bottom = cell[c] + (d - REACH) * rows - span
        top = bottom + 2 * span
        at = lows[d]
        at += cell[at] < bottom
        at += cell[at] < bottom
        while cell[at] < bottom:
            at += 1
        lows[d] = at
        at = max(at, highs[d])
        at += cell[at] <= top
        at += cell[at] <= top
        while cell[at] <= top:
            at += 1
        highs[d] = at


@njit(cache=True, nogil=True)
def core_points(xs, ys, ws, start, cell, rows, first, boxes, eps2, need, core, held, begin, end):
    """Fill core per point, and held (whether it has core points) per cell, for the cells begin..end."""
    weighted = len(ws) > 0
    lows, highs = _pointers(cell, begin, rows)
    for c in range(begin, end):
        low, high = start[c], start[c + 1]
        own = float(high - low)
        if weighted:
            own = 0.0
            for i in range(low, high):
                own += ws[i]
        held[c] = own >= need
        core[low:high] = held[c]
        if held[c]:
            continue
        _ranges(cell, c, rows, lows, highs)
        around = 0
        for d in range(ACROSS):
            around += start[highs[d]] - start[lows[d]]
        if not weighted and around < need:  # all there is does not suffice: no distance needs to be measured
            continue
        if weighted or around > FEW:
            for i in range(low, high):
                core[i] = _reaches(xs, ys, ws, i, c, own, lows, highs, start, first, boxes, eps2, need)
                held[c] |= core[i]
        else:
            for i in range(low, high):
                core[i] = _count(xs, ys, i, lows, highs, start, eps2) >= need
                held[c] |= core[i]


@njit(cache=True, nogil=True)
def _count(xs, ys, i, lows, highs, start, eps2):
    """Points within eps of point i in these ranges, each a run of memory: no boxes, no early end, so it vectorises."""
    px, py = xs[i], ys[i]
    n = 0
    for d in range(ACROSS):
        for j in range(start[lows[d]], start[highs[d]]):
            dx, dy = px - xs[j], py - ys[j]
            n += dx * dx + dy * dy <= eps2
    return n


@njit(cache=True, nogil=True)
def _reaches(xs, ys, ws, i, c, own, lows, highs, start, first, boxes, eps2, need):
    """Whether the weight within eps of point i of cell c reaches ``need``, from ``own`` in its own cell."""
    weighted = len(ws) > 0
    px, py = xs[i], ys[i]
    total = own
    for d in range(ACROSS):
        for o in range(lows[d], highs[d]):
            if o == c:
                continue
            for k in range(_runs(first, o)):
                box, low, high = _run(start, first, boxes, o, k)
                if _nearest2(px, py, box[0], box[1], box[2], box[3]) > eps2:
                    continue
                if not weighted and _farthest2(px, py, box[0], box[1], box[2], box[3]) <= eps2:
                    total += high - low
                else:
                    for j in range(low, high):
                        dx, dy = px - xs[j], py - ys[j]
                        if dx * dx + dy * dy <= eps2:
                            total += ws[j] if weighted else 1.0
                if total >= need:
                    return True
    return False


@njit(cache=True, nogil=True)
def _find(parent, c):
    while parent[c] != c:
        parent[c] = parent[parent[c]]
        c = parent[c]
    return c


@njit(cache=True, nogil=True)
def _core_box(xs, ys, core, c, start, first, boxes):
    """Bounding box of the core points of cell c, out of its blocks' where it has them."""
    if first[c] == first[c + 1]:
        return _box(xs, ys, start[c], start[c + 1], core, True)
    x0, y0, x1, y1 = np.inf, np.inf, -np.inf, -np.inf
    for b in range(first[c], first[c + 1]):
        x0, y0, x1, y1 = min(x0, boxes[b, 0]), min(y0, boxes[b, 1]), max(x1, boxes[b, 2]), max(y1, boxes[b, 3])
    return x0, y0, x1, y1


@njit(cache=True, nogil=True)
def _touch(xs, ys, core, a, b, whole, start, first, boxes, eps2):
    """Whether a core point of cell a, all of them within the box ``whole``, lies within eps of one of cell b."""
    other = _core_box(xs, ys, core, b, start, first, boxes)
    if _gap2(whole, other) > eps2:
        return False
    for k in range(_runs(first, a)):
        mine, low, high = _run(start, first, boxes, a, k)
        if _gap2(mine, other) > eps2:
            continue
        for m in range(_runs(first, b)):
            theirs, begin, end = _run(start, first, boxes, b, m)
            if _gap2(mine, theirs) > eps2:
                continue
            for i in range(low, high):
                if not core[i] or _nearest2(xs[i], ys[i], theirs[0], theirs[1], theirs[2], theirs[3]) > eps2:
                    continue
                for j in range(begin, end):
                    dx, dy = xs[i] - xs[j], ys[i] - ys[j]
                    if dx * dx + dy * dy <= eps2 and core[j]:
                        return True
    return False


@njit(cache=True, nogil=True)
def joined(xs, ys, core, held, start, cell, rows, first, boxes, eps2):
    """Per cell the number of its cluster, -1 without core points; whether a core point may be near; how many clusters.

    Of two cells that touch the later gets the earlier as parent, so one pass from the start on numbers them all.
    """
    cells = len(start) - 1
    parent = np.empty(cells, np.int32)
    near = np.zeros(cells, np.bool_)
    lows, highs = _pointers(cell, 0, rows)
    for c in range(cells):
        parent[c] = c if held[c] else -1
        if not held[c]:
            continue
        whole = _core_box(xs, ys, core, c, start, first, boxes)
        _ranges(cell, c, rows, lows, highs)
        for d in range(ACROSS):
            near[lows[d] : highs[d]] = True
            for o in range(lows[d], min(highs[d], c)):
                if not held[o]:
                    continue
                root, other = _find(parent, c), _find(parent, o)
                if root != other and _touch(xs, ys, core, c, o, whole, start, first, boxes, eps2):
                    parent[max(root, other)] = min(root, other)
    size = 0
    for c in range(cells):
        if parent[c] == c:
            parent[c] = size
            size += 1
        elif parent[c] >= 0:
            parent[c] = parent[parent[c]]
    return parent, near, size


@njit(cache=True, nogil=True)
def _nearest_core(xs, ys, core, i, number, lows, highs, start, first, boxes, eps2):
    """The cluster of the core point nearest to point i within eps (ties: lowest x, then y); -1 for none."""
    px, py = xs[i], ys[i]
    best, found, best_x, best_y = eps2, -1, np.inf, np.inf
    for d in range(ACROSS):
        for o in range(lows[d], highs[d]):
            if number[o] < 0:
                continue
            for k in range(_runs(first, o)):
                box, low, high = _run(start, first, boxes, o, k)
                if _nearest2(px, py, box[0], box[1], box[2], box[3]) > best:
                    continue
                for j in range(low, high):
                    if not core[j]:
                        continue
                    dx, dy = px - xs[j], py - ys[j]
                    d2 = dx * dx + dy * dy
                    if d2 > best:
                        continue
                    closer = d2 < best or found < 0
                    if closer or xs[j] < best_x or (xs[j] == best_x and ys[j] < best_y):
                        best, found, best_x, best_y = d2, number[o], xs[j], ys[j]
    return found


@njit(cache=True, nogil=True)
def label(xs, ys, core, number, near, start, cell, rows, first, boxes, eps2, labels, begin, end):
    """Fill labels (cluster, -1 noise) for the points of the cells begin..end."""
    lows, highs = _pointers(cell, begin, rows)
    for c in range(begin, end):
        if not near[c]:
            labels[start[c] : start[c + 1]] = -1
            continue
        looked = False
        for i in range(start[c], start[c + 1]):
            if core[i]:
                labels[i] = number[c]
                continue
            if not looked:
                _ranges(cell, c, rows, lows, highs)
                looked = True
            labels[i] = _nearest_core(xs, ys, core, i, number, lows, highs, start, first, boxes, eps2)


@njit(cache=True, nogil=True)
def cluster(xs, ys, ws, start, cell, rows, eps2, need):
    """Cluster of each point (int32, 0 … without gaps in the order of the cells, -1 noise), core, number of clusters."""
    n, cells = len(xs), len(start) - 1
    first, boxes = first_blocks(start)
    core, held, labels = np.empty(n, np.bool_), np.empty(cells, np.bool_), np.empty(n, np.int32)
    fit_boxes(xs, ys, start, first, boxes, core, False)
    core_points(xs, ys, ws, start, cell, rows, first, boxes, eps2, need, core, held, 0, cells)
    fit_boxes(xs, ys, start, first, boxes, core, True)
    number, near, size = joined(xs, ys, core, held, start, cell, rows, first, boxes, eps2)
    label(xs, ys, core, number, near, start, cell, rows, first, boxes, eps2, labels, 0, cells)
    return labels, core, size


@njit(cache=True, nogil=True)
def lowest_core(xs, ys, labels, core, size):
    """Per cluster its lowest core point in x, then y."""
    low_x, low_y = np.full(size, np.inf), np.full(size, np.inf)
    for i in range(len(labels)):
        if core[i]:
            k = labels[i]
            if xs[i] < low_x[k] or (xs[i] == low_x[k] and ys[i] < low_y[k]):
                low_x[k], low_y[k] = xs[i], ys[i]
    return low_x, low_y


@njit(cache=True, nogil=True)
def spread(order, labels, core, number):
    """Labels, by their new numbers, and core in the order of the input."""
    out_labels, out_core = np.empty(len(order), np.int64), np.empty(len(order), np.bool_)
    for i in range(len(order)):
        at = order[i]
        out_labels[at] = number[labels[i]] if labels[i] >= 0 else -1
        out_core[at] = core[i]
    return out_labels, out_core
