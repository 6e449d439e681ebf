"""``hotspotkaart analyse time``: when, against how much of the time is dark, school time or night."""

from typing import Final

import click

from dashboard import context_words as words
from dashboard.commands.analyse.common import (
    Found,
    Question,
    enough,
    facts_of,
    question,
    share,
    table,
    tell,
    within_time,
)
from dashboard.console import fail
from dashboard.i18n import N_, _, _n, number, weekday_names
from geo.clock import WeekMatrix
from geo.context import CityContext, HotspotContext, TimeShare
from geo.darkness import DarkShare

PARTS: Final = (("dark", N_("donker")), ("school", N_("schooltijd")), ("night", N_("nacht")))


@click.command("time")
@question()
@click.option("--hotspot", "asked_id", default="", metavar="ID", help="Alleen deze hotspot, naast de hele stad.")
def command(asked: Question, *, asked_id: str) -> None:
    """Wanneer: weekdag en uur, in het donker, in schooltijd en in de nacht, naast hoeveel van de tijd dat is."""
    found, city, one = within_time(asked, asked_id, what=_("een uitspraak over tijd"), least=words.FEW)
    looked_at = one or city
    timed(looked_at.matrix)
    if asked.as_json:
        tell(facts_of(found, one) | _figures(looked_at, city))
    else:
        _show(found, city, one)


def timed(matrix: WeekMatrix) -> None:
    """Too few known times end the command; a longer period is no way out where times are unknown."""
    if matrix.n_known < words.FEW <= matrix.n_known + matrix.n_unknown:
        fail(
            _(
                "Te weinig meldingen met een bekend tijdstip: {n}, nodig ongeveer {least}. Van {unknown} is het onbekend; kijk in het "
                "bestand of de tijd in een kolom tijd staat.",
                n=number(matrix.n_known),
                least=number(words.FEW),
                unknown=number(matrix.n_unknown),
            )
        )
    enough(matrix.n_known, words.FEW, _("een uitspraak over uren"))


def _figures(looked_at: CityContext | HotspotContext, city: CityContext) -> dict[str, object]:
    told: dict[str, object] = {
        "week": looked_at.matrix.values,
        "n_known": looked_at.matrix.n_known,
        "n_unknown": looked_at.matrix.n_unknown,
        "n_spread": looked_at.matrix.n_spread,
        "dark": looked_at.dark,
        "school": looked_at.school,
        "night": looked_at.night,
        "holidays_known": city.holidays_known,
    }
    if looked_at is not city:
        told["city"] = {"dark": city.dark, "school": city.school, "night": city.night}
    return told


def _show(found: Found, city: CityContext, one: HotspotContext | None) -> None:
    looked_at = one or city
    if one:
        for line in words.time_lines(found.hotspot(one.id), one, city=city):
            click.echo(line)
    else:
        click.echo(
            _n("{n} melding met een bekend tijdstip.", "{n} meldingen met een bekend tijdstip.", city.matrix.n_known)
        )
        if holidays := words.holiday_line(city):
            click.echo(holidays)
    if looked_at.matrix.n_unknown:
        click.echo(
            _n(
                "Van {n} melding is het tijdstip onbekend; die staat niet in deze tabel.",
                "Van {n} meldingen is het tijdstip onbekend; die staan niet in deze tabel.",
                looked_at.matrix.n_unknown,
            )
        )
    if looked_at.matrix.n_spread:
        click.echo(
            _n(
                "{n} melding met een tijdvak is over haar uren verdeeld.",
                "{n} meldingen met een tijdvak zijn over hun uren verdeeld.",
                looked_at.matrix.n_spread,
            )
        )
    week(looked_at.matrix)
    header = ["", _("meldingen"), _("aandeel"), _("marge (95%)"), _("van de tijd")]
    rows = [_row(_(name), getattr(looked_at, part)) for part, name in PARTS]
    if one:
        header.append(_("in de stad"))
        rows = [[*row, _of_city(getattr(city, part))] for row, (part, _name) in zip(rows, PARTS, strict=True)]
    table(header, rows)
    click.echo(
        _(
            "Donker: de zon meer dan 6° onder de horizon. Mensen zijn niet elk uur even veel buiten: een lager aandeel dan van de "
            "tijd is gewoon. Vergelijk plekken met de stad."
        )
    )


def _row(name: str, part: TimeShare | DarkShare | None) -> list[str]:
    if part is None:
        return [name, "", "", "", ""]
    n, base = (part.n_dark, part.hours_share) if isinstance(part, DarkShare) else (part.n, part.base_share)
    return [name, number(n), share(part.share), f"{share(part.low)}–{share(part.high)}", share(base)]


def _of_city(part: TimeShare | DarkShare | None) -> str:
    return "" if part is None else share(part.share)


def week(matrix: WeekMatrix) -> None:
    """The weekday × hour matrix as text: whole reports, a point for none, "<1" for parts of reports only."""
    cells = [[_cell(value) for value in row] for row in matrix.values.tolist()]
    table(
        ["", *(f"{hour:02d}" for hour in range(24))],
        [[name, *row] for name, row in zip(weekday_names(), cells, strict=True)],
    )


def _cell(value: float) -> str:
    if value < 1e-9:
        return "·"
    return number(round(value)) if value > 1 - 1e-9 else "<1"
