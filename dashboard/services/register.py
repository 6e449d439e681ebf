"""The register of maps that were handed out: what a new one may say beside all of those, and the same again when asked again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import geopandas as gpd
import shapely

from dashboard.i18n import N_, day
from dashboard.services.audit import AuditService
from dashboard.services.publication import Found, Publication, PublishedHotspot, at_least, at_most
from dashboard.services.published import window_span
from data.audit.chain import Action
from data.reasons import UserError
from data.settings import Settings
from data.store import ReportStore
from data.store.publications import Export
from data.viewer import Viewer
from geo.crs import RD
from geo.differencing import Said, isolated
from geo.disclosure import PublishRule
from geo.hotspots import HotspotParams
from geo.publish import SLACK
from geo.stability import Strength

Period = tuple[date, date]


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """What one map says of one place. shape: the cells. id: of the hotspot, "" for several together."""

    said: Said
    shape: shapely.Geometry
    id: str = ""

    def meets(self, other: "Figure") -> bool:
        """Whether two may count the same reports: cells in common; in one period, where neighbours touch, the same hotspot."""
        if self.said[:2] == other.said[:2]:
            return self.id == other.id
        return bool(shapely.intersects(self.shape, other.shape))


OTHER_PERIOD: Final = N_(
    "Deze kaart is niet gemaakt: naast kaart {id} van {made} ({start} – {end}) zou iets over minder dan {k} meldingen zijn af te "
    "leiden. Vraag precies dezelfde periode als die kaart, of een periode die er geen kwartaal mee deelt."
)
SAME_PERIOD: Final = N_(
    "Deze kaart is niet gemaakt: naast kaart {id} van {made} over dezelfde periode ({start} – {end}) zou iets over minder dan {k} "
    "meldingen zijn af te leiden. Gebruik die kaart, of vraag een periode die er geen kwartaal mee deelt."
)


class ExportRefused(UserError):
    """A map that may not be handed out."""


class ExportRegister:
    """Every map that was handed out of one store."""

    def __init__(self, store: ReportStore, settings: Settings, audit: AuditService) -> None:
        self._store = store
        self._settings = settings
        self._audit = audit

    def found(self, period: Period, rule: PublishRule) -> Found | None:
        """What the first map of this period showed of the whole city, when it was made by this rule from reports."""
        for made in self._store.exports():
            if (
                (made.first_day, made.last_day) == period
                and (found := _found(made)).version == 0
                and found.rule == rule
            ):
                return found
        return None

    def check(self, viewer: Viewer, asked: Publication) -> None:
        """Hold a map against everything handed out before and the frozen hotspots. Raises ExportRefused, and logs it."""
        k = asked.rule.k
        before = [(made, _figures(made)) for made in self._store.exports()]
        mine = _said(asked.start, asked.end, asked.found, k=k)
        for figure in mine:
            everything = [figure]
            for made, figures in reversed(before):
                there = [f for f in figures if f.meets(figure)]
                together = [_together(there)] if there else []
                everything += together
                pairs = ([figure, one] for one in (*there, *together))
                if any(_tells(said, k=k) for said in (*pairs, everything)):
                    self._refuse(viewer, asked, made)
        try:
            self._beside_frozen(asked, mine)
        except ExportRefused:
            self._note(viewer, asked, "published")
            raise
        for made, figures in before:
            for earlier in figures:
                there = [f for f in mine if f.meets(earlier)]
                if there and _tells([earlier, _together(there)], k=k):
                    self._refuse(viewer, asked, made)

    def _beside_frozen(self, asked: Publication, mine: Sequence[Figure]) -> None:
        """Hold a map against the hotspots that are shown on screen, by the threshold of the screen."""
        published = self._store.published()
        k = published.release.k
        for spot in published.spots:
            said = Said(spot.start, spot.start + spot.quarters, at_least(spot.shown, k=k), at_most(spot.shown, k=k))
            shown = Figure(said=said, shape=spot.geometry, id=spot.id)
            if any(_tells([figure, shown], k=k) for figure in mine if figure.meets(shown)):
                start, end = window_span(spot.start, spot.quarters)
                raise ExportRefused(
                    "export_published",
                    "Deze kaart is niet gemaakt: naast de gepubliceerde hotspots van {start} – {end} zou iets over minder dan {k} "
                    "meldingen zijn af te leiden. Vraag een periode die daar geen kwartaal mee deelt.",
                    start=day(start),
                    end=day(end),
                    k=k,
                )

    def keep(self, viewer: Viewer, made: Publication, sha256: str) -> None:
        """Write a map down before it is given. Raises StoreError or AuditError; then it is not given."""
        self._store.add_export(
            Export(
                id=made.id,
                sha256=sha256,
                made_on=made.made,
                made_by=viewer.name,
                first_day=made.start,
                last_day=made.end,
                area=made.area,
                purpose=made.request.purpose,
                recipient=made.request.recipient,
                k=made.rule.k,
                figures={"shown": [h.id for h in made.hotspots], "found": _json(made.found)},
            )
        )
        self._audit.record(
            viewer,
            Action.EXPORT,
            made.id,
            sha256=sha256,
            start=made.start.isoformat(),
            end=made.end.isoformat(),
            area=made.area,
            purpose=made.request.purpose,
            recipient=made.request.recipient,
            hotspots=len(made.hotspots),
        )

    def _note(self, viewer: Viewer, asked: Publication, beside: str) -> None:
        """That a map was refused, and beside what."""
        start, end = asked.start.isoformat(), asked.end.isoformat()
        self._audit.record(viewer, Action.EXPORT_REFUSED, beside, start=start, end=end, area=asked.area)

    def _refuse(self, viewer: Viewer, asked: Publication, earlier: Export) -> None:
        self._note(viewer, asked, earlier.id)
        same = (asked.start, asked.end) == (earlier.first_day, earlier.last_day)
        raise ExportRefused(
            "export_difference",
            SAME_PERIOD if same else OTHER_PERIOD,
            id=earlier.id,
            made=day(earlier.made_on),
            start=day(earlier.first_day),
            end=day(earlier.last_day),
            k=asked.rule.k,
        )


def _quarters(first: date, last: date) -> tuple[int, int]:
    """From its first quarter to, not including, the one after its last."""
    return first.year * 4 + (first.month - 1) // 3, last.year * 4 + (last.month - 1) // 3 + 1


def _said(first: date, last: date, shown: Found, *, k: int) -> list[Figure]:
    start, end = _quarters(first, last)
    shapes = dict(zip(shown.cells["hotspot_id"], shown.cells.geometry, strict=True))
    low = {h.id: max(k, h.n - SLACK) for h in shown.hotspots}
    return [Figure(said=Said(start, end, low[h.id], h.n + SLACK), shape=shapes[h.id], id=h.id) for h in shown.hotspots]


def _figures(made: Export) -> list[Figure]:
    return _said(made.first_day, made.last_day, _found(made).only(set(made.figures["shown"])), k=made.k)


def _together(figures: list[Figure]) -> Figure:
    """Places of one map as one."""
    low, high = sum(f.said.low for f in figures), sum(f.said.high for f in figures)
    shape = shapely.union_all([f.shape for f in figures])
    return Figure(said=figures[0].said._replace(low=low, high=high), shape=shape)


def _tells(figures: Sequence[Figure], *, k: int) -> bool:
    return isolated([f.said for f in figures], k=k) is not None


def _json(found: Found) -> dict[str, Any]:
    return {
        "hotspots": [
            {name: _plain(getattr(h, name)) for name in PublishedHotspot.__dataclass_fields__} for h in found.hotspots
        ],
        "cells": {
            str(id): shapely.to_wkb(shape, hex=True)
            for id, shape in zip(found.cells["hotspot_id"], found.cells.geometry, strict=True)
        },
        "elsewhere": found.elsewhere,
        "params": {"eps_m": found.params.eps_m, "min_samples": found.params.min_samples} if found.params else None,
        "tested": found.tested,
        "rule": {"k": found.rule.k, "cell_m": found.rule.cell_m},
        "data_version": found.data_version,
        "version": found.version,
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _found(made: Export) -> Found:
    kept = made.figures["found"]
    cells = kept["cells"]
    return Found(
        hotspots=tuple(_hotspot(h) for h in kept["hotspots"]),
        cells=gpd.GeoDataFrame(
            {"hotspot_id": list(cells)}, geometry=[shapely.from_wkb(text) for text in cells.values()], crs=RD
        ),
        elsewhere=kept["elsewhere"],
        params=HotspotParams(**kept["params"]) if kept["params"] else None,
        tested=kept["tested"],
        rule=PublishRule(**kept["rule"]),
        data_version=kept["data_version"],
        version=kept["version"],
    )


def _hotspot(kept: dict[str, Any]) -> PublishedHotspot:
    strength = kept["strength"]
    return PublishedHotspot(
        **{
            **kept,
            "focus_areas": tuple(kept["focus_areas"]),
            "areas": tuple(kept["areas"]),
            "strength": Strength(strength) if strength else None,
        }
    )


def nothing_frozen() -> ExportRefused:
    """There is no year yet of which a wijkmanager can hand out a map."""
    return ExportRefused(
        "export_no_year",
        "Er is nog geen heel kalenderjaar gepubliceerd dat in deze periode valt. Kies een eerdere periode, of vraag een analist "
        "om een kaart.",
    )
