"""The papers are true because they are made from the settings, the roles and the columns themselves."""

from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from dashboard import i18n
from dashboard.papers import tables
from dashboard.papers.paper import Facts, Heading, Paper, Question, Text, to_html, to_markdown
from dashboard.papers.write import papers
from data.rights import Right, Role
from data.settings import Settings
from geo import report

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 21)


def text(**settings):
    """All papers as one Markdown text."""
    return "\n".join(to_markdown(p) for p in papers(Settings(**settings), today=TODAY, version="0.1.0"))


def test_every_setting_role_right_and_column_stands_in_a_paper():
    told = text()
    for name in (*(f.name for f in fields(Settings)), *(r.value for r in Role), *report.COLUMNS):
        assert f"| {name} |" in told, name
    assert set(tables.COLUMNS) == set(report.COLUMNS) and set(tables.RIGHT_WORDS) == set(Right)
    for words in tables.RIGHT_WORDS.values():
        assert words in told


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("municipality", "Utrecht", "Gemeente Utrecht"),
        ("retention_years", 3, "hooguit 3 jaar"),
        ("k_export", 17, "minstens 17 meldingen"),
        ("cell_export_m", 150, "rastercellen van 150 meter"),
        ("eps_m", 60.0, "hooguit 60 meter uit elkaar"),
        ("source_name", "het meldpunt", "het meldpunt"),
    ],
)
def test_another_setting_makes_another_paper(setting, value, said):
    assert said not in text() and said in text(**{setting: value})


def test_every_measure_names_a_test_that_is_there():
    for measure in tables.MEASURES:
        assert (ROOT / measure.shown).is_file(), measure.shown


def test_where_the_store_and_the_keys_are_is_not_told():
    told = text(store="sqlite:////geheim/pad.sqlite", audit_key="/geheim/sleutel", audit_anchors="/geheim/ankers")
    assert "geheim" not in told


def test_what_is_written_stays_text_in_both_forms():
    paper = Paper(
        name="p",
        title="<b>titel</b>",
        intro="&",
        blocks=(Heading("<i>"), Text("<script>alert(1)</script>"), Question("a|b"), Facts(("k|1",), (("<td>",),))),
    )
    page = to_html(paper)
    assert "<script>" not in page and "<b>" not in page and "&lt;td&gt;" in page
    assert "k\\|1" in to_markdown(paper)
    assert "http" not in page.replace("http-equiv", "")  # nothing is fetched


def test_the_command_writes_three_papers_in_either_language(command, tmp_path):
    code, out, _ = command("papers", "--out", tmp_path / "nl")
    assert code == 0 and len(out.splitlines()) == 3
    assert {p.name for p in (tmp_path / "nl").iterdir()} == {
        "algoritmeregister.html",
        "dpia-invoer.html",
        "verwerkingsoverzicht.html",
    }
    assert command("--language", "en", "papers", "--out", tmp_path / "en", "--format", "md")[0] == 0
    assert "Algorithm register" in (tmp_path / "en" / "algoritmeregister.md").read_text(encoding="utf-8")
    with i18n.use("en"):
        assert all("Zelf in te vullen" not in to_markdown(p) for p in papers(Settings(), today=TODAY, version="1"))


def test_a_folder_that_cannot_be_written_is_told(command, tmp_path):
    (tmp_path / "bestand").write_text("")
    code, _, err = command("papers", "--out", tmp_path / "bestand" / "map")
    assert code == 2 and "Kies een map" in err
