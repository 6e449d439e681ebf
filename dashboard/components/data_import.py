"""Gegevens, a file: drop it, say what its columns are, see how it is read, import it, and its report row by row."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import data_words as words
from dashboard import messages
from dashboard.components import data_ids as ids
from dashboard.components import uploads
from dashboard.components.aria import aria, data
from dashboard.i18n import _, _n, number, percent
from dashboard.services.jobs import Job, JobState
from dashboard.services.previews import MOST_COLUMNS, Preview
from data.columns import NAMES
from data.importing import ImportResult
from data.reasons import UserError

NOT_USED: Final = "-"  # of a column's select: a select cannot hold ""
ALL: Final = "all"
MOST_SHOWN: Final = 1_000  # rows of the report at once; the CSV has them all


def panel(*, max_mb: int) -> list[Any]:
    """The part as it opens."""
    return [
        html.P(
            _(
                "Er wordt pas iets opgeslagen als u op Inlezen klikt. Het bestand blijft op deze server en wordt na het "
                "inlezen, of na een half uur, weggegooid."
            ),
            className="hk-soft",
        ),
        dcc.Upload(
            html.Div(
                [
                    html.Strong(_("Sleep een bestand hierheen of klik om te kiezen")),
                    html.Span(_("CSV, Excel (.xlsx) of GeoJSON, hooguit {n} MB", n=max_mb), className="hk-soft"),
                ],
                className="hk-drop-text",
            ),
            id=ids.DROP,
            multiple=False,
            max_size=max_mb * 1_000_000,
            className="hk-drop",
            className_active="hk-drop hk-drop-active",
            className_reject="hk-drop hk-drop-reject",
            style={},
            style_active={},
            style_reject={},
        ),
        html.Div(_("Het bestand wordt gelezen…"), id=ids.DROP_BUSY, className="hk-reading", role="status"),
        html.Div(id=ids.SAID, **aria(live="polite")),
        html.Div(id=ids.FOUND),
        html.Div(
            [
                html.Div(id=ids.STATUS, className="hk-d-grow", **aria(live="polite")),
                html.Button(_("Stoppen"), id=ids.STOP, className="hk-button", hidden=True),
            ],
            className="hk-row",
        ),
        html.Div(id=ids.REPORT, **aria(live="polite")),
        dcc.Store(id=ids.KEY, data=""),
        dcc.Store(id=ids.JOB, data=""),
        dcc.Interval(id=ids.CLOCK, interval=400, disabled=True),
        dcc.Download(id=ids.FILE),
    ]


def found(seen: Preview, *, sources: Sequence[str]) -> list[Any]:
    """What a dropped file seems to hold, and the choices there are."""
    swap = dmc.Checkbox(id=ids.SWAP, label=_("Assen omwisselen (de coördinaten staan andersom)"), checked=seen.swap_xy)
    return [
        html.H2(_("‘{name}’: {n} rijen", name=seen.sample.name, n=number(seen.sample.n_read))),
        html.Section(
            [html.H3(_("Wat staat er in de kolommen?"), className="hk-h3"), _columns(seen), swap],
            className="hk-d-part",
        ),
        html.Section(
            [
                html.H3(_("Zo worden de eerste rijen gelezen"), className="hk-h3"),
                html.Div(read(seen), id=ids.READ, className="hk-stack", **aria(live="polite")),
            ],
            className="hk-d-part",
        ),
        html.Div(
            [
                dmc.Autocomplete(
                    id=ids.SOURCE,
                    label=_("Leverancier of bron"),
                    description=_("Kies voor dezelfde leverancier steeds dezelfde naam: kenmerken gelden per bron."),
                    data=list(sources),
                    value=sources[0] if len(sources) == 1 else "",
                ),
                dmc.Button(_("Inlezen"), id=ids.START),
                dmc.Button(_("Toch niet"), id=ids.FORGET, variant="default"),
            ],
            className="hk-form-row",
        ),
    ]


def read(seen: Preview) -> list[Any]:
    """The first rows as they stand and as they are read."""
    parts: list[Any] = []
    if seen.refused is not None:
        parts.append(html.P(words.refused(seen.refused), className="hk-warning", role="alert"))
    else:
        parts.append(html.P(words.tried(seen), className="hk-hint"))
        parts.append(
            html.P(
                _("Datums worden altijd als dag-maand-jaar gelezen. Klopt de kolom ‘Gelezen als dag’?"),
                className="hk-soft hk-small",
            )
        )
    parts.append(_rows(seen))
    return [*parts, *uploads.notes(seen.notes)]


def status(job: Job | None) -> Any:
    """One line for an import that is going on; nothing once its report stands there."""
    if job is None:
        return _line(_("Dit inlezen is niet meer bekend. Kijk onder Quarantaine of het bestand er staat."))
    if job.state is JobState.DONE:
        return None
    if job.state is JobState.CANCELLED:
        return _line(_("Gestopt. Er is niets opgeslagen; kies Inlezen om opnieuw te beginnen."))
    if job.state is JobState.FAILED:
        said = (
            messages.refused(job.error)
            if job.error
            else _("Het inlezen is mislukt; er is niets opgeslagen. Probeer het opnieuw, of kijk in het logboek van de server.")
        )  # fmt: skip
        return refused(said)
    whole = round(100 * job.share)
    bar = html.Div(
        html.I(style={"width": f"{whole}%"}),
        className="hk-progress",
        role="progressbar",
        **aria(label=_("Voortgang van het inlezen"), valuenow=str(whole), valuemin="0", valuemax="100"),
    )
    said = _("Wacht op een vrije plek…") if job.state is JobState.WAITING else _("Bezig met inlezen…")
    return html.Div(
        [html.Span(said), bar, html.Span(percent(job.share), className="hk-soft", **aria(hidden="true"))],
        className="hk-job",
    )


def refused(sentence: str) -> Any:
    """Why something was not done."""
    return html.P(sentence, className="hk-warning", role="alert")


def report(result: ImportResult, *, import_id: int) -> list[Any]:
    """What became of every row. import_id: of this import; 0 when nothing was stored."""
    if result.rejected_file is not None:
        return [
            html.Div(
                [
                    html.Strong(_("Dit bestand is niet overgenomen.")),
                    html.P(words.refused(result.rejected_file)),
                    html.P(_("Er is niets veranderd in de gegevens."), className="hk-soft"),
                ],
                className="hk-refused",
                role="alert",
            )
        ]
    done = _n("{n} melding overgenomen uit ‘{name}’", "{n} meldingen overgenomen uit ‘{name}’", result.accepted, name=result.file_name)  # fmt: skip
    parts: list[Any] = [
        html.H2(done),
        html.P(messages.invariant(result), className="hk-invariant"),
        uploads.tiles(result),
        html.Div(
            [
                html.A(_("Bekijk op de kaart"), href="/", className="hk-button"),
                html.A(
                    _("Herstel de rijen in quarantaine"),
                    href=f"?deel=quarantaine&import={import_id}",
                    className="hk-button",
                )
                if result.quarantined
                else None,
            ],
            className="hk-row hk-d-wrap",
        ),
        *uploads.notes(result.normalised),
    ]
    if result.problems:
        parts.append(_problems(result))
    return parts


def reasons(result: ImportResult) -> list[dict[str, str]]:
    """The report's filter: everything, then each outcome and reason with its number of rows."""
    every = Counter((problem.reason.outcome, problem.reason.code) for problem in result.problems)
    sentences = {(problem.reason.outcome, problem.reason.code): problem.reason.sentence for problem in result.problems}
    options = [{"value": ALL, "label": _("Alles ({n})", n=number(len(result.problems)))}]
    for (outcome, code), n in every.most_common():
        said = _(sentences[outcome, code], value="…", column="…", row="…")
        label = f"{_(messages.OUTCOMES[outcome])}: {said} ({number(n)})"
        options.append({"value": f"{outcome.value}:{code}", "label": label})
    return options


