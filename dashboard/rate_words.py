"""Denominators and rates in words, for the page and the command line: always which, and what a figure rests on."""

from collections.abc import Callable
from typing import Final

import numpy as np

from dashboard.i18n import N_, _, _n, number
from geo.rates import Denominator, LeftOut, Per, Rates

UNITS: Final = (N_("instappers"), N_("in- en uitstappers"), N_("reizigers"))  # data.boardings
_LEFT_OUT: Final[dict[LeftOut, Callable[[int], str]]] = {
    LeftOut.WATER: lambda n: _n("{n} waterbuurt", "{n} waterbuurten", n),
    LeftOut.UNKNOWN: lambda n: _n("{n} buurt waarvan het niet bekend is", "{n} buurten waarvan het niet bekend is", n),
    LeftOut.SMALL: lambda n: _n("{n} buurt met te weinig", "{n} buurten met te weinig", n),
}


def per(denominator: Denominator) -> str:
    """What a rate is per: "per 1.000 inwoners", "per km straat"."""
    scale = number(denominator.scale)
    if denominator.per is Per.INHABITANTS:
        return _("per {scale} inwoners", scale=scale)
    if denominator.per is Per.STREETS:
        return _("per km straat")
    if denominator.per is Per.BOARDINGS:
        return _("per {scale} {unit} per dag", scale=scale, unit=_unit(denominator))
    return _("per {scale} {unit}", scale=scale, unit=denominator.unit)


def choice(denominator: Denominator) -> str:
    """Its name among the colours to choose from."""
    said = per(denominator)
    named = denominator.name and denominator.name != denominator.unit
    return _capital(_("{per} ({name})", per=said, name=denominator.name) if named else said)


def title(denominator: Denominator) -> str:
    """Over the legend of a map that is shaded by it: the smoothed rate."""
    return _("Meldingen per jaar {per}, afgevlakt", per=per(denominator))


def amount(denominator: Denominator, value: float) -> str:
    """How much of it there is somewhere: "1.200 inwoners", "12,3 km straat"; unknown is said, never 0."""
    if not np.isfinite(value):
        return _unknown(denominator)
    if denominator.per is Per.INHABITANTS:
        return _n("{n} inwoner", "{n} inwoners", round(value))
    if denominator.per is Per.STREETS:
        return _("{km} km straat", km=number(value, 1))
    if denominator.per is Per.BOARDINGS:
        return _("{n} {unit} per dag", n=number(value), unit=_unit(denominator))
    return _("{n} {unit}", n=figure(value), unit=denominator.unit)


def rate_lines(
    denominator: Denominator, *, rate: float, low: float, high: float, smoothed: float, value: float
) -> list[str]:
    """One area's rate with its interval, its smoothed rate, and what was divided by; without a rate only the last."""
    if not np.isfinite(rate):
        return [_("geen cijfer: {amount}", amount=amount(denominator, value))]
    return [
        _("{rate} per jaar {per}", rate=figure(rate), per=per(denominator)),
        _(
            "95%-marge {low}–{high}; afgevlakt {smoothed}",
            low=figure(low),
            high=figure(high),
            smoothed=figure(smoothed),
        ),
        amount(denominator, value),
    ]


def left_out(rates: Rates) -> str:
    """Which buurten have no rate, and how many reports lie there; "" when all have one."""
    said: dict[LeftOut, str] = {
        reason: words(n) for reason, words in _LEFT_OUT.items() if (n := rates.left_out.get(reason, 0))
    }
    if not said:
        return ""
    reports = _n("{n} melding", "{n} meldingen", rates.n_left_out)
    return _("Zonder cijfer: {parts}; daar liggen {reports}.", parts=", ".join(said.values()), reports=reports)


def figure(value: float) -> str:
    """A rate or weight with as many decimals as tell something: 164, 16,7, 0,35."""
    size = abs(value)
    return number(value, 0 if size >= 100 or size < 0.0005 else 1 if size >= 1 else 2 if size >= 0.1 else 3)


def _unit(denominator: Denominator) -> str:
    return _(denominator.unit or UNITS[0])


def _unknown(denominator: Denominator) -> str:
    if denominator.per is Per.INHABITANTS:
        return _("aantal inwoners onbekend")
    if denominator.per is Per.BOARDINGS:
        return _("aantal {unit} onbekend", unit=_unit(denominator))
    return _("{name} onbekend", name=denominator.name or _("straatlengte"))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
