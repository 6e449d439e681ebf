"""Settings, publication and users in words, for the page Beheer."""

from typing import Final

from dashboard.i18n import N_, _, number
from dashboard.services.manage import InForce
from data.settings import PREFIX, Origin

NAMES: Final = {
    "k_screen": N_("Minste aantal meldingen achter een getal op het scherm"),
    "k_export": N_("Minste aantal meldingen achter een getal in een uitgegeven kaart"),
    "cell_screen_m": N_("Zijde van een hotspotcel op het scherm"),
    "cell_export_m": N_("Zijde van een hotspotcel in een uitgegeven kaart"),
    "quarantine_days": N_("Waarden van rijen die niet zijn overgenomen"),
    "detail_months": N_("Gemaskeerde tekst en exact punt"),
    "retention_years": N_("Melding, daarna afgerond op een cel"),
    "backup_days": N_("Reservekopieën"),
    "session_hours": N_("Opnieuw aanmelden, hoe dan ook"),
    "session_idle_minutes": N_("Opnieuw aanmelden na stilte"),
    "audit_anchor_minutes": N_("Logboek verankeren, hooguit zo lang ertussen"),
    "max_upload_mb": N_("Grootste bestand dat men mag aanbieden"),
}
UNITS: Final = {
    "k_screen": N_("{n} meldingen"),
    "k_export": N_("{n} meldingen"),
    "cell_screen_m": N_("{n} meter"),
    "cell_export_m": N_("{n} meter"),
    "quarantine_days": N_("{n} dagen"),
    "detail_months": N_("{n} maanden"),
    "retention_years": N_("{n} jaar"),
    "backup_days": N_("{n} dagen"),
    "session_hours": N_("{n} uur"),
    "session_idle_minutes": N_("{n} minuten"),
    "audit_anchor_minutes": N_("{n} minuten"),
    "max_upload_mb": N_("{n} MB"),
}
GROUPS: Final = (
    (N_("Drempels"), ("k_screen", "k_export", "cell_screen_m", "cell_export_m")),
    (N_("Bewaartermijnen"), ("quarantine_days", "detail_months", "retention_years", "backup_days")),
    (
        N_("Aanmelden en grenzen"),
        ("session_hours", "session_idle_minutes", "audit_anchor_minutes", "max_upload_mb"),
    ),
)


def name(one: InForce) -> str:
    """What a setting is about."""
    return _(NAMES[one.name])


def value(one: InForce) -> str:
    """What is in force."""
    return amount(one.name, one.value)


def amount(name: str, value: float) -> str:
    """A number with the unit of a setting; of anything else, the number."""
    return _(UNITS[name], n=number(value)) if name in UNITS else number(value)


def bounds(one: InForce) -> str:
    """The range a setting may have."""
    return f"{number(one.low)}–{number(one.high)}"


def origin(one: InForce) -> str:
    """Where a setting's value comes from."""
    if one.origin is Origin.ENVIRONMENT:
        return _("omgevingsvariabele {name}", name=PREFIX + one.name.upper())
    return _("instellingenbestand") if one.origin is Origin.FILE else _("standaard")
