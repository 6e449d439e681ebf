"""Published figures in words: windows, parts, and why another view is shown than was asked for."""

from datetime import date
from typing import Final

from dashboard.i18n import N_, _, _n, day
from dashboard.messages import short_name
from dashboard.services.published import (
    Breakdown,
    Geography,
    PublishedOverview,
    PublishedPlace,
    Short,
    Window,
)
from data import groups
from geo import ledger

WINDOWS: Final = {
    Window.QUARTER: N_("één kwartaal"),
    Window.FOUR: N_("vier kwartalen"),
    Window.EIGHT: N_("acht kwartalen"),
}
GEOGRAPHIES: Final = {Geography.WIJK: N_("wijk"), Geography.BUURT: N_("buurt")}
GROUPS: Final = {
    groups.WORDS: N_("Woorden"),
    groups.FOLLOWING: N_("Volgen"),
    groups.TOUCHING: N_("Aanraken"),
    ledger.SEVERAL: N_("Meer"),
    ledger.OTHER: N_("Anders"),
}
PARTS_OF_DAY: Final = {
    "night": N_("Nacht"),
    "morning": N_("Ochtend"),
    "afternoon": N_("Middag"),
    "evening": N_("Avond"),
    ledger.UNKNOWN: N_("Geen tijd"),
}
MEANING: Final = {
    Breakdown.GROUP: N_(
        "Woorden: naroepen, nastaren, nafluiten, nasissen, opmerkingen, uitschelden. Volgen: achtervolgen, in het nauw "
        "drijven. Aanraken: aanraken, bedreigen. Meer: meer dan één van deze."
    ),
    Breakdown.PART_OF_DAY: N_("Nacht: 00–06 uur, ochtend: 06–12, middag: 12–18, avond: 18–24."),
}
FEW: Final = N_(
    "Over {asked} mag hier niets worden getoond: geen enkel aantal rust op {k} of meer meldingen. Daarom ziet u {window} per {area}."
)
NONE: Final = N_(
    "Te weinig meldingen om iets te tonen: geen enkel aantal rust op {k} of meer meldingen. Dat kan ook betekenen dat er geen meldingen zijn. Een langere periode of hele wijken geven misschien wel een antwoord."
)
NO_YEAR: Final = N_("Er is nog geen heel jaar vastgesteld. Een uitsplitsing vraagt vier of acht kwartalen.")
WHY: Final = {
    Short.NOTHING_FROZEN: N_(
        "Er is nog niets vastgesteld. Cijfers van een kwartaal komen hier 30 dagen na afloop van dat kwartaal."
    ),
    Short.BREAKDOWN_WIJK: N_("Een uitsplitsing is er alleen van hele wijken; daarom ziet u wijken."),
    Short.BREAKDOWN_WINDOW: N_("Een uitsplitsing vraagt vier of acht kwartalen; daarom ziet u {window}."),
    Short.NO_WINDOW: N_("Zo’n periode van {asked} is nog niet vastgesteld; daarom ziet u {window}."),
}


def part(key: str, breakdown: Breakdown) -> str:
    """A category group or a part of the day."""
    names = GROUPS if breakdown is Breakdown.GROUP else PARTS_OF_DAY
    return _(names[key]) if key in names else key


def meaning(breakdown: Breakdown) -> str:
    """What the parts of a breakdown are; "" without one."""
    return _(MEANING[breakdown]) if breakdown in MEANING else ""


def window(kind: Window, start: date) -> str:
    """A window by name: 3e kwartaal 2025, 2025, 2024–2025."""
    if kind is Window.QUARTER:
        return _("{n}e kwartaal {year}", n=(start.month + 2) // 3, year=start.year)
    return str(start.year) if kind is Window.FOUR else f"{start.year}–{start.year + 1}"


def sentence(view: PublishedOverview, *, place: str) -> str:
    """What is counted, in one line."""
    if view.start is None or view.end is None:
        return _("Nog geen vastgestelde cijfers.")
    return _(
        "{reports} van {first} t/m {last} in {place}, per {area}.",
        reports=_n("{n} melding", "{n} meldingen", view.total),
        first=day(view.start),
        last=day(view.end),
        place=place,
        area=_(GEOGRAPHIES[view.geography]),
    )


def why(view: PublishedOverview) -> str:
    """Why this is not what was asked for, or why it shows nothing; "" when neither is so."""
    if view.fallback is None:
        return ""
    fields = view.fallback.fields
    asked = _(WINDOWS[Window(str(fields["asked"]))]) if "asked" in fields else ""
    told = {"asked": asked, "window": _(WINDOWS[view.window]), "area": _(GEOGRAPHIES[view.geography]), "k": view.k}
    return _(_why(view, view.fallback.why), **told)


def _why(view: PublishedOverview, short: Short) -> str:
    if short is Short.FEW_REPORTS:
        return FEW if any(cell.n is not None for cell in view.cells) else NONE
    if short is Short.BREAKDOWN_WINDOW and view.breakdown is Breakdown.NONE:
        return NO_YEAR
    return WHY[short]


def rule(view: PublishedOverview) -> str:
    """How these figures came about."""
    told = _(
        "Een aantal staat er alleen als het op {k} of meer meldingen rust, afgerond op 5; een totaal is de som van wat u "
        "ziet. „<{k}” kan ook nul zijn.",
        k=view.k,
    )
    return told + (" " + _("Vastgesteld op {day}.", day=day(view.frozen_on)) if view.frozen_on else "")


def place_tip(place: PublishedPlace) -> str:
    """Tooltip of a published hotspot."""
    lines = [
        _("Hotspot {rank}", rank=place.rank),
        where(place),
        _n("{n} melding", "{n} meldingen", place.n),
        parts_of(place),
    ]
    return "\n".join(line for line in lines if line)


def where(place: PublishedPlace) -> str:
    """Buurt and wijk."""
    return ", ".join(name for name in (place.buurt, short_name(place.wijk)) if name)


def parts_of(place: PublishedPlace) -> str:
    """Its parts of the day as far as they may be told."""
    told = (f"{part(key, Breakdown.PART_OF_DAY)}: {n}" for key, n in place.parts_of_day)
    return ", ".join(told)
