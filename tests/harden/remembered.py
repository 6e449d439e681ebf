"""What follows from everything somebody was ever shown: whole numbers between bounds, and the sums that tie them (an attack).

The unknowns are the reports of each buurt's quarter, by group and by part of the day, as they were counted into the ledger, anew
wherever a revision took them again. The attacker is granted which buurt's quarters were revised, that this was by at least k and
which way, and (``why``) for each hidden cell whether it holds fewer than k. Nothing of geo.auditor or geo.publish decides here.
"""

from collections import Counter
from itertools import combinations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from dashboard.services.publication import at_least, at_most
from data.publishing import DAY_PARTS, GROUP_PARTS
from geo.publish import Why, interval
from tests.harden.seen import buurten_under, quarters_of_year

KINDS = {"group": GROUP_PARTS, "part_of_day": DAY_PARTS}
INF = float("inf")


def exact(ledger):
    """(buurt, quarter) and (buurt, quarter, "kind:part") -> reports."""
    found = Counter()
    for row in ledger.itertuples(index=False):
        found[row.buurt, row.quarter, ""] += row.n
        found[row.buurt, row.quarter, f"group:{row.group}"] += row.n
        found[row.buurt, row.quarter, f"part_of_day:{row.part_of_day}"] += row.n
    return found


def changes(before, after, quarters):
    """Reports that each buurt's quarter, and each part of it, gained or lost between two truths."""
    keys = {key for key in {*before, *after} if key[1] in quarters}
    return {key: after[key] - before[key] for key in keys if after[key] != before[key]}


def moved(before, after, change, *, inside, k):
    """Cells whose figure visibly changed although fewer than k reports did. before, after: cell -> figure or None."""
    few = 0
    windows = {cell[1:3] for cell in before}
    for cell in before.keys() | after.keys():
        if (
            before.get(cell) == after.get(cell) or cell[1:3] not in windows
        ):  # a window that was not there tells nothing yet
            continue
        part = (
            cell.part if None not in (before.get(cell), after.get(cell)) else ""
        )  # what goes, goes with its whole wijk
        there = {(b, q, part) for b, q in inside(cell)}
        few += sum(abs(n) for key, n in change.items() if key in there) < k
    return few


