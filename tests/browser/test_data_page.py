"""The page Gegevens in a real browser, task by task: a messy file, a row put right, a campaign, a layer; both widths."""

import csv
import io
import re
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from dashboard.services import services_for
from data.settings import Settings
from data.store import ReportStore
from data.viewer import LOCAL_ANALYST

pytestmark = pytest.mark.browser
PATIENCE = 30_000  # milliseconds that one step may take on a busy machine
MESSY = """kenmerk;wanneer;tijd;lat;lon;soort;toelichting;naam melder
A1;03-04-2026;22:30;51,8133;4,6736;nafluiten;Ik ben Sanne de Vries, 06-12345678;Sanne
A2;31-02-2026;21:00;51,8120;4,6700;naroepen;bij de brug;Piet
A3;05-04-2026;20:00;51.813.300;4,6736;=HYPERLINK(1);<img src=x onerror=alert(1)>;Jan
A4;06-04-2026;19:00;51,8033;4,6736;nafluiten;;Kees
A4;06-04-2026;19:00;51,8033;4,6736;nafluiten;;Kees
"""


@pytest.fixture
def city(demo_file, tmp_path, served_with):
    """(store, address, services) of a copy of the demo city."""
    path = tmp_path / "copy.sqlite"
    shutil.copy(demo_file, path)
    settings = Settings(store=f"sqlite:///{path}", audit_key=str(tmp_path / "audit.key"))
    with ReportStore.open(settings.store) as store:
        services = services_for(store, settings)
        with served_with(services, settings) as url:
            yield store, url, services


@pytest.fixture
def open_part(new_page):
    """Open a part of the page."""

    def open_(url, part="bestand", language="nl", **size):
        page = new_page(f"{url}/gegevens?deel={part}&taal={language}", wait=False, **size)
        page.set_default_timeout(PATIENCE)
        page.locator("[role=tab][aria-selected=true]").wait_for()
        return page

    return open_


def drop(page, text=MESSY, name="meldingen.csv"):
    page.locator("#data-drop input[type=file]").wait_for(state="attached")
    page.set_input_files("#data-drop input[type=file]", {"name": name, "mimeType": "text/csv", "buffer": text.encode()})


def meaning(page, column, what):
    page.get_by_role("textbox", name=f"Betekenis van kolom {column}").click()
    page.get_by_role("option", name=what, exact=True).click()


def bring(page):
    """The messy file, taken with its odd column named."""
    drop(page)
    expect(page.get_by_role("alert")).to_contain_text("Nog niet gevonden: datum")
    meaning(page, "wanneer", "datum")
    expect(page.locator("#data-read")).to_contain_text("zouden er nu 2 worden overgenomen")
    page.locator("#data-source").fill("meldapp")
    page.get_by_role("button", name="Inlezen", exact=True).click()
    page.locator("#data-report .hk-invariant").wait_for()


def sound(page):
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [1366, 390])
def test_each_column_and_its_meaning_stand_whole_beside_one_another_or_on_a_phone_under_it(city, open_part, width):
    page = open_part(city[1], width=width)
    drop(page)
    page.locator(".hk-d-columns").wait_for()
    rows = page.locator(".hk-d-columns tbody tr")
    assert rows.count() == 8
    for row in rows.all():
        name, means, example = (cell.bounding_box() for cell in row.locator("th, td").all())
        line = row.bounding_box()
        assert line["x"] >= 0 and line["x"] + line["width"] <= width
        for field in row.locator(".hk-d-meaning").all():
            inside = field.bounding_box()
            assert inside["x"] + inside["width"] <= line["x"] + line["width"] + 1
        if width == 390:
            assert name["y"] + name["height"] <= means["y"] + 1 and means["y"] + means["height"] <= example["y"] + 1
            continue
        middles = row.locator("th, td").evaluate_all(
            "cells => cells.map(cell => { const range = document.createRange(); range.selectNodeContents(cell);"
            " const {top, bottom, height} = range.getBoundingClientRect(); return height && (top + bottom) / 2; }).filter(y => y)"
        )
        assert max(middles) - min(middles) <= 3


