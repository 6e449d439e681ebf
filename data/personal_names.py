"""Names of people in Dutch free text: after words that announce one, and first names from a list.

A rule-based mask misses some and touches some harmless words; what it is unsure of, it says (doubtful). Measured on
planted sentences in the tests.
"""

import re
from functools import cached_property
from itertools import accumulate
from typing import Final

from data.identifier_patterns import NAME
from data.name_words import (
    CUE_ENDS,
    FIRST,
    FIRST_CLEAR,
    HARMLESS,
    MAY_FOLLOW,
    MAY_START,
    NO_PERSON,
    PARTICLE,
    STREET,
    SURNAME,
    SURNAME_CLEAR,
    kind,
)

_WORD: Final = re.compile(r"([^\W\d_]+(?:['’\-][^\W\d_]+)*|\[[a-z-]+\])")

# After these a capitalised word is a name.
_CUES: Final = re.compile(
    r"(?:mijn naam is|m['’]n naam is|naam is|naam was|naam:|ik ben|ik heet|heet|heette|heten|hete|genaamd|genoemd"
    r"|noemt zich|noemde zich|noemen hem|noemen haar|luistert naar|meneer|mijnheer|menheer|mevrouw|meester|juf|juffrouw"
    r"|dhr\.?|mevr\.?|mw\.?|hr\.?|drs?\.|ir\.|mr\.|prof\.?|dokter|oom|tante|opa|oma|buurman|buurvrouw|buurjongen"
    r"|buurmeisje|collega|vriend|vriendin|vriendje|vriendinnetje|zoon|zoontje|dochter|dochtertje|broer|broertje|zus|zusje"
    r"|neef|neefje|nicht|nichtje|agent|wijkagent|boa|handhaver|docent|docente|leraar|lerares|mentor|conciërge|trainer"
    r"|coach|chef|manager|klasgenoot|klasgenote|teamgenoot|huisgenoot|kennis|ex|man|moeder|vader|mama|papa|kind|baas"
    r"|stagiair|stagiaire|groet(?:en|jes)?|mvg|m\.v\.g\.?|getekend|namens|familie|fam\.?|ene|een zekere)[\s,:]+$",
    re.IGNORECASE,
)
# After these a lower-case word is one too, when it stands in a list.
_SAYS_NAME: Final = re.compile(
    r"(?:naam is|naam was|naam:|heet|heette|genaamd|noemt zich|noemde zich|ik ben|ene)[\s,:]+$", re.IGNORECASE
)
_TITLE: Final = re.compile(
    r"(?:meneer|mijnheer|mevrouw|meester|juf|dhr\.?|mevr\.?|mw\.?|familie|fam\.?)\s+$", re.IGNORECASE
)
# Right after one of these words stands a place, or somebody.
_PLACE_BEFORE: Final = frozenset(
    (
        "in",
        "op",
        "bij",
        "naar",
        "langs",
        "uit",
        "vanuit",
        "vanaf",
        "richting",
        "tussen",
        "te",
        "nabij",
        "rond",
        "rondom",
    )
    + ("achter", "voorbij", "tot", "café", "cafe", "restaurant", "bar", "winkel", "de", "het", "halte", "school")
    + ("kerk", "brug", "park", "wijk", "buurt", "lijn", "station", "straat", "weg", "merk", "hotel")
)
_SAID_AFTER: Final = frozenset(("heet", "heette", "heten"))
_DID: Final = frozenset(
    (
        "riep",
        "zei",
        "stond",
        "liep",
        "kwam",
        "floot",
        "keek",
        "volgde",
        "pakte",
        "ging",
        "zat",
        "vroeg",
        "schold",
        "siste",
    )
    + ("sloeg", "duwde", "greep", "raakte", "wilde", "bleef", "begon", "heeft", "had", "deed", "fietste", "reed", "was")
)
_DOUBT_BEFORE: Final = frozenset(
    (
        "riep",
        "roept",
        "zei",
        "zegt",
        "was",
        "is",
        "zag",
        "hij",
        "zij",
        "ze",
        "stond",
        "stonden",
        "ken",
        "kent",
        "kende",
        "herkende",
        "herken",
        "door",
        "met",
    )
    + ("van", "aan", "tegen", "en", "dat", "toen", "vroeg", "zoals", "hallo", "hoi", "hey", "dader", "die", "om")
)

