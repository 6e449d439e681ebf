"""The real boundaries, when their folder is at hand: every report in exactly one buurt, every layer read."""

import os
from pathlib import Path

import numpy as np
import pytest
import shapely

from data.areas import import_areas
from data.features import import_features
from data.store import ReportStore
from geo.join import OUTSIDE, assign

REAL = Path(os.environ.get("HOTSPOTKAART_REAL_DATA") or Path(__file__).parents[3] / "shared" / "data")
LAYERS = [
    ("schools", "dordrecht_scholen.csv", 40),
    ("stops", "dordrecht_haltes_2015.csv", 100),
    ("stops", "dordrecht_stations_waterbushaltes.geojson", 8),
    ("routes", "dordrecht_ov_lijnen.geojson", 10),
]

if REAL.is_dir():

    @pytest.fixture(scope="module")
    def real_store(tmp_path_factory):
        path = tmp_path_factory.mktemp("real") / "stad.sqlite"
        with ReportStore.open(str(path)) as store:
            import_areas(REAL / "dordrecht_buurten_2023_allattrs.geojson", store=store, level="buurt")
            yield store

    def test_there_are_133_buurten_and_14_wijken_made_from_them(real_store):
        buurten, wijken = real_store.areas("buurt"), real_store.areas("wijk")
        assert (len(buurten), len(wijken)) == (133, 14)
        assert abs(buurten.geometry.area.sum() / 1e6 - 99.47) < 0.02
        assert buurten["water"].sum() == 1

    def test_every_place_in_the_municipality_is_in_exactly_one_buurt(real_store):
        buurten = real_store.areas("buurt")
        rng = np.random.default_rng(5)
        xmin, ymin, xmax, ymax = buurten.total_bounds
        x, y = rng.uniform(xmin, xmax, 20_000), rng.uniform(ymin, ymax, 20_000)
        inside = shapely.contains_xy(buurten.union_all(), x, y)
        found = assign(x, y, buurten, tolerance_m=0.0)
        assert ((found != OUTSIDE) >= inside).all()
        holders = sum(shapely.contains_xy(g, x, y).astype(int) for g in buurten.geometry)
        assert holders.max() == 1
        assert shapely.intersects_xy(buurten.geometry.to_numpy()[found[inside]], x[inside], y[inside]).all()

    def test_a_vertex_shared_by_three_buurten_belongs_to_the_lowest_code(real_store):
        buurten = real_store.areas("buurt")
        corners = np.unique(shapely.get_coordinates(buurten.geometry.to_numpy()), axis=0)[::50]
        found = assign(corners[:, 0], corners[:, 1], buurten)
        assert (found != OUTSIDE).all()
        turned = buurten.iloc[::-1].reset_index(drop=True)
        again = assign(corners[::-1, 0], corners[::-1, 1], turned)[::-1]
        np.testing.assert_array_equal(buurten["code"].to_numpy()[found], turned["code"].to_numpy()[again])

    @pytest.mark.parametrize(("kind", "name", "least"), LAYERS)
    def test_the_real_layers_are_read(real_store, kind, name, least):
        read = import_features(REAL / name, store=real_store, kind=kind)
        assert len(read.frame) >= least
        assert len(real_store.features(kind)) == len(read.frame)
