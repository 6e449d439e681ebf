"""Signing in and out in a real browser: both languages, a phone, the keyboard, two tabs, and the demo's roles."""

import re
import shutil
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from dashboard.auth.accounts import Accounts
from dashboard.auth.gate import gate_for
from dashboard.services import services_for
from data.rights import Role
from data.settings import Settings
from data.store import ReportStore
from data.store.users import UserStore
from data.viewer import Viewer

pytestmark = pytest.mark.browser

ADMIN = Viewer(name="lokaal", role=Role.ADMIN)
GOOD = "paard stapel lamp wolken"
WIDE, PHONE = (1366, 768), (390, 844)


@pytest.fixture
def house(demo_file, tmp_path, served_with):
    """Serve a copy of the demo city with one analyst: ``house(demo=False)`` gives url, users and accounts."""
    with ExitStack() as stack:

        def start(*, demo=False, **chosen):
            path = tmp_path / "copy.sqlite"
            shutil.copy(demo_file, path)
            settings = Settings(store=f"sqlite:///{path}", audit_key=str(tmp_path / "audit.key"), **chosen)
            store = stack.enter_context(ReportStore.open(settings.store))
            users = stack.enter_context(UserStore.open(settings))
            services = services_for(store, settings)
            accounts = Accounts(users, store, services.audit)
            if not demo:
                accounts.add(ADMIN, "jan", role=Role.ANALYST, password=GOOD)
            gate = gate_for(settings, users, services.audit, host="127.0.0.1", demo=demo)
            url = stack.enter_context(served_with(services, settings, gate))
            return SimpleNamespace(url=url, users=users, accounts=accounts, gate=gate)

        yield start


def sign_in(page):
    page.get_by_label("Naam").fill("jan")
    page.get_by_label("Wachtwoord").fill(GOOD)
    page.get_by_role("button", name="Aanmelden").click()
    page.wait_for_selector(".hk-figure-value")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_sign_in_page_is_accessible_and_nothing_sticks_out(house, new_page, size, language):
    here = house()
    page = new_page(f"{here.url}/?taal={language}", width=size[0], height=size[1], wait=False)
    heading = {"nl": "Aanmelden", "en": "Sign in"}[language]
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    for _ in range(2):  # as it opens, and with a refusal on it
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.locator("#name").fill("jan")
        page.locator("#password").fill("verkeerd wachtwoord")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.locator("#password")).to_have_value("")
    assert {u.split("/")[2] for u in page.seen.urls} == {here.url.split("/")[2]}


def test_signing_in_leads_to_the_view_asked_for_and_signing_out_away_from_it(house, new_page):
    here = house()
    page = new_page(f"{here.url}/?gebied=WK050503", wait=False)
    sign_in(page)
    assert page.url == f"{here.url}/?gebied=WK050503"
    page.get_by_text("jan · Analist").click()
    assert Axe().run(page, context=".hk-who").violations_count == 0
    page.get_by_role("button", name="Afmelden").click()
    expect(page.get_by_role("status")).to_have_text("U bent afgemeld.")
    page.goto(here.url)
    expect(page.get_by_role("button", name="Aanmelden")).to_be_visible()
    page.go_back()
    page.wait_for_timeout(300)
    expect(page.locator(".hk-figure-value")).to_have_count(0)
    assert [c for c in page.seen.complaints if "401" not in c] == []


def test_a_session_that_ended_elsewhere_empties_the_page_and_says_so(house, new_page):
    here = house()
    page = new_page(here.url, wait=False)
    sign_in(page)
    page.seen.quiet(page)  # what the page still asks for by itself would find out before the click
    here.accounts.end_sessions(ADMIN, "jan")
    page.get_by_role("button", name="Exporteren").click()
    expect(page.get_by_role("alert")).to_contain_text("U bent afgemeld")
    expect(page.locator(".hk-figure-value, .leaflet-container")).to_have_count(0)
    assert Axe().run(page).violations_count == 0
    page.get_by_role("link", name="Aanmelden").click()
    sign_in(page)


def test_the_session_is_out_of_reach_of_scripts_and_the_token_is_not(house, new_page):
    here = house()
    page = new_page(here.url, wait=False)
    sign_in(page)
    readable = page.evaluate("document.cookie")
    assert here.gate.cookies.csrf in readable and "hk-session" not in readable
    kept = {c["name"]: c for c in page.context.cookies()}[here.gate.cookies.session]
    assert kept["httpOnly"] and kept["sameSite"] == "Lax"


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_demo_says_which_role_it_shows_and_lets_one_switch(house, new_page, size):
    here = house(demo=True)
    page = new_page(here.url, width=size[0], height=size[1])
    summary = page.locator(".hk-who summary")
    expect(summary).to_have_text("Demorol: Analist")
    summary.focus()
    page.keyboard.press("Enter")
    menu = page.locator(".hk-who-menu")
    expect(menu).to_be_visible()
    box = menu.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= size[0]
    assert Axe().run(page, context=".hk-who").violations_count == 0
    page.get_by_role("button", name="Auditor").click()
    page.wait_for_load_state()
    kept = {c["name"]: c["value"] for c in page.context.cookies()}
    assert kept[here.gate.cookies.role] == "auditor"
    expect(page.locator("body")).to_contain_text(re.compile("Auditor"))
