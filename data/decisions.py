"""Decisions: what an analyst says about what was left out, with a note. They are never changed, only undone."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from data.identifiers import mask_text
from data.reasons import UserError
from geo import report
from geo.marks import MARKS

MAX_NOTE: Final = 500
WORDS: Final = "[gemaskeerd]"  # in the place of words that an analyst masked by hand
_NO_NAME: Final = re.compile("[\x00\ud800-\udfff]")
_HOTSPOT: Final = re.compile("H-?[0-9]{1,6}--?[0-9]{1,6}")  # geo.hotspots names them after their place
_UNSTORABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class Kind(StrEnum):
    """What a decision is about."""

    FLAG = "flag"  # one flag of one report
    POINT = "point"  # every report on one coordinate
    SOURCE_LATTICE = "source_lattice"  # every report that one source rounded to a lattice
    MARK = "mark"  # one thing that speaks against one hotspot


class Verdict(StrEnum):
    """What was decided."""

    NOT_SO = "not_so"  # the flag is wrong: no duplicate, no test
    SO = "so"  # the report bears the flag after all
    REAL_PLACE = "real_place"  # the reports on this coordinate are about this place
    DEFAULT_POINT = "default_point"  # this coordinate is nobody's place
    ACCEPT = "accept"  # the source's coordinates may be clustered as they are


VERDICTS: Final = {
    Kind.FLAG: (Verdict.NOT_SO, Verdict.SO),
    Kind.POINT: (Verdict.REAL_PLACE, Verdict.DEFAULT_POINT),
    Kind.SOURCE_LATTICE: (Verdict.ACCEPT,),
    Kind.MARK: (Verdict.NOT_SO,),
}
# A default point goes by its point; what was snapped cannot be undone
DECIDABLE: Final = tuple(flag for flag in report.FLAGS if flag not in (report.DEFAULT_POINT, report.SNAPPED))


class DecisionRefused(UserError):
    """A decision that cannot be taken or undone; nothing was changed."""


REFUSALS: Final = {
    "note_missing": "Schrijf erbij waarom: zonder toelichting is het besluit later niet uit te leggen.",
    "note_too_long": "De toelichting telt {n} tekens; er passen er {max}. Maak haar korter.",
    "nothing_chosen": "Er is niets gekozen. Kies eerst een of meer regels.",
    "wrong_verdict": "Het besluit {verdict} past niet bij {kind}. Kies uit: {known}.",
    "unknown_flag": "De kanttekening {flag} bestaat niet. Kies uit: {known}.",
    "unknown_report": "Melding {source_id} van {source} staat niet (meer) in de store. Kijk de bron en het kenmerk na.",
    "flag_absent": "Melding {source_id} van {source} heeft de kanttekening {flag} niet; er is niets te veranderen.",
    "flag_present": "Melding {source_id} van {source} heeft de kanttekening {flag} al; er is niets te veranderen.",
    "unusable_point": "Het punt {x}, {y} ligt niet in Nederland. Geef hele of gebroken RD-meters, bijv. 105000.00,425000.00.",
    "no_report_there": "Op het punt {x}, {y} ligt geen melding. Kijk de RD-coördinaten na, tot op de centimeter.",
    "too_few_there": "Op het punt {x}, {y} liggen {n} meldingen; een standaardpunt is het pas vanaf {min}. Geef deze "
    "meldingen zelf een kanttekening.",
    "unknown_mark": "De kanttekening {mark} bij een hotspot bestaat niet. Kies uit: {known}.",
    "unknown_hotspot": "{hotspot} is geen naam van een hotspot, zoals H526-2127. Kijk de naam na in de tabel met hotspots.",
    "unknown_source": "Van de bron {source} zijn geen meldingen. Kijk de naam na.",
    "already_decided": "Hierover is al besloten (besluit {id}). Maak dat besluit eerst ongedaan.",
    "unknown_decision": "Besluit {id} bestaat niet. Kijk het nummer na in de lijst met besluiten.",
    "already_undone": "Besluit {id} is al ongedaan gemaakt; er is niets te veranderen.",
    "no_words": "Noem de woorden die onleesbaar moeten worden.",
    "word_absent": "“{word}” komt niet voor in deze tekst. Schrijf het precies zoals het er staat.",
}


def refused(code: str, **fields: object) -> DecisionRefused:
    """The refusal with this code; ``fields`` must hold what its sentence names."""
    return DecisionRefused(code, REFUSALS[code], **fields)


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What a decision is about; made by ``on_flag``, ``on_point``, ``on_lattice`` or ``on_mark``."""

    kind: Kind
    source: str = ""  # of a mark: the hotspot's id, which is named after its place
    source_id: str = ""
    flag: str = ""
    x_cm: int | None = None  # RD New, whole centimetres: as fine as geo.exclusions tells coordinates apart
    y_cm: int | None = None

    @classmethod
    def on_flag(cls, source: str, source_id: str, flag: str) -> Self:
        """One flag (DECIDABLE) of one report. Raises DecisionRefused for another flag."""
        if flag not in DECIDABLE:
            raise refused("unknown_flag", flag=flag, known=", ".join(DECIDABLE))
        check_names(source, source_id)
        return cls(kind=Kind.FLAG, source=source, source_id=source_id, flag=flag)

    @classmethod
    def on_point(cls, x: float, y: float) -> Self:
        """A coordinate in RD metres. Raises DecisionRefused outside the reach of RD."""
        if not (-10_000 <= x <= 310_000 and 280_000 <= y <= 650_000):  # NaN compares false
            raise refused("unusable_point", x=x, y=y)
        return cls(kind=Kind.POINT, x_cm=round(x * 100), y_cm=round(y * 100))

    @classmethod
    def on_lattice(cls, source: str) -> Self:
        """A source whose coordinates lie on a lattice. Raises DecisionRefused for what cannot be a name."""
        check_names(source)
        return cls(kind=Kind.SOURCE_LATTICE, source=source)

    @classmethod
    def on_mark(cls, hotspot: str, mark: str) -> Self:
        """One mark (geo.marks.MARKS) of one hotspot. Raises DecisionRefused for what is none."""
        if mark not in MARKS:
            raise refused("unknown_mark", mark=mark, known=", ".join(MARKS))
        if not _HOTSPOT.fullmatch(hotspot):
            raise refused("unknown_hotspot", hotspot=ascii(hotspot[:40]))
        return cls(kind=Kind.MARK, source=hotspot, flag=mark)

    def check(self, verdict: Verdict) -> None:
        """Nothing when the verdict fits. Raises DecisionRefused else."""
        if verdict not in VERDICTS[self.kind]:
            raise refused("wrong_verdict", verdict=verdict, kind=self.kind, known=", ".join(VERDICTS[self.kind]))


