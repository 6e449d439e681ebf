"""The command line: what it says, what it writes, and that mistakes are one clear line with exit code 2."""

import json
import re
import shutil

import pandas as pd
import pytest

from data.store import ReportStore
from data.viewer import LOCAL_ANALYST
from geo import chance
from geo.stability import FAIR_FROM, STRONG_FROM

CSV = """kenmerk;datum;tijd;breedtegraad;lengtegraad;categorie;omschrijving
A1;03-04-2025;22:30;51,81330;4,67010;Nafluiten;op de hoek
A2;03-04-2025;onbekend;51,81335;4,67015;naroepen;
A3;31-02-2025;10:00;51,81340;4,67020;naroepen;
A4;04-04-2025;10:00;0;0;naroepen;
"""


@pytest.fixture
def reports_file(tmp_path):
    file = tmp_path / "meldingen.csv"
    file.write_text(CSV, encoding="utf-8")
    return file


def test_an_import_prints_the_sum_and_every_row_that_was_not_taken(command, reports_file, tmp_path):
    code, out, err = command("reports", "import", reports_file, "--store", tmp_path / "stad.sqlite")
    assert code == 0 and err == ""
    assert "4 gelezen = 2 overgenomen + 2 in quarantaine + 0 dubbel + 0 ingetrokken" in out
    assert "rij 4" in out and "31-02-2025" in out and "rij 5" in out


def test_the_json_of_an_import_has_exactly_the_promised_keys(command, reports_file, tmp_path):
    code, out, _ = command("reports", "import", reports_file, "--store", tmp_path / "stad.sqlite", "--json")
    told = json.loads(out)
    assert code == 0
    assert list(told) == [
        "read", "accepted", "quarantined", "duplicates", "withdrawn", "flagged", "rejected_file", "rows",
    ]  # fmt: skip
    assert (told["read"], told["accepted"], told["quarantined"]) == (4, 2, 2)
    assert {(r["row"], r["column"]) for r in told["rows"] if "date" in r["reason"]} == {(4, "datum")}
    assert all(set(r) == {"row", "column", "reason"} for r in told["rows"])


def test_the_same_file_twice_adds_nothing_and_a_dry_run_stores_nothing(command, reports_file, tmp_path):
    store = tmp_path / "stad.sqlite"
    command("reports", "import", reports_file, "--store", store, "--dry-run")
    with ReportStore.open(str(store)) as opened:
        assert len(opened.reports(LOCAL_ANALYST)) == 0
    command("reports", "import", reports_file, "--store", store)
    _, out, _ = command("reports", "import", reports_file, "--store", store, "--json")
    assert json.loads(out)["accepted"] == 0 and json.loads(out)["duplicates"] == 2


def test_a_refused_file_is_one_line_on_stderr_and_exit_code_2(command, tmp_path):
    empty = tmp_path / "leeg.csv"
    empty.write_bytes(b"")
    code, out, err = command("reports", "import", empty, "--store", tmp_path / "stad.sqlite")
    assert code == 2 and out == "" and err.count("\n") == 1 and err.startswith("leeg.csv: ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["hotspots", "nergens.csv"], "nergens.csv"),
        (["hotspots", "--eps", "0"], "'--eps': 0.0 ligt niet in het bereik"),
        (["hotspots", "--eps", "nan"], "--eps"),
        (["hotspots", "--from", "2025-05-01", "--to", "2025-01-01"], "De periode loopt terug: 1 mei 2025"),
        (["hotspots", "--from", "gisteren"], "'gisteren'"),
        (["areas", "import", "x.geojson", "--level", "straat"], "'straat' is geen van 'buurt', 'wijk', 'gemeente'"),
        (["areas", "import", "x.geojson", "--level", "buurt"], "x.geojson"),
        (["layer", "import", "x.csv", "--kind", "schools"], "x.csv"),
        (["snapshot", "--format", "png"], "'--out'"),
        (["kaart"], "Onbekende opdracht 'kaart'"),
        (["reports", "import", "x.csv", "--mapping", "nergens.toml"], "nergens.toml"),
    ],
)
def test_a_mistake_is_one_line_that_names_the_thing(command, tmp_path, monkeypatch, arguments, words):
    monkeypatch.setenv("HOTSPOTKAART_STORE", str(tmp_path / "stad.sqlite"))
    code, out, err = command(*arguments)
    assert code == 2 and words in err and err.count("\n") == 1 and out == ""


