"""The dialog over what was left out: a tab per reason, the texts to look at, and every decision."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import html

from dashboard import review_words as words
from dashboard.components import ids
from dashboard.components.aria import aria
from dashboard.i18n import _, _n, number
from dashboard.services.review import MARKED, Group, LeftOut, LeftOutRow
from data.decisions import MAX_NOTE, Kind, Subject, refused
from geo import exclusions, report

DECISIONS: Final = "decisions"  # the tab that lists them
MOST_ROWS: Final = 2_000  # of one reason; the command line gives them all
MOST_TEXTS: Final = 10  # texts to look at that are shown at once
MOST_UNDONE: Final = 100
MOST_WORDS: Final = 300  # of one text, to choose from; any other can be typed
_WORD: Final = re.compile(r"(?<![\w\[])[^\W_]+(?:[-'’.@_][^\W_]+)*(?![\w\]])")
_FIELDS: Final = ("kind", "source", "source_id", "flag", "x_cm", "y_cm")

Rows = Sequence[Mapping[Any, Any]]


def modal() -> Any:
    """Empty until it is opened."""
    return dmc.Modal(
        [
            html.Div(id=ids.REVIEW_SAID, className="hk-review-said", tabIndex=-1, **aria(live="polite")),
            html.Div(id=ids.REVIEW_BODY),
        ],
        id=ids.REVIEW_MODAL,
        title=_("Weggelaten meldingen"),
        size=920,
        closeButtonProps={"aria-label": _("Sluiten")},
    )


def link(note: str) -> Any:
    """The line about what is left out, and the way to the dialog."""
    button = html.Button(
        _("Bekijken") if note else _("Weggelaten meldingen bekijken"),
        id={"type": ids.REVIEW_OPEN, "id": "overview"},
        className="hk-textbutton hk-review-open",
        **aria(haspopup="dialog", label=_("Weggelaten meldingen bekijken")),
    )
    return html.P([note, " ", button] if note else button, className="hk-soft hk-small")


def body(found: LeftOut, decided: Rows, *, tab: str | None = None) -> Any:
    """Everything in the dialog; ``tab`` stays open when it is still there."""
    held = [row for row in decided if words.is_held(row)]
    tabs = [(g.reason, words.title(g.reason), g.n, _group(g)) for g in found.groups]
    if found.marked.n:
        tabs.append((MARKED, words.title(MARKED), found.marked.n, _group(found.marked)))
    if found.doubtful.n:
        tabs.append((words.DOUBTFUL, words.title(words.DOUBTFUL), found.doubtful.n, _texts(found.doubtful)))
    if decided:
        tabs.append((DECISIONS, _("Besluiten"), len(held), _decisions(held, [r for r in decided if r not in held])))
    if not tabs:
        return html.P(_("In deze selectie is niets weggelaten en er is geen tekst om na te kijken."))
    names = [value for value, *_rest in tabs]
    return dmc.Tabs(
        [
            dmc.TabsList([dmc.TabsTab(f"{title} ({number(n)})", value=value) for value, title, n, _p in tabs]),
            *(dmc.TabsPanel(panel, value=value, className="hk-review-panel") for value, _t, _c, panel in tabs),
        ],
        id={"type": ids.REVIEW_TABS, "id": "all"},
        value=tab if tab in names else names[0],
        keepMounted=False,
    )


def said(sentence: str) -> Any:
    """That it was done."""
    return html.P(sentence, className="hk-hint", role="status")


def failed(sentence: str) -> Any:
    """Why it was not done."""
    return html.P(sentence, className="hk-warning", role="alert")


def row_of(row: LeftOutRow) -> dict[str, Any]:
    """One line of a table: what is shown, and what a decision needs."""
    subject = row.subject
    hidden = {name: getattr(subject, name) for name in _FIELDS} if subject else {}
    shown = {"what": words.what(row), "when": words.when(row), "where": words.where(row), "n": row.n}
    return {**hidden, **shown, "source_name": row.source}


def subjects_of(rows: Any) -> list[Subject]:
    """The subjects of chosen lines, as the browser sends them back. Raises DecisionRefused when they are none.

    Whether they exist, the store finds out.
    """
    if not isinstance(rows, list) or not rows:
        raise refused("nothing_chosen")
    return [_subject(row) for row in rows]


def ids_of(rows: Any) -> list[int]:
    """The decisions' ids of chosen lines, as the browser sends them back. Raises DecisionRefused when they are none."""
    if not isinstance(rows, list) or not rows:
        raise refused("nothing_chosen")
    found = [row.get("id") if isinstance(row, dict) else None for row in rows]
    return [id_ if isinstance(id_, int) and 0 < id_ < 2**62 else 0 for id_ in found]


def text_key(row: LeftOutRow) -> str:
    """What a text's buttons are called by."""
    return json.dumps([row.source, row.source_id], ensure_ascii=False)


