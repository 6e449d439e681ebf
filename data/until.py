"""Until when it may have happened: the end of a moment that is known by from–to, judged beside its begin."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data import free_text
from data import import_reasons as why
from data.columns import Columns, Mapping
from data.findings import Findings
from data.moments import Moments, clock_change, read_moments
from data.reasons import Reason
from data.texts import Cells, Texts

MOST_HOURS: Final = 24  # a longer span says nothing about the time of day
_ROLES: Final = ("tot", "datum_tot")
_FEW: Final = 5  # from so many rows on a column is judged as a whole

_DRESSED: Final = np.datetime64("1904-01-01")  # a spreadsheet writes a bare time as a moment of this day or before
_LIKE_A_DAY: Final = r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{2}"

Bools = NDArray[np.bool_]
Ends = NDArray[np.datetime64]


@dataclass(frozen=True, kw_only=True)
class Until:
    """ends: datetime64[s] (n,), NaT where a report has one moment, or none; twice: those in the hour that comes twice.

    columns: the file's, without a column that proved to be no end of what happened.
    """

    ends: Ends
    twice: Bools
    columns: Columns


@dataclass(frozen=True, kw_only=True)
class _Read:
    """Ends as they stand, (n,). given: a cell holds something. dated: the end has a day of its own. vague: "ca. 23u"."""

    end: Moments
    given: Bools
    dated: Bools
    bad: Bools
    vague: Bools


def read_until(
    cells: Cells, columns: Columns, event: Moments, *, mapping: Mapping, today: np.datetime64, found: Findings
) -> Until:
    """The ends of moments; the time of ``event`` becomes unknown where its end is, or lies more than a day later.

    An end without a day is the first such time after the begin. Equal to the begin it is no end. A column of ends that
    knows no times, or of which most lie over a day away (a case's closing date), is not used, unless a mapping names it.
    """
    none = Until(ends=np.full(cells.n, np.datetime64("NaT", "s")), twice=np.zeros(cells.n, dtype=bool), columns=columns)
    names = [name for role in _ROLES if (name := columns.get(role))]
    if not names or not (columns.get("datum") or columns.get("datum_tijd")):
        return none
    read = _read(cells, columns, event)
    end, timed = read.end, np.isfinite(read.end.second)
    if not read.given.any():
        return none
    if not (timed[read.given].any() or read.bad.any()) or _all_midnight(end, read.given):
        found.note(why.UNTIL_WITHOUT_TIMES)
        return replace(none, columns=_without(columns, names))
    start = _stamp(event)
    ends = _stamp(end)
    ends = np.where(read.given & ~read.dated & (ends < start), ends + np.timedelta64(1, "D"), ends)
    before, long = ends < start, ends - start > np.timedelta64(MOST_HOURS, "h")  # NaT compares false
    odd = int((before | long).sum())
    if (
        odd >= _FEW
        and 2 * odd > int((~np.isnat(ends) & ~np.isnat(start)).sum())
        and not mapping.columns.keys() & _ROLES
    ):
        found.note(why.UNTIL_OTHER)
        return replace(none, columns=_without(columns, names))
    begun = ~np.isnat(event.day)
    later = read.dated & (end.day > event.day)
    unknown = begun & read.given & ~read.bad & ~timed & (later | read.vague)
    shown = cells.texts("tot" if columns.get("tot") else "datum_tot")

    def tell(reason: Reason, mask: Bools) -> None:
        found.add(reason, mask, column=names[0], values=shown, show=free_text.seen_figure)

    tell(why.UNREADABLE_UNTIL, begun & read.bad)
    tell(why.UNTIL_BEFORE, before)
    tell(why.LONG_SPAN, long)
    tell(why.TIME_UNKNOWN, unknown & np.isfinite(event.second))
    day = ends.astype("datetime64[D]")
    never, twice = clock_change(day, (ends - day) / np.timedelta64(1, "s"))
    never, twice = never & ~end.zoned, twice & ~end.zoned
    tell(why.MISSING_HOUR, never)
    tell(why.AMBIGUOUS_TIME, twice & ~event.twice)
    tell(why.FUTURE_DATE, ~before & ~long & (ends > today + np.timedelta64(1, "D")))
    event.second[long | unknown] = np.nan
    return Until(
        ends=np.where((ends > start) & ~long & ~never, ends, np.datetime64("NaT", "s")),
        twice=twice,
        columns=columns,
    )


def _read(cells: Cells, columns: Columns, event: Moments) -> _Read:
    """Every end with its day: its own, that of the column of days, else that of the begin."""
    ends, days = cells.texts("tot"), cells.texts("datum_tot")
    begin = pd.Series(np.datetime_as_string(event.day.astype("datetime64[D]")), dtype="str")
    begin[np.isnat(event.day)] = ""
    day_given = ~days.blank
    if day_given.any():
        begin[day_given] = days.at(np.flatnonzero(day_given)).to_numpy()
    whole, joined = read_moments(ends), read_moments(Texts.of(begin), ends)
    own = whole.day > _DRESSED
    end = Moments(**{name: np.where(own, getattr(whole, name), getattr(joined, name)) for name in vars(whole)})
    given = ~ends.blank | day_given
    no_day = ~own & ends.where(lambda texts: texts.str.match(_LIKE_A_DAY).to_numpy(bool)) & np.isnat(whole.day)
    bad = given & (end.bad_time | no_day | (~own & joined.unreadable))
    vague = ~own & joined.vague & ~ends.blank
    return _Read(end=end, given=given, dated=own | day_given, bad=bad, vague=vague)


def _stamp(moments: Moments) -> Ends:
    """Moments to the minute (datetime64[s]); NaT where day or time is unknown."""
    known = np.isfinite(moments.second) & ~np.isnat(moments.day)
    stamps = np.full(len(known), np.datetime64("NaT", "s"))
    minutes = moments.minute[known].astype(np.int64) * 60
    stamps[known] = moments.day[known].astype("datetime64[s]") + minutes.astype("timedelta64[s]")
    return stamps


def _all_midnight(end: Moments, given: Bools) -> bool:
    """Whether so many ends are all at midnight that they are bare days."""
    seconds = end.second[given & np.isfinite(end.second)]
    return len(seconds) >= _FEW and not (seconds > 0).any() and not bool(end.next_day[given].any())


def _without(columns: Columns, names: list[str]) -> Columns:
    left = {role: name for role, name in columns.by_role.items() if role not in _ROLES}
    return replace(columns, by_role=left, ignored=(*columns.ignored, *names))
