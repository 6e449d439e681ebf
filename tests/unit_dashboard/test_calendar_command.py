"""``hotspotkaart calendar``: filling, reading and clearing the calendar, and the ways out of a mistake."""

import json

import pytest

from data.store import ReportStore


@pytest.fixture
def calendar(command, tmp_path):
    """Run ``hotspotkaart calendar …`` on a store of its own."""
    ReportStore.open(str(tmp_path / "stad.sqlite")).close()

    def run(action, *arguments):
        return command("calendar", action, *arguments, "--store", tmp_path / "stad.sqlite")

    return run


CAMPAIGN = ("--kind", "campaign", "--name", "Meld het", "--from", "2025-04-01", "--to", "12-5-2025", "--factor", "1,8")


def test_a_line_is_added_listed_and_removed_by_its_number(calendar):
    assert calendar("add", *CAMPAIGN) == (0, "1 regel toegevoegd.\n", "")
    assert calendar("add", *CAMPAIGN)[1] == "1 regel stond er al.\n"
    code, out, _ = calendar("list")
    assert code == 0 and "1  campagne  Meld het  1 apr 2025 t/m 12 mei 2025  (factor 1,8)" in out
    assert "Schoolvakanties niet bekend: elke werkdag telt als schooldag." in out
    assert calendar("remove", "1") == (0, "1 regel verwijderd.\n", "")
    assert "De kalender is leeg." in calendar("list")[1]


def test_a_line_that_lasts_is_told_to_begin_and_a_later_end_changes_it(calendar):
    law = ("--kind", "law", "--name", "Wet", "--from", "1-7-2024")
    calendar("add", *law)
    assert "1  wetswijziging  Wet  vanaf 1 jul 2024\n" in calendar("list")[1]
    assert calendar("add", *law, "--to", "2024-12-31")[1] == "1 regel gewijzigd.\n"


def test_a_file_is_read_and_the_list_is_given_as_json(calendar, tmp_path):
    file = tmp_path / "kalender.csv"
    file.write_text("soort;naam;van;tot\nvakantie;Zomer;2025-07-19;2025-08-31\nfeestdag;Pinksteren;2025-06-09;\n")
    assert calendar("import", file)[1] == "2 regels toegevoegd.\n"
    code, out, _ = calendar("list", "--json")
    first, second = json.loads(out)
    assert code == 0 and first == {
        "id": 2, "kind": "holiday", "name": "Pinksteren", "from": "2025-06-09", "to": "2025-06-09", "factor": None,
    }  # fmt: skip
    assert second["name"] == "Zomer"
    assert "Schoolvakanties niet bekend" not in calendar("list")[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("remove", "7"), "Regel 7 staat niet in de kalender. Kijk het nummer na"),
        (("add", "--kind", "law", "--name", "X", "--from", "gisteren"), "‘gisteren’ is geen dag. Schrijf de dag als"),
        (("add", "--kind", "holiday", "--name", "X", "--from", "2025-01-01"), "geen laatste dag. Geef de laatste dag"),
        (("add", "--kind", "feest", "--name", "X", "--from", "2025-01-01"), "feest"),
        (("import", "/bestaat/niet.csv"), "niet.csv: dit bestand is er niet"),
    ],
)
def test_a_mistake_is_one_line_with_the_way_out(calendar, arguments, said):
    code, out, err = calendar(*arguments)
    assert code == 2 and out == "" and said in err and err.count("\n") == 1


def test_the_demo_writes_its_calendar_beside_its_other_files(command, calendar, tmp_path):
    assert command("demo", "--files", tmp_path / "demo")[0] == 0
    assert calendar("import", tmp_path / "demo" / "kalender.csv")[0] == 0
    out = calendar("list")[1]
    assert "Start meldapp" in out and "Herfstvakantie" in out and "Feestdag" in out
