"""``hotspotkaart analyse spacetime``: bursts, close together in place and in time."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from dashboard.commands.analyse.common import Found, Question, find, question, table, tell
from dashboard.i18n import _, _n, day, number
from geo import advice
from geo.dbscan import NOISE, Clustering, members
from geo.spacetime import st_dbscan
from geo.spans import middle_days


@dataclass(frozen=True, kw_only=True)
class Burst:
    """One group of reports close in place and time. hotspot: the one that most of its core reports are in; "" for none."""

    n: int
    n_core: int
    x: float
    y: float
    first: date
    last: date
    buurt: str
    hotspot: str


@click.command("spacetime")
@question()
@click.option(
    "--days",
    "eps_days",
    type=click.IntRange(1, 365),
    default=14,
    show_default=True,
    metavar="DAGEN",
    help="Buren in de tijd: hooguit zoveel dagen uit elkaar.",
)
def command(asked: Question, *, eps_days: int) -> None:
    """Golven: groepen meldingen die in plaats én tijd bijeen liggen (ST-DBSCAN)."""
    found = find(asked, what=_("groepen in plaats en tijd"), dated=True)
    days = middle_days(found.clustered).astype(np.int64)
    least = asked.min_samples or least_in_time(found, days, eps_days=eps_days)
    made = st_dbscan(
        found.x,
        found.y,
        days.astype(float),
        eps_m=found.result.params.eps_m,
        eps_days=float(eps_days),
        min_samples=least,
        sides=found.sides,
    )
    bursts = bursts_of(found, made, days)
    if asked.as_json:
        told: dict[str, Any] = {"eps_days": eps_days, "min_samples_in_time": least, "bursts": bursts}
        tell(found.facts() | told | {"n_noise": int((made.labels == NOISE).sum())})
    else:
        _show(bursts, eps_m=found.result.params.eps_m, eps_days=eps_days, least=least)


def least_in_time(found: Found, days: NDArray[np.int64], *, eps_days: int) -> int:
    """The Poisson bound of geo.advice, with the background that falls within eps_days of a moment."""
    subject = found.subject
    positions = subject.positions(found.reports) if len(subject.buurten) else None
    judged = advice.advise(
        found.reports,
        positions=positions,
        eps_m=found.result.params.eps_m,
        surroundings=subject.surroundings,
        result=found.result,
    )
    part = min(1.0, (2 * eps_days + 1) / (int(days.max() - days.min()) + 1))
    return advice.min_samples(len(days), density_per_m2=judged.density_per_m2 * part, eps_m=found.result.params.eps_m)


def bursts_of(found: Found, made: Clustering, days: NDArray[np.int64]) -> tuple[Burst, ...]:
    """The groups, most core reports first."""
    names = (
        np.append(found.subject.buurten["name"].to_numpy(object), "") if len(found.subject.buurten) else np.array([""])
    )
    at = found.subject.positions(found.clustered)
    ids = {h.label: h.id for h in found.result.hotspots}
    x, y, labels = found.x, found.y, found.labels
    bursts = []
    for mine in members(made.labels):
        core = mine[made.core[mine]]
        when = days[mine].astype("datetime64[D]")
        bursts.append(
            Burst(
                n=len(mine),
                n_core=len(core),
                x=float(x[core].mean()),
                y=float(y[core].mean()),
                first=when.min().item(),
                last=when.max().item(),
                buurt=str(names[_most(at[core])]),
                hotspot=ids.get(_most(labels[core]), ""),
            )
        )
    return tuple(sorted(bursts, key=lambda b: (-b.n_core, b.first, b.x, b.y)))


def _most(codes: NDArray[np.integer[Any]]) -> int:
    """The commonest code (ties: the lowest); OUTSIDE and NOISE are -1 as well."""
    values, counts = np.unique(codes, return_counts=True)
    return int(values[counts.argmax()])


def _show(bursts: tuple[Burst, ...], *, eps_m: float, eps_days: int, least: int) -> None:
    click.echo(
        _n("{n} groep", "{n} groepen", len(bursts))
        + _(
            " van minstens {least} meldingen binnen {eps} meter en {days} dagen.",
            least=least,
            eps=number(eps_m),
            days=number(eps_days),
        )
    )
    rows = [
        [
            b.buurt or _("rond RD {x}, {y}", x=round(b.x), y=round(b.y)),
            number(b.n),
            day(b.first),
            day(b.last),
            b.hotspot or _("geen"),
        ]
        for b in bursts
    ]
    if rows:
        table([_("waar"), _("meldingen"), _("eerste"), _("laatste"), _("in hotspot")], rows, left=(0, 4))
    click.echo(
        _(
            "Een golf zegt dat meldingen in korte tijd kwamen, niet dat het meer dan toeval is; toets dat met chance of knox."
        )
    )
