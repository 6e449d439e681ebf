"""Questions to reports beyond their hotspots, each answered with facts: the page and ``analyse`` ask the same ones."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from dashboard.services.material import (
    CannotSay,
    Floats,
    Material,
    NoPlaces,
    TooFew,
    TooFewBuurten,
    TooFewInhabitants,
    buurten_of,
    one_point,
    positions_of,
    too_wide,
)
from geo import advice, exposure
from geo import knox as near_repeats
from geo import scan as scanning
from geo.certainty import SEED, null_for
from geo.chance import RUNS
from geo.dbscan import Clustering, members
from geo.hotspots import Hotspot, HotspotResult, Surroundings
from geo.join import OUTSIDE
from geo.moran import LEAST_AREAS, GlobalMoran, contiguity, global_moran, local_moran
from geo.nulls import Null, NullKind
from geo.rates import Denominator
from geo.spacetime import st_dbscan
from geo.spans import middle_days
from geo.windows import WindowResult, against_chance, circles

Progress = Callable[[float], None]

LEAST: Final = 4  # reports below which figures about places say nothing, whatever the question
NEAR_M: Final = 100.0
SOON_DAYS: Final = 14
ROUND_M: Final = 100.0
BURST_CELL_M: Final = 100.0


class Topic(StrEnum):
    """The questions."""

    MORAN = "moran"
    KNOX = "knox"
    SCAN = "scan"
    SPACETIME = "spacetime"
    SCHOOLS = "schools"
    STOPS = "stops"

    @property
    def dated(self) -> bool:
        """Whether only reports with a day have a part in it."""
        return self in (Topic.KNOX, Topic.SPACETIME)


@dataclass(frozen=True, kw_only=True, eq=False)
class PerBuurt:
    """Reports per buurt, and what is compared: per 1,000 inhabitants or per km²; NaN where there is no figure."""

    per: str
    counts: NDArray[np.int64]
    values: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class MoranFound:
    """Do neighbouring buurten go together. areas: geo.moran.local_moran with code, name, n, value."""

    per: str
    whole: GlobalMoran
    areas: pd.DataFrame


@dataclass(frozen=True, kw_only=True, eq=False)
class ScanFound:
    """Circles with the name of the buurt that their middle is in; hotspots with the p of their strongest circle."""

    tested: scanning.ScanResult
    circles: tuple[tuple[str, scanning.Window], ...]
    hotspots: tuple[tuple[Hotspot, float], ...]


@dataclass(frozen=True, kw_only=True)
class Burst:
    """One group of reports close in place and time. x, y: RD metres, the middle of a cell (``_coarse``). hotspot: the one that most of its core reports are in; "" for none."""

    n: int
    n_core: int
    x: float
    y: float
    first: date
    last: date
    buurt: str
    hotspot: str


@dataclass(frozen=True, kw_only=True)
class BurstsFound:
    """Most core reports first. least: reports within eps_m and eps_days that make a group. n_noise: in none."""

    bursts: tuple[Burst, ...]
    eps_m: float
    eps_days: int
    least: int
    n_noise: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Places:
    """Windows in RD, by name."""

    names: list[str]
    shapes: NDArray[np.object_]


@dataclass(frozen=True, kw_only=True, eq=False)
class PlacesFound:
    """Places fixed beforehand, in the order of tested's figures."""

    names: tuple[str, ...]
    tested: WindowResult


Found = MoranFound | near_repeats.Knox | ScanFound | BurstsFound | PlacesFound


def needed(result: HotspotResult) -> int:
    """How many reports a question about places needs: as many as make a hotspot."""
    return max(LEAST, result.params.min_samples)


def suits(material: Material, topic: Topic) -> None:
    """Raises CannotSay when these reports are too few for a question about places, or all on one point."""
    if alone := one_point(material.reports):
        raise CannotSay(alone)
    n, least = len(material.result.labels), needed(material.result)
    if n < least:
        raise CannotSay(TooFew(topic=topic, n=n, least=least, left_out=material.result.left_out))


