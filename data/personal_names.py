"""Names of people in Dutch free text: after words that announce one, and first names from a list.

A rule-based mask misses some and touches some harmless words; what it is unsure of, it says (doubtful). Measured on
planted sentences in the tests.
"""

import re
import unicodedata
from functools import cache
from importlib import resources
from typing import Final

from data.identifier_patterns import NAME

_WORD = re.compile(r"\[[a-z-]+\]|[^\W\d_](?:[^\W\d_]|['’\-](?=[^\W\d_]))*")
_PARTICLES: Final = frozenset(
    "van de der den het ten ter te el al ben bin ibn von da dos do la le 't op in 's d du di".split()
)
_LETTERS: Final = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "s", "æ": "a", "œ": "o"})

# After these a capitalised word is a name; * also a lower-case one when it stands in a list.
_CUES: Final = re.compile(
    r"(?:mijn naam is|m['’]n naam is|naam is|naam was|naam:|ik ben|ik heet|heet|heette|heten|hete|genaamd|genoemd|noemt zich"
    r"|noemde zich|noemen hem|noemen haar|luistert naar|meneer|mijnheer|menheer|mevrouw|meester|juf|juffrouw|dhr\.?|mevr\.?"
    r"|mw\.?|hr\.?|drs?\.|ir\.|mr\.|prof\.?|dokter|oom|tante|opa|oma|buurman|buurvrouw|buurjongen|buurmeisje|collega"
    r"|vriend|vriendin|vriendje|vriendinnetje|zoon|zoontje|dochter|dochtertje|broer|broertje|zus|zusje|neef|neefje|nicht"
    r"|nichtje|agent|wijkagent|boa|handhaver|docent|docente|leraar|lerares|mentor|conciërge|trainer|coach|chef|manager"
    r"|klasgenoot|klasgenote|teamgenoot|huisgenoot|kennis|ex|man|moeder|vader|mama|papa|kind|baas|stagiair|stagiaire"
    r"|groet(?:en|jes)?|mvg|m\.v\.g\.?|getekend|namens|familie|fam\.?|ene|een zekere)[\s,:]+$",
    re.IGNORECASE,
)
_SAYS_NAME = re.compile(
    r"(?:naam is|naam was|naam:|heet|heette|genaamd|noemt zich|noemde zich|ene)[\s,:]+$", re.IGNORECASE
)
_TITLE = re.compile(r"(?:meneer|mijnheer|mevrouw|meester|juf|dhr\.?|mevr\.?|mw\.?|familie|fam\.?)\s+$", re.IGNORECASE)
_PLACE_BEFORE = re.compile(
    r"\b(?:in|op|bij|naar|langs|uit|vanuit|vanaf|richting|tussen|te|nabij|rond|rondom|achter|voorbij|tot|café|cafe|restaurant"
    r"|bar|winkel|de|het|halte|school|kerk|brug|park|wijk|buurt|lijn|station|straat|weg|merk|hotel)\s+$",
    re.IGNORECASE,
)
_DOUBT_BEFORE = re.compile(
    r"\b(?:riep|roept|zei|zegt|was|is|zag|ken|kent|kende|herkende|herken|door|met|van|aan|tegen|en|dat|toen|vroeg|zoals|hallo"
    r"|hoi|hey|dader|die|om)\s+$",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"(?:straat|straatje|laan|plein|weg|kade|dijk|singel|park|hof|haven|gracht|steeg|pad|markt|brug|plantsoen|dreef|baan"
    r"|ring|poort|wal|tuin|plaats|hoeve|veld|burg|kwartier|college|lyceum|school|gymnasium|kerk|station|wijk|buurt|stad|tunnel"
    r"|flat|toren|hal|huis|center|centrum|pas|viaduct|rotonde|oord|waard|polder|polders)$"
)
_STREET_AFTER = re.compile(
    r"^[\s-]*(?:straat|laan|plein|weg|kade|dijk|singel|park|hof|school|college|lyceum|gymnasium|mavo|brug|kerk|ziekenhuis|huis|bibliotheek|museum)\b",
    re.IGNORECASE,
)
_PHRASES = re.compile(
    r"\b(?:albert heijn|johan de witt|da vinci|leonardo da vinci|albert schweitzer|albert cuyp|dirk van den broek|jan linders"
    r"|anne frank|willem van oranje|bakker bart|titus brandsma|jac\.? p\.? thijsse|johan cruijff|sint[- ]\w+|st\.? \w+"
    r"|mc ?donald['’]?s|vincent van gogh|thomas more|jan steen|max havelaar|peter pan|ben (?:en|&) jerry['’]?s|simon stevin"
    r"|van gogh|ben ik|douwe egberts|beatrix ?\w*|prins hendrik\w*|willem-alexander)",
    re.IGNORECASE,
)
_INITIALS = re.compile(
    r"(?<![\w.])(?:[A-Z]\.\s?){1,4}(?:(?:van|de|der|den|ten|ter|te|el|al)\s+){0,3}[A-ZÀ-Þ][\w'’\-]{2,30}"
)
_SENTENCE_END = re.compile(r"(?:^|[.!?:;…\n\"“”‘(]|[-–—]\s)\s*['\"“„‘(]*$")
_SHORT_NUMBER = re.compile(r"(?<![0-9])[0-9]{6,7}(?![0-9])")


