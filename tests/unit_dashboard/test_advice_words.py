"""Every figure of the advice comes with one sentence why, on the page and on the command line."""

import re
from dataclasses import replace

import pytest
from dash import html

from dashboard import advice_words
from dashboard.components import advanced
from geo.advice import Advice
from geo.hotspots import HotspotParams

SQUARE = "75 meter is een plein of een stuk straat: de schaal waarop een maatregel wordt genomen."
DENSE = "Zo dicht als hier gemeld wordt, zou 75 meter losse meldingen aaneenrijgen; daarom minder."
QUIET = "Tot 2 maakt toeval alleen geen dichte plekken; boven 4,5 rijgt het de stad aaneen."
HIGH = "Boven de 2 maakt toeval alleen al dichte plekken."
CHAINS = "Vanaf ongeveer 4,5 raken toevallige buren aan elkaar tot één groot geheel."
FOUND = Advice(
    eps_m=75.0, advised_eps_m=75.0, min_samples=8, mu=1.5, density_per_m2=8.5e-5, n=767, chains=False, warnings=()
)


def text_of(component):
    """Every string a component shows, in order."""
    if component is None:
        return ""
    if isinstance(component, str | int | float):
        return str(component)
    if isinstance(component, list | tuple):
        return " ".join(filter(None, map(text_of, component)))
    return text_of(getattr(component, "children", None))


@pytest.mark.parametrize(("advised", "why"), [(75.0, SQUARE), (70.0, DENSE), (25.0, DENSE)])
def test_the_distance_has_one_sentence_why(advised, why):
    assert advice_words.eps_why(replace(FOUND, advised_eps_m=advised)) == why


@pytest.mark.parametrize(
    ("mu", "why"), [(0.0, QUIET), (2.0, QUIET), (2.01, HIGH), (4.49, HIGH), (4.5, CHAINS), (66.0, CHAINS)]
)
def test_the_chance_neighbours_have_one_sentence_why(mu, why):
    assert advice_words.mu_why(replace(FOUND, mu=mu)) == why


@pytest.mark.parametrize("mu", [1.5, 3.0, 9.0])
@pytest.mark.parametrize("advised", [75.0, 40.0])
def test_the_page_sets_under_each_figure_its_one_why(mu, advised):
    found = replace(FOUND, mu=mu, advised_eps_m=advised)
    shown = advanced.advice(found, params=HotspotParams(eps_m=75, min_samples=8))
    told = [text_of(part.children[1]) for part in shown._traverse() if isinstance(part, html.Dd)]
    assert told == [advice_words.eps_why(found), advice_words.min_why(found), advice_words.mu_why(found)]
    assert all(why.endswith(".") and not re.search(r"\. [A-Z]|[{}]|nan", why) for why in told)
    assert "Bij 767 meldingen" in told[1] and "met 8 binnen 75 meter" in told[1]


@pytest.mark.parametrize(("eps", "mu"), [(75, QUIET), (95, HIGH), (150, CHAINS)])
def test_the_command_says_each_why_once(command, demo_store_path, eps, mu):
    code, said, err = command("analyse", "advice", "--store", demo_store_path, "--eps", eps)
    assert code == 0, err
    whys = re.search(rf"Bij [\d.]+ meldingen die toevallig verspreid liggen, ontstaat met \d+ binnen {eps} meter", said)
    assert said.count(SQUARE) == 1 and whys
    assert [said.count(sentence) for sentence in (QUIET, HIGH, CHAINS)] == [int(s == mu) for s in (QUIET, HIGH, CHAINS)]


def test_where_reports_lie_close_together_the_command_says_why_less_is_advised(command, tmp_path):
    places = [f"m{i},{105_000.25 + 21.3 * (i % 40)},{425_000.75 + 21.3 * (i // 40)}" for i in range(1_600)]
    file = tmp_path / "dicht.csv"
    file.write_text("\n".join(["id,x,y", *places]), encoding="utf-8")
    code, said, err = command("analyse", "advice", file)
    assert code == 0, err
    assert said.count(DENSE) == 1 and SQUARE not in said
