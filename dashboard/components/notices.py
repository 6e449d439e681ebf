"""What the map says when there is nothing, or too little, to show. Never an error where the data are simply few."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from dashboard.components.sentence import Part, chip, is_filtered
from dashboard.i18n import _, _n, number
from dashboard.services.types import Choices, Overview

COMMAND_AREAS = "hotspotkaart areas import buurten.geojson --level buurt"
COMMAND_REPORTS = "hotspotkaart reports import meldingen.csv"


def notice(overview: Overview, choices: Choices, *, without: Sequence[tuple[Part, int]] = ()) -> Any:
    """The card over the map that fits this view, or None when there are hotspots to see.

    without: when nothing is left, each filter that could go with the reports there would be then.
    """
    if not choices.has_areas:
        return _empty_city()
    if choices.first is None:
        return _no_reports()
    if overview.n_reports == 0:
        return _nothing_left(without)
    if not overview.shown:
        return _too_few(overview)
    return None


def failed() -> Any:
    """Something went wrong that is nobody's fault who reads this."""
    return html.Div(
        [
            html.Strong(_("Dit lukte niet.")),
            html.P(
                _("De laatste vraag kon niet worden beantwoord. De gegevens zijn niet veranderd. Ververs de pagina; "
                  "blijft dit gebeuren, kijk dan in het logboek van de server.")
            ),
            html.A(_("Pagina verversen"), href="", className="hk-button"),
        ],
        role="alert",
        className="hk-alarm",
    )  # fmt: skip


def refused(sentence: str) -> Any:
    """Something that the reader's role does not allow, or that can no longer be done."""
    return html.Div([html.P(sentence)], role="alert", className="hk-alarm")


def _empty_city() -> Any:
    return _card(
        _("Nog geen gebieden"),
        html.P(_("Lees eerst de buurten in, en daarna de meldingen:")),
        html.Pre(f"{COMMAND_AREAS}\n{COMMAND_REPORTS}"),
        html.P(
            _("De buurten van uw gemeente staan in de wijk- en buurtkaart van het CBS. Ververs daarna deze pagina.")
        ),
        html.P(_("Eerst kijken? Het commando hotspotkaart demo toont een stad met verzonnen meldingen.")),
    )


def _no_reports() -> Any:
    return _card(
        _("Nog geen meldingen"),
        html.P(_("Sleep een CSV-, Excel- of GeoJSON-bestand met meldingen naar deze pagina, of gebruik:")),
        html.Pre(COMMAND_REPORTS),
        html.P(
            _(
                "Nodig zijn een kenmerk, een datum en een plaats (lat/lon of x/y). Elke rij die niet past, wordt uitgelegd."
            )
        ),
        html.Button(_("Bestand toevoegen"), className="hk-button hk-open-upload"),
    )


def _nothing_left(without: Sequence[tuple[Part, int]]) -> Any:
    some = [(part, n) for part, n in without if n]
    parts: list[Any] = [html.P(_("Geen enkele melding past bij alles wat nu is gekozen."))]
    if some:
        rows = [
            html.Li([_n("{n} melding zonder", "{n} meldingen zonder", n) + " ", chip(part)])
            for part, n in sorted(some, key=lambda pair: -pair[1])
        ]
        parts += [html.P(_("Haal één filter weg:")), html.Ul(rows, className="hk-without")]
    elif len(without) > 1:
        parts.append(html.P(_("Eén filter weghalen is niet genoeg; wis ze allemaal of kies een andere periode.")))
    return _card(_("Geen meldingen in deze selectie"), *parts, _clear())


def _too_few(overview: Overview) -> Any:
    params = overview.result.params
    parts = [
        html.P(
            _(
                "Een hotspot vraagt minstens {min} meldingen binnen {eps} meter. Zo’n plek is er niet onder deze {n}.",
                min=params.min_samples,
                eps=f"{params.eps_m:g}",
                n=number(overview.n_reports),
            )
        ),
        html.P(
            _("Kies een langere periode, een groter gebied of minder filters. De buurten tonen wel alle meldingen.")
        ),
    ]
    if is_filtered(overview.state):
        parts.append(_clear())
    return _card(_("Te weinig meldingen voor een uitspraak"), *parts)


def _clear() -> Any:
    return dcc.Link(_("Filters wissen"), href="/", className="hk-button")


def _card(title: str, *parts: Any) -> Any:
    return html.Div([html.H2(title, className="hk-h2"), *parts], className="hk-notice", role="status")