_STREET_AFTER: Final = re.compile(
    r"[\s-]*(?:straat|laan|plein|weg|kade|dijk|singel|park|hof|school|college|lyceum|gymnasium|mavo|brug|kerk|ziekenhuis"
    r"|huis|bibliotheek|museum)\b",
    re.IGNORECASE,
)
_PHRASES: Final = re.compile(
    r"\b(?:albert heijn|johan de witt|da vinci|leonardo da vinci|albert schweitzer|albert cuyp|dirk van den broek"
    r"|jan linders|anne frank|willem van oranje|bakker bart|titus brandsma|jac\.? p\.? thijsse|johan cruijff|sint[- ]\w+"
    r"|st\.? \w+|mc ?donald['’]?s|vincent van gogh|thomas more|jan steen|max havelaar|peter pan|ben (?:en|&) jerry['’]?s"
    r"|simon stevin|van gogh|douwe egberts|prins hendrik\w*|willem-alexander)",
    re.IGNORECASE,
)
# One of these is in every phrase: looking for them is many times as quick as trying the pattern everywhere.
_IN_PHRASES: Final = (
    *("heijn", "witt", "vinci", "schweitzer", "cuyp", "broek", "linders", "frank", "oranje", "bart", "brandsma"),
    *("thijsse", "cruijff", "sint", "donald", "gogh", "more", "steen", "havelaar", "peter", "jerry", "stevin"),
    *("egberts", "hendrik", "alexander"),
)
_PARTS: Final = re.compile("['’-]")
_GLUED: Final = re.compile(r"\w\Z")  # a digit, say
_SAINT: Final = re.compile(r"\bst\b")
_SHOUT: Final = re.compile(r"[^\W\d_a-z]['’\-]?[^\W\d_a-z]")
_INITIALS: Final = re.compile(
    r"(?<![\w.])(?:[A-Z]\.\s?){1,4}(?:(?:van|de|der|den|ten|ter|te|el|al)\s+){0,3}[A-ZÀ-ÖØ-Þ][\w'’\-]{2,30}"
)
_SENTENCE_END: Final = re.compile(r"(?:^|[.!?:;…\n\"“”‘(]|[-–—]\s)\s*['\"“„‘(]*$")
_CUE_TAIL: Final = "".join(filter(str.isspace, map(chr, range(0x3001)))) + ",:."
_ADJACENT: Final = frozenset((" ", "  ", "-", ". ", "."))


def _is_elided(word: str) -> bool:
    """d'Arc: the capital stands behind the apostrophe."""
    return word[:2] in ("d'", "d’") and word[2:3].isupper()


