"""The same with the libraries that one would take."""

import geopandas as gpd
import pandas as pd
from sklearn.cluster import DBSCAN

RD = "EPSG:28992"


def peer_whole(path, areas):
    table = pd.read_csv(path, sep=";")
    points = gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(table["lon"], table["lat"]), crs="EPSG:4326")
    gpd.sjoin(points.to_crs(RD), areas, how="left", predicate="within")
    xy = points.to_crs(RD).get_coordinates().to_numpy()
    DBSCAN(eps=75, min_samples=10, algorithm="ball_tree").fit(xy)
