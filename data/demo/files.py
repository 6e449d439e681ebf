"""Writing the demo's files so that the same content always gives the same bytes."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import to_wgs84

DECIMALS = 6  # of a degree: about 0.1 m


def write_csv(path: Path, table: pd.DataFrame, *, separator: str = ",", bom: bool = False) -> None:
    """A table of text as CSV: UTF-8, CRLF as spreadsheets write it."""
    text = table.to_csv(index=False, sep=separator, lineterminator="\r\n")
    path.write_bytes(text.encode("utf-8-sig" if bom else "utf-8"))


def write_json(path: Path, content: Any) -> None:
    """JSON for people: indented, keys in the order given."""
    path.write_bytes((json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode())


def write_geojson(path: Path, rows: Iterable[tuple[Mapping[str, Any], shapely.Geometry]]) -> None:
    """Features with geometry in RD as GeoJSON (RFC 7946): WGS84, six decimals, one feature per line."""
    lines = [
        json.dumps(
            {
                "type": "Feature",
                "properties": dict(properties),
                "geometry": json.loads(shapely.to_geojson(degrees(shape))),
            },
            ensure_ascii=False,
        )
        for properties, shape in rows
    ]
    text = '{"type": "FeatureCollection", "features": [\n' + ",\n".join(lines) + "\n]}\n"
    path.write_bytes(text.encode())


def degrees(shape: shapely.Geometry) -> shapely.Geometry:
    """A geometry in RD as WGS84 lon, lat to DECIMALS; outer rings counterclockwise."""

    def convert(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        lonlat = np.round(np.column_stack(to_wgs84(xy[:, 0], xy[:, 1])), DECIMALS)
        return np.asarray(lonlat, dtype=np.float64)

    # exterior_cw=False: counterclockwise, as RFC 7946 asks
    return shapely.orient_polygons(shapely.transform(shape, convert), exterior_cw=False)
