"""``hotspotkaart analyse windows``: places fixed beforehand against chance: schools, stops, last year's hotspots."""

from pathlib import Path
from typing import Final

import click
import numpy as np
import shapely

from dashboard import answer_words
from dashboard.answer_words import ABOUT
from dashboard.commands.analyse.common import Found, Question, find, question, show, tell
from dashboard.commands.analyse.scan import null_of
from dashboard.console import fail, working
from dashboard.i18n import _
from dashboard.services import asking
from dashboard.services.asking import ROUND_M, Places, PlacesFound, Topic, places_around
from dashboard.subject import Metres, null_options
from data.vector import in_rd, read_vector, texts

NAMES: Final = ("name", "naam", "id", "code")


@click.command("windows")
@question()
@click.option(
    "--places", type=click.Choice(["schools", "stops"]), help="Scholen of haltes uit de store, met een cirkel eromheen."
)
@click.option(
    "--windows",
    "file_windows",
    type=click.Path(path_type=Path),
    help="Eigen vlakken, lijnen of punten (GeoJSON, GeoPackage).",
)
@click.option(
    "--radius",
    "radius_m",
    type=Metres(),
    default=ROUND_M,
    show_default=True,
    metavar="METER",
    help="De cirkel om elk punt.",
)
@null_options
def command(
    asked: Question,
    *,
    places: str | None,
    file_windows: Path | None,
    radius_m: float,
    null: str,
    weight_name: str,
    runs: int,
    seed: int,
) -> None:
    """Plekken die vooraf vaststaan tegen toeval: scholen, haltes, of de hotspots van vorig jaar uit een bestand."""
    if (places is None) == (file_windows is None):
        fail(_("Zeg welke plekken: --places schools, --places stops, of --windows BESTAND; één van de drie."))
    fixed = None if file_windows is None else from_file(file_windows, radius_m)
    found = find(asked, what=_(ABOUT[Topic.SCHOOLS]))
    chosen = fixed or places_around(found.surroundings, str(places), radius_m=radius_m)
    against = null_of(found, null, weight_name)
    with working(_("Bezig met toetsen")) as progress:
        answer = asking.windows(found, chosen, against, runs=runs, seed=seed, progress=progress)
    if asked.as_json:
        _tell(found, answer, radius_m)
    else:
        show(answer_words.windows(answer))


def from_file(file: Path, radius_m: float) -> Places:
    """Windows of a file: areas as they are, points and lines with radius_m around them."""
    frame = in_rd(read_vector(file))
    shapes = np.array(frame.geometry, dtype=object)
    kept = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    if not kept.any():
        fail(_("{file}: er staat geen enkel vlak of punt in.", file=file.name))
    shapes = shapely.make_valid(shapes[kept])
    thin = shapely.area(shapes) == 0
    shapes[thin] = shapely.buffer(shapes[thin], radius_m, quad_segs=16)
    column = next((c for wanted in NAMES for c in frame.columns if str(c).lower() == wanted), None)
    names = texts(frame[column])[kept].tolist() if column else [""] * int(kept.sum())
    return Places(names=[name or str(i) for i, name in enumerate(names, start=1)], shapes=shapes)


def _tell(found: Found, answer: PlacesFound, radius_m: float) -> None:
    tested = answer.tested
    rows = zip(answer.names, tested.counts, tested.expected, tested.p, tested.q, tested.significant, strict=True)
    told = {
        "null": tested.null,
        "null_detail": tested.null_detail,
        "runs": tested.runs,
        "seed": tested.seed,
        "radius_m": radius_m,
        "windows": [
            {"name": name, "n": n, "expected": e, "p": p, "q": q, "significant": s} for name, n, e, p, q, s in rows
        ],
    }
    tell(found.facts() | told)
