"""The context of a hotspot in sentences: when, since when, and what is near; every figure beside what it is held against."""

from datetime import date
from typing import Final

from scipy.stats import binom

from dashboard import messages
from dashboard.i18n import N_, _, _n, chance, day, number, percent, weekday_names
from geo.baseline import Near
from geo.calendar import Mark, MarkKind
from geo.context import CityContext, HotspotContext, Quarters, TimeShare
from geo.context_doubts import ALPHA
from geo.darkness import DarkShare
from geo.exposure import Base
from geo.hotspots import Hotspot
from geo.identity import LEAST_PERIODS, Life
from geo.near import Nearby
from geo.trend import Trend

FEW: Final = 5  # known times below which nothing is said about hours
PERCENT_FROM: Final = 20  # below, a share is told in numbers only
NEAR_M: Final = 400.0  # the widest radius there is a baseline for
ROUGH_M: Final = 25.0
WORKING_DAYS: Final = 5

LIFE: Final = {
    Life.PERSISTENT: N_("Aanhoudend: een hotspot in {n} van de {of} kwartalen."),
    Life.EMERGING: N_("Nieuw: een hotspot in {n} van de {of} kwartalen, en alleen de laatste."),
    Life.FORMER: N_("Voorbij: een hotspot in {n} van de {of} kwartalen, maar niet in de laatste."),
    Life.INTERMITTENT: N_("Wisselend: een hotspot in {n} van de {of} kwartalen."),
}
MARKS: Final = {
    MarkKind.CAMPAIGN: N_("campagne ‘{name}’ ({when})"),
    MarkKind.LAW: N_("wetswijziging ‘{name}’ ({when})"),
    MarkKind.APP: N_("app ‘{name}’ ({when})"),
}
BASELINE: Final = {
    (True, Base.LAND): N_("Binnen {m} meter van een school ligt {base} van het land en {share} van alle meldingen."),
    (True, Base.STREETS): N_(
        "Binnen {m} meter van een school ligt {base} van de straten en {share} van alle meldingen."
    ),
    (False, Base.LAND): N_("Binnen {m} meter van een halte ligt {base} van het land en {share} van alle meldingen."),
    (False, Base.STREETS): N_(
        "Binnen {m} meter van een halte ligt {base} van de straten en {share} van alle meldingen."
    ),
}


def time_lines(hotspot: Hotspot, context: HotspotContext, *, city: CityContext) -> list[str]:
    """Hours, days, dark and school time. With few known times only how many there are."""
    known = context.matrix.n_known
    if known < FEW:
        return [
            _("Van {n} van de {of} meldingen is het tijdstip bekend: te weinig om iets over uren te zeggen.",
              n=known, of=number(hotspot.n)),
            *_days_line(hotspot),
        ]  # fmt: skip
    return [
        line
        for line in (
            *_hours_line(hotspot, known),
            *_days_line(hotspot),
            dark_line(context.dark, city=city),
            school_line(hotspot, context.school, city=city),
        )
        if line
    ]


def share(n: int, of: int) -> str:
    """A part in numbers, "4 van de 9", with the percentage once it means something: "31 van de 56 (55%)"."""
    text = _("{n} van de {of}", n=number(n), of=number(of))
    return f"{text} ({percent(n / of)})" if of >= PERCENT_FROM else text


def dark_line(dark: DarkShare | None, *, city: CityContext) -> str:
    """Reports in the dark, beside the dark part of the time and the city's reports; "" when no time is known."""
    if dark is None or city.dark is None:
        return ""
    mine = share(dark.n_dark, dark.n_known)
    if not 0 < dark.hours_share < 1:
        return _("In het donker: {mine}.", mine=mine)
    return _(
        "In het donker: {mine}; in de stad {city}, {difference}. Van de tijd is het {hours} donker.",
        mine=mine,
        city=percent(city.dark.share),
        difference=difference(dark, city.dark.share),
        hours=percent(dark.hours_share),
    )


