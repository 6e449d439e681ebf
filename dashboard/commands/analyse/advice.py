"""``hotspotkaart analyse advice``: which eps and min_samples suit these reports, and what speaks against them."""

from typing import Any, Final

import click
import numpy as np

from dashboard import advice_words as words
from dashboard.commands.analyse.common import (
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
from dashboard.i18n import _, number
from dashboard.services.asking import LEAST
from geo import advice
from geo.advice import Advice

QUANTILES: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


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
    click.echo(words.eps_why(found))
    click.echo(words.min_why(found))
    click.echo(
        _(
            "Binnen {eps} meter liggen door toeval gemiddeld {mu} meldingen (μ).",
            eps=number(found.eps_m),
            mu=number(found.mu, 2),
        )
        + " "
        + words.mu_why(found)
    )
    told = words.warnings(found)
    for warning in told:
        click.echo(_("Let op: {warning}", warning=warning))
    if not told:
        click.echo(_("Niets spreekt tegen deze instelling."))
    _curve(found)


def _curve(found: Advice) -> None:
    tenths = curve(found)
    if not tenths:
        return
    click.echo(words.curve_why(found))
    longest = tenths["90%"] or 1.0  # the last tenth is a few far-off reports
    rows = [[tenth, f"{number(metres)} m", bar(metres / longest)] for tenth, metres in tenths.items()]
    table([_("meldingen"), _("binnen"), ""], rows, left=(2,))
