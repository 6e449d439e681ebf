"""The dialog over what was left out, in a real browser: with the mouse, with the keyboard, on a phone."""

import shutil

import pytest
from playwright.sync_api import expect

from data.settings import Settings
from data.store import ReportStore
from data.viewer import LOCAL_ANALYST
from geo import report

pytestmark = pytest.mark.browser


@pytest.fixture
def city(demo_file, tmp_path, served_over, make_batch):
    """(store, address) of a copy of the demo city with two doubtful texts."""
    path = tmp_path / "copy.sqlite"
    shutil.copy(demo_file, path)
    settings = Settings(store=f"sqlite:///{path}")
    doubtful = [
        {"source_id": "X1", "text": "bij de halte stond Verstappelen te roepen", "flags": report.REVIEW_TEXT},
        {"source_id": "X2", "text": "<img src=x onerror=alert(1)> DAAR STOND HIJ", "flags": report.REVIEW_TEXT},
    ]
    with ReportStore.open(settings.store) as store:
        with store.importing() as transaction:
            transaction.write(make_batch(*doubtful))
        with served_over(store, settings) as url:
            yield store, url


def open_dialog(page):
    page.locator(".hk-review-open").click()
    expect(page.get_by_role("dialog", name="Weggelaten meldingen")).to_be_visible()
    page.wait_for_selector(".hk-review-grid .ag-row")


def tab(page, name):
    page.get_by_role("tab", name=name).click()


def figures(page):
    return page.locator(".hk-figure-value").all_inner_texts()


def choose_first(page):
    page.locator(".hk-review-grid .ag-row input[type=checkbox]").first.check()


def test_a_default_point_that_counts_after_all_changes_the_map_and_undoing_changes_it_back(city, new_page):
    _, url = city
    page = new_page(url)
    before, numbers = figures(page), page.locator(".hk-number").count()
    open_dialog(page)
    button = page.get_by_role("button", name="Telt toch mee")
    button.click()
    expect(page.locator("#review-said")).to_contain_text("Er is niets gekozen")
    choose_first(page)
    button.click()
    expect(page.locator("#review-said")).to_contain_text("Schrijf erbij waarom")
    assert figures(page) == before
    page.get_by_label("Waarom").fill("dit is het busstation, zegt mevrouw Jansen")
    button.click()
    expect(page.locator("#review-said")).to_contain_text("1 besluit genomen")
    expect(page.locator(".hk-figure-value").nth(1)).to_have_text(str(int(before[1]) + 1))
    expect(page.locator(".hk-number")).to_have_count(numbers + 1)
    expect(page.get_by_role("tab", name="Standaardpunt")).to_have_count(0)
    tab(page, "Besluiten (1)")
    expect(page.locator(".hk-review-grid .ag-row")).to_contain_text("mevrouw [naam]")
    choose_first(page)
    page.get_by_label("Waarom").fill("toch het stadhuis")
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(page.get_by_role("tab", name="Standaardpunt")).to_be_visible()
    expect(page.locator(".hk-figure-value").nth(1)).to_have_text(before[1])
    assert figures(page) == before
    expect(page.locator("details", has_text="1 besluit ongedaan gemaakt")).to_contain_text("toch het stadhuis")
    assert page.seen.complaints == []


def test_several_duplicates_at_once_count_after_all(city, new_page):
    _, url = city
    page = new_page(url)
    before = int(figures(page)[0])
    open_dialog(page)
    tab(page, "Waarschijnlijk dubbel")
    boxes = page.locator(".hk-review-grid .ag-row input[type=checkbox]")
    for i in range(3):
        boxes.nth(i).check()
    page.get_by_label("Waarom").fill("elk een eigen melding")
    page.get_by_role("button", name="Telt toch mee").click()
    expect(page.locator("#review-said")).to_contain_text("3 besluiten genomen")
    expect(page.locator(".hk-figure-value").first).to_have_text(str(before + 3))
    expect(page.get_by_role("tab", name="Waarschijnlijk dubbel")).to_have_attribute("aria-selected", "true")


