"""The maps of the page Ontwikkeling: each period on its own with the same colours and classes, or the difference on one."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import dash_leaflet as dl
import pandas as pd
from dash import html

from dashboard import development_words as words
from dashboard.components import ids
from dashboard.components.aria import aria
from dashboard.components.legend import scale
from dashboard.components.map import lat_lon
from dashboard.components.specs import ROUND
from dashboard.development_state import Picture
from dashboard.i18n import _, _n, number
from dashboard.services.development import Place, SideBySide
from dashboard.source_words import in_words
from geo import compare
from geo.compare import Period, Verdict
from layers import build, palette
from layers.classes import breaks
from layers.leaflet import to_leaflet
from layers.spec import LayerSpec, LegendClass, Style

LEAST_DAYS: Final = 0.97  # of the longer period: from here on counts of both may stand in the same colours
MONTH: Final = 30.0
# Share of the city after / before: upper bounds of the classes, and what they are called
RATIOS: Final = (0.5, 0.8, 1.25, 2.0, float("inf"))
FILLS: Final = ("#3f78ad", "#b3cfe6", "#f4f5f6", "#f3cd9a", "#cf7a1d")


def maps(found: SideBySide, *, source: str, cell_m: int) -> Any:
    """One map or two, with one legend. source: where the reports come from."""
    if found.areas is None or found.before is None or found.after is None or not len(found.areas):
        return None
    if found.state.picture is Picture.DIFFERENCE:
        shaded = difference(found, source=source)
        specs = [shaded, *changed(found, source=source), *_spots(found, source=source, cell_m=cell_m, which=None)]
        both = [_map("first", specs, found, title=_("Verschil"))]
    else:
        bounds = breaks([_figure(p, found, i) for p in found.buurten for i in (0, 1)], whole=_whole(found))
        drawn = []
        for i, (name, period) in enumerate(((_("Eerst"), found.before), (_("Daarna"), found.after))):
            shaded = counts(found, i, bounds=bounds, source=source)
            specs = [shaded, *_spots(found, source=source, cell_m=cell_m, which=i)]
            drawn.append(_map(("first", "second")[i], specs, found, title=f"{name}: {words.period(period)}"))
        both = drawn
    return html.Div(
        [
            html.Div(both, className="hk-dev-maps"),
            html.Div(
                [
                    html.Div(scale(shaded), className="hk-dev-scale"),
                    html.P(_below(found), className="hk-soft hk-small"),
                ],
                className="hk-dev-legend",
            ),
        ],
        className="hk-stack",
    )


def counts(found: SideBySide, which: int, *, bounds: tuple[float, ...], source: str) -> LayerSpec:
    """Buurten by their reports in one period (which: 0 or 1); per 30 days when the periods differ in length."""
    areas = _dry(found)
    values = pd.Series([_figure(p, found, which) for p in found.buurten], index=areas.index, dtype=float)
    return build.areas_layer(
        areas,
        values=values,
        title=_("Meldingen per buurt") if _whole(found) else _("Meldingen per buurt per 30 dagen"),
        attribution=_sources(found, source),
        tooltips=[_tip(place) for place in found.buurten],
        no_data=_("onbekend"),
        number=lambda value: number(value, next((d for d in range(3) if round(value, d) == value), 3)),
        whole=_whole(found),
        bounds=bounds,
        id=f"buurten-{which}",
    )


def difference(found: SideBySide, *, source: str) -> LayerSpec:
    """Buurten by the change of their share of the city; those with too few reports apart."""
    areas = _dry(found)
    values = [float("nan") if compare.TOO_FEW in p.figures.remarks else p.figures.share_ratio for p in found.buurten]
    labels = [
        _("minder dan de helft"),
        _("minder"),
        _("ongeveer gelijk"),
        _("meer"),
        _("meer dan het dubbele"),
        _("te weinig meldingen"),
    ]
    spec = build.areas_layer(
        areas,
        values=pd.Series(values, index=areas.index, dtype=float),
        title=_("Aandeel in de stad, daarna tegen eerst"),
        attribution=_sources(found, source),
        tooltips=[_tip(place) for place in found.buurten],
        no_data=labels[-1],
        number=str,
        whole=False,
        bounds=RATIOS,
        id="verschil",
    )
    fills = (*FILLS, palette.NO_DATA)
    return replace(spec, classes=tuple(LegendClass(label=t, fill=f) for t, f in zip(labels, fills, strict=True)))


def changed(found: SideBySide, *, source: str) -> list[LayerSpec]:
    """The buurten whose share demonstrably changed: a thick line, dashed for less, so that colour is not all there is."""
    areas, specs = _dry(found), []
    for id_, verdict, dashed in (("meer", Verdict.RISE, False), ("minder", Verdict.FALL, True)):
        sure = [place.figures.verdict is verdict for place in found.buurten]
        style = Style(stroke=palette.INK, width=3.5, dashed=dashed)
        specs.append(
            build.outline_layer(
                areas[sure], title=_(words.VERDICTS[verdict]), attribution=_sources(found, source), id=id_, style=style
            )
        )
    return specs


def _spots(found: SideBySide, *, source: str, cell_m: int, which: int | None) -> list[LayerSpec]:
    """The hotspots that are one in a period by itself (which: 0 or 1; None: all); numbered as in the table."""
    kept = [place for place in found.hotspots if which is None or place.there[which]]
    if found.cells is None or found.wijken is None:
        return []
    spots = build.hotspots_layer(
        found.cells,
        kept,
        title=_("Hotspot"),
        attribution=source,
        tooltips={place.id: _tip(place) for place in kept},
        round_m=ROUND * cell_m,
        id=f"hotspots-{'beide' if which is None else which}",
    )
    borders = _sources(found, source)
    return [
        build.outline_layer(found.wijken, title=_("Wijkgrens"), attribution=borders, id=f"wijken-{which or 0}"),
        spots,
    ]


def _map(name: str, specs: Sequence[LayerSpec], found: SideBySide, *, title: str) -> Any:
    (south, west), (north, east) = corners = lat_lon(found.bounds)
    return html.Figure(
        [
            html.Figcaption(title, className="hk-h3"),
            html.Div(
                dl.MapContainer(
                    to_leaflet(specs),
                    id={"type": ids.DEVELOPMENT_MAP, "id": name},
                    center=[(south + north) / 2, (west + east) / 2],
                    zoom=12,
                    viewport={"bounds": corners},
                    zoomSnap=0.25,
                    minZoom=9,
                    maxZoom=19,
                    attributionControl=False,
                    scrollWheelZoom=False,  # the page scrolls; + and - zoom
                    className="hk-leaflet",
                ),
                className="hk-map hk-dev-map",
                role="region",
                **aria(label=title),
            ),
        ]
    )


def _tip(place: Place) -> str:
    one = place.figures
    lines = [
        f"{place.rank}. {place.name}" if place.rank else place.name,
        _("eerst: {n}", n=_n("{n} melding", "{n} meldingen", one.before)),
        _("daarna: {n}", n=_n("{n} melding", "{n} meldingen", one.after)),
        _("te weinig meldingen voor een oordeel") if compare.TOO_FEW in one.remarks else words.verdict(one),
    ]
    return "\n".join(line for line in lines if line)


def _figure(place: Place, found: SideBySide, which: int) -> float:
    n = (place.figures.before, place.figures.after)[which]
    period = (found.before, found.after)[which]
    return float(n) if _whole(found) or period is None else MONTH * n / period.days


def _whole(found: SideBySide) -> bool:
    """Whether both periods are about as long, so that their counts may be compared as they are."""
    lengths = [period.days for period in (found.before, found.after) if period]
    return min(lengths) >= LEAST_DAYS * max(lengths)


def _below(found: SideBySide) -> str:
    """What the numbers are, how hotspots were found, and the borders' source."""
    params = found.params
    said = [
        _("Hotspots hebben hetzelfde nummer als in de tabel."),
        _("Gevonden met {eps} meter en minstens {min} meldingen, in beide periodes samen.", eps=number(params.eps_m),
          min=params.min_samples) if params else "",
        _("Een kaart toont ze als ze ook in die periode alleen een hotspot zijn.") if found.state.picture is Picture.BOTH
        else _("Dik omlijnd: aantoonbaar meer dan de rest van de stad; dik gestreept: aantoonbaar minder."),
        _("Grenzen: {source}.", source=in_words(str(found.areas.attrs.get("attribution", ""))) or _("bron onbekend"))
        if found.areas is not None else "",
    ]  # fmt: skip
    return " ".join(part for part in said if part)


def _dry(found: SideBySide) -> Any:
    areas = found.areas
    return areas if areas is None else areas[~areas["water"].astype(bool)]


def _sources(found: SideBySide, source: str) -> str:
    borders = str(found.areas.attrs.get("attribution", "")) if found.areas is not None else ""
    return " · ".join(part for part in (source, borders or _("bron onbekend")) if part)


def days(period: Period) -> str:
    """How long a period is."""
    return _n("{n} dag", "{n} dagen", period.days)
