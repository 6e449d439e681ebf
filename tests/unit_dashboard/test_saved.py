"""Keeping runs: what is kept, how two differ, and that a choice for publication stands in the log."""

import shutil

import pytest

from dashboard.services import services_for
from dashboard.state import FilterState
from data.audit.chain import Action
from data.settings import Settings
from data.store import ReportStore
from data.store.saved import SavedRefused
from data.viewer import LOCAL_ANALYST, Denied, Role, Viewer


@pytest.fixture
def services(demo_store_path, tmp_path):
    """All services over a copy of the demo city."""
    path = tmp_path / "demo.sqlite"
    shutil.copy(demo_store_path, path)
    settings = Settings(store=f"sqlite:///{path}")
    with ReportStore.open(settings.store) as store:
        yield services_for(store, settings)


def test_a_run_holds_what_the_map_showed_and_no_place_of_a_report(services):
    state = FilterState(eps_m=60)
    number = services.saved.keep_run(LOCAL_ANALYST, state, name="Smal")
    overview = services.map.overview(LOCAL_ANALYST, state)
    [run] = services.saved.runs(LOCAL_ANALYST)
    assert run.id == number and run.view == "eps=60"
    assert (run.method["eps_m"], run.method["min_samples"]) == (60, overview.result.params.min_samples)
    assert [(h["id"], h["n"]) for h in run.figures["hotspots"]] == [(h.id, h.n) for h in overview.result.hotspots]
    assert run.figures["n_reports"] == overview.n_reports and run.data_version == overview.result.data_version
    assert set(run.figures["hotspots"][0]) == {"id", "rank", "n", "buurt", "wijk", "cells", "q"}


def test_two_runs_share_their_hotspots_and_name_what_was_asked_differently(services):
    keep = services.saved.keep_run
    whole = keep(LOCAL_ANALYST, FilterState(), name="Alles")
    fewer = keep(LOCAL_ANALYST, FilterState(weekdays=(5, 6), eps_m=75), name="Weekend")
    same = services.saved.compare(LOCAL_ANALYST, whole, whole)
    assert same.differing == () and same.same_data
    assert all(m.n[0] == m.n[1] and m.ranks[0] == m.ranks[1] for m in same.matches)
    held = services.saved.compare(LOCAL_ANALYST, whole, fewer)
    assert "view" in {name for name, _, _ in held.differing} and "eps_m" not in {name for name, _, _ in held.differing}
    kept = services.saved.runs(LOCAL_ANALYST)
    for which, run in ((0, kept[1]), (1, kept[0])):
        assert sum(m.ranks[which] > 0 for m in held.matches) == len(run.figures["hotspots"])


def test_the_choice_to_publish_with_a_run_stands_in_the_log(services):
    number = services.saved.keep_run(LOCAL_ANALYST, FilterState(eps_m=100), name="Ruim")
    services.saved.choose(LOCAL_ANALYST, number)
    assert services.saved.publish_eps_m() == 100
    services.saved.choose(LOCAL_ANALYST, None)
    assert services.saved.publish_eps_m() == 75
    lines = services.audit.lines(LOCAL_ANALYST, action=Action.SETTING)
    assert [(line.subject, line.detail["eps_m"]) for line in lines[:2]] == [
        ("publish_eps_m", "75"),
        ("publish_eps_m", "100"),
    ]


@pytest.mark.parametrize("address", ["/elders", "//elders.nl", "https://elders.nl/", "javascript:alert(1)", ""])
def test_a_view_of_what_is_no_page_is_not_kept(services, address):
    with pytest.raises(SavedRefused):
        services.saved.keep_view(LOCAL_ANALYST, name="Weg", address=address)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ANALYST])
def test_whoever_may_not_ask_freely_keeps_and_sees_nothing(services, role):
    viewer, saved = Viewer(name="x", role=role), services.saved
    number = saved.keep_run(LOCAL_ANALYST, FilterState(), name="Alles")
    for ask in (
        lambda: saved.keep_run(viewer, FilterState(), name="Mijn"),
        lambda: saved.runs(viewer),
        lambda: saved.compare(viewer, number, number),
        lambda: saved.choose(viewer, number),
        lambda: saved.views(viewer),
        lambda: saved.keep_view(viewer, name="Mijn", address="/"),
    ):
        with pytest.raises(Denied):
            ask()
