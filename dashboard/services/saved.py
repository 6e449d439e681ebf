"""SavedService: keep a run and what it found, hold two against each other, say which one to publish with; keep views."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from dashboard import addresses
from dashboard.services.audit import AuditService
from dashboard.services.certainty import CertaintyService
from dashboard.services.map import MapService
from dashboard.services.side_by_side import footprints
from dashboard.state import FilterState
from data.audit.chain import Action
from data.settings import Settings
from data.store.saved import Run, SavedStore, View, refused
from data.viewer import Right, Viewer
from geo.identity import Cells, Sighting, link


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A hotspot of two runs, matched by overlap. n, ranks: in the first and the second; 0 where it is none."""

    id: str
    name: str
    n: tuple[int, int]
    ranks: tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """Two runs against each other. settings: what differs, as (name, first, second). same_data: of one data version."""

    first: Run
    second: Run
    matches: tuple[Match, ...]
    differing: tuple[tuple[str, Any, Any], ...]
    same_data: bool


class SavedService:
    """Kept runs and views. Whoever may not ask freely is denied by the store below."""

    def __init__(self, settings: Settings, maps: MapService, certainty: CertaintyService, audit: AuditService) -> None:
        self._settings = settings
        self._maps = maps
        self._certainty = certainty
        self._audit = audit

    @cached_property
    def _store(self) -> SavedStore:
        return SavedStore.open(self._settings)

    def keep_run(self, viewer: Viewer, state: FilterState, *, name: str, note: str = "") -> int:
        """Cluster a view as the map does and keep it: settings, data version, and every hotspot with its cells.

        The verdict on chance is kept when it is known already. Gives the run's number.
        """
        viewer.require(Right.CUSTOM)
        reports, _, result = self._maps.clustered(viewer, state)
        overview = self._maps.overview(viewer, state)
        whole = self._certainty.known(viewer, state)
        places = footprints(reports, result)
        hotspots = []
        for hotspot in result.hotspots:
            certain = whole.of(hotspot.id) if whole else None
            hotspots.append(
                {
                    "id": hotspot.id,
                    "rank": hotspot.rank,
                    "n": hotspot.n,
                    "buurt": hotspot.buurt_name,
                    "wijk": hotspot.wijk_name,
                    "cells": places[hotspot.label].tolist(),
                    "q": round(float(certain.q), 4) if certain else None,
                }
            )
        params = result.params
        return self._store.keep_run(
            viewer,
            name,
            note,
            data_version=result.data_version,
            view=state.to_query(),
            method={
                "name": "DBSCAN",
                "eps_m": params.eps_m,
                "min_samples": params.min_samples,
                "advised": overview.params_advised,
                "null": whole.chance.null.value if whole else None,
                "runs": whole.chance.runs if whole else None,
                "seed": whole.chance.seed if whole else None,
            },
            figures={
                "n_reports": len(reports),
                "n_clustered": len(result.labels),
                "n_in_hotspots": int((result.labels >= 0).sum()),
                "left_out": result.left_out,
                "hotspots": hotspots,
            },
        )

    def runs(self, viewer: Viewer) -> tuple[Run, ...]:
        """Every run, newest first."""
        return self._store.runs(viewer)

    def data_version(self) -> str:
        """Of the data as they are now: a run of another one may find something else today."""
        return self._maps.city().version

    def compare(self, viewer: Viewer, first: int, second: int) -> Held:
        """Which hotspots two runs share, and which only one of them has."""
        a, b = (self._store.run(viewer, number) for number in (first, second))
        found = [{str(h["id"]): h for h in run.figures["hotspots"]} for run in (a, b)]
        sightings = [
            [Sighting(id=i, cells=_cells(h["cells"]), n=int(h["n"])) for i, h in hotspots.items()] for hotspots in found
        ]
        tracks = link(sightings, totals=[int(run.figures["n_reports"]) for run in (a, b)])
        matches = []
        for track in tracks:
            one, other = (found[k].get(track.ids[k]) for k in (0, 1))
            known = one or other or {}
            matches.append(
                Match(
                    id=track.id,
                    name=str(known.get("buurt", "")),
                    n=(int(one["n"]) if one else 0, int(other["n"]) if other else 0),
                    ranks=(int(one["rank"]) if one else 0, int(other["rank"]) if other else 0),
                )
            )
        matches.sort(key=lambda match: (0 not in match.ranks, match.ranks[0] or match.ranks[1]))
        return Held(
            first=a,
            second=b,
            matches=tuple(matches),
            differing=_differing(a, b),
            same_data=a.data_version == b.data_version,
        )

    def delete_run(self, viewer: Viewer, id: int) -> None:
        """Remove a run of one's own."""
        self._store.delete_run(viewer, id)

    def choose(self, viewer: Viewer, id: int | None) -> None:
        """Publish with the distance of this run from the next freeze on; None: with the setting's. Stands in the log."""
        viewer.require(Right.CUSTOM)
        self._audit.ready()
        run = self._store.choose(viewer, id)
        eps_m = run.eps_m if run else self._settings.eps_m
        self._audit.record(viewer, Action.SETTING, "publish_eps_m", run=run.id if run else 0, eps_m=f"{eps_m:g}")

    def publish_eps_m(self) -> float:
        """The distance hotspots are published with from the next freeze on."""
        return self._store.publish_eps_m(usual=self._settings.eps_m)

    def keep_view(self, viewer: Viewer, *, name: str, address: str) -> int:
        """Keep an address of one of the pages under a name; gives its number. Raises Denied."""
        viewer.require(Right.CUSTOM)
        path, _, query = address.partition("?")
        if not path.startswith("/") or path.startswith("//") or not addresses.is_page(path):
            raise refused("saved_address")
        return self._store.keep_view(viewer, name, addresses.plain(path) + (f"?{query}" if query else ""))

    def views(self, viewer: Viewer) -> tuple[View, ...]:
        """Every view, by name."""
        return self._store.views(viewer)

    def delete_view(self, viewer: Viewer, id: int) -> None:
        """Remove a view of one's own."""
        self._store.delete_view(viewer, id)


def _cells(keys: list[int]) -> Cells:
    return np.array(sorted(keys), dtype=np.int64)


def _differing(a: Run, b: Run) -> tuple[tuple[str, Any, Any], ...]:
    """Settings that differ, and under "view" the filters that do."""
    found: list[tuple[str, Any, Any]] = [
        (name, a.method.get(name), b.method.get(name)) for name in ("eps_m", "min_samples")
    ]
    found.append(("view", _filters(a), _filters(b)))
    return tuple(one for one in found if one[1] != one[2])


def _filters(run: Run) -> str:
    """What leaves reports out: neither the settings of the clustering nor the look of the map."""
    return replace(FilterState.from_query(run.view).clustering(), eps_m=None, min_samples=None).to_query()
