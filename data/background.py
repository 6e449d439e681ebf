"""Rivers, railway and wijk names of cities the project knows, for a store that was given none of its own.

So that one sees where one is even before anybody has looked for a water layer. What a user imports always goes before.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

import geopandas as gpd

from data.demo import city, facts
from geo.crs import RD

KNOWN = "GM0505"  # Dordrecht, the city of the demo


def layers(gemeente_codes: Iterable[str]) -> dict[str, gpd.GeoDataFrame]:
    """Kind ("water", "railway") -> features as the store gives them; empty for a city that is not known."""
    return dict(_dordrecht()) if KNOWN in set(gemeente_codes) else {}


def named(wijken: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The wijken with their known names where the boundaries came without ("Wijk 01")."""
    known = _wijk_names()
    nameless = wijken["name"] == "Wijk " + wijken["code"].str[-2:]
    names = wijken["code"].map(known).where(nameless).fillna(wijken["name"])
    return wijken.assign(name=names.astype(wijken["name"].dtype))


@cache
def _wijk_names() -> dict[str, str]:
    table = facts.table("buurten")
    return dict(zip(table["wijk_code"], table["wijk_name"], strict=True))


@cache
def _dordrecht() -> dict[str, gpd.GeoDataFrame]:
    return {"water": _frame(city.water(), "water"), "railway": _frame(city.railway(), "railway")}


def _frame(features: list[Any], kind: str) -> gpd.GeoDataFrame:
    names = [properties["naam"] for properties, _ in features]
    frame = gpd.GeoDataFrame(
        {"id": names, "name": names, "subtype": kind, "uncertainty_m": 0.0},
        geometry=[shape for _, shape in features],
        crs=RD,
    )
    frame.attrs["attribution"] = city.ATTRIBUTION[kind]
    return frame
