"""Jobs: their states, that they stop when told to, and that nobody meets another's."""

import threading

import pytest

from dashboard.services.jobs import PER_VIEWER, Jobs, JobState, TooManyJobs
from data.reasons import UserError
from data.viewer import Role, Viewer

ANNA = Viewer(name="anna", role=Role.ANALYST)
BRAM = Viewer(name="bram", role=Role.ANALYST)


@pytest.fixture
def jobs():
    running = Jobs(workers=1)
    yield running
    running.close()


class Stepwise:
    """Work that waits for leave before every sign of progress."""

    def __init__(self):
        self.leave = threading.Semaphore(0)
        self.reached = threading.Semaphore(0)
        self.ended = threading.Event()

    def __call__(self, progress):
        try:
            for step in range(1, 4):
                self.leave.acquire(timeout=10)
                progress(step / 4)
                self.reached.release()
            return "answer"
        finally:
            self.ended.set()


def until(jobs, viewer, job, state):
    for _ in range(2_000):
        if (now := jobs.of(viewer, job.id)).state is state:
            return now
        threading.Event().wait(0.005)
    raise AssertionError(now)


def test_a_job_tells_how_far_it_is_and_then_its_answer(jobs):
    work = Stepwise()
    job = jobs.start(ANNA, "question", work)
    work.leave.release()
    work.reached.acquire(timeout=10)
    assert (jobs.of(ANNA, job.id).state, jobs.of(ANNA, job.id).share) == (JobState.RUNNING, 0.25)
    work.leave.release(2)
    done = until(jobs, ANNA, job, JobState.DONE)
    assert (done.result, done.share) == ("answer", 1.0)


def test_a_cancelled_job_stops_at_its_next_sign_of_progress_and_stays_cancelled(jobs):
    work = Stepwise()
    job = jobs.start(ANNA, "question", work)
    work.leave.release()
    work.reached.acquire(timeout=10)
    assert jobs.cancel(ANNA, job.id).state is JobState.CANCELLED
    work.leave.release()
    assert work.ended.wait(10)
    assert not work.reached.acquire(blocking=False)  # the second step was not taken
    assert jobs.of(ANNA, job.id).state is JobState.CANCELLED


def test_the_same_question_asked_twice_is_worked_on_once(jobs):
    work = Stepwise()
    first = jobs.start(ANNA, "question", work)
    assert jobs.start(ANNA, "question", work).id == first.id
    assert jobs.start(ANNA, "another", work).id != first.id
    jobs.cancel(ANNA, first.id)
    assert jobs.start(ANNA, "question", work).id != first.id
    work.leave.release(12)


def test_nobody_sees_or_stops_another_ones_job(jobs):
    work = Stepwise()
    job = jobs.start(ANNA, "question", work)
    assert jobs.of(BRAM, job.id) is None
    assert jobs.cancel(BRAM, job.id) is None
    assert not jobs.of(ANNA, job.id).ended
    work.leave.release(3)


def test_too_much_at_once_is_refused_in_a_sentence(jobs):
    work = Stepwise()
    for n in range(PER_VIEWER):
        jobs.start(ANNA, n, work)
    with pytest.raises(TooManyJobs):
        jobs.start(ANNA, "one more", work)
    jobs.start(BRAM, "one more", work)
    work.leave.release(12)


def test_a_failure_keeps_its_sentence_for_people_and_its_details_for_the_log(jobs, caplog):
    def refuse(progress):
        raise UserError("nothing", "Er is niets te toetsen.")

    def break_(progress):
        raise RuntimeError("secret detail")

    refused = until(jobs, ANNA, jobs.start(ANNA, 1, refuse), JobState.FAILED)
    assert refused.error.code == "nothing"
    broken = until(jobs, ANNA, jobs.start(ANNA, 2, break_), JobState.FAILED)
    assert broken.error is None and broken.result is None
    assert "secret detail" in caplog.text
