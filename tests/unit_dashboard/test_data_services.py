"""The services behind the page Gegevens: a file looked at before it is stored, quarantine, layers and the calendar."""

import json
from datetime import date, datetime

import pytest

from dashboard.auth.limits import TooMany
from dashboard.components import data_import, data_quarantine
from dashboard.services import services_for
from dashboard.services.dropped import KEPT_S, Dropped
from dashboard.services.imports import MOST
from dashboard.services.jobs import JobState
from dashboard.services.layers import layer_of
from data.calendar import CalendarRefused
from data.categories import CATEGORIES
from data.quarantine import QuarantineRefused, RowState
from data.reasons import FileRefused
from data.settings import Settings
from data.store import ReportStore
from data.viewer import LOCAL_ANALYST, Denied, Role, Viewer

HEADER = "kenmerk;wanneer;tijd;lat;lon;soort;toelichting;e-mail melder;kleur\n"
ROW = "{i};0{i}-04-2026;22:30;51,8133;4,6736;nafluiten;Ik ben Sanne de Vries;s@x.nl;rood\n"
FILE = (HEADER + "".join(ROW.format(i=i) for i in range(1, 5)) + ROW.format(i=5).replace("05-04", "31-02")).encode()
OTHERS = [Viewer(name="x", role=role) for role in (Role.DISTRICT_MANAGER, Role.ADMIN, Role.AUDITOR)]
BUURTEN = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"buurtcode": "BU05050001", "buurtnaam": "Midden", "gemeentecode": "GM0505"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[4.6, 51.7], [4.8, 51.7], [4.8, 51.9], [4.6, 51.9], [4.6, 51.7]]],
            },
        }
    ],
}


@pytest.fixture
def settings(tmp_path):
    return Settings(store=str(tmp_path / "stad.sqlite"), audit_key=str(tmp_path / "audit.key"))


@pytest.fixture
def services(settings):
    with ReportStore.open(settings.store) as store:
        made = services_for(store, settings)
        yield made
        made.jobs.close()


def ended(services, job):
    import time

    until = time.monotonic() + 60
    while not (now := services.jobs.of(LOCAL_ANALYST, job.id)).ended:
        assert time.monotonic() < until
        time.sleep(0.01)
    return now


def roles_of(found, **other):
    return [other.get(column, role) for column, role in found.roles.items()]


def told(services):
    return [(line.action, line.subject, dict(line.detail)) for line in services.audit.lines(LOCAL_ANALYST)]


def test_a_dropped_file_says_what_its_columns_are_and_shows_nobody_and_stores_nothing(services):
    key, found = services.imports.drop(LOCAL_ANALYST, name="app.csv", content=FILE)
    assert key and found.sample.n_read == 5
    assert found.roles["kenmerk"] == "id" and found.roles["wanneer"] == "" and found.roles["kleur"] == ""
    assert found.sample.withheld == ("e-mail melder",)
    assert found.refused.code == "missing_columns" and found.n_good == 0
    shown = json.dumps([row.cells for row in found.rows])
    assert "Vries" not in shown and "s@x.nl" not in shown and "01-04-2026" in shown
    assert services.quarantine.imports(LOCAL_ANALYST) == ()


def test_saying_what_a_column_is_reads_the_rows_day_first(services):
    key, found = services.imports.drop(LOCAL_ANALYST, name="app.csv", content=FILE)
    found = services.imports.preview(LOCAL_ANALYST, key, roles=roles_of(found, wanneer="datum"))
    assert found.refused is None and (found.n_good, found.n_tried) == (4, 5)
    assert [row.day for row in found.rows] == [*(date(2026, 4, i) for i in range(1, 5)), None]
    assert found.rows[0].minute == 22 * 60 + 30 and found.rows[0].x == pytest.approx(105_900, abs=1_000)
    assert found.rows[4].problem.reason.code == "unreadable_date"


def test_a_file_imported_so_has_every_row_accounted_for_and_is_then_forgotten(services):
    key, found = services.imports.drop(LOCAL_ANALYST, name="app.csv", content=FILE)
    roles = roles_of(found, wanneer="datum", kleur="nonsens")
    job = ended(services, services.imports.start(LOCAL_ANALYST, key, roles=roles, source=" app "))
    result = job.result
    assert job.state is JobState.DONE and result.balanced and result.source == "app"
    assert (result.read, result.accepted, result.quarantined) == (5, 4, 1)
    assert services.imports.sources(LOCAL_ANALYST) == ("app",)
    assert told(services)[0] == ("import", "app.csv", {"accepted": 4, "quarantined": 1, "withdrawn": 0})
    with pytest.raises(FileRefused, match="niet meer bekend"):
        services.imports.preview(LOCAL_ANALYST, key, roles=roles)


