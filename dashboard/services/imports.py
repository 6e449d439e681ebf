"""ImportService: a file dropped on the page goes through the very same importer as the command line's."""

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Final

from dashboard.auth.limits import Limit
from dashboard.services.audit import AuditService
from dashboard.services.dropped import Dropped
from dashboard.services.jobs import Job, Jobs, Progress
from dashboard.services.previews import Preview, Sample, chosen, mapping_of, preview, sample_of
from data.audit.chain import Action
from data.importing import UNKNOWN_SOURCE, ImportOptions, ImportResult, import_file
from data.reasons import FileRefused
from data.settings import Settings
from data.sources.read import read_table
from data.store import ReportStore
from data.tombstones import Tombstones
from data.viewer import Right, Viewer

MOST: Final = 60  # files and imports of one person
WITHIN_S: Final = 600
MAX_SOURCE: Final = 60
_SOURCE: Final = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]*")


class ImportService:
    """Takes uploads of reports."""

    def __init__(self, store: ReportStore, settings: Settings, audit: AuditService, jobs: Jobs | None = None) -> None:
        self._audit = audit
        self._store = store
        self._settings = settings
        self._jobs = jobs or Jobs()
        self._dropped = Dropped()
        self._limit = Limit(most=MOST, within_s=WITHIN_S)
        self._lock = Lock()
        self._samples: dict[Viewer, tuple[str, Sample]] = {}

    def upload(
        self, viewer: Viewer, *, name: str, content: bytes, source: str = "", swap_xy: bool = False
    ) -> ImportResult:
        """Import one uploaded file. Raises Denied for who may not, TooMany for who does so all the time.

        The bytes touch the disk only in a private folder that is gone afterwards.
        """
        viewer.require(Right.IMPORT)
        self._limit.use(viewer.name)
        self._audit.ready()
        with tempfile.TemporaryDirectory(prefix="hotspotkaart-") as folder:
            path = Path(folder) / "upload"
            path.write_bytes(content)
            options = ImportOptions(source=source, swap_xy=swap_xy)
            result = import_file(path, store=self._store, settings=self._settings, options=options, name=name)
        self.remember(viewer, result)
        return result

    def drop(self, viewer: Viewer, *, name: str, content: bytes) -> tuple[str, Preview]:
        """Keep a file for a while and tell what it seems to say; gives the key it is called by. Nothing is stored.

        Raises Denied, TooMany, or FileRefused when it is no table.
        """
        viewer.require(Right.IMPORT)
        self._limit.use(viewer.name)
        file = self._dropped.put(viewer, name=name, content=content)
        try:
            sample = sample_of(read_table(file.path, name=name), name=name)
        except FileRefused:
            self._dropped.forget(viewer, file.key)
            raise
        with self._lock:
            self._samples[viewer] = (file.key, sample)
        return file.key, preview(sample, self._settings, municipality=self._store.municipality())

    def preview(self, viewer: Viewer, key: str, *, roles: Sequence[str], swap_xy: bool = False) -> Preview:
        """What another choice comes to; roles: the part of each column, in their order.

        Raises Denied, or FileRefused when the file is gone.
        """
        viewer.require(Right.IMPORT)
        sample, outline = self._sample(viewer, key), self._store.municipality()
        return preview(sample, self._settings, roles=chosen(sample, roles), swap_xy=swap_xy, municipality=outline)

    def start(self, viewer: Viewer, key: str, *, roles: Sequence[str], swap_xy: bool = False, source: str = "") -> Job:
        """Import a dropped file as a job, whose result is an ImportResult; stopping it before its end stores nothing.

        Raises Denied, TooMany, TooManyJobs, or FileRefused when it cannot be begun.
        """
        viewer.require(Right.IMPORT)
        self._limit.use(viewer.name)
        self._audit.ready()
        sample, file = self._sample(viewer, key), self._dropped.get(viewer, key)
        mapping = mapping_of(sample, chosen(sample, roles), swap_xy=swap_xy)
        options = ImportOptions(source=checked_source(source), mapping=mapping)

        def work(progress: Progress) -> ImportResult:
            result = import_file(
                file.path,
                store=self._store,
                settings=self._settings,
                options=options,
                name=file.name,
                progress=progress,
            )
            self.remember(viewer, result)
            if result.rejected_file is None:
                self.forget(viewer, key)
            return result

        return self._jobs.start(viewer, ("import", key), work)

    def forget(self, viewer: Viewer, key: str) -> None:
        """Throw a dropped file away. Raises Denied."""
        viewer.require(Right.IMPORT)
        self._dropped.forget(viewer, key)
        with self._lock:
            if self._samples.get(viewer, ("",))[0] == key:
                del self._samples[viewer]

    def sources(self, viewer: Viewer) -> tuple[str, ...]:
        """Where files came from before, the latest first. Raises Denied."""
        viewer.require(Right.IMPORT)
        found = self._store.imports()["source"].tolist()
        return tuple(dict.fromkeys(name for name in found if name and name != UNKNOWN_SOURCE))

    def remember(self, viewer: Viewer, result: ImportResult) -> None:
        """Write down who imported what, and keep what was withdrawn where a restore finds it."""
        if result.rejected_file is not None or result.dry_run:
            return
        counts = {"accepted": result.accepted, "quarantined": result.quarantined, "withdrawn": result.withdrawn}
        self._audit.record(viewer, Action.IMPORT, result.file_name, **counts)
        if result.withdrawn:
            with Tombstones.open(self._settings) as stones:
                stones.keep(self._store)

    def _sample(self, viewer: Viewer, key: str) -> Sample:
        self._dropped.get(viewer, key)  # refuses what is gone
        with self._lock:
            return self._samples[viewer][1]


def checked_source(source: str) -> str:
    """A source's name as it is kept. Raises FileRefused for one that cannot be a name."""
    plain = source.strip()
    if len(plain) > MAX_SOURCE or not _SOURCE.fullmatch(plain):
        raise FileRefused(
            "bad_source",
            "Dit kan geen naam van een bron zijn: geef één regel van hooguit {most} tekens.",
            most=MAX_SOURCE,
        )
    return plain
