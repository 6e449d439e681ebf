"""``hotspotkaart analyse density``: where reports lie close together, as a smooth surface. A picture, never a test."""

from pathlib import Path
from typing import Final, Literal

import click
import numpy as np

from dashboard.commands.analyse.common import Question, find, question, table, tell
from dashboard.commands.analyse.grids import Patch, cell_option, cell_side, check_out, grid_over, patches, write_cells
from dashboard.console import fail
from dashboard.figures import figure, place_name
from dashboard.i18n import _, _n, number
from dashboard.subject import Metres
from geo.density import Density, density

Kernel = Literal["gaussian", "quartic"]

HIGH: Final = 0.5  # of the peak: what the table names
SHOWN: Final = 10
ONE: Final = {"gaussian": 1 / (2 * np.pi), "quartic": 3 / np.pi}  # times 1/h²: the peak of one report's kernel


@click.command("density")
@question()
@click.option(
    "--bandwidth",
    "bandwidth_m",
    type=Metres(),
    default=150.0,
    show_default=True,
    metavar="METER",
    help="Hoe ver een melding uitvloeit.",
)
@click.option(
    "--kernel",
    type=click.Choice(["gaussian", "quartic"]),
    default="gaussian",
    show_default=True,
    help="De vorm waarin.",
)
@cell_option
@click.option("--out", type=click.Path(path_type=Path), help="Schrijf de cellen naar .geojson (WGS84) of .gpkg (RD).")
def command(asked: Question, *, bandwidth_m: float, kernel: Kernel, cell_m: int | None, out: Path | None) -> None:
    """Dichtheid van meldingen op een raster: een plaatje, nooit een toets."""
    check_out(out)
    found = find(asked, what=_("een dichtheidskaart"))
    side = cell_side(found, cell_m)
    if bandwidth_m < side:
        fail(
            _(
                "--bandwidth {m}: neem minstens de celmaat, {cell} meter; anders zijn het losse meldingen.",
                m=number(bandwidth_m),
                cell=number(side),
            )
        )
    grid, land = grid_over(found, side)
    bounds = (grid.x0, grid.y0, grid.x0 + (grid.columns - 0.5) * side, grid.y0 + (grid.rows - 0.5) * side)
    made = density(found.x, found.y, bandwidth_m=bandwidth_m, cell_m=side, kernel=kernel, bounds=bounds)
    assert made is not None  # find has seen to it that there are reports
    values = np.where(land, made.values.astype(float), np.nan)
    peak = float(np.nanmax(values))
    with np.errstate(invalid="ignore"):
        high = patches(values >= HIGH * peak, grid, values=values, q=None, found=found)
    written = None
    if out is not None:
        carried = carried_by(values, made)
        k = found.subject.settings.k_screen
        notes = {"kernel": kernel, "bandwidth_m": bandwidth_m, "cell_m": side}
        with np.errstate(invalid="ignore"):
            written = write_cells(out, grid, carried >= k, columns={"per_km2": values}, notes=notes)
    if asked.as_json:
        told = {
            "bandwidth_m": bandwidth_m,
            "kernel": kernel,
            "cell_m": side,
            "rows": grid.rows,
            "columns": grid.columns,
        }
        tell(
            found.facts()
            | told
            | {
                "peak_per_km2": peak,
                "high_from": HIGH * peak,
                "patches": high,
                "cells_written": written,
                "is_test": False,
            }
        )
    else:
        _show(made, high, peak=peak, side=side, water=len(found.subject.buurten) > 0)
        if written is not None:
            click.echo(
                _n("{n} cel geschreven naar {file}.", "{n} cellen geschreven naar {file}.", written, file=out)
                + " "
                + _("Cellen die op minder dan {k} meldingen rusten zijn weggelaten.", k=found.subject.settings.k_screen)
            )


def carried_by(values: np.ndarray, made: Density) -> np.ndarray:
    """How many reports right on the spot would give each cell's value: what it rests on. values: per km²."""
    one = ONE[made.kernel] / made.bandwidth_m**2
    return values / 1e6 / one


def _show(made: Density, high: tuple[Patch, ...], *, peak: float, side: float, water: bool) -> None:
    click.echo(
        _(
            "{n} meldingen, uitgesmeerd over {m} meter ({kernel}), op cellen van {cell} meter. Hoogste dichtheid: {peak} per km².",
            n=number(made.n),
            m=number(made.bandwidth_m),
            kernel=made.kernel,
            cell=number(side),
            peak=number(peak),
        )
    )
    rows = [
        [place_name(p.buurt, p.x, p.y), number(p.n), figure(p.peak, 0), figure(p.area_m2 / 1e4, 1)]
        for p in high[:SHOWN]
    ]
    click.echo(_("Waar de dichtheid minstens de helft daarvan is:"))
    table([_("waar"), _("meldingen"), _("per km²"), _("hectare")], rows)
    click.echo(
        _("Dit is een plaatje en geen toets: ook toeval geeft bergen. Of een plek meer dan toeval is, zegt chance.")
    )
    if not water:
        click.echo(_("Zonder buurten is niet bekend wat water is."))
