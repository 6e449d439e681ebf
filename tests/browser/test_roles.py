"""Each role and each page in a real browser: what one may see, what one is refused, and nothing of one in the other."""

import re
import shutil
import sqlite3
from contextlib import ExitStack
from datetime import date
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from dashboard.auth.accounts import Accounts
from dashboard.auth.gate import gate_for
from dashboard.services import services_for
from dashboard.services.manage import SHOWN
from data import publishing
from data.audit.chain import Action
from data.settings import Settings
from data.store import ReportStore
from data.store.users import UserStore
from data.viewer import Role, Viewer
from geo.disclosure import PublishRule

pytestmark = pytest.mark.browser

PATIENCE = 30_000
HERE = Viewer(name="lokaal", role=Role.ADMIN)
GOOD = "paard stapel lamp wolken"
WIDE, PHONE = (1366, 768), (390, 844)
PEOPLE = {
    "anna": (Role.ANALYST, ()),
    "wim": (Role.DISTRICT_MANAGER, ("WK050503",)),
    "bea": (Role.ADMIN, ()),
    "fred": (Role.AUDITOR, ()),
}
PAGES = {
    "anna": {"/": "Kaart", "/ontwikkeling": "Ontwikkeling", "/gegevens": "Gegevens", "/logboek": "Logboek"},
    "wim": {"/": "Kaart", "/logboek": "Logboek"},
    "bea": {"/beheer": "Beheer"},
    "fred": {"/": "Kaart", "/beheer": "Beheer", "/logboek": "Logboek"},
}
ALL = ["/", "/ontwikkeling", "/gegevens", "/beheer", "/logboek"]


@pytest.fixture(scope="module")
def published_file(demo_file, tmp_path_factory):
    """The demo's store, published as it was on a day in November 2026."""
    path = tmp_path_factory.mktemp("roles") / "stad.sqlite"
    shutil.copy(demo_file, path)
    settings = Settings(store=f"sqlite:///{path}")
    with ReportStore.open(settings.store) as store:
        publishing.freeze(
            store,
            surroundings=services_for(store, settings).map.city().surroundings,
            rule=PublishRule(k=settings.k_screen, cell_m=settings.cell_screen_m),
            eps_m=settings.eps_m,
            today=date(2026, 11, 15),
            keep_from=date(2020, 1, 1),
        )
    return path


@pytest.fixture
def house(published_file, tmp_path, served_with, chromium):
    """A served copy with somebody of every role: ``house.page("wim", "/")`` is their browser, signed in."""
    path = tmp_path / "stad.sqlite"
    shutil.copy(published_file, path)
    settings = Settings(store=f"sqlite:///{path}", audit_key=str(tmp_path / "audit.key"))
    with ExitStack() as stack:
        store = stack.enter_context(ReportStore.open(settings.store))
        users = stack.enter_context(UserStore.open(settings))
        services = services_for(store, settings)
        accounts = Accounts(users, store, services.audit)
        for name, (role, wijken) in PEOPLE.items():
            accounts.add(HERE, name, role=role, wijken=wijken, password=GOOD)
        gate = gate_for(settings, users, services.audit, host="127.0.0.1")
        url = stack.enter_context(served_with(services, settings, gate))

        def page(name, address, *, size=WIDE):
            context = chromium.new_context(
                viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", color_scheme="light"
            )
            stack.callback(context.close)
            if name:
                context.add_cookies(
                    [{"name": gate.cookies.session, "value": users.start_session(name), "url": url, "httpOnly": True}]
                )
            opened = context.new_page()
            opened.set_default_timeout(PATIENCE)
            opened.said, opened.answers = [], []
            opened.on("console", lambda said: opened.said.append(said.text) if said.type == "error" else None)
            opened.on("pageerror", lambda error: opened.said.append(str(error)))
            opened.on("response", lambda answer: opened.answers.append(answer))  # noqa: PLW0108  # playwright marks it
            opened.goto(url + address)
            return opened

        yield SimpleNamespace(url=url, page=page, users=users, accounts=accounts, services=services, path=path)


def there(page):
    """Wait until a page stands on the screen with its figures or lines."""
    page.wait_for_selector(".hk-nav-link, .hk-nothing")
    page.wait_for_selector(".hk-figure-value, main h1, .hk-nothing", state="attached")


