"""What the page Ontwikkeling is asked with: two periods, where to compare them and what to draw."""

from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from dashboard.components import ids
from dashboard.components.aria import aria
from dashboard.development_state import DevelopmentState, Per, Periods, Picture, Preset, period_of, preset, usual
from dashboard.i18n import _
from dashboard.services.types import Choices
from geo.compare import Period

OWN: Final = "own"  # the value of the presets' control when the days are of one's own

Values = dict[str, Any]


def controls(values: Values, choices: Choices) -> Any:
    """The controls. values: of ``to_values``, what they show."""
    return html.Div(
        [
            dmc.Select(
                id=ids.DEVELOPMENT_PRESET,
                label=_("Periodes"),
                data=preset_options(choices),
                value=values["preset"],
                allowDeselect=False,
                size="sm",
                comboboxProps={"withinPortal": True},
                className="hk-dev-preset",
            ),
            _range(ids.DEVELOPMENT_BEFORE, _("Eerste periode"), values["before"], choices),
            _range(ids.DEVELOPMENT_AFTER, _("Tweede periode"), values["after"], choices),
            _switch(ids.DEVELOPMENT_PICTURE, _("Kaart"), {Picture.BOTH: _("Twee kaarten"), Picture.DIFFERENCE: _("Verschil")},
                    values["picture"]),
            _switch(ids.DEVELOPMENT_PER, _("Tabel"), {Per.BUURT: _("Buurten"), Per.HOTSPOT: _("Hotspots")}, values["per"]),
        ],
        className="hk-dev-controls",
    )  # fmt: skip


def preset_options(choices: Choices) -> list[dict[str, str]]:
    """The presets this store has reports for, with their names."""
    names = {
        Preset.YEAR: _("12 maanden en de 12 daarvoor"),
        Preset.QUARTER: _("Dit kwartaal en hetzelfde vorig jaar"),
        Preset.HALVES: _("Alles, in twee helften"),
    }
    found = [{"value": which.value, "label": name} for which, name in names.items() if periods(which, choices)]
    return [*found, {"value": OWN, "label": _("Eigen periodes")}]


def periods(which: str, choices: Choices) -> Periods | None:
    """The periods of a preset by its value; None for one's own, or without reports for it."""
    if choices.first is None or choices.last is None or which not in list(Preset):
        return None
    return preset(Preset(which), first=choices.first, last=choices.last)


def to_values(state: DevelopmentState, choices: Choices) -> Values:
    """What the controls show for a state."""
    shown = (state.before, state.after)
    if choices.first and choices.last and not (state.before and state.after):
        shown = usual(first=choices.first, last=choices.last) or (None, None)
    return {
        "preset": preset_of(shown, choices),
        "before": _days(shown[0]),
        "after": _days(shown[1]),
        "per": state.per.value,
        "picture": state.picture.value,
        "wijk": state.wijk,
        "first": str(state.runs[0] or ""),
        "second": str(state.runs[1] or ""),
    }


def preset_of(shown: tuple[Period | None, Period | None], choices: Choices) -> str:
    """The value of the preset that these periods are."""
    return next((which.value for which in Preset if shown[0] and periods(which, choices) == shown), OWN)


def to_state(values: Values, choices: Choices) -> DevelopmentState:
    """The state the controls ask for; the usual periods are left out of it."""
    before, after = (_period(values[name]) for name in ("before", "after"))
    if choices.first and choices.last and (before, after) == usual(first=choices.first, last=choices.last):
        before = after = None
    return DevelopmentState(
        before=before,
        after=after,
        per=Per(values["per"]) if values["per"] in list(Per) else Per.BUURT,
        picture=Picture(values["picture"]) if values["picture"] in list(Picture) else Picture.BOTH,
        wijk=str(values["wijk"] or ""),
        runs=(_number(values["first"]), _number(values["second"])),
    )


def incomplete(values: Values) -> bool:
    """Whether the days of a period are still to come."""
    return any(_period(values[name]) is None for name in ("before", "after"))


def _range(id_: str, name: str, days: list[str | None], choices: Choices) -> Any:
    return dmc.DatePickerInput(
        id=id_,
        type="range",
        label=name,
        value=days,
        valueFormat="D MMM YYYY",
        labelSeparator="–",
        allowSingleDateInRange=True,
        minDate=choices.first and choices.first.isoformat(),
        maxDate=choices.last and choices.last.isoformat(),
        popoverProps={"withinPortal": True},
        ariaLabels={
            "previousMonth": _("Vorige maand"),
            "nextMonth": _("Volgende maand"),
            "previousYear": _("Vorig jaar"),
            "nextYear": _("Volgend jaar"),
            "previousDecade": _("Vorige tien jaar"),
            "nextDecade": _("Volgende tien jaar"),
            "monthLevelControl": _("Kies een maand"),
            "yearLevelControl": _("Kies een jaar"),
        },
        size="sm",
        className="hk-dev-days",
    )


def _switch(id_: str, name: str, options: dict[Any, str], value: str) -> Any:
    label = f"{id_}-label"
    data = [{"value": key.value, "label": text} for key, text in options.items()]
    return html.Div(
        [
            html.Span(name, className="hk-label-text", id=label),
            dmc.SegmentedControl(id=id_, data=data, value=value, size="sm"),
        ],
        role="group",
        **aria(labelledby=label),
    )


def _days(period: Period | None) -> list[str | None]:
    return [period.start.isoformat(), period.end.isoformat()] if period else [None, None]


def _period(days: Any) -> Period | None:
    found = [str(day)[:10] for day in days or () if day]
    return period_of("_".join(found)) if len(found) == 2 else None


def _number(text: Any) -> int:
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() else 0