def test_mistakes_are_in_english_when_asked(command):
    _, _, err = command("--language", "en", "kaart")
    assert "No such command 'kaart'" in err


def test_hotspots_of_a_bare_file_give_labels_geojson_and_json(command, tmp_path):
    points = [f"p{i:02d},{51.8133 + (i % 5) * 1e-5:.6f},{4.6701 + (i // 5) * 1e-5:.6f}" for i in range(12)]
    file = tmp_path / "punten.csv"
    file.write_text("\n".join(["id,lat,lon", *points, "ver,51.800001,4.700001"]), encoding="utf-8")
    labels, out_file = tmp_path / "labels.csv", tmp_path / "hotspots.geojson"
    code, out, err = command(
        "hotspots", file, "--eps", 50, "--min-samples", 5, "--labels", labels, "--out", out_file, "--json"
    )
    assert code == 0, err
    found = json.loads(out)
    assert found["n_in"] == 13 and found["n_noise"] == 1 and found["hotspots"][0]["n_core"] == 12
    table = pd.read_csv(labels, dtype=str)
    assert list(table.columns) == ["id", "label", "kind", "buurtcode", "wijkcode"]
    assert table.set_index("id").loc["ver", "kind"] == "noise" and (table["kind"] == "core").sum() == 12
    collection = json.loads(out_file.read_text(encoding="utf-8"))
    assert collection["features"][0]["geometry"]["type"] == "Polygon"
    assert collection["features"][0]["properties"]["id"] == found["hotspots"][0]["id"]


def test_raw_clusters_every_row_with_a_place_whatever_else_is_wrong_with_it(command, tmp_path):
    rows = [f"{i},51.81,4.67,32-13-2025" for i in range(8)]
    file = tmp_path / "grof.csv"
    file.write_text("\n".join(["id,lat,lon,datum", *rows]), encoding="utf-8")
    _, out, _ = command("hotspots", file, "--eps", 50, "--min-samples", 5, "--raw", "--json")
    assert json.loads(out)["hotspots"][0]["n"] == 8
    _, out, _ = command("hotspots", file, "--eps", 50, "--min-samples", 5, "--json")
    assert json.loads(out)["hotspots"] == [] and json.loads(out)["left_out"]["coarse_place"] == 8


def test_file_with_areas_and_store_give_the_same_hotspots(command, demo_files, demo_store_path):
    ask = ("--eps", 75, "--min-samples", 8, "--json")
    _, out, _ = command("hotspots", demo_files / "meldingen.csv", "--areas", demo_files / "buurten.geojson", *ask)
    _, stored, _ = command("hotspots", "--store", demo_store_path, *ask)
    keys = ("id", "rank", "n", "n_core", "buurt", "wijk", "focus_areas", "period", "hours")
    brief = [[{k: h[k] for k in keys} for h in json.loads(text)["hotspots"]] for text in (out, stored)]
    assert brief[0] == brief[1] and len(brief[0]) == 10


def test_a_snapshot_writes_the_map_and_its_facts_side_by_side(command, demo_store_path, tmp_path):
    out, store = tmp_path / "briefing" / "kaart.png", tmp_path / "stad.sqlite"
    out.parent.mkdir()
    shutil.copy(demo_store_path, store)  # a map that is given is written into the store's register
    code, said, err = command("snapshot", "--store", store, "--format", "png", "--out", out)
    assert code == 0, err
    facts = json.loads((tmp_path / "briefing/kaart.png.json").read_text(encoding="utf-8"))
    assert "2024-10-01" in said and facts["period"] == {"from": "2024-10-01", "to": "2026-09-30"}
    code, _, err = command("snapshot", "--store", store, "--format", "png", "--out", out, "--area", "Urk")
    assert code == 2 and "Er is geen gebied Urk" in err


