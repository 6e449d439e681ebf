"""The papers are true because they are made from the settings, the roles and the columns themselves."""

from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from dashboard import i18n
from dashboard.papers import tables, terms
from dashboard.papers.paper import Facts, Heading, Paper, Question, Text, to_html, to_markdown
from dashboard.papers.terms import Term
from dashboard.papers.write import papers
from data import retention
from data.audit.log import metadata as log_tables
from data.rights import Right, Role
from data.settings import Settings
from data.store import engine
from data.store import tables as store_tables
from data.store.retention import WIPED
from data.store.users import metadata as user_tables
from data.tombstones import metadata as stone_tables
from geo import report
from tests.conftest import batch_of

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 21)
NOW = retention.today()  # the store writes down when a file was imported
EVENT = NOW - timedelta(days=370)


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
        ("detail_months", 7, "hooguit 7 maanden"),
        ("quarantine_days", 41, "hooguit 41 dagen na het inlezen"),
        ("backup_days", 13, "reservekopieën na 13 dagen"),
        ("session_hours", 9, "hooguit 9 uur geldig"),
        ("k_export", 17, "minstens 17 meldingen"),
        ("cell_export_m", 150, "rastercellen van 150 meter"),
        ("eps_m", 60.0, "hooguit 60 meter uit elkaar"),
        ("source_name", "het meldpunt", "het meldpunt"),
    ],
)
def test_another_setting_makes_another_paper(setting, value, said):
    assert said not in text() and said in text(**{setting: value})


def sections(paper):
    """What stands below each heading of a paper."""
    found, heading = {}, ""
    for block in paper.blocks:
        if isinstance(block, Heading):
            heading = block.text
        else:
            found.setdefault(heading, []).append(block)
    return found


def told(paper):
    """A paper without its list of settings, which would show any change."""
    skipped = tables.settings_in_force(Settings()).head
    blocks = [b for b in paper.blocks if not (isinstance(b, Facts) and b.head == skipped)]
    return to_markdown(replace(paper, blocks=tuple(blocks)))


@pytest.mark.parametrize(
    ("setting", "value"), [("retention_years", 3), ("detail_months", 7), ("quarantine_days", 41), ("backup_days", 13)]
)
def test_every_paper_tells_every_retention_period_in_its_sentences(setting, value):
    for before, after in zip(
        papers(Settings(), today=TODAY, version="1"),
        papers(Settings(**{setting: value}), today=TODAY, version="1"),
        strict=True,
    ):
        changed = [
            line for line in told(after).splitlines() if line not in told(before).splitlines() and str(value) in line
        ]
        assert any("reservekopieën na" in line for line in changed), (after.name, setting)


def test_a_column_with_detail_ends_before_the_report_does():
    terms_of = {row[0]: row[2] for row in tables.columns(Settings()).rows}
    assert terms_of["text"] == "hooguit 12 maanden" and terms_of["street"] == "hooguit 5 jaar"
    assert "12 maanden precies" in terms_of["x"] == terms_of["y"] and "50 meter" in terms_of["x"]
    assert "vier cijfers" in terms_of["postcode"] and "5 jaar" in terms_of["postcode"]
    short = {row[0]: row[2] for row in tables.columns(Settings(retention_years=1, detail_months=60)).rows}
    assert short["text"] == "hooguit 12 maanden"  # it is deleted by then


def test_the_register_has_purpose_data_method_human_judgement_and_limits():
    parts = sections(papers(Settings(), today=TODAY, version="1")[0])
    for heading in ("Doel en gevolgen", "Gegevens", "Werking", "Afweging en menselijke tussenkomst", "Grenzen"):
        said = [b for b in parts[heading] if isinstance(b, Text) and len(b.text) > 80]
        assert said, heading


def test_every_table_there_is_has_a_term():
    there = {*store_tables.metadata.tables, *log_tables.tables, *stone_tables.tables, *user_tables.tables}
    named = [name for kept in terms.STORED for name in kept.tables]
    assert set(named) == there and len(named) == len(there)
    assert set(terms.COLUMN_TERMS) <= set(report.COLUMNS) and set(terms.WORDS) == set(terms.Term)


def rows_of(store):
    """Every row of every table of the store."""
    with engine.reading(store._engine) as connection:
        return {
            name: [dict(row) for row in connection.execute(table.select().order_by(*table.primary_key)).mappings()]
            for name, table in store_tables.metadata.tables.items()
        }


