"""Kept runs and views: who may, what is refused, and which run is published with."""

import pytest

from data.settings import Settings
from data.store import ReportStore, tables
from data.store.engine import create, locate
from data.store.saved import MAX_NAME, MAX_NOTE, MOST, SavedRefused, SavedStore
from data.viewer import Denied, Role, Viewer

ANNA = Viewer(name="anna", role=Role.ANALYST)
BRAM = Viewer(name="bram", role=Role.ANALYST)
OTHERS = [Viewer(name="x", role=role) for role in Role if role is not Role.ANALYST]


@pytest.fixture
def saved(store, store_url):
    """The kept runs of an empty store."""
    return SavedStore.open(Settings(store=store_url))


def keep(saved, viewer=ANNA, name="Zomer", note="", eps_m=75.0):
    return saved.keep_run(
        viewer,
        name,
        note,
        data_version="v-1",
        view="eps=75",
        method={"eps_m": eps_m, "min_samples": 8},
        figures={"n_reports": 3, "hotspots": []},
    )


def test_a_run_comes_back_as_it_was_kept_newest_first(saved):
    first, second = keep(saved, note=" Voor het overleg "), keep(saved, BRAM, "Ruim", eps_m=100)
    assert [run.id for run in saved.runs(ANNA)] == [second, first]
    run = saved.run(BRAM, first)
    assert (run.name, run.note, run.made_by, run.data_version, run.view) == (
        "Zomer", "Voor het overleg", "anna", "v-1", "eps=75",
    )  # fmt: skip
    assert run.method == {"eps_m": 75.0, "min_samples": 8} and run.figures == {"n_reports": 3, "hotspots": []}
    assert run.made_at.utcoffset() is not None and run.chosen_at is None


@pytest.mark.parametrize("viewer", OTHERS, ids=lambda v: v.role)
def test_whoever_may_not_ask_freely_is_denied_every_door(saved, viewer):
    number, view = keep(saved), saved.keep_view(ANNA, "Alles", "/")
    doors = [
        lambda: keep(saved, viewer),
        lambda: saved.runs(viewer),
        lambda: saved.run(viewer, number),
        lambda: saved.delete_run(viewer, number),
        lambda: saved.choose(viewer, number),
        lambda: saved.choose(viewer, None),
        lambda: saved.keep_view(viewer, "Alles", "/"),
        lambda: saved.views(viewer),
        lambda: saved.delete_view(viewer, view),
    ]
    for door in doors:
        with pytest.raises(Denied):
            door()
    assert len(saved.runs(ANNA)) == len(saved.views(ANNA)) == 1
    assert saved.run(ANNA, number).chosen_at is None


def test_one_run_at_most_is_published_with_and_none_again_is_the_usual(saved):
    assert saved.publish_eps_m(usual=75.0) == 75.0
    narrow, wide = keep(saved, eps_m=50), keep(saved, eps_m=100)
    saved.choose(ANNA, narrow)
    saved.choose(BRAM, wide)
    assert saved.publish_eps_m(usual=75.0) == 100.0
    assert [run.id for run in saved.runs(ANNA) if run.chosen_at] == [wide]
    assert saved.run(ANNA, wide).chosen_by == "bram"
    saved.choose(ANNA, None)
    assert saved.publish_eps_m(usual=75.0) == 75.0


@pytest.mark.parametrize("eps_m", [10, 24.9, 150.1, 500])
def test_a_distance_that_says_nothing_of_a_place_or_of_all_places_is_not_published_with(saved, eps_m):
    number = keep(saved, eps_m=eps_m)
    with pytest.raises(SavedRefused, match="tussen 25 en 150 meter") as caught:
        saved.choose(ANNA, number)
    assert caught.value.code == "saved_eps"
    assert saved.publish_eps_m(usual=75.0) == 75.0


def test_only_ones_own_run_goes_and_not_the_one_that_is_published_with(saved):
    number = keep(saved)
    with pytest.raises(SavedRefused, match="‘Zomer’ is van anna"):
        saved.delete_run(BRAM, number)
    saved.choose(ANNA, number)
    with pytest.raises(SavedRefused, match="Met ‘Zomer’ wordt gepubliceerd"):
        saved.delete_run(ANNA, number)
    saved.choose(ANNA, None)
    saved.delete_run(ANNA, number)
    assert saved.runs(ANNA) == ()
    for door in (saved.run, saved.delete_run, saved.choose):
        with pytest.raises(SavedRefused, match="niet \\(meer\\) bewaard"):
            door(ANNA, number)
    assert keep(saved) != number


@pytest.mark.parametrize("name", ["", "   ", "x" * (MAX_NAME + 1), "twee\nregels", "\x00"])
def test_a_name_is_one_line(saved, name):
    with pytest.raises(SavedRefused, match="naam van één regel"):
        keep(saved, name=name)
    with pytest.raises(SavedRefused, match="naam van één regel"):
        saved.keep_view(ANNA, name, "/")
    assert saved.runs(ANNA) == () and saved.views(ANNA) == ()


def test_a_note_has_an_end(saved):
    with pytest.raises(SavedRefused, match=f"hooguit {MAX_NOTE} tekens"):
        keep(saved, note="x" * (MAX_NOTE + 1))


@pytest.mark.parametrize("address", ["", "https://elders.nl", "//elders.nl", "javascript:alert(1)", "/" + "x" * 3000])
def test_a_view_is_an_address_of_this_program(saved, address):
    with pytest.raises(SavedRefused, match="geen adres van een pagina"):
        saved.keep_view(ANNA, "Weg", address)


def test_views_stand_by_name_and_only_ones_own_goes(saved):
    second, first = saved.keep_view(ANNA, "Zomer", "/?van=2025-06-01"), saved.keep_view(BRAM, "Avond", "/?uur=18-23")
    assert [(view.id, view.name, view.address) for view in saved.views(BRAM)] == [
        (first, "Avond", "/?uur=18-23"),
        (second, "Zomer", "/?van=2025-06-01"),
    ]
    with pytest.raises(SavedRefused, match="‘Avond’ is van bram"):
        saved.delete_view(ANNA, first)
    saved.delete_view(BRAM, first)
    with pytest.raises(SavedRefused):
        saved.delete_view(BRAM, first)
    assert [view.id for view in saved.views(ANNA)] == [second]


def test_a_list_stays_one_that_can_be_read(saved, monkeypatch):
    monkeypatch.setattr("data.store.saved.MOST", 2)
    keep(saved), keep(saved)
    with pytest.raises(SavedRefused, match="Er zijn al 2 bewaard"):
        keep(saved)
    assert MOST > 100


def test_a_store_from_before_gets_the_tables_and_keeps_what_it_had(store_url, make_batch):
    with ReportStore.open(store_url) as store, store.importing() as transaction:
        transaction.write(make_batch({"source_id": "1"}))
    engine = create(locate(store_url), timeout_s=5)
    before = 6
    with engine.begin() as connection:
        connection.execute(tables.schema_version.delete())
        connection.execute(tables.schema_version.insert(), {"version": before})
        tables.metadata.drop_all(connection, tables=tables.SAVED)
    engine.dispose()
    with ReportStore.open(store_url) as store:
        saved = SavedStore.open(Settings(store=store_url))
        assert saved.run(ANNA, keep(saved)).name == "Zomer"
        assert len(store.reports(ANNA)) == 1
