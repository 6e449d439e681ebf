"""Freezing: closed quarters become published cells, once, and are revised only when at least k reports changed.

Nothing else outside this module and geo reads reports to make what others than the analyst may see.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data import groups, spots
from data.reasons import UserError
from data.spots import Scene
from data.store import ReportStore, publications
from data.store.publications import Published, Spot, Version
from data.viewer import Role, Viewer
from geo import auditor, ledger, publish_past, report
from geo.disclosure import PublishRule, last_closed
from geo.hotspots import Surroundings
from geo.join import assign
from geo.publish import CITY, WINDOWS, Cell, Line, Release, Why, lines, quarter_number, window_start, windows
from geo.spots import QUARTERS

FROM: Final = "publish_from"  # note in the store: quarters before this number belong to a publication that was ended
PUBLISHER: Final = Viewer(name="publicatie", role=Role.ANALYST)  # reads reports to count them; shows none
GROUP_PARTS: Final = tuple(f"group:{name}" for name in groups.GROUPS)
DAY_PARTS: Final = tuple(f"part_of_day:{name}" for name in (*ledger.PARTS_OF_DAY, ledger.UNKNOWN))
LATER: Final = pd.Timestamp(2200, 1, 1)
Progress = Callable[[float], None]


class PublishingError(UserError):
    """The publication cannot be made or renewed."""


@dataclass(frozen=True, kw_only=True)
class Frozen:
    """What a freeze did. published: how things stand now. changed: whether there is a new version."""

    published: Published
    changed: bool
    quarters: tuple[int, ...]  # newly frozen
    n_revised: int  # buurt quarters that were taken again
    n_guarded: int  # cells the auditor had hidden on top of the publisher's own rules


def freeze(
    store: ReportStore, *, surroundings: Surroundings, rule: PublishRule, eps_m: float, today: date, keep_from: date
) -> Frozen:
    """Freeze every quarter that is closed, and revise what changed enough. Does nothing when neither is so.

    surroundings: what hotspots are placed in. rule: reports a cell must rest on, and the side of hotspots' cells. keep_from:
    reports of quarters that began before it may have been let go of (retention): those stay as they are. Raises
    PublishingError when the boundaries are not those of before.
    """
    before = store.published()
    buurten = store.areas("buurt").sort_values("code", ignore_index=True)
    if buurten.empty:
        return _nothing(before)
    at, k, places, areas = publications.now(), rule.k, places_of(buurten), fingerprint(buurten)
    if before.version is not None and before.version.areas != areas:
        raise PublishingError(
            "published_areas",
            "De grenzen van de buurten zijn veranderd sinds er is gepubliceerd. Wat is gepubliceerd blijft staan; met "
            "hotspotkaart publish restart begint de publicatie opnieuw met de huidige buurten, vanaf dit kwartaal.",
        )
    reports, positions = _located(store, buurten, tolerance_m=surroundings.join_tolerance_m)
    now = ledger.count(reports, reports["buurt"].to_numpy(object), groups.GROUP_OF)
    closed = quarter(last_closed(today))
    frozen, first = set(before.quarters), min([*before.quarters, *now["quarter"].tolist()], default=closed + 1)
    # Windows are whole: quarters before the first report hold none. What was published before a restart is not again.
    first = max(window_start(first, max(WINDOWS)), int(store.meta(FROM) or 0))
    new = sorted(set(range(first, closed + 1)) - frozen)
    old = before.ledger.drop(columns="version")
    taken = ledger.take(old, now, frozen=frozen, new=new, k=k, keep=quarter(keep_from) + 1)
    was_k = before.version.k if before.version else k
    if not new and (not frozen or (not taken.revised and was_k == k)):
        return _nothing(before)
    number = (before.version.version if before.version else 0) + 1
    ties = ties_of(places, first=first, last=closed)
    counts = ledger.counts(taken.ledger, _wijk_of(places), first=first, last=closed)
    past = _past(before, taken.revised, places, k=k)
    made, n_guarded = _proven(
        counts, ties, before=before, kept=_kept(before, taken.revised, places, k=k), past=past, k=k
    )
    published = Published(
        version=Version(
            version=number,
            frozen_at=at,
            k=k,
            areas=areas,
            n_shown=len(made.shown),
            n_new=len(new),
            n_revised=len(taken.revised),
        ),
        places=places,
        quarters={**before.quarters, **dict.fromkeys(new, number)},
        ledger=_with_versions(taken, before.ledger, set(new), number),
        release=made,
        spots=_standing(before, taken.revised, places, k=k),
        past=past,
    )
    scene = Scene(
        reports=reports,
        positions=positions,
        surroundings=surroundings,
        wijk_of=_wijk_of(places),
        rule=rule,
        eps_m=eps_m,
    )
    fresh = _hotspots(scene, store, published, before=before, counts=counts)
    published = replace(published, spots=(*published.spots, *fresh))
    _keep(store, published)
    return Frozen(
        published=published, changed=True, quarters=tuple(new), n_revised=len(taken.revised), n_guarded=n_guarded
    )


def _proven(
    counts: Mapping[Cell, int],
    ties: list[Line],
    *,
    before: Published,
    kept: Release | None,
    past: Mapping[tuple[Cell, int], int | Why],
    k: int,
) -> tuple[Release, int]:
    """What of the counts is shown, proven beside all that was ever told, and how many cells that took.

    kept, past: what stands (``_kept``) and what was told of what is taken again (``_past``). Raises PublishingError
    when nothing can be hidden so that what was told stays safe.
    """
    told = publish_past.before(past, ties, frozen=before.quarters)
    if kept is not None:
        kept = replace(kept, shown={**kept.shown, **told.shown}, hidden={**kept.hidden, **told.hidden})
    try:
        proven, n_guarded = auditor.proven(counts, systems_of([*ties, *told.ties]), k=k, frozen=kept)
    except ValueError as error:
        raise PublishingError(
            "published_leak",
            "Wat al is gepubliceerd, zou samen met het nieuwe iets over enkele meldingen zeggen. Er is niets gepubliceerd. "
            "Voer hotspotkaart publish audit uit en geef de uitkomst aan de beheerder.",
        ) from error
    made = Release(
        k=k,
        shown={cell: n for cell, n in proven.shown.items() if cell not in told.shown},
        hidden={cell: why for cell, why in proven.hidden.items() if cell not in told.hidden},
    )
    return made, n_guarded


def restart(store: ReportStore, *, today: date) -> int:
    """End the publication and begin anew with the present buurten, from the quarter that today is in; gives its number.

    Quarters of before are not published again: with other borders the same reports would be shown twice, and subtracted.
    Raises PublishingError when nothing was published, or somebody else freezes at the same time.
    """
    before = store.published()
    if before.version is None:
        raise PublishingError("published_nothing", "Er is nog niets gepubliceerd: opnieuw beginnen is niet nodig.")
    buurten = store.areas("buurt").sort_values("code", ignore_index=True)
    since = quarter(today)
    fresh = Version(
        version=before.version.version + 1,
        frozen_at=publications.now(),
        k=before.version.k,
        areas=fingerprint(buurten),
        n_shown=0,
        n_new=0,
        n_revised=0,
    )
    nothing = Release(k=fresh.k, shown={}, hidden={})
    counts = ledger.empty().assign(version=np.array([], dtype="int64"))
    store.set_meta(
        FROM, str(max(since, int(store.meta(FROM) or 0)))
    )  # first: a crash between the two publishes nothing
    _keep(store, Published(version=fresh, places={}, quarters={}, ledger=counts, release=nothing, spots=()))
    return since


def _keep(store: ReportStore, made: Published) -> None:
    try:
        store.keep_published(made, after=made.version.version - 1 if made.version else 0)
    except publications.Overtaken as error:
        raise PublishingError(
            "published_overtaken",
            "Iemand anders heeft op hetzelfde moment gepubliceerd. Wat die heeft gepubliceerd, staat er; probeer het "
            "opnieuw als er daarna iets is veranderd.",
        ) from error


def ties_of(places: dict[str, str], *, first: int, last: int) -> list[Line]:
    """Every tie between published cells: places and windows, and each wijk's year and two years by group and part of day."""
    found = lines(places, first=first, last=last)
    wijken = {place: parent for place, parent in places.items() if parent == CITY}
    for parts in (GROUP_PARTS, DAY_PARTS):
        found += [
            line
            for line in lines(wijken, first=first, last=last, parts=parts, part_quarters=ledger.PART_QUARTERS)
            if any(cell.part for cell in line.parts)
        ]
    return found


