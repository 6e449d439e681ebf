"""Small bar charts in plain CSS: no script, they print, and a screen reader gets one sentence."""

from collections.abc import Collection, Sequence
from typing import Any

from dash import html

from dashboard.components.aria import aria
from dashboard.i18n import _, _n, number, weekday_names

MIN_BAR = 3  # percent: one report must be visible beside hundreds


def hour_chart(counts: Sequence[int], *, title: str, marked: Collection[int] = ()) -> Any:
    """24 bars, with 00, 06, 12 and 18 underneath. counts: reports with a known time, per hour. marked: hours to stress."""
    if not sum(counts):
        return _chart(title, html.P(_("Van geen enkele melding is het uur bekend."), className="hk-soft"))
    tips = [
        _("{from_}:00–{to}:00: {n}", from_=f"{hour:02d}", to=f"{hour + 1:02d}", n=_n("{n} melding", "{n} meldingen", n))
        for hour, n in enumerate(counts)
    ]
    peak = max(range(24), key=lambda hour: counts[hour])
    said = _("{title}. De meeste meldingen tussen {hour}.", title=title, hour=tips[peak])
    return _chart(
        title, _bars(counts, tips, said, marked=marked), _axis(["00", "06", "12", "18", "24"]), top=max(counts)
    )


def weekday_chart(counts: Sequence[int], *, title: str) -> Any:
    """Seven bars, Monday first."""
    names, full = weekday_names(), weekday_names("wide")
    tips = [f"{name}: " + _n("{n} melding", "{n} meldingen", n) for name, n in zip(full, counts, strict=True)]
    labels = html.Div([html.Span(name) for name in names], className="hk-axis hk-axis-days", **aria(hidden="true"))
    return _chart(title, _bars(counts, tips, f"{title}. " + "; ".join(tips) + "."), labels, top=max(counts))


def _chart(title: str, *parts: Any, top: int | None = None) -> Any:
    most = None if top is None else html.Span(_("hoogste: {n}", n=number(top)), className="hk-soft hk-small")
    head = html.Div([html.H3(title, className="hk-h3"), most], className="hk-row hk-between")
    return html.Div([head, *parts], className="hk-chart")


def _bars(counts: Sequence[int], tips: Sequence[str], said: str, *, marked: Collection[int] = ()) -> Any:
    top = max(*counts, 1)
    bars = [
        bar(max(100 * n / top, MIN_BAR if n else 0), tip, kind="hk-bar-marked" if i in marked else "")
        for i, (n, tip) in enumerate(zip(counts, tips, strict=True))
    ]
    return html.Div(bars, className="hk-bars", role="img", **aria(label=said))


def bar(height: float, tip: str, *, kind: str = "") -> Any:
    """One bar. height: percent of the highest. kind: a class of its own. One element: a page of Dash weighs its elements."""
    return html.Span(className=f"hk-bar {kind}".rstrip(), style={"--hk-height": f"{height:.1f}%"}, title=tip)


def _axis(labels: Sequence[str]) -> Any:
    return html.Div([html.Span(text) for text in labels], className="hk-axis", **aria(hidden="true"))
