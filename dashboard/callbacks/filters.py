"""Filter controls ↔ the address bar. The address is the one truth; the controls show it and write it."""

from typing import Any

from dash import Dash, Input, Output, ctx, no_update
from dash.exceptions import PreventUpdate

from dashboard.components import filter_values, ids, map_ids
from dashboard.components.filters import area_options, hours_text, preset_options, shade_options, span
from dashboard.look import Look, address
from dashboard.services import Services
from dashboard.services.types import Choices
from dashboard.state import FilterState
from dashboard.viewers import current_viewer

CONTROLS = {
    "preset": (ids.PRESET, "value"),
    "dates": (ids.DATES, "value"),
    "hours": (ids.HOURS, "value"),
    "wrap": (ids.WRAP, "checked"),
    "part": (map_ids.PART, "value"),
    "light": (map_ids.LIGHT, "value"),
    "school": (map_ids.SCHOOL, "value"),
    "weekdays": (ids.WEEKDAYS, "value"),
    "categories": (ids.CATEGORIES, "value"),
    "area": (ids.AREA, "value"),
    "shade": (ids.SHADE, "value"),
    "picture": (ids.PICTURE, "value"),
    "eps": (ids.EPS, "value"),
    "min": (ids.MIN, "value"),
}


OUTPUTS = {
    "search": Output(ids.URL, "search"),
    "asked": Output(map_ids.ASKED, "data"),
    "values": {name: Output(*control) for name, control in CONTROLS.items()},
    "hours_text": Output(ids.HOURS_TEXT, "children"),
    "inverted": Output(ids.HOURS, "inverted"),
}


def register(app: Dash, services: Services) -> None:
    """What the controls offer. What they ask is answered with the view itself (callbacks.view), in one go."""

    @app.callback(
        output={
            "categories": Output(ids.CATEGORIES, "data"),
            "areas": Output(ids.AREA, "data"),
            "shades": Output(ids.SHADE, "data"),
            "presets": Output(ids.PRESET, "data"),
            "placeholder": Output(ids.DATES, "placeholder"),
            "first": Output(ids.DATES, "minDate"),
            "last": Output(ids.DATES, "maxDate"),
        },
        inputs=[Input(ids.VERSION, "data")],
        prevent_initial_call=True,
    )
    def offer(_version: int) -> dict[str, Any]:
        choices = services.map.choices(current_viewer())
        return {
            "categories": list(choices.categories),
            "areas": area_options(choices),
            "shades": shade_options(choices),
            "presets": preset_options(choices),
            "placeholder": span(choices),
            "first": choices.first and choices.first.isoformat(),
            "last": choices.last and choices.last.isoformat(),
        }


def sync(
    asked: str | None, values: dict[str, Any], search: str | None, *, choices: Choices
) -> tuple[FilterState, dict[str, Any]]:
    """The state that is asked for, by the address or a control, and what the other of the two must show.

    Both directions stand in one place, so that neither can answer the other without end. Raises PreventUpdate when
    nothing is asked yet.
    """
    if ctx.triggered_id not in {id_ for id_, _prop in CONTROLS.values()}:
        if asked is None:
            raise PreventUpdate  # the address was not read yet
        state = FilterState.from_query(asked)
        return state, answer(state, filter_values.to_values(state, choices), search=no_update, asked=no_update)
    if asks_nothing_yet(values):
        raise PreventUpdate
    state, shown = changed(values, choices)
    query = state.to_query()
    return state, answer(state, shown, search=address(query, Look.from_query(search or "")), asked=query)


def changed(values: dict[str, Any], choices: Choices) -> tuple[FilterState, dict[str, Any]]:
    """The state after a control changed, and the controls that must follow.

    A preset fills in days and back, a part of the day its hours and back.
    """
    if ctx.triggered_id == ids.PRESET:
        start, end = filter_values.presets(choices)[values["preset"]]
        values = values | {"dates": [start and start.isoformat(), end and end.isoformat()]}
    if ctx.triggered_id == map_ids.PART:
        bounds, wrap = filter_values.slider(filter_values.hours_of_part(values["part"]))
        values = values | {"hours": bounds, "wrap": wrap}
    state = filter_values.to_state(values)
    shown: dict[str, Any] = dict.fromkeys(CONTROLS, no_update)
    if ctx.triggered_id == map_ids.PART:
        shown |= {"hours": values["hours"], "wrap": values["wrap"]}
    if ctx.triggered_id in (ids.HOURS, ids.WRAP):
        shown["part"] = filter_values.part_of(state.hours)
    if ctx.triggered_id == ids.PRESET:
        shown["dates"] = filter_values.shown_dates(state)
    if ctx.triggered_id == ids.DATES:
        shown["preset"] = filter_values.preset_of(state, choices)
    return state, shown


def asks_nothing_yet(values: dict[str, Any]) -> bool:
    """Half a period, or „Eigen periode” itself: the days are still to come."""
    if ctx.triggered_id == ids.DATES:
        return filter_values.incomplete(values)
    return bool(ctx.triggered_id == ids.PRESET and values["preset"] == filter_values.CUSTOM)


def answer(state: FilterState, shown: dict[str, Any], *, search: Any, asked: Any) -> dict[str, Any]:
    """All of OUTPUTS."""
    wrap = state.hours[0] > state.hours[1] if shown["wrap"] is not no_update else no_update
    text = hours_text(*state.hours)
    return {"search": search, "asked": asked, "values": shown, "hours_text": text, "inverted": wrap}
