"""Every page and state that somebody may have before them, and how to come there: for photographs and for the rules."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from playwright.sync_api import Page

from dashboard.auth.gate import Gate, gate_for
from dashboard.commands.demo import fill
from dashboard.services import services_for
from dashboard.services.freezing import freeze
from data.settings import Settings
from data.store import ReportStore
from data.store.users import UserStore
from data.viewer import LOCAL_ANALYST
from tests.browser.conftest import served

TODAY = date(2026, 11, 15)  # the demo's reports end in September 2026
Act = Callable[[Page], None]
REPORTS = """id;datum;tijd;lat;lon;categorie;omschrijving
2026-101;03-04-2026;22:30;51,8133;4,6736;nafluiten;fietser floot mij na
2026-102;04-04-2026;onbekend;51,8140;4,6700;naroepen;
2026-103;31-02-2026;10:00;51,8133;4,6736;nafluiten;
2026-104;05-04-2026;10:00;51.813.300;4,6736;nastaren;
2026-105;05-04-2026;10:00;4,6736;51,8133;nastaren;
2026-106;05-04-2026;10:00;0;0;nasissen;
2026-107;05-04-2026;25:00;51,8133;4,6736;achtervolgen;
2026-108;06-04-2026;23:10;51,8129;4,6741;hinder;
2026-101;03-04-2026;22:30;51,8133;4,6736;nafluiten;fietser floot mij na
"""


@contextmanager
def demo(*, empty: bool = False) -> Iterator[tuple[str, Gate]]:
    """The demo with its roles, published; or a store with nothing in it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(store=f"sqlite:///{Path(folder) / 'demo.sqlite'}", audit_key=f"{folder}/key")
        with ReportStore.open(settings.store) as store:
            if not empty:
                fill(store, settings, Path(folder))
            services = services_for(store, settings)
            if not empty:
                freeze(store, settings, services.audit, by=LOCAL_ANALYST, today=TODAY)
            gate = gate_for(settings, UserStore.open(settings), services.audit, host="127.0.0.1", demo=True)
            with served(services, settings, gate) as url:
                yield url, gate


def open_state(page: Page, address: str, act: Act) -> None:
    """Come to a state: the page, what it asks for, and what one does there."""
    page.goto(address)
    page.wait_for_selector("main h1:visible, main h2:visible, .hk-figure-value:visible, main button:visible")
    page.wait_for_load_state("networkidle")
    settle(page)
    act(page)
    settle(page)


def asked(address: str, language: str) -> str:
    """An address in a language."""
    return address + ("&" if "?" in address else "?") + f"taal={language}"


def settle(page: Page) -> None:
    """Let fonts load, the map come to rest and names find their place."""
    page.evaluate("() => document.fonts.ready")
    page.wait_for_timeout(900)


def choose(page: Page) -> None:
    """The hotspot that is ranked fourth."""
    page.locator(".hk-inspector .ag-row[row-index='3']").click()
    page.wait_for_selector(".hk-paragraph")
    page.wait_for_selector(".hk-portrait section summary", timeout=60_000)  # the test is done


def drop(page: Page) -> None:
    """A file with the mistakes real exports have."""
    page.click("#upload-open")
    page.locator("#upload").wait_for(state="visible")
    given = {"name": "meldingen april.csv", "mimeType": "text/csv", "buffer": REPORTS.encode()}
    page.set_input_files("#upload input[type=file]", given)
    page.wait_for_selector(".hk-problems .ag-row")


def export(page: Page) -> None:
    """The dialogue that hands out a map."""
    page.click("#export-open")
    page.wait_for_selector(".hk-export-period")


def evidence(page: Page) -> None:
    """What carries the hotspots, once they are tested."""
    page.locator("details:has([id*=evidence-open]) > summary").click()
    page.locator("details [id*=evidence-open]").click()
    page.wait_for_selector(".hk-sweep", timeout=60_000)


def nothing(_page: Page) -> None:
    """As it opens."""


def drop_to_look(page: Page) -> None:
    """The same file on the page Gegevens: looked at before anything is stored."""
    given = {"name": "meldingen april.csv", "mimeType": "text/csv", "buffer": REPORTS.encode()}
    page.set_input_files("main input[type=file]", given)
    page.wait_for_selector(".hk-mapping, .hk-data-mapping, main table", timeout=60_000)


def tab(name: str) -> Act:
    """One tab of a page, by its place."""
    return lambda page: page.locator("[role=tab]").nth(int(name)).click()


def dark(page: Page) -> None:
    """In dark, with a hotspot chosen."""
    page.click(".hk-scheme")
    choose(page)


ANALYST, DISTRICT, ADMIN, AUDITOR = "analist", "wijkmanager", "beheerder", "auditor"
STATES = {
    "kaart": (ANALYST, "/", nothing),
    "kaart-hotspot": (ANALYST, "/", choose),
    "kaart-donker": (ANALYST, "/", dark),
    "kaart-nacht": (ANALYST, "/?uur=21-4&dag=4,5&kleur=rate", nothing),
    "kaart-niets-over": (ANALYST, "/?van=2020-01-01&tot=2020-02-01", nothing),
    "kaart-weinig": (ANALYST, "/?van=2026-09-20&tot=2026-09-22", nothing),
    "kaart-verandering": (ANALYST, "/?kleur=change&van=2026-01-01&tot=2026-06-30", nothing),
    "kaart-dichtheid": (ANALYST, "/?beeld=dichtheid", nothing),
    "onderbouwing": (ANALYST, "/", evidence),
    "export": (ANALYST, "/?van=2025-01-01&tot=2025-12-31", export),
    "import": (ANALYST, "/", drop),
    "ontwikkeling": (ANALYST, "/ontwikkeling", nothing),
    "gegevens": (ANALYST, "/gegevens", nothing),
    "gegevens-voorbeeld": (ANALYST, "/gegevens", drop_to_look),
    "gegevens-quarantaine": (ANALYST, "/gegevens", tab("1")),
    "gegevens-nakijken": (ANALYST, "/gegevens", tab("2")),
    "gegevens-kaartlagen": (ANALYST, "/gegevens", tab("3")),
    "gegevens-kalender": (ANALYST, "/gegevens", tab("4")),
    "logboek": (AUDITOR, "/logboek", nothing),
    "beheer": (ADMIN, "/beheer", nothing),
    "beheer-auditor": (AUDITOR, "/beheer", nothing),
    "wijkmanager": (DISTRICT, "/", nothing),
    "auditor": (AUDITOR, "/", nothing),
    "geweigerd": (ADMIN, "/ontwikkeling", nothing),
    "leeg": (ANALYST, "/", nothing),
    "leeg-ontwikkeling": (ANALYST, "/ontwikkeling", nothing),
    "leeg-wijkmanager": (DISTRICT, "/", nothing),
}
