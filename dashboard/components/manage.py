"""The page Beheer: users, thresholds and retention, publication."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import manage_words as words
from dashboard.addresses import LOG
from dashboard.components.aria import aria
from dashboard.components.who import ROLES
from dashboard.i18n import _, _n, day, moment, number
from dashboard.messages import short_name
from dashboard.services.manage import InForce, PublicationState
from data.users import User
from data.viewer import Role

USERS: Final = "m-users"
SAID: Final = "m-said"
ADD_OPEN: Final = "m-add-open"
ADD: Final = "m-add"
ADD_NAME: Final = "m-add-name"
ADD_ROLE: Final = "m-add-role"
ADD_WIJKEN: Final = "m-add-wijken"
ADD_WAY: Final = "m-add-way"
ADD_MAKE: Final = "m-add-make"
ADD_SAID: Final = "m-add-said"
EDIT_OPEN: Final = "m-edit-open"  # one a user: {"type", "id"}
EDIT: Final = "m-edit"
EDIT_WHO: Final = "m-edit-who"
EDIT_BODY: Final = "m-edit-body"
EDIT_SAID: Final = "m-edit-said"
EDIT_ROLE: Final = "m-edit-role"
EDIT_WIJKEN: Final = "m-edit-wijken"
ACT: Final = "m-act"  # the dialog's buttons: {"type", "id": one of ACTS}
ROLE, PASSWORD, SESSIONS, CLOSE, OPEN = "role", "password", "sessions", "close", "open"
HERE, ELSEWHERE = "here", "elsewhere"
Wijken = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One user as the table shows them. me: who looks."""

    user: User
    n_sessions: int
    locked: bool
    me: bool


def rows(users: Iterable[User], *, sessions: Iterable[str], locked: frozenset[str], me: str) -> list[Row]:
    """sessions: the name of each one that is open."""
    open_ = Counter(sessions)
    return [Row(user=u, n_sessions=open_[u.name], locked=u.name in locked, me=u.name == me) for u in users]


def page(
    *, title: str, may_write: bool, table: Any, in_force: Sequence[InForce], published: PublicationState, wijken: Wijken
) -> list[Any]:
    """Everything, for who may change it or may only read."""
    add = dmc.Button(_("Gebruiker toevoegen"), id=ADD_OPEN) if may_write else None
    return [
        html.H1(title),
        html.P(
            _(
                "Wie er in mag, welke grenzen gelden en hoe ver de publicatie is. Cijfers over meldingen staan hier niet."
            )
            if may_write
            else _("U leest mee: wijzigen kan alleen de beheerder."),
            className="hk-soft",
        ),
        html.Section(
            [
                html.Div([html.H2(_("Gebruikers"), id="m-users-title"), add], className="hk-row hk-between"),
                html.Div(id=SAID, role="status"),
                html.Div(table, id=USERS, className="hk-wide"),
            ],
            className="hk-part",
            **aria(labelledby="m-users-title"),
        ),
        *(settings_part(title_, [one for one in in_force if one.name in names]) for title_, names in words.GROUPS),
        html.P(_how(in_force), className="hk-hint"),
        publication_part(published),
        html.P(html.A(_("Alle wijzigingen staan in het logboek"), href=LOG), hidden=may_write),
        *([add_dialog(wijken), edit_dialog()] if may_write else []),
    ]


def users_table(found: Sequence[Row], *, may_write: bool, wijken: Wijken) -> Any:
    """One row a user."""
    if not found:
        return html.P(
            _("Er zijn nog geen gebruikers. Zolang dat zo is, hoeft niemand zich aan te melden op deze computer."),
            className="hk-hint",
        )
    names = {code: short_name(name) for code, name in wijken}
    heads = [_("Naam"), _("Rol"), _("Wijken"), _("Aanmelden"), _("Toestand")]
    return html.Table(
        [
            html.Thead(
                html.Tr(
                    [
                        *(html.Th(head, scope="col") for head in heads),
                        html.Th(html.Span(_("Wijzigen"), className="hk-spoken"), scope="col") if may_write else None,
                    ]
                )
            ),
            html.Tbody([_user(row, may_write=may_write, names=names) for row in found]),
        ],
        className="hk-table-plain hk-users",
    )


