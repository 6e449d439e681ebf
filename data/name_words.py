"""What a word of a text can be: part of a name, a street, a place; from lists of first names, surnames and what is neither."""

import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise
from typing import Final

_PARTICLES: Final = frozenset(
    ("van", "de", "der", "den", "het", "ten", "ter", "te", "el", "al", "ben", "bin", "ibn", "von", "da", "dos", "do")
    + ("la", "le", "'t", "op", "in", "'s", "d", "du", "di")
)
_LETTERS: Final = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "s", "æ": "a", "œ": "o", "’": "'"})

_STREET: Final = re.compile(
    r"(?:straat|straatje|laan|plein|weg|kade|singel|park|haven|gracht|steeg|pad|markt|brug|plantsoen|dreef|baan|poort|wal"
    r"|plaats|kwartier|college|lyceum|school|gymnasium|kerk|station|wijk|buurt|stad|tunnel|flat|toren|center|centrum|pas"
    r"|viaduct|rotonde|polder|polders)$"
)
_TOPONYM: Final = re.compile(r"(?:dijk|hof|ring|tuin|hoeve|veld|burg|hal|huis|oord|waard)$")  # surnames end so too

# The last words of what announces a name (data.personal_names).
CUE_ENDS: Final = (
    *("is", "was", "naam", "ben", "heet", "heette", "heten", "hete", "genaamd", "genoemd", "zich", "hem"),
    *("haar", "naar", "meneer", "mijnheer", "menheer", "mevrouw", "meester", "juf", "juffrouw", "dhr"),
    *("mevr", "mw", "hr", "dr", "drs", "ir", "mr", "prof", "dokter", "oom", "tante", "opa", "oma", "buurman"),
    *("buurvrouw", "buurjongen", "buurmeisje", "collega", "vriend", "vriendin", "vriendje", "vriendinnetje"),
    *("zoon", "zoontje", "dochter", "dochtertje", "broer", "broertje", "zus", "zusje", "neef", "neefje"),
    *("nicht", "nichtje", "agent", "wijkagent", "boa", "handhaver", "docent", "docente", "leraar", "lerares"),
    *("mentor", "conciërge", "trainer", "coach", "chef", "manager", "klasgenoot", "klasgenote", "teamgenoot"),
    *("huisgenoot", "kennis", "ex", "man", "moeder", "vader", "mama", "papa", "kind", "baas", "stagiair"),
    *("stagiaire", "groet", "groeten", "groetjes", "mvg", "getekend", "namens", "familie", "fam", "ene"),
    *("zekere", "g"),  # the latter of m.v.g., and only as a word
)


# What a word can be, as bits (plain ints: a million texts pass here). CLEAR: it is no ordinary word besides.
FIRST: Final = 1
FIRST_CLEAR: Final = 2
SURNAME: Final = 4
SURNAME_CLEAR: Final = 8
HARMLESS: Final = 16  # a place, brand, month …
STREET: Final = 32
PARTICLE: Final = 64
TITLE: Final = 128
TOPONYM: Final = 256
NO_PERSON: Final = HARMLESS | STREET | TOPONYM
MAY_START: Final = FIRST | SURNAME_CLEAR | PARTICLE  # of a name, without a capital too
MAY_FOLLOW: Final = SURNAME | PARTICLE  # a particle, without a capital too

_TITLES: Final = frozenset(
    ("meneer", "mijnheer", "mevrouw", "meester", "juf", "dhr", "mevr", "mw", "familie", "fam", "heet", "heette")
    + ("naam", "genaamd", "noemt", "noemde")
)


@cache
def _list(file: str) -> tuple[frozenset[str], frozenset[str]]:
    """All words of a list, and those that are no ordinary words besides."""
    lines = resources.files("data").joinpath(file).read_text(encoding="utf-8").splitlines()
    words = [word for line in lines if not line.startswith("#") for word in line.split()]
    marked = {w.rstrip("*") for w in words if w.endswith("*")}
    every = frozenset(w.rstrip("*") for w in words)
    return every, every - marked


@lru_cache(maxsize=100_000)
def _bare(word: str) -> str:
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.casefold().translate(_LETTERS))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@lru_cache(maxsize=100_000)
def kind(word: str) -> int:
    """What a word, in any case, can be, as bits: by itself, without a possessive s, or by the first part of a double name."""
    bare = _bare(word)
    forms = {bare, bare.removesuffix("'s"), bare.removesuffix("'")}
    if len(bare) > 4:
        forms.add(bare.removesuffix("s"))
    first, _, rest = bare.partition("-")
    if len(rest) > 1:
        forms.add(first)
    found = 0
    for file, listed, clear in (
        ("first_names.txt", FIRST, FIRST_CLEAR),
        ("surnames.txt", SURNAME, SURNAME_CLEAR),
    ):
        every, plain = _list(file)
        found |= listed if not forms.isdisjoint(every) else 0
        found |= clear if not forms.isdisjoint(plain) else 0
    if bare in _list("not_names.txt")[0]:
        found |= HARMLESS
    if len(bare) > 5 and _STREET.search(bare):
        found |= STREET
    if len(bare) > 5 and _TOPONYM.search(bare):
        found |= TOPONYM
    if bare in _PARTICLES:
        found |= PARTICLE
    if bare in _TITLES:
        found |= TITLE
    return found


@lru_cache(maxsize=100_000)
def asks_later(word: str) -> bool:
    """Whether a word anywhere but at the start of a text asks for a closer look."""
    what = kind(word)
    if word[0].isupper():
        return not what & NO_PERSON
    return bool(what & TITLE or (what & FIRST_CLEAR and len(word) >= 4))


def asks_first(word: str) -> bool:
    """Whether a word at the start of a text asks for a closer look."""
    return bool(kind(word) & (FIRST | TITLE))


@lru_cache(maxsize=100_000)
def announces(word: str) -> bool:
    """Whether a word may announce a name: what stands behind it can be one in small letters too ("ik ben jan")."""
    return word.lower() in CUE_ENDS or (len(word) > 1 and word.lower().endswith(CUE_ENDS[:-1]))


def announced(word: str) -> bool:
    """Whether a word is a name where one is announced."""
    return bool(kind(word) & FIRST)


def may_name(words: list[str]) -> bool:
    """Whether a text of these words can hold a name at all: cheap, and true too often rather than too seldom."""
    if not words:
        return False
    if asks_first(words[0]) or any(map(asks_later, words[1:])):
        return True
    return any(announces(before) and announced(word) for before, word in pairwise(words))
