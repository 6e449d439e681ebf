"""A small invented city in RD: three wijken of Voronoi buurten, a river, a railway, three hotspots."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo import disclosure, report
from geo.crs import RD
from geo.hotspots import HotspotParams, find_hotspots
from layers import build, palette
from layers.sheet import Row, Sheet

CENTRE = np.array([105_000.0, 425_000.0])
SOURCE = "Verzonnen stad (CC0)"
PLANTED = [(-620.0, 430.0, 40), (910.0, -520.0, 25), (140.0, -80.0, 16)]


def _number(value):
    return f"{value:g}".replace(".", ",")


def _outline():
    angle = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    radius = 2300 + 260 * np.sin(3 * angle) + 140 * np.cos(5 * angle)
    return shapely.Polygon(CENTRE + np.column_stack([1.35 * radius * np.cos(angle), 0.85 * radius * np.sin(angle)]))


def _buurten():
    rng = np.random.default_rng(7)
    seeds = CENTRE + rng.uniform(-1, 1, (42, 2)) * [3300, 2100]
    city = _outline()
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=city))
    pieces = [shapely.intersection(cell, city) for cell in cells]
    pieces = [piece for piece in pieces if shapely.area(piece) > 1000]
    x = np.array([piece.centroid.x for piece in pieces])
    wijk = np.digitize(x, CENTRE[0] + np.array([-1000.0, 1000.0]))
    return gpd.GeoDataFrame(
        {
            "code": [f"BU{i:04d}" for i in range(len(pieces))],
            "name": [f"Buurt {i}" for i in range(len(pieces))],
            "wijk_code": [f"WK{w}" for w in wijk],
        },
        geometry=pieces,
        crs=RD,
    )


def _reports():
    rng = np.random.default_rng(11)
    points = [CENTRE + [dx, dy] + rng.normal(0, 35, (n, 2)) for dx, dy, n in PLANTED]
    points.append(CENTRE + rng.uniform(-1, 1, (60, 2)) * [2500, 1500])
    xy = np.vstack(points)
    frame = report.empty().reindex(range(len(xy)))
    frame["x"], frame["y"], frame["uncertainty_m"] = xy[:, 0], xy[:, 1], np.nan
    frame["event_date"] = pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(len(xy)) % 90, unit="D")
    frame["flags"] = ""
    frame["categories"] = "nafluiten"
    frame["event_minute"] = 60.0 * (np.arange(len(xy)) % 24)
    return frame


class City:
    """Frames and specs of the invented city."""

    number = staticmethod(_number)
    source = SOURCE

    def __init__(self):
        self.buurten = _buurten()
        wijken = self.buurten.dissolve("wijk_code").reset_index().rename(columns={"wijk_code": "code"})
        self.wijken = wijken.set_crs(RD, allow_override=True).drop(columns="name", errors="ignore")
        self.wijken = wijken[["geometry"]].assign(
            code=["WK0", "WK1", "WK2"], name=["Wijk 01 Westkade", "Wijk 02 Middenstad", "Wijk 03 Oosterpoort"]
        )
        self.reports = _reports()
        self.result = find_hotspots(self.reports, params=HotspotParams(eps_m=75, min_samples=7))
        shapes = []
        for hotspot in self.result.hotspots:
            mine = self.reports.loc[self.result.members(hotspot)]
            shapes.append(disclosure.cells(mine["x"].to_numpy(), mine["y"].to_numpy(), cell_m=50))
        self.cells = gpd.GeoDataFrame({"hotspot_id": [h.id for h in self.result.hotspots]}, geometry=shapes, crs=RD)
        x, y = CENTRE
        self.rail = self.features([shapely.LineString([(x - 3500, y + 900), (x, y + 350), (x + 3600, y - 1400)])])
        self.routes = self.features(
            [
                shapely.LineString([(x - 3000, y - 700), (x - 600, y + 400), (x + 900, y + 300), (x + 2900, y + 700)]),
                shapely.LineString([(x - 900, y - 1700), (x - 300, y + 100), (x + 200, y + 1700)]),
            ]
        )
        rng = np.random.default_rng(3)
        places = CENTRE + rng.uniform(-1, 1, (20, 2)) * [2400, 1400]
        self.schools = self.features(list(shapely.points(places[:9])))
        self.stops = self.features(list(shapely.points(places[9:])))
        self.river = self.features(
            [shapely.LineString([(x - 3600, y + 1500), (x - 900, y + 1050), (x + 700, y + 1500), (x + 3600, y + 1150)])]
        )

    @staticmethod
    def features(shapes):
        n = len(shapes)
        return gpd.GeoDataFrame(
            {
                "id": [f"F{i}" for i in range(n)],
                "name": [f"Plek {i}" for i in range(n)],
                "subtype": "",
                "uncertainty_m": 0.0,
            },
            geometry=shapes,
            crs=RD,
        )

    def counts(self):
        inside = self.buurten.geometry.apply(
            lambda shape: int(shapely.contains_xy(shape, self.reports["x"], self.reports["y"]).sum())
        )
        return inside.astype(float)

    def areas(self, **changes):
        counts = self.counts()
        given = {
            "values": counts,
            "title": "Meldingen per buurt",
            "attribution": SOURCE,
            "no_data": "geen cijfer",
            "number": _number,
            "tooltips": [f"{name}\n{n:.0f} meldingen" for name, n in zip(self.buurten["name"], counts, strict=True)],
        }
        return build.areas_layer(self.buurten, **(given | changes))

    def hotspots(self, **changes):
        given = {
            "title": "Hotspot",
            "attribution": SOURCE,
            "tooltips": {h.id: f"Hotspot {h.rank}\n{h.n} meldingen" for h in self.result.hotspots},
            "round_m": 25.0,
        }
        return build.hotspots_layer(self.cells, self.result.hotspots, **(given | changes))

    def specs(self):
        made = {"attribution": SOURCE}
        return [
            self.areas(),
            build.water_layer(self.river, title="Water", **made),
            build.outline_layer(self.wijken, title="Wijkgrens", **made),
            build.lines_layer(self.rail, id="rail", title="Spoor", style=palette.RAIL, **made),
            build.lines_layer(self.routes, id="routes", title="OV-route", **made),
            build.points_layer(self.schools, id="schools", title="School", tooltips=self.schools["name"], **made),
            build.points_layer(self.stops, id="stops", title="Halte", style=palette.STOP_POINT, **made),
            self.hotspots(),
            build.names_layer(self.wijken, title="Namen", **made),
        ]

    def sheet(self, **changes):
        given = {
            "title": "Hotspots straatintimidatie",
            "subtitle": "1 januari 2024 t/m 31 december 2025 · hele stad · 141 meldingen, 3 hotspots",
            "legend_title": "Legenda",
            "table_title": "Hotspots op volgorde",
            "table_head": ("#", "Plaats", "Meldingen"),
            "rows": tuple(
                Row(
                    rank=str(h.rank),
                    key=h.id,
                    place=f"Plein {h.rank}, Middenstad",
                    n=str(h.n),
                    detail=f"bij Plek {h.rank}",
                )
                for h in self.result.hotspots
            ),
            "method": "DBSCAN in RD-meters, straal 75 m, minimaal 7 meldingen. Hotspots zijn getekend als rastercellen.",
            "sources": ("Meldingen: verzonnen", "Grenzen: verzonnen stad (CC0)"),
            "footer": "Gemaakt op 21 november 2026 · verloopt op 21 februari 2027 · kenmerk HK-0001",
            "notes": ("Alleen getoond bij 10 meldingen of meer.",),
            "badge": "Oefengegevens",
        }
        return Sheet(**(given | changes))


@pytest.fixture(scope="session")
def city():
    return City()


class Watched:
    """A page, and what it said or asked for while it was open."""

    def __init__(self, page):
        self.page = page
        self.requests = []
        self.complaints = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type in ("error", "warning") else None
        )


@pytest.fixture
def open_page(chromium):
    """open_page(width, height, offline=…) gives a Watched page in a context of its own."""
    contexts = []

    def opened(width=1366, height=768, *, offline=False):
        context = chromium.new_context(viewport={"width": width, "height": height})
        context.set_offline(offline)
        contexts.append(context)
        return Watched(context.new_page())

    yield opened
    for context in contexts:
        context.close()
