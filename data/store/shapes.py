"""Tables with a geometry: checked, and turned into columns and back (WKB, RD)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection, delete, insert, select

from data.store import bulk
from data.store.tables import dataset_dates, datasets
from geo.crs import RD

_CELLS = {"str": "str", "float64": "float"}


def to_columns(frame: gpd.GeoDataFrame, dtypes: Mapping[str, str]) -> dict[str, list[Any]]:
    """Driver-ready columns plus ``geometry`` (WKB) and ``position``.

    Raises ValueError for a missing column, another CRS than RD, or a row without a shape.
    """
    if missing := [name for name in dtypes if name not in frame.columns]:
        raise ValueError(f"columns missing: {', '.join(missing)}; present: {', '.join(map(str, frame.columns))}")
    if frame.crs is None or frame.crs.to_epsg() != int(RD.split(":")[1]):
        raise ValueError(f"coordinates must be {RD}, not {frame.crs}")
    geometry = np.asarray(frame.geometry.array, dtype=object)
    if bool(shapely.is_missing(geometry).any()) or bool(shapely.is_empty(geometry).any()):
        raise ValueError("a row without a shape")
    columns: dict[str, list[Any]] = {
        name: frame[name].astype(bool).tolist() if dtype == "bool" else bulk.cells(frame[name], _CELLS[dtype])
        for name, dtype in dtypes.items()
    }
    columns["geometry"] = list(shapely.to_wkb(geometry))
    columns["position"] = list(range(len(frame)))
    return columns


def to_frame(columns: Mapping[str, list[Any]], dtypes: Mapping[str, str], *, attribution: str) -> gpd.GeoDataFrame:
    """Fetched columns as a GeoDataFrame in RD with ``attrs["attribution"]``."""
    data = {name: bulk.series(columns[name], dtype) for name, dtype in dtypes.items()}
    geometry = shapely.from_wkb(np.array([bytes(wkb) for wkb in columns["geometry"]], dtype=object))
    frame = gpd.GeoDataFrame(pd.DataFrame(data), geometry=geometry, crs=RD)
    frame.attrs["attribution"] = attribution
    return frame


def attribution(connection: Connection, name: str) -> str:
    """Where a dataset comes from; "" when it was never stored."""
    return connection.scalar(select(datasets.c.attribution).where(datasets.c.name == name)) or ""


def set_attribution(connection: Connection, name: str, text: str) -> None:
    """Say where a dataset comes from. Raises ValueError without a text: no map without its sources."""
    if not text.strip():
        raise ValueError(f"{name}: an attribution is required")
    for table in (datasets, dataset_dates):
        connection.execute(delete(table).where(table.c.name == name))
    connection.execute(insert(datasets), {"name": name, "attribution": text})
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    connection.execute(insert(dataset_dates), {"name": name, "imported_at": now})