class Memory:
    """All tables that fit what one wijkmanager was shown over the versions. seen: oldest first; buurten: of the wijk."""

    def __init__(self, seen, wijk, buurten, *, k, why):
        self.k, self.why, self.wijk, self.buurten = k, why, wijk, buurten
        self.at, self.truth, self.rows, self.targets, self.small = {}, [], {}, {}, {}
        self.found, self.n_solved, self.leaks = None, 0, []
        since, before, frozen, spots = {}, None, set(), {}
        for number, one in enumerate(seen):
            truth = exact(one.ledger)
            quarters = {q for cell in one.cells for q in range(cell.start, cell.start + cell.quarters)}
            change = changes(before, truth, frozen) if before is not None else {}
            was = dict(since)
            for buurt, quarter in {key[:2] for key in change}:
                since[buurt, quarter] = number
            self._say(one, truth, since)
            for (buurt, quarter, part), n in change.items():
                if buurt not in set(buurten["code"]):
                    continue
                old = self.count(buurt, quarter, part, was, before)
                new = self.count(buurt, quarter, part, since, truth)
                if not part:
                    self.between({new: 1, old: -1}, *((k, INF) if n > 0 else (-INF, -k)))
                self._target({new: np.sign(n), old: -np.sign(n)})
            self._differences(one, before, truth, was, since, change)
            for key, (n, shape) in one.spots.items():
                spots.setdefault(key, (n, shape, dict(since), truth))
            before, frozen = truth, quarters
        self._places(spots)

    def count(self, buurt, quarter, part, since, truth):
        """The unknown for a buurt's quarter, or a part of it, as it was counted last."""
        key = (buurt, quarter, part, since.get((buurt, quarter), 0))
        if key not in self.at:
            self.at[key] = len(self.at)
            self.truth.append(truth[buurt, quarter, part])
            if not part:
                for parts in KINDS.values():
                    split = {self.count(buurt, quarter, p, since, truth): -1 for p in parts}
                    self.between({self.at[key]: 1, **split}, 0, 0)
        return self.at[key]

    def between(self, terms, low, high):
        """A sum of unknowns lies between two numbers; what is said twice holds twice."""
        key = tuple(sorted(terms.items()))
        was = self.rows.get(key, (-INF, INF))
        self.rows[key] = max(low, was[0]), min(high, was[1])

    def inside(self, cell):
        codes = self.buurten["code"] if cell.place == self.wijk else [cell.place]
        return [(b, q) for b in codes for q in range(cell.start, cell.start + cell.quarters)]

    def terms(self, cell, since, truth):
        return {self.count(b, q, cell.part, since, truth): 1 for b, q in self.inside(cell)}

    def _say(self, one, truth, since):
        """Every shown figure, and what it is to be hidden; what is hidden is aimed at, alone and together."""
        for cell, n in one.cells.items():
            terms = self.terms(cell, since, truth)
            if n is not None:
                self.between(terms, *interval(n, k=self.k))
                continue
            if self.why and one.hidden.get(cell) is Why.FEW:
                self.between(terms, 0, self.k - 1)
            self._hidden(cell, terms)

    def _hidden(self, cell, terms):
        """Aim at a hidden cell, alone and together with one or two others that it shares no report with."""
        key = tuple(sorted(terms))
        if key in self.small or not 1 <= self._true(terms) < self.k:
            return
        kind = cell.part.partition(":")[0]
        others = [set(other) for other, of in self.small.items() if of == kind and not set(other) & terms.keys()]
        self.small[key] = kind
        self._target(terms)
        for one, other in [*((o, set()) for o in others), *combinations(others, 2)]:
            if not one & other:
                self._target(dict.fromkeys([*terms, *one, *other], 1))

    def _differences(self, one, before, truth, was, since, change):
        """What a wijk's year gained or lost of one group or part of the day."""
        for cell in one.cells if change else ():
            if cell.part:
                terms = Counter(self.terms(cell, since, truth))
                terms.subtract(self.terms(cell, was, before))
                kept = {at: n for at, n in terms.items() if n}
                sign = 1 if self._true(kept) > 0 else -1
                self._target({at: sign * n for at, n in kept.items()})

    def _places(self, spots):
        """Hotspots lie in their year's buurt: what is left of it beside them is aimed at as well."""
        for start in {start for _, start in spots}:
            mine = {key: spot for key, spot in spots.items() if key[1] == start}
            under = {key: buurten_under(shape, self.buurten) for key, (_, shape, _, _) in mine.items()}
            places = [*({code} for code in self.buurten["code"]), set(self.buurten["code"])]
            for place in places:
                within = [key for key in mine if set(under[key]) <= place]
                if not within:
                    continue
                n_spots = {self._spot(key, spots[key][0], one=len(under[key]) == 1): -1 for key in within}
                _, _, since, truth = mine[within[0]]
                year = {self.count(b, q, "", since, truth): 1 for b in place for q in quarters_of_year(start)}
                self.between({**year, **n_spots}, 0, INF)
                self._target({**year, **n_spots}, always=True)

    def _spot(self, key, n, *, one):
        if key not in self.at:
            self.at[key] = len(self.at)
            self.truth.append(np.nan)
            bounds = interval(n, k=self.k) if one else (at_least(n, k=self.k), at_most(n, k=self.k))
            self.between({self.at[key]: 1}, *bounds)
        return self.at[key]

    def _true(self, terms):
        return sum(self.truth[at] * n for at, n in terms.items())

    def _target(self, terms, *, always=False):
        """Aim at a set that holds a handful: no other can be shown to, for what is shown is true."""
        if terms and (always or 1 <= self._true(terms) < self.k):
            self.targets[tuple(sorted(terms.items()))] = None

    def unions(self, n, rng):
        """Aim at so many random handfuls of small buurt quarters too."""
        small = [key for key, at in self.at.items() if len(key) == 4 and not key[2] and 1 <= self.truth[at] < self.k]
        for _ in range(n if len(small) > 1 else 0):
            terms = {}
            for i in rng.permutation(len(small))[:4]:
                terms[self.at[small[i]]] = 1
                self._target(terms)

    def search(self):
        """The targets that hold at least 1 and fewer than k in every table that fits; how many tables had to be found."""
        self._build()
        for target in self.targets:
            vector = np.zeros(len(self.at))
            for at, n in target:
                vector[at] = n
            inside = self.found @ vector
            if ((inside <= 0) | (inside >= self.k)).any():
                continue
            if (low := self._least(vector)) >= 1 and (high := -self._least(-vector)) < self.k:
                self.leaks.append((self._named(target), low, high))
        return self.leaks

    def _named(self, target):
        names = {at: key for key, at in self.at.items()}
        return [(names[at], int(n)) for at, n in target]

    def _build(self):
        at = [(i, j, n) for i, key in enumerate(self.rows) for j, n in key]
        i, j, n = (np.array(column) for column in zip(*at, strict=True))
        self.sums = csr_array((n.astype(float), (i, j)), shape=(len(self.rows), len(self.at)))
        low, high = (np.array(side, dtype=float) for side in zip(*self.rows.values(), strict=True))
        truth = np.array(self.truth, dtype=float)
        known = self.sums @ truth
        assert (np.isnan(known) | ((known >= low) & (known <= high))).all(), "what is shown is not what was counted"
        self.tables = LinearConstraint(self.sums, low, high)
        self.found = np.zeros((0, len(truth)))

    def _least(self, cost):
        made = milp(cost, constraints=self.tables, integrality=np.ones(len(cost)), bounds=Bounds(0, np.inf))
        self.n_solved += 1
        if made.status == 3:
            return -INF
        assert made.x is not None, made.message
        self.found = np.vstack([self.found, np.round(made.x)])
        return round(made.fun)
