"""The legend: one mark per layer, drawn in CSS from the layer's own style so that it cannot drift from the map."""

from collections.abc import Iterable
from typing import Any

from dash import html

from dashboard.i18n import _
from layers.spec import LayerSpec, Style


def legend(specs: Iterable[LayerSpec]) -> list[Any]:
    """A title, then per layer its mark and title; a graded layer is followed by its classes."""
    rows: list[Any] = [html.H2(_("Legenda"), className="hk-legend-title")]
    for spec in specs:
        if not spec.in_legend or not len(spec.frame):
            continue
        if spec.classes:
            rows.append(html.Div(_graded(spec), className=f"hk-legend-{spec.id}"))
        else:
            rows.append(html.Div([swatch(spec), spec.title], className=f"hk-legend-row hk-legend-{spec.id}"))
    return rows


def swatch(spec: LayerSpec) -> Any:
    """A small mark that looks like the layer."""
    if spec.classes:
        parts = [html.I(style={"background": c.fill}) for c in spec.classes[:4]]
        return html.Span(parts, className="hk-swatch hk-swatch-ramp", **{"aria-hidden": "true"})
    shape = {"line": "line", "point": "dot", "outline": "line", "name": "name"}.get(spec.kind, "box")
    return html.Span(
        "Aa" if shape == "name" else None,
        className=f"hk-swatch hk-swatch-{shape}",
        style=_style(spec.style, shape),
        **{"aria-hidden": "true"},
    )


def _graded(spec: LayerSpec) -> list[Any]:
    classes = [
        html.Div(
            [html.Span(className="hk-swatch hk-swatch-box", style={"background": c.fill}), c.label],
            className="hk-legend-row",
        )
        for c in spec.classes
    ]
    return [html.Div(spec.title, className="hk-legend-head"), *classes]


def _style(style: Style, shape: str) -> dict[str, str]:
    if shape == "name":
        return {}
    if shape == "line":
        kind = "dashed" if style.dashed else "solid"
        return {"borderTop": f"{max(style.width, 2):g}px {kind} {style.stroke}", "opacity": f"{style.opacity:g}"}
    return {
        "background": _see_through(style),
        "border": f"{min(style.width, 2):g}px solid {style.stroke}",
    }


def _see_through(style: Style) -> str:
    if not style.fill:
        return "transparent"
    return f"{style.fill}{round(255 * style.fill_opacity):02x}"
