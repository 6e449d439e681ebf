"""How sure a hotspot is: held against chance, under other settings, and with part of the reports left out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import barriers as land
from geo import chance, nulls, stability
from geo.chance import ChanceResult
from geo.chance_scan import against_scan
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
    barriers: Sequence[shapely.Geometry] = (),
    runs: int = chance.RUNS,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Certainty:
    """Test the hotspots of a result among the reports it was made from.

    reports: what geo.hotspots.find_hotspots was given (any order; the clustered ones are taken by index). buurten: land
    and inhabitants; None: the reports' own hull. weight: what the weighted null follows instead of inhabitants, with a
    value per buurt. barriers: those that the result was made with (RD), for the null runs to respect them; sweep and
    resampling go by the result's sides. Without sides in the result none are respected. progress: called with the
    share done; what it raises ends the work.
    Above chance.RECLUSTER_TO reports the scan's null runs are used; the answer's ``chance.method`` says which.
    Raises ValueError when no report was clustered.
    """
    clustered = reports.loc[result.labels.index]
    x, y = clustered["x"].to_numpy(float), clustered["y"].to_numpy(float)
    labels = result.labels.to_numpy(np.int64)
    core = (result.kinds == "core").to_numpy()
    params = result.params
    sides = None if result.sides is None else result.sides.to_numpy(np.int64)
    drawn_from = null_for(x, y, buurten, null, weight)
    test = against_scan if len(x) > chance.RECLUSTER_TO else chance.against_chance
    against = test(
        x, y, labels=labels, core=core, eps_m=params.eps_m, min_samples=params.min_samples,
        null=drawn_from, pieces=None if sides is None else _pieces(x, y, drawn_from, barriers),
        runs=runs, seed=seed, progress=_part(progress, 0.0, 0.8),
    )  # fmt: skip
    swept = stability.sweep(
        x, y, labels=labels, core=core, min_samples=params.min_samples, sides=sides, progress=_part(progress, 0.8, 0.9),
    )  # fmt: skip
    resampled = stability.resample(
        x, y, labels=labels, core=core, eps_m=params.eps_m, min_samples=params.min_samples, seed=seed, sides=sides,
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


def _pieces(x: np.ndarray, y: np.ndarray, null: Null, barriers: Sequence[shapely.Geometry]) -> land.Pieces | None:
    """The land as the barriers divide it, wherever a report is or could be drawn."""
    if not barriers:
        return None
    row, column = np.nonzero(null.probability)
    drawn_x, drawn_y = null.x0 + (column + 0.5) * null.cell_m, null.y0 + (row + 0.5) * null.cell_m
    return land.pieces(np.r_[x, drawn_x], np.r_[y, drawn_y], barriers)


def _part(progress: Progress | None, start: float, end: float) -> Progress | None:
    return None if progress is None else lambda share: progress(start + share * (end - start))
