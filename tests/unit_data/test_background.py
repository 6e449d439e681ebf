"""What the project knows of a city goes no further than where the user gave nothing."""

import geopandas as gpd
import shapely

from data import background
from geo.crs import RD


def test_rivers_and_railway_are_known_for_dordrecht_only():
    assert background.layers(["GM0599"]) == {}
    known = background.layers(["GM0505"])
    assert set(known) == {"water", "railway"}
    for frame in known.values():
        assert len(frame) > 0 and frame.crs == RD and frame.geometry.is_valid.all()
        assert "schematisch" in frame.attrs["attribution"]


def test_a_wijk_is_named_only_where_its_boundaries_came_without_a_name():
    wijken = gpd.GeoDataFrame(
        {"code": ["WK050503", "WK050504", "WK999901"], "name": ["Wijk 03", "Eigen naam", "Wijk 01"]},
        geometry=[shapely.box(0, 0, 1, 1)] * 3,
        crs=RD,
    )
    assert background.named(wijken)["name"].tolist() == ["Wijk 03 Oud Krispijn", "Eigen naam", "Wijk 01"]
