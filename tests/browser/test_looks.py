"""Light, dark and on paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect


def scheme(page):
    return page.evaluate("() => document.documentElement.dataset.mantineColorScheme")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_is_light_until_the_reader_chooses_dark_which_stays_and_is_as_legible(demo_url, new_page, language):
    page = new_page(f"{demo_url}/?taal={language}")
    assert scheme(page) == "light"
    page.locator(".hk-scheme").click()
    page.wait_for_function("() => document.documentElement.dataset.mantineColorScheme === 'dark'")
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(21, 27, 35)"
    assert page.evaluate("() => getComputedStyle(document.querySelector('.hk-legend')).color") == "rgb(27, 36, 48)"
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.reload()
    page.wait_for_selector(".hk-figure-value")
    assert scheme(page) == "dark"


def test_who_has_a_dark_system_gets_a_dark_page(demo_url, chromium):
    context = chromium.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(demo_url)
    page.wait_for_selector(".hk-figure-value")
    assert scheme(page) == "dark"
    context.close()


def test_on_paper_every_row_of_the_table_stands_and_nothing_to_press(demo_url, new_page):
    page = new_page(demo_url)
    page.wait_for_selector(".hk-inspector .ag-row")
    whole = int(page.locator(".hk-figure-value").nth(1).inner_text())
    page.emulate_media(media="print")
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    page.wait_for_function(
        f"() => document.querySelectorAll('.hk-inspector .ag-center-cols-container .ag-row').length === {whole}"
    )
    expect(page.locator(".hk-filters")).not_to_be_visible()
    expect(page.locator(".hk-actions")).not_to_be_visible()
    last = page.locator(".hk-inspector .ag-center-cols-container .ag-row").last.bounding_box()
    grid = page.locator(".hk-inspector .hk-grid").bounding_box()
    assert last["y"] + last["height"] <= grid["y"] + grid["height"] + 1
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(page.locator(".hk-filters")).to_be_visible()
