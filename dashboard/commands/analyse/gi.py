"""``hotspotkaart analyse gi``: which cells, with their surroundings, hold more reports than the land's average (Gi*)."""

from typing import Final

import click
import numpy as np

from dashboard.commands.analyse.common import Question, find, question, table, tell
from dashboard.commands.analyse.grids import Patch, cell_option, cell_side, grid_over, patches
from dashboard.console import fail
from dashboard.figures import figure, p_value, place_name
from dashboard.i18n import _, _n, number
from dashboard.subject import Metres, seed_option
from geo.getis import LEAST_CELLS, GiStar, gi_star

ALPHA: Final = 0.05


@click.command("gi")
@question()
@cell_option
@click.option(
    "--reach",
    "reach_m",
    type=Metres(),
    default=125.0,
    show_default=True,
    metavar="METER",
    help="Tot hoe ver cellen buren zijn.",
)
@click.option("--runs", type=click.IntRange(99, 999), default=199, show_default=True, help="Aantal proeven.")
@seed_option
def command(asked: Question, *, cell_m: int | None, reach_m: float, runs: int, seed: int) -> None:
    """Welke cellen hebben met hun omgeving meer meldingen dan gemiddeld (Gi*, vals aandeel beheerst, zonder water)."""
    found = find(asked, what=_("een toets op cellen"))
    side = cell_side(found, cell_m)
    grid, land = grid_over(found, side)
    n_land = int(land.sum())
    if n_land < LEAST_CELLS:
        fail(
            _(
                "Er zijn {n} cellen land en nodig zijn er minstens {least}. Neem kleinere cellen of een groter gebied.",
                n=n_land,
                least=LEAST_CELLS,
            )
        )
    tested = gi_star(
        grid.counts(found.x, found.y), land=land, reach_cells=max(reach_m / side, 1.0), permutations=runs, seed=seed
    )
    with np.errstate(invalid="ignore"):
        chosen = tested.q <= ALPHA
    out = patches(chosen, grid, values=tested.z, q=tested.q, found=found)
    if asked.as_json:
        told = {"cell_m": side, "reach_m": reach_m, "runs": runs, "seed": seed, "cells": tested.n_cells, "alpha": ALPHA}
        tell(found.facts() | told | {"significant_cells": int(chosen.sum()), "patches": out})
    else:
        _show(tested, out, cells=int(chosen.sum()), side=side, reach_m=reach_m)


def _show(tested: GiStar, out: tuple[Patch, ...], *, cells: int, side: float, reach_m: float) -> None:
    click.echo(
        _n(
            "{n} cel van {side} meter heeft met de omgeving (tot {reach} meter) aantoonbaar meer meldingen dan gemiddeld.",
            "{n} cellen van {side} meter hebben met hun omgeving (tot {reach} meter) aantoonbaar meer meldingen dan gemiddeld.",
            cells,
            side=number(side),
            reach=number(reach_m),
        )
    )
    rows = [
        [place_name(p.buurt, p.x, p.y), number(p.n), figure(p.area_m2 / 1e4), figure(p.peak), p_value(p.q)] for p in out
    ]
    if rows:
        table([_("waar"), _("meldingen"), _("hectare"), "z", "q"], rows)
    click.echo(
        _(
            "Getoetst op {n} cellen land met {runs} verwisselingen, vals aandeel hooguit {alpha}; cellen zonder meldingen "
            "tellen mee, water niet. Dit vergelijkt met het gemiddelde van het land: waar veel mensen zijn, valt een cel ook op.",
            n=number(tested.n_cells),
            runs=number(tested.permutations),
            alpha=number(ALPHA, 2),
        )
    )