def differing(before, after):
    """Table → its columns that differ, for tables with as many rows as before; "*" when rows are gone."""
    found = {}
    for name, rows in before.items():
        columns = {c for old, new in zip(rows, after[name], strict=False) for c in old if old[c] != new[c]}
        if len(after[name]) < len(rows):
            columns = {"*"}
        if columns:
            found[name] = columns
    return found


@pytest.fixture
def filled(store):
    """A store with a report in two versions, a decision about it, a row in quarantine, and a map handed out."""
    day = {"source_id": "a", "event_date": pd.Timestamp(EVENT), "event_minute": 700.0, "street": "Kade",
           "event_until": pd.Timestamp(EVENT) + pd.Timedelta(hours=13), "reported_at": pd.Timestamp(EVENT), "status": "open",
           "categories": "nastaren", "postcode": "3311AB", "x": 105_123.4, "y": 425_678.9, "uncertainty_m": 5.0,
           "flags": report.FLOOD}  # fmt: skip
    for text in ("eerst", "later"):
        with store.importing() as transaction:
            transaction.write(batch_of({**day, "text": text, "content_hash": text}, quarantine=[(3, "x", "?", "r")]))
    with engine.writing(store._engine) as connection:
        now = datetime(2026, 11, 1)
        connection.execute(
            store_tables.quarantine_rows.insert().values(
                import_id=1, row_number=3, source_id="b", cells="{}", state="open", note="n", settled_by=""
            )
        )
        connection.execute(
            store_tables.decisions.insert().values(
                kind="flag",
                source="app",
                source_id="a",
                flag=report.FLOOD,
                verdict="not_so",
                note="n",
                decided_by="ann",
                decided_at=now,
                undone_note="",
                undone_by="",
            )
        )
        connection.execute(
            store_tables.exports.insert().values(
                id="HK-1",
                sha256="0",
                made_on=TODAY,
                made_by="ann",
                first_day=TODAY,
                last_day=TODAY,
                area="",
                purpose="p",
                recipient="r",
                k=10,
                figures="[]",
            )
        )
        for table in store_tables.SAVED:
            connection.execute(
                table.insert().values(
                    {c.name: now if "made_at" in c.name else "x" for c in table.c if not c.nullable and c.name != "id"}
                )
            )
    return store  # fmt: skip


def test_what_the_papers_say_is_what_retention_does(filled):
    """Past each period: exactly the columns and tables that the papers give that period are emptied, and no others."""
    settings = Settings(quarantine_days=365)
    whole = rows_of(filled)
    keeps_books = {"state"}  # counts that something changed

    of_column = {name: terms.of_column(name) for name in report.COLUMNS}
    detail = {name for name, term in of_column.items() if term is not Term.RECORD}
    retention.apply(filled, settings, today=NOW)
    after = rows_of(filled)
    changed = differing(whole, after)
    assert changed["reports"] - {"flags"} == detail  # the flag only says that it was done
    emptied = {name for name in detail if after["reports"][0][name] == ""}
    assert emptied == {name for name, term in of_column.items() if term is Term.DETAIL}
    assert {name for name, found in changed.items() if found == {"*"}} == tables_of(Term.DETAIL)
    assert set(changed) - keeps_books == {"reports"} | tables_of(Term.DETAIL)

    settings = replace(settings, quarantine_days=90)
    retention.apply(filled, settings, today=NOW + timedelta(days=92))
    wiped = rows_of(filled)
    assert set(differing(after, wiped)) - keeps_books - {"reports"} == tables_of(Term.QUARANTINE)
    assert {row["value"] for row in wiped["quarantine"]} == {WIPED} and wiped["quarantine_rows"][0]["cells"] == ""

    retention.apply(filled, settings, today=NOW + timedelta(days=5 * 366))
    gone = rows_of(filled)
    changed = differing(wiped, gone)
    assert {name for name, found in changed.items() if found == {"*"}} == tables_of(Term.RECORD) == {"reports"}
    assert set(changed) - keeps_books == {"reports"} | tables_of(Term.REPORT)
    assert gone["decisions"][0]["note"] == "" and gone["decisions"][0]["decided_by"] == "ann"
    assert len(gone["withdrawals"]) == 1  # the tombstone stays


def tables_of(term):
    return {name for kept in terms.STORED if kept.term is term for name in kept.tables}


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
