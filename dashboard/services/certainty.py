"""CertaintyService: how sure the hotspots of a view are. The test takes a moment, so its latest answers are kept."""

from collections.abc import Callable
from dataclasses import dataclass

from dashboard.services.map import MapService
from dashboard.services.recent import Recent
from dashboard.state import FilterState
from data.viewer import Right, Viewer
from geo import chance
from geo.certainty import SEED, Certainty, assess
from geo.nulls import NullKind

KEPT = 16
LEAST_RUNS, MOST_RUNS = 99, 9_999

Progress = Callable[[float], None]
Key = tuple[str, Viewer, FilterState, "ChanceQuestion"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ChanceQuestion:
    """How the hotspots are held against chance: which null, how often, and from which seed.

    null: "smoothed", "uniform", or what can be held against reports (a key of ExposureService's denominators).
    """

    null: str = NullKind.SMOOTHED
    runs: int = chance.RUNS
    seed: int = SEED


USUAL = ChanceQuestion()


class CertaintyService:
    """Tests hotspots, once per data version, viewer and question."""

    def __init__(self, maps: MapService) -> None:
        self._maps = maps
        self._recent: Recent[Key, Certainty | None] = Recent(KEPT)

    def of(
        self,
        viewer: Viewer,
        state: FilterState,
        *,
        question: ChanceQuestion = USUAL,
        progress: Progress | None = None,
    ) -> Certainty | None:
        """The certainty of the city's hotspots for a state; None when nothing was clustered.

        The area, the shading and the picture of a view do not matter: hotspots are made from the whole city's reports.
        progress: called with the share done; what it raises ends the test.
        """
        viewer.require(Right.CUSTOM)
        key = self._key(viewer, state, question)
        return self._recent.of(key, lambda: self._made(key, progress))

    def known(self, viewer: Viewer, state: FilterState, *, question: ChanceQuestion = USUAL) -> Certainty | None:
        """The answer of ``of`` when it is there already; nothing is computed."""
        viewer.require(Right.CUSTOM)
        return self._recent.get(self._key(viewer, state, question))

    def _key(self, viewer: Viewer, state: FilterState, question: ChanceQuestion) -> Key:
        return self._maps.city().version, viewer, state.clustering(), question

    def _made(self, key: Key, progress: Progress | None) -> Certainty | None:
        _, viewer, state, question = key
        reports, _, result = self._maps.clustered(viewer, state)
        if not len(result.labels):
            return None
        weight = self._maps.exposure.denominator(question.null)
        return assess(
            reports,
            result,
            buurten=self._maps.city().surroundings.buurten,
            barriers=self._maps.city().surroundings.barriers,
            null=NullKind.WEIGHTED if weight else NullKind(question.null),
            weight=weight,
            runs=question.runs,
            seed=question.seed,
            progress=progress,
        )
