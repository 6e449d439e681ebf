"""Two periods side by side, hotspots through the quarters, trends: the address, the figures, and who may ask."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.components import development, development_time
from dashboard.development_state import DevelopmentState, Per, Picture, Preset, period_of, preset, usual
from dashboard.services import services_for
from dashboard.services.development import Problem
from data.settings import Settings
from data.store import ReportStore
from data.viewer import LOCAL_ANALYST, Denied, Role, Viewer
from geo.compare import Period, Verdict
from geo.identity import Life

DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
PERIODS = st.none() | st.builds(
    lambda start, n: Period(start=start, end=start + timedelta(days=n)), DAYS, st.integers(0, 900)
)
STATES = st.builds(
    DevelopmentState,
    before=PERIODS,
    after=PERIODS,
    per=st.sampled_from(Per),
    picture=st.sampled_from(Picture),
    wijk=st.text("WK0123456789", max_size=10),
    runs=st.tuples(st.integers(0, 10**9 - 1), st.integers(0, 10**9 - 1)),
)


@given(STATES)
def test_an_address_holds_the_whole_state(state):
    assert DevelopmentState.from_query("?" + state.to_query()) == state


@given(st.text(max_size=60))
def test_a_mangled_address_still_opens(text):
    query = f"eerst={text}&daarna={text}&per={text}&beeld={text}&analyses={text}"
    assert isinstance(DevelopmentState.from_query(query), DevelopmentState)
    assert period_of("2025-12-31_2025-01-01") is None


@given(DAYS, st.integers(1, 3000), st.sampled_from(Preset))
def test_a_preset_is_two_periods_one_after_the_other_that_end_at_the_last_report(first, days, which):
    last = first + timedelta(days=days)
    found = preset(which, first=first, last=last)
    if found is not None:
        before, after = found
        assert before.end < after.start and after.end == last
        assert abs(before.days - after.days) <= 1  # 29 February
    assert usual(first=first, last=last) is not None


def test_this_quarter_is_held_against_the_same_days_a_year_before():
    before, after = preset(Preset.QUARTER, first=date(2024, 1, 1), last=date(2026, 8, 20))
    assert (before.start, before.end) == (date(2025, 7, 1), date(2025, 8, 20))
    assert (after.start, after.end) == (date(2026, 7, 1), date(2026, 8, 20))


def test_two_years_show_the_place_that_came_and_the_place_that_went_and_no_other(demo_services):
    found = demo_services.development.side_by_side(LOCAL_ANALYST, DevelopmentState(per=Per.HOTSPOT))
    sure = {p.name: (p.figures.verdict, p.there) for p in found.places if p.figures.verdict is not Verdict.NO_EVIDENCE}
    assert sure == {
        "Sterrenburg 1-West": (Verdict.RISE, (False, True)),
        "Palissander en omgeving": (Verdict.FALL, (True, False)),
    }
    assert sum(p.figures.before for p in found.buurten) <= found.city.before
    assert [mark.name for mark in found.marks] == ["Start meldapp", "Orange the World"]
    assert set(found.cells["hotspot_id"]) == {p.id for p in found.hotspots}


@pytest.mark.parametrize(
    ("query", "problem", "words"),
    [
        ("eerst=2026-01-01_2026-02-01&daarna=2025-01-01_2025-02-01", Problem.BACKWARDS, "Wissel ze om"),
        ("eerst=2025-01-01_2025-06-01&daarna=2025-06-01_2025-08-01", Problem.OVERLAP, "overlappen"),
        (
            "eerst=2001-01-01_2001-06-01&daarna=2025-06-01_2025-08-01",
            Problem.NOTHING_BEFORE,
            "geen meldingen van 1 jan 2001",
        ),
        (
            "eerst=2025-06-01_2025-08-01&daarna=2040-01-01_2040-06-01",
            Problem.NOTHING_AFTER,
            "geen meldingen van 1 jan 2040",
        ),
    ],
)
def test_periods_that_cannot_be_compared_say_why_and_what_to_do(demo_services, query, problem, words):
    found = demo_services.development.side_by_side(LOCAL_ANALYST, DevelopmentState.from_query(query))
    assert found.problem is problem and found.places == ()
    [said] = development.comparison(found, source="x", cell_m=50)
    assert words in str(said)


def test_hotspots_keep_their_place_through_the_quarters_and_get_the_planted_lives(demo_services):
    lives = demo_services.development.lives(LOCAL_ANALYST)
    life = {strip.name: strip.life for strip in lives.strips}
    assert life["Centrum"] is Life.PERSISTENT
    assert life["Sterrenburg 1-West"] is Life.EMERGING
    assert life["Palissander en omgeving"] is Life.FORMER
    assert all(len(s.present) == len(s.counts) == len(lives.starts) for s in lives.strips)


def test_the_wijken_make_up_the_city_and_one_wijk_has_a_share(demo_services):
    city = demo_services.development.course(LOCAL_ANALYST)
    assert city.wijk == "" and city.share_trend is None
    assert sum(row.n for row in city.wijken) <= sum(city.quarters.counts)
    one = demo_services.development.course(LOCAL_ANALYST, "WK050509")
    assert one.quarters.totals == city.quarters.counts
    assert one.quarters.counts == tuple(
        round(s * t) for s, t in zip(one.quarters.shares, one.quarters.totals, strict=True)
    )
    assert [mark.name for mark in one.marks] == ["Start meldapp", "Orange the World"]
    assert "Zomervakantie" in {mark.name for mark in one.holidays}
    assert demo_services.development.course(LOCAL_ANALYST, "WK-nergens").wijk == ""


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ANALYST])
def test_whoever_may_not_ask_freely_is_denied(demo_services, role):
    viewer, service = Viewer(name="x", role=role), demo_services.development
    for ask in (lambda: service.side_by_side(viewer, DevelopmentState()), lambda: service.lives(viewer),
                lambda: service.course(viewer)):  # fmt: skip
        with pytest.raises(Denied):
            ask()


def test_an_empty_store_says_that_there_are_no_reports(tmp_path):
    settings = Settings(store=f"sqlite:///{tmp_path / 'leeg.sqlite'}")
    with ReportStore.open(settings.store) as store:
        services = services_for(store, settings)
        found = services.development.side_by_side(LOCAL_ANALYST, DevelopmentState())
        assert found.problem is Problem.NO_REPORTS
        assert "Te weinig meldingen" in str(
            development_time.lives(services.development.lives(LOCAL_ANALYST))
        ) and "Te weinig meldingen" in str(development_time.course(services.development.course(LOCAL_ANALYST)))
