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
    # Not the controls themselves: Dash draws every output twice more, to mark it as waiting and as done.
    "follow": Output(map_ids.FOLLOW, "data"),
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
) -> tuple[FilterState | None, dict[str, Any]]:
    """The state that is asked for, by the address or a control, and all of OUTPUTS; None for the one that is shown.

    Both directions stand in one place, so that neither can answer the other without end. Raises PreventUpdate when
    nothing is asked yet.
    """
    by = {one["prop_id"].rpartition(".")[0] for one in ctx.triggered}
    touched = [name for name, (id_, _prop) in CONTROLS.items() if id_ in by]
    if map_ids.ASKED in by or not touched:
        if asked is None:
            raise PreventUpdate  # the address was not read yet
        state = FilterState.from_query(asked)
        shown = filter_values.to_values(state, choices)
        other = filter_values.hours_of(values["hours"], wrap=values["wrap"]) != state.hours
        return state, answer(follow(state, shown, values, hours=other))
    if asked is not None:
        now = filter_values.to_values(FilterState.from_query(asked), choices)
        touched = [name for name in touched if values[name] != now[name]]
    if not touched:
        return None, answer([])  # it followed the address or another control, or is back where it was
    if asks_nothing_yet(touched[0], values):
        raise PreventUpdate
    state, shown = changed(touched[0], values, choices)
    query = state.to_query()
    told = follow(state, shown, values, hours=touched[0] in ("hours", "wrap", "part"))
    return state, answer(told, search=address(query, Look.from_query(search or "")), asked=query)


def changed(by: str, values: dict[str, Any], choices: Choices) -> tuple[FilterState, dict[str, Any]]:
    """The state after a control (of CONTROLS) changed, and the controls that must follow.

    A preset fills in days and back, a part of the day its hours and back.
    """
    if by == "preset":
        start, end = filter_values.presets(choices).get(values["preset"], (None, None))
        values = values | {"dates": [start and start.isoformat(), end and end.isoformat()]}
    if by == "part":
        bounds, wrap = filter_values.slider(filter_values.hours_of_part(values["part"]))
        values = values | {"hours": bounds, "wrap": wrap}
    state = filter_values.to_state(values)
    shown: dict[str, Any] = {}
    if by == "part":
        shown = {"hours": values["hours"], "wrap": values["wrap"]}
    if by in ("hours", "wrap"):
        shown = {"part": filter_values.part_of(state.hours)}
    if by == "preset":
        shown = {"dates": filter_values.shown_dates(state)}
    if by == "dates":
        shown = {"preset": filter_values.preset_of(state, choices)}
    return state, shown


def asks_nothing_yet(by: str, values: dict[str, Any]) -> bool:
    """Half a period, or „Eigen periode” itself: the days are still to come."""
    if by == "dates":
        return filter_values.incomplete(values)
    return by == "preset" and values["preset"] == filter_values.CUSTOM


def follow(state: FilterState, shown: dict[str, Any], values: dict[str, Any], *, hours: bool) -> list[Any]:
    """[id, {property: value}] of every control that shows something else; hours: and what is said of the hours."""
    told = [[CONTROLS[name][0], {CONTROLS[name][1]: value}] for name, value in shown.items() if values[name] != value]
    if hours:
        told.append([ids.HOURS_TEXT, {"children": hours_text(*state.hours)}])
        told.append([ids.HOURS, {"inverted": state.hours[0] > state.hours[1]}])
    return told


def answer(told: list[Any], *, search: Any = no_update, asked: Any = no_update) -> dict[str, Any]:
    """All of OUTPUTS."""
    return {"search": search, "asked": asked, "follow": told or no_update}
