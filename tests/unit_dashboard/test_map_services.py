"""What the map page asks beside its overview: changes, places that can be looked up, and shapes that are drawn."""

from contextlib import suppress
from datetime import date, timedelta

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.components import change as change_view
from dashboard.components.sentence import every_part
from dashboard.look import Look, address
from dashboard.services.change import NoChange
from dashboard.services.types import Choices
from dashboard.shape import ShapeRefused, circle, polygon, read
from dashboard.state import FilterState
from data.filter import ReportFilter
from data.viewer import LOCAL_ANALYST, Denied, Role, Viewer
from geo.crs import to_wgs84

OTHERS = [Viewer(name="x", role=role, wijken=frozenset({"WK"})) for role in Role if role is not Role.ANALYST]
YEAR = {"start": date(2025, 10, 1), "end": date(2026, 9, 30)}
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60)


@given(st.builds(Look, hotspot=TEXT, place=TEXT, shape=TEXT), st.sampled_from(["", "dag=5", "van=2025-01-01&dag=0,1"]))
def test_an_address_holds_what_is_looked_at_beside_the_filters(look, filters):
    search = address(filters, look)
    assert Look.from_query(search) == look
    assert FilterState.from_query(search) == FilterState.from_query(filters)


def test_what_is_looked_at_asks_no_other_reports():
    assert FilterState.from_query("?hotspot=H1&plek=stop:A&vorm=c:105000,425000,100") == FilterState()


@settings(deadline=None)  # the first call loads the projection
@given(st.floats(60_000, 250_000), st.floats(320_000, 600_000), st.floats(1, 5_000))
def test_a_circle_reads_back_as_the_same_circle_rounded(x, y, radius):
    text = circle(x, y, radius=radius)
    shape = read(text)
    centre = shape.geometry.centroid
    assert 25 <= shape.radius <= 2_000
    assert abs(centre.x - x) <= 5.01 and abs(centre.y - y) <= 5.01
    assert circle(centre.x, centre.y, radius=shape.radius) == text


@settings(deadline=None)
@given(st.floats(80_000, 200_000), st.floats(350_000, 550_000), st.floats(100, 3_000), st.integers(3, 12))
def test_a_polygon_drawn_in_degrees_is_read_in_metres_to_ten_metres(x, y, radius, corners):
    angles = 2 * np.pi * np.arange(corners) / corners
    drawn = shapely.Polygon(np.column_stack([x + radius * np.cos(angles), y + radius * np.sin(angles)]))
    lon, lat = to_wgs84(*drawn.exterior.coords.xy)
    shape = read(polygon(zip(lat.tolist()[:-1], lon.tolist()[:-1], strict=True)))
    assert shape.geometry.hausdorff_distance(drawn) <= 7.2
    assert all(coordinate % 10 == 0 for point in shape.geometry.exterior.coords for coordinate in point)


@pytest.mark.parametrize(
    "text",
    ["", "x", "c:1,2", "c:105000,425000,5", "c:105000,425000,99999", "c:1,1,100", "v:1,1;2,2", "v:105000,425000",
     "v:105000,425000;105500,425500;105500,425000;105000,425500", "v:105000,425000;105010,425000;105010,425010",
     "v:0,300000;290000,300000;290000,630000", "v:" + ";".join(f"{105000 + i},425000" for i in range(99))],
)  # fmt: skip
def test_a_shape_that_means_nothing_is_refused_with_a_sentence(text):
    with pytest.raises(ShapeRefused) as refused:
        read(text)
    assert len(refused.value.sentence) > 30


@given(st.text(max_size=80))
def test_whatever_stands_in_an_address_is_a_shape_or_refused(text):
    with suppress(ShapeRefused):
        assert read(text).geometry.is_valid


@pytest.mark.parametrize("viewer", OTHERS, ids=lambda viewer: viewer.role.value)
def test_only_who_may_ask_freely_gets_shapes_changes_and_places(demo_services, viewer):
    for ask in (
        lambda: demo_services.drawn.of(viewer, FilterState(), "c:105000,425000,500"),
        lambda: demo_services.change.of(viewer, FilterState(shade="change")),
        lambda: demo_services.places.all(viewer),
        lambda: demo_services.places.find(viewer, "stop:x"),
    ):
        with pytest.raises(Denied):
            ask()


def test_a_drawn_shape_counts_the_reports_inside_it_and_its_parts_add_up(demo_services):
    place = next(p for p in demo_services.places.all(LOCAL_ANALYST) if p.kind == "stop")
    state = FilterState(hours=(12, 23), **YEAR)
    found = demo_services.drawn.of(LOCAL_ANALYST, state, circle(place.x, place.y, radius=800))
    kept = ReportFilter(hours=(12, 23), **YEAR)
    reports = demo_services.map._store.reports(LOCAL_ANALYST, kept)
    x, y = round(place.x, -1), round(place.y, -1)
    near = np.hypot(reports["x"] - x, reports["y"] - y) <= 790
    assert 0 < near.sum() - 5 <= found.n <= found.n_city <= len(reports)
    assert sum(found.hours) + found.time_unknown == found.n and found.time_unknown == 0
    assert found.low < found.rate < found.high
    assert 0 < found.land_m2 <= np.pi * 800**2 and 0 < found.land_share < 1
    assert found.rate == pytest.approx(found.n / (found.land_m2 / 1e6) / (365 / 365.25))


