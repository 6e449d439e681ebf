"""The paragraph about a hotspot: figures that must stand in it, and figures that must not."""

import itertools
import re
from collections import Counter
from dataclasses import fields, replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import context_words, i18n, messages
from dashboard.context_words import busiest_days, dark_line, mark_lines, quarter, since_lines, time_lines
from dashboard.doubt_words import doubt_line, doubt_lines
from dashboard.paragraph import paragraph, where_line
from dashboard.state import FilterState
from data.viewer import LOCAL_ANALYST
from geo import report
from geo.calendar import Mark, MarkKind
from geo.certainty import HotspotCertainty
from geo.context import Doubt, HotspotContext, describe
from geo.exposure import Base
from geo.hotspots import HotspotParams, find_hotspots
from geo.identity import Life
from geo.near import Nearby
from geo.opinion import Agreement
from geo.stability import Strength, strength
from geo.trend import mann_kendall

SURE = HotspotCertainty(
    id="H", n=9, expected=1.5, p=0.002, q=0.002, significant=True, lives=0.93, strength=Strength.STRONG
)
FAIR = replace(SURE, lives=0.7, strength=Strength.FAIR)
UNSURE = replace(SURE, p=0.31, q=0.31, significant=False, lives=0.4, strength=Strength.WEAK)


@pytest.fixture
def demo(demo_services):
    """By name of the street: hotspot, context; and the city."""
    city = demo_services.context.of(LOCAL_ANALYST, FilterState())
    _, _, result = demo_services.map.clustered(LOCAL_ANALYST, FilterState())
    return {city.of(h.id).street: (h, city.of(h.id)) for h in result.hotspots}, city


@pytest.fixture
def small():
    """Nine reports on nine days, four with a known time, without boundaries, layers or calendar."""
    table = report.empty().reindex(range(9))
    table = table.assign(
        source="app",
        source_id=[str(i) for i in range(9)],
        x=105_000.0 + np.arange(9) * 5,
        y=425_000.0,
        event_date=pd.date_range("2025-01-06", periods=9, freq="9D", unit="s"),
        event_minute=[1380.0] * 4 + [np.nan] * 5,
        categories="",
        **dict.fromkeys(("text", "street", "postcode", "status", "flags"), ""),
    ).astype(report.COLUMNS)
    result = find_hotspots(table, params=HotspotParams(min_samples=5))
    city = describe(table, result, history=table)
    return result.hotspots[0], city.hotspots[0], city


def test_the_paragraph_names_the_place_and_sets_every_share_beside_what_it_is_held_against(demo):
    places, city = demo
    hotspot, context = places["Kromhout"]
    said = paragraph(hotspot, context, SURE, city=city)
    assert "\n" not in said
    for figure in (
        "bij Kromhout, in buurt Bleijenhoek, op 10 meter van halte Kromhout",
        f"{hotspot.n} meldingen op {hotspot.n_dates} verschillende dagen",
        f"In het donker: {context.dark.n_dark} van de {context.dark.n_known}",
        f"in de stad {i18n.percent(city.dark.share)}, hier aantoonbaar meer",
        f"Van de tijd is het {i18n.percent(context.dark.hours_share)} donker",
        "Meer dan toeval (q = 0,002",
        "1,5 meldingen te verwachten) en stevig",
        "Aanhoudend: een hotspot in 8 van de 8 kwartalen",
        "4e kwartaal 2024",
        "Binnen 50 meter van een halte ligt 0,7% van het land",
    ):
        assert figure in said
    assert "nan" not in said and "None" not in said and "  " not in said
    assert said.count("meter van halte Kromhout") == 1