def test_a_messy_file_is_looked_at_first_and_then_every_row_is_accounted_for(city, open_part):
    store, url, _ = city
    before = len(store.reports(LOCAL_ANALYST))
    page = open_part(url)
    drop(page)
    personal = page.locator(".hk-d-columns tr", has_text="naam melder")
    expect(personal.locator("td").first).to_have_text("over personen: wordt nooit bewaard")
    expect(personal.locator("input")).to_have_count(0)
    shown = page.locator("#data-found").inner_text()
    assert "Vries" not in shown and "12345678" not in shown and "[naam]" in shown
    meaning(page, "wanneer", "datum")
    expect(page.locator(".hk-d-first tbody tr").first).to_contain_text("3 apr 2026")
    assert len(store.reports(LOCAL_ANALYST)) == before
    page.locator("#data-source").fill("meldapp")
    page.get_by_role("button", name="Inlezen", exact=True).click()
    said = page.locator("#data-report .hk-invariant")
    expect(said).to_have_text("5 gelezen = 2 overgenomen + 2 in quarantaine + 1 dubbel + 0 ingetrokken")
    assert len(store.reports(LOCAL_ANALYST)) == before + 2
    page.locator(".hk-problems .ag-row").first.wait_for()
    sound(page)
    expect(page.locator(".hk-problems .ag-center-cols-container .ag-row")).to_have_count(4)
    page.get_by_role("textbox", name="Toon rijen met reden").click()
    page.get_by_role("option", name=re.compile("^Dubbel")).click()
    expect(page.locator(".hk-problems .ag-center-cols-container .ag-row")).to_have_count(1)
    page.get_by_role("textbox", name="Toon rijen met reden").click()
    page.get_by_role("option", name=re.compile("^Alles")).click()
    expect(page.locator(".hk-problems .ag-center-cols-container .ag-row")).to_have_count(4)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Opslaan als CSV").click()
    table = list(csv.DictReader(io.StringIO(waiting.value.path().read_text(encoding="utf-8-sig"))))
    assert {line["Rij"] for line in table} == {"3", "4", "6"}
    assert "'=HYPERLINK(1)" in {line["Waarde"] for line in table}
    assert page.seen.complaints == []


def test_a_row_put_right_in_the_page_stands_on_the_map(city, open_part, new_page):
    store, url, services = city
    page = open_part(url)
    bring(page)
    before = len(store.reports(LOCAL_ANALYST))
    page.get_by_role("link", name="Herstel de rijen in quarantaine").click()
    button = page.get_by_role("button", name="Rij 3 herstellen")
    button.click()
    dialog = page.get_by_role("dialog", name="Rij herstellen")
    expect(dialog).to_contain_text("31-02-2026")
    sound(page)
    dialog.get_by_role("textbox", name="datum").fill("30-02-2026")
    dialog.get_by_role("button", name="Opnieuw aanbieden").click()
    expect(dialog.get_by_role("alert")).to_contain_text("30-02-2026")
    expect(dialog).not_to_contain_text("31-02-2026")
    assert len(store.reports(LOCAL_ANALYST)) == before
    dialog.get_by_role("textbox", name="datum").fill("28-02-2026")
    dialog.get_by_role("textbox", name="breedte").fill("4,6700")
    dialog.get_by_role("textbox", name="lengte").fill("51,8120")
    dialog.get_by_role("button", name="Opnieuw aanbieden").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Wissel de twee coördinaten van deze rij om.")
    expect(dialog).not_to_contain_text("30-02-2026")
    expect(dialog).not_to_contain_text("--swap-xy")
    dialog.get_by_role("textbox", name="breedte").fill("51,8120")
    dialog.get_by_role("textbox", name="lengte").fill("4,6700")
    dialog.get_by_role("textbox", name="soort").click()
    page.get_by_role("option", name="nafluiten", exact=True).click()
    dialog.get_by_role("button", name="Opnieuw aanbieden").click()
    expect(page.locator("#data-row-done")).to_contain_text("overgenomen als melding")
    expect(page.locator("#data-row-done")).to_be_focused()
    expect(button).to_have_count(0)
    assert len(store.reports(LOCAL_ANALYST)) == before + 1
    line = services.audit.lines(LOCAL_ANALYST)[0]
    assert (line.action, line.subject) == ("import", "meldingen.csv#3")
    one_day = new_page(f"{url}/?van=2026-02-28&tot=2026-02-28")
    with_it = int(one_day.locator(".hk-figure-value").first.inner_text())
    days = store.reports(LOCAL_ANALYST)["event_date"].dt.strftime("%Y-%m-%d")
    assert with_it == int((days == "2026-02-28").sum()) >= 1
    assert page.seen.complaints == []


