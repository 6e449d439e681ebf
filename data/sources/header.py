"""Which row holds the column names, which rows are titles or totals, and what the columns are called."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.reasons import Reason
from data.sources import reasons
from data.sources.decode import SURROGATE
from data.sources.figures import Figures
from data.sources.table import RawTable, RowProblem

SEARCHED_ROWS: Final = 20
# Names that Dutch exports give to columns of reports; only to recognise a header, not to give a column its meaning.
HEADER_WORDS: Final = tuple(
    """
    id nr nummer volgnummer meldingsnummer meldingnummer meldingid meldnr zaaknummer kenmerk referentie registratienummer
    datum tijd tijdstip datumtijd datumentijd datummelding meldingsdatum meldatum tijdmelding gemeldop gemeld
    datumvoorval datumincident voorvaldatum incidentdatum datumgebeurtenis begindatum begintijd pleegdatum pleegtijd
    aangemaakt aangemaaktop ingediend ingediendop ontvangen ontvangenop created createdat timestamp date time datetime
    reportedat eventdate
    lat latitude breedtegraad breedte lon lng long longitude lengtegraad lengte x y xrd yrd rdx rdy xcoord ycoord
    xcoordinaat ycoordinaat coordinaatx coordinaaty xcoordinate ycoordinate geox geoy wgslat wgslon wkt locatie location
    plaats adres
    categorie categorieen category soort soortmelding type typemelding subcategorie hoofdcategorie gedrag vorm
    omschrijving toelichting beschrijving tekst text opmerking opmerkingen description melding verhaal
    straat straatnaam street huisnummer postcode pc4 pc6 zipcode buurt buurtcode wijk wijkcode woonplaats gemeente
    status state ingetrokken nauwkeurigheid accuracy precisie onzekerheid bron source kanaal
    naam name stopid stopname stoplat stoplon stopcode routeid
    """.split()  # noqa: SIM905 a list of words reads better so
)
_WORDS: Final = frozenset(HEADER_WORDS)
_TOTAL: Final = re.compile(
    r"(sub|eind|grand\s*)?-?tot(aal|al|alen|als)(\s*generaal)?(\s*aantal)?(\s*(meldingen|rijen|records|reports))?"
    r"\s*[:=]?\s*[\d.,]*",
    re.IGNORECASE,
)
_NUMERIC: Final = re.compile(r"[\d\s.,:/+-]+([TtZz][\d\s.,:/+Zz-]*)?")


def word(name: str) -> str:
    """A column name without case, accents, spaces, hyphens and underscores."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]", "", plain)


def known_words(cells: Sequence[str]) -> int:
    """How many of the cells look like column names we know."""
    return sum(word(cell) in _WORDS for cell in cells if len(cell) < 60)


def is_blank(cells: Sequence[str]) -> bool:
    """Whether there is nothing in a row but white space."""
    return not any(cell and not cell.isspace() for cell in cells)


def is_total(cells: Sequence[str]) -> bool:
    """Whether the first cell with something in it says that this row adds up the others."""
    first = next((cell.strip() for cell in cells if cell and not cell.isspace()), "")
    return len(first) < 60 and _TOTAL.fullmatch(first) is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """at: its place among the rows that were searched. data_above: places of rows above it that are not titles."""

    at: int
    data_above: tuple[int, ...]
    known: bool  # found by known names, not only by its shape


def find(rows: Sequence[Sequence[str]]) -> Header | None:
    """The header among the first rows of a table (blank ones left out), or None.

    The first row with two known names; failing that, the first row that fills the table's width with distinct names
    that are no numbers, with nothing but narrower rows above it.
    """
    searched = rows[:SEARCHED_ROWS]
    for at, cells in enumerate(searched):
        if known_words(cells) >= 2:
            above = tuple(i for i in range(at) if _looks_like_data(rows[i], _filled(cells)))
            return Header(at=at, data_above=above, known=True)
    for at, cells in enumerate(searched):
        width = len(_trimmed(cells))
        if width >= 2 and _all_names(cells) and width >= _usual_width(rows[at + 1 :]):
            return Header(at=at, data_above=(), known=False)
        if _looks_like_data(cells, _usual_width(rows[at + 1 :])):
            return None
    return None


def shown(rows: Sequence[Sequence[str]]) -> str:
    """The first row, short, for a message that says what was found instead of column names."""
    cells = [cell.strip() for cell in rows[0] if cell.strip()] if rows else []
    text = ", ".join(SURROGATE.sub("?", cell[:20]) for cell in cells[:5])
    return f"‘{text}’" if text else "–"


def _trimmed(cells: Sequence[str]) -> Sequence[str]:
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    widths = Counter(len(_trimmed(cells)) for cells in rows)
    return max(widths, key=lambda width: (widths[width], width)) if widths else 0


