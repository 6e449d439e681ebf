"""``hotspotkaart analyse life``: since when, and whether hotspots stay, come, go, or return."""

from typing import Any

import click

from dashboard import context_words as words
from dashboard.commands.analyse.common import Found, Question, described, find, question, table, tell
from dashboard.commands.analyse.trend import few_quarters
from dashboard.development_words import LIVES, life
from dashboard.figures import where
from dashboard.i18n import _, _n, number
from dashboard.services.development import ended
from geo.advice import advise
from geo.context import CityContext
from geo.context_quarters import history_of
from geo.identity import LEAST_PERIODS, Track

THERE, NOT_THERE = "■", "·"


@click.command("life")
@question()
def command(asked: Question) -> None:
    """Sinds wanneer bestaat elke hotspot, en is hij aanhoudend, nieuw, wisselend of voorbij."""
    found = find(asked, what=_("het verloop van hotspots"), dated=True)
    city = described(found)
    if len(city.quarters.starts) < LEAST_PERIODS:
        few_quarters(len(city.quarters.starts), LEAST_PERIODS, _("het verloop van hotspots"))
    gone = _gone(found, city)
    if asked.as_json:
        tell(found.facts() | _figures(city, gone))
    else:
        _show(found, city, gone)


def _gone(found: Found, city: CityContext) -> tuple[Track, ...]:
    """Places that were a hotspot in some quarter and are none now."""
    subject = found.subject
    positions = subject.positions(found.reports) if len(subject.buurten) else None
    params = found.result.params
    judged = advise(
        found.reports, positions=positions, eps_m=params.eps_m, surroundings=subject.surroundings, result=found.result
    )
    history = history_of(
        found.reports,
        params=params,
        density_per_m2=judged.density_per_m2,
        n_view=len(found.result.labels),
        around=subject.surroundings,
        end=subject.period.end,
    )
    return ended(history, {h.track for h in city.hotspots})


def _figures(city: CityContext, gone: tuple[Track, ...]) -> dict[str, Any]:
    return {
        "quarters": city.quarters.starts,
        "totals": city.quarters.totals,
        "hotspots": [
            {
                "id": h.id,
                "track": h.track,
                "life": h.life,
                "since": h.since,
                "present": h.quarters.present,
                "counts": h.quarters.counts,
                "shares": h.quarters.shares,
            }
            for h in city.hotspots
        ],
        "elsewhere": [{"track": t.id, "life": t.life, "ids": t.ids, "counts": t.counts} for t in gone],
    }


def _show(found: Found, city: CityContext, gone: tuple[Track, ...]) -> None:
    starts = city.quarters.starts
    click.echo(
        _(
            "{n} kwartalen, van het {first} t/m het {last}; {there} = in dat kwartaal een hotspot.",
            n=len(starts),
            first=words.quarter(starts[0]),
            last=words.quarter(starts[-1]),
            there=THERE,
        )
    )
    rows = []
    for h in found.result.hotspots:
        one = city.of(h.id)
        if one is not None:
            seen = "".join(THERE if there else NOT_THERE for there in one.quarters.present)
            since = words.quarter(one.since) if one.since else ""
            rows.append([h.id, where(h), number(h.n), seen, since, life(one.life)])
    if rows:
        told = [_("hotspot"), _("waar"), _("meldingen"), _("kwartalen"), _("sinds"), _("verloop")]
        table(told, rows, left=(0, 1, 3, 4, 5))
    else:
        click.echo(_("Over de hele periode is er geen hotspot."))
    if gone:
        click.echo(
            _n(
                "{n} plek was in meer kwartalen een hotspot, maar is dat over de hele periode niet:",
                "{n} plekken waren in meer kwartalen een hotspot, maar zijn dat over de hele periode niet:",
                len(gone),
            )
        )
        cells = [
            [
                t.id,
                "".join(THERE if i else NOT_THERE for i in t.ids),
                number(sum(t.counts)),
                life(t.life),
            ]
            for t in gone
        ]
        table([_("plek"), _("kwartalen"), _("meldingen"), _("verloop")], cells, left=(0, 1, 3))
    click.echo(_(LIVES))