def _user(row: Row, *, may_write: bool, names: dict[str, str]) -> Any:
    user = row.user
    own = ", ".join(names.get(code, code) for code in sorted(user.wijken)) or "–"
    way = _("gemeenteaccount") if user.external else _("naam en wachtwoord")
    change = html.Button(
        _("Wijzigen"),
        id={"type": EDIT_OPEN, "id": user.name},
        className="hk-button",
        **aria(label=_("{name} wijzigen", name=user.name)),
    )
    return html.Tr(
        [
            html.Th([user.name, html.Span(" " + _("(u)"), className="hk-soft") if row.me else None], scope="row"),
            html.Td(_(ROLES[user.role])),
            html.Td(own),
            html.Td(way),
            html.Td(_state(row), className="hk-denied" if user.disabled or row.locked else ""),
            html.Td(change if not row.me else None) if may_write else None,
        ]
    )


def _state(row: Row) -> str:
    if row.user.disabled:
        return _("gesloten")
    if row.locked:
        return _("tijdelijk dicht na foute wachtwoorden")
    return _n("open, {n} sessie", "open, {n} sessies", row.n_sessions)


def settings_part(title: str, found: Sequence[InForce]) -> Any:
    """What is in force of one kind."""
    heads = [_("Wat"), _("Geldt nu"), _("Mag zijn"), _("Instelling"), _("Komt uit")]
    lines = [
        html.Tr(
            [
                html.Th(words.name(one), scope="row"),
                html.Td(html.Strong(words.value(one))),
                html.Td(words.bounds(one)),
                html.Td(html.Code(one.name)),
                html.Td(words.origin(one)),
            ]
        )
        for one in found
    ]
    table = html.Table(
        [html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])), html.Tbody(lines)],
        className="hk-table-plain hk-settings",
    )
    key = "m-part-" + found[0].name
    return html.Section(
        [html.H2(_(title), id=key), html.Div(table, className="hk-wide")], className="hk-part", **aria(labelledby=key)
    )


def _how(in_force: Sequence[InForce]) -> str:
    file = next((one.file for one in in_force if one.file), "")
    where = _("het bestand {file}", file=file) if file else _("het bestand dat HOTSPOTKAART_SETTINGS noemt")
    return _(
        "Deze waarden staan niet in de kaart zelf, zodat niemand ze ongemerkt verandert: zet „instelling = waarde” in "
        "{where} en start de server opnieuw. Een omgevingsvariabele gaat voor het bestand.",
        where=where,
    )


def publication_part(state: PublicationState) -> Any:
    """How far publication is."""
    last = state.freezes[0] if state.freezes else None
    facts = [
        (_("Laatst vastgesteld"), moment(last.at) if last else _("nog nooit")),
        (_("Kwartalen toen erbij"), number(last.n_new) if last else "–"),
        (_("Cellen toen herzien"), number(last.n_revised) if last else "–"),
        (_("Drempel toen"), _("{n} meldingen", n=number(last.k)) if last else "–"),
        (_("Mag al vastgesteld"), _("tot en met {day}", day=day(state.closed))),
        (_("Volgend kwartaal vanaf"), day(state.opens)),
    ]
    return html.Section(
        [
            html.H2(_("Publicatie"), id="m-published"),
            html.Dl(
                [part for head, text in facts for part in (html.Dt(head), html.Dd(text))], className="hk-figures-list"
            ),
        ],
        className="hk-part",
        **aria(labelledby="m-published"),
    )