def systems_of(ties: list[Line]) -> list[list[Line]]:
    """What is proven by itself: the city with its wijken, then each wijk with its buurten and breakdowns."""
    wijken = sorted({c.place for line in ties if line.total.place == CITY for c in line.parts} - {CITY})
    found = [[line for line in ties if line.total.place == CITY]]
    for wijk in wijken:
        below = {c.place for line in ties if line.total.place == wijk for c in line.parts} | {wijk}
        found.append([line for line in ties if line.total.place in below])
    return [system for system in found if system]


def audit(made: Published, *, progress: Progress | None = None, unions: int = 100) -> auditor.Proof:
    """What the auditor says of everything that is published, beside what earlier versions told. Something was published."""
    n_sets, n_atoms = 0, 0
    leaks: list[auditor.Leak] = []
    ties = ties_of(made.places, first=min(made.quarters), last=max(made.quarters))
    told = publish_past.before(made.past, ties, frozen=made.quarters)
    release = replace(
        made.release, shown={**made.release.shown, **told.shown}, hidden={**made.release.hidden, **told.hidden}
    )
    for at, system in enumerate(systems := systems_of([*ties, *told.ties])):
        proof = auditor.audit(release, system, unions=unions)
        n_sets, n_atoms = n_sets + proof.n_sets, n_atoms + proof.n_atoms
        leaks += proof.leaks
        if progress is not None:
            progress((at + 1) / len(systems))
    return auditor.Proof(n_sets=n_sets, n_atoms=n_atoms, leaks=tuple(leaks))


