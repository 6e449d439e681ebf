"""QuestionService: questions beyond hotspots, asked of the reports of a view."""

from collections.abc import Callable
from dataclasses import dataclass

from dashboard.services import asking
from dashboard.services.asking import Found, Topic
from dashboard.services.jobs import Job, Jobs, Progress
from dashboard.services.map import MapService
from dashboard.services.material import CannotSay, Material, NoBuurten, Why, one_point
from dashboard.services.recent import Recent
from dashboard.state import FilterState
from data.viewer import Right, Viewer
from geo.chance import RUNS
from geo.hotspots import find_hotspots

KEPT = 32

Key = tuple[str, Viewer, FilterState, Topic, int]


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """What came of one question: facts, or why there are none."""

    topic: Topic
    found: Found | Why


class QuestionService:
    """For the analyst. As with hotspots, the area of a view does not matter: the whole city's reports are asked."""

    def __init__(self, maps: MapService, jobs: Jobs) -> None:
        self._maps = maps
        self._jobs = jobs
        self._recent: Recent[Key, Answer] = Recent(KEPT)

    def start(self, viewer: Viewer, state: FilterState, topic: Topic) -> Job:
        """Have a question answered; its result is an Answer. Raises Denied but to analysts, TooManyJobs."""
        viewer.require(Right.CUSTOM)
        key = (self._maps.city().version, state.clustering(), topic)
        return self._jobs.start(viewer, key, lambda progress: self.of(viewer, state, topic, progress=progress))

    def of(
        self,
        viewer: Viewer,
        state: FilterState,
        topic: Topic,
        *,
        runs: int = RUNS,
        progress: Progress | None = None,
    ) -> Answer:
        """The answer itself, as ``hotspotkaart analyse`` gives it when nothing else is asked for.

        progress: called with the share done; what it raises ends the work.
        """
        viewer.require(Right.CUSTOM)
        key = (self._maps.city().version, viewer, state.clustering(), topic, runs)
        return self._recent.of(key, lambda: self._made(viewer, state, topic, runs=runs, progress=progress))

    def _made(
        self, viewer: Viewer, state: FilterState, topic: Topic, *, runs: int, progress: Progress | None
    ) -> Answer:
        with self._maps.held():
            material = self._material(viewer, state, dated=topic.dated)
        try:
            if topic is not Topic.MORAN:
                asking.suits(material, topic)
            return Answer(topic=topic, found=ASK[topic](material, state, runs, progress))
        except CannotSay as error:
            return Answer(topic=topic, found=error.why)

    def _material(self, viewer: Viewer, state: FilterState, *, dated: bool) -> Material:
        reports, _positions, result = self._maps.clustered(viewer, state)
        city = self._maps.city()
        known = reports["event_date"].notna()
        if dated and not known.all():
            reports = reports[known]
            result = find_hotspots(
                reports, params=result.params, surroundings=city.surroundings, data_version=city.version
            )
        return Material(reports=reports, result=result, surroundings=city.surroundings)


def _moran(material: Material, _state: FilterState, runs: int, _progress: Progress | None) -> Found:
    if not len(material.buurten):
        raise CannotSay(NoBuurten())
    if alone := one_point(material.reports):
        raise CannotSay(alone)
    return asking.moran(material.reports, material.surroundings, runs=runs)


def _knox(material: Material, _state: FilterState, runs: int, _progress: Progress | None) -> Found:
    return asking.knox(material, runs=runs)


def _scan(material: Material, _state: FilterState, runs: int, progress: Progress | None) -> Found:
    return asking.scan(material, asking.null_of(material), runs=runs, progress=progress)


def _spacetime(material: Material, state: FilterState, _runs: int, _progress: Progress | None) -> Found:
    return asking.spacetime(material, min_samples=state.min_samples)


def _places(kind: Topic) -> "Ask":
    def ask(material: Material, _state: FilterState, runs: int, progress: Progress | None) -> Found:
        places = asking.places_around(material.surroundings, kind)
        return asking.windows(material, places, asking.null_of(material), runs=runs, progress=progress)

    return ask


Ask = Callable[[Material, FilterState, int, Progress | None], Found]
ASK: dict[Topic, Ask] = {
    Topic.MORAN: _moran,
    Topic.KNOX: _knox,
    Topic.SCAN: _scan,
    Topic.SPACETIME: _spacetime,
    Topic.SCHOOLS: _places(Topic.SCHOOLS),
    Topic.STOPS: _places(Topic.STOPS),
}
