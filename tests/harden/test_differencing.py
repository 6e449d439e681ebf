"""A year of asking everything every day: nothing that is published tells one report from another; exact counts do."""

from dataclasses import replace
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from dashboard.callbacks.published_export import request_for
from dashboard.services import services_for
from data import publishing
from data.settings import Settings
from data.store import ReportStore
from geo import ledger
from geo.crs import RD
from geo.disclosure import PublishRule, last_closed, rounded
from geo.hotspots import Surroundings
from geo.publish import Cell, Why, quarter_number
from tests.conftest import batch_of
from tests.harden.remembered import Memory, changes, exact, moved
from tests.harden.seen import HandedOut, Seen, asked, hand_out, manager, on_paper

pytestmark = [pytest.mark.harden, pytest.mark.slow]
K = 5
A_YEAR = 1_500
FIRST, LAST = date(2025, 2, 1), date(2026, 1, 31)  # the year in which is asked
WIJKEN, BUURTEN, SIDE = 4, 3, 600.0
X, Y = 104_000.0, 420_000.0
NEVER = date(1990, 1, 1)
MAPS_EVERY = 28  # days, beside each day with a new version


def city():
    at = [(w, b) for w in range(WIJKEN) for b in range(BUURTEN)]
    return gpd.GeoDataFrame(
        {
            "code": [f"BU{w}{b}" for w, b in at],
            "name": [f"buurt {w}{b}" for w, b in at],
            "wijk_code": [f"WK{w}" for w, _ in at],
            "gemeente_code": "GM0000",
            "inhabitants": np.nan,
            "water": False,
        },
        geometry=[shapely.box(X + w * SIDE, Y + b * SIDE, X + (w + 1) * SIDE, Y + (b + 1) * SIDE) for w, b in at],
        crs=RD,
    )


def wijken_of(buurten):
    whole = buurten.dissolve("wijk_code", as_index=False)
    return whole.assign(code=whole["wijk_code"], name="wijk " + whole["wijk_code"])[buurten.columns]


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


def everything_published(published, wijk):
    """Each figure that may be shown of one's own wijk and its buurten."""
    own = {wijk, *(p for p, parent in published.places.items() if parent == wijk)}
    return {cell: n for cell, n in published.release.shown.items() if cell.place in own}


def spots_published(published, wijk):
    return {(s.id, s.start): s.shown for s in published.spots if s.wijk_code == wijk}


class Wijkmanager:
    """One who asks everything, keeps what was shown, and hands out every map there is."""

    def __init__(self, services, wijk, buurten):
        self.services, self.wijk = services, wijk
        self.buurten = buurten[buurten["wijk_code"] == wijk]
        self.seen, self.paper = [], HandedOut(figures={})
        self.n_asked, self.n_odd, self.n_moved, self.n_told = 0, 0, 0, 0
        self.truth = None

    def ask(self, made, *, new, odd):
        """Ask everything today. new: there is a new version; else all must be as it was yesterday."""
        with self.services.published._cache.held():
            today = asked(self.services, manager(self.wijk), made, odd=odd)
        self.n_asked += today.n_asked
        figures = {cell: n for cell, n in today.cells.items() if n is not None}
        on_map = {key: n for key, (n, _) in today.spots.items()}
        self.n_odd += figures != everything_published(made, self.wijk) or on_map != spots_published(made, self.wijk)
        if not new:
            was = self.seen[-1]
            self.n_told += sum(was.cells[cell] != n for cell, n in today.cells.items())
            self.n_told += on_map != {key: n for key, (n, _) in was.spots.items()}
            return
        truth = exact(made.ledger)
        if self.seen:
            was = self.seen[-1]
            known = {q for cell in was.cells for q in range(cell.start, cell.start + cell.quarters)}
            change = changes(self.truth, truth, known)
            self.n_moved += sum(was.cells[cell] != today.cells.get(cell) for cell in was.cells)
            self.n_told += moved(was.cells, today.cells, change, inside=self.inside, k=K)
            before = {key: n for key, (n, _) in was.spots.items()}
            years = {start for _, start in self.paper.figures} | {start for _, start in before}
            self.n_told += sum(key[1] in years and before.get(key) != n for key, n in on_map.items())
        self.truth = truth
        self.seen.append(today)

    def inside(self, cell):
        codes = self.buurten["code"] if cell.place == self.wijk else [cell.place]
        return {(b, q) for b in codes for q in range(cell.start, cell.start + cell.quarters)}

    def hand_out(self, others=()):
        self.paper = hand_out(self.services, self.wijk, self.seen[-1], self.paper, others=others)

    def derives(self, *, guarded=True):
        """Sets of reports that all of it together isolates; with the guards away: as if whatever rests on k were shown."""
        seen = self.seen if guarded else [unguarded(one, self.wijk, self.buurten) for one in self.seen]
        memory = Memory(seen, self.wijk, self.buurten, k=K, why=True)
        memory.unions(300, np.random.default_rng(4))
        return memory.search(), len(memory.targets)


