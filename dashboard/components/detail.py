"""What stands below the table: the profile of everything in view, or the explanation of the chosen hotspot."""

from typing import Any

from dash import html

from dashboard import messages
from dashboard.components import ids, review
from dashboard.components.charts import hour_chart, weekday_chart
from dashboard.i18n import _, _n
from dashboard.services.types import Overview
from geo.certainty import Certainty, HotspotCertainty
from geo.hotspots import Hotspot


def overall(overview: Overview) -> list[Any]:
    """Hours of all reports in view, and what is in no hotspot for another reason than distance."""
    if not overview.n_reports:
        return []
    notes = []
    if overview.n_outside:
        notes.append(
            _n("{n} melding ligt buiten de buurten.", "{n} meldingen liggen buiten de buurten.", overview.n_outside)
        )
    return [
        hour_chart(overview.hours, title=_("Verdeling over de dag"), marked=messages.busiest_hours(overview.hours)),
        html.P(_("Kies een hotspot in de tabel of op de kaart voor uitleg."), className="hk-hint")
        if overview.shown
        else None,
        review.link(messages.left_out(overview.left_out)),
        *(html.P(note, className="hk-soft hk-small") for note in notes),
        html.P(method(overview), className="hk-soft hk-small"),
    ]


def method(overview: Overview) -> str:
    """How the hotspots were made, in one line."""
    params = overview.result.params
    return _(
        "Gevonden met DBSCAN: minstens {min} meldingen binnen {eps} meter, over de hele gemeente berekend.",
        min=params.min_samples,
        eps=f"{params.eps_m:g}",
    )


def explanation(hotspot: Hotspot, overview: Overview) -> list[Any]:
    """The chosen hotspot: where, how many, when, what, what is near, and what is not known."""
    params = overview.result.params
    pairs = messages.explain(hotspot, eps_m=params.eps_m, min_samples=params.min_samples)
    warning = messages.chain_warning(hotspot)
    busiest = messages.busiest(hotspot.hours)
    return [
        html.Div(
            [
                html.H2(
                    [html.Span(hotspot.rank, className="hk-rank"), messages.place(hotspot)],
                    className="hk-h2",
                    id="detail-title",
                ),
                html.Button(
                    _("Terug naar overzicht"),
                    id={"type": ids.DETAIL_CLOSE, "id": hotspot.id},
                    className="hk-textbutton",
                ),
            ],
            className="hk-row hk-between",
        ),
        html.P(warning, className="hk-warning", role="note") if warning else None,
        html.Dl([part for pair in pairs[:3] for part in _pair(*pair)], className="hk-facts"),
        hour_chart(
            hotspot.hours,
            title=_("Uren, drukst {hours} uur", hours=busiest) if busiest else _("Uren"),
            marked=messages.busiest_hours(hotspot.hours),
        ),
        weekday_chart(hotspot.weekdays, title=_("Weekdagen")),
        html.Dl([part for pair in pairs[3:] for part in _pair(*pair)], className="hk-facts"),
        html.H3(_("Hoe zeker"), className="hk-h3"),
        html.Div(
            html.P(_("Toetsen aan toeval en andere instellingen…"), className="hk-soft"),
            id={"type": ids.CERTAINTY, "id": hotspot.id},
        ),
        html.H3(_("Wat dit niet zegt"), className="hk-h3"),
        html.Ul([html.Li(line) for line in messages.unknown(hotspot)], className="hk-list"),
    ]


def certainty(found: HotspotCertainty | None, whole: Certainty | None) -> list[Any]:
    """How sure the chosen hotspot is: words first, the figures behind a fold."""
    if found is None or whole is None:
        return [html.P(_("Deze hotspot is niet te toetsen."), className="hk-soft")]
    verdict, figures = messages.certainty_words(found), messages.certainty(found, whole)
    return [
        html.P(verdict),
        html.Details(
            [
                html.Summary(_("De cijfers")),
                html.P(f"{figures} {messages.chance_outcome(whole)}", className="hk-small hk-soft"),
            ]
        ),
    ]


def _pair(heading: str, sentence: str) -> list[Any]:
    return [html.Dt(heading), html.Dd(sentence)]
