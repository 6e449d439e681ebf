"""Gegevens, a file: drop it, choose what its columns are, import it as a job, and its report."""

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from dashboard.callbacks.uploads import decoded
from dashboard.components import data_ids as ids
from dashboard.components import data_import, uploads
from dashboard.components.download import table
from dashboard.i18n import _
from dashboard.services import Services
from dashboard.services.jobs import Job, JobState
from dashboard.viewers import current_viewer
from data.importing import ImportResult
from data.reasons import UserError
from data.viewer import Right, Viewer

ROLES = {"type": ids.ROLE, "id": ALL}
BUSY = [
    (Output(ids.DROP_BUSY, "className"), "hk-reading hk-on", "hk-reading"),
    (Output(ids.DROP, "disabled"), True, False),
]


def register(app: Dash, services: Services) -> None:
    """Drop, choose, import, follow, stop, and the report."""
    _dropping(app, services)
    _importing(app, services)
    _reporting(app, services)


def _dropping(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ids.KEY, "data"),
        Output(ids.FOUND, "children"),
        Output(ids.SAID, "children"),
        Output(ids.REPORT, "children"),
        Output(ids.DROP, "contents"),
        Input(ids.DROP, "contents"),
        State(ids.DROP, "filename"),
        prevent_initial_call=True,
        running=BUSY,
    )
    def drop(contents: Any, name: Any) -> tuple[Any, ...]:
        if not isinstance(contents, str) or not contents:
            raise PreventUpdate
        viewer, name = current_viewer(), str(name or _("bestand"))
        try:
            key, seen = services.imports.drop(viewer, name=name, content=decoded(contents))
        except UserError as error:
            return "", None, data_import.not_taken(error), None, None
        return key, data_import.found(seen, sources=services.imports.sources(viewer)), None, None, None

    @app.callback(
        Output(ids.READ, "children"),
        Input(ROLES, "value"),
        Input(ids.SWAP, "checked"),
        State(ids.KEY, "data"),
        prevent_initial_call=True,
    )
    def choose(roles: list[Any], swap: Any, key: Any) -> Any:
        if not key:
            raise PreventUpdate
        try:
            seen = services.imports.preview(current_viewer(), str(key), roles=chosen(roles), swap_xy=swap is True)
        except UserError as error:
            return data_import.not_taken(error)
        return data_import.read(seen)

    @app.callback(
        Output(ids.KEY, "data", allow_duplicate=True),
        Output(ids.FOUND, "children", allow_duplicate=True),
        Output(ids.SAID, "children", allow_duplicate=True),
        Input(ids.FORGET, "n_clicks"),
        State(ids.KEY, "data"),
        prevent_initial_call=True,
    )
    def forget(clicks: Any, key: Any) -> tuple[Any, ...]:
        viewer = current_viewer()
        viewer.require(Right.IMPORT)
        if not clicks:
            raise PreventUpdate
        services.imports.forget(viewer, str(key))
        return "", None, data_import.forgotten()


def _importing(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ids.JOB, "data"),
        Output(ids.CLOCK, "disabled"),
        Output(ids.FOUND, "hidden"),
        Output(ids.SAID, "children", allow_duplicate=True),
        Input(ids.START, "n_clicks"),
        State(ids.KEY, "data"),
        State(ROLES, "value"),
        State(ids.SWAP, "checked"),
        State(ids.SOURCE, "value"),
        prevent_initial_call=True,
    )
    def start(clicks: Any, key: Any, roles: list[Any], swap: Any, source: Any) -> tuple[Any, ...]:
        viewer = current_viewer()
        viewer.require(Right.IMPORT)
        if not clicks:
            raise PreventUpdate
        try:
            job = services.imports.start(
                viewer, str(key), roles=chosen(roles), swap_xy=swap is True, source=str(source or "")
            )
        except UserError as error:
            return "", True, False, data_import.not_taken(error)
        return job.id, False, True, None

    @app.callback(
        Output(ids.STATUS, "children"),
        Output(ids.REPORT, "children", allow_duplicate=True),
        Output(ids.CLOCK, "disabled", allow_duplicate=True),
        Output(ids.STOP, "hidden"),
        Output(ids.FOUND, "hidden", allow_duplicate=True),
        Output(ids.FOUND, "children", allow_duplicate=True),
        Output(ids.VERSION, "data", allow_duplicate=True),
        Input(ids.CLOCK, "n_intervals"),
        Input(ids.JOB, "data"),
        Input(ids.STOP, "n_clicks"),
        State(ids.VERSION, "data"),
        prevent_initial_call=True,
    )
    def follow(_ticks: Any, id_: Any, _stops: Any, version: Any) -> tuple[Any, ...]:
        viewer = current_viewer()
        viewer.require(Right.IMPORT)
        if not id_:
            return None, no_update, True, True, no_update, no_update, no_update
        stop = ctx.triggered_id == ids.STOP
        job = services.jobs.cancel(viewer, str(id_)) if stop else services.jobs.of(viewer, str(id_))
        ended = job is None or job.ended
        result = result_of(job)
        if result is None:
            return data_import.status(job), no_update, ended, ended, not ended, no_update, no_update
        told = data_import.report(result, import_id=import_of(services, viewer, result))
        taken = result.rejected_file is None
        count = version + 1 if isinstance(version, int) else 1
        return None, told, True, True, False, None if taken else no_update, count if taken else no_update


def _reporting(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ids.REPORT_ROWS, "children"),
        Input({"type": ids.REASON, "id": ALL}, "value"),
        State(ids.JOB, "data"),
        prevent_initial_call=True,
    )
    def filter_(reason: list[Any], id_: Any) -> Any:
        viewer = current_viewer()
        viewer.require(Right.IMPORT)
        result = result_of(services.jobs.of(viewer, str(id_)))
        if result is None:
            raise PreventUpdate
        return data_import.grid(result, one(reason))

    @app.callback(
        Output(ids.FILE, "data"),
        Input({"type": ids.CSV, "id": ALL}, "n_clicks"),
        State({"type": ids.REASON, "id": ALL}, "value"),
        State(ids.JOB, "data"),
        prevent_initial_call=True,
    )
    def save(clicks: list[Any], reason: list[Any], id_: Any) -> Any:
        viewer = current_viewer()
        viewer.require(Right.IMPORT)
        result = result_of(services.jobs.of(viewer, str(id_)))
        if not any(clicks) or result is None:
            raise PreventUpdate
        return table(uploads.headings(), data_import.report_rows(result, one(reason)), _("importverslag.csv"))


def chosen(roles: Any) -> list[str]:
    """The part of each column, as the selects say; none for what is no part."""
    given = roles if isinstance(roles, list) else []
    return ["" if role in (None, data_import.NOT_USED) else str(role) for role in given]


def one(values: Any) -> str:
    """The one value of a list that a pattern gives; every row when there is none."""
    return str(values[0]) if isinstance(values, list) and values and values[0] else data_import.ALL


def result_of(job: Job | None) -> ImportResult | None:
    """What an import came to; None while it goes on, or when the job is another one."""
    done = job is not None and job.state is JobState.DONE and isinstance(job.result, ImportResult)
    return job.result if job is not None and done else None


def import_of(services: Services, viewer: Viewer, result: ImportResult) -> int:
    """The number of the import that a result is of; 0 when nothing was stored."""
    if result.rejected_file is not None:
        return 0
    log = services.quarantine.imports(viewer, most=20)
    return next((line.id for line in log if (line.file_name, line.read) == (result.file_name, result.read)), 0)
