"""Dropped: the file somebody dropped on the page, kept in a private folder until it is imported, replaced or forgotten."""

import secrets
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Timer
from typing import Final

from data.reasons import FileRefused
from data.viewer import Viewer

KEPT_S: Final = 1800  # then a file that nobody imported is gone


@dataclass(frozen=True, kw_only=True, slots=True)
class DroppedFile:
    """One file. name: what its owner calls it. key: what the page calls it."""

    key: str
    name: str
    path: Path
    since: float


class Dropped:
    """One file a person, on the disk of this computer only. Safe to share between threads."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._files: dict[Viewer, DroppedFile] = {}

    def put(self, viewer: Viewer, *, name: str, content: bytes) -> DroppedFile:
        """Keep a file in the place of the one its owner dropped before."""
        with self._lock:
            self._sweep()
            if self._folder is None:
                self._folder = tempfile.TemporaryDirectory(prefix="hotspotkaart-")  # gone when the program ends
            key = secrets.token_urlsafe(12)
            path = Path(self._folder.name) / key
            path.write_bytes(content)
            self._remove(viewer)
            found = self._files[viewer] = DroppedFile(key=key, name=name, path=path, since=self._clock())
        later = Timer(KEPT_S + 1, self.sweep)
        later.daemon = True  # the program may end before; then the whole folder goes
        later.start()
        return found

    def get(self, viewer: Viewer, key: str) -> DroppedFile:
        """The file of this key. Raises FileRefused when it is not there, or somebody else's."""
        with self._lock:
            self._sweep()
            found = self._files.get(viewer)
        if found is None or found.key != key:
            raise FileRefused(
                "dropped_gone", "Het bestand is niet meer bekend. Sleep het opnieuw hierheen; er is niets opgeslagen."
            )
        return found

    def forget(self, viewer: Viewer, key: str) -> None:
        """Remove a file; nothing when it is gone already."""
        with self._lock:
            found = self._files.get(viewer)
            if found is not None and found.key == key:
                self._remove(viewer)

    def sweep(self) -> None:
        """Remove what is past its time."""
        with self._lock:
            self._sweep()

    def _sweep(self) -> None:
        for viewer, file in list(self._files.items()):
            if self._clock() - file.since > KEPT_S:
                self._remove(viewer)

    def _remove(self, viewer: Viewer) -> None:
        if (file := self._files.pop(viewer, None)) is not None:
            file.path.unlink(missing_ok=True)
