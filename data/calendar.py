"""The calendar: campaigns, changes of law, launched apps and holidays, typed in or read from a CSV file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Protocol

from data.archive import shown
from data.feature_table import find, read_cells
from data.reasons import FileRefused, UserError
from data.vector import local_file
from geo.calendar import Mark, MarkKind

MAX_NAME: Final = 80
MAX_FACTOR: Final = 100.0
YEARS: Final = (2000, 2100)
_NAME: Final = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]+")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DUTCH: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)?")

KINDS: Final[dict[str, MarkKind]] = {
    **{kind.value: kind for kind in MarkKind},
    "campagne": MarkKind.CAMPAIGN,
    "wet": MarkKind.LAW,
    "wetswijziging": MarkKind.LAW,
    "vakantie": MarkKind.HOLIDAY,
    "schoolvakantie": MarkKind.HOLIDAY,
    "feestdag": MarkKind.HOLIDAY,
}
ONE_DAY: Final = "feestdag"
_COLUMNS: Final = {
    "kind": "soort kind type",
    "name": "naam name omschrijving",
    "first": "van eerste_dag first from start begin",
    "last": "tot tot_en_met laatste_dag last to end eind einde",
    "factor": "factor",
}


class CalendarRefused(UserError):
    """A line that cannot stand in the calendar; nothing was changed."""


REFUSALS: Final[dict[str, str]] = {
    "unknown_kind": "‘{value}’ is geen soort. Kies uit: campaign (campagne), law (wet), app, holiday (vakantie).",
    "bad_name": "‘{value}’ kan geen naam zijn: geef één regel van hooguit {most} tekens.",
    "bad_day": "‘{value}’ is geen dag. Schrijf de dag als jaar-maand-dag, bijvoorbeeld 2025-04-03.",
    "backwards": "‘{name}’ eindigt op {last}, vóór de eerste dag {first}. Wissel de dagen om.",
    "no_end": "De vakantie ‘{name}’ heeft geen laatste dag. Geef de laatste dag, zelf meegeteld.",
    "bad_factor": "‘{value}’ is geen factor. Geef een getal boven 0 en hooguit {most}, bijvoorbeeld 1,8, of laat haar weg.",
    "same_entry": "‘{name}’ staat op die dag al in de kalender. Wijzig die regel.",
    "unknown_entry": "Regel {id} staat niet in de kalender. Kijk het nummer na met hotspotkaart calendar list.",
}

IN_FILE: Final[dict[str, str]] = {
    "unknown_kind": "{file}, rij {row}: ‘{value}’ is geen soort. Kies uit: campaign (campagne), law (wet), app, "
    "holiday (vakantie).",
    "bad_name": "{file}, rij {row}: ‘{value}’ kan geen naam zijn: geef één regel van hooguit {most} tekens.",
    "bad_day": "{file}, rij {row}: ‘{value}’ is geen dag. Schrijf de dag als jaar-maand-dag, bijvoorbeeld 2025-04-03.",
    "backwards": "{file}, rij {row}: ‘{name}’ eindigt op {last}, vóór de eerste dag {first}. Wissel de dagen om.",
    "no_end": "{file}, rij {row}: de vakantie ‘{name}’ heeft geen laatste dag. Geef de laatste dag, zelf meegeteld.",
    "bad_factor": "{file}, rij {row}: ‘{value}’ is geen factor. Geef een getal boven 0 en hooguit {most}, "
    "bijvoorbeeld 1,8, of laat haar weg.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line of the stored calendar, by its number."""

    id: int
    mark: Mark


@dataclass(frozen=True, kw_only=True, slots=True)
class Added:
    """What came of adding: new lines, lines that changed, lines that stood there already."""

    new: int
    changed: int
    known: int


class CalendarStore(Protocol):
    """What importing needs of a store (data.store.store.ReportStore)."""

    def add_to_calendar(self, marks: Sequence[Mark]) -> Added:
        """Add lines; one of the same kind, name and first day is replaced."""