def report_rows(result: ImportResult, reason: str, *, most: int | None = None) -> list[dict[str, Any]]:
    """Lines of the report with one reason (ALL: every one), not taken rows first."""
    wanted = [
        problem
        for problem in result.problems
        if reason in (ALL, f"{problem.reason.outcome.value}:{problem.reason.code}")
    ]
    return uploads.problem_rows(wanted, most=most)


def grid(result: ImportResult, reason: str) -> Any:
    """The table of the report's lines with one reason."""
    return dag.AgGrid(
        columnDefs=uploads.report_columns(uploads.headings()),
        rowData=report_rows(result, reason, most=MOST_SHOWN),
        defaultColDef={"sortable": True, "resizable": True, "suppressHeaderMenuButton": True},
        dashGridOptions={"animateRows": False, "enableCellTextSelection": True, "tooltipShowDelay": 300},
        className="ag-theme-alpine hk-grid hk-problems",
        style={"height": None},
    )


def _columns(seen: Preview) -> Any:
    first = seen.rows[0].cells if seen.rows else ()
    options = [{"value": NOT_USED, "label": _("niet gebruiken")}]
    options += [{"value": role, "label": words.role(role)} for role in NAMES]
    lines = []
    for at, column in enumerate(list(seen.sample.roles)[:MOST_COLUMNS]):
        example = first[at] if at < len(first) else ""
        lines.append(html.Tr([html.Th(column, scope="row"), _meaning(seen, at, column, options), _example(example)]))
    head = html.Tr([html.Th(text, scope="col") for text in (_("Kolom"), _("Betekenis"), _("Voorbeeld"))])
    parts: list[Any] = [html.Table([html.Thead(head), html.Tbody(lines)], className="hk-table-plain hk-d-columns")]
    if seen.sample.geometry:
        parts.append(html.P(_("De plaats komt uit de geometrie van het bestand."), className="hk-hint"))
    if len(seen.sample.roles) > MOST_COLUMNS:
        said = _("Van dit bestand zijn alleen de eerste {n} kolommen te kiezen; de andere worden niet gebruikt.", n=MOST_COLUMNS)  # fmt: skip
        parts.append(html.P(said, className="hk-hint"))
    return html.Div(parts, className="hk-wide hk-stack", tabIndex=0, role="region", **aria(label=_("Kolommen")))


