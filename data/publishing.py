"""Freezing: closed quarters become published cells, once, and are revised only when at least k reports changed.

Nothing else outside this module and geo reads reports to make what others than the analyst may see.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data import groups
from data.reasons import UserError
from data.store import ReportStore, publications
from data.store.publications import Published, Version
from data.viewer import Role, Viewer
from geo import auditor, ledger, report
from geo.disclosure import last_closed
from geo.join import assign
from geo.publish import CITY, WINDOWS, Line, Release, Why, lines, quarter_number, window_start

PUBLISHER: Final = Viewer(name="publicatie", role=Role.ANALYST)  # reads reports to count them; shows none
GROUP_PARTS: Final = tuple(f"group:{name}" for name in groups.GROUPS)
DAY_PARTS: Final = tuple(f"part_of_day:{name}" for name in (*ledger.PARTS_OF_DAY, ledger.UNKNOWN))
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


def freeze(store: ReportStore, *, k: int, today: date, join_tolerance_m: float, keep_from: date) -> Frozen:
    """Freeze every quarter that is closed, and revise what changed enough. Does nothing when neither is so.

    k: reports a cell must rest on. keep_from: reports of quarters that began before it may have been let go of (retention):
    those stay as they are. Raises PublishingError when the boundaries are not those of before.
    """
    before = store.published()
    buurten = store.areas("buurt").sort_values("code", ignore_index=True)
    buurten = buurten[~buurten["water"].astype(bool)].reset_index(drop=True)
    if buurten.empty:
        return _nothing(before)
    places, areas = places_of(buurten), fingerprint(buurten)
    if before.version is not None and before.version.areas != areas:
        raise PublishingError(
            "published_areas",
            "De grenzen van de buurten zijn veranderd sinds er is gepubliceerd. Wat is gepubliceerd blijft staan; met "
            "hotspotkaart publish restart begint de publicatie opnieuw met de huidige buurten, vanaf het volgende kwartaal.",
        )
    now = _counted(store, buurten, tolerance_m=join_tolerance_m)
    closed = quarter(last_closed(today))
    frozen, first = set(before.quarters), min([*before.quarters, *now["quarter"].tolist()], default=closed + 1)
    first = window_start(first, max(WINDOWS))  # windows are whole: quarters before the first report hold none
    new = sorted(set(range(first, closed + 1)) - frozen)
    old = before.ledger.drop(columns="version")
    taken = ledger.take(old, now, frozen=frozen, new=new, k=k, keep=quarter(keep_from) + 1)
    was_k = before.version.k if before.version else k
    if not new and not taken.revised and was_k == k:
        return _nothing(before)
    number = (before.version.version if before.version else 0) + 1
    ties = ties_of(places, first=first, last=closed)
    counts = ledger.counts(taken.ledger, _wijk_of(places), first=first, last=closed)
    kept = _kept(before, taken.revised, places, k=k)
    try:
        made, n_guarded = auditor.proven(counts, systems_of(ties), k=k, frozen=kept)
    except ValueError as error:
        raise PublishingError(
            "published_leak",
            "Wat al is gepubliceerd, zou samen met het nieuwe iets over enkele meldingen zeggen. Er is niets gepubliceerd. "
            "Voer hotspotkaart publish audit uit en geef de uitkomst aan de beheerder.",
        ) from error
    quarters = {**before.quarters, **dict.fromkeys(new, number)}
    published = Published(
        version=Version(
            version=number,
            frozen_at=publications.now(),
            k=k,
            areas=areas,
            n_shown=len(made.shown),
            n_new=len(new),
            n_revised=len(taken.revised),
        ),
        places=places,
        quarters=quarters,
        ledger=_with_versions(taken, before.ledger, set(new), number),
        release=made,
        spots=before.spots,
    )
    store.keep_published(published, after=number - 1)
    return Frozen(
        published=published, changed=True, quarters=tuple(new), n_revised=len(taken.revised), n_guarded=n_guarded
    )


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


def audit(made: Release, ties: list[Line], *, progress: Progress | None = None, unions: int = 100) -> auditor.Proof:
    """What the auditor says of everything that is published."""
    n_sets, n_atoms = 0, 0
    leaks: list[auditor.Leak] = []
    for at, system in enumerate(systems := systems_of(ties)):
        proof = auditor.audit(made, system, unions=unions)
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


def _counted(store: ReportStore, buurten: gpd.GeoDataFrame, *, tolerance_m: float) -> pd.DataFrame:
    reports = store.reports(PUBLISHER)
    reports = reports[~report.has(reports["flags"], report.PROBABLE_DUPLICATE)]
    positions = assign(reports["x"].to_numpy(float), reports["y"].to_numpy(float), buurten, tolerance_m=tolerance_m)
    codes = np.append(buurten["code"].to_numpy(object), "")[positions]
    return ledger.count(reports, codes, groups.GROUP_OF)


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


def _with_versions(taken: ledger.Taken, before: pd.DataFrame, new: set[int], number: int) -> pd.DataFrame:
    known = {(b, q): v for b, q, v in before[["buurt", "quarter", "version"]].itertuples(index=False)}
    pairs = list(zip(taken.ledger["buurt"], taken.ledger["quarter"], strict=True))
    version = [number if p in taken.revised or p[1] in new else known.get(p, number) for p in pairs]
    return taken.ledger.assign(version=np.array(version, dtype="int64"))


def _wijk_of(places: dict[str, str]) -> dict[str, str]:
    return {place: parent for place, parent in places.items() if parent != CITY}


def _nothing(before: Published) -> Frozen:
    return Frozen(published=before, changed=False, quarters=(), n_revised=0, n_guarded=0)


__all__ = ["Frozen", "PublishingError", "audit", "freeze", "ties_of"]
