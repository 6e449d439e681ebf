"""Lines of the audit log in words: what was done, to what, and what is wrong with the log."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from dashboard import manage_words
from dashboard.i18n import N_, _, day
from data.audit.chain import Action, Fault, Finding, Line

FAULTS: Final = {
    Fault.CHANGED: N_("regel {seq} is niet zoals hij geschreven is"),
    Fault.MISSING: N_("regel {seq} ontbreekt"),
    Fault.OUT_OF_ORDER: N_("regel {seq} staat niet op zijn plaats"),
    Fault.CUT: N_("het einde is afgeknipt: regel {seq} is verankerd maar staat er niet meer"),
    Fault.OTHER_CHAIN: N_("regel {seq} is een andere dan bij het verankeren"),
}
ACTIONS: Final = {
    Action.SIGN_IN: N_("aangemeld"),
    Action.SIGN_IN_FAILED: N_("aanmelden mislukt"),
    Action.SIGN_OUT: N_("afgemeld"),
    Action.VIEW_REPORTS: N_("losse meldingen bekeken"),
    Action.EXPORT: N_("kaart uitgegeven"),
    Action.EXPORT_REFUSED: N_("kaart geweigerd"),
    Action.DENIED: N_("toegang geweigerd"),
    Action.IMPORT: N_("bestand ingelezen"),
    Action.DECISION: N_("besluit over een melding"),
    Action.USER: N_("gebruiker gewijzigd"),
    Action.SETTING: N_("instelling gewijzigd"),
    Action.PUBLICATION: N_("cijfers vastgesteld"),
    Action.RETENTION: N_("bewaartermijn toegepast"),
    Action.MEASURE: N_("maatregel gewijzigd"),
    Action.BACKUP: N_("reservekopie gemaakt"),
    Action.RESTORE: N_("reservekopie teruggezet"),
}
FIELDS: Final = {
    "start": N_("van"),
    "end": N_("t/m"),
    "what": N_("wat"),
    "role": N_("rol"),
    "before": N_("eerst"),
    "now": N_("nu"),
    "wijken": N_("wijken"),
    "way": N_("manier"),
    "why": N_("waarom"),
    "rows": N_("regels"),
    "reports": N_("meldingen"),
    "decisions": N_("besluiten"),
    "decision": N_("besluit"),
    "read": N_("gelezen"),
    "accepted": N_("overgenomen"),
    "quarantined": N_("apart gezet"),
    "duplicates": N_("dubbel"),
    "withdrawn": N_("ingetrokken"),
    "records": N_("meldingen verwijderd"),
    "details": N_("meldingen vergrofd"),
    "n": N_("aantal"),
    "area": N_("gebied"),
    "hotspots": N_("hotspots"),
    "purpose": N_("doel"),
    "recipient": N_("voor wie"),
    "sha256": N_("controlegetal"),
    "earlier": N_("eerdere kaart"),
    "k": N_("drempel"),
    "quarters": N_("kwartalen"),
    "quarter": N_("vanaf kwartaal"),
    "shown": N_("getoonde cellen"),
    "revised": N_("herzien"),
    "eps_m": N_("straal in meters"),
    "run": N_("berekening"),
    "row": N_("rij"),
    "name": N_("naam"),
    "kind": N_("soort"),
    "objects": N_("objecten"),
    "expired": N_("verlopen"),
    "import_id": N_("bestand nummer"),
    "source": N_("bron"),
    **manage_words.NAMES,
}
ORDER: Final = {name: place for place, name in enumerate(FIELDS)}
VALUES: Final = {
    "added": N_("toegevoegd"),
    "password": N_("wachtwoord"),
    "disabled": N_("gesloten"),
    "enabled": N_("geopend"),
    "sessions_ended": N_("sessies beëindigd"),
    "local": N_("naam en wachtwoord"),
    "demo": N_("demo"),
    "review": N_("weggelaten meldingen"),
    "undo": N_("besluit ongedaan gemaakt"),
    "changed": N_("gewijzigd"),
    "removed": N_("verwijderd"),
    "mask": N_("tekst gemaskeerd"),
    "in_force": N_("wat geldt"),
    "publish_eps_m": N_("straal waarmee hotspots worden vastgesteld"),
    **manage_words.NAMES,
}
VERSION: Final = re.compile(r"version (\d+)")  # of the published figures


def said(found: Finding) -> str:
    """A fault in words."""
    return _(FAULTS[found.fault], seq=found.seq)


def action(name: str) -> str:
    """What was done; a name of a later version stays as it is."""
    return _(ACTIONS[Action(name)]) if name in {a.value for a in Action} else name


def detail(told: Mapping[str, str | int | bool], *, of: str = "") -> str:
    """The particulars of a line, in one phrase. of: what the line is about; a setting gives its values their unit."""
    parts = []
    for name, value in sorted(told.items(), key=lambda one: ORDER.get(one[0], len(ORDER))):
        if value == "":
            continue
        setting = of if name in ("before", "now") else name
        if isinstance(value, bool):
            shown = _("ja") if value else _("nee")
        elif isinstance(value, int):
            shown = manage_words.amount(setting, value)
        else:
            shown = value[:12] + "…" if name == "sha256" else _as_day(value) or subject(value)
        parts.append(f"{_(FIELDS[name]) if name in FIELDS else name} {shown}")
    return ", ".join(parts)


def _as_day(text: str) -> str:
    try:
        return day(date.fromisoformat(text)) if len(text) == 10 else ""
    except ValueError:
        return ""


def subject(text: str) -> str:
    """What a line is about: a code in words, any other name as it is."""
    if version := VERSION.fullmatch(text):
        return _("versie {n}", n=version[1])
    return _(VALUES[text]) if text in VALUES else text


def told(line: Line) -> str:
    """What a line tells, in one phrase."""
    return " · ".join(
        part for part in (action(line.action), subject(line.subject), detail(line.detail, of=line.subject)) if part
    )
