"""How facts/weights.csv was made: ``python -m data.demo.fit`` writes it anew, after the drawing has changed.

Weights grow where a cell is smaller than its buurt's stated area and shrink where it is larger, but never so far that
a buurt loses its own fact point.
"""

from importlib.resources import as_file, files

import numpy as np
import shapely
from numpy.typing import NDArray

from data.demo import facts, outline

ROUNDS = 150
STEP = 0.25
EASING = 30
OWN_POINT = 0.8  # weights may differ by this share of the squared distance: every fact point stays in its own cell


def fitted() -> NDArray[np.float64]:
    """Weights in m² per buurt, whole numbers, in the order of the facts."""
    drawn = outline.drawing()
    target = facts.table("buurten")["km2"].to_numpy(float) * 1e6
    target *= drawn.outline.area / target.sum()
    gap = np.sum((drawn.sites[:, None] - drawn.sites[None]) ** 2, axis=2)
    gap[drawn.zone[:, None] != drawn.zone[None]] = np.inf
    ceiling = np.full((len(target), len(target)), np.inf)
    np.minimum.at(ceiling, (drawn.owner[:, None], drawn.owner[None]), OWN_POINT * gap)
    weights = np.zeros(len(target))
    for _ in range(ROUNDS):
        area = np.bincount(drawn.owner, weights=shapely.area(outline.cells(drawn, weights)), minlength=len(target))
        weights = _held(weights + STEP * (target - area), ceiling)
    return np.round(weights)


def _held(weights: NDArray[np.float64], ceiling: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights near those given, of which no two differ by more than the ceiling between them.

    First the worst pair of each buurt meets in the middle, some times over; then whatever is still too high is lowered.
    """
    for _ in range(EASING):
        excess = weights[:, None] - weights[None, :] - ceiling
        weights = weights - np.maximum(excess.max(axis=1), 0) / 2 + np.maximum(excess.max(axis=0), 0) / 2
    while True:
        lower = np.minimum(weights, (weights[None, :] + ceiling).min(axis=1))
        if np.array_equal(lower, weights):
            return weights
        weights = lower


def main() -> None:
    """Write facts/weights.csv."""
    rows = zip(facts.table("buurten")["code"], fitted().astype(int), strict=True)
    lines = ["code,weight_m2", *(f"{code},{weight}" for code, weight in rows)]
    with as_file(files(facts) / "weights.csv") as path:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