def _all_names(cells: Sequence[str]) -> bool:
    names = [cell.strip() for cell in _trimmed(cells)]
    return all(names) and len(set(names)) == len(names) and not any(map(_NUMERIC.fullmatch, names))


def _looks_like_data(cells: Sequence[str], width: int) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) >= max(width, 2) and any(map(_NUMERIC.fullmatch, filled))


@dataclass(frozen=True, kw_only=True, slots=True)
class CellProblem:
    """A RowProblem whose column is still a number (the frame's own label), or None for the whole row."""

    row: int
    column: int | None
    value: str
    reason: Reason


def table(
    name: str,
    names: Sequence[str],
    frame: pd.DataFrame,
    rows: NDArray[np.int64],
    *,
    problems: Sequence[CellProblem] = (),
    normalised: Sequence[Reason] = (),
    epoch_1904: bool = False,
    crs: str | None = None,
    figures: Mapping[int, Figures] | None = None,
) -> RawTable:
    """The finished table from columns that are still numbered.

    frame: columns labelled with their 0-based place in the file; names: the header's cell for every place up to the
    last one used. figures: the cells of columns of numbers, by place; the frame's index says which. Raises FileRefused for an unreadable header, a column that is there twice, or nothing but a header.
    """
    notes = list(normalised)
    _check_names(name, names)
    frame, rows, repeated = _without_repeated_header(frame, rows, names, figures or {})
    if repeated:
        notes.append(reasons.REPEATED_HEADER)
    if not len(frame) and not problems:
        raise reasons.header_only(name)
    titles, found = _columns(name, names, frame)
    faults = tuple(
        RowProblem(
            row=p.row,
            column="" if p.column is None else titles.get(p.column) or f"kolom_{p.column + 1}",
            value=p.value,
            reason=p.reason,
        )
        for p in sorted(problems, key=lambda p: (p.row, -1 if p.column is None else p.column))
    )
    frame = frame[list(titles)]
    packed = {titles[at]: given.take(frame.index.to_numpy()) for at, given in (figures or {}).items()}
    frame.columns = pd.Index(list(titles.values()), dtype="str")
    return RawTable(
        frame=frame.reset_index(drop=True),
        rows=rows,
        problems=faults,
        n_read=len(frame) + len({p.row for p in faults}),
        normalised=tuple(dict.fromkeys([*notes, *found])),
        epoch_1904=epoch_1904,
        crs=crs,
        figures=packed,
    )


def _check_names(name: str, names: Sequence[str]) -> None:
    for at, title in enumerate(names):
        if "\0" in title or SURROGATE.search(title):
            raise reasons.header_unreadable(name, at + 1)


def _without_repeated_header(
    frame: pd.DataFrame, rows: NDArray[np.int64], names: Sequence[str], figures: Mapping[int, Figures]
) -> tuple[pd.DataFrame, NDArray[np.int64], bool]:
    """Files pasted together bear the header again, halfway."""
    places = [at for at in _places(frame) if at < len(names) and names[at].strip()]
    same = np.ones(len(frame), dtype=bool)
    for at in places:
        if not same.any():
            return frame, rows, False
        if at in figures:
            possible = np.flatnonzero(same)
            same[possible] = figures[at].equal(frame.index.to_numpy()[possible], names[at])
        else:
            same &= frame[at].to_numpy(dtype=object) == names[at]
    if not places or not same.any():
        return frame, rows, False
    return frame[~same], rows[~same], True


def _places(frame: pd.DataFrame) -> list[int]:
    return [int(at) for at in frame.columns]


def _columns(name: str, names: Sequence[str], frame: pd.DataFrame) -> tuple[dict[int, str], list[Reason]]:
    """Title of each place that is kept, and what was noticed."""
    titles: dict[int, str] = {}
    notes: list[Reason] = []
    for at in _places(frame):
        title = " ".join(names[at].replace("\ufeff", "").split()) if at < len(names) else ""
        twin = next((place for place, other in titles.items() if other == title), -1) if title else -1
        if title and twin < 0:
            titles[at] = title
        elif not (frame[at] != "").any():
            continue  # nothing in it: not a column but an edge of the sheet, or an empty double
        elif not title:
            titles[at] = ""
            notes.append(reasons.UNNAMED_COLUMN)
        elif not (frame[twin] != "").any():
            del titles[twin]
            titles[at] = title
        elif frame[at].equals(frame[twin]):
            notes.append(reasons.SAME_COLUMN_TWICE)
        else:
            raise reasons.duplicate_column(name, title)
    taken = set(titles.values())
    for at in [place for place, title in titles.items() if not title]:
        title = f"kolom_{at + 1}"
        while title in taken:
            title += "_"
        taken.add(title)
        titles[at] = title
    return titles, notes