def places_of(buurten: gpd.GeoDataFrame) -> dict[str, str]:
    """Buurt -> wijk code, and wijk -> CITY."""
    wijken = dict.fromkeys(sorted(set(buurten["wijk_code"].astype(str))), CITY)
    return {**wijken, **dict(zip(buurten["code"].astype(str), buurten["wijk_code"].astype(str), strict=True))}


def fingerprint(buurten: gpd.GeoDataFrame) -> str:
    """A hash of codes and shapes."""
    digest = hashlib.sha256()
    for code, wijk, shape in zip(buurten["code"], buurten["wijk_code"], buurten.geometry, strict=True):
        digest.update(f"{code}|{wijk}|".encode() + shapely.to_wkb(shapely.normalize(shape)))
    return digest.hexdigest()[:16]


def quarter(day: date) -> int:
    """Its quarter's number (geo.publish)."""
    return int(quarter_number(np.array([day], dtype="datetime64[D]"))[0])


def _located(
    store: ReportStore, buurten: gpd.GeoDataFrame, *, tolerance_m: float
) -> tuple[pd.DataFrame, NDArray[np.intp]]:
    """The reports that count, with buurt and quarter, and each one's position in the buurten."""
    reports = store.reports(PUBLISHER)
    counts = ~report.has(reports["flags"], report.PROBABLE_DUPLICATE) & reports["event_date"].notna()
    reports = reports[counts]
    positions = assign(reports["x"].to_numpy(float), reports["y"].to_numpy(float), buurten, tolerance_m=tolerance_m)
    codes = np.append(buurten["code"].to_numpy(object), "")[positions]
    return spots.with_places(reports, codes), positions


