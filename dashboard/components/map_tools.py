"""Above the map: looking up a place, measuring, drawing, and the one line that says what is filtered."""

from collections.abc import Iterable
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.components import ids, map_ids
from dashboard.components.aria import aria, data
from dashboard.components.map_bounds import lat_lon
from dashboard.i18n import _, number
from dashboard.messages import short_name
from dashboard.services.places import Kind, Place
from dashboard.shape import RADII
from geo.crs import to_wgs84

RADIUS_M = 200


def column(map_section: Any, *, custom: bool) -> Any:
    """The map with its tools above it. custom: whether figures of a drawn area may be asked."""
    return html.Div([tools(custom=custom), strip(), map_section], className="hk-map-column")


def tools(*, custom: bool) -> Any:
    """Search field and buttons, and room for what they find or ask."""
    return html.Div(
        [
            html.Div(
                [
                    dmc.Select(
                        id=map_ids.SEARCH,
                        data=[],
                        value=None,
                        placeholder=_("Zoek een straat, school, halte of buurt"),
                        inputProps={"aria-label": _("Zoek een plek op de kaart")},
                        searchable=True,
                        clearable=True,
                        clearButtonProps={"aria-label": _("Gevonden plek loslaten")},
                        selectFirstOptionOnChange=True,
                        nothingFoundMessage=_("Geen plek met die naam in de ingelezen lagen"),
                        limit=40,
                        size="sm",
                        comboboxProps={"withinPortal": True},
                        maxDropdownHeight=320,
                        className="hk-search",
                    ),
                    _tool(map_ids.MEASURE, _("Meten")),
                    _tool(map_ids.DRAW, _("Gebied tekenen"), hidden=not custom),
                ],
                className="hk-tools",
                role="group",
                **aria(label=_("Hulpmiddelen van de kaart")),
            ),
            html.Div(id=map_ids.PLACE_BOX, className="hk-place-box", role="status"),
            _status(),
            html.Div(id=map_ids.PAINT, hidden=True),
            dcc.Store(id=map_ids.FOLLOW),
            dcc.Store(id=map_ids.PLACE),
            dcc.Store(id=map_ids.POINTS),
            dcc.Store(id=map_ids.SHAPE, data=""),
            dcc.Store(id=map_ids.OUTLINE),
        ],
        className="hk-toolbar",
    )


def strip() -> Any:
    """What is filtered, always in sight, and one step back."""
    return html.Div(
        [
            html.P(id=ids.SENTENCE, className="hk-sentence hk-line", tabIndex=-1, **aria(live="polite")),
            html.Button(_("Ongedaan maken"), id=map_ids.UNDO, className="hk-textbutton hk-undo", disabled=True),
        ],
        className="hk-map-line",
    )


def place_options(places: Iterable[Place]) -> list[dict[str, Any]]:
    """What can be looked up, by kind."""
    names = kind_names()
    groups: dict[str, list[dict[str, str]]] = {}
    for place in places:
        groups.setdefault(names[place.kind][1], []).append({"value": place.key, "label": label(place)})
    return [{"group": group, "items": items} for group, items in groups.items()]


def kind_names() -> dict[Kind, tuple[str, str]]:
    """What one and several of a kind are called."""
    return {
        "stop": (_("Halte"), _("Haltes")),
        "school": (_("School"), _("Scholen")),
        "street": (_("Straat"), _("Straten")),
        "wijk": (_("Wijk"), _("Wijken")),
        "buurt": (_("Buurt"), _("Buurten")),
        "focus": (_("Aandachtsgebied"), _("Aandachtsgebieden")),
    }


def label(place: Place) -> str:
    """A place's name as people say it."""
    return short_name(place.name) if place.kind == "wijk" else place.name


def mark(place: Place) -> dict[str, Any]:
    """A place as the map marks it: name, middle and bounds in degrees."""
    (lon,), (lat,) = to_wgs84([place.x], [place.y])
    return {
        "key": place.key,
        "name": label(place),
        "at": [round(float(lat), 6), round(float(lon), 6)],
        "bounds": lat_lon(place.bounds),
        "area": place.is_area,
    }


def found(place: Place) -> Any:
    """The place that was looked up, in words, and its surroundings as a circle: drawing without a mouse."""
    low, high = RADII
    name = html.Span([kind_names()[place.kind][0] + " ", html.B(label(place))])
    if place.is_area:
        return html.Div(
            [name, html.Span(_("Kies het links bij Gebied om er alleen naar te kijken."))], className="hk-found"
        )
    return html.Div(
        [
            name,
            dmc.NumberInput(
                id=map_ids.RADIUS,
                value=RADIUS_M,
                min=low,
                max=high,
                step=25,
                suffix=" m",
                size="xs",
                w=92,
                inputProps={"aria-label": _("Straal van de cirkel in meters")},
            ),
            html.Button(_("Cijfers binnen deze straal"), id=map_ids.CIRCLE, className="hk-button hk-slim"),
        ],
        className="hk-found",
    )


def _tool(id_: str, name: str, *, hidden: bool = False) -> Any:
    return html.Button(name, id=id_, className="hk-button hk-slim", hidden=hidden, **aria(pressed="false"))


def _status() -> Any:
    """Where a tool says what to do and what it measures."""
    keys = _("Toetsenbord: pijltjes schuiven de kaart, Enter zet een punt in het midden, Escape stopt.")
    sentences = {
        "measure": _("Klik punten op de kaart; de afstand staat hier. Backspace haalt het laatste punt weg.")
        + " "
        + keys,
        "draw": _("Klik rond het gebied; Klaar sluit het.") + " " + keys,
        "metres": _("{metres} in {points} punten"),
        "round": _("{points} punten, omtrek {metres}"),
        "unready": _("Een gebied heeft minstens drie punten."),
    }
    return html.Div(
        [
            html.Span(id="tool-said", className="hk-tool-said", role="status"),
            html.Button(_("Klaar"), id="tool-done", className="hk-button hk-slim"),
            html.Button(_("Stoppen"), id="tool-stop", className="hk-textbutton"),
        ],
        id=map_ids.TOOL,
        className="hk-tool",
        hidden=True,
        **data(**sentences),
    )


def radius_shown(radius: int | None) -> str:
    """What a shape is called."""
    return _("Cirkel van {m} meter", m=number(radius)) if radius else _("Getekend gebied")
