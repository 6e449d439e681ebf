"""``hotspotkaart analyse knox``: are reports that are close in place also close in time."""

import click

from dashboard import answer_words
from dashboard.answer_words import ABOUT
from dashboard.commands.analyse.common import Question, find, question, show, tell
from dashboard.i18n import _
from dashboard.services import asking
from dashboard.services.asking import NEAR_M, SOON_DAYS, Topic
from dashboard.subject import Metres, seed_option


@click.command("knox")
@question()
@click.option(
    "--distance",
    "distance_m",
    type=Metres(),
    default=NEAR_M,
    show_default=True,
    metavar="METER",
    help="Dichtbij: hooguit zo ver.",
)
@click.option(
    "--days",
    type=click.IntRange(1, 365),
    default=SOON_DAYS,
    show_default=True,
    metavar="DAGEN",
    help="Kort erna: hooguit zoveel dagen.",
)
@click.option("--runs", type=click.IntRange(19, 9_999), default=999, show_default=True, help="Aantal proeven.")
@seed_option
def command(asked: Question, *, distance_m: float, days: int, runs: int, seed: int) -> None:
    """Volgt op een melding vaker dan toevallig kort erna een tweede dichtbij (Knox)."""
    found = find(asked, what=_(ABOUT[Topic.KNOX]), dated=True)
    tested = asking.knox(found, distance_m=distance_m, days=days, runs=runs, seed=seed)
    if asked.as_json:
        tell(found.facts() | {"knox": tested})
    else:
        show(answer_words.knox(tested))
