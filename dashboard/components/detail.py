"""What stands below the table: the profile of everything in view, or the explanation of the chosen hotspot."""

from typing import Any

from dash import html

from dashboard import messages, review_words
from dashboard.components import ids, review, shares
from dashboard.components.aria import aria, data
from dashboard.components.charts import hour_chart
from dashboard.components.matrix import week_matrix
from dashboard.components.trend import quarter_chart
from dashboard.doubt_words import doubt_lines
from dashboard.i18n import _, _n, number, percent
from dashboard.paragraph import paragraph
from dashboard.services.types import Overview
from geo.certainty import Certainty, HotspotCertainty
from geo.context import CityContext, HotspotContext
from geo.hotspots import Hotspot
from geo.opinion import Agreement


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


def head(hotspot: Hotspot) -> list[Any]:
    """What is there at once of the chosen hotspot: its rank and place, and room for the rest."""
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
        html.Div(
            html.P(_("Uitleg wordt gemaakt…"), className="hk-soft"),
            id={"type": ids.PORTRAIT, "id": hotspot.id},
            className="hk-portrait",
        ),
    ]


def portrait(
    hotspot: Hotspot, context: HotspotContext, *, city: CityContext, overview: Overview, whole: Certainty | None = None
) -> list[Any]:
    """The chosen hotspot in one paragraph, and below it what the paragraph rests on. whole: the test, if it is done."""
    certain = whole.of(hotspot.id) if whole else None
    return [
        html.Div(
            [
                html.P(
                    paragraph(hotspot, context, certain, city=city),
                    id={"type": ids.PARAGRAPH, "id": hotspot.id},
                    className="hk-paragraph",
                ),
                html.Button(
                    _("Lees verder"),
                    className="hk-textbutton hk-read-on",
                    **aria(expanded="false"),
                    **data(other=_("Inklappen")),
                ),
            ],
            className="hk-reading-box",
        ),
        html.Section(week_matrix(context.matrix)),
        _section(shares.time_shares(context, city)),
        html.Section(quarter_chart(context.quarters, city.marks)),
        _section(shares.categories(hotspot.top_categories, n=hotspot.n)),
        html.Section(shares.near(hotspot, city)),
        html.Section(
            [
                html.H3(_("Hoe zeker"), className="hk-h3"),
                html.Div(
                    certainty(certain, whole)
                    if whole
                    else html.P(_("Toetsen aan toeval en andere instellingen…"), className="hk-soft"),
                    id={"type": ids.CERTAINTY, "id": hotspot.id},
                ),
                html.P([html.B(_("Tweede mening")), " ", second_opinion(context.opinion)]),
            ],
            className="hk-chart",
        ),
        html.Section(
            [
                html.H3(_("Wat hiertegen spreekt"), className="hk-h3"),
                html.Div(
                    doubts(doubt_lines(hotspot, context, certain, city=city), answered=review_words.answered(hotspot)),
                    id={"type": ids.DOUBTS, "id": hotspot.id},
                ),
            ],
            className="hk-chart",
        ),
        html.Section(
            [
                html.H3(_("Wat dit niet zegt"), className="hk-h3"),
                html.Ul([html.Li(line) for line in messages.unknown(hotspot)], className="hk-list"),
            ],
            className="hk-chart",
        ),
        _made(hotspot, overview),
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


def doubts(sentences: list[str], *, answered: str = "") -> Any:
    """What speaks against the hotspot, a line each; that nothing does is said too. answered: what no longer does."""
    told = (
        [html.Ul([html.Li(sentence) for sentence in sentences], className="hk-list hk-doubts")]
        if sentences
        else [html.P(_("Uit deze cijfers blijkt niets dat hiertegen spreekt."), className="hk-soft")]
    )
    return [*told, html.P(answered, className="hk-soft hk-small")] if answered else told


def second_opinion(found: Agreement | None) -> str:
    """How another method sees it, in a sentence."""
    if found is None:
        return _("Niet gevraagd: daarvoor zijn er te veel meldingen.")
    if found.other < 0:
        return _("HDBSCAN ziet hier geen hotspot.")
    if found.other_n > 2 * found.n:
        return _("HDBSCAN ziet deze plek als deel van een groter geheel van {n} meldingen.", n=number(found.other_n))
    return _("HDBSCAN ziet {share} van de kernmeldingen als dezelfde plek.", share=percent(found.share))


def _made(hotspot: Hotspot, overview: Overview) -> Any:
    """How it was found, behind a fold: for who asks."""
    params = overview.result.params
    pairs = messages.explain(hotspot, eps_m=params.eps_m, min_samples=params.min_samples)
    return html.Details(
        [
            html.Summary(_("Hoe deze hotspot is gevonden")),
            html.Dl([part for pair in pairs[:3] for part in _pair(*pair)], className="hk-facts"),
        ],
        className="hk-fold",
    )


def _section(part: Any) -> Any:
    return html.Section(part) if part is not None else None


def _pair(heading: str, sentence: str) -> list[Any]:
    return [html.Dt(heading), html.Dd(sentence)]
