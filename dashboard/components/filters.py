"""The filter pane: period, hours, weekdays, categories, area, shading, layers and, folded away, the method."""

from collections.abc import Iterable
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import rate_words
from dashboard.components import advanced, ids, map_ids
from dashboard.components.aria import aria
from dashboard.components.filter_values import ALL, ANY, CUSTOM, PARTS, hours_of, presets, to_values
from dashboard.components.legend import swatch
from dashboard.i18n import _, day, number, weekday_names
from dashboard.messages import short_name
from dashboard.services.types import Choices, shade_by
from dashboard.state import CHANGE, COUNT, FilterState
from data.settings import RANGES, Settings
from layers.spec import LayerSpec

FOLLOWS = ("buurt-names",)  # shown with another layer, from some zoom on (assets/page.css)
MARKS = [{"value": hour, "label": f"{hour:02d}"} for hour in (0, 6, 12, 18, 24)]


def pane(choices: Choices, state: FilterState, *, settings: Settings, specs: Iterable[LayerSpec]) -> Any:
    """The whole pane, showing a state."""
    values = to_values(state, choices)
    return html.Aside(
        [
            html.Div(
                [
                    html.H2(_("Filters"), className="hk-h2"),
                    dcc.Link(_("Wissen"), href="/", id="filter-clear", className="hk-textbutton"),
                    html.Button(
                        "×",
                        id=ids.FILTER_CLOSE,
                        className="hk-close hk-phone",
                        **aria(label=_("Filters sluiten")),
                    ),
                ],
                className="hk-row hk-between",
            ),
            *_period(choices, values),
            *_hours(values),
            _parts(values),
            _moments(values),
            _weekdays(values),
            _categories(choices, values),
            _area(choices, values),
            _shade(choices, values),
            layer_switches(specs),
            _advanced(settings, values),
        ],
        id=ids.FILTERS,
        className="hk-filters",
        **aria(label=_("Filters")),
    )


def _period(choices: Choices, values: dict[str, Any]) -> list[Any]:
    return [
        dmc.Select(
            id=ids.PRESET,
            label=_("Periode"),
            data=preset_options(choices),
            value=values["preset"],
            allowDeselect=False,
            size="sm",
            comboboxProps={"withinPortal": True},
        ),
        dmc.DatePickerInput(
            id=ids.DATES,
            type="range",
            value=values["dates"],
            placeholder=span(choices),
            valueFormat="D MMM YYYY",
            labelSeparator="–",
            allowSingleDateInRange=True,
            clearable=True,
            clearButtonProps={"aria-label": _("Periode wissen")},
            minDate=choices.first and choices.first.isoformat(),
            maxDate=choices.last and choices.last.isoformat(),
            defaultDate=choices.last and choices.last.isoformat(),
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
            inputProps={"aria-label": _("Van en tot en met")},
            size="sm",
            mt=-4,
        ),
    ]


def preset_options(choices: Choices) -> list[dict[str, Any]]:
    """The presets this store can offer, with their names, by kind."""
    keys = list(presets(choices))
    groups = [
        (_("Tot nu toe"), [key for key in keys if preset_name(key) != key and "-Q" not in key and "/" not in key]),
        (_("Kwartaal"), [key for key in keys if "-Q" in key]),
        (_("Schooljaar"), [key for key in keys if "/" in key]),
        (_("Kalenderjaar"), [key for key in keys if key.isdigit()]),
        (_("Vrij"), [CUSTOM]),
    ]
    return [
        {"group": title, "items": [{"value": key, "label": preset_name(key)} for key in found]}
        for title, found in groups
        if found
    ]


def preset_name(key: str) -> str:
    """What a preset is called; years by themselves."""
    names = {ALL: _("Alles"), "12m": _("Laatste 12 maanden"), "3m": _("Laatste 3 maanden"), CUSTOM: _("Eigen periode")}
    if "-Q" in key:
        year, quarter = key.split("-Q")
        return _("Kwartaal {quarter} van {year}", quarter=quarter, year=year)
    return names.get(key) or (_("Schooljaar {years}", years=key.replace("/", "–")) if "/" in key else key)


def span(choices: Choices) -> str:
    """The days the reports span, in words."""
    if choices.first is None or choices.last is None:
        return _("Nog geen meldingen")
    return f"{day(choices.first)} – {day(choices.last)}"


