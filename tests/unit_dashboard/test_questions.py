"""Questions beyond hotspots: the service answers with facts, the page and the command say them in the same words."""

import time
from dataclasses import replace

import numpy as np
import pytest

from dashboard import answer_words, i18n
from dashboard.answer_words import ABOUT, QUESTIONS, Table
from dashboard.callbacks.questions import chosen, drawn
from dashboard.components import questions
from dashboard.services import asking
from dashboard.services.asking import Topic
from dashboard.services.jobs import JobState
from dashboard.services.material import (
    CannotSay,
    Material,
    NoBuurten,
    NoPlaces,
    OnePoint,
    TooFew,
    TooFewBuurten,
    TooFewInhabitants,
    TooWide,
    one_point,
)
from dashboard.state import FilterState
from data.rights import Denied
from data.viewer import LOCAL_ANALYST, Role, Viewer
from geo.certainty import SEED
from geo.hotspots import HotspotParams, Surroundings, find_hotspots
from geo.knox import LEAST_PAIRS

RUNS = 99
COMMANDS = {
    Topic.MORAN: (("moran", "--runs", RUNS), answer_words.moran),
    Topic.KNOX: (("knox", "--runs", RUNS), answer_words.knox),
    Topic.SCAN: (("scan", "--runs", RUNS), answer_words.scan),
    Topic.SPACETIME: (("spacetime",), answer_words.bursts),
    Topic.SCHOOLS: (("windows", "--places", "schools", "--runs", RUNS), answer_words.windows),
    Topic.STOPS: (("windows", "--places", "stops", "--runs", RUNS), answer_words.windows),
}
NOTHING = FilterState.from_query("van=2019-01-01&tot=2019-12-31")


def text_of(component):
    """All text in a component."""
    if component is None or isinstance(component, str | int | float):
        return "" if component is None else str(component)
    if isinstance(component, list | tuple):
        return " ".join(text_of(c) for c in component)
    return text_of(getattr(component, "children", None))


def squeezed(text):
    return " ".join(text.split())


def test_every_question_has_a_name_and_words_for_too_few():
    assert set(QUESTIONS) == set(ABOUT) == set(Topic)


@pytest.mark.parametrize("topic", Topic)
def test_the_answer_of_the_page_is_that_of_the_command(demo_services, demo_store_path, command, topic):
    arguments, words = COMMANDS[topic]
    code, out, err = command("analyse", *arguments, "--store", demo_store_path)
    assert code == 0, err
    answer = demo_services.questions.of(LOCAL_ANALYST, FilterState(), topic, runs=RUNS)
    said = words(answer.found)
    lines = [line for line in out.splitlines() if not line.startswith("  ")]
    more = [line for line in lines if line.endswith("staan in --json.")]
    assert [line for line in lines if line not in more] == [part for part in said if isinstance(part, str)]
    rows = [squeezed(line) for line in out.splitlines() if line.startswith("  ")]
    tables = [part for part in said if isinstance(part, Table)]
    assert rows == [squeezed(" ".join(r)) for t in tables for r in [t.header, *t.rows[: t.most]]]
    assert bool(more) == any(t.most and len(t.rows) > t.most for t in tables)
    assert said.plain and not any(word in said.plain for word in ("nan", "{", "proeven"))
    shown = text_of(questions.answer(answer))
    assert said.plain in shown and all(cell in shown for t in tables for row in t.rows for cell in row)


def test_an_answer_is_kept_and_the_area_makes_no_other_question(demo_services):
    ask = demo_services.questions.of
    first = ask(LOCAL_ANALYST, FilterState(), Topic.KNOX)
    assert ask(LOCAL_ANALYST, FilterState(area="Lijnbaan", picture="density"), Topic.KNOX) is first
    assert ask(LOCAL_ANALYST, FilterState(weekdays=(4,)), Topic.KNOX).found.n < first.found.n
    assert first.found.seed == SEED and first.found.permutations == 999


@pytest.mark.parametrize("topic", Topic)
def test_without_reports_every_question_says_what_would_do(demo_services, topic):
    answer = demo_services.questions.of(LOCAL_ANALYST, NOTHING, topic, runs=RUNS)
    said = text_of(questions.answer(answer))
    assert isinstance(answer.found, TooFew) and answer.found.n == 0
    assert f"Te weinig meldingen voor {ABOUT[topic]}: 0, nodig ongeveer" in said


@pytest.mark.parametrize("topic", [Topic.MORAN, Topic.SCAN])
def test_too_few_reports_are_told_as_the_command_tells_it(demo_services, demo_store_path, command, topic):
    state = FilterState.from_query("van=2026-09-29&tot=2026-09-29")
    code, _, err = command(
        "analyse", topic.value, "--store", demo_store_path, "--from", "2026-09-29", "--to", "2026-09-29"
    )
    assert code == 2
    answer = demo_services.questions.of(LOCAL_ANALYST, state, topic, runs=RUNS)
    assert answer_words.why_not(answer.found) == err.strip()


def test_the_questions_are_for_analysts(demo_services):
    manager = Viewer(name="wim", role=Role.DISTRICT_MANAGER)
    with pytest.raises(Denied):
        demo_services.questions.start(manager, FilterState(), Topic.MORAN)
    with pytest.raises(Denied):
        demo_services.questions.of(manager, FilterState(), Topic.MORAN)


def test_a_question_is_answered_as_a_job(demo_services):
    ask = demo_services.questions
    job = ask.start(LOCAL_ANALYST, FilterState(), Topic.SPACETIME)
    until = time.monotonic() + 60
    while not (now := demo_services.jobs.of(LOCAL_ANALYST, job.id)).ended and time.monotonic() < until:
        time.sleep(0.05)
    assert now.state is JobState.DONE and now.result.found.bursts
    assert drawn(now.result) and drawn("of another kind of job") is None


