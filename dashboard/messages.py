"""Codes → sentences: why a row or file was not taken and what to do about it, and why reports are not clustered.

Dutch sentences are message ids; ``_`` translates them. A test holds that every reason for quarantine has a way out.
"""

from collections.abc import Callable
from typing import Final, Protocol

from dashboard.i18n import N_, _, _n, chance, day, number, percent
from data.importing import ImportResult
from data.reasons import Explained, Outcome
from data.sources.table import RowProblem
from geo.certainty import Certainty, HotspotCertainty
from geo.chance import Method
from geo.chance import Outcome as ChanceOutcome
from geo.hotspots import Hotspot
from geo.marks import MARK_CHAIN
from geo.nulls import NullKind
from geo.rates import Per
from geo.stability import Strength
from layers.build import CBS_PREFIX

OUTCOMES: Final = {
    Outcome.REJECT: N_("Bestand geweigerd"),
    Outcome.QUARANTINE: N_("In quarantaine"),
    Outcome.FLAG: N_("Overgenomen, met kanttekening"),
    Outcome.NORMALISE: N_("Overgenomen, omgezet"),
    Outcome.DUPLICATE: N_("Dubbel"),
    Outcome.WITHDRAWN: N_("Ingetrokken"),
}

_ADD_ID = N_("Vul het kenmerk van de melding in en lever het bestand opnieuw aan.")
_PLACE = N_("Zoek de plek op in het bronsysteem en vul lat/lon of x/y in.")
_DATE = N_("Schrijf de datum als dag-maand-jaar, bijvoorbeeld 03-04-2025.")
_RECORD = N_("Herstel deze regel in het bronsysteem en exporteer opnieuw; de andere regels zijn wel gelezen.")

WAY_OUT: Final[dict[str, str]] = {
    "missing_id": _ADD_ID,
    "missing_place": _PLACE,
    "unreadable_place": N_("Schrijf graden met één komma of punt (51,8133) of hele RD-meters (105000)."),
    "default_place": _PLACE,
    "swapped_place": N_("Wissel de twee coördinaten van deze rij om."),
    "outside_netherlands": N_("Controleer de coördinaten; is het stelsel wel WGS84 of RD?"),
    "outside_municipality": N_("Klopt de plek, dan hoort de melding bij een andere gemeente."),
    "missing_date": N_("Vul de dag van het voorval in."),
    "unreadable_date": _DATE,
    "unreadable_until": N_("Schrijf het einde als uur:minuut, of maak de cel leeg."),
    "until_before": N_("Kijk begin en einde na in het bronsysteem; misschien zijn ze verwisseld."),
    "unreadable_time": N_("Schrijf de tijd als uur:minuut, of laat haar leeg als ze onbekend is."),
    "nonexistent_time": N_("Vul het uur ervoor of erna in, of laat de tijd leeg."),
    "future_date": N_("Controleer dag en jaar."),
    "default_date": N_("Vul de echte dag van het voorval in."),
    "too_old": N_("Meldingen ouder dan de bewaartermijn mogen niet worden bewaard; haal ze uit het bestand."),
    "unknown_category": N_("Kies een bekende soort."),
    "text_too_long": N_("Kort de tekst in."),
    "nul_character": N_("Haal het onleesbare teken uit de cel."),
    "undecodable": N_("Sla het hele bestand op als CSV UTF-8."),
    "broken_quote": _RECORD,
    "too_few_fields": _RECORD,
    "too_many_fields": _RECORD,
    "cell_too_large": N_("Kort de cel in."),
    "above_header": N_("Zet de regel onder de kolomnamen."),
    "cell_error": N_("Herstel de formule of typ de waarde in."),
    "formula_without_value": N_("Open het bestand in Excel, sla het op en lever het opnieuw aan."),
    "too_far_right": N_("Verplaats de cel naar een kolom met een naam."),
    "no_point": N_("Geef de melding een punt als geometrie."),
    "not_a_feature": N_("Exporteer opnieuw als FeatureCollection van punten."),
}

NOTHING_TO_SHOW: Final[dict[str, str]] = {  # of a cell that is empty: no brackets around nothing
    "time_unknown": N_("Tijd onbekend: de dag telt mee, het uur niet."),
}