def unguarded(seen, wijk, buurten):
    """The same day without guards: every cell that rests on k reports is shown, and only those."""
    quarters = {q for cell in seen.cells for q in range(cell.start, cell.start + cell.quarters)}
    wijk_of = dict.fromkeys(buurten["code"], wijk)
    n = ledger.counts(seen.ledger, wijk_of, first=min(quarters), last=max(quarters))
    cells = {cell: rounded(n[cell]) if n.get(cell, 0) >= K else None for cell in seen.cells}
    return replace(seen, cells=cells, spots={}, hidden=dict.fromkeys(cells, Why.FEW))


def daily(store, reports):
    """Each day of the year with what was published by then: (day, what came in, what was withdrawn, the freeze)."""
    around = Surroundings(buurten=store.areas("buurt").sort_values("code", ignore_index=True))
    day = FIRST
    while day <= LAST:
        now = pd.Timestamp(day)
        first = day == FIRST
        new = reports[(reports["arrives"] <= now if first else reports["arrives"] == now) & (reports["gone"] > now)]
        gone = reports[(reports["gone"] == now) & (reports["arrives"] < now) & ~first]
        if len(new) or len(gone):
            bring(store, new, withdrawn=list(gone["source_id"]))
        rule = PublishRule(k=K, cell_m=50)
        yield (
            day,
            new,
            gone,
            publishing.freeze(store, surroundings=around, rule=rule, eps_m=75.0, today=day, keep_from=NEVER),
        )
        day += timedelta(days=1)


