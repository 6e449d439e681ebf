"""``hotspotkaart user``: who may sign in, as what."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import click

from dashboard.auth.accounts import Accounts
from dashboard.console import fail, open_store, settings_for, store_option
from dashboard.i18n import _, _n, moment
from dashboard.services.audit import AuditService
from data.store.users import UserStore
from data.users import User
from data.viewer import Role, Viewer

AT_THE_SERVER: Final = Viewer(name="lokaal", role=Role.ADMIN)  # who can run this can read the database itself
ROLE: Final = click.Choice([role.value for role in Role])
NAME: Final = click.argument("name", metavar="NAAM")
STDIN: Final = click.option(
    "--password-stdin", is_flag=True, help="Lees het wachtwoord van de standaardinvoer, in plaats van het te vragen."
)
WIJK: Final = click.option(
    "--wijk", "wijken", multiple=True, metavar="CODE", help="Een wijk van een wijkmanager; mag vaker."
)


@click.group("user")
def group() -> None:
    """Gebruikers: wie zich mag aanmelden, en in welke rol."""


@contextmanager
def accounts_of(store_url: str | None, *, make: bool = False) -> Iterator[Accounts]:
    """The accounts of a store. make: one that is not there is made."""
    settings = settings_for(store_url)
    with open_store(settings, make=make) as store, UserStore.open(settings) as users:
        audit = AuditService(settings)
        audit.ready()  # what cannot be written down is not done
        yield Accounts(users, store, audit)


@group.command("add")
@store_option
@NAME
@click.option("--role", type=ROLE, required=True, help="Wat deze gebruiker mag.")
@WIJK
@click.option("--external", is_flag=True, help="Meldt zich aan met het gemeenteaccount, zonder wachtwoord hier.")
@STDIN
def add(
    *, store_url: str | None, name: str, role: str, wijken: tuple[str, ...], external: bool, password_stdin: bool
) -> None:
    """Maak een gebruiker."""
    with accounts_of(store_url, make=True) as accounts:
        password = None if external else _password(from_stdin=password_stdin)
        user = accounts.add(AT_THE_SERVER, name, role=Role(role), wijken=wijken, password=password)
    click.echo(_("Gebruiker {name} is gemaakt: {role}.", name=user.name, role=_told(user)))


@group.command("list")
@store_option
@click.option("--json", "as_json", is_flag=True, help="Hetzelfde als JSON.")
def list_(*, store_url: str | None, as_json: bool) -> None:
    """Toon de gebruikers."""
    with accounts_of(store_url) as accounts:
        users, locked = accounts.all(AT_THE_SERVER), accounts.locked(AT_THE_SERVER)
        sessions = accounts.sessions(AT_THE_SERVER)
    if as_json:
        click.echo(json.dumps([_as_json(u, locked) for u in users], ensure_ascii=False, indent=2))
        return
    if not users:
        click.echo(_("Er zijn nog geen gebruikers. Maak er een met: hotspotkaart user add NAAM --role analist"))
    for user in users:
        n = sum(s.name == user.name for s in sessions)
        states = [
            _("gesloten") if user.disabled else "",
            _("tijdelijk op slot") if user.name in locked else "",
            _("gemeenteaccount") if user.external else "",
            _n("{n} sessie", "{n} sessies", n) if n else "",
        ]
        click.echo("  ".join([f"{user.name:<24}", _told(user), ", ".join(s for s in states if s)]).rstrip())


@group.command("role")
@store_option
@NAME
@click.argument("role", type=ROLE, metavar="ROL")
@WIJK
def role_(*, store_url: str | None, name: str, role: str, wijken: tuple[str, ...]) -> None:
    """Geef een gebruiker een andere rol; wie is aangemeld, wordt afgemeld."""
    with accounts_of(store_url) as accounts:
        user = accounts.change_role(AT_THE_SERVER, name, role=Role(role), wijken=wijken)
    click.echo(_("{name} is nu {role}, en is overal afgemeld.", name=user.name, role=_told(user)))


@group.command("password")
@store_option
@NAME
@STDIN
def password_(*, store_url: str | None, name: str, password_stdin: bool) -> None:
    """Geef een gebruiker een ander wachtwoord; wie is aangemeld, wordt afgemeld."""
    with accounts_of(store_url) as accounts:
        user = accounts.set_password(AT_THE_SERVER, name, _password(from_stdin=password_stdin))
    click.echo(_("{name} heeft een nieuw wachtwoord, en is overal afgemeld.", name=user.name))


@group.command("disable")
@store_option
@NAME
def disable(*, store_url: str | None, name: str) -> None:
    """Sluit een gebruiker af; wie is aangemeld, wordt afgemeld."""
    with accounts_of(store_url) as accounts:
        user = accounts.set_disabled(AT_THE_SERVER, name, disabled=True)
    click.echo(_("{name} kan zich niet meer aanmelden.", name=user.name))


@group.command("enable")
@store_option
@NAME
def enable(*, store_url: str | None, name: str) -> None:
    """Laat een gebruiker weer toe, ook na te veel verkeerde wachtwoorden."""
    with accounts_of(store_url) as accounts:
        user = accounts.set_disabled(AT_THE_SERVER, name, disabled=False)
    click.echo(_("{name} kan zich weer aanmelden.", name=user.name))


@group.command("sessions")
@store_option
@click.argument("name", metavar="[NAAM]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Hetzelfde als JSON.")
def sessions_(*, store_url: str | None, name: str | None, as_json: bool) -> None:
    """Toon wie er is aangemeld."""
    with accounts_of(store_url) as accounts:
        found = accounts.sessions(AT_THE_SERVER, name)
    if as_json:
        rows = [{"name": s.name, "since": s.started_at.isoformat(), "seen": s.seen_at.isoformat()} for s in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    if not found:
        click.echo(_("Er is niemand aangemeld."))
    for one in found:
        click.echo(
            f"{one.name:<24}  "
            + _("sinds {since}, laatst gezien {seen}", since=moment(one.started_at), seen=moment(one.seen_at))
        )


@group.command("end-sessions")
@store_option
@NAME
def end_sessions(*, store_url: str | None, name: str) -> None:
    """Meld een gebruiker overal af."""
    with accounts_of(store_url) as accounts:
        n = accounts.end_sessions(AT_THE_SERVER, name)
    click.echo(_n("{n} sessie beëindigd.", "{n} sessies beëindigd.", n))


def _password(*, from_stdin: bool) -> str:
    """From the standard input, or asked twice without showing it; never an argument, which others can see."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        fail(_("Er is geen terminal om het wachtwoord te vragen. Geef het met --password-stdin."))
    return str(
        click.prompt(
            _("Wachtwoord (12 tekens of meer)"),
            hide_input=True,
            confirmation_prompt=_("Nog eens"),
        )
    )


def _told(user: User) -> str:
    return f"{user.role.value} ({', '.join(sorted(user.wijken))})" if user.wijken else user.role.value


def _as_json(user: User, locked: frozenset[str]) -> dict[str, Any]:
    return {
        "name": user.name,
        "role": user.role.value,
        "wijken": sorted(user.wijken),
        "external": user.external,
        "disabled": user.disabled,
        "locked": user.name in locked,
    }
