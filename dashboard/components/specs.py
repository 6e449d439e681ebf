"""The page's layers as LayerSpecs: titles and tooltips in the reader's language, figures from the services."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import geopandas as gpd
import numpy as np

from dashboard import messages
from dashboard.i18n import _, _n, number
from dashboard.services.types import Overview
from layers import build, palette
from layers.spec import LayerSpec

Features = Callable[[str], gpd.GeoDataFrame]
ROUND = 0.45  # of a cell: corners of hotspots are drawn round


def page_specs(overview: Overview, features: Features, *, source: str, cell_m: int) -> list[LayerSpec]:
    """Every layer of the page, lowest first. source: where the reports come from."""
    borders = _source(overview.buurten)
    rail, routes, stops, schools = (features(kind) for kind in ("railway", "routes", "stops", "schools"))
    buurt_names = build.names_layer(
        _dry(overview.buurten), title=_("Namen van buurten"), attribution=borders, id="buurt-names"
    )
    return [
        build.water_layer(features("water"), title=_("Water"), attribution=_source(features("water"))),
        areas_spec(overview, source=source),
        build.outline_layer(overview.wijken, title=_("Wijkgrens"), attribution=borders),
        build.lines_layer(
            rail, id="railway", title=_("Spoor"), attribution=_source(rail), style=palette.RAIL, tooltips=_names(rail)
        ),
        build.lines_layer(
            routes, id="routes", title=_("OV-lijn"), attribution=_source(routes), tooltips=_names(routes)
        ),
        hotspots_spec(overview, source=source, cell_m=cell_m),
        build.points_layer(
            stops, id="stops", title=_("Halte"), attribution=_source(stops), style=palette.STOP_POINT,
            tooltips=_titled(stops, _("Halte")),
        ),
        build.points_layer(
            schools, id="schools", title=_("School"), attribution=_source(schools), tooltips=_titled(schools, _("School"))
        ),
        build.names_layer(_dry(overview.wijken), title=_("Namen"), attribution=borders, apart_m=250.0),
        buurt_names,
    ]  # fmt: skip


def areas_spec(overview: Overview, *, source: str) -> LayerSpec:
    """Buurten shaded by count or by rate, water left out."""
    buurten = _dry(overview.buurten)
    rate = overview.state.shade == "rate"
    return build.areas_layer(
        buurten,
        values=buurten["rate"] if rate else buurten["n"].astype(float),
        title=_("Per 1.000 inwoners per jaar") if rate else _("Meldingen per buurt"),
        attribution=f"{source} · {_source(overview.buurten)}",
        tooltips=[buurt_text(*row) for row in _rows(buurten)],
        no_data=_("Te weinig inwoners"),
        number=_short,
        whole=not rate,
    )


def hotspots_spec(overview: Overview, *, source: str, cell_m: int) -> LayerSpec:
    """The hotspots in view as rounded grid cells, numbered by rank."""
    return build.hotspots_layer(
        overview.cells,
        overview.shown,
        title=_("Hotspot"),
        attribution=source,
        tooltips={h.id: messages.hotspot_tip(h) for h in overview.shown},
        round_m=ROUND * cell_m,
    )


def buurt_text(name: str, wijk: str, n: int, rate: float, inhabitants: float) -> str:
    """Tooltip of a buurt: its name, its figure and what that rests on."""
    lines = [name, messages.short_name(wijk), _n("{n} melding", "{n} meldingen", n)]
    if np.isfinite(rate):
        lines.append(_("{rate} per 1.000 inwoners per jaar", rate=number(rate, 1)))
    if np.isfinite(inhabitants):
        lines.append(_n("{n} inwoner", "{n} inwoners", int(inhabitants)))
    return "\n".join(line for line in lines if line)


def legend_order(specs: Iterable[LayerSpec]) -> list[LayerSpec]:
    """Hotspots first, points, lines, then the shaded areas: what one looks for first stands on top."""
    kinds = ("hotspot", "point", "line", "outline", "area", "name")
    return sorted(specs, key=lambda spec: (kinds.index(spec.kind), -spec.order))


def _rows(buurten: gpd.GeoDataFrame) -> Iterator[tuple[Any, ...]]:
    columns = ("name", "wijk_name", "n", "rate", "inhabitants")
    return zip(*(buurten[column].tolist() for column in columns), strict=True)


def _dry(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return areas[~areas["water"].astype(bool)] if "water" in areas.columns else areas


def _names(frame: gpd.GeoDataFrame) -> list[str]:
    return [str(name) for name in frame["name"]] if "name" in frame.columns else [""] * len(frame)


def _titled(frame: gpd.GeoDataFrame, what: str) -> list[str]:
    return [f"{name}\n{what}" if name else what for name in _names(frame)]


def _source(frame: gpd.GeoDataFrame) -> str:
    return str(frame.attrs.get("attribution", "")) or _("bron onbekend")


def _short(value: float) -> str:
    return number(value, 0 if value == int(value) else 1)