def test_a_year_of_daily_questions_and_maps_isolates_no_report_and_exact_daily_counts_isolate_many(tmp_path, capsys):
    reports, buurten = two_years(np.random.default_rng(2025)), city()
    isolated, naive, versions, leaks, last, anew, exactly = 0, 0, 0, 0, None, {}, {}
    singles = set()
    settings = Settings(store=str(tmp_path / "stad.sqlite"), audit_key=str(tmp_path / "key"))
    with ReportStore.open(settings.store) as store:
        store.replace_areas({"buurt": buurten, "wijk": wijken_of(buurten)}, attribution="verzonnen")
        services = services_for(store, settings)
        managers = [Wijkmanager(services, f"WK{w}", buurten) for w in range(WIJKEN)]
        for number, (day, new, gone, made) in enumerate(daily(store, reports)):
            services.snapshots._today = lambda today=day: today
            was, exactly = exactly, exact_counts(exactly, new, gone)
            before, anew = anew, recounted(reports, pd.Timestamp(day))
            if last is not None:
                singles |= told_apart(was, exactly, new)
                closed = quarter_of_close(day) == quarter_of_close(day - timedelta(days=1))
                naive += told(before, anew) if closed else 0
                isolated += handfuls(last.ledger, made.published.ledger, frozen=set(last.quarters))
            last = made.published
            if made.changed:
                versions += 1
                leaks += len(publishing.audit(last, unions=10).leaks)
            for at, who in enumerate(managers):
                if made.changed or number % WIJKEN == at:
                    who.ask(last, new=made.changed, odd=made.changed and versions % WIJKEN == at)
                if made.changed or number % MAPS_EVERY == at:
                    who.hand_out([managers[at - 1].wijk] if made.changed else [])
        services.jobs.close()
    found, aimed = zip(*(who.derives() for who in managers), strict=True)
    bare, _ = zip(*(who.derives(guarded=False) for who in managers), strict=True)
    derivable, derivable_bare, n_aimed = sum(map(len, found)), sum(map(len, bare)), sum(aimed)
    n_asked, n_odd = sum(who.n_asked for who in managers), sum(who.n_odd for who in managers)
    n_moved, n_told = sum(who.n_moved for who in managers), sum(who.n_told for who in managers)
    maps = [who.paper for who in managers]
    n_maps, n_wrong = sum(m.n_maps for m in maps), sum(m.n_wrong for m in maps)
    with capsys.disabled():
        print(
            f"\na year, {A_YEAR} reports a year, {WIJKEN} wijkmanagers: {n_asked:,} views and {n_maps} maps "
            f"({sum(m.n_empty for m in maps)} without hotspots, {sum(m.n_refused for m in maps)} refused) of {versions} versions, "
            f"{len(last.release.shown)} figures shown; {n_moved} figures moved, {n_told} of them by fewer than {K} reports; {n_wrong} maps and {n_odd} views "
            f"show another figure than is published; of {n_aimed:,} handfuls {derivable} derivable from everything together "
            f"({derivable_bare} without guards), {leaks} from one version, {isolated} changes in what is counted from; counted anew every "
            f"day, hidden below {K} and rounded: {naive} visible changes about fewer than {K}; exact daily counts isolate {len(singles)} "
            f"single reports"
        )
    assert (isolated, leaks, n_told, n_odd, n_wrong) == (0, 0, 0, 0, 0)
    assert derivable == 0, found
    assert naive > 10 and derivable_bare > 3 and len(singles) > 500
    assert versions >= 4 and len(last.release.shown) > 100 and n_moved > 20 and len(last.spots) > 0
    assert n_maps > 50 and n_aimed > 100 and sum(len(m.figures) for m in maps) > 3


def exact_counts(before, new, gone):
    """Each buurt's exact count of the day, as under a slider."""
    count = dict(before)
    for buurt, sign in [*((b, 1) for b in new["buurt"]), *((b, -1) for b in gone["buurt"])]:
        count[buurt] = count.get(buurt, 0) + sign
    return count


def told_apart(before, after, new):
    """Reports that today's exact count has over yesterday's, when there is one only."""
    own = new["buurt"].value_counts()
    alone = {b for b, n in after.items() if n - before.get(b, 0) == 1 and own.get(b, 0) == 1}
    return set(new["source_id"][new["buurt"].isin(alone)])


def quarter_of_close(day):
    """The last quarter that is closed on a day."""
    return publishing.quarter(last_closed(day))


def handfuls(before, after, *, frozen):
    """Buurt quarters that had been frozen and changed by at least one and fewer than k reports."""
    sums = [t[t["quarter"].isin(frozen)].groupby(["buurt", "quarter"])["n"].sum() for t in (before, after)]
    change = sums[1].sub(sums[0], fill_value=0).abs()
    return int(((change >= 1) & (change < K)).sum())


def by_hand(n, shown, *, wijk="WK0", quarter=8096):
    """One version by hand. n: buurt -> reports. shown: place -> the figure; what is not in it is hidden as few."""
    rows = [{"buurt": b, "quarter": quarter, "group": "words", "part_of_day": "night", "n": m} for b, m in n.items()]
    cells = {Cell(place, quarter, 1): shown.get(place) for place in (wijk, *n)}
    few = {cell: Why.FEW for cell, figure in cells.items() if figure is None}
    return Seen(cells=cells, spots={}, hidden=few, ledger=pd.DataFrame(rows).astype(ledger.COLUMNS), n_asked=0)


