"""Hotspots through the quarters as a strip each, and the trend of the city or a wijk with what changed reporting marked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import isfinite
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard import context_words
from dashboard import development_words as words
from dashboard.components import ids
from dashboard.components.aria import aria
from dashboard.components.trend import quarter_chart
from dashboard.i18n import _, _n, number, percent
from dashboard.messages import short_name
from dashboard.services.development import Lives, Strip
from dashboard.services.types import Choices
from dashboard.services.wijk_trends import Course, WijkTrend
from geo.calendar import Mark
from geo.context_quarters import next_quarter
from geo.identity import LEAST_PERIODS as LEAST_LIVES
from geo.trend import LEAST_PERIODS as LEAST_TREND
from geo.trend import Trend

ALPHA = 0.05


def lives(found: Lives) -> list[Any]:
    """A row per hotspot, a cell per quarter."""
    n = len(found.starts)
    if n < LEAST_LIVES:
        return [html.P(_few(n, LEAST_LIVES, _("het verloop van hotspots")), className="hk-soft")]
    if not found.strips:
        return [html.P(_("Over de hele periode is er geen hotspot."), className="hk-soft")]
    heads = [
        html.Th("#", scope="col"),
        html.Th(_("Waar"), scope="col"),
        *(html.Th([_("K{n}", n=(s.month + 2) // 3), html.Small(str(s.year))], scope="col", className="hk-strip-head")
          for s in found.starts),
        html.Th(_("Sinds"), scope="col"),
        html.Th(_("Verloop"), scope="col"),
    ]  # fmt: skip
    table = html.Table(
        [html.Thead(html.Tr(heads)), html.Tbody([_strip(strip, found.starts) for strip in found.strips])],
        className="hk-figures-table hk-strips",
    )
    return [
        html.P(_("Een gevuld vak: in dat kwartaal was dit een hotspot. Het getal is het aantal meldingen op die plek; "
                 "een hotspot blijft dezelfde zolang hij met zichzelf overlapt.")),
        html.Div(table, className="hk-scroll", tabIndex=0, role="region", **aria(label=_("Hotspots per kwartaal"))),
        html.P(_(words.LIVES), className="hk-soft hk-small"),
    ]  # fmt: skip


def wijk_select(choices: Choices, wijk: str) -> Any:
    """Whose trend is shown. wijk: the code of the one that is, "" for the city's."""
    return dmc.Select(
        id=ids.DEVELOPMENT_WIJK,
        label=_("Van"),
        data=[{"value": "", "label": _("De hele stad")}, *({"value": c, "label": short_name(n)} for c, n in choices.wijken)],
        value=wijk,
        allowDeselect=False,
        searchable=True,
        size="sm",
        comboboxProps={"withinPortal": True},
        className="hk-dev-preset",
    )  # fmt: skip


def course(found: Course) -> list[Any]:
    """Bars per quarter, what the trend says and does not say, the figures, and every wijk."""
    quarters = found.quarters
    here = bool(found.wijk)
    drawn = replace(quarters, present=(True,) * len(quarters.starts))  # a wijk is no hotspot that can be absent
    n = len(quarters.starts)
    said = (
        [_few(n, LEAST_TREND, _("een trend"))]
        if n < LEAST_TREND
        else [*context_words.trend_lines(found.trend, found.share_trend), *_beside(found, n)]
    )
    return [
        quarter_chart(drawn, found.marks, here=here),
        html.Div([html.P(line) for line in said], className="hk-dev-said"),
        html.Details(
            [html.Summary(_("Cijfers per kwartaal, met campagnes, wetten en vakanties")), _quarters(found)],
            className="hk-fold",
        ),
        _wijken(found.wijken) if n >= LEAST_TREND and found.wijken else None,
    ]


def _beside(found: Course, n: int) -> list[str]:
    """What the trend does not say."""
    lines = [
        _(words.REPORTING)
        + " "
        + _("Een campagne, wet of app verandert hoeveel er wordt gemeld; het aandeel in de stad heeft daar minder last van."),
        _(
            "Met {n} kwartalen valt alleen een sterke, aanhoudende stijging of daling op; geen aantoonbare trend is niet "
            "hetzelfde als gelijk gebleven.",
            n=n,
        ),
    ]  # fmt: skip
    figures = [
        words.trend_figures(name, trend, scale=factor, unit=unit)
        for name, trend, factor, unit in (
            (_("aantal"), found.trend, 1, _("per kwartaal")),
            (_("aandeel"), found.share_trend, 100, _("procentpunt per kwartaal")),
        )
        if trend is not None
    ]
    return [*lines, *figures]


def _few(n: int, least: int, what: str) -> str:
    return _(
        "Te weinig meldingen voor {what}: ze beslaan {n} hele kwartalen, nodig minstens {least}. Neem een langere periode.",
        what=what,
        n=n,
        least=least,
    )


