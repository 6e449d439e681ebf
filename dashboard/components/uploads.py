"""The modal that takes a file, and the report of what became of every row."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import messages
from dashboard.components import ids
from dashboard.components.aria import aria, data
from dashboard.i18n import _, _n, number
from data.importing import ImportResult
from data.reasons import Outcome, Reason, UserError
from data.sources.table import RowProblem

MOST_ROWS = 20_000  # rows of the report that travel to the browser; the command line gives them all
SWAPPED = "swapped_axes"


def modal(*, max_mb: int) -> Any:
    """Always mounted, so that a file dropped anywhere on the page finds its way in."""
    return dmc.Modal(
        [
            dcc.Upload(
                html.Div(
                    [
                        html.Strong(_("Sleep een bestand hierheen of klik om te kiezen")),
                        html.Span(_("CSV, Excel (.xlsx) of GeoJSON, hooguit {n} MB", n=max_mb), className="hk-soft"),
                    ],
                    className="hk-drop-text",
                ),
                id=ids.UPLOAD,
                multiple=False,
                className="hk-drop",
                className_active="hk-drop hk-drop-active",
                className_reject="hk-drop hk-drop-reject",
                style={},
                style_active={},
                style_reject={},
            ),
            html.P(
                _(
                    "Het bestand blijft op deze computer. Elke rij die niet wordt overgenomen, staat hieronder met de reden."
                ),
                className="hk-soft hk-small",
            ),
            html.P(
                _("Dit bestand is te groot: hooguit {n} MB.", n=max_mb),
                id="upload-too-large",
                className="hk-warning",
                role="alert",
                hidden=True,
                **data(limit=str(max_mb * 1_000_000)),
            ),
            html.Div(_("Het bestand wordt gelezen…"), id=ids.UPLOAD_BUSY, className="hk-reading", role="status"),
            html.Div(id=ids.UPLOAD_REPORT, **aria(live="polite")),
            dcc.Download(id=ids.UPLOAD_FILE),
        ],
        id=ids.UPLOAD_MODAL,
        title=_("Bestand toevoegen"),
        size=920,
        keepMounted=True,
        closeButtonProps={"aria-label": _("Sluiten")},
    )


def report(result: ImportResult, *, name: str, swapped: bool = False) -> list[Any]:
    """Counts with the invariant, then every row that was not taken as it stood."""
    if result.rejected_file is not None:
        return refusal(result.rejected_file, offer_swap=not swapped)
    done = _n(
        "{n} melding overgenomen uit ‘{name}’", "{n} meldingen overgenomen uit ‘{name}’", result.accepted, name=name
    )
    parts = [
        html.H3(done, className="hk-h2"),
        html.P(messages.invariant(result), className="hk-invariant"),
        tiles(result),
    ]
    parts += notes(result.normalised)
    if result.problems:
        parts += _problem_table(result.problems)
    return parts


def notes(reasons: Sequence[Reason]) -> list[Any]:
    """What was done to the whole file to read it; nothing when that was nothing."""
    if not reasons:
        return []
    told = [html.Li(_(reason.sentence, value="", column="", row="")) for reason in reasons]
    return [
        html.Details([html.Summary(_("Wat is omgezet om het bestand te lezen")), html.Ul(told)], className="hk-fold")
    ]


def may_swap(result: ImportResult) -> bool:
    """Whether the file can be tried again with its axes the other way round."""
    return result.rejected_file is not None and result.rejected_file.code == SWAPPED


def refusal(error: UserError, *, offer_swap: bool = True) -> list[Any]:
    """Why the file was not taken, that nothing changed, and when it may help a button to swap the axes."""
    parts: list[Any] = [
        html.Div(
            [
                html.Strong(_("Dit bestand is niet overgenomen.")),
                html.P(_swapped(error) if error.code == SWAPPED else messages.refused(error)),
                html.P(_("Er is niets veranderd in de gegevens."), className="hk-soft"),
            ],
            className="hk-refused",
            role="alert",
        )
    ]
    if offer_swap and error.code == SWAPPED:
        parts.append(_swap())
    return parts


def problem_rows(problems: Sequence[RowProblem], *, most: int | None = MOST_ROWS) -> list[dict[str, Any]]:
    """One dict per problem, at most so many: rows that were not taken first, each group in the order of the file."""
    ordered = sorted(problems, key=lambda p: p.reason.outcome is not Outcome.QUARANTINE)
    return [
        {
            "row": p.row,
            "column": p.column,
            "value": p.value,
            "outcome": messages.outcome(p),
            "problem": messages.problem(p),
            "way_out": messages.way_out(p),
        }
        for p in ordered[:most]
    ]


def headings() -> dict[str, str]:
    """Column titles of the report, on screen and in the CSV."""
    return {
        "row": _("Rij"),
        "column": _("Kolom"),
        "value": _("Waarde"),
        "outcome": _("Uitkomst"),
        "problem": _("Wat is er mis"),
        "way_out": _("Wat te doen"),
    }


def tiles(result: ImportResult) -> Any:
    """The counts of an import, large."""
    pairs = [
        (_("gelezen"), result.read),
        (_("overgenomen"), result.accepted),
        (_("met kanttekening"), result.flagged),
        (_("in quarantaine"), result.quarantined),
        (_("dubbel"), result.duplicates),
        (_("ingetrokken"), result.withdrawn),
    ]
    return html.Div([html.Div([html.Strong(number(n)), html.Span(label)]) for label, n in pairs], className="hk-tiles")


def _swapped(error: UserError) -> str:
    return _("Bij {n} van de {total} meldingen lijken breedte en lengte verwisseld.", **error.fields)


def _swap() -> Any:
    button = html.Button(
        _("Assen omwisselen en opnieuw"), id={"type": ids.UPLOAD_SWAP, "id": "all"}, className="hk-button"
    )
    return html.Div(
        [html.Span(_("Is dat zo, lees het bestand dan met de assen omgewisseld.")), button], className="hk-swap"
    )


def report_columns(titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """The columns of the report's table."""
    widths = {"row": 76, "column": 120, "value": 150, "outcome": 150}
    return [
        {
            "field": field,
            "headerName": title,
            **({"width": widths[field]} if field in widths else {"flex": 1, "minWidth": 190}),
            "wrapText": True,
            "autoHeight": True,
            "tooltipField": field,
        }
        for field, title in titles.items()
    ]


