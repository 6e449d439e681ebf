"""``hotspotkaart analyse chance``: are the hotspots more than chance; the test of ``hotspots --certainty``."""

import click

from dashboard import messages
from dashboard.commands.analyse.common import Found, Question, find, question, table, tell
from dashboard.console import working
from dashboard.figures import figure, p_value, where
from dashboard.i18n import _, number
from dashboard.services.hotspots import certainty_json
from dashboard.subject import NULLS, check_spread, null_options, weight_for
from geo.certainty import Certainty, assess


@click.command("chance")
@question()
@null_options
def command(asked: Question, *, null: str, weight_name: str, runs: int, seed: int) -> None:
    """Zijn de hotspots meer dan toeval? De toets van hotspots --certainty, per hotspot in een tabel."""
    found = find(asked, what=_("een toets aan toeval"))
    weight = weight_for(found.subject, null, weight_name)
    buurten = found.subject.surroundings.buurten
    check_spread(found.clustered, buurten)
    with working(_("Bezig met toetsen")) as progress:
        tested = assess(
            found.reports,
            found.result,
            buurten=buurten,
            barriers=found.subject.surroundings.barriers,
            null=NULLS[null],
            weight=weight,
            runs=runs,
            seed=seed,
            progress=progress,
        )
    if asked.as_json:
        tell(found.facts() | certainty_json(tested))
    else:
        _show(found, tested)


def _show(found: Found, tested: Certainty) -> None:
    click.echo(messages.chance_outcome(tested))
    by_label = {h.label: h for h in tested.chance.hotspots}
    rows = [
        [
            h.id,
            where(h),
            number(h.n),
            figure(by_label[h.label].expected),
            figure(by_label[h.label].ratio),
            p_value(by_label[h.label].p),
            p_value(by_label[h.label].q),
            _("meer dan toeval") if by_label[h.label].significant else _("kan toeval zijn"),
        ]
        for h in found.result.hotspots
    ]
    if rows:
        told = [_("hotspot"), _("waar"), _("meldingen"), _("verwacht"), _("keer"), "p", "q", _("oordeel")]
        table(told, rows, left=(0, 1, 7))
    click.echo(
        _(
            "Toeval geeft bij deze instellingen gemiddeld {n} clusters per proef; uitgangsgetal {seed}. "
            "p: kans dat toeval ergens in de stad zo’n sterke plek geeft; q: aandeel vals onder wat hier zo sterk is.",
            n=number(tested.chance.clusters_per_run, 2),
            seed=tested.chance.seed,
        )
    )
