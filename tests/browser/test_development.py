"""The page Ontwikkeling in a real browser: compare, follow, keep a run and hold two against each other."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

PATIENCE = 60_000


def open_page(new_page, url, query="", **size):
    page = new_page(f"{url}/ontwikkeling{query}", wait=False, **size)
    page.set_default_timeout(PATIENCE)
    for part in (".hk-dev-map .hk-number", ".hk-strips", "#development-course .hk-chart", "#saved-views > *"):
        page.wait_for_selector(part)
    return page


@pytest.mark.parametrize(
    ("query", "width"), [("", 1366), ("?per=hotspot&beeld=verschil&wijk=WK050509", 390), ("?taal=en", 1366)]
)
def test_the_page_fits_and_has_no_barrier_that_axe_finds(demo_url, new_page, query, width):
    page = open_page(new_page, demo_url, query, width=width, height=844)
    for fold in page.locator(".hk-dev summary").all():
        fold.click()
    assert [v["id"] for v in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width + 2
    assert page.seen.complaints == []


def test_what_is_chosen_stands_in_the_address_and_back_undoes_it(demo_url, new_page):
    page = open_page(new_page, demo_url)
    expect(page.locator(".hk-dev-map")).to_have_count(2)
    page.locator("#development-picture").get_by_text("Verschil").click()
    expect(page.locator(".hk-dev-map")).to_have_count(1, timeout=PATIENCE)
    page.locator("#development-per").get_by_text("Hotspots").click()
    expect(page.locator(".hk-dev-table").first).to_contain_text("alleen daarna", timeout=PATIENCE)
    page.wait_for_url("**?per=hotspot&beeld=verschil")
    page.go_back()
    expect(page.get_by_role("heading", name="Per buurt")).to_be_visible(timeout=PATIENCE)
    page.wait_for_url("**?beeld=verschil")


def test_both_maps_look_at_the_same_place(demo_url, new_page):
    page = open_page(new_page, demo_url)
    maps = page.locator(".hk-dev-map")

    def offsets():
        return [
            round(one.locator(".hk-number", has_text=re.compile("^3$")).bounding_box()["x"] - one.bounding_box()["x"])
            for one in (maps.nth(0), maps.nth(1))
        ]

    before = offsets()
    maps.nth(0).get_by_role("button", name="Zoom in").click()
    for _ in range(100):
        page.wait_for_timeout(100)
        if offsets()[0] == offsets()[1] != before[0]:
            break
    assert offsets()[0] == offsets()[1] != before[0]


def test_a_run_is_kept_held_against_another_and_published_with_by_keyboard(serve_copy, new_page):
    url = serve_copy()
    for query, name in (("", "Alles"), ("?eps=100", "Ruim")):
        page = new_page(url + "/" + query)
        page.set_default_timeout(PATIENCE)
        page.locator("summary", has_text="Geavanceerd").click()
        page.get_by_role("button", name="Onderbouwing").first.click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Naam").fill(name)
        dialog.get_by_role("button", name="Analyse bewaren").focus()
        page.keyboard.press("Enter")
        expect(dialog.locator(".hk-saved-done")).to_have_text(f"Analyse ‘{name}’ is bewaard.", timeout=PATIENCE)
    page = open_page(new_page, url, "?analyses=1-2")
    expect(page.locator(".hk-saved-held tbody tr").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#saved-held")).to_contain_text("staan in beide")
    page.on("dialog", lambda asked: asked.accept())
    page.locator(".hk-saved-table tbody tr", has_text="Ruim").get_by_role("button", name="Hiermee publiceren").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".hk-saved-published")).to_contain_text("100 meter, van analyse ‘Ruim’", timeout=PATIENCE)
    page.get_by_label("Deze pagina bewaren").fill("Overleg")
    page.locator("#saved-view-here").click()
    expect(page.get_by_role("link", name="Overleg")).to_have_attribute(
        "href", "/ontwikkeling?analyses=1-2", timeout=PATIENCE
    )
