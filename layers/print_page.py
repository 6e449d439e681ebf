"""What stands around the printed map: header, footer, legend and ranked table, in inches on the page."""

from collections.abc import Sequence
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Circle, FancyBboxPatch, Rectangle

from layers import palette
from layers.print_map import SCALE, line_style
from layers.print_text import Weight, clean, fit, font, width, wrap
from layers.sheet import Row, Sheet
from layers.spec import LayerSpec

ROWS: Final = 10
MARGIN: Final = 0.5
PANEL: Final = 2.95  # legend and table, beside the map
GAP: Final = 0.34
SWATCH: Final = 0.3
SMALL: Final = 7.0
TABLE_HEAD: Final = 0.405  # inches from the top of the table to its first row
TALL: Final = (0.28, 0.345)  # least and greatest height of a row with its particulars
LOW: Final = (0.2, 0.25)  # the same without
LINE: Final = 0.135  # what one more line of a name takes
PLACE: Final = 0.34  # from the left edge of the table to its places
LEGEND_ORDER: Final = ("hotspot", "point", "line", "outline", "area")


def write(
    page: Axes,
    x: float,
    y: float,
    text: str,
    *,
    size: float,
    colour: str = palette.INK,
    weight: Weight = "normal",
    align: str = "left",
) -> None:
    """One line of text on its baseline; never read as mathematics."""
    page.text(
        x, y, clean(text), fontproperties=font(size, weight), color=colour, ha=align, va="baseline", parse_math=False
    )


def rule(page: Axes, x0: float, x1: float, y: float, *, colour: str = palette.RULE, weight: float = 0.6) -> None:
    """A thin horizontal line."""
    page.add_collection(LineCollection([[(x0, y), (x1, y)]], colors=colour, linewidths=weight), autolim=False)


def header(page: Axes, sheet: Sheet, *, wide: float, high: float) -> float:
    """Title, badge and subtitle. Gives the height at which the content begins."""
    room = wide - 2 * MARGIN
    badge = clean(sheet.badge)
    badge_wide = width(badge, 8.0, "bold") + 0.28 if badge else 0.0
    y = high - MARGIN - 0.24
    title = fit(sheet.title, 21.0, room=room - badge_wide - 0.2, weight="bold")
    write(page, MARGIN, y, title, size=21.0, weight="bold")
    if badge:
        box = FancyBboxPatch(
            (wide - MARGIN - badge_wide + 0.06, y - 0.03), badge_wide - 0.12, 0.2, boxstyle="round,pad=0.04,rounding_size=0.1",
            facecolor="#fdf0f7", edgecolor=palette.ACCENT, linewidth=0.8,
        )  # fmt: skip
        page.add_patch(box)
        write(
            page,
            wide - MARGIN - badge_wide / 2,
            y + 0.03,
            badge,
            size=8.0,
            weight="bold",
            colour=palette.ACCENT,
            align="center",
        )
    for line in wrap(sheet.subtitle, 10.0, room=room, lines=2):
        y -= 0.25 if y > high - 1 else 0.19
        write(page, MARGIN, y, line, size=10.0, colour=palette.INK_SOFT)
    return y - 0.24


def footer(page: Axes, sheet: Sheet, *, wide: float) -> float:
    """Notes, method, sources, then the closing line. Gives the height at which the content ends."""
    room = wide - 2 * MARGIN
    texts = [" ".join(sheet.notes), sheet.method, " · ".join(sheet.sources)]
    lines = [line for text in texts if text for line in wrap(text, SMALL, room=room, lines=2)]
    y = 0.36
    write(page, MARGIN, y, fit(sheet.footer, SMALL, room=room), size=SMALL, colour=palette.INK_SOFT)
    y += 0.17
    rule(page, MARGIN, wide - MARGIN, y)
    y += 0.1
    for line in reversed(lines):
        write(page, MARGIN, y, line, size=SMALL, colour=palette.INK_SOFT)
        y += 0.145
    return y + 0.12


def legend(page: Axes, specs: Sequence[LayerSpec], sheet: Sheet, *, left: float, right: float, top: float) -> float:
    """The given layers, hotspots first and graded areas last. Gives the height of its lower edge."""
    y = _heading(page, sheet.legend_title, left=left, right=right, top=top)
    shown = [spec for spec in specs if spec.in_legend]
    plain = [spec for spec in shown if not spec.classes]
    for spec in sorted(plain, key=lambda spec: (LEGEND_ORDER.index(spec.kind), -spec.order)):
        y -= 0.2
        _swatch(page, spec, x=left, y=y + 0.04)
        write(page, left + SWATCH + 0.14, y, fit(spec.title, 8.0, room=right - left - SWATCH - 0.14), size=8.0)
    for spec in shown:
        if spec.classes:
            y = _classes(page, spec, left=left, right=right, top=y - 0.1)
    return y