LEFT_OUT: Final[dict[str, Callable[[int], str]]] = {
    "no_place": lambda n: _n("{n} melding zonder plaats", "{n} meldingen zonder plaats", n),
    "coarse_place": lambda n: _n("{n} melding met een te grove plaats", "{n} meldingen met een te grove plaats", n),
    "lattice": lambda n: _n("{n} melding op een afgeronde plaats", "{n} meldingen op een afgeronde plaats", n),
    "default_point": lambda n: _n("{n} melding op een standaardpunt", "{n} meldingen op een standaardpunt", n),
    "near_border": lambda n: _n("{n} melding net buiten de gemeente", "{n} meldingen net buiten de gemeente", n),
    "test_text": lambda n: _n("{n} proefmelding", "{n} proefmeldingen", n),
    "flood": lambda n: _n("{n} melding uit een stortvloed", "{n} meldingen uit een stortvloed", n),
    "probable_duplicate": lambda n: _n("{n} waarschijnlijk dubbele melding", "{n} waarschijnlijk dubbele meldingen", n),
}


def refused(error: Explained) -> str:
    """Why a whole file was not taken, with the way out that its sentence names."""
    return _(error.sentence, **error.fields)


def problem(found: RowProblem) -> str:
    """What is wrong with a row."""
    if not found.value and (sentence := NOTHING_TO_SHOW.get(found.reason.code)):
        return _(sentence)
    return _(found.reason.sentence, value=found.value, column=found.column, row=found.row)


def way_out(found: RowProblem) -> str:
    """What to do about a row; "" when nothing needs doing."""
    sentence = WAY_OUT.get(found.reason.code) if found.reason.outcome is Outcome.QUARANTINE else None
    return _(sentence) if sentence else ""


def outcome(found: RowProblem) -> str:
    """What happened to a row."""
    return _(OUTCOMES[found.reason.outcome])


def invariant(counts: ImportResult) -> str:
    """The sum that holds for every import, in words."""
    return _(
        "{read} gelezen = {accepted} overgenomen + {quarantined} in quarantaine + {duplicates} dubbel + "
        "{withdrawn} ingetrokken",
        read=number(counts.read),
        accepted=number(counts.accepted),
        quarantined=number(counts.quarantined),
        duplicates=number(counts.duplicates),
        withdrawn=number(counts.withdrawn),
    )


def left_out(counts: dict[str, int]) -> str:
    """Which reports count in their buurt but cannot be part of a hotspot; "" when there are none."""
    parts = [say(counts[code]) for code, say in LEFT_OUT.items() if counts.get(code)]
    if not parts:
        return ""
    return _("Niet in hotspots, wel geteld: {parts}.", parts=_and(parts))


def hotspot_tip(hotspot: Hotspot) -> str:
    """A hotspot in a few lines: place, number, busiest hours."""
    lines = [
        f"{hotspot.rank}. {place(hotspot)}",
        _n("{n} melding", "{n} meldingen", hotspot.n),
        _("vooral {hours} uur", hours=hours) if (hours := busiest(hotspot.hours)) else "",
    ]
    return "\n".join(line for line in lines if line)


def place(hotspot: Hotspot) -> str:
    """Where a hotspot is, in as few words as identify it."""
    return hotspot.buurt_name or short_name(hotspot.wijk_name) or _("buiten de buurten")


def short_name(name: str) -> str:
    """A wijk's name without the number that CBS puts before it."""
    return CBS_PREFIX.sub("", name)


def busiest_hours(hours: tuple[int, ...], width: int = 3) -> tuple[int, ...]:
    """The stretch of ``width`` hours (past midnight too) with most reports; () when the hours say nothing.

    Hours say nothing when fewer than 5 reports have a known time, or no stretch holds twice its even share.
    """
    known = sum(hours)
    totals = [sum(hours[(start + i) % 24] for i in range(width)) for start in range(24)]
    best = max(range(24), key=lambda start: (totals[start], -start))
    if known < 5 or totals[best] < 2 * known * width / 24:
        return ()
    return tuple((best + i) % 24 for i in range(width))


def busiest(hours: tuple[int, ...]) -> str:
    """The busiest stretch in figures, "22–01"; "" when the hours say nothing."""
    found = busiest_hours(hours)
    return f"{found[0]:02d}–{(found[-1] + 1) % 24:02d}" if found else ""


