"""Every reason the importer can give for a row, by outcome. Codes are stable; sentences are Dutch templates."""

from typing import Final

from data.reasons import Outcome, Reason
from geo import report

_Q, _F, _N = Outcome.QUARANTINE, Outcome.FLAG, Outcome.NORMALISE

# Quarantined: the row is not taken.
MISSING_ID: Final = Reason("missing_id", _Q, "Geen kenmerk: zonder nummer is een melding niet terug te vinden.")
MISSING_PLACE: Final = Reason("missing_place", _Q, "Geen plaats ingevuld.")
UNREADABLE_PLACE: Final = Reason("unreadable_place", _Q, "„{value}” is geen coördinaat; er wordt niet gegokt.")
DEFAULT_PLACE: Final = Reason("default_place", _Q, "{value} is een standaardwaarde en geen plaats van een melding.")
SWAPPED_PLACE: Final = Reason("swapped_place", _Q, "{value}: de twee coördinaten lijken verwisseld.")
OUTSIDE_NL: Final = Reason("outside_netherlands", _Q, "{value} ligt niet in Nederland.")
OUTSIDE_MUNICIPALITY: Final = Reason("outside_municipality", _Q, "{value} ligt buiten de gemeente.")
MISSING_DATE: Final = Reason("missing_date", _Q, "Geen datum ingevuld.")
UNREADABLE_DATE: Final = Reason("unreadable_date", _Q, "„{value}” is geen datum die wordt herkend (dag-maand-jaar).")
UNREADABLE_TIME: Final = Reason("unreadable_time", _Q, "„{value}” is geen tijd die wordt herkend (uur:minuut).")
MISSING_HOUR: Final = Reason("nonexistent_time", _Q, "„{value}” bestaat niet: die nacht ging de zomertijd in.")
UNREADABLE_UNTIL: Final = Reason("unreadable_until", _Q, "„{value}” is geen einde dat wordt herkend (uur:minuut).")
UNTIL_BEFORE: Final = Reason("until_before", _Q, "Het einde („{value}”) ligt vóór het begin.")
FUTURE_DATE: Final = Reason("future_date", _Q, "„{value}” ligt in de toekomst.")
DEFAULT_DATE: Final = Reason(
    "default_date", _Q, "„{value}” is de nuldatum van een programma en geen dag van een melding."
)
OLD_DATE: Final = Reason("too_old", _Q, "„{value}” is ouder dan de bewaartermijn.")
UNKNOWN_CATEGORY: Final = Reason("unknown_category", _Q, "„{value}” is geen bekende soort.")
TEXT_TOO_LONG: Final = Reason("text_too_long", _Q, "De tekst is langer dan 10.000 tekens: „{value}”.")
NUL_CHARACTER: Final = Reason("nul_character", _Q, "De rij bevat een NUL-teken: „{value}”.")

# Kept and flagged; the code is the flag.
NEAR_BORDER: Final = Reason(report.NEAR_BORDER, _F, "{value} ligt net buiten de gemeentegrens.")
COARSE_PLACE: Final = Reason(report.COARSE_PLACE, _F, "{value} is een grove plaats (onzeker over meer dan 100 meter).")
DEFAULT_POINT: Final = Reason(report.DEFAULT_POINT, _F, "{value}: zeer veel meldingen op precies dit ene punt.")
AMBIGUOUS_TIME: Final = Reason(
    report.AMBIGUOUS_TIME, _F, "„{value}” komt twee keer voor: die nacht ging de wintertijd in."
)
PROBABLE_DUPLICATE: Final = Reason(
    report.PROBABLE_DUPLICATE, _F, "Waarschijnlijk dezelfde melding als een eerdere: zelfde plek, tijd en soort."
)
REPEATED_ID: Final = Reason(report.PROBABLE_DUPLICATE, _F, "Kenmerk „{value}” komt eerder in dit bestand voor.")
FLOOD: Final = Reason(report.FLOOD, _F, "Zeer veel meldingen van één bron binnen een uur.")
TEST_TEXT: Final = Reason(report.TEST_TEXT, _F, "„{value}” lijkt een testmelding.")
MOJIBAKE: Final = Reason(report.MOJIBAKE, _F, "De tekst is al eerder verminkt geraakt: „{value}”.")
REVIEW_TEXT: Final = Reason(report.REVIEW_TEXT, _F, "In de tekst staat misschien nog een persoon: „{value}”.")