def _hours(values: dict[str, Any]) -> list[Any]:
    return [
        html.Div(
            [
                html.Div(
                    [
                        html.Span(_("Uur van de dag"), className="hk-label-text", id="hours-label"),
                        html.Span(
                            hours_text(*hours_of(values["hours"], wrap=values["wrap"])),
                            id=ids.HOURS_TEXT,
                            className="hk-soft",
                        ),
                    ],
                    className="hk-row hk-between",
                ),
                dmc.RangeSlider(
                    id=ids.HOURS,
                    min=0,
                    max=24,
                    step=1,
                    minRange=1,
                    value=values["hours"],
                    marks=MARKS,
                    label=None,
                    inverted=values["wrap"],
                    thumbFromLabel=_("Vanaf welk uur"),
                    thumbToLabel=_("Tot welk uur"),
                    size=5,
                    thumbSize=18,
                    mt=8,
                    mb=24,
                    mx=9,
                ),
                dmc.Switch(
                    id=ids.WRAP,
                    checked=values["wrap"],
                    label=_("Over middernacht heen"),
                    size="xs",
                    className="hk-wrap",
                ),
            ],
            role="group",
            **aria(labelledby="hours-label"),
        )
    ]


def part_names() -> dict[str, str]:
    """Parts of the day by key, in the day's order."""
    return {"night": _("nacht"), "morning": _("ochtend"), "afternoon": _("middag"), "evening": _("avond")}


def _parts(values: dict[str, Any]) -> Any:
    chips = [
        dmc.Chip(name, value=key, size="xs", radius="sm", wrapperProps={"title": hours_text(*PARTS[key])})
        for key, name in part_names().items()
    ]
    return html.Div(
        dmc.ChipGroup(html.Div(chips, className="hk-parts"), id=map_ids.PART, value=values["part"], deselectable=True),
        role="group",
        **aria(label=_("Dagdeel")),
    )


def _moments(values: dict[str, Any]) -> Any:
    """Light or dark and school time side by side, with what they mean behind a fold."""
    light = {ANY: _("Altijd"), "dark": _("Donker"), "light": _("Daglicht")}
    school = {ANY: _("Altijd"), "after": _("Na school"), "before": _("Vóór school"), "around": _("Vóór en na")}
    return html.Div(
        [
            html.Div(
                [
                    _choice(map_ids.LIGHT, _("Licht of donker"), light, values["light"]),
                    _choice(map_ids.SCHOOL, _("Schooltijd"), school, values["school"]),
                ],
                className="hk-pair",
            ),
            help_(
                _(
                    "Donker is het als de zon meer dan 6 graden onder de horizon staat, dus in juni later dan in "
                    "december. Vóór school is 07:45–09:00, na school 14:00–16:30, op werkdagen buiten de vakanties in "
                    "de kalender; staan die er niet in, dan telt elke werkdag. Meldingen zonder tijd vallen weg."
                ),
                label=_("Wat is donker, wat is schooltijd?"),
            ),
        ]
    )


def _choice(id_: str, label: str, names: dict[str, str], value: str) -> Any:
    return dmc.Select(
        id=id_,
        label=label,
        data=[{"value": key, "label": name} for key, name in names.items()],
        value=value,
        allowDeselect=False,
        size="sm",
        comboboxProps={"withinPortal": True},
    )


def help_(text: str, *, label: str) -> Any:
    """First-time help beside the thing it is about, folded."""
    return html.Details([html.Summary(label), html.P(text)], className="hk-help")


def hours_text(first: int, last: int) -> str:
    """00:00–24:00 for the whole day, 22:00–06:00 past midnight."""
    return f"{first:02d}:00–{last + 1:02d}:00"


def _weekdays(values: dict[str, Any]) -> Any:
    chips = [
        dmc.Chip(name, value=str(i), size="xs", radius="sm", wrapperProps={"title": full})
        for i, (name, full) in enumerate(zip(weekday_names(), weekday_names("wide"), strict=True))
    ]
    return html.Div(
        [
            html.Span(_("Weekdag"), className="hk-label-text"),
            dmc.ChipGroup(
                html.Div(chips, className="hk-days", role="group", **aria(label=_("Weekdag"))),
                id=ids.WEEKDAYS,
                multiple=True,
                value=values["weekdays"],
            ),
        ]
    )


def _categories(choices: Choices, values: dict[str, Any]) -> Any:
    return dmc.MultiSelect(
        id=ids.CATEGORIES,
        label=_("Soort"),
        data=list(choices.categories),
        value=values["categories"],
        placeholder=_("Alle soorten"),
        clearable=True,
        clearButtonProps={"aria-label": _("Soorten wissen")},
        hidePickedOptions=True,
        size="sm",
        comboboxProps={"withinPortal": True},
    )


