"""``hotspotkaart analyse spacetime``: bursts, close together in place and in time."""

import click

from dashboard import answer_words
from dashboard.answer_words import ABOUT
from dashboard.commands.analyse.common import Question, find, question, show, tell
from dashboard.i18n import _
from dashboard.services import asking
from dashboard.services.asking import SOON_DAYS, Topic


@click.command("spacetime")
@question()
@click.option(
    "--days",
    "eps_days",
    type=click.IntRange(1, 365),
    default=SOON_DAYS,
    show_default=True,
    metavar="DAGEN",
    help="Buren in de tijd: hooguit zoveel dagen uit elkaar.",
)
def command(asked: Question, *, eps_days: int) -> None:
    """Golven: groepen meldingen die in plaats én tijd bijeen liggen (ST-DBSCAN)."""
    found = find(asked, what=_(ABOUT[Topic.SPACETIME]), dated=True)
    answer = asking.spacetime(found, eps_days=eps_days, min_samples=asked.min_samples)
    if asked.as_json:
        told = {"eps_days": eps_days, "min_samples_in_time": answer.least, "bursts": answer.bursts}
        tell(found.facts() | told | {"n_noise": answer.n_noise})
    else:
        show(answer_words.bursts(answer))