def test_a_column_that_is_not_used_is_not_used_whatever_it_is_called(services):
    key, found = services.imports.drop(LOCAL_ANALYST, name="app.csv", content=FILE)
    roles = roles_of(found, wanneer="datum", toelichting="", tijd="")
    ended(services, services.imports.start(LOCAL_ANALYST, key, roles=roles))
    reports = services.map._store.reports(LOCAL_ANALYST)
    assert set(reports["text"]) == {""} and reports["event_minute"].isna().all()


def test_two_columns_that_are_the_same_thing_are_refused_by_name(services):
    key, found = services.imports.drop(LOCAL_ANALYST, name="app.csv", content=FILE)
    roles = roles_of(found, wanneer="datum", kleur="datum")
    assert services.imports.preview(LOCAL_ANALYST, key, roles=roles).refused.code == "same_role"
    with pytest.raises(FileRefused, match="wanneer en kleur"):
        services.imports.start(LOCAL_ANALYST, key, roles=roles)


def test_axes_can_be_swapped_before_anything_is_stored(services):
    swapped = FILE.replace(b"51,8133;4,6736", b"4,6736;51,8133")
    key, found = services.imports.drop(LOCAL_ANALYST, name="app.csv", content=swapped)
    roles = roles_of(found, wanneer="datum")
    assert services.imports.preview(LOCAL_ANALYST, key, roles=roles).refused.code == "swapped_axes"
    assert services.imports.preview(LOCAL_ANALYST, key, roles=roles, swap_xy=True).n_good == 4


def test_stopping_an_import_before_its_end_stores_nothing_and_afterwards_cannot_be_done(services, monkeypatch):
    from dashboard.services import imports

    import_file, stopped = imports.import_file, []

    def slow(path, *, progress, **given):
        def tell(share):
            if share >= 0.8 and not stopped:
                [running] = [job for (_, _), job in services.jobs._jobs.items() if not job.ended]
                stopped.append(services.jobs.cancel(LOCAL_ANALYST, running.id))
            progress(share)

        return import_file(path, progress=tell, **given)

    monkeypatch.setattr(imports, "import_file", slow)
    key, found = services.imports.drop(LOCAL_ANALYST, name="app.csv", content=FILE)
    roles = roles_of(found, wanneer="datum")
    assert ended(services, services.imports.start(LOCAL_ANALYST, key, roles=roles)).state is JobState.CANCELLED
    services.jobs.close()
    assert services.quarantine.imports(LOCAL_ANALYST) == () and stopped[0].state is JobState.CANCELLED


def test_a_file_that_is_no_table_is_refused_and_not_kept(services):
    with pytest.raises(FileRefused):
        services.imports.drop(LOCAL_ANALYST, name="brief.csv", content=b"%PDF-1.7 geen tabel")


@pytest.mark.parametrize("source", ["a" * 61, "twee\nregels"])
def test_a_source_that_is_no_name_is_refused(services, source):
    key, found = services.imports.drop(LOCAL_ANALYST, name="app.csv", content=FILE)
    with pytest.raises(FileRefused, match="naam van een bron"):
        services.imports.start(LOCAL_ANALYST, key, roles=roles_of(found, wanneer="datum"), source=source)


def test_nobody_may_drop_files_without_end(services):
    for _ in range(MOST):
        services.imports._limit.use(LOCAL_ANALYST.name)
    with pytest.raises(TooMany):
        services.imports.drop(LOCAL_ANALYST, name="app.csv", content=FILE)


def test_a_dropped_file_is_its_owners_for_half_an_hour_and_one_at_a_time():
    now = [0.0]
    dropped = Dropped(clock=lambda: now[0])
    first = dropped.put(LOCAL_ANALYST, name="a", content=b"1")
    with pytest.raises(FileRefused):
        dropped.get(OTHERS[0], first.key)
    second = dropped.put(LOCAL_ANALYST, name="b", content=b"2")
    assert not first.path.exists() and dropped.get(LOCAL_ANALYST, second.key).path.read_bytes() == b"2"
    now[0] = KEPT_S + 1
    with pytest.raises(FileRefused, match="Sleep het opnieuw"):
        dropped.get(LOCAL_ANALYST, second.key)
    assert not second.path.exists()


