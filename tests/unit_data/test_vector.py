"""Vector files: three formats open, everything that could reach further is refused."""

import contextlib
import json
import os
import select
import socket
import sqlite3
import stat
import struct
import subprocess
import sys
import zipfile

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import archive
from data.reasons import FileRefused
from data.vector import in_rd, read_vector, stated_attribution, texts

SQUARES = [shapely.box(100_000 + 100 * i, 420_000, 100_100 + 100 * i, 420_100) for i in range(3)]


def squares(crs="EPSG:28992"):
    table = {"code": ["een", "twéé", "drie"], "n": [1, 2, 3]}
    return gpd.GeoDataFrame(table, geometry=SQUARES, crs="EPSG:28992").to_crs(crs)


def zipped(folder, frame, *, name="kaart.zip", leave_out=(), extra=(), **how):
    frame.to_file(folder / "laag.shp", **how)
    with zipfile.ZipFile(folder / name, "w") as z:
        for part in sorted(folder.glob("laag.*")):
            if part.suffix not in leave_out:
                z.write(part, part.name)
        for member, content in extra:
            z.writestr(member, content)
    return folder / name


def write(folder, kind, frame):
    if kind == "zip":
        return zipped(folder, frame)
    path = folder / f"kaart.{kind}"
    frame.to_file(path, driver={"geojson": "GeoJSON", "gpkg": "GPKG"}[kind])
    return path


def refused(path, **how):
    with pytest.raises(FileRefused) as caught:
        read_vector(path, **how)
    return caught.value


