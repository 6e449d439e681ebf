"""A page opens as its address asks, in whatever order the server's answers come: on a slow line they come in any."""

import random

import pytest
from playwright.sync_api import expect

from dashboard.state import FilterState
from data.viewer import LOCAL_ANALYST
from tests.browser import states

pytestmark = pytest.mark.browser

ANSWERS = "**/_dash-update-component*"
TOGETHER = 60  # ms in which requests count as asked at once
QUIET = 12  # looks without a request: nothing more is asked
ANALYST = [
    ("/?van=2025-01-01&tot=2025-12-31&uur=21-4&dag=4,5&kleur=rate", "#f-hours-text", "21:00"),
    ("/ontwikkeling?analyses=1-2", "#saved-held", "staan in beide"),
    (
        "/ontwikkeling?eerst=2025-01-01_2025-06-30&daarna=2026-01-01_2026-06-30&per=hotspot&beeld=verschil",
        ".hk-dev-table",
        "alleen daarna",
    ),
    ("/ontwikkeling?wijk=WK050509", "#development-course", "Dubbeldam"),
    ("/gegevens?deel=kalender", "[role=tabpanel]:visible", "Orange the World"),
]
ROLES = [
    (states.DISTRICT, "/?venster=kwartaal&vanaf=2025-04-01&per=buurt&deel=soort", ".hk-sentence", "2025"),
    (states.AUDITOR, "/logboek?persoon=lokaal", "#a-lines", "lokaal"),
]


@pytest.fixture(scope="module")
def house():
    with states.demo() as found:
        yield found


@pytest.fixture
def shuffled(chromium):
    """A function that opens an address and lets its requests go one by one, in an order that a seed shuffles."""
    contexts = []

    def open_(url, *, seed, cookies=()):
        order, waiting, quiet = random.Random(seed), [], 0
        contexts.append(chromium.new_context(viewport={"width": 1366, "height": 768}, reduced_motion="reduce"))
        contexts[-1].add_cookies(list(cookies))
        page = contexts[-1].new_page()
        page.route(ANSWERS, lambda route, _request: waiting.append(route))
        page.goto(url)
        while waiting or quiet < QUIET:
            there = len(waiting)
            page.wait_for_timeout(
                TOGETHER
            )  # what is asked at once has all come: only then is there an order to shuffle
            quiet = 0 if waiting else quiet + 1
            if waiting and len(waiting) == there:
                with page.expect_response(ANSWERS):
                    waiting.pop(order.randrange(there)).continue_()
        return page

    yield open_
    for context in contexts:
        context.close()


def keep_two(services):
    """Two runs to hold against each other."""
    for query, name in (("", "Alles"), ("?eps=100", "Ruim")):
        services.saved.keep_run(LOCAL_ANALYST, FilterState.from_query(query), name=name, note="")
    return services


@pytest.mark.parametrize("seed", range(2))
def test_what_an_analyst_asks_by_address(serve_copy, shuffled, seed):
    url = serve_copy(change=keep_two)
    for address, place, said in ANALYST:
        page = shuffled(url + address, seed=seed)
        expect(page.locator(place).first).to_contain_text(said)
        assert page.url == url + address


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(("role", "address", "place", "said"), ROLES)
def test_what_a_role_asks_by_address(house, shuffled, role, address, place, said, seed):
    url, gate = house
    page = shuffled(url + address, seed=seed, cookies=[{"name": gate.cookies.role, "value": role, "url": url}])
    expect(page.locator(place).first).to_contain_text(said)
    assert page.url == url + address
