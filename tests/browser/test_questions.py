"""Other questions in the dialog with the evidence, in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from dashboard.answer_words import QUESTIONS
from dashboard.services.asking import Topic

pytestmark = pytest.mark.browser
PATIENCE = 90_000  # milliseconds that the slowest question may take on a busy machine
SAYS = {
    Topic.MORAN: "Buurten",
    Topic.KNOX: "binnen 14 dagen en 100 meter",
    Topic.SCAN: "meer meldingen dan toeval",
    Topic.SPACETIME: "groepen van minstens",
    Topic.SCHOOLS: "plekken zijn meer meldingen dan toeval",
    Topic.STOPS: "plekken zijn meer meldingen dan toeval",
}


def open_evidence(page):
    if page.viewport_size["width"] < 700:
        page.get_by_role("button", name="Filters").click()
    page.get_by_text("Geavanceerd").click()
    page.get_by_role("button", name="Onderbouwing").click()
    dialog = page.get_by_role("dialog", name="Onderbouwing van de hotspots")
    dialog.locator(".hk-sweep").wait_for(timeout=PATIENCE)
    return dialog


def ask(page, dialog, topic):
    dialog.get_by_role("textbox", name="Vraag").click()
    page.get_by_role("option", name=QUESTIONS[topic]).click()
    dialog.get_by_role("button", name="Uitrekenen").click()
    expect(dialog.get_by_role("heading", name=QUESTIONS[topic])).to_be_visible(timeout=PATIENCE)


def assert_accessible(page):
    page.seen.quiet(page)
    page.wait_for_timeout(500)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_every_question_is_answered_in_words_with_the_figures_behind_a_fold(demo_url, new_page, width, height):
    page = new_page(demo_url, width=width, height=height)
    dialog = open_evidence(page)
    for topic, words in SAYS.items():
        ask(page, dialog, topic)
        expect(dialog.locator(".hk-answer")).to_contain_text(words)
        expect(dialog.locator(".hk-question-figures > div")).to_be_hidden()
        dialog.get_by_text("Cijfers", exact=True).click()
        expect(dialog.locator(".hk-question-figures > div")).to_be_visible()
        assert_accessible(page)
    assert page.seen.complaints == []


def test_a_question_is_asked_by_keyboard_shows_that_it_is_at_work_and_can_be_stopped(serve_copy, new_page):
    page = new_page(serve_copy())
    dialog = open_evidence(page)
    choice = dialog.get_by_role("textbox", name="Vraag")
    choice.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("option", name=QUESTIONS[Topic.SCAN])).to_be_visible()  # the arrows are for an open list
    for _ in range(10):
        page.keyboard.press("ArrowDown")
        if page.locator("[role=option][data-combobox-selected]", has_text=QUESTIONS[Topic.SCAN]).count():
            break
        page.wait_for_timeout(100)
    page.keyboard.press("Enter")
    expect(choice).to_have_value(QUESTIONS[Topic.SCAN])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    dialog.get_by_role("progressbar").wait_for()
    dialog.get_by_role("button", name="Stoppen").click()
    expect(dialog).to_contain_text("Gestopt. Er is niets veranderd; kies Uitrekenen")
    expect(dialog.locator(".hk-answer")).to_have_count(0)
    assert page.seen.complaints == []


def test_few_reports_get_a_sentence_and_a_dialog_opened_anew_has_no_old_answer(demo_url, new_page):
    page = new_page(f"{demo_url}/?van=2026-09-29&tot=2026-09-29")
    page.get_by_text("Geavanceerd").click()
    page.get_by_role("button", name="Onderbouwing").click()
    dialog = page.get_by_role("dialog", name="Onderbouwing van de hotspots")
    ask(page, dialog, Topic.SCAN)
    expect(dialog).to_contain_text("Te weinig meldingen voor een zoektocht met cirkels")
    page.seen.quiet(page)
    dialog.get_by_role("button", name="Sluiten").click()
    page.get_by_role("button", name="Onderbouwing").click()
    expect(dialog.get_by_role("heading", name=QUESTIONS[Topic.SCAN])).to_have_count(0)
    assert page.seen.complaints == []
