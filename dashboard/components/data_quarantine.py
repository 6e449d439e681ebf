"""Gegevens, quarantine: which rows were not taken, and the dialog in which one is put right or discarded."""

from collections.abc import Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import data_words as words
from dashboard import messages
from dashboard.components import data_ids as ids
from dashboard.components.aria import aria
from dashboard.i18n import _, _n, moment, number
from dashboard.services.quarantine import MOST_ROWS, Imported
from data.categories import CATEGORIES
from data.columns import likely
from data.importing import ImportResult
from data.quarantine import QuarantinedRow, RowState
from data.reasons import Outcome

LONG: Final = "omschrijving"
KIND: Final = "categorie"


def panel(imports: Sequence[Imported], *, chosen: int) -> list[Any]:
    """Choose an import, and see its rows. chosen: an import's id, 0 for the latest that has open rows."""
    if not imports:
        return [
            html.P(
                _("Er is nog geen bestand ingelezen. Voeg er een toe onder Bestand; wat niet past, staat daarna hier."),
                className="hk-hint",
            )
        ]
    n_open = sum(one.n_open for one in imports)
    said = (
        _n("{n} rij wacht op herstel.", "{n} rijen wachten op herstel.", n_open)
        if n_open
        else _("Er wacht niets op herstel.")
    )
    which = default(imports, chosen)
    return [
        html.P(said, className="hk-hint"),
        dmc.Select(
            id={"type": ids.IMPORT, "id": "all"},
            label=_("Ingelezen bestand"),
            data=[{"value": str(one.id), "label": _title(one)} for one in imports],
            value=str(which),
            allowDeselect=False,
            searchable=True,
            className="hk-d-wide-select",
        ),
    ]


def default(imports: Sequence[Imported], chosen: int) -> int:
    """The import whose rows are shown: the one asked for, else the latest with open rows, else the latest."""
    known = [one.id for one in imports]
    if chosen in known:
        return chosen
    return next((one.id for one in imports if one.n_open), known[0] if known else 0)


def rows(found: Sequence[QuarantinedRow], one: Imported | None) -> list[Any]:
    """The rows of one import: open ones with a button, settled ones below."""
    if one is None:
        return []
    parts: list[Any] = [html.P(_counts(one), className="hk-invariant")]
    if not one.quarantined:
        return [*parts, html.P(_("Van dit bestand staat niets in quarantaine."), className="hk-hint")]
    if not found:
        said = _("Deze rijen zijn ingelezen voordat ze konden worden hersteld. Herstel ze in het bronsysteem.")
        return [*parts, html.P(said, className="hk-hint")]
    still = [row for row in found if row.state is RowState.OPEN]
    done = [row for row in found if row.state is not RowState.OPEN]
    if still:
        parts.append(_table(still, open_=True))
    else:
        parts.append(html.P(_("Alle rijen van dit bestand zijn afgehandeld."), className="hk-hint"))
    if done:
        title = _n("{n} rij afgehandeld", "{n} rijen afgehandeld", len(done))
        parts.append(html.Details([html.Summary(title), _table(done, open_=False)], className="hk-fold"))
    if len(found) >= MOST_ROWS:
        said = _("Hier staan de eerste {n} rijen. Herstel een bestand met zo veel fouten liever bij de bron.", n=number(MOST_ROWS))  # fmt: skip
        parts.append(html.P(said, className="hk-soft hk-small"))
    return parts


def dialog() -> Any:
    """The dialog over one row, empty until it is opened."""
    return dmc.Modal(
        [
            dcc.Store(id=ids.ROW_WHICH, data=""),
            html.Div(id=ids.ROW_SAID, **aria(live="polite")),
            html.Div(id=ids.ROW_BODY),
        ],
        id=ids.ROW,
        title=_("Rij herstellen"),
        size=760,
        closeButtonProps={"aria-label": _("Sluiten")},
    )


def form(row: QuarantinedRow) -> list[Any]:
    """Everything to put one row right, with what is wrong beside the cell."""
    why = [html.Li(words.problem(*told)) for told in row.why]
    ways = [html.Li(text) for text in words.ways_out(row)]
    wrong = _wrong(row)
    cells = [_cell(role, text, wrong.get(role, "")) for role, text in row.cells.items()]
    parts: list[Any] = [
        html.P(
            _("{file}, rij {row}", file=words.file_name(row.file_name), row=row.row),
            className="hk-soft hk-small",
        ),
        html.Div(_why(why, ways), id=ids.ROW_WHY),
    ]
    if cells:
        parts += [
            html.Div(cells, className="hk-d-cells"),
            dmc.Button(_("Opnieuw aanbieden"), id={"type": ids.OFFER, "id": "row"}),
        ]
    else:
        said = _("Van deze rij is niets bewaard dat hier te herstellen is. Herstel haar in het bronsysteem.")
        parts.append(html.P(said, className="hk-hint"))
    return [
        *parts,
        html.Hr(className="hk-hr"),
        html.Div(
            [
                dmc.TextInput(
                    id={"type": ids.NOTE, "id": "row"},
                    label=_("Of verwijder de rij, en schrijf erbij waarom"),
                    className="hk-d-note",
                ),
                html.Button(
                    _("Verwijderen"), id={"type": ids.DISCARD, "id": "row"}, className="hk-button hk-button-alarm"
                ),
            ],
            className="hk-form-row",
        ),
    ]


