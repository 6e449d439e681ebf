"""A year of asking everything every day: nothing that is published tells one report from another; exact counts do."""

from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data import publishing
from data.store import ReportStore
from geo.crs import RD
from geo.disclosure import PublishRule, last_closed, rounded
from geo.hotspots import Surroundings
from geo.publish import CITY, quarter_number
from tests.conftest import batch_of

pytestmark = [pytest.mark.harden, pytest.mark.slow]
K = 5
A_YEAR = 1_500
FIRST, LAST = date(2025, 2, 1), date(2026, 1, 31)  # the year in which is asked
WIJKEN, BUURTEN, SIDE = 4, 3, 600.0
X, Y = 104_000.0, 420_000.0
NEVER = date(1990, 1, 1)


def city():
    at = [(w, b) for w in range(WIJKEN) for b in range(BUURTEN)]
    return gpd.GeoDataFrame(
        {
            "code": [f"BU{w}{b}" for w, b in at],
            "name": [f"buurt {w}{b}" for w, b in at],
            "wijk_code": [f"WK{w}" for w, _ in at],
            "gemeente_code": "GM0505",
            "inhabitants": np.nan,
            "water": False,
        },
        geometry=[shapely.box(X + w * SIDE, Y + b * SIDE, X + (w + 1) * SIDE, Y + (b + 1) * SIDE) for w, b in at],
        crs=RD,
    )