def accessible(page):
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"


def links(page):
    return page.locator(".hk-nav-link").all_inner_texts()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("name", ["wim", "bea", "fred"])
def test_pages_of_a_role_are_accessible_and_nothing_sticks_out(house, name, size):
    for address in PAGES[name]:
        page = house.page(name, address, size=size)
        there(page)
        if address == "/":
            page.wait_for_selector(".hk-table-plain")
            page.wait_for_selector(".leaflet-laag-published-areas-pane path")
        if address == "/logboek" and name == "fred":
            expect(page.locator("#a-whole")).to_contain_text("Het logboek is heel")
        assert links(page) == list(PAGES[name].values())
        expect(page.locator(".hk-nav-link[aria-current=page]")).to_have_text(PAGES[name][address])
        expect(page.locator("h1")).to_have_count(1)
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        assert page.said == [], address


@pytest.mark.parametrize("name", list(PEOPLE))
def test_a_page_one_may_not_open_is_refused_with_a_sentence_and_a_way_on(house, name):
    page = house.page(name, "/")
    for address in (a for a in ALL if a not in PAGES[name] and a != "/"):
        page.goto(house.url + address)
        expect(page.locator(".hk-nothing")).to_contain_text("geen recht")
        assert links(page) == list(PAGES[name].values())
    page.goto(house.url + "/nergens")
    expect(page.locator(".hk-nothing")).to_contain_text("Deze pagina bestaat niet")
    page.get_by_role("link", name="Naar het begin").click()
    page.wait_for_url(house.url + next(iter(PAGES[name])))


def test_a_beheerder_has_no_map_and_starts_at_beheer(house):
    page = house.page("bea", "/?gebied=WK050503")
    there(page)
    assert page.url.startswith(house.url + "/beheer")
    expect(page.locator(".leaflet-container")).to_have_count(0)


def test_two_roles_at_once_see_their_own_and_nothing_of_each_other(house):
    analyst, manager = house.page("anna", "/"), house.page("wim", "/")
    analyst.wait_for_selector(".ag-row")
    manager.wait_for_selector(".hk-table-plain")
    for page in (analyst, manager):
        page.answers.clear()
        page.reload()
    analyst.wait_for_selector(".ag-row")
    manager.wait_for_selector(".hk-table-plain")
    text = manager.locator("body").inner_text()
    assert "Oud Krispijn" in text and "Sterrenburg" not in text and "wim" in text and "anna" not in text
    expect(manager.locator("#f-preset, #upload-open, .ag-row")).to_have_count(0)
    bodies = [a.text() for a in manager.answers if "_dash-update-component" in a.url]
    assert bodies and not any("BU050507" in body or "anna" in body for body in bodies)
    expect(analyst.locator("body")).to_contain_text("anna")
    expect(analyst.locator("#p-window")).to_have_count(0)
    assert manager.said == [] and analyst.said == []


def test_a_district_manager_chooses_a_quarter_of_buurten_and_goes_back(house):
    page = house.page("wim", "/")
    table = page.locator(".hk-table-plain")
    expect(table).to_contain_text("Oud Krispijn")
    expect(page.locator("#p-sentence")).to_contain_text("1 jan 2025 t/m 31 dec 2025")
    expect(page.locator(".hk-published-places")).to_contain_text("Oud Krispijn")
    expect(page.locator(".leaflet-laag-published-hotspots-pane path").first).to_be_attached()
    page.get_by_text("Buurten", exact=True).click()
    expect(table).to_contain_text("Krispijnse Driehoek")
    page.wait_for_url("**/?per=buurt")
    page.get_by_text("Kwartaal", exact=True).click()
    page.wait_for_url("**venster=kwartaal&per=buurt")
    expect(page.locator("#p-start")).to_have_value("3e kwartaal 2026")
    page.locator("#p-start").click()
    page.get_by_role("option", name="2e kwartaal 2025").click()
    page.wait_for_url("**vanaf=2025-04-01**")
    expect(page.locator("#p-sentence")).to_contain_text("1 apr 2025 t/m 30 jun 2025")
    other = house.page("wim", page.url.removeprefix(house.url))
    expect(other.locator("#p-start")).to_have_value("2e kwartaal 2025")
    expect(other.locator("#p-sentence")).to_contain_text("1 apr 2025 t/m 30 jun 2025")
    page.go_back()
    page.go_back()
    expect(page.locator("#p-sentence")).to_contain_text("1 jan 2025 t/m 31 dec 2025")
    assert page.said == []


