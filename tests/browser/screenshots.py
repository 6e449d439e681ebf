"""The pictures in README and docs, made from the running demo: ``python -m tests.browser.screenshots``.

With ``--all FOLDER`` every page and state of every role instead, in both languages and three sizes, to be looked at.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from dashboard.auth.gate import Gate, gate_for
from dashboard.commands.demo import fill
from dashboard.services import services_for
from dashboard.services.freezing import freeze
from data.settings import Settings
from data.store import ReportStore
from data.store.users import UserStore
from data.viewer import LOCAL_ANALYST
from tests.browser.conftest import served
from tests.conftest import CHROMIUM, CHROMIUM_FLAGS

IMAGES = Path(__file__).parents[2] / "docs/images"
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


def main() -> None:
    """Serve the demo city and photograph it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--all", type=Path, metavar="FOLDER", help="every page and state, in both languages and three sizes"
    )
    folder = parser.parse_args().all
    (folder or IMAGES).mkdir(parents=True, exist_ok=True)
    with demo() as (url, gate), demo(empty=True) as (nothing_url, nothing_gate), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        if folder is None:
            for name, (role, address, size, act) in SHOTS.items():
                photograph(browser, url, gate, role=role, address=address, size=size, act=act, to=IMAGES / name)
            return
        for name, (role, address, act) in STATES.items():
            where = (nothing_url, nothing_gate) if name.startswith("leeg") else (url, gate)
            for language in ("nl", "en"):
                for size in SIZES:
                    asked = address + ("&" if "?" in address else "?") + f"taal={language}"
                    to = folder / f"{name}-{language}-{size[0]}.png"
                    photograph(browser, *where, role=role, address=asked, size=size, act=act, to=to)


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


def photograph(
    browser: Browser, url: str, gate: Gate, *, role: str, address: str, size: tuple[int, int], act: Act, to: Path
) -> None:
    """One picture of what one role sees."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    context.add_cookies([{"name": gate.cookies.role, "value": role, "url": url}])
    page = context.new_page()
    page.set_default_timeout(120_000)  # also on a busy machine
    page.goto(url + address)
    page.wait_for_selector("main h1, main h2, .hk-figure-value, main button")
    page.wait_for_load_state("networkidle")
    settle(page)
    act(page)
    settle(page)
    page.screenshot(path=to)
    print(to)
    context.close()


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
    page.get_by_text("Geavanceerd").click()
    page.get_by_role("button", name="Onderbouwing").click()
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


DESKTOP, PHONE, WIDE = (1366, 768), (390, 844), (1920, 1080)
SIZES = (DESKTOP, WIDE, PHONE)
ANALYST, DISTRICT, ADMIN, AUDITOR = "analist", "wijkmanager", "beheerder", "auditor"
SHOTS = {
    "kaart.png": (ANALYST, "/", DESKTOP, nothing),
    "hotspot.png": (ANALYST, "/", DESKTOP, choose),
    "onderbouwing.png": (ANALYST, "/", DESKTOP, evidence),
    "gi.png": (ANALYST, "/?beeld=gi", DESKTOP, nothing),
    "export.png": (ANALYST, "/?van=2025-01-01&tot=2025-12-31", DESKTOP, export),
    "import.png": (ANALYST, "/", DESKTOP, drop),
    "ontwikkeling.png": (ANALYST, "/ontwikkeling", DESKTOP, nothing),
    "gegevens.png": (ANALYST, "/gegevens", DESKTOP, drop_to_look),
    "wijkmanager.png": (DISTRICT, "/", DESKTOP, nothing),
    "beheer.png": (ADMIN, "/beheer", DESKTOP, nothing),
    "logboek.png": (AUDITOR, "/logboek", DESKTOP, nothing),
    "telefoon.png": (ANALYST, "/", PHONE, nothing),
    "english.png": (ANALYST, "/?taal=en", DESKTOP, choose),
}
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

if __name__ == "__main__":
    main()
