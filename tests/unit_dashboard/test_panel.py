"""The explanation of a hotspot and the dialog with its evidence: data in, components out, on the demo city."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from dash import html
from hypothesis import given
from hypothesis import strategies as st

from dashboard import advice_words
from dashboard.components import advanced, detail, jobs, matrix, robustness, surfaces, trend
from dashboard.paragraph import paragraph
from dashboard.services import services_for
from dashboard.services.jobs import Job, JobState
from dashboard.state import FilterState
from data.reasons import UserError
from data.settings import Settings
from data.store import ReportStore
from data.viewer import LOCAL_ANALYST
from geo import stability
from geo.advice import WARNINGS, Advice
from geo.calendar import Mark, MarkKind
from geo.clock import weekday_hour
from geo.context import Quarters
from geo.hotspots import HotspotParams


@pytest.fixture(scope="module")
def services(demo_store_path):
    settings = Settings(store=str(demo_store_path))
    with ReportStore.open(settings.store) as store:
        yield services_for(store, settings)


@pytest.fixture(scope="module")
def overview(services):
    return services.map.overview(LOCAL_ANALYST, FilterState())


@pytest.fixture(scope="module")
def city(services):
    return services.context.of(LOCAL_ANALYST, FilterState())


def text_of(component):
    """Every string a component shows, in order."""
    if component is None:
        return ""
    if isinstance(component, str | int | float):
        return str(component)
    if isinstance(component, list | tuple):
        return " ".join(filter(None, map(text_of, component)))
    return text_of(getattr(component, "children", None))


def test_an_explanation_opens_with_the_paragraph_and_ends_with_what_is_not_known(overview, city):
    hotspot = overview.shown[0]
    told = text_of(detail.portrait(hotspot, city.of(hotspot.id), city=city, overview=overview))
    assert told.startswith(paragraph(hotspot, city.of(hotspot.id), None, city=city))
    headings = ["Weekdag en uur", "Per kwartaal", "Soort", "Dichtbij", "Hoe zeker", "Wat hiertegen spreekt"]
    assert sorted(headings, key=told.index) == headings
    assert "niet naar voorbijgangers" in told.split("Wat dit niet zegt")[1]


def test_without_schools_stops_calendar_and_second_opinion_the_explanation_says_so(overview, city):
    hotspot = replace(overview.shown[0], nearest_school=None, nearest_stop=None)
    bare = replace(city, near_schools=(), near_stops=(), near_base=None, marks=(), holidays_known=False)
    context = replace(city.of(hotspot.id), opinion=None)
    told = text_of(detail.portrait(hotspot, context, city=bare, overview=overview))
    assert "Er zijn geen scholen of haltes ingelezen." in told
    assert "De vakanties staan niet in de kalender" in told
    assert "daarvoor zijn er te veel meldingen" in told


@pytest.mark.parametrize(("picture", "words"), [("density", "per km²"), ("gistar", "Vakken die eruit springen")])
def test_what_stands_out_on_the_map_is_also_a_table(services, picture, words):
    found = services.surface.of(LOCAL_ANALYST, FilterState(picture=picture))
    told = text_of(surfaces.patches(found, picture=picture))
    assert words in told and found.patches[0].buurt in told
    spec = surfaces.surface_spec(found, source="verzonnen")
    assert len(spec.classes) == len(spec.frame) == int(found.classes.max()) + 1
    assert surfaces.patches(None, picture="areas") == []
    assert "te weinig meldingen" in text_of(surfaces.patches(None, picture=picture))


def test_the_week_matrix_holds_every_number_and_has_one_tab_stop(city):
    shown = matrix.week_matrix(city.matrix)
    cells = [part for part in shown._traverse() if isinstance(part, html.Td) and hasattr(part, "tabIndex")]
    assert len(cells) == 168 and [cell.tabIndex for cell in cells].count(0) == 1
    told = [float(text_of(cell).replace(",", ".")) for cell in cells]  # one decimal where a report has two times
    assert told == [round(value, 1) for value in city.matrix.values.ravel().tolist()]
    assert city.matrix.values.sum() == pytest.approx(city.matrix.n_known) and city.matrix.n_known > 500


@given(st.floats(0, 1e6), st.floats(0.01, 1e6))
def test_a_shade_rises_with_its_number_and_nothing_alone_has_none(value, more):
    top = value + more
    assert matrix.level(0, top) == 0 and matrix.level(top, top) == matrix.LEVELS
    assert matrix.level(value, top) <= matrix.level(top, top)
    assert (matrix.level(value, top) == 0) == (value == 0)


def test_unknown_times_give_a_sentence_instead_of_an_empty_matrix():
    nothing = weekday_hour(np.full(3, np.datetime64("NaT"), dtype="datetime64[m]"))
    assert "Van geen enkele melding is het uur bekend." in text_of(matrix.week_matrix(nothing))


def test_campaigns_and_laws_are_lettered_and_named_and_holidays_are_not(city):
    marks = (
        Mark(kind=MarkKind.CAMPAIGN, name="Meld het", start=date(2025, 2, 1), end=date(2025, 5, 28)),
        Mark(kind=MarkKind.LAW, name="Wet seksuele misdrijven", start=date(2025, 5, 1)),
        Mark(kind=MarkKind.HOLIDAY, name="Meivakantie", start=date(2025, 4, 19), end=date(2025, 5, 4)),
        Mark(kind=MarkKind.APP, name="Oude app", start=date(2010, 1, 1), end=date(2010, 2, 1)),
    )
    told = text_of(trend.quarter_chart(city.quarters, marks, here=False))
    assert "Meld het" in told and "Wet seksuele misdrijven" in told
    assert "Meivakantie" not in told and "Oude app" not in told
    assert " A A B " in told  # the campaign over two quarters, the law over the one in which it began
    first = city.quarters.counts[0]
    assert f"4e kwartaal 2024: {first} meldingen" in trend.said(city.quarters)


def test_before_a_whole_quarter_there_is_no_trend():
    none = Quarters(starts=(), counts=(), totals=(), shares=(), present=())
    assert "Er is nog geen heel kwartaal." in text_of(trend.quarter_chart(none, ()))


def test_every_warning_about_a_setting_says_what_to_do():
    found = Advice(
        eps_m=400.0, advised_eps_m=75.0, min_samples=8, mu=9.2, density_per_m2=1e-5, n=5, chains=True,
        warnings=WARNINGS, largest_share=0.6, largest_m=2100.0,
    )  # fmt: skip
    said = advice_words.warnings(found)
    assert len(said) == len(WARNINGS) and all("ies " in sentence for sentence in said)
    assert advice_words.chained(found) in said
    assert text_of(advanced.chained(found)).startswith(advice_words.chained(found))
    assert advanced.chained(replace(found, chains=False, warnings=())) is None
    assert "minstens 8 meldingen nodig" in text_of(advanced.advice(found, params=HotspotParams()))


def test_the_sweep_marks_the_setting_in_use_and_where_the_city_chains_together():
    rng = np.random.default_rng(1)
    x, y = rng.normal(0, 30, 40), rng.normal(0, 30, 40)
    labels, core = np.zeros(40, np.int64), np.ones(40, bool)
    swept = stability.sweep(x, y, labels=labels, core=core, min_samples=5)
    params = HotspotParams(eps_m=75, min_samples=5)
    told = text_of(robustness.sweep_table(swept, params=params, density_per_m2=4.5 / (np.pi * 140**2)))
    assert told.count("in gebruik") == 1 and told.count("rijgt aaneen") == 1
    assert "in gebruik" not in text_of(
        robustness.sweep_table(swept, params=replace(params, eps_m=80), density_per_m2=0.0)
    )


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (JobState.WAITING, "Wacht op een vrije plek"),
        (JobState.RUNNING, "Bezig met toetsen"),
        (JobState.CANCELLED, "Er is niets veranderd; kies Toetsen"),
        (JobState.FAILED, "De toets is mislukt; de gegevens zijn niet veranderd"),
        (JobState.DONE, ""),
    ],
)
def test_every_state_of_a_job_says_what_is_the_case_and_what_next(state, words):
    assert words in text_of(jobs.status(Job(id="1", key=0, state=state, share=0.4)))
    assert "Kies Toetsen" in text_of(jobs.status(None))


def test_a_failed_job_gives_its_own_reason_when_there_is_one():
    failed = Job(id="1", key=0, state=JobState.FAILED, error=UserError("x", "Er zijn {n} meldingen te weinig.", n=3))
    assert text_of(jobs.status(failed)) == "Er zijn 3 meldingen te weinig."


def test_with_nothing_left_the_advice_and_the_tests_say_so(services):
    state = FilterState.from_query("van=2019-01-01&tot=2019-12-31")
    found = services.evidence.advice(LOCAL_ANALYST, state)
    told = text_of(advanced.advice(found, params=services.evidence.params(LOCAL_ANALYST, state)))
    assert "Er zijn 0 meldingen" in told and "Voor deze kromme zijn minstens" in told
    assert "Er is niets te toetsen" in text_of(advanced.tests(None))


def test_the_picture_of_the_map_stands_in_the_address_and_an_unknown_one_is_ignored():
    assert [FilterState(picture=p).to_query() for p in ("areas", "density", "gistar")] == [
        "",
        "beeld=dichtheid",
        "beeld=gi",
    ]
    assert FilterState.from_query("beeld=gi").picture == "gistar"
    assert FilterState.from_query("beeld=<script>").picture == "areas"
    assert FilterState.from_query("beeld=gi&gebied=Lijnbaan&kleur=rate").clustering() == FilterState()
