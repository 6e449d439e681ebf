"""The figures of a drawn area in the inspector, in words first."""

from math import isfinite
from typing import Any

from dash import html

from dashboard import messages
from dashboard.components import shares
from dashboard.components.charts import hour_chart
from dashboard.components.map_tools import radius_shown
from dashboard.i18n import _, _n, day, number, percent
from dashboard.services.drawn import Drawn


def figures(found: Drawn) -> list[Any]:
    """How many, how many that is for its size, when and of what kind."""
    head = _head(radius_shown(found.shape.radius))
    if not found.n:
        return [
            head,
            html.P(_("In dit gebied ligt geen enkele melding die bij de filters past. Teken ruimer of haal een filter weg."),
                   className="hk-hint"),
        ]  # fmt: skip
    return [
        head,
        html.P(words(found), className="hk-paragraph-plain"),
        hour_chart(found.hours, title=_("Verdeling over de dag"), marked=messages.busiest_hours(found.hours)),
        html.P(unknown, className="hk-soft hk-small") if (unknown := _unknown(found.time_unknown)) else None,
        shares.categories(found.categories, n=found.n),
        html.P(
            _("Een getekend gebied toetst niets: wie om veel meldingen heen tekent, vindt veel meldingen. Een gekozen "
              "wijk of buurt telt hier niet mee; de andere filters wel."),
            className="hk-soft hk-small",
        ),
    ]  # fmt: skip


def refused(sentence: str) -> list[Any]:
    """A shape that cannot be asked about, with the way out."""
    return [_head(_("Getekend gebied")), html.P(sentence, className="hk-warning")]


def words(found: Drawn) -> str:
    """The figures in sentences."""
    first, last = found.period
    said = [
        _n("{n} melding", "{n} meldingen", found.n)
        + (" " + _("van {first} t/m {last}", first=day(first), last=day(last)) if first and last else "")
        + ", "
        + _("{share} van de {all} in de stad.", share=_percent(found.n / found.n_city), all=number(found.n_city))
    ]
    if isfinite(found.rate) and found.land_m2:
        said.append(
            _(
                "Het is {hectare} hectare land, {share} van de stad: {rate} meldingen per km² per jaar (95%: "
                "{low}–{high}), in de hele stad {city}.",
                hectare=number(found.land_m2 / 1e4, 1),
                share=_percent(found.land_share),
                rate=number(found.rate, 0 if found.rate >= 10 else 1),
                low=number(found.low, 0 if found.rate >= 10 else 1),
                high=number(found.high, 0 if found.rate >= 10 else 1),
                city=number(found.city_rate, 0 if found.city_rate >= 10 else 1),
            )
        )
    else:
        said.append(_("Er ligt geen ingelezen buurt in; een dichtheid is er dus niet."))
    return " ".join(said)


def spoken(found: Drawn) -> str:
    """What a screen reader says when an area is drawn."""
    return f"{radius_shown(found.shape.radius)}: {_n('{n} melding', '{n} meldingen', found.n)}."


def _head(title: str) -> Any:
    close = html.Button(_("Gebied weghalen"), className="hk-textbutton hk-shape-close")
    return html.Div([html.H2(title, className="hk-h2", id="drawn-title"), close], className="hk-row hk-between")


def _unknown(n: int) -> str:
    return _n("Van {n} melding is de tijd onbekend.", "Van {n} meldingen is de tijd onbekend.", n) if n else ""


def _percent(share: float) -> str:
    return number(100 * share, 1) + "%" if share < 0.1 else percent(share)
