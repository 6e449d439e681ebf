"""The map of published figures: areas shaded by what may be shown, hotspots as cells."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import dash_leaflet as dl
import geopandas as gpd
from dash import html

from dashboard import published_words as words
from dashboard.components import published_ids as ids
from dashboard.components.aria import aria
from dashboard.components.legend import marks
from dashboard.components.map import NO_TILE, TILES, TILES_SOURCE, lat_lon, sources
from dashboard.components.specs import ROUND, legend_order
from dashboard.i18n import _, _n, number
from dashboard.messages import short_name
from dashboard.services.published import Geography, PublishedOverview
from layers import build, palette
from layers.leaflet import to_leaflet
from layers.spec import LayerSpec

BELOW = 110  # pixels that the legend takes
Features = Callable[[str], gpd.GeoDataFrame]


def specs(view: PublishedOverview, features: Features, *, source: str, borders: str) -> list[LayerSpec]:
    """Every layer, lowest first. borders: the source of the boundaries, "" while there are none."""
    borders = borders or _("bron onbekend")
    water, rail, stops, schools = (features(kind) for kind in ("water", "railway", "stops", "schools"))
    return [
        build.water_layer(water, title=_("Water"), attribution=_source(water)),
        areas_spec(view, source=source, borders=borders),
        build.outline_layer(view.outline, title=_("Wijkgrens"), attribution=borders),
        build.lines_layer(rail, id="railway", title=_("Spoor"), attribution=_source(rail), style=palette.RAIL),
        hotspots_spec(view, source=source),
        build.points_layer(
            stops, id="stops", title=_("Halte"), attribution=_source(stops), style=palette.STOP_POINT,
            tooltips=[str(name) for name in stops["name"]],
        ),
        build.points_layer(
            schools, id="schools", title=_("School"), attribution=_source(schools),
            tooltips=[str(name) for name in schools["name"]],
        ),
        build.names_layer(view.outline, title=_("Namen"), attribution=borders, apart_m=250.0),
    ]  # fmt: skip


def areas_spec(view: PublishedOverview, *, source: str, borders: str) -> LayerSpec:
    """Wijken or buurten shaded by their published count; what may not be shown looks like nothing."""
    rows = zip(view.areas["name"], view.areas["wijk_name"], view.areas["n"], strict=True)
    per = {Geography.WIJK: _("Meldingen per wijk"), Geography.BUURT: _("Meldingen per buurt")}
    layer = build.areas_layer(
        view.areas,
        values=view.areas["n"],
        title=per[view.geography],
        attribution=" · ".join(dict.fromkeys(s for s in (source, borders) if s)),
        tooltips=[_tip(str(name), str(wijk), n, view) for name, wijk, n in rows],
        no_data=f"<{view.k}",
        number=number,
        n=4,
        id=ids.AREAS,
    )
    graded = [one for one in layer.classes if one.fill != palette.NO_DATA]
    fills = palette.ramp(len(graded) + 1)[1:]  # the palest looks like nothing, and nothing is what may not be shown
    classes = [
        replace(one, label=_from_k(one.label, view.k), fill=fill) for one, fill in zip(graded, fills, strict=True)
    ]
    return replace(layer, classes=(*classes, *layer.classes[len(graded) :]))


def hotspots_spec(view: PublishedOverview, *, source: str) -> LayerSpec:
    """Published hotspots as rounded grid cells, numbered by rank."""
    return build.hotspots_layer(
        view.hotspot_cells,
        view.hotspots,
        title=_("Hotspot"),
        attribution=source,
        tooltips={place.id: words.place_tip(place) for place in view.hotspots},
        round_m=ROUND * view.cell_m,
        id=ids.HOTSPOTS,
    )


def box(layers: list[LayerSpec], *, view: PublishedOverview, attribution: str, tiles: bool) -> Any:
    """Map, legend and sources."""
    corners = lat_lon(view.bounds)
    (south, west), (north, east) = corners
    children = [*to_leaflet(layers), dl.ScaleControl(position="bottomright", imperial=False, maxWidth=140)]
    if tiles:
        children.insert(0, dl.TileLayer(url=TILES, attribution=TILES_SOURCE, errorTileUrl=NO_TILE, maxNativeZoom=19))
    return html.Section(
        [
            dl.MapContainer(
                children,
                center=[(south + north) / 2, (west + east) / 2],
                zoom=12,
                viewport={"bounds": corners, "options": {"paddingBottomRight": [0, BELOW]}},
                zoomSnap=0.25,
                minZoom=9,
                maxZoom=17,
                attributionControl=False,
                className="hk-leaflet hk-tiled" if tiles else "hk-leaflet",
            ),
            html.Details(
                [
                    html.Summary(_("Legenda"), className="hk-phone"),
                    marks(legend_order(layers)),
                    html.Div(id=ids.LEGEND, className="hk-legend-areas"),
                ],
                open=True,
                className="hk-legend",
            ),
            sources(attribution),
            html.Div(_("Kaart wordt bijgewerkt…"), id=ids.BUSY, className="hk-busy", role="status"),
        ],
        className="hk-map hk-far",
        **aria(label=_("Kaart")),
    )


def _from_k(label: str, k: int) -> str:
    """The lowest class begins at k: what is less is not shown."""
    low, dash, high = label.partition("–")
    if low != "0" or not dash:
        return label
    return high if high == number(k) else f"{number(k)}–{high}"


def _tip(name: str, wijk: str, n: float, view: PublishedOverview) -> str:
    told = _("minder dan {k} meldingen, of geen", k=view.k) if n != n else _n("{n} melding", "{n} meldingen", int(n))  # noqa: PLR0124  # NaN is not itself
    lines = [short_name(name)] + ([short_name(wijk)] if view.geography is Geography.BUURT else []) + [told]
    return "\n".join(lines)


def _source(frame: gpd.GeoDataFrame) -> str:
    return str(frame.attrs.get("attribution", "")) or _("bron onbekend")
