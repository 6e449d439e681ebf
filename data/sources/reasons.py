"""What can be wrong with a file, or with one record of it, before anybody looks at what it says."""

from typing import Final

from data.reasons import FileRefused, Outcome, Reason

# One record cannot be read. ``value`` never holds free text, only what is wrong with it.
UNDECODABLE: Final = Reason(
    "undecodable", Outcome.QUARANTINE, "Deze regel bevat een teken dat niet te lezen is ({value})."
)
BROKEN_QUOTE: Final = Reason(
    "broken_quote",
    Outcome.QUARANTINE,
    "In deze regel staat een aanhalingsteken zonder tegenhanger. Verdubbel aanhalingstekens in de tekst.",
)
TOO_FEW_FIELDS: Final = Reason(
    "too_few_fields", Outcome.QUARANTINE, "Deze regel heeft te weinig velden ({value}); mogelijk is hij afgebroken."
)
TOO_MANY_FIELDS: Final = Reason(
    "too_many_fields",
    Outcome.QUARANTINE,
    "Deze regel heeft te veel velden ({value}); staat er een scheidingsteken in de tekst?",
)
NUL_CHARACTER: Final = Reason("nul_character", Outcome.QUARANTINE, "Deze cel bevat een NUL-teken of een half teken.")
CELL_TOO_LARGE: Final = Reason(
    "cell_too_large", Outcome.QUARANTINE, "Deze cel is te lang: {value} tekens, het maximum is 100.000."
)
ABOVE_HEADER: Final = Reason(
    "above_header", Outcome.QUARANTINE, "Deze regel staat boven de kolomnamen en lijkt toch gegevens te bevatten."
)
CELL_ERROR: Final = Reason("cell_error", Outcome.QUARANTINE, "In kolom {column} staat een foutwaarde: {value}.")
FORMULA_WITHOUT_VALUE: Final = Reason(
    "formula_without_value",
    Outcome.QUARANTINE,
    "In kolom {column} staat een formule zonder uitkomst. Open het bestand in Excel en sla het opnieuw op.",
)
TOO_FAR_RIGHT: Final = Reason(
    "too_far_right",
    Outcome.QUARANTINE,
    "In deze rij is kolom {value} gevuld, voorbij de 1.000 kolommen die gelezen worden.",
)
NO_POINT: Final = Reason("no_point", Outcome.QUARANTINE, "Deze melding heeft geen punt als geometrie maar: {value}.")
NOT_A_FEATURE: Final = Reason("not_a_feature", Outcome.QUARANTINE, "Dit onderdeel is geen GeoJSON-Feature: {value}.")

# Normalised, for the whole file.
BYTE_ORDER_MARK: Final = Reason(
    "byte_order_mark", Outcome.NORMALISE, "Het onzichtbare UTF-8-merkteken vooraan is weggelaten."
)
FROM_CP1252: Final = Reason("from_cp1252", Outcome.NORMALISE, "De tekst stond in Windows-1252 en is omgezet.")
FROM_UTF16: Final = Reason("from_utf16", Outcome.NORMALISE, "De tekst stond in UTF-16 (Unicode-tekst) en is omgezet.")
SEPARATORS: Final = {
    ";": Reason("separator_semicolon", Outcome.NORMALISE, "De velden zijn gescheiden door puntkomma’s."),
    "\t": Reason("separator_tab", Outcome.NORMALISE, "De velden zijn gescheiden door tabs."),
    "|": Reason("separator_pipe", Outcome.NORMALISE, "De velden zijn gescheiden door verticale strepen."),
}
SEPARATOR_OTHER: Final = Reason("separator_stated", Outcome.NORMALISE, "Het scheidingsteken staat in de eerste regel.")
TITLE_ROWS: Final = Reason("title_rows", Outcome.NORMALISE, "Titelregels boven de kolomnamen zijn overgeslagen.")
TOTAL_ROW: Final = Reason("total_row", Outcome.NORMALISE, "De totaalregel onderaan is geen melding en is overgeslagen.")
REPEATED_HEADER: Final = Reason(
    "repeated_header", Outcome.NORMALISE, "Herhaalde kolomnamen tussen de gegevens zijn overgeslagen."
)
UNNAMED_COLUMN: Final = Reason(
    "unnamed_column", Outcome.NORMALISE, "Een kolom zonder naam heet nu naar haar plaats, bijvoorbeeld kolom_5."
)
SAME_COLUMN_TWICE: Final = Reason(
    "same_column_twice", Outcome.NORMALISE, "Een kolom die er twee keer hetzelfde in stond, is één keer gelezen."
)
TRAILING_SEPARATORS: Final = Reason(
    "trailing_separators", Outcome.NORMALISE, "Lege velden achter de laatste kolom zijn weggelaten."
)
SEVERAL_SHEETS: Final = Reason(
    "several_sheets", Outcome.NORMALISE, "Meer dan één werkblad bevat een tabel; alleen het eerste is gelezen."
)