@pytest.mark.parametrize("viewer", OTHERS, ids=lambda v: v.role.value)
def test_only_who_may_import_gets_anything_here(services, viewer):
    for ask in (
        lambda: services.imports.drop(viewer, name="app.csv", content=FILE),
        lambda: services.imports.preview(viewer, "x", roles=[]),
        lambda: services.imports.start(viewer, "x", roles=[]),
        lambda: services.imports.sources(viewer),
        lambda: services.quarantine.imports(viewer),
        lambda: services.quarantine.rows(viewer, 1),
        lambda: services.quarantine.row(viewer, 1, 2),
        lambda: services.quarantine.offer(viewer, 1, 2, {}),
        lambda: services.quarantine.discard(viewer, 1, 2, note="x"),
        lambda: services.layers.layers(viewer),
        lambda: services.layers.bring(viewer, "stops", name="x.csv", content=b""),
        lambda: services.calendar.entries(viewer),
        lambda: services.calendar.add(viewer, kind="law", name="x", first="1-1-2025"),
        lambda: services.calendar.change(viewer, 1, kind="law", name="x", first="1-1-2025"),
        lambda: services.calendar.remove(viewer, 1),
    ):
        with pytest.raises(Denied):
            ask()


def test_a_row_put_right_becomes_a_report_and_stands_in_the_log_and_so_does_discarding(services):
    services.imports.upload(
        LOCAL_ANALYST, name="a.csv", content=FILE.replace(b"wanneer", b"datum") + FILE[-80:].replace(b"5;31", b"6;31")
    )
    [imported] = services.quarantine.imports(LOCAL_ANALYST)
    assert imported.n_open == services.quarantine.n_open(LOCAL_ANALYST) == imported.quarantined >= 1
    row = services.quarantine.rows(LOCAL_ANALYST, imported.id)[0]
    wrong = services.quarantine.offer(LOCAL_ANALYST, imported.id, row.row, {"datum": "32-04-2026"})
    assert wrong.accepted == 0 and wrong.problems[0].reason.code == "unreadable_date"
    assert services.quarantine.offer(LOCAL_ANALYST, imported.id, row.row, {"datum": "30-04-2026"}).accepted == 1
    assert told(services)[0] == ("import", f"a.csv#{row.row}", {"accepted": 1, "quarantined": 0, "withdrawn": 0})
    newest, _ = services.quarantine.imports(LOCAL_ANALYST)
    assert newest.read == newest.accepted == 1


def test_looking_at_a_row_is_written_down_and_settled_rows_come_last(services):
    twice = FILE.replace(b"wanneer", b"datum").replace(b"04-04", b"32-04")
    services.imports.upload(LOCAL_ANALYST, name="a.csv", content=twice)
    [imported] = services.quarantine.imports(LOCAL_ANALYST)
    first, second = services.quarantine.rows(LOCAL_ANALYST, imported.id)
    assert services.quarantine.row(LOCAL_ANALYST, imported.id, first.row).cells["datum"] == "32-04-2026"
    assert told(services)[0] == ("view_reports", "quarantine", {"import_id": imported.id, "row": first.row})
    services.quarantine.discard(LOCAL_ANALYST, imported.id, first.row, note="proef")
    assert [r.row for r in services.quarantine.rows(LOCAL_ANALYST, imported.id)] == [second.row, first.row]
    with pytest.raises(QuarantineRefused, match="al afgehandeld"):
        services.quarantine.row(LOCAL_ANALYST, imported.id, first.row)


def test_discarding_a_row_is_written_down_without_what_it_said(services):
    services.imports.upload(LOCAL_ANALYST, name="a.csv", content=FILE.replace(b"wanneer", b"datum"))
    [imported] = services.quarantine.imports(LOCAL_ANALYST)
    [row] = services.quarantine.rows(LOCAL_ANALYST, imported.id)
    services.quarantine.discard(LOCAL_ANALYST, imported.id, row.row, note="proef")
    assert services.quarantine.rows(LOCAL_ANALYST, imported.id)[0].state is RowState.DISCARDED
    assert told(services)[0] == ("decision", "quarantine", {"import_id": imported.id, "row": row.row})
    assert services.quarantine.n_open(LOCAL_ANALYST) == 0