def explain(hotspot: Hotspot, *, eps_m: float, min_samples: int) -> list[tuple[str, str]]:
    """A hotspot in words: (heading, sentence) pairs. No adjective that the figures do not carry."""
    pairs = [
        (_("Waar"), _where(hotspot)),
        (_("Hoeveel"), _how_many(hotspot, eps_m=eps_m, min_samples=min_samples)),
        (_("Periode"), _period(hotspot)),
        (_("Soort"), _what(hotspot)),
        (_("Dichtbij"), _near(hotspot)),
    ]
    return [(heading, sentence) for heading, sentence in pairs if sentence]


def chain_warning(hotspot: Hotspot) -> str:
    """Why a stretched hotspot needs care; "" when it is not stretched."""
    if MARK_CHAIN not in hotspot.marks:
        return ""
    return _(
        "Deze hotspot is {m} meter lang. Zo’n lint bestaat vaak uit meerdere plekken die aan elkaar grenzen. "
        "Kies onder Geavanceerd een kleinere afstand om ze los te zien.",
        m=number(hotspot.diameter_m),
    )


def unknown(hotspot: Hotspot) -> list[str]:
    """What these figures do not tell."""
    said = []
    if hotspot.n_time_unknown:
        said.append(
            _n(
                "Van {n} melding is het tijdstip onbekend; die staat niet in de urengrafiek.",
                "Van {n} meldingen is het tijdstip onbekend; die staan niet in de urengrafiek.",
                hotspot.n_time_unknown,
            )
        )
    said.append(
        _(
            "Drukte is alleen bij benadering verrekend: naar de meldingen in de wijde omgeving, niet naar voorbijgangers."
        )
    )
    said.append(_("Niet iedereen meldt: waar weinig meldingen zijn, kan toch veel gebeuren."))
    return said


def _where(hotspot: Hotspot) -> str:
    if not hotspot.buurt_name:
        where = _("Buiten de ingelezen buurten")
    elif hotspot.wijk_name and hotspot.wijk_name != hotspot.buurt_name:
        where = _("Buurt {buurt}, wijk {wijk}", buurt=hotspot.buurt_name, wijk=short_name(hotspot.wijk_name))
    else:
        where = _("Buurt {buurt}", buurt=hotspot.buurt_name)
    if hotspot.focus_areas:
        where += _("; aandachtsgebied {names}", names=_and(list(hotspot.focus_areas)))
    where = where.removesuffix(".")  # "e.o." ends its own sentence
    if hotspot.diameter_m < 1:
        return where + ". " + _("Alle meldingen liggen op één punt.")
    return where + ". " + _("De verste twee meldingen liggen {m} meter uit elkaar.", m=number(hotspot.diameter_m))


def _how_many(hotspot: Hotspot, *, eps_m: float, min_samples: int) -> str:
    return _(
        "{n} meldingen, waarvan {core} kern: binnen {eps} meter ervan liggen minstens {min} meldingen, zichzelf meegeteld.",
        n=number(hotspot.n),
        core=number(hotspot.n_core),
        eps=number(eps_m),
        min=min_samples,
    )


def _period(hotspot: Hotspot) -> str:
    if hotspot.first is None or hotspot.last is None:
        return ""
    if hotspot.n_dates == 1:
        return _("Alle op {day}.", day=day(hotspot.first))
    return _(
        "{first} t/m {last}, op {n} verschillende dagen.",
        first=day(hotspot.first),
        last=day(hotspot.last),
        n=number(hotspot.n_dates),
    )


def _what(hotspot: Hotspot) -> str:
    named = [_("{category} ({n})", category=_(name), n=number(n)) for name, n in hotspot.top_categories]
    return _("Vaakst genoemd: {list}.", list=_and(named)) if named else ""


def _near(hotspot: Hotspot) -> str:
    said = []
    for what, nearby in ((_("School"), hotspot.nearest_school), (_("Halte"), hotspot.nearest_stop)):
        if nearby is None:
            continue
        text = _("{what} {name} op {m} meter van het midden", what=what, name=nearby.name, m=number(nearby.metres))
        if nearby.uncertainty_m >= 25:
            text += " " + _("(plaats op {m} meter nauwkeurig)", m=number(nearby.uncertainty_m))
        said.append(text + ".")
    return " ".join(said)


