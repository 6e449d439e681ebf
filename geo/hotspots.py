"""The front door of the analysis: reports in, hotspots out."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True, slots=True)
class HotspotParams:
    """How to cluster.

    eps_m: metres (RD); two reports at this distance or less are neighbours. Not the size of a hotspot.
    min_samples: reports within eps_m, itself included, that make a core report. Not the smallest hotspot.
    raw: cluster every report that has a place; nothing is left out.
    """

    eps_m: float = 75.0
    min_samples: int = 7
    raw: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Nearby:
    """The nearest school or stop: its name, and metres from the hotspot's centre."""

    name: str
    metres: float
    uncertainty_m: float = 0.0  # how far off the place itself may be


@dataclass(frozen=True, kw_only=True, slots=True)
class Hotspot:
    """One concentration of reports. Places are RD metres."""

    id: str  # stable under other filters and input orders: named after the place, e.g. "H526-2127"
    label: int  # its number in HotspotResult.labels
    rank: int  # 1 is the one with most core reports; border reports never decide
    n: int
    n_core: int
    x: float  # centre: mean of the core reports
    y: float
    area_m2: float  # of the hull of its reports, buffered by eps/2 (so one point has an area)
    diameter_m: float  # largest distance between two of its reports
    first: pd.Timestamp | None
    last: pd.Timestamp | None
    n_dates: int
    top_categories: tuple[tuple[str, int], ...]
    hours: tuple[int, ...]  # 24 counts
    weekdays: tuple[int, ...]  # 7 counts, Monday first
    n_time_unknown: int
    buurt_code: str
    buurt_name: str
    wijk_code: str
    wijk_name: str
    focus_areas: tuple[str, ...]
    nearest_school: Nearby | None
    nearest_stop: Nearby | None
    is_chain: bool  # longer than 500 m or 5 eps: probably several places strung together


@dataclass(frozen=True, kw_only=True)
class HotspotResult:
    """What was found, and all that is needed to find it again."""

    params: HotspotParams
    hotspots: tuple[Hotspot, ...]  # by rank
    labels: pd.Series  # int64 on the caller's index, only clustered reports; -1 is noise
    kinds: pd.Series  # "core", "border", "noise", on the same index as labels
    n_in: int
    n_noise: int
    left_out: dict[str, int] = field(default_factory=dict)  # reason -> number: coarse_place, default_point, ...
    crs: str = "EPSG:28992"
    data_version: str = ""

    def members(self, hotspot: Hotspot) -> NDArray[np.int64]:
        """Index values of a hotspot's reports."""
        return self.labels.index[self.labels == hotspot.label].to_numpy()
