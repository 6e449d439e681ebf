"""``hotspotkaart analyse advice``: which eps and min_samples suit these reports, and what speaks against them."""

from typing import Any, Final

import click
import numpy as np

from dashboard.commands.analyse.common import (
    LEAST,
    Question,
    asked_reports,
    bar,
    cluster,
    enough,
    facts,
    not_one_point,
    plain,
    question,
    table,
    tell,
)
from dashboard.i18n import N_, _, number, percent
from geo import advice
from geo.advice import Advice

QUANTILES: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
WARNINGS: Final = {
    advice.EPS_WIDE: N_("Eps {eps} m is te wijd voor een hele stad: boven {city} m lopen plekken in elkaar over."),
    advice.EPS_NARROW: N_("Eps {eps} m is kleiner dan één adres ({address} m): plaatsen zijn zelden zo precies."),
    advice.MU_HIGH: N_("Binnen {eps} m liggen door toeval al {mu} meldingen; boven {most} ontstaan plekken vanzelf."),
    advice.MU_PERCOLATES: N_(
        "Binnen {eps} m liggen door toeval al {mu} meldingen; rond {chains} rijgt toeval de hele stad aaneen."
    ),
    advice.LARGEST_SWALLOWS: N_(
        "De grootste hotspot bevat {share} van de meldingen en is {metres} m lang: dat is niet één plek. Neem eps kleiner."
    ),
    advice.LARGEST_CHAIN: N_(
        "De grootste hotspot is {metres} m lang en rijgt waarschijnlijk meerdere plekken aaneen. Neem eps kleiner."
    ),
    advice.TOO_FEW: N_("Met {n} meldingen kan geen hotspot ontstaan: daarvoor zijn er {least} binnen eps nodig."),
}


@click.command("advice")
@question()
def command(asked: Question) -> None:
    """Welke afstand (eps) en welk minimum passen bij deze meldingen, en wat spreekt ertegen."""
    subject, reports = asked_reports(asked)
    not_one_point(reports)
    result = None if asked.min_samples is None else cluster(subject, reports, asked).result
    found = advice.advise(
        reports,
        positions=subject.positions(reports) if len(subject.buurten) else None,
        eps_m=result.params.eps_m if result else asked.eps_m,
        surroundings=subject.surroundings,
        result=result,
    )
    enough(found.n, LEAST, _("een advies"))
    if asked.as_json:
        tell(facts(subject, reports) | _figures(found))
    else:
        _show(found, asked.min_samples)


def _figures(found: Advice) -> dict[str, Any]:
    told: dict[str, Any] = plain(found)
    return told | {"k_distances": curve(found)}


def curve(found: Advice) -> dict[str, float]:
    """The k-distance curve at its tenths: "50%" is the distance that half of the reports stay below."""
    if not len(found.k_distances):
        return {}
    at = np.quantile(found.k_distances, QUANTILES)
    return {f"{round(100 * q)}%": float(metres) for q, metres in zip(QUANTILES, at, strict=True)}


def warnings(found: Advice) -> list[str]:
    """What speaks against the setting, each with the figure it rests on."""
    figures = {
        "eps": number(found.eps_m),
        "city": number(advice.CITY_M),
        "address": number(advice.ADDRESS_M[0]),
        "mu": number(found.mu, 1),
        "most": number(advice.MU_MOST),
        "chains": number(advice.MU_CHAINS, 1),
        "share": percent(found.largest_share),
        "metres": number(found.largest_m),
        "n": number(found.n),
        "least": number(found.min_samples),
    }
    return [_(WARNINGS[code], **figures) for code in found.warnings]


def _show(found: Advice, chosen: int | None) -> None:
    click.echo(
        _(
            "Advies voor {n} meldingen: eps {eps} m en minimaal {m} meldingen.",
            n=number(found.n),
            eps=number(found.advised_eps_m),
            m=found.min_samples,
        )
        if found.eps_m == found.advised_eps_m
        else _(
            "Advies voor {n} meldingen: eps {eps} m; bij eps {asked} m hoort minimaal {m} meldingen.",
            n=number(found.n),
            eps=number(found.advised_eps_m),
            asked=number(found.eps_m),
            m=found.min_samples,
        )
    )
    if chosen is not None:
        click.echo(_("Beoordeeld met minimaal {m} meldingen.", m=chosen))
    click.echo(
        _(
            "Waarom deze afstand: {low}–{high} m is één adres, {square} m een plein of een stuk straat; "
            "over een hele stad nooit meer dan {city} m.",
            low=number(advice.ADDRESS_M[0]),
            high=number(advice.ADDRESS_M[1]),
            square=number(advice.SQUARE_M),
            city=number(advice.CITY_M),
        )
    )
    click.echo(
        _(
            "Waarom dit minimum: binnen {eps} m liggen door toeval gemiddeld {mu} meldingen (μ); "
            "met minimaal {m} geeft toeval hooguit één kernmelding in de hele stad.",
            eps=number(found.eps_m),
            mu=number(found.mu, 2),
            m=found.min_samples,
        )
    )
    told = warnings(found)
    for sentence in told:
        click.echo(_("Let op: {warning}", warning=sentence))
    if not told:
        click.echo(_("Niets spreekt tegen deze instelling."))
    _curve(found)


def _curve(found: Advice) -> None:
    tenths = curve(found)
    if not tenths:
        return
    click.echo(
        _(
            "Afstand tot melding nummer {k}, zichzelf als eerste; ter informatie, het advies volgt de knik niet:",
            k=found.min_samples,
        )
    )
    longest = tenths["90%"] or 1.0  # the last tenth is a few far-off reports
    rows = [[tenth, f"{number(metres)} m", bar(metres / longest)] for tenth, metres in tenths.items()]
    table([_("meldingen"), _("binnen"), ""], rows, left=(2,))
    if found.knee_m is not None:
        click.echo(_("De knik van deze lijn ligt bij {m} m.", m=number(found.knee_m)))
