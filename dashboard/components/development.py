"""Two periods side by side: the headline figures, the maps, and the table of places with what is sure about them."""

from collections.abc import Sequence
from typing import Any, Final

from dash import html

from dashboard import development_words as words
from dashboard.components.aria import aria
from dashboard.components.development_maps import days, maps
from dashboard.development_state import Per
from dashboard.i18n import _, _n, number, percent
from dashboard.messages import short_name
from dashboard.services.development import Place, SideBySide
from geo.compare import Period, Verdict

SHOWN: Final = 10  # rows before the rest is folded away


def comparison(found: SideBySide, *, source: str, cell_m: int) -> list[Any]:
    """Everything that depends on the two periods."""
    if found.problem:
        return [html.Div(html.P(words.problem(found)), className="hk-notice hk-dev-notice", role="status")]
    told, few = words.too_few(found)
    sure = sum(place.figures.verdict is not Verdict.NO_EVIDENCE for place in told)
    first = told[: max(sure, SHOWN)] if len(told) > SHOWN + 3 else told
    return [
        _headline(found),
        html.Section(
            [html.H2(_("Waar"), className="hk-h2"), maps(found, source=source, cell_m=cell_m)],
            className="hk-dev-section",
        ),
        html.Section(
            [
                html.H2(_("Per buurt") if found.state.per is Per.BUURT else _("Per hotspot"), className="hk-h2"),
                _table(first, found) if told else html.P(_none(found), className="hk-soft"),
                _fold(words.same_words(len(told) - len(first)), told[len(first) :], found),
                _fold(words.few_words(len(few), needed=found.n_needed), few, found, verdicts=False),
                *(html.P(line, className="hk-soft hk-small") for line in words.remarks(found)),
            ],
            className="hk-dev-section",
        ),
    ]


def _headline(found: SideBySide) -> Any:
    one = found.city
    if one is None or found.before is None or found.after is None:
        return None
    cards = [
        _card(_("Eerst"), number(one.before), found.before),
        _card(_("Daarna"), number(one.after), found.after),
    ]
    change = html.Div(
        [
            html.Span(_("Meldingen per dag"), className="hk-figure-label"),
            html.Div(_("× {times}", times=words.times(one.ratio)), className="hk-figure-value"),
            html.Span(_("95%: {interval}", interval=words.between(one.low, one.high)), className="hk-soft hk-small"),
        ]
    )
    return html.Section(
        [
            html.Div([*cards, change], className="hk-dev-figures"),
            html.P(words.of_city(found)),
            html.P(words.differing(found.marks), className="hk-warning") if found.marks else None,
        ],
        className="hk-dev-section",
        **aria(label=_("De stad")),
    )  # fmt: skip


def _card(name: str, value: str, period: Period) -> Any:
    return html.Div(
        [
            html.Span(name, className="hk-figure-label"),
            html.Div(value, className="hk-figure-value"),
            html.Span(f"{words.period(period)} ({days(period)})", className="hk-soft hk-small"),
        ]
    )


def _none(found: SideBySide) -> str:
    if found.places:
        return _("Geen enkele plek heeft genoeg meldingen voor een oordeel.")
    return (
        _("Er zijn geen buurten in de store. Lees ze in met hotspotkaart areas import.")
        if found.state.per is Per.BUURT
        else _("In deze periodes samen is geen hotspot gevonden. Vergelijk de buurten.")
    )


def _fold(name: str, places: Sequence[Place], found: SideBySide, *, verdicts: bool = True) -> Any:
    """Places of which less can be said, folded away: everything on the map is in a table."""
    if not places:
        return None
    table = _table(places, found, name=name, verdicts=verdicts)
    return html.Details([html.Summary(name), table], className="hk-fold")


def _table(places: Sequence[Place], found: SideBySide, *, name: str = "", verdicts: bool = True) -> Any:
    spots = found.state.per is Per.HOTSPOT
    heads = [
        *([("#", "")] if spots else []),
        (_("Waar"), ""),
        (_("Eerst"), "hk-num"),
        (_("Daarna"), "hk-num"),
        *([(_("Keer per dag"), "hk-num"), (_("Keer aandeel"), "hk-num"), ("q", "hk-num")] if verdicts else []),
        *([(_("Hotspot in"), "")] if spots else []),
        *([(_("Aandeel in de stad"), "")] if verdicts else []),
    ]
    label = name or (_("Hotspots in beide periodes") if spots else _("Buurten in beide periodes"))
    return html.Div(
        html.Table(
            [
                html.Thead(html.Tr([html.Th(text, scope="col", className=kind) for text, kind in heads])),
                html.Tbody([_row(place, spots=spots, verdicts=verdicts) for place in places]),
            ],
            className="hk-figures-table hk-dev-table",
        ),
        className="hk-scroll",
        tabIndex=0,
        role="region",
        **aria(label=label),
    )


def _row(place: Place, *, spots: bool, verdicts: bool) -> Any:
    one = place.figures
    sign = words.SIGNS[one.verdict]
    return html.Tr(
        [
            html.Td(html.Span(place.rank, className="hk-rank")) if spots else None,
            html.Th([place.name or _("onbekende buurt"), html.Small(short_name(place.wijk))], scope="row"),
            _counted(one.before, one.share_before),
            _counted(one.after, one.share_after),
            *(
                [
                    _ratio(one.ratio, one.low, one.high),
                    _ratio(one.share_ratio, one.share_low, one.share_high),
                    html.Td(words.chance(one.share_q), className="hk-num"),
                ]
                if verdicts
                else []
            ),
            html.Td(words.there(place.there)) if spots else None,
            html.Td([html.B(f"{sign} ", **aria(hidden="true")) if sign else None, words.verdict(one)],
                    className="hk-dev-sure" if sign else "") if verdicts else None,
        ]
    )  # fmt: skip


def _counted(n: int, share: float) -> Any:
    """A count with its share of the city's total."""
    small = percent(share) if not 0 < share < 0.01 else _("< 1%")
    return html.Td([number(n), html.Small(small)], className="hk-num", title=_n("{n} melding", "{n} meldingen", n))


def _ratio(value: float, low: float, high: float) -> Any:
    """A ratio with its 95 % interval."""
    return html.Td([words.times(value), html.Small(words.between(low, high))], className="hk-num")
