"""The ledger: what published figures are counted from. Closed quarters, each buurt apart, as they stood when frozen.

Every cell of every window is a sum of the ledger's rows, so cells frozen years apart still fit together: a year is the sum
of the quarters that were shown, not of what came in since. A quarter of a buurt is taken again only when at least
k reports changed in it; so the difference of two versions, of any cell, is about k reports or more, or about none.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.publish import CITY, Cell, quarter_number, windows
from geo.report import SEPARATOR
from geo.spans import middle_minutes

COLUMNS: Final = {"buurt": "str", "quarter": "int64", "group": "str", "part_of_day": "str", "n": "int64"}
SEVERAL: Final = "several"  # a report that names categories of more than one group
OTHER: Final = "other"  # of none
PARTS_OF_DAY: Final = ("night", "morning", "afternoon", "evening")  # six hours each, from midnight
UNKNOWN: Final = "unknown"
PART_QUARTERS: Final = (8, 4)  # windows in which a wijk's count is broken down

Place = tuple[str, int]  # a buurt's quarter


def empty() -> pd.DataFrame:
    """A ledger without rows."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in COLUMNS.items()})


def count(reports: pd.DataFrame, buurten: NDArray[np.object_], groups: Mapping[str, str]) -> pd.DataFrame:
    """Reports (geo.report.COLUMNS) counted to a ledger. buurten: each report's code, "" for none, which does not count.

    groups: category -> its group. A report without a date is in no quarter and does not count either.
    """
    dates = reports["event_date"].to_numpy()
    known = ~np.isnat(dates) & (buurten != "")
    rows = pd.DataFrame(
        {
            "buurt": buurten[known].astype(str),
            "quarter": quarter_number(dates[known]),
            "group": main_groups(reports["categories"].to_numpy(object)[known], groups),
            "part_of_day": parts_of_day(middle_minutes(reports)[known]),  # one part each: sums must be whole
        }
    )
    if rows.empty:
        return empty()
    counted = rows.groupby(list(rows.columns), sort=True).size().rename("n").reset_index()
    return counted.astype(COLUMNS)


def main_groups(cells: NDArray[np.object_], groups: Mapping[str, str]) -> NDArray[np.object_]:
    """Each report's one group: that of its categories, SEVERAL when they are of more than one, OTHER without any."""
    codes, distinct = pd.factorize(cells)

    def one(cell: str) -> str:
        found = {groups.get(name, OTHER) for name in str(cell).split(SEPARATOR) if name}
        return found.pop() if len(found) == 1 else SEVERAL if found else OTHER

    return np.asarray(np.array([one(cell) for cell in distinct], dtype=object)[codes], dtype=object)


def parts_of_day(minutes: NDArray[np.float64]) -> NDArray[np.object_]:
    """Each report's part of the day, UNKNOWN for NaN. minutes: of the day, 0…1439."""
    names = np.array([*PARTS_OF_DAY, UNKNOWN], dtype=object)
    known = np.isfinite(minutes)
    which = np.full(len(minutes), len(PARTS_OF_DAY))
    which[known] = minutes[known].astype(np.int64) // 360
    return np.asarray(names[which], dtype=object)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A ledger after taking what is new. revised: buurt quarters that were taken again."""

    ledger: pd.DataFrame
    revised: frozenset[Place]


def take(
    ledger: pd.DataFrame, now: pd.DataFrame, *, frozen: Collection[int], new: Iterable[int], k: int, keep: int
) -> Taken:
    """The ledger with new quarters added, and the buurt quarters taken again in which at least k reports changed.

    frozen: quarters in the ledger. keep: quarters before this one stay as they are, since their reports were let go of.
    """
    again = changed(ledger, now, k=k, quarters={q for q in frozen if q >= keep})
    fresh = set(new)
    index = pd.MultiIndex.from_frame(now[["buurt", "quarter"]])
    added = now[now["quarter"].isin(fresh).to_numpy() | index.isin(list(again))]
    stays = ledger[~pd.MultiIndex.from_frame(ledger[["buurt", "quarter"]]).isin(list(again))]
    whole = pd.concat([stays, added]).sort_values(["quarter", "buurt", "group", "part_of_day"], ignore_index=True)
    return Taken(ledger=whole.astype(COLUMNS), revised=again)


def changed(ledger: pd.DataFrame, now: pd.DataFrame, *, k: int, quarters: Collection[int]) -> frozenset[Place]:
    """Buurt quarters whose count differs by at least k."""
    before = ledger[ledger["quarter"].isin(quarters)].groupby(["buurt", "quarter"])["n"].sum()
    after = now[now["quarter"].isin(quarters)].groupby(["buurt", "quarter"])["n"].sum()
    change = after.sub(before, fill_value=0).abs()
    return frozenset((str(b), int(q)) for b, q in change.index[change >= k])


def counts(ledger: pd.DataFrame, wijk_of: Mapping[str, str], *, first: int, last: int) -> dict[Cell, int]:
    """Every cell of first … last (quarter numbers) that holds reports: buurten, wijken, the city; wijken also by part."""
    rows = ledger[ledger["quarter"].between(first, last) & ledger["buurt"].isin(list(wijk_of))]
    rows = rows.assign(wijk=rows["buurt"].map(wijk_of), city=CITY, none="")
    found: dict[Cell, int] = {}
    for start, quarters in windows(first, last):
        inside = rows[rows["quarter"].between(start, start + quarters - 1)]
        asked = [("city", "none"), ("wijk", "none"), ("buurt", "none")]
        if quarters in PART_QUARTERS:
            asked += [("wijk", "group"), ("wijk", "part_of_day")]
        for place, part in asked:
            label = named(part)
            summed = inside.groupby([place, part], as_index=False)["n"].sum()
            for where, what, n in summed[[place, part, "n"]].itertuples(index=False):
                found[Cell(str(where), start, quarters, label(what))] = int(n)
    return found


def named(part: str) -> Callable[[str], str]:
    """How a breakdown's values are told apart in cells: "group:words", "part_of_day:night"; "" for no breakdown."""
    return (lambda _value: "") if part == "none" else (lambda value: f"{part}:{value}")


def affected(cells: Iterable[Cell], revised: Collection[Place], wijk_of: Mapping[str, str]) -> set[Cell]:
    """The cells in which a revised buurt quarter lies."""
    touched: dict[str, set[int]] = {}
    for buurt, quarter in revised:
        for place in (buurt, wijk_of.get(buurt, ""), CITY):
            touched.setdefault(place, set()).add(quarter)
    return {
        cell
        for cell in cells
        if any(cell.start <= quarter < cell.start + cell.quarters for quarter in touched.get(cell.place, ()))
    }
