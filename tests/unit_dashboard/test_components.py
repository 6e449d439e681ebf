"""Builders: data in, components out. Text is text, colours are legible, ids are stable."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import dashboard
from dashboard import auth, i18n, messages, theme
from dashboard.components import charts, detail, exports, filters, inspector, notices, specs, uploads
from dashboard.components.map import lat_lon
from dashboard.components.sentence import sentence
from dashboard.services.exposure import with_rates
from dashboard.services.map import hotspot_cells
from dashboard.services.types import Choices, Overview
from dashboard.state import FilterState
from data.import_reasons import MISSING_PLACE, TIME_UNKNOWN
from data.importing import ImportResult
from data.reasons import FileRefused
from data.settings import Settings
from data.sources.table import RowProblem
from geo import exposure, report
from geo.crs import RD
from geo.hotspots import HotspotParams, find_hotspots
from geo.rates import rates
from layers import palette

SOURCE = "verzonnen"
EVIL = "<img src=x onerror=alert(1)>"
CHOICES = Choices(
    first=date(2025, 1, 1),
    last=date(2025, 12, 31),
    categories=("nastaren", "nafluiten"),
    wijken=(("WK01", "Wijk 01 Binnenstad"),),
    buurten=(("BU0101", "Centrum"), ("BU0102", EVIL)),
    focus_areas=("Lijnbaan",),
    has_areas=True,
    is_demo=False,
)


def areas():
    boxes = [shapely.box(105_000 + 500 * i, 425_000, 105_500 + 500 * i, 425_500) for i in range(2)]
    frame = gpd.GeoDataFrame(
        {
            "code": ["BU0101", "BU0102"],
            "name": ["Centrum", EVIL],
            "wijk_code": "WK01",
            "wijk_name": "Wijk 01 Binnenstad",
            "inhabitants": [1200.0, np.nan],
            "water": False,
            "n": [20, 3],
        },
        geometry=boxes,
        crs=RD,
    )
    frame.attrs["attribution"] = SOURCE
    return frame


def rates_of(buurten):
    return rates(buurten["n"].to_numpy(), exposure.inhabitants(buurten, source=SOURCE), days=365)


def reports():
    rng = np.random.default_rng(3)
    frame = report.empty().reindex(range(20))
    frame["x"], frame["y"] = 105_200 + rng.normal(0, 20, 20), 425_200 + rng.normal(0, 20, 20)
    frame["uncertainty_m"] = np.nan
    frame["event_date"] = pd.date_range("2025-01-01", periods=20, freq="9D").as_unit("s")
    frame["event_minute"] = 1350.0
    frame["categories"] = "nastaren"
    return frame.fillna({"flags": "", "text": ""}).astype({"flags": "str"})


@pytest.fixture(scope="module")
def overview():
    found, buurten = reports(), areas()
    result = find_hotspots(found, params=HotspotParams(eps_m=75, min_samples=5))
    wijken = gpd.GeoDataFrame(
        {"code": ["WK01"], "name": ["Wijk 01 Binnenstad"]}, geometry=[buurten.geometry.union_all()], crs=RD
    )
    return Overview(
        state=FilterState(),
        params_advised=6,
        n_reports=1234,
        n_in_hotspots=617,
        n_outside=2,
        left_out={"coarse_place": 1},
        buurten=with_rates(buurten, rates_of(buurten)),
        rates=rates_of(buurten),
        wijken=wijken,
        result=result,
        shown=result.hotspots,
        cells=hotspot_cells(result.hotspots, result, found, cell_m=50),
        hours=(0,) * 22 + (20, 0),
        bounds=(105_000.0, 425_000.0, 106_000.0, 425_500.0),
        period=(date(2025, 1, 1), date(2025, 12, 31)),
    )


def text_of(component):
    """Every string a component shows, in order."""
    if component is None:
        return ""
    if isinstance(component, str | int | float):
        return str(component)
    if isinstance(component, list | tuple):
        return " ".join(filter(None, map(text_of, component)))
    return text_of(getattr(component, "children", None))


def test_the_figures_are_written_as_a_dutch_reader_expects(overview):
    assert text_of(inspector.figures(overview)) == "Meldingen 1.234 Hotspots 1 In een hotspot 50%"
    with i18n.use("en"):
        assert "1,234" in text_of(inspector.figures(overview))


def test_no_reports_have_no_share(overview):
    assert text_of(inspector.figures(replace(overview, n_reports=0, n_in_hotspots=0))).endswith("–")


def test_rows_bear_the_stable_id_of_their_hotspot_and_travel_as_json(overview):
    rows = inspector.rows(overview)
    assert [row["id"] for row in rows] == [h.id for h in overview.shown]
    assert json.loads(json.dumps(rows)) == rows


def test_the_map_is_told_where_each_hotspot_lies_in_degrees_south_west_first(overview):
    look = inspector.where_to_look(overview)
    assert set(look["hotspots"]) == {h.id for h in overview.shown}
    for (south, west), (north, east) in [look["bounds"], *look["hotspots"].values()]:
        assert 51 < south < north < 52 and 4 < west < east < 5


@given(st.floats(80_000, 130_000), st.floats(400_000, 450_000), st.floats(10, 9_000), st.floats(10, 9_000))
def test_corners_keep_their_order_everywhere(x, y, width, height):
    (south, west), (north, east) = lat_lon((x, y, x + width, y + height))
    assert south < north and west < east


def test_the_sentence_says_only_what_is_filtered(overview):
    plain = sentence(overview, CHOICES, municipality="Dordrecht")
    assert plain == "1.234 meldingen van 1 jan 2025 t/m 31 dec 2025 in Dordrecht."
    state = FilterState(hours=(22, 5), weekdays=(4, 5), categories=("nafluiten",), area="WK01")
    assert sentence(replace(overview, state=state), CHOICES, municipality="Dordrecht") == (
        "1.234 meldingen van 1 jan 2025 t/m 31 dec 2025 in Binnenstad, tussen 22:00–06:00 uur, op vr, za, "
        "soort: nafluiten."
    )


def test_every_layer_names_its_source_and_every_tooltip_is_plain_text(overview):
    empty = gpd.GeoDataFrame({"id": [], "name": []}, geometry=[], crs=RD)
    made = specs.page_specs(overview, lambda _kind: empty, source=SOURCE, cell_m=50)
    assert all(spec.attribution for spec in made)
    shaded = next(spec for spec in made if spec.id == "areas")
    assert shaded.frame["tooltip"][1].split("\n") == [
        EVIL, "Binnenstad", "3 meldingen", "geen cijfer: aantal inwoners onbekend",
    ]  # fmt: skip
    assert shaded.frame["tooltip"][0].endswith(
        "16,7 per jaar per 1.000 inwoners\n95%-marge 10,2–25,8; afgevlakt 16,7\n1.200 inwoners"
    )


def test_shading_by_rate_says_so_and_keeps_small_buurten_apart(overview):
    rate = specs.areas_spec(replace(overview, state=FilterState(shade="rate")), source=SOURCE)
    assert rate.title == "Meldingen per jaar per 1.000 inwoners, afgevlakt"
    assert [c.label for c in rate.classes][-1] == "Te weinig of onbekend"


def test_a_notice_fits_what_there_is_to_see(overview):
    assert notices.notice(overview, CHOICES) is None
    cases = {
        "Nog geen gebieden": (overview, replace(CHOICES, has_areas=False)),
        "Nog geen meldingen": (overview, replace(CHOICES, first=None, last=None)),
        "Geen meldingen in deze selectie": (replace(overview, n_reports=0, shown=()), CHOICES),
        "Te weinig meldingen voor een uitspraak": (replace(overview, shown=()), CHOICES),
    }
    for title, (view, choices) in cases.items():
        assert text_of(notices.notice(view, choices)).startswith(title)


def test_clearing_is_offered_only_when_there_is_something_to_clear(overview):
    few = replace(overview, shown=())
    assert "Filters wissen" not in text_of(notices.notice(few, CHOICES))
    assert "Filters wissen" in text_of(notices.notice(replace(few, state=FilterState(area="WK01")), CHOICES))


def test_the_overall_profile_counts_what_is_in_no_hotspot(overview):
    told = text_of(detail.overall(overview))
    assert "1 melding met een te grove plaats" in told and "2 meldingen liggen buiten de buurten" in told
    assert detail.overall(replace(overview, n_reports=0)) == []


@given(st.lists(st.integers(0, 10_000), min_size=24, max_size=24))
def test_a_bar_is_as_high_as_its_share_of_the_highest_and_never_invisible(counts):
    chart = charts.hour_chart(counts, title="Uren")
    if not sum(counts):
        assert "geen enkele melding" in text_of(chart)
        return
    bars = next(part for part in chart.children if getattr(part, "className", "") == "hk-bars")
    heights = [float(bar.style["--hk-height"].rstrip("%")) for bar in bars.children]
    for n, height in zip(counts, heights, strict=True):
        assert height == pytest.approx(max(100 * n / max(counts), 3 if n else 0), abs=0.06)


def test_a_chart_says_in_one_sentence_what_it_shows():
    chart = charts.hour_chart((0,) * 23 + (7,), title="Uren")
    bars = next(part for part in chart.children if getattr(part, "className", "") == "hk-bars")
    said = bars.to_plotly_json()["props"]["aria-label"]
    assert said == "Uren. De meeste meldingen tussen 23:00–24:00: 7 meldingen."


def test_areas_are_offered_by_kind_under_the_names_people_use():
    groups = {group["group"]: group["items"] for group in filters.area_options(CHOICES)}
    assert list(groups) == ["Aandachtsgebieden", "Wijken", "Buurten"]
    assert groups["Wijken"] == [{"value": "WK01", "label": "Binnenstad"}]


def test_the_advice_names_the_number_for_these_reports():
    assert "Advies bij deze meldingen: 6" in filters.advice(6)


def test_rows_that_were_not_taken_stand_first():
    found = [
        RowProblem(row=2, column="tijd", value="?", reason=TIME_UNKNOWN),
        RowProblem(row=9, column="lat", value="", reason=MISSING_PLACE),
        RowProblem(row=3, column="lat", value="", reason=MISSING_PLACE),
    ]
    assert [row["row"] for row in uploads.problem_rows(found)] == [9, 3, 2]


def test_a_time_that_is_empty_is_told_without_brackets_around_nothing():
    found = [RowProblem(row=2, column="tijd", value=value, reason=TIME_UNKNOWN) for value in ("", "?")]
    assert [messages.problem(one) for one in found] == [
        "Tijd onbekend: de dag telt mee, het uur niet.",
        "Tijd onbekend („?”): de dag telt mee, het uur niet.",
    ]


def test_the_report_of_a_huge_file_says_that_it_shows_a_part():
    found = tuple(RowProblem(row=i, column="lat", value="", reason=MISSING_PLACE) for i in range(20_005))
    result = ImportResult(file_name="f", source="s", read=20_005, quarantined=20_005, problems=found)
    assert "de eerste 20.000 van 20.005" in text_of(uploads.report(result, name="f"))


def test_a_refused_file_offers_to_swap_once_and_only_for_axes():
    swapped = FileRefused("swapped_axes", "x {n} {total}", n=3, total=4)
    assert "Assen omwisselen" in text_of(uploads.refusal(swapped))
    assert "Assen omwisselen" not in text_of(uploads.refusal(swapped, offer_swap=False))
    assert "Assen omwisselen" not in text_of(uploads.refusal(FileRefused("empty_file", "Leeg.")))


def test_an_export_says_which_quarters_and_what_does_not_go_along():
    told = text_of(
        exports.period((date(2025, 1, 1), date(2025, 6, 30)), area="", opens=date(2026, 1, 30), narrower=True)
    )
    assert "1 jan 2025 – 30 jun 2025" in told and "Hele gemeente" in told and "gaan niet mee" in told
    assert "30 jan 2026" in text_of(exports.period(None, area="", opens=date(2026, 1, 30), narrower=False))


def test_area_and_period_alone_are_no_narrow_filter():
    assert not exports.is_narrower(FilterState(start=date(2025, 1, 1), area="Lijnbaan", shade="rate"))
    assert exports.is_narrower(FilterState(weekdays=(1,)))
    assert exports.is_narrower(FilterState(eps_m=50.0))


def test_the_whole_pane_can_be_made_from_an_empty_store():
    nothing = replace(CHOICES, first=None, last=None, categories=(), wijken=(), buurten=(), focus_areas=())
    assert "Geavanceerd" in text_of(filters.pane(nothing, FilterState(), settings=Settings(), specs=[]))


SHEETS = [*(Path(dashboard.__file__).parent / "assets").glob("*.css"), *Path(auth.__file__).parent.rglob("*.css")]
CSS = "\n".join(path.read_text(encoding="utf-8") for path in SHEETS)


def token(value):
    """The token a declaration names, or None when it is see-through or a picture."""
    found = re.fullmatch(r"var\((--hk-[\w-]+)\)", value.strip())
    return found and found.group(1)


def coloured_rules():
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)):
        declared = dict(part.split(":", 1) for part in body.split(";") if ":" in part)
        declared = {name.strip(): value for name, value in declared.items()}
        ink = token(declared.get("color", ""))
        ground = token(declared.get("background", "") or "var(--hk-paper)")
        if ink and ground:
            yield pytest.param(ink, ground, id=selector.strip().split("\n")[-1][:60])


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), list(coloured_rules()))
def test_text_stands_out_from_its_ground(ink, ground, scheme):
    if ink != "--hk-map-ink":  # on the map, which is light in both
        assert palette.contrast(theme.TOKENS[ink][scheme], theme.TOKENS[ground][scheme]) >= 4.5


GROUNDS = ("--hk-paper", "--hk-quiet", "--hk-sunken")
LEGIBLE = [
    *((ink, ground) for ink in ("--hk-ink", "--hk-ink-soft", "--hk-accent") for ground in GROUNDS),
    ("--hk-ink", "--hk-chosen"),
    ("--hk-accent", "--hk-accent-pale"),
    ("--hk-on-accent", "--hk-accent-fill"),
    ("--hk-on-accent", "--hk-rank"),
    ("--hk-warn-ink", "--hk-warn-ground"),
    ("--hk-alarm-ink", "--hk-alarm-ground"),
]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), LEGIBLE)
def test_text_is_legible_on_the_grounds_it_stands_on_in_light_and_dark(ink, ground, scheme):
    assert palette.contrast(theme.TOKENS[ink][scheme], theme.TOKENS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_bars_stand_out_from_the_paper_and_the_chosen_one_from_the_bars(scheme):
    paper, bar, accent = (theme.TOKENS[name][scheme] for name in ("--hk-paper", "--hk-bar", "--hk-accent"))
    assert palette.contrast(bar, paper) >= 3
    assert palette.contrast(accent, paper) >= 1.5 * palette.contrast(bar, paper)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_the_more_reports_in_an_hour_of_the_week_the_further_its_cell_is_from_the_paper(scheme):
    away = [palette.contrast(theme.TOKENS[f"--hk-m{i}"][scheme], theme.TOKENS["--hk-paper"][scheme]) for i in range(6)]
    assert away == sorted(away) and away[3] >= 3


def test_only_the_tokens_name_colours():
    for path in SHEETS:
        text = re.sub(r"url\([^)]*\)", "", path.read_text(encoding="utf-8"))
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(\s*\d", text), path
        own = {"--hk-font", "--hk-fill", "--hk-height"}  # the last two: what an element itself says it is
        assert set(re.findall(r"var\((--hk-[a-z0-9-]+)", text)) <= {*theme.TOKENS, *own}, path


def test_nothing_the_page_loads_names_another_host():
    for path in (Path(dashboard.__file__).parent / "assets").rglob("*.*"):
        if path.suffix in (".css", ".js", ".svg"):
            found = set(re.findall(r"https?://[^\s\"')]+", path.read_text(encoding="utf-8")))
            assert found <= {"http://www.w3.org/2000/svg"}, path