def still_wrong(result: ImportResult) -> Any:
    """Why a row that was offered again was not taken, and what to do."""
    why = [
        f"{words.role(p.column)}: {messages.problem(p)}" if p.column else messages.problem(p) for p in result.problems
    ]
    ways = [text for text in dict.fromkeys(map(messages.way_out, result.problems)) if text]
    told = [html.Strong(_("Nog niet overgenomen.")), html.Ul([html.Li(text) for text in [*why, *ways]])]
    return html.Div(told, className="hk-warning", role="alert")


def errors(result: ImportResult, roles: Sequence[str]) -> list[str | None]:
    """What is wrong now with the cell of each of these roles; None: nothing."""
    found: dict[str, str] = {}
    for problem in result.problems:
        if problem.reason.outcome is Outcome.QUARANTINE:
            found.setdefault(problem.column, messages.problem(problem))
    return [found.get(role) for role in roles]


def taken(result: ImportResult) -> Any:
    """That a row was taken, and with what marks."""
    marks = [html.Li(messages.problem(p)) for p in result.problems]
    said = _("De rij is overgenomen als melding en telt mee.")
    link = html.A(_("Bekijk op de kaart"), href="/", className="hk-button")
    return html.Div([html.P(said), html.Ul(marks) if marks else None, link], className="hk-said", role="status")


def gone() -> Any:
    """That a row was discarded."""
    return html.P(_("De rij is verwijderd; wat ervan bewaard was, is gewist."), className="hk-said", role="status")


def _why(why: Sequence[Any], ways: Sequence[Any]) -> list[Any]:
    parts = [html.Div([html.Strong(_("Wat is er mis")), html.Ul(why)], className="hk-d-why")]
    if ways:
        parts.append(html.Div([html.Strong(_("Wat te doen")), html.Ul(ways)], className="hk-d-why"))
    return parts


def _table(found: Sequence[QuarantinedRow], *, open_: bool) -> Any:
    heads = [_("Rij"), _("Kenmerk"), _("Wat is er mis"), _("Toestand")]
    head = [html.Th(text, scope="col") for text in heads]
    head.append(html.Th(html.Span(_("Herstellen"), className="hk-spoken") if open_ else _("Door wie"), scope="col"))
    table = html.Table(
        [html.Thead(html.Tr(head)), html.Tbody([_row(row, open_=open_) for row in found])],
        className="hk-table-plain hk-d-rows",
    )
    label = _("Rijen in quarantaine") if open_ else _("Afgehandelde rijen")
    return html.Div(table, className="hk-wide", tabIndex=0, role="region", **aria(label=label))


def _row(row: QuarantinedRow, *, open_: bool) -> Any:
    why = html.Td(html.Ul([html.Li(words.problem(*told)) for told in row.why], className="hk-d-list"))
    if open_:
        last: Any = html.Button(
            _("Herstellen"),
            id={"type": ids.ROW_OPEN, "id": f"{row.import_id}-{row.row}"},
            className="hk-button",
            **aria(label=_("Rij {row} herstellen", row=row.row), haspopup="dialog"),
        )
    else:
        who = f"{row.settled_by}, {moment(row.settled_at)}" if row.settled_at else "–"
        last = [who, html.Div(row.note, className="hk-soft hk-small")] if row.note else who
    return html.Tr(
        [
            html.Th(str(row.row), scope="row"),
            html.Td(row.source_id or "–"),
            why,
            html.Td(words.state(row)),
            html.Td(last),
        ]
    )


def _cell(role: str, text: str, error: str) -> Any:
    if role == KIND:
        return _kind(text, error)
    box = dmc.Textarea if role == LONG else dmc.TextInput
    more = {"autosize": True, "minRows": 2, "maxRows": 8} if role == LONG else {}
    return box(
        id={"type": ids.CELL, "id": role},
        label=words.role(role),
        value=text,
        error=error or None,
        className="hk-d-long" if role == LONG else "",
        **more,
    )


def _kind(text: str, error: str) -> Any:
    """The known kinds, and what stood there: it may be right in another way than that of its spelling."""
    known = [{"value": kind, "label": _(kind)} for kind in CATEGORIES]
    stood = [] if text in ("", *CATEGORIES) else [{"value": text, "label": text}]
    return dmc.Select(
        id={"type": ids.CELL, "id": KIND},
        label=words.role(KIND),
        data=[*stood, *known],
        value=text or None,
        error=error or None,
        searchable=True,
        clearable=True,
    )


def _wrong(row: QuarantinedRow) -> dict[str, str]:
    """Role → what is wrong with its cell, where the column's name says which role it plays."""
    found: dict[str, str] = {}
    for column, value, code in row.why:
        role = column if column in row.cells else next(iter(likely([column]).values()), "") if column else ""
        if role in row.cells:
            found.setdefault(role, words.problem("", value, code))
    return found


def _title(one: Imported) -> str:
    left = _n("{n} open", "{n} open", one.n_open) if one.n_open else _("niets open")
    return f"{words.file_name(one.file_name)} · {moment(one.imported_at)} · {left}"


def _counts(one: Imported) -> str:
    return _(
        "{read} gelezen = {accepted} overgenomen + {quarantined} in quarantaine + {duplicates} dubbel + "
        "{withdrawn} ingetrokken",
        read=number(one.read),
        accepted=number(one.accepted),
        quarantined=number(one.quarantined),
        duplicates=number(one.duplicates),
        withdrawn=number(one.withdrawn),
    )