@cache
def _words(file: str) -> tuple[frozenset[str], frozenset[str]]:
    """All words of a list, and those marked as ordinary words."""
    lines = resources.files("data").joinpath(file).read_text(encoding="utf-8").splitlines()
    words = [word for line in lines if not line.startswith("#") for word in line.split()]
    return frozenset(w.rstrip("*") for w in words), frozenset(w.rstrip("*") for w in words if w.endswith("*"))


def _bare(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold().translate(_LETTERS))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("’", "'")


def _variants(word: str) -> set[str]:
    """A word as it may stand in a list: without a possessive s, or one part of a double name."""
    bare = _bare(word)
    forms = {bare, bare.removesuffix("'s"), bare.removesuffix("'")}
    if len(bare) > 4:
        forms.add(bare.removesuffix("s"))
    return forms


def is_listed_first_name(word: str) -> bool:
    """Whether a word (any case) is in the list of first names, ordinary words included."""
    return _known(word, "first_names.txt")


def _known(word: str, file: str, *, ordinary: bool = True) -> bool:
    every, marked = _words(file)
    names = every if ordinary else every - marked
    bare = _bare(word)
    if not _variants(word).isdisjoint(names):
        return True
    parts = bare.split("-")
    return len(parts) > 1 and parts[0] in names and all(len(p) > 1 for p in parts)


