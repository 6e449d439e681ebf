"""Freezing: what is published of a store, when it changes, and what never does."""

from datetime import date, datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from sqlalchemy import update

from data import publishing
from data.publishing import PublishingError
from data.store.engine import writing
from data.store.tables import imports
from geo.crs import RD
from geo.disclosure import PublishRule
from geo.hotspots import Surroundings
from geo.publish import CITY, Cell
from tests.conftest import batch_of

TODAY = date(2026, 2, 1)  # the last quarter of 2025 is closed
YEAR = 2025 * 4
NEVER = date(1990, 1, 1)
COLUMNS = 2  # buurten lie beside each other, 500 m wide; two a wijk
X, Y = 105_000.0, 425_000.0


def buurten(n=4, width=500.0):
    codes = [f"BU{i}" for i in range(n)]
    shapes = [shapely.box(X + i * width, Y, X + (i + 1) * width, Y + 500) for i in range(n)]
    return gpd.GeoDataFrame(
        {
            "code": codes,
            "name": codes,
            "wijk_code": [f"WK{i // COLUMNS}" for i in range(n)],
            "gemeente_code": "GM0505",
            "inhabitants": np.full(n, np.nan),
            "water": False,
        },
        geometry=shapes,
        crs=RD,
    )


def put(store, n, *, buurt=0, month=2, prefix="r", **given):
    """n reports in a heap in one buurt, on different days of a month of 2025."""
    rng = np.random.default_rng(abs(hash((n, buurt, month))) % 1000)
    rows = [
        {
            "source_id": f"{prefix}-{buurt}-{month}-{i}",
            "x": X + buurt * 500 + 250 + rng.normal(0, 12),
            "y": Y + 250 + rng.normal(0, 12),
            "event_date": pd.Timestamp(2025, month, 1 + i % 27),
            "categories": "nastaren",
        }
        for i in range(n)
    ]
    with store.importing() as transaction:
        transaction.write(batch_of(*rows, **given))


def freeze(store, *, k=5, today=TODAY, keep_from=NEVER):
    around = Surroundings(buurten=store.areas("buurt").sort_values("code", ignore_index=True))
    return publishing.freeze(
        store, surroundings=around, rule=PublishRule(k=k, cell_m=50), eps_m=75.0, today=today, keep_from=keep_from
    )


@pytest.fixture
def city(store):
    """Thirty reports in the first buurt, twelve in the third, one in the second."""
    store.replace_areas("buurt", buurten(), attribution="test")
    put(store, 30)
    put(store, 12, buurt=2, month=5)
    put(store, 1, buurt=1)
    with writing(store._engine) as connection:  # as if imported long ago: freezing goes by the second
        connection.execute(update(imports).values(imported_at=datetime(2025, 6, 1)))
    return store


def test_a_closed_year_shows_what_rests_on_enough_reports_and_the_rest_as_nothing(city):
    made = freeze(city).published
    assert made.release.shown[Cell("BU0", YEAR, 4)] == 30
    assert made.release.shown[Cell("BU2", YEAR, 4)] == 10
    assert Cell("BU1", YEAR, 4) in made.release.hidden and Cell(CITY, YEAR, 4) in made.release.shown
    assert publishing.audit(made).leaks == ()


def test_a_year_has_its_hotspots_as_grid_cells_with_figures_that_the_buurten_bear(city):
    spots = freeze(city).published.spots
    assert {(s.wijk_code, s.shown, s.start, s.quarters) for s in spots} == {("WK0", 30, YEAR, 4), ("WK1", 10, YEAR, 4)}
    assert [s.rank for s in spots] == [1, 2] and all(s.parts_of_day == () for s in spots)
    corners = np.vstack([shapely.get_coordinates(s.geometry) for s in spots])
    assert (corners % 50 == 0).all()


def test_the_same_store_again_changes_nothing_and_an_open_quarter_is_not_published(city):
    first = freeze(city)
    again = freeze(city)
    assert first.changed and not again.changed and again.published.release == first.published.release
    assert max(first.quarters) == YEAR + 3 and not freeze(city, today=date(2026, 4, 29)).quarters
    assert freeze(city, today=date(2026, 4, 30)).quarters == (YEAR + 4,)


def test_a_few_late_reports_change_nothing_and_k_of_them_revise_their_quarter(city):
    before = freeze(city).published
    put(city, 4, buurt=2, month=5, prefix="late")
    assert not freeze(city).changed
    put(city, 1, buurt=2, month=5, prefix="later")
    after = freeze(city)
    assert after.n_revised == 1 and after.published.release.shown[Cell("BU2", YEAR, 4)] == 15
    assert after.published.release.shown[Cell("BU0", YEAR, 4)] == before.release.shown[Cell("BU0", YEAR, 4)]


def test_a_hotspot_where_something_was_revised_goes_and_does_not_come_back(city):
    freeze(city)
    put(city, 6, buurt=2, month=5, prefix="late")
    assert [s.wijk_code for s in freeze(city).published.spots] == ["WK0"]
    freeze(city, today=date(2026, 5, 1))
    assert [s.wijk_code for s in city.published().spots] == ["WK0"]


def test_reports_that_came_after_their_quarter_was_frozen_are_in_no_hotspot(city):
    freeze(city, today=date(2025, 11, 1))
    put(city, 4, buurt=2, month=5, prefix="late")
    put(city, 4, buurt=0, month=2, prefix="late")
    spots = {s.wijk_code: s.shown for s in freeze(city).published.spots}
    assert spots == {"WK0": 30, "WK1": 10}, "34 would be 35"


def test_quarters_whose_reports_were_let_go_of_stay_as_they_are(city):
    shown = freeze(city).published.release.shown
    with city.importing() as transaction:
        transaction.write(batch_of(withdrawn=[f"r-0-2-{i}" for i in range(20)]))
    kept = freeze(city, keep_from=date(2026, 1, 1))
    assert not kept.changed and kept.published.release.shown == shown
    assert freeze(city).published.release.shown[Cell("BU0", YEAR, 4)] == 10


def test_other_borders_are_refused_until_the_publication_is_restarted_from_the_present_quarter(city):
    freeze(city)
    city.replace_areas("buurt", buurten(width=400.0), attribution="test")
    with pytest.raises(PublishingError, match="restart"):
        freeze(city)
    assert publishing.restart(city, today=TODAY) == 2026 * 4
    assert not freeze(city).changed and not city.published().release.shown
    put(city, 9, prefix="new", buurt=0, month=3)
    later = freeze(city, today=date(2026, 5, 1))
    assert set(later.published.quarters) == {2026 * 4}, "what was published with the old borders is not shown again"


def test_a_stricter_rule_decides_all_again_and_a_restart_of_nothing_is_refused(store, city):
    shown = freeze(city).published.release.shown
    strict = freeze(city, k=15).published
    assert set(strict.release.shown) < set(shown) and strict.spots == ()
    assert Cell("BU2", YEAR, 4) in strict.release.hidden


def test_restarting_before_anything_was_published_is_refused(store):
    store.replace_areas("buurt", buurten(), attribution="test")
    with pytest.raises(PublishingError, match="nog niets gepubliceerd"):
        publishing.restart(store, today=TODAY)


def test_two_who_freeze_at_once_publish_once(city, monkeypatch):
    stale = city.published()
    freeze(city)
    monkeypatch.setattr(city, "published", lambda: stale)
    with pytest.raises(PublishingError, match="Iemand anders"):
        freeze(city)
