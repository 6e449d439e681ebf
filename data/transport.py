"""Stops and lines as people know them: one stop per name and place, one line per number, with its means of transport."""

import re
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo.crs import RD

SAME_STOP_M: Final = 100.0  # two sides of a street, or the platforms of a bus station
SAME_PARENT_M: Final = 300.0  # a station's platforms, when the file says they belong together
_PLATFORM = re.compile(r"[\s,]*\(?\b(?:perron|platform|spoor|halteplaats|quay)\s+\w{1,3}\)?\s*$", re.IGNORECASE)

_WORDS: Final = {
    "bus": "bus coach autobus stadsbus streekbus",
    "boat": "boat ferry veer veerpont pont veerdienst waterbus waterbushalte boot water_bus",
    "rail": "rail train trein spoor ns station railway treinstation sprinter intercity",
    "tram": "tram lightrail light_rail sneltram",
    "metro": "metro subway randstadrail",
}
_MODE: Final = {word: mode for mode, words in _WORDS.items() for word in words.split()}
# GTFS route_type: the basic ones, and the hundreds of the extended list
_BASIC: Final = {0: "tram", 1: "metro", 2: "rail", 3: "bus", 4: "boat", 11: "bus", 12: "rail"}
_EXTENDED: Final = {1: "rail", 2: "bus", 4: "metro", 7: "bus", 8: "bus", 9: "tram", 10: "boat", 12: "boat"}


def mode(text: str) -> str:
    """bus, boat, rail, tram or metro, from a word or a GTFS route_type; anything else as it is, in lower case."""
    word = text.strip().lower()
    if word.isdigit():
        number = int(word)
        return _BASIC.get(number) or (_EXTENDED.get(number // 100, "") if number >= 100 else "")
    return _MODE.get(re.sub(r"[\s-]+", "_", word), word)


def merge_stops(stops: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """One row per stop: what shares name and means of transport within 100 m, and platforms with their stop area.

    stops: id, name, subtype, uncertainty_m, is_area (bool: a stop area or station, not a pole), parent (id of it or
    ""), point geometry (RD), and boardings (a day, NaN unknown) where known. A stop lies where its area lies, else in the middle of its poles; its uncertainty is the
    largest of theirs. The order is that of first appearance.
    """
    if len(stops) == 0:
        return stops
    name = stops["name"].map(lambda n: _PLATFORM.sub("", n)).astype("str")
    xy = shapely.get_coordinates(np.asarray(stops.geometry.array, dtype=object))
    group = _same_stop(stops, (name.str.casefold() + "|" + stops["subtype"]).to_numpy(object), xy)
    table = pd.DataFrame(
        {
            "group": group,
            "id": stops["id"].to_numpy(object),
            "name": name.to_numpy(object),
            "subtype": stops["subtype"].to_numpy(object),
            "uncertainty_m": stops["uncertainty_m"].to_numpy(float),
            "is_area": stops["is_area"].to_numpy(bool),
            "x": xy[:, 0],
            "y": xy[:, 1],
            "position": np.arange(len(stops)),
        }
    )
    has_area = table.groupby("group")["is_area"].transform("any")
    table = table.assign(first=table.groupby("group")["position"].transform("min"))
    largest = table.groupby("first")["uncertainty_m"].max()
    if "boardings" in stops.columns:
        table = table.assign(boardings=stops["boardings"].to_numpy(float))
    chosen = table[table["is_area"] | ~has_area].sort_values(["first", "is_area", "id"], kind="stable")
    merged = chosen.groupby("first", sort=True).agg(
        {"id": "first", "name": "first", "subtype": "max", "x": "mean", "y": "mean"}
    )
    merged["uncertainty_m"] = largest
    if "boardings" in table.columns:
        merged["boardings"] = _boardings(table, chosen)
    points = shapely.points(merged["x"].to_numpy(float), merged["y"].to_numpy(float))
    columns = merged.drop(columns=["x", "y"]).reset_index(drop=True)
    joined = gpd.GeoDataFrame(columns, geometry=points, crs=RD)
    joined.attrs.update(stops.attrs)
    return joined


def _boardings(table: pd.DataFrame, chosen: pd.DataFrame) -> pd.Series:
    """Boardings per stop: those of its area, else of its poles together; unknown when one of these is unknown."""
    area = chosen.loc[chosen["is_area"]].groupby("first")["boardings"].sum(min_count=1)
    poles = table[~table["is_area"]].groupby("first")["boardings"].agg(lambda known: known.sum(skipna=False))
    return area.reindex(table["first"].unique()).combine_first(poles)


def _same_stop(stops: gpd.GeoDataFrame, key: NDArray[np.object_], xy: NDArray[np.float64]) -> NDArray[np.int64]:
    """A number per row; rows with the same number are one stop. Nameless poles stay by themselves."""
    pairs = cKDTree(xy).query_pairs(SAME_STOP_M, output_type="ndarray")
    named = stops["name"].to_numpy(object) != ""
    left, right = pairs[:, 0], pairs[:, 1]
    same = (key[left] == key[right]) & named[left]
    position = pd.Series(np.arange(len(stops)), index=stops["id"].to_numpy(object))
    position = position[~position.index.duplicated()]
    child = np.flatnonzero(stops["parent"].isin(position.index).to_numpy() & (stops["parent"] != "").to_numpy())
    parent = position[stops["parent"].to_numpy(object)[child]].to_numpy(dtype=np.int64)
    near = np.hypot(*(xy[child] - xy[parent]).T) <= SAME_PARENT_M
    rows = np.r_[left[same], child[near]]
    columns = np.r_[right[same], parent[near]]
    graph = coo_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(stops), len(stops)))
    labels: NDArray[np.int64] = connected_components(graph, directed=False)[1]
    return labels


def merge_routes(routes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """One row per line number and means of transport: the union of its variants, named "2 Zwijndrecht - Dubbeldam".

    routes: id, name, subtype, uncertainty_m, line (public number, "" when there is none), line geometry (RD). Lines
    without a number stay as they are. The commonest name wins, ties the first.
    """
    numbered = (routes["line"] != "").to_numpy()
    key = np.where(
        numbered, routes["subtype"] + "|" + routes["line"], pd.Series(routes.index, index=routes.index).astype("str")
    )
    rows = []
    for _, variants in routes.groupby(key, sort=False):
        first = variants.iloc[0]
        line, named = str(first["line"]), variants.loc[variants["name"] != "", "name"]
        name = str(named.value_counts(sort=False).idxmax()) if len(named) else ""
        if line:
            name = name if name.split(" ")[0] == line else f"{line} {name}".strip()
        rows.append(
            {
                "id": f"{first['subtype']}-{line}".strip("-") if line else str(first["id"]),
                "name": name,
                "subtype": str(first["subtype"]),
                "uncertainty_m": float(variants["uncertainty_m"].max()),
                "geometry": one_line(np.asarray(variants.geometry.array, dtype=object)),
            }
        )
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry="geometry", crs=RD)


def one_line(shapes: NDArray[np.object_]) -> shapely.Geometry:
    """Several courses as one geometry, shared stretches once."""
    joined: shapely.Geometry = shapely.line_merge(shapely.union_all(shapes))
    return joined
