"""A process apart for files from strangers: little memory, little time, no other file, no socket, nothing to inherit.

What the child says comes back as lines of JSON. Nothing it wrote is unpickled or run; whoever reads the lines checks
each. On systems without ``resource`` (Windows) only the clock and the empty environment hold; macOS does not honour the
limit on memory. The modules that run in the child import the standard library and no more, so it starts in a tenth of
a second.
"""

import codecs
import contextlib
import json
import os
import subprocess  # nosec B404  # to open workbooks apart from the server
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]  # asked for wherever it is used

_ROOT: Final = str(Path(__file__).resolve().parents[2])
_START: Final = "import sys; sys.path.append(sys.argv[1]); from data.sources.{module} import main; main(sys.argv[2:])"
_LINE: Final = 160 << 20  # bytes of one line; one row of a sheet at its very largest
_TOTAL: Final = 2 << 30  # bytes of all lines
_KEPT: Final = ("SYSTEMROOT",)  # without it Windows starts no Python
# Zip and XML name these by themselves, when no file may be opened any more
_ENCODINGS: Final = ("ascii", "cp437", "cp1252", "iso8859_1", "iso8859_15", "utf_8", "utf_16", "utf_16_le", "utf_16_be")


class End(StrEnum):
    """How a child ended that did not say all it had to say."""

    TIME = "time"
    MEMORY = "memory"
    BROKEN = "broken"  # it fell over, or said something that is no answer


class Stopped(Exception):
    """The child is gone before its work was done."""

    def __init__(self, end: End) -> None:
        self.end: Final = end
        super().__init__(end.value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """seconds: of the clock and of the processor. memory: bytes of address space, all of Python's own among them."""

    seconds: int
    memory: int

    @classmethod
    def for_bytes(cls, size: int) -> Self:
        """What reading a file of this size may take: many times what it does take."""
        return cls(seconds=20 + size // 300_000, memory=(512 << 20) + 5 * size)


class Child:
    """One child and its two pipes. ``with Child("book", limits) as child``: it is gone at the end of the block."""

    def __init__(self, module: str, limits: Limits) -> None:
        self._limits = limits
        self._late = threading.Event()
        self._told = 0
        code = _START.format(module=module)
        command = [sys.executable, "-I", "-S", "-c", code, _ROOT, str(limits.seconds), str(limits.memory)]
        self._process = subprocess.Popen(  # noqa: S603  # nosec B603  # our own interpreter, arguments that are none of a user's
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback may quote the file
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
        )
        self._timer = threading.Timer(limits.seconds, self._stop)
        self._timer.daemon = True
        self._timer.start()

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it, whatever it is doing."""
        self._timer.cancel()
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):  # a pipe with unsent bytes to nobody
                pipe.close()  # type: ignore[union-attr]  # both are pipes
        self._process.wait()

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def send(self, content: bytes) -> None:
        """Bytes, with their number before them. Raises Stopped."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(len(content).to_bytes(8, "big"))
            self._process.stdin.write(content)
            self._process.stdin.flush()
        except OSError as error:
            raise self._ended() from error

    def lines(self) -> Iterator[list[Any]]:
        """What it says, one list after the other, until it has no more to say. Raises Stopped for anything else."""
        assert self._process.stdout is not None
        while line := self._process.stdout.readline(_LINE):
            self._told += len(line)
            if self._told > _TOTAL or not line.endswith(b"\n"):
                raise self._ended()
            try:
                said = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise self._ended() from error
            if not isinstance(said, list) or not said:
                raise Stopped(End.BROKEN)
            yield said
        raise self._ended()

    def _stop(self) -> None:
        self._late.set()
        self._process.kill()

    def _ended(self) -> Stopped:
        """Why there is no more to come."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1)  # it closes its pipes a moment before it is gone
        code = self._process.returncode
        if self._late.is_set() or (resource is not None and code in (-24, -9)):  # SIGXCPU, and SIGKILL a second later
            return Stopped(End.TIME)
        return Stopped(End.MEMORY if code == _NO_MEMORY else End.BROKEN)


# Below: in the child

_NO_MEMORY: Final = 3


def confine(arguments: list[str]) -> None:
    """Give up whatever reading needs not: from here on no file, socket or process can be opened."""
    for name in _ENCODINGS:
        codecs.lookup(name)
    sys.stdin.close()
    if resource is None:
        return
    seconds, memory = (int(text) for text in arguments)
    for kind, soft, hard in (
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NOFILE, 3, 3),
        (getattr(resource, "RLIMIT_NPROC", None), 0, 0),
    ):
        if kind is not None:
            with contextlib.suppress(ValueError, OSError):  # what a system does not know cannot be limited there
                resource.setrlimit(kind, (soft, hard))


def received() -> bytes:
    """The next bytes from whoever started this child. Raises EOFError when there are no more."""
    size = int.from_bytes(_exactly(8), "big")
    return _exactly(size)


def _exactly(size: int) -> bytes:
    content = bytearray(size)
    view, at = memoryview(content), 0
    while at < size:
        part = os.read(0, min(1 << 20, size - at))
        if not part:
            raise EOFError
        view[at : at + len(part)] = part
        at += len(part)
    view.release()
    return bytes(content)


def say(*words: Any) -> None:
    """One line to whoever started this child."""
    sys.stdout.buffer.write(json.dumps(words).encode() + b"\n")


def out_of_memory() -> None:
    """End with what tells the other side that memory was the matter."""
    os._exit(_NO_MEMORY)
