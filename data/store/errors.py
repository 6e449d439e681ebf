"""StoreError: what can be wrong with a store, in a sentence for its user; and which driver error means what.

Anything that is not recognised here is a fault of the program and stays the traceback it is.
"""

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError

from data.reasons import UserError


class StoreError(UserError):
    """A store that cannot be used as asked."""


class Damaged(ValueError):
    """A stored value that this program cannot have written."""


SENTENCES: Final = {
    "bad_url": "De store {store} is geen bruikbaar adres: geef een bestand, sqlite:///bestand of "
    "postgresql://gebruiker@server/database.",
    "unusable": "De store {store} kan niet worden geopend of gemaakt: {detail}. Kies een bestand in een map waarin "
    "u mag schrijven.",
    "read_only": "De store {store} mag niet worden beschreven. Controleer de rechten van het bestand en de map.",
    "missing": "Er is geen store {store}. Controleer de naam, of maak hem met hotspotkaart areas import of hotspotkaart "
    "reports import.",
    "not_a_store": "{store} is geen store van Hotspotkaart. Kies een ander bestand; er is niets veranderd.",
    "damaged": "De store {store} is beschadigd. Zet een reservekopie terug.",
    "newer": "De store {store} is gemaakt door een nieuwere versie van Hotspotkaart (schema {found}; dit programma "
    "kent schema {known}). Werk het programma bij; er is niets veranderd.",
    "locked": "De store {store} is bezet door een andere schrijver. Wacht tot die klaar is en probeer het opnieuw.",
    "full": "De schijf van de store {store} is vol of niet te beschrijven. Er is niets veranderd; maak ruimte en "
    "probeer het opnieuw.",
    "unreachable": "De database {store} is niet te bereiken. Controleer het adres en of de server draait.",
    "denied": "De database {store} weigert de toegang. Controleer gebruiker, wachtwoord, database en rechten.",
    "encoding": "De database {store} bewaart tekst als {found}. Maak een database met codering UTF8.",
}


def store_error(code: str, **fields: object) -> StoreError:
    """The error with this code; ``fields`` must hold what its sentence names."""
    return StoreError(code, SENTENCES[code], **fields)


_SQLITE: Final = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_IOERR: "full",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "not_a_store",
}

# What SQLite says with its general code when bits of a text or of the schema have changed on the disk
# (an import looks up what is there before it inserts: a clash means that the index does not fit the table)
_DAMAGE: Final = (
    "unique constraint failed: reports",
    "could not decode to utf-8",
    "no such column",
    "no such table",
    "has no column named",
    "malformed",
)

# PostgreSQL error classes and codes, https://www.postgresql.org/docs/15/errcodes-appendix.html
_POSTGRES: Final = {
    "55P03": "locked",
    "40P01": "locked",
    "53": "full",
    "58030": "full",
    "25006": "read_only",
    "28": "denied",
    "3D000": "denied",
    "42501": "denied",
    "08": "unreachable",
    "57P": "unreachable",
}


def explain(error: Exception, store: str) -> StoreError | None:
    """What a driver's error means for the user, or None when it is no fault of the store."""
    cause: BaseException | None = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        number = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # extended codes carry the primary one in the low byte
        if number == sqlite3.SQLITE_CANTOPEN:
            return store_error("unusable", store=store, detail="het bestand of de map is niet te openen")
        if any(words in str(cause).lower() for words in _DAMAGE):
            return store_error("damaged", store=store)
        return store_error(_SQLITE[number], store=store) if number in _SQLITE else None
    if isinstance(cause, Damaged | UnicodeDecodeError):
        return store_error("damaged", store=store)
    return _explain_postgres(cause, store)


def _explain_postgres(cause: BaseException | None, store: str) -> StoreError | None:
    if type(cause).__module__.split(".")[0] != "psycopg":
        return None
    state = getattr(cause, "sqlstate", None)
    if state is None:  # the server never answered, or the connection broke
        refused = "authentication failed" in str(cause) or "does not exist" in str(cause)
        broken = type(cause).__name__ in ("OperationalError", "ConnectionTimeout")
        code = "denied" if refused else "unreachable" if broken else None
    else:
        code = _POSTGRES.get(state) or _POSTGRES.get(state[:3]) or _POSTGRES.get(state[:2])
    return store_error(code, store=store) if code else None