def test_layers_are_listed_with_number_source_and_day_and_what_is_missing_is_listed_too(services):
    before = {layer.name: layer for layer in services.layers.layers(LOCAL_ANALYST)}
    assert before["areas:buurt"].n == 0 and before["features:schools"].n == 0
    brought = services.layers.bring(
        LOCAL_ANALYST, "buurt", name="b.geojson", content=json.dumps(BUURTEN).encode(), source="CBS 2023"
    )
    assert (brought.name, brought.n) == ("areas:buurt", 1)
    schools = b"naam;lat;lon\nDe Brug;51,81;4,67\n"
    services.layers.bring(LOCAL_ANALYST, "schools", name="scholen.csv", content=schools)
    weight = b"code;value\nBU05050001;12\n"
    services.layers.bring(LOCAL_ANALYST, "weight", name="w.csv", content=weight, title="passanten")
    found = {layer.name: layer for layer in services.layers.layers(LOCAL_ANALYST, today=date(2026, 11, 21))}
    buurt = found["areas:buurt"]
    assert (buurt.n, buurt.source, buurt.year, buurt.old) == (1, "CBS 2023", 2023, True)
    assert found["areas:gemeente"].n == 1 and found["features:schools"].imported_at is not None
    assert found["weight:passanten"].n == 1
    assert told(services)[0] == ("import", "weight:passanten", {"objects": 1})


@pytest.mark.parametrize(
    ("what", "name", "content", "sentence"),
    [
        ("schools", "x.csv", b"kleur\nrood\n", "x.csv"),
        ("buurt", "x.geojson", b"{", "x.geojson"),
        ("onzin", "x.csv", b"", "Kies eerst"),
        ("weight", "x.csv", b"code;value\n", "Zeg hoe dit getal"),
    ],
)
def test_a_layer_that_cannot_be_read_is_refused_in_a_sentence_and_changes_nothing(
    services, what, name, content, sentence
):
    before = services.layers.layers(LOCAL_ANALYST)
    with pytest.raises(FileRefused, match=sentence):
        services.layers.bring(LOCAL_ANALYST, what, name=name, content=content)
    assert services.layers.layers(LOCAL_ANALYST) == before


@pytest.mark.parametrize(
    ("source", "imported", "year", "old"),
    [
        pytest.param("CBS 2026", date(2026, 1, 1), 2026, False, id="of this year"),
        pytest.param("CBS 2025", date(2026, 1, 1), 2025, False, id="of last year"),
        pytest.param("CBS 2024", date(2026, 1, 1), 2024, True, id="of the year before"),
        pytest.param("gemeente", date(2025, 11, 21), None, False, id="a year ago to the day"),
        pytest.param("gemeente", date(2025, 11, 20), None, True, id="a day more"),
        pytest.param("gemeente", None, None, False, id="nobody knows when"),
    ],
)
def test_a_layer_is_old_after_a_year(source, imported, year, old):
    when = datetime.combine(imported, datetime.min.time()) if imported else None
    found = layer_of("areas:buurt", 1, source, when, today=date(2026, 11, 21))
    assert (found.year, found.old) == (year, old)


def test_the_calendar_is_kept_with_a_line_in_the_log_for_every_change(services):
    calendar = services.calendar
    given = {"kind": "campaign", "name": "Orange the World", "first": "25-11-2025", "last": "10-12-2025"}
    assert calendar.add(LOCAL_ANALYST, **given, factor="1,8").new == 1
    [entry] = calendar.entries(LOCAL_ANALYST)
    assert (entry.mark.start, entry.mark.factor) == (date(2025, 11, 25), 1.8)
    assert calendar.add(LOCAL_ANALYST, **given, factor="1,8").known == 1
    assert calendar.change(LOCAL_ANALYST, entry.id, **(given | {"name": "Oranje"}))
    assert not calendar.change(LOCAL_ANALYST, entry.id, **(given | {"name": "Oranje"}))
    [changed] = calendar.entries(LOCAL_ANALYST)
    assert (changed.id, changed.mark.name, changed.mark.factor) == (entry.id, "Oranje", None)
    calendar.remove(LOCAL_ANALYST, entry.id)
    assert calendar.entries(LOCAL_ANALYST) == ()
    assert [detail["what"] for action, subject, detail in told(services) if subject == "calendar"] == [
        "removed",
        "changed",
        "added",
    ]


def test_a_line_cannot_become_another_one_or_one_that_is_gone(services):
    calendar = services.calendar
    calendar.add(LOCAL_ANALYST, kind="law", name="Wet", first="1-7-2024")
    calendar.add(LOCAL_ANALYST, kind="app", name="App", first="1-7-2024")
    app = next(entry for entry in calendar.entries(LOCAL_ANALYST) if entry.mark.name == "App")
    with pytest.raises(CalendarRefused, match="‘Wet’ staat op die dag al"):
        calendar.change(LOCAL_ANALYST, app.id, kind="law", name="Wet", first="1-7-2024")
    with pytest.raises(CalendarRefused, match="Regel 99"):
        calendar.change(LOCAL_ANALYST, 99, kind="law", name="Wet", first="1-7-2024")
    with pytest.raises(CalendarRefused, match="geen dag"):
        calendar.add(LOCAL_ANALYST, kind="law", name="X", first="gisteren")