def moran(
    reports: pd.DataFrame, around: Surroundings, *, per: str | None = None, runs: int = RUNS, seed: int = SEED
) -> MoranFound:
    """Do neighbouring buurten resemble each other. per: "inhabitants", "area", or None for the first that is known.

    Raises CannotSay.
    """
    buurten = buurten_of(around)
    found = per_buurt(reports, around, per)
    if (n := int(found.counts.sum())) < LEAST_AREAS:
        raise CannotSay(TooFew(topic=Topic.MORAN, n=n, least=LEAST_AREAS))
    weights = contiguity(buurten)
    whole = global_moran(found.values, weights, permutations=runs, seed=seed)
    if whole is None:
        raise CannotSay(TooFewBuurten(least=LEAST_AREAS))
    areas = local_moran(found.values, weights, permutations=runs, seed=seed).assign(
        code=buurten["code"].to_numpy(), name=buurten["name"].to_numpy(), n=found.counts, value=found.values
    )
    return MoranFound(per=found.per, whole=whole, areas=areas)


def per_buurt(reports: pd.DataFrame, around: Surroundings, per: str | None) -> PerBuurt:
    """The figure per buurt; none for water, nor for a buurt with too few inhabitants for a rate. Raises CannotSay."""
    buurten = buurten_of(around)
    at = positions_of(reports, around)
    counts = np.bincount(at[at != OUTSIDE], minlength=len(buurten))
    wet = buurten["water"].to_numpy(bool)
    people = exposure.inhabitants(buurten)
    bears = people.bears & ~wet
    enough = int(bears.sum()) >= LEAST_AREAS
    if per == "inhabitants" and not enough:
        raise CannotSay(TooFewInhabitants())
    by_people = enough and per != "area"
    values = np.full(len(buurten), np.nan)
    used = bears if by_people else ~wet
    divided = people.values / people.scale if by_people else buurten.geometry.area.to_numpy() / 1e6
    values[used] = counts[used] / divided[used]
    return PerBuurt(per="inhabitants" if by_people else "area", counts=counts, values=values)


def knox(
    material: Material,
    *,
    distance_m: float = NEAR_M,
    days: int = SOON_DAYS,
    runs: int = RUNS,
    seed: int = SEED,
) -> near_repeats.Knox:
    """Are reports that are close in place also close in time. All reports have a day. Raises CannotSay."""
    moments = middle_days(material.clustered).astype(np.int64).astype(float)
    tested = near_repeats.knox(
        material.x, material.y, moments, distance_m=distance_m, days=days, permutations=runs, seed=seed
    )
    if tested is None:
        raise CannotSay(TooFew(topic=Topic.KNOX, n=0, least=near_repeats.LEAST_PAIRS, within_m=distance_m))
    return tested


def null_of(material: Material, kind: NullKind = NullKind.SMOOTHED, weight: Denominator | None = None) -> Null:
    """The kind of chance that these reports are held against. Raises CannotSay."""
    buurten = material.surroundings.buurten
    if wide := too_wide(material.clustered, buurten):
        raise CannotSay(wide)
    return null_for(material.x, material.y, buurten, kind, weight)


def scan(
    material: Material, null: Null, *, runs: int = RUNS, seed: int = SEED, progress: Progress | None = None
) -> ScanFound:
    """Is there a concentration anywhere; circles on cells, however many reports."""
    x, y = material.x, material.y
    tested = scanning.scan(x, y, null=null, runs=runs, seed=seed, progress=progress)
    centres = np.array([[w.x, w.y] for w in tested.windows], dtype=float).reshape(-1, 2)
    names = material.buurt_names(centres[:, 0], centres[:, 1])
    p = tested.at(x, y, labels=material.labels)
    return ScanFound(
        tested=tested,
        circles=tuple(zip(names, tested.windows, strict=True)),
        hotspots=tuple((h, float(p[h.label])) for h in material.result.hotspots),
    )


