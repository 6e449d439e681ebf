"""Gegevens, layers: what the map is made of and how old it is; bringing one anew. And what waits to be looked at."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import data_words as words
from dashboard import review_words
from dashboard.components import data_ids as ids
from dashboard.components.aria import aria
from dashboard.i18n import _, _n, number
from dashboard.services.layers import KINDS, LEVELS, WEIGHT, Brought, Layer

REVIEW: Final = "/#weggelaten"  # assets/data.js opens the dialog there


def panel(*, max_mb: int) -> list[Any]:
    """The list, and the form to bring one."""
    what = [{"value": level, "label": words.layer(f"areas:{level}")} for level in LEVELS]
    what += [{"value": kind, "label": words.layer(f"features:{kind}")} for kind in KINDS]
    what.append({"value": WEIGHT, "label": _("Eigen getal per buurt")})
    return [
        html.Div(id=ids.LAYERS, className="hk-stack"),
        html.Section(
            [
                html.H2(_("Kaartlaag inlezen"), id="data-layer-title-h"),
                html.P(
                    _(
                        "De nieuwe laag komt in de plaats van de oude. Gebieden: GeoJSON, GeoPackage of een gezipte shapefile. "
                        "Scholen, haltes en lijnen ook als CSV of GTFS. Een eigen getal per buurt: CSV met code en waarde."
                    ),
                    className="hk-soft",
                ),
                html.Div(
                    [
                        dmc.Select(
                            id=ids.LAYER_WHAT, label=_("Wat bevat het bestand?"), data=what, allowDeselect=False
                        ),
                        dmc.TextInput(
                            id=ids.LAYER_TITLE,
                            label=_("Naam van het getal"),
                            description=_("alleen voor een eigen getal"),
                        ),
                        dmc.TextInput(
                            id=ids.LAYER_SOURCE,
                            label=_("Bronvermelding"),
                            description=_("bijv. CBS 2025"),
                        ),
                        dmc.TextInput(
                            id=ids.LAYER_CRS,
                            label=_("Coördinaatstelsel"),
                            description=_("alleen als het bestand het niet zegt"),
                            placeholder="EPSG:28992",
                        ),
                    ],
                    className="hk-form-row",
                ),
                dcc.Upload(
                    html.Div(
                        [
                            html.Strong(_("Sleep de kaartlaag hierheen of klik om te kiezen")),
                            html.Span(_("hooguit {n} MB", n=max_mb), className="hk-soft"),
                            html.Span(id=ids.LAYER_NAME, className="hk-d-file", **aria(live="polite")),
                        ],
                        className="hk-drop-text",
                    ),
                    id=ids.LAYER_FILE,
                    multiple=False,
                    max_size=max_mb * 1_000_000,
                    className="hk-drop",
                    className_active="hk-drop hk-drop-active",
                    style={},
                    style_active={},
                    style_reject={},
                ),
                html.Div(dmc.Button(_("Laag inlezen"), id=ids.LAYER_MAKE)),
                html.Div(id=ids.LAYER_SAID, **aria(live="polite")),
            ],
            className="hk-part",
            **aria(labelledby="data-layer-title-h"),
        ),
    ]


def layers(found: Sequence[Layer]) -> list[Any]:
    """Every layer with its age."""
    old = [layer for layer in found if layer.old]
    parts: list[Any] = []
    if not any(layer.n for layer in found if layer.name.startswith("areas:")):
        parts.append(
            html.P(
                _(
                    "Er zijn nog geen gebieden. Begin met de buurten, bijvoorbeeld uit de wijk- en buurtkaart van het CBS."
                ),
                className="hk-warning",
            )
        )
    if old:
        names = ", ".join(words.layer(layer.name).lower() for layer in old)
        said = _("Ouder dan een jaar: {names}. Kijk of er nieuwere gegevens zijn en lees ze in.", names=names)
        parts.append(html.P(said, className="hk-warning"))
    heads = [_("Laag"), _("Aantal"), _("Bron"), _("Jaar"), _("Ingelezen"), _("Let op")]
    head = html.Tr([html.Th(text, scope="col") for text in heads])
    table = html.Table([html.Thead(head), html.Tbody([_layer(layer) for layer in found])], className="hk-table-plain")
    label = _("Kaartlagen")
    return [*parts, html.Div(table, className="hk-wide", tabIndex=0, role="region", **aria(label=label))]


def brought(found: Brought) -> Any:
    """That a layer was taken, and what was put right or left out."""
    said = _n(
        "{n} object ingelezen: {layer}.", "{n} objecten ingelezen: {layer}.", found.n, layer=words.layer(found.name)
    )
    notes = [html.Li(_(note.sentence, **note.fields)) for note in found.notes]
    return html.Div([html.P(said), html.Ul(notes) if notes else None], className="hk-said", role="status")


def review(counts: Mapping[str, int]) -> list[Any]:
    """What waits to be looked at, by reason, and the way there."""
    if not counts:
        return [html.P(_("Er is niets weggelaten en er is geen tekst om na te kijken."), className="hk-hint")]
    rows = [
        html.Tr([html.Th(review_words.title(reason), scope="row"), html.Td(number(n), className="hk-num")])
        for reason, n in counts.items()
    ]
    head = html.Tr([html.Th(_("Reden"), scope="col"), html.Th(_("Aantal"), scope="col", className="hk-num")])
    return [
        html.P(
            _(
                "Deze meldingen tellen niet mee in hotspots, of hun tekst moet nog worden nagekeken. Bevestig of herroep dat per "
                "punt, per melding of per bron, met een toelichting; elk besluit is terug te draaien."
            ),
            className="hk-soft",
        ),
        html.Div(
            html.Table([html.Thead(head), html.Tbody(rows)], className="hk-table-plain hk-d-counts"),
            className="hk-wide",
        ),
        html.Div(html.A(_("Nakijken op de kaart"), href=REVIEW, className="hk-button")),
    ]


def _layer(layer: Layer) -> Any:
    cells = [
        number(layer.n) if layer.n else "–",
        layer.source or "–",
        str(layer.year) if layer.year else "–",
        words.layer_age(layer),
        _("ouder dan een jaar") if layer.old else "–",
    ]
    return html.Tr(
        [html.Th(words.layer(layer.name), scope="row"), *(html.Td(text) for text in cells)],
        className="hk-d-old" if layer.old else "",
    )
