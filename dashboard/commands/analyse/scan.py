"""``hotspotkaart analyse scan``: is there a concentration anywhere; circles on cells, however many reports."""

import click

from dashboard import answer_words
from dashboard.answer_words import ABOUT
from dashboard.commands.analyse.common import Found, Question, find, question, show, tell
from dashboard.console import working
from dashboard.i18n import _
from dashboard.services import asking
from dashboard.services.asking import Topic
from dashboard.subject import NULLS, null_options, weight_for
from geo.chance import ALPHA
from geo.nulls import Null


@click.command("scan")
@question()
@null_options
def command(asked: Question, *, null: str, weight_name: str, runs: int, seed: int) -> None:
    """Zoek met cirkels de hele stad af naar meer dan toeval; even snel bij een miljoen meldingen."""
    found = find(asked, what=_(ABOUT[Topic.SCAN]))
    against = null_of(found, null, weight_name)
    with working(_("Zoeken")) as progress:
        answer = asking.scan(found, against, runs=runs, seed=seed, progress=progress)
    tested = answer.tested
    if asked.as_json:
        told = {
            "null": tested.null,
            "null_detail": tested.null_detail,
            "runs": tested.runs,
            "seed": tested.seed,
            "alpha": ALPHA,
            "radii_m": tested.radii_m,
            "critical": tested.critical,
            "circles": [{"buurt": name, "circle": w} for name, w in answer.circles],
            "hotspots": [{"id": h.id, "p": p} for h, p in answer.hotspots],
        }
        tell(found.facts() | told)
    else:
        show(answer_words.scan(answer))


def null_of(found: Found, null: str, weight_name: str) -> Null:
    """The null that is asked for, of the reports of a question."""
    return asking.null_of(found, NULLS[null], weight_for(found.subject, null, weight_name))
