"""The demo city's files: buurten, schools, stops, lines, water and railway, as a user would bring them."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.demo import facts, outline
from data.demo.files import write_csv, write_geojson

MARGIN_M = 800  # rivers and railway are drawn this far beyond the municipality's bounds

SCHEMATIC: Final[str] = facts.settings("drawing")["attribution"]
ATTRIBUTION: Final[dict[str, str]] = {
    "areas": f"{SCHEMATIC} (CBS/Kadaster 2023, CC BY 4.0)",
    "schools": "DUO open onderwijsdata; plaats bij benadering",
    "stops": "OVapi (open data); stations en steigers © OpenStreetMap-bijdragers (ODbL)",
    "routes": "Lijnen: NDOV (open data); rechte lijnen tussen hoofdhaltes, schematisch",
    "water": "Rivieren schematisch, met de hand getekend",
    "railway": "Spoor schematisch, met de hand getekend",
}

FILES: Final[dict[str, str]] = {
    "areas": "buurten.geojson",
    "schools": "schools.csv",
    "stops": "stops.csv",
    "routes": "routes.geojson",
    "water": "water.geojson",
    "railway": "railway.geojson",
}

Feature = tuple[Mapping[str, Any], shapely.Geometry]


def write_city(folder: Path) -> None:
    """Write FILES into ``folder`` (made when absent): coordinates in WGS84, the same bytes every time.

    Outlines, lines, rivers and railway are schematic and say so in the attribute ``bron``, from which the importer
    takes the source line of the map.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_geojson(folder / FILES["areas"], _buurten(outline.outlines()))
    write_csv(folder / FILES["schools"], _schools())
    write_csv(folder / FILES["stops"], _stops())
    write_geojson(folder / FILES["routes"], _routes())
    write_geojson(folder / FILES["water"], water())
    write_geojson(folder / FILES["railway"], railway())


def water() -> list[Feature]:
    """Rivers as bands of their stated width (RD polygons)."""
    return [
        ({"naam": w["name"], "type": "rivier", "bron": ATTRIBUTION["water"]}, _clipped(_band(w)))
        for w in facts.settings("drawing")["water"]
    ]


def _band(river: Mapping[str, Any]) -> shapely.Geometry:
    """A line as wide as stated at each of its points."""
    line = outline.points_rd(river["line"])
    banks = shapely.buffer(shapely.points(line), np.broadcast_to(river["width_m"], len(line)) / 2)
    reaches = [shapely.union(here, there) for here, there in pairwise(banks)]
    return shapely.union_all(shapely.convex_hull(reaches))


def railway() -> list[Feature]:
    """Railway lines of few points (RD lines)."""
    return [
        (
            {"naam": r["name"], "type": "spoor", "bron": ATTRIBUTION["railway"]},
            _clipped(shapely.LineString(outline.points_rd(r["line"]))),
        )
        for r in facts.settings("drawing")["railway"]
    ]


def _clipped(shape: shapely.Geometry) -> shapely.Geometry:
    around = shapely.box(*outline.drawing().outline.buffer(MARGIN_M).bounds)
    return shapely.intersection(shape, around)


def _buurten(areas: gpd.GeoDataFrame) -> Iterator[Feature]:
    for row in areas.to_dict("records"):
        yield (
            {
                "buurtcode": row["code"],
                "buurtnaam": row["name"],
                "wijkcode": row["wijk_code"],
                "wijknaam": row["wijk_name"],
                "gemeentecode": "GM0505",
                "gemeentenaam": "Dordrecht",
                "water": row["water"],
                "aantalInwoners": -99999999 if pd.isna(row["inhabitants"]) else int(row["inhabitants"]),
                "oppervlakteKm2": row["km2"],
                "jaar": 2023,
                "bron": ATTRIBUTION["areas"],
            },
            row["geometry"],
        )


def _schools() -> pd.DataFrame:
    table = facts.table("schools")
    return pd.DataFrame(
        {
            "id": table["brin"],
            "naam": table["name"],
            "type": table["type"],
            "lat": table["lat"],
            "lon": table["lon"],
            "nauwkeurigheid_m": table["uncertainty_m"],
            "bron": ATTRIBUTION["schools"],
        }
    )


def _stops() -> pd.DataFrame:
    table = facts.table("stops")
    named = {"naam": table["name"], "type": table["mode"], "lat": table["lat"], "lon": table["lon"]}
    return pd.DataFrame({**named, "bron": ATTRIBUTION["stops"]})


def _routes() -> Iterator[Feature]:
    stops = facts.table("stops").set_index("name")
    for line in facts.table("lines").to_dict("records"):
        served = stops.loc[line["stops"].split(" > "), ["lon", "lat"]]
        properties = {
            "id": "lijn-" + line["line"],
            "lijn": line["line"],
            "naam": line["name"],
            "type": line["mode"],
            "bron": ATTRIBUTION["routes"],
        }
        yield properties, shapely.LineString(outline.points_rd(served.to_numpy()))