class _Text:
    """One text while its names are sought; every list has one entry per word, which may be a label as [naam]."""

    def __init__(self, text: str) -> None:
        self.text = text
        pieces = _WORD.split(text)
        places = list(accumulate(map(len, pieces)))
        self.words, self.starts, self.ends = pieces[1::2], places[:-1:2], places[1::2]
        self.gaps = pieces[:-1:2]  # what stands before each word
        self.kinds = list(map(kind, self.words))
        self.capital = [word[0].isupper() for word in self.words]
        if "d'" in text or "d’" in text:
            self.capital = [large or _is_elided(word) for large, word in zip(self.capital, self.words, strict=True)]
        self.doubtful = False
        upper = sum(len(w) for w in self.words if w.isupper() and len(w) > 1) if _SHOUT.search(text) else 0
        self.shouted = upper > 8 and upper > 0.6 * sum(map(len, self.words))

    @cached_property
    def protected(self) -> list[tuple[int, int]]:
        lower = self.text.lower()
        if not any(map(lower.__contains__, _IN_PHRASES)) and not _SAINT.search(lower):
            return []
        return [m.span() for m in _PHRASES.finditer(self.text)]

    def starts_sentence(self, i: int) -> bool:
        start = self.starts[i]
        return i == 0 or bool(_SENTENCE_END.search(self.text[max(0, start - 12) : start]))

    def before(self, i: int) -> str:
        start = self.starts[i]
        return self.text[max(0, start - 26) : start]

    def follows(self, i: int, words: frozenset[str]) -> bool:
        """Whether nothing but white space stands between word i and one of these."""
        if i == 0 or not self.gaps[i].isspace():
            return False
        first, *rest = _PARTS.split(self.words[i - 1].lower())
        return rest[-1] in words if rest else first in words and not _GLUED.search(self.gaps[i - 1])

    def is_followed(self, i: int, words: frozenset[str]) -> bool:
        """Whether only a space stands between word i and one of these."""
        return i + 1 < len(self.words) and self.words[i + 1] in words and self.adjacent(i + 1)

    def no_person(self, i: int) -> bool:
        return self.words[i][0] == "[" or bool(self.kinds[i] & NO_PERSON) or self._is_protected(i)

    def _is_protected(self, i: int) -> bool:
        return any(a <= self.starts[i] and self.ends[i] <= b for a, b in self.protected)

    def adjacent(self, i: int) -> bool:
        """Whether only a space stands between word i and the one before."""
        return self.gaps[i] in _ADJACENT

    def extend(self, i: int) -> int:
        """The last word of a name that starts at word i: particles and capitalised words that follow."""
        last, j, names = i, i + 1, 0
        while j < len(self.words) and names < 4 and self.adjacent(j) and not self._ends_sentence(j):
            if self.kinds[j] & PARTICLE:
                if not self.leads_to_name(j):
                    break
            elif self._continues(j):
                last, names = j, names + 1
            else:
                break
            j += 1
        return last

    def _continues(self, j: int) -> bool:
        what = self.kinds[j]
        if self.capital[j] and not self.shouted and self.words[j][0] != "[":
            place = what & STREET or (what & HARMLESS and not what & SURNAME)
            if not place and not self._is_protected(j):
                return True
        after_particle = self.kinds[j - 1] & PARTICLE
        return bool(what & (SURNAME if after_particle else SURNAME_CLEAR))

    def _ends_sentence(self, j: int) -> bool:
        return "." in self.gaps[j] and len(self.words[j - 1]) > 2

    def leads_to_name(self, j: int) -> bool:
        """Whether the particle at word j, with those after it, stands before a surname."""
        kinds, k = self.kinds, j + 1
        while k < len(kinds) and kinds[k] & PARTICLE and self.adjacent(k):
            k += 1
        if k >= len(kinds) or not (kinds[k] & SURNAME or self.capital[k]) or not self.adjacent(k):
            return False
        return bool(kinds[k] & SURNAME) or self._continues(k)

    def opens_street(self, i: int) -> bool:
        """Whether word i belongs to the street behind it ("Lange Geldersekade", "Dr. Kuyperweg")."""
        k = i + 1
        return k < len(self.words) and bool(self.kinds[k] & STREET) and self.capital[k] and self.adjacent(k)

    def is_street(self, first: int, last: int) -> bool:
        """Whether what looks like a name belongs to a street or an institution ("Jan Steenlaan", "Pietje Bell school")."""
        if _STREET_AFTER.match(self.text, self.ends[last]):
            return True
        k = last + 1
        while k < min(last + 3, len(self.words)) and self.adjacent(k):
            if not (self.capital[k] or self.kinds[k] & PARTICLE):
                break
            if self.kinds[k] & STREET:
                return True
            k += 1
        return any(self.kinds[k] & STREET for k in range(first, last + 1))


