"""Every page and state of every role, in both languages: the accessibility rules, 200 % zoom, and a strip of 320 pixels."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser import states

pytestmark = pytest.mark.browser

FULL, ZOOMED, STRIP = (1366, 768), (683, 384), (320, 640)  # 1366 pixels at 200 %; 1280 at 400 % (WCAG 1.4.10)
NOT_OURS = "401"  # the console's line for what a role is refused


@pytest.fixture(scope="module")
def houses():
    """(url, gate) of the demo with its roles, and of a store with nothing in it."""
    with states.demo() as full, states.demo(empty=True) as empty:
        yield {"full": full, "empty": empty}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", list(states.STATES))
def test_a_state_bears_the_rules_at_every_size_and_hides_nothing_beside_the_screen(houses, chromium, name, language):
    role, address, act = states.STATES[name]
    url, gate = houses["empty" if name.startswith("leeg") else "full"]
    context = chromium.new_context(viewport={"width": FULL[0], "height": FULL[1]}, reduced_motion="reduce")
    context.add_cookies([{"name": gate.cookies.role, "value": role, "url": url}])
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.set_default_timeout(60_000)
    states.open_state(page, url + states.asked(address, language), act)
    for width, height in (FULL, ZOOMED, STRIP):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        if width == ZOOMED[0]:
            continue
        broken = Axe().run(page).response["violations"]
        assert broken == [], [(width, rule["id"], node["html"]) for rule in broken for node in rule["nodes"]]
    assert [c for c in complaints if NOT_OURS not in c] == []
    context.close()
