"""``hotspotkaart analyse scan``: is there a concentration anywhere; circles on cells, however many reports."""

from typing import Final

import click
import numpy as np

from dashboard import messages
from dashboard.commands.analyse.common import Found, Question, figure, find, p_value, question, table, tell, where
from dashboard.commands.analyse.grids import buurt_names, place_name
from dashboard.console import working
from dashboard.i18n import _, _n, number
from dashboard.subject import NULLS, check_spread, null_options, weight_for
from geo.certainty import null_for
from geo.chance import ALPHA
from geo.nulls import Null
from geo.scan import ScanResult, scan
from geo.scan import Window as Circle

SHOWN: Final = 20


@click.command("scan")
@question()
@null_options
def command(asked: Question, *, null: str, weight_name: str, runs: int, seed: int) -> None:
    """Zoek met cirkels de hele stad af naar meer dan toeval; even snel bij een miljoen meldingen."""
    found = find(asked, what=_("een zoektocht met cirkels"))
    against = null_of(found, null, weight_name)
    with working(_("Zoeken")) as progress:
        tested = scan(found.x, found.y, null=against, runs=runs, seed=seed, progress=progress)
    centres = np.array([[w.x, w.y] for w in tested.windows], dtype=float).reshape(-1, 2)
    names = buurt_names(found, centres[:, 0], centres[:, 1])
    per_hotspot = tested.at(found.x, found.y, labels=found.labels)
    if asked.as_json:
        told = {
            "null": tested.null,
            "null_detail": tested.null_detail,
            "runs": tested.runs,
            "seed": tested.seed,
            "alpha": ALPHA,
            "radii_m": tested.radii_m,
            "critical": tested.critical,
            "circles": [{"buurt": name, "circle": w} for name, w in zip(names, tested.windows, strict=True)],
            "hotspots": [{"id": h.id, "p": per_hotspot[h.label]} for h in found.result.hotspots],
        }
        tell(found.facts() | told)
    else:
        _show(found, tested, list(zip(names, tested.windows, strict=True)), [float(p) for p in per_hotspot])


def null_of(found: Found, null: str, weight_name: str) -> Null:
    """The null that is asked for, of the reports of a question."""
    weight = weight_for(found.subject, null, weight_name)
    buurten = found.subject.surroundings.buurten
    check_spread(found.clustered, buurten)
    return null_for(found.x, found.y, buurten, NULLS[null], weight)


def _show(found: Found, tested: ScanResult, circles: list[tuple[str, Circle]], per_hotspot: list[float]) -> None:
    click.echo(
        _n("{n} cirkel heeft meer meldingen dan toeval.", "{n} cirkels hebben meer meldingen dan toeval.", len(circles))
        if circles
        else _("Geen enkele cirkel heeft aantoonbaar meer meldingen dan toeval.")
    )
    click.echo(
        _("Getoetst tegen {null}, {runs} proeven.", null=messages.null_words(tested), runs=number(tested.runs))
        + " "
        + _("p: kans dat toeval ergens in de stad zo’n sterke cirkel geeft.")
    )
    rows = [
        [place_name(name, w.x, w.y), f"{number(w.radius_m)} m", number(w.n), figure(w.expected), p_value(w.p)]
        for name, w in circles[:SHOWN]
    ]
    if rows:
        table([_("midden in"), _("straal"), _("meldingen"), _("verwacht"), "p"], rows)
    cells = [[h.id, where(h), number(h.n), p_value(per_hotspot[h.label])] for h in found.result.hotspots]
    if cells:
        click.echo(_("De hotspots, elk bij haar sterkste cirkel:"))
        table([_("hotspot"), _("waar"), _("meldingen"), "p"], cells, left=(0, 1))
