"""``hotspotkaart analyse moran``: do neighbouring buurten resemble each other, and which stand out with their neighbours."""

import click

from dashboard import answer_words
from dashboard.commands.analyse.common import Question, asked_reports, facts, not_one_point, question, show, tell
from dashboard.services import asking
from dashboard.subject import seed_option


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
    found = asking.moran(reports, subject.surroundings, per=per, runs=runs, seed=seed)
    if asked.as_json:
        tell(facts(subject, reports) | {"per": found.per, "global": found.whole, "areas": found.areas})
    else:
        show(answer_words.moran(found))
