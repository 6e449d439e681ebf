"""A chosen hotspot, the pictures of the map and the dialog with the evidence, in a real browser."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from dashboard.paragraph import paragraph
from dashboard.services import services_for
from dashboard.state import FilterState
from data.settings import Settings
from data.store import ReportStore
from data.viewer import LOCAL_ANALYST

pytestmark = pytest.mark.browser
PATIENCE = 30_000  # milliseconds that a test against chance may take on a busy machine


def choose(page, rank):
    page.locator(f".hk-inspector .ag-row[row-index='{rank - 1}']").click()
    page.wait_for_selector(".hk-matrix")


def open_evidence(page):
    page.get_by_text("Geavanceerd").click()
    page.get_by_role("button", name="Onderbouwing").click()
    return page.get_by_role("dialog", name="Onderbouwing van de hotspots")


def assert_accessible(page):
    page.seen.quiet(page)
    page.wait_for_timeout(500)  # the grid measures itself anew when what is below it comes
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_the_paragraph_is_the_one_that_the_services_give_tested_and_all(demo_url, demo_file, new_page):
    state = FilterState.from_query("van=2025-01-01&tot=2026-09-30")
    page = new_page(f"{demo_url}/?{state.to_query()}")
    choose(page, 2)
    expect(page.locator(".hk-paragraph")).to_contain_text("oeval (q ", timeout=PATIENCE)
    settings = Settings(store=f"sqlite:///{demo_file}")
    with ReportStore.open(settings.store) as store:
        services = services_for(store, settings)
        hotspot = services.map.overview(LOCAL_ANALYST, state).shown[1]
        city = services.context.of(LOCAL_ANALYST, state)
        certain = services.certainty.of(LOCAL_ANALYST, state).of(hotspot.id)
        said = paragraph(hotspot, city.of(hotspot.id), certain, city=city)
    expect(page.locator(".hk-paragraph")).to_have_text(said, use_inner_text=True)
    assert f"{hotspot.n} meldingen op {hotspot.n_dates} verschillende dagen" in said
    read_on = page.get_by_role("button", name="Lees verder")
    folded = page.locator(".hk-paragraph").bounding_box()["height"]
    read_on.click()
    assert page.locator(".hk-paragraph").bounding_box()["height"] > folded
    expect(page.get_by_role("button", name="Inklappen")).to_have_attribute("aria-expanded", "true")


def number(text):
    return float(text.replace(",", "."))


def test_the_week_matrix_is_one_tab_stop_and_tells_its_numbers_by_arrow_key(demo_url, new_page):
    page = new_page(demo_url)
    choose(page, 2)
    page.get_by_role("button", name="Lees verder").focus()
    page.keyboard.press("Tab")
    said = page.locator(".hk-matrix-said")
    expect(said).to_have_text(re.compile(r"^maandag 00:00–01:00: \d+(,\d)?$"))
    for key in ("ArrowUp", "ArrowLeft", "ArrowDown", "End"):
        page.keyboard.press(key)
    expect(said).to_have_text(re.compile(r"^dinsdag 23:00–24:00: \d+(,\d)?$"))
    cells = page.locator(".hk-matrix tbody td").all_inner_texts()
    city = page.locator(".hk-inspector .ag-row[row-index='1'] [col-id=n]").inner_text()
    assert len(cells) == 168 and 0.9 * int(city) <= sum(map(number, cells)) <= int(city) + 1
    page.keyboard.press("Tab")
    expect(page.locator(".hk-matrix td:focus")).to_have_count(0)


def test_the_evidence_shows_advice_curve_every_hotspot_and_other_settings(demo_url, new_page):
    page = new_page(demo_url)
    hotspots = int(page.locator(".hk-figure-value").nth(1).inner_text())
    dialog = open_evidence(page)
    expect(dialog).to_contain_text("Afstand (eps), zoals geadviseerd")
    expect(dialog).to_contain_text("ontstaat met")
    expect(dialog.locator(".hk-curve")).to_have_attribute("aria-label", re.compile("De knik ligt bij"))
    dialog.locator(".hk-sweep").wait_for(timeout=PATIENCE)
    expect(dialog.locator(".hk-sweep tbody td")).to_have_count(25)
    expect(dialog.locator(".hk-sweep td[aria-current=true]")).to_have_count(1)
    expect(dialog.locator(".hk-per-hotspot tbody tr")).to_have_count(hotspots)
    assert "uitgesmeerd" in dialog.inner_text() and "999 proeven" in dialog.inner_text()
    assert_accessible(page)
    page.get_by_role("textbox", name="Toeval").click()
    page.get_by_role("option", name="Naar inwoners per buurt").click()
    dialog.get_by_label("Aantal proeven").fill("199")
    dialog.get_by_role("button", name="Toetsen").click()
    expect(dialog).to_contain_text("naar inwoners zijn verdeeld, 199 proeven", timeout=PATIENCE)
    assert page.seen.complaints == []


def test_a_test_against_chance_can_be_stopped_and_says_so(demo_url, new_page):
    page = new_page(f"{demo_url}/?dag=4,5")
    dialog = open_evidence(page)
    dialog.locator(".hk-sweep").wait_for(timeout=PATIENCE)
    dialog.get_by_label("Aantal proeven").fill("9999")
    dialog.get_by_label("Startgetal").fill("11")
    dialog.get_by_role("button", name="Toetsen").click()
    dialog.get_by_role("progressbar").wait_for()
    dialog.get_by_role("button", name="Stoppen").click()
    expect(dialog).to_contain_text("Gestopt. Er is niets veranderd")
    expect(dialog.get_by_role("button", name="Stoppen")).to_be_hidden()
    expect(dialog.locator(".hk-sweep")).to_have_count(0)


def test_a_setting_that_chains_the_city_together_is_told_over_the_map(demo_url, new_page):
    page = new_page(f"{demo_url}/?eps=300&min=4")
    warning = page.locator(".hk-chained")
    expect(warning).to_contain_text("kleinere afstand")
    warning.get_by_role("button", name="Onderbouwing").click()
    expect(page.locator(".hk-warnings .hk-warning").first).to_be_visible()
    calm = new_page(demo_url)
    calm.wait_for_timeout(800)
    expect(calm.locator(".hk-chained")).to_have_count(0)


def test_the_map_is_drawn_as_density_or_gi_star_and_the_address_holds_it(demo_url, new_page):
    page = new_page(demo_url)
    page.get_by_text("Dichtheid", exact=True).click()
    page.wait_for_url("**/?beeld=dichtheid")
    expect(page.locator("#legend")).to_contain_text("Meldingen per km²", timeout=PATIENCE)
    page.wait_for_selector(".leaflet-laag-cells-pane path")
    page.get_by_text("Gi*", exact=True).click()
    page.wait_for_url("**/?beeld=gi")
    expect(page.locator("#legend")).to_contain_text("niet aantoonbaar", timeout=PATIENCE)
    expect(page.locator("#detail")).to_contain_text("Vakken die eruit springen", timeout=PATIENCE)
    other = new_page(page.url)
    expect(other.locator("#legend")).to_contain_text("Gi*", timeout=PATIENCE)
    expect(other.locator(".hk-pictures input[value=gistar]")).to_be_checked()
    page.get_by_role("link", name="Wissen", exact=True).click()
    expect(page.locator("#legend")).to_contain_text("Meldingen per buurt", timeout=PATIENCE)
    expect(page.locator(".leaflet-laag-cells-pane path")).to_have_count(0)
    assert page.seen.complaints == other.seen.complaints == []


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_the_explanation_bears_the_accessibility_rules_on_screen_and_phone(demo_url, new_page, width, height):
    page = new_page(f"{demo_url}/?beeld=gi", width=width, height=height)
    expect(page.locator("#detail")).to_contain_text("Vakken die eruit springen", timeout=PATIENCE)
    assert_accessible(page)
    choose(page, 1)
    expect(page.locator(".hk-paragraph")).to_contain_text("(q ", timeout=PATIENCE)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
