"""A change of filter paints the map that is there: the same picture as a fresh page gives, without sending it again."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

AREAS = "#map-box .leaflet-laag-areas-pane path"
COLOURS = "all => Object.fromEntries(all.map(e => [e.dataset.key, e.getAttribute('fill')]))"
ASKED = "f-weekdays"  # a control that only the view's own request carries


@pytest.fixture
def watched(new_page):
    """A function that opens an address and notes what the view was answered from then on: (status, text)."""

    def open_(url):
        page = new_page(url)
        page.seen.quiet(page)
        page.views = []
        page.on("response", lambda r: page.views.append(r) if ASKED in (r.request.post_data or "") else None)
        return page

    return open_


def colours(page):
    return page.eval_on_selector_all(AREAS, COLOURS)


def tooltip(page, key):
    """What the map says of an area under the pointer."""
    page.locator(f"{AREAS}[data-key='{key}']").dispatch_event("mouseover")
    said = page.locator(".hk-tooltip").last
    expect(said).to_be_visible()
    text = said.inner_text()
    page.locator(f"{AREAS}[data-key='{key}']").dispatch_event("mouseout")
    expect(page.locator(".hk-tooltip")).to_have_count(0)
    return text


@pytest.mark.parametrize(
    ("act", "address"),
    [
        (lambda page: page.locator(".hk-days label", has_text="za").click(), "**dag=5**"),
        (lambda page: page.locator(".hk-parts").get_by_text("avond").click(), "**uur=18-23**"),
        (lambda page: page.locator(".hk-pictures").get_by_text("Dichtheid").click(), "**beeld=**"),
    ],
    ids=["day", "evening", "density"],
)
def test_a_repainted_map_is_the_map_of_a_fresh_page_and_no_border_is_sent(demo_url, new_page, watched, act, address):
    page = watched(demo_url)
    before = colours(page)
    page.eval_on_selector_all(AREAS, "all => all.forEach(e => { e.kept = true })")
    act(page)
    page.wait_for_url(address)
    page.seen.quiet(page)
    fresh = new_page(page.url)
    fresh.seen.quiet(fresh)
    assert len(before) > 10 and colours(page) == colours(fresh) != before
    key = next(key for key, fill in colours(page).items() if fill != before[key])
    assert tooltip(page, key) == tooltip(fresh, key)
    assert page.eval_on_selector_all(AREAS, "all => all.every(e => e.kept)")
    answer = next(one for one in page.views if one.status == 200)
    assert f'"id":"{key}"' not in answer.text().replace(" ", "")
    assert page.seen.complaints == []


def test_words_and_colours_change_in_one_frame(demo_url, watched):
    page = watched(demo_url)
    before = colours(page)
    page.evaluate(
        """areas => {
            const said = document.querySelector('#sentence')
            new MutationObserver((_, look) => {
                look.disconnect()
                requestAnimationFrame(() => {
                    window.inFrame = Object.fromEntries(
                        [...document.querySelectorAll(areas)].map(e => [e.dataset.key, e.getAttribute('fill')]))
                })
            }).observe(said, {childList: true, subtree: true, characterData: true})
        }""",
        AREAS,
    )
    page.locator(".hk-days label", has_text="za").click()
    page.wait_for_function("() => window.inFrame")
    page.seen.quiet(page)
    assert page.evaluate("() => window.inFrame") == colours(page) != before


def test_who_waits_long_is_told(demo_url, watched, held_back):
    page = watched(demo_url)
    busy = page.locator(".hk-busy")
    expect(busy).not_to_be_visible()
    with held_back(page):
        page.locator(".hk-days label", has_text="za").click()
        expect(busy).to_be_visible()
    expect(busy).not_to_be_visible()
    expect(page.locator("#sentence")).to_contain_text("op za")
    assert page.seen.complaints == []


def test_who_does_not_wait_long_is_not_told(demo_url, watched):
    """Nor who has motion switched off, as here: a word that came at once would flash at every change."""
    page = watched(demo_url)
    page.evaluate(
        """() => new MutationObserver((_, look) => {
            look.disconnect()
            window.atFirst = getComputedStyle(document.querySelector('.hk-busy')).visibility
        }).observe(document.querySelector('.hk-legend-areas'), {attributeFilter: ['data-dash-is-loading']})"""
    )
    page.locator(".hk-days label", has_text="za").click()
    page.wait_for_function("() => window.atFirst")
    assert page.evaluate("() => window.atFirst") == "hidden"


def test_the_page_opens_with_the_view_of_its_address_and_asks_for_none(demo_url, watched):
    page = watched(demo_url)
    everything = page.locator(".hk-figure-value").first.inner_text()
    page.views.clear()
    page.goto(f"{demo_url}/?dag=5&uur=18-23&kleur=rate")
    page.seen.quiet(page)
    expect(page.locator("#sentence")).to_contain_text("op za")
    expect(page.locator("#legend")).to_contain_text("per 1.000 inwoners")
    expect(page.locator(".hk-parts input:checked")).to_have_value("evening")
    assert int(page.locator(".hk-figure-value").first.inner_text()) < int(everything.replace(".", ""))
    assert page.views and {one.status for one in page.views} == {204}
    assert page.seen.complaints == []


def test_controls_that_follow_ask_for_nothing_again(demo_url, watched):
    page = watched(demo_url)
    page.locator(".hk-parts").get_by_text("nacht").click()
    page.wait_for_url("**uur=0-5**")
    expect(page.locator("#f-hours-text")).to_have_text("00:00–06:00")
    page.seen.quiet(page)
    page.locator(".hk-parts").get_by_text("nacht").click()  # let go of again
    expect(page.locator("#f-hours-text")).to_have_text("00:00–24:00")
    page.go_back()
    expect(page.locator("#f-hours-text")).to_have_text("00:00–06:00")
    expect(page.locator(".hk-parts input:checked")).to_have_count(1)
    page.seen.quiet(page)
    answered = [one.text() for one in page.views if one.status == 200]
    assert sum('"rowData"' in text for text in answered) == 3  # the night, the whole day, and back to the night
    page.wait_for_timeout(1_000)
    assert len([one for one in page.views if one.status == 200]) == len(answered)  # nobody answers somebody's answer
    assert page.seen.complaints == []
