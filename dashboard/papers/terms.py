"""How long what is kept, in the reader's language: every column of a report, and every table. A test runs retention beside it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dashboard.i18n import N_, _
from data.settings import Settings
from data.store.users import FORGET_S


class Term(StrEnum):
    """When something goes."""

    RECORD = "record"  # with the report
    DETAIL = "detail"  # wiped with the exact place
    SNAPPED = "snapped"  # then as coarse as a cell
    DIGITS = "digits"  # then four digits
    QUARANTINE = "quarantine"
    REPORT = "report"  # as long as the report it is about
    BACKUP = "backup"
    SESSION = "session"
    ATTEMPT = "attempt"
    MAKER = "maker"  # until whoever made it removes it
    STAYS = "stays"


# Of a report's columns; the others go with the report
COLUMN_TERMS: Final = {
    "text": Term.DETAIL,
    "x": Term.SNAPPED,
    "y": Term.SNAPPED,
    "uncertainty_m": Term.SNAPPED,
    "postcode": Term.DIGITS,
}

WORDS: Final = {
    Term.RECORD: N_("hooguit {years} jaar"),
    Term.DETAIL: N_("hooguit {months} maanden"),
    Term.SNAPPED: N_("hooguit {months} maanden precies, daarna tot op een cel van {cell} meter; samen hooguit {years} jaar"),
    Term.DIGITS: N_("hooguit {months} maanden, daarna alleen de vier cijfers; samen hooguit {years} jaar"),
    Term.QUARANTINE: N_("hooguit {quarantine} dagen na het inlezen"),
    Term.REPORT: N_("zolang de melding of de plaats er is; daarna alleen dat er is besloten, wanneer en door wie"),
    Term.BACKUP: N_("{backup} dagen; oudere gaan weg zodra er een nieuwe wordt gemaakt"),
    Term.SESSION: N_("hooguit {session} uur geldig; gewist als er daarna iemand aanmeldt"),
    Term.ATTEMPT: N_("{attempt} uur na de laatste poging; gewist bij de eerstvolgende daarna"),
    Term.MAKER: N_("tot de maker het verwijdert"),
    Term.STAYS: N_("zonder eindtermijn"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stored:
    """Something that is kept: what it is, the tables it stands in (none: files), and when it goes."""

    what: str
    tables: tuple[str, ...]
    term: Term


STORED: Final = (
    Stored(N_("de melding, met rij, bestand en controlegetal"), ("reports",), Term.RECORD),
    Stored(N_("eerdere versies van een melding"), ("report_history",), Term.DETAIL),
    Stored(N_("de waarden van rijen die niet zijn overgenomen; rijnummer, kenmerk en reden blijven"), ("quarantine", "quarantine_rows"), Term.QUARANTINE),
    Stored(N_("besluiten over weggelaten meldingen, met notitie"), ("decisions",), Term.REPORT),
    Stored(N_("reservekopieën"), (), Term.BACKUP),
    Stored(N_("van gewiste en ingetrokken meldingen: kenmerk, reden en dag, zodat ze niet terugkomen"), ("withdrawals", "tombstones"), Term.STAYS),
    Stored(N_("welke bestanden zijn ingelezen: naam, controlegetal en aantallen"), ("imports",), Term.STAYS),
    Stored(N_("vastgestelde cijfers en de tellingen erachter"), ("published_versions", "published_places", "published_quarters", "published_counts", "published_cells", "published_past", "published_hotspots"), Term.STAYS),
    Stored(N_("uitgegeven kaarten: doel, ontvanger, maker en wat er is getoond"), ("exports",), Term.STAYS),
    Stored(N_("bewaarde analyses en weergaven"), ("saved_runs", "saved_views"), Term.MAKER),
    Stored(N_("gebruikers: naam, rol en wijken; van een wachtwoord alleen een controlegetal"), ("sign_in_users",), Term.STAYS),
    Stored(N_("sessies van gebruikers"), ("sign_in_sessions",), Term.SESSION),
    Stored(N_("mislukte aanmeldingen, zonder de naam zelf"), ("sign_in_attempts",), Term.ATTEMPT),
    Stored(N_("het logboek: wie wat deed, nooit wat er in een melding staat"), ("audit_log",), Term.STAYS),
    Stored(N_("grenzen, kaartlagen, kalender en administratie: niets over personen"), ("areas", "features", "weights", "calendar", "datasets", "dataset_dates", "state", "meta", "schema_version"), Term.STAYS),
)  # fmt: skip


def of_column(name: str) -> Term:
    """When a column of a report goes."""
    return COLUMN_TERMS.get(name, Term.RECORD)


def words(term: Term, settings: Settings) -> str:
    """A term with the settings in force."""
    return _(WORDS[term], **_numbers(settings))


def in_short(settings: Settings) -> str:
    """All terms that the settings decide about, in one paragraph."""
    return _(
        "De toelichting wordt na {months} maanden gewist; de plaats is dan nog tot op een cel van {cell} meter bekend. Na "
        "{years} jaar wordt de melding gewist. Waarden van rijen die niet zijn overgenomen gaan na {quarantine} dagen, "
        "reservekopieën na {backup} dagen. De termijn van een melding telt vanaf het voorval; is dat onbekend, dan vanaf "
        "het melden, en anders vanaf het inlezen. De server wist elke dag.",
        **_numbers(settings),
    )


def _numbers(settings: Settings) -> dict[str, int]:
    return {
        "years": settings.retention_years,
        "months": min(settings.detail_months, 12 * settings.retention_years),  # what is deleted has no detail left
        "cell": settings.cell_screen_m,
        "quarantine": settings.quarantine_days,
        "backup": settings.backup_days,
        "session": settings.session_hours,
        "attempt": FORGET_S // 3600,
    }
