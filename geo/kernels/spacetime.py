"""The compiled loops of geo.spacetime: cells of place and time, sorted by key, the slot of time lowest in it."""

import numpy as np
from numba import njit

REACH = 2  # cells that can hold a neighbour, to each side


@njit(cache=True)
def near(x, y, t, i, j, eps2, eps_t):
    dx = x[i] - x[j]
    dy = y[i] - y[j]
    return dx * dx + dy * dy <= eps2 and abs(t[i] - t[j]) <= eps_t


@njit(cache=True)
def boxes(x, y, t, start):
    """Lowest and highest x, y, t of each cell's points: a far pile is passed over in one step."""
    box = np.empty((len(start) - 1, 6))
    for k in range(len(box)):
        i = slice(start[k], start[k + 1])
        box[k] = (x[i].min(), x[i].max(), y[i].min(), y[i].max(), t[i].min(), t[i].max())
    return box


@njit(cache=True)
def outside(x, y, t, i, box, eps2, eps_t):
    """Whether no point in the box can be a neighbour of i."""
    dx = max(box[0] - x[i], 0.0, x[i] - box[1])
    dy = max(box[2] - y[i], 0.0, y[i] - box[3])
    return dx * dx + dy * dy > eps2 or max(box[4] - t[i], t[i] - box[5]) > eps_t


@njit(cache=True)
def inside(x, y, t, i, box, eps2, eps_t):
    """Whether every point in the box is a neighbour of i."""
    dx = max(x[i] - box[0], box[1] - x[i])
    dy = max(y[i] - box[2], box[3] - y[i])
    return dx * dx + dy * dy <= eps2 and max(t[i] - box[4], box[5] - t[i]) <= eps_t


@njit(cache=True)
def find(parent, a):
    while parent[a] != a:
        parent[a] = parent[parent[a]]
        a = parent[a]
    return a


@njit(cache=True)
def runs_around(keys, k, rows, slots):
    """First and last cell (exclusive) of each of the columns of time around cell k."""
    runs = np.empty((25, 2), np.int64)
    n = 0
    for dc in range(-REACH, REACH + 1):
        for dr in range(-REACH, REACH + 1):
            middle = keys[k] + (dc * rows + dr) * slots
            low = np.searchsorted(keys, middle - REACH)
            high = low
            while high < len(keys) and keys[high] <= middle + REACH:
                high += 1
            if high > low:
                runs[n, 0] = low
                runs[n, 1] = high
                n += 1
    return runs[:n]


@njit(cache=True)
def cores(x, y, t, start, box, keys, rows, slots, eps2, eps_t, min_samples):
    core = np.zeros(len(x), np.bool_)
    for k in range(len(keys)):
        if start[k + 1] - start[k] >= min_samples:  # all within eps and eps_t of each other
            core[start[k] : start[k + 1]] = True
            continue
        runs = runs_around(keys, k, rows, slots)
        for i in range(start[k], start[k + 1]):
            count = start[k + 1] - start[k]
            for run in range(len(runs)):
                if count >= min_samples:
                    break
                for c in range(runs[run, 0], runs[run, 1]):
                    if c == k or outside(x, y, t, i, box[c], eps2, eps_t):
                        continue
                    if inside(x, y, t, i, box[c], eps2, eps_t):
                        count += start[c + 1] - start[c]
                        continue
                    for j in range(start[c], start[c + 1]):
                        if near(x, y, t, i, j, eps2, eps_t):
                            count += 1
                            if count >= min_samples:
                                break
                    if count >= min_samples:
                        break
            core[i] = count >= min_samples
    return core


@njit(cache=True)
def touch(x, y, t, core, start, box, k, c, eps2, eps_t):
    for i in range(start[k], start[k + 1]):
        if core[i] and not outside(x, y, t, i, box[c], eps2, eps_t):
            for j in range(start[c], start[c + 1]):
                if core[j] and near(x, y, t, i, j, eps2, eps_t):
                    return True
    return False


@njit(cache=True)
def components(x, y, t, core, start, box, keys, rows, slots, eps2, eps_t):
    """Per cell the root of the component its core points are in."""
    parent = np.arange(len(keys))
    for k in range(len(keys)):
        runs = runs_around(keys, k, rows, slots)
        for run in range(len(runs)):
            for c in range(min(runs[run, 1], k) - 1, runs[run, 0] - 1, -1):  # the nearest in time first
                a = find(parent, k)
                b = find(parent, c)
                if a != b and touch(x, y, t, core, start, box, k, c, eps2, eps_t):
                    parent[max(a, b)] = min(a, b)
    for k in range(len(keys)):
        parent[k] = find(parent, k)
    return parent


@njit(cache=True)
def label(x, y, t, core, start, box, keys, roots, rows, slots, eps2, eps_t):
    """Core points get their cell's component, others that of their nearest core neighbour, or -1."""
    labels = np.full(len(x), -1, np.int64)
    for k in range(len(keys)):
        whole = True
        for i in range(start[k], start[k + 1]):
            if core[i]:
                labels[i] = roots[k]
            else:
                whole = False
        if whole:
            continue
        runs = runs_around(keys, k, rows, slots)
        for i in range(start[k], start[k + 1]):
            if core[i]:
                continue
            best = -1
            for run in range(len(runs)):
                for c in range(runs[run, 0], runs[run, 1]):
                    if outside(x, y, t, i, box[c], eps2, eps_t):
                        continue
                    for j in range(start[c], start[c + 1]):
                        if core[j] and near(x, y, t, i, j, eps2, eps_t) and closer(x, y, t, i, j, best):
                            best = j
                            labels[i] = roots[c]
    return labels


@njit(cache=True)
def closer(x, y, t, i, j, best):
    """Nearest in place, then in time, then the lowest x, y and t."""
    if best < 0:
        return True
    a = (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2
    b = (x[i] - x[best]) ** 2 + (y[i] - y[best]) ** 2
    if a != b:
        return a < b
    a = abs(t[i] - t[j])
    b = abs(t[i] - t[best])
    if a != b:
        return a < b
    if x[j] != x[best]:
        return x[j] < x[best]
    if y[j] != y[best]:
        return y[j] < y[best]
    return t[j] < t[best]
