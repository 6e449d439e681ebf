"""LayerService: what the map is made of and measured against, how old it is, and bringing it anew."""

import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, get_args

from dashboard.auth.limits import Limit
from dashboard.services.audit import AuditService
from dashboard.services.city import CityCache
from data.area_columns import Level
from data.areas import import_areas
from data.audit.chain import Action
from data.features import Kind, import_features
from data.reasons import FileRefused
from data.settings import Settings
from data.store import ReportStore
from data.vector import Note
from data.viewer import Right, Viewer
from data.weights import import_weight

OLD: Final = timedelta(days=365)
LEVELS: Final[tuple[str, ...]] = get_args(Level)
KINDS: Final[tuple[str, ...]] = get_args(Kind)
WEIGHT: Final = "weight"
NEEDED: Final = ("areas:buurt", "areas:wijk", "areas:gemeente", *(f"features:{kind}" for kind in KINDS))
MOST: Final = 30  # layers of one person
WITHIN_S: Final = 600
_YEAR: Final = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Layer:
    """One layer. name: "areas:buurt", "features:schools", "weight:passanten". n: 0 for one there is none of.

    year: of the data, as the source says it. imported_at: UTC, None when it came before that was written down, or with
    the program (own false). old: more than a year ago, by either.
    """

    name: str
    n: int = 0
    source: str = ""
    year: int | None = None
    imported_at: datetime | None = None
    own: bool = True
    old: bool = False


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What came of bringing a layer: how many objects, and what was put right or left out."""

    name: str
    n: int
    notes: tuple[Note, ...]


class LayerService:
    """Lists and takes layers."""

    def __init__(self, store: ReportStore, settings: Settings, cache: CityCache, audit: AuditService) -> None:
        self._store = store
        self._settings = settings
        self._cache = cache
        self._audit = audit
        self._limit = Limit(most=MOST, within_s=WITHIN_S)

    def layers(self, viewer: Viewer, *, today: date | None = None) -> tuple[Layer, ...]:
        """Every layer the map knows, also those there are none of, then the weights. Raises Denied."""
        viewer.require(Right.IMPORT)
        now = today or datetime.now(UTC).date()
        stored = {d.name: d for d in self._store.datasets()}
        found = [
            layer_of(name, stored[name].n, stored[name].attribution, stored[name].imported_at, today=now)
            if name in stored
            else self._with_the_program(name)
            for name in (*NEEDED, *(name for name in stored if name not in NEEDED))
        ]
        return tuple(found)

    def bring(
        self,
        viewer: Viewer,
        what: str,
        *,
        name: str,
        content: bytes,
        source: str = "",
        crs: str = "",
        title: str = "",
    ) -> Brought:
        """Put a file's objects in the place of a layer. what: a level, a kind or WEIGHT; title: of a weight.

        Raises Denied, TooMany, or FileRefused; the layer is then as it was.
        """
        viewer.require(Right.IMPORT)
        self._limit.use(viewer.name)
        self._audit.ready()
        with tempfile.TemporaryDirectory(prefix="hotspotkaart-") as folder:
            path = Path(folder) / f"laag{_suffix(name)}"
            path.write_bytes(content)
            brought = self._import(path, what, label=name, source=source.strip(), crs=crs.strip(), title=title.strip())
        self._audit.record(viewer, Action.IMPORT, brought.name, objects=brought.n)
        return brought

    def _import(self, path: Path, what: str, *, label: str, source: str, crs: str, title: str) -> Brought:
        how: dict[str, Any] = {"store": self._store, "name": label, "crs": crs or None, "attribution": source or None}
        if what in LEVELS:
            areas = import_areas(path, level=what, **how)  # type: ignore[arg-type]  # one of LEVELS
            return Brought(name=f"areas:{what}", n=len(areas.frame), notes=tuple(areas.notes))
        if what in KINDS:
            features = import_features(path, kind=what, **how)  # type: ignore[arg-type]  # one of KINDS
            return Brought(name=f"features:{what}", n=len(features.frame), notes=features.notes)
        if what != WEIGHT:
            raise FileRefused("unknown_layer", "Kies eerst wat het bestand bevat.")
        if not title:
            raise FileRefused("no_title", "Zeg hoe dit getal per buurt heet, bijvoorbeeld ‘passanten per dag’.")
        read = import_weight(path, store=self._store, name=title, attribution=source, label=label)
        return Brought(name=f"weight:{read.weight.name}", n=len(read.weight.values), notes=read.notes)

    def _with_the_program(self, name: str) -> Layer:
        """A layer that is not stored: the program's own, or none."""
        features = self._cache.city().features.get(name.removeprefix("features:"))
        if features is None or not len(features):
            return Layer(name=name)
        return Layer(name=name, n=len(features), source=str(features.attrs.get("attribution", "")), own=False)


def layer_of(name: str, n: int, source: str, imported_at: datetime | None, *, today: date) -> Layer:
    """A stored layer with its age. Data of a year are old once the year after it is over too."""
    years = [int(year) for year in _YEAR.findall(source) if int(year) <= today.year]
    year = max(years, default=None)
    old = (imported_at is not None and today - imported_at.date() > OLD) or (year is not None and today.year - year > 1)
    return Layer(name=name, n=n, source=source, year=year, imported_at=imported_at, old=old)


def _suffix(name: str) -> str:
    """The ending of a user's file name, when it is one that can stand on a disk."""
    ending = Path(name).suffix.lower()
    return ending if re.fullmatch(r"\.[a-z]{1,8}", ending) else ""
