"""The HTML beside a standalone map: legend with switches, ranked list. Every text is escaped here."""

from collections.abc import Sequence
from html import escape

from layers import palette
from layers.sheet import Row, Sheet
from layers.spec import LayerSpec

LEGEND_ORDER = ("hotspot", "point", "line", "name", "outline", "area")


def legend(specs: Sequence[LayerSpec]) -> str:
    """A list of layers; a switchable one has a check box with its title as label."""
    listed = [spec for spec in specs if (spec.in_legend or spec.switchable) and not spec.frame.empty]
    listed.sort(key=lambda spec: (LEGEND_ORDER.index(spec.kind), -spec.order))
    return '<ul class="legend">' + "".join(_entry(spec) for spec in listed) + "</ul>"


def ranked(sheet: Sheet) -> str:
    """Every hotspot by rank, each a button that shows it on the map; or the sentence for none."""
    if not sheet.rows:
        return f'<p class="empty">{escape(sheet.empty)}</p>'
    head = "".join(f"<span>{escape(text)}</span>" for text in sheet.table_head)
    return f'<p class="head">{head}</p><ol class="ranked">' + "".join(_row(row) for row in sheet.rows) + "</ol>"


def _row(row: Row) -> str:
    detail = f'<span class="detail">{escape(row.detail)}</span>' if row.detail else ""
    return (
        f'<li><button type="button" data-key="{escape(row.key)}" aria-current="false">'
        f'<span class="rank">{escape(row.rank)}</span><span class="place">{escape(row.place)}{detail}</span>'
        f'<span class="n">{escape(row.n)}<span class="detail key">{escape(row.key)}</span></span></button></li>'
    )


def _entry(spec: LayerSpec) -> str:
    classes = "".join(
        f"<li>{_box(graded.fill, palette.AREA_LINE)}{escape(graded.label)}</li>" for graded in spec.classes
    )
    title = f"{'' if classes else swatch(spec)}<span>{escape(spec.title)}</span>"
    if spec.switchable:
        checked = " checked" if spec.visible else ""
        box = f'<input type="checkbox" data-layer="{escape(spec.id)}" autocomplete="off"{checked}>'
        entry = f"<label>{box}{title}</label>"
    else:
        entry = f'<span class="row">{title}</span>'
    below = f'<ul class="classes">{classes}</ul>' if classes else ""
    wide = ' class="wide"' if classes or spec.kind == "hotspot" else ""
    return f"<li{wide}>{entry}{below}</li>"


def swatch(spec: LayerSpec) -> str:
    """A small picture of how the layer looks, as inline SVG."""
    style = spec.style
    stroke, fill = style.stroke or "none", style.fill or "none"
    if spec.kind == "name":
        return _svg(
            f'<text x="14" y="13" text-anchor="middle" font-size="12" font-weight="600" fill="{fill}">Aa</text>'
        )
    if spec.kind == "point":
        radius = min(style.radius, 6)
        return _svg(
            f'<circle cx="14" cy="9" r="{radius}" fill="{fill}" stroke="{stroke}" stroke-width="{style.width}"/>'
        )
    if spec.kind in ("line", "outline"):
        dash = ' stroke-dasharray="6 5"' if style.dashed else ""
        paint = f'stroke="{stroke}" stroke-width="{style.width}" stroke-opacity="{style.opacity}"{dash}'
        return _svg(f'<path d="M1 9H27" fill="none" {paint}/>')
    return _box(fill, stroke, opacity=style.fill_opacity, width=style.width)


def _box(fill: str, stroke: str, *, opacity: float = 1.0, width: float = 1.0) -> str:
    paint = f'fill="{fill}" fill-opacity="{opacity}" stroke="{stroke}" stroke-width="{width}"'
    return _svg(f'<rect x="2" y="2" width="24" height="14" rx="3" {paint}/>')


def _svg(shape: str) -> str:
    return f'<svg width="28" height="18" viewBox="0 0 28 18" aria-hidden="true">{shape}</svg>'
