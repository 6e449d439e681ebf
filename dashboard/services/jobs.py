"""Jobs: work that takes longer than a person waits, on a few threads, with progress, and to be cancelled."""

import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Event, Lock
from typing import Any

from data.reasons import Explained, UserError
from data.viewer import Viewer

log = logging.getLogger(__name__)
WORKERS = 2  # at the same time, for everybody together
PER_VIEWER = 2  # waiting or running
KEPT = 32  # ended jobs, so that a page that was asleep still finds its answer

Progress = Callable[[float], None]
Work = Callable[[Progress], Any]


class JobState(StrEnum):
    """Where a job is in its life. The last three are ends."""

    WAITING = "waiting"  # for a thread
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A job as it was when asked for. share: 0 to 1. error: of a failed job, when its sentence is meant for people."""

    id: str
    key: Hashable
    state: JobState
    share: float = 0.0
    result: Any = None
    error: Explained | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in (JobState.DONE, JobState.CANCELLED, JobState.FAILED)


class TooManyJobs(UserError):
    """Somebody asks for more work while theirs is still going on."""

    def __init__(self) -> None:
        super().__init__(
            "too_many_jobs",
            "Er lopen al {n} berekeningen van u. Wacht tot er een klaar is, of stop er een.",
            n=PER_VIEWER,
        )


class _Cancelled(Exception):
    """Raised out of a job's progress when it is to end."""


class Jobs:
    """The jobs of one server. Everybody sees and stops only their own."""

    def __init__(self, *, workers: int = WORKERS) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="job")
        self._lock = Lock()
        self._jobs: OrderedDict[tuple[Viewer, str], Job] = OrderedDict()
        self._stops: dict[str, Event] = {}

    def start(self, viewer: Viewer, key: Hashable, work: Work) -> Job:
        """Have work done; the same key while it is still going on gives the job that does it.

        work: is given a function to tell the share done, which it calls often: that is where a job stops when it is
        cancelled. Raises TooManyJobs (UserError).
        """
        with self._lock:
            mine = [job for (owner, _), job in self._jobs.items() if owner == viewer and not job.ended]
            if same := next((job for job in mine if job.key == key), None):
                return same
            if len(mine) >= PER_VIEWER:
                raise TooManyJobs
            job = Job(id=secrets.token_urlsafe(12), key=key, state=JobState.WAITING)
            self._jobs[viewer, job.id] = job
            self._stops[job.id] = Event()
            self._forget()
        self._pool.submit(self._run, viewer, job.id, work)
        return job

    def of(self, viewer: Viewer, id: str) -> Job | None:
        """The job as it is now; None when it is not this viewer's, or long ago."""
        with self._lock:
            return self._jobs.get((viewer, id))

    def cancel(self, viewer: Viewer, id: str) -> Job | None:
        """Stop a job. It counts as cancelled at once, its thread follows at its next sign of progress.

        One that said it has done everything but ending (a share of 1) goes on: what it did may be final.
        """
        with self._lock:
            job = self._jobs.get((viewer, id))
            if job is None or job.ended or job.share >= 1.0:
                return job
            self._stops[id].set()
            stopped = self._jobs[viewer, id] = replace(job, state=JobState.CANCELLED)
            return stopped

    def close(self) -> None:
        """Stop everything and wait for the threads."""
        with self._lock:
            for stop in self._stops.values():
                stop.set()
        self._pool.shutdown(cancel_futures=True)

    def _run(self, viewer: Viewer, id: str, work: Work) -> None:
        stop = self._stops[id]

        def progress(share: float) -> None:
            self._change(viewer, id, state=JobState.RUNNING, share=min(max(share, 0.0), 1.0))
            if stop.is_set():  # asked after the share is told: from 1.0 on nobody stops it any more
                raise _Cancelled

        try:
            progress(0.0)
            result = work(progress)
        except _Cancelled:
            self._change(viewer, id, state=JobState.CANCELLED)
        except Explained as error:
            self._change(viewer, id, state=JobState.FAILED, error=error)
        except Exception:
            # On a thread nobody else would hear of it: the log gets all of it, the page one sentence
            log.exception("job failed")
            self._change(viewer, id, state=JobState.FAILED)
        else:
            self._change(viewer, id, state=JobState.DONE, share=1.0, result=result)
        finally:
            with self._lock:
                self._stops.pop(id, None)

    def _change(self, viewer: Viewer, id: str, **changes: Any) -> None:
        """Nothing changes a job that has ended."""
        with self._lock:
            job = self._jobs.get((viewer, id))
            if job is not None and not job.ended:
                self._jobs[viewer, id] = replace(job, **changes)

    def _forget(self) -> None:
        ended = [at for at, job in self._jobs.items() if job.ended]
        for at in ended[: max(0, len(ended) - KEPT)]:
            del self._jobs[at]