def test_the_paragraph_names_the_commonest_kinds_as_often_as_the_reports_do(demo, demo_services):
    places, city = demo
    reports, _, result = demo_services.map.clustered(LOCAL_ANALYST, FilterState())
    for hotspot, context in places.values():
        cells = reports.loc[result.members(hotspot), "categories"]
        counts = Counter(kind for cell in cells for kind in set(cell.split(report.SEPARATOR)) if kind)
        told = paragraph(hotspot, context, SURE, city=city).split("Genoemd: ")[1].split(".")[0].split("; ")
        named = dict(re.fullmatch(r"(.+): (\d+) van de .*", one).groups() for one in told)
        assert {kind.lower(): str(n) for kind, n in hotspot.top_categories} == named
        assert named == {kind.lower(): str(n) for kind, n in counts.items() if kind.lower() in named}
        assert len(named) == min(3, len(counts)) and min(map(int, named.values())) >= max(
            [n for kind, n in counts.items() if kind.lower() not in named], default=0
        )
        shares = [
            f"{n} van de {hotspot.n}" + f" ({i18n.percent(int(n) / hotspot.n)})" * (hotspot.n >= 20)
            for n in named.values()
        ]
        assert [one.split(": ")[1] for one in told] == shares


def test_without_known_kinds_the_paragraph_names_none(demo):
    places, city = demo
    hotspot, context = places["Kromhout"]
    assert "Genoemd" in paragraph(hotspot, context, SURE, city=city)
    assert "Genoemd" not in paragraph(replace(hotspot, top_categories=()), context, SURE, city=city)
    one = replace(hotspot, n=9, top_categories=(("Nafluiten", 4), ("Naroepen", 2)))
    assert "Genoemd: nafluiten: 4 van de 9; naroepen: 2 van de 9." in paragraph(one, context, SURE, city=city)


COLOURED = re.compile(
    r"gevaarlijk|onveilig|ernstig|zorgwekkend|slecht|berucht|probleem|dader|slachtoffer|incident|verdacht|overlast|hangjong",
    re.IGNORECASE,
)


def test_no_paragraph_and_no_doubt_uses_an_adjective_that_the_figures_do_not_carry(demo):
    places, city = demo
    said = []
    for hotspot, context in places.values():
        uneven = replace(
            context,
            opinion=Agreement(label=0, n_core=30, n=39, share=0.2, other=-1, other_n=0),
            quarters=replace(context.quarters, counts=(30, 1, 1, 1, 1, 1, 1, 1)),
        )
        for certain in (SURE, FAIR, UNSURE, None):
            for doubts in (*itertools.combinations(Doubt, 1), (), tuple(Doubt)):
                told = replace(uneven, doubts=doubts)
                said += [paragraph(hotspot, told, certain, city=city), *doubt_lines(hotspot, told, certain, city=city)]
        for life in Life:
            said.append(paragraph(hotspot, replace(context, life=life), SURE, city=city))
    assert len(said) > 1_000 and len(set(said)) > 500
    assert [sentence for sentence in said if COLOURED.search(sentence)] == []


WORD = {Strength.STRONG: "stevig", Strength.FAIR: "redelijk", Strength.WEAK: "zwak"}
COUNTED = [d for d in Doubt if d in (Doubt.FEW_DATES, Doubt.CHAIN, Doubt.ALONG_STREET, Doubt.LATTICE, Doubt.TIME_UNKNOWN,
                                     Doubt.ONE_SOURCE_HOUR, Doubt.ONE_SOURCE_DAY, Doubt.FORMER, Doubt.WITH_THE_CITY)]  # fmt: skip
