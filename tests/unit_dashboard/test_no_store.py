"""A store that is not there: what reads says so and makes nothing; what fills one makes it."""

import pytest

from data.settings import Settings
from data.store import ReportStore, StoreError

READING = [
    ("hotspots",),
    ("analyse", "advice"),
    ("analyse", "rates"),
    ("snapshot", "--format", "png", "--out", "{folder}/kaart.png"),
    ("review", "list"),
    ("calendar", "list"),
    ("calendar", "remove", "1"),
    ("publish", "show"),
    ("publish", "freeze"),
    ("retention",),
    ("backup", "{folder}/kopie"),
    ("audit", "verify"),
    ("audit", "show"),
    ("user", "list"),
    ("areas", "weight", "telling.csv", "--name", "Telling"),
]


@pytest.fixture(autouse=True)
def _own_key(monkeypatch, tmp_path_factory):
    monkeypatch.setenv("HOTSPOTKAART_AUDIT_KEY", str(tmp_path_factory.mktemp("key") / "key"))


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_what_only_reads_says_that_there_is_no_store_and_makes_none(command, tmp_path, arguments):
    store = tmp_path / "bestaatniet.sqlite"
    given = [part.format(folder=tmp_path) for part in arguments]
    assert command(*given, "--store", store) == (
        2,
        "",
        f"Er is geen store {store}. Controleer de naam, of maak hem met hotspotkaart areas import of hotspotkaart "
        "reports import.\n",
    )
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_with_another_name_is_left_as_it_is(command, tmp_path):
    empty = tmp_path / "leeg.csv"
    empty.touch()
    for arguments in (("hotspots",), ("reports", "import", tmp_path / "meldingen.csv"), ("user", "list")):
        code, out, err = command(*arguments, "--store", empty)
        assert (code, out) == (2, "") and str(empty) in err
    assert empty.read_bytes() == b"" and list(tmp_path.iterdir()) == [empty]


@pytest.mark.parametrize("name", ["stad.sqlite", "stad.db", "stad"])
def test_a_store_whose_making_was_broken_off_is_made_after_all(tmp_path, name):
    (tmp_path / name).touch()
    with pytest.raises(StoreError) as refused:
        ReportStore.open(str(tmp_path / name), must_exist=True)
    assert refused.value.code == "missing"
    ReportStore.open(str(tmp_path / name)).close()
    ReportStore.open(str(tmp_path / name), must_exist=True).close()


def test_what_fills_a_store_makes_it(command, tmp_path):
    store = tmp_path / "nieuw.sqlite"
    given = ("--kind", "campaign", "--name", "Meld het", "--from", "2025-03-01", "--store", store)
    assert command("calendar", "add", *given)[0] == 0
    assert command("calendar", "list", "--store", store)[0] == 0


def test_a_log_is_read_when_its_store_is_gone(command, tmp_path):
    store = tmp_path / "stad.sqlite"
    ReportStore.open(Settings(store=str(store)).store).close()
    assert command("audit", "verify", "--store", store)[0] == 0
    store.unlink()
    assert command("audit", "verify", "--store", store)[0] == 0
    assert not store.exists()


def test_serving_a_store_that_was_not_there_says_that_it_is_new(command, tmp_path, monkeypatch):
    monkeypatch.setattr("dashboard.commands.serve.run", lambda *_store, **_options: None)
    store = tmp_path / "stad.sqlite"
    assert command("serve", "--store", store)[1] == f"Er was nog geen store {store}: hij is nu gemaakt, en leeg.\n"
    assert command("serve", "--store", store)[1] == ""
