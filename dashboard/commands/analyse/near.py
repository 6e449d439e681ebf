"""``hotspotkaart analyse near``: reports near schools and stops, beside how much of the city lies as near."""

from pathlib import Path
from typing import Final

import click
import geopandas as gpd
import pandas as pd

from dashboard.commands.analyse.common import (
    Question,
    asked_reports,
    enough,
    facts,
    not_one_point,
    question,
    share,
    table,
    tell,
)
from dashboard.console import fail
from dashboard.figures import figure
from dashboard.i18n import N_, _, _n, number
from dashboard.services.asking import LEAST
from dashboard.subject import Subject
from data.features import read_features
from geo.baseline import Near
from geo.exposure import Base, NearFeatures, near_features

KINDS: Final = {"schools": N_("scholen"), "stops": N_("haltes"), "places": N_("plekken uit het bestand")}
BASES: Final = {Base.LAND: N_("van het land"), Base.STREETS: N_("van de straten")}


@click.command("near")
@question(clusters=False)
@click.option(
    "--places",
    type=click.Path(path_type=Path),
    help="In plaats daarvan: plekken uit een bestand (GeoJSON, CSV met lat/lon).",
)
def command(asked: Question, *, places: Path | None) -> None:
    """Meldingen bij scholen en haltes, altijd naast het deel van de straten of het land dat er even dichtbij ligt."""
    subject, reports = asked_reports(asked, areas=True)
    not_one_point(reports)
    found = {kind: _near(subject, reports, features) for kind, features in _features(subject, places).items()}
    enough(max(n.rows[0].n_base for n in found.values()), LEAST, _("een uitspraak over wat dichtbij is"))
    if asked.as_json:
        tell(facts(subject, reports) | {kind: {"base": n.base, "rows": n.rows} for kind, n in found.items()})
    else:
        _show(found)


def _features(subject: Subject, places: Path | None) -> dict[str, gpd.GeoDataFrame]:
    if places is not None:
        return {"places": read_features(places, kind="schools").frame}
    around = {"schools": subject.surroundings.schools, "stops": subject.surroundings.stops}
    found = {kind: frame for kind, frame in around.items() if frame is not None and len(frame)}
    if not found:
        fail(
            _(
                "Er zijn geen scholen of haltes. Lees ze in: hotspotkaart layer import BESTAND --kind schools, "
                "of geef plekken met --places."
            )
        )
    return found


def _near(subject: Subject, reports: pd.DataFrame, features: gpd.GeoDataFrame) -> NearFeatures:
    if subject.buurten["water"].all():
        fail(_("Alle buurten zijn water: er is geen land om mee te vergelijken. Lees buurten met land in."))
    x, y = reports["x"].to_numpy(float), reports["y"].to_numpy(float)
    return near_features(x, y, features, areas=subject.buurten, lines=subject.streets)


def verdict(row: Near) -> str:
    """Whether more or less lies near than the space accounts for."""
    if row.low > 1:
        return _("meer dan de ruimte verklaart")
    return _("minder dan de ruimte verklaart") if row.high < 1 else _("geen aantoonbaar verschil")


def _show(found: dict[str, NearFeatures]) -> None:
    for kind, near in found.items():
        n = near.rows[0].n_base
        click.echo(
            _n(
                "{n} melding op land, naar afstand tot {what}:",
                "{n} meldingen op land, naar afstand tot {what}:",
                n,
                what=_(KINDS[kind]),
            )
        )
        rows = [
            [
                f"{number(r.radius_m)} m",
                number(r.n),
                share(r.share),
                share(r.base_share),
                figure(r.ratio, 2),
                f"{figure(r.low, 2)}–{figure(r.high, 2)}",
                verdict(r),
            ]
            for r in near.rows
        ]
        header = [
            _("binnen"),
            _("meldingen"),
            _("aandeel"),
            _(BASES[near.base]),
            _("keer"),
            _("marge (95%)"),
            _("oordeel"),
        ]
        table(header, rows, left=(6,))
    click.echo(
        _(
            "De vergelijking gaat over ruimte, niet over drukte: bij scholen en haltes zijn meer mensen, dus ook meer meldingen."
        )
    )
