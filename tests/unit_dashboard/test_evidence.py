"""What carries the hotspots of a view, and the view as cells, on the demo city."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from dashboard.services.certainty import ChanceQuestion
from dashboard.state import INHABITANTS, FilterState
from data.rights import Denied
from data.viewer import LOCAL_ANALYST, Role, Viewer
from geo.nulls import NullKind
from geo.raster import Raster

MANAGER = Viewer(name="wim", role=Role.DISTRICT_MANAGER)
QUICK = ChanceQuestion(runs=99)


def test_the_evidence_covers_every_hotspot_and_is_that_of_the_certainty_service(demo_services):
    shares = []
    state = FilterState()
    found = demo_services.evidence.of(LOCAL_ANALYST, state, question=QUICK, progress=shares.append)
    assert shares == sorted(shares) and shares[-1] < 1
    assert len(found.certainty.hotspots) == len(found.opinions) == len(found.result.hotspots) > 5
    assert demo_services.certainty.known(LOCAL_ANALYST, replace(state, area="Lijnbaan"), question=QUICK) is (
        found.certainty
    )
    assert demo_services.certainty.known(LOCAL_ANALYST, state) is None


def test_another_kind_of_chance_and_another_seed_are_other_questions(demo_services):
    asked = [*(replace(QUICK, null=null) for null in ("smoothed", "uniform", INHABITANTS)), replace(QUICK, seed=7)]
    chance = [demo_services.certainty.of(LOCAL_ANALYST, FilterState(), question=q).chance for q in asked]
    assert [c.null for c in chance] == [NullKind.SMOOTHED, NullKind.UNIFORM, NullKind.WEIGHTED, NullKind.SMOOTHED]
    assert [c.seed for c in chance] == [q.seed for q in asked]


def test_what_ends_the_progress_ends_the_test(demo_services):
    class Stop(Exception):
        pass

    def stop(share):
        if share > 0.2:
            raise Stop

    with pytest.raises(Stop):
        demo_services.certainty.of(LOCAL_ANALYST, FilterState(), question=QUICK, progress=stop)
    assert demo_services.certainty.known(LOCAL_ANALYST, FilterState(), question=QUICK) is None


def test_the_advice_judges_the_setting_in_use(demo_services):
    usual = demo_services.evidence.advice(LOCAL_ANALYST, FilterState())
    assert not usual.chains and usual.eps_m == 75
    wide = demo_services.evidence.advice(LOCAL_ANALYST, FilterState(eps_m=400, min_samples=4))
    assert wide.chains and wide.largest_share > usual.largest_share


def test_with_nothing_left_there_is_nothing_to_test_nor_to_draw(demo_services):
    nothing = FilterState.from_query("van=2019-01-01&tot=2019-12-31&beeld=gi")
    assert demo_services.evidence.of(LOCAL_ANALYST, nothing, progress=lambda share: None) is None
    assert demo_services.surface.of(LOCAL_ANALYST, nothing) is None


def test_pictures_and_tests_are_for_analysts(demo_services):
    with pytest.raises(Denied):
        demo_services.surface.of(MANAGER, FilterState(picture="density"))
    with pytest.raises(Denied):
        demo_services.evidence.start(MANAGER, FilterState())


@pytest.mark.parametrize("picture", ["density", "gistar"])
def test_what_stands_out_on_the_grid_are_the_places_of_the_hotspots(demo_services, picture):
    found = demo_services.surface.of(LOCAL_ANALYST, FilterState(picture=picture))
    overview = demo_services.map.overview(LOCAL_ANALYST, FilterState())
    assert found.raster.cell_m == 50 and found.n == len(overview.result.labels)
    shapes = found.raster.shapes(found.classes)
    high = shapely.union_all(shapes[-2:])
    assert all(high.distance(shapely.Point(h.x, h.y)) < 100 for h in overview.shown[:8])
    assert found.patches[0].peak == np.nanmax(found.values)
    water = overview.buurten[overview.buurten["water"]].geometry
    assert np.isnan(found.values[found.raster.land(overview.buurten) == 0]).mean() > 0.99 or water.empty


def test_the_shapes_of_a_raster_are_its_cells():
    grid = Raster(x0=1000.0, y0=2000.0, cell_m=50.0, rows=3, columns=4)
    groups = np.array([[0, 0, -1, 1], [-1, 0, 0, 1], [2, 2, 2, 2]])
    shapes = grid.shapes(groups)
    assert [shape.area / 2500 for shape in shapes] == [4, 2, 4]
    assert shapes[1].bounds == (1150.0, 2000.0, 1200.0, 2100.0)
    assert shapes[2].bounds == (1000.0, 2100.0, 1200.0, 2150.0)
    assert len(grid.shapes(np.full((3, 4), -1))) == 0
