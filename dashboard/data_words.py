"""What the page Gegevens calls things: parts of a file, layers, states of a row, kinds of calendar lines."""

from collections.abc import Mapping
from typing import Final

from dashboard import messages
from dashboard.i18n import N_, _, day, number
from dashboard.services.layers import Layer
from dashboard.services.previews import Preview, ReadRow
from data.quarantine import REASONS, QuarantinedRow, RowState
from data.reasons import FileRefused, UserError
from data.sources.table import RowProblem
from geo.calendar import Mark, MarkKind

ROLES: Final = {
    "id": N_("kenmerk"),
    "datum": N_("datum"),
    "datum_tijd": N_("datum en tijd"),
    "tijd": N_("tijd"),
    "gemeld_op": N_("moment van melden"),
    "lat": N_("breedte (lat)"),
    "lon": N_("lengte (lon)"),
    "x": N_("x (RD)"),
    "y": N_("y (RD)"),
    "categorie": N_("soort"),
    "omschrijving": N_("vrije tekst"),
    "straat": N_("straat"),
    "postcode": N_("postcode"),
    "ingetrokken": N_("ingetrokken (ja/nee)"),
    "status": N_("status"),
    "nauwkeurigheid": N_("nauwkeurigheid"),
}

LAYERS: Final = {
    "areas:buurt": N_("Buurten"),
    "areas:wijk": N_("Wijken"),
    "areas:gemeente": N_("Gemeente"),
    "features:schools": N_("Scholen"),
    "features:stops": N_("Haltes"),
    "features:routes": N_("Lijnen"),
    "features:water": N_("Water"),
    "features:railway": N_("Spoor"),
    "features:streets": N_("Straten"),
}
KINDS: Final = {
    MarkKind.CAMPAIGN: N_("Campagne"),
    MarkKind.LAW: N_("Wetswijziging"),
    MarkKind.APP: N_("App"),
    MarkKind.HOLIDAY: N_("Vakantie"),
}
STATES: Final = {
    RowState.OPEN: N_("open"),
    RowState.CORRECTED: N_("hersteld"),
    RowState.DISCARDED: N_("verwijderd"),
    RowState.WITHDRAWN: N_("melding ingetrokken"),
    RowState.EXPIRED: N_("bewaartermijn voorbij"),
}

# The page has no mapping file: its way out is the choice of columns.
_HERE: Final = {
    "missing_columns": N_("Nog niet gevonden: {missing}. Kies hieronder welke kolom dat is."),
    "column_conflict": N_(
        "Meer dan één kolom voor {role}: {columns}. Kies hieronder een andere betekenis voor een ervan."
    ),
    "swapped_axes": N_(
        "Bij {n} van de {total} meldingen lijken breedte en lengte verwisseld. Is dat zo, kies dan ‘Assen omwisselen’."
    ),
}


def role(name: str) -> str:
    """What a part of a file is called."""
    return _(ROLES[name]) if name in ROLES else name


def refused(error: UserError) -> str:
    """Why a file cannot be taken as it stands, with the way out this page has."""
    sentence = _HERE.get(error.code) if isinstance(error, FileRefused) else None
    fields: Mapping[str, object] = error.fields
    if error.code in ("same_role", "column_conflict"):
        fields = {**fields, "role": role(str(fields["role"]))}
    return _(sentence, **fields) if sentence else _(error.sentence, **fields)


def problem(column: str, value: str, code: str) -> str:
    """What is wrong with a quarantined row, and where."""
    reason = REASONS.get(code)
    said = _(reason.sentence, value=value, column=column, row="") if reason else code
    return f"{column}: {said}" if column else said


def ways_out(row: QuarantinedRow) -> list[str]:
    """What to do about a quarantined row, each once."""
    found = [
        messages.way_out(RowProblem(row=row.row, column=column, value=value, reason=REASONS[code]))
        for column, value, code in row.why
        if code in REASONS
    ]
    return [text for text in dict.fromkeys(found) if text]


def file_name(name: str) -> str:
    """What an import is called: a row that was put right is one of its own."""
    whole, _mark, row = name.rpartition("#")
    return _("{file}, rij {row} hersteld", file=whole, row=row) if whole and row.isdigit() else name


def state(row: QuarantinedRow) -> str:
    """What became of a row."""
    if row.state is RowState.OPEN and row.known:
        return _("open; de melding is later wel ingelezen")
    return _(STATES[row.state])


def read_day(row: ReadRow) -> str:
    """The day a row is read as; a dash when it cannot be."""
    return day(row.day) if row.day else "–"


def read_time(row: ReadRow) -> str:
    """The time a row is read as."""
    if row.day is None:
        return "–"
    return _("onbekend") if row.minute is None else f"{row.minute // 60:02d}:{row.minute % 60:02d}"


def read_place(row: ReadRow) -> str:
    """The place a row is read as, in RD."""
    return "–" if row.x is None or row.y is None else f"{number(row.x)}; {number(row.y)}"


def tried(found: Preview) -> str:
    """How many of the first rows would be taken as it stands."""
    return _(
        "Van de eerste {tried} rijen zouden er nu {good} worden overgenomen; het bestand telt {n} rijen.",
        tried=number(found.n_tried),
        good=number(found.n_good),
        n=number(found.sample.n_read),
    )


def layer(name: str) -> str:
    """What a layer is called."""
    return _(LAYERS[name]) if name in LAYERS else name.removeprefix("weight:")


def layer_age(found: Layer) -> str:
    """Since when a layer is there."""
    if not found.n:
        return _("nog niet ingelezen")
    if not found.own:
        return _("meegeleverd met het programma")
    return day(found.imported_at) if found.imported_at else _("onbekend")


def when(mark: Mark) -> str:
    """The days of a line of the calendar."""
    if mark.end is None:
        return _("vanaf {first}", first=day(mark.start))
    if mark.end == mark.start:
        return day(mark.start)
    return _("{first} t/m {last}", first=day(mark.start), last=day(mark.end))
