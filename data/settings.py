"""Settings: one frozen object, read from a TOML file and the environment; every value with the range it may have.

Documented in docs/reference/settings.md; a test fails when one is missing there.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import platformdirs

from data.reasons import UserError

PREFIX: Final = "HOTSPOTKAART_"


class SettingError(UserError):
    """A setting that does not exist or has a value it cannot have."""


def _default_store() -> str:
    return f"sqlite:///{platformdirs.user_data_path('hotspotkaart') / 'hotspotkaart.sqlite'}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """All settings with their defaults. Distances in metres, periods in the unit of their name."""

    store: str = _default_store()
    municipality: str = "Dordrecht"  # name in titles
    source_name: str = "meldpunten straatintimidatie"  # where the reports come from, in the source line
    language: str = "nl"
    focus_areas: str = ""  # TOML file with focus areas; empty: the ones that come with the project
    border_tolerance_m: float = 50.0  # outside the municipality by no more: kept and flagged
    join_tolerance_m: float = 1.0  # a hair outside every polygon by no more: the nearest buurt
    retention_years: int = 5  # older reports are not imported
    quarantine_days: int = 90  # the values of rows that were not taken
    detail_months: int = 12  # masked text and exact point; after it the record is snapped to its cell
    backup_days: int = 30
    k_screen: int = 5
    k_export: int = 10
    cell_screen_m: int = 50
    cell_export_m: int = 100
    eps_m: float = 75.0
    max_upload_mb: int = 50
    audit_key: str = ""  # file with the audit log's key; empty: among the user's own data
    audit_anchors: str = ""  # file with the audit log's anchors, best on another machine; empty: beside the key
    audit_anchor_minutes: int = 15  # at most so long between two anchors
    tiles: bool = False  # PDOK background tiles; without them the page asks nothing of the internet
    secret: str = field(default="", repr=False)  # signs what the browser must bring back; needed beyond this computer
    session_hours: int = 12  # after this one signs in again, whatever one does
    session_idle_minutes: int = 30  # and after so long without asking anything
    behind_tls_proxy: bool = False  # a proxy stands in front that does TLS; without it only this computer is served
    trusted_hosts: str = ""  # the names under which the page is known outside, with commas between
    proxy_address: str = "127.0.0.1"  # whose X-Forwarded-* headers are believed
    security_contact: str = ""  # mailto: or https: address for security.txt
    oidc_issuer: str = ""  # the municipality's own sign-in (Entra ID); empty: names and passwords kept here
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    oidc_role_claim: str = "roles"  # where the provider tells what somebody is
    oidc_roles: str = ""  # what that means here: Kaart.Analist=analist, Kaart.Wijk=wijkmanager
    oidc_wijken_claim: str = ""  # where it tells a district manager's wijken; empty: kept here, with user role

    def __post_init__(self) -> None:
        """Check every range once, here."""
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise SettingError(
                    "setting_range",
                    "Instelling {name} = {value}: moet tussen {low} en {high} liggen.",
                    name=name,
                    value=value,
                    low=low,
                    high=high,
                )
        if self.language not in ("nl", "en"):
            raise SettingError(
                "setting_language", "Instelling language = {value}: moet nl of en zijn.", value=self.language
            )


KINDS: Final = {bool: "keuze (true of false)", int: "geheel getal", float: "getal", str: "tekst"}

RANGES: Final[dict[str, tuple[float, float]]] = {
    "border_tolerance_m": (0, 500),
    "join_tolerance_m": (0, 25),
    "retention_years": (1, 10),
    "quarantine_days": (1, 365),
    "detail_months": (1, 60),
    "backup_days": (1, 90),
    "k_screen": (3, 25),
    "k_export": (3, 25),
    "cell_screen_m": (25, 200),
    "cell_export_m": (25, 200),
    "eps_m": (10, 500),
    "max_upload_mb": (1, 500),
    "audit_anchor_minutes": (0, 1440),
    "session_hours": (1, 24),
    "session_idle_minutes": (5, 480),
}


class Origin(StrEnum):
    """Where a setting's value comes from."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"


def origin(name: str, environ: Mapping[str, str] | None = None) -> Origin:
    """Where ``load`` finds a setting now."""
    env = os.environ if environ is None else environ
    if PREFIX + name.upper() in env:
        return Origin.ENVIRONMENT
    path = Path(file_path(env))
    try:
        there = path.is_file() and name in tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError):
        there = False
    return Origin.FILE if there else Origin.DEFAULT


def file_path(environ: Mapping[str, str] | None = None) -> str:
    """The settings file; "" when there is none."""
    return (os.environ if environ is None else environ).get(PREFIX + "SETTINGS", "")


def load(environ: dict[str, str] | None = None, **overrides: Any) -> Settings:
    """Settings from, in rising order: defaults, the file in HOTSPOTKAART_SETTINGS, HOTSPOTKAART_* variables, overrides.

    Raises SettingError for an unknown name or a value that does not fit.
    """
    env = dict(os.environ) if environ is None else environ
    known = {f.name: f for f in fields(Settings)}
    values: dict[str, Any] = {}
    if path := env.get(PREFIX + "SETTINGS"):
        try:
            values |= tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise SettingError(
                "setting_file", "Het instellingenbestand {path} is niet te lezen: {why}.", path=path, why=error
            ) from error
    for name in known:
        if (text := env.get(PREFIX + name.upper())) is not None:
            values[name] = text
    values |= {name: value for name, value in overrides.items() if value is not None}
    if unknown := sorted(set(values) - set(known)):
        raise SettingError(
            "setting_unknown",
            "Onbekende instelling: {names}. Bekend zijn: {known}.",
            names=", ".join(unknown),
            known=", ".join(sorted(known)),
        )
    return Settings(**{name: _cast(name, value, known[name].type) for name, value in values.items()})


def _cast(name: str, value: Any, kind: Any) -> Any:
    try:
        if kind is bool:
            if str(value).lower() not in ("true", "false", "1", "0"):
                raise ValueError("true or false")
            return str(value).lower() in ("true", "1")
        return kind(value)
    except (TypeError, ValueError) as error:
        raise SettingError(
            "setting_kind",
            "Instelling {name} = {value}: moet een {kind} zijn.",
            name=name,
            value=value,
            kind=KINDS[kind],
        ) from error
