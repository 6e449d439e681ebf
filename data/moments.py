"""When it happened: dates and times as text in, a local day and minute out. Day always before month.

Every distinct text is read once. The commonest fixed shapes are read as arrays of digits, all else one by one.
"""

import re
from dataclasses import dataclass, fields
from typing import Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.texts import Texts

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Days = NDArray[np.datetime64]

ZONE: Final = "Europe/Amsterdam"
_DAY_SECONDS: Final = 86_400
_CHUNK: Final = 200_000

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january",
            "feb febr februari february",
            "mrt maart mar march",
            "apr april",
            "mei may",
            "jun juni june",
            "jul juli july",
            "aug augustus august",
            "sep sept september",
            "okt oktober oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_TIME_TAIL = r"(?:(?:\s*,\s*|\s+(?:om\s+)?|t)(?P<time>\S.*))?"
_DAY_FIRST = re.compile(
    r"(?P<d>[0-9]{1,2})(?P<sep>[-/.])(?P<m>[0-9]{1,2})(?P=sep)(?P<y>[0-9]{4}|[0-9]{2})" + _TIME_TAIL
)
_YEAR_FIRST = re.compile(r"(?P<y>[0-9]{4})(?P<sep>[-/.])(?P<m>[0-9]{1,2})(?P=sep)(?P<d>[0-9]{1,2})" + _TIME_TAIL)
_NAMED = re.compile(r"(?P<d>[0-9]{1,2})[\s.-]+(?P<m>[a-z]{3,9})\.?[\s.-]+(?P<y>[0-9]{4}|[0-9]{2})" + _TIME_TAIL)
_SERIAL = re.compile(r"(?P<day>[2-7][0-9]{4})(?:[.,](?P<part>[0-9]+))?")
_FRACTION = re.compile(r"0?(?:,[0-9]+|\.(?:[0-9]|[6-9][0-9]|[0-9]{3,}))")  # "0.30" is half past midnight
_CLOCK = re.compile(
    r"(?P<h>[0-9]{1,2})\s*(?:[:.]\s*(?P<m>[0-9]{2})(?:[:.](?P<s>[0-9]{2})(?:[.,][0-9]+)?)?\s*(?:u|uur|h)?"
    r"|\s*(?:u|h)\s*(?P<m2>[0-9]{2})?|\s*uur(?:\s+(?P<m3>[0-9]{2}))?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>z|utc|gmt|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_PACKED = re.compile(r"(?P<h>[0-9]{2})(?P<m>[0-9]{2})")
_VAGUE = re.compile(
    r"[?\-–—./0]+|onbekend.*|onb\.?|n\.?[vb]\.?t?\.?|nvt|geen|leeg|unknown|weet\s.*|niet\s.*|.*\?"
    r"|(?:ca|circa|rond|ongeveer|omstreeks|±|~|plm|tussen|na|voor|vanaf|begin|eind|laat|vroeg)(?![a-z]).*"
    r"|[0-9:.u]+\s*(?:-|–|tot|à|a|en)\s*[0-9:.u]+.*"
    r"|(?:'s|’s|in de|de hele|hele|einde?)?\s*(?:ochtend|ochtends|morgens?|middags?|avonds?|nachts?|namiddag|overdag|dag|middernacht)s?\b.*"
)


@dataclass(frozen=True, kw_only=True)
class Moments:
    """One entry per row. day: local midnight, NaT where there is none. second: local second of the day, NaN unknown.

    The masks say why: missing and unreadable concern the date; bad_time a time that is none (25:99); vague a time that
    is not known ("ca. 23u", a bare date); next_day 24:00; twice and never the hours of the clock change; zoned: the
    text named its offset from UTC.
    """

    day: Days
    second: Floats
    missing: Bools
    unreadable: Bools
    bad_time: Bools
    vague: Bools
    next_day: Bools
    twice: Bools
    never: Bools
    zoned: Bools

    def take(self, codes: NDArray[np.intp]) -> Self:
        """The entries at these positions."""
        return type(self)(**{f.name: getattr(self, f.name)[codes] for f in fields(self)})

    @property
    def minute(self) -> Floats:
        """Local minute of the day, 0..1439; NaN where the time is not known."""
        return np.asarray(np.floor(self.second / 60.0))

    @property
    def moment(self) -> Days:
        """Day and time together; midnight where the time is not known."""
        seconds = np.where(np.isnan(self.second), 0, self.second).astype("timedelta64[s]")
        moment: Days = self.day.astype("datetime64[s]") + seconds
        return moment


def read_moments(
    dates: pd.Series | Texts, times: pd.Series | Texts | None = None, *, epoch_1904: bool = False
) -> Moments:
    """Moments from a column of dates (with or without a time in the cell) and perhaps a column of times; stripped text."""
    dates = Texts.of(dates) if isinstance(dates, pd.Series) else dates
    times = Texts.of(times) if isinstance(times, pd.Series) else times
    codes = dates.codes
    parts = _Parts.read(dates.distinct.to_numpy(object), epoch_1904=epoch_1904)
    day, second, status, zoned = parts.local()
    day, second, status, zoned = day[codes], second[codes], status[codes], zoned[codes]
    if times is not None:
        own_second, own_status = _read_times(times.distinct.tolist(), column=True)
        own_second, own_status = own_second[times.codes], own_status[times.codes]
        # A date cell of its own may carry a time too; the column made for times decides, unless it is silent.
        dated_time = np.isfinite(second) & (second != 0)
        use = ~((own_status == _NONE) & dated_time)
        second, status = np.where(use, own_second, second), np.where(use & (status != _BAD_DATE), own_status, status)
        zoned = zoned & ~use
    return _moments(day, second, status, zoned, dates.blank)


_NONE, _GIVEN, _VAGUE_TIME, _BAD_TIME, _BAD_DATE = range(5)


def _moments(day: Days, second: Floats, status: Ints, zoned: Bools, empty: Bools) -> Moments:
    unreadable = (status == _BAD_DATE) & ~empty
    has_day = ~np.isnat(day)
    given = has_day & (status == _GIVEN)
    second = np.where(given, second, np.nan)
    with np.errstate(invalid="ignore"):
        next_day = given & (second >= _DAY_SECONDS)
    second = np.where(next_day, 0.0, second)
    day = np.where(next_day, day + np.timedelta64(1, "D"), day)
    never, twice = clock_change(day, second)
    return Moments(
        day=day,
        second=second,
        missing=empty,
        unreadable=unreadable,
        bad_time=has_day & (status == _BAD_TIME),
        vague=has_day & ((status == _NONE) | (status == _VAGUE_TIME)),
        next_day=next_day,
        twice=twice & ~zoned,
        never=never & ~zoned,
        zoned=zoned,
    )


def clock_change(day: Days, second: Floats) -> tuple[Bools, Bools]:
    """The hour from 2:00 that does not exist (last Sunday of March) and the one that comes twice (of October)."""
    with np.errstate(invalid="ignore"):
        hour = np.flatnonzero((second >= 7200) & (second < 10_800) & ~np.isnat(day))
    day = day[hour]
    months = day.astype("datetime64[M]").astype(np.int64) % 12
    of_month = (day - day.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1
    sunday = (day.astype(np.int64) + 3) % 7 == 6  # day 0 of the epoch was a Thursday
    last_sunday = sunday & (of_month >= 25)
    never, twice = np.zeros(len(second), dtype=bool), np.zeros(len(second), dtype=bool)
    never[hour], twice[hour] = last_sunday & (months == 2), last_sunday & (months == 9)
    return never, twice


@dataclass(frozen=True)
class _Parts:
    """Distinct texts taken apart: year, month, day of month; second of the day; minutes east of UTC (NaN: local)."""

    year: Ints
    month: Ints
    of_month: Ints
    second: Floats
    offset: Floats
    status: Ints

    @classmethod
    def read(cls, texts: NDArray[np.object_], *, epoch_1904: bool) -> Self:
        """Fixed shapes as arrays, the rest one by one."""
        n = len(texts)
        parts = cls(
            np.zeros(n, dtype=np.int64),
            np.zeros(n, dtype=np.int64),
            np.zeros(n, dtype=np.int64),
            np.full(n, np.nan),
            np.full(n, np.nan),
            np.full(n, _BAD_DATE, dtype=np.int64),
        )
        for start in range(0, n, _CHUNK):
            part = slice(start, min(start + _CHUNK, n))
            read = parts._fixed(texts[part], start)
            for i in np.flatnonzero(~read) + start:
                parts._one(int(i), str(texts[i]), epoch_1904=epoch_1904)
        return parts

    def _fixed(self, texts: NDArray[np.object_], start: int) -> Bools:
        """dd-mm-yyyy and yyyy-mm-dd, alone or with hh:mm or hh:mm:ss after a space or T, perhaps with Z."""
        width = 20
        cells = np.asarray(texts, dtype=f"U{width + 1}")
        letters = cells.view(np.uint32).reshape(len(cells), width + 1)
        length = (letters != 0).sum(axis=1)
        digit = (letters >= 48) & (letters <= 57)
        value = letters.astype(np.int64) - 48

        def number(start: int, stop: int) -> tuple[Ints, Bools]:
            total = np.zeros(len(cells), dtype=np.int64)
            for i in range(start, stop):
                total = total * 10 + value[:, i]
            return total, np.asarray(digit[:, start:stop].all(axis=1))

        done = np.zeros(len(cells), dtype=bool)
        for y, m, d in ((slice(6, 10), slice(3, 5), slice(0, 2)), (slice(0, 4), slice(5, 7), slice(8, 10))):
            first, second = sorted((y.stop, m.stop, d.stop))[:2]
            same = letters[:, first] == letters[:, second]
            dated = same & np.isin(letters[:, first], [ord(c) for c in "-/."])
            found = [number(s.start, s.stop) for s in (y, m, d)]
            dated &= found[0][1] & found[1][1] & found[2][1]
            zulu = (letters[:, 16] == ord("Z")) & (length == 17) | (letters[:, 19] == ord("Z")) & (length == 20)
            hour, minute, sec = number(11, 13), number(14, 16), number(17, 19)
            joined = np.isin(letters[:, 10], [ord(c) for c in " Tt"]) & (letters[:, 13] == ord(":"))
            timed = joined & hour[1] & minute[1] & (minute[0] < 60) & (hour[0] < 24)
            long = (length - zulu == 19) & (letters[:, 16] == ord(":")) & sec[1] & (sec[0] < 60)
            timed &= (length - zulu == 16) | long
            take = np.flatnonzero(~done & dated & ((length == 10) | timed))
            to = take + start
            self.year[to], self.month[to], self.of_month[to] = (f[0][take] for f in found)
            clock = hour[0] * 3600 + minute[0] * 60 + np.where(long, sec[0], 0)
            with_time = timed[take]
            self.second[to] = np.where(with_time, clock[take], np.nan)
            self.offset[to] = np.where(with_time & zulu[take], 0.0, np.nan)
            # A program writes a bare date as midnight to the second: that is no time.
            bare = long[take] & (clock[take] == 0) & ~zulu[take]
            self.status[to] = np.where(with_time & ~bare, _GIVEN, _NONE)
            done[take] = True
        return done

    def _one(self, i: int, text: str, *, epoch_1904: bool) -> None:
        text = text.lower()
        if serial := _SERIAL.fullmatch(text):
            self._serial(i, serial, epoch_1904=epoch_1904)
            return
        found = _DAY_FIRST.fullmatch(text) or _YEAR_FIRST.fullmatch(text) or _NAMED.fullmatch(text)
        month = (int(found["m"]) if found["m"].isdigit() else _MONTHS.get(found["m"])) if found else None
        if found is None or month is None:
            return
        year = int(found["y"])
        if len(found["y"]) == 2:
            year += 2000 if year < 50 else 1900
        self.year[i], self.month[i], self.of_month[i] = year, month, int(found["d"])
        self.second[i], self.status[i], self.offset[i] = _clock(found["time"] or "", column=False)

    def _serial(self, i: int, found: re.Match[str], *, epoch_1904: bool) -> None:
        """A spreadsheet's day number: days since 30-12-1899, or since 1-1-1904."""
        epoch = np.datetime64("1904-01-01" if epoch_1904 else "1899-12-30")
        seconds = round(float(f"0.{found['part'] or 0}") * _DAY_SECONDS)
        day = epoch + np.timedelta64(int(found["day"]) + seconds // _DAY_SECONDS, "D")
        year, month, of_month = str(day).split("-")
        self.year[i], self.month[i], self.of_month[i] = int(year), int(month), int(of_month)
        if seconds % _DAY_SECONDS:
            self.second[i], self.status[i] = seconds % _DAY_SECONDS, _GIVEN
        else:
            self.status[i] = _NONE

    def local(self) -> tuple[Days, Floats, Ints, Bools]:
        """Day, second, status and zoned, in local time. A day that does not exist (31-02) is no date."""
        months = ((self.year - 1970) * 12 + self.month - 1).astype("datetime64[M]")
        days = months.astype("datetime64[D]") + (self.of_month - 1)
        valid = (self.month >= 1) & (self.month <= 12) & (self.of_month >= 1) & (days.astype("datetime64[M]") == months)
        valid &= (self.status != _BAD_DATE) & (self.year >= 1)
        status: Ints = np.where(valid, self.status, _BAD_DATE)
        day: Days = np.where(valid, days, np.datetime64("NaT"))
        zoned: Bools = valid & np.isfinite(self.offset) & (status == _GIVEN)
        second = self.second.copy()
        if zoned.any():
            utc = day[zoned].astype("datetime64[s]") + (second[zoned] - self.offset[zoned] * 60).astype(
                "timedelta64[s]"
            )
            local = pd.DatetimeIndex(utc, tz="UTC").tz_convert(ZONE).tz_localize(None).to_numpy("datetime64[s]")
            day[zoned] = local.astype("datetime64[D]")
            second[zoned] = (local - local.astype("datetime64[D]")).astype("timedelta64[s]").astype(float)
        return day, second, status, zoned


def _read_times(texts: list[str], *, column: bool) -> tuple[Floats, Ints]:
    read = [_clock(text.lower(), column=column) for text in texts]
    return np.array([r[0] for r in read], dtype=float), np.array([r[1] for r in read], dtype=np.int64)


def _clock(text: str, *, column: bool) -> tuple[float, int, float]:
    """Second of the day, status and offset of a lower-case time. column: it stood in a column of its own."""
    if not text:
        return np.nan, _NONE, np.nan
    if column:
        if _FRACTION.fullmatch(text):  # a spreadsheet's part of a day
            return float(round(float(text.replace(",", ".")) * _DAY_SECONDS)), _GIVEN, np.nan
        if dated := _YEAR_FIRST.fullmatch(text):  # a time cell that a spreadsheet dressed up as a moment
            text = dated["time"] or ""
    found = _CLOCK.fullmatch(text) or _PACKED.fullmatch(text)
    if found is None or (text.isdigit() and len(text) < 4):
        return (np.nan, _VAGUE_TIME if _VAGUE.fullmatch(text) else _BAD_TIME, np.nan)
    total, zone, to_the_second = _reading(found.groupdict())
    span = zone and (column or (zone[0] == "-" and not to_the_second))  # "22:00-23:00" bears no offset
    if total is None or span:
        return np.nan, _VAGUE_TIME if _VAGUE.fullmatch(text) else _BAD_TIME, np.nan
    if not column and total == 0 and to_the_second and not zone:
        return np.nan, _NONE, np.nan  # how a program writes a bare date
    return float(total), _GIVEN, _offset(zone)


def _reading(parts: dict[str, str | None]) -> tuple[int | None, str, bool]:
    """Second of the day (None: no such time), offset as text, and whether seconds were given."""
    hour, second = int(parts["h"] or 0), parts.get("s")
    minute = int(parts["m"] or parts.get("m2") or parts.get("m3") or 0)
    zone, half = parts.get("zone") or "", parts.get("half")
    if half and not 1 <= hour <= 12:
        return None, zone, False
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    total = hour * 3600 + minute * 60 + int(second or 0)
    valid = minute <= 59 and int(second or 0) <= 59 and total <= _DAY_SECONDS
    return total if valid else None, zone, second is not None


def _offset(zone: str) -> float:
    if not zone:
        return np.nan
    if zone[0] not in "+-":
        return 0.0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return (int(digits[:2]) * 60 + int(digits[2:])) * (-1.0 if zone[0] == "-" else 1.0)