class _Text:
    """One text while its names are sought."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [(m.start(), m.end(), m[0]) for m in _WORD.finditer(text)]
        letters = [c for c in text if c.isalpha()]
        self.shouted = len(letters) > 8 and sum(c.isupper() for c in letters) > 0.7 * len(letters)
        self.protected = [m.span() for m in _PHRASES.finditer(text)]
        self.doubtful = bool(_SHORT_NUMBER.search(text))
        self.spans: list[tuple[int, int]] = []

    def capital(self, i: int) -> bool:
        word = self.tokens[i][2]
        return word[0].isupper() or (word[:2] in ("d'", "d’") and len(word) > 2 and word[2].isupper())

    def starts_sentence(self, i: int) -> bool:
        return bool(_SENTENCE_END.search(self.text[max(0, self.tokens[i][0] - 12) : self.tokens[i][0]])) or i == 0

    def before(self, i: int) -> str:
        return self.text[max(0, self.tokens[i][0] - 26) : self.tokens[i][0]]

    def no_person(self, i: int) -> bool:
        start, end, word = self.tokens[i]
        if word[0] == "[" or any(a <= start and end <= b for a, b in self.protected):
            return True
        bare = _bare(word)
        return bare in _words("not_names.txt")[0] or (len(bare) > 5 and bool(_STREET.search(bare)))

    def adjacent(self, i: int) -> bool:
        """Whether only a space stands between token i and the one before."""
        return self.text[self.tokens[i - 1][1] : self.tokens[i][0]] in (" ", "  ", "-", ". ", ".")

    def extend(self, i: int) -> int:
        """The last token of a name that starts at token i: particles and capitalised words that follow."""
        last, j, names = i, i + 1, 0
        while j < len(self.tokens) and names < 4 and self.adjacent(j) and not self._ends_sentence(j):
            word = self.tokens[j][2]
            if _bare(word) in _PARTICLES and j + 1 < len(self.tokens):
                if not self._particle_leads_to_name(j):
                    break
            elif self.capital(j) and not self.shouted and not self.no_person(j):
                last, names = j, names + 1
            elif _known(word, "surnames.txt", ordinary=_bare(self.tokens[j - 1][2]) in _PARTICLES):
                last, names = j, names + 1
            else:
                break
            j += 1
        return last

    def _ends_sentence(self, j: int) -> bool:
        between = self.text[self.tokens[j - 1][1] : self.tokens[j][0]]
        return "." in between and len(self.tokens[j - 1][2]) > 2

    def _particle_leads_to_name(self, j: int) -> bool:
        k = j
        while k < len(self.tokens) and _bare(self.tokens[k][2]) in _PARTICLES and self.adjacent(k):
            k += 1
        if k >= len(self.tokens) or not self.adjacent(k):
            return False
        listed = _known(self.tokens[k][2], "surnames.txt")
        return listed or (self.capital(k) and not self.shouted and not self.no_person(k))

    def is_street(self, first: int, last: int) -> bool:
        """Whether what looks like a name is part of a street or an institution ("Jan Steenlaan", "Johan de Witt school")."""
        after = self.text[self.tokens[last][1] :]
        if _STREET_AFTER.match(after):
            return True
        return any(
            len(_bare(self.tokens[k][2])) > 5 and _STREET.search(_bare(self.tokens[k][2])) is not None
            for k in range(first, min(last + 3, len(self.tokens)))
            if k <= last
            or (
                self.adjacent(k)
                and all(
                    self.adjacent(m) and (self.capital(m) or _bare(self.tokens[m][2]) in _PARTICLES)
                    for m in range(last + 1, k + 1)
                )
            )
        )

    def add(self, first: int, last: int) -> None:
        self.spans.append((self.tokens[first][0], self.tokens[last][1]))


def mask_names(text: str) -> tuple[str, bool]:
    """The text with names of people as [naam]; and whether someone should look at what is left."""
    work = _Text(_INITIALS.sub(_initials, text))
    i = 0
    while i < len(work.tokens):
        last = _name_at(work, i)
        if last is None:
            i += 1
        else:
            work.add(i, last)
            i = last + 1
    out, end = [], 0
    for start, stop in work.spans:
        out += [work.text[end:start], NAME]
        end = stop
    out.append(work.text[end:])
    return "".join(out), work.doubtful


def _initials(found: re.Match[str]) -> str:
    last = _bare(found[0].split()[-1].split(".")[-1])
    if last in _words("not_names.txt")[0] or (len(last) > 5 and _STREET.search(last)):
        return found[0]
    return NAME


def _name_at(work: _Text, i: int) -> int | None:
    """The last token of the name that starts at token i; None when no name starts there."""
    word, before = work.tokens[i][2], work.before(i)
    if work.no_person(i) and _bare(word) not in _PARTICLES:
        return None
    cued = bool(_CUES.search(before))
    capital = work.capital(i)
    if _bare(word) == "jan" and before.rstrip(" -.")[-1:].isdigit():
        return None  # the month
    if _bare(word) in _PARTICLES and not (capital and _known(word, "first_names.txt") and not work.starts_sentence(i)):
        # "mevrouw de Vries", "meneer van dijk", "familie El Amrani"
        if cued and work._particle_leads_to_name(i) and (capital or _TITLE.search(before)):
            return work.extend(i)
        if (
            capital
            and not work.starts_sentence(i)
            and work._particle_leads_to_name(i)
            and not _PLACE_BEFORE.search(before)
        ):
            return work.extend(i) if _known(work.tokens[work.extend(i)][2], "surnames.txt") else None
        return None
    if not _is_name(work, i, before, cued=cued, capital=capital):
        return None
    last = work.extend(i)
    if work.is_street(i, last):
        return None
    return last


def _is_name(work: _Text, i: int, before: str, *, cued: bool, capital: bool) -> bool:
    word = work.tokens[i][2]
    if work.shouted:
        clear = _known(word, "first_names.txt", ordinary=cued)
        work.doubtful |= clear
        return clear
    if capital:
        inside = not work.starts_sentence(i) or cued
        if cued or _known(word, "first_names.txt", ordinary=inside):
            return True
        if inside and _known(word, "surnames.txt", ordinary=True) and not _PLACE_BEFORE.search(before):
            return True
        if inside and len(word) > 1 and not word.isupper() and _DOUBT_BEFORE.search(before):
            work.doubtful = True
        return False
    if len(word) >= 4 and _bare(word) in _words("first_names.txt")[0] - _words("first_names.txt")[1]:
        return True
    if cued and _bare(word) in _words("first_names.txt")[0]:
        return bool(_SAYS_NAME.search(before)) or _known(word, "first_names.txt", ordinary=False)
    return bool(_TITLE.search(before)) and _known(word, "surnames.txt", ordinary=False)
