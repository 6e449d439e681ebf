"""The printed sheet: what it shows, that it says nothing about its maker, and that it stays the same."""

import io
import itertools
import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pypdf
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from layers import print_labels, print_page, print_text
from layers.extent import content_extent, fitted
from layers.print import to_print
from layers.print_labels import Canvas
from layers.sheet import PAPERS, Row

GOLDEN = Path(__file__).parents[1] / "golden"


def chunks(png):
    """Names of a PNG's chunks, in order."""
    found, at = [], 8
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        found.append(name.decode())
        at += 12 + length
    return found


def canvas(extent=(0.0, 0.0, 4000.0, 3000.0), inches=8.0):
    figure = Figure(figsize=(inches, inches * 0.75))
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(extent[0], extent[2]), ylim=(extent[1], extent[3]))
    return Canvas(axes=axes, extent=extent, inches=inches)


def words(canvas):
    return {text.get_text(): text.get_position() for text in canvas.axes.texts}


@pytest.mark.parametrize("paper", PAPERS)
def test_a_png_has_the_size_of_its_paper_and_no_text_author_or_software_in_it(city, paper):
    png = to_print(city.specs(), city.sheet(paper=paper), dpi=60)
    assert set(chunks(png)) <= {"IHDR", "pHYs", "IDAT", "IEND"}
    wide, high = PAPERS[paper]
    assert Image.open(io.BytesIO(png)).size == (int(wide * 60), int(high * 60))


def test_a_pdf_is_one_page_with_its_texts_as_text_and_says_nothing_of_its_maker(city):
    pdf = to_print(city.specs(), city.sheet(), format="pdf")
    read = pypdf.PdfReader(io.BytesIO(pdf))
    assert dict(read.metadata) == {"/Title": "Hotspots straatintimidatie"}
    assert len(read.pages) == 1
    text = read.pages[0].extract_text()
    for part in (
        "Hotspots straatintimidatie",
        "Legenda",
        "Plein 2, Middenstad",
        "500 m",
        "kenmerk HK-0001",
        "Oefengegevens",
    ):
        assert part in text
    assert re.search(rb"/home|/tmp|/work|matplotlib|CreationDate|Author", pdf) is None


def test_the_same_layers_and_texts_give_the_same_bytes_also_in_another_process(city):
    code = (
        "import hashlib, importlib.util, sys;"
        f"spec = importlib.util.spec_from_file_location('city', {str(Path(__file__).with_name('conftest.py'))!r});"
        "module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module); city = module.City();"
        "from layers.print import to_print; from layers.standalone import to_html;"
        "made = [to_print(city.specs(), city.sheet(), format='png', dpi=60),"
        " to_print(city.specs(), city.sheet(), format='pdf'), to_html(city.specs(), city.sheet())];"
        "print(*[hashlib.sha256(m).hexdigest() for m in made])"
    )
    root = Path(__file__).parents[2]
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
        )
        for seed in ("1", "2")
    ]
    runs = [process.communicate(timeout=120)[0] for process in started]
    assert len(runs[0].split()) == 3
    assert runs[0] == runs[1]


@pytest.mark.parametrize(("name", "paper"), [("layers_a4", "A4"), ("layers_slide", "16:9")])
def test_the_sheet_looks_as_it_did_when_somebody_last_looked_at_it(city, name, paper):
    """A new look: HOTSPOTKAART_GOLDEN=write pytest tests/unit_layers, then look at the pictures in tests/golden."""
    png = to_print(city.specs(), city.sheet(paper=paper), dpi=72)
    kept = GOLDEN / f"{name}.png"
    if os.environ.get("HOTSPOTKAART_GOLDEN") == "write":
        kept.write_bytes(png)
    now = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), float)
    then = np.asarray(Image.open(kept).convert("RGB"), float)
    assert now.shape == then.shape
    difference = np.abs(now - then).max(axis=2)
    assert float((difference > 48).mean()) < 0.002  # a shifted letter is 0.0003
    assert kept.stat().st_size < 200_000


def test_every_hotspot_in_view_is_magenta_at_its_own_place(city):
    specs = city.specs()
    # without numbers on them, and of the whole city, so that no small map shows a magenta frame
    sheet = city.sheet(rows=(), extent=tuple(city.buurten.total_bounds))
    picture = np.asarray(Image.open(io.BytesIO(to_print(specs, sheet, dpi=100))).convert("RGB"), float)
    red, green, blue = picture[..., 0], picture[..., 1], picture[..., 2]
    magenta = (red > 140) & (green < 120) & (blue > 90) & (blue < 190)
    body = magenta[130:720, 50:800]  # the map, without legend and title
    rows, cols = np.nonzero(body)
    assert len(rows) > 1000
    spots = next(spec for spec in specs if spec.kind == "hotspot").frame
    bounds = spots.total_bounds
    seen = (cols.max() - cols.min()) / (rows.max() - rows.min())
    assert seen == pytest.approx((bounds[2] - bounds[0]) / (bounds[3] - bounds[1]), rel=0.03)