def table(page: Axes, sheet: Sheet, *, left: float, right: float, top: float, bottom: float) -> None:
    """The first ten hotspots: as many as fit with their second line, else without it. The title says when there are more."""
    rows = sheet.rows[:ROWS]
    high = top - TABLE_HEAD - bottom
    tall = high / max(len(rows), 1) >= TALL[0] and any(row.detail for row in rows)
    least, most = TALL if tall else LOW
    rows = rows[: int(high / least + 1e-6)]
    places = _places(rows, wide=right - left, spare=high - len(rows) * least)
    step = min(most, (high - LINE * sum(len(place) - 1 for place in places)) / max(len(rows), 1))
    whole = len(rows) == len(sheet.rows)
    title = sheet.table_title if whole else sheet.table_some.format(n=len(rows), total=len(sheet.rows))
    y = _heading(page, title, left=left, right=right, top=top)
    if not sheet.rows:
        for line in wrap(sheet.empty, 8.5, room=right - left, lines=4):
            y -= 0.19
            write(page, left, y, line, size=8.5, colour=palette.INK_SOFT)
        return
    number, place_head, count = sheet.table_head
    y -= 0.17
    write(page, left, y, number, size=SMALL, colour=palette.INK_SOFT)
    write(page, left + PLACE, y, place_head, size=SMALL, colour=palette.INK_SOFT)
    write(page, right, y, count, size=SMALL, colour=palette.INK_SOFT, align="right")
    y = top - TABLE_HEAD
    for row, place in zip(rows, places, strict=True):
        rule(page, left, right, y)
        _row(page, row, place, left=left, right=right, top=y, step=step, detail=tall)
        y -= step + LINE * (len(place) - 1)
    rule(page, left, right, y)


def _row(
    page: Axes, row: Row, place: Sequence[str], *, left: float, right: float, top: float, step: float, detail: bool
) -> None:
    more = LINE * (len(place) - 1)
    middle = top - (step + more) / 2
    base = middle + more / 2 + (0.02 if detail and row.detail else -0.04)
    rank = clean(row.rank)
    page.add_patch(Circle((left + 0.1, middle), 0.092, facecolor=palette.NUMBER_FILL, edgecolor="none"))
    page.text(
        left + 0.1, middle, rank, fontproperties=font(7.0, "bold"), color=palette.NUMBER_INK, ha="center",
        va="center_baseline", parse_math=False,
    )  # fmt: skip
    for line, text in enumerate(place):
        write(page, left + PLACE, base - line * LINE, text, size=8.5)
    figure = base - more / 2 if not detail else middle - 0.045
    write(page, right, figure, row.n, size=9.0, weight="bold", align="right")
    if detail and row.detail:
        room = right - left - PLACE - width(clean(row.n), 9.0, "bold") - 0.12
        write(
            page, left + PLACE, base - more - 0.135, fit(row.detail, 6.8, room=room), size=6.8, colour=palette.INK_SOFT
        )


def _places(rows: Sequence[Row], *, wide: float, spare: float) -> list[list[str]]:
    """Each row's place, on two lines where it does not fit on one and the spare height bears it.

    On paper nobody can ask for the rest of a name that is cut.
    """
    made = []
    for row in rows:
        room = wide - PLACE - width(clean(row.n), 9.0, "bold") - 0.12
        two = spare >= LINE and width(clean(row.place), 8.5) > room
        made.append(wrap(row.place, 8.5, room=room, lines=1 + two))
        spare -= LINE * two
    return made


def _heading(page: Axes, text: str, *, left: float, right: float, top: float) -> float:
    y = top - 0.13
    write(page, left, y, fit(text, 10.5, room=right - left, weight="bold"), size=10.5, weight="bold")
    return y - 0.03


def _swatch(page: Axes, spec: LayerSpec, *, x: float, y: float) -> None:
    style = spec.style
    if spec.kind == "line":
        line_style(page, [[(x, y), (x + SWATCH, y)]], spec, zorder=2)
    elif spec.kind == "outline":
        page.add_collection(
            LineCollection([[(x, y), (x + SWATCH, y)]], colors=style.stroke, linewidths=style.width * SCALE),
            autolim=False,
        )
    elif spec.kind == "point":
        page.scatter(
            [x + SWATCH / 2], [y], s=(2 * style.radius * SCALE) ** 2, facecolors=style.fill, edgecolors=style.stroke,
            linewidths=style.width * SCALE,
        )  # fmt: skip
    else:
        fill = palette.over(style.fill, palette.CLASS_FILLS[1], opacity=style.fill_opacity) if style.fill else "none"
        box = FancyBboxPatch(
            (x + 0.03, y - 0.045), SWATCH - 0.06, 0.09, boxstyle="round,pad=0.03,rounding_size=0.05", facecolor=fill,
            edgecolor=style.stroke or "none", linewidth=style.width * SCALE,
        )  # fmt: skip
        page.add_patch(box)


def _classes(page: Axes, spec: LayerSpec, *, left: float, right: float, top: float) -> float:
    """A graded layer: a row of boxes with their labels below, or a column when a label is wider than its box."""
    y = top - 0.12
    write(page, left, y, fit(spec.title, 8.0, room=right - left), size=8.0)
    fills: Any = {"edgecolor": palette.AREA_LINE, "linewidth": 0.6}
    graded = [c for c in spec.classes if c.fill != palette.NO_DATA]
    wide = min((right - left) / max(len(graded), 1), 0.58)
    in_a_row = all(width(clean(c.label), SMALL) <= wide - 0.05 for c in graded)
    if in_a_row:
        y -= 0.22
        for i, c in enumerate(graded):
            page.add_patch(Rectangle((left + i * wide, y), wide, 0.14, facecolor=c.fill, **fills))
            write(
                page, left + (i + 0.5) * wide, y - 0.125, c.label, size=SMALL, colour=palette.INK_SOFT, align="center"
            )
        y -= 0.13
    for c in [c for c in spec.classes if not in_a_row or c.fill == palette.NO_DATA]:
        y -= 0.185
        page.add_patch(Rectangle((left, y - 0.02), SWATCH, 0.12, facecolor=c.fill, **fills))
        write(page, left + SWATCH + 0.14, y, fit(c.label, 7.5, room=right - left - SWATCH - 0.14), size=7.5)
    return y
