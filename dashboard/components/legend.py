"""The legend: one mark per layer, drawn in CSS from the layer's own style so that it cannot drift from the map."""

from collections.abc import Iterable
from typing import Any

from dash import html

from dashboard.components.aria import aria
from layers import palette
from layers.spec import LayerSpec, Style


def marks(specs: Iterable[LayerSpec]) -> Any:
    """A mark and title per layer that is there, side by side. Hotspots always: the next filter may find some."""
    drawn = [s for s in specs if s.in_legend and not s.classes and (len(s.frame) or s.kind == "hotspot")]
    rows = [html.Div([swatch(spec), spec.title], className=f"hk-legend-row hk-legend-{spec.id}") for spec in drawn]
    return html.Div(rows, className="hk-legend-marks")


def scale(spec: LayerSpec) -> list[Any]:
    """The classes of a graded layer as one scale under its title, in the colours that one sees."""
    ground, opacity = palette.CLASS_FILLS[0], spec.style.fill_opacity
    fills = [palette.over(c.fill, ground, opacity=opacity) for c in spec.classes]
    steps = [html.Div(c.label, style={"--hk-fill": fill}) for fill, c in zip(fills, spec.classes, strict=True)]
    return [html.Div(spec.title, className="hk-legend-head"), html.Div(steps, className="hk-scale")]


def swatch(spec: LayerSpec) -> Any:
    """A small mark that looks like the layer."""
    if spec.classes:
        fills = [graded.fill for graded in spec.classes[:4]]
        steps = [f"{fill} {100 * i / len(fills):g}% {100 * (i + 1) / len(fills):g}%" for i, fill in enumerate(fills)]
        ramp = {"background": f"linear-gradient(to right, {', '.join(steps)})"}
        return html.Span(className="hk-swatch hk-swatch-ramp", style=ramp, **aria(hidden="true"))
    shape = {"line": "line", "point": "dot", "outline": "line", "name": "name"}.get(spec.kind, "box")
    return html.Span(
        "Aa" if shape == "name" else None,
        className=f"hk-swatch hk-swatch-{shape}",
        style=_style(spec.style, shape),
        **aria(hidden="true"),
    )


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
