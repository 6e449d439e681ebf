"""The server's port, taken before anything is said of it, and an end that closes everything however it is asked for."""

import errno
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import Final, NoReturn

from data.reasons import UserError

WAITING: Final = 1024  # askers that may wait to be answered, as waitress has it
ENDED: Final = 128  # a shell's exit code for a signal: this and its number


class PortRefused(UserError):
    """The server cannot listen there."""


@contextmanager
def listening(host: str, port: int) -> Iterator[list[socket.socket]]:
    """Sockets that listen on a host's addresses; whoever asks waits until somebody answers. Raises PortRefused."""
    with ExitStack() as opened:
        yield [opened.enter_context(_listening(family, address)) for family, address in _addresses(host, port)]


def _addresses(host: str, port: int) -> list[tuple[socket.AddressFamily, tuple[str, int]]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:  # a label of a name that is too long is no Unicode for Python
        raise _no_address(host) from error
    known = {(family, (str(at[0]), port)) for family, _type, _protocol, _name, at in found}
    return sorted(one for one in known if one[0] in (socket.AF_INET, socket.AF_INET6))


def _listening(family: socket.AddressFamily, address: tuple[str, int]) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        # On Windows the same option lets two programs share a port; elsewhere it only skips the wait after a stop.
        if sys.platform != "win32":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind(address)
        made.listen(WAITING)
    except OSError as error:
        made.close()
        raise _refused(error, *address) from error
    return made


def _refused(error: OSError, host: str, port: int) -> PortRefused:
    if error.errno == errno.EADDRINUSE:
        return PortRefused("port_taken", "Poort {port} is al in gebruik. Kies een andere met --port.", port=port)
    if error.errno in (errno.EACCES, errno.EPERM):
        return PortRefused(
            "port_denied",
            "Poort {port} mag dit programma niet gebruiken; onder 1024 mag dat vaak alleen een beheerder. Kies een andere met "
            "--port.",
            port=port,
        )
    return _no_address(host)


def _no_address(host: str) -> PortRefused:
    return PortRefused(
        "no_address",
        "{host} is geen adres van deze computer. Kies een ander met --host, of laat --host weg.",
        host=host,
    )


@contextmanager
def stopping() -> Iterator[None]:
    """Inside, being told to stop or losing the terminal ends the program as Ctrl+C does: what is open is closed.

    A signal that is ignored (nohup) stays so. Only the main thread hears signals; in another nothing changes.
    """
    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        names = []
    numbers = [number for number in (getattr(signal, name) for name in names) if _untouched(number)]

    def stop(number: int, _frame: FrameType | None) -> NoReturn:
        for one in numbers:
            signal.signal(one, signal.SIG_IGN)  # a second one would break off the closing
        sys.exit(ENDED + number)

    for number in numbers:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


def _untouched(number: int) -> bool:
    return signal.getsignal(number) is signal.SIG_DFL