def text_of(key: Any) -> tuple[str, str]:
    """Source and id out of ``text_key``. Raises DecisionRefused for anything else."""
    try:
        source, source_id = json.loads(key)
    except (TypeError, ValueError) as error:
        raise refused("nothing_chosen") from error
    return str(source), str(source_id)


def _subject(row: Any) -> Subject:
    if not isinstance(row, dict):
        raise refused("nothing_chosen")
    if row.get("kind") == Kind.POINT:
        cm = [row.get("x_cm"), row.get("y_cm")]
        x, y = (value / 100 if isinstance(value, int) and abs(value) < 2**40 else float("nan") for value in cm)
        return Subject.on_point(x, y)
    if row.get("kind") == Kind.SOURCE_LATTICE:
        return Subject.on_lattice(str(row.get("source")))
    if row.get("kind") == Kind.MARK:
        return Subject.on_mark(str(row.get("source")), str(row.get("flag")))
    return Subject.on_flag(str(row.get("source")), str(row.get("source_id")), str(row.get("flag")))


def _group(group: Group) -> Any:
    """Why, the lines, and letting the chosen ones count."""
    parts: list[Any] = [html.P(words.explained(group.reason))]
    if group.n_rows > len(group.rows):
        parts.append(_cut(len(group.rows), group.n_rows, f"hotspotkaart review list --reason {group.reason}"))
    rows = [row_of(row) for row in group.rows]
    decidable = group.reason != exclusions.NO_PLACE
    parts.append(
        _table(_columns(group.reason), rows, id=group.reason, choose=decidable, label=words.title(group.reason))
    )
    if decidable:
        label = _("Klopt hier niet") if group.reason == MARKED else _("Telt toch mee")
        parts.append(_act(ids.REVIEW_KEEP, group.reason, label, placeholder=_example(group.reason)))
    return html.Div(parts, className="hk-stack")


def _columns(reason: str) -> list[dict[str, Any]]:
    when = {"field": "when", "headerName": _("Wanneer"), "width": 146}
    n = {"field": "n", "headerName": _("Meldingen"), "width": 106, "type": "rightAligned"}
    where = {"field": "where", "headerName": _("Waar"), "flex": 1, "minWidth": 150, "tooltipField": "where"}
    if reason == report.DEFAULT_POINT:
        point = {"field": "what", "headerName": _("Punt (RD)"), "width": 178}
        return [where, point, n, when | {"width": 210}]
    if reason == report.LATTICE:
        return [{"field": "what", "headerName": _("Bron"), "flex": 1, "minWidth": 140}, n, when | {"width": 210}]
    if reason == MARKED:
        mark = {"field": "what", "headerName": _("Kanttekening"), "width": 250, "tooltipField": "what"}
        return [where, mark, n, when | {"width": 210}]
    return [when, where, {"field": "what", "headerName": _("Melding"), "width": 200, "tooltipField": "what"}]


def _example(reason: str) -> str:
    if reason == report.DEFAULT_POINT:
        return _("bijvoorbeeld: dit is het busstation zelf, nagevraagd bij de bron")
    if reason == report.PROBABLE_DUPLICATE:
        return _("bijvoorbeeld: twee mensen die elk zelf meldden")
    if reason == MARKED:
        return _("bijvoorbeeld: dit is één plein, geen straat")
    return _("bijvoorbeeld: nagevraagd bij de bron")


def _table(columns: list[dict[str, Any]], rows: list[dict[str, Any]], *, id: str, choose: bool, label: str) -> Any:
    selection = {"mode": "multiRow", "checkboxes": True, "headerCheckbox": True, "enableClickSelection": True}
    grid = dag.AgGrid(
        id={"type": ids.REVIEW_ROWS, "id": id},
        columnDefs=columns,
        rowData=rows,
        defaultColDef={"sortable": True, "resizable": True, "suppressMovable": True, "suppressHeaderMenuButton": True},
        dashGridOptions={
            **({"rowSelection": selection} if choose else {}),
            "selectionColumnDef": {"width": 42, "pinned": None},
            "domLayout": "autoHeight",
            "rowHeight": 34,
            "headerHeight": 34,
            "pagination": len(rows) > 8,
            "paginationPageSize": 8,
            "paginationPageSizeSelector": False,
            "animateRows": False,
            "tooltipShowDelay": 300,
            "localeText": _locale(),
        },
        className="ag-theme-alpine hk-grid hk-review-grid",
        style={"height": None},
    )
    return html.Div(grid, role="region", **aria(label=label))


def _locale() -> dict[str, str]:
    return {
        "page": _("Bladzijde"),
        "of": _("van"),
        "to": _("t/m"),
        "firstPage": _("Eerste bladzijde"),
        "previousPage": _("Vorige bladzijde"),
        "nextPage": _("Volgende bladzijde"),
        "lastPage": _("Laatste bladzijde"),
        "noRowsToShow": _("Geen regels"),
        "ariaRowToggleSelection": _("Spatie kiest deze regel of laat haar los"),
        "ariaRowSelectAll": _("Spatie kiest alle regels of laat ze los"),
        "ariaHeaderSelection": _("Kolom met de keuze"),
        "ariaChecked": _("gekozen"),
        "ariaUnchecked": _("niet gekozen"),
    }