def test_a_district_manager_who_waits_long_is_told(house, held_back):
    page = house.page("wim", "/")
    there(page)
    busy = page.locator(".hk-busy")
    expect(busy).not_to_be_visible()
    with held_back(page):
        page.get_by_text("Buurten", exact=True).click()
        expect(busy).to_be_visible()
    expect(busy).not_to_be_visible()
    expect(page.locator(".hk-table-plain")).to_contain_text("Krispijnse Driehoek")
    assert page.said == []


def test_a_breakdown_says_why_it_shows_another_period_than_was_asked(house):
    page = house.page("wim", "/?venster=kwartaal&per=buurt&deel=dagdeel")
    expect(page.locator("#p-why")).to_contain_text("Een uitsplitsing vraagt vier of acht kwartalen")
    expect(page.locator(".hk-table-split thead")).to_contain_text("Avond")
    figures = page.locator(".hk-table-plain td").all_inner_texts()
    assert all(re.fullmatch(r"<5|\d*[05]|–", one) for one in figures), figures


def test_the_choices_are_made_by_keyboard_alone(house):
    page = house.page("wim", "/")
    page.wait_for_selector(".hk-table-plain")
    page.locator("#p-geography input").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".hk-table-plain")).to_contain_text("Krispijnse Driehoek")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    region = page.get_by_role("region", name="Cijfers als tabel")
    region.focus()
    assert region.evaluate("e => e === document.activeElement")


def test_the_auditor_filters_the_log_and_is_told_where_it_is_broken(house):
    for n in range(60):
        house.services.audit.record(Viewer(name="anna", role=Role.ANALYST), Action.EXPORT, f"HK-{n:03d}")
    page = house.page("fred", "/logboek")
    expect(page.locator("#a-whole")).to_contain_text("Het logboek is heel")
    expect(page.locator(".hk-log-table tbody tr")).to_have_count(50)
    page.get_by_role("link", name="Oudere").first.click()
    page.wait_for_url("**blad=2")
    expect(page.locator(".hk-log-table")).to_contain_text("gebruiker gewijzigd")
    page.locator("#a-action").click()
    page.get_by_role("option", name="gebruiker gewijzigd").click()
    page.wait_for_url("**handeling=user")
    expect(page.locator(".hk-log-table tbody tr")).to_have_count(4)
    expect(page.locator(".hk-log-table")).to_contain_text("wat toegevoegd")
    with sqlite3.connect(house.path.with_name("stad.audit.sqlite")) as log:
        log.execute("update audit_log set subject = 'HK-000x' where seq = 7")
    page.reload()
    expect(page.locator("#a-whole")).to_contain_text("gebroken bij regel 7")
    accessible(page)


BROKEN = """cells => cells.flatMap(cell => {
    const broken = [], texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) for (const word of texts.currentNode.data.matchAll(/[^\\s-]+/g)) {
        const range = document.createRange();
        range.setStart(texts.currentNode, word.index);
        range.setEnd(texts.currentNode, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) broken.push(word[0]);
    }
    return broken;
})"""


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_long_particulars_leave_the_words_of_the_log_whole_and_a_long_name_leaves_the_page_its_width(house, size):
    server = Viewer(name="server", role=Role.ADMIN)
    house.services.audit.record(server, Action.PUBLICATION, "version 1", hotspots=8, k=5, quarters=11, shown=254)
    house.services.audit.record(server, Action.SETTING, "in_force", **dict.fromkeys(SHOWN, 30))
    page = house.page("fred", "/logboek", size=size)
    expect(page.locator(".hk-log-table")).to_contain_text("versie 1")
    assert page.locator(".hk-log-table tbody td").evaluate_all(BROKEN) == []
    house.services.audit.record(server, Action.IMPORT, "een_bestand_met_een_naam_zonder_einde_" * 5 + ".csv")
    page.reload()
    expect(page.locator(".hk-log-table")).to_contain_text("zonder_einde")
    assert page.locator(".hk-log-table tbody td:not(:nth-child(4))").evaluate_all(BROKEN) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_district_manager_reads_only_own_lines(house):
    house.services.audit.record(Viewer(name="anna", role=Role.ANALYST), Action.EXPORT, "HK-geheim")
    house.services.audit.record(Viewer(name="wim", role=Role.DISTRICT_MANAGER), Action.EXPORT, "HK-eigen")
    page = house.page("wim", "/logboek?persoon=anna")
    expect(page.locator(".hk-log-table")).to_contain_text("HK-eigen")
    expect(page.locator("main")).not_to_contain_text("HK-geheim", use_inner_text=True)


