"""``hotspotkaart analyse sweep``: do the hotspots survive other settings, and fewer reports."""

import click
import pandas as pd

from dashboard import messages
from dashboard.commands.analyse.common import Found, Question, find, question, share, table, tell
from dashboard.console import Progress, working
from dashboard.figures import where
from dashboard.i18n import _, _n, number
from dashboard.subject import seed_option
from geo import stability
from geo.stability import Resample, Sweep, strength


@click.command("sweep")
@question()
@seed_option
def command(asked: Question, *, seed: int) -> None:
    """Houden de hotspots stand bij andere instellingen en met een vijfde minder meldingen."""
    found = find(asked, what=_("hotspots"))
    with working(_("Instellingen")) as progress:
        swept, resampled = survive(found, seed=seed, progress=progress)
    if asked.as_json:
        tell(
            found.facts()
            | {
                "sweep": swept.table,
                "resample": {"part": resampled.part, "runs": resampled.runs, "seed": resampled.seed},
                "hotspots": [
                    {
                        "id": h.id,
                        "n": h.n,
                        "settings_share": swept.share[h.label],
                        "resample_share": resampled.share[h.label],
                        "strength": strength(float(swept.share[h.label])),
                    }
                    for h in found.result.hotspots
                ],
            }
        )
    else:
        _show(found, swept, resampled)


def survive(found: Found, *, seed: int, progress: Progress) -> tuple[Sweep, Resample]:
    """The sweep over eps and min_samples, and the resampling, of a clustering."""
    params = found.result.params
    swept = stability.sweep(
        found.x,
        found.y,
        labels=found.labels,
        core=found.core,
        min_samples=params.min_samples,
        sides=found.sides,
        progress=lambda part: progress(part / 2),
    )
    resampled = stability.resample(
        found.x,
        found.y,
        labels=found.labels,
        core=found.core,
        eps_m=params.eps_m,
        min_samples=params.min_samples,
        seed=seed,
        sides=found.sides,
        progress=lambda part: progress(0.5 + part / 2),
    )
    return swept, resampled


def _show(found: Found, swept: Sweep, resampled: Resample) -> None:
    hotspots = found.result.hotspots
    params = found.result.params
    click.echo(
        _n("{n} hotspot", "{n} hotspots", len(hotspots))
        + _(" bij eps {eps} m en minimaal {m} meldingen.", eps=number(params.eps_m), m=params.min_samples)
    )
    if hotspots:
        click.echo(_("Zo vaak bestaat elke hotspot ook elders (vanaf 80% stevig, vanaf 60% redelijk, anders zwak):"))
        rows = [
            [
                h.id,
                where(h),
                number(h.n),
                share(float(swept.share[h.label])),
                share(float(resampled.share[h.label])),
                _(messages.STRENGTH[strength(float(swept.share[h.label]))]),
            ]
            for h in hotspots
        ]
        told = [_("hotspot"), _("waar"), _("meldingen"), _("instellingen"), _("vijfde minder"), _("houdt stand")]
        table(told, rows, left=(0, 1, 5))
    click.echo(_("Aantal hotspots per instelling, met het deel van de meldingen erin:"))
    table(*grid(swept.table))


def grid(settings: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    """The sweep as header and rows: eps down, min_samples across; number of hotspots and share of the reports in them."""
    least = sorted(settings["min_samples"].unique())
    columns = (settings[c].tolist() for c in ("eps_m", "min_samples", "n_hotspots", "share_in_hotspots"))
    cell = {(eps, m): f"{number(n)} ({share(part)})" for eps, m, n, part in zip(*columns, strict=True)}
    header = [_("eps"), *(_("minimaal {m}", m=m) for m in least)]
    distances = settings["eps_m"].unique().tolist()
    return header, [[f"{number(eps)} m", *(cell.get((eps, m), "") for m in least)] for eps in distances]