def test_what_ends_the_progress_ends_the_work_and_nothing_is_kept(demo_services):
    class Stop(Exception):
        pass

    def stop(share):
        raise Stop

    with pytest.raises(Stop):
        demo_services.questions.of(LOCAL_ANALYST, FilterState(), Topic.SCAN, runs=RUNS, progress=stop)
    found = demo_services.questions.of(LOCAL_ANALYST, FilterState(), Topic.SCAN, runs=RUNS).found
    assert found.circles and len(found.hotspots) > 5


def test_reports_on_one_point_have_no_answer_about_places(demo_services):
    state = FilterState()
    reports, _, _ = demo_services.map.clustered(LOCAL_ANALYST, state)
    piled = reports.assign(x=105_000.0, y=425_000.0)
    assert one_point(piled) == OnePoint(n=len(piled), x=105_000.0, y=425_000.0)
    assert one_point(reports) is None and one_point(piled[:1]) is None
    result = find_hotspots(piled, params=HotspotParams(eps_m=75.0, min_samples=4))
    alone = Material(reports=piled, result=result, surroundings=Surroundings())
    with pytest.raises(CannotSay) as refused:
        asking.suits(alone, Topic.SCAN)
    assert "liggen op één punt (RD 105000, 425000)" in answer_words.why_not(refused.value.why)


def test_what_a_city_lacks_is_named(demo_services):
    state = FilterState()
    reports, _, result = demo_services.map.clustered(LOCAL_ANALYST, state)
    around = demo_services.map.city().surroundings
    with pytest.raises(CannotSay) as refused:
        asking.places_around(replace(around, schools=None), Topic.SCHOOLS)
    assert refused.value.why == NoPlaces(kind="schools")
    empty = around.buurten.assign(inhabitants=np.nan)
    with pytest.raises(CannotSay) as refused:
        asking.moran(reports, replace(around, buurten=empty), per="inhabitants", runs=RUNS)
    assert refused.value.why == TooFewInhabitants()
    assert asking.moran(reports, replace(around, buurten=empty), runs=RUNS).per == "area"
    with pytest.raises(CannotSay) as refused:
        asking.moran(reports, replace(around, buurten=around.buurten[:3]), runs=RUNS)
    assert isinstance(refused.value.why, TooFewBuurten | TooFew)
    far = reports.assign(x=reports["x"].where(np.arange(len(reports)) > 0, 9_000_000.0))
    wide = Material(reports=far, result=result, surroundings=around)
    with pytest.raises(CannotSay) as refused:
        asking.null_of(wide)
    assert isinstance(refused.value.why, TooWide)
    with pytest.raises(CannotSay) as refused:
        asking.knox(Material(reports=reports, result=result, surroundings=around), distance_m=0.001)
    assert refused.value.why == TooFew(topic=Topic.KNOX, n=0, least=LEAST_PAIRS, within_m=0.001)


@pytest.mark.parametrize(
    "why",
    [
        TooFew(topic=Topic.SCAN, n=3, least=8, left_out={"default_point": 2}),
        TooFew(topic=Topic.KNOX, n=0, least=10, within_m=100.0),
        OnePoint(n=1_240, x=1.0, y=2.0),
        TooWide(wide_m=9_000_000.0, tall_m=1_000.0),
        NoBuurten(),
        TooFewBuurten(least=8),
        TooFewInhabitants(),
        NoPlaces(kind="stops"),
    ],
)
def test_every_reason_is_a_sentence_in_the_language_of_who_reads_it(why):
    dutch = answer_words.why_not(why)
    with i18n.use("en"):
        english = answer_words.why_not(why)
    assert dutch != english and all(s.endswith(".") and "{" not in s for s in (dutch, english))


def test_a_page_names_what_an_answer_leads_to_as_the_page_does(demo_services):
    found = demo_services.questions.of(LOCAL_ANALYST, FilterState(), Topic.SPACETIME).found
    note = answer_words.said(found).note
    assert "‘Meer dan toeval?’" in note and QUESTIONS[Topic.KNOX] in note
    assert answer_words.bursts(found).note.endswith("toets dat met chance of knox.")


def test_anything_but_a_known_question_is_the_first():
    assert [chosen(t) for t in ("knox", "nergens", None, ["knox"], 3)] == [Topic.KNOX, *[Topic.MORAN] * 4]


def test_knox_says_when_only_a_part_was_tested(demo_services):
    found = demo_services.questions.of(LOCAL_ANALYST, FilterState(), Topic.KNOX, runs=RUNS).found
    part = replace(found, n_used=found.n - 1)
    assert len(answer_words.knox(found).figures) == 1
    assert "een willekeurig deel" in answer_words.knox(part).figures[1]
    none = replace(found, p=0.5)
    assert answer_words.knox(none).plain.startswith("Niet aantoonbaar") != answer_words.knox(none).plain.startswith(
        "Ja"
    )


def test_undated_reports_have_no_part_in_questions_about_time(demo_services, monkeypatch):
    reports, positions, result = demo_services.map.clustered(LOCAL_ANALYST, FilterState())
    undated = reports.assign(event_date=reports["event_date"].where(np.arange(len(reports)) % 2 == 0))
    monkeypatch.setattr(demo_services.map, "clustered", lambda viewer, state: (undated, positions, result))
    ask = demo_services.questions.of
    assert ask(LOCAL_ANALYST, FilterState(), Topic.KNOX, runs=RUNS).found.n <= len(reports) / 2 + 1
    assert ask(LOCAL_ANALYST, FilterState(), Topic.SPACETIME).found.n_noise <= len(reports) / 2 + 1
