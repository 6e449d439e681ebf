"""``hotspotkaart analyse knox``: are reports that are close in place also close in time."""

import click
import numpy as np

from dashboard.commands.analyse.common import Question, enough, figure, find, question, tell
from dashboard.i18n import _, chance, number
from dashboard.subject import Metres, seed_option
from geo.knox import LEAST_PAIRS, Knox, knox
from geo.spans import middle_days

ALPHA = 0.05


@click.command("knox")
@question()
@click.option(
    "--distance",
    "distance_m",
    type=Metres(),
    default=100.0,
    show_default=True,
    metavar="METER",
    help="Dichtbij: hooguit zo ver.",
)
@click.option(
    "--days",
    type=click.IntRange(1, 365),
    default=14,
    show_default=True,
    metavar="DAGEN",
    help="Kort erna: hooguit zoveel dagen.",
)
@click.option("--runs", type=click.IntRange(19, 9_999), default=999, show_default=True, help="Aantal proeven.")
@seed_option
def command(asked: Question, *, distance_m: float, days: int, runs: int, seed: int) -> None:
    """Volgt op een melding vaker dan toevallig kort erna een tweede dichtbij (Knox)."""
    found = find(asked, what=_("herhaling in de buurt"), dated=True)
    moments = middle_days(found.clustered).astype(np.int64).astype(float)
    tested = knox(found.x, found.y, moments, distance_m=distance_m, days=days, permutations=runs, seed=seed)
    if tested is None:
        enough(0, LEAST_PAIRS, _("herhaling in de buurt (paren binnen {m} meter)", m=number(distance_m)))
        return
    if asked.as_json:
        tell(found.facts() | {"knox": tested})
    else:
        _show(tested)


def _show(tested: Knox) -> None:
    more = tested.p <= ALPHA
    click.echo(
        _(
            "Ja: binnen {days} dagen en {m} meter komen vaker twee meldingen voor dan bij toeval.",
            days=number(tested.days),
            m=number(tested.distance_m),
        )
        if more
        else _(
            "Niet aantoonbaar: binnen {days} dagen en {m} meter komen niet vaker twee meldingen voor dan bij toeval.",
            days=number(tested.days),
            m=number(tested.distance_m),
        )
    )
    click.echo(
        _(
            "{observed} paren, verwacht {expected} ({ratio} keer; p {p}, {runs} proeven met verwisselde dagen), "
            "onder {pairs} paren die dichtbij liggen van {n} meldingen.",
            observed=number(tested.observed),
            expected=figure(tested.expected),
            ratio=figure(tested.ratio, 2),
            p=chance(tested.p),
            runs=number(tested.permutations),
            pairs=number(tested.n_pairs),
            n=number(tested.n_used),
        )
    )
    if tested.n_used < tested.n:
        click.echo(
            _(
                "Er zijn zoveel paren dat een willekeurig deel is getoetst: {used} van de {n} meldingen.",
                used=number(tested.n_used),
                n=number(tested.n),
            )
        )