def test_serving_to_the_network_is_refused_without_sign_in(command, tmp_path):
    code, _, err = command("serve", "--store", tmp_path / "s.sqlite", "--host", "0.0.0.0")
    assert code == 2 and "0.0.0.0" in err and err.count("\n") == 1


def test_the_demo_can_write_its_files_only(command, tmp_path):
    code, out, _ = command("demo", "--files", tmp_path / "demo")
    assert code == 0 and (tmp_path / "demo/meldingen.csv").exists() and "demo" in out


def test_the_certainty_of_hotspots_is_told_in_words_and_given_as_figures(command, demo_store_path):
    ask = ("hotspots", "--store", demo_store_path, "--certainty", "--runs", 99)
    code, said, err = command(*ask)
    assert code == 0, err
    assert "10 hotspots zijn meer dan toeval" in said and "99 proeven" in said and said.count("Stevig") >= 8
    told = json.loads(command(*ask, "--json")[1])["certainty"]
    assert (told["null"], told["runs"], told["outcome"]) == ("smoothed", 99, "more_than_chance")
    assert told["test"] == "reclustered" and "opnieuw geclusterd" not in said
    assert all(h["p"] == 0.01 and h["significant"] for h in told["hotspots"])
    assert len(told["sweep"]) == 25


def test_with_very_many_reports_the_words_and_the_figures_name_the_other_test(command, demo_store_path, monkeypatch):
    monkeypatch.setattr(chance, "RECLUSTER_TO", 100)
    ask = ("hotspots", "--store", demo_store_path, "--certainty", "--runs", 99)
    code, said, err = command(*ask)
    assert code == 0, err
    assert "in cirkels geteld en niet opnieuw geclusterd" in said and "aandeel toeval" not in said
    told = json.loads(command(*ask, "--json")[1])["certainty"]
    assert (told["test"], told["runs"]) == ("scan", 99)
    assert sum(h["significant"] for h in told["hotspots"]) >= 8
    assert "counted in circles" in command("--language", "en", *ask)[1]


def test_a_handful_of_reports_is_too_few_to_say(command, tmp_path):
    rng = [f"p{i},{51.80 + (i * 7 % 11) * 0.0021357:.7f},{4.66 + (i * 5 % 13) * 0.0031713:.7f}" for i in range(12)]
    file = tmp_path / "weinig.csv"
    file.write_text("\n".join(["id,lat,lon", *rng]), encoding="utf-8")
    code, said, err = command("hotspots", file, "--certainty", "--runs", 99)
    assert code == 0, err
    told = json.loads(command("hotspots", file, "--certainty", "--runs", 99, "--json")[1])["certainty"]
    assert told["outcome"] == "too_few" and told["n_needed"] > 12
    assert f"Te weinig meldingen voor een uitspraak: ongeveer {told['n_needed']} zouden volstaan." in said


def test_the_word_for_how_well_each_hotspot_holds_is_that_of_its_figures(command, demo_store_path):
    ask = ("hotspots", "--store", demo_store_path, "--eps", 60, "--min-samples", 4, "--certainty", "--runs", 99)
    code, said, err = command(*ask)
    assert code == 0, err
    told = json.loads(command(*ask, "--json")[1])["certainty"]["hotspots"]
    words = ["Stevig" if h["lives"] >= STRONG_FROM else "Redelijk" if h["lives"] >= FAIR_FROM else "Zwak" for h in told]
    found = re.findall(r"(Stevig|Redelijk|Zwak): ook bij andere instellingen .* in (\d+)% van de proeven\.", said)
    assert [word for word, _ in found] == words and len(set(words)) > 1
    assert all(abs(int(share) - 100 * h["lives"]) <= 0.51 for (_, share), h in zip(found, told, strict=True))