def _hotspots(
    scene: Scene, store: ReportStore, made: Published, *, before: Published, counts: dict[Cell, int]
) -> tuple[Spot, ...]:
    """Hotspots of the years that were not published before."""
    old = set(windows(min(before.quarters), max(before.quarters))) if before.quarters else set()
    span = windows(min(made.quarters), max(made.quarters))
    years = [start for start, quarters in span if quarters == QUARTERS and (start, quarters) not in old]
    at = {v.version: pd.Timestamp(v.frozen_at) for v in store.published_versions()}
    at |= {made.version.version: LATER} if made.version else {}  # all that was read now is counted now
    frozen_at = {(b, q): at[v] for b in scene.wijk_of for q, v in made.quarters.items()}
    frozen_at |= {(b, q): at[v] for b, q, v in made.ledger[["buurt", "quarter", "version"]].itertuples(index=False)}
    there = spots.counted(scene.reports, store.arrivals(), frozen_at)
    return spots.found(scene.only(there), years, counts=counts, release=made.release)


def _standing(
    before: Published, revised: frozenset[ledger.Place], places: dict[str, str], *, k: int
) -> tuple[Spot, ...]:
    """The hotspots that stay: those of wijken and years in which nothing was revised, as long as the rule is no stricter.

    One that goes does not come back: two versions of it could be subtracted.
    """
    if before.version is None or k > before.version.k:
        return ()
    wijk_of = _wijk_of(places)
    gone = {(wijk_of.get(buurt, ""), window_start(quarter, QUARTERS)) for buurt, quarter in revised}
    return tuple(spot for spot in before.spots if (spot.wijk_code, spot.start) not in gone)


def _kept(before: Published, revised: frozenset[ledger.Place], places: dict[str, str], *, k: int) -> Release | None:
    """What stays as it was frozen. A revised wijk's breakdowns go: a part may have changed by fewer than k."""
    if before.version is None or k > before.version.k:
        return None  # nothing yet, or all is decided again by a stricter rule
    cells = (*before.release.shown, *before.release.hidden)
    again = ledger.affected(cells, revised, _wijk_of(places))
    shown = {c: n for c, n in before.release.shown.items() if c not in again}
    hidden = {c: why for c, why in before.release.hidden.items() if c not in again} if k == before.version.k else {}
    hidden |= {cell: Why.GUARD for cell in again if cell.part}
    return Release(k=k, shown=shown, hidden=hidden)


def _past(
    before: Published, revised: frozenset[ledger.Place], places: dict[str, str], *, k: int
) -> Mapping[tuple[Cell, int], int | Why]:
    """What earlier versions told of revised cells. By a stricter rule everything is decided again, and nothing is held beside it."""
    if before.version is None or k > before.version.k:
        return {}
    again = ledger.affected((*before.release.shown, *before.release.hidden), revised, _wijk_of(places))
    return publish_past.remembered(before.past, again, before.release, version=before.version.version)


def _with_versions(taken: ledger.Taken, before: pd.DataFrame, new: set[int], number: int) -> pd.DataFrame:
    known = {(b, q): v for b, q, v in before[["buurt", "quarter", "version"]].itertuples(index=False)}
    pairs = list(zip(taken.ledger["buurt"], taken.ledger["quarter"], strict=True))
    version = [number if p in taken.revised or p[1] in new else known.get(p, number) for p in pairs]
    return taken.ledger.assign(version=np.array(version, dtype="int64"))


def _wijk_of(places: dict[str, str]) -> dict[str, str]:
    return {place: parent for place, parent in places.items() if parent != CITY}


def _nothing(before: Published) -> Frozen:
    return Frozen(published=before, changed=False, quarters=(), n_revised=0, n_guarded=0)
