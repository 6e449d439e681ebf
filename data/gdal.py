"""GDAL with three drivers and no network. Import pyogrio from here: what GDAL can do is settled in this module.

Of GDAL's drivers some fetch addresses (WFS, HTTP, Elasticsearch), some read other files or run programs (VRT, GDALG,
GPSBabel, ADBC). A file that a stranger made cannot reach any of them.
"""

import os
from typing import Final

os.environ["PROJ_NETWORK"] = "OFF"  # no grids from elsewhere
os.environ["OGR_SQLITE_LOAD_EXTENSIONS"] = ""
os.environ["OGR_SQLITE_ALLOW_EXTERNAL_ACCESS"] = "NO"

import pyogrio  # after what it is to know
from pyogrio._ogr import _register_drivers  # GDAL leaves drivers out while it registers

__all__ = ["DRIVERS", "pyogrio"]
DRIVERS: Final = frozenset({"ESRI Shapefile", "GPKG", "GeoJSON"})


def _keep_only(wanted: frozenset[str]) -> None:
    """Unload every driver of this GDAL but these: asked of GDAL, so that a newer one brings nothing new in."""
    others = [name for name in pyogrio.list_drivers() if name not in wanted]
    pyogrio.set_gdal_config_options(
        {
            "GDAL_SKIP": ",".join(others),
            "GDAL_HTTP_TIMEOUT": "1",
            "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
            "CPL_CURL_ENABLE_VSIMEM": "NO",
        }
    )
    _register_drivers()
    if left := set(pyogrio.list_drivers()) - wanted:
        raise RuntimeError(f"GDAL kept drivers that were to be left out: {sorted(left)}")


_keep_only(DRIVERS)
