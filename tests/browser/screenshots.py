"""The pictures in README and docs, made from the running demo: ``python -m tests.browser.screenshots``."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from dashboard.commands.demo import fill
from dashboard.services import services_for
from data.settings import Settings
from data.store import ReportStore
from tests.browser.conftest import served
from tests.conftest import CHROMIUM, CHROMIUM_FLAGS

IMAGES = Path(__file__).parents[2] / "docs/images"
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
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(store=f"sqlite:///{Path(folder) / 'demo.sqlite'}")
        with ReportStore.open(settings.store) as store:
            fill(store, settings, Path(folder))
            with served(services_for(store, settings), settings) as url, sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
                for name, (query, size, act) in SHOTS.items():
                    context = browser.new_context(
                        viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce"
                    )
                    page = context.new_page()
                    page.goto(f"{url}/{query}")
                    page.wait_for_selector(".hk-figure-value")
                    settle(page)
                    act(page)
                    settle(page)
                    page.screenshot(path=IMAGES / name)
                    print(IMAGES / name)
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


DESKTOP, PHONE = (1366, 768), (390, 844)
SHOTS = {
    "kaart.png": ("", DESKTOP, nothing),
    "hotspot.png": ("", DESKTOP, choose),
    "nacht.png": ("?uur=21-4&dag=4,5&kleur=rate", DESKTOP, nothing),
    "onderbouwing.png": ("", DESKTOP, evidence),
    "gi.png": ("?beeld=gi", DESKTOP, nothing),
    "export.png": ("?van=2025-01-01&tot=2025-12-31", DESKTOP, export),
    "telefoon.png": ("", PHONE, nothing),
    "english.png": ("?taal=en", DESKTOP, choose),
    "import.png": ("", DESKTOP, drop),
}

if __name__ == "__main__":
    main()