def test_the_whole_city_drawn_has_all_reports_of_the_city(demo_services):
    buurten = demo_services.map.city().buurten
    xmin, ymin, xmax, ymax = (int(v) // 10 * 10 for v in buurten.total_bounds)
    corners = [(xmin - 10, ymin - 10), (xmax + 20, ymin - 10), (xmax + 20, ymax + 20), (xmin - 10, ymax + 20)]
    found = demo_services.drawn.of(LOCAL_ANALYST, FilterState(), "v:" + ";".join(f"{x},{y}" for x, y in corners))
    assert found.n == found.n_city - demo_services.map.overview(LOCAL_ANALYST, FilterState()).n_outside
    assert found.land_share == pytest.approx(1)


def test_the_change_is_against_as_many_days_before_and_its_counts_are_the_maps(demo_services):
    state = FilterState(shade="change", start=date(2026, 1, 1), end=date(2026, 6, 30))
    found = demo_services.change.of(LOCAL_ANALYST, state)
    assert found.after.days == found.before.days == 181
    assert found.before.end + timedelta(days=1) == found.after.start
    for period, figure in ((found.after, "after"), (found.before, "before")):
        asked = FilterState(start=period.start, end=period.end)
        buurten = demo_services.map.overview(LOCAL_ANALYST, asked).buurten
        counts = dict(zip(buurten["code"], buurten["n"], strict=True))
        assert {code: getattr(one, figure) for code, one in found.figures.items()} == {
            code: counts[code] for code in found.figures
        }


def test_without_a_period_the_last_year_is_held_against_the_one_before(demo_services):
    found = demo_services.change.of(LOCAL_ANALYST, FilterState(shade="change"))
    assert found.figures and found.after.days in (365, 366)


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ({"start": date(2024, 10, 1), "end": date(2025, 9, 30)}, NoChange.NOT_COVERED),
        ({"start": date(2026, 9, 29), "end": date(2026, 9, 30), "hours": (3, 3)}, NoChange.TOO_FEW),
    ],
)
def test_a_change_that_cannot_be_told_says_why_and_what_to_do(demo_services, state, why):
    found = demo_services.change.of(LOCAL_ANALYST, FilterState(shade="change", **state))
    assert found.why is why and found.figures is None
    assert "Kies een" in change_view.why_not(found)


def test_other_shadings_ask_no_change(demo_services):
    assert demo_services.change.of(LOCAL_ANALYST, FilterState()) is None
    assert demo_services.change.of(LOCAL_ANALYST, FilterState(shade="change", picture="gistar")) is None


def test_what_can_be_looked_up_is_found_again_by_its_key_and_lies_in_its_bounds(demo_services):
    places = demo_services.places.all(LOCAL_ANALYST)
    assert {"stop", "school", "wijk", "buurt"} <= {place.kind for place in places}
    assert len({place.key for place in places}) == len(places)
    for place in places:
        xmin, ymin, xmax, ymax = place.bounds
        assert xmin <= place.x <= xmax and ymin <= place.y <= ymax
        assert demo_services.places.find(LOCAL_ANALYST, place.key) == place
    assert demo_services.places.find(LOCAL_ANALYST, "stop:bestaat niet") is None


def test_what_would_be_left_without_a_filter_is_what_the_map_then_counts(demo_services):
    wijk = demo_services.map.choices(LOCAL_ANALYST).wijken[0][0]
    states = [FilterState(), FilterState(area=wijk), FilterState(area=wijk, school="after", light="light")]
    views = [demo_services.map.overview(LOCAL_ANALYST, state).n_reports for state in states]
    assert demo_services.map.counts(LOCAL_ANALYST, states) == tuple(views)
    assert views == sorted(views, reverse=True)


def test_each_part_of_the_sentence_can_be_taken_away_and_all_together_leave_nothing():
    choices = Choices(
        first=date(2024, 1, 1), last=date(2026, 1, 1), categories=(), wijken=(("WK1", "Wijk 01 Oud"),), buurten=(),
        focus_areas=(), has_areas=True, is_demo=False,
    )  # fmt: skip
    state = FilterState(
        start=date(2025, 1, 1), hours=(22, 5), light="dark", school="after", weekdays=(4,), categories=("nafluiten",),
        area="WK1",
    )  # fmt: skip
    parts = every_part(state, choices)
    assert [part.words for part in parts] == [
        "de periode", "in Oud", "tussen 22:00–06:00 uur", "in het donker", "na school", "op vr", "soort: nafluiten",
    ]  # fmt: skip
    left = state
    while found := every_part(left, choices):
        assert found[0].without != left
        left = found[0].without
    assert left == FilterState()
