"""What the papers' tables say, in the reader's language: columns, rights, settings and measures. Tests hold them complete."""

from dataclasses import dataclass, fields
from typing import Final

from dashboard.i18n import N_, _
from dashboard.papers import terms
from dashboard.papers.paper import Facts
from data.rights import RIGHTS, Right, Role
from data.settings import RANGES, Settings
from geo import report

# Why each column of a report is kept
COLUMNS: Final = {
    "source": N_("uit welk meldpunt de melding komt"),
    "source_id": N_("het kenmerk bij de bron: om dubbele en ingetrokken meldingen te herkennen"),
    "x": N_("de plaats in meters (RD): zonder plaats geen hotspot"),
    "y": N_("de plaats in meters (RD): zonder plaats geen hotspot"),
    "uncertainty_m": N_("hoe grof de plaats is: te grove plaatsen doen niet mee"),
    "event_date": N_("de dag van het voorval"),
    "event_minute": N_("het tijdstip: wanneer het speelt, en of het donker was"),
    "event_until": N_("tot wanneer het kan zijn gebeurd, als het moment van–tot bekend is"),
    "reported_at": N_("wanneer er is gemeld: om campagnes te herkennen"),
    "categories": N_("de soort intimidatie"),
    "text": N_("de toelichting, zonder namen en andere gegevens die naar een persoon wijzen"),
    "street": N_("de straat: om de plek te kunnen noemen"),
    "postcode": N_("de postcode, als de bron die geeft"),
    "status": N_("hoe ver de bron met de melding is; ingetrokken meldingen worden gewist"),
    "flags": N_("wat het programma over de melding opmerkte, zoals waarschijnlijk dubbel"),
}

RIGHT_WORDS: Final = {
    Right.REPORTS: N_("losse meldingen zien: precieze plaats, tijdstip en gemaskeerde tekst"),
    Right.CUSTOM: N_("zelf periode, uren, soort en gebied kiezen"),
    Right.PUBLISHED: N_("vastgestelde cijfers zien: hotspots, aantallen per wijk en buurt"),
    Right.EXPORT: N_("een kaart uitgeven"),
    Right.IMPORT: N_("bestanden inlezen"),
    Right.DECIDE: N_("besluiten over weggelaten meldingen en twijfelachtige maskering"),
    Right.MEASURES_READ: N_("maatregelen lezen"),
    Right.MEASURES_WRITE: N_("maatregelen schrijven"),
    Right.MANAGE_READ: N_("gebruikers, bewaartermijnen en drempels lezen"),
    Right.MANAGE_WRITE: N_("gebruikers, bewaartermijnen en drempels wijzigen"),
    Right.AUDIT_OWN: N_("de eigen regels van het logboek lezen"),
    Right.AUDIT: N_("het hele logboek lezen"),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """One risk, what the program does about it, and the test or command that shows it (a path in the project)."""

    risk: str
    measure: str
    shown: str


MEASURES: Final = (
    Measure(
        N_("Een kaart wijst naar een slachtoffer"),
        N_("Kaarten die het huis uit gaan tonen rastercellen, nooit punten of omtrekken; geen hoekpunt is een melding."),
        "tests/unit_dashboard/test_snapshots.py",
    ),
    Measure(
        N_("Door cijfers van elkaar af te trekken blijft één melding over"),
        N_("Cijfers rusten op minstens k meldingen, zijn afgerond en gelden voor vaste perioden; een tweede rekenwijze bewijst dat er niets is af te leiden."),
        "tests/unit_geo/test_publish.py",
    ),
    Measure(
        N_("In de toelichting staan namen of andere gegevens van personen"),
        N_("Ze worden bij het inlezen gemaskeerd, voordat iemand ze kan lezen."),
        "tests/unit_data/test_identifiers.py",
    ),
    Measure(
        N_("Iemand ziet meer dan zijn rol toestaat"),
        N_("Elk recht staat in één tabel; wat er niet in staat, mag niet."),
        "tests/unit_data/test_rights.py",
    ),
    Measure(
        N_("Achteraf is niet na te gaan wie wat zag of uitgaf"),
        N_("Een logboek waarvan elke regel aan de vorige vastzit: wijzigen, weglaten en afknippen vallen op."),
        "tests/unit_data/test_audit.py",
    ),
    Measure(
        N_("Een straat krijgt ten onrechte een slechte naam"),
        N_("Elke hotspot wordt aan toeval en aan andere instellingen getoetst; de kaart zegt hoe zeker hij is."),
        "tests/unit_dashboard/test_truth.py",
    ),
    Measure(
        N_("Een standaardpunt of dubbele inzending lijkt een hotspot"),
        N_("Ze worden herkend, weggelaten en geteld; een analist kan dat met een notitie terugdraaien."),
        "tests/unit_geo/test_exclusions.py",
    ),
    Measure(
        N_("Een melder wil de melding terug"),
        N_("Een ingetrokken melding wordt gewist; alleen het kenmerk en de reden blijven, zodat ze niet terugkomt."),
        "tests/unit_data/test_store_reports.py",
    ),
    Measure(
        N_("Het inlezen wordt afgebroken"),
        N_("Een bestand wordt in zijn geheel ingelezen of helemaal niet."),
        "tests/unit_data/test_kill.py",
    ),
    Measure(
        N_("Gegevens gaan naar derden via de webpagina"),
        N_("De pagina haalt niets van andere adressen; achtergrondkaarten alleen als de instelling tiles aan staat."),
        "tests/unit_dashboard/test_security.py",
    ),
)  # fmt: skip


def columns(settings: Settings) -> Facts:
    """Every column of a report: why it is kept, and how long."""
    rows = tuple((name, _(COLUMNS[name]), terms.words(terms.of_column(name), settings)) for name in report.COLUMNS)
    return Facts((_("gegeven"), _("waarvoor"), _("hoe lang")), rows)


def stored(settings: Settings) -> Facts:
    """Everything that is kept: what, how long, and in which tables."""
    rows = tuple((_(s.what), terms.words(s.term, settings), ", ".join(s.tables) or "–") for s in terms.STORED)
    return Facts((_("wat"), _("hoe lang"), _("tabel")), rows)


def roles() -> Facts:
    """Every role and what it may."""
    rows = tuple((role.value, "; ".join(_(RIGHT_WORDS[r]) for r in Right if r in RIGHTS[role])) for role in Role)
    return Facts((_("rol"), _("mag")), rows)


def settings_in_force(settings: Settings) -> Facts:
    """Every setting as it stands; where a store or a key is kept is not told."""
    rows = tuple((field.name, _value(settings, field.name), _range(field.name)) for field in fields(Settings))
    return Facts((_("instelling"), _("waarde"), _("bereik")), rows)


def measures() -> Facts:
    """Every risk, its measure and where it is shown."""
    rows = tuple((_(m.risk), _(m.measure), m.shown) for m in MEASURES)
    return Facts((_("risico"), _("maatregel"), _("aangetoond door")), rows)


SECRET: Final = ("store", "audit_key", "audit_anchors")


def _value(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    if name in SECRET or "secret" in name or "password" in name:
        return _("niet vermeld")
    if isinstance(value, bool):
        return _("ja") if value else _("nee")
    return str(value) if value != "" else _("standaard")


def _range(name: str) -> str:
    if name not in RANGES:
        return "–"
    low, high = RANGES[name]
    return f"{low:g}–{high:g}"
