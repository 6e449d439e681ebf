"""How long work is going: waiting, running, stopped or failed, each with what comes next."""

from typing import Any

from dash import html

from dashboard import messages
from dashboard.components import ids
from dashboard.components.aria import aria
from dashboard.i18n import _, percent
from dashboard.services.jobs import Job, JobState


def status(job: Job | None, *, button: str = "") -> Any:
    """One line for a job; nothing once it is done, for then its answer stands there. None: a job nobody knows.

    button: the one that starts it; "" for Toetsen.
    """
    button = button or _("Toetsen")
    if job is None:
        return _line(_("Deze berekening is niet meer bekend. Kies {button} om opnieuw te beginnen.", button=button))
    if job.state is JobState.DONE:
        return None
    if job.state is JobState.CANCELLED:
        return _line(_("Gestopt. Er is niets veranderd; kies {button} om opnieuw te beginnen.", button=button))
    if job.state is JobState.FAILED:
        said = (
            messages.refused(job.error)
            if job.error
            else _("De toets is mislukt; de gegevens zijn niet veranderd. Kies {button} om het opnieuw te proberen. Blijft "
                   "dit gebeuren, kijk dan in het logboek van de server.", button=button)
        )  # fmt: skip
        return html.Div(html.P(said), className="hk-job hk-job-failed", role="alert")
    waiting = job.state is JobState.WAITING
    said = _("Wacht op een vrije plek: er lopen andere berekeningen.") if waiting else _("Bezig met toetsen…")
    return html.Div(
        [
            html.Span(said),
            _bar(job.share),
            html.Span(percent(job.share), className="hk-soft", **aria(hidden="true")),
        ],
        className="hk-job",
    )


def refused(sentence: str) -> Any:
    """A job that was not taken on."""
    return html.Div(html.P(sentence), className="hk-job hk-job-failed", role="alert")


def cancel_button(id_: str = ids.EVIDENCE_CANCEL) -> Any:
    """Always on the page, hidden while there is nothing to stop: what is focused must not disappear with every poll."""
    return html.Button(_("Stoppen"), id=id_, className="hk-button", hidden=True)


def _bar(share: float) -> Any:
    whole = round(100 * share)
    return html.Div(
        html.I(style={"width": f"{whole}%"}),
        className="hk-progress",
        role="progressbar",
        **aria(label=_("Voortgang van de toets"), valuenow=str(whole), valuemin="0", valuemax="100"),
    )


def _line(sentence: str) -> Any:
    return html.Div(html.P(sentence), className="hk-job")
