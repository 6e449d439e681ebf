"""Finding the hotspots that are frozen with a calendar year: clustered as on the analyst's map, counted as geo.spots allows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.store.publications import Spot
from geo import advice, disclosure, report
from geo.disclosure import PublishRule
from geo.hotspots import Hotspot, HotspotParams, HotspotResult, Surroundings, find_hotspots
from geo.ledger import Place
from geo.publish import Cell, Release, quarter_number
from geo.spots import QUARTERS, Part, countable


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What hotspots are looked for in.

    reports: geo.report.COLUMNS with columns buurt (code, "" for none) and quarter. positions: of each report in the
    surroundings' buurten. wijk_of: buurt -> wijk code. rule: cell_m is the side of the shown grid cells.
    """

    reports: pd.DataFrame
    positions: NDArray[np.intp]
    surroundings: Surroundings
    wijk_of: Mapping[str, str]
    rule: PublishRule
    eps_m: float

    def only(self, which: NDArray[np.bool_]) -> "Scene":
        """With these reports."""
        return Scene(
            reports=self.reports[which],
            positions=self.positions[which],
            surroundings=self.surroundings,
            wijk_of=self.wijk_of,
            rule=self.rule,
            eps_m=self.eps_m,
        )


def with_places(reports: pd.DataFrame, codes: NDArray[np.object_]) -> pd.DataFrame:
    """Reports, all with a date, with the columns buurt and quarter."""
    return reports.assign(
        buurt=pd.Series(codes, index=reports.index, dtype="str"),
        quarter=quarter_number(reports["event_date"].to_numpy()),
    )


def counted(reports: pd.DataFrame, arrived: pd.Series, frozen_at: Mapping[Place, pd.Timestamp]) -> NDArray[np.bool_]:
    """Which reports were there when their buurt's quarter was frozen: only those are in the figures. Times in UTC.

    Arrivals are known to the second: of the second of the freeze itself none counts.
    """
    places = zip(reports["buurt"].astype(str), reports["quarter"], strict=True)
    at = pd.to_datetime(pd.Series([frozen_at.get((b, int(q)), pd.NaT) for b, q in places], dtype=object))
    here = pd.to_datetime(arrived.reindex(reports.index)).to_numpy("datetime64[s]")
    return np.asarray(here < at.to_numpy("datetime64[s]"))  # NaT on either side: no


def found(scene: Scene, years: Sequence[int], *, counts: Mapping[Cell, int], release: Release) -> tuple[Spot, ...]:
    """Hotspots of these years (first quarters) that may be shown beside a release. counts: what it was made of."""
    made: list[Spot] = []
    for start in years:
        inside = scene.only(scene.reports["quarter"].between(start, start + QUARTERS - 1).to_numpy())
        if len(inside.reports) >= scene.rule.k:
            made += _year(inside, start, counts=counts, release=release)
    return tuple(made)


def _year(scene: Scene, start: int, *, counts: Mapping[Cell, int], release: Release) -> list[Spot]:
    result = _clustered(scene)
    members = {h.id: scene.reports.loc[result.members(h)] for h in result.hotspots}
    own = {h.id: members[h.id][_in_wijk(members[h.id], h, scene)] for h in result.hotspots}
    parts = {
        Part(id, str(buurt)): int(n) for id, rows in own.items() for buurt, n in rows["buurt"].value_counts().items()
    }
    there = scene.reports["buurt"].value_counts()
    totals = {b: counts.get(Cell(b, start, QUARTERS), 0) for b in scene.wijk_of}
    shown = {
        b: release.shown[cell]
        for b in scene.wijk_of
        if (cell := Cell(b, start, QUARTERS)) in release.shown and there.get(b, 0) <= totals[b]
    }
    kept = countable(parts, shown=shown, k=scene.rule.k)
    spots = []
    for hotspot in result.hotspots:
        mine = {part.buurt for part in kept if part.hotspot == hotspot.id}
        rows = own[hotspot.id][own[hotspot.id]["buurt"].isin(mine)]
        if len(rows) and _allowed(rows, scene.rule):
            n = sum(disclosure.rounded(parts[Part(hotspot.id, b)]) for b in mine)
            spots.append(_spot(hotspot, rows, start, n, scene.rule))
    spots.sort(key=lambda s: (-s.shown, s.id))
    return [_ranked(spot, rank) for rank, spot in enumerate(spots, start=1)]


def _clustered(scene: Scene) -> HotspotResult:
    around = scene.surroundings
    least = advice.for_reports(scene.reports, positions=scene.positions, eps_m=scene.eps_m, surroundings=around)
    return find_hotspots(scene.reports, params=HotspotParams(eps_m=scene.eps_m, min_samples=least), surroundings=around)


def _in_wijk(members: pd.DataFrame, hotspot: Hotspot, scene: Scene) -> NDArray[np.bool_]:
    """A hotspot across a border of wijken counts in its own one only: whose wijk it is may see it, nobody sees another's."""
    return np.asarray([scene.wijk_of.get(str(b)) == hotspot.wijk_code for b in members["buurt"]], dtype=bool)


def _allowed(members: pd.DataFrame, rule: PublishRule) -> bool:
    suspect = int(report.has(members["flags"], report.FLOOD).sum())
    return disclosure.may_publish(
        len(members), n_dates=int(members["event_date"].nunique()), n_suspect=suspect, rule=rule
    )


def _spot(hotspot: Hotspot, members: pd.DataFrame, start: int, n: int, rule: PublishRule) -> Spot:
    x, y = members["x"].to_numpy(float), members["y"].to_numpy(float)
    return Spot(
        start=start,
        quarters=QUARTERS,
        id=hotspot.id,
        rank=0,
        shown=n,
        buurt=hotspot.buurt_name,
        wijk=hotspot.wijk_name,
        wijk_code=hotspot.wijk_code,
        parts_of_day=(),
        geometry=disclosure.cells(x, y, cell_m=rule.cell_m),
    )


def _ranked(spot: Spot, rank: int) -> Spot:
    return Spot(**{**{name: getattr(spot, name) for name in Spot.__dataclass_fields__}, "rank": rank})
