"""The context of a view: kept while nothing changes, and of the whole past whatever the period looked at."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from dashboard.services import services_for
from dashboard.state import FilterState
from data.calendar import mark
from data.settings import Settings
from data.viewer import LOCAL_ANALYST, Denied, Role, Viewer


@pytest.fixture
def services(store, make_batch):
    """A store with a hotspot of ten reports on ten days over five quarters, and its services."""
    days = pd.date_range("2024-01-02", "2025-03-30", periods=10).normalize()
    rows = [{"source_id": str(i), "x": 105_000.0 + 3 * i, "event_date": day} for i, day in enumerate(days)]
    with store.importing() as transaction:
        transaction.write(make_batch(*rows))
    return services_for(store, Settings())


def test_an_answer_is_kept_until_the_calendar_changes_and_whatever_area_is_looked_at(services, store):
    state = FilterState(min_samples=5)
    first = services.context.of(LOCAL_ANALYST, state)
    assert services.context.of(LOCAL_ANALYST, replace(state, area="BU1")) is first
    assert first.marks == () and not first.holidays_known
    store.add_to_calendar([mark(kind="law", name="Wet", first="2024-07-01")])
    again = services.context.of(LOCAL_ANALYST, state)
    assert again is not first and [m.name for m in again.marks] == ["Wet"]


def test_a_view_of_one_quarter_still_has_all_quarters_behind_it(services):
    state = FilterState(min_samples=2, start=date(2025, 1, 1), end=date(2025, 3, 31))
    found = services.context.of(LOCAL_ANALYST, state)
    [context] = found.hotspots
    assert context.n == found.n < 10
    assert context.quarters.starts[0] == date(2024, 1, 1) and sum(context.quarters.counts) == 10


def test_whoever_may_not_ask_freely_is_denied_a_context(services):
    manager = Viewer(name="w", role=Role.DISTRICT_MANAGER)
    with pytest.raises(Denied):
        services.context.of(manager, FilterState())