def _example(text: str) -> Any:
    """What the first row holds; on a phone, where a row is a small form, with what it is."""
    return html.Td(text, **data(label=_("Voorbeeld")))


def _meaning(seen: Preview, at: int, column: str, options: list[dict[str, str]]) -> Any:
    """What a column is taken for; one about persons is never kept, so there is nothing to choose."""
    id_ = {"type": ids.ROLE, "id": at}
    if column in seen.sample.withheld:
        return html.Td(html.Data(_("over personen: wordt nooit bewaard"), id=id_, value=NOT_USED), className="hk-soft")
    select = dmc.Select(
        id=id_,
        data=options,
        value=seen.roles.get(column) or NOT_USED,
        allowDeselect=False,
        searchable=True,
        className="hk-d-meaning",
        **aria(label=_("Betekenis van kolom {column}", column=column)),
    )
    return html.Td(select)


def _rows(seen: Preview) -> Any:
    """Each of the first rows: how it is read, and what it holds of the columns that are used."""
    columns = list(seen.sample.roles)[:MOST_COLUMNS]
    used = [at for at, column in enumerate(columns) if seen.roles.get(column) and column not in seen.sample.withheld]
    heads = [_("Rij"), _("Gelezen als dag"), _("Tijd"), _("Plaats (RD)"), _("Bezwaar")]
    head = [html.Th(text, scope="col") for text in heads]
    head += [html.Th([columns[at], html.Small(words.role(seen.roles[columns[at]]))], scope="col") for at in used]
    lines = []
    for row in seen.rows:
        against = messages.problem(row.problem) if row.problem else "–"
        told = [words.read_day(row), words.read_time(row), words.read_place(row), against]
        cells = [html.Td(text) for text in (*told, *(row.cells[at] for at in used))]
        lines.append(html.Tr([html.Th(str(row.row), scope="row"), *cells]))
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(lines)], className="hk-table-plain hk-d-first")
    return html.Div(table, className="hk-wide", tabIndex=0, role="region", **aria(label=_("Eerste rijen")))


def _problems(result: ImportResult) -> Any:
    head = html.Div(
        [
            dmc.Select(
                id={"type": ids.REASON, "id": "all"},
                label=_("Toon rijen met reden"),
                data=reasons(result),
                value=ALL,
                allowDeselect=False,
                className="hk-d-meaning",
            ),
            html.Button(_("Opslaan als CSV"), id={"type": ids.CSV, "id": "all"}, className="hk-button"),
        ],
        className="hk-row hk-between hk-d-wrap hk-d-end",
    )
    parts: list[Any] = [head]
    if len(result.problems) > MOST_SHOWN:
        said = _("Hier staan er hooguit {n}; in het CSV-bestand staan ze allemaal.", n=number(MOST_SHOWN))
        parts.append(html.P(said, className="hk-soft hk-small"))
    return html.Section(
        [*parts, html.Div(grid(result, ALL), id=ids.REPORT_ROWS)],
        className="hk-d-part",
        **aria(label=_("Verslag per rij")),
    )


def _line(sentence: str) -> Any:
    return html.Div(html.P(sentence), className="hk-job")


def forgotten() -> Any:
    """That a file was thrown away."""
    return html.P(_("Het bestand is weggegooid; er is niets opgeslagen."), className="hk-hint", role="status")


def not_taken(error: UserError) -> Any:
    """Why a dropped file is no file of reports."""
    return html.Div(
        [
            html.Strong(_("Dit bestand is niet te gebruiken.")),
            html.P(words.refused(error)),
            html.P(_("Er is niets veranderd in de gegevens."), className="hk-soft"),
        ],
        className="hk-refused",
        role="alert",
    )
