"""Focus areas ("aandachtsgebieden"): named sets of buurten and wijken, or drawn polygons, from a TOML file."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from data.reasons import FileRefused
from data.vector import Note, local_file
from geo.crs import RD_BOUNDS, WGS84_BOUNDS, to_rd

OWN_FILE: Final = "focus_areas.toml"
_KEYS: Final = {
    "name": str,
    "codes": list,
    "exclude": list,
    "border_cases": list,
    "include_border_cases": bool,
    "polygon": list,
    "polygon_rd": list,
    "note": str,
}


@dataclass(frozen=True, kw_only=True)
class FocusArea:
    """A named part of the city. codes: buurten and wijken; exclude: buurten left out again; polygon: RD, drawn."""

    name: str
    codes: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    polygon: shapely.Polygon | None = None
    note: str = ""
    file: str = ""  # where it was described, for messages

    def matches(self, buurt_code: str, wijk_code: str) -> bool:
        """Whether a buurt belongs to it by code. A drawn polygon has no codes: ask ``geometry``."""
        return buurt_code not in self.exclude and (buurt_code in self.codes or wijk_code in self.codes)

    def unknown(self, buurten: gpd.GeoDataFrame) -> tuple[str, ...]:
        """Its codes (sorted) that are no buurt and no wijk of these areas."""
        known = set(buurten["code"]) | set(buurten["wijk_code"])
        return tuple(sorted((self.codes | self.exclude) - known))

    def geometry(self, buurten: gpd.GeoDataFrame) -> BaseGeometry:
        """Its outline in RD: the union of its buurten and its polygon. buurten: the areas table, RD.

        Empty when it lies wholly elsewhere (no code known, polygon outside): it is another city's. Raises FileRefused
        ``unknown_codes`` when only some of its codes are known: that is a mistake in the file.
        """
        shapes = np.asarray(buurten.geometry.array, dtype=object)
        unknown = self.unknown(buurten)
        if unknown and len(unknown) < len(self.codes | self.exclude):
            raise FileRefused(
                "unknown_codes",
                "{file}: aandachtsgebied ‘{area}’ noemt {codes}, maar die buurt of wijk is er niet.",
                file=self.file,
                area=self.name,
                codes=", ".join(unknown),
            )
        pairs = zip(buurten["code"].tolist(), buurten["wijk_code"].tolist(), strict=True)
        parts = [shape for shape, (b, w) in zip(shapes, pairs, strict=True) if self.matches(b, w)]
        if self.polygon is not None and bool(shapely.intersects(shapes, self.polygon).any()):
            parts.append(self.polygon)
        union: BaseGeometry = shapely.union_all(parts)
        return union


def resolve(
    focus_areas: Sequence[FocusArea], buurten: gpd.GeoDataFrame
) -> tuple[dict[str, BaseGeometry], tuple[Note, ...]]:
    """Name -> outline (RD), as geo.hotspots.Surroundings wants them; those of another city left out, with a note."""
    outlines = {focus.name: focus.geometry(buurten) for focus in focus_areas}
    notes = tuple(
        Note("focus_elsewhere", "Aandachtsgebied ‘{area}’ ligt niet in deze buurten.", {"area": name})
        for name, outline in outlines.items()
        if outline.is_empty
    )
    return {name: outline for name, outline in outlines.items() if not outline.is_empty}, notes


def load_focus_areas(path: str | Path = "") -> tuple[FocusArea, ...]:
    """The focus areas of a TOML file, in its order; without a path those that come with the project (Dordrecht).

    Raises FileRefused that names the focus area and the key.
    """
    if str(path):
        file, label = local_file(path)
        content = file.read_bytes()
    else:
        label, content = OWN_FILE, files("data").joinpath(OWN_FILE).read_bytes()
    try:
        document = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise FileRefused(
            "unreadable", "{file}: dit is geen geldig TOML-bestand ({why}).", file=label, why=str(error)[:200]
        ) from error
    tables = document.get("focus_area", [])
    fault = _Fault(label)
    if unknown := sorted(set(document) - {"focus_area"}):
        raise fault("{file}: ‘{key}’ is onbekend; alleen [[focus_area]] wordt gelezen.", key=unknown[0])
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        raise fault("{file}: schrijf focus_area met dubbele haken: [[focus_area]].")
    areas = tuple(_focus_area(table, number, fault) for number, table in enumerate(tables, start=1))
    names = [a.name for a in areas]
    if double := sorted({n for n in names if names.count(n) > 1}):
        raise fault("{file}: er zijn twee aandachtsgebieden met de naam ‘{area}’.", area=double[0])
    return areas


@dataclass(frozen=True)
class _Fault:
    """Makes the refusal of one file; the sentence is its first argument."""

    label: str

    def __call__(self, sentence: str, **fields: object) -> FileRefused:
        return FileRefused("focus_area", sentence, file=self.label, **fields)


def _focus_area(table: Mapping[str, Any], number: int, fault: _Fault) -> FocusArea:
    area = str(table.get("name") or number)
    for key, value in table.items():
        if key not in _KEYS:
            known = ", ".join(_KEYS)
            raise fault(
                "{file}, aandachtsgebied {area}: sleutel ‘{key}’ is onbekend; bekend zijn {known}.",
                area=area,
                key=key,
                known=known,
            )
        if not isinstance(value, _KEYS[key]):
            raise fault(
                "{file}, aandachtsgebied {area}: {key} = {value} moet van de soort {kind} zijn.",
                area=area,
                key=key,
                value=str(value)[:80],
                kind=_KEYS[key].__name__,
            )
    if not str(table.get("name", "")).strip():
        raise fault("{file}, aandachtsgebied {area}: de naam (name) ontbreekt.", area=area)
    codes, exclude, border = (_codes(table, key, area, fault) for key in ("codes", "exclude", "border_cases"))
    if table.get("include_border_cases", False):
        codes |= border
    else:
        exclude |= border
    polygon = _polygon(table, area, fault)
    if not codes and polygon is None:
        raise fault("{file}, aandachtsgebied {area}: geef codes of een polygon.", area=area)
    return FocusArea(
        name=table["name"].strip(),
        codes=codes,
        exclude=exclude,
        polygon=polygon,
        note=table.get("note", ""),
        file=fault.label,
    )


def _codes(table: Mapping[str, Any], key: str, area: str, fault: _Fault) -> frozenset[str]:
    codes = table.get(key, [])
    if strange := [c for c in codes if not isinstance(c, str) or not c.strip()]:
        raise fault(
            "{file}, aandachtsgebied {area}: {key} bevat {value}; een code is tekst tussen aanhalingstekens.",
            area=area,
            key=key,
            value=repr(strange[0])[:80],
        )
    return frozenset(c.strip() for c in codes)


def _polygon(table: Mapping[str, Any], area: str, fault: _Fault) -> shapely.Polygon | None:
    """The drawn polygon in RD; None when there is none."""
    given = [key for key in ("polygon", "polygon_rd") if key in table]
    if not given:
        return None
    if len(given) > 1:
        raise fault("{file}, aandachtsgebied {area}: geef polygon of polygon_rd, niet allebei.", area=area)
    key = given[0]
    corners = table[key]
    fine = all(isinstance(c, list) and len(c) == 2 and all(type(v) in (int, float) for v in c) for c in corners)
    if not fine or len(corners) < 3:
        raise fault(
            "{file}, aandachtsgebied {area}: {key} is geen lijst van drie of meer punten [a, b].", area=area, key=key
        )
    places = np.array(corners, dtype=float)
    west, south, east, north = WGS84_BOUNDS if key == "polygon" else RD_BOUNDS
    inside = (places >= [west, south]).all(axis=1) & (places <= [east, north]).all(axis=1)
    if not inside.all():
        raise fault(
            "{file}, aandachtsgebied {area}: punt {point} ligt niet in Nederland. Schrijf in polygon [lengte, breedte] "
            "in graden, in polygon_rd [x, y] in Rijksdriehoek-meters.",
            area=area,
            point=corners[int(np.flatnonzero(~inside)[0])],
        )
    if key == "polygon":
        places = np.column_stack(to_rd(places[:, 0], places[:, 1]))
    shape = shapely.Polygon(places)
    if not shape.is_valid or shape.area < 1:
        raise fault(
            "{file}, aandachtsgebied {area}: {key} snijdt zichzelf of heeft geen oppervlakte.", area=area, key=key
        )
    return shape
