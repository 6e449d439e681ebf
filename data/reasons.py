"""Why a row or a file was not taken as it stood: one code each, with the outcome and the sentence a person reads.

Codes are stable and go into ``--json``; sentences are Dutch and are translated at the edge (dashboard.i18n).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Outcome(StrEnum):
    """What happened to a row (BAD_INPUT)."""

    REJECT = "R"
    QUARANTINE = "Q"
    FLAG = "F"
    NORMALISE = "N"
    DUPLICATE = "D"
    WITHDRAWN = "W"


@dataclass(frozen=True, slots=True)
class Reason:
    """One code: its outcome, and the sentence with ``{value}``-style fields."""

    code: str
    outcome: Outcome
    sentence: str


class Explained(Exception):
    """An error with a sentence for its reader, never shown as a traceback.

    ``code`` is stable, ``sentence`` is the Dutch template, ``fields`` fill it in.
    """

    def __init__(self, code: str, sentence: str, **fields: object) -> None:
        self.code: Final = code
        self.sentence: Final = sentence
        self.fields: Final = fields
        super().__init__(sentence.format(**fields))


class UserError(Explained):
    """Something its user can put right; who asked for it is told on the spot. What is not allowed is no such thing."""


class FileRefused(UserError):
    """A whole file that is not taken; the store is unchanged."""