def test_a_beheerder_makes_a_user_who_signs_in_with_what_was_shown_once_and_is_shut_out_again(house):
    page = house.page("bea", "/beheer")
    page.get_by_role("button", name="Gebruiker toevoegen").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Naam").fill("nieuw")
    dialog.get_by_role("button", name="Toevoegen", exact=True).click()
    expect(dialog.locator(".hk-warning")).to_contain_text("Een wijkmanager heeft een wijk nodig")
    page.locator("#m-add-wijken").click()
    page.get_by_role("option", name="Wielwijk").click()
    page.keyboard.press("Tab")
    page.wait_for_timeout(300)
    accessible(page)
    dialog.get_by_role("button", name="Toevoegen", exact=True).click()
    password = page.locator(".hk-secret").inner_text()
    expect(page.locator(".hk-users")).to_contain_text("nieuw")
    other = house.page(None, "/logboek?handeling=sign_in")
    other.get_by_label("Naam").fill("nieuw")
    other.get_by_label("Wachtwoord").fill(password)
    other.get_by_role("button", name="Aanmelden").click()
    other.wait_for_url("**/logboek?handeling=sign_in")
    expect(other.locator(".hk-log-table")).to_contain_text("aangemeld")
    page.reload()
    assert password not in page.content()
    page.get_by_role("button", name="nieuw wijzigen").click()
    page.get_by_role("button", name="Account sluiten").click()
    expect(page.locator(".hk-users")).to_contain_text("gesloten")
    other.locator("#a-action").click()
    other.get_by_role("option", name="aangemeld", exact=True).click()
    other.reload()
    expect(other.get_by_role("button", name="Aanmelden")).to_be_visible()
    told = [
        line.detail.get("what") for line in house.services.audit.lines(Viewer(name="f", role=Role.AUDITOR), actor="bea")
    ]
    assert told == ["disabled", "added"]
    assert page.said == []


def test_the_last_beheerder_is_not_closed_and_one_does_not_change_oneself(house):
    page = house.page("bea", "/beheer")
    page.wait_for_selector(".hk-users")
    expect(page.get_by_role("button", name="bea wijzigen")).to_have_count(0)
    expect(page.get_by_role("button", name="fred wijzigen")).to_have_count(1)
    with pytest.raises(Exception, match="laatste beheerder"):
        house.accounts.set_disabled(HERE, "bea", disabled=True)
    reader = house.page("fred", "/beheer")
    reader.wait_for_selector(".hk-users")
    expect(reader.get_by_role("button", name="wijzigen")).to_have_count(0)


def test_a_district_manager_hands_out_a_map_of_an_own_wijk_and_it_is_written_down(house):
    page = house.page("wim", "/")
    page.wait_for_selector(".hk-table-plain")
    page.get_by_role("button", name="Exporteren").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("textbox", name="Wijk")).to_have_value("Oud Krispijn")
    dialog.get_by_label("Doel").fill("overleg verlichting")
    page.wait_for_timeout(300)
    accessible(page)
    with page.expect_download() as saved:
        dialog.get_by_role("button", name="Kaart maken").click()
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")
    expect(dialog).to_contain_text("opgeslagen bij uw downloads")
    told = house.services.audit.lines(Viewer(name="f", role=Role.AUDITOR), actor="wim", action=Action.EXPORT.value)
    assert len(told) == 1
    expect(house.page("fred", "/").get_by_role("button", name="Exporteren")).to_have_count(0)
