"""A small city laid open whole: every table that fits, every set of reports, held against the auditor's bounds.

The attacker knows what is shown and why each hidden cell is hidden, and writes down every table of whole numbers that
fits. A set of the smallest cells is given away when every table has at least one and fewer than k in it. Every sum and
every difference of cells that is about people is such a set, so nothing is left to ask.
"""

import itertools

import numpy as np
import pytest

from geo.auditor import Tables, audit, proven
from geo.disclosure import rounded
from geo.publish import CITY, Cell, Line, Release, Why, interval, release

MOST_TABLES = 3_000_000


def system(buurten, windows):
    """Lines of a city of one wijk: its buurten, and (with more than one window) the whole period and its windows."""
    names = [f"B{b}" for b in range(buurten)]
    spans = [(0, windows)] + ([(w, 1) for w in range(windows)] if windows > 1 else [])
    ties = [Line(Cell(CITY, *span), tuple(Cell(name, *span) for name in names)) for span in spans]
    if windows > 1:
        ties += [
            Line(Cell(place, 0, windows), tuple(Cell(place, w, 1) for w in range(windows))) for place in (CITY, *names)
        ]
    return ties


def atoms_in(ties):
    """Cell -> the smallest cells it is the sum of."""
    totals = {line.total: line.parts for line in ties}

    def down(cell):
        return [atom for part in totals[cell] for atom in down(part)] if cell in totals else [cell]

    return {cell: down(cell) for line in ties for cell in (line.total, *line.parts)}


def fitting(made, ties):
    """Every table that fits what is shown, (n, atoms); the atoms. Where nothing bounds a cell it goes up to enough."""
    inside = atoms_in(ties)
    atoms = sorted({atom for those in inside.values() for atom in those})
    enough = max([made.k, *(interval(shown, k=made.k)[1] for shown in made.shown.values())])
    low, high, holds = [], [], []
    for cell, those in inside.items():
        least, most = (0, enough * len(those)) if cell not in made.shown else interval(made.shown[cell], k=made.k)
        low.append(least)
        high.append(made.k - 1 if made.hidden.get(cell) is Why.FEW else most)
        holds.append([atom in those for atom in atoms])
    low, high, holds = np.array(low), np.array(high), np.array(holds, dtype=np.int16)
    tables = np.zeros((1, 0), dtype=np.int16)
    for i in range(len(atoms)):
        tops = high[holds[:, i] == 1].min()
        step = np.repeat(tables, min(tops, enough) + 1, axis=0)
        value = np.tile(np.arange(min(tops, enough) + 1, dtype=np.int16), len(tables))
        tables = np.column_stack([step, value])
        tables = tables[(tables @ holds[:, : i + 1].T <= high).all(axis=1)]
        assert len(tables) <= MOST_TABLES
    return tables[(tables @ holds.T >= low).all(axis=1)], atoms, enough


def every_set(n):
    """Each set of n atoms but the empty one, (2ⁿ − 1, n)."""
    return np.array(list(itertools.product((0, 1), repeat=n))[1:], dtype=np.int16)


def derived(made, ties):
    """Every set with what the attacker knows of it: {atoms: (least, most)}; and how high a count was tried."""
    tables, atoms, enough = fitting(made, ties)
    assert len(tables), "the true counts fit"
    sets = every_set(len(atoms))
    counts = tables @ sets.T
    names = [tuple(a for a, one in zip(atoms, chosen, strict=True) if one) for chosen in sets]
    return dict(
        zip(names, zip(counts.min(axis=0).tolist(), counts.max(axis=0).tolist(), strict=True), strict=True)
    ), enough


def given_away(made, ties):
    """The sets that hold somebody, and fewer than k, in every table."""
    return {atoms for atoms, (least, most) in derived(made, ties)[0].items() if least >= 1 and most < made.k}


def thresholds_only(counts, ties, *, k):
    """What is shown when each cell is looked at by itself: suppression of what gives away another is off."""
    cells = dict.fromkeys(cell for line in ties for cell in (line.total, *line.parts))
    shown = {cell: rounded(counts[cell]) for cell in cells if counts[cell] >= k}
    return Release(k=k, shown=shown, hidden={cell: Why.FEW for cell in cells if cell not in shown})


SHAPES = [(3, 1, 5), (4, 1, 5), (3, 2, 3), (4, 2, 2)]  # buurten, windows, k
CITIES = 40
LARGE = {1: (5, 7, 7, 8, 12, 12), 2: (3, 5, 7, 7, 8)}  # by number of windows; 7 and 12 are rounded down furthest


def cities(buurten, windows, k):
    """Small cities whose counts lie round k, where the difficulties are."""
    rng = np.random.default_rng([buurten, windows, k])
    ties = system(buurten, windows)
    inside = atoms_in(ties)
    atoms = sorted({atom for those in inside.values() for atom in those})
    for _ in range(CITIES):
        true = dict(zip(atoms, rng.integers(0, k, len(atoms)).tolist(), strict=True))
        for atom in rng.permutation(len(atoms))[: rng.integers(1, buurten)]:
            true[atoms[atom]] = int(rng.choice(LARGE[windows]))
        yield ties, {cell: sum(true[a] for a in those) for cell, those in inside.items()}


@pytest.mark.parametrize(("buurten", "windows", "k"), SHAPES)
def test_of_a_proven_release_no_set_whatever_is_given_away(buurten, windows, k):
    n_shown = 0
    for ties, counts in cities(buurten, windows, k):
        made, _ = proven(counts, [ties], k=k)
        assert given_away(made, ties) == set(), made
        n_shown += len(made.shown)
    assert n_shown > CITIES  # of what shows nothing, nothing can be derived


@pytest.mark.parametrize(("buurten", "windows", "k"), SHAPES)
def test_with_suppression_off_the_attacker_finds_leaks_and_the_auditor_every_release_that_has_one(buurten, windows, k):
    leaking = 0
    for ties, counts in cities(buurten, windows, k):
        naive = thresholds_only(counts, ties, k=k)
        found = given_away(naive, ties)
        told = audit(naive, ties, unions=200).leaks
        assert bool(told) == bool(found), (naive, found)
        inside = atoms_in(ties)
        assert {tuple(sorted(a for c in leak.cells for a in inside[c])) for leak in told} <= found
        leaking += bool(found)
    assert leaking >= 3


@pytest.mark.parametrize(("buurten", "windows", "k"), SHAPES)
def test_the_integer_bounds_of_every_set_are_those_of_every_table_written_down(buurten, windows, k):
    for ties, counts in itertools.islice(cities(buurten, windows, k), 2):
        for made in (release(counts, ties, k=k), thresholds_only(counts, ties, k=k)):
            known, enough = derived(made, ties)
            tables = Tables(made, ties)
            for atoms, (least, most) in known.items():
                vector = tables.indicator(atoms)
                assert tables.least(vector) == least
                top = tables.most(vector)
                assert top == most or (top == np.inf and most >= enough)