def test_a_row_is_discarded_only_with_a_reason_and_what_it_said_stays_text(city, open_part):
    store, url, _ = city
    page = open_part(url)
    bring(page)
    page.get_by_role("link", name="Herstel de rijen in quarantaine").click()
    page.get_by_role("button", name="Rij 4 herstellen").click()
    dialog = page.get_by_role("dialog", name="Rij herstellen")
    expect(dialog.get_by_role("textbox", name="vrije tekst")).to_have_value("<img src=x onerror=alert(1)>")
    dialog.get_by_role("button", name="Verwijderen").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Schrijf erbij waarom")
    dialog.get_by_role("textbox", name="Of verwijder de rij").fill("proefmelding")
    dialog.get_by_role("button", name="Verwijderen").click()
    expect(page.locator("#data-row-done")).to_contain_text("gewist")
    newest = int(store.imports()["id"].iloc[0])
    assert [row.state.value for row in store.quarantined_rows(LOCAL_ANALYST, newest)] == ["open", "discarded"]
    assert page.seen.complaints == []


def test_a_campaign_added_in_the_page_stands_in_the_trend_and_is_changed_and_removed(city, open_part, new_page):
    _, url, services = city
    page = open_part(url, "kalender")
    page.get_by_role("button", name="Regel toevoegen").click()
    dialog = page.get_by_role("dialog", name="Regel van de kalender")
    dialog.get_by_role("textbox", name="Naam").fill("Fluit maar")
    dialog.get_by_role("textbox", name="Eerste dag").fill("31-02-2026")
    dialog.get_by_role("button", name="Bewaren").click()
    expect(dialog.get_by_role("alert")).to_contain_text("is geen dag")
    sound(page)
    dialog.get_by_role("textbox", name="Eerste dag").fill("1-2-2026")
    dialog.get_by_role("textbox", name="Laatste dag").fill("28-2-2026")
    dialog.get_by_role("button", name="Bewaren").click()
    expect(page.locator("#data-entry-done")).to_contain_text("staat in de kalender")
    sound(page)
    trend = new_page(url)
    trend.locator(".hk-inspector .ag-row[row-index='0']").click()
    expect(trend.locator("#detail .hk-marks")).to_contain_text("Fluit maar", timeout=PATIENCE)
    page.get_by_role("button", name="Fluit maar wijzigen").click()
    expect(dialog.get_by_role("textbox", name="Eerste dag")).to_have_value("01-02-2026")
    dialog.get_by_role("textbox", name="Naam").fill("Fluit niet")
    dialog.get_by_role("button", name="Bewaren").click()
    page.get_by_role("button", name="Fluit niet wijzigen").click()
    dialog.get_by_role("button", name="Verwijderen").click()
    expect(page.locator("#data-entry-done")).to_contain_text("verwijderd")
    expect(page.locator("#data-calendar")).not_to_contain_text("Fluit")
    done = [line.detail["what"] for line in services.audit.lines(LOCAL_ANALYST) if line.subject == "calendar"]
    assert done == ["removed", "changed", "added"]
    assert page.seen.complaints == []


def test_a_layer_is_brought_and_a_wrong_file_is_refused_in_a_sentence(city, open_part):
    store, url, _ = city
    page = open_part(url, "lagen")
    expect(page.locator("#data-layers")).to_contain_text("Ouder dan een jaar: buurten")
    make = page.get_by_role("button", name="Laag inlezen")
    make.click()
    expect(page.locator("#data-layer-said")).to_contain_text("Kies eerst een bestand")
    page.get_by_role("textbox", name="Wat bevat het bestand?").click()
    page.get_by_role("option", name="Scholen").click()
    page.locator("#data-layer-source").fill("DUO 2026")
    for text, said in (("kleur\nrood\n", "scholen.csv"), ("naam;lat;lon\nDe Brug;51,81;4,67\n", "1 object ingelezen")):
        file = {"name": "scholen.csv", "mimeType": "text/csv", "buffer": text.encode()}
        page.set_input_files("#data-layer-file input[type=file]", file)
        expect(page.locator("#data-layer-name")).to_contain_text("scholen.csv")
        make.click()
        expect(page.locator("#data-layer-said")).to_contain_text(said)
    expect(page.locator("#data-layers")).to_contain_text("DUO 2026")
    assert len(store.features("schools")) == 1
    assert page.seen.complaints == []