# Duplicates and withdrawals.
SAME_IN_FILE: Final = Reason(
    "duplicate", Outcome.DUPLICATE, "Kenmerk „{value}” staat met dezelfde inhoud al in dit bestand."
)
OLDER_VERSION: Final = Reason(
    "older_version", Outcome.DUPLICATE, "Van kenmerk „{value}” staat verderop een nieuwere versie."
)
ALREADY_KNOWN: Final = Reason(
    "already_known", Outcome.DUPLICATE, "Kenmerk „{value}” was al met dezelfde inhoud ingelezen."
)
ALREADY_WITHDRAWN: Final = Reason("already_withdrawn", Outcome.DUPLICATE, "Kenmerk „{value}” was al ingetrokken.")
WITHDRAWN: Final = Reason(
    "withdrawn", Outcome.WITHDRAWN, "Melding „{value}” is ingetrokken; wat ervan bewaard was, verdwijnt."
)
WITHDRAWN_EARLIER: Final = Reason(
    "withdrawn_earlier", Outcome.WITHDRAWN, "Melding „{value}” is ingetrokken en wordt niet opgenomen."
)

# Normalised, per row.
TIME_UNKNOWN: Final = Reason("time_unknown", _N, "Tijd onbekend („{value}”): de dag telt mee, het uur niet.")
LONG_SPAN: Final = Reason(
    "long_span", _N, "Van begin tot einde („{value}”) is meer dan 24 uur: de dag van het begin telt mee, het uur niet."
)
NEXT_DAY: Final = Reason("next_day", _N, "„{value}” is gelezen als 00:00 uur de volgende dag.")
UNREADABLE_REPORTED: Final = Reason(
    "unreadable_reported_at", _N, "Meldmoment „{value}” is niet herkend en leeg gelaten."
)

# Normalised, for the whole file.
DECIMAL_COMMA: Final = Reason("decimal_comma", _N, "Coördinaten met een decimale komma.")
AXES_SWAPPED: Final = Reason("axes_swapped", _N, "De assen zijn omgewisseld, zoals gevraagd.")
RD_IN_DEGREES: Final = Reason(
    "rd_under_degrees", _N, "In de kolommen voor graden staan RD-coördinaten (EPSG:28992); zo zijn ze gelezen."
)
DEGREES_IN_RD: Final = Reason(
    "degrees_under_rd", _N, "In de kolommen voor RD-coördinaten staan graden (EPSG:4326); zo zijn ze gelezen."
)
CRS_CONVERTED: Final = Reason("crs_converted", _N, "Coördinaten omgerekend uit het stelsel dat het bestand noemt.")
RD_PREFERRED: Final = Reason(
    "rd_preferred", _N, "Het bestand heeft graden en RD-coördinaten; de RD-coördinaten zijn gebruikt."
)
GEOMETRY_USED: Final = Reason(
    "geometry_used", _N, "De plaats komt uit de geometrie van het bestand; coördinaatkolommen zijn niet gebruikt."
)
NO_TIMES: Final = Reason("no_times", _N, "In het bestand staan geen tijden: alle uren zijn onbekend.")
UNTIL_WITHOUT_TIMES: Final = Reason("until_without_times", _N, "Het einde heeft nergens een tijd en is niet gebruikt.")
UNTIL_OTHER: Final = Reason(
    "until_other",
    _N,
    "Het einde ligt bij de meeste meldingen meer dan 24 uur na het begin, of ervoor: het is niet gebruikt. Is het wel het"
    " einde van het voorval, noem de kolom dan in een mappingbestand.",
)
EPOCH_1904: Final = Reason("epoch_1904", _N, "Datums tellen vanaf 1904, zoals de werkmap zegt.")
CATEGORY_SPELLING: Final = Reason("category_spelling", _N, "Soorten zijn gelijk gespeld.")
HOUSE_NUMBER: Final = Reason("house_number", _N, "Huisnummers achter straatnamen zijn weggelaten.")
PEOPLE_MASKED: Final = Reason("people_masked", _N, "In teksten zijn namen, nummers en adressen van mensen afgedekt.")
ACCURACY_UNREAD: Final = Reason(
    "accuracy_unread", _N, "Een nauwkeurigheid die niet in meters of woorden te lezen was, is niet gebruikt."
)
COLUMNS_IGNORED: Final = Reason("columns_ignored", _N, "Kolommen die niet worden herkend, zijn niet bewaard.")
COLUMNS_WITHHELD: Final = Reason("columns_withheld", _N, "Kolommen over personen zijn niet bewaard.")
ROW_NUMBER_AS_ID: Final = Reason("row_number_as_id", _N, "Zonder kenmerk is het rijnummer als kenmerk gebruikt.")
