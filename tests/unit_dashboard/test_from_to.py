"""Reports known from–to, from a municipality's file to the answers: imported, stored, spread, filtered."""

import json

import numpy as np
import pytest

from data.filter import ReportFilter
from data.store import ReportStore
from data.viewer import LOCAL_ANALYST

HEADER = "zaaknummer;begindatum;begintijd;einddatum;eindtijd;x;y;soort\n"


def rows(n, *, begin="21:00", day="03-04-2025", end=("03-04-2025", "23:00"), first=0):
    """Rows at places 200 m apart, so that none resembles another."""
    return [
        f"Z{first + i:04d};{day};{begin};{end[0]};{end[1]};{104_000 + 200 * (first + i)},0;425000,0;nafluiten"
        for i in range(n)
    ]


@pytest.fixture
def filled(command, tmp_path):
    """Eight reports over two hours of which one is night, four at noon, one nobody knows, one ended before it began."""
    file, store = tmp_path / "export.csv", tmp_path / "stad.sqlite"
    lines = [
        *rows(8),
        *rows(4, begin="12:00", end=("", ""), first=8),
        *rows(1, end=("", "onbekend"), first=12),
        *rows(1, end=("01-04-2025", "10:00"), first=13),
    ]
    file.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    code, out, err = command("reports", "import", file, "--store", store, "--source", "zaak")
    assert code == 0, err
    assert "Het einde („" in out and "ligt vóór het begin" in out
    return store


def test_a_municipal_export_is_spread_over_its_hours_in_the_answer_on_time(command, filled):
    code, out, err = command("analyse", "time", "--store", filled, "--json")
    assert code == 0, err
    told = json.loads(out)
    assert (told["n_known"], told["n_unknown"], told["n_spread"]) == (12, 1, 8)
    week = np.array(told["week"])
    assert week.sum() == pytest.approx(12)
    assert week[3, [12, 21, 22]].tolist() == [4, 4, 4]  # a Thursday
    assert (told["night"]["n"], told["night"]["share"]) == (4, pytest.approx(1 / 3))
    assert told["dark"]["n_dark"] == 8  # dark from ten to nine


def test_the_words_say_how_many_were_spread_and_how_many_are_unknown(command, filled):
    code, out, err = command("analyse", "time", "--store", filled)
    assert code == 0, err
    assert "8 meldingen met een tijdvak zijn over hun uren verdeeld." in out
    assert "Van 1 melding is het tijdstip onbekend" in out


def test_part_of_a_report_in_an_hour_is_no_zero(command, tmp_path):
    file = tmp_path / "export.csv"
    file.write_text(HEADER + "\n".join(rows(5, begin="20:00", end=("04-04-2025", "06:00"))), encoding="utf-8")
    code, out, err = command("analyse", "time", file)
    assert code == 0, err
    assert "<1" in out
    thursday = next(line for line in out.splitlines() if line.strip().startswith("do"))
    assert thursday.split().count("<1") == 4 and thursday.split().count("·") == 20


def test_filters_of_the_store_take_a_report_whose_time_is_half_in(filled):
    with ReportStore.open(f"sqlite:///{filled}") as store:

        def n(**asked):
            return len(store.reports(LOCAL_ANALYST, ReportFilter(**asked)))

        assert (n(), n(hours=(22, 22)), n(hours=(21, 22)), n(hours=(23, 5)), n(hours=(12, 12))) == (13, 8, 8, 0, 4)
        assert (n(dark=True), n(dark=False)) == (8, 4)
