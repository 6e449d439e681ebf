"""Other questions in the dialog with the evidence: asking one as a job, following and stopping that job."""

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx
from dash.exceptions import PreventUpdate

from dashboard import messages
from dashboard.callbacks.following import follow
from dashboard.components import ids, jobs, questions
from dashboard.services import Services
from dashboard.services.asking import Topic
from dashboard.services.questions import Answer
from dashboard.state import FilterState
from dashboard.viewers import current_viewer
from data.reasons import UserError


def register(app: Dash, services: Services) -> None:
    """Ask, follow, stop; a dialog that is opened anew starts without an answer."""

    @app.callback(
        Output(ids.QUESTION_JOB, "data"),
        Output(ids.QUESTION_CLOCK, "disabled"),
        Output(ids.QUESTION_STATUS, "children"),
        Output(ids.QUESTION_ANSWER, "children"),
        Input(ids.QUESTION_START, "n_clicks"),
        Input({"type": ids.EVIDENCE_OPEN, "id": ALL}, "n_clicks"),
        State(ids.QUESTION_TOPIC, "value"),
        State(ids.URL, "search"),
        State(ids.QUESTION_JOB, "data"),
        prevent_initial_call=True,
    )
    def start(_clicks: int | None, _opened: Any, topic: Any, search: str | None, before: Any) -> tuple[Any, ...]:
        if not (ctx.triggered and ctx.triggered[0]["value"]):
            raise PreventUpdate  # a button that opens the dialog came with the page
        viewer = current_viewer()
        if before:
            services.jobs.cancel(viewer, str(before))
        if ctx.triggered_id != ids.QUESTION_START:
            return "", True, None, None
        try:
            job = services.questions.start(viewer, FilterState.from_query(search or ""), chosen(topic))
        except UserError as error:
            return "", True, jobs.refused(messages.refused(error)), None
        return job.id, False, jobs.status(job, button=questions.start_text()), None

    @app.callback(
        Output(ids.QUESTION_STATUS, "children", allow_duplicate=True),
        Output(ids.QUESTION_ANSWER, "children", allow_duplicate=True),
        Output(ids.QUESTION_CLOCK, "disabled", allow_duplicate=True),
        Output(ids.QUESTION_CANCEL, "hidden"),
        Input(ids.QUESTION_CLOCK, "n_intervals"),
        Input(ids.QUESTION_JOB, "data"),
        Input(ids.QUESTION_CANCEL, "n_clicks"),
        prevent_initial_call=True,
    )
    def follow_(_ticks: int | None, id_: Any, _stops: int | None) -> tuple[Any, ...]:
        stop = ctx.triggered_id == ids.QUESTION_CANCEL
        return follow(services, id_, stop=stop, draw=drawn, button=questions.start_text())


def chosen(topic: Any) -> Topic:
    """The question that is asked; anything unknown is the first."""
    return Topic(topic) if topic in list(Topic) else Topic.MORAN


def drawn(result: Any) -> Any:
    """The answer of a job; nothing for that of another kind of job."""
    return questions.answer(result) if isinstance(result, Answer) else None
