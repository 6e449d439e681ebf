"""The page's layers as LayerSpecs: titles and tooltips in the reader's language, figures from the services."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

import geopandas as gpd

from dashboard import messages, rate_words
from dashboard.components.surfaces import surface_spec
from dashboard.i18n import _, _n, number
from dashboard.services.exposure import COLUMNS
from dashboard.services.types import Overview, shade_by
from geo.rates import Denominator
from layers import build, palette
from layers.spec import LayerSpec

Features = Callable[[str], gpd.GeoDataFrame]
TOLD = ("name", "wijk_name", "n", *COLUMNS)  # of a buurt, in its tooltip
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
        surface_spec(None, source=source),
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
    """Buurten shaded by count or by the smoothed rate (docs/explanation/method.md), water left out."""
    buurten = _dry(overview.buurten)
    by = overview.rates.denominator if overview.rates else None
    rate = by is not None and shade_by(by) == overview.state.shade
    sources = [source, _source(overview.buurten), by.source if by and rate else ""]
    return build.areas_layer(
        buurten,
        values=buurten["rate_shrunk"] if rate else buurten["n"].astype(float),
        title=rate_words.title(by) if by and rate else _("Meldingen per buurt"),
        attribution=" · ".join(dict.fromkeys(s for s in sources if s)),
        tooltips=[buurt_text(row, by) for row in _rows(buurten, TOLD)],
        no_data=_("Te weinig of onbekend"),
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


def buurt_text(buurt: Mapping[Hashable, Any], by: Denominator | None) -> str:
    """Tooltip of a buurt (a row of Overview.buurten): its name, its figures and what those rest on."""
    n = int(buurt["n"])
    lines = [str(buurt["name"]), messages.short_name(str(buurt["wijk_name"])), _n("{n} melding", "{n} meldingen", n)]
    if by is not None:
        if n != buurt["rate_n"]:
            lines.append(_n("hele buurt: {n} melding", "hele buurt: {n} meldingen", int(buurt["rate_n"])))
        lines += rate_words.rate_lines(
            by,
            rate=buurt["rate"],
            low=buurt["rate_low"],
            high=buurt["rate_high"],
            smoothed=buurt["rate_shrunk"],
            value=buurt["denominator"],
        )
    return "\n".join(line for line in lines if line)


def legend_order(specs: Iterable[LayerSpec]) -> list[LayerSpec]:
    """Hotspots first, points, lines, then the shaded areas: what one looks for first stands on top."""
    kinds = ("hotspot", "point", "line", "outline", "area", "name")
    return sorted(specs, key=lambda spec: (kinds.index(spec.kind), -spec.order))


def _rows(areas: gpd.GeoDataFrame, columns: Sequence[str]) -> list[dict[Hashable, Any]]:
    """Those columns, row by row; geopandas' own way takes ten times as long."""
    values = zip(*(areas[column].tolist() for column in columns), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in values]


def _dry(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return areas[~areas["water"].astype(bool)] if "water" in areas.columns else areas


def _names(frame: gpd.GeoDataFrame) -> list[str]:
    return [str(name) for name in frame["name"]] if "name" in frame.columns else [""] * len(frame)


def _titled(frame: gpd.GeoDataFrame, what: str) -> list[str]:
    return [f"{name}\n{what}" if name else what for name in _names(frame)]


def _source(frame: gpd.GeoDataFrame) -> str:
    return str(frame.attrs.get("attribution", "")) or _("bron onbekend")


def _short(value: float) -> str:
    """As many decimals as a round bound has."""
    return number(value, next((d for d in range(4) if round(value, d) == value), 4))