@pytest.fixture
def listener():
    """A server that only waits; ``called()`` says whether anybody knocked."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        class Listener:
            url = f"http://127.0.0.1:{server.getsockname()[1]}/kaart.geojson"

            def called(self):
                return bool(select.select([server], [], [], 0.1)[0])

        yield Listener()


@pytest.mark.parametrize("crs", ["EPSG:28992", "EPSG:4326", "EPSG:3857", "EPSG:4258", "EPSG:25831"])
@pytest.mark.parametrize("kind", ["geojson", "gpkg", "zip"])
def test_every_format_keeps_its_places_in_any_crs_it_states(tmp_path, kind, crs):
    back = in_rd(read_vector(write(tmp_path, kind, squares(crs))))
    assert back["code"].tolist() == ["een", "twéé", "drie"]
    assert back.crs.to_epsg() == 28992
    for before, after in zip(SQUARES, back.geometry, strict=True):
        assert before.hausdorff_distance(after) < 0.2


def test_a_coordinate_with_height_becomes_flat(tmp_path):
    path = tmp_path / "hoog.geojson"
    geometry = {"type": "Point", "coordinates": [4.67, 51.81, 12.5]}
    path.write_text(json.dumps({"type": "Feature", "properties": None, "geometry": geometry}))
    assert not read_vector(path).geometry.has_z.any()


def test_geojson_without_crs_is_wgs84_and_one_with_metres_is_asked_for_its_crs(tmp_path):
    path = tmp_path / "rd.geojson"
    features = [{"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(s))} for s in SQUARES]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    error = refused(path)
    assert error.code == "not_degrees"
    assert "--crs EPSG:28992" in str(error)
    assert in_rd(read_vector(path, crs="EPSG:28992")).geometry.iloc[0].equals(SQUARES[0])


@pytest.mark.parametrize("kind", ["gpkg", "zip"])
def test_a_file_that_does_not_state_its_crs_is_refused_with_the_way_out(tmp_path, kind):
    bare = squares().set_crs(None, allow_override=True)
    path = write(tmp_path, kind, bare)
    error = refused(path)
    assert error.code == "no_crs"
    assert "--crs EPSG:28992" in str(error)
    assert in_rd(read_vector(path, crs="EPSG:28992")).geometry.iloc[0].equals(SQUARES[0])


@pytest.mark.parametrize("crs", ["RD", "+init=/etc/passwd:1", "EPSG:1", "file:///etc/passwd", "EPSG:4978", "EPSG:5773"])
def test_a_crs_is_taken_only_by_an_official_number_of_a_map(tmp_path, crs):
    error = refused(write(tmp_path, "geojson", squares()), crs=crs)
    assert error.code == "bad_crs"
    assert "EPSG:28992" in str(error)


def test_the_layer_of_the_level_is_found_in_a_file_with_several(tmp_path):
    path = tmp_path / "wijkenbuurten.gpkg"
    squares().to_file(path, layer="buurten", driver="GPKG")
    squares().iloc[:1].to_file(path, layer="wijken", driver="GPKG")
    assert len(read_vector(path, layer_hint="wijk")) == 1
    assert len(read_vector(path, layer_hint="buurt")) == 3
    error = refused(path, layer_hint="gemeente")
    assert error.code == "many_layers"
    assert "buurten" in str(error) and "wijken" in str(error)


def test_a_zipped_geopackage_opens_as_cbs_delivers_it(tmp_path):
    squares().to_file(tmp_path / "k.gpkg", layer="buurten", driver="GPKG")
    with zipfile.ZipFile(tmp_path / "k.zip", "w") as z:
        z.write(tmp_path / "k.gpkg", "WijkBuurtkaart/k.gpkg")
        z.writestr("__MACOSX/._k.gpkg", b"x")
    assert len(read_vector(tmp_path / "k.zip", layer_hint="buurt")) == 3


@pytest.mark.parametrize("encoding", ["UTF-8", "CP1252", "ISO-8859-1"])
def test_accents_of_a_shapefile_survive_without_its_code_page_file(tmp_path, encoding):
    path = zipped(tmp_path, squares(), leave_out=(".cpg",), encoding=encoding)
    assert read_vector(path)["code"].tolist() == ["een", "twéé", "drie"]


@pytest.mark.parametrize("missing", [".shx", ".dbf"])
def test_a_shapefile_without_one_of_its_parts_is_refused_by_name(tmp_path, missing):
    error = refused(zipped(tmp_path, squares(), leave_out=(missing,)))
    assert error.code == "incomplete_shapefile"
    assert missing in str(error)


def test_content_decides_so_a_vrt_that_is_called_geojson_opens_nothing(tmp_path, listener):
    secret = write(tmp_path, "geojson", squares("EPSG:4326"))
    for source in (secret, f"/vsicurl/{listener.url}", listener.url):
        path = tmp_path / "vrt.geojson"
        layer = f'<OGRVRTLayer name="kaart"><SrcDataSource>{source}</SrcDataSource></OGRVRTLayer>'
        path.write_text(f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>")
        assert refused(path).code == "unknown_format"
    assert not listener.called()


@pytest.mark.parametrize(
    "content",
    [
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        '{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read /vsicurl/URL"}',
        '{"type": "Topology", "objects": {}, "arcs": []}',
        '{"geometryType": "esriGeometryPoint", "features": [{"attributes": {}}]}',
        '{"type": "FeatureCollection", "crs": {"type": "link", "properties": {"href": "URL"}}, "features": []}',
        '{"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "URL"}}, "features": []}',
        '{"type": "FeatureCollection", "features": [7]}',
        '{"type": "FeatureCollection", "features": {"a": 1}}',
        '{"type": "FeatureCollection", "features": [',
        '{"type": "FeatureCollection", "features": ' + "[" * 100_000,
        "id;lat;lon",
        "WFS:URL",
        "\0\0\0\0",
    ],
)
def test_what_only_looks_like_a_map_is_refused_and_no_address_is_called(tmp_path, listener, content):
    path = tmp_path / "kaart.geojson"
    path.write_text(content.replace("URL", listener.url))
    assert refused(path).code in ("unknown_format", "unreadable", "bad_crs")
    assert not listener.called()


def test_an_address_or_a_virtual_path_is_not_a_file(tmp_path, listener):
    inner = zipped(tmp_path, squares())
    for path in (
        listener.url,
        f"/vsicurl/{listener.url}",
        f"/vsizip/{inner}/laag.shp",
        f"zip://{inner}!laag.shp",
        f"GPKG:{inner}",
        f"{tmp_path}",
        f"{tmp_path}/is_er_niet.geojson",
        "WFS:http://localhost",
    ):
        assert refused(path).code == "not_a_file", path
    assert not listener.called()


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pijp.geojson")
    assert refused(tmp_path / "pijp.geojson").code == "not_a_file"


def test_an_empty_file_says_so(tmp_path):
    (tmp_path / "leeg.gpkg").touch()
    assert refused(tmp_path / "leeg.gpkg").code == "empty_file"


@pytest.mark.parametrize(
    "member", ["../laag.shp", "a/../../laag.shp", "/etc/laag.shp", "C:/laag.shp", "a\\..\\laag.shp"]
)
def test_a_zip_that_points_outside_itself_is_refused(tmp_path, member):
    error = refused(zipped(tmp_path, squares(), extra=[(member, b"x")]))
    assert error.code == "unsafe_zip"


def test_a_zip_in_a_zip_is_refused(tmp_path):
    error = refused(zipped(tmp_path, squares(), extra=[("binnen.ZIP", b"PK\x05\x06" + b"\0" * 18)]))
    assert error.code == "unsafe_zip"
    assert "binnen.ZIP" in str(error)


def test_a_symbolic_link_in_a_zip_is_refused_and_what_it_points_at_stays_unread(tmp_path):
    link = zipfile.ZipInfo("laag.prj")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = zipped(tmp_path, squares(), leave_out=(".prj",), extra=[(link, b"/etc/passwd")])
    assert refused(path).code == "unsafe_zip"


def test_an_encrypted_zip_is_refused(tmp_path):
    path = zipped(tmp_path, squares())
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(signature, at + 1)) >= 0:
            content[at + offset] |= 1
    path.write_bytes(content)
    assert refused(path).code == "unsafe_zip"


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    squares().to_file(tmp_path / "laag.shp")
    with zipfile.ZipFile(tmp_path / "bom.zip", "w", zipfile.ZIP_DEFLATED) as z:
        z.write(tmp_path / "laag.shp", "laag.shp")
        z.write(tmp_path / "laag.shx", "laag.shx")
        with z.open("laag.dbf", "w") as member:
            for _ in range(64):
                member.write(b"\0" * (1 << 20))
    error = refused(tmp_path / "bom.zip")
    assert error.code == "too_big"
    assert "64 MB" in str(error)


def test_declared_sizes_that_are_too_large_together_are_refused(tmp_path):
    path = zipped(tmp_path, squares())
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<II", content, at + 20, 0x30000000, 0x30000000)
        at = content.find(b"PK\x01\x02", at + 1)
    path.write_bytes(content)
    assert refused(path).code == "too_big"


def test_a_zip_with_very_many_members_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "veel.zip", "w") as z:
        for i in range(archive.MAX_MEMBERS + 1):
            z.writestr(f"{i}.shp", b"")
    assert refused(tmp_path / "veel.zip").code == "unsafe_zip"


def test_a_zip_without_a_map_says_so(tmp_path):
    with zipfile.ZipFile(tmp_path / "brief.zip", "w") as z:
        z.writestr("brief.txt", "hallo")
    assert refused(tmp_path / "brief.zip").code == "no_layer"


def test_a_database_that_is_no_geopackage_is_not_opened(tmp_path):
    with sqlite3.connect(tmp_path / "x.gpkg") as db:
        db.execute("CREATE TABLE a (b)")
    assert refused(tmp_path / "x.gpkg").code == "unknown_format"


def test_a_geopackage_with_a_virtual_table_that_reads_other_files_is_refused(tmp_path):
    path = write(tmp_path, "gpkg", squares())
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA writable_schema = 1")
        sql = "CREATE VIRTUAL TABLE kwaad USING VirtualOGR('/etc/passwd')"
        db.execute("INSERT INTO sqlite_master VALUES ('table', 'kwaad', 'kwaad', 0, ?)", (sql,))
    error = refused(path)
    assert error.code == "unsafe_file"
    assert "kwaad" in str(error)


def test_reading_leaves_a_geopackage_and_its_folder_as_they_were(tmp_path):
    path = write(tmp_path, "gpkg", squares())
    before = path.read_bytes()
    read_vector(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["kaart.gpkg"]


def test_messages_call_the_file_what_its_user_calls_it(tmp_path):
    (tmp_path / "upload").write_text("<html>")
    assert "mijn kaart.geojson" in str(refused(tmp_path / "upload", name="mijn kaart.geojson"))


def test_text_loses_control_and_direction_marks_and_whole_numbers_their_point():
    column = gpd.pd.Series(["a\0b", " x\u202ey \n z", 3.0, 2.5, None, float("nan"), 7, "00123"], dtype=object)
    assert texts(column).tolist() == ["a b", "x y z", "3", "2.5", "", "", "7", "00123"]


def test_a_file_that_names_its_source_is_believed(tmp_path):
    path = tmp_path / "k.geojson"
    feature = {"type": "Feature", "properties": {"bron": "Kadaster"}, "geometry": None}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert stated_attribution(read_vector(path)) == "Kadaster"
    path.write_text(json.dumps({"type": "FeatureCollection", "attribution": "CBS", "features": [feature]}))
    assert stated_attribution(read_vector(path)) == "CBS"


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    folder = tmp_path_factory.mktemp("heel")
    for kind in ("geojson", "gpkg", "zip"):
        write(folder, kind, squares())
    parts = {p.name: p.read_bytes() for p in folder.glob("laag.*")}
    return folder, {p.name: p.read_bytes() for p in folder.glob("kaart.*")}, parts


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_anywhere_ends_in_a_map_or_a_refusal_and_never_in_a_traceback(originals, data):
    folder, whole, parts = originals

    def damaged(content):
        changed = bytearray(content)
        for _ in range(data.draw(st.integers(0, 4))):
            changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
        return bytes(changed[: data.draw(st.sampled_from([len(changed), len(changed) // 2]))])

    kind = data.draw(st.sampled_from(sorted([*whole, "shapefile"])))
    path = folder / "stuk"
    if kind == "shapefile":  # damage inside, under a checksum that fits
        with zipfile.ZipFile(path, "w") as z:
            for name, content in parts.items():
                z.writestr(name, damaged(content))
    else:
        path.write_bytes(damaged(whole[kind]))
    with contextlib.suppress(FileRefused):
        frame = in_rd(read_vector(path))
        assert np.isfinite(shapely.get_coordinates(np.asarray(frame.geometry.array))).all()


def test_gdal_has_three_drivers_says_nothing_while_it_loads_and_reaches_no_address(tmp_path, listener):
    vrt = tmp_path / "kaart.vrt"
    vrt.write_text(
        f'<OGRVRTDataSource><OGRVRTLayer name="kaart"><SrcDataSource>{listener.url}</SrcDataSource></OGRVRTLayer>'
        "</OGRVRTDataSource>"
    )
    tries = [str(vrt), f"/vsicurl/{listener.url}", f"WFS:{listener.url}", listener.url, "/vsistdin/"]
    code = f"""
from data.gdal import DRIVERS, pyogrio
assert set(pyogrio.list_drivers()) == DRIVERS, pyogrio.list_drivers()
for path in {tries!r}:
    try:
        pyogrio.read_dataframe(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError):
        continue
    raise SystemExit(path + " was opened")
"""
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert not listener.called()