def _act(kind: str, id: str, label: str, *, placeholder: str) -> Any:
    """The note and the button that belongs to it."""
    return html.Div(
        [
            dmc.TextInput(
                id={"type": ids.REVIEW_NOTE, "id": id},
                label=_("Waarom"),
                required=True,
                withAsterisk=False,
                placeholder=placeholder,
                inputProps={"maxLength": MAX_NOTE},
                className="hk-review-note",
            ),
            dmc.Button(label, id={"type": kind, "id": id}),
        ],
        className="hk-review-act",
    )


def _texts(group: Group) -> Any:
    parts: list[Any] = [html.P(words.explained(words.DOUBTFUL))]
    if group.n > MOST_TEXTS:
        parts.append(
            html.P(_("Hier staan de oudste {n}; daarna volgen de andere.", n=MOST_TEXTS), className="hk-soft hk-small")
        )
    return html.Div([*parts, *(_text(row) for row in group.rows[:MOST_TEXTS])], className="hk-stack")


def _text(row: LeftOutRow) -> Any:
    """One masked text, the words to mask, and the two answers."""
    key = text_key(row)
    return html.Article(
        [
            html.P(f"{words.what(row)} · {words.when(row)} · {words.where(row)}", className="hk-soft hk-small"),
            html.Blockquote(row.text, className="hk-review-text"),
            html.Div(
                [
                    dmc.TagsInput(
                        id={"type": ids.REVIEW_WORDS, "id": key},
                        label=_("Woorden die naar een persoon wijzen"),
                        placeholder=_("kies of typ een woord"),
                        data=word_choices(row.text),
                        acceptValueOnBlur=True,
                        clearable=True,
                        maxDropdownHeight=180,
                        className="hk-review-note",
                    ),
                    dmc.Button(_("Maskeer"), id={"type": ids.REVIEW_MASK, "id": key}, variant="default"),
                    dmc.Button(_("Niets te maskeren"), id={"type": ids.REVIEW_CLEAR, "id": key}, variant="default"),
                ],
                className="hk-review-act",
            ),
        ],
        className="hk-review-card",
        **aria(label=words.what(row)),
    )


def word_choices(text: str) -> list[str]:
    """The words of a text to choose from, each once: those with a capital or a figure first, no masks."""
    found = dict.fromkeys(_WORD.findall(text))
    return sorted(found, key=lambda word: word == word.lower() and not any(c.isdigit() for c in word))[:MOST_WORDS]


def _decisions(held: Rows, undone: Rows) -> Any:
    """What holds, with undoing it, and what was undone."""
    parts: list[Any] = []
    if held:
        columns = [
            {"field": "verdict", "headerName": _("Besluit"), "width": 210, "tooltipField": "verdict"},
            {"field": "what", "headerName": _("Waarover"), "width": 190, "tooltipField": "what"},
            {"field": "note", "headerName": _("Waarom"), "flex": 1, "minWidth": 180, "tooltipField": "note"},
            {"field": "by", "headerName": _("Wie en wanneer"), "width": 160, "tooltipField": "by"},
        ]
        rows = [_decision(row) for row in held[:MOST_ROWS]]
        parts += [
            _table(columns, rows, id=DECISIONS, choose=True, label=_("Besluiten")),
            _act(ids.REVIEW_UNDO, DECISIONS, _("Ongedaan maken"), placeholder=_("waarom dit besluit vervalt")),
        ]
        if len(held) > MOST_ROWS:
            parts.append(_cut(MOST_ROWS, len(held), "hotspotkaart review history"))
    if undone:
        title = _n("{n} besluit ongedaan gemaakt", "{n} besluiten ongedaan gemaakt", len(undone))
        items = [html.Li(_line(row)) for row in undone[:MOST_UNDONE]]
        if len(undone) > MOST_UNDONE:
            items.append(html.Li(_cut(MOST_UNDONE, len(undone), "hotspotkaart review history")))
        parts.append(html.Details([html.Summary(title), html.Ul(items, className="hk-list")], open=not held))
    return html.Div(parts, className="hk-stack")


def _decision(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        "id": int(row["id"]),
        "verdict": words.verdict(row),
        "what": words.decided_about(row),
        "note": row["note"],
        "by": words.by(row),
    }


def _line(row: Mapping[Any, Any]) -> str:
    """An undone decision in one line."""
    return _(
        "{verdict}, {what} ({by}: {note}); ongedaan gemaakt {how}",
        verdict=words.verdict(row),
        what=words.decided_about(row),
        by=words.by(row),
        note=row["note"] or "–",
        how=words.undone(row),
    )


def _cut(shown: int, n: int, command: str) -> Any:
    sentence = _("Hier staan de eerste {shown} van {n}; alle regels geeft {command}.", shown=number(shown), n=number(n), command=command)  # fmt: skip
    return html.P(sentence, className="hk-soft hk-small")
