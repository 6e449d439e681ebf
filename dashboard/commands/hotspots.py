"""``hotspotkaart hotspots``."""

import json
from datetime import date, datetime
from pathlib import Path

import click
import pandas as pd

from dashboard import messages
from dashboard.console import working, writable
from dashboard.i18n import _, _n, day, number
from dashboard.services.hotspots import as_geojson, as_json, certainty_json, labels_table
from dashboard.services.map import hotspot_cells
from dashboard.spreadsheet import neutralise
from dashboard.subject import NULLS, check_spread, null_options, read_subject, subject_options, weight_for
from geo.certainty import Certainty, assess
from geo.hotspots import HotspotParams, HotspotResult, find_hotspots


@click.command("hotspots")
@subject_options()
@click.option("--raw", is_flag=True, help="Elke rij met een plaats telt mee; niets wordt weggelaten.")
@click.option(
    "--labels", type=click.Path(path_type=Path), help="Schrijf per melding: id,label,kind,buurtcode,wijkcode."
)
@click.option("--out", type=click.Path(path_type=Path), help="Schrijf de hotspots als GeoJSON met rastercellen.")
@click.option("--certainty", is_flag=True, help="Toets elke hotspot aan toeval en aan andere instellingen.")
@null_options
@click.option("--json", "as_json_", is_flag=True, help="Het resultaat als JSON.")
def command(
    *,
    file: Path | None,
    store_url: str | None,
    areas: Path | None,
    eps_m: float | None,
    min_samples: int | None,
    start: datetime | None,
    end: datetime | None,
    raw: bool,
    labels: Path | None,
    out: Path | None,
    certainty: bool,
    null: str,
    weight_name: str,
    runs: int,
    seed: int,
    as_json_: bool,
) -> None:
    """Zoek hotspots in een bestand of in de opgeslagen meldingen (DBSCAN in meters, RD)."""
    for written in (labels, out):
        if written:
            writable(written)
    subject = read_subject(
        file,
        store_url=store_url,
        areas=areas,
        start=start.date() if start else None,
        end=end.date() if end else None,
        raw=raw,
    )
    settings = subject.settings
    weight = weight_for(subject, null, weight_name) if certainty else None
    eps = eps_m if eps_m is not None else settings.eps_m
    least = min_samples if min_samples is not None else subject.advised(subject.reports, eps)
    result = find_hotspots(
        subject.reports,
        params=HotspotParams(eps_m=eps, min_samples=least, raw=raw),
        surroundings=subject.surroundings,
        data_version=subject.version,
    )
    if labels:
        table = labels_table(subject.reports, result, subject.surroundings.buurten)
        for column in ("id", "buurtcode", "wijkcode"):
            table[column] = table[column].map(neutralise)
        table.to_csv(labels, index=False, encoding="utf-8", lineterminator="\n")
    if out:
        cells = hotspot_cells(result.hotspots, result, subject.reports, cell_m=settings.cell_screen_m)
        out.write_text(as_geojson(result, cells), encoding="utf-8")
    tested = None
    if certainty and len(result.labels):
        around = subject.surroundings.buurten
        check_spread(subject.reports.loc[result.labels.index], around)
        with working(_("Bezig met toetsen")) as progress:
            tested = assess(
                subject.reports, result, buurten=around, null=NULLS[null], runs=runs, seed=seed, progress=progress,
                weight=weight, barriers=subject.surroundings.barriers,
            )  # fmt: skip
    if as_json_:
        told = as_json(result) | ({"certainty": certainty_json(tested)} if tested else {})
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _show(result, tested, unusable=subject.unusable)


def _show(result: HotspotResult, tested: Certainty | None, *, unusable: int) -> None:
    """The table a person reads."""
    n = len(result.hotspots)
    click.echo(
        _n("{n} hotspot", "{n} hotspots", n)
        + _(
            " · eps {eps} m, minimaal {m} meldingen · {told}, waarvan {noise} los",
            eps=number(result.params.eps_m),
            m=result.params.min_samples,
            told=_n("{n} melding", "{n} meldingen", result.n_in),
            noise=number(result.n_noise),
        )
    )
    if unusable:
        click.echo(
            "  "
            + _n(
                "{n} rij van het bestand is niet bruikbaar. Waarom: hotspotkaart reports import BESTAND --dry-run.",
                "{n} rijen van het bestand zijn niet bruikbaar. Waarom: hotspotkaart reports import BESTAND --dry-run.",
                unusable,
            )
        )
    if result.left_out:
        click.echo("  " + messages.left_out(result.left_out))
    if tested:
        click.echo("  " + messages.chance_outcome(tested))
    for h in result.hotspots:
        where = h.buurt_name or _("rond RD {x}, {y}", x=round(h.x), y=round(h.y))
        click.echo(
            f"{h.rank:>4}  {h.id:<12} "
            + _("{n} meldingen ({core} kern)", n=number(h.n), core=number(h.n_core))
            + f"  {where}{_period(h.first, h.last)}"
        )

        if tested and (sure := tested.of(h.id)):
            click.echo(" " * 19 + messages.certainty(sure, tested))


def _period(first: pd.Timestamp | None, last: pd.Timestamp | None) -> str:
    if first is None or last is None:
        return ""
    spans: tuple[date, date] = (first.date(), last.date())
    return "  " + " – ".join(day(d) for d in spans)
