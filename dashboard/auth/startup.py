"""What must be in order before the server listens: to whom, behind what, and with which secret."""

import ipaddress
import re
from itertools import pairwise
from typing import Final
from urllib.parse import urlsplit

from dashboard.security import is_loopback, trusted_hosts
from data.reasons import UserError
from data.settings import Settings

SHORTEST_SECRET: Final = 32
FEWEST_DIFFERENT: Final = 12
DEFAULTS: Final = ("changeme", "change-me", "change_me", "verander", "geheim", "secret", "default", "example", "voorbeeld",
                   "hotspotkaart", "wachtwoord", "password")  # fmt: skip
HOST: Final = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
MAKE_ONE: Final = 'python -c "import secrets; print(secrets.token_urlsafe(48))"'


class StartRefused(UserError):
    """The server does not start this way."""


def check(settings: Settings, *, host: str, known: bool, sign_in: bool = True) -> None:
    """Nothing when the server may listen on a host. Raises StartRefused.

    known: whether anybody could sign in. sign_in: whether everybody must, users or not.
    """
    check_contact(settings.security_contact)
    beyond = not is_loopback(host) or settings.behind_tls_proxy
    if settings.secret:
        _check_secret(settings.secret)
    for name in trusted_hosts(settings):
        if not HOST.fullmatch(name):
            raise StartRefused(
                "trusted_host",
                "Instelling trusted_hosts: {name} is geen naam van een server. Geef alleen de naam, zonder https:// en zonder "
                "poort, bijvoorbeeld kaart.gemeente.nl.",
                name=name,
            )
    if not beyond:
        return
    if not settings.behind_tls_proxy:
        raise StartRefused(
            "no_tls",
            "Op {host} zou iedereen in het netwerk kunnen meelezen. Zet een proxy die TLS doet ervoor en de instellingen "
            "behind_tls_proxy = true en trusted_hosts, of gebruik --host 127.0.0.1.",
            host=host,
        )
    if not settings.secret:
        raise StartRefused(
            "no_secret",
            "Instelling secret ontbreekt. Maak er een met {command} en geef hem in HOTSPOTKAART_SECRET of het "
            "instellingenbestand.",
            command=MAKE_ONE,
        )
    if not trusted_hosts(settings):
        raise StartRefused(
            "no_trusted_hosts",
            "Instelling trusted_hosts is leeg. Geef de naam waaronder de kaart buiten deze computer bekend is, bijvoorbeeld "
            "kaart.gemeente.nl.",
        )
    if settings.proxy_address != "*":
        try:
            ipaddress.ip_address(settings.proxy_address)
        except ValueError as error:
            raise StartRefused(
                "proxy_address",
                "Instelling proxy_address = {value}: moet het adres van de proxy zijn, bijvoorbeeld 10.0.0.5.",
                value=settings.proxy_address,
            ) from error
    if not known or not sign_in:
        raise StartRefused(
            "nobody",
            "Er is nog niemand die zich kan aanmelden. Maak eerst een gebruiker: hotspotkaart user add NAAM --role analist.",
        )


def check_contact(contact: str) -> None:
    """Nothing for a contact that security.txt may bear. Raises StartRefused."""
    if contact and (urlsplit(contact).scheme not in ("mailto", "https") or not contact.isprintable() or " " in contact):
        raise StartRefused(
            "security_contact",
            "Instelling security_contact = {value}: moet met mailto: of https:// beginnen.",
            value=contact,
        )


def _check_secret(secret: str) -> None:
    if len(secret) < SHORTEST_SECRET:
        raise StartRefused(
            "short_secret",
            "Instelling secret heeft {n} tekens: het moeten er minstens {least} zijn. Maak een nieuwe met {command}.",
            n=len(secret),
            least=SHORTEST_SECRET,
            command=MAKE_ONE,
        )
    if is_weak(secret):
        raise StartRefused(
            "weak_secret",
            "Instelling secret is te raden: te weinig verschillende tekens, een herhaling, een reeks of een voorbeeld. Maak een "
            "nieuwe met {command}.",
            command=MAKE_ONE,
        )


def is_weak(secret: str) -> bool:
    """Whether somebody could guess a secret: an example, few characters, a repetition, or the alphabet."""
    lower = secret.lower()
    in_row = sum(abs(ord(b) - ord(a)) <= 1 for a, b in pairwise(secret))
    return (
        any(word in lower for word in DEFAULTS)
        or len(set(secret)) < FEWEST_DIFFERENT
        or secret in (secret + secret)[1:-1]
        or in_row > len(secret) // 3
    )
