"""Bounds for a Leaflet map."""

import numpy as np

from geo.crs import to_wgs84

Bounds = tuple[float, float, float, float]


def lat_lon(bounds: Bounds) -> list[list[float]]:
    """The smallest box in degrees around RD bounds, as Leaflet's two corners: [[south, west], [north, east]]."""
    xmin, ymin, xmax, ymax = bounds
    lon, lat = to_wgs84([xmin, xmax, xmin, xmax], [ymin, ymin, ymax, ymax])  # RD's north is not quite true north
    return [[round(float(f(lat)), 6), round(float(f(lon)), 6)] for f in (np.min, np.max)]
