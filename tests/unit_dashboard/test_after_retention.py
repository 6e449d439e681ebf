"""Exact places are kept for a year: the hotspots, and the default point that is none, outlive them."""

import shutil
from datetime import date

import pytest

from dashboard.services import services_for
from dashboard.state import FilterState
from data import retention
from data.settings import Settings
from data.store import ReportStore
from data.viewer import LOCAL_ANALYST
from geo import report


@pytest.mark.parametrize("days", [(date(2026, 11, 21),), (date(2026, 11, 21), date(2027, 5, 1), date(2028, 3, 1))])
def test_the_demos_hotspots_stay_and_its_default_pin_never_becomes_one(demo_store_path, tmp_path, days):
    path = tmp_path / "stad.sqlite"
    shutil.copy(demo_store_path, path)
    settings = Settings(store=str(path), audit_key=str(tmp_path / "key"))
    with ReportStore.open(settings.store) as store:
        services = services_for(store, settings)
        before = services.map.overview(LOCAL_ANALYST, FilterState())
        for today in days:
            retention.apply(store, settings, today=today)
        after = services.map.overview(LOCAL_ANALYST, FilterState())
    assert {h.id for h in after.shown} == {h.id for h in before.shown}
    assert after.left_out == before.left_out and after.left_out[report.DEFAULT_POINT] == 30
    assert all(abs(b.n - a.n) <= 2 for b in before.shown for a in after.shown if a.id == b.id)
