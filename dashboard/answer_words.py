"""Answers to questions beyond hotspots (dashboard.services.asking) in words: plain ones first, the figures behind them.

The page and the command line say the same; so they do when there is no answer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from dashboard import messages
from dashboard.figures import figure, p_value, place_name, where
from dashboard.i18n import N_, _, _n, day, number
from dashboard.i18n import chance as of_chance
from dashboard.services.asking import BurstsFound, Found, MoranFound, PlacesFound, ScanFound, Topic
from dashboard.services.material import (
    NoBuurten,
    NoPlaces,
    OnePoint,
    TooFew,
    TooFewBuurten,
    TooFewInhabitants,
    TooWide,
    Why,
)
from geo.knox import Knox
from geo.nulls import CELL_M
from geo.scan import ScanResult
from geo.windows import WindowResult

ALPHA: Final = 0.05
SHOWN: Final = 20  # rows of a table of places
QUESTIONS: Final = {
    Topic.MORAN: N_("Liggen drukke buurten bij elkaar? (Moran)"),
    Topic.KNOX: N_("Volgt kort op een melding een tweede dichtbij? (Knox)"),
    Topic.SCAN: N_("Waar is het drukker dan toeval toelaat? (scan)"),
    Topic.SPACETIME: N_("Welke plekken zijn kort na elkaar druk? (ruimte en tijd)"),
    Topic.SCHOOLS: N_("Is het bij scholen drukker dan toeval toelaat? (vaste plekken)"),
    Topic.STOPS: N_("Is het bij haltes drukker dan toeval toelaat? (vaste plekken)"),
}
ABOUT: Final = {  # what there must be enough reports for
    Topic.MORAN: N_("een vergelijking van buurten"),
    Topic.KNOX: N_("herhaling in de buurt"),
    Topic.SCAN: N_("een zoektocht met cirkels"),
    Topic.SPACETIME: N_("groepen in plaats en tijd"),
    Topic.SCHOOLS: N_("een toets van plekken"),
    Topic.STOPS: N_("een toets van plekken"),
}
QUADRANTS: Final = {
    "HH": N_("hoog tussen hoog"),
    "LL": N_("laag tussen laag"),
    "HL": N_("hoog tussen laag"),
    "LH": N_("laag tussen hoog"),
}


@dataclass(frozen=True, kw_only=True)
class Table:
    """Figures in rows; columns are to the right but those in ``left``. name: what a screen reader calls it.

    most: rows that are printed; a page, which scrolls, has them all.
    """

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    left: Sequence[int] = (0,)
    most: int | None = None


@dataclass(frozen=True, kw_only=True)
class Said:
    """plain: the answer in one sentence. figures: what it rests on. note: how not to read it.

    against: which chance it was held against, for an answer that a line names together with it. "" for nothing.
    """

    plain: str
    figures: tuple[str | Table, ...]
    against: str = ""
    note: str = ""

    def __iter__(self) -> Iterator[str | Table]:
        """All of it, line by line and table by table."""
        yield f"{self.plain} {self.against}".rstrip()
        yield from self.figures
        if self.note:
            yield self.note


def said(found: Found) -> Said:
    """Any answer, for a page: what it leads to is named as it is named there."""
    chance = f"‘{_('Meer dan toeval?')}’"
    if isinstance(found, MoranFound):
        return moran(found)
    if isinstance(found, Knox):
        return knox(found)
    if isinstance(found, ScanFound):
        return scan(found)
    if isinstance(found, BurstsFound):
        return bursts(found, chance=chance, knox=f"‘{_(QUESTIONS[Topic.KNOX])}’")
    return windows(found, chance=chance)


def moran(found: MoranFound) -> Said:
    """Whether buurten resemble their neighbours, and which stand out with them."""
    whole = found.whole
    unit = _("meldingen per 1.000 inwoners") if found.per == "inhabitants" else _("meldingen per km²")
    if whole.p > ALPHA:
        plain = _("Buurten lijken niet aantoonbaar op hun buren ({unit}).", unit=unit)
    elif whole.i > whole.expected:
        plain = _("Buurten lijken op hun buren: hoog ligt bij hoog en laag bij laag ({unit}).", unit=unit)
    else:
        plain = _("Buurten verschillen juist van hun buren ({unit}).", unit=unit)
    rests = _(
        "Moran’s I = {i}, verwacht {expected} (p {p}, {runs} proeven), over {n} buurten.",
        i=figure(whole.i, 3),
        expected=figure(whole.expected, 3),
        p=of_chance(whole.p),
        runs=number(whole.permutations),
        n=number(whole.n),
    )
    return Said(plain=plain, figures=(rests, _out(found)))


def _out(found: MoranFound) -> str | Table:
    out = found.areas[found.areas["q"] <= ALPHA].sort_values(["quadrant", "q", "name"])
    if out.empty:
        return _("Geen buurt valt aantoonbaar samen met haar buren op (q boven {alpha}).", alpha=number(ALPHA, 2))
    columns = (out[c].tolist() for c in ("name", "n", "value", "i", "q", "quadrant"))
    rows = [
        [str(name), number(n), figure(value), figure(i, 2), p_value(q), _(QUADRANTS[quadrant])]
        for name, n, value, i, q, quadrant in zip(*columns, strict=True)
    ]
    header = [_("buurt"), _("meldingen"), _("cijfer"), "I", "q", _("soort")]
    return Table(name=_("Buurten die met hun buren opvallen"), header=header, rows=rows, left=(0, 5))


def knox(tested: Knox) -> Said:
    """Whether a second report follows soon and near more often than by chance."""
    near = {"days": number(tested.days), "m": number(tested.distance_m)}
    plain = (
        _("Ja: binnen {days} dagen en {m} meter komen vaker twee meldingen voor dan bij toeval.", **near)
        if tested.p <= ALPHA
        else _(
            "Niet aantoonbaar: binnen {days} dagen en {m} meter komen niet vaker twee meldingen voor dan bij toeval.",
            **near,
        )
    )
    figures = [
        _(
            "{observed} paren, verwacht {expected} ({ratio} keer; p {p}, {runs} proeven met verwisselde dagen), "
            "onder {pairs} paren die dichtbij liggen van {n} meldingen.",
            observed=number(tested.observed),
            expected=figure(tested.expected),
            ratio=figure(tested.ratio, 2),
            p=of_chance(tested.p),
            runs=number(tested.permutations),
            pairs=number(tested.n_pairs),
            n=number(tested.n_used),
        )
    ]
    if tested.n_used < tested.n:
        figures.append(
            _(
                "Er zijn zoveel paren dat een willekeurig deel is getoetst: {used} van de {n} meldingen.",
                used=number(tested.n_used),
                n=number(tested.n),
            )
        )
    return Said(plain=plain, figures=tuple(figures))


def scan(found: ScanFound) -> Said:
    """Where circles hold more than chance, and the hotspots with the strongest circle on each."""
    n, tested = len(found.circles), found.tested
    plain = (
        _n("{n} cirkel heeft meer meldingen dan toeval.", "{n} cirkels hebben meer meldingen dan toeval.", n)
        if n
        else _("Geen enkele cirkel heeft aantoonbaar meer meldingen dan toeval.")
    )
    figures: list[str | Table] = [
        _against(tested) + " " + _("p: kans dat toeval ergens in de stad zo’n sterke cirkel geeft.")
    ]
    rows = [
        [place_name(name, w.x, w.y), f"{number(w.radius_m)} m", number(w.n), figure(w.expected), p_value(w.p)]
        for name, w in found.circles[:SHOWN]
    ]
    if rows:
        header = [_("midden in"), _("straal"), _("meldingen"), _("verwacht"), "p"]
        figures.append(Table(name=_("Cirkels met meer meldingen dan toeval"), header=header, rows=rows))
    cells = [[h.id, where(h), number(h.n), p_value(p)] for h, p in found.hotspots]
    if cells:
        title = _("De hotspots, elk bij haar sterkste cirkel:")
        header = [_("hotspot"), _("waar"), _("meldingen"), "p"]
        figures += [title, Table(name=title.removesuffix(":"), header=header, rows=cells, left=(0, 1))]
    return Said(plain=plain, figures=tuple(figures))


def bursts(found: BurstsFound, *, chance: str = "chance", knox: str = "knox") -> Said:
    """The groups in place and time. chance, knox: how those questions are called here."""
    plain = _n("{n} groep", "{n} groepen", len(found.bursts)) + _(
        " van minstens {least} meldingen binnen {eps} meter en {days} dagen.",
        least=found.least,
        eps=number(found.eps_m),
        days=number(found.eps_days),
    )
    rows = [
        [place_name(b.buurt, b.x, b.y), number(b.n), day(b.first), day(b.last), b.hotspot or _("geen")]
        for b in found.bursts
    ]
    header = [_("waar"), _("meldingen"), _("eerste"), _("laatste"), _("in hotspot")]
    return Said(
        plain=plain,
        figures=(Table(name=_("Groepen in plaats en tijd"), header=header, rows=rows, left=(0, 4)),) if rows else (),
        note=_(
            "Een golf zegt dat meldingen in korte tijd kwamen, niet dat het meer dan toeval is; toets dat met {chance} of {knox}.",
            chance=chance,
            knox=knox,
        ),
    )


def windows(found: PlacesFound, *, chance: str = "chance") -> Said:
    """Of places fixed beforehand: which have more than chance. chance: how that question is called here."""
    tested, n, of = found.tested, int(found.tested.significant.sum()), number(len(found.names))
    plain = _n(
        "Op {n} van de {of} plekken zijn meer meldingen dan toeval.",
        "Op {n} van de {of} plekken zijn meer meldingen dan toeval.",
        n,
        of=of,
    )
    order = np.lexsort((-tested.counts, tested.p))
    rows = [
        [
            found.names[i],
            number(tested.counts[i]),
            figure(float(tested.expected[i])),
            p_value(float(tested.p[i])),
            p_value(float(tested.q[i])),
            _("meer dan toeval") if tested.significant[i] else _("kan toeval zijn"),
        ]
        for i in order.tolist()
    ]
    header = [_("plek"), _("meldingen"), _("verwacht"), "p", "q", _("oordeel")]
    return Said(
        plain=plain,
        against=_against(tested),
        figures=(Table(name=_("Toets per plek"), header=header, rows=rows, left=(0, 5), most=SHOWN),),
        note=_(
            "Alleen voor plekken die vooraf vaststonden. Hotspots uit dezelfde meldingen horen bij {chance}: hier zou bijna elk daarvan slagen.",
            chance=chance,
        ),
    )


def _against(tested: ScanResult | WindowResult) -> str:
    runs = number(tested.runs)
    return _("Getoetst tegen {null}, {runs} proeven.", null=messages.null_words(tested), runs=runs)


def too_few(about: str, *, n: int, least: int, left_out: Mapping[str, int] | None = None) -> str:
    """That there are too few reports; about: what for, in words."""
    told = _(
        "Te weinig meldingen voor {what}: {n}, nodig ongeveer {least}. Neem een langere periode.",
        what=about,
        n=number(n),
        least=number(least),
    )
    return " ".join(part for part in (told, messages.left_out(dict(left_out or {}))) if part)


def why_not(why: Why) -> str:
    """Why there is no answer, and what would help."""
    match why:
        case TooFew(within_m=within) if within:
            about = _("herhaling in de buurt (paren binnen {m} meter)", m=number(within))
            return too_few(about, n=why.n, least=why.least)
        case TooFew():
            return too_few(_(ABOUT[Topic(why.topic)]), n=why.n, least=why.least, left_out=why.left_out)
        case OnePoint():
            return _(
                "Alle {n} meldingen liggen op één punt (RD {x}, {y}); over plekken is dan niets te zeggen. "
                "Kijk in het bronsysteem na of dit een standaardpunt is.",
                n=number(why.n),
                x=round(why.x),
                y=round(why.y),
            )
        case TooWide():
            return _(
                "De meldingen liggen verspreid over {wide} bij {tall} kilometer; dat is te wijd voor cellen van {cell} meter. "
                "Geef met --areas de buurten van één gemeente.",
                wide=number(why.wide_m / 1000),
                tall=number(why.tall_m / 1000),
                cell=number(CELL_M),
            )
        case NoBuurten():
            return _(
                "Hiervoor zijn buurten nodig. Lees eerst buurten in: hotspotkaart areas import BESTAND --level buurt, "
                "of geef ze met --areas."
            )
        case _:
            return _why_no_comparison(why)


def _why_no_comparison(why: TooFewBuurten | TooFewInhabitants | NoPlaces) -> str:
    match why:
        case TooFewBuurten():
            return _(
                "Te weinig buurten voor deze vergelijking: nodig zijn er minstens {n} met een cijfer en een buurbuurt, niet "
                "allemaal met hetzelfde cijfer. Probeer --per area.",
                n=why.least,
            )
        case TooFewInhabitants():
            return _(
                "Van te weinig buurten is het aantal inwoners bekend. Neem --per area, of lees buurten met inwoners in."
            )
        case NoPlaces():
            return _(
                "Er zijn geen plekken van de soort {kind}. Lees ze in: hotspotkaart layer import BESTAND --kind {kind}.",
                kind=why.kind,
            )
