"""Boundaries: buurten, wijken and gemeenten of any origin, made fit for the join and stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Protocol

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data import area_columns
from data.area_columns import Level, find_columns, is_cbs
from data.reasons import FileRefused
from data.vector import Note, in_rd, local_file, read_vector, stated_attribution, texts
from geo.crs import RD, RD_BOUNDS

COLUMNS: Final = ("code", "level", "name", "wijk_code", "gemeente_code", "inhabitants", "water", "geometry")
LEVELS: Final[tuple[Level, ...]] = ("buurt", "wijk", "gemeente")  # small to large
OVERLAP_M2: Final = 1.0  # less is a difference in rounding
OVERLAP_SHARE: Final = 0.5  # more than this share of one area under another: not two areas
MIN_AREA_M2: Final = 1.0


class AreaStore(Protocol):
    """What importing needs of a store (data.store.store.ReportStore)."""

    def areas(self, level: str) -> gpd.GeoDataFrame:
        """Areas of a level; no rows when there are none; ``attrs["attribution"]``."""

    def replace_areas(self, level: Mapping[str, gpd.GeoDataFrame], *, attribution: str) -> None:
        """Put these areas in the place of all of their levels, at once."""


@dataclass(frozen=True, kw_only=True)
class AreasRead:
    """Boundaries as read: ``frame`` follows CONTRIBUTING ("Tables"), sorted by code; the rest says how it came about."""

    level: Level
    frame: gpd.GeoDataFrame
    notes: tuple[Note, ...] = ()
    wijk_names: Mapping[str, str] = field(default_factory=dict)  # names of larger areas the file gave along
    gemeente_names: Mapping[str, str] = field(default_factory=dict)
    attribution: str = ""
    derived: Mapping[str, int] = field(default_factory=dict)  # by import_areas: levels made from these, with numbers


def read_areas(
    path: Path | str,
    *,
    level: Level,
    code: str | None = None,
    name_column: str | None = None,
    gemeente: str | None = None,
    crs: str | None = None,
    name: str | None = None,
) -> AreasRead:
    """Read the boundaries of one level, in RD, valid, with one row per code.

    code, name_column: the file's columns, for boundaries that are not CBS's. gemeente: keep only this gemeente, by its
    name or code (national files). crs, name: see read_vector. Self-intersecting outlines are repaired and noted, small
    overlaps noted (geo.join decides who gets a point); raises FileRefused for what cannot be mended, naming the area.
    """
    _, label = local_file(path, name=name)
    raw = read_vector(path, crs=crs, name=name, layer_hint=level)
    parts = find_columns(
        [str(c) for c in raw.columns if c != raw.geometry.name], level, code=code, name=name_column, label=label
    )
    if len(raw) == 0:
        raise FileRefused("no_areas", "{file}: er staat geen enkel gebied in.", file=label)
    if gemeente is not None:
        raw = _of_gemeente(raw, parts, gemeente, label)
    notes: list[Note] = []
    table = _table(raw, parts, level, notes, own_scheme=code is not None)
    frame = gpd.GeoDataFrame(table, geometry=_outlines(in_rd(raw), table, notes, label), crs=RD)
    frame = _one_per_code(frame, notes, label).sort_values("code", ignore_index=True)
    _check_overlaps(frame, notes, label)
    frame = frame[list(COLUMNS)]
    year = texts(raw[parts["year"]]).max() if "year" in parts else ""
    return AreasRead(
        level=level,
        frame=frame,
        notes=tuple(notes),
        wijk_names=_names(raw, parts, "wijk"),
        gemeente_names=_names(raw, parts, "gemeente"),
        attribution=stated_attribution(raw) or _attribution(frame, level, year, label),
    )


def _of_gemeente(raw: gpd.GeoDataFrame, parts: Mapping[str, str], wanted: str, label: str) -> gpd.GeoDataFrame:
    keep = np.zeros(len(raw), dtype=bool)
    key = wanted.strip().casefold()
    if "gemeente_name" in parts:
        keep |= (texts(raw[parts["gemeente_name"]]).str.casefold() == key).to_numpy()
    if "gemeente_code" in parts:
        found = area_columns.codes(raw[parts["gemeente_code"]], "gemeente").str.casefold()
        keep |= (found == key).to_numpy()
    if not keep.any():
        raise FileRefused(
            "no_such_gemeente",
            "{file}: er zijn geen gebieden van gemeente ‘{gemeente}’ (gezocht op gemeentenaam en gemeentecode).",
            file=label,
            gemeente=wanted,
        )
    chosen: gpd.GeoDataFrame = raw[keep].reset_index(drop=True)  # pandas takes attrs along
    return chosen


def _table(
    raw: gpd.GeoDataFrame, parts: Mapping[str, str], level: Level, notes: list[Note], *, own_scheme: bool
) -> pd.DataFrame:
    """The columns of the contract, without geometry."""
    code = area_columns.codes(raw[parts["code"]], level, own_scheme=own_scheme)
    none = pd.Series("", index=raw.index, dtype="str")
    cbs = is_cbs(code, level)
    wijk, gemeente = none, none
    if level == "wijk":
        wijk = code
    elif level == "buurt" and "wijk_code" in parts:
        wijk = area_columns.codes(raw[parts["wijk_code"]], "wijk", own_scheme=own_scheme)
    if level == "gemeente":
        gemeente = code
    elif "gemeente_code" in parts:
        gemeente = area_columns.codes(raw[parts["gemeente_code"]], "gemeente")
    if level == "buurt":  # a CBS code holds those of its wijk and gemeente
        wijk = wijk.where((wijk != "") | ~cbs, "WK" + code.str[2:8])
    gemeente = gemeente.where((gemeente != "") | ~cbs, "GM" + code.str[2:6])
    name = texts(raw[parts["name"]]) if "name" in parts else none
    fallback = "Wijk " + code.str[-2:] if level == "wijk" and cbs.all() else code
    inhabitants = pd.Series(np.nan, index=raw.index, dtype="float64")
    if "inhabitants" in parts:
        inhabitants, strange = area_columns.inhabitants(raw[parts["inhabitants"]])
        if strange:
            fields: dict[str, object] = {"column": parts["inhabitants"], "values": _some(strange)}
            notes.append(
                Note("inhabitants", "Kolom {column}: {values} is geen aantal inwoners; dat telt als onbekend.", fields)
            )
    return pd.DataFrame(
        {
            "code": code,
            "level": pd.Series(level, index=raw.index, dtype="str"),
            "name": name.where(name != "", fallback),
            "wijk_code": wijk,
            "gemeente_code": gemeente,
            "inhabitants": inhabitants,
            "water": area_columns.water(raw[parts["water"]]) if "water" in parts else False,
        }
    ).reset_index(drop=True)


def _names(raw: gpd.GeoDataFrame, parts: Mapping[str, str], level: Level) -> dict[str, str]:
    if f"{level}_code" not in parts or f"{level}_name" not in parts:
        return {}
    code = area_columns.codes(raw[parts[f"{level}_code"]], level)
    pairs = zip(code.tolist(), texts(raw[parts[f"{level}_name"]]).tolist(), strict=True)
    return {c: n for c, n in pairs if c and n}


def _outlines(raw: gpd.GeoDataFrame, table: pd.DataFrame, notes: list[Note], label: str) -> NDArray[np.object_]:
    """Valid MultiPolygons in RD; repairs go to ``notes``."""
    shapes = np.asarray(raw.geometry.array, dtype=object)
    titles = _titles(table)
    if unnamed := np.flatnonzero((table["code"] == "").to_numpy()).tolist():
        raise FileRefused(
            "no_code", "{file}: gebied nummer {row} heeft geen code.", file=label, row=", ".join(_rows(unnamed))
        )
    if bad := [t for t, s in zip(titles, shapes, strict=True) if s is None or s.is_empty]:
        raise FileRefused(
            "empty_outline",
            "{file}: {area} heeft geen (leesbare) begrenzing. Vul die aan of haal het gebied uit het bestand.",
            file=label,
            area=_some(bad),
        )
    for i in np.flatnonzero(~shapely.is_valid(shapes)).tolist():
        before = shapes[i]
        shapes[i] = _polygonal(shapely.make_valid(before))
        if before.geom_type in ("Polygon", "MultiPolygon") and shapes[i].area >= MIN_AREA_M2:
            notes.append(
                Note("repaired", "De begrenzing van {area} sneed zichzelf en is hersteld.", {"area": titles[i]})
            )
    polygons = np.array([_polygonal(s) for s in shapes], dtype=object)
    if bad := [t for t, flat in zip(titles, shapely.area(polygons) < MIN_AREA_M2, strict=True) if flat]:
        raise FileRefused(
            "not_a_polygon", "{file}: {area} is geen vlak maar een punt of lijn.", file=label, area=_some(bad)
        )
    bounds = shapely.bounds(polygons)
    west, south, east, north = RD_BOUNDS
    abroad = (bounds[:, 0] > east) | (bounds[:, 2] < west) | (bounds[:, 1] > north) | (bounds[:, 3] < south)
    if abroad.any():
        raise FileRefused(
            "outside_country",
            "{file}: {area} ligt buiten Nederland. Klopt het coördinatenstelsel (--crs), en staan lengte en breedte "
            "niet verwisseld?",
            file=label,
            area=_some([t for t, out in zip(titles, abroad.tolist(), strict=True) if out]),
        )
    return polygons


def _polygonal(shape: Any) -> shapely.MultiPolygon:
    parts = shapely.get_parts(shapely.get_parts(shape))  # a collection may hold multipolygons
    keep = [p for p in np.atleast_1d(parts) if p.geom_type == "Polygon" and not p.is_empty]
    return shapely.MultiPolygon(keep)


def _titles(table: pd.DataFrame) -> list[str]:
    return [f"{c} ({n})" if n != c else c for c, n in zip(table["code"].tolist(), table["name"].tolist(), strict=True)]


def _some(titles: Sequence[str]) -> str:
    return ", ".join(titles[:5]) + (f" (+{len(titles) - 5})" if len(titles) > 5 else "")


def _rows(positions: list[int]) -> list[str]:
    return [str(p + 1) for p in positions[:10]]


def _one_per_code(frame: gpd.GeoDataFrame, notes: list[Note], label: str) -> gpd.GeoDataFrame:
    """Rows that share code and name become one area: land and water, or islands, of the same one."""
    double = frame["code"].duplicated(keep=False)
    if not double.any():
        return frame
    groups = frame[double].groupby("code", sort=True)
    for area, rows in groups:
        if len(names := rows["name"].unique().tolist()) > 1:
            raise FileRefused(
                "double_code",
                "{file}: code {area} komt meer dan eens voor, met verschillende namen ({names}).",
                file=label,
                area=str(area),
                names=_some(names),
            )
    merged = [_merged(rows) for _, rows in groups]
    notes += [
        Note("merged", "{area} stond {n} keer in het bestand en is samengevoegd.", {"area": t, "n": int(n)})
        for t, n in zip(_titles(pd.DataFrame(merged)), groups.size().tolist(), strict=True)
    ]
    together = pd.concat([pd.DataFrame(frame[~double]), pd.DataFrame(merged)], ignore_index=True)
    return gpd.GeoDataFrame(together, geometry="geometry", crs=RD)


def _merged(rows: pd.DataFrame) -> dict[str, Any]:
    """One area of several rows. Its inhabitants stand in one of them, or are repeated in each: so the largest."""
    return {
        **{column: rows[column].iloc[0] for column in COLUMNS},
        "inhabitants": rows["inhabitants"].max(),
        "water": bool(rows["water"].all()),
        "geometry": _union(rows["geometry"].to_numpy()),
    }


def _union(shapes: NDArray[np.object_]) -> shapely.MultiPolygon:
    return _polygonal(shapely.union_all(shapes))


def _check_overlaps(frame: gpd.GeoDataFrame, notes: list[Note], label: str) -> None:
    shapes = np.asarray(frame.geometry.array, dtype=object)
    if bool(shapely.coverage_is_valid(shapes)):  # borders match edge for edge: the usual case, and quick to see
        return
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    shared = shapely.area(shapely.intersection(shapes[left], shapes[right]))
    smaller = np.minimum(shapely.area(shapes[left]), shapely.area(shapes[right]))
    titles = _titles(frame)
    for k in np.flatnonzero(shared > OVERLAP_M2).tolist():
        fields: dict[str, object] = {"one": titles[left[k]], "other": titles[right[k]], "m2": round(float(shared[k]))}
        if shared[k] > OVERLAP_SHARE * smaller[k]:
            raise FileRefused(
                "overlap",
                "{file}: {one} en {other} liggen voor meer dan de helft over elkaar ({m2} m²). Elke plek hoort bij "
                "één gebied.",
                file=label,
                **fields,
            )
        notes.append(
            Note(
                "overlap",
                "{one} en {other} overlappen {m2} m². Een melding daar telt bij het gebied met de laagste code.",
                fields,
            )
        )


def _attribution(frame: gpd.GeoDataFrame, level: Level, year: str, label: str) -> str:
    plural = {"buurt": "buurten", "wijk": "wijken", "gemeente": "gemeenten"}[level]
    if not is_cbs(frame["code"], level).all():
        return f"{label} ({plural})"
    return f"CBS/Kadaster, {plural} {year}".rstrip() + " (CC BY 4.0)"


def _dissolved(areas: gpd.GeoDataFrame, by: str, level: Level, names: Mapping[str, str]) -> gpd.GeoDataFrame:
    rows: list[dict[str, Any]] = []
    for code, mine in areas[areas[by] != ""].groupby(by, sort=True):
        short = f"Wijk {str(code)[-2:]}" if level == "wijk" else str(code)
        rows.append(
            {
                "code": str(code),
                "level": level,
                "name": names.get(str(code)) or short,
                "wijk_code": str(code) if level == "wijk" else "",
                "gemeente_code": str(mine["gemeente_code"].iloc[0]),
                "inhabitants": mine["inhabitants"].sum(min_count=1),
                "water": bool(mine["water"].all()),
                "geometry": _union(mine.geometry.to_numpy()),
            }
        )
    if not rows:
        return gpd.GeoDataFrame(areas.iloc[:0][list(COLUMNS)], geometry="geometry", crs=RD)
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"inhabitants": "float64", "water": "bool"})
    return gpd.GeoDataFrame(table, geometry="geometry", crs=RD)


def wijken_from_buurten(buurten: gpd.GeoDataFrame, *, names: Mapping[str, str] | None = None) -> gpd.GeoDataFrame:
    """Wijken (areas table, RD) as unions of their buurten; no rows when the buurten name no wijk.

    names: wijk code -> name; without one "Wijk 05", after the code's end. Inhabitants: the sum of the known ones.
    """
    return _dissolved(buurten, "wijk_code", "wijk", names or {})


def gemeente_from(areas: gpd.GeoDataFrame, *, names: Mapping[str, str] | None = None) -> gpd.GeoDataFrame:
    """Gemeenten (areas table, RD) as unions of buurten or wijken; no rows when those name no gemeente."""
    return _dissolved(areas, "gemeente_code", "gemeente", names or {})


def import_areas(
    path: Path | str, *, store: AreaStore, level: Level, attribution: str | None = None, **how: Any
) -> AreasRead:
    """Read boundaries and store them, and make the larger levels that were never given themselves.

    how: as for read_areas. Wijken and gemeente are made from buurten (gemeente from wijken without buurten) when the
    store holds none, or holds ones made earlier: those carry the attribution of the level they were made from.
    """
    read = read_areas(path, level=level, **how)
    source = attribution or read.attribution
    position = LEVELS.index(level)
    stored = {x: store.areas(x) for x in LEVELS}
    made: dict[str, gpd.GeoDataFrame] = {}
    kept: list[Note] = []
    if not any(len(stored[x]) for x in LEVELS[:position]):  # larger levels are made from the smallest there is
        for larger in LEVELS[position + 1 :]:
            again = _made_from_smaller(stored, larger)
            if len(stored[larger]) and not again:
                missing = sorted(set(read.frame[f"{larger}_code"]) - set(stored[larger]["code"]) - {""})
                if missing:
                    kept.append(_kept_note(larger, missing))
                continue
            given = read.wijk_names if larger == "wijk" else read.gemeente_names
            make = wijken_from_buurten if larger == "wijk" else gemeente_from
            areas = make(read.frame, names=_known_names(stored[larger]) | dict(given))
            if len(areas) or again:
                made[larger] = areas
    store.replace_areas({level: read.frame, **made}, attribution=source)
    derived = {x: len(f) for x, f in made.items()}
    return replace(read, attribution=source, derived=derived, notes=(*read.notes, *kept))


def _kept_note(level: Level, missing: Sequence[str]) -> Note:
    return Note(
        "level_kept",
        "De eerder ingelezen gebieden van niveau {level} blijven staan, maar {areas} ontbreekt daarin.",
        {"level": level, "areas": _some(missing)},
    )


def _known_names(areas: gpd.GeoDataFrame) -> dict[str, str]:
    return dict(zip(areas["code"].tolist(), areas["name"].tolist(), strict=True)) if len(areas) else {}


def _made_from_smaller(stored: Mapping[Level, gpd.GeoDataFrame], level: Level) -> bool:
    own = stored[level].attrs.get("attribution", "")
    return len(stored[level]) > 0 and any(
        len(stored[smaller]) > 0 and stored[smaller].attrs.get("attribution", "") == own
        for smaller in LEVELS[: LEVELS.index(level)]
    )
