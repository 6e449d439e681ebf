"""Published hotspots beside published cells: parts, rest and quarters of a buurt, and what cuts across them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from geo.auditor import audit, proven
from geo.disclosure import rounded
from geo.publish import Cell, Line, Release, Why
from geo.spots import Part, countable, fits

K = 5
YEAR = 2025 * 4
BUURT = Cell("B", YEAR, 4)
QUARTERS = tuple(Cell("B", YEAR + q, 1) for q in range(4))


@st.composite
def years(draw):
    """A buurt's year: rows are two hotspots and the rest, columns are quarters."""
    n = st.one_of(st.integers(0, 3), st.integers(0, 16))
    return draw(st.lists(st.lists(n, min_size=4, max_size=4), min_size=3, max_size=3))


@settings(max_examples=60, deadline=None)
@given(years())
def test_hotspots_beside_quarters_give_no_handful_away_even_where_they_cross(table):
    counts = {BUURT: sum(map(sum, table))} | {q: sum(row[i] for row in table) for i, q in enumerate(QUARTERS)}
    base = [Line(BUURT, QUARTERS)]
    made, _ = proven(counts, [base], k=K, unions=20)
    parts = {Part(f"H{i}", "B"): sum(row) for i, row in enumerate(table[:2])}
    kept = countable(parts, shown={"B": made.shown[BUURT]} if BUURT in made.shown else {}, k=K)
    if not kept:
        return
    rows = [Cell(part.hotspot, YEAR, 4) for part in sorted(kept)]
    rest = Cell("rest", YEAR, 4)
    atoms = {(row, q): Cell(row.place, q.start, 1) for row in (*rows, rest) for q in QUARTERS}
    ties = [
        Line(BUURT, (*rows, rest)),
        *base,
        *(Line(row, tuple(atoms[row, q] for q in QUARTERS)) for row in (*rows, rest)),
        *(Line(q, tuple(atoms[row, q] for row in (*rows, rest))) for q in QUARTERS),
    ]
    told = {row: rounded(parts[Part(row.place, "B")]) for row in rows}
    unknown = dict.fromkeys((rest, *atoms.values()), Why.GUARD)
    whole = Release(k=K, shown={**made.shown, **told}, hidden={**made.hidden, **unknown})
    assert audit(whole, ties, unions=60, seed=3).leaks == ()


def test_a_hotspot_that_is_all_of_a_buurt_or_leaves_enough_is_counted_and_one_that_leaves_a_handful_is_not():
    assert fits([35], shown=35, k=K)  # may be all of it
    assert fits([15], shown=20, k=K)  # leaves 1 to 9
    assert not fits([15], shown=20, k=10)  # leaves fewer than 10, and at least 1
    assert fits([10], shown=30, k=10)


def test_the_auditor_agrees_that_a_rest_of_at_least_one_and_fewer_than_k_is_told():
    hotspot, rest = Cell("H", YEAR, 4), Cell("rest", YEAR, 4)
    told = Release(k=10, shown={BUURT: 20, hotspot: 15}, hidden={rest: Why.GUARD})
    assert [leak.cells for leak in audit(told, [Line(BUURT, (hotspot, rest))]).leaks] == [(rest,)]


def test_parts_that_together_say_more_of_a_buurt_than_its_own_figure_lose_the_smallest():
    parts = {Part("H1", "B"): 8, Part("H2", "B"): 5, Part("H3", "B"): 4}
    kept = countable(parts, shown={"B": 15}, k=K)
    assert kept <= {Part("H1", "B"), Part("H2", "B")} and Part("H3", "B") not in kept
    three = dict.fromkeys((Part(f"H{i}", "B") for i in (1, 2, 3)), 5)
    assert countable(three, shown={"B": 15}, k=K) == {Part("H1", "B")}


def test_in_a_buurt_that_shows_nothing_no_hotspot_is_counted():
    assert countable({Part("H1", "B"): 40}, shown={}, k=K) == frozenset()