def two_years(rng):
    """Reports with event day, arrival (one in ten comes weeks to months late) and withdrawal (one in fifty, NaT: none)."""
    n = 2 * A_YEAR
    weight = rng.dirichlet(np.full(WIJKEN * BUURTEN, 0.8))
    buurt = rng.choice(WIJKEN * BUURTEN, n, p=weight)
    heap = rng.random(n) < 0.4  # in a heap in the middle of the buurt, the others anywhere in it
    spread = np.where(heap[:, None], rng.normal(0.5, 0.03, (n, 2)), rng.uniform(0.02, 0.98, (n, 2)))
    event = pd.Timestamp(2024, 2, 1) + pd.to_timedelta(rng.integers(0, 730, n), unit="D")
    late = np.where(rng.random(n) < 0.1, rng.integers(20, 250, n), rng.integers(0, 4, n))
    gone = np.where(rng.random(n) < 0.02, late + rng.integers(1, 200, n), 10**4)
    return pd.DataFrame(
        {
            "source_id": [f"r{i}" for i in range(n)],
            "buurt": [f"BU{b // BUURTEN}{b % BUURTEN}" for b in buurt],
            "x": X + (buurt // BUURTEN + spread[:, 0]) * SIDE,
            "y": Y + (buurt % BUURTEN + spread[:, 1]) * SIDE,
            "event_date": event,
            "event_minute": rng.integers(0, 1440, n).astype(float),
            "categories": rng.choice(["nastaren", "nafluiten", "achtervolgen"], n),
            "arrives": event + pd.to_timedelta(late, unit="D"),
            "gone": event + pd.to_timedelta(gone, unit="D"),
        }
    )


def bring(store, reports, withdrawn=()):
    columns = ["source_id", "x", "y", "event_date", "event_minute", "categories"]
    with store.importing() as transaction:
        transaction.write(batch_of(*reports[columns].to_dict("records"), withdrawn=withdrawn))


def recounted(reports, now):
    """Figures of every buurt's closed quarter as they would stand today: counted anew, hidden below k and rounded."""
    here = reports[(reports["arrives"] <= now) & (reports["gone"] > now)]
    quarter = quarter_number(here["event_date"].to_numpy("datetime64[D]"))
    closed = quarter <= publishing.quarter(last_closed(now.date()))
    return here[closed].groupby(["buurt", quarter[closed]]).size().to_dict()


def told(before, after):
    """Figures that visibly change although at least one and fewer than k reports did."""
    figure = {n: rounded(n) if n >= K else 0 for n in {0, *before.values(), *after.values()}}
    pairs = [(before.get(key, 0), after.get(key, 0)) for key in before.keys() | after.keys()]
    return sum(1 <= abs(a - b) < K and figure[a] != figure[b] for a, b in pairs)


def everything_seen(published, wijk):
    """Each answer to a wijkmanager: every window, own wijk and buurten, breakdowns, the city's total, and the hotspots.

    A map that a wijkmanager hands out shows some of these hotspots, with these figures.
    """
    own = {wijk, CITY, *(p for p, parent in published.places.items() if parent == wijk)}
    seen = {cell: n for cell, n in published.release.shown.items() if cell.place in own}
    spots = {(s.id, s.start): s.shown for s in published.spots if s.wijk_code == wijk}
    return seen | spots


def test_a_year_of_daily_questions_isolates_no_report_and_exact_daily_counts_isolate_many(tmp_path, capsys):
    reports = two_years(np.random.default_rng(2025))
    buurten = city()
    isolated, naive, n_asked, versions, leaks = 0, 0, 0, 0, 0
    exact: dict[str, int] = {}
    singles = set()
    with ReportStore.open(str(tmp_path / "stad.sqlite")) as store:
        store.replace_areas("buurt", buurten, attribution="verzonnen")
        around = Surroundings(buurten=store.areas("buurt").sort_values("code", ignore_index=True))
        start = pd.Timestamp(FIRST)
        bring(store, reports[(reports["arrives"] < start) & (reports["gone"] >= start)])
        day, last, wijken = FIRST, None, [f"WK{w}" for w in range(WIJKEN)]
        here = reports[(reports["arrives"] < start) & (reports["gone"] >= start)]
        exact = here["buurt"].value_counts().to_dict()
        while day <= LAST:
            now = pd.Timestamp(day)
            new = reports[(reports["arrives"] == now) & (reports["gone"] > now)]
            gone = reports[(reports["gone"] == now) & (reports["arrives"] < now)]
            if len(new) or len(gone):
                bring(store, new, withdrawn=list(gone["source_id"]))
            # exact counts under a slider: the day's own count of a buurt, and what today's total has over yesterday's
            count = exact.copy()
            for buurt, sign in [*((b, 1) for b in new["buurt"]), *((b, -1) for b in gone["buurt"])]:
                count[buurt] = count.get(buurt, 0) + sign
            for buurt, n in count.items():
                if n - exact.get(buurt, 0) == 1 and (new["buurt"] == buurt).sum() == 1:
                    singles.add(new["source_id"][new["buurt"] == buurt].iloc[0])
            exact = count
            made = publishing.freeze(
                store, surroundings=around, rule=PublishRule(k=K, cell_m=50), eps_m=75.0, today=day, keep_from=NEVER
            )
            seen = {wijk: everything_seen(made.published, wijk) for wijk in wijken}
            n_asked += sum(map(len, seen.values()))
            anew = recounted(reports, now)
            if last is not None:
                closed = quarter_of_close(day) == quarter_of_close(day - timedelta(days=1))
                naive += told(last[1], anew) if closed else 0
                isolated += handfuls(last[0].ledger, made.published.ledger, frozen=set(last[0].quarters))
            if made.changed:
                versions += 1
                quarters = made.published.quarters
                ties = publishing.ties_of(made.published.places, first=min(quarters), last=max(quarters))
                leaks += len(publishing.audit(made.published.release, ties, unions=10).leaks)
            last = (made.published, anew)
            day += timedelta(days=1)
        n_shown = len(made.published.release.shown)
    with capsys.disabled():
        print(
            f"\na year, {A_YEAR} reports a year: {n_asked:,} published answers, {versions} versions, {n_shown} figures shown: "
            f"{isolated} changes are about fewer than {K} reports, {leaks} sets derivable; counted anew every day, hidden below {K} "
            f"and rounded: {naive} visible changes about fewer than {K}; exact daily counts isolate {len(singles)} single reports"
        )
    assert (isolated, leaks) == (0, 0) and naive > 10
    assert versions >= 4 and n_shown > 100 and len(made.published.spots) > 0
    assert len(singles) > 500


def quarter_of_close(day):
    """The last quarter that is closed on a day."""
    return publishing.quarter(last_closed(day))


def handfuls(before, after, *, frozen):
    """Buurt quarters that had been frozen and changed by at least one and fewer than k reports."""
    sums = [t[t["quarter"].isin(frozen)].groupby(["buurt", "quarter"])["n"].sum() for t in (before, after)]
    change = sums[1].sub(sums[0], fill_value=0).abs()
    return int(((change >= 1) & (change < K)).sum())
