"""``hotspotkaart analyse moran``: do neighbouring buurten resemble each other, and which stand out with their neighbours."""

from typing import Final, NamedTuple

import click
import numpy as np
import pandas as pd

from dashboard.commands.analyse.common import (
    Floats,
    Question,
    asked_reports,
    enough,
    facts,
    figure,
    not_one_point,
    p_value,
    question,
    table,
    tell,
)
from dashboard.console import fail
from dashboard.i18n import N_, _, chance, number
from dashboard.subject import Subject, seed_option
from geo import exposure
from geo.join import OUTSIDE
from geo.moran import LEAST_AREAS, GlobalMoran, contiguity, global_moran, local_moran

ALPHA: Final = 0.05
QUADRANTS: Final = {
    "HH": N_("hoog tussen hoog"),
    "LL": N_("laag tussen laag"),
    "HL": N_("hoog tussen laag"),
    "LH": N_("laag tussen hoog"),
}


class PerBuurt(NamedTuple):
    """Reports per buurt, and what is compared: per 1,000 inhabitants or per km²; NaN where there is no figure."""

    per: str
    counts: np.ndarray
    values: Floats


@click.command("moran")
@question(clusters=False)
@click.option(
    "--per",
    type=click.Choice(["inhabitants", "area"]),
    help="Per 1.000 inwoners of per km²; weggelaten: inwoners als ze bekend zijn.",
)
@click.option("--runs", type=click.IntRange(99, 9_999), default=999, show_default=True, help="Aantal proeven.")
@seed_option
def command(asked: Question, *, per: str | None, runs: int, seed: int) -> None:
    """Lijken buurten op hun buren, en welke vallen samen met hun buren op (Moran)."""
    subject, reports = asked_reports(asked, areas=True)
    not_one_point(reports)
    found = per_buurt(subject, reports, per)
    enough(int(found.counts.sum()), LEAST_AREAS, _("een vergelijking van buurten"))
    weights = contiguity(subject.buurten)
    whole = global_moran(found.values, weights, permutations=runs, seed=seed)
    if whole is None:
        fail(
            _(
                "Te weinig buurten voor deze vergelijking: nodig zijn er minstens {n} met een cijfer en een buurbuurt, niet "
                "allemaal met hetzelfde cijfer. Probeer --per area.",
                n=LEAST_AREAS,
            )
        )
    local = local_moran(found.values, weights, permutations=runs, seed=seed)
    local = local.assign(
        code=subject.buurten["code"].to_numpy(),
        name=subject.buurten["name"].to_numpy(),
        n=found.counts,
        value=found.values,
    )
    if asked.as_json:
        tell(facts(subject, reports) | {"per": found.per, "global": whole, "areas": local})
    else:
        _show(whole, local, per=found.per)


def per_buurt(subject: Subject, reports: pd.DataFrame, per: str | None) -> PerBuurt:
    """The figure per buurt; none for water, nor for a buurt with too few inhabitants for a rate."""
    buurten = subject.buurten
    at = subject.positions(reports)
    counts = np.bincount(at[at != OUTSIDE], minlength=len(buurten))
    wet = buurten["water"].to_numpy(bool)
    people = exposure.inhabitants(buurten)
    bears = people.bears & ~wet
    if per == "inhabitants" and int(bears.sum()) < LEAST_AREAS:
        fail(
            _("Van te weinig buurten is het aantal inwoners bekend. Neem --per area, of lees buurten met inwoners in.")
        )
    by_people = per == "inhabitants" or (per is None and int(bears.sum()) >= LEAST_AREAS)
    values = np.full(len(buurten), np.nan)
    used = bears if by_people else ~wet
    divided = people.values / people.scale if by_people else buurten.geometry.area.to_numpy() / 1e6
    values[used] = counts[used] / divided[used]
    return PerBuurt("inhabitants" if by_people else "area", counts, values)


def _show(whole: GlobalMoran, local: pd.DataFrame, *, per: str) -> None:
    unit = _("meldingen per 1.000 inwoners") if per == "inhabitants" else _("meldingen per km²")
    if whole.p > ALPHA:
        said = _("Buurten lijken niet aantoonbaar op hun buren ({unit}).", unit=unit)
    elif whole.i > whole.expected:
        said = _("Buurten lijken op hun buren: hoog ligt bij hoog en laag bij laag ({unit}).", unit=unit)
    else:
        said = _("Buurten verschillen juist van hun buren ({unit}).", unit=unit)
    click.echo(said)
    click.echo(
        _(
            "Moran’s I = {i}, verwacht {expected} (p {p}, {runs} proeven), over {n} buurten.",
            i=figure(whole.i, 3),
            expected=figure(whole.expected, 3),
            p=chance(whole.p),
            runs=number(whole.permutations),
            n=number(whole.n),
        )
    )
    out = local[local["q"] <= ALPHA].sort_values(["quadrant", "q", "name"])
    if out.empty:
        click.echo(_("Geen buurt valt aantoonbaar samen met haar buren op (q boven {alpha}).", alpha=number(ALPHA, 2)))
        return
    columns = (out[c].tolist() for c in ("name", "n", "value", "i", "q", "quadrant"))
    rows = [
        [str(name), number(n), figure(value), figure(i, 2), p_value(q), _(QUADRANTS[quadrant])]
        for name, n, value, i, q, quadrant in zip(*columns, strict=True)
    ]
    table([_("buurt"), _("meldingen"), _("cijfer"), "I", "q", _("soort")], rows, left=(0, 5))
