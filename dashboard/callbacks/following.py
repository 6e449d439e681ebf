"""Following a job: what its line says, what to do with its answer, and whether to go on looking."""

from collections.abc import Callable
from typing import Any

from dash import no_update

from dashboard.components import jobs
from dashboard.services import Services
from dashboard.services.jobs import JobState
from dashboard.viewers import current_viewer


def follow(
    services: Services, id_: Any, *, stop: bool, draw: Callable[[Any], Any], button: str = ""
) -> tuple[Any, Any, bool, bool]:
    """(status, answer, clock disabled, stop button hidden) of this viewer's job. stop: end it first."""
    viewer = current_viewer()
    if not id_:
        return no_update, no_update, True, True
    job = services.jobs.cancel(viewer, str(id_)) if stop else services.jobs.of(viewer, str(id_))
    ended = job is None or job.ended
    done = job is not None and job.state is JobState.DONE
    outcome = draw(job.result) if job is not None and done else no_update
    return jobs.status(job, button=button), outcome, ended, ended