def school_line(hotspot: Hotspot, school: TimeShare | None, *, city: CityContext) -> str:
    """Reports in school time, where a school is near or the share differs from the city's; else ""."""
    if school is None or city.school is None or not 0 < school.base_share < 1:
        return ""
    near = hotspot.nearest_school is not None and hotspot.nearest_school.metres <= NEAR_M
    if not near and school.low <= city.school.share <= school.high:
        return ""
    said = _(
        "In schooltijd (rond begin en einde van de schooldag): {mine}; in de stad {city}, {difference}.",
        mine=share(school.n, school.n_known),
        city=percent(city.school.share),
        difference=difference(school, city.school.share),
    )
    return f"{said} {holidays}" if (holidays := holiday_line(city)) else said


def holiday_line(city: CityContext) -> str:
    """That school holidays are not known; "" when they are."""
    return "" if city.holidays_known else _("Schoolvakanties niet bekend: elke werkdag telt als schooldag.")


def difference(mine: TimeShare | DarkShare, of_city: float) -> str:
    """Whether a share differs from the city's by more than its 95 % interval."""
    if mine.low > of_city:
        return _("hier aantoonbaar meer")
    return _("hier aantoonbaar minder") if mine.high < of_city else _("geen aantoonbaar verschil")


def busiest_days(weekdays: tuple[int, ...]) -> tuple[tuple[int, ...], int]:
    """Days (0 is Monday) on which more falls than chance over seven days gives, and their reports; () without.

    Tried: Monday to Friday, the weekend, every two successive days. The least likely by chance, where that is 5 % or
    less after counting the nine tries.
    """
    n = sum(weekdays)
    tries = [tuple(range(WORKING_DAYS)), *((d, (d + 1) % 7) for d in range(7))]
    found = min((float(binom.sf(sum(weekdays[d] for d in days) - 1, n, len(days) / 7)), days) for days in tries)
    if n < FEW or found[0] * len(tries) > ALPHA:
        return (), 0
    return found[1], sum(weekdays[d] for d in found[1])


def since_lines(context: HotspotContext) -> list[str]:
    """The kind of life, the first quarter, and whether counts and shares go up or down."""
    quarters = context.quarters
    of = len(quarters.starts)
    if of < LEAST_PERIODS:
        return [
            _n(
                "Er is {n} heel kwartaal: te weinig om te zeggen of dit blijft.",
                "Er zijn {n} hele kwartalen: te weinig om te zeggen of dit blijft.",
                of,
            )
        ]
    if context.life is None or context.since is None:
        return [_("Per kwartaal zijn er te weinig meldingen om te zeggen of dit blijft.")]
    lines = [_(LIFE[context.life], n=sum(quarters.present), of=of)]
    if context.since > quarters.starts[0]:
        lines.append(_("Voor het eerst een hotspot in het {quarter}.", quarter=quarter(context.since)))
    else:
        lines.append(_("Al in het eerste kwartaal van de gegevens ({quarter}).", quarter=quarter(context.since)))
    return [*lines, *trend_lines(context.trend, context.share_trend)]


def trend_lines(trend: Trend | None, shares: Trend | None) -> list[str]:
    """Whether the count per quarter goes up or down, and the share of the city's total with it."""
    if trend is None:
        return []
    if trend.p > ALPHA:
        return [_("Het aantal per kwartaal stijgt of daalt niet aantoonbaar (p {p}).", p=chance(trend.p))]
    counts = (
        _("Het aantal per kwartaal stijgt (p {p}).", p=chance(trend.p))
        if trend.slope > 0
        else _("Het aantal per kwartaal daalt (p {p}).", p=chance(trend.p))
    )
    if shares is None:
        return [counts]
    if shares.p > ALPHA:
        return [counts, _("Het aandeel in de meldingen van de stad verandert niet aantoonbaar.")]
    up = shares.slope > 0
    return [
        counts,
        _("Het aandeel in de meldingen van de stad stijgt ook.")
        if up and trend.slope > 0
        else _("Het aandeel in de meldingen van de stad stijgt.")
        if up
        else _("Het aandeel in de meldingen van de stad daalt."),
    ]