def _and(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return _("{first} en {last}", first=", ".join(parts[:-1]), last=parts[-1])


STRENGTH: Final = {Strength.STRONG: N_("stevig"), Strength.FAIR: N_("redelijk"), Strength.WEAK: N_("zwak")}
NULLS: Final = {
    NullKind.SMOOTHED: N_("meldingen die over de wijde omgeving zijn uitgesmeerd (zo druk als het daar is)"),
    NullKind.UNIFORM: N_("meldingen die gelijk over het land zijn gestrooid"),
    NullKind.WEIGHTED: N_("meldingen die naar inwoners zijn verdeeld"),
}


def certainty_words(found: HotspotCertainty) -> str:
    """The two answers in one sentence: more than chance or not, and how well it holds under other settings."""
    strength = _(STRENGTH[found.strength])
    if found.significant:
        return _("Meer dan toeval, en {strength}.", strength=strength)
    return _("Dit kan toeval zijn; als plek {strength}.", strength=strength)


def certainty_short(*, significant: bool, strength: Strength) -> str:
    """The same in a word or two, for a table that leaves the house; more than chance goes without saying there."""
    word = _(STRENGTH[strength])
    return word if significant else _("kan toeval zijn, {strength}", strength=word)


def certainty(found: HotspotCertainty, whole: Certainty) -> str:
    """How sure a hotspot is: words first, the figures behind them."""
    expected = _("Verwacht zonder concentratie: {n}.", n=number(found.expected, 1))
    verdict = _("Meer dan toeval") if found.significant else _("Kan toeval zijn")
    return _(
        "{verdict} (q {q}, {runs} proeven). {expected} {strength}: ook bij andere instellingen en met een vijfde minder "
        "meldingen bestaat deze hotspot in {share} van de proeven.",
        verdict=verdict,
        q=chance(found.q),
        runs=number(whole.chance.runs),
        expected=expected,
        strength=_(STRENGTH[found.strength]).capitalize(),
        share=percent(found.lives),
    )


class Against(Protocol):
    """The result of any test against chance."""

    @property
    def null(self) -> NullKind:
        """Which kind of chance."""

    @property
    def null_detail(self) -> str:
        """Its bandwidth, or the name of its weight."""


def null_words(chance: Against) -> str:
    """Which chance reports were held against."""
    if chance.null is not NullKind.WEIGHTED or chance.null_detail == Per.INHABITANTS:
        return _(NULLS[chance.null])
    if chance.null_detail == Per.STREETS:
        return _("meldingen die over de straten zijn verdeeld")
    if chance.null_detail == Per.BOARDINGS:
        return _("meldingen die naar instappers per buurt zijn verdeeld")
    return _("meldingen die naar ‘{name}’ zijn verdeeld", name=chance.null_detail.removeprefix(f"{Per.WEIGHT}:"))


def which_test(whole: Certainty) -> str:
    """Which test it was, against which kind of chance, and what its q means."""
    null, runs = null_words(whole.chance), number(whole.chance.runs)
    if whole.chance.method is Method.SCAN:
        return _(
            "Getoetst tegen {null}, {runs} proeven; bij zo veel meldingen ({n}) is elke proef in cirkels geteld en niet "
            "opnieuw geclusterd, en is q de kans dat toeval ergens in de gemeente zo’n sterke cirkel geeft.",
            null=null,
            runs=runs,
            n=number(whole.chance.n),
        )
    return _(
        "Getoetst tegen {null}, {runs} proeven; q is het aandeel toeval onder alles wat minstens zo sterk is.",
        null=null,
        runs=runs,
    )


def chance_outcome(whole: Certainty) -> str:
    """What the test as a whole comes to, and against which kind of chance."""
    against = which_test(whole)
    if whole.chance.outcome is ChanceOutcome.TOO_FEW:
        few = _(
            "Te weinig meldingen voor een uitspraak: ongeveer {n} zouden volstaan.", n=number(whole.chance.n_needed)
        )
        return f"{few} {against}"
    n = sum(h.significant for h in whole.hotspots)
    said = (
        _n("{n} hotspot is meer dan toeval.", "{n} hotspots zijn meer dan toeval.", n)
        if n
        else _("Geen hotspot is aantoonbaar meer dan toeval.")
    )
    return f"{said} {against}"