def not_found(name: str) -> FileRefused:
    """There is no such file, or it is a folder or a device."""
    return FileRefused("unreadable", "‘{name}’ bestaat niet of is geen bestand. Kies een ander bestand.", name=name)


def not_opened(name: str) -> FileRefused:
    """The file may not be opened."""
    return FileRefused(
        "unreadable",
        "‘{name}’ kan niet worden geopend. Controleer de rechten, of sluit het in andere programma’s.",
        name=name,
    )


def changing(name: str) -> FileRefused:
    """Somebody is still writing it."""
    return FileRefused(
        "unreadable", "‘{name}’ veranderde tijdens het lezen. Probeer het over een minuut opnieuw.", name=name
    )


def too_large(name: str, size: int, limit: int) -> FileRefused:
    """More bytes than may be taken."""
    return FileRefused(
        "too_large",
        "‘{name}’ is te groot: {size} MB, het maximum is {limit} MB. Splits het bestand, bijvoorbeeld per jaar.",
        name=name,
        size=f"{size / 1e6:.1f}",
        limit=f"{limit / 1e6:.0f}",
    )


def empty_file(name: str) -> FileRefused:
    """Nothing in it."""
    return FileRefused("empty_file", "‘{name}’ is leeg. Exporteer het opnieuw.", name=name)


def header_only(name: str) -> FileRefused:
    """Column names and nothing under them."""
    return FileRefused(
        "header_only", "‘{name}’ bevat alleen kolomnamen en geen enkele melding. Exporteer het opnieuw.", name=name
    )


def no_header(name: str, found: str) -> FileRefused:
    """No row looks like column names."""
    return FileRefused(
        "no_header",
        "In de eerste 20 regels van ‘{name}’ zijn geen kolomnamen te herkennen; gevonden: {found}. "
        "Zet een regel met kolomnamen boven de gegevens, zoals id, datum, lat, lon.",
        name=name,
        found=found,
    )


def header_unreadable(name: str, column: int) -> FileRefused:
    """A column name with bytes that are no text."""
    return FileRefused(
        "header_unreadable",
        "De naam van kolom {column} in ‘{name}’ is niet te lezen. Sla het bestand op als CSV UTF-8.",
        name=name,
        column=column,
    )


def duplicate_column(name: str, column: str) -> FileRefused:
    """Two columns with one name and different contents."""
    return FileRefused(
        "duplicate_column",
        "Kolom ‘{column}’ staat meer dan één keer in ‘{name}’, met verschillende inhoud. Geef elke kolom een eigen naam.",
        name=name,
        column=column,
    )


def not_a_table(name: str, kind: str) -> FileRefused:
    """Something else than CSV, XLSX or GeoJSON, whatever its name says."""
    return FileRefused(
        "not_a_table",
        "‘{name}’ is geen CSV-, XLSX- of GeoJSON-bestand maar: {kind}. Sla de meldingen op als CSV of XLSX.",
        name=name,
        kind=kind,
    )


def not_text(name: str) -> FileRefused:
    """Bytes that are no text and no kind of file we know."""
    return FileRefused(
        "not_a_table",
        "‘{name}’ is geen CSV-, XLSX- of GeoJSON-bestand en ook geen tekst. Sla de meldingen op als CSV of XLSX.",
        name=name,
    )


