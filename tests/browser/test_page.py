"""The page in a real browser: map, table, filters, address, language."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from data.users import UserRefused

pytestmark = pytest.mark.browser


def figure(page, which):
    """One of the three key figures, as a number."""
    text = page.locator(".hk-figure-value").nth(which).inner_text()
    return int(re.sub(r"\D", "", text))


def settled(page):
    """Wait until no view is being made."""
    page.wait_for_timeout(150)
    expect(page.locator(".hk-legend-areas[data-dash-is-loading]")).to_have_count(0)
    page.wait_for_timeout(150)


def changes(page, which, act):
    """Do something and wait for a key figure to change; gives the new one."""
    before = page.locator(".hk-figure-value").nth(which).inner_text()
    act()
    expect(page.locator(".hk-figure-value").nth(which)).not_to_have_text(before)
    return figure(page, which)


def row(page, rank):
    return page.locator(f".hk-inspector .ag-row[row-index='{rank - 1}']")


def test_the_page_asks_nothing_of_the_internet_and_complains_of_nothing(demo_url, new_page):
    page = new_page(demo_url)
    row(page, 1).click()
    page.wait_for_selector("#detail-title")
    page.click("#export-open")
    page.wait_for_selector(".hk-export-period")
    assert {urlsplit(url).hostname for url in page.seen.urls if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}
    assert page.seen.complaints == []
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    assert page.title() == "Hotspotkaart Dordrecht"


def test_the_map_shows_areas_hotspots_names_water_and_railway(demo_url, new_page):
    page = new_page(demo_url)
    for layer in ("areas", "water", "railway", "routes", "schools", "stops", "hotspots"):
        expect(page.locator(f".leaflet-laag-{layer}-pane path").first, layer).to_be_attached()
    expect(page.locator(".leaflet-laag-names-pane .hk-name", has_text="Dubbeldam").first).to_be_visible()
    expect(page.locator(".leaflet-control-scale-line")).to_be_visible()
    expect(page.locator(".hk-demo")).to_contain_text("geen echte meldingen", use_inner_text=True)


def test_choosing_a_row_marks_the_hotspot_moves_the_map_and_explains_it(demo_url, new_page):
    page = new_page(demo_url)
    before = page.locator(".leaflet-control-scale-line").inner_text()
    row(page, 2).click()
    page.wait_for_selector("#detail-title")
    page.wait_for_selector(".hk-number.hk-chosen")
    expect(page.locator(".hk-number.hk-chosen")).to_have_text("2", use_inner_text=True)
    expect(page.locator("#detail-title")).to_contain_text(row(page, 2).locator("[col-id=place]").inner_text())
    expect(page.locator(".leaflet-control-scale-line")).not_to_have_text(before)
    expect(page.locator("#spoken")).to_have_text(re.compile("^Gekozen: hotspot 2"))
    expect(page.locator(".hk-paragraph")).to_have_text(re.compile("^Deze hotspot ligt "))


def test_choosing_a_hotspot_on_the_map_chooses_its_row_and_back_lets_go(demo_url, new_page):
    page = new_page(demo_url)
    page.locator(".hk-number", has_text=re.compile("^3$")).click()
    page.wait_for_selector(".ag-row-selected")
    expect(page.locator(".hk-inspector .ag-row-selected [col-id=rank]")).to_have_text("3")
    page.wait_for_selector("#detail-title")
    page.get_by_role("button", name="Terug naar overzicht").click()
    page.wait_for_selector("#detail-title", state="detached")
    expect(page.locator(".ag-row-selected")).to_have_count(0)
    expect(page.locator(".hk-number.hk-chosen")).to_have_count(0)


def test_the_keyboard_alone_reaches_an_explanation(demo_url, new_page):
    page = new_page(demo_url)
    page.locator(".hk-inspector .ag-header-cell").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.wait_for_selector("#detail-title")
    expect(page.locator(".hk-rank")).to_have_text("2", use_inner_text=True)
    stops = page.locator(".leaflet-map-pane path[tabindex='0'], .leaflet-map-pane path:not([tabindex])")
    assert stops.count() == page.locator(".leaflet-map-pane path[aria-hidden='true']:not([tabindex='-1'])").count() == 0


def test_a_chosen_hotspot_survives_a_filter_that_keeps_it(demo_url, new_page):
    page = new_page(demo_url)
    row(page, 1).click()
    page.wait_for_selector("#detail-title")
    place = row(page, 1).locator("[col-id=place]").inner_text()
    page.locator("#f-preset").click()
    changes(page, 0, page.get_by_role("option", name="2025", exact=True).click)
    settled(page)
    expect(page.locator("#detail-title")).to_contain_text(place, use_inner_text=True)
    expect(page.locator(".ag-row-selected")).to_contain_text(place, use_inner_text=True)


def test_filters_change_the_figures_the_sentence_and_the_address(demo_url, new_page):
    page = new_page(demo_url)
    everything = figure(page, 0)
    weekend = changes(page, 0, lambda: page.locator(".hk-days label", has_text="za").click())
    assert 0 < weekend < everything
    page.wait_for_url("**/?dag=5")
    expect(page.locator("#sentence")).to_contain_text("op za", use_inner_text=True)
    page.goto(f"{demo_url}/?dag=5&uur=22-4")
    page.wait_for_selector(".hk-figure-value")
    settled(page)
    assert 0 < figure(page, 0) < weekend
    expect(page.locator("#f-hours-text")).to_have_text("22:00–05:00", use_inner_text=True)
    expect(page.locator("#f-wrap")).to_be_checked()
    page.get_by_role("link", name="Wissen", exact=True).click()
    expect(page.locator(".hk-figure-value").first).to_have_text(str(everything))
    page.wait_for_url(lambda url: urlsplit(url).query == "")


def test_the_same_address_opens_the_same_view_and_back_returns(demo_url, new_page):
    page = new_page(f"{demo_url}/?van=2025-01-01&tot=2025-12-31&gebied=Dordt+West&min=5&kleur=rate")
    settled(page)
    shown = [figure(page, i) for i in range(3)]
    expect(page.locator("#f-area")).to_have_value("Dordt West")
    expect(page.locator("#f-preset")).to_have_value("2025")
    page.get_by_text("Geavanceerd").click()
    expect(page.locator("#f-min")).to_have_value("5")
    expect(page.locator("#legend")).to_contain_text("per 1.000 inwoners, afgevlakt", use_inner_text=True)
    changes(page, 0, lambda: page.locator(".hk-days label", has_text="ma").click())
    page.wait_for_url("**dag=0**")
    other = new_page(page.url)
    settled(other)
    assert figure(other, 0) == figure(page, 0)
    page.go_back()
    expect(page.locator(".hk-figure-value").first).to_have_text(str(shown[0]))
    settled(page)
    assert [figure(page, i) for i in range(3)] == shown
    expect(page.locator(".hk-days input:checked")).to_have_count(0)


def test_two_browsers_with_different_filters_do_not_influence_each_other(demo_url, new_page):
    alone = new_page(demo_url)
    all_reports = figure(alone, 0)
    one, other = new_page(f"{demo_url}/?dag=5"), new_page(f"{demo_url}/?gebied=Lijnbaan")
    expected = figure(one, 0), figure(other, 0)
    assert len({*expected, all_reports}) == 3
    for page in (one, other, alone):
        page.reload()
    for page in (one, other, alone):
        page.wait_for_selector(".hk-figure-value")
    settled(alone)
    assert (figure(one, 0), figure(other, 0), figure(alone, 0)) == (*expected, all_reports)


def test_the_language_switch_keeps_the_view_and_speaks_english_everywhere(demo_url, new_page):
    page = new_page(f"{demo_url}/?dag=5")
    before = figure(page, 0)
    page.click(".hk-language[hreflang=en]")
    page.wait_for_selector("html[lang=en] .hk-figure-value")
    settled(page)
    assert figure(page, 0) == before
    expect(page.locator(".hk-days")).to_contain_text("Sat", use_inner_text=True)
    expect(page.locator("#sentence")).to_have_text(re.compile(r"\d Oct 2024"))
    expect(page.locator(".hk-h2").first).to_have_text("Filters", use_inner_text=True)
    expect(page.locator("#export-open")).to_have_text("Export", use_inner_text=True)
    page.goto(demo_url)
    page.wait_for_selector("html[lang=en]")


def test_layer_switches_hide_and_show_layers_without_a_new_view(demo_url, new_page):
    page = new_page(demo_url)
    schools = page.locator(".leaflet-laag-schools-pane")
    page.seen.quiet(page)
    asked = len(page.seen.urls)
    page.locator("#layer-boxes label", has_text="School").click()
    schools.wait_for(state="hidden")
    assert page.locator(".hk-legend-schools").is_hidden()
    page.locator("#layer-boxes label", has_text="School").click()
    schools.locator("path").first.wait_for(state="visible")
    assert not [url for url in page.seen.urls[asked:] if "_dash-update" in url]


def test_a_phone_shows_the_map_first_and_the_filters_in_a_drawer(demo_url, new_page):
    page = new_page(demo_url, width=390, height=844)
    box = page.locator(".leaflet-container").bounding_box()
    assert 0.5 * 844 < box["height"] < 0.6 * 844 and box["width"] == 390
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.wait_for_function(
        "() => [...document.querySelectorAll('.leaflet-laag-hotspots-pane path')].some(p => {"
        " const r = p.getBoundingClientRect(); return r.width > 2 && r.left >= 0 && r.right <= 390 && r.top > 0; })"
    )
    assert page.locator(".hk-figures").bounding_box()["y"] > box["y"] + box["height"] - 1
    assert page.locator("#filters").is_hidden()
    page.click("#filter-button")
    page.locator("#filters").wait_for(state="visible")
    changes(page, 0, lambda: page.locator(".hk-days label", has_text="zo").click())
    page.keyboard.press("Escape")
    page.locator("#filters").wait_for(state="hidden")


def test_nothing_left_offers_to_clear_the_filters(demo_url, new_page):
    page = new_page(f"{demo_url}/?van=2019-01-01&tot=2019-12-31")
    page.wait_for_selector(".hk-notice")
    expect(page.locator(".hk-notice")).to_contain_text("Geen meldingen in deze selectie", use_inner_text=True)
    page.locator(".hk-notice").get_by_role("link", name="Filters wissen").click()
    page.wait_for_selector(".hk-notice", state="detached")
    assert figure(page, 0) > 0


def test_too_few_reports_is_an_answer_and_says_what_would_do(demo_url, new_page):
    page = new_page(f"{demo_url}/?min=400")
    page.wait_for_selector(".hk-notice")
    text = page.locator(".hk-notice").inner_text()
    assert "Te weinig meldingen voor een uitspraak" in text and "minstens 400 meldingen binnen 75 meter" in text
    assert figure(page, 1) == 0 and figure(page, 0) > 0


def test_an_empty_store_says_what_to_do(serve_copy, new_page):
    page = new_page(serve_copy(demo=False))
    page.wait_for_selector(".hk-notice")
    text = page.locator(".hk-notice").inner_text()
    assert "hotspotkaart areas import" in text and "hotspotkaart reports import" in text
    assert page.seen.complaints == []


class Failing:
    """A map service that fails as soon as a weekday is chosen."""

    def __init__(self, inner, error):
        self.inner, self.error = inner, error

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def overview(self, viewer, state):
        if state.weekdays:
            raise self.error
        return self.inner.overview(viewer, state)


def test_what_a_user_can_put_right_is_told_in_its_own_words(serve_copy, new_page):
    gone = UserRefused("user_gone", "Deze gebruiker is er niet meer. Laad de pagina opnieuw.")
    page = new_page(serve_copy(change=lambda services: replace(services, map=Failing(services.map, gone))))
    page.locator(".hk-days label", has_text="za").click()
    expect(page.locator(".hk-alarm")).to_have_text("Deze gebruiker is er niet meer. Laad de pagina opnieuw.")


def test_a_failure_is_told_in_a_sentence_and_never_as_a_traceback(serve_copy, new_page):
    broken = RuntimeError("secret detail")
    page = new_page(serve_copy(change=lambda services: replace(services, map=Failing(services.map, broken))))
    page.locator(".hk-days label", has_text="za").click()
    page.wait_for_selector(".hk-alarm")
    said = page.locator("body").inner_text()
    assert "Dit lukte niet" in said
    assert "secret detail" not in page.content() and "Traceback" not in page.content()
    page.locator(".hk-days label", has_text="za").click()
    page.wait_for_selector(".hk-alarm", state="detached")
