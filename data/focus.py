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

    def geometry(self, buurten: gpd.GeoDataFrame) -> shapely.Geometry:
        """Its outline in RD: the union of its buurten and its polygon. buurten: the areas table, RD.

        Raises FileRefused ``unknown_codes`` when it names a buurt or wijk that is not there.
        """
        if unknown := self.unknown(buurten):
            raise FileRefused(
                "unknown_codes",
                "{file}: aandachtsgebied ‘{name}’ noemt {codes}, maar die buurt of wijk is er niet.",
                file=self.file,
                name=self.name,
                codes=", ".join(unknown),
            )
        pairs = zip(buurten["code"].tolist(), buurten["wijk_code"].tolist(), strict=True)
        mine = np.array([self.matches(b, w) for b, w in pairs], dtype=bool)
        parts = list(np.asarray(buurten.geometry.array, dtype=object)[mine])
        return shapely.union_all(parts + ([self.polygon] if self.polygon is not None else []))


def resolve(
    focus_areas: Sequence[FocusArea], buurten: gpd.GeoDataFrame
) -> tuple[dict[str, shapely.Geometry], tuple[Note, ...]]:
    """Name -> outline (RD) of the focus areas that lie in these buurten, as geo.hotspots.Surroundings wants them.

    One that lies wholly elsewhere (no code known, polygon outside) is another city's: left out, with a note. One that
    is partly known has a mistake in it: FileRefused ``unknown_codes``.
    """
    found: dict[str, shapely.Geometry] = {}
    notes: list[Note] = []
    known = set(buurten["code"]) | set(buurten["wijk_code"])
    for focus in focus_areas:
        drawn_here = focus.polygon is not None and bool(
            shapely.intersects(np.asarray(buurten.geometry.array, dtype=object), focus.polygon).any()
        )
        if not (focus.codes & known or drawn_here):
            notes.append(
                Note("focus_elsewhere", "Aandachtsgebied ‘{name}’ ligt niet in deze buurten.", {"name": focus.name})
            )
            continue
        found[focus.name] = focus.geometry(buurten)
    return found, tuple(notes)


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
    if unknown := sorted(set(document) - {"focus_area"}):
        raise _refused(label, unknown[0], "onbekend onderdeel; alleen [[focus_area]] wordt gelezen")
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        raise _refused(label, "focus_area", "schrijf het met dubbele haken: [[focus_area]]")
    areas = tuple(_focus_area(table, number, label) for number, table in enumerate(tables, start=1))
    names = [a.name for a in areas]
    if double := sorted({n for n in names if names.count(n) > 1}):
        raise _refused(label, double[0], "deze naam komt twee keer voor")
    return areas


def _refused(label: str, place: str, what: str) -> FileRefused:
    return FileRefused("focus_area", "{file}: {place}: {what}.", file=label, place=place, what=what)


def _focus_area(table: Mapping[str, Any], number: int, label: str) -> FocusArea:
    place = str(table.get("name") or f"focus_area {number}")
    for key, value in table.items():
        if key not in _KEYS:
            raise _refused(label, place, f"onbekende sleutel ‘{key}’; bekend zijn {', '.join(_KEYS)}")
        if not isinstance(value, _KEYS[key]):
            raise _refused(label, place, f"{key} = {value} heeft niet de goede vorm ({_KEYS[key].__name__})")
    if not str(table.get("name", "")).strip():
        raise _refused(label, place, "de naam (name) ontbreekt")
    codes, exclude, border = (_codes(table, key, label, place) for key in ("codes", "exclude", "border_cases"))
    if table.get("include_border_cases", False):
        codes |= border
    else:
        exclude |= border
    polygon = _polygon(table, label, place)
    if not codes and polygon is None:
        raise _refused(label, place, "geef codes of een polygon")
    return FocusArea(
        name=table["name"].strip(),
        codes=codes,
        exclude=exclude,
        polygon=polygon,
        note=table.get("note", ""),
        file=label,
    )


def _codes(table: Mapping[str, Any], key: str, label: str, place: str) -> frozenset[str]:
    codes = table.get(key, [])
    if strange := [c for c in codes if not isinstance(c, str) or not c.strip()]:
        raise _refused(label, place, f"{key} bevat {strange[0]!r}; een code is tekst tussen aanhalingstekens")
    return frozenset(c.strip() for c in codes)


def _polygon(table: Mapping[str, Any], label: str, place: str) -> shapely.Polygon | None:
    """The drawn polygon in RD; None when there is none."""
    given = [key for key in ("polygon", "polygon_rd") if key in table]
    if not given:
        return None
    if len(given) > 1:
        raise _refused(label, place, "geef polygon of polygon_rd, niet allebei")
    key = given[0]
    corners = table[key]
    fine = all(isinstance(c, list) and len(c) == 2 and all(type(v) in (int, float) for v in c) for c in corners)
    if not fine or len(corners) < 3:
        raise _refused(label, place, f"{key} is geen lijst van drie of meer punten [a, b]")
    places = np.array(corners, dtype=float)
    west, south, east, north = WGS84_BOUNDS if key == "polygon" else RD_BOUNDS
    inside = (places >= [west, south]).all(axis=1) & (places <= [east, north]).all(axis=1)
    if not inside.all():
        wrong = corners[int(np.flatnonzero(~inside)[0])]
        order = "[lengte, breedte] in graden" if key == "polygon" else "[x, y] in Rijksdriehoek-meters"
        raise _refused(label, place, f"{key}: punt {wrong} ligt niet in Nederland; schrijf {order}")
    if key == "polygon":
        places = np.column_stack(to_rd(places[:, 0], places[:, 1]))
    shape = shapely.Polygon(places)
    if not shape.is_valid or shape.area < 1:
        raise _refused(label, place, f"{key} snijdt zichzelf of heeft geen oppervlakte")
    return shape
