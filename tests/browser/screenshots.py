"""The pictures in README and docs, made from the running demo: ``python -m tests.browser.screenshots``.

With ``--all FOLDER`` every page and state of every role instead, in both languages and three sizes, to be looked at.
"""

import argparse
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from dashboard.auth.gate import Gate
from tests.browser import states
from tests.browser.states import ADMIN, ANALYST, AUDITOR, DISTRICT, Act
from tests.conftest import CHROMIUM, CHROMIUM_FLAGS

IMAGES = Path(__file__).parents[2] / "docs/images"
DESKTOP, PHONE, WIDE = (1366, 768), (390, 844), (1920, 1080)
SIZES = (DESKTOP, WIDE, PHONE)
SHOTS = {
    "kaart.png": (ANALYST, "/", DESKTOP, states.nothing),
    "hotspot.png": (ANALYST, "/", DESKTOP, states.choose),
    "onderbouwing.png": (ANALYST, "/", DESKTOP, states.evidence),
    "gi.png": (ANALYST, "/?beeld=gi", DESKTOP, states.nothing),
    "export.png": (ANALYST, "/?van=2025-01-01&tot=2025-12-31", DESKTOP, states.export),
    "import.png": (ANALYST, "/", DESKTOP, states.drop),
    "ontwikkeling.png": (ANALYST, "/ontwikkeling", DESKTOP, states.nothing),
    "gegevens.png": (ANALYST, "/gegevens", DESKTOP, states.drop_to_look),
    "wijkmanager.png": (DISTRICT, "/", DESKTOP, states.nothing),
    "beheer.png": (ADMIN, "/beheer", DESKTOP, states.nothing),
    "logboek.png": (AUDITOR, "/logboek", DESKTOP, states.nothing),
    "telefoon.png": (ANALYST, "/", PHONE, states.nothing),
    "english.png": (ANALYST, "/?taal=en", DESKTOP, states.choose),
}


def main() -> None:
    """Serve the demo city and photograph it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--all", type=Path, metavar="FOLDER", help="every page and state, in both languages and three sizes"
    )
    folder = parser.parse_args().all
    (folder or IMAGES).mkdir(parents=True, exist_ok=True)
    with (
        states.demo() as (url, gate),
        states.demo(empty=True) as (nothing_url, nothing_gate),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        if folder is None:
            for name, (role, address, size, act) in SHOTS.items():
                photograph(browser, url, gate, role=role, address=address, size=size, act=act, to=IMAGES / name)
            return
        for name, (role, address, act) in states.STATES.items():
            where = (nothing_url, nothing_gate) if name.startswith("leeg") else (url, gate)
            for language in ("nl", "en"):
                for size in SIZES:
                    to = folder / f"{name}-{language}-{size[0]}.png"
                    photograph(
                        browser, *where, role=role, address=states.asked(address, language), size=size, act=act, to=to
                    )


def photograph(
    browser: Browser, url: str, gate: Gate, *, role: str, address: str, size: tuple[int, int], act: Act, to: Path
) -> None:
    """One picture of what one role sees."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    context.add_cookies([{"name": gate.cookies.role, "value": role, "url": url}])
    page = context.new_page()
    page.set_default_timeout(120_000)  # also on a busy machine
    states.open_state(page, url + address, act)
    page.screenshot(path=to)
    print(to)
    context.close()


if __name__ == "__main__":
    main()
