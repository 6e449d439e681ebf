"""Coordinates: numbers as people write them, and how precise they can be."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.places import degree_radius, metre_radius, netherlands, numbers, stated_radius
from geo.crs import to_rd


def text(*values):
    return pd.Series(list(values), dtype="str")


@pytest.mark.parametrize("cell", ["51,8133", "51.8133", "+51.8133"])
def test_a_number_may_have_a_point_or_a_comma(cell):
    assert numbers(text(cell))[0] == 51.8133


@pytest.mark.parametrize(
    "cell",
    [*("", "51.813.300", "51.813,300", "51.8N", "NaN", "nan", "Inf", "-inf", "1e308", "1e5", "0x33", "51 8", "٥١", "5_1"),
     *("51°", "1234567890", "--5", "True", "½")],
)  # fmt: skip
def test_what_is_no_plain_number_is_not_guessed(cell):
    assert np.isnan(numbers(text(cell))[0])


@given(st.floats(-999_999, 999_999, allow_nan=False), st.integers(0, 6))
def test_a_number_written_with_a_comma_is_the_same_number(value, decimals):
    written = f"{value:.{decimals}f}"
    assert numbers(text(written.replace(".", ",")))[0] == float(written)


@given(st.floats(50.7, 53.5), st.floats(3.4, 7.2), st.integers(0, 6))
def test_the_true_place_lies_within_the_radius_of_its_rounded_degrees(lat, lon, decimals):
    rounded_lon, rounded_lat = round(lon, decimals), round(lat, decimals)
    radius = degree_radius(np.array([rounded_lon]), np.array([rounded_lat]))[0]
    (x, y), (rx, ry) = to_rd([lon], [lat]), to_rd([rounded_lon], [rounded_lat])
    # fewer decimals may be left than were written: the radius is then larger, never smaller; 3.5 % is the degree's
    # own change in length from 52° to the country's ends
    assert np.hypot(x - rx, y - ry)[0] <= radius * 1.035 + 0.01


@given(st.floats(1000, 289_000), st.floats(301_000, 629_000), st.sampled_from([0.1, 1, 10, 100, 1000]))
def test_the_true_place_lies_within_the_radius_of_its_rounded_metres(x, y, step):
    rx, ry = round(x / step) * step, round(y / step) * step
    assert np.hypot(x - rx, y - ry) <= metre_radius(np.array([rx]), np.array([ry]))[0] + 1e-6


def test_the_finer_axis_says_how_precise_a_place_is():
    assert degree_radius(np.array([4.7]), np.array([51.8133]))[0] == pytest.approx(6.54, abs=0.1)
    assert metre_radius(np.array([105_000.0]), np.array([425_130.0]))[0] == pytest.approx(7.07, abs=0.01)


def test_accuracies_are_read_in_metres_and_in_words():
    radius, unread = stated_radius(
        text("100", "100 m", "ca. 50 meter", "2 km", "Straat", "POSTCODE", "", "vaag", "exact")
    )
    assert radius[:6].tolist() == [100, 100, 50, 2000, 100, 500] and radius[8] == 0
    assert np.isnan(radius[6:8]).all() and unread.tolist() == [False] * 7 + [True, False]


BORDER_TOWNS = {
    **{"Sluis": (51.308, 3.386), "Sas van Gent": (51.227, 3.80), "Putte": (51.36, 4.39), "Baarle-Nassau": (51.446, 4.93)},
    **{"Budel": (51.27, 5.57), "Maastricht": (50.851, 5.69), "Eijsden": (50.78, 5.71), "Vaals": (50.771, 6.016)},
    **{"Kerkrade": (50.866, 6.066), "Roermond": (51.19, 5.99), "Venlo": (51.37, 6.17), "Siebengewald": (51.63, 6.10)},
    **{"Lobith": (51.86, 6.11), "’s-Heerenberg": (51.875, 6.25), "Dinxperlo": (51.86, 6.49), "Winterswijk": (51.97, 6.72)},
    **{"Glanerbrug": (52.21, 6.97), "Denekamp": (52.37, 7.0), "Coevorden": (52.66, 6.74), "Ter Apel": (52.87, 7.06)},
    **{"Bourtange": (53.01, 7.19), "Bad Nieuweschans": (53.18, 7.20), "Eemshaven": (53.45, 6.83), "Vlieland": (53.30, 5.07)},
    **{"Schiermonnikoog": (53.48, 6.16), "Texel": (53.05, 4.80), "Westkapelle": (51.53, 3.44), "Cadzand": (51.37, 3.40)},
    **{"Hoek van Holland": (51.98, 4.12), "Dordrecht": (51.81, 4.67)},
}  # fmt: skip
ABROAD = {
    **{"Antwerpen": (51.22, 4.40), "Brussel": (50.85, 4.35), "Gent": (51.05, 3.72), "Luik": (50.63, 5.57)},
    **{"Düsseldorf": (51.22, 6.77), "Keulen": (50.94, 6.96), "Parijs": (48.86, 2.35), "Londen": (51.51, -0.13)},
}


def in_netherlands(lat, lon):
    x, y = to_rd([lon], [lat])
    return bool(shapely.contains_xy(netherlands(), x, y)[0])


@pytest.mark.parametrize("town", BORDER_TOWNS)
def test_every_corner_of_the_country_is_in_the_netherlands(town):
    assert in_netherlands(*BORDER_TOWNS[town])


@pytest.mark.parametrize("city", ABROAD)
def test_cities_across_the_border_are_not_in_the_netherlands(city):
    assert not in_netherlands(*ABROAD[city])