TESTED = st.builds(
    HotspotCertainty,
    id=st.just("H"),
    n=st.just(9),
    expected=st.floats(0, 50),
    p=st.just(0.5),
    q=st.floats(0.001, 1),
    significant=st.booleans(),
    lives=st.floats(0, 1),
    strength=st.sampled_from(Strength),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(n=st.integers(1, 60), part=st.floats(0, 1), certain=st.none() | TESTED, data=st.data())
def test_whatever_the_figures_the_paragraph_has_one_word_for_how_well_it_holds_and_no_colour(
    small, n, part, certain, data
):
    hotspot, context, city = small
    hotspot = replace(
        hotspot,
        n=n,
        n_dates=1 + int(part * (n - 1)),
        n_time_unknown=int(part * n),
        diameter_m=3_000 * part,
        width_m=300 * part,
        weekdays=tuple(data.draw(st.lists(st.integers(0, 20), min_size=7, max_size=7))),
        top_categories=data.draw(st.sampled_from([(), (("Nafluiten", 1),), (("Volgen", 9), ("Sissen", 2))])),
        buurt_name=data.draw(st.sampled_from(["", "Bleijenhoek"])),
        nearest_stop=data.draw(st.sampled_from([None, Nearby(name="Kade", metres=10, uncertainty_m=60)])),
    )
    doubts = tuple(data.draw(st.sets(st.sampled_from(COUNTED))))
    said = paragraph(hotspot, replace(context, doubts=doubts), certain, city=city)
    assert said.endswith(".") and not COLOURED.search(said) and not re.search(r"[{}]|nan|None|  ", said)
    used = [word for word in WORD.values() if re.search(rf"\b{word}\b", said)]
    assert used == ([WORD[certain.strength]] if certain else [])
    assert ("Meer dan toeval" in said) == bool(certain and certain.significant)


@pytest.mark.parametrize(("lives", "word"), [(0.8, "stevig"), (0.79, "redelijk"), (0.6, "redelijk"), (0.59, "zwak")])
def test_how_well_a_hotspot_holds_has_a_word_by_the_share_of_trials_it_lives_in(demo, lives, word):
    places, city = demo
    hotspot, context = places["Kromhout"]
    certain = replace(SURE, lives=lives, strength=strength(lives))
    said = paragraph(hotspot, context, certain, city=city)
    assert f"en {word}: bij andere instellingen bestaat de hotspot in {i18n.percent(lives)} van de proeven" in said
    unlikely = paragraph(hotspot, context, replace(certain, significant=False), city=city)
    assert "Niet aantoonbaar meer dan toeval" in unlikely and f"en {word}: " in unlikely
    whole = SimpleNamespace(chance=SimpleNamespace(runs=99))
    assert f" {word.capitalize()}: ook bij andere instellingen" in messages.certainty(certain, whole)
    assert messages.certainty_short(significant=True, strength=certain.strength) == word


def test_every_paragraph_of_the_demo_is_made_of_whole_sentences_of_figures(demo):
    places, city = demo
    for hotspot, context in places.values():
        for certain in (SURE, UNSURE, None):
            said = paragraph(hotspot, context, certain, city=city)
            assert said.endswith(".") and not re.search(r"[{}]|nan|None|\.\.|  ", said)


def test_a_former_hotspot_says_so_and_counts_it_against_itself(demo):
    places, city = demo
    hotspot, context = places["Chico Mendesring"]
    said = paragraph(hotspot, context, SURE, city=city)
    assert "Voorbij: een hotspot in 4 van de 8 kwartalen" in said
    assert "Wat ertegen pleit: In de laatste kwartalen was dit geen hotspot meer." in said
    assert "Uit deze cijfers blijkt niets" not in said


def test_few_reports_are_told_in_numbers_and_nothing_is_said_of_hours(small):
    hotspot, context, city = small
    said = paragraph(hotspot, context, None, city=city)
    assert "Van 4 van de 9 meldingen is het tijdstip bekend: te weinig om iets over uren te zeggen." in said
    assert "Het tijdstip is onbekend van 5 van de 9 meldingen." in said
    assert "Of dit meer is dan toeval, is niet getoetst." in said
    assert "buiten de ingelezen buurten" in said
    assert "Er zijn 0 hele kwartalen: te weinig om te zeggen of dit blijft." in said
    assert "HDBSCAN" not in said  # all reports are one group: that is nothing to be of an opinion about
    for absent in ("donker", "schooltijd", "%", "halte", "school ", "Genoemd", "campagne", "stijgt", "Tussen"):
        assert absent not in said


def test_without_known_times_nothing_is_said_of_dark_or_hours(small):
    hotspot, context, city = small
    blind = replace(context, dark=None, school=None, night=None, matrix=replace(context.matrix, n_known=0, n_unknown=9))
    [line] = time_lines(hotspot, blind, city=replace(city, dark=None, school=None))
    assert line.startswith("Van 0 van de 9 meldingen")
    assert dark_line(None, city=city) == ""


def test_without_holidays_school_time_says_that_every_working_day_counts(demo):
    places, city = demo
    hotspot, context = places["Leerparkpromenade"]
    known = " ".join(time_lines(hotspot, context, city=city))
    assert "In schooltijd" in known and "Schoolvakanties" not in known
    unknown = " ".join(time_lines(hotspot, context, city=replace(city, holidays_known=False)))
    assert unknown.endswith("Schoolvakanties niet bekend: elke werkdag telt als schooldag.")


def test_a_difference_is_named_only_where_the_interval_says_so(demo):
    _, city = demo
    dark = city.dark
    same = replace(dark, n_dark=8, n_known=20, share=0.4, low=0.19, high=0.64)
    assert "geen aantoonbaar verschil" in dark_line(same, city=city)
    assert "hier aantoonbaar meer" in dark_line(replace(same, n_dark=19, low=0.75, high=1.0), city=city)
    assert "hier aantoonbaar minder" in dark_line(replace(same, n_dark=1, low=0.0, high=0.25), city=city)
    only_night = replace(same, hours_share=1.0)
    assert dark_line(only_night, city=city) == "In het donker: 8 van de 20 (40%)."


def test_days_are_named_only_when_they_stand_out():
    assert busiest_days((3, 3, 3, 3, 3, 3, 3)) == ((), 0)
    assert busiest_days((1, 0, 1, 0, 1, 0, 1)) == ((), 0)  # four reports say nothing
    assert busiest_days((0, 0, 0, 0, 0, 12, 9)) == ((5, 6), 21)
    assert busiest_days((9, 0, 0, 0, 0, 0, 12)) == ((6, 0), 21)
    assert busiest_days((9, 8, 9, 8, 9, 0, 1)) == ((0, 1, 2, 3, 4), 43)


def test_a_day_on_which_nothing_happened_is_not_named(small):
    hotspot, context, city = small
    friday = " ".join(time_lines(replace(hotspot, weekdays=(0, 0, 0, 0, 9, 0, 0)), context, city=city))
    assert "Op vrijdag: 9 van de 9" in friday and "donderdag" not in friday
    weekend = " ".join(time_lines(replace(hotspot, weekdays=(0, 0, 0, 0, 0, 5, 4)), context, city=city))
    assert "Op zaterdag en zondag: 9 van de 9" in weekend


def test_the_place_is_told_by_what_is_known_of_it(demo):
    places, _ = demo
    hotspot, context = places["Stationsplein"]
    assert "bij Stationsplein" in where_line(hotspot, context)
    assert "bij onder meer Stationsplein" in where_line(hotspot, replace(context, street_share=0.3))
    bare = replace(hotspot, nearest_stop=None, nearest_school=None, buurt_name="")
    assert where_line(bare, replace(context, street="")) == "Deze hotspot ligt buiten de ingelezen buurten."
    rough = replace(hotspot, nearest_stop=None, nearest_school=Nearby(name="De Brug", metres=80, uncertainty_m=250))
    assert "op ongeveer 80 meter van school De Brug" in where_line(rough, context)
    far = replace(hotspot, nearest_stop=Nearby(name="Verweg", metres=900), nearest_school=None)
    assert "Verweg" not in where_line(far, context)


def test_nearness_is_never_told_without_its_baseline(demo):
    places, city = demo
    hotspot, _ = places["Leerparkpromenade"]
    assert all(
        "Binnen" in line and "van alle meldingen" in line for line in context_words.near_lines(hotspot, city=city)
    )
    assert context_words.near_lines(hotspot, city=replace(city, near_stops=(), near_schools=())) == []
    streets = context_words.near_lines(hotspot, city=replace(city, near_base=Base.STREETS))
    assert streets and all("van de straten" in line for line in streets)


@pytest.mark.parametrize(
    ("life", "word"),
    [
        (Life.PERSISTENT, "Aanhoudend"),
        (Life.EMERGING, "Nieuw"),
        (Life.FORMER, "Voorbij"),
        (Life.INTERMITTENT, "Wisselend"),
    ],
)
def test_the_kind_of_life_has_a_word_and_its_quarters(demo, life, word):
    places, _ = demo
    _, context = places["Kromhout"]
    later = replace(context, life=life, since=date(2025, 4, 1))
    said = since_lines(later)
    assert said[0].startswith(f"{word}: een hotspot in 8 van de 8 kwartalen")
    assert said[1] == "Voor het eerst een hotspot in het 2e kwartaal 2025."
    assert since_lines(replace(context, life=None, since=None)) == [
        "Per kwartaal zijn er te weinig meldingen om te zeggen of dit blijft."
    ]


def test_a_rise_is_named_beside_what_the_share_of_the_city_does():
    up, flat = mann_kendall([1, 2, 3, 4, 5, 6, 7, 8]), mann_kendall([3, 1, 3, 1, 3, 1, 3, 2])
    down = mann_kendall([8, 7, 6, 5, 4, 3, 2, 1])
    words = context_words.trend_lines
    assert words(None, None) == []
    assert "stijgt of daalt niet aantoonbaar" in words(flat, up)[0] and len(words(flat, up)) == 1
    assert words(up, flat)[1] == "Het aandeel in de meldingen van de stad verandert niet aantoonbaar."
    assert words(up, up)[1] == "Het aandeel in de meldingen van de stad stijgt ook."
    assert words(down, up)[1] == "Het aandeel in de meldingen van de stad stijgt."
    assert words(up, down)[1] == "Het aandeel in de meldingen van de stad daalt."
    assert "daalt (p" in words(down, None)[0] and len(words(down, None)) == 1


def test_every_doubt_is_a_sentence_with_its_figures(demo):
    places, city = demo
    hotspot, context = places["Kromhout"]
    context = replace(
        context,
        opinion=Agreement(label=0, n_core=30, n=39, share=0.2, other=-1, other_n=0),
        quarters=replace(context.quarters, counts=(30, 1, 1, 1, 1, 1, 1, 1)),
    )
    hotspot = replace(hotspot, diameter_m=612.0, width_m=80.0, n_time_unknown=20, n_dates=4)
    said = {doubt: doubt_line(doubt, hotspot, context, UNSURE, city=city) for doubt in Doubt}
    assert len(set(said.values())) == len(Doubt)
    assert all(sentence.endswith(".") and "{" not in sentence and "nan" not in sentence for sentence in said.values())
    assert "q = 0,310" in said[Doubt.CHANCE] and "40%" in said[Doubt.WEAK]
    assert "612 meter" in said[Doubt.CHAIN] and "80 meter breed" in said[Doubt.ALONG_STREET]
    assert "4 dagen" in said[Doubt.FEW_DATES] and "6 van de 30 (20%)" in said[Doubt.SECOND_OPINION]
    assert (
        "ook die niet bij de hotspot horen, vielen er 30 van de 37 (81%) in het 4e kwartaal 2024"
        in said[Doubt.ONE_QUARTER]
    )
    assert "20 van de 39" in said[Doubt.TIME_UNKNOWN]


def test_what_the_test_says_against_a_hotspot_comes_first(demo):
    places, city = demo
    hotspot, context = places["Chico Mendesring"]
    lines = doubt_lines(hotspot, context, UNSURE, city=city)
    assert lines[0].startswith("Dit kan toeval zijn") and lines[-1].startswith("In de laatste kwartalen")
    assert doubt_lines(hotspot, context, None, city=city) == lines[2:]


def test_what_changed_reporting_is_named_with_its_days(demo):
    _, city = demo
    law = Mark(kind=MarkKind.LAW, name="Wet X", start=date(2024, 7, 1))
    assert mark_lines(replace(city, marks=(law,))) == ["In deze periode: wetswijziging ‘Wet X’ (vanaf 1 jul 2024)."]
    assert mark_lines(replace(city, marks=())) == []
    assert [quarter(date(2025, month, 1)) for month in (1, 4, 7, 10)] == [f"{n}e kwartaal 2025" for n in (1, 2, 3, 4)]


def test_the_context_holds_what_the_panel_asks_for():
    names = {field.name for field in fields(HotspotContext)}
    assert {"street", "matrix", "dark", "school", "night", "quarters", "life", "since", "doubts"} <= names
