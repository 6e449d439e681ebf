"""``hotspotkaart publish`` and the published figures it makes, on the demo city."""

import json
import shutil
from datetime import date

import numpy as np
import pytest

from dashboard.schedule import Schedule, daily
from dashboard.services import services_for
from dashboard.services.audit import AuditService
from dashboard.services.published import Breakdown, Geography, Short, Window
from data.audit.chain import Action
from data.rights import Denied
from data.settings import Settings
from data.store import ReportStore
from data.store.engine import writing
from data.store.tables import published_cells
from data.viewer import Role, Viewer

AUDITOR = Viewer(name="fg", role=Role.AUDITOR)
WEST = Viewer(name="wim", role=Role.DISTRICT_MANAGER, wijken=frozenset({"WK050503", "WK050504"}))


@pytest.fixture(scope="module")
def frozen(demo_store_path, tmp_path_factory):
    """The demo store as a day's work of the server leaves it, and its settings."""
    folder = tmp_path_factory.mktemp("frozen")
    path = folder / "demo.sqlite"
    shutil.copy(demo_store_path, path)
    settings = Settings(store=str(path), audit_key=str(folder / "audit.key"), audit_anchor_minutes=1440)
    with ReportStore.open(settings.store) as store:
        Schedule(daily(store, settings, AuditService(settings))).once()
    return settings


@pytest.fixture
def published(frozen):
    """The service over it."""
    with ReportStore.open(frozen.store) as store:
        yield services_for(store, frozen).published


def test_a_day_s_work_publishes_and_says_so_once(frozen):
    lines = AuditService(frozen).lines(AUDITOR, action=Action.PUBLICATION)
    assert [(line.actor, line.detail["k"]) for line in lines] == [("server", 5)]
    assert lines[0].detail["shown"] > 100 and lines[0].detail["hotspots"] >= 5


def test_freezing_again_tells_that_nothing_is_new_and_showing_tells_what_stands(command, frozen):
    code, out, _ = command("publish", "freeze", "--store", frozen.store)
    assert code == 0 and "niets nieuws" in out
    code, out, _ = command("publish", "show", "--store", frozen.store, "--json")
    facts = json.loads(out)
    assert code == 0 and facts["version"] == 1 and facts["k"] == 5 and len(facts["frozen"]) >= 8
    code, out, _ = command("publish", "show", "--store", frozen.store)
    assert code == 0 and "versie 1" in out and "minstens 5 meldingen" in out


def test_the_audit_proves_what_stands(command, frozen):
    code, out, _ = command("publish", "audit", "--store", frozen.store, "--json")
    proof = json.loads(out)
    assert code == 0 and proof["leaks"] == [] and proof["sets"] > 1000 and proof["cells"] > 100
    code, out, _ = command("publish", "audit", "--store", frozen.store)
    assert code == 0 and "In orde" in out


def tampered(source, target, *shown):
    """A copy of which nothing is known but these cells: (place, start, quarters, figure or None for few)."""
    shutil.copy(source, target)
    c = published_cells.c
    with ReportStore.open(str(target)) as store, writing(store._engine) as connection:
        connection.execute(published_cells.update().values(shown=None, why="guard"))
        for place, start, quarters, figure in shown:
            here = (c.place == place) & (c.start == start) & (c.quarters == quarters) & (c.part == "")
            values = {"shown": figure, "why": "few" if figure is None else ""}
            assert connection.execute(published_cells.update().where(here).values(**values)).rowcount == 1
    return target


def test_a_leaking_publication_is_told_and_fails(command, frozen, tmp_path):
    year = 2025 * 4
    leak = (("WK050503", year - 4, 8, 30), ("WK050503", year - 4, 4, 25), ("WK050503", year, 4, None))
    code, out, _ = command("publish", "audit", "--store", tampered(frozen.store, tmp_path / "lek.sqlite", *leak))
    assert code == 1 and "Niet in orde" in out and "WK050503 2024Q1 +8: 1–4" in out


def test_figures_that_contradict_each_other_are_one_clear_line(command, frozen, tmp_path):
    year = 2025 * 4
    odd = (("WK050503", year - 4, 8, 30), ("WK050503", year - 4, 4, 95))
    code, _, err = command("publish", "audit", "--store", tampered(frozen.store, tmp_path / "gek.sqlite", *odd))
    assert code == 2 and "spreken elkaar tegen" in err


def test_restarting_asks_for_yes_and_then_nothing_stands(command, frozen, tmp_path):
    path = tmp_path / "stad.sqlite"
    shutil.copy(frozen.store, path)
    code, _, err = command("publish", "restart", "--store", path)
    assert code == 2 and "--yes" in err
    assert command("publish", "restart", "--store", path, "--yes")[0] == 0
    assert json.loads(command("publish", "show", "--store", path, "--json")[1])["shown"] == 0
    code, _, err = command("publish", "audit", "--store", path)
    assert code == 2 and "nog niets gepubliceerd" in err


def test_a_wijkmanager_sees_figures_and_hotspots_of_own_wijken_only(published):
    choices = published.choices(WEST)
    assert {code for code, _ in choices.wijken} == WEST.wijken
    for geography in Geography:
        view = published.overview(WEST, Window.FOUR, geography, start=date(2025, 3, 1))
        assert set(view.areas["wijk_code"]) <= WEST.wijken and {h.wijk_code for h in view.hotspots} <= WEST.wijken
        assert all(cell.n is None or (cell.n >= 5 and cell.n % 5 == 0) for cell in view.cells)
        assert view.total == sum(cell.n or 0 for cell in view.cells)
    assert len(published.overview(AUDITOR, Window.FOUR, Geography.WIJK, start=date(2025, 3, 1)).hotspots) >= 3
    assert (np.vstack([g.bounds for g in view.hotspot_cells.geometry] or [np.zeros(4)]) % 50 == 0).all()


def test_what_shows_nothing_falls_back_to_more_and_says_why(published):
    view = published.overview(WEST, Window.QUARTER, Geography.BUURT, Breakdown.GROUP)
    assert view.window is not Window.QUARTER and view.fallback.why in (Short.BREAKDOWN_WINDOW, Short.FEW_REPORTS)


@pytest.mark.parametrize("role", [Role.ADMIN])
def test_the_beheerder_sees_none(published, role):
    with pytest.raises(Denied):
        published.choices(Viewer(name="b", role=role))
    with pytest.raises(Denied):
        published.overview(Viewer(name="b", role=role), Window.FOUR, Geography.WIJK)


def test_before_anything_is_published_the_page_says_so(demo_services):
    view = demo_services.published.overview(AUDITOR, Window.FOUR, Geography.WIJK)
    assert view.fallback.why is Short.NOTHING_FROZEN and view.total == 0 and view.hotspots == ()