def test_doubtful_texts_are_masked_or_cleared_and_are_only_text(city, new_page):
    store, url = city
    page = new_page(url)
    open_dialog(page)
    tab(page, "Tekst nakijken (2)")
    card = page.locator(".hk-review-card", has_text="app X1")
    card.get_by_role("button", name="Maskeer", exact=True).click()
    expect(page.locator("#review-said")).to_contain_text("Noem de woorden")
    card.get_by_role("textbox").fill("Verstappelen")
    page.keyboard.press("Enter")
    card.get_by_role("button", name="Maskeer", exact=True).click()
    expect(page.locator("#review-said")).to_contain_text("de oude tekst is gewist")
    tab(page, "Tekst nakijken (1)")
    expect(page.locator(".hk-review-text")).to_have_text("<img src=x onerror=alert(1)> DAAR STOND HIJ")
    page.get_by_role("button", name="Niets te maskeren").click()
    expect(page.get_by_role("tab", name="Tekst nakijken")).to_have_count(0)
    found = store.reports(LOCAL_ANALYST)
    mine = found[found["source"] == "app"].set_index("source_id")
    assert mine.loc["X1", "text"] == "bij de halte stond [gemaskeerd] te roepen"
    assert mine["flags"].tolist() == ["", ""]
    assert page.seen.complaints == []


def test_the_keyboard_alone_decides_and_keeps_its_place(city, new_page):
    store, url = city
    page = new_page(url)
    page.locator(".hk-review-open").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".hk-review-grid .ag-row")
    page.get_by_role("tab", name="Standaardpunt").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Grove plaats")).to_have_attribute("aria-selected", "true")
    page.wait_for_selector(".hk-review-grid .ag-row")
    page.locator(".hk-review-grid .ag-header-cell").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator(".hk-review-grid .ag-row-selected")).to_have_count(1)
    page.get_by_label("Waarom").focus()
    page.keyboard.type("nagevraagd", delay=20)
    page.wait_for_timeout(100)  # nobody presses Enter in the same millisecond
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#review-said")).to_contain_text("1 besluit genomen")
    expect(page.locator("#review-said")).to_be_focused()
    assert store.decisions(LOCAL_ANALYST)["flag"].tolist() == [report.COARSE_PLACE]
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".hk-review-open")).to_be_focused()


def test_on_a_phone_nothing_is_cut_off_and_the_dialog_lies_above_the_map(city, new_page):
    _, url = city
    page = new_page(url, width=390, height=844)
    open_dialog(page)
    dialog = page.get_by_role("dialog").bounding_box()
    assert dialog["x"] >= 0 and dialog["x"] + dialog["width"] <= 390
    for name in ("Waarschijnlijk dubbel", "Tekst nakijken"):
        tab(page, name)
        button = page.get_by_role(
            "button", name="Telt toch mee" if name.startswith("W") else "Maskeer", exact=True
        ).first
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        assert box["x"] >= dialog["x"] and box["x"] + box["width"] <= dialog["x"] + dialog["width"]
        on_top = page.evaluate(
            "([x, y]) => !!document.elementFromPoint(x, y).closest('[role=dialog]')",
            [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
        )
        assert on_top


def test_what_can_be_pressed_on_a_phone_can_be_read_whole(city, new_page):
    page = new_page(city[1], width=390, height=844)
    open_dialog(page)
    tab(page, "Tekst nakijken")
    button = page.get_by_role("button", name="Niets te maskeren").first
    expect(button).to_be_visible()
    page.wait_for_function("() => document.querySelectorAll('.hk-review-act button').length >= 4")
    for label in page.locator(".hk-review-act button .mantine-Button-label").all():
        if label.is_visible():
            assert label.evaluate("e => e.scrollWidth <= e.clientWidth"), label.inner_text()
    assert page.get_by_role("dialog").evaluate("e => e.scrollWidth <= e.clientWidth")
