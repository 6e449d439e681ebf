"""What stands around every page: provider, header with navigation, alarm; a page fills in the rest."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import theme
from dashboard.components import ids
from dashboard.components.aria import aria
from dashboard.components.who import who
from dashboard.i18n import LANGUAGES, _, _n, language
from dashboard.services.types import Choices

who_for = who


def frame() -> Any:
    """The empty page; dashboard.pages.router fills in what the address asks for."""
    return dmc.MantineProvider(
        dmc.DatesProvider(
            html.Div(
                [
                    dcc.Location(id=ids.WHERE, refresh=False),
                    html.Header(id=ids.HEADER, className="hk-header"),
                    html.Div(id=ids.ALARM),
                    html.Main(id=ids.MAIN, className="hk-sheet"),
                    html.Div(id=ids.BESIDE),
                ],
                className="hk-page",
            ),
            settings={"locale": language(), "firstDayOfWeek": 1, "weekendDays": [0, 6]},
        ),
        theme=theme.THEME,
        defaultColorScheme="auto",
    )


def header(
    *, links: Sequence[Any], actions: Sequence[Any], municipality: str, is_map: bool, is_demo: bool, who: Any
) -> list[Any]:
    """Title, how many reports, whether they are synthetic, the pages, who looks, language, and the page's actions."""
    name = _("Hotspotkaart {city}", city=municipality)
    return [
        html.Div(
            [
                html.Span(className="hk-mark", **aria(hidden="true")),
                html.H1(name) if is_map else html.Span(name, className="hk-brand"),
                html.Span(id=ids.BADGE, className="hk-badge") if is_map else None,
                demo_badge() if is_demo else None,
            ],
            className="hk-title",
        ),
        html.Nav(list(links), className="hk-nav", **aria(label=_("Pagina’s"))),
        html.Div(
            [
                who,
                html.Div(
                    [_language_link(code) for code in LANGUAGES],
                    className="hk-languages",
                    role="group",
                    **aria(label=_("Taal")),
                ),
                dmc.ColorSchemeToggle(
                    lightIcon="☀",
                    darkIcon="☾",
                    computedColorScheme="light",
                    variant="default",
                    size=32,
                    radius="md",
                    className="hk-scheme",
                    attributes={"root": {"aria-label": _("Licht of donker"), "title": _("Licht of donker")}},
                ),
                *actions,
            ],
            className="hk-actions",
            role="group",
            **aria(label=_("Acties")),
        ),
    ]


def nav_link(path: str, title: str, *, here: bool) -> Any:
    """One page in the navigation. A page is loaded whole: nothing of another one stays behind."""
    return html.A(title, href=path, className="hk-nav-link", **(aria(current="page") if here else {}))


def nothing_here(sentence: str, *, to: str) -> Any:
    """The page that is shown to who may not see the one that was asked for."""
    return html.Div(
        [html.H1(sentence, className="hk-h2"), html.A(_("Naar het begin"), href=to, className="hk-button")],
        className="hk-nothing",
        role="alert",
    )


def demo_badge() -> Any:
    """Said wherever the demo's figures are shown."""
    return html.Span(
        [html.Strong(_("Synthetische demogegevens")), html.Span(" – " + _("geen echte meldingen"))], className="hk-demo"
    )


def badge(choices: Choices, n: int) -> str:
    """How many reports the view counts."""
    return _n("{n} melding", "{n} meldingen", n) if choices.first else _("geen meldingen")


def _language_link(code: str) -> Any:
    """Keeps the view: assets/page.js adds the present address to the link."""
    return html.A(
        code.upper(),
        href=f"?taal={code}",
        className="hk-language",
        hrefLang=code,
        **aria(current="true" if code == language() else "false"),
    )