def _problem_table(problems: Sequence[RowProblem]) -> list[Any]:
    left = len({p.row for p in problems if p.reason.outcome is Outcome.QUARANTINE})
    head = _n("{n} rij in quarantaine", "{n} rijen in quarantaine", left) if left else _("Kanttekeningen")
    parts: list[Any] = [
        html.Div(
            [
                html.H3(head, className="hk-h3"),
                html.Button(_("Opslaan als CSV"), id={"type": ids.UPLOAD_CSV, "id": "all"}, className="hk-button"),
            ],
            className="hk-row hk-between",
        )
    ]
    if len(problems) > MOST_ROWS:
        parts.append(
            html.P(
                _(
                    "Hier staan de eerste {shown} van {n}; alle regels geeft hotspotkaart reports import … --json.",
                    shown=number(MOST_ROWS),
                    n=number(len(problems)),
                ),
                className="hk-soft",
            )
        )
    rows = problem_rows(problems)
    parts.append(
        dag.AgGrid(
            id={"type": ids.UPLOAD_ROWS, "id": "all"},
            columnDefs=report_columns(headings()),
            rowData=rows,
            defaultColDef={"sortable": True, "resizable": True, "suppressHeaderMenuButton": True},
            dashGridOptions={"animateRows": False, "enableCellTextSelection": True, "tooltipShowDelay": 300},
            className="ag-theme-alpine hk-grid hk-problems",
            style={"height": None},
        )
    )
    return parts
