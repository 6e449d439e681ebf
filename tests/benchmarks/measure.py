"""Measuring: each candidate in a process of its own, seconds as the median of a few runs, memory, and what was wanted."""

import gc
import math
import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
GROWTH = 10  # how many times larger a case is than its ``smaller``


@dataclass(frozen=True, kw_only=True)
class Want:
    """What is to be reached by ours: at most these seconds and MB; at least so many times a peer's speed, by its name.

    above_mb: above the process's start; peak_mb: the whole process, for a fresh case. exponent: of growth, at most.
    """

    seconds: float | None = None
    above_mb: float | None = None
    peak_mb: float | None = None
    exponent: float | None = None
    times: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Took:
    """What one candidate needed. first: the first run's seconds. error: why it did not finish, e.g. out of memory."""

    seconds: float
    first: float
    above_mb: float
    peak_mb: float
    answer: Any = None
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Case:
    """Ours and its peers on the same data. Work that gives a dict has that printed: seconds of stages, or counts.

    fresh: each candidate in a new interpreter (so it must be picklable), where memory is the work's own; else in a fork
    with the compiled code loaded. same: by peer, says of our answer and its answer whether they are the same.
    smaller: the same work as ours on a tenth of the data, for the exponent of growth. repeat: runs that count, after one
    that does not; 0: one run, which counts.
    """

    name: str
    ours: Callable[[], Any]
    peers: Mapping[str, Callable[[], Any]] = field(default_factory=dict)
    want: Want = field(default_factory=Want)
    same: Mapping[str, Callable[[Any, Any], str]] = field(default_factory=dict)
    smaller: Callable[[], Any] | None = None
    repeat: int = 3
    fresh: bool = False


def peak_mb() -> float:
    """The most memory this process ever held. Not ru_maxrss where it can be helped: that counts the parent's before exec."""
    if STATUS.exists():
        for line in STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def forget_peak():
    """Let peak_mb start again from what is held now, where the system can (else what came before hides the work)."""
    gc.collect()
    if CLEAR.exists():
        CLEAR.write_text("5")


def _child(work: Callable[[], Any], runs: int, fresh: bool, keep: bool, pipe: Any) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (20 << 30, 20 << 30))
    if not fresh:
        from geo.warm import warm_up  # not above: a fresh process needs nothing of it

        warm_up()  # so that loading the compiled code is not counted as the work's memory
        forget_peak()
    before = peak_mb()
    times, error, answer = [], "", None
    try:
        for _ in range(runs):
            answer = None
            start = time.perf_counter()
            answer = work()
            times.append(time.perf_counter() - start)
    except MemoryError:
        error = "out of memory"
    peak, times = peak_mb(), times or [math.nan]
    pipe.send(
        Took(
            seconds=statistics.median(times[1:] or times),
            first=times[0],
            above_mb=peak - before,
            peak_mb=peak,
            answer=answer if keep or isinstance(answer, dict) else None,
            error=error,
        )
    )


def measure(work: Callable[[], Any], *, runs: int, fresh: bool = False, keep: bool = False) -> Took:
    """Run ``work`` in a process of its own; of more than one run the first is not in the median. keep: give its answer."""
    context = multiprocessing.get_context("spawn" if fresh else "fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_child, args=(work, runs, fresh, keep, theirs))
    process.start()
    theirs.close()
    try:
        took = ours.recv()
    except EOFError:
        took = Took(seconds=math.nan, first=math.nan, above_mb=math.nan, peak_mb=math.nan, error="killed")
    process.join()
    return took


def judged(*wanted: tuple[float, str, float | None, str]) -> str:
    """Of (figure, "<=" or ">=", target, unit) what is wanted, and MISSED when a figure does not reach it."""
    there = [(figure, sign, target, unit) for figure, sign, target, unit in wanted if target is not None]
    if not there:
        return ""
    missed = any(not (figure <= target if sign == "<=" else figure >= target) for figure, sign, target, _ in there)
    return "   want " + ", ".join(f"{s} {t:,.4g} {u}".strip() for _, s, t, u in there) + ("   MISSED" if missed else "")


def table(case: Case) -> list[str]:
    """The lines of one case: ours, then every peer with the ratio, and what the answers say."""
    want = case.want
    mine = measure(case.ours, runs=case.repeat + 1, fresh=case.fresh, keep=bool(case.same))
    verdict = judged(
        (mine.seconds, "<=", want.seconds, "s"),
        (mine.above_mb, "<=", want.above_mb, "MB"),
        (mine.peak_mb, "<=", want.peak_mb, "MB peak"),
    )
    lines = [case.name, _line("ours", mine, case.fresh) + verdict, *_said(mine)]
    if case.smaller is not None:
        small = measure(case.smaller, runs=case.repeat + 1, fresh=case.fresh)
        exponent = math.log(mine.seconds / small.seconds) / math.log(GROWTH)
        verdict = judged((exponent, "<=", want.exponent, ""))
        lines += [_line("ours, a tenth", small, case.fresh) + f"   exponent {exponent:.2f}" + verdict, *_said(small)]
    for name, work in case.peers.items():
        took = measure(work, runs=1, fresh=case.fresh, keep=name in case.same)
        ratio = took.seconds / mine.seconds
        said = f"   {ratio:8.2f} x" + judged((ratio, ">=", want.times.get(name), "x")) if not took.error else ""
        lines.append(_line(name, took, case.fresh) + said)
        if name in case.same and not (mine.error or took.error):
            lines.append(f"        {case.same[name](mine.answer, took.answer)}")
    return lines


def _line(name: str, took: Took, fresh: bool) -> str:
    memory = f"{took.above_mb:6.0f} MB" + (f" above start, peak {took.peak_mb:,.0f} MB" if fresh else "")
    first = f", first {took.first:.2f} s" if fresh and took.first != took.seconds else ""
    return f"    {name:<32} {took.seconds:9.3f} s  {memory}{first}" + (f"   {took.error}" if took.error else "")


def _said(took: Took) -> list[str]:
    if not isinstance(took.answer, dict):
        return []
    figures = (f"{k} {v:.2f} s" if isinstance(v, float) else f"{k} {v:,}" for k, v in took.answer.items())
    return ["        " + ", ".join(figures)]
