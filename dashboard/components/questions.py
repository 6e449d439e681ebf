"""In the dialog with the evidence: other questions to the same reports, each with its answer in words first."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import answer_words
from dashboard.answer_words import QUESTIONS, Said, Table
from dashboard.components import ids, jobs
from dashboard.components.aria import aria
from dashboard.i18n import _
from dashboard.services.asking import Topic
from dashboard.services.material import Why
from dashboard.services.questions import Answer


def section(*, poll_ms: int) -> Any:
    """The choice of a question, and places that its callbacks fill."""
    return html.Section(
        [
            dcc.Store(id=ids.QUESTION_JOB, data=""),
            dcc.Interval(id=ids.QUESTION_CLOCK, interval=poll_ms, disabled=True),
            html.H2(_("Andere vragen aan deze meldingen"), className="hk-h2"),
            html.P(
                _("Over de meldingen van de gekozen periode en filters, in de hele stad, zoals de hotspots."),
                className="hk-soft hk-small",
            ),
            html.Div(
                [
                    dmc.Select(
                        id=ids.QUESTION_TOPIC,
                        label=_("Vraag"),
                        data=[{"value": topic.value, "label": _(text)} for topic, text in QUESTIONS.items()],
                        value=Topic.MORAN.value,
                        allowDeselect=False,
                        size="sm",
                        comboboxProps={"withinPortal": True},
                    ),
                    dmc.Button(start_text(), id=ids.QUESTION_START, size="sm"),
                ],
                className="hk-ask hk-question-ask",
            ),
            html.Div(
                [
                    html.Div(id=ids.QUESTION_STATUS, className="hk-grow", **aria(live="polite")),
                    jobs.cancel_button(ids.QUESTION_CANCEL),
                ],
                className="hk-row",
            ),
            html.Div(id=ids.QUESTION_ANSWER, className="hk-stack", **aria(live="polite")),
        ]
    )


def start_text() -> str:
    """What the button says that has a question answered."""
    return _("Uitrekenen")


def answer(given: Answer) -> list[Any]:
    """The question, its answer in words, how not to read it, and the figures behind a fold."""
    asked = html.H3(_(QUESTIONS[given.topic]), className="hk-h3")
    if isinstance(given.found, Why):
        return [asked, html.P(answer_words.why_not(given.found), className="hk-hint")]
    said = answer_words.said(given.found)
    parts = [asked, html.P(said.plain, className="hk-answer")]
    if said.note:
        parts.append(html.P(said.note, className="hk-soft hk-small"))
    if said.against or said.figures:
        parts.append(_figures(said))
    return parts


def _figures(said: Said) -> Any:
    shown = (said.against, *said.figures) if said.against else said.figures
    parts = [html.P(part, className="hk-soft hk-small") if isinstance(part, str) else _scroller(part) for part in shown]
    return html.Details(
        [html.Summary(_("Cijfers")), html.Div(parts, className="hk-stack")], className="hk-fold hk-question-figures"
    )


def _scroller(table: Table) -> Any:
    heads = [html.Th(text, scope="col", className=_kind(i, table.left)) for i, text in enumerate(table.header)]
    return html.Div(
        html.Table(
            [html.Thead(html.Tr(heads)), html.Tbody([_row(row, table.left) for row in table.rows])],
            className="hk-figures-table hk-question-table",
        ),
        className="hk-scroll",
        tabIndex=0,
        role="region",
        **aria(label=table.name),
    )


def _row(row: Sequence[str], left: Sequence[int]) -> Any:
    first, *rest = row
    cells = [html.Td(text, className=_kind(i, left)) for i, text in enumerate(rest, start=1)]
    return html.Tr([html.Th(first, scope="row"), *cells])


def _kind(column: int, left: Sequence[int]) -> str:
    return "" if column in left else "hk-num"
