"""The map itself: a dl.MapContainer around the layers, with legend, scale and sources."""

from collections.abc import Sequence
from typing import Any

import dash_leaflet as dl
import dash_mantine_components as dmc
from dash import html

from dashboard.components import ids
from dashboard.components.aria import aria
from dashboard.components.legend import marks
from dashboard.components.map_bounds import Bounds, lat_lon
from dashboard.components.map_tools import column
from dashboard.components.specs import legend_order
from dashboard.i18n import _
from layers.leaflet import to_leaflet
from layers.spec import LayerSpec

__all__ = ["Bounds", "lat_lon", "map_box", "pictures"]

TILES = "https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/grijs/EPSG:3857/{z}/{x}/{y}.png"
TILES_HOST = "https://service.pdok.nl"
TILES_SOURCE = "Achtergrond: PDOK BRT (CC BY 4.0)"
NO_TILE = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


def map_box(
    specs: Sequence[LayerSpec],
    *,
    bounds: Bounds,
    attribution: str,
    tiles: bool,
    custom: bool = True,
    picture: str = "areas",
) -> Any:
    """Map with its tools, legend and the place for notices.

    bounds: RD metres. custom: whether other pictures, and figures of a drawn area, may be chosen. picture: what it is
    drawn from.
    """
    corners = lat_lon(bounds)
    (south, west), (north, east) = corners
    children = [*to_leaflet(specs), dl.ScaleControl(position="bottomright", imperial=False, maxWidth=140)]
    if tiles:
        children.insert(0, dl.TileLayer(url=TILES, attribution=TILES_SOURCE, errorTileUrl=NO_TILE, maxNativeZoom=19))
    section = html.Section(
        [
            dl.MapContainer(
                children,
                id=ids.MAP,
                center=[(south + north) / 2, (west + east) / 2],
                zoom=12,
                viewport={"bounds": corners},
                zoomSnap=0.25,
                minZoom=9,
                maxZoom=19,
                attributionControl=False,
                className="hk-leaflet hk-tiled" if tiles else "hk-leaflet",
            ),
            pictures(picture, custom=custom),
            html.Div(id=ids.CHAINED, className="hk-chained-box", role="status"),
            html.Details(
                [
                    html.Summary(_("Legenda"), className="hk-phone"),
                    marks(legend_order(specs)),
                    html.Div(id=ids.LEGEND, className="hk-legend-areas"),
                ],
                open=True,
                className="hk-legend",
            ),
            sources(attribution),
            html.Div(id=ids.NOTICE, className="hk-notice-box"),
            html.Div(_("Kaart wordt bijgewerkt…"), id=ids.BUSY, className="hk-busy", role="status"),
        ],
        id=ids.MAP_BOX,
        className="hk-map",
        **aria(label=_("Kaart")),
    )
    return column(section, custom=custom)


def pictures(picture: str, *, custom: bool) -> Any:
    """What the map is drawn from; there but hidden for whoever may not ask, because the address is read from it."""
    names = {"areas": _("Buurten"), "density": _("Dichtheid"), "gistar": _("Gi*")}
    return html.Div(
        [
            html.Span(_("Kaartbeeld"), className="hk-spoken", id="picture-label"),
            dmc.SegmentedControl(
                id=ids.PICTURE,
                data=[{"value": key, "label": name} for key, name in names.items()],
                value=picture,
                size="xs",
            ),
        ],
        className="hk-pictures",
        hidden=not custom,
        role="group",
        **aria(labelledby="picture-label"),
    )


def sources(attribution: str) -> Any:
    """The borders' source always in sight, the others one click away."""
    first, *others = attribution.split(" · ") if attribution else [_("Geen bronnen")]
    if not others:
        return html.Div(first, className="hk-attribution")
    summary = html.Summary([first + " · ", html.Span(_("alle bronnen"), className="hk-more")])
    return html.Details([summary, html.Ul([html.Li(source) for source in others])], className="hk-attribution")
