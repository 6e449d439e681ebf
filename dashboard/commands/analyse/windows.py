"""``hotspotkaart analyse windows``: places fixed beforehand against chance: schools, stops, last year's hotspots."""

from pathlib import Path
from typing import Final, NamedTuple

import click
import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from dashboard import messages
from dashboard.commands.analyse.common import Found, Question, figure, find, p_value, question, table, tell
from dashboard.commands.analyse.scan import null_of
from dashboard.console import fail, working
from dashboard.i18n import _, _n, number
from dashboard.subject import Metres, null_options
from data.vector import in_rd, read_vector, texts
from geo.windows import WindowResult, against_chance, circles

SHOWN: Final = 20
NAMES: Final = ("name", "naam", "id", "code")


class Places(NamedTuple):
    """Windows in RD, by name."""

    names: list[str]
    shapes: NDArray[np.object_]


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
    default=100.0,
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
    found = find(asked, what=_("een toets van plekken"))
    chosen = fixed or _from_store(found, str(places), radius_m)
    against = null_of(found, null, weight_name)
    with working(_("Toetsen")) as progress:
        tested = against_chance(
            found.x, found.y, windows=chosen.shapes, null=against, runs=runs, seed=seed, progress=progress
        )
    if asked.as_json:
        _tell(found, chosen, tested, radius_m)
    else:
        _show(chosen, tested)


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
    return Places([name or str(i) for i, name in enumerate(names, start=1)], shapes)


def _from_store(found: Found, kind: str, radius_m: float) -> Places:
    around = found.subject.surroundings
    features: gpd.GeoDataFrame | None = around.schools if kind == "schools" else around.stops
    if features is None or not len(features):
        fail(
            _(
                "Er zijn geen plekken van de soort {kind}. Lees ze in: hotspotkaart layer import BESTAND --kind {kind}.",
                kind=kind,
            )
        )
    points = shapely.get_coordinates(shapely.point_on_surface(features.geometry.to_numpy()))
    return Places(features["name"].astype(str).tolist(), circles(points[:, 0], points[:, 1], radius_m=radius_m))


def _tell(found: Found, chosen: Places, tested: WindowResult, radius_m: float) -> None:
    rows = zip(chosen.names, tested.counts, tested.expected, tested.p, tested.q, tested.significant, strict=True)
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


def _show(chosen: Places, tested: WindowResult) -> None:
    n = int(tested.significant.sum())
    click.echo(
        _n(
            "Op {n} van de {of} plekken zijn meer meldingen dan toeval.",
            "Op {n} van de {of} plekken zijn meer meldingen dan toeval.",
            n,
            of=number(len(chosen.names)),
        )
        + " "
        + _("Getoetst tegen {null}, {runs} proeven.", null=messages.null_words(tested), runs=number(tested.runs))
    )
    order = np.lexsort((-tested.counts, tested.p))[:SHOWN]
    rows = [
        [
            chosen.names[i],
            number(tested.counts[i]),
            figure(float(tested.expected[i])),
            p_value(float(tested.p[i])),
            p_value(float(tested.q[i])),
            _("meer dan toeval") if tested.significant[i] else _("kan toeval zijn"),
        ]
        for i in order.tolist()
    ]
    table([_("plek"), _("meldingen"), _("verwacht"), "p", "q", _("oordeel")], rows, left=(0, 5))
    if len(chosen.names) > SHOWN:
        click.echo(_("De overige {n} staan in --json.", n=number(len(chosen.names) - SHOWN)))
    click.echo(
        _(
            "Alleen voor plekken die vooraf vaststonden. Hotspots uit dezelfde meldingen horen bij chance: hier zou bijna elk daarvan slagen."
        )
    )
