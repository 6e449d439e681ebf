"""The audit log as a page: whether it is whole, who did what, and the way to older lines."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import audit_words as words
from dashboard.addresses import LOG
from dashboard.audit_state import PER_PAGE, AuditState
from dashboard.components.aria import aria
from dashboard.components.who import ROLES
from dashboard.i18n import _, _n, moment, number
from data.audit.chain import Action, Finding, Line
from data.viewer import Role

URL: Final = "a-url"
OPENED: Final = "a-opened"
WHOLE: Final = "a-whole"
ACTOR: Final = "a-actor"
ACTION: Final = "a-action"
DAY: Final = "a-day"
LINES: Final = "a-lines"
MOST_FAULTS: Final = 10


def page(*, title: str, everything: bool, actors: Sequence[str]) -> list[Any]:
    """The page, empty. everything: all lines, with whether the log is whole; else one's own."""
    return [
        html.H1(title),
        html.P(
            _("Wie zag, gaf uit of wijzigde wat. Nooit wat er in een melding staat.")
            if everything
            else _("Wat er in het logboek over u staat. Alleen de auditor ziet de regels van iedereen."),
            className="hk-soft",
        ),
        html.Div(
            html.P(_("Het logboek wordt gecontroleerd…"), className="hk-hint") if everything else None,
            id=WHOLE,
            role="status",
        ),
        html.Div(
            [
                html.Div(
                    dmc.Select(
                        id=ACTOR,
                        label=_("Persoon"),
                        data=[{"value": name, "label": name} for name in actors],
                        placeholder=_("Iedereen"),
                        clearable=True,
                        searchable=True,
                        nothingFoundMessage=_("Niemand met deze naam"),
                        clearButtonProps={"aria-label": _("Iedereen tonen")},
                    ),
                    hidden=not everything,
                ),
                dmc.Select(
                    id=ACTION,
                    label=_("Handeling"),
                    data=sorted(
                        ({"value": a.value, "label": words.action(a.value)} for a in Action), key=lambda o: o["label"]
                    ),
                    placeholder=_("Alles"),
                    clearable=True,
                    clearButtonProps={"aria-label": _("Alle handelingen tonen")},
                ),
                dmc.DatePickerInput(
                    id=DAY,
                    label=_("Dag"),
                    placeholder=_("Alle dagen"),
                    valueFormat="D MMM YYYY",
                    clearable=True,
                    clearButtonProps={"aria-label": _("Alle dagen tonen")},
                    ariaLabels={
                        "previousMonth": _("Vorige maand"),
                        "nextMonth": _("Volgende maand"),
                        "previousYear": _("Vorig jaar"),
                        "nextYear": _("Volgend jaar"),
                        "previousDecade": _("Vorige tien jaar"),
                        "nextDecade": _("Volgende tien jaar"),
                        "monthLevelControl": _("Kies een maand"),
                        "yearLevelControl": _("Kies een jaar"),
                    },
                ),
            ],
            className="hk-form-row",
            role="search",
            **aria(label=_("Filters van het logboek")),
        ),
        html.Div(id=LINES, className="hk-log"),
    ]


def whole(found: Sequence[Finding], *, n: int) -> Any:
    """Whether the log is whole, and if not where not."""
    if not found and not n:
        return html.P(_("Het logboek is nog leeg."), className="hk-good")
    if not found:
        told = _n("Het logboek is heel: {n} regel, in de juiste volgorde en niets gewijzigd.",
                  "Het logboek is heel: {n} regels, in de juiste volgorde en niets gewijzigd.", n)  # fmt: skip
        return html.P(told, className="hk-good")
    items = [html.Li(words.said(one)) for one in found[:MOST_FAULTS]]
    more = len(found) - len(items)
    return html.Div(
        [
            html.Strong(_("Het logboek is gebroken bij regel {n}.", n=number(found[0].seq))),
            html.Ul(items),
            html.P(_n("En nog {n} fout.", "En nog {n} fouten.", more)) if more else None,
            html.P(_("Bewaar het zoals het is en waarschuw de functionaris gegevensbescherming (FG).")),
        ],
        className="hk-broken",
    )


def lines(found: Sequence[Line], *, state: AuditState, n: int) -> list[Any]:
    """The table of one sheet, and the way to the others."""
    if not found:
        text = _("Er zijn geen regels die hieraan voldoen.") if n == 0 else _("Zo ver terug gaat het logboek niet.")
        return [html.P(text, className="hk-hint")]
    heads = [_("Moment"), _("Wie"), _("Wat"), _("Waarover"), _("Bijzonderheden")]
    table = html.Table(
        [
            html.Caption(_("Regels van het logboek, de nieuwste eerst"), className="hk-spoken"),
            html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])),
            html.Tbody([_row(line) for line in found]),
        ],
        className="hk-table-plain hk-log-table",
    )
    return [_sheets(state, n=n, label=_("Bladen")), table, _sheets(state, n=n, label=_("Bladen, onder de regels"))]


def _row(line: Line) -> Any:
    denied = line.action in (Action.DENIED.value, Action.SIGN_IN_FAILED.value, Action.EXPORT_REFUSED.value)
    return html.Tr(
        [
            html.Td(moment(line.at), title=_("regel {n}", n=number(line.seq)), className="hk-when"),
            html.Td([html.Strong(line.actor), html.Div(role(line.role), className="hk-soft hk-small")]),
            html.Td(html.Span(words.action(line.action), className="hk-denied" if denied else "")),
            html.Td(words.subject(line.subject) or "–"),
            html.Td(words.detail(line.detail, of=line.subject) or "–"),
        ]
    )


def role(name: str) -> str:
    """A role by its name, one that is none as it was written."""
    return _(ROLES[Role(name)]) if name in {r.value for r in Role} else name


def _sheets(state: AuditState, *, n: int, label: str) -> Any:
    last = max(-(-n // PER_PAGE), 1)
    first_line = (state.sheet - 1) * PER_PAGE + 1
    return html.Nav(
        [
            _to(_("‹ Nieuwere"), state, state.sheet - 1) if state.sheet > 1 else None,
            html.Span(
                _(
                    "{first}–{last} van {n}",
                    first=number(first_line),
                    last=number(min(first_line + PER_PAGE - 1, n)),
                    n=number(n),
                ),
                className="hk-soft hk-small",
            ),
            _to(_("Oudere ›"), state, state.sheet + 1) if state.sheet < last else None,
        ],
        className="hk-sheets",
        **aria(label=label),
    )


def _to(text: str, state: AuditState, sheet: int) -> Any:
    query = replace(state, sheet=sheet).to_query()
    return dcc.Link(text, href=LOG + (f"?{query}" if query else ""), className="hk-button")