def test_the_scale_bar_is_as_long_as_it_says():
    made = canvas()
    print_labels.scale_bar(made, inset=0.2)
    halves = [p for p in made.axes.patches if p.get_zorder() == 901]
    assert sum(p.get_width() for p in halves) == pytest.approx(500)
    at = words(made)
    assert at["500 m"][0] - at["0"][0] == pytest.approx(500)
    wide = canvas(extent=(0.0, 0.0, 20_000.0, 15_000.0))
    print_labels.scale_bar(wide, inset=0.2)
    assert words(wide)["2 km"][0] - words(wide)["0"][0] == pytest.approx(2000)


def test_a_metre_is_as_long_both_ways_and_the_content_lies_within():
    extent = fitted((0, 0, 1000, 200), ratio=1.5)
    assert (extent[2] - extent[0]) / (extent[3] - extent[1]) == pytest.approx(1.5)
    assert extent[0] < 0 and extent[1] < 0 and extent[2] > 1000 and extent[3] > 200


def test_the_map_zooms_in_on_the_hotspots_and_without_them_shows_the_city(city):
    spots = city.hotspots().frame.total_bounds
    near = content_extent(city.specs())
    assert near[0] < spots[0] and near[2] > spots[2]
    assert near[2] - near[0] < spots[2] - spots[0] + 1500
    rest = [spec for spec in city.specs() if spec.kind != "hotspot"]
    assert content_extent(rest) == pytest.approx(tuple(city.buurten.total_bounds))
    with pytest.raises(ValueError, match="nothing has no extent"):
        content_extent([])


def test_numbers_and_names_never_lie_over_each_other(city):
    made = canvas(extent=fitted(tuple(city.wijken.total_bounds), ratio=4 / 3), inches=5.0)
    outlines = dict(zip(city.wijken["code"], city.wijken.geometry, strict=True))
    print_labels.scale_bar(made, inset=0.1)
    print_labels.north_arrow(made, inset=0.1, letter="N")
    print_labels.numbers(made, city.hotspots(), numbered=frozenset(h.id for h in city.result.hotspots))
    names = city.specs()[-1]
    print_labels.names(made, names, outlines=outlines)
    assert {"1", "2", "3", "N", "Westkade", "Middenstad", "Oosterpoort"} <= set(words(made))
    boxes = [shapely.box(*box) for box in made.taken]
    for i, box in enumerate(boxes):
        assert not any(shapely.area(shapely.intersection(box, other)) > 0 for other in boxes[:i])
    by_name = dict(zip(names.frame["label"], names.frame["key"], strict=True))
    for text, place in words(made).items():
        if text in by_name:
            assert outlines[by_name[text]].contains(shapely.Point(place))


def test_a_number_that_steps_aside_is_tied_to_its_hotspot(city):
    made = canvas(extent=fitted(tuple(city.wijken.total_bounds), ratio=4 / 3), inches=0.9)
    print_labels.numbers(made, city.hotspots(), numbered=frozenset(h.id for h in city.result.hotspots))
    assert {"1", "2", "3"} == set(words(made))
    assert len(made.axes.lines) >= 1


def test_only_the_hotspots_in_the_table_bear_a_number(city):
    made = canvas(extent=tuple(city.wijken.total_bounds))
    print_labels.numbers(made, city.hotspots(), numbered=frozenset([city.result.hotspots[1].id]))
    assert set(words(made)) == {"2"}


def test_texts_are_set_as_they_are_and_never_read_as_mathematics(city):
    odd = "Plein $x^2$ & <b>Zuid</b>"
    sheet = city.sheet(rows=(Row(rank="1", key="H1", place=odd, n="10"),), title="100 % $\\alpha_")
    text = pypdf.PdfReader(io.BytesIO(to_print(city.specs(), sheet, format="pdf"))).pages[0].extract_text()
    assert odd in text
    assert "100 % $\\alpha_" in text


def test_control_marks_vanish_and_unknown_characters_are_marked():
    assert print_text.clean("Plein\u202e1\x00\nZuid") == "Plein1 Zuid"
    assert print_text.clean("café \U0001f9ff") == "café \ufffd"