def mask_names(text: str) -> tuple[str, bool]:
    """The text with names of people as [naam]; and whether someone should look at what is left."""
    work = _Text(_INITIALS.sub(_initials, text) if "." in text else text)
    out: list[str] = []
    end = after = 0
    follows = [bool(what & MAY_FOLLOW) or large for what, large in zip(work.kinds, work.capital, strict=True)]
    follows.append(False)
    for i, (what, large) in enumerate(zip(work.kinds, work.capital, strict=True)):
        # Most words are passed over here.
        if i < after or not (large or (what & MAY_START and (follows[i + 1] or not what & PARTICLE))):
            continue
        last = _name_at(work, i)
        if last is not None:
            out += [work.text[end : work.starts[i]], NAME]
            end, after = work.ends[last], last + 1
    return "".join([*out, work.text[end:]]), work.doubtful


def _initials(found: re.Match[str]) -> str:
    last = re.split(r"[\s.]", found[0])[-1]
    return found[0] if kind(last) & NO_PERSON else NAME


def _name_at(work: _Text, i: int) -> int | None:
    """The last word of the name that starts at word i; None when no name starts there."""
    word, what, capital = work.words[i], work.kinds[i], work.capital[i]
    if what & PARTICLE and not (capital and what & FIRST and not work.starts_sentence(i)):
        return _surname_at(work, i, capital=capital)
    if capital and work.opens_street(i):
        return None
    before = work.before(i)
    month = word.lower() == "jan" and before.rstrip(" -.")[-1:].isdigit()
    if month or work.no_person(i) or not _is_name(work, i, before):
        return None
    last = work.extend(i)
    return None if work.is_street(i, last) else last


def _cued(before: str) -> bool:
    """Whether words that announce a name stand right before it."""
    ends = before.rstrip(_CUE_TAIL)
    return ends != before and ends.lower().endswith(CUE_ENDS) and _CUES.search(before) is not None


def _surname_at(work: _Text, i: int, *, capital: bool) -> int | None:
    """A surname with its particle: "mevrouw de Vries", "meneer van dijk", "familie El Amrani", "door De Jong"."""
    if not work.leads_to_name(i):
        return None
    before = work.before(i)
    last = work.extend(i)
    if work.is_street(i, last):
        return None
    if _cued(before) and (capital or _TITLE.search(before)):
        return last
    inside = capital and not work.starts_sentence(i) and not work.follows(i, _PLACE_BEFORE)
    return last if inside and work.kinds[last] & SURNAME else None


def _is_name(work: _Text, i: int, before: str) -> bool:
    word, what = work.words[i], work.kinds[i]
    cued = _cued(before)
    if work.shouted:
        clear = bool(what & (FIRST if cued else FIRST_CLEAR))
        work.doubtful |= clear
        return clear
    if not work.capital[i]:
        said = bool(what & FIRST and _SAYS_NAME.search(before)) and word not in ("ben", "bang", "door")
        titled = bool(what & SURNAME_CLEAR and _TITLE.search(before))
        return said or titled or bool(what & FIRST_CLEAR and (cued or len(word) >= 4))
    inside = cued or not work.starts_sentence(i)
    if cued or what & (FIRST if inside else FIRST_CLEAR) or (inside and work.is_followed(i, _SAID_AFTER)):
        return True
    if what & FIRST:  # "Mark staat voor markt", but "Mark de Boer"
        last = work.extend(i)
        listed = last > i and bool(work.kinds[last] & SURNAME)
        work.doubtful |= not listed and (last > i or work.is_followed(i, _DID))
        return listed
    if inside and what & SURNAME and not work.follows(i, _PLACE_BEFORE):
        return True
    if inside and len(word) > 1 and not word.isupper() and work.follows(i, _DOUBT_BEFORE):
        work.doubtful = True
    return False