def _area(choices: Choices, values: dict[str, Any]) -> Any:
    return dmc.Select(
        id=ids.AREA,
        label=_("Gebied"),
        data=area_options(choices),
        value=values["area"],
        placeholder=_("Hele gemeente"),
        clearable=True,
        clearButtonProps={"aria-label": _("Gebied wissen")},
        searchable=True,
        nothingFoundMessage=_("Geen gebied met die naam"),
        size="sm",
        comboboxProps={"withinPortal": True},
        maxDropdownHeight=320,
    )


def area_options(choices: Choices) -> list[dict[str, Any]]:
    """Focus areas first, then wijken, then buurten, each by name."""
    groups = [
        (_("Aandachtsgebieden"), [(name, name) for name in choices.focus_areas]),
        (_("Wijken"), sorted(((code, short_name(name)) for code, name in choices.wijken), key=lambda pair: pair[1])),
        (_("Buurten"), sorted(choices.buurten, key=lambda pair: pair[1])),
    ]
    return [
        {"group": title, "items": [{"value": code, "label": name} for code, name in pairs]}
        for title, pairs in groups
        if pairs
    ]


def _shade(choices: Choices, values: dict[str, Any]) -> Any:
    return dmc.Select(
        id=ids.SHADE,
        label=_("Kleur van de buurten"),
        data=shade_options(choices),
        value=values["shade"],
        allowDeselect=False,
        size="sm",
        comboboxProps={"withinPortal": True},
    )


def shade_options(choices: Choices) -> list[dict[str, str]]:
    """The count, then what this store can divide by, in words."""
    rates = [{"value": shade_by(d), "label": rate_words.choice(d)} for d in choices.denominators]
    change = {"value": CHANGE, "label": _("Verandering")}
    return [{"value": COUNT, "label": _("Aantal meldingen")}, change, *rates]


def layer_switches(specs: Iterable[LayerSpec]) -> Any:
    """One checkbox per layer that can be hidden, with its legend mark beside it."""
    chosen = [spec for spec in specs if spec.switchable and spec.id not in FOLLOWS]
    boxes = [
        dmc.Checkbox(
            value=spec.id, label=html.Span([swatch(spec), spec.title], className="hk-layer"), size="xs", radius="sm"
        )
        for spec in chosen
    ]
    return html.Div(
        [
            html.Span(_("Lagen"), className="hk-label-text"),
            dmc.CheckboxGroup(
                html.Div(boxes, className="hk-layers", id="layer-boxes"),
                id=ids.LAYERS,
                value=[spec.id for spec in chosen if spec.visible],
            ),
        ]
    )


def _advanced(settings: Settings, values: dict[str, Any]) -> Any:
    low, high = RANGES["eps_m"]
    fields = [
        dmc.NumberInput(
            id=ids.EPS,
            label=_("Afstand (eps)"),
            description=_(
                "Meldingen die hooguit zo ver uit elkaar liggen, zijn buren. Het is niet de grootte van een hotspot. "
                "Advies: {eps} meter.",
                eps=number(settings.eps_m),
            ),
            value=values["eps"],
            placeholder=f"{settings.eps_m:g}",
            min=low,
            max=high,
            step=5,
            suffix=" m",
            debounce=500,
            size="sm",
        ),
        dmc.NumberInput(
            id=ids.MIN,
            label=_("Minimaal aantal meldingen"),
            description=html.Span(advice(None), id=ids.ADVICE),
            value=values["min"],
            min=2,
            max=1000,
            step=1,
            allowDecimal=False,
            debounce=500,
            size="sm",
        ),
    ]
    # Not an Accordion: with reduced motion that mounts its panel late, and values given before are lost
    return html.Details(
        [
            html.Summary(_("Geavanceerd")),
            html.Div([*fields, advanced.opener("filters", _("Onderbouwing…"))], className="hk-stack"),
        ],
        className="hk-advanced",
    )


def advice(advised: int | None) -> str:
    """What the least number of reports means, with the advice for the reports in view."""
    meaning = _("Zoveel meldingen binnen die afstand maken een plek tot hotspot.")
    if advised is None:
        return meaning
    return meaning + " " + _("Advies bij deze meldingen: {n}; bij minder kan toeval een hotspot lijken.", n=advised)