def add_dialog(wijken: Wijken) -> Any:
    """A new user."""
    return dmc.Modal(
        html.Div(
            [
                dmc.TextInput(
                    id=ADD_NAME,
                    label=_("Naam"),
                    description=_("Kleine letters en cijfers; een mailadres mag."),
                    inputProps={"maxLength": 80, "autoComplete": "off"},
                ),
                _role(ADD_ROLE, Role.DISTRICT_MANAGER.value),
                _wijken(ADD_WIJKEN, wijken, ()),
                dmc.RadioGroup(
                    dmc.Stack(
                        [
                            dmc.Radio(label=_("Met een wachtwoord, dat u één keer te zien krijgt"), value=HERE),
                            dmc.Radio(label=_("Met het gemeenteaccount"), value=ELSEWHERE),
                        ],
                        gap=6,
                    ),
                    id=ADD_WAY,
                    label=_("Aanmelden"),
                    value=HERE,
                ),
                html.Div(id=ADD_SAID, role="alert"),
                dmc.Button(_("Toevoegen"), id=ADD_MAKE, fullWidth=True),
            ],
            className="hk-stack",
        ),
        id=ADD,
        title=_("Gebruiker toevoegen"),
        closeButtonProps={"aria-label": _("Sluiten")},
    )


def edit_dialog() -> Any:
    """The dialog over one user, filled in when it opens."""
    return dmc.Modal(
        html.Div(
            [html.Div(id=EDIT_BODY), html.Div(id=EDIT_SAID, role="alert"), dcc.Store(id=EDIT_WHO, data="")],
            className="hk-stack",
        ),
        id=EDIT,
        title=_("Gebruiker wijzigen"),
        closeButtonProps={"aria-label": _("Sluiten")},
    )


def edit_body(user: User, wijken: Wijken) -> Any:
    """What can be changed about one user."""
    state = (
        _act(OPEN, _("Account weer openen"))
        if user.disabled
        else _act(CLOSE, _("Account sluiten"), colour="red", why=_("Wie nu is aangemeld, wordt meteen afgemeld."))
    )
    return html.Div(
        [
            html.P(html.Strong(user.name)),
            _role(EDIT_ROLE, user.role.value),
            _wijken(EDIT_WIJKEN, wijken, sorted(user.wijken)),
            _act(ROLE, _("Rol en wijken opslaan"), why=_("Elke sessie van deze gebruiker eindigt dan.")),
            html.Hr(className="hk-hr"),
            _act(PASSWORD, _("Nieuw wachtwoord maken"), why=_("U krijgt het één keer te zien; het oude werkt dan niet meer."))
            if not user.external
            else html.P(_("Het wachtwoord hoort bij het gemeenteaccount en wordt daar gewijzigd."), className="hk-soft"),
            _act(SESSIONS, _("Overal afmelden")),
            state,
        ],
        className="hk-stack",
    )  # fmt: skip


def secret(name: str, password: str) -> Any:
    """A password, shown once."""
    return html.Div(
        [
            html.P(_("Wachtwoord van {name}, nu en nooit weer te zien:", name=name)),
            html.Code(password, className="hk-secret"),
            html.P(
                _("Geef het persoonlijk door, niet per mail. Wie het kwijt is, krijgt een nieuw."), className="hk-soft"
            ),
        ],
        className="hk-said",
    )


def said(sentence: str) -> Any:
    """Something that was done."""
    return html.P(sentence, className="hk-said")


def refused(sentence: str) -> Any:
    """Something that was not done, and why."""
    return html.P(sentence, className="hk-warning")


def _act(id: str, label: str, *, colour: str = "", why: str = "") -> Any:
    button = html.Button(
        label, id={"type": ACT, "id": id}, className="hk-button hk-button-alarm" if colour else "hk-button"
    )
    return html.Div([button, html.Div(why, className="hk-soft hk-small")] if why else [button])


def _role(id: str, value: str) -> Any:
    data = [{"value": role.value, "label": _(ROLES[role])} for role in ROLES]
    return dmc.Select(id=id, label=_("Rol"), data=data, value=value, allowDeselect=False)


def _wijken(id: str, wijken: Wijken, value: Sequence[str]) -> Any:
    return dmc.MultiSelect(
        id=id,
        label=_("Wijken"),
        description=_("Alleen een wijkmanager heeft eigen wijken."),
        data=[{"value": code, "label": short_name(name)} for code, name in wijken],
        value=list(value),
        searchable=True,
        clearable=True,
        clearButtonProps={"aria-label": _("Geen wijken")},
    )
