"""Sources of what is drawn, in the reader's language: our own words about the demo city; what a source prescribes stays."""

from typing import Final

from dashboard.i18n import N_, _

OWN: Final = (
    N_("Schematisch getekend uit CBS-feiten; geen officiële grenzen"),
    N_("Rivieren schematisch, met de hand getekend"),
    N_("Spoor schematisch, met de hand getekend"),
    N_("rechte lijnen tussen hoofdhaltes, schematisch"),
    N_("plaats bij benadering"),
    N_("stations en steigers"),
)


def in_words(source: str) -> str:
    """A source line with our own words in the reader's language."""
    for own in OWN:
        source = source.replace(own, _(own))
    return source