def old_or_protected_workbook(name: str) -> FileRefused:
    """An OLE container: an encrypted workbook or an .xls of before 2007."""
    return FileRefused(
        "old_or_protected_workbook",
        "‘{name}’ is met een wachtwoord beveiligd of in het oude .xls-formaat. Sla het zonder wachtwoord op als .xlsx.",
        name=name,
    )


def macro_workbook(name: str) -> FileRefused:
    """A workbook that can run code."""
    return FileRefused(
        "macro_workbook", "‘{name}’ bevat macro’s of is een binaire werkmap. Sla het op als gewone .xlsx.", name=name
    )


def too_large_unpacked(name: str) -> FileRefused:
    """A bomb, or a workbook so large that it acts like one."""
    return FileRefused(
        "unsafe_workbook",
        "‘{name}’ wordt niet geopend: uitgepakt is het veel te groot. Sla de meldingen op als CSV.",
        name=name,
    )


def strange_parts(name: str, part: str) -> FileRefused:
    """A part that no program puts in a workbook of reports: another archive, a path to elsewhere, odd packing."""
    return FileRefused(
        "unsafe_workbook",
        "‘{name}’ wordt niet geopend: het onderdeel ‘{part}’ hoort niet in een werkmap. Sla de meldingen op als CSV.",
        name=name,
        part=part,
    )


def declares_entities(name: str, part: str) -> FileRefused:
    """A part with a document type, where entities can be declared."""
    return FileRefused(
        "unsafe_workbook",
        "‘{name}’ wordt niet geopend: het onderdeel ‘{part}’ bevat een DOCTYPE. Sla de meldingen op als CSV.",
        name=name,
        part=part,
    )


def broken_workbook(name: str) -> FileRefused:
    """Cut off or damaged."""
    return FileRefused(
        "broken_workbook",
        "‘{name}’ is beschadigd of niet volledig aangekomen. Sla het opnieuw op als .xlsx en probeer het nog eens.",
        name=name,
    )


def stopped_reading(name: str) -> FileRefused:
    """Reading it took more time or memory than any file of its size does."""
    return FileRefused(
        "stopped_reading",
        "‘{name}’ is niet gelezen: het openen kostte veel meer tijd of geheugen dan bij een bestand van deze grootte "
        "hoort, en is gestopt. Sla de meldingen op als CSV.",
        name=name,
    )


def no_sheet(name: str, found: str) -> FileRefused:
    """No worksheet has a row of column names."""
    return FileRefused(
        "no_header",
        "In geen werkblad van ‘{name}’ zijn kolomnamen te herkennen; gevonden: {found}. "
        "Zet een rij met kolomnamen boven de gegevens, zoals id, datum, lat, lon.",
        name=name,
        found=found,
    )


def broken_json(name: str, line: int, column: int) -> FileRefused:
    """JSON that does not parse."""
    return FileRefused(
        "broken_geojson",
        "‘{name}’ is geen geldige GeoJSON: het gaat mis in regel {line}, teken {column}. Exporteer het bestand opnieuw.",
        name=name,
        line=line,
        column=column,
    )


def too_deep(name: str) -> FileRefused:
    """Brackets in brackets in brackets."""
    return FileRefused(
        "broken_geojson",
        "‘{name}’ is geen geldige GeoJSON: het is te diep genest. Exporteer het bestand opnieuw.",
        name=name,
    )


def not_a_collection(name: str, found: str) -> FileRefused:
    """JSON, but something else."""
    return FileRefused(
        "broken_geojson",
        "‘{name}’ is geen FeatureCollection maar: {found}. Exporteer de meldingen als FeatureCollection van punten.",
        name=name,
        found=found,
    )


def too_many_properties(name: str, limit: int) -> FileRefused:
    """Features with ever other properties."""
    return FileRefused(
        "broken_geojson",
        "‘{name}’ heeft meer dan {limit} verschillende eigenschappen. Exporteer alleen wat van een melding nodig is.",
        name=name,
        limit=limit,
    )


def unknown_crs(name: str, crs: str) -> FileRefused:
    """A coordinate system that cannot be honoured; guessing would move every report."""
    return FileRefused(
        "unknown_crs",
        "‘{name}’ noemt een onbekend coördinatenstelsel: {crs}. Gebruik EPSG:4326 of EPSG:28992.",
        name=name,
        crs=crs,
    )
