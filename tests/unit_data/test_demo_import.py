"""The demo city through the very same readers, checks and analysis as a user's files, judged by its truth file."""

from datetime import date

import numpy as np
import pytest

from data.areas import read_areas
from data.demo import city, outline, reports
from data.features import read_features
from data.importing import ImportOptions, read_reports
from data.settings import Settings
from geo import report
from geo.hotspots import HotspotParams, Surroundings, find_hotspots


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("demo")
    city.write_city(made)
    reports.write_reports(made)
    return made


@pytest.fixture(scope="module")
def truth():
    return reports.generate().truth


@pytest.fixture(scope="module")
def checked(folder):
    return read_reports(
        folder / reports.FILES["reports"],
        settings=Settings(),
        options=ImportOptions(source=reports.SYNTHETIC, today=date(2026, 11, 1)),
        municipality=outline.drawing().outline,
    )


def test_the_importer_takes_and_refuses_exactly_what_the_truth_says(checked, truth):
    expected = truth["expected_import"]
    by_code = {}
    for problem in checked.problems:
        by_code.setdefault(problem.reason.code, []).append(problem.row)
    assert len(checked.reports) == expected["accepted"] and len(checked.withdrawn) == expected["withdrawn"]
    assert set(checked.withdrawn["source_id"]) == set(truth["errors"]["withdrawn"])
    assert len(by_code["swapped_place"]) == len(truth["errors"]["swapped_axes"])
    assert len(by_code["default_place"]) == len(truth["errors"]["null_island"])
    assert len(by_code["time_unknown"]) == len(truth["errors"]["missing_time"])


def test_the_importer_flags_exactly_the_planted_double_submissions_and_coarse_places(checked, truth):
    table = checked.reports
    doubles = table.loc[report.has(table["flags"], report.PROBABLE_DUPLICATE), "source_id"]
    assert set(doubles) == {pair["id"] for pair in truth["duplicates"]}
    coarse = table.loc[report.has(table["flags"], report.COARSE_PLACE), "source_id"]
    assert set(coarse) == set(truth["errors"]["coarse_place"])


def test_planted_personal_data_are_masked_before_anyone_reads_them(checked, truth):
    text = checked.reports.set_index("source_id")["text"]
    for planted in truth["personal_data"]:
        assert planted["text"] not in text[planted["id"]] and "[" in text[planted["id"]]


def test_the_analysis_finds_the_planted_hotspots_and_leaves_the_default_pin_out(checked, folder, truth):
    areas = read_areas(folder / city.FILES["areas"], level="buurt").frame
    found = find_hotspots(checked.reports, params=HotspotParams(), surroundings=Surroundings(buurten=areas))
    planted = np.array([[h["x"], h["y"]] for h in truth["hotspots"]])
    centres = np.array([[h.x, h.y] for h in found.hotspots])
    distance = np.hypot(*(centres[:, None] - planted[None]).transpose(2, 0, 1))
    assert distance.shape == (len(planted), len(planted))
    assert distance.min(axis=0).max() <= 25 and distance.min(axis=1).max() <= 25
    assert found.left_out[report.DEFAULT_POINT] == len(truth["default_pin"]["ids"])
    assert not any(h.is_chain for h in found.hotspots)
    assert all(h.buurt_code for h in found.hotspots)


@pytest.mark.parametrize(
    ("kind", "number"), [("schools", 11), ("stops", 87), ("routes", 9), ("water", 8), ("railway", 2)]
)
def test_the_layers_are_read_with_their_own_source_line_and_nothing_left_out(folder, kind, number):
    read = read_features(folder / city.FILES[kind], kind=kind)
    assert len(read.frame) == number and read.notes == ()
    assert read.attribution == city.ATTRIBUTION[kind]


def test_the_areas_are_never_called_official(folder):
    assert read_areas(folder / city.FILES["areas"], level="buurt").attribution == city.ATTRIBUTION["areas"]
