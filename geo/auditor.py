"""The auditor: what can be derived from everything that is shown? Bounds by integer programming, not by the publisher's rules.

The unknown is the count of every atom, the smallest cells there are. Each shown cell says that a sum of atoms lies in its
interval, each hidden one that it is fewer than k (or, hidden as a guard, anything; the attacker is taken to know which). A
set of atoms is given away when its count is at least 1 and fewer than k in every table that fits. The sums form
two nested families (place and time), so their matrix is totally unimodular and the bounds are whole numbers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from geo.publish import Cell, Line, Release, Why, interval

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Leak:
    """A set that is given away: what it is, and the bounds of its count."""

    cells: tuple[Cell, ...]  # its atoms
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
        """Raises ValueError when no table fits, which honest counts never give."""
        parts: dict[Cell, tuple[Cell, ...]] = {}
        for line in ties:
            parts.setdefault(line.total, line.parts)
        everything = dict.fromkeys(cell for line in ties for cell in (line.total, *line.parts))
        self._atoms_of = {cell: self._atoms(cell, parts) for cell in everything}
        self.atoms = sorted({atom for atoms in self._atoms_of.values() for atom in atoms})
        self._at = {atom: i for i, atom in enumerate(self.atoms)}
        rows, low, high = [], [], []
        for cell in everything:
            bounds = _bounds(cell, release)
            if bounds is not None:
                rows.append(self.indicator(self._atoms_of[cell]))
                low.append(bounds[0])
                high.append(bounds[1])
        matrix = csr_array(np.array(rows) if rows else np.zeros((0, len(self.atoms))))
        self._limits = [LinearConstraint(matrix, np.array(low), np.array(high))] if rows else []

    def atoms_of(self, cell: Cell) -> tuple[Cell, ...]:
        """The atoms a cell is the sum of."""
        return self._atoms_of[cell]

    def indicator(self, atoms: Iterable[Cell]) -> Floats:
        """1 for each of these atoms, 0 for the others."""
        vector = np.zeros(len(self.atoms))
        vector[[self._at[atom] for atom in atoms]] = 1
        return vector

    def least(self, vector: Floats) -> int:
        """The smallest count a set of atoms has in any table."""
        return round(self._solve(vector))

    def most(self, vector: Floats) -> float:
        """The largest count; inf when nothing bounds it."""
        return -self._solve(-vector)

    def _solve(self, cost: Floats) -> float:
        found = milp(cost, constraints=self._limits, integrality=np.ones(len(cost)), bounds=Bounds(0, np.inf))
        if found.status == 3:  # unbounded
            return -np.inf
        if found.x is None:
            raise ValueError(f"no table fits what is shown: {found.message}")
        return float(found.fun)

    @staticmethod
    def _atoms(cell: Cell, parts: Mapping[Cell, tuple[Cell, ...]]) -> tuple[Cell, ...]:
        """Follow one partition down to cells that are no total; whichever partition is taken first, atoms are the same."""
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

    ties: the lines of one system in which every cell comes down to the same atoms, e.g. one wijk's buurten and quarters.
    Looked at: per line with a shown total the hidden parts together, each hidden part alone, each difference of the total and one
    shown part, and so many random unions of atoms (seeded).
    """
    tables = Tables(release, ties)
    rng = np.random.Generator(np.random.PCG64(seed))
    asked: dict[bytes, None] = {}
    leaks = []

    def ask(vector: Floats, of: Cell) -> None:
        key = vector.astype(bool).tobytes()
        if key in asked or not vector.any():
            return
        asked[key] = None
        low = tables.least(vector)
        if low >= 1 and (high := tables.most(vector)) < release.k:
            atoms = tuple(a for a, inside in zip(tables.atoms, vector, strict=True) if inside)
            leaks.append(Leak(cells=atoms, of=of, low=low, high=round(high)))

    for line in ties:
        if line.total not in release.shown:
            continue
        whole = tables.indicator(tables.atoms_of(line.total))
        hidden = [p for p in line.parts if p in release.hidden]
        ask(sum((tables.indicator(tables.atoms_of(p)) for p in hidden), np.zeros(len(tables.atoms))), line.total)
        for part in line.parts:
            mine = tables.indicator(tables.atoms_of(part))
            ask(mine if part in release.hidden else whole - mine, line.total)
    totals = [line.total for line in ties if line.total in release.shown]
    for _ in range(unions if totals else 0):
        of = totals[int(rng.integers(len(totals)))]
        inside = np.flatnonzero(tables.indicator(tables.atoms_of(of)))
        vector = np.zeros(len(tables.atoms))
        vector[inside[rng.random(len(inside)) < rng.random()]] = 1
        ask(vector, of)
    return Proof(n_sets=len(asked), n_atoms=len(tables.atoms), leaks=tuple(leaks))


def _bounds(cell: Cell, release: Release) -> tuple[float, float] | None:
    if cell in release.shown:
        return interval(release.shown[cell], k=release.k)
    why = release.hidden.get(cell)
    if why is None:
        return None
    return (0, release.k - 1) if why is Why.FEW else (0, np.inf)