def spacetime(material: Material, *, eps_days: int = SOON_DAYS, min_samples: int | None = None) -> BurstsFound:
    """Bursts, close together in place and in time. All reports have a day. min_samples: None for the advice."""
    days = middle_days(material.clustered).astype(np.int64)
    eps_m = material.result.params.eps_m
    least = min_samples or least_in_time(material, days, eps_days=eps_days)
    made = st_dbscan(
        material.x,
        material.y,
        days.astype(float),
        eps_m=eps_m,
        eps_days=float(eps_days),
        min_samples=least,
        sides=material.sides,
    )
    return BurstsFound(
        bursts=bursts_of(material, made, days),
        eps_m=eps_m,
        eps_days=eps_days,
        least=least,
        n_noise=int((made.labels < 0).sum()),
    )


def least_in_time(material: Material, days: NDArray[np.int64], *, eps_days: int) -> int:
    """The Poisson bound of geo.advice, with the background that falls within eps_days of a moment."""
    eps_m = material.result.params.eps_m
    judged = advice.advise(
        material.reports,
        positions=material.positions(material.reports) if len(material.buurten) else None,
        eps_m=eps_m,
        surroundings=material.surroundings,
        result=material.result,
    )
    part = min(1.0, (2 * eps_days + 1) / (int(days.max() - days.min()) + 1))
    return advice.min_samples(len(days), density_per_m2=judged.density_per_m2 * part, eps_m=eps_m)


def bursts_of(material: Material, made: Clustering, days: NDArray[np.int64]) -> tuple[Burst, ...]:
    """The groups, most core reports first."""
    buurten = material.buurten
    names = np.append(buurten["name"].to_numpy(object), "") if len(buurten) else np.array([""])
    at = material.positions(material.clustered)
    ids = {h.label: h.id for h in material.result.hotspots}
    x, y, labels = material.x, material.y, material.labels
    bursts = []
    for mine in members(made.labels):
        core = mine[made.core[mine]]
        when = days[mine].astype("datetime64[D]")
        bursts.append(
            Burst(
                n=len(mine),
                n_core=len(core),
                x=_coarse(x[core].mean()),
                y=_coarse(y[core].mean()),
                first=when.min().item(),
                last=when.max().item(),
                buurt=str(names[_most(at[core])]),
                hotspot=ids.get(_most(labels[core]), ""),
            )
        )
    return tuple(sorted(bursts, key=lambda b: (-b.n_core, b.first, b.x, b.y)))


def _coarse(metres: float) -> float:
    """The middle of the BURST_CELL_M cell it lies in: a burst of one core report must not point at that report."""
    return float(np.floor(metres / BURST_CELL_M) + 0.5) * BURST_CELL_M


def _most(codes: NDArray[np.integer[Any]]) -> int:
    """The commonest code (ties: the lowest); OUTSIDE and NOISE are -1 as well."""
    values, counts = np.unique(codes, return_counts=True)
    return int(values[counts.argmax()])


def places_around(around: Surroundings, kind: str, *, radius_m: float = ROUND_M) -> Places:
    """Schools or stops, each with a circle round it. Raises CannotSay."""
    features: gpd.GeoDataFrame | None = around.schools if kind == Topic.SCHOOLS else around.stops
    if features is None or not len(features):
        raise CannotSay(NoPlaces(kind=kind))
    points = shapely.get_coordinates(shapely.point_on_surface(features.geometry.to_numpy()))
    shapes = circles(points[:, 0], points[:, 1], radius_m=radius_m)
    return Places(names=features["name"].astype(str).tolist(), shapes=shapes)


def windows(
    material: Material,
    places: Places,
    null: Null,
    *,
    runs: int = RUNS,
    seed: int = SEED,
    progress: Progress | None = None,
) -> PlacesFound:
    """Places fixed beforehand against chance."""
    tested = against_chance(
        material.x, material.y, windows=places.shapes, null=null, runs=runs, seed=seed, progress=progress
    )
    return PlacesFound(names=tuple(places.names), tested=tested)
