"""What the page Ontwikkeling says in sentences: why two periods are not compared, verdicts, lives, and trends in figures."""

from collections.abc import Sequence
from typing import Final

from dashboard import context_words
from dashboard.i18n import N_, _, _n, day, number
from dashboard.services.development import Place, Problem, SideBySide
from geo import compare
from geo.calendar import Mark, MarkKind
from geo.compare import Comparison, Period, Verdict
from geo.identity import Life
from geo.trend import Trend

VERDICTS: Final = {
    Verdict.RISE: N_("meer dan de rest"),
    Verdict.FALL: N_("minder dan de rest"),
    Verdict.NO_EVIDENCE: N_("niet aantoonbaar anders"),
}
LIFE: Final = {
    Life.PERSISTENT: N_("aanhoudend"),
    Life.EMERGING: N_("nieuw"),
    Life.FORMER: N_("voorbij"),
    Life.INTERMITTENT: N_("wisselend"),
}
LIVES: Final = N_(
    "Aanhoudend: in minstens 80% van de kwartalen; nieuw: alleen in de laatste 20%; voorbij: niet in de laatste 20%."
)
REPORTING: Final = N_("Dit gaat over melden: meer meldingen is niet hetzelfde als meer voorvallen.")
SIGNS: Final = {Verdict.RISE: "▲", Verdict.FALL: "▼", Verdict.NO_EVIDENCE: ""}
NO_FIGURE: Final = "–"


def problem(found: SideBySide) -> str:
    """Why the periods are not compared, and what to do; "" when they are."""
    span = {"first": day(found.first), "last": day(found.last)} if found.first and found.last else {}
    before, after = (period(one) if one else "" for one in (found.before, found.after))
    said = {
        Problem.NO_REPORTS: _("Er zijn nog geen meldingen met een datum. Lees eerst een bestand in."),
        Problem.SHORT: _("De meldingen beslaan maar één dag; er zijn geen twee periodes om te vergelijken."),
        Problem.BACKWARDS: _(
            "De eerste periode ({before}) ligt na de tweede ({after}). Wissel ze om.", before=before, after=after
        ),
        Problem.OVERLAP: _(
            "De periodes overlappen: {before} en {after}. Kies dagen die maar in één van beide vallen.",
            before=before,
            after=after,
        ),
        Problem.NOTHING_BEFORE: _nothing(before, span),
        Problem.NOTHING_AFTER: _nothing(after, span),
        Problem.TOO_FEW: _(
            "Te weinig meldingen voor een vergelijking: in beide periodes samen zijn er minstens {n} nodig. Kies langere periodes.",
            n=number(found.n_needed),
        ),
    }
    return said[found.problem] if found.problem else ""


def period(found: Period) -> str:
    """First and last day."""
    return _("{start} t/m {end}", start=day(found.start), end=day(found.end))


def times(value: float) -> str:
    """A ratio: "1,24"; a dash where there is none."""
    return number(value, 2) if 0 <= value < float("inf") else NO_FIGURE


def between(low: float, high: float) -> str:
    """A 95 % interval: "0,83–1,09"; open where it has no upper end."""
    if not low < float("inf"):
        return NO_FIGURE
    return f"{number(low, 2)}–{number(high, 2)}" if high < float("inf") else _("vanaf {low}", low=number(low, 2))


def chance(value: float) -> str:
    """A p or q: three decimals, never 0; a dash where there is none."""
    if not 0 <= value <= 1:
        return NO_FIGURE
    return number(value, 3) if value >= 0.001 else "< " + number(0.001, 3)


def verdict(found: Comparison) -> str:
    """What the share test says of one place."""
    if compare.WITH_THE_CITY in found.remarks:
        return _("verandert met de stad mee")
    return _(VERDICTS[found.verdict])


def of_city(found: SideBySide) -> str:
    """Whether the city's reports per day differ, in one sentence."""
    if found.city is None:
        return ""
    one = found.city
    figures = {"times": times(one.ratio), "low": number(one.low, 2), "high": number(one.high, 2)}
    if one.p > compare.ALPHA:
        return _(
            "Per dag is het aantal meldingen in de stad {times} keer dat van de eerste periode (95%: {low} tot {high}): niet aantoonbaar anders.",
            **figures,
        )
    return (
        _(
            "Per dag is het aantal meldingen in de stad {times} keer dat van de eerste periode (95%: {low} tot {high}): aantoonbaar meer.",
            **figures,
        )
        if one.ratio > 1
        else _(
            "Per dag is het aantal meldingen in de stad {times} keer dat van de eerste periode (95%: {low} tot {high}): aantoonbaar minder.",
            **figures,
        )
    )


