"""Hotspots as data that other programs read: JSON, GeoJSON with grid cells, and a label per report."""

import json
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.certainty import Certainty
from geo.crs import WGS84, to_wgs84
from geo.hotspots import Hotspot, HotspotResult
from geo.join import assign
from geo.near import Nearby


def as_json(result: HotspotResult) -> dict[str, Any]:
    """The whole result, JSON-ready: parameters, counts in and out, and every hotspot by rank."""
    return {
        "params": {
            "eps_m": result.params.eps_m,
            "min_samples": result.params.min_samples,
            "raw": result.params.raw,
        },
        "crs": result.crs,
        "data_version": result.data_version,
        "n_in": result.n_in,
        "n_clustered": len(result.labels),
        "n_noise": result.n_noise,
        "left_out": result.left_out,
        "hotspots": [hotspot_json(h) for h in result.hotspots],
    }


def certainty_json(certainty: Certainty) -> dict[str, Any]:
    """The test as JSON: which test, which null, how many runs, which seed, and every hotspot's figures."""
    against = certainty.chance
    return {
        "test": against.method,
        "null": against.null,
        "null_detail": against.null_detail,
        "runs": against.runs,
        "seed": against.seed,
        "alpha": against.alpha,
        "outcome": against.outcome,
        "n_needed": against.n_needed,
        "chance_clusters_per_run": round(against.clusters_per_run, 3),
        "resamples": certainty.resample.runs,
        "sweep": certainty.sweep.table.round(4).to_dict("records"),
        "hotspots": [
            {
                "id": h.id,
                "expected": round(h.expected, 2),
                "p": round(h.p, 6),
                "q": round(h.q, 6),
                "significant": h.significant,
                "lives": round(h.lives, 3),
                "strength": h.strength,
            }
            for h in certainty.hotspots
        ],
    }


def hotspot_json(hotspot: Hotspot) -> dict[str, Any]:
    """One hotspot; metres in RD, and the centre in degrees beside it."""
    lon, lat = to_wgs84(hotspot.x, hotspot.y)
    return {
        "id": hotspot.id,
        "rank": hotspot.rank,
        "label": hotspot.label,
        "n": hotspot.n,
        "n_core": hotspot.n_core,
        "centre": {
            "x": round(hotspot.x, 1),
            "y": round(hotspot.y, 1),
            "lon": round(float(lon), 6),
            "lat": round(float(lat), 6),
        },
        "area_m2": round(hotspot.area_m2),
        "diameter_m": round(hotspot.diameter_m, 1),
        "is_chain": hotspot.is_chain,
        "period": {"first": _day(hotspot.first), "last": _day(hotspot.last), "n_dates": hotspot.n_dates},
        "top_categories": [{"category": name, "n": n} for name, n in hotspot.top_categories],
        "hours": list(hotspot.hours),
        "weekdays": list(hotspot.weekdays),
        "n_time_unknown": hotspot.n_time_unknown,
        "buurt": {"code": hotspot.buurt_code, "name": hotspot.buurt_name},
        "wijk": {"code": hotspot.wijk_code, "name": hotspot.wijk_name},
        "focus_areas": list(hotspot.focus_areas),
        "nearest_school": _near(hotspot.nearest_school),
        "nearest_stop": _near(hotspot.nearest_stop),
    }


def as_geojson(result: HotspotResult, cells: gpd.GeoDataFrame) -> str:
    """Hotspots as their grid cells in WGS84 (RFC 7946), properties as in ``hotspot_json``; never hulls or points.

    cells: hotspot_id and geometry in RD (dashboard.services.map.hotspot_cells).
    """
    shapes = dict(zip(cells["hotspot_id"], cells.to_crs(WGS84).geometry, strict=True))
    features = [
        {
            "type": "Feature",
            "properties": {k: v for k, v in hotspot_json(h).items() if k != "centre"},
            "geometry": json.loads(shapely.to_geojson(shapely.transform(shapes[h.id], lambda xy: np.round(xy, 7)))),
        }
        for h in result.hotspots
        if h.id in shapes
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def labels_table(reports: pd.DataFrame, result: HotspotResult, buurten: gpd.GeoDataFrame | None) -> pd.DataFrame:
    """id, label, kind, buurtcode, wijkcode for every clustered report, in the order of ``reports``."""
    rows = reports.loc[result.labels.index]
    codes = np.full((len(rows), 2), "", dtype=object)
    if buurten is not None and len(buurten):
        position = assign(rows["x"].to_numpy(float), rows["y"].to_numpy(float), buurten)
        codes[:, 0] = np.append(buurten["code"].to_numpy(object), "")[position]
        codes[:, 1] = np.append(buurten["wijk_code"].to_numpy(object), "")[position]
    return pd.DataFrame(
        {
            "id": rows["source_id"].to_numpy(),
            "label": result.labels.to_numpy(),
            "kind": result.kinds.to_numpy(),
            "buurtcode": codes[:, 0],
            "wijkcode": codes[:, 1],
        }
    )


def _day(value: pd.Timestamp | None) -> str | None:
    return None if value is None else value.date().isoformat()


def _near(nearby: Nearby | None) -> dict[str, Any] | None:
    if nearby is None:
        return None
    return {"name": nearby.name, "metres": round(nearby.metres), "uncertainty_m": round(nearby.uncertainty_m)}
