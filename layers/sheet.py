"""What stands around a map that leaves the house: one text model for the print and the HTML renderer.

Every text arrives finished and in the reader's language; nothing here is translated.
"""

from dataclasses import dataclass
from typing import Literal

Paper = Literal["A4", "16:9"]
Bounds = tuple[float, float, float, float]  # xmin, ymin, xmax, ymax in RD metres

# Width and height in inches. 16:9 is a presentation's wide slide.
PAPERS: dict[Paper, tuple[float, float]] = {"A4": (11.693, 8.268), "16:9": (13.333, 7.5)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line of the ranked table. ``key`` is the hotspot's stable id, the ``key`` in the hotspot layer's frame."""

    rank: str
    key: str
    place: str
    n: str  # finished figure: "25", "±25", "<10"
    detail: str = ""  # second, smaller line: a nearest school, a peak hour


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """The texts of one handed-out map.

    extent: RD bounds to look at; None: where the hotspots are, or everything when there are none.
    rows: every published hotspot by rank; print shows the first ten, HTML all. table_some: the table's title when not all
    are shown, with {n} and {total}. empty: shown when there are no rows.
    labels_*: short words that the renderers need: the north arrow's letter, names of the zoom buttons.
    """

    title: str
    subtitle: str  # period · filters
    legend_title: str
    table_title: str
    table_head: tuple[str, str, str]  # number, place, reports
    rows: tuple[Row, ...]
    method: str
    sources: tuple[str, ...]
    footer: str  # date, expiry, id
    notes: tuple[str, ...] = ()  # threshold line, "synthetic data"
    empty: str = ""
    table_some: str = "{n} / {total}"
    paper: Paper = "A4"
    extent: Bounds | None = None
    lang: str = "nl"
    label_north: str = "N"
    label_zoom_in: str = "+"
    label_zoom_out: str = "−"
    no_script: str = ""  # instead of the map where scripts do not run; empty: nothing
    label_map: str = ""  # names the map for screen readers; empty: the title
    badge: str = ""  # a short warning beside the title, e.g. that the reports are synthetic
