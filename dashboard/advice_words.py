"""The advice in sentences: one why for each setting, and what each warning means and asks."""

from collections.abc import Callable
from typing import Final

from dashboard.i18n import _, number, percent
from geo import advice
from geo.advice import Advice


def eps_why(found: Advice) -> str:
    """Why this distance."""
    if found.advised_eps_m < advice.SQUARE_M:
        return _(
            "Zo dicht als hier gemeld wordt, zou {square} meter losse meldingen aaneenrijgen; daarom minder.",
            square=number(advice.SQUARE_M),
        )
    return _("{square} meter is een plein of een stuk straat: de schaal waarop een maatregel wordt genomen.",
             square=number(advice.SQUARE_M))  # fmt: skip


def min_why(found: Advice) -> str:
    """Why this least number."""
    return _(
        "Bij {n} meldingen die toevallig verspreid liggen, ontstaat met {min} binnen {eps} meter gemiddeld hooguit één "
        "kernmelding.",
        n=number(found.n),
        min=found.min_samples,
        eps=number(found.eps_m),
    )


def mu_why(found: Advice) -> str:
    """What the number of chance neighbours says."""
    if found.mu >= advice.MU_CHAINS:
        return _("Vanaf ongeveer 4,5 raken toevallige buren aan elkaar tot één groot geheel.")
    if found.mu > advice.MU_MOST:
        return _("Boven de 2 maakt toeval alleen al dichte plekken.")
    return _("Tot 2 maakt toeval alleen geen dichte plekken; boven 4,5 rijgt het de stad aaneen.")


def curve_why(found: Advice) -> str:
    """What the curve of distances is good for, and what not."""
    said = _(
        "De kromme is de afstand van elke melding tot haar {k}e, zichzelf de eerste, van klein naar groot.",
        k=found.min_samples,
    )
    if found.knee_m is None:
        return said
    return (
        said
        + " "
        + _(
            "De knik ligt bij {m} meter: ter informatie, want op zo’n afstand lopen plekken in elkaar over.",
            m=number(found.knee_m),
        )
    )


WARNINGS: Final[dict[str, Callable[[Advice], str]]] = {
    advice.EPS_WIDE: lambda a: _(
        "De afstand van {eps} meter is te groot voor een hele stad: kies hooguit {most} meter.",
        eps=number(a.eps_m),
        most=number(advice.CITY_M),
    ),
    advice.EPS_NARROW: lambda a: _(
        "De afstand van {eps} meter is kleiner dan een adres: kies minstens {least} meter.",
        eps=number(a.eps_m),
        least=number(advice.ADDRESS_M[0]),
    ),
    advice.MU_HIGH: lambda a: _(
        "Elke melding heeft door toeval al {mu} buren; daardoor lijken er meer hotspots dan er zijn. Kies een kleinere "
        "afstand, of meer meldingen.",
        mu=number(a.mu, 1),
    ),
    advice.MU_PERCOLATES: lambda a: _(
        "Elke melding heeft door toeval al {mu} buren; bij die afstand rijgt toeval de stad aaneen. Kies een kleinere "
        "afstand.",
        mu=number(a.mu, 1),
    ),
    advice.LARGEST_SWALLOWS: lambda a: _(
        "De grootste hotspot bevat {share} van alle meldingen: dat is niet één plek. Kies een kleinere afstand.",
        share=percent(a.largest_share),
    ),
    advice.LARGEST_CHAIN: lambda a: _(
        "De grootste hotspot is {m} meter lang: waarschijnlijk meerdere plekken aaneen. Kies een kleinere afstand.",
        m=number(a.largest_m),
    ),
    advice.TOO_FEW: lambda a: _(
        "Er zijn {n} meldingen; om een hotspot te kunnen vinden zijn er minstens {min} nodig. Kies een langere periode.",
        n=number(a.n),
        min=a.min_samples,
    ),
}  # fmt: skip


def warnings(found: Advice) -> list[str]:
    """What speaks against the setting in use, most serious first as geo.advice orders them."""
    return [WARNINGS[code](found) for code in found.warnings]


def chained(found: Advice) -> str:
    """One sentence for on the map when the setting strings places together; "" when it does not."""
    codes = [code for code in found.warnings if code in advice.CHAINS]
    return WARNINGS[codes[0]](found) if codes else ""
