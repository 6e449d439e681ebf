"""Gegevens, the calendar: campaigns, laws, apps and holidays, and the dialog over one of them."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import data_words as words
from dashboard.components import data_ids as ids
from dashboard.components.aria import aria
from dashboard.i18n import _, number
from data.calendar import Entry
from geo.calendar import MarkKind


def panel() -> list[Any]:
    """The list and the button to add to it."""
    return [
        html.P(
            _(
                "Campagnes, wetswijzigingen en nieuwe apps veranderen hoeveel er wordt gemeld; ze staan bij elke trend. "
                "Vakanties bepalen wat schooltijd is."
            ),
            className="hk-soft",
        ),
        html.Div(dmc.Button(_("Regel toevoegen"), id=ids.ENTRY_ADD)),
        html.Div(id=ids.ENTRY_DONE, tabIndex=-1, **aria(live="polite")),
        html.Div(id=ids.CALENDAR, className="hk-stack"),
    ]


def entries(found: Sequence[Entry]) -> list[Any]:
    """Every line, with a button to change it."""
    if not found:
        return [
            html.P(
                _("De kalender is leeg. Voeg een campagne, wetswijziging, app of vakantie toe."), className="hk-hint"
            )
        ]
    heads = [_("Soort"), _("Naam"), _("Wanneer"), _("Factor")]
    head = [html.Th(text, scope="col") for text in heads]
    head.append(html.Th(html.Span(_("Wijzigen"), className="hk-spoken"), scope="col"))
    table = html.Table(
        [html.Thead(html.Tr(head)), html.Tbody([_entry(entry) for entry in found])],
        className="hk-table-plain hk-d-entries",
    )
    parts: list[Any] = [html.Div(table, className="hk-wide", tabIndex=0, role="region", **aria(label=_("Kalender")))]
    if not any(entry.mark.kind is MarkKind.HOLIDAY for entry in found):
        parts.append(html.P(_("Schoolvakanties niet bekend: elke werkdag telt als schooldag."), className="hk-warning"))
    return parts


def dialog() -> Any:
    """The dialog over one line."""
    kinds = [{"value": kind.value, "label": _(name)} for kind, name in words.KINDS.items()]
    return dmc.Modal(
        [
            dcc.Store(id=ids.ENTRY_WHICH, data=0),
            html.Div(id=ids.ENTRY_SAID, **aria(live="polite")),
            html.Div(
                [
                    dmc.Select(id=ids.ENTRY_KIND, label=_("Soort"), data=kinds, allowDeselect=False),
                    dmc.TextInput(id=ids.ENTRY_NAME, label=_("Naam")),
                    dmc.TextInput(id=ids.ENTRY_FIRST, label=_("Eerste dag"), description=_("dag-maand-jaar")),
                    dmc.TextInput(
                        id=ids.ENTRY_LAST,
                        label=_("Laatste dag"),
                        description=_("zelf meegeteld; leeg als het voortduurt"),
                    ),
                    dmc.TextInput(
                        id=ids.ENTRY_FACTOR,
                        label=_("Factor"),
                        description=_("met hoeveel het meldingen vermenigvuldigde, als dat bekend is"),
                    ),
                ],
                className="hk-d-cells",
            ),
            html.Div(
                [
                    dmc.Button(_("Bewaren"), id=ids.ENTRY_KEEP),
                    html.Button(
                        _("Verwijderen"), id=ids.ENTRY_REMOVE, className="hk-button hk-button-alarm", hidden=True
                    ),
                ],
                className="hk-row hk-between hk-d-foot",
            ),
        ],
        id=ids.ENTRY,
        title=_("Regel van de kalender"),
        size=620,
        keepMounted=True,
        closeButtonProps={"aria-label": _("Sluiten")},
    )


def said(sentence: str) -> Any:
    """That it was done."""
    return html.P(sentence, className="hk-said", role="status")


def values(entry: Entry | None) -> tuple[str, str, str, str, str]:
    """What the dialog's fields hold for a line; None: for a new one."""
    if entry is None:
        return MarkKind.CAMPAIGN.value, "", "", "", ""
    mark = entry.mark
    last = f"{mark.end:%d-%m-%Y}" if mark.end else ""
    factor = f"{mark.factor:g}".replace(".", ",") if mark.factor is not None else ""
    return mark.kind.value, mark.name, f"{mark.start:%d-%m-%Y}", last, factor


def _entry(entry: Entry) -> Any:
    mark = entry.mark
    change = html.Button(
        _("Wijzigen"),
        id={"type": ids.ENTRY_OPEN, "id": entry.id},
        className="hk-button",
        **aria(label=_("{name} wijzigen", name=mark.name), haspopup="dialog"),
    )
    factor = number(mark.factor, 1) if mark.factor is not None else "–"
    return html.Tr(
        [
            html.Td(_(words.KINDS[mark.kind])),
            html.Th(mark.name, scope="row"),
            html.Td(words.when(mark)),
            html.Td(factor),
            html.Td(change),
        ]
    )
