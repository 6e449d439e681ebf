"""Which column of a file plays which part; and the mapping file that says so where names do not."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyproj

from data.categories import CATEGORIES, plain
from data.reasons import FileRefused
from data.sources.table import GEOMETRY_X, GEOMETRY_Y

# Our name for each part, as used in a mapping file, with the names Dutch exports use (case, accents, spaces,
# hyphens, underscores and points do not matter).
NAMES: Final[dict[str, str]] = {
    "id": (
        "id meldingsnummer meldnummer meldingnummer melding_id meldings_id meldingsid zaaknummer zaaknr zaak_id kenmerk "
        "meldingskenmerk meldnr referentie referentienummer registratienummer dossiernummer report_id source_id case_id"
    ),
    "datum_tijd": (
        "datum_tijd datum_en_tijd datum/tijd datumtijd datetime date_time moment tijdstip_voorval datum_tijd_voorval "
        "datum_tijd_incident timestamp event_time event_at gebeurd_op voorgevallen_op"
    ),
    "datum": (
        "datum date dag datum_voorval voorvaldatum datum_incident datum_gebeurtenis datum_voorgevallen event_date "
        "incidentdatum pleegdatum begindatum"
    ),
    "tijd": "tijd time tijd_voorval tijdstip tijd_incident tijd_gebeurtenis pleegtijd begintijd",
    "tot": (
        "tot tijd_tot tot_tijd tijdstip_tot eindtijd eindtijdstip tijd_einde eindmoment datum_tijd_tot datum_tijd_einde "
        "tot_datum_tijd pleegtijd_tot event_until end_time"
    ),
    "datum_tot": "datum_tot tot_datum einddatum datum_einde pleegdatum_tot end_date",
    "gemeld_op": (
        "gemeld_op datum_melding meldingsdatum melddatum meldatum meldmoment datum_gemeld gemeld datum_tijd_melding "
        "aangemaakt_op aangemaakt created_at ingediend_op reported_at registratiedatum datum_registratie ontvangen_op"
    ),
    "lat": "lat latitude breedtegraad breedte gps_lat lat_wgs84 latitude_wgs84 wgs84_lat geo_lat",
    "lon": "lon lng long longitude lengtegraad lengte gps_lon gps_lng lon_wgs84 longitude_wgs84 wgs84_lon geo_lon geo_lng",
    "x": "x x_rd rd_x xrd x_coord x_coordinaat coordinaat_x x_coordinate x_coor rd_x_coordinaat x_coordinaat_rd",
    "y": "y y_rd rd_y yrd y_coord y_coordinaat coordinaat_y y_coordinate y_coor rd_y_coordinaat y_coordinaat_rd",
    "categorie": (
        "categorie categorieen categories category soort soort_melding soort_intimidatie type type_melding "
        "type_intimidatie meldingstype vorm gedrag aard"
    ),
    "omschrijving": (
        "omschrijving toelichting beschrijving opmerking opmerkingen tekst text description verhaal vrije_tekst "
        "meldtekst meldingstekst"
    ),
    "straat": "straat straatnaam street openbare_ruimte openbareruimte openbareruimtenaam",
    "postcode": "postcode pc pc4 pc6 zip zipcode postal_code",
    "ingetrokken": "ingetrokken geannuleerd withdrawn verwijderd",
    "status": "status state meldingstatus meldingsstatus status_melding",
    "nauwkeurigheid": "nauwkeurigheid nauwkeurigheid_m accuracy precisie locatienauwkeurigheid onzekerheid onzekerheid_m uncertainty_m",
}

# An id when there is no better one.
_ORDINALS: Final = ("nummer", "nr", "volgnummer", "volgnr", "fid", "objectid")

# Never stored, whatever a mapping says (PRIVACY, "Free text and people").
_SPECIAL = re.compile(
    r"etnic|ethnic|nationalit|herkomst|afkomst|inkomen|income|religi|geloof|godsdienst|migratie|geboorteland|huidskleur|^ras$"
)
_CONTACT = re.compile(
    r"naam(melder|contact)?$|^(voor|achter|roep|volledige)?naam|e?mail|telefoon|^tel(nr|nummer)?$|mobiel|^gsm|phone"
    r"|^adres|adres$|huisnummer|huisnr|^bsn|burgerservice|sofi|geboortedatum|geboortejaar|iban|rekeningn|^melder|contact|^name$"
)

DEGREES, METRES, GEOMETRY = "degrees", "metres", "geometry"


_ROLES: Final = {plain(theirs): ours for ours, names in NAMES.items() for theirs in names.split()}


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """What a mapping file says. columns: our name → theirs. categories: their plain spelling → ours.

    ignored: columns that play no part, whatever they are called.
    """

    columns: dict[str, str] = field(default_factory=dict)
    categories: dict[str, tuple[str, ...]] = field(default_factory=dict)
    swap_xy: bool = False
    crs: str | None = None
    source: str = ""
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The columns of one file by part. place: (east, north) column; kind: degrees, metres or geometry."""

    by_role: dict[str, str]
    place: tuple[str, str]
    kind: str
    ignored: tuple[str, ...]
    withheld: tuple[str, ...]
    both_places: bool = False  # degrees and metres were there; the metres were taken

    def get(self, role: str) -> str | None:
        """The file's name for a part, None when it has none."""
        return self.by_role.get(role)


