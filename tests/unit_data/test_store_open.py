"""Opening a store: new, older, newer, somebody else's, and places where none can be."""

import shutil
import sqlite3
import tempfile
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, make_url, text

from data.store import ReportStore, StoreError, engine, migrations
from data.viewer import LOCAL_ANALYST


def put(store, batch):
    with store.importing() as transaction:
        return transaction.write(batch)


def execute(store_url, *statements):
    """Run SQL past the store, give the last answer's rows."""
    database = create_engine(store_url)
    with database.begin() as connection:
        for statement in statements:
            answer = connection.execute(text(statement))
        rows = answer.fetchall() if answer.returns_rows else []
    database.dispose()
    return rows


def test_opening_twice_finds_the_same_store(store_url, make_batch):
    with ReportStore.open(store_url) as store:
        put(store, make_batch({"source_id": "1"}))
        version = store.data_version()
    with ReportStore.open(store_url) as store:
        assert store.data_version() == version
        assert store.reports(LOCAL_ANALYST)["source_id"].tolist() == ["1"]
    assert execute(store_url, "SELECT version FROM schema_version") == [(migrations.LATEST,)]


def test_two_new_stores_never_share_a_data_version(tmp_path):
    with ReportStore.open(str(tmp_path / "a")) as one, ReportStore.open(str(tmp_path / "b")) as other:
        assert one.data_version() != other.data_version()


def test_a_plain_path_and_its_url_are_the_same_store_and_its_folders_are_made(tmp_path, make_batch):
    path = tmp_path / "map één" / "nog een" / "meldingen.sqlite"
    with ReportStore.open(str(path)) as store:
        put(store, make_batch({"source_id": "1"}))
    with ReportStore.open(f"sqlite:///{path}") as store:
        assert len(store.reports(LOCAL_ANALYST)) == 1


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_postgresql_address_needs_no_driver_name(scheme):
    assert str(engine.locate(f"{scheme}://h/db")) == "postgresql+psycopg://h/db"


def test_four_processes_that_open_a_new_store_at_once_find_one_store(store_url, nursery):
    moment = time.time() + 0.3
    children = [nursery.start("open_at", url=store_url, moment=moment) for _ in range(4)]
    said = [child.wait() for child in children]
    assert [lines[-1] for lines in said] == ["done"] * 4
    assert len({lines[0] for lines in said}) == 1
    assert execute(store_url, "SELECT count(*) FROM state") == [(1,)]


def test_a_newer_store_is_refused_and_left_alone(store_url, make_batch):
    with ReportStore.open(store_url) as store:
        put(store, make_batch({"source_id": "1"}))
    execute(store_url, "INSERT INTO schema_version VALUES (999)")
    with pytest.raises(StoreError, match=r"nieuwere versie.*999.*Werk het programma bij") as caught:
        ReportStore.open(store_url)
    assert caught.value.code == "newer"
    assert execute(store_url, "SELECT source_id FROM reports") == [("1",)]


def test_an_older_store_is_upgraded_and_keeps_its_reports(store_url, make_batch, monkeypatch):
    with ReportStore.open(store_url) as store:
        put(store, make_batch({"source_id": "1", "text": "blijft"}))
        before = store.reports(LOCAL_ANALYST)
    latest = migrations.LATEST
    steps = {
        latest + 1: lambda c: c.exec_driver_sql("ALTER TABLE imports ADD COLUMN note TEXT"),
        latest + 2: lambda c: c.exec_driver_sql("UPDATE imports SET note = 'ja'"),
    }
    monkeypatch.setattr(migrations, "LATEST", latest + 2)
    monkeypatch.setattr(migrations, "UPGRADES", steps)
    for _ in range(2):
        with ReportStore.open(store_url) as store:
            assert store.reports(LOCAL_ANALYST).equals(before)
    assert execute(store_url, "SELECT note FROM imports") == [("ja",)]
    versions = execute(store_url, "SELECT version FROM schema_version ORDER BY version")
    assert versions == [(latest,), (latest + 1,), (latest + 2,)]


def test_an_upgrade_that_fails_halfway_leaves_the_older_store_whole(store_url, make_batch, monkeypatch):
    with ReportStore.open(store_url) as store:
        put(store, make_batch({"source_id": "1"}))

    def fails(connection):
        connection.exec_driver_sql("CREATE TABLE half (a INTEGER)")
        connection.exec_driver_sql("DELETE FROM reports")
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(migrations, "LATEST", migrations.LATEST + 1)
        patch.setattr(migrations, "UPGRADES", {migrations.LATEST: fails})
        with pytest.raises(RuntimeError, match="power cut"):
            ReportStore.open(store_url)
    with ReportStore.open(store_url) as store:
        assert len(store.reports(LOCAL_ANALYST)) == 1
    database = create_engine(store_url)
    assert "half" not in inspect(database).get_table_names()
    database.dispose()


