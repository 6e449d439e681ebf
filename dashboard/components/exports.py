"""The modal that hands out a map."""

from datetime import date
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.components import ids
from dashboard.components.aria import aria
from dashboard.i18n import _, day
from dashboard.state import FilterState


def modal() -> Any:
    """Format, paper, purpose and recipient; which period it will say is filled in when it opens."""
    return dmc.Modal(
        html.Div(
            [
                html.Div(id=ids.EXPORT_PERIOD, className="hk-dialog-text"),
                _choice(_("Bestand"), ids.EXPORT_FORMAT, ("png", "pdf", "html"), ("PNG", "PDF", "HTML"), "png"),
                _choice(_("Papier"), ids.EXPORT_PAPER, ("A4", "16:9"), (_("A4 liggend"), _("16:9 (scherm)")), "A4"),
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
        id=ids.EXPORT_MODAL,
        title=_("Kaart exporteren"),
        size="md",
        closeButtonProps={"aria-label": _("Sluiten")},
    )


def period(closed: tuple[date, date] | None, *, area: str, opens: date, narrower: bool) -> list[Any]:
    """What will stand on the map: whole closed quarters, the area, nothing narrower."""
    if closed is None:
        return [
            html.P(
                _(
                    "In deze periode is nog geen kwartaal afgesloten. Een kwartaal kan naar buiten vanaf 30 dagen na "
                    "afloop; het eerstvolgende op {day}.",
                    day=day(opens),
                ),
                className="hk-warning",
            )
        ]
    lines = [
        html.P(
            [
                html.Strong(f"{day(closed[0])} – {day(closed[1])}"),
                html.Br(),
                area or _("Hele gemeente"),
            ],
            className="hk-export-period",
        ),
        html.P(
            _(
                "Een kaart die het huis verlaat, toont hele afgesloten kwartalen en hotspots als rastercellen, nooit losse meldingen."
            ),
            className="hk-soft",
        ),
    ]
    if narrower:
        lines.append(
            html.P(
                _(
                    "Uw filters op uur, weekdag, soort en methode gaan niet mee: smalle selecties kunnen mensen herkenbaar maken."
                ),
                className="hk-warning",
            )
        )
    return lines


def is_narrower(state: FilterState) -> bool:
    """Whether a state holds filters that an export does not take along."""
    return state != FilterState(
        start=state.start, end=state.end, area=state.area, shade=state.shade, picture=state.picture
    )


def done(file_name: str) -> Any:
    """That the file is there, by name."""
    return html.P(_("{name} is gemaakt en opgeslagen bij uw downloads.", name=file_name), className="hk-soft")


def _choice(label: str, id: str, values: tuple[str, ...], names: tuple[str, ...], value: str) -> Any:
    data = [{"value": v, "label": n} for v, n in zip(values, names, strict=True)]
    control = dmc.SegmentedControl(id=id, data=data, value=value, fullWidth=True)
    return html.Div([html.Span(label, className="hk-label-text"), control], role="group", **aria(label=label))