def _strip(strip: Strip, starts: Sequence[date]) -> Any:
    cells = [
        html.Td(
            [html.Span(_("hotspot,"), className="hk-spoken") if there else None, number(n) if n or there else "·"],
            className="hk-strip hk-there" if there else "hk-strip",
            title=f"{context_words.quarter(start)}: " + _n("{n} melding", "{n} meldingen", n),
        )
        for start, there, n in zip(starts, strip.present, strip.counts, strict=True)
    ]
    return html.Tr(
        [
            html.Td(html.Span(strip.rank, className="hk-rank") if strip.rank else "–"),
            html.Th([strip.name or _("onbekende buurt"), html.Small(strip.id)], scope="row"),
            *cells,
            html.Td(context_words.quarter(strip.since) if strip.since else "–", className="hk-dev-since"),
            html.Td(html.Span(words.life(strip.life), className=f"hk-life hk-life-{strip.life or 'few'}")),
        ]
    )


def _quarters(found: Course) -> Any:
    quarters, here = found.quarters, bool(found.wijk)
    rows = []
    for start, n, total, part in zip(quarters.starts, quarters.counts, quarters.totals, quarters.shares, strict=True):
        last = next_quarter(start) - timedelta(days=1)
        rows.append(
            html.Tr(
                [
                    html.Th(context_words.quarter(start), scope="row"),
                    html.Td(number(n), className="hk-num"),
                    *([html.Td(number(total), className="hk-num"),
                       html.Td(percent(part) if isfinite(part) else "–", className="hk-num")] if here else []),
                    html.Td(_marked(found.marks, start, last)),
                    html.Td(_marked(found.holidays, start, last)),
                ]
            )
        )  # fmt: skip
    heads = [
        (_("Kwartaal"), ""),
        (_("Meldingen"), "hk-num"),
        *([(_("Stad"), "hk-num"), (_("Aandeel"), "hk-num")] if here else []),
        (_("Campagnes, wetten, apps"), ""),
        (_("Vakanties en feestdagen"), ""),
    ]
    return html.Div(
        html.Table(
            [html.Thead(html.Tr([html.Th(t, scope="col", className=k) for t, k in heads])), html.Tbody(rows)],
            className="hk-figures-table",
        ),
        className="hk-scroll",
        tabIndex=0,
        role="region",
        **aria(label=_("Cijfers per kwartaal")),
    )


def _marked(marks: Sequence[Mark], start: date, last: date) -> str:
    """What touches a quarter, each name once; what lasts only where it began."""
    names = [m.name for m in marks if (m.touches(start, last) if m.end else start <= m.start <= last)]
    return ", ".join(dict.fromkeys(names)) or "–"


def _wijken(rows: Sequence[WijkTrend]) -> Any:
    ordered = sorted(rows, key=lambda row: (row.q if isfinite(row.q) else 2.0, -row.n))
    heads = [
        (_("Wijk"), ""),
        (_("Meldingen"), "hk-num"),
        (_("Per kwartaal erbij"), "hk-num"),
        (_("Procentpunt aandeel erbij"), "hk-num"),
        ("q", "hk-num"),
        (_("Aandeel in de stad"), ""),
    ]
    body = [
        html.Tr(
            [
                html.Th(short_name(row.name), scope="row"),
                html.Td(number(row.n), className="hk-num"),
                _slope(row.trend, 1),
                _slope(row.share_trend, 100),
                html.Td(words.chance(row.q), className="hk-num"),
                html.Td(_verdict(row)),
            ]
        )
        for row in ordered
    ]
    return html.Details(
        [
            html.Summary(_("De trend van elke wijk")),
            html.Div(
                html.Table(
                    [
                        html.Thead(html.Tr([html.Th(t, scope="col", className=k) for t, k in heads])),
                        html.Tbody(body),
                    ],
                    className="hk-figures-table",
                ),
                className="hk-scroll",
                tabIndex=0,
                role="region",
                **aria(label=_("De trend van elke wijk")),
            ),
            html.P(
                _("Helling volgens Sen met 95%-marge; q is de p van het aandeel (Mann-Kendall), over alle wijken gecorrigeerd."),
                className="hk-soft hk-small",
            ),
        ],
        className="hk-fold",
    )  # fmt: skip


def _slope(trend: Trend | None, scale: float) -> Any:
    if trend is None:
        return html.Td(words.NO_FIGURE, className="hk-num")
    interval = _("{low} tot {high}", low=number(scale * trend.slope_low, 2), high=number(scale * trend.slope_high, 2))
    return html.Td([number(scale * trend.slope, 2), html.Small(interval)], className="hk-num")


def _verdict(row: WijkTrend) -> str:
    if row.share_trend is None:
        return _("te weinig kwartalen")
    if not row.q <= ALPHA:
        return _("geen aantoonbare trend")
    return _("stijgt") if row.share_trend.slope > 0 else _("daalt")