def check_names(source: str, source_id: str = "") -> None:
    """Nothing when a store could hold these names. Raises DecisionRefused else: no store is asked such a thing."""
    if _NO_NAME.search(source + source_id):
        shown = {"source": ascii(source), "source_id": ascii(source_id)}
        raise refused("unknown_report" if source_id else "unknown_source", **shown)


def clean_note(note: str) -> str:
    """The note as it is kept: people masked, no signs that cannot be stored. Raises DecisionRefused when unusable."""
    plain = _UNSTORABLE.sub("", note).strip()
    if not plain:
        raise refused("note_missing")
    if len(plain) > MAX_NOTE:
        raise refused("note_too_long", n=len(plain), max=MAX_NOTE)
    return mask_text(plain)[0][: 2 * MAX_NOTE]


def mask_words(text: str, words: tuple[str, ...]) -> str:
    """The text with these words (or phrases) as WORDS, wherever they stand as whole words, in any case.

    Raises DecisionRefused when none is given or one does not occur.
    """
    wanted = sorted({word.strip() for word in words if word.strip()}, key=len, reverse=True)
    if not wanted:
        raise refused("no_words")
    for word in wanted:
        if not _whole(word).search(text):
            raise refused("word_absent", word=word)
    return re.sub("|".join(_whole(word).pattern for word in wanted), WORDS, text, flags=re.IGNORECASE)


def _whole(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)


def same_but_masked(masked: str, text: str) -> bool:
    """Whether a text says what a text masked by hand says, with anything in the place of the masked words.

    So a report that comes again, its text unchanged, keeps its mask; the words themselves are kept nowhere.
    """
    first, *middle = masked.split(WORDS)
    if not middle or not text.startswith(first):
        return masked == text
    at, last = len(first), middle.pop()
    for part in middle:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return text.endswith(last) and at <= len(text) - len(last)
