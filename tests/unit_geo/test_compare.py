"""Two periods compared: exact ratios against scipy, and a campaign that is not a rise."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, fisher_exact, poisson_means_test

from geo import compare as c
from geo.calendar import Mark, MarkKind
from geo.compare import Comparison, Period, Verdict, compare, rate_ratio

YEAR1 = Period(start=date(2024, 1, 1), end=date(2024, 12, 31))
YEAR2 = Period(start=date(2025, 1, 1), end=date(2025, 12, 31))
COUNT = st.integers(0, 200)


@settings(deadline=None)
@given(COUNT, COUNT, st.integers(1, 400), st.integers(1, 400))
def test_the_ratios_interval_is_the_exact_binomial_one(before, after, d1, d2):
    ratio, low, high, p = (float(v[0]) for v in rate_ratio(before, after, days_before=d1, days_after=d2))
    if before + after == 0:
        assert np.isnan(ratio) and (low, high, p) == (0.0, np.inf, 1.0)
        return
    interval = binomtest(after, before + after).proportion_ci(method="exact")
    assert low == pytest.approx(interval.low / (1 - interval.low) * d1 / d2)
    assert high == (pytest.approx(interval.high / (1 - interval.high) * d1 / d2) if before else np.inf)
    assert low <= ratio <= high
    assert (p <= 0.05) == (not low <= 1 <= high) or abs(p - 0.05) < 1e-6


def test_p_comes_near_scipys_unconditional_test():
    _, _, _, p = rate_ratio(30, 55, days_before=365, days_after=365)
    assert float(p[0]) == pytest.approx(poisson_means_test(30, 365, 55, 365).pvalue, abs=0.01)


def test_the_share_test_is_fishers():
    found = compare([10, 40], [25, 41], first=YEAR1, second=YEAR2, total_before=200, total_after=210)
    for one in found:
        table = [[one.after, 210 - one.after], [one.before, 200 - one.before]]
        tails = [fisher_exact(table, alternative=side).pvalue for side in ("less", "greater")]
        assert one.share_p == pytest.approx(min(1.0, 2 * min(tails)))
        assert one.share_low < one.share_ratio < one.share_high
    assert found[0].share_q >= found[0].share_p


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 300), st.integers(0, 300))
def test_turning_the_periods_around_turns_the_answer_around(before, after, rest1, rest2):
    t1, t2 = before + rest1, after + rest2
    (there,) = compare([before], [after], first=YEAR1, second=YEAR2, total_before=t1, total_after=t2)
    (back,) = compare([after], [before], first=YEAR2, second=YEAR1, total_before=t2, total_after=t1)
    mirrored = {Verdict.RISE: Verdict.FALL, Verdict.FALL: Verdict.RISE, Verdict.NO_EVIDENCE: Verdict.NO_EVIDENCE}
    assert back.verdict == mirrored[there.verdict]
    assert back.share_p == pytest.approx(there.share_p)
    assert back.p == pytest.approx(there.p)


def test_a_campaign_that_doubles_the_whole_city_is_not_called_a_rise():
    (found,) = compare(
        [40],
        [85],
        first=YEAR1,
        second=YEAR2,
        total_before=400,
        total_after=830,
        campaigns=[
            Mark(kind=MarkKind.CAMPAIGN, name="Orange the World", start=date(2025, 11, 25), end=date(2025, 12, 10))
        ],
    )
    assert found.p < 0.001 and found.low > 1
    assert found.verdict is Verdict.NO_EVIDENCE
    assert found.remarks == (c.REGRESSION_TO_THE_MEAN, c.MARKED, c.WITH_THE_CITY)


@pytest.mark.parametrize(("after", "verdict"), [(90, Verdict.RISE), (10, Verdict.FALL), (44, Verdict.NO_EVIDENCE)])
def test_an_area_that_changes_more_than_the_city_is_called_so(after, verdict):
    (found,) = compare([40], [after], first=YEAR1, second=YEAR2, total_before=400, total_after=400)
    assert found.verdict is verdict
    assert c.REGRESSION_TO_THE_MEAN in found.remarks


def test_among_many_areas_chance_finds_are_rare():
    rng = np.random.default_rng(1)
    flagged = 0
    for _ in range(50):
        before, after = rng.poisson(12, 100), rng.poisson(12, 100)
        totals = {"total_before": int(before.sum()), "total_after": int(after.sum())}
        found = compare(before, after, first=YEAR1, second=YEAR2, **totals)
        flagged += any(one.verdict is not Verdict.NO_EVIDENCE for one in found)
    assert flagged <= 5


def test_too_few_reports_say_how_many_would_do():
    (found,) = compare([0], [5], first=YEAR1, second=YEAR2, total_before=100, total_after=100)
    assert found.n_needed == 6 and c.TOO_FEW in found.remarks and found.verdict is Verdict.NO_EVIDENCE
    assert c.n_needed(days_before=365, days_after=365) == 6
    _, _, _, p = rate_ratio([0, 0], [5, 6], days_before=1, days_after=1)
    assert p[0] > 0.05 >= p[1]


def test_an_empty_city_or_period_gives_no_evidence_and_no_areas_give_nothing():
    (found,) = compare([0], [3], first=YEAR1, second=YEAR2, total_before=0, total_after=9)
    assert isinstance(found, Comparison) and found.verdict is Verdict.NO_EVIDENCE
    assert np.isnan(found.share_before) and np.isnan(found.share_ratio) and found.ratio == np.inf
    (nobody,) = compare([0], [0], first=YEAR1, second=YEAR2, total_before=0, total_after=0)
    assert np.isnan(nobody.ratio) and nobody.p == 1.0
    assert compare([], [], first=YEAR1, second=YEAR2, total_before=0, total_after=0) == ()


def test_the_whole_city_has_no_share_to_change():
    (found,) = compare([100], [300], first=YEAR1, second=YEAR2, total_before=100, total_after=300)
    assert found.verdict is Verdict.NO_EVIDENCE and found.share_ratio == 1.0 and found.share_p == 1.0


LAW = Mark(kind=MarkKind.CAMPAIGN, name="Wet seksuele misdrijven", start=date(2024, 7, 1), end=None)
APP = Mark(kind=MarkKind.CAMPAIGN, name="Start meldapp", start=date(2025, 4, 1), end=date(2025, 5, 12), factor=1.8)


@pytest.mark.parametrize(
    ("first", "last", "names"),
    [
        pytest.param("2024-01-01", "2024-06-30", [], id="before both"),
        pytest.param("2024-01-01", "2024-07-01", [LAW.name], id="the law's first day"),
        pytest.param("2025-05-12", "2025-06-01", [LAW.name, APP.name], id="the app's last day"),
        pytest.param("2025-05-13", "2026-06-01", [LAW.name], id="a law lasts"),
    ],
)
def test_campaigns_mark_the_periods_they_touch(first, last, names):
    period = Period(start=date.fromisoformat(first), end=date.fromisoformat(last))
    assert [m.name for m in c.marked([APP, LAW], period)] == names


def test_what_lies_in_both_periods_explains_no_difference():
    assert c.differing([APP, LAW], YEAR1, YEAR2) == (APP,)


def test_nonsense_is_refused_by_name():
    with pytest.raises(ValueError, match="2024-01-01"):
        Period(start=date(2024, 2, 1), end=date(2024, 1, 1))
    with pytest.raises(ValueError, match="Lente"):
        Mark(kind=MarkKind.CAMPAIGN, name="Lente", start=date(2024, 2, 1), end=date(2024, 1, 1))
    with pytest.raises(ValueError, match="factor = 0"):
        Mark(kind=MarkKind.CAMPAIGN, name="Lente", start=date(2024, 2, 1), end=None, factor=0)
    totals = {"total_before": 9, "total_after": 9}
    with pytest.raises(ValueError, match="overlap"):
        compare([1], [1], first=YEAR1, second=YEAR1, **totals)
    with pytest.raises(ValueError, match="more reports than the city"):
        compare([10], [1], first=YEAR1, second=YEAR2, **totals)
    with pytest.raises(ValueError, match="whole numbers"):
        compare([np.nan], [1], first=YEAR1, second=YEAR2, **totals)
    with pytest.raises(ValueError, match="same areas"):
        compare([1, 2], [1], first=YEAR1, second=YEAR2, **totals)
    with pytest.raises(ValueError, match="days_after = 0"):
        rate_ratio(1, 1, days_before=1, days_after=0)
