"""The k-distance curve in plain CSS: information beside the advice, never the advice."""

from typing import Any

import numpy as np
from dash import html

from dashboard import advice_words
from dashboard.components.aria import aria
from dashboard.i18n import _, number, percent
from geo.advice import Advice

POINTS = 120  # corners of the drawn curve
TOP = 0.97  # of the reports, up to where the curve is drawn: the last ones lie kilometres apart
ROUND = (100, 200, 300, 400, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000)


def curve(found: Advice) -> Any:
    """Distances to the k-th report, ascending, with the distance in use as a line across and the knee named."""
    title = html.H3(_("Afstand tot de {k}e melding", k=found.min_samples), className="hk-h3")
    if not len(found.k_distances):
        few = _("Voor deze kromme zijn minstens {n} meldingen nodig.", n=found.min_samples)
        return html.Div([title, html.P(few, className="hk-soft")], className="hk-chart")
    drawn = np.quantile(found.k_distances, np.linspace(0, 1, POINTS))
    reach = max(float(np.quantile(found.k_distances, TOP)), found.eps_m * 1.5)
    top = next((metres for metres in ROUND if metres >= reach), ROUND[-1])
    share = float((found.k_distances <= found.eps_m).mean())
    said = _(
        "{share} van de meldingen heeft binnen {eps} meter {k} meldingen of meer, zichzelf meegeteld.",
        share=percent(share),
        eps=number(found.eps_m),
        k=found.min_samples,
    )
    return html.Div(
        [
            html.Div([title, html.Span(_("meter"), className="hk-soft hk-small")], className="hk-row hk-between"),
            html.Div(
                [
                    html.Div(className="hk-curve-fill", style={"clipPath": _shape(drawn, top)}),
                    *(_tick(metres, top) for metres in (0, top // 2, top)),
                    _line(found.eps_m, top, _("{m} m in gebruik", m=number(found.eps_m)), "hk-curve-used"),
                    _line(found.knee_m, top, _("knik {m} m", m=number(found.knee_m)), "hk-curve-knee")
                    if found.knee_m is not None and found.knee_m < top
                    else None,
                ],
                className="hk-curve",
                role="img",
                **aria(label=said + " " + advice_words.curve_why(found)),
            ),
            html.Div([html.Span(_("dichtste meldingen")), html.Span(_("verste"))], className="hk-axis", **aria(hidden="true")),
            html.P([said, " ", advice_words.curve_why(found)], className="hk-soft hk-small"),
        ],
        className="hk-chart",
    )  # fmt: skip


def _shape(drawn: np.ndarray, top: float) -> str:
    """The area below the curve as a CSS polygon."""
    across = np.linspace(0, 100, len(drawn))
    down = 100 - 100 * np.minimum(drawn / top, 1)
    corners = ", ".join(f"{x:.1f}% {y:.1f}%" for x, y in zip(across, down, strict=True))
    return f"polygon(0% 100%, {corners}, 100% 100%)"


def _line(metres: float, top: float, text: str, kind: str) -> Any:
    return html.Div(html.Span(text), className=f"hk-curve-line {kind}", style={"bottom": f"{100 * metres / top:.1f}%"})


def _tick(metres: float, top: float) -> Any:
    return html.Span(number(metres), className="hk-curve-tick", style={"bottom": f"{100 * metres / top:.1f}%"})
