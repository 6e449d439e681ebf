"""Sentences say what the figures carry, and every row that was not taken has a way out."""

import re
import string
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import data.import_reasons
import data.sources.reasons
from dashboard import messages
from data.importing import ImportResult
from data.reasons import Outcome, Reason
from data.sources.table import RowProblem
from geo.hotspots import Hotspot
from geo.marks import MARK_CHAIN
from geo.near import Nearby

REASONS = [
    reason
    for module in (data.import_reasons, data.sources.reasons)
    for value in vars(module).values()
    for reason in (value.values() if isinstance(value, dict) else [value])
    if isinstance(reason, Reason)
]
QUARANTINE = sorted({r.code for r in REASONS if r.outcome is Outcome.QUARANTINE})
HOURS = (4, 2, *[0] * 20, 6, 9)

HOTSPOT = Hotspot(
    id="H526-2127",
    label=3,
    rank=2,
    n=34,
    n_core=22,
    x=105_300.0,
    y=425_400.0,
    area_m2=21_000.0,
    diameter_m=181.4,
    first=pd.Timestamp("2025-01-03"),
    last=pd.Timestamp("2025-11-12"),
    n_dates=31,
    top_categories=(("nastaren", 12), ("naroepen", 9), ("nafluiten", 4)),
    hours=HOURS,
    weekdays=(1, 2, 3, 4, 5, 9, 10),
    n_time_unknown=13,
    buurt_code="BU05050200",
    buurt_name="Bleijenhoek",
    wijk_code="WK050502",
    wijk_name="Wijk 02 Noordflank",
    focus_areas=("Kromhout e.o.",),
    nearest_school=Nearby(name="Bogermanschool", metres=121.4),
    nearest_stop=Nearby(name="Merwekade", metres=45.2, uncertainty_m=50.0),
    is_chain=False,
)


@pytest.mark.parametrize("code", QUARANTINE)
def test_every_quarantined_row_is_told_what_to_do(code):
    reason = next(r for r in REASONS if r.code == code)
    found = RowProblem(row=7, column="lat", value="x", reason=reason)
    assert messages.way_out(found).endswith((".", "?"))
    assert "{" not in messages.problem(found)
    assert messages.outcome(found) == "In quarantaine"


@pytest.mark.parametrize("reason", REASONS, ids=lambda r: r.code)
def test_every_sentence_asks_only_for_what_a_row_problem_holds(reason):
    fields = {name for _, name, _, _ in string.Formatter().parse(reason.sentence) if name}
    assert fields <= {"value", "column", "row"}


def test_a_value_with_braces_is_shown_as_it_stood():
    found = RowProblem(row=2, column="lat", value="{value.__class__}", reason=data.import_reasons.UNREADABLE_PLACE)
    assert "{value.__class__}" in messages.problem(found)


@given(*[st.integers(0, 2_000_000)] * 4)
def test_the_invariant_is_told_with_its_own_figures(accepted, quarantined, duplicates, withdrawn):
    read = accepted + quarantined + duplicates + withdrawn
    told = messages.invariant(
        ImportResult(
            file_name="f",
            source="s",
            read=read,
            accepted=accepted,
            quarantined=quarantined,
            duplicates=duplicates,
            withdrawn=withdrawn,
        )
    )
    left, *right = [int(n.replace(".", "")) for n in re.findall(r"[\d.]+", told)]
    assert left == read == sum(right)


def test_an_explanation_gives_place_number_period_kind_and_what_is_near():
    told = dict(messages.explain(HOTSPOT, eps_m=75, min_samples=7))
    assert told == {
        "Waar": "Buurt Bleijenhoek, wijk Noordflank; aandachtsgebied Kromhout e.o. "
        "De verste twee meldingen liggen 181 meter uit elkaar.",
        "Hoeveel": "34 meldingen, waarvan 22 kern: binnen 75 meter ervan liggen minstens 7 meldingen, zichzelf meegeteld.",
        "Periode": "3 jan 2025 t/m 12 nov 2025, op 31 verschillende dagen.",
        "Soort": "Vaakst genoemd: nastaren (12), naroepen (9) en nafluiten (4).",
        "Dichtbij": "School Bogermanschool op 121 meter van het midden. Halte Merwekade op 45 meter van het midden "
        "(plaats op 50 meter nauwkeurig).",
    }


def test_an_explanation_uses_no_adjective_that_the_figures_do_not_carry():
    said = " ".join(sentence for _, sentence in messages.explain(HOTSPOT, eps_m=75, min_samples=7))
    said += messages.chain_warning(replace(HOTSPOT, is_chain=True, marks=(MARK_CHAIN,))) + " ".join(
        messages.unknown(HOTSPOT)
    )
    assert not re.search(r"gevaarlijk|onveilig|ernstig|slecht|probleem|dader|incident|verdacht", said, re.IGNORECASE)


def test_what_is_missing_is_left_out_of_an_explanation():
    bare = replace(
        HOTSPOT, first=None, last=None, top_categories=(), nearest_school=None, nearest_stop=None, buurt_name="",
        wijk_name="", focus_areas=(), diameter_m=0.0,
    )  # fmt: skip
    told = dict(messages.explain(bare, eps_m=75, min_samples=7))
    assert list(told) == ["Waar", "Hoeveel"]
    assert told["Waar"] == "Buiten de ingelezen buurten. Alle meldingen liggen op één punt."
    assert messages.place(bare) == "buiten de buurten"


def test_only_a_stretched_hotspot_is_warned_of():
    assert messages.chain_warning(HOTSPOT) == ""
    assert "620 meter" in messages.chain_warning(replace(HOTSPOT, is_chain=True, marks=(MARK_CHAIN,), diameter_m=620.0))


def test_what_is_not_known_is_always_said():
    assert any("13 meldingen" in line for line in messages.unknown(HOTSPOT))
    assert len(messages.unknown(replace(HOTSPOT, n_time_unknown=0))) == 2


def test_the_busiest_stretch_may_pass_midnight():
    assert messages.busiest(HOURS) == "22–01"
    assert messages.busiest_hours(HOURS) == (22, 23, 0)


@given(st.lists(st.integers(0, 50), min_size=24, max_size=24).map(tuple))
def test_a_busiest_stretch_is_named_only_when_it_stands_out(hours):
    found = messages.busiest_hours(hours)
    most = max(sum(hours[(s + i) % 24] for i in range(3)) for s in range(24))
    stands_out = sum(hours) >= 5 and most >= 2 * sum(hours) * 3 / 24
    assert bool(found) == stands_out
    assert not found or sum(hours[h] for h in found) == most


def test_hours_of_four_reports_or_an_even_day_say_nothing():
    assert messages.busiest((2, 2, *[0] * 22)) == ""
    assert messages.busiest((5,) * 24) == ""


def test_reports_left_out_of_clustering_are_counted_in_words():
    told = messages.left_out({"coarse_place": 1, "default_point": 30})
    assert (
        told == "Niet in hotspots, wel geteld: 1 melding met een te grove plaats en 30 meldingen op een standaardpunt."
    )
    assert messages.left_out({}) == ""
