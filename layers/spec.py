"""LayerSpec: one map layer as data, before anybody has decided how to draw it."""

import re
from dataclasses import dataclass, field
from typing import Literal

import geopandas as gpd

from geo.crs import RD

ID = re.compile(r"[a-z][a-z0-9_-]*")  # becomes part of names in the page
RD_EPSG = int(RD.removeprefix("EPSG:"))

Kind = Literal["area", "outline", "line", "point", "hotspot", "name"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Style:
    """How features look. Colours are hex; widths and radii in screen pixels (print: points)."""

    fill: str | None = None
    stroke: str | None = None
    width: float = 1.0
    radius: float = 4.0
    fill_opacity: float = 1.0
    dashed: bool = False
    opacity: float = 1.0  # of the stroke


@dataclass(frozen=True, kw_only=True, slots=True)
class LegendClass:
    """One class of a graded layer; features refer to it by its position in ``LayerSpec.classes``."""

    label: str
    fill: str


@dataclass(frozen=True, kw_only=True)
class LayerSpec:
    """One layer. ``frame`` is in RD (print wants true metres).

    frame columns: geometry; ``key`` (str, stable id); ``tooltip`` (plain text, never markup);
    ``class`` (int position in classes) for graded areas; ``label`` (str) for kind "name" and numbered hotspots.
    """

    id: str
    title: str
    kind: Kind
    frame: gpd.GeoDataFrame
    style: Style
    attribution: str  # mandatory: a map without sources is not made
    order: int  # drawing order, low is below: see layers.palette.PANES
    classes: tuple[LegendClass, ...] = ()
    visible: bool = True
    in_legend: bool = True
    switchable: bool = field(default=True)

    def __post_init__(self) -> None:
        """Refuse (ValueError) a layer without sources, in another CRS, or without the columns its kind needs."""
        if not ID.fullmatch(self.id):
            raise ValueError(f"layer id {self.id!r} is not lower-case letters, digits, - or _, beginning with a letter")
        if not self.attribution.strip():
            raise ValueError(f"layer {self.id!r} names no source: give its attribution")
        if self.frame.crs is None or self.frame.crs.to_epsg() != RD_EPSG:
            raise ValueError(f"layer {self.id!r} is in {self.frame.crs}, layers take {RD}: use to_crs")
        needed = (
            {"key", "tooltip"} | ({"class"} if self.classes else set()) | ({"label"} if self.kind == "name" else set())
        )
        if missing := sorted(needed - set(self.frame.columns)):
            raise ValueError(f"layer {self.id!r} lacks {missing}; it has {sorted(self.frame.columns)}")
