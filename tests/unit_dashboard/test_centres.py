"""A pile of reports exactly on the middle of a buurt, wijk or gemeente is nobody's place: recognised and left out."""

import json
import shutil

import numpy as np
import pytest
import shapely

from dashboard.services import services_for
from dashboard.state import FilterState
from data.settings import Settings
from data.store import ReportStore
from data.viewer import LOCAL_ANALYST
from geo import exclusions, report
from tests.conftest import batch_of

N = 5  # fewer than make a pile stand out by itself, enough on a place that is known to be nobody's


def pile(x, y, name):
    """N reports on one coordinate, on different days."""
    days = np.arange("2025-03-01", "2025-12-01", np.timedelta64(37, "D"), dtype="datetime64[D]")[:N]
    return batch_of(
        *(
            {
                "source_id": f"{name}-{i}",
                "x": round(x, 2),
                "y": round(y, 2),
                "event_date": day,
                "event_minute": 60.0 * i,
            }
            for i, day in enumerate(days.astype("datetime64[ns]"))
        )
    )


@pytest.fixture
def city(demo_store_path, tmp_path):
    """A copy of the demo city that may be written to: path, store."""
    path = tmp_path / "stad.sqlite"
    shutil.copy(demo_store_path, path)
    with ReportStore.open(str(path)) as store:
        yield path, store


def left_out_piles(path, store):
    """(x, y) in centimetres -> how many reports of the pile are left out as a default point."""
    found = services_for(store, Settings(store=str(path))).review.left_out(LOCAL_ANALYST, FilterState())
    rows = [row for group in found.groups if group.reason == report.DEFAULT_POINT for row in group.rows]
    return {(row.subject.x_cm, row.subject.y_cm): row.n for row in rows}


@pytest.mark.parametrize("level", ["buurt", "wijk", "gemeente"])
def test_a_pile_on_the_middle_of_an_area_is_left_out_as_a_default_point(city, command, level):
    path, store = city
    areas = store.areas(level)
    assert len(areas)
    [middle] = shapely.get_coordinates(shapely.centroid(areas.geometry.iloc[[0]].to_numpy()))
    before = left_out_piles(path, store)
    told = json.loads(command("hotspots", "--store", path, "--json")[1])["left_out"][report.DEFAULT_POINT]
    with store.importing() as transaction:
        transaction.write(pile(*middle, "midden"))
    after = left_out_piles(path, store)
    new = {place: n for place, n in after.items() if place not in before}
    assert new == {(round(100 * middle[0]), round(100 * middle[1])): N}
    found = json.loads(command("hotspots", "--store", path, "--eps", 75, "--min-samples", N, "--json")[1])
    assert found["left_out"][report.DEFAULT_POINT] == told + N
    assert not any(np.hypot(h["centre"]["x"] - middle[0], h["centre"]["y"] - middle[1]) < 1 for h in found["hotspots"])


def test_the_same_pile_beside_the_middle_is_a_place_like_any_other(city):
    path, store = city
    middles = exclusions.centres(store.areas(level) for level in ("buurt", "wijk", "gemeente"))
    [x, y] = middles[0] + [2.0, 0.0]
    assert np.hypot(*(middles - [x, y]).T).min() > exclusions.KNOWN_WITHIN_M
    before = left_out_piles(path, store)
    with store.importing() as transaction:
        transaction.write(pile(x, y, "ernaast"))
    assert left_out_piles(path, store) == before