def differing(marks: Sequence[Mark]) -> str:
    """What changed reporting in one period and not in the other."""
    all_ = "; ".join(mark_words(mark) for mark in marks)
    return _("In maar één van beide periodes, en dus van invloed op hoeveel er is gemeld: {all}.", all=all_)


def remarks(found: SideBySide) -> list[str]:
    """What must be said beside the table: what nothing proves, and what falls by itself."""
    changed = any(one.figures.verdict is not Verdict.NO_EVIDENCE for one in found.places)
    nothing = _("Nergens is het aandeel in de stad aantoonbaar veranderd; dat is iets anders dan: er veranderde niets.")
    return [
        *([] if changed else [nothing]),
        _(REPORTING) + " " + _("Het oordeel gaat daarom over het aandeel in de stad (q, vals alarm meegerekend)."),
        _(
            "Wat is uitgekozen omdat het hoog was, daalt vanzelf (terugkeer naar het gemiddelde): ook zonder maatregel. "
            "Kies plekken niet op hun hoogste periode."
        ),
    ]


def too_few(found: SideBySide) -> tuple[list[Place], list[Place]]:
    """The places of the table that can prove something, least likely by chance first; and those with too few reports."""
    places = sorted(found.places, key=lambda p: (p.figures.share_p, -p.figures.before - p.figures.after, p.name))
    few = [p for p in places if compare.TOO_FEW in p.figures.remarks]
    return [p for p in places if compare.TOO_FEW not in p.figures.remarks], few


def same_words(n: int) -> str:
    """That more places differ in nothing that can be shown."""
    return _n(
        "Nog {n} plek zonder aantoonbaar verschil met de rest van de stad",
        "Nog {n} plekken zonder aantoonbaar verschil met de rest van de stad",
        n,
    )


def few_words(n: int, *, needed: int) -> str:
    """That places have too few reports for a verdict."""
    return _n(
        "Nog {n} plek: met minder dan {least} meldingen in beide periodes samen is niets aantoonbaar.",
        "Nog {n} plekken: met minder dan {least} meldingen in beide periodes samen is niets aantoonbaar.",
        n,
        least=number(needed),
    )


def there(seen: tuple[bool, bool]) -> str:
    """In which period a place is a hotspot by itself."""
    return {
        (True, True): _("beide"),
        (True, False): _("alleen eerst"),
        (False, True): _("alleen daarna"),
        (False, False): _("alleen samen"),
    }[seen]


def life(found: Life | None) -> str:
    """What kind of life a hotspot leads."""
    return _(LIFE[found]) if found else _("te weinig")


def mark_words(mark: Mark) -> str:
    """A line of the calendar by name and days, holidays too."""
    if mark.kind is not MarkKind.HOLIDAY:
        return context_words.mark_words(mark)
    days = day(mark.start) if mark.end in (None, mark.start) else f"{day(mark.start)} – {day(mark.end or mark.start)}"
    return f"{mark.name} ({days})"


def trend_figures(name: str, trend: Trend, *, scale: float, unit: str) -> str:
    """Mann–Kendall's test and Sen's slope in one line. scale: 100 for shares."""
    return _(
        "{name}: Mann-Kendall S = {s}, p = {p}; helling volgens Sen {slope} {unit} (95%: {low} tot {high}), {n} kwartalen.",
        name=name,
        s=trend.s,
        p=chance(trend.p),
        slope=number(scale * trend.slope, 2),
        unit=unit,
        low=number(scale * trend.slope_low, 2),
        high=number(scale * trend.slope_high, 2),
        n=trend.n,
    )


def _nothing(asked: str, span: dict[str, str]) -> str:
    return (
        _("Er zijn geen meldingen van {period}. Ze lopen van {first} t/m {last}.", period=asked, **span) if span else ""
    )
