"""Dutch by default, English as a choice. Message ids are the Dutch sentences; locale/en holds the English ones.

``_("…")`` translates now, ``N_("…")`` only marks a sentence for the catalogue. Numbers and dates go through Babel,
so that 1.234,5 and 3 apr. 2025 look as a Dutch reader expects.
"""

import gettext as _gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, lru_cache
from math import isfinite
from pathlib import Path

from babel import dates, numbers
from babel.dates import get_timezone

TIME_ZONE = get_timezone("Europe/Amsterdam")
LANGUAGES = ("nl", "en")
LOCALE = Path(__file__).parent / "locale"
_language: ContextVar[str] = ContextVar("language", default="nl")


@cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    return _gettext.translation("hotspotkaart", LOCALE, languages=[language], fallback=language == "nl")


def language() -> str:
    """The language of this request or command: "nl" or "en"."""
    return _language.get()


@contextmanager
def use(code: str) -> Iterator[None]:
    """Speak ``code`` inside the block; anything unknown is Dutch."""
    token = _language.set(code if code in LANGUAGES else "nl")
    try:
        yield
    finally:
        _language.reset(token)


def speak_on_console(code: str) -> None:
    """Let the command line library's own sentences be in this language too (it asks gettext's "messages" domain)."""
    _gettext.bindtextdomain("messages", LOCALE)
    _gettext.textdomain("messages")
    os.environ["LANGUAGE"] = code if code in LANGUAGES else "nl"


def _(sentence: str, **values: object) -> str:
    """The sentence in the current language, with its ``{fields}`` filled in."""
    text = _catalogue(language()).gettext(sentence)
    return text.format(**values) if values else text


def _n(one: str, many: str, n: int, **values: object) -> str:
    """``one`` or ``many`` by ``n``; ``{n}`` is filled in as a formatted number."""
    text = _catalogue(language()).ngettext(one, many, n)
    return text.format(n=number(n), **values)


def N_(sentence: str) -> str:  # noqa: N802 (gettext's own name for marking)
    """Mark a sentence for the catalogue without translating it yet."""
    return sentence


def _locale() -> str:
    return "nl_NL" if language() == "nl" else "en_GB"


def number(value: float, decimals: int = 0) -> str:
    """1234.5 as "1.234,5" or "1,234.5"."""
    return _number(value, decimals, _locale())


@lru_cache(maxsize=10_000)  # a page says thousands, most of them again and again
def _number(value: float, decimals: int, locale: str) -> str:
    plain = f"{round(value, decimals) + 0:,.{decimals}f}"  # + 0: never -0
    return plain.translate(_signs(locale))


@cache
def _signs(locale: str) -> dict[int, str]:
    """Python's own signs to a locale's: asking Babel for every number takes a fifth of a page's time."""
    return {ord(","): numbers.get_group_symbol(locale), ord("."): numbers.get_decimal_symbol(locale)}


def percent(share: float) -> str:
    """0.64 as "64%"."""
    return _percent(share, _locale())


@lru_cache(maxsize=1_000)
def _percent(share: float, locale: str) -> str:
    return str(numbers.format_percent(share, locale=locale))


LEAST_CHANCE = 0.001


def chance(value: float) -> str:
    """A p or q after its letter: "= 0,012", and "< 0,001" for what is not worth more figures; a dash for none."""
    if not isfinite(value):
        return "= –"
    return f"= {number(value, 3)}" if value >= LEAST_CHANCE else f"< {number(LEAST_CHANCE, 3)}"


def day(value: date | datetime) -> str:
    """3 apr. 2025 / 3 Apr 2025."""
    return str(dates.format_date(value, format="medium", locale=_locale()))


def moment(value: datetime) -> str:
    """3 apr. 2025 22:30 in Dutch local time."""
    return str(dates.format_datetime(value, format="d MMM y HH:mm", tzinfo=TIME_ZONE, locale=_locale()))


def weekday_names(width: str = "abbreviated") -> list[str]:
    """Monday first."""
    names = dates.get_day_names(width, locale=_locale())  # type: ignore[arg-type]  # the stubs want a literal
    return [str(names[i]) for i in range(7)]
