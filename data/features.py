"""What is drawn and measured beside the reports: schools, stops, lines, water and railway, from files of any origin."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, Protocol

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data import feature_table, gtfs
from data.boardings import boardings
from data.feature_table import find, row_list
from data.reasons import FileRefused
from data.transport import merge_routes, merge_stops, mode
from data.vector import Note, in_rd, local_file, read_vector, sniff, stated_attribution, texts
from geo.crs import RD

Kind = Literal["schools", "stops", "routes", "water", "railway", "streets"]
COLUMNS: Final = ("id", "name", "subtype", "uncertainty_m", "geometry")
BOARDINGS: Final = "boardings"  # of stops, when the file has them: people a day; attrs say what was counted
LARGEST_M2: Final = 200_000.0  # a site is mostly a few hectares; a municipality's buurten are 40 and more
NEAR_M: Final = 300.0  # a stop across the border, or on the other bank, still matters

_POINTS: Final = ("Point", "MultiPoint", "Polygon", "MultiPolygon")
_LINES: Final = ("LineString", "MultiLineString")
SHAPES: Final[dict[Kind, tuple[str, ...]]] = {
    "schools": _POINTS,  # a building or a site counts as the point inside it
    "stops": _POINTS,
    "routes": _LINES,
    "water": (*_LINES, "Polygon", "MultiPolygon"),
    "railway": _LINES,
    "streets": _LINES,  # every line given counts: two carriageways are two
}
_NAMES: Final[dict[str, str]] = {
    "id": "id brin brin_vestiging vestigingscode vestigingsnummer stop_id haltecode route_id osm_id osm_node "
    "identificatie routeref objectid fid",
    "name": "name naam instellingsnaam vestigingsnaam schoolnaam stop_name haltenaam route_long_name station title titel "
    "omschrijving",
    "subtype": "subtype niveau onderwijstype schooltype mode modaliteit vervoerwijze vervoer soort type category "
    "categorie route_type railway waterway water",
    "uncertainty_m": "uncertainty_m nauwkeurigheid_m nauwkeurigheid onzekerheid_m onzekerheid accuracy_m accuracy",
    "line": "publiccode public_code route_short_name lijnnummer lijn line ref",
    "location_type": "location_type",
    "parent": "parent_station",
}
# A street's own columns come first; a school's street is not its name
_STREET_NAMES: Final[dict[str, str]] = {
    "id": "wvk_id lokaalid",
    "name": "straatnaam stt_naam openbareruimtenaam openbare_ruimte street street_name",
    "subtype": "highway fclass wegtype weg_type baansubsoort",
}


class FeatureStore(Protocol):
    """What importing needs of a store (data.store.store.ReportStore)."""

    def areas(self, level: str) -> gpd.GeoDataFrame:
        """Areas of a level; no rows when there are none."""

    def features(self, kind: str) -> gpd.GeoDataFrame:
        """The features of a kind; no rows when there are none."""

    def replace_features(self, kind: str, features: gpd.GeoDataFrame, *, attribution: str) -> None:
        """Put these features in the place of all of their kind."""


@dataclass(frozen=True, kw_only=True)
class FeaturesRead:
    """Features as read: ``frame`` follows CONTRIBUTING ("Tables"); ``notes`` say what was left out or joined."""

    kind: Kind
    frame: gpd.GeoDataFrame
    notes: tuple[Note, ...] = ()
    attribution: str = ""


def read_features(
    path: Path | str,
    *,
    kind: Kind,
    crs: str | None = None,
    name: str | None = None,
    within: shapely.Geometry | None = None,
) -> FeaturesRead:
    """Read one kind of features from GeoJSON, GeoPackage, zipped shapefile, CSV, or (stops, routes) a GTFS zip.

    crs: what the coordinates are in, over what the file says. name: what the user calls the file. within: keep what
    lies or comes in this geometry (RD); lines are cut to it. Stops become one per name within 100 m, routes one per
    line number; rows without a usable place are named in ``notes``. Raises FileRefused.
    """
    file, label = local_file(path, name=name)
    content = sniff(file)
    attribution = label
    if content == "zip" and gtfs.is_gtfs(file, label=label):
        frame, notes = _from_gtfs(file, kind, within, label)
    elif content in ("zip", "gpkg", "geojson"):
        raw = read_vector(file, crs=crs, name=label, layer_hint=kind)
        frame, notes = _from_vector(raw, kind, label)
        attribution = stated_attribution(raw) or label
    elif content == "xml":
        raise FileRefused(
            "unknown_format",
            "{file}: dit is XML of HTML. Lever GeoJSON, GeoPackage, een shapefile in een zip, CSV of GTFS.",
            file=label,
        )
    else:
        frame, notes, attribution = _from_csv(file, kind, crs, label)
    if within is not None:
        frame, notes = _only_within(frame, notes, within)
    if len(frame) == 0:
        raise FileRefused("no_features", "{file}: er bleef niets bruikbaars over ({kind}).", file=label, kind=kind)
    if kind == "stops":
        frame, notes = _one_per_stop(frame, notes)
    elif kind == "routes":
        frame = merge_routes(frame)
    unit = frame.attrs.get(BOARDINGS)
    frame = frame[[*COLUMNS, *([BOARDINGS] if unit else [])]].reset_index(drop=True)
    if unit:
        frame.attrs[BOARDINGS] = unit
    return FeaturesRead(
        kind=kind, frame=frame.assign(id=_unique(frame["id"])), notes=tuple(notes), attribution=attribution
    )


def import_features(
    path: Path | str,
    *,
    store: FeatureStore,
    kind: Kind,
    crs: str | None = None,
    name: str | None = None,
    attribution: str | None = None,
    only_near: bool | None = None,
) -> FeaturesRead:
    """Read features and store them in the place of all of their kind; a note says so when those came from elsewhere.

    only_near: keep only what lies in the stored municipality or within 300 m of it; None: do so for a GTFS feed, which
    holds the whole country, and for streets, which often do.
    """
    file, label = local_file(path, name=name)
    if only_near is None:
        only_near = kind == "streets" or (sniff(file) == "zip" and gtfs.is_gtfs(file, label=label))
    within = _near(store) if only_near else None
    read = read_features(file, kind=kind, crs=crs, name=label, within=within)
    read = replace(read, attribution=attribution or read.attribution)
    read = replace(read, notes=(*read.notes, *_replaced(store.features(kind), by=read)))
    store.replace_features(kind, read.frame, attribution=read.attribution)
    return read


def _replaced(there: gpd.GeoDataFrame, *, by: FeaturesRead) -> tuple[Note, ...]:
    source = str(there.attrs.get("attribution", ""))
    if not len(there) or source == by.attribution:
        return ()
    sentence = (
        "Deze laag komt in de plaats van de {n} objecten uit „{source}”. Horen beide op de kaart, voeg de bestanden dan "
        "eerst samen tot één bestand."
    )
    return (Note("replaced", sentence, {"n": len(there), "source": source}),)


def _near(store: FeatureStore) -> shapely.Geometry | None:
    for level in ("gemeente", "buurt", "wijk"):
        areas = store.areas(level)
        if len(areas):
            union: shapely.Geometry = shapely.union_all(np.asarray(areas.geometry.array, dtype=object))
            return shapely.buffer(union, NEAR_M)
    return None


def _from_gtfs(
    file: Path, kind: Kind, within: shapely.Geometry | None, label: str
) -> tuple[gpd.GeoDataFrame, list[Note]]:
    if kind == "stops":
        frame, notes = gtfs.read_stops(file, label=label, within=within)
        return frame, list(notes)
    if kind == "routes":
        frame, notes = gtfs.read_routes(file, label=label, within=within)
        return frame, list(notes)
    raise FileRefused(
        "gtfs_kind", "{file}: uit GTFS komen alleen haltes (stops) en lijnen (routes).", file=label, kind=kind
    )


def _from_vector(raw: gpd.GeoDataFrame, kind: Kind, label: str) -> tuple[gpd.GeoDataFrame, list[Note]]:
    placed = in_rd(raw)
    shapes = np.asarray(placed.geometry.array, dtype=object)
    fine = np.isin(shapely.get_type_id(shapes), [_TYPE_IDS[t] for t in SHAPES[kind]]) & ~shapely.is_empty(shapes)
    notes = []
    if SHAPES[kind] is _POINTS and fine.any():
        _refuse_areas(shapes[fine], kind, label)
    if not fine.all():
        fields: dict[str, object] = {"rows": row_list(np.flatnonzero(~fine) + 1)}
        notes.append(Note("no_shape", "Object {rows}: geen vorm die hier past; niet overgenomen.", fields))
    table = pd.DataFrame(placed.drop(columns=placed.geometry.name))[fine].reset_index(drop=True)
    return _frame(table, _fit(shapes[fine], kind), kind, label), notes


def _refuse_areas(shapes: NDArray[np.object_], kind: Kind, label: str) -> None:
    """Buurten would come in as so many schools, in the place of the real ones."""
    mean = float(shapely.area(shapes).mean())
    if mean > LARGEST_M2:
        raise FileRefused(
            "areas_as_features",
            "{file}: deze vlakken zijn gemiddeld {hectare} hectare groot, te groot voor {kind}. Zijn het buurten of wijken, "
            "lees ze dan in met hotspotkaart areas import.",
            file=label,
            hectare=round(mean / 10_000),
            kind=kind,
        )


_TYPE_IDS: Final = {
    "Point": 0,
    "LineString": 1,
    "Polygon": 3,
    "MultiPoint": 4,
    "MultiLineString": 5,
    "MultiPolygon": 6,
}


def _fit(shapes: NDArray[np.object_], kind: Kind) -> NDArray[np.object_]:
    """Points for schools and stops, valid shapes for the rest."""
    if SHAPES[kind] is _POINTS:
        return np.array(shapely.point_on_surface(shapes), dtype=object)
    broken = ~shapely.is_valid(shapes)
    shapes = shapes.copy()
    shapes[broken] = shapely.make_valid(shapes[broken])
    return shapes


def _from_csv(file: Path, kind: Kind, crs: str | None, label: str) -> tuple[gpd.GeoDataFrame, list[Note], str]:
    if SHAPES[kind] is not _POINTS:
        raise FileRefused(
            "no_lines_in_csv",
            "{file}: een CSV heeft geen lijnen of vlakken; lever voor {kind} GeoJSON.",
            file=label,
            kind=kind,
        )
    read = feature_table.read_places(file, crs=crs, label=label)
    fine = np.isfinite(read.x)
    table = read.frame[fine].reset_index(drop=True)
    points = np.asarray(shapely.points(read.x[fine], read.y[fine]), dtype=object)
    return _frame(table, points, kind, label), list(read.notes), stated_attribution(table) or label


def _frame(table: pd.DataFrame, shapes: NDArray[np.object_], kind: Kind, label: str) -> gpd.GeoDataFrame:
    """The contract's columns, and for stops and routes what merging needs."""
    present = [str(c) for c in table.columns]
    own = _STREET_NAMES if kind == "streets" else {}
    cells = {
        part: texts(table[column])
        if (column := find(present, (own.get(part, "") + " " + names).split()))
        else _blank(table)
        for part, names in _NAMES.items()
    }
    subtype = cells["subtype"].map(mode).astype("str") if kind in ("stops", "routes") else cells["subtype"]
    radius = feature_table.numbers(cells["uncertainty_m"])
    frame = gpd.GeoDataFrame(
        {
            "id": cells["id"],
            "name": cells["name"],
            "subtype": subtype,
            "uncertainty_m": np.where(np.isfinite(radius) & (radius >= 0), radius, 0.0),
        },
        geometry=shapes,
        crs=RD,
    )
    centre = shapely.get_coordinates(shapely.point_on_surface(shapes)).round().astype(int)
    place = pd.Series([f"{x}-{y}" for x, y in centre.tolist()], index=frame.index, dtype="str")
    frame["id"] = frame["id"].where(frame["id"] != "", place)
    if kind == "stops":
        frame = frame.assign(is_area=(cells["location_type"] == "1").to_numpy(), parent=cells["parent"])
        if (known := boardings(table, label=label)) is not None:
            frame[BOARDINGS] = known.per_day
            frame.attrs[BOARDINGS] = known.unit
        frame = frame[~cells["location_type"].isin(["2", "3", "4"]).to_numpy()]  # entrances and the like
    elif kind == "routes":
        frame = frame.assign(line=cells["line"])
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=RD).reset_index(drop=True)


