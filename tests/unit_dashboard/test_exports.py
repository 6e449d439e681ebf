"""Handing out maps one after another: each is written down, and none tells beside the others what few reports say."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
import shapely

from dashboard.schedule import publish
from dashboard.services import services_for
from dashboard.services.publication import UnknownArea, at_least
from dashboard.services.register import ExportRefused
from dashboard.services.types import SnapshotRequest
from dashboard.state import FilterState
from data.audit.chain import Action
from data.rights import Denied
from data.settings import Settings
from data.store import ReportStore
from data.store.publications import Spot
from data.viewer import LOCAL_ANALYST, Role, Viewer
from geo import disclosure
from geo.publish import Release
from tests.conftest import batch_of

TODAY = date(2026, 11, 21)
AUDITOR = Viewer(name="fg", role=Role.AUDITOR)
YEAR = {"start": date(2025, 1, 1), "end": date(2025, 12, 31)}


@pytest.fixture
def house(demo_store_path, tmp_path):
    """(store, services) over a published copy of the demo city."""
    path = tmp_path / "stad.sqlite"
    with closing(sqlite3.connect(demo_store_path)) as a, closing(sqlite3.connect(path)) as b:
        a.backup(b)
    settings = Settings(store=str(path), audit_key=str(tmp_path / "key"))
    with ReportStore.open(settings.store) as store:
        services = services_for(store, settings)
        services.snapshots._today = lambda: TODAY
        yield store, services


def ask(services, viewer=LOCAL_ANALYST, **request):
    return services.snapshots.snapshot(viewer, SnapshotRequest(**{"format": "html", **request}))


def place_reports(store, n, *, month, at, prefix):
    """n reports around a point, on different days of a month of 2025."""
    rng = np.random.default_rng(month)
    rows = [
        {
            "source_id": f"{prefix}{i}",
            "source": "app",
            "x": at[0] + rng.normal(0, 9),
            "y": at[1] + rng.normal(0, 9),
            "event_date": pd.Timestamp(2025, month, 1 + i % 27),
            "categories": "nastaren",
        }
        for i in range(n)
    ]
    with store.importing() as transaction:
        transaction.write(batch_of(*rows))


def quiet(services):
    """A dry place more than 300 m from every report."""
    reports = services.map.clustered(LOCAL_ANALYST, FilterState())[0]
    there = shapely.multipoints(reports[["x", "y"]].dropna().to_numpy(float))
    buurten = services.map.city().buurten
    dry = buurten[~buurten["water"].astype(bool)].geometry.difference(shapely.buffer(there, 300))
    point = dry[dry.area.idxmax()].representative_point()
    return point.x, point.y


def centre(services, hotspot):
    made = services.snapshots.publication(LOCAL_ANALYST, SnapshotRequest(format="png", **YEAR))
    shape = made.cells.geometry[made.cells["hotspot_id"] == hotspot].iloc[0]
    return shape.centroid.x, shape.centroid.y


def test_every_map_is_in_the_register_and_in_the_log_before_it_is_given(house):
    store, services = house
    made = ask(services, purpose="overleg", recipient="de raad", **YEAR)
    [kept] = store.exports()
    assert (kept.id, kept.sha256, kept.purpose, kept.recipient) == (
        made.facts["id"],
        made.facts["sha256"],
        "overleg",
        "de raad",
    )
    assert (kept.first_day, kept.last_day, kept.area, kept.k) == (YEAR["start"], YEAR["end"], "", 10)
    assert kept.figures["shown"] == [h["id"] for h in made.facts["hotspots"]] and kept.made_by == LOCAL_ANALYST.name
    cells = [shapely.from_wkb(text) for text in kept.figures["found"]["cells"].values()]
    assert all((shapely.get_coordinates(shape) % 100 == 0).all() for shape in cells)
    [line] = services.audit.lines(AUDITOR, action=Action.EXPORT)
    assert line.subject == kept.id and line.detail["sha256"] == kept.sha256


def test_the_same_request_gives_the_same_figures_after_reports_came_in_late(house):
    store, services = house
    first = ask(services, **YEAR).facts
    spot = first["hotspots"][0]
    place_reports(store, 5, month=6, at=centre(services, spot["id"]), prefix="late")
    again = ask(services, format="png", **YEAR).facts
    assert again["hotspots"] == first["hotspots"] and again["n_reports"] == first["n_reports"]
    part = ask(services, area=spot["wijk"], **YEAR).facts
    told = {h["id"]: h["n"] for h in part["hotspots"]}
    assert told and told.items() <= {h["id"]: h["n"] for h in first["hotspots"]}.items()
    assert len(store.exports()) == 3


def test_a_longer_period_that_tells_what_few_reports_in_between_say_is_refused_with_the_way_out(house):
    store, services = house
    place = quiet(services)
    place_reports(store, 14, month=2, at=place, prefix="kern")
    place_reports(store, 4, month=5, at=place, prefix="rest")
    quarter = ask(services, start=date(2025, 1, 1), end=date(2025, 3, 31))
    with pytest.raises(ExportRefused) as refused:
        ask(services, start=date(2025, 1, 1), end=date(2025, 6, 30))
    said = str(refused.value)
    assert quarter.facts["id"] in said and "dezelfde periode" in said and "minder dan 10" in said
    [line] = services.audit.lines(AUDITOR, action=Action.EXPORT_REFUSED)
    assert line.subject == quarter.facts["id"] and len(store.exports()) == 1
    assert ask(services, start=date(2024, 10, 1), end=date(2024, 12, 31)).facts, "a period without a quarter in common"


def test_a_map_is_held_against_the_hotspots_on_screen_too(house, monkeypatch):
    store, services = house
    place = quiet(services)
    place_reports(store, 11, month=2, at=place, prefix="kern")
    quarter = {"start": date(2025, 1, 1), "end": date(2025, 3, 31)}
    asked = services.snapshots.publication(LOCAL_ANALYST, SnapshotRequest(format="png", **quarter))
    shape = asked.cells.geometry[asked.cells.geometry.contains(shapely.Point(place))].iloc[0]
    spot = Spot(
        start=2025 * 4,
        quarters=4,
        id="H1-1",
        rank=1,
        shown=15,
        buurt="",
        wijk="",
        wijk_code="",
        parts_of_day=(),
        geometry=shape,
    )
    frozen = replace(store.published(), spots=(spot,), release=Release(k=10, shown={}, hidden={}))
    monkeypatch.setattr(store, "published", lambda: frozen)
    with pytest.raises(ExportRefused, match="gepubliceerde hotspots van 1 jan"):
        ask(services, **quarter)
    [line] = services.audit.lines(AUDITOR, action=Action.EXPORT_REFUSED)
    assert line.subject == "published" and store.exports() == ()


def test_a_period_that_adds_enough_is_not_refused(house):
    store, services = house
    place = quiet(services)
    place_reports(store, 14, month=2, at=place, prefix="kern")
    place_reports(store, 30, month=5, at=place, prefix="rest")
    quarter = {"start": date(2025, 1, 1), "end": date(2025, 3, 31)}
    asked = services.snapshots.publication(LOCAL_ANALYST, SnapshotRequest(format="png", **quarter))
    [mine] = asked.cells["hotspot_id"][asked.cells.geometry.contains(shapely.Point(place))]
    services.snapshots._register.keep(
        LOCAL_ANALYST, replace(asked, hotspots=tuple(h for h in asked.hotspots if h.id == mine)), "0" * 64
    )
    assert ask(services, start=date(2025, 1, 1), end=date(2025, 6, 30)).facts["hotspots"]


def test_a_wijkmanager_hands_out_frozen_years_of_own_wijken_only(house):
    store, services = house
    publish(store, services.settings, services.audit)
    spots = [s for s in store.published().spots if at_least(s.shown, k=5) >= 10]
    assert spots
    wijk, other = spots[0].wijk_code, next(c for c in services.map.city().wijken["code"] if c != spots[0].wijk_code)
    wim = Viewer(name="wim", role=Role.DISTRICT_MANAGER, wijken=frozenset({wijk}))
    year = spots[0].start // 4
    facts = ask(services, wim, start=date(year, 3, 3), end=date(year, 4, 4)).facts
    assert facts["period"] == {"from": f"{year}-01-01", "to": f"{year}-12-31"}
    assert {h["id"] for h in facts["hotspots"]} == {
        s.id for s in spots if s.wijk_code == wijk and s.start == spots[0].start
    }
    assert facts["method"]["published_version"] == 1 and facts["n_elsewhere"] is None
    assert facts["filters"]["area"] == services.map.city().area_name(wijk)
    assert ask(services, wim, start=date(year, 3, 3), end=date(year, 4, 4), area=wijk).facts["hotspots"]
    for area in (other, "Dordt West", "Atlantis"):
        with pytest.raises(UnknownArea) as refused:
            ask(services, wim, area=area)
        assert len(refused.value.known) == 1
    with pytest.raises(ExportRefused, match="kalenderjaar"):
        ask(services, wim, start=date(2019, 1, 1), end=date(2019, 12, 31))


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
def test_whoever_may_not_hand_out_maps_is_denied_and_nothing_is_written_down(house, role):
    store, services = house
    with pytest.raises(Denied):
        ask(services, Viewer(name="x", role=role))
    assert store.exports() == ()


def test_a_frozen_figure_rests_on_at_least_what_its_rounded_parts_can_be():
    assert [at_least(n, k=5) for n in (0, 5, 10, 15, 20)] == [0, 5, 8, 13, 16]
    assert at_least(10, k=3) == 6


def test_coarser_cells_hold_the_finer_ones_and_lie_on_their_own_grid():
    fine = disclosure.cells(
        pd.Series([105_130.0, 105_310.0]).to_numpy(), pd.Series([425_020.0, 425_480.0]).to_numpy(), cell_m=50
    )
    coarse = disclosure.coarser(fine, cell_m=100)
    assert coarse.covers(fine) and (shapely.get_coordinates(coarse) % 100 == 0).all()
    assert coarse.area < 4 * fine.area
    assert json.dumps(shapely.to_wkt(coarse))