def together(versions):
    buurten = city()
    return Memory(versions, "WK0", buurten[buurten["wijk_code"] == "WK0"], k=K, why=True).search()


def test_the_search_finds_what_only_two_versions_together_tell():
    before = by_hand({"BU00": 12, "BU01": 2, "BU02": 2}, {"WK0": 15, "BU00": 10})
    after = by_hand({"BU00": 18, "BU01": 2, "BU02": 2}, {"WK0": 20, "BU00": 20})
    assert together([before]) == together([after]) == []
    [(what, low, high)] = together([before, after])
    assert ({key[0] for key, _ in what}, low, high) == ({"BU01", "BU02"}, 1, 4)


def test_a_part_that_moves_by_a_few_is_seen_though_its_wijk_was_revised():
    part, change = Cell("WK0", 8096, 4, "group:words"), {("BU00", 8096, ""): 6, ("BU00", 8096, "group:words"): 3}
    within = {"inside": lambda cell: {("BU00", cell.start)}, "k": K}
    assert moved({part: 10}, {part: 15}, change, **within) == 1
    assert moved({part: 10}, {part: None}, change, **within) == moved({part: 10}, {}, change, **within) == 0
    assert moved({part: 10}, {part: None}, {}, **within) == 1


@pytest.fixture
def house(tmp_path):
    """(services, freeze): a store with the city's areas; ``freeze(n, today)`` brings reports and publishes."""
    settings = Settings(store=str(tmp_path / "stad.sqlite"), audit_key=str(tmp_path / "key"))
    with ReportStore.open(settings.store) as store:
        store.replace_areas({"buurt": city(), "wijk": wijken_of(city())}, attribution="verzonnen")
        around = Surroundings(buurten=store.areas("buurt").sort_values("code", ignore_index=True))
        services = services_for(store, settings)

        def freeze(n, today):
            services.snapshots._today = lambda: today
            bring(store, in_first_quarter(n, f"{len(store.reports(publishing.PUBLISHER))}"))
            rule = PublishRule(k=K, cell_m=50)
            made = publishing.freeze(store, surroundings=around, rule=rule, eps_m=75.0, today=today, keep_from=NEVER)
            assert made.changed
            return made.published

        yield services, freeze
        services.jobs.close()


def test_a_figure_too_many_on_a_map_is_seen(house):
    services, freeze = house
    freeze({"00": 30}, date(2025, 2, 1))
    year = request_for(["2024-01-01", "WK0", "html", "A4", "overleg", "de wijk"])
    page = services.snapshots.snapshot(manager("WK0"), year).content
    assert list(on_paper(page).values()) == [30]
    for before, after in ((b"</footer>", b"<p>7 meldingen</p></footer>"), (b"ongeveer 30", b"ongeveer 31")):
        with pytest.raises(AssertionError):
            on_paper(page.replace(before, after))
    with pytest.raises(AssertionError):
        on_paper(page.replace(b'"properties":{"id":"WK0"}', b'"properties":{"id":"WK0","n":7}'))


def test_a_revision_tells_nothing_of_the_buurten_beside_it(house):
    services, freeze = house
    seen = []
    for n in ({"00": 12, "01": 2, "02": 2, "10": 100}, {"00": 6}):
        made = freeze(n, date(2024, 5, 1))
        seen.append(asked(services, manager("WK0"), made, odd=False))
    assert together(seen) == []


def in_first_quarter(n, prefix):
    """So many reports in the middle of each buurt, early in 2024."""
    at = [(int(code[0]), int(code[1]), i) for code, m in n.items() for i in range(m)]
    return pd.DataFrame(
        {
            "source_id": [f"{prefix}-{w}-{b}-{i}" for w, b, i in at],
            "x": [X + (w + 0.5) * SIDE + i for w, _, i in at],
            "y": [Y + (b + 0.5) * SIDE + i for _, b, i in at],
            "event_date": [pd.Timestamp(2024, 2, 1 + i % 28) for *_, i in at],
            "event_minute": 600.0,
            "categories": "nastaren",
        }
    )