def near_lines(hotspot: Hotspot, *, city: CityContext, told: Nearby | None = None) -> list[str]:
    """The nearest stop and school, each beside how much of the land or street, and of the reports, lies as near.

    told: the one whose distance was told already.
    """
    return [
        line
        for line in (
            near_line(hotspot.nearest_stop, city.near_stops, base=city.near_base, school=False, told=told),
            near_line(hotspot.nearest_school, city.near_schools, base=city.near_base, school=True, told=told),
        )
        if line
    ]


def near_line(
    nearby: Nearby | None, rows: tuple[Near, ...], *, base: Base | None, school: bool, told: Nearby | None = None
) -> str:
    """One feature beside the baseline of the smallest radius that holds it; "" beyond NEAR_M or without a baseline."""
    row = next((r for r in rows if nearby is not None and nearby.metres <= r.radius_m), None)
    if nearby is None or row is None or base is None:
        return ""
    baseline = _(BASELINE[school, base], m=number(row.radius_m), share=_small(row.share), base=_small(row.base_share))
    distance = ""
    if nearby != told:
        distance = (
            _("Tot school {name} is het {m} meter.", name=nearby.name, m=number(nearby.metres))
            if school
            else _("Tot halte {name} is het {m} meter.", name=nearby.name, m=number(nearby.metres))
        )
    rough = nearby.uncertainty_m >= ROUGH_M
    accuracy = _("Die plaats is op {m} meter nauwkeurig.", m=number(nearby.uncertainty_m)) if rough else ""
    return " ".join(part for part in (distance, accuracy, baseline) if part)


def mark_lines(city: CityContext) -> list[str]:
    """What changed reporting in the period, each once; nothing without a calendar."""
    return [_("In deze periode: {mark}.", mark=mark_words(mark)) for mark in city.marks]


def mark_words(mark: Mark) -> str:
    """A line of the calendar by name and days."""
    when = (
        _("vanaf {first}", first=day(mark.start))
        if mark.end is None
        else _("{first} t/m {last}", first=day(mark.start), last=day(mark.end))
    )
    return _(MARKS[mark.kind], name=mark.name, when=when)


def quarter(start: date) -> str:
    """The quarter that begins on a day: "2e kwartaal 2025"."""
    return _("{n}e kwartaal {year}", n=(start.month + 2) // 3, year=start.year)


def quarters_present(quarters: Quarters) -> list[str]:
    """The quarters in which a place was a hotspot, by name."""
    return [quarter(start) for start, there in zip(quarters.starts, quarters.present, strict=True) if there]


def _hours_line(hotspot: Hotspot, known: int) -> list[str]:
    hours = messages.busiest_hours(hotspot.hours)
    if not hours:
        return [_("Geen drie uren springen eruit onder de {n} meldingen met een bekend tijdstip.", n=number(known))]
    return [
        _("Tussen {first} en {last} uur: {share} met een bekend tijdstip.", first=hours[0], last=hours[-1] + 1,
          share=share(sum(hotspot.hours[h] for h in hours), known))
    ]  # fmt: skip


def _days_line(hotspot: Hotspot) -> list[str]:
    days, n = busiest_days(hotspot.weekdays)
    if not days:
        return []
    names = weekday_names("wide")
    both = share(n, sum(hotspot.weekdays))
    if len(days) == WORKING_DAYS:
        return [_("Van {first} t/m {last}: {share}.", first=names[0], last=names[4], share=both)]
    if not all(hotspot.weekdays[d] for d in days):
        [only] = [d for d in days if hotspot.weekdays[d]]
        return [_("Op {day}: {share}.", day=names[only], share=both)]
    return [_("Op {first} en {last}: {share}.", first=names[days[0]], last=names[days[1]], share=both)]


def _small(part: float) -> str:
    """A share with a decimal where a whole percent would say nothing."""
    return percent(part) if part >= 0.02 else f"{number(100 * part, 1)}%"