@pytest.mark.parametrize(
    "url",
    ["", "sqlite://", "sqlite:///:memory:", "mysql://u:geheim@h/db", "postgresql://u:geheim@h:abc/db", "http://x/y"],
)
def test_an_address_that_is_no_store_is_refused_in_a_sentence_without_its_password(url):
    with pytest.raises(StoreError, match=r"De store .*is geen bruikbaar adres.*postgresql://") as caught:
        ReportStore.open(url)
    assert caught.value.code == "bad_url"
    assert "geheim" not in str(caught.value)


def impossible_paths(folder):
    file = folder / "bestand.txt"
    file.write_text("geen map")
    return {
        "a folder": folder,
        "below a file": file / "store.sqlite",
        "a name too long": folder / ("m" * 300),
        "where nobody may write": Path("/proc/hotspotkaart/store.sqlite"),
    }


@pytest.mark.parametrize("which", ["a folder", "below a file", "a name too long", "where nobody may write"])
def test_a_path_where_no_store_can_be_is_named_in_dutch(tmp_path, which):
    path = impossible_paths(tmp_path)[which]
    with pytest.raises(StoreError, match=r"kan niet worden geopend of gemaakt: .*map waarin u mag schrijven") as caught:
        ReportStore.open(str(path))
    assert caught.value.code == "unusable"
    assert str(path) in str(caught.value)


def other_file(path, kind):
    if kind == "a csv":
        path.write_text("id;datum;lat;lon\n" * 500)
    else:
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE gpkg_contents (table_name TEXT)")
            other.execute("INSERT INTO gpkg_contents VALUES ('buurten')")
        other.close()


@pytest.mark.parametrize("kind", ["a csv", "a geopackage"])
def test_another_programs_file_is_refused_and_not_a_byte_of_it_changes(tmp_path, kind):
    path = tmp_path / "buurten.gpkg"
    other_file(path, kind)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"buurten\.gpkg is geen store van Hotspotkaart") as caught:
        ReportStore.open(str(path))
    assert caught.value.code == "not_a_store"
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["buurten.gpkg"]


def test_a_table_of_ours_without_a_version_is_somebody_elses(store_url):
    execute(store_url, "CREATE TABLE reports (id INTEGER)")
    with pytest.raises(StoreError, match="geen store van Hotspotkaart"):
        ReportStore.open(store_url)


def test_a_damaged_file_is_called_damaged(tmp_path, make_batch):
    path = tmp_path / "store.sqlite"
    with ReportStore.open(str(path)) as store:
        put(store, make_batch(*({"source_id": str(i), "text": "x" * 500} for i in range(200))))
    content = bytearray(path.read_bytes())
    content[8192:] = bytes(len(content) - 8192)
    path.write_bytes(content)
    with pytest.raises(StoreError, match="beschadigd") as caught, ReportStore.open(str(path)) as store:
        store.reports(LOCAL_ANALYST)
    assert caught.value.code == "damaged"


def test_a_server_that_does_not_answer_is_named_without_its_password():
    with pytest.raises(StoreError, match=r"127\.0\.0\.1:1/db is niet te bereiken") as caught:
        ReportStore.open("postgresql://iemand:geheim@127.0.0.1:1/db", timeout_s=1)
    assert caught.value.code == "unreachable"
    assert "geheim" not in str(caught.value)


def test_a_database_that_does_not_exist_is_refused_in_a_sentence(store_url, tmp_path):
    if store_url.startswith("sqlite"):  # there, opening makes it
        ReportStore.open(str(tmp_path / "nieuw.sqlite")).close()
        return
    with pytest.raises(StoreError, match="weigert de toegang") as caught:
        ReportStore.open(make_url(store_url).set(database="bestaat_niet").render_as_string(hide_password=False))
    assert caught.value.code == "denied"


def test_a_store_one_may_only_read_is_refused_in_a_sentence(nursery, make_batch):
    folder = Path(tempfile.mkdtemp(prefix="hotspotkaart-ro-"))  # not pytest's, which other users may not enter
    try:
        path = folder / "store.sqlite"
        with ReportStore.open(str(path)) as store:
            put(store, make_batch({"source_id": "1"}))
        path.chmod(0o444)
        folder.chmod(0o555)
        out = nursery.start("write", url=str(path), source="app", first=1, rows=10, times=1, user=65534).wait()
        code, sentence = out[-1].removeprefix("error ").split(" ", 1)
        assert code in ("read_only", "unusable")
        assert str(path) in sentence
        folder.chmod(0o755)
        path.chmod(0o644)
        with ReportStore.open(str(path)) as store:
            assert len(store.reports(LOCAL_ANALYST)) == 1
    finally:
        shutil.rmtree(folder)
