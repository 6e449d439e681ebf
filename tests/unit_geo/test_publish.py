"""Published cells: nothing that is shown, alone or together, is about a handful of people. Proven by the auditor."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.auditor import Tables, audit, proven
from geo.disclosure import rounded
from geo.publish import (
    CITY,
    Cell,
    Line,
    Release,
    Why,
    bounds,
    cells,
    lines,
    quarter_number,
    release,
    window_start,
    windows,
)

K = 5
FIRST, LAST = 2024 * 4, 2025 * 4 + 3


def city(wijken, buurten):
    """wijk and buurt code -> what it is part of."""
    places = {f"W{w}": CITY for w in range(wijken)}
    return places | {f"W{w}B{b}": f"W{w}" for w in range(wijken) for b in range(buurten)}


def counted(places, reports):
    """Cell -> count, of reports given as (buurt, quarter)."""
    counts = {}
    for buurt, quarter in reports:
        for place in (buurt, places[buurt], CITY):
            for start, quarters in windows(FIRST, LAST):
                if start <= quarter < start + quarters:
                    cell = Cell(place, start, quarters)
                    counts[cell] = counts.get(cell, 0) + 1
    return counts


@st.composite
def cities(draw):
    """A small city and its reports: few, and unevenly spread."""
    places = city(draw(st.integers(1, 3)), draw(st.integers(1, 3)))
    buurten = sorted(p for p in places if "B" in p)
    one = st.tuples(st.sampled_from(buurten), st.integers(FIRST, LAST))
    heaps = draw(st.lists(st.tuples(one, st.integers(1, 14)), max_size=16))
    return places, counted(places, [report for report, n in heaps for _ in range(n)])


def test_windows_are_whole_and_aligned_to_the_calendar():
    assert windows(FIRST, LAST)[:3] == [(FIRST, 8), (FIRST, 4), (FIRST + 4, 4)]
    assert windows(2023 * 4 + 2, 2024 * 4 + 3) == [(2024 * 4, 4), *((q, 1) for q in range(2023 * 4 + 2, 2024 * 4 + 4))]
    assert window_start(2025 * 4 + 1, 8) == 2024 * 4 and window_start(2025 * 4 + 1, 4) == 2025 * 4
    days = np.array(["2024-03-31", "2024-04-01", "1999-12-31"], dtype="datetime64[D]")
    assert quarter_number(days).tolist() == [2024 * 4, 2024 * 4 + 1, 1999 * 4 + 3]


@settings(max_examples=40, deadline=None)
@given(cities())
def test_no_set_of_fewer_than_k_reports_can_be_derived_from_a_release(given_city):
    places, counts = given_city
    ties = lines(places, first=FIRST, last=LAST)
    made, _ = proven(counts, [ties], k=K, unions=20)
    assert audit(made, ties, unions=60, seed=1).leaks == ()


@settings(max_examples=40, deadline=None)
@given(cities())
def test_what_is_shown_rests_on_k_reports_and_is_rounded(given_city):
    places, counts = given_city
    ties = lines(places, first=FIRST, last=LAST)
    made = release(counts, ties, k=K)
    assert set(made.shown) | set(made.hidden) == set(cells(ties)) and not set(made.shown) & set(made.hidden)
    for cell, value in made.shown.items():
        assert counts[cell] >= K and value == rounded(counts[cell])
    assert all(counts.get(cell, 0) < K for cell, why in made.hidden.items() if why is Why.FEW)
    assert made.total(cells(ties)) == sum(made.shown.values())


@settings(max_examples=25, deadline=None)
@given(cities(), st.data())
def test_a_frozen_cell_stays_and_later_quarters_give_nothing_away(given_city, data):
    places, counts = given_city
    early = lines(places, first=FIRST, last=LAST - data.draw(st.integers(1, 5)))
    first, _ = proven(counts, [early], k=K, unions=20)
    ties = lines(places, first=FIRST, last=LAST)
    then, _ = proven(counts, [ties], k=K, frozen=first, unions=20)
    assert first.shown.items() <= then.shown.items() and first.hidden.items() <= then.hidden.items()
    assert audit(then, ties, unions=20).leaks == ()


@settings(max_examples=25, deadline=None)
@given(cities(), st.randoms(use_true_random=False))
def test_a_breakdown_by_part_of_day_gives_nothing_away_either(given_city, random):
    places, counts = given_city
    wijken = {place: parent for place, parent in places.items() if parent == CITY}
    ties = lines(wijken, first=FIRST, last=LAST, parts=("dag", "avond", "nacht"))
    split = dict(counts)
    for cell in [c for c in counts if c.place in wijken and c.quarters == 4]:
        for _ in range(counts[cell]):
            part = random.choice(("dag", "avond", "nacht"))
            for start, quarters in ((cell.start, 4), (FIRST, 8)):
                key = Cell(cell.place, start, quarters, part)
                split[key] = split.get(key, 0) + 1
    ties = list(dict.fromkeys([*lines(places, first=FIRST, last=LAST), *ties]))
    made, _ = proven(split, [ties], k=K, unions=20)
    assert audit(made, ties, unions=60, seed=1).leaks == ()


def test_a_rest_bounded_in_a_longer_window_and_filled_in_a_shorter_one_is_found_and_hidden():
    places = city(1, 3)
    counts = counted(places, [("W0B0", FIRST)] * 22 + [("W0B0", FIRST + 1), ("W0B1", FIRST)])
    ties = lines(places, first=FIRST, last=LAST)
    assert audit(release(counts, ties, k=K), ties).leaks, "bounds per cell do not see it; the auditor must"
    made, n_hidden = proven(counts, [ties], k=K)
    assert n_hidden and audit(made, ties).leaks == ()


def test_the_auditor_finds_what_thresholds_alone_give_away():
    whole, left, right = Cell("W0", FIRST, 8), Cell("W0", FIRST, 4), Cell("W0", FIRST + 4, 4)
    tie = Line(whole, (left, right))
    naive = Release(k=K, shown={whole: 30, left: 25}, hidden={right: Why.FEW})
    leak = audit(naive, [tie]).leaks[0]
    assert leak.cells == (right,) and (leak.low, leak.high) == (1, 4)
    made = release({whole: 28, left: 26, right: 2}, [tie], k=K)
    assert made.shown in ({whole: 30}, {left: 25})
    assert audit(made, [tie]).leaks == ()


def test_bounds_passed_along_lines_hold_the_integer_bounds():
    places = city(2, 2)
    rng = np.random.default_rng(5)
    buurten = sorted(p for p in places if "B" in p)
    counts = counted(
        places,
        [(buurten[i], int(q)) for i, q in zip(rng.integers(0, 4, 60), rng.integers(FIRST, LAST + 1, 60), strict=True)],
    )
    ties = lines(places, first=FIRST, last=LAST)
    made = release(counts, ties, k=K)
    tables, known = Tables(made, ties), bounds(ties, made.shown, made.hidden, k=K)
    for cell in cells(ties)[:25]:
        vector = tables.indicator(tables.atoms_of(cell))
        assert known[cell][0] <= tables.least(vector) <= counts.get(cell, 0) <= tables.most(vector) <= known[cell][1]


def test_frozen_cells_that_give_something_away_are_refused():
    whole, left, right = Cell("W0", FIRST, 8), Cell("W0", FIRST, 4), Cell("W0", FIRST + 4, 4)
    frozen = Release(k=K, shown={whole: 30, left: 25}, hidden={right: Why.FEW})
    with pytest.raises(ValueError, match="gives away"):
        release({}, [Line(whole, (left, right))], k=K, frozen=frozen)


def test_counts_no_table_fits_are_refused():
    whole, left, right = Cell("W0", FIRST, 8), Cell("W0", FIRST, 4), Cell("W0", FIRST + 4, 4)
    made = Release(k=K, shown={whole: 5, left: 30}, hidden={right: Why.FEW})
    with pytest.raises(ValueError, match="no table fits"):
        audit(made, [Line(whole, (left, right))])
