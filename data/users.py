"""Users: who may sign in, as what; which passwords are good enough; and how long wrong ones close the door.

ASVS 5.0 (6.2, 6.3): length before composition, no passwords that everybody tries, a limit on guessing.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from data.reasons import UserError
from data.rights import Role
from data.viewer import Viewer

NAME: Final = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,79}")
SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 256  # hashing a book would keep the server busy
FEWEST_DIFFERENT: Final = 5
FREE_FAILURES: Final = 5
FIRST_LOCK_S: Final = 15 * 60
LONGEST_LOCK_S: Final = 24 * 3600
RESERVED: Final = frozenset({"lokaal", "server", "onbekend"})  # stand in the audit log for something else
COMMON: Final = frozenset(
    ["wachtwoord", "welkom", "geheim", "gemeente", "dordrecht", "hotspot", "hotspotkaart", "password",
     "passwort", "letmein", "qwerty", "qwertyuiop", "azerty", "asdfgh", "zxcvbn", "iloveyou", "admin",
     "administrator", "beheerder", "analist", "wijkmanager", "auditor", "lente", "zomer", "herfst", "winter",
     "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
     "november", "december", "monkey", "dragon", "master", "football", "voetbal", "feyenoord", "ajax", "abc",
     "abcd", "abcdef", "changeme", "verander", "test", "demo"]
)  # fmt: skip
EASY_RUNS: Final = ("abcdefghijklmnopqrstuvwxyz", "0123456789" * 2, "qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop")


class UserRefused(UserError):
    """A user, a password or a change of one that is not taken."""


@dataclass(frozen=True, kw_only=True, slots=True)
class User:
    """Somebody who may sign in. A password's hash, or a subject at the municipality's own sign-in, never both."""

    name: str
    role: Role
    wijken: frozenset[str] = frozenset()
    password_hash: str = field(default="", repr=False)
    external: bool = False  # signs in with the municipality's account
    subject: str = ""  # who that is there; "" until the first time
    disabled: bool = False
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def viewer(self) -> Viewer:
        """How the store and the services know this person."""
        return Viewer(name=self.name, role=self.role, wijken=self.wijken)


def checked_name(name: str) -> str:
    """A name as it is kept: small letters. Raises UserRefused for one that cannot be."""
    kept = unicodedata.normalize("NFKC", name).strip().lower()
    if not NAME.fullmatch(kept) or kept in RESERVED:
        raise UserRefused(
            "user_name",
            "{name} kan geen gebruikersnaam zijn: 2 tot 80 kleine letters, cijfers en . _ @ + -, te beginnen met een "
            "letter of cijfer. Ook een mailadres mag.",
            name=repr(name[:90]),
        )
    return kept


def checked_wijken(role: Role, wijken: Iterable[str]) -> frozenset[str]:
    """The wijken of a role. Raises UserRefused for a district manager without, or anybody else with."""
    chosen = frozenset(w.strip().upper() for w in wijken if w.strip())
    if role is Role.DISTRICT_MANAGER and not chosen:
        raise UserRefused("user_wijken_none", "Een wijkmanager heeft een wijk nodig, bijvoorbeeld WK050503.")
    if role is not Role.DISTRICT_MANAGER and chosen:
        raise UserRefused(
            "user_wijken",
            "Alleen een wijkmanager heeft eigen wijken; de rol {role} niet. Laat de wijken weg.",
            role=role.value,
        )
    return chosen


def check_password(password: str, *, name: str) -> None:
    """Nothing for a password that is good enough. Raises UserRefused, which never repeats the password."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise UserRefused(
            "password_length",
            "Dit wachtwoord heeft {n} tekens: het moeten er {least} tot {most} zijn. Een zin van vier woorden is goed.",
            n=len(password),
            least=SHORTEST_PASSWORD,
            most=LONGEST_PASSWORD,
        )
    plain = password.lower()
    parts = [part for part in re.split(r"[._@+-]", name.lower()) if len(part) >= 4]
    if any(part in plain for part in parts):
        raise UserRefused("password_name", "In dit wachtwoord staat de naam van de gebruiker. Kies een ander.")
    if len(set(plain)) < FEWEST_DIFFERENT or _is_easy(plain):
        raise UserRefused(
            "password_common",
            "Dit wachtwoord is te makkelijk te raden. Kies vier woorden die niets met elkaar te maken hebben.",
        )


def _is_easy(plain: str) -> bool:
    """Whether what is left without common words, rows of keys and digits is next to nothing."""
    bare = plain.translate(str.maketrans("013457@$!", "oieastasi"))
    left = min((_without_common(text) for text in (plain, bare)), key=len)
    return len(left) < 4


def _without_common(text: str) -> str:
    for word in sorted(COMMON, key=len, reverse=True):
        text = text.replace(word, " ")
    for run in EASY_RUNS:
        for way in (run, run[::-1]):
            for start in range(len(way) - 3):
                text = text.replace(way[start : start + 4], " ")
    return re.sub(r"[^a-z]", "", text)


def lock_s(failures: int) -> int:
    """Seconds that the door stays closed after so many failures in a row: 15 minutes at the fifth, then doubling."""
    if failures < FREE_FAILURES:
        return 0
    return int(min(FIRST_LOCK_S * 2 ** min(failures - FREE_FAILURES, 20), LONGEST_LOCK_S))
