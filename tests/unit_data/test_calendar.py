"""The calendar: what can stand in it, what is refused and how, and what the store keeps."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.calendar import Added, CalendarRefused, day, import_calendar, mark, read_calendar
from data.demo import holidays
from data.reasons import FileRefused
from data.store import ReportStore, migrations, tables
from data.store.engine import create, locate
from geo.calendar import Mark, MarkKind, campaigns, holidays_known
from geo.calendar import holidays as holidays_of

CAMPAIGN = Mark(kind=MarkKind.CAMPAIGN, name="Meld het", start=date(2025, 4, 1), end=date(2025, 5, 12), factor=1.8)
LAW = Mark(kind=MarkKind.LAW, name="Wet seksuele misdrijven", start=date(2024, 7, 1))
SUMMER = Mark(kind=MarkKind.HOLIDAY, name="Zomervakantie", start=date(2025, 7, 19), end=date(2025, 8, 31))


def write(tmp_path, text, name="kalender.csv"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_file_gives_its_lines_whatever_the_separator_and_the_way_days_are_written(tmp_path):
    file = write(
        tmp_path,
        "Soort;Naam;Van;Tot;Factor\n"
        "campagne;Meld het;1-4-2025;12-05-2025;1,8\n"
        "wet;Wet seksuele misdrijven;2024-07-01;;\n"
        "vakantie;Zomervakantie;19/7/2025;31.8.2025;\n"
        "feestdag;Hemelvaart;2025-05-29;;\n",
    )
    *three, feast = read_calendar(file)
    assert three == [CAMPAIGN, LAW, SUMMER]
    assert (feast.start, feast.end) == (date(2025, 5, 29), date(2025, 5, 29))


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("feest;X;2025-01-01;;", "unknown_kind", r"rij 3: ‘feest’ is geen soort\. Kies uit: campaign"),
        ("wet;;2025-01-01;;", "bad_name", "hooguit 80 tekens"),
        ("wet;X;2025-02-30;;", "bad_day", "rij 3: ‘2025-02-30’ is geen dag.*2025-04-03"),
        ("wet;X;;;", "bad_day", "is geen dag"),
        ("wet;X;0025-02-03;;", "bad_day", "is geen dag"),
        ("campagne;X;2025-03-02;2025-03-01;", "backwards", r"‘X’ eindigt op 2025-03-01, vóór .*Wissel"),
        ("vakantie;X;2025-03-02;;", "no_end", "geen laatste dag"),
        ("campagne;X;2025-03-02;;-1", "bad_factor", "‘-1’ is geen factor"),
        ("campagne;X;2025-03-02;;0", "bad_factor", "boven 0 en hooguit 100"),
        ("campagne;X;2025-03-02;;101", "bad_factor", "hooguit 100"),
    ],
)
def test_a_file_with_one_wrong_line_is_refused_by_row_and_nothing_is_stored(tmp_path, store, line, code, said):
    file = write(tmp_path, f"soort;naam;van;tot;factor\nwet;Goed;2025-01-01;;\n{line}\n")
    before = store.data_version()
    with pytest.raises(FileRefused, match=said) as caught:
        import_calendar(file, store=store)
    assert caught.value.code == code
    assert store.calendar() == () and store.data_version() == before


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("naam;van\nX;2025-01-01\n", "missing_columns"),
        ("soort;naam;van\n", "no_rows"),
        ("", "empty_file"),
        ("soort;naam;van\nwet;X;2025-01-01;te;veel\n", "too_wide"),
    ],
)
def test_a_file_that_is_no_calendar_is_refused(tmp_path, text, code):
    with pytest.raises(FileRefused) as caught:
        read_calendar(write(tmp_path, text))
    assert caught.value.code == code


def test_a_typed_line_is_refused_in_a_sentence_without_a_row():
    with pytest.raises(CalendarRefused, match=r"^‘morgen’ is geen dag") as caught:
        mark(kind="law", name="X", first="morgen")
    assert caught.value.code == "bad_day"
    with pytest.raises(CalendarRefused, match="vóór de eerste dag"):
        mark(kind="campaign", name="X", first="2025-02-02", last="2025-02-01")


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_a_day_reads_the_same_in_either_order(when):
    assert day(when.isoformat()) == day(f" {when.day}-{when.month}-{when.year} ") == when


def test_the_store_keeps_lines_in_order_replaces_what_is_the_same_and_counts_a_change_only_when_there_is_one(store):
    assert store.add_to_calendar([SUMMER, CAMPAIGN, LAW]) == Added(new=3, changed=0, known=0)
    assert [entry.mark for entry in store.calendar()] == [LAW, CAMPAIGN, SUMMER]
    version = store.data_version()
    assert store.add_to_calendar([SUMMER]) == Added(new=0, changed=0, known=1)
    assert store.data_version() == version
    longer = mark(kind="holiday", name="Zomervakantie", first="2025-07-19", last="2025-09-01")
    assert store.add_to_calendar([longer]) == Added(new=0, changed=1, known=0)
    assert store.data_version() != version
    assert [entry.mark for entry in store.calendar()] == [LAW, CAMPAIGN, longer]


def test_lines_are_removed_by_number_all_or_none_and_a_number_is_never_given_out_twice(store):
    store.add_to_calendar([LAW, CAMPAIGN])
    law, campaign = store.calendar()
    with pytest.raises(CalendarRefused, match="Regel 99 staat niet in de kalender"):
        store.remove_from_calendar([law.id, 99])
    assert len(store.calendar()) == 2
    store.remove_from_calendar([campaign.id])
    store.add_to_calendar([SUMMER])
    assert campaign.id not in {entry.id for entry in store.calendar()}


def test_a_store_from_before_the_calendar_gets_one(store_url):
    ReportStore.open(store_url).close()
    engine = create(locate(store_url), timeout_s=5)
    before = next(version for version, step in migrations.UPGRADES.items() if step == tables.calendar.create) - 1
    with engine.begin() as connection:
        connection.execute(tables.schema_version.update().values(version=before))
        tables.metadata.drop_all(connection, tables=[tables.calendar, *tables.PUBLICATION])  # and what came after it
    engine.dispose()
    with ReportStore.open(store_url) as store:
        store.add_to_calendar([LAW])
        assert [entry.mark for entry in store.calendar()] == [LAW]


def test_the_demos_calendar_is_read_as_a_users_is_and_covers_its_two_years(tmp_path):
    holidays.write_calendar(tmp_path)
    marks = read_calendar(tmp_path / holidays.FILE)
    assert [c.name for c in campaigns(marks)] == ["Start meldapp", "Orange the World"]
    assert holidays_known(marks, start=date(2024, 10, 1), end=date(2026, 9, 30))
    assert (date(2025, 7, 19), date(2025, 8, 31)) in holidays_of(marks)


@pytest.mark.parametrize(
    ("start", "end", "known"),
    [
        pytest.param(date(2025, 7, 1), date(2025, 9, 15), True, id="around the summer"),
        pytest.param(date(2025, 6, 1), date(2025, 6, 20), True, id="shortly before it"),
        pytest.param(date(2025, 1, 1), date(2025, 12, 31), False, id="a year with one holiday"),
        pytest.param(date(2024, 1, 1), date(2024, 2, 1), False, id="long before it"),
        pytest.param(date(2025, 12, 20), date(2026, 1, 5), False, id="long after it"),
    ],
)
def test_holidays_are_known_only_where_no_hundred_days_go_without_one(start, end, known):
    assert holidays_known([SUMMER, CAMPAIGN], start=start, end=end) is known
    assert not holidays_known([CAMPAIGN], start=start, end=end)


def test_marks_that_mean_nothing_are_refused_by_name():
    with pytest.raises(ValueError, match="X: ends"):
        Mark(kind=MarkKind.LAW, name="X", start=date(2025, 2, 1), end=date(2025, 1, 1))
    with pytest.raises(ValueError, match="X: a holiday"):
        Mark(kind=MarkKind.HOLIDAY, name="X", start=date(2025, 2, 1))
    with pytest.raises(ValueError, match="X: factor"):
        Mark(kind=MarkKind.APP, name="X", start=date(2025, 2, 1), factor=0.0)
