"""The dialog with the evidence: opening it, having hotspots tested as a job, following and stopping that job."""

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx
from dash.exceptions import PreventUpdate

from dashboard import messages
from dashboard.callbacks import following
from dashboard.components import advanced, ids, jobs, map_ids
from dashboard.services import Services
from dashboard.services.certainty import LEAST_RUNS, MOST_RUNS, USUAL, ChanceQuestion
from dashboard.state import FilterState
from dashboard.viewers import current_viewer
from data.reasons import UserError

SEED_MOST = 2**31 - 1
OPENERS = Input({"type": ids.EVIDENCE_OPEN, "id": ALL}, "n_clicks")
JOB, CLOCK = Output(ids.EVIDENCE_JOB, "data"), Output(ids.EVIDENCE_CLOCK, "disabled")
STATUS, TESTS = Output(ids.EVIDENCE_STATUS, "children"), Output(ids.EVIDENCE_TESTS, "children")
HIDE_CANCEL = Output(ids.EVIDENCE_CANCEL, "hidden")


def register(app: Dash, services: Services) -> None:
    """Open, start, follow, stop; and the warning over the map."""

    @app.callback(
        Output(ids.EVIDENCE_MODAL, "opened"),
        Output(ids.EVIDENCE_ADVICE, "children"),
        Output(ids.EVIDENCE_NULL, "data"),
        Output(ids.EVIDENCE_START, "n_clicks"),
        OPENERS,
        State(ids.URL, "search"),
        State(ids.EVIDENCE_START, "n_clicks"),
        prevent_initial_call=True,
    )
    def open_(clicks: list[int | None], search: str | None, started: int | None) -> tuple[Any, ...]:
        if not any(clicks) or not ctx.triggered_id:
            raise PreventUpdate
        viewer, state = current_viewer(), FilterState.from_query(search or "")
        found = services.evidence.advice(viewer, state)
        params = services.evidence.params(viewer, state)
        options = advanced.null_options(services.map.choices(viewer).denominators)
        return True, advanced.advice(found, params=params), options, (started or 0) + 1

    @app.callback(
        JOB,
        CLOCK,
        STATUS,
        TESTS,
        Input(ids.EVIDENCE_START, "n_clicks"),
        State(ids.URL, "search"),
        State(ids.EVIDENCE_NULL, "value"),
        State(ids.EVIDENCE_RUNS, "value"),
        State(ids.EVIDENCE_SEED, "value"),
        prevent_initial_call=True,
    )
    def start(_clicks: int, search: str | None, *asked: Any) -> tuple[Any, ...]:
        try:
            job = services.evidence.start(
                current_viewer(), FilterState.from_query(search or ""), question=question(*asked)
            )
        except UserError as error:
            return "", True, jobs.refused(messages.refused(error)), None
        return job.id, False, jobs.status(job), None

    @app.callback(
        Output(ids.EVIDENCE_STATUS, "children", allow_duplicate=True),
        Output(ids.EVIDENCE_TESTS, "children", allow_duplicate=True),
        Output(ids.EVIDENCE_CLOCK, "disabled", allow_duplicate=True),
        HIDE_CANCEL,
        Input(ids.EVIDENCE_CLOCK, "n_intervals"),
        Input(ids.EVIDENCE_JOB, "data"),
        Input(ids.EVIDENCE_CANCEL, "n_clicks"),
        prevent_initial_call=True,
    )
    def follow(_ticks: int | None, id_: str, _stops: int | None) -> tuple[Any, ...]:
        return following.follow(services, id_, stop=ctx.triggered_id == ids.EVIDENCE_CANCEL, draw=advanced.tests)

    @app.callback(
        Output(ids.CHAINED, "children"),
        Input(map_ids.ASKED, "data"),  # when the view is there, so that it does not wait for this
        Input(ids.VERSION, "data"),
    )
    def warn(asked: str | None, _version: int) -> Any:
        viewer = current_viewer()
        if not services.map.choices(viewer).custom:
            return None
        return advanced.chained(services.evidence.advice(viewer, FilterState.from_query(asked or "")))


def question(null: Any = None, runs: Any = None, seed: Any = None) -> ChanceQuestion:
    """What the controls ask; what is empty, or no number, is the usual."""
    return ChanceQuestion(
        null=str(null or USUAL.null),
        runs=_whole(runs, LEAST_RUNS, MOST_RUNS, USUAL.runs),
        seed=_whole(seed, 0, SEED_MOST, USUAL.seed),
    )


def _whole(value: Any, least: int, most: int, usual: int) -> int:
    try:
        return min(max(int(value), least), most)
    except (TypeError, ValueError):
        return usual
