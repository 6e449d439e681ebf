"""From a table of text to checked reports: every row is kept, set apart with a reason, or withdrawn."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data import categories, free_text
from data import import_reasons as why
from data.columns import Columns, Mapping, recognise
from data.findings import Findings
from data.moments import Moments, read_moments
from data.places import read_places
from data.reasons import FileRefused, Outcome
from data.settings import Settings
from data.sources.table import GEOMETRY_X, GEOMETRY_Y, RawTable
from data.texts import Cells, Texts
from data.until import read_until
from geo import report

Bools = NDArray[np.bool_]

_READ_ROLES: Final = ("categorie", "straat", "postcode", "status")  # texts that are read even when a place is enough
# Days a program writes when it has none.
_ZERO_DAYS: Final = tuple(
    np.datetime64(day) for day in ("1899-12-30", "1899-12-31", "1900-01-01", "1904-01-01", "1970-01-01", "1969-12-31")
)
_CLOCK: Final = r"\s*\d{1,2}[:.]\d{2}([:.]\d{2})?(\s*(uur|u))?\s*"
_MIDNIGHTS: Final = 5  # so many moments, all at midnight, are bare dates


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a check needs besides the table. municipality: RD outline, None: no test. today: local day."""

    settings: Settings
    today: date
    source: str
    mapping: Mapping | None = None
    swap_xy: bool = False
    municipality: shapely.Geometry | None = None
    place_only: bool = False


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A table after checking row by row, before ids and neighbours are compared. All arrays: one entry per row.

    frame: geo.report.COLUMNS (flags still empty) plus row; what is wrong is empty in it. flags: masks by flag.
    """

    frame: pd.DataFrame
    found: Findings
    flags: dict[str, Bools]
    withdrawn: Bools
    columns: Columns


def check(table: RawTable, *, context: Context) -> Draft:
    """Judge every readable row of a table. Raises FileRefused when the whole file cannot be taken."""
    mapping = context.mapping or Mapping()
    columns = recognise(table.frame.columns, mapping=context.mapping, place_only=context.place_only)
    cells = Cells(table, columns)
    found = Findings(len(table.rows))
    _note_columns(columns, found)
    ids = _ids(cells, columns, table, context, found)
    status = cells.texts("status")
    withdrawn = status.where(free_text.is_withdrawn) | cells.texts("ingetrokken").where(free_text.is_yes)
    id_storable = free_text.is_storable(ids)
    if withdrawn.any():
        withdrawn &= (ids != "").to_numpy(bool) & id_storable
    found.add(why.WITHDRAWN, withdrawn, column=columns.get("id") or "", values=ids)
    places = read_places(
        cells,
        columns,
        found=found,
        crs=mapping.crs or table.crs,
        swap_xy=context.swap_xy or mapping.swap_xy,
        municipality=context.municipality,
        tolerance_m=context.settings.border_tolerance_m,
        skip=withdrawn,
        quick=context.place_only,  # else the hash of a report's content depends on the millimetre
    )
    event = _event(cells, columns, table, context, found)
    today = np.datetime64(context.today)
    until = read_until(cells, columns, event, mapping=mapping, today=today, found=found)
    columns = until.columns
    parts = {
        "source": Texts.empty(cells.n).rows([context.source]),
        "source_id": ids,
        "x": places.x,
        "y": places.y,
        "uncertainty_m": places.uncertainty_m,
        "event_date": event.day.astype("datetime64[s]"),
        "event_minute": event.minute,
        "event_until": until.ends,
        "reported_at": _reported(cells, columns, table, found).astype("datetime64[s]"),
        "categories": _categories(cells, columns, mapping, found),
    }
    found.add(why.NUL_CHARACTER, ~id_storable, column=columns.get("id") or "", values=ids, show=free_text.seen)
    for role in _READ_ROLES if context.place_only else ("omschrijving", *_READ_ROLES):
        if name := columns.get(role):
            free_text.refuse_unstorable(cells.texts(role), name, found=found)
    out = withdrawn | (~np.isfinite(places.x) if context.place_only else found.rows(Outcome.QUARANTINE))
    texts, text_flags = _texts(cells, columns, found, skip=out, tests_only=context.place_only)
    parts |= texts | {"status": free_text.read_status(status), "flags": Texts.empty(cells.n).rows([""])}
    flags = {
        report.COARSE_PLACE: places.coarse,
        report.NEAR_BORDER: places.near_border,
        report.AMBIGUOUS_TIME: event.twice | until.twice,
        **text_flags,
    }
    if context.place_only:
        found.drop([Outcome.QUARANTINE], np.isfinite(places.x) & ~withdrawn)
    frame = pd.DataFrame(parts | {"row": table.rows.astype(np.int64)}, copy=False)
    return Draft(frame=frame, found=found, flags=flags, withdrawn=withdrawn, columns=columns)


def _texts(
    cells: Cells, columns: Columns, found: Findings, *, skip: Bools, tests_only: bool
) -> tuple[dict[str, pd.Series], dict[str, Bools]]:
    """Text, street and postcode, and flags. tests_only: nobody will read the text, but a test is no report."""
    street = cells.texts("straat")
    if tests_only:
        texts = cells.short("omschrijving", longest=free_text.LONGEST_TEST)
        texts = texts.only(texts.where(free_text.is_test))
    else:
        texts = cells.texts("omschrijving")
    text, flags = free_text.read_text(texts, columns.get("omschrijving") or "", found=found, skip=skip)
    garbled = street.where(free_text.garbled)
    found.add(why.MOJIBAKE, garbled, column=columns.get("straat") or "", values=street)
    parts = {
        "text": text,
        "street": free_text.read_street(street, found=found),
        "postcode": free_text.read_postcode(cells.texts("postcode")),
    }
    return parts, flags | {report.MOJIBAKE: flags[report.MOJIBAKE] | garbled}


def _categories(cells: Cells, columns: Columns, mapping: Mapping, found: Findings) -> pd.Series:
    texts = cells.texts("categorie")
    labels = categories.read(texts.distinct.tolist(), extra=mapping.categories)
    unknown = Texts(codes=texts.codes, distinct=pd.Series(labels.unknown, dtype="str"))
    column = columns.get("categorie") or ""
    found.add(why.UNKNOWN_CATEGORY, ~unknown.blank, column=column, values=unknown, show=free_text.seen)
    found.note(why.CATEGORY_SPELLING, labels.respelled)
    return texts.rows(labels.cells)


def flag_cells(flags: dict[str, Bools], n: int) -> pd.Series:
    """Masks by flag as one cell of joined flags per row, in the order of geo.report.FLAGS."""
    code = np.zeros(n, dtype=np.int64)
    for bit, flag in enumerate(report.FLAGS):
        if flag in flags:
            code |= flags[flag].astype(np.int64) << bit
    words = np.full(1 << len(report.FLAGS), "", dtype=object)
    for c in np.flatnonzero(np.bincount(code, minlength=len(words))).tolist():
        words[c] = report.join_cell(f for bit, f in enumerate(report.FLAGS) if c >> bit & 1)
    return pd.Series(words[code], dtype="str")


def _note_columns(columns: Columns, found: Findings) -> None:
    found.note(why.COLUMNS_IGNORED, bool(columns.ignored))
    found.note(why.COLUMNS_WITHHELD, bool(columns.withheld))
    geometry = columns.place == (GEOMETRY_X, GEOMETRY_Y)
    found.note(why.GEOMETRY_USED, geometry and columns.both_places)
    found.note(why.RD_PREFERRED, not geometry and columns.both_places)


def _ids(cells: Cells, columns: Columns, table: RawTable, context: Context, found: Findings) -> pd.Series:
    name = columns.get("id")
    if name is None:
        found.note(why.ROW_NUMBER_AS_ID)
        return pd.Series(table.rows).astype("str")
    ids = cells.series(name)
    missing = ids == ""
    if context.place_only:
        found.note(why.ROW_NUMBER_AS_ID, bool(missing.any()))
        return ids.where(~missing, pd.Series(table.rows).astype("str")) if missing.any() else ids
    found.add(why.MISSING_ID, missing.to_numpy(bool), column=name)
    return ids


def _event(cells: Cells, columns: Columns, table: RawTable, context: Context, found: Findings) -> Moments:
    role = "datum_tijd" if columns.get("datum_tijd") else "datum"
    dates, date_name = cells.texts(role), columns.get(role)
    if date_name is None:  # a place is enough
        return read_moments(dates)
    time_name = columns.get("tijd")
    times = cells.texts("tijd") if time_name else None
    found.note(why.EPOCH_1904, table.epoch_1904)
    event = read_moments(dates, times, epoch_1904=table.epoch_1904)
    if role == "datum_tijd" and not context.place_only:
        _refuse_clock_times(dates, event, column=date_name)
    shown = times if times is not None else dates
    shown_name = time_name or date_name
    given = np.isfinite(event.second)
    if (
        time_name is None
        and given.sum() >= _MIDNIGHTS
        and not (event.second[given] > 0).any()
        and not event.next_day.any()
    ):
        event.second[:] = np.nan
        given[:] = False
    if given.any():
        unknown = np.isnan(event.second) & ~np.isnat(event.day) & ~event.bad_time
        found.add(why.TIME_UNKNOWN, unknown, column=shown_name, values=shown, show=free_text.seen_figure)
    else:
        found.note(why.NO_TIMES)
    found.add(why.MISSING_DATE, event.missing, column=date_name)
    found.add(why.UNREADABLE_DATE, event.unreadable, column=date_name, values=dates, show=free_text.seen_figure)
    found.add(why.UNREADABLE_TIME, event.bad_time, column=shown_name, values=shown, show=free_text.seen_figure)
    found.add(why.NEXT_DAY, event.next_day, column=shown_name, values=shown)
    found.add(why.MISSING_HOUR, event.never, column=shown_name, values=shown)
    found.add(why.AMBIGUOUS_TIME, event.twice, column=shown_name, values=shown)
    zero = np.isin(event.day, _ZERO_DAYS)
    oldest = np.datetime64((pd.Timestamp(context.today) - pd.DateOffset(years=context.settings.retention_years)).date())
    found.add(why.DEFAULT_DATE, zero, column=date_name, values=dates)
    found.add(why.OLD_DATE, ~zero & (event.day < oldest), column=date_name, values=dates)
    found.add(why.FUTURE_DATE, event.day > np.datetime64(context.today), column=date_name, values=dates)
    if context.place_only:
        event.second[event.bad_time | event.never] = np.nan
        event.day[zero | (event.day > np.datetime64(context.today))] = np.datetime64("NaT")
    return event


def _refuse_clock_times(dates: Texts, event: Moments, *, column: str) -> None:
    """A column "tijdstip" beside nothing but the day of reporting: every row would be told that its date is wrong."""
    given = ~event.missing
    if not given.any() or not event.unreadable[given].all():
        return
    if dates.at(np.flatnonzero(given)).str.fullmatch(_CLOCK).all():
        raise FileRefused(
            "only_clock_times",
            "Kolom „{column}” bevat alleen kloktijden, en geen kolom zegt op welke dag het voorval was. Kies op de "
            "pagina Gegevens welke kolom de datum is, of noem die in een mappingbestand (--mapping) onder [columns].",
            column=column,
        )


def _reported(cells: Cells, columns: Columns, table: RawTable, found: Findings) -> NDArray[np.datetime64]:
    name = columns.get("gemeld_op")
    if name is None:
        return np.full(cells.n, np.datetime64("NaT", "s"))
    given = cells.texts("gemeld_op")
    moments = read_moments(given, epoch_1904=table.epoch_1904)
    unread = moments.unreadable | moments.bad_time
    found.add(why.UNREADABLE_REPORTED, unread, column=name, values=given, show=free_text.seen_figure)
    return np.where(unread, np.datetime64("NaT", "s"), moments.moment)
