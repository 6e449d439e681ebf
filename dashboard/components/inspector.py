"""The right-hand pane: three figures, the line in words, the ranked table and, below it, the chosen hotspot."""

from collections.abc import Iterable
from typing import Any

import dash_ag_grid as dag
import shapely
from dash import html

from dashboard import messages
from dashboard.components import ids
from dashboard.components.aria import aria
from dashboard.components.map import lat_lon
from dashboard.i18n import _, number, percent
from dashboard.services.types import Overview
from geo.hotspots import Hotspot


def inspector() -> Any:
    """The pane with empty places that the view fills."""
    return html.Section(
        [
            html.Div(id=ids.FIGURES, className="hk-figures"),
            html.Div(
                [
                    html.H2(_("Hotspots"), className="hk-h2", id="table-title"),
                    html.Span(_("gerangschikt op kernmeldingen"), className="hk-soft hk-small"),
                ],
                className="hk-row hk-between hk-table-head",
            ),
            html.Div(table(), className="hk-table", role="region", **aria(labelledby="table-title")),
            html.Div(id=ids.SPOKEN, className="hk-spoken", role="status", **aria(live="polite")),
            html.Div(id=ids.DETAIL, className="hk-detail"),
        ],
        className="hk-inspector",
        **aria(label=_("Hotspots en uitleg")),
    )


def table() -> Any:
    """The ranked table. Row ids are hotspot ids, so that a chosen row survives a change of filter."""
    columns = [
        {"field": "rank", "headerName": "#", "width": 36, "cellClass": "hk-num"},
        {"field": "place", "headerName": _("Buurt"), "flex": 1, "minWidth": 104, "tooltipField": "place"},
        {"field": "n", "headerName": _("Meldingen"), "width": 82, "type": "rightAligned", "tooltipField": "core"},
        {
            "field": "peak",
            "headerName": _("Drukst"),
            "width": 66,
            "headerTooltip": _("Drie uren met de meeste meldingen"),
        },
    ]
    return dag.AgGrid(
        id=ids.TABLE,
        columnDefs=columns,
        rowData=[],
        getRowId="params.data.id",
        defaultColDef={"sortable": True, "resizable": False, "suppressMovable": True, "suppressHeaderMenuButton": True},
        dashGridOptions={
            "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True},
            "rowHeight": 32,
            "headerHeight": 34,
            "suppressCellFocus": False,
            "animateRows": False,
            "tooltipShowDelay": 300,
            "localeText": {"noRowsToShow": _("Geen hotspots in deze selectie")},
        },
        className="ag-theme-alpine hk-grid",
        style={"height": None},
    )


def rows(overview: Overview) -> list[dict[str, Any]]:
    """One row per hotspot in view, by rank."""
    return [
        {
            "id": h.id,
            "rank": h.rank,
            "place": messages.place(h),
            "n": h.n,
            "core": _("{n} meldingen, waarvan {core} kern", n=number(h.n), core=number(h.n_core)),
            "peak": messages.busiest(h.hours) or "–",
        }
        for h in overview.shown
    ]


def figures(overview: Overview) -> list[Any]:
    """Reports, hotspots, and the share of reports that lie in one."""
    share = overview.n_in_hotspots / overview.n_reports if overview.n_reports else 0.0
    return [
        _figure(_("Meldingen"), number(overview.n_reports)),
        _figure(_("Hotspots"), number(len(overview.shown))),
        _figure(_("In een hotspot"), percent(share) if overview.n_reports else "–"),
    ]


def where_to_look(overview: Overview) -> dict[str, Any]:
    """For the map: the bounds of the area looked at and of each hotspot, as Leaflet's corners."""
    bounds = shapely.bounds(overview.cells.geometry.to_numpy()).tolist()
    places = zip(overview.cells["hotspot_id"], bounds, strict=True)
    return {
        "area": overview.state.area,
        "bounds": lat_lon(overview.bounds),
        "hotspots": {key: lat_lon((b[0], b[1], b[2], b[3])) for key, b in places},
    }


def spoken(hotspot: Hotspot | None) -> str:
    """What a screen reader says when a hotspot is chosen."""
    if hotspot is None:
        return ""
    return _("Gekozen: hotspot {rank}, {place}.", rank=hotspot.rank, place=messages.place(hotspot))


def find(hotspots: Iterable[Hotspot], key: str | None) -> Hotspot | None:
    """The hotspot with this id, if it is among them."""
    return next((h for h in hotspots if h.id == key), None)


def _figure(label: str, value: str) -> Any:
    return html.Div([html.Div(label, className="hk-figure-label"), html.Div(value, className="hk-figure-value")])
