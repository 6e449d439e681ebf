"""Measuring: each candidate in a process of its own, seconds as the median of a few runs, memory above its start."""

import gc
import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from geo.warm import warm_up


@dataclass(frozen=True, kw_only=True)
class Took:
    """What one candidate needed. error: why it did not finish, e.g. MemoryError."""

    seconds: float
    first: float
    megabytes: float
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Case:
    """Ours and its peers on the same data. want: the ratio to reach against each peer, or seconds for "ours"."""

    name: str
    ours: Callable[[], Any]
    peers: dict[str, Callable[[], Any]]
    want: str
    repeat: int = 3


def _child(work: Callable[[], Any], repeat: int, pipe: Any) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (20 << 30, 20 << 30))
    warm_up()  # so that loading the compiled code is not counted as the work's memory
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    times, error = [], ""
    try:
        for _ in range(repeat):
            start = time.perf_counter()
            work()
            times.append(time.perf_counter() - start)
    except MemoryError:
        error = "out of memory"
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    warm = times[1:] or times or [float("nan")]
    pipe.send(((times or [float("nan")])[0], statistics.median(warm), (after - before) / 1024, error))


def measure(work: Callable[[], Any], *, repeat: int = 3, warm_up: bool = True) -> Took:
    """Run ``work`` in a forked process. The first run is kept apart: it may compile or read from disk."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_child, args=(work, repeat + warm_up, theirs))
    process.start()
    theirs.close()
    try:
        first, median, megabytes, error = ours.recv()
    except EOFError:
        first, median, megabytes, error = (float("nan"),) * 3 + ("killed",)
    process.join()
    return Took(seconds=median, first=first, megabytes=megabytes, error=error)


def table(case: Case) -> list[str]:
    """The lines of one case: ours, then every peer with the ratio."""
    mine = measure(case.ours, repeat=case.repeat)
    lines = [
        f"{case.name}",
        f"    {'ours':<34} {mine.seconds:9.3f} s   first {mine.first:7.2f} s  {mine.megabytes:8.0f} MB   {case.want}{mine.error}",
    ]
    for name, work in case.peers.items():
        took = measure(work, repeat=1, warm_up=False)
        ratio = f"{took.seconds / mine.seconds:8.1f} x" if not took.error else took.error
        lines.append(f"    {name:<34} {took.seconds:9.3f} s   {'':15}  {took.megabytes:8.0f} MB   {ratio}")
    return lines
