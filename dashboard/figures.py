"""Figures and places as they stand in a table, on the page and the command line."""

from typing import Final

import numpy as np

from dashboard.i18n import _, chance, number
from geo.hotspots import Hotspot

NO_FIGURE: Final = "–"


def figure(value: float | None, decimals: int = 1) -> str:
    """A number for a table; a dash where there is none."""
    return number(value, decimals) if value is not None and np.isfinite(value) else NO_FIGURE


def p_value(value: float) -> str:
    """A p for a table: three decimals, never 0; a dash where there is none."""
    return chance(value).removeprefix("= ")


def place_name(buurt: str, x: float, y: float) -> str:
    """A place in a table."""
    return buurt or _("rond RD {x}, {y}", x=round(x), y=round(y))


def where(hotspot: Hotspot) -> str:
    """A hotspot's place in a table."""
    return place_name(hotspot.buurt_name, hotspot.x, hotspot.y)
