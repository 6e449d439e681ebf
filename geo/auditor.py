"""The auditor: what can be derived from everything that is shown? Bounds by integer programming, not by the publisher's rules.

The unknown is the count of every cell; lines say which are sums of which. Each shown cell lies in its interval, each hidden
one is fewer than k (or, hidden as a guard, anything; the attacker is taken to know which). A set is given away when its
count is at least 1 and fewer than k in every table of whole numbers that fits.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from geo import publish
from geo.publish import Cell, Line, Release, Why, interval

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Leak:
    """A set that is given away: what it is, and the bounds of its count."""

    cells: tuple[Cell, ...]  # what it is the sum of
    of: Cell  # the shown cell it was derived from
    low: int
    high: int


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What was looked at. leaks: empty when nothing is given away."""

    n_sets: int
    n_atoms: int
    leaks: tuple[Leak, ...]


class Tables:
    """All tables of atoms that fit what is shown."""

    def __init__(self, release: Release, ties: Sequence[Line]) -> None:
        """Ties: every line of the system; a cell of which nothing was said may hold anything."""
        parts: dict[Cell, tuple[Cell, ...]] = {}
        for line in ties:
            parts.setdefault(line.total, line.parts)
        self.cells = list(dict.fromkeys(cell for line in ties for cell in (line.total, *line.parts)))
        self._at = {cell: i for i, cell in enumerate(self.cells)}
        self._atoms_of = {cell: self._atoms(cell, parts) for cell in self.cells}
        self.atoms = sorted({atom for atoms in self._atoms_of.values() for atom in atoms})
        rows = [i for i, line in enumerate(ties) for _ in range(1 + len(line.parts))]
        columns = [self._at[cell] for line in ties for cell in (line.total, *line.parts)]
        values = [v for line in ties for v in (1.0, *(-1.0 for _ in line.parts))]
        sums = csr_array((values, (rows, columns)), shape=(len(ties), len(self.cells)))
        low, high = zip(*(_bounds(cell, release) for cell in self.cells), strict=True)
        self._bounds = Bounds(np.array(low, dtype=float), np.array(high, dtype=float))
        self._sums = LinearConstraint(sums, 0, 0)
        self._found = np.zeros((0, len(self.cells)))  # tables that fit, met on the way

    def atoms_of(self, cell: Cell) -> tuple[Cell, ...]:
        """The atoms a cell is the sum of, by one of its partitions."""
        return self._atoms_of[cell]

    def indicator(self, cells: Iterable[Cell]) -> Floats:
        """1 for each of these cells, 0 for the others; they must not overlap."""
        vector = np.zeros(len(self.cells))
        vector[[self._at[cell] for cell in cells]] = 1
        return vector

    def safe(self, vector: Floats, *, k: int) -> bool:
        """Whether a table met before, which fits all that is shown, has none or at least k in a set: then no bound isolates it."""
        counts = self._found @ vector
        return bool(((counts == 0) | (counts >= k)).any())

    def least(self, vector: Floats) -> int:
        """The smallest count a set of atoms has in any table."""
        return round(self._solve(vector))

    def most(self, vector: Floats) -> float:
        """The largest count; inf when nothing bounds it."""
        return -self._solve(-vector)

    def _solve(self, cost: Floats) -> float:
        found = milp(cost, constraints=self._sums, integrality=np.ones(len(cost)), bounds=self._bounds)
        if found.status == 3:  # unbounded
            return -np.inf
        if found.x is None:
            raise ValueError(f"no table fits what is shown: {found.message}")
        self._found = np.vstack([self._found, np.round(found.x)])
        return float(found.fun)

    @staticmethod
    def _atoms(cell: Cell, parts: Mapping[Cell, tuple[Cell, ...]]) -> tuple[Cell, ...]:
        """Follow the first partition down to cells that are no total."""
        stack, atoms = [cell], []
        while stack:
            one = stack.pop()
            if one in parts:
                stack.extend(parts[one])
            else:
                atoms.append(one)
        return tuple(sorted(atoms))


