"""A campaign is not called a rise: more reports everywhere is no more of what they are about."""

import json
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from dashboard.state import FilterState
from data.demo import outline
from data.demo.reports import noise_city
from data.viewer import LOCAL_ANALYST
from geo import report
from geo.calendar import campaigns
from geo.compare import MARKED, WITH_THE_CITY, Period, Verdict, compare, rate_ratio
from geo.context_quarters import next_quarter
from geo.join import OUTSIDE, assign

BEFORE = Period(start=date(2025, 1, 1), end=date(2025, 3, 31))
CAMPAIGN = Period(start=date(2025, 4, 1), end=date(2025, 6, 30))  # "Start meldapp" lies in it
SEEDS = 40
N = 2_000


@pytest.fixture
def demo(demo_services):
    """The demo's context and its campaigns."""
    found = demo_services.context.of(LOCAL_ANALYST, FilterState())
    return found, campaigns(found.marks)


def held(before, after, *, totals, marks):
    return compare(
        before, after, first=BEFORE, second=CAMPAIGN, total_before=totals[0], total_after=totals[1], campaigns=marks
    )


def test_the_citys_count_rises_in_the_quarter_of_the_campaign(demo):
    found, _ = demo
    at = found.quarters.starts.index(CAMPAIGN.start)
    before, after = found.quarters.totals[at - 1 : at + 1]
    _, low, _, p = rate_ratio([before], [after], days_before=BEFORE.days, days_after=CAMPAIGN.days)
    assert after > 1.4 * before and low[0] > 1 and p[0] < 0.01


def test_no_hotspot_is_called_a_rise_and_the_campaign_is_said_to_lie_there(demo):
    found, marks = demo
    at = found.quarters.starts.index(CAMPAIGN.start)
    counts = np.array([h.quarters.counts for h in found.hotspots])
    answers = held(counts[:, at - 1], counts[:, at], totals=found.quarters.totals[at - 1 : at + 1], marks=marks)
    assert len(answers) == len(found.hotspots) >= 10
    assert [a.verdict for a in answers if a.verdict is Verdict.RISE] == []
    assert all(MARKED in a.remarks for a in answers)


def test_no_buurt_is_called_a_rise_in_the_quarter_of_the_campaign(demo_services, demo):
    _, marks = demo
    reports, positions, _ = demo_services.map.clustered(LOCAL_ANALYST, FilterState())
    before, after = _counts(reports["event_date"].to_numpy(), positions, len(demo_services.map.city().buurten))
    answers = held(before, after, totals=(int(before.sum()), int(after.sum())), marks=marks)
    assert len(answers) > 50
    assert all(a.verdict is not Verdict.RISE and MARKED in a.remarks for a in answers)


def test_the_noise_city_has_a_rising_area_no_more_often_than_alpha_allows():
    areas = outline.outlines()
    called = counted_up = 0
    for seed in range(SEEDS):
        reports = noise_city(seed, N)
        positions = assign(reports["x"].to_numpy(), reports["y"].to_numpy(), areas, tolerance_m=1.0)
        before, after = _counts(reports["event_date"].to_numpy(), positions, len(areas))
        answers = held(before, after, totals=(int(before.sum()), int(after.sum())), marks=())
        called += any(a.verdict is Verdict.RISE for a in answers)
        counted_up += any(WITH_THE_CITY in a.remarks and a.ratio > 1 for a in answers)
    assert called <= 0.05 * SEEDS + 2  # two beyond the expected two: P ≤ 5 % were alpha exactly reached
    assert counted_up > SEEDS / 2  # the count alone would have called many a rise


def test_the_calendar_of_the_demo_is_filled_as_a_users_is(demo):
    found, marks = demo
    assert [c.name for c in marks] == ["Start meldapp", "Orange the World"]
    assert found.holidays_known


def test_planted_places_lead_the_kind_of_life_they_were_given(demo_services, demo, demo_files):
    truth = json.loads((demo_files / "waarheid.json").read_text(encoding="utf-8"))["hotspots"]
    _, _, result = demo_services.map.clustered(LOCAL_ANALYST, FilterState())
    apart = np.array([[np.hypot(h.x - t["x"], h.y - t["y"]) for h in result.hotspots] for t in truth])
    found, _ = demo
    lives = {t["id"]: found.of(result.hotspots[i].id).life for t, i in zip(truth, apart.argmin(axis=1), strict=True)}
    assert lives == {t["id"]: t["class"] for t in truth}


def test_the_quarters_of_the_demo_are_its_eight_and_hold_every_counted_report(demo_services, demo):
    found, _ = demo
    starts = found.quarters.starts
    assert starts[0] == date(2024, 10, 1) and len(starts) == 8
    assert all(next_quarter(a) == b for a, b in pairwise(starts))
    reports, _, _ = demo_services.map.clustered(LOCAL_ANALYST, FilterState())
    assert sum(found.quarters.totals) == len(reports)
    assert not report.has(reports["flags"], report.PROBABLE_DUPLICATE).any()


def _counts(days, positions, n):
    """Reports per area in the quarter before and in that of the campaign."""
    return tuple(
        np.bincount(
            positions[(positions != OUTSIDE) & (days >= np.datetime64(p.start)) & (days <= np.datetime64(p.end))],
            minlength=n,
        )
        for p in (BEFORE, CAMPAIGN)
    )
