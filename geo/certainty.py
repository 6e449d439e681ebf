"""How sure a hotspot is: held against chance, under other settings, and with part of the reports left out."""

from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import chance, nulls, stability
from geo.chance import ChanceResult
from geo.hotspots import HotspotResult
from geo.nulls import Null, NullKind
from geo.rates import Denominator
from geo.stability import Resample, Strength, Sweep

SEED = 2025
Progress = Callable[[float], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class HotspotCertainty:
    """One hotspot. p: familywise; q: false discovery rate; lives: share of all sweep settings and resamples."""

    id: str
    n: int
    expected: float
    p: float
    q: float
    significant: bool
    lives: float
    strength: Strength


@dataclass(frozen=True, kw_only=True, eq=False)
class Certainty:
    """The answer for one clustering: every hotspot by rank, and the runs behind it."""

    hotspots: tuple[HotspotCertainty, ...]
    chance: ChanceResult
    sweep: Sweep
    resample: Resample

    def of(self, hotspot_id: str) -> HotspotCertainty | None:
        """One hotspot's certainty; None when it is not among them."""
        return next((h for h in self.hotspots if h.id == hotspot_id), None)


def assess(
    reports: pd.DataFrame,
    result: HotspotResult,
    *,
    buurten: gpd.GeoDataFrame | None,
    null: NullKind = NullKind.SMOOTHED,
    weight: Denominator | None = None,
    runs: int = chance.RUNS,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Certainty:
    """Test the hotspots of a result among the reports it was made from.

    reports: what geo.hotspots.find_hotspots was given (any order; the clustered ones are taken by index). buurten: land
    and inhabitants; None: the reports' own hull. weight: what the weighted null follows instead of inhabitants, with a
    value per buurt. progress: called with the share done; what it raises ends the work.
    Raises ValueError when no report was clustered.
    """
    clustered = reports.loc[result.labels.index]
    x, y = clustered["x"].to_numpy(float), clustered["y"].to_numpy(float)
    labels = result.labels.to_numpy(np.int64)
    core = (result.kinds == "core").to_numpy()
    params = result.params
    against = chance.against_chance(
        x, y, labels=labels, core=core, eps_m=params.eps_m, min_samples=params.min_samples,
        null=null_for(x, y, buurten, null, weight), runs=runs, seed=seed, progress=_part(progress, 0.0, 0.8),
    )  # fmt: skip
    swept = stability.sweep(
        x, y, labels=labels, core=core, min_samples=params.min_samples, progress=_part(progress, 0.8, 0.9)
    )
    resampled = stability.resample(
        x, y, labels=labels, core=core, eps_m=params.eps_m, min_samples=params.min_samples, seed=seed,
        progress=_part(progress, 0.9, 1.0),
    )  # fmt: skip
    alive = np.vstack([swept.alive, resampled.alive]).mean(axis=0) if len(result.hotspots) else np.zeros(0)
    tested = {h.label: h for h in against.hotspots}
    return Certainty(
        hotspots=tuple(
            HotspotCertainty(
                id=h.id,
                n=h.n,
                expected=tested[h.label].expected,
                p=tested[h.label].p,
                q=tested[h.label].q,
                significant=tested[h.label].significant,
                lives=float(alive[h.label]),
                strength=stability.strength(float(alive[h.label])),
            )
            for h in result.hotspots
        ),
        chance=against,
        sweep=swept,
        resample=resampled,
    )


def null_for(
    x: np.ndarray, y: np.ndarray, buurten: gpd.GeoDataFrame | None, kind: NullKind, weight: Denominator | None
) -> Null:
    """The null of a kind for these reports (RD metres, finite). buurten, weight: as for assess."""
    on = nulls.land_of_reports(x, y) if buurten is None or not len(buurten) else nulls.land(buurten)
    if kind is NullKind.UNIFORM:
        return nulls.uniform(x, y, on=on)
    if kind is NullKind.WEIGHTED and buurten is not None:
        values = buurten["inhabitants"].to_numpy(float) if weight is None else weight.values
        return nulls.weighted(x, y, on=on, weights=values, name="inhabitants" if weight is None else weight.key)
    return nulls.smoothed(x, y, on=on)


def _part(progress: Progress | None, start: float, end: float) -> Progress | None:
    return None if progress is None else lambda share: progress(start + share * (end - start))