def _blank(table: pd.DataFrame) -> pd.Series:
    return pd.Series("", index=table.index, dtype="str")


def _only_within(
    frame: gpd.GeoDataFrame, notes: list[Note], within: shapely.Geometry
) -> tuple[gpd.GeoDataFrame, list[Note]]:
    shapely.prepare(within)
    near = shapely.intersects(within, np.asarray(frame.geometry.array, dtype=object))
    kept = frame[near].reset_index(drop=True)
    shapes = np.asarray(kept.geometry.array, dtype=object)
    if len(kept) and not (shapely.get_type_id(shapes) == 0).all():
        kept = kept.set_geometry(shapely.intersection(shapes, within), crs=RD)
        kept = kept[~kept.geometry.is_empty].reset_index(drop=True)
    if not near.all():
        fields: dict[str, object] = {"n": int((~near).sum())}
        notes = [*notes, Note("far", "{n} objecten liggen verder dan 300 m van de gemeente; niet overgenomen.", fields)]
    return kept, notes


def _one_per_stop(frame: gpd.GeoDataFrame, notes: list[Note]) -> tuple[gpd.GeoDataFrame, list[Note]]:
    merged = merge_stops(frame)
    if len(merged) < len(frame):
        fields: dict[str, object] = {"n": len(frame), "stops": len(merged)}
        notes = [
            *notes,
            Note(
                "merged",
                "{n} palen en perrons zijn samengevoegd tot {stops} haltes (zelfde naam, binnen 100 m).",
                fields,
            ),
        ]
    return merged, notes


def _unique(ids: pd.Series) -> pd.Series:
    """Ids that occur once: the second "18UG" becomes "18UG#2", or the next number that is free."""
    taken = set(ids)
    seen: set[str] = set()
    out: list[str] = []
    for value in ids.tolist():
        unique, number = value, 2
        while unique in seen or (number > 2 and unique in taken):
            unique, number = f"{value}#{number}", number + 1
        seen.add(unique)
        out.append(unique)
    return pd.Series(out, index=ids.index, dtype="str")
