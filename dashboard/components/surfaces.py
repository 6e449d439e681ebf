"""The map as cells of a grid: its layer, what its legend says, and what stands out as a table."""

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
from dash import html

from dashboard.components.aria import aria
from dashboard.i18n import _, _n, chance, number, percent
from dashboard.services.surface import ALPHA, BANDWIDTH_M, REACH_M, STRICT, Patch, Surface
from geo.crs import RD
from layers import build, palette
from layers.spec import LayerSpec

MOST_ROWS = 12
GISTAR_FILLS = (palette.CELL_FILLS[0], palette.CELL_FILLS[2], palette.CELL_FILLS[4])


def surface_spec(surface: Surface | None, *, source: str) -> LayerSpec:
    """The cells of a picture; an empty layer when the map is drawn from buurten."""
    if surface is None:
        nothing = gpd.GeoDataFrame({"class": np.zeros(0, int)}, geometry=[], crs=RD)
        return build.cells_layer(nothing, title=_("Kaartbeeld"), attribution=source, labels=())
    shapes = surface.raster.shapes(surface.classes)
    cells = gpd.GeoDataFrame({"class": np.arange(len(shapes))}, geometry=shapes, crs=RD)
    if surface.picture == "density":
        labels = tuple(
            f"{_short(low)}–{_short(high)}" for low, high in zip(surface.bounds, surface.bounds[1:], strict=False)
        )
        return build.cells_layer(cells, title=title(surface), attribution=source, labels=labels)
    labels = (_("niet aantoonbaar"), _("q ≤ {q}", q=percent(ALPHA)), _("q ≤ {q}", q=percent(STRICT)))
    return build.cells_layer(cells, title=title(surface), attribution=source, labels=labels, fills=GISTAR_FILLS)


def plain(areas: LayerSpec) -> LayerSpec:
    """The areas in one colour, below the cells."""
    classes = tuple(replace(c, fill=palette.CLASS_FILLS[0]) for c in areas.classes)
    return replace(areas, classes=classes)


def title(surface: Surface) -> str:
    """What the colours mean, over the legend's scale."""
    if surface.picture == "density":
        return _("Meldingen per km², straal {m} m", m=number(BANDWIDTH_M))
    return _("Gi* binnen {m} m: meer dan elders", m=number(REACH_M))


def patches(surface: Surface | None, *, picture: str) -> list[Any]:
    """What stands out on the grid, in words and as a table; nothing when the map is drawn from buurten."""
    if picture == "areas":
        return []
    if surface is None:
        return [html.P(_("Er zijn te weinig meldingen of gebieden om dit kaartbeeld te tekenen."), className="hk-hint")]
    density = surface.picture == "density"
    said = (
        _("Een beeld, geen toets: elke melding is uitgesmeerd over {m} meter. Water telt niet mee.", m=number(BANDWIDTH_M))
        if density
        else _(
            "Gi* zoekt vakken van {cell} meter die met hun omgeving meer meldingen hebben dan elders in de stad; de "
            "uitkomst is gecorrigeerd voor het aantal vakken (FDR). Waar veel mensen zijn, wordt meer gemeld.",
            cell=number(surface.raster.cell_m),
        )
    )  # fmt: skip
    head = _("Dichtste plekken") if density else _("Vakken die eruit springen")
    parts = [html.H3(head, className="hk-h3", id="patches-title"), html.P(said, className="hk-soft hk-small")]
    if not surface.patches:
        return [*parts, html.P(_("Geen enkel vak springt er aantoonbaar uit."), className="hk-hint")]
    rows = [_row(patch, density=density) for patch in surface.patches[:MOST_ROWS]]
    last = _("per km²") if density else _("q")
    heads = [(_("Buurt"), ""), (_("Meldingen"), "hk-num"), (_("Hectare"), "hk-num"), (last, "hk-num")]
    table = html.Table(
        [
            html.Thead(html.Tr([html.Th(text, scope="col", className=kind) for text, kind in heads])),
            html.Tbody(rows),
        ],
        className="hk-figures-table",
        **aria(labelledby="patches-title"),
    )
    left = len(surface.patches) - MOST_ROWS
    more = (
        html.P(_n("En nog {n} plek.", "En nog {n} plekken.", left), className="hk-soft hk-small") if left > 0 else None
    )
    return [*parts, table, more]


def _row(patch: Patch, *, density: bool) -> Any:
    last = number(patch.peak) if density else _q(patch.q)
    return html.Tr(
        [
            html.Th(patch.buurt or _("buiten de buurten"), scope="row"),
            html.Td(number(patch.n), className="hk-num"),
            html.Td(number(patch.area_m2 / 10_000, 1), className="hk-num"),
            html.Td(last, className="hk-num"),
        ]
    )


def _q(value: float) -> str:
    return chance(value).removeprefix("= ")


def _short(value: float) -> str:
    return number(value, 0 if value == int(value) else 1)
