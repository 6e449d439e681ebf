"""What the documentation shows works."""

import re
import tomllib
from pathlib import Path

import pytest

from dashboard import addresses
from dashboard.pages import PAGES as SCREENS
from data.columns import NAMES, mapping_from
from data.focus import load_focus_areas

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])


def toml_of(page):
    [block] = re.findall(r"```toml\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), flags=re.DOTALL)
    return block


def test_the_mapping_file_of_the_how_to_is_a_mapping_file():
    mapping = mapping_from(tomllib.loads(toml_of("docs/how-to/mapping.md")))
    assert mapping is not None
    page = (ROOT / "docs/how-to/mapping.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"`{name}`" not in page] == []


def test_the_focus_areas_of_the_how_to_are_focus_areas(tmp_path):
    file = tmp_path / "gebieden.toml"
    file.write_text(toml_of("docs/how-to/focus-areas.md"), encoding="utf-8")
    assert [area.name for area in load_focus_areas(str(file))] == ["Stationsgebied", "Uitgaansgebied"]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(page):
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    dead = [t for t in targets if not t.startswith("http") and not (page.parent / t).exists()]
    assert dead == []


def test_every_picture_in_the_documentation_is_written_by_the_screenshot_script():
    shown = {
        Path(t).name for page in PAGES for t in re.findall(r"!\[[^]]*\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
    }
    script = (ROOT / "tests/browser/screenshots.py").read_text(encoding="utf-8")
    assert shown
    assert [name for name in sorted(shown) if name.removesuffix(".png") not in script] == []


def test_every_page_of_the_dashboard_is_documented_with_its_address_and_who_may_open_it():
    page = (ROOT / "docs/reference/pages.md").read_text(encoding="utf-8")
    assert [screen.path for screen in SCREENS] == list(addresses.ALL)
    for screen in SCREENS:
        assert f"| {screen.title} | `{screen.path}` |" in page, f"{screen.path} is missing in docs/reference/pages.md"
        assert f"## {screen.title}, `{screen.path}`" in page
