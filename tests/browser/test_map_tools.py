"""The map page's tasks, by mouse and by keyboard alone: filter, take back, look up, measure, draw, and find an answer."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PATIENCE = 30_000  # milliseconds a busy machine may take


def sentence(page):
    return page.locator("#sentence")


def asked(page):
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def expect_asked(page, **wanted):
    page.wait_for_function(
        "wanted => { const q = new URLSearchParams(location.search); q.delete('taal');"
        " return JSON.stringify([...q].sort()) === JSON.stringify(Object.entries(wanted).sort()); }",
        arg=wanted,
        timeout=PATIENCE,
    )


def go_down_to(page, name):
    """Arrow down in the open list until it stands on this option, as one does who looks at it."""
    marked = page.locator("[role=option][data-combobox-selected]:visible")
    for _ in range(page.locator("[role=option]:visible").count()):
        page.keyboard.press("ArrowDown")
        expect(marked).to_have_count(1, timeout=PATIENCE)
        if marked.inner_text() == name:
            return
    raise AssertionError(f"the arrows do not come to {name}")


def choose_option(page, field, name):
    page.locator(field).click()
    page.get_by_role("option", name=name, exact=True).click()


def look_up(page, text):
    page.locator("#search-place").click()
    page.keyboard.type(text, delay=20)
    expect(page.get_by_role("option").first).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Enter")


def assert_accessible(page):
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def corner(page, dx, dy):
    box = page.locator("#map-box .leaflet-container").bounding_box()
    return box["x"] + dx, box["y"] + dy


def test_parts_of_the_day_light_and_school_time_filter_and_stand_in_the_sentence(demo_url, new_page):
    page = new_page(demo_url)
    page.locator(".hk-parts label", has_text="avond").click()
    expect_asked(page, uur="18-23")
    expect(page.locator("#f-hours-text")).to_have_text("18:00–24:00", timeout=PATIENCE)
    choose_option(page, "#f-light", "Donker")
    expect_asked(page, uur="18-23", licht="donker")
    expect(sentence(page)).to_contain_text("tussen 18:00–24:00 uur", timeout=PATIENCE)
    expect(sentence(page)).to_contain_text("in het donker")
    page.locator(".hk-parts label", has_text="avond").click()
    expect_asked(page, licht="donker")
    choose_option(page, "#f-school", "Na school")
    expect_asked(page, licht="donker", school="na")
    expect(sentence(page)).to_contain_text("na school", timeout=PATIENCE)


def test_a_chip_takes_its_filter_away_and_a_step_back_brings_it_again(demo_url, new_page):
    page = new_page(f"{demo_url}/?school=na&soort=naroepen")
    chips = sentence(page).locator(".hk-chip")
    expect(chips).to_have_count(2, timeout=PATIENCE)
    expect(page.locator("#undo")).to_be_disabled()
    chips.filter(has_text="na school").click()
    expect_asked(page, soort="naroepen")
    expect(chips).to_have_count(1, timeout=PATIENCE)
    assert page.evaluate("document.activeElement.id") == "sentence"
    page.get_by_role("button", name="Ongedaan maken").click()
    expect_asked(page, school="na", soort="naroepen")
    expect(chips).to_have_count(2, timeout=PATIENCE)
    expect(page.locator("#f-school")).to_have_value("Na school")
    expect(page.locator("#undo")).to_be_disabled()
    page.go_back()
    expect_asked(page, soort="naroepen")
    expect(chips).to_have_count(1, timeout=PATIENCE)


def test_quarters_and_school_years_are_one_choice_away(demo_url, new_page):
    page = new_page(demo_url)
    choose_option(page, "#f-preset", "Schooljaar 2025–2026")
    expect_asked(page, van="2025-08-01", tot="2026-07-31")
    choose_option(page, "#f-preset", "Kwartaal 2 van 2026")
    expect_asked(page, van="2026-04-01", tot="2026-06-30")
    expect(sentence(page)).to_contain_text("1 apr 2026 t/m 30 jun 2026", timeout=PATIENCE)


def test_a_link_to_a_hotspot_opens_it_with_its_row_in_sight_and_back_lets_go(demo_url, new_page):
    page = new_page(demo_url)
    last = page.locator(".hk-inspector .ag-row").last
    last.scroll_into_view_if_needed()
    page.locator(".hk-number", has_text=re.compile("^10$")).click()
    page.wait_for_selector("#detail-title", timeout=PATIENCE)
    hotspot = asked(page)["hotspot"]
    other = new_page(page.url)
    other.wait_for_selector("#detail-title", timeout=PATIENCE)
    expect(other.locator(".hk-rank")).to_have_text("10", use_inner_text=True)
    chosen = other.locator(".hk-inspector .ag-row-selected")
    expect(chosen).to_be_in_viewport(timeout=PATIENCE)
    table, row = other.locator(".hk-grid").bounding_box(), chosen.bounding_box()
    assert table["y"] <= row["y"] and row["y"] + row["height"] <= table["y"] + table["height"] + 1
    other.locator(".hk-days label", has_text="zo").click()
    expect_asked(other, dag="6", hotspot=hotspot)
    page.go_back()
    page.wait_for_selector("#detail-title", state="detached", timeout=PATIENCE)
    expect(page.locator(".hk-inspector .ag-row-selected")).to_have_count(0)


def test_a_stop_is_looked_up_by_keyboard_and_its_surroundings_counted(demo_url, new_page):
    page = new_page(demo_url)
    look_up(page, "centraal")
    expect(page.locator("#place-box")).to_contain_text("Halte Centraal Station", timeout=PATIENCE)
    expect(page.locator(".hk-place-name")).to_have_text("Centraal Station")
    expect_asked(page, plek="stop:Centraal Station")
    page.keyboard.press("Tab")  # the field's own button to let go is no tab stop
    for _ in range(6):
        if page.evaluate("document.activeElement.id") == "place-circle":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#drawn-title", timeout=PATIENCE)
    expect(page.locator("#drawn-title")).to_have_text("Cirkel van 200 meter", use_inner_text=True)
    told = page.locator("#detail").inner_text()
    n = int(re.search(r"(\d+) meldingen van", told)[1])
    assert n > 20 and re.search(r"Het is \d+,\d hectare land", told)
    expect(page.locator("#spoken")).to_have_text(f"Cirkel van 200 meter: {n} meldingen.", use_inner_text=True)
    assert re.fullmatch(r"c:\d+0,\d+0,200", asked(page)["vorm"])
    assert_accessible(page)
    other = new_page(page.url)
    expect(other.locator("#detail")).to_contain_text(f"{n} meldingen van", timeout=PATIENCE)
    expect(other.locator("#search-place")).to_have_value("Centraal Station", timeout=PATIENCE)
    page.get_by_role("button", name="Gebied weghalen").click()
    page.wait_for_selector("#drawn-title", state="detached", timeout=PATIENCE)
    assert page.evaluate("document.activeElement.id") == "tool-draw"


def test_a_distance_is_measured_by_mouse_and_escape_ends_it(demo_url, new_page):
    page = new_page(demo_url)
    page.get_by_role("button", name="Meten").click()
    expect(page.locator("#tool-said")).to_contain_text("Klik punten op de kaart")
    for dx, dy in ((200, 200), (400, 200)):
        page.mouse.click(*corner(page, dx, dy))
    expect(page.locator("#tool-said")).to_contain_text("in 2 punten")
    measured = page.locator("#tool-said").inner_text()
    amount, unit = re.match(r"([\d.,]+) (k?m)", measured).groups()
    metres = float(amount.replace(".", "").replace(",", ".")) * (1000 if unit == "km" else 1)
    scale = page.locator(".leaflet-control-scale-line")
    bar = scale.bounding_box()["width"]
    amount, unit = re.match(r"([\d.,]+) (k?m)", scale.inner_text()).groups()
    per_pixel = float(amount) * (1000 if unit == "km" else 1) / bar
    assert metres == pytest.approx(200 * per_pixel, rel=0.06)
    expect(page.locator("#detail-title")).to_have_count(0)
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator("#tool")).to_be_hidden()
    expect(page.locator(".hk-tool-dot")).to_have_count(0)
    assert page.evaluate("document.activeElement.id") == "tool-measure"


@pytest.mark.parametrize("how", ["mouse", "keyboard"])
def test_an_area_is_drawn_and_counted(demo_url, new_page, how):
    page = new_page(demo_url)
    page.locator("#tool-draw").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#tool-done")).to_be_visible(timeout=PATIENCE)
    page.locator("#tool-done").click()
    expect(page.locator("#tool-said")).to_have_text("Een gebied heeft minstens drie punten.")
    if how == "mouse":
        for dx, dy in ((150, 100), (450, 100), (450, 330), (150, 330)):
            page.mouse.click(*corner(page, dx, dy))
    else:
        container = page.locator("#map-box .leaflet-container")
        container.focus()
        page.keyboard.press("Enter")
        for n, key in enumerate(("ArrowLeft", "ArrowUp", "ArrowRight")):
            page.keyboard.press(key)
            page.wait_for_timeout(600)  # the map glides
            page.keyboard.press("Enter")
            expect(page.locator(".hk-tool-dot")).to_have_count(n + 2)
    expect(page.locator("#tool-said")).to_contain_text("4 punten, omtrek")
    page.locator("#tool-done").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#drawn-title", timeout=PATIENCE)
    expect(page.locator("#drawn-title")).to_have_text("Getekend gebied", use_inner_text=True)
    assert re.fullmatch(r"v:(\d+0,\d+0;){3}\d+0,\d+0", asked(page)["vorm"])
    expect(page.locator(".hk-drawn")).to_have_count(1)


def test_the_change_of_buurten_is_on_the_map_and_in_a_table_with_its_uncertainty(demo_url, new_page):
    page = new_page(f"{demo_url}/?kleur=change&van=2026-01-01&tot=2026-06-30")
    expect(page.locator("#legend")).to_contain_text("tegen de periode ervoor", timeout=PATIENCE)
    detail = page.locator("#detail")
    expect(detail).to_contain_text("4 jul 2025 t/m 31 dec 2025", timeout=PATIENCE)
    expect(detail.locator("table tbody tr").first.locator("td").last).to_contain_text(re.compile(r"\d,\d\d–\d"))
    assert_accessible(page)
    page.goto(f"{demo_url}/?kleur=change&van=2024-10-01&tot=2025-09-30")
    expect(detail).to_contain_text("Kies een kortere of latere periode", timeout=PATIENCE)


def test_nothing_left_says_which_filter_to_take_away(demo_url, new_page):
    page = new_page(f"{demo_url}/?dag=5&school=na")
    notice = page.locator(".hk-notice")
    expect(notice).to_contain_text("meldingen zonder", timeout=PATIENCE)
    notice.locator(".hk-chip", has_text="op za").click()
    expect_asked(page, school="na")
    page.wait_for_selector(".hk-notice", state="detached", timeout=PATIENCE)


def told_too_few(page):
    """After school there are too few reports in Krispijn, which is an answer; it says what to do."""
    expect(sentence(page)).to_contain_text("in Oud Krispijn", timeout=PATIENCE)
    expect(sentence(page)).to_contain_text("na school", timeout=PATIENCE)
    expect(page.locator(".hk-notice")).to_contain_text("Te weinig meldingen voor een uitspraak", timeout=PATIENCE)
    expect(page.locator(".hk-notice")).to_contain_text("minder filters")


ANSWER = {
    "where": r"Krispijnse Driehoek",
    "near which stop": r"op \d+ meter van halte J\.P\. Heijeplein",
    "since when": r"\de kwartaal \d{4}",
}


def left_unsaid(page):
    """At all hours there is a hotspot: which parts of the answer its paragraph does not tell."""
    expect(page.locator(".hk-paragraph")).to_contain_text("kwartaal", timeout=PATIENCE)
    told = page.locator(".hk-paragraph").inner_text()
    return [what for what, said in ANSWER.items() if not re.search(said, told)]


def test_where_after_school_near_a_stop_in_krispijn_and_since_when_by_mouse(demo_url, new_page):
    page = new_page(demo_url)
    choose_option(page, "#f-school", "Na school")
    page.locator("#f-area").click()
    page.locator("#f-area").fill("oud k")
    page.get_by_role("option", name="Oud Krispijn", exact=True).click()
    told_too_few(page)
    sentence(page).locator(".hk-chip", has_text="na school").click()
    page.locator(".hk-inspector .ag-row").first.click()
    assert left_unsaid(page) == []


def test_where_after_school_near_a_stop_in_krispijn_and_since_when_by_keyboard_alone(demo_url, new_page):
    page = new_page(demo_url)
    page.locator("#f-school").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("option", name="Na school")).to_be_visible(timeout=PATIENCE)
    go_down_to(page, "Na school")
    page.keyboard.press("Enter")
    expect_asked(page, school="na")
    page.locator("#f-area").focus()
    page.keyboard.type("oud k", delay=20)
    expect(page.get_by_role("option", name="Oud Krispijn")).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    told_too_few(page)
    sentence(page).locator(".hk-chip", has_text="na school").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".hk-inspector .ag-row", timeout=PATIENCE)
    page.locator(".hk-inspector .ag-header-cell").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert left_unsaid(page) == []


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (390, 844)])
def test_the_tools_bear_the_accessibility_rules_on_wide_screen_and_phone(demo_url, new_page, width, height):
    page = new_page(f"{demo_url}/?school=na&plek=stop:Marisplein&taal=en", width=width, height=height)
    expect(page.locator("#place-box")).to_contain_text("Marisplein", timeout=PATIENCE)
    page.locator(".hk-inspector .ag-root-wrapper").scroll_into_view_if_needed()  # below the fold it is not laid out
    expect(page.locator(".hk-inspector .ag-row [col-id=place]").first).to_be_visible(timeout=PATIENCE)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert_accessible(page)