def test_a_text_that_is_too_long_is_cut_where_the_room_ends():
    text = "Burgemeester de Raadtsingel en omgeving, " * 5
    cut = print_text.fit(text, 8.5, room=1.5)
    assert cut.endswith("…")
    assert print_text.width(cut, 8.5) <= 1.5
    lines = print_text.wrap(text, 8.5, room=1.5, lines=3)
    assert len(lines) == 3
    assert all(print_text.width(line, 8.5) <= 1.5 for line in lines)


def test_the_table_shows_ten_rows_and_never_runs_into_the_sources(city):
    rows = tuple(
        Row(rank=str(i), key=f"H{i}", place=f"Plein {i}", n=str(99 - i), detail="bij een school") for i in range(1, 31)
    )
    for paper, (wide, high) in PAPERS.items():
        figure = Figure(figsize=(wide, high))
        FigureCanvasAgg(figure)
        page = figure.add_axes((0, 0, 1, 1), xlim=(0, wide), ylim=(0, high))
        print_page.table(page, city.sheet(rows=rows, paper=paper), left=1, right=4, top=4.4, bottom=1.2)
        places = {text.get_text(): text.get_position()[1] for text in page.texts}
        assert {f"Plein {i}" for i in range(1, 11)} <= set(places)
        assert "Plein 11" not in places
        assert min(places.values()) > 1.2


@pytest.mark.parametrize("detail", ["bij een school", ""])
@pytest.mark.parametrize("n", [1, 9, 10])
def test_a_long_name_in_the_table_stands_whole_on_two_lines_and_pushes_the_rest_down(city, detail, n):
    long = "Burgemeester de Raadtsingel en omgeving"
    names = [long, *(f"Plein {i}" for i in range(2, n + 1))]
    rows = tuple(Row(rank=str(i), key=f"H{i}", place=name, n="± 35", detail=detail) for i, name in enumerate(names, 1))
    figure = Figure(figsize=PAPERS["A4"])
    FigureCanvasAgg(figure)
    page = figure.add_axes((0, 0, 1, 1), xlim=(0, PAPERS["A4"][0]), ylim=(0, PAPERS["A4"][1]))
    print_page.table(page, city.sheet(rows=rows), left=1, right=1 + print_page.PANEL, top=4.6, bottom=1.1)
    texts = [text for text in page.texts if text.get_position()[0] > 1.2 and text.get_ha() == "left"][1:]
    assert [text.get_text() for text in texts if text.get_text() != detail] == [
        "Burgemeester de Raadtsingel en",
        "omgeving",
        *names[1:],
    ]
    boxes = [text.get_window_extent().transformed(page.transData.inverted()) for text in texts]
    assert all(upper.y0 >= lower.y1 - 0.015 for upper, lower in itertools.pairwise(boxes))
    assert boxes[-1].y0 >= 1.1


@pytest.mark.parametrize(("n", "title"), [(10, "Plaatsen"), (11, "Plaatsen: eerste 10 van 11")])
def test_the_table_says_when_it_does_not_show_every_hotspot(city, n, title):
    rows = tuple(Row(rank=str(i), key=f"H{i}", place=f"Plein {i}", n="10") for i in range(1, n + 1))
    page = Figure().add_axes((0, 0, 1, 1))
    sheet = city.sheet(rows=rows, table_title="Plaatsen", table_some="Plaatsen: eerste {n} van {total}")
    print_page.table(page, sheet, left=1, right=4, top=4.4, bottom=1.2)
    shown = [text.get_text() for text in page.texts]
    assert shown[0] == title
    assert [text for text in shown if text.startswith("Plein")] == [f"Plein {i}" for i in range(1, 11)]


def test_without_hotspots_the_sheet_says_so_and_is_still_a_map(city):
    specs = [spec for spec in city.specs() if spec.kind != "hotspot"]
    sheet = city.sheet(rows=(), empty="Geen hotspot met genoeg meldingen. Kies een langere periode.")
    text = pypdf.PdfReader(io.BytesIO(to_print(specs, sheet, format="pdf"))).pages[0].extract_text()
    assert "Geen hotspot met genoeg meldingen." in text
    assert "Middenstad" in text


def test_layers_that_are_switched_off_or_out_of_view_are_not_in_the_legend(city):
    x, y = city.buurten.union_all().centroid.coords[0]
    corner = city.sheet(extent=(x + 500, y - 1500, x + 1400, y - 900))
    text = pypdf.PdfReader(io.BytesIO(to_print(city.specs(), corner, format="pdf"))).pages[0].extract_text()
    assert "Meldingen per buurt" in text
    assert "Spoor" not in text
