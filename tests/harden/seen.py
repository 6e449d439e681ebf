"""What a wijkmanager is literally given: every view of the page, asked of its service, and the maps handed out, read back."""

import json
import re
from dataclasses import dataclass, replace
from datetime import date

import geopandas as gpd
import pandas as pd
import shapely

from dashboard.callbacks.published_export import request_for
from dashboard.services.publication import UnknownArea, at_least
from dashboard.services.published import Breakdown, Geography, Window
from dashboard.services.register import ExportRefused
from data import publishing
from data.viewer import Role, Viewer
from geo.publish import Cell
from geo.spots import QUARTERS

ROW = re.compile(r'<span class="n">± ([\d.]+)<span class="detail key">([^<]+)</span>')
TOTAL = re.compile(r"ongeveer ([\d.]+) meldingen · (\d+) hotspots?</p>")
TOOLTIP = re.compile(r"^\d+\. .+\n± ([\d.]+) meldingen$")
DATA = re.compile(r'id="hk-data">(.*?)</script>', re.DOTALL)
SCRIPT = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL)
MARKED = re.compile(r"±\s*[\d.]+|[\d.]+\s+meldingen")  # whatever reads as a number of reports


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What one wijkmanager was shown on a day, in one version. cells: None where the page says <k.

    spots: (id, first quarter of the year) -> the figure and the cells drawn. hidden: why each cell is hidden, which is not shown
    but granted to the attacker. ledger: the truth behind it.
    """

    cells: dict
    spots: dict
    hidden: dict
    ledger: pd.DataFrame
    n_asked: int


def manager(wijk):
    return Viewer(name=f"wijkmanager {wijk}", role=Role.DISTRICT_MANAGER, wijken=frozenset([wijk]))


def asked(services, viewer, made, *, odd):
    """Every choice of window, geography and breakdown. odd: those too that the page answers with another view."""
    cells, spots, n = {}, {}, 0
    for choice in services.published.choices(viewer).windows:
        for geography in Geography:
            for breakdown in Breakdown:
                split = breakdown is not Breakdown.NONE
                if not odd and split and (geography is Geography.BUURT or choice.window is Window.QUARTER):
                    continue
                view = services.published.overview(viewer, choice.window, geography, breakdown, start=choice.start)
                _read(view, cells, spots)
                n += 1
    own = viewer.wijken | {p for p, of in made.places.items() if of in viewer.wijken}
    for cell in made.release.hidden:  # also where a view without any figure gives way to another
        if cell.place in own:
            cells.setdefault(cell, None)
    return Seen(cells=cells, spots=spots, hidden=dict(made.release.hidden), ledger=made.ledger, n_asked=n)


def _read(view, cells, spots):
    """Add what one view shows: its table, what its map shades, and its hotspots. The same figure twice is the same figure."""
    start, quarters = publishing.quarter(view.start), view.window.quarters
    told = [(Cell(c.code, start, quarters, f"{view.breakdown}:{c.part}" if c.part else ""), c.n) for c in view.cells]
    told += [
        (Cell(code, start, quarters), None if pd.isna(n) else int(n))
        for code, n in zip(view.areas["code"], view.areas["n"], strict=True)
    ]
    for cell, n in told:
        assert cells.setdefault(cell, n) == n, cell
    assert view.total == sum(c.n or 0 for c in view.cells)
    shapes = dict(zip(view.hotspot_cells["hotspot_id"], view.hotspot_cells.geometry, strict=True))
    assert set(shapes) == {spot.id for spot in view.hotspots}
    for spot in view.hotspots:
        assert spots.setdefault((spot.id, start), (spot.n, shapes[spot.id]))[0] == spot.n
        assert spot.parts_of_day == ()


@dataclass(frozen=True, kw_only=True)
class HandedOut:
    """What is on paper. figures: (hotspot id, first quarter) -> the figure. n_maps, n_empty, n_refused: maps of these kinds."""

    figures: dict
    n_maps: int = 0
    n_empty: int = 0
    n_refused: int = 0
    n_wrong: int = 0  # figures on a map that are not those of the page, or not those of an earlier map


def hand_out(services, wijk, seen, so_far, *, others=()):
    """The maps of one wijk's every year, as the page makes them, held against what the page shows of that year.

    others: wijken that are not the manager's own, which are asked for too.
    """
    viewer, figures = manager(wijk), dict(so_far.figures)
    n_maps, n_empty, n_refused, n_wrong = so_far.n_maps, so_far.n_empty, so_far.n_refused, so_far.n_wrong
    years = [c for c in services.published.choices(viewer).windows if c.window is Window.FOUR]
    for year in years:
        start = publishing.quarter(year.start)
        asked_for = request_for([year.start.isoformat(), wijk, "html", "A4", "overleg", "de wijk"])
        try:
            made = services.snapshots.snapshot(viewer, asked_for)
        except ExportRefused:
            n_refused += 1
            continue
        shown = on_paper(made.content)
        page = {id: n for (id, of), (n, _) in seen.spots.items() if of == start and at_least(n, k=5) >= 10}
        n_wrong += shown != page
        n_wrong += {h["id"]: h["n"] for h in made.facts["hotspots"]} != page or made.facts["n_elsewhere"] is not None
        n_wrong += sum(figures.setdefault((id, start), n) != n for id, n in shown.items())
        n_maps, n_empty = n_maps + 1, n_empty + (not shown)
        # another period than a year gives a year, not that period
        for first, last in ((year.start, date(year.start.year, 3, 31)), (None, None)) if others else ():
            other = services.snapshots.publication(viewer, replace(asked_for, start=first, end=last))
            n_wrong += (other.end - other.start).days < 364
            n_wrong += any(seen.spots[h.id, publishing.quarter(other.start)][0] != h.n for h in other.hotspots)
    for code in others:
        for area in (code, f"wijk {code}"):
            try:
                services.snapshots.publication(
                    viewer, request_for([years[0].start.isoformat(), area, "html", "A4", "", ""])
                )
            except UnknownArea:
                continue
            n_wrong += 1
    return HandedOut(figures=figures, n_maps=n_maps, n_empty=n_empty, n_refused=n_refused, n_wrong=n_wrong)


def on_paper(content):
    """The hotspots' figures in a map's HTML. AssertionError when it holds any other number of reports."""
    page = content.decode()
    rows = {id: _number(n) for n, id in ROW.findall(page)}
    data = json.loads(DATA.search(page).group(1))["layers"]
    features = {name: [f["properties"] for f in layer["data"]["features"]] for name, layer in data.items()}
    assert {key for name in features for given in features[name] for key in given} <= {"id", "text", "label"}
    told = {
        given["id"]: _number(TOOLTIP.match(given["text"]).group(1))
        for given in features.get("hotspots", ())
        if given.get("text")
    }
    assert told == rows
    visible = SCRIPT.sub("", page)
    known = [f"± {n}" for n, _ in ROW.findall(page)] + ["10 meldingen"]  # the rule's own line
    if rows:
        total, number = TOTAL.search(page).groups()
        assert (_number(total), int(number)) == (sum(rows.values()), len(rows))
        known.append(f"{total} meldingen")
    else:
        known.append("10 meldingen")  # fewer than ten, in the place of the total
    left = MARKED.findall(visible)
    assert sorted(left) == sorted(known), (left, known)
    return rows


def _number(text):
    return int(text.replace(".", ""))


def quarters_of_year(start):
    return range(start, start + QUARTERS)


def buurten_under(shape, buurten: gpd.GeoDataFrame):
    """The buurten in which a hotspot's cells lie."""
    return sorted(buurten["code"][shapely.area(shapely.intersection(buurten.geometry.to_numpy(), shape)) > 0])
