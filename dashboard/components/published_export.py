"""The dialog that hands out a map of published figures: one frozen year, one's own wijken."""

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import published_words as words
from dashboard.components import published_ids as ids
from dashboard.components.aria import aria
from dashboard.i18n import _
from dashboard.messages import short_name
from dashboard.services.published import PublishedChoices, Window


def modal(choices: PublishedChoices) -> Any:
    """Which year and wijk, in what form, for what and for whom."""
    wijken = [{"value": code, "label": short_name(name)} for code, name in choices.wijken]
    years = year_options(choices)
    return dmc.Modal(
        html.Div(
            [
                html.P(
                    _("Op de kaart staan de hotspots zoals ze met dat jaar zijn vastgesteld, als rastercellen."),
                    className="hk-soft",
                ),
                dmc.Select(
                    id=ids.EXPORT_YEAR,
                    label=_("Jaar"),
                    data=years,
                    value=years[0]["value"] if years else None,
                    allowDeselect=False,
                    placeholder=_("Nog geen vastgesteld jaar"),
                    nothingFoundMessage=_("Nog geen vastgesteld jaar"),
                ),
                dmc.Select(
                    id=ids.EXPORT_WIJK,
                    label=_("Wijk"),
                    data=wijken,
                    value=wijken[0]["value"] if wijken else None,
                    allowDeselect=False,
                ),
                _choice(_("Bestand"), ids.EXPORT_FORMAT, ("png", "pdf", "html"), ("PNG", "PDF", "HTML")),
                _choice(_("Papier"), ids.EXPORT_PAPER, ("A4", "16:9"), (_("A4 liggend"), _("16:9 (scherm)"))),
                dmc.TextInput(
                    id=ids.EXPORT_PURPOSE,
                    label=_("Doel"),
                    placeholder=_("bijvoorbeeld: overleg verlichting"),
                    inputProps={"maxLength": 120},
                ),
                dmc.TextInput(id=ids.EXPORT_RECIPIENT, label=_("Voor wie"), inputProps={"maxLength": 120}),
                html.Div(id=ids.EXPORT_SAID, **aria(live="polite")),
                dmc.Button(_("Kaart maken"), id=ids.EXPORT_MAKE, fullWidth=True),
                dcc.Download(id=ids.EXPORT_FILE),
            ],
            className="hk-stack",
        ),
        id=ids.EXPORT,
        title=_("Kaart exporteren"),
        size="md",
        closeButtonProps={"aria-label": _("Sluiten")},
    )


def year_options(choices: PublishedChoices) -> list[dict[str, str]]:
    """The frozen years, newest first."""
    return [
        {"value": w.start.isoformat(), "label": words.window(w.window, w.start)}
        for w in choices.windows
        if w.window is Window.FOUR
    ]


def _choice(label: str, id: str, values: tuple[str, ...], names: tuple[str, ...]) -> Any:
    data = [{"value": v, "label": n} for v, n in zip(values, names, strict=True)]
    control = dmc.SegmentedControl(id=id, data=data, value=values[0], fullWidth=True)
    return html.Div([html.Span(label, className="hk-label-text"), control], role="group", **aria(label=label))
