"""EvidenceService: what carries the hotspots of a view: advice, other settings, chance and a second opinion."""

from dataclasses import dataclass

import numpy as np

from dashboard.services.certainty import USUAL, CertaintyService, ChanceQuestion, Progress
from dashboard.services.jobs import Job, Jobs
from dashboard.services.map import MapService
from dashboard.services.recent import Recent
from dashboard.state import FilterState
from data.viewer import Right, Viewer
from geo import opinion
from geo.advice import Advice, advise
from geo.certainty import Certainty
from geo.hotspots import HotspotParams, HotspotResult
from geo.opinion import Agreement

KEPT = 16
TEST_SHARE = 0.95  # of the work, up to the second opinion

Key = tuple[str, Viewer, FilterState]


@dataclass(frozen=True, kw_only=True, eq=False)
class Evidence:
    """The hotspots of one view, tested. opinions: by label; None when there are too many reports for one."""

    result: HotspotResult
    advice: Advice
    certainty: Certainty
    opinions: dict[int, Agreement] | None
    n_opinion: int  # clusters that HDBSCAN finds


class EvidenceService:
    """For the analyst. The advice comes at once, the tests as a job."""

    def __init__(self, maps: MapService, certainty: CertaintyService, jobs: Jobs) -> None:
        self._maps = maps
        self._certainty = certainty
        self._jobs = jobs
        self._advice: Recent[Key, Advice] = Recent(KEPT)

    def advice(self, viewer: Viewer, state: FilterState) -> Advice:
        """What suits the reports of a state, and what speaks against the setting in use."""
        viewer.require(Right.CUSTOM)
        key = (self._maps.city().version, viewer, state.clustering())
        return self._advice.of(key, lambda: self._advised(viewer, state))

    def _advised(self, viewer: Viewer, state: FilterState) -> Advice:
        reports, positions, result = self._maps.clustered(viewer, state)
        return advise(
            reports,
            positions=positions,
            eps_m=result.params.eps_m,
            surroundings=self._maps.city().surroundings,
            result=result,
        )

    def params(self, viewer: Viewer, state: FilterState) -> HotspotParams:
        """The setting in use."""
        return self._maps.clustered(viewer, state)[2].params

    def start(self, viewer: Viewer, state: FilterState, *, question: ChanceQuestion = USUAL) -> Job:
        """Have the hotspots of a state tested; its result is Evidence, or None when there is nothing to test.

        Raises Denied but to analysts, TooManyJobs.
        """
        viewer.require(Right.CUSTOM)
        key = (self._maps.city().version, state.clustering(), question)
        return self._jobs.start(
            viewer, key, lambda progress: self.of(viewer, state, question=question, progress=progress)
        )

    def of(
        self, viewer: Viewer, state: FilterState, *, question: ChanceQuestion = USUAL, progress: Progress
    ) -> Evidence | None:
        """The tests themselves. progress: called with the share done; what it raises ends the work."""
        viewer.require(Right.CUSTOM)
        certainty = self._certainty.of(
            viewer, state, question=question, progress=lambda share: progress(TEST_SHARE * share)
        )
        if certainty is None:
            return None
        progress(TEST_SHARE)
        reports, _, result = self._maps.clustered(viewer, state)
        advice = self.advice(viewer, state)
        clustered = reports.loc[result.labels.index]
        if len(clustered) > opinion.MOST_REPORTS:
            return Evidence(result=result, advice=advice, certainty=certainty, opinions=None, n_opinion=0)
        other = opinion.of_reports(clustered, min_cluster_size=max(2, result.params.min_samples))
        core = (result.kinds == "core").to_numpy()
        agreed = opinion.agreement(result.labels.to_numpy(np.int64), core, other)
        return Evidence(
            result=result,
            advice=advice,
            certainty=certainty,
            opinions={one.label: one for one in agreed},
            n_opinion=int(other.max(initial=-1)) + 1,
        )
