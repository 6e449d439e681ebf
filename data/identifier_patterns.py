"""Identifiers of a fixed form in free text: e-mail, telephone, numbers, accounts, licence plates.

Each pattern is bounded, so that no text of 10,000 characters takes long.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

EMAIL: Final = "[e-mail]"
PHONE: Final = "[telefoon]"
NUMBER: Final = "[nummer]"
BANK: Final = "[rekening]"
PLATE: Final = "[kenteken]"
ACCOUNT: Final = "[account]"
NAME: Final = "[naam]"

# Between the digits of one number: spaces, points, dashes, slashes, brackets and invisible marks.
_GAP = r"[\s.\-‐‑‒–—/()·_\u200b-\u200f\u2060\ufeff]{0,3}"
_D = r"[0-9OoIl]"  # the letters people write instead of 0 and 1

_UNITS = ("nul", "een", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen")
_VALUE = {"nul": "0", "een": "1", "één": "1", "twee": "2", "drie": "3", "vier": "4", "vijf": "5", "zes": "6"}
_VALUE |= {"zeven": "7", "acht": "8", "negen": "9"}
_TEENS = (
    *("tien", "elf", "twaalf", "dertien", "veertien"),
    *("vijftien", "zestien", "zeventien", "achttien", "negentien"),
)
_TENS = ("twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig")
_VALUE |= {word: str(10 + i) for i, word in enumerate(_TEENS)}
_VALUE |= {word: f"{i}0" for i, word in enumerate(_TENS, start=2)}
_VALUE |= {
    f"{unit}{joint}{ten}": f"{i}{_VALUE[unit]}"
    for i, ten in enumerate(_TENS, start=2)
    for unit in _UNITS[1:]
    for joint in ("en", "ën")
}
_WORD = r"(?:" + "|".join(sorted(_VALUE, key=len, reverse=True)) + r")"
_SPELLED = re.compile(
    rf"\b(?:{_WORD}|[0-9]{{1,10}})(?:[\s,.\-–]{{1,3}}(?:{_WORD}|[0-9]{{1,10}})){{3,14}}\b", re.IGNORECASE
)
_SPELLED_TIGHT = re.compile(rf"\b(?:{'|'.join(_UNITS)}){{8,12}}\b", re.IGNORECASE)

_HOSTS = (
    r"instagram|instagr|facebook|fb|tiktok|snapchat|twitter|x|linkedin|youtube|telegram|threads|reddit|pinterest|discord|"
    r"onlyfans|vk|tumblr|twitch|bsky|t|wa|m|signal"
)
_PLATFORM = (
    r"(?:insta(?:gram)?|ig|snap(?:chat)?|tik\s?tok|facebook|fb|twitter|telegram|discord|whatsapp|linkedin|youtube)"
)
_MONTHS = "jan|feb|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec"

_EMAIL = re.compile(
    r"[\w.+%'’\-]{1,64}(?:\s{0,2}@\s{0,2}|\s{0,2}[(\[{]\s?(?:at|apenstaart(?:je)?)\s?[)\]}]\s{0,2}|\sapenstaart(?:je)?\s)"
    r"[\w\-]{1,63}(?:(?:\s?\.\s?|\spunt\s|\s?[(\[]\s?(?:dot|punt)\s?[)\]]\s?)[\w\-]{2,63}){1,4}"
    r"|[\w.+%\-]{1,64}\s(?:at|apenstaart(?:je)?)\s[\w\-]{2,63}(?:\s?\.\s?|\s(?:punt|dot)\s)(?:nl|com|net|org|be|eu|de)\b",
    re.IGNORECASE,
)
_SOCIAL = re.compile(
    rf"(?:https?://)?(?:[a-z]{{1,10}}\.)?(?:{_HOSTS})\.(?:com|nl|be|me|net|gg|tv|app|social)/[^\s<>\"']{{1,200}}",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    rf"\b({_PLATFORM}(?:[\s\-]?(?:account|naam|handle|profiel|pagina))?(?:\s(?:van (?:hem|haar)|is|heet)){{0,2}}\s?[:=]\s?)@?[\w.\-]{{2,40}}",
    re.IGNORECASE,
)
_ON_PLATFORM = re.compile(
    rf"\b({_PLATFORM}(?:[\s\-]?(?:account|naam|handle|profiel))?(?:\s\w{{1,10}}){{0,3}}?\s)(?=[\w.]{{0,38}}[_.0-9])[a-z][\w.]{{0,38}}\w",
    re.IGNORECASE,
)
_NAMED_ACCOUNT = re.compile(
    rf"\b((?:{_PLATFORM}[\s\-]?)?(?:account|accountnaam|gebruikersnaam|username|nickname)\s(?:is|heet|was)\s|{_PLATFORM}\s(?:is|heet)\s)(?!een\b|het\b|de\b|niet\b)[\w.]{{3,40}}",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@/])@\s?[\w.]{1,39}\w")
_UNDERSCORED = re.compile(r"(?<![\w\[@])(?=[\w.]{0,40}[A-Za-z])[\w.]{1,40}_[\w.]{0,40}\w")
_IBAN = re.compile(
    r"\b[A-Z]{2}\s?[0-9]{2}[\s.\-]?[A-Z]{4}(?:[\s.\-]?[0-9]){10}\b|\b[A-Z]{2}[0-9]{2}(?:\s?[0-9A-Z]{4}){3,7}(?:\s?[0-9A-Z]{1,3})?\b",
    re.IGNORECASE,
)
_BSN = re.compile(
    r"\b((?:bsn|burgerservicenummer|sofinummer)\W{0,3}(?:is|was|nummer)?\W{0,3})[0-9](?:[\s.\-]{0,2}[0-9]){7,8}\b",
    re.IGNORECASE,
)
_MOBILE = re.compile(
    rf"(?<![\w+])(?:(?:\+|[0Oo]{{2}}){_GAP}3[1Il]{_GAP}(?:\({_GAP}[0Oo]{_GAP}\){_GAP})?|\(?[0Oo]{_GAP}|\(?)6(?:{_GAP}{_D}){{8}}(?![0-9])"
)
_LANDLINE = re.compile(
    rf"(?<![\w+])(?:(?:\+|00){_GAP}31{_GAP}(?:\({_GAP}0{_GAP}\){_GAP})?[1-9]|\(?0[1-9]|\(?O[1-9](?=[0-9O]))(?:{_GAP}{_D}){{8}}(?![0-9])"
)
_FOREIGN = re.compile(rf"(?<![\w+])(?:\+|00)[1-9][0-9]{{0,2}}(?:{_GAP}[0-9]){{7,12}}(?![0-9])")
_DATE = r"\(?[0-3]?[0-9][-/.](?:0?[1-9]|1[0-2])[-/.]"
_DATED = re.compile(
    rf"{_DATE}20[0-9]{{2}}(?![0-9])|{_DATE}[0-9]{{2}}\s+[0-9]{{1,2}}[.:][0-9]{{2}}$"
    r"|\(?20[0-9]{2}[-/.][01]?[0-9][-/.][0-3]?[0-9](?![0-9])"
)
_GROUPED = re.compile(
    r"(?<![0-9.,])(?:[0-9]{3}([ .\-])[0-9]{3}\1[0-9]{3}|[0-9]{4}([ .\-])[0-9]{2}\2[0-9]{2,3})(?![0-9])"
)
_DIGITS = re.compile(r"(?<![0-9])[0-9]{8,}(?![0-9])")

# Dutch plates, sidecodes 1 to 14: groups of letters and of digits, six signs in all; and the Belgian 1-ABC-234.
_FORMS: Final = (
    *("LL-99-99", "99-99-LL", "99-LL-99", "LL-99-LL", "LL-LL-99", "99-LL-LL", "99-LLL-9", "9-LLL-99"),
    *("LL-999-L", "L-999-LL", "LLL-99-L", "L-99-LLL", "9-LL-999", "999-LL-9", "9-LLL-999"),
)


def _form(joint: str, form: str) -> str:
    return joint.join(f"{'[A-Z]' if group[0] == 'L' else '[0-9]'}{{{len(group)}}}" for group in form.split("-"))


_DASH = r"\s?[-‐–·.]\s?"
_PLATE_DASHED = re.compile(
    r"(?<![\w-])(?=[A-Z0-9]{1,3}\s?[-‐–·.])(?:" + "|".join(_form(_DASH, form) for form in _FORMS) + r")(?![\w-])",
    re.IGNORECASE,
)
_PLATE_SPACED = re.compile(
    r"(?<![\w-])(?=[A-Z0-9]{1,3} [A-Z0-9]{1,3} [A-Z0-9])(?:"
    + "|".join(_form(" ", form) for form in _FORMS)
    + r")(?![\w-])"
)
_PLATE_TIGHT = re.compile(
    r"(?<![\w-])(?=[A-Z]{0,4}[0-9])(?=[A-Z0-9]{6}(?![\w-]))(?:"
    + "|".join(_form("", form) for form in _FORMS[:-1])
    + ")",
    re.IGNORECASE,
)
_PLATE_CUED = re.compile(
    r"\b(kenteken(?:plaat)?(?:nummer)?\s?(?:is|was|van de auto|:|=)?\s?:?\s?)"
    r"(?=[A-Z0-9\- ]{0,9}[0-9])[A-Z0-9]{1,3}(?:[- ]?[A-Z0-9]{1,3}){1,2}\b",
    re.IGNORECASE,
)
_NO_PLATE = re.compile(rf"[0-9]{{4}}\s?[A-Z]{{2}}$|.*(?:uur|min|sec|eur|dgn|mtr|{_MONTHS})", re.IGNORECASE)

# Words without which a group of patterns cannot match: looked up before any pattern is tried.
_AT_WORDS: Final = ("@", "apenstaart", "(at", "[at", "{at", "( at", "[ at", " at ")
_ACCOUNT_WORDS: Final = (
    *("insta", "snap", "tik", "facebook", "twitter", "telegram", "discord", "whatsapp", "linkedin", "youtube"),
    *(" ig", " fb", "account", "gebruikersnaam", "username", "nickname"),
)
_CUES: Final = ("apenstaart", "kenteken", *(word for word in _ACCOUNT_WORDS if word.isalpha()))
_NUMBER_WORDS: Final = ("nul", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tig")
ENOUGH: Final = 3  # number words in a text from which it may spell a number


def cue(word: str) -> int:
    """What a word counts for; when those of a text come to ENOUGH, a pattern may match in it whatever its other signs.

    Words are of letters, with apostrophes and dashes between them.
    """
    lower = word.lower()
    if lower.startswith(("at", "ig", "fb")) or any(cue in lower for cue in _CUES):
        return ENOUGH
    return sum(map(lower.count, _NUMBER_WORDS))


def normal_signs(text: str) -> str:
    """The same text with full-width and other digits and letters as plain ones; as long as it was."""
    if text.isascii():
        return text
    return "".join(c if c.isascii() else _plain_sign(c) for c in text)


def _plain_sign(sign: str) -> str:
    if sign.isdecimal():
        return str(unicodedata.digit(sign))
    # Only look-alike forms: ½ or ﬁ would change the length, é would lose its accent for the reader.
    if "\uff01" <= sign <= "\uff5e" or "\U0001d400" <= sign <= "\U0001d7ff" or sign in "﹫＠":
        plain = unicodedata.normalize("NFKC", sign)
        return plain if len(plain) == 1 else sign
    return sign


def mask_patterns(text: str) -> str:
    """The text with everything of a fixed form replaced by what it was."""
    text = normal_signs(text)
    lower = " " + text.lower()
    if any(word in lower for word in _AT_WORDS):
        text = _HANDLE.sub(ACCOUNT, _EMAIL.sub(EMAIL, text))
    if "/" in text:
        text = _SOCIAL.sub(ACCOUNT, text)
    if any(word in lower for word in _ACCOUNT_WORDS):
        for pattern in (_LABELLED, _NAMED_ACCOUNT, _ON_PLATFORM):
            text = pattern.sub(rf"\1{ACCOUNT}", text)
    if "_" in text:
        text = _UNDERSCORED.sub(ACCOUNT, text)
    if sum(map(lower.count, _NUMBER_WORDS)) >= ENOUGH:
        text = _SPELLED_TIGHT.sub(NUMBER, _SPELLED.sub(_spelled, text))
    digits = sum(map(text.count, "0123456789"))
    if digits >= 6:
        text = _mask_numbers(text)
    return _mask_plates(text, lower) if digits >= 2 else text


def _mask_numbers(text: str) -> str:
    text = _IBAN.sub(_if(_is_iban, BANK), text)
    text = _BSN.sub(rf"\1{NUMBER}", text)
    for pattern in (_MOBILE, _LANDLINE, _FOREIGN):
        text = pattern.sub(_if(_is_phone, PHONE), text)
    text = _GROUPED.sub(_if(lambda found: not _DATED.match(found), NUMBER), text)
    return _DIGITS.sub(NUMBER, text)


def _mask_plates(text: str, lower: str) -> str:
    if "kenteken" in lower:
        text = _PLATE_CUED.sub(rf"\1{PLATE}", text)
    for pattern in (_PLATE_DASHED, _PLATE_SPACED, _PLATE_TIGHT):
        text = pattern.sub(_if(lambda found: not _NO_PLATE.match(found), PLATE), text)
    return text


def _if(test: Callable[[str], bool], label: str) -> Callable[[re.Match[str]], str]:
    return lambda found: label if test(found[0]) else found[0]


def _is_iban(found: str) -> bool:
    return sum(c.isdigit() for c in found) >= 8


def _is_phone(found: str) -> bool:
    return sum(c.isdigit() for c in found) >= 6 and not _DATED.match(found)


def _spelled(found: re.Match[str]) -> str:
    """A run of number words and digits: a telephone number when it starts with 0 or 6 and is long enough."""
    words = re.findall(r"\w+", found[0].lower())
    digits = "".join(_VALUE.get(word, word) for word in words)
    if not any(word in _VALUE for word in words) or _DATED.match(found[0]):
        return found[0]
    if digits.startswith(("0", "31")) and len(digits) >= 9:
        return PHONE
    return NUMBER if len(digits) >= 8 else found[0]
