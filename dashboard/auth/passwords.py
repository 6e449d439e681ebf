"""Passwords as argon2id hashes. A name that does not exist takes as long as one that does."""

import secrets
from functools import cache
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

# RFC 9106, second recommended option: 3 passes over 64 MiB
HASHER: Final = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
AT_ONCE: Final = BoundedSemaphore(2)  # so that a crowd at the door does not take the server's memory


def hashed(password: str) -> str:
    """The hash to keep."""
    with AT_ONCE:
        return HASHER.hash(password)


def fits(password: str, kept: str) -> bool:
    """Whether a password is the one of a hash; for an empty hash the same work, and no."""
    with AT_ONCE:
        try:
            return HASHER.verify(kept or _nobodys(), password) and bool(kept)
        except (Argon2Error, InvalidHashError):
            return False


def outdated(kept: str) -> bool:
    """Whether a hash was made with other settings than today's."""
    return HASHER.check_needs_rehash(kept)


def made() -> str:
    """A password at random, 79 bits, without letters and digits that look alike."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def prepare() -> None:
    """Make nobody's hash now, so that the first unknown name is not slower than the next."""
    _nobodys()


@cache
def _nobodys() -> str:
    return HASHER.hash(secrets.token_urlsafe(32))
