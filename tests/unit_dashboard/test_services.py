"""MapService: what a view shows for a state, over the demo city."""

import json
from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.state import FilterState
from data.filter import ReportFilter
from data.viewer import LOCAL_ANALYST, Denied, Role, Viewer
from geo.join import OUTSIDE

MANAGER = Viewer(name="wim", role=Role.DISTRICT_MANAGER, wijken=frozenset({"WK050503"}))


def overview(services, **state):
    return services.map.overview(LOCAL_ANALYST, FilterState(**state))


def test_the_choices_are_what_the_store_holds(demo_services):
    choices = demo_services.map.choices(LOCAL_ANALYST)
    assert (choices.first, choices.last) == (date(2024, 10, 1), date(2026, 9, 30))
    assert choices.is_demo and choices.has_areas
    assert "nastaren" in choices.categories
    assert set(choices.focus_areas) == {"Dordt West", "Kromhout e.o.", "Lijnbaan"}
    assert len(choices.wijken) == 13  # fourteen, of which one is water
    assert ("BU05050202", "Lijnbaan") in choices.buurten


def test_every_planted_hotspot_is_found_where_it_was_planted(demo_services, demo_files):
    truth = json.loads((demo_files / "waarheid.json").read_text(encoding="utf-8"))
    view = overview(demo_services)
    centres = np.array([(h.x, h.y) for h in view.result.hotspots])
    planted = np.array([(h["x"], h["y"]) for h in truth["hotspots"]])
    metres = np.hypot(*(planted[:, None, :] - centres[None, :, :]).transpose(2, 0, 1))
    assert len(view.shown) == len(planted)
    assert np.median(metres.min(axis=1)) <= 25 and metres.min(axis=1).max() <= 75


def test_the_counts_of_a_view_balance(demo_services):
    view = overview(demo_services)
    assert view.n_reports == view.buurten["n"].sum() + view.n_outside
    assert view.n_reports == view.n_in_hotspots + view.result.n_noise + sum(view.left_out.values())
    assert view.left_out["default_point"] == 30


def test_an_area_looks_at_the_same_hotspots_with_the_same_figures(demo_services):
    whole = {h.id: h for h in overview(demo_services).shown}
    west = overview(demo_services, area="Dordt West")
    assert 0 < len(west.shown) < len(whole)
    assert all(whole[h.id].n == h.n for h in west.shown)
    assert all("Dordt West" in h.focus_areas for h in west.shown)
    lijnbaan = overview(demo_services, area="BU05050202")
    assert lijnbaan.n_reports == int(lijnbaan.buurten.set_index("code").loc["BU05050202", "n"])


@settings(max_examples=25, deadline=None)
@given(
    hours=st.tuples(st.integers(0, 23), st.integers(0, 23)),
    weekdays=st.sets(st.integers(0, 6)).map(sorted).map(tuple),
    area=st.sampled_from(["", "WK050503", "Lijnbaan", "BU05050108"]),
)
def test_a_filter_never_adds_reports_and_its_address_brings_it_back(demo_store_path, hours, weekdays, area):
    from dashboard.services import services_for
    from data.settings import Settings
    from data.store import ReportStore

    state = FilterState(hours=hours, weekdays=weekdays, area=area)
    assert FilterState.from_query("?" + state.to_query()) == state
    with ReportStore.open(str(demo_store_path)) as store:
        services = services_for(store, Settings(store=str(demo_store_path)))
        assert overview(services, hours=hours, weekdays=weekdays, area=area).n_reports <= overview(services).n_reports


def test_hotspots_are_drawn_as_fifty_metre_cells_that_hold_their_reports(demo_services):
    view = overview(demo_services)
    assert list(view.cells["hotspot_id"]) == [h.id for h in view.shown]
    corners = shapely.get_coordinates(view.cells.geometry.to_numpy())
    assert (corners % 50 == 0).all()


def test_the_rate_is_per_thousand_inhabitants_per_year_and_absent_for_empty_buurten(demo_services):
    buurten = overview(demo_services).buurten.set_index("code")
    row = buurten.loc["BU05050202"]
    years = 730 / 365.25
    assert row["rate"] == pytest.approx(row["n"] / row["inhabitants"] * 1000 / years)
    assert np.isnan(buurten.loc[buurten["inhabitants"] < 50, "rate"]).all()


def test_nothing_left_after_filtering_is_an_empty_view_and_no_error(demo_services):
    view = overview(demo_services, start=date(2020, 1, 1), end=date(2020, 1, 31))
    assert (view.n_reports, view.shown, sum(view.hours)) == (0, (), 0)


def test_whoever_may_not_see_reports_is_denied_by_the_map(demo_services):
    for ask in (lambda: demo_services.map.overview(MANAGER, FilterState()), lambda: demo_services.map.choices(MANAGER)):
        with pytest.raises(Denied):
            ask()


def test_every_report_lies_in_one_buurt_of_the_city_or_outside(demo_services):
    reports = demo_services.map._store.reports(LOCAL_ANALYST, ReportFilter())
    city = demo_services.map.city()
    positions = city.buurt_positions(reports, tolerance_m=1.0)
    inside = positions != OUTSIDE
    touched = shapely.intersects_xy(
        city.buurten.geometry.to_numpy()[positions[inside]],
        reports["x"].to_numpy()[inside],
        reports["y"].to_numpy()[inside],
    )
    assert touched.mean() > 0.99 and inside.mean() > 0.99
