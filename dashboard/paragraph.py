"""One hotspot in one paragraph of plain language, built from its figures.

Nothing is said that the figures do not carry: a difference is called one only where its 95 % interval says so, and
small numbers stand as "4 van de 9". Every function gives finished sentences in the current language, or "".
"""

from typing import Final

from dashboard.context_words import ROUGH_M, mark_lines, near_lines, share, since_lines, time_lines
from dashboard.doubt_words import doubt_lines
from dashboard.i18n import _, chance, day, number, percent
from dashboard.messages import STRENGTH
from geo.certainty import HotspotCertainty
from geo.context import CityContext, HotspotContext
from geo.hotspots import Hotspot
from geo.near import Nearby

__all__ = ["doubt_lines", "how_many_line", "mark_lines", "near_lines", "paragraph", "since_lines", "sure_line",
           "time_lines", "what_line", "where_line"]  # fmt: skip

LANDMARK_M: Final = 250.0
MAINLY: Final = 0.5  # of the core reports, for a street to give the place its name


def paragraph(hotspot: Hotspot, context: HotspotContext, certain: HotspotCertainty | None, *, city: CityContext) -> str:
    """Where, how many, when, what, how sure, since when, what is near, and what speaks against it.

    certain: None when it was not tested, which is then said.
    """
    near = landmark(hotspot)
    against = doubt_lines(hotspot, context, certain, city=city)
    lines = [
        where_line(hotspot, context),
        how_many_line(hotspot),
        *time_lines(hotspot, context, city=city),
        what_line(hotspot),
        sure_line(certain),
        *since_lines(context),
        *near_lines(hotspot, city=city, told=near[1] if near else None),
        _("Wat ertegen pleit: {doubts}", doubts=" ".join(against))
        if against
        else _("Uit deze cijfers blijkt niets dat ertegen pleit."),
    ]
    return " ".join(line for line in lines if line)


def where_line(hotspot: Hotspot, context: HotspotContext) -> str:
    """Street, buurt and landmark: the nearest stop or school within LANDMARK_M."""
    places = []
    if context.street:
        mainly = context.street_share >= MAINLY
        places.append(
            _("bij {street}", street=context.street) if mainly else _("bij onder meer {street}", street=context.street)
        )
    places.append(
        _("in buurt {buurt}", buurt=hotspot.buurt_name) if hotspot.buurt_name else _("buiten de ingelezen buurten")
    )
    near = landmark(hotspot)
    if near is not None:
        what, nearby = near
        places.append(
            _("op {m} meter van {what} {name}", m=number(nearby.metres), what=what, name=nearby.name)
            if nearby.uncertainty_m < ROUGH_M
            else _("op ongeveer {m} meter van {what} {name}", m=number(nearby.metres), what=what, name=nearby.name)
        )
    return _("Deze hotspot ligt {places}.", places=", ".join(places).removesuffix("."))


def landmark(hotspot: Hotspot) -> tuple[str, Nearby] | None:
    """What a place is told by: the nearest stop or school (its word and itself); None beyond LANDMARK_M."""
    known = [(_("halte"), hotspot.nearest_stop), (_("school"), hotspot.nearest_school)]
    near = [(what, nearby) for what, nearby in known if nearby is not None and nearby.metres <= LANDMARK_M]
    return min(near, key=lambda one: one[1].metres, default=None)


def how_many_line(hotspot: Hotspot) -> str:
    """How many reports, on how many days, from when to when."""
    if hotspot.first is None or hotspot.last is None:
        return _("{n} meldingen, zonder datum.", n=number(hotspot.n))
    if hotspot.n_dates == 1:
        return _("{n} meldingen, alle op {day}.", n=number(hotspot.n), day=day(hotspot.first))
    return _(
        "{n} meldingen op {days} verschillende dagen, van {first} t/m {last}.",
        n=number(hotspot.n),
        days=number(hotspot.n_dates),
        first=day(hotspot.first),
        last=day(hotspot.last),
    )


def what_line(hotspot: Hotspot) -> str:
    """The commonest categories with their share; "" without any."""
    if not hotspot.top_categories:
        return ""
    named = "; ".join(
        _("{category}: {share}", category=_(name).lower(), share=share(n, hotspot.n))
        for name, n in hotspot.top_categories
    )
    return _("Genoemd: {list}.", list=named)


def sure_line(certain: HotspotCertainty | None) -> str:
    """More than chance or not, how many were to be expected, and how well it holds."""
    if certain is None:
        return _("Of dit meer is dan toeval, is niet getoetst.")
    fields = {
        "q": chance(certain.q),
        "expected": number(certain.expected, 1),
        "strength": _(STRENGTH[certain.strength]),
        "lives": percent(certain.lives),
    }
    if certain.significant:
        return _(
            "Meer dan toeval (q {q}; zonder concentratie waren hier {expected} meldingen te verwachten) en {strength}: "
            "bij andere instellingen bestaat de hotspot in {lives} van de proeven.",
            **fields,
        )
    return _(
        "Niet aantoonbaar meer dan toeval (q {q}; zonder concentratie waren hier {expected} meldingen te verwachten) en "
        "{strength}: bij andere instellingen bestaat de hotspot in {lives} van de proeven.",
        **fields,
    )