def recognise(names: Iterable[str], *, mapping: Mapping | None = None, place_only: bool = False) -> Columns:
    """The parts the columns play. place_only: a place is enough; id and date may be missing.

    Raises FileRefused: missing_columns (naming missing and present ones), column_conflict (two columns for one part),
    mapping_column (a mapped column that is not there) or forbidden_column (a mapping wants to keep a personal column).
    """
    everything = list(names)
    present = [name for name in everything if name not in (GEOMETRY_X, GEOMETRY_Y)]
    geometry = GEOMETRY_X in everything and GEOMETRY_Y in everything
    by_role = _mapped(present, mapping)
    withheld: list[str] = []
    ignored: list[str] = []
    claims: dict[str, list[str]] = {}
    for name in present:
        role = _ROLES.get(plain(name))
        if name in by_role.values():
            continue
        if role is None and is_personal(name):
            withheld.append(name)
        elif role is None or role in by_role or (mapping is not None and name in mapping.ignored):
            ignored.append(name)
        else:
            claims.setdefault(role, []).append(name)
    for role, claimants in claims.items():
        if len(claimants) > 1:
            raise FileRefused(
                "column_conflict",
                "Meer dan één kolom voor {role}: {columns}. Kies er een op de pagina Gegevens, of in een mappingbestand (--mapping) onder [columns].",
                role=role,
                columns=", ".join(claimants),
            )
        by_role[role] = claimants[0]
    _settle_times(by_role)
    if "id" not in by_role and (ordinal := [name for name in ignored if plain(name) in _ORDINALS]):
        by_role["id"] = ordinal[0]
        ignored.remove(ordinal[0])
    _require(by_role, present, geometry=geometry, place_only=place_only)
    place, kind = _place(by_role, geometry=geometry, mapped=set(mapping.columns) if mapping else set())
    pairs = ({"lat", "lon"} <= by_role.keys(), {"x", "y"} <= by_role.keys(), geometry)
    return Columns(
        by_role=by_role,
        place=place,
        kind=kind,
        ignored=tuple(ignored),
        withheld=tuple(withheld),
        both_places=sum(pairs) > 1,
    )


def _mapped(present: list[str], mapping: Mapping | None) -> dict[str, str]:
    wanted = mapping.columns if mapping else {}
    by_plain = {plain(name): name for name in present}
    found = {}
    for role, theirs in wanted.items():
        name = theirs if theirs in present else by_plain.get(plain(theirs))
        if name is None:
            raise FileRefused(
                "mapping_column",
                "Het mappingbestand noemt kolom „{column}” voor {role}, maar die staat niet in het bestand. Aanwezig: {present}.",
                column=theirs,
                role=role,
                present=", ".join(present),
            )
        if is_personal(name):
            raise FileRefused(
                "forbidden_column",
                "Kolom „{column}” gaat over personen en wordt nooit bewaard; haal haar uit het mappingbestand.",
                column=name,
            )
        found[role] = name
    return found


def likely(names: Iterable[str]) -> dict[str, str]:
    """Column → the part its name says it plays, "" for none; of columns that say the same the first one plays it."""
    by_role: dict[str, str] = {}
    everything = [name for name in names if name not in (GEOMETRY_X, GEOMETRY_Y)]
    for name in everything:
        role = _ROLES.get(plain(name))
        if role is not None:
            by_role.setdefault(role, name)
    if "datum" in by_role and "datum_tijd" in by_role:
        del by_role["datum" if "tijd" not in by_role else "datum_tijd"]
    _settle_times(by_role)
    if "id" not in by_role and (ordinal := [name for name in everything if plain(name) in _ORDINALS]):
        by_role["id"] = ordinal[0]
    plays = {name: role for role, name in by_role.items()}
    return {name: plays.get(name, "") for name in everything}


def is_personal(name: str) -> bool:
    """Whether a column's name says that it is about persons: such a column is never stored."""
    return bool(_SPECIAL.search(plain(name)) or _CONTACT.search(plain(name)))


def _settle_times(by_role: dict[str, str]) -> None:
    """A lone "tijdstip" is a whole moment; beside a date it is the time of day."""
    if (
        "datum" not in by_role
        and "datum_tijd" not in by_role
        and "tijd" in by_role
        and plain(by_role["tijd"]) == "tijdstip"
    ):
        by_role["datum_tijd"] = by_role.pop("tijd")
    if "datum" in by_role and "datum_tijd" in by_role:
        raise FileRefused(
            "column_conflict",
            "Meer dan één kolom voor {role}: {columns}. Kies er een op de pagina Gegevens, of in een mappingbestand (--mapping) onder [columns].",
            role="datum",
            columns=f"{by_role['datum']}, {by_role['datum_tijd']}",
        )