def audit(release: Release, ties: Sequence[Line], *, unions: int = 100, seed: int = 2025) -> Proof:
    """Prove that no set within what is shown is given away, or say which is.

    ties: the lines of one system, e.g. one wijk with its buurten, quarters and breakdowns. Looked at: per line with a shown
    total the hidden parts together, each hidden part alone, each difference of the total and one shown part, and so many
    random unions of the smallest cells (seeded). ValueError when no table fits, which honest counts never give.
    """
    tables = Tables(release, ties)
    rng = np.random.Generator(np.random.PCG64(seed))
    asked: dict[bytes, None] = {}
    leaks = []

    def ask(vector: Floats, of: Cell) -> None:
        key = vector.tobytes()
        if key in asked or not vector.any():
            return
        asked[key] = None
        if tables.safe(vector, k=release.k):
            return
        low = tables.least(vector)
        if low >= 1 and (high := tables.most(vector)) < release.k:
            inside = tuple(c for c, one in zip(tables.cells, vector, strict=True) if one)
            leaks.append(Leak(cells=inside, of=of, low=low, high=round(high)))

    for line in ties:
        if line.total not in release.shown:
            continue
        hidden = [p for p in line.parts if p in release.hidden]
        ask(tables.indicator(hidden), line.total)
        for part in line.parts:
            rest = [p for p in line.parts if p != part]
            ask(tables.indicator([part] if part in release.hidden else rest), line.total)
    totals = [line.total for line in ties if line.total in release.shown]
    for _ in range(unions if totals else 0):
        of = totals[int(rng.integers(len(totals)))]
        atoms = tables.atoms_of(of)
        chosen = rng.random(len(atoms)) < rng.random()
        ask(tables.indicator([a for a, one in zip(atoms, chosen, strict=True) if one]), of)
    return Proof(n_sets=len(asked), n_atoms=len(tables.atoms), leaks=tuple(leaks))


def _bounds(cell: Cell, release: Release) -> tuple[float, float]:
    if cell in release.shown:
        return interval(release.shown[cell], k=release.k)
    return (0, release.k - 1) if release.hidden.get(cell) is Why.FEW else (0, np.inf)


def proven(
    counts: Mapping[Cell, int],
    systems: Sequence[Sequence[Line]],
    *,
    k: int,
    frozen: Release | None = None,
    unions: int = 100,
) -> tuple[Release, int]:
    """A release (geo.publish) of which nothing can be derived, and how many cells were hidden on top of its own rules.

    systems: the lines, in groups that are each proven by themselves; what cannot be proven is hidden. ValueError when only
    frozen cells are left to hide.
    """
    ties = list(dict.fromkeys(line for system in systems for line in system))
    made = publish.release(counts, ties, k=k, frozen=frozen)
    held = (set(frozen.shown) | set(frozen.hidden)) if frozen else set()
    n_hidden = 0
    while leaks := [leak for system in systems for leak in audit(made, system, unions=unions).leaks]:
        own = {cell for leak in leaks for cell in (leak.of, *leak.cells)}
        near = own | {c for t in ties if not own.isdisjoint((t.total, *t.parts)) for c in (t.total, *t.parts)}
        hide = _worst(near, made, held) or _worst(made.shown, made, held) or _unsaid(near, made, held)
        if not hide:
            raise ValueError(f"{leaks[0].of}: what was frozen gives away what is hidden")
        n_hidden += len(hide & set(made.shown))
        hidden = {**made.hidden, **dict.fromkeys(hide, Why.GUARD)}
        left = {cell: n for cell, n in made.shown.items() if cell not in hide}
        made = publish.release(counts, ties, k=k, frozen=Release(k=k, shown=left, hidden=hidden))
    return made, n_hidden


def _worst(near: Iterable[Cell], made: Release, held: set[Cell]) -> set[Cell]:
    """Of the shown ones that may still be hidden, the finest with the smallest count."""
    free = [cell for cell in near if cell in made.shown and cell not in held]
    return {min(free, key=lambda c: (c.quarters, -len(c.place), made.shown[c], c))} if free else set()


def _unsaid(near: Iterable[Cell], made: Release, held: set[Cell]) -> set[Cell]:
    """New hidden cells: that they hold fewer than k may then be known to nobody."""
    return {cell for cell in near if made.hidden.get(cell) is Why.FEW and cell not in held}