SEMICOLONS = (
    "kenmerk;datum;tijd;lat;lon;soort;;\n"
    + "".join(f"{i};0{i}-04-2026;22:30;51,8133;4,6736;nafluiten;;\n" for i in range(1, 6))
    + "Totaal;5;;;;;;\n"
    + "6;06-04-2026;22:30;51,8133;4,6736;café;;\n"
).encode("cp1252")


def every(part):
    """A component and all that is in it."""
    if isinstance(part, list | tuple):
        return [one for below in part for one in every(below)]
    return [] if part is None else [part, *every(getattr(part, "children", None))]


def text_of(parts):
    """Every string that a component shows."""
    return " ".join(one for one in every(parts) if isinstance(one, str))


def told_below(parts):
    """What stands under "Wat is omgezet om het bestand te lezen"."""
    folds = [part for part in parts if getattr(part, "className", "") == "hk-fold"]
    return [item.children for fold in folds for item in fold.children[1].children]


def test_what_was_done_to_read_a_file_is_told_before_and_after_as_the_command_tells_it(
    services, command, settings, tmp_path
):
    viewer = LOCAL_ANALYST
    key, seen = services.imports.drop(viewer, name="mei.csv", content=SEMICOLONS)
    roles = list(seen.sample.roles.values())
    refused = services.imports.preview(viewer, key, roles=["id"] * len(roles))
    assert refused.refused is not None and set(refused.notes) == set(seen.sample.table.normalised) and refused.notes
    told = told_below(data_import.read(seen))
    file = tmp_path / "mei.csv"
    file.write_bytes(SEMICOLONS)
    _code, out, _err = command("reports", "import", file, "--dry-run", "--store", settings.store)
    assert told == [line.removeprefix("  · ") for line in out.splitlines() if line.startswith("  · ")]
    assert len(told) > 3 and any("Windows-1252" in one for one in told)
    done = ended(services, services.imports.start(viewer, key, roles=roles))
    assert told_below(data_import.report(done.result, import_id=1)) == told


def test_a_row_that_is_still_wrong_says_what_is_wrong_now_and_no_option_of_a_command(services):
    rows = [ROW.format(i=i) for i in range(1, 5)]
    rows.append(ROW.format(i=5).replace("05-04", "31-02").replace("51,8133;4,6736;nafluiten", "4,6736;51,8133;xyzzy"))
    services.imports.upload(
        LOCAL_ANALYST, name="mei.csv", content=(HEADER + "".join(rows)).replace("wanneer", "datum").encode()
    )
    [one] = services.quarantine.imports(LOCAL_ANALYST)
    row = services.quarantine.row(LOCAL_ANALYST, one.id, 6)
    result = services.quarantine.offer(LOCAL_ANALYST, one.id, 6, dict(row.cells) | {"datum": "28-02-2026"})
    wrong = dict(zip(row.cells, data_quarantine.errors(result, list(row.cells)), strict=True))
    assert wrong["datum"] is None and "lijken verwisseld" in wrong["lat"]
    assert wrong["categorie"] == "„xyzzy” is geen bekende soort."
    told = text_of(data_quarantine.still_wrong(result))
    assert "Wissel de twee coördinaten van deze rij om." in told and "Kies een bekende soort." in told
    assert "--" not in told and "mapping" not in told


def test_the_kind_of_a_row_is_chosen_among_those_known_and_what_stood_there(services):
    services.imports.upload(
        LOCAL_ANALYST,
        name="mei.csv",
        content=FILE.replace(
            b"31-02-2026;22:30;51,8133;4,6736;nafluiten", b"01-02-2026;22:30;51,8133;4,6736;xyzzy"
        ).replace(b"wanneer", b"datum"),
    )
    [one] = services.quarantine.imports(LOCAL_ANALYST)
    row = services.quarantine.row(LOCAL_ANALYST, one.id, 6)
    [box] = [
        part
        for part in every(data_quarantine.form(row))
        if getattr(part, "id", None) == {"type": "data-cell", "id": "categorie"}
    ]
    assert [choice["value"] for choice in box.data] == ["xyzzy", *CATEGORIES] and box.value == "xyzzy"
    assert "mapping" not in text_of(data_quarantine.form(row))
