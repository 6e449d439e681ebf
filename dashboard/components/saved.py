"""Kept runs and views: the small form over the map, and on the page Ontwikkeling the lists and two runs side by side."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.components import ids
from dashboard.components.aria import aria
from dashboard.i18n import _, _n, moment, number
from dashboard.services.saved import Held, Match
from data.store.saved import MAX_NAME, MAX_NOTE, Run, View
from data.viewer import Viewer


def form() -> Any:
    """In the dialog with the evidence: keep this run, or only the way back to this view."""
    return html.Section(
        [
            html.H2(_("Bewaren"), className="hk-h2"),
            html.Div(
                [
                    dmc.TextInput(id=ids.SAVED_NAME, label=_("Naam"), inputProps={"maxLength": MAX_NAME}, size="sm", className="hk-saved-name"),
                    dmc.TextInput(id=ids.SAVED_NOTE, label=_("Toelichting"), inputProps={"maxLength": MAX_NOTE}, size="sm", className="hk-grow"),
                    dmc.Button(_("Analyse bewaren"), id=ids.SAVED_KEEP_RUN, size="sm"),
                    dmc.Button(_("Alleen de weergave"), id=ids.SAVED_KEEP_VIEW, size="sm", variant="default"),
                ],
                className="hk-ask",
            ),
            html.P(
                _("Een analyse bewaart filters, instellingen, gegevensversie en de gevonden hotspots; een weergave alleen het adres. "
                  "Beide staan op de pagina Ontwikkeling, voor alle analisten."),
                className="hk-soft hk-small",
            ),
            html.Div(id=ids.SAVED_SAID, **aria(live="polite")),
        ]
    )  # fmt: skip


def section(runs: Sequence[Run], *, first: str, second: str) -> Any:
    """On the page Ontwikkeling: places for the lists, which its callbacks fill. runs: to choose from.

    first, second: the numbers of the chosen ones, or "". Runs and choice are there from the start: a Select without a
    value says so to the address when its options come, and drops a value that is not among them.
    """
    known = options(runs)
    return html.Section(
        [
            html.H2(_("Bewaarde analyses en weergaven"), className="hk-h2"),
            html.Div(id=ids.SAVED_LIST_SAID, **aria(live="polite")),
            html.Div(id=ids.SAVED_RUNS, className="hk-stack"),
            html.Div(
                [_select(ids.SAVED_FIRST, _("Vergelijk"), known, first), _select(ids.SAVED_SECOND, _("met"), known, second)],
                className="hk-ask hk-saved-pair",
            ),
            html.Div(id=ids.SAVED_HELD, className="hk-stack", **aria(live="polite")),
            html.Div(id=ids.SAVED_VIEWS, className="hk-stack"),
            html.Div(
                [
                    dmc.TextInput(
                        id=ids.SAVED_VIEW_NAME,
                        label=_("Deze pagina bewaren als weergave"),
                        placeholder=_("Naam"),
                        inputProps={"maxLength": MAX_NAME},
                        size="sm",
                        className="hk-saved-name",
                    ),
                    dmc.Button(_("Bewaren"), id=ids.SAVED_VIEW_HERE, size="sm", variant="default"),
                ],
                className="hk-ask",
            ),
        ],
        className="hk-dev-section",
        id="bewaard",
    )  # fmt: skip


def kept(sentence: str) -> Any:
    """That something was done."""
    return html.P(sentence, className="hk-saved-done")


def refused(sentence: str) -> Any:
    """That something was not done, and why."""
    return html.P(sentence, className="hk-warning", role="alert")


def options(runs: Sequence[Run]) -> list[dict[str, str]]:
    """Runs to choose from."""
    return [{"value": str(run.id), "label": f"{run.name} ({run.id})"} for run in runs]


def runs_list(runs: Sequence[Run], *, viewer: Viewer, data_version: str, usual_eps_m: float) -> list[Any]:
    """Every run with what can be done with it, and what is published with."""
    chosen = next((run for run in runs if run.chosen_at is not None), None)
    if not runs:
        return [
            html.P(
                _("Nog geen bewaarde analyses. Open op de Kaart de onderbouwing en kies ‘Analyse bewaren’."),
                className="hk-soft",
            )
        ]
    heads = [
        (_("Naam"), ""),
        (_("Bewaard"), ""),
        (_("Instellingen"), ""),
        (_("Meldingen"), "hk-num"),
        (_("Hotspots"), "hk-num"),
        (_("Wat ermee kan"), ""),
    ]
    body = [_run(run, mine=run.made_by == viewer.name, current=run.data_version == data_version) for run in runs]
    table = html.Table(
        [html.Thead(html.Tr([html.Th(t, scope="col", className=k) for t, k in heads])), html.Tbody(body)],
        className="hk-figures-table hk-saved-table",
    )
    return [
        html.Div(table, className="hk-scroll", tabIndex=0, role="region", **aria(label=_("Bewaarde analyses"))),
        _published_with(chosen, usual_eps_m=usual_eps_m),
    ]


def views_list(views: Sequence[View], *, viewer: Viewer) -> list[Any]:
    """Every view, as a link."""
    if not views:
        return [
            html.H3(_("Weergaven"), className="hk-h3"),
            html.P(_("Nog geen bewaarde weergaven."), className="hk-soft"),
        ]
    return [
        html.H3(_("Weergaven"), className="hk-h3"),
        html.Ul(
            [
                html.Li(
                    [
                        html.A(view.name, href=view.address),
                        html.Span(f"{view.made_by}, {moment(view.made_at)}", className="hk-soft hk-small"),
                        _sure(ids.SAVED_DELETE_VIEW, view.id, _("Verwijderen"), _("Weergave ‘{name}’ verwijderen?", name=view.name))
                        if view.made_by == viewer.name
                        else None,
                    ]
                )
                for view in views
            ],
            className="hk-saved-views",
        ),
    ]  # fmt: skip


def held(found: Held) -> list[Any]:
    """Two runs against each other: what was asked differently, and which hotspots changed."""
    both = [m for m in found.matches if 0 not in m.ranks]
    first, second = ([m for m in found.matches if m.ranks[1 - k] == 0] for k in (0, 1))
    said = [
        _n("{n} hotspot staat in beide", "{n} hotspots staan in beide", len(both)),
        _n("{n} alleen in ‘{name}’", "{n} alleen in ‘{name}’", len(first), name=found.first.name),
        _n("{n} alleen in ‘{name}’", "{n} alleen in ‘{name}’", len(second), name=found.second.name),
    ]
    differing = [_differing(*one) for one in found.differing]
    return [
        html.P(html.Strong(", ".join(said) + ".")),
        html.P(
            _("Anders gevraagd: {all}.", all="; ".join(differing)) if differing else _("Hetzelfde gevraagd, met dezelfde instellingen."),
            className="hk-small",
        ),
        None
        if found.same_data
        else html.P(_("De gegevens zijn tussen beide veranderd; een verschil kan ook daarvan komen."), className="hk-warning"),
        _matches(found.matches, found) if found.matches else None,
    ]  # fmt: skip


def _select(id_: str, label: str, known: list[dict[str, str]], value: str) -> Any:
    return dmc.Select(
        id=id_,
        label=label,
        placeholder=_("Kies een analyse"),
        data=known,
        value=value or None,
        clearable=True,
        clearButtonProps={"aria-label": _("Keuze wissen")},
        size="sm",
        comboboxProps={"withinPortal": True},
    )


def _run(run: Run, *, mine: bool, current: bool) -> Any:
    method, figures = run.method, run.figures
    settings = _("{eps} m, minstens {min}", eps=number(run.eps_m), min=number(method["min_samples"]))
    doubt = None if current else html.Small(_("de gegevens zijn sindsdien veranderd"))
    chosen = run.chosen_at is not None
    ask = _("Voortaan publiceren met {eps} meter, van ‘{name}’?", eps=number(run.eps_m), name=run.name)
    gone = _("Analyse ‘{name}’ verwijderen? Dat kan niet ongedaan worden gemaakt.", name=run.name)
    return html.Tr(
        [
            html.Th([html.A(run.name, href="/" + (f"?{run.view}" if run.view else "")), html.Small(run.note)], scope="row"),
            html.Td([moment(run.made_at), html.Small(run.made_by)]),
            html.Td([settings, doubt]),
            html.Td(number(figures["n_reports"]), className="hk-num"),
            html.Td(number(len(figures["hotspots"])), className="hk-num"),
            html.Td(
                [
                    html.Span(_("hiermee wordt gepubliceerd"), className="hk-tag hk-tag-used") if chosen
                    else _sure(ids.SAVED_CHOOSE, run.id, _("Hiermee publiceren"), ask),
                    _sure(ids.SAVED_DELETE, run.id, _("Verwijderen"), gone) if mine and not chosen else None,
                ],
                className="hk-saved-actions",
            ),
        ]
    )  # fmt: skip


def _published_with(chosen: Run | None, *, usual_eps_m: float) -> Any:
    """What wijkmanagers see, and from when."""
    eps_m = chosen.eps_m if chosen else usual_eps_m
    said = (
        _("Wijkmanagers krijgen hotspots te zien die zijn gevonden met {eps} meter, van analyse ‘{name}’ ({by}, {when}).",
          eps=number(eps_m), name=chosen.name, by=chosen.chosen_by, when=moment(chosen.chosen_at))
        if chosen and chosen.chosen_at
        else _("Wijkmanagers krijgen hotspots te zien die zijn gevonden met {eps} meter, volgens de instelling.", eps=number(eps_m))
    )  # fmt: skip
    rest = _(
        "Een keuze geldt vanaf de eerstvolgende publicatie; wat gepubliceerd is, blijft zoals het is. Alleen de afstand telt: "
        "filters van de analyse gelden daar niet, en het minimale aantal meldingen volgt uit het advies en de drempel."
    )
    undo = (
        _sure(ids.SAVED_CHOOSE, 0, _("Terug naar de instelling"),
              _("Voortaan publiceren met {eps} meter, volgens de instelling?", eps=number(usual_eps_m)))
        if chosen
        else None
    )  # fmt: skip
    return html.Div([html.P([html.Strong(said), " ", rest]), undo], className="hk-saved-published")


def _sure(type_: str, number_: int, text: str, ask: str) -> Any:
    """A button whose deed is asked about once more."""
    return dcc.ConfirmDialogProvider(
        html.Button(text, className="hk-textbutton"), id={"type": type_, "id": number_}, message=ask
    )


def _differing(name: str, first: Any, second: Any) -> str:
    names = {"eps_m": _("afstand in meters"), "min_samples": _("minimaal aantal meldingen"), "view": _("filters")}
    if name == "view":
        return names[name]
    return _("{name} {first} tegen {second}", name=names[name], first=f"{first:g}", second=f"{second:g}")


def _matches(matches: Sequence[Match], found: Held) -> Any:
    heads = [(_("Waar"), ""), (found.first.name, "hk-num"), (found.second.name, "hk-num"), (_("Verschil"), "")]
    rows = [
        html.Tr(
            [
                html.Th([one.name or _("onbekende buurt"), html.Small(one.id)], scope="row"),
                html.Td(_placed(one, 0), className="hk-num"),
                html.Td(_placed(one, 1), className="hk-num"),
                html.Td(_changed(one)),
            ]
        )
        for one in matches
    ]
    return html.Div(
        html.Table(
            [html.Thead(html.Tr([html.Th(t, scope="col", className=k) for t, k in heads])), html.Tbody(rows)],
            className="hk-figures-table hk-saved-held",
        ),
        className="hk-scroll",
        tabIndex=0,
        role="region",
        **aria(label=_("Hotspots van beide analyses")),
    )


def _placed(one: Match, which: int) -> list[Any]:
    if not one.ranks[which]:
        return ["–"]
    return [number(one.n[which]), html.Small(_("nr. {rank}", rank=one.ranks[which]))]


def _changed(one: Match) -> str:
    if not one.ranks[1]:
        return _("verdwijnt")
    if not one.ranks[0]:
        return _("komt erbij")
    change = one.n[1] - one.n[0]
    if not change:
        return _("even groot")
    return (
        _n("{n} melding meer", "{n} meldingen meer", change)
        if change > 0
        else _n("{n} melding minder", "{n} meldingen minder", -change)
    )
