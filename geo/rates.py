"""Reports per inhabitant: always with the denominator named, never for an empty buurt."""

import numpy as np
from numpy.typing import NDArray

MIN_INHABITANTS = 50  # below this one report more or less moves the rate by tens: no rate is given
DAYS_PER_YEAR = 365.25


def per_thousand_per_year(
    counts: NDArray[np.int64], inhabitants: NDArray[np.float64], *, days: int
) -> NDArray[np.float64]:
    """Reports per 1,000 inhabitants per year; NaN below MIN_INHABITANTS, when unknown, or without a period."""
    enough = np.where(inhabitants >= MIN_INHABITANTS, inhabitants, np.nan)
    return counts / enough * 1000.0 * DAYS_PER_YEAR / (days if days > 0 else np.nan)