def test_what_was_left_out_is_counted_and_one_click_from_the_dialog(city, open_part):
    _, url, _ = city
    page = open_part(url, "nakijken")
    expect(page.locator("#data-review")).to_contain_text("Waarschijnlijk dubbel")
    page.get_by_role("link", name="Nakijken op de kaart").click()
    expect(page.get_by_role("dialog", name="Weggelaten meldingen")).to_be_visible()


def test_a_file_that_is_no_table_is_refused_and_one_can_be_thrown_away(city, open_part):
    store, url, _ = city
    page = open_part(url)
    drop(page, "%PDF-1.7 geen tabel", name="brief.csv")
    expect(page.get_by_role("alert")).to_contain_text("niet te gebruiken")
    drop(page)
    page.get_by_role("button", name="Toch niet").click()
    expect(page.locator("#data-said")).to_contain_text("weggegooid")
    expect(page.locator("#data-found")).to_be_empty()
    assert len(store.imports()) == 1


def test_the_keyboard_alone_names_a_column_and_puts_a_row_right(city, open_part):
    store, url, _ = city
    page = open_part(url)
    drop(page)
    page.get_by_role("textbox", name="Betekenis van kolom wanneer").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("datum", delay=20)
    page.get_by_role("option", name="datum", exact=True).wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#data-read")).to_contain_text("worden overgenomen")
    page.get_by_role("button", name="Inlezen", exact=True).focus()
    page.keyboard.press("Enter")
    page.locator("#data-report .hk-invariant").wait_for()
    page.get_by_role("tab", name="Bestand").focus()
    page.keyboard.press("ArrowRight")
    button = page.get_by_role("button", name="Rij 3 herstellen")
    button.focus()
    page.keyboard.press("Enter")
    date = page.get_by_role("dialog").get_by_role("textbox", name="datum")
    date.wait_for()
    date.focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("28-02-2026", delay=20)
    page.get_by_role("button", name="Opnieuw aanbieden").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#data-row-done")).to_be_focused()
    assert "A2" in set(store.reports(LOCAL_ANALYST)["source_id"])


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["wide", "phone"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_part_is_accessible_in_both_languages_and_nothing_sticks_out(demo_url, open_part, size, language):
    page = open_part(demo_url, "bestand", language, width=size[0], height=size[1])
    for part, there in (
        ("bestand", "#data-drop"),
        ("quarantaine", "#data-quarantine input"),
        ("nakijken", "#data-review table"),
        ("lagen", "#data-layers table"),
        ("kalender", "#data-calendar table"),
    ):
        page.goto(f"{demo_url}/gegevens?deel={part}")
        page.locator(there).first.wait_for()
        sound(page)
    assert page.seen.complaints == []


def test_on_a_phone_a_row_is_within_reach_and_its_fault_stands_beside_the_cell(city, open_part):
    _, url, services = city
    services.imports.upload(LOCAL_ANALYST, name="a.csv", content=MESSY.replace("wanneer", "datum").encode())
    page = open_part(url, "quarantaine", width=390, height=844)
    button = page.get_by_role("button", name="Rij 3 herstellen")
    button.wait_for()
    box = button.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    sound(page)
    button.click()
    dialog = page.get_by_role("dialog", name="Rij herstellen")
    expect(dialog.get_by_role("textbox", name="datum")).to_have_attribute("aria-invalid", "true")
    sound(page)


def test_an_empty_store_says_in_every_part_what_to_do(tmp_path, served_with, open_part):
    settings = Settings(store=str(tmp_path / "leeg.sqlite"), audit_key=str(tmp_path / "audit.key"))
    with ReportStore.open(settings.store) as store, served_with(services_for(store, settings), settings) as url:
        page = open_part(url, "quarantaine")
        expect(page.locator("#data-quarantine")).to_contain_text("nog geen bestand ingelezen")
        for tab, part, said in (
            ("Nakijken", "#data-review", "niets weggelaten"),
            ("Kaartlagen", "#data-layers", "Begin met de buurten"),
            ("Kalender", "#data-calendar", "De kalender is leeg"),
        ):
            page.get_by_role("tab", name=tab).click()
            expect(page.locator(part)).to_contain_text(said)
        page.wait_for_url("**deel=kalender**")
        assert page.seen.complaints == []