def mark(*, kind: str, name: str, first: str, last: str = "", factor: str = "") -> Mark:
    """A line from texts, as a person types them. Raises CalendarRefused for what cannot be read or means nothing.

    A "feestdag" without a last day is one day; everything else but a holiday then lasts.
    """
    found = KINDS.get(kind.strip().casefold())
    if found is None:
        raise refused("unknown_kind", value=shown(kind))
    title = name.strip()
    if not _NAME.fullmatch(title) or len(title) > MAX_NAME:
        raise refused("bad_name", value=shown(name), most=MAX_NAME)
    start = day(first)
    one_day = kind.strip().casefold() == ONE_DAY
    end = day(last) if last.strip() else start if one_day else None
    if end is not None and end < start:
        raise refused("backwards", name=title, first=start, last=end)
    if end is None and found is MarkKind.HOLIDAY:
        raise refused("no_end", name=title)
    return Mark(kind=found, name=title, start=start, end=end, factor=_factor(factor))


def day(text: str) -> date:
    """2025-04-03, 3-4-2025, 03/04/2025 or 3.4.2025 (day first). Raises CalendarRefused for everything else."""
    plain = text.strip()
    iso, dutch = _ISO.fullmatch(plain), _DUTCH.fullmatch(plain)
    parts = iso.groups() if iso else dutch.groups()[::-1] if dutch else ()
    try:
        found = date(*(int(part) for part in parts))
    except (TypeError, ValueError) as error:
        raise refused("bad_day", value=shown(text)) from error
    if not YEARS[0] <= found.year <= YEARS[1]:
        raise refused("bad_day", value=shown(text))
    return found


def read_calendar(path: Path | str, *, label: str | None = None) -> tuple[Mark, ...]:
    """A CSV file with columns soort, naam, van, tot, factor (the last two may be absent or empty); all of it or nothing.

    Raises FileRefused, naming the row, the value and the way out.
    """
    file, label = local_file(path, name=label)
    frame, rows, notes = read_cells(file, label)
    if notes:
        raise FileRefused(
            "too_wide", "{file}, rij {rows}: meer cellen dan kolommen.", file=label, rows=notes[0].fields["rows"]
        )
    columns = {name: find(list(frame.columns), names.split()) for name, names in _COLUMNS.items()}
    missing = [_COLUMNS[name].split()[0] for name in ("kind", "name", "first") if columns[name] is None]
    if missing:
        raise FileRefused(
            "missing_columns",
            "{file}: kolom {missing} ontbreekt. Nodig zijn soort, naam en van; tot en factor mogen. Aanwezig: {present}.",
            file=label,
            missing=", ".join(missing),
            present=", ".join(shown(c, length=40) for c in frame.columns[:40]),
        )
    if frame.empty:
        raise FileRefused("no_rows", "{file}: het bestand heeft geen regels onder de kolomnamen.", file=label)
    empty = [""] * len(frame)
    cells = [frame[column].tolist() if column else empty for column in columns.values()]
    found = zip(rows.tolist(), *cells, strict=True)
    return tuple(_row(row, dict(zip(columns, values, strict=True)), label) for row, *values in found)


def import_calendar(path: Path | str, *, store: CalendarStore, label: str | None = None) -> Added:
    """Read a calendar file and add its lines to the store's. Raises FileRefused; the store is then unchanged."""
    return store.add_to_calendar(read_calendar(path, label=label))


def refused(code: str, **fields: object) -> CalendarRefused:
    """The refusal with this code; ``fields`` must hold what its sentence names."""
    return CalendarRefused(code, REFUSALS[code], **fields)


def _row(row: int, values: dict[str, str], label: str) -> Mark:
    try:
        return mark(**values)
    except CalendarRefused as error:
        raise FileRefused(
            error.code, IN_FILE[error.code], **{**dict(error.fields), "file": label, "row": row}
        ) from error


def _factor(text: str) -> float | None:
    plain = text.strip()
    if not plain:
        return None
    value = float(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else 0.0
    if not 0 < value <= MAX_FACTOR:
        raise refused("bad_factor", value=shown(text), most=int(MAX_FACTOR))
    return value