def _require(by_role: dict[str, str], present: list[str], *, geometry: bool, place_only: bool) -> None:
    """Refuse a file that lacks an id, a place or a date, naming what is missing and what is there."""
    missing = []
    if "id" not in by_role and not place_only:
        missing.append("id (kenmerk)")
    if not (geometry or {"lat", "lon"} <= by_role.keys() or {"x", "y"} <= by_role.keys()):
        missing.append("lat en lon (of x en y)")
    if not place_only and not {"datum", "datum_tijd"} & by_role.keys():
        missing.append("datum")
    if missing:
        raise FileRefused(
            "missing_columns",
            "Niet gevonden: {missing}. Aanwezig: {present}. Zeg op de pagina Gegevens, of in een mappingbestand (--mapping), welke kolom wat is.",
            missing=", ".join(missing),
            present=", ".join(present) or "geen kolommen",
        )


def _place(by_role: dict[str, str], *, geometry: bool, mapped: set[str]) -> tuple[tuple[str, str], str]:
    """The pair of columns that says where, and its kind: what a mapping names, else geometry, metres, degrees."""
    pairs = {METRES: ("x", "y"), DEGREES: ("lon", "lat")}
    complete = {kind: (by_role[a], by_role[b]) for kind, (a, b) in pairs.items() if {a, b} <= by_role.keys()}
    for kind, place in complete.items():
        if mapped.intersection(pairs[kind]):
            return place, kind
    if geometry:
        return (GEOMETRY_X, GEOMETRY_Y), GEOMETRY
    kind, place = next(iter(complete.items()))
    return place, kind


_OPTIONS: Final = ("swap_xy", "crs", "source")


def read_mapping(path: Path | str) -> Mapping:
    """A mapping file (TOML): [columns] ours = "theirs"; [categories] "theirs" = "ours" or a list; [options].

    Raises FileRefused (mapping_unreadable, mapping_unknown) naming what is wrong and what is known.
    """
    try:
        content = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FileRefused(
            "mapping_unreadable", "Het mappingbestand {path} is niet te lezen: {error}", path=path, error=error
        ) from error
    return mapping_from(content)


def mapping_from(content: dict[str, Any]) -> Mapping:
    """A Mapping from what a TOML file holds; unknown keys are refused with the known ones listed."""
    _known("", content, ("columns", "categories", "options"))
    columns: dict[str, str] = {}
    for ours, theirs in _table(content, "columns").items():
        role = _ROLES.get(plain(ours))
        if role is None:
            _known("columns", {ours: theirs}, tuple(NAMES))
        else:
            columns[role] = str(theirs)
    categories: dict[str, tuple[str, ...]] = {}
    for theirs, ours in _table(content, "categories").items():
        labels = tuple(ours) if isinstance(ours, list) else (ours,)
        _known("categories", dict.fromkeys(map(str, labels)), CATEGORIES)
        categories[plain(theirs)] = tuple(map(str, labels))
    options = _table(content, "options")
    _known("options", options, _OPTIONS)
    if not isinstance(options.get("swap_xy", False), bool):
        raise FileRefused("mapping_unknown", "swap_xy = {value}: moet true of false zijn.", value=options["swap_xy"])
    crs = str(options["crs"]) if "crs" in options else None
    if crs is not None:
        known_crs(crs)
    return Mapping(
        columns=columns,
        categories=categories,
        swap_xy=options.get("swap_xy", False),
        crs=crs,
        source=str(options.get("source", "")),
    )


def _table(content: dict[str, Any], name: str) -> dict[str, Any]:
    table = content.get(name, {})
    if not isinstance(table, dict):
        raise FileRefused("mapping_unknown", "[{name}] in het mappingbestand moet een tabel zijn.", name=name)
    return table


def _known(table: str, given: dict[str, Any], known: tuple[str, ...]) -> None:
    if unknown := [key for key in given if key not in known]:
        raise FileRefused(
            "mapping_unknown",
            "Onbekend in het mappingbestand {table}: {unknown}. Bekend zijn: {known}.",
            table=f"onder [{table}]" if table else "",
            unknown=", ".join(unknown),
            known=", ".join(known),
        )


def known_crs(name: str) -> pyproj.CRS:
    """The coordinate system a file or a mapping names. Raises FileRefused when there is none of that name."""
    try:
        return pyproj.CRS.from_user_input(name)
    except pyproj.exceptions.CRSError as error:
        raise FileRefused(
            "unknown_crs", "Het coördinaatstelsel „{crs}” is niet bekend; noem bijvoorbeeld EPSG:28992.", crs=name
        ) from error
