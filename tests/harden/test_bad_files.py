"""Forty families of bad files through the importer, and its readers fed whatever hypothesis makes of good ones."""

import hashlib
import logging
import random
import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.importing import ImportOptions, import_file
from data.reasons import FileRefused
from data.settings import Settings
from data.sources.read import read_table
from data.store import ReportStore
from data.vector import read_vector
from data.viewer import LOCAL_ANALYST
from tests.harden.bad_files import EXTRA, FAMILIES, csv, rows, workbook

pytestmark = [pytest.mark.harden, pytest.mark.slow]
VARIANTS = 12


def content(path):
    """Every row of every table."""
    connection = sqlite3.connect(path)
    found = list(connection.iterdump())
    connection.close()
    return found


def test_no_bad_file_gives_a_traceback_or_loses_a_row_without_saying_so(tmp_path):
    faults, seen, taken, refused = [], set(), 0, 0
    path = tmp_path / "store.sqlite"
    with ReportStore.open(str(path)) as store:
        for number, family in (FAMILIES | EXTRA).items():
            distinct = set()
            for variant in range(VARIANTS):
                bad = family(random.Random(f"{number} {variant}"), variant)
                distinct.add(hashlib.sha256(bad.content + bad.name.encode()).digest())
                file = tmp_path / bad.name
                file.write_bytes(bad.content)
                before, stored = store.imports(), store.data_version()
                try:
                    result = import_file(
                        file, store=store, settings=Settings(), options=ImportOptions(source=f"f{number}")
                    )
                except Exception as error:  # noqa: BLE001  # whatever comes is what is counted
                    faults.append((number, variant, repr(error)[:200]))
                    continue
                if result.rejected_file:
                    refused += 1
                    said = str(result.rejected_file)
                    if (
                        len(store.imports()) != len(before)
                        or store.data_version() != stored
                        or len(said) < 15
                        or "{" in said[:1]
                    ):
                        faults.append((number, variant, "refused and changed", said[:80]))
                else:
                    taken += 1
                    lost = bad.rows is not None and result.read < bad.rows
                    if not result.balanced or lost:
                        faults.append((number, variant, "lost", bad.rows, result.to_json() | {"rows": []}))
                    apart = {p.row for p in result.problems if p.reason.outcome.name == "QUARANTINE"}
                    if len(apart) < result.quarantined:
                        faults.append((number, variant, "quarantined without a reason", result.quarantined, len(apart)))
            if len(distinct) < 10:
                faults.append((number, "only", len(distinct), "variants"))
            seen |= distinct
        texts = " ".join(store.reports(LOCAL_ANALYST)["text"])
    for secret in ("123456782", "06-12345678", "jan@voorbeeld.nl"):
        assert secret not in texts
    print(
        f"bad files: {len(seen)} of {len(FAMILIES)} families: {taken} taken and in balance, {refused} refused with the store unchanged, {len(faults)} tracebacks or silent losses"
    )
    assert faults == []


CSV = csv(rows(random.Random(1), {"omschrijving": "Geïntimideerd"}, n=8)).content
GEOJSON = b'{"type": "FeatureCollection", "features": [%s]}' % b",".join(
    b'{"type": "Feature", "properties": {"id": %d, "datum": "01-05-2025"}, "geometry": {"type": "Point", "coordinates": [4.67, 51.8%d]}}'
    % (i, i)
    for i in range(4)
)
XLSX = workbook()(random.Random(1), 2).content


@st.composite
def spoilt(draw, good):
    """A good file with bytes flipped, cut, doubled or put in; or no file at all."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=400))
    raw = bytearray(good)
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, max(0, len(raw) - 1)))
        match draw(st.sampled_from(["flip", "cut", "put", "twice", "gone"])):
            case "flip" if raw:
                raw[at] ^= 1 << draw(st.integers(0, 7))
            case "cut":
                del raw[at:]
            case "put":
                raw[at:at] = draw(
                    st.sampled_from(
                        [b"\0", b'"', b"\xff", b"\r", b";" * 50, b"\xef\xbb\xbf", b"1e999", b"[" * 200, b"\xed\xa0\x80"]
                    )
                )
            case "twice":
                raw[at:at] = raw[at : at + 60]
            case "gone":
                del raw[at : at + 20]
    return bytes(raw)


FUZZED = {"csv": (CSV, 400), "geojson": (GEOJSON, 300), "xlsx": (XLSX, 40)}


@pytest.mark.parametrize("kind", list(FUZZED))
def test_a_reader_takes_or_refuses_whatever_a_file_holds(tmp_path, kind):
    good, examples = FUZZED[kind]
    file, counted = tmp_path / f"f.{kind}", {"read": 0, "refused": 0}
    logging.getLogger("openpyxl").setLevel(logging.CRITICAL)

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(spoilt(good))
    def fuzz(raw):
        file.write_bytes(raw)
        try:
            table = read_table(file)
        except FileRefused:
            counted["refused"] += 1
        else:
            assert table is not None
            counted["read"] += 1

    fuzz()
    print(
        f"readers: {kind}: {sum(counted.values())} spoilt files, {counted['read']} read, {counted['refused']} refused, 0 tracebacks"
    )


def test_the_reader_of_maps_takes_or_refuses_whatever_a_file_holds(tmp_path):
    counted = {"read": 0, "refused": 0}
    file = tmp_path / "kaart.geojson"

    @settings(max_examples=150, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(spoilt(GEOJSON))
    def fuzz(raw):
        file.write_bytes(raw)
        try:
            read_vector(file)
            counted["read"] += 1
        except FileRefused:
            counted["refused"] += 1

    fuzz()
    assert counted["read"] and counted["refused"]  # the files are spoilt so that both happen
    print(
        f"readers: map files: {sum(counted.values())} spoilt files, {counted['read']} read, {counted['refused']} refused, 0 tracebacks"
    )
