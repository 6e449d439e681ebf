"""The dialog with what carries the hotspots: advice, other settings, chance and a second opinion. For the analyst."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import advice_words, messages
from dashboard.components import ids, jobs, questions, saved
from dashboard.components.aria import aria
from dashboard.components.curve import curve
from dashboard.components.robustness import sweep_table
from dashboard.i18n import _, _n, chance, number, percent
from dashboard.services.certainty import LEAST_RUNS, MOST_RUNS, USUAL
from dashboard.services.evidence import Evidence
from dashboard.services.types import shade_by
from geo.advice import Advice
from geo.certainty import HotspotCertainty
from geo.hotspots import Hotspot, HotspotParams
from geo.nulls import NullKind
from geo.opinion import MOST_REPORTS, Agreement
from geo.rates import Denominator, Per

POLL_MS = 400


def modal() -> Any:
    """The dialog with empty places that its callbacks fill."""
    return dmc.Modal(
        [
            dcc.Store(id=ids.EVIDENCE_JOB, data=""),
            dcc.Interval(id=ids.EVIDENCE_CLOCK, interval=POLL_MS, disabled=True),
            html.Div(
                [
                    html.Div(id=ids.EVIDENCE_ADVICE),
                    html.Section(
                        [
                            html.H2(_("Meer dan toeval?"), className="hk-h2"),
                            _controls(),
                            html.Div(
                                [
                                    html.Div(id=ids.EVIDENCE_STATUS, className="hk-grow", **aria(live="polite")),
                                    jobs.cancel_button(),
                                ],
                                className="hk-row",
                            ),
                        ]
                    ),
                    html.Div(id=ids.EVIDENCE_TESTS, className="hk-evidence"),
                    questions.section(poll_ms=POLL_MS),
                    saved.form(),
                ],
                className="hk-evidence",
            ),
        ],
        id=ids.EVIDENCE_MODAL,
        title=_("Onderbouwing van de hotspots"),
        size=1120,
        keepMounted=False,  # a page weighs what it holds, at every change
        closeButtonProps={"aria-label": _("Sluiten")},
    )


def opener(where: str, text: str, *, kind: str = "hk-button") -> Any:
    """A button that opens the dialog. where: tells it from the others."""
    return html.Button(text, id={"type": ids.EVIDENCE_OPEN, "id": where}, className=kind)


def chained(found: Advice | None) -> Any:
    """Over the map: that the setting in use strings places together, and where to read on; None when it does not."""
    sentence = advice_words.chained(found) if found else ""
    if not sentence:
        return None
    return html.Div(
        [html.Span(sentence), opener("map", _("Onderbouwing"), kind="hk-textbutton")], className="hk-chained"
    )


def advice(found: Advice, *, params: HotspotParams) -> Any:
    """The settings in use beside the advised ones, each with its why, what speaks against them, and the curve."""
    said = advice_words.warnings(found)
    terms = [
        (
            _("{m} m", m=number(found.eps_m)),
            _against(_("Afstand (eps)"), same=found.eps_m == found.advised_eps_m,
                     advised=_("{m} meter", m=number(found.advised_eps_m))),
            advice_words.eps_why(found),
        ),
        (
            number(params.min_samples),
            _against(_("Minimaal aantal meldingen"), same=params.min_samples == found.min_samples,
                     advised=number(found.min_samples)),
            advice_words.min_why(found),
        ),
        (number(found.mu, 1), _("Buren door toeval (μ)"), advice_words.mu_why(found)),
    ]  # fmt: skip
    return html.Section(
        [
            html.H2(_("Passen deze instellingen?"), className="hk-h2"),
            html.Div(
                [
                    html.Div(
                        [
                            html.Dl(
                                [
                                    part
                                    for value, name, why in terms
                                    for part in (html.Dt(value), html.Dd([html.Strong(name), why]))
                                ],
                                className="hk-advice",
                            ),
                            html.Div([html.P(s, className="hk-warning") for s in said], className="hk-warnings")
                            if said
                            else html.P(_("Niets spreekt tegen deze instelling."), className="hk-hint"),
                        ],
                        className="hk-stack",
                    ),
                    curve(found),
                ],
                className="hk-two",
            ),
        ]
    )


def null_options(denominators: Sequence[Denominator]) -> list[dict[str, str]]:
    """The kinds of chance to choose from: two that are always there, and what the store can hold reports against."""
    names = {
        Per.INHABITANTS: _("Naar inwoners per buurt"),
        Per.STREETS: _("Naar straatlengte per buurt"),
        Per.BOARDINGS: _("Naar instappers per buurt"),
    }
    return [
        {"value": NullKind.SMOOTHED, "label": _("Zo druk als het daar is (meldingen uitgesmeerd)")},
        {"value": NullKind.UNIFORM, "label": _("Overal op het land even waarschijnlijk")},
        *(
            {"value": shade_by(d), "label": names.get(d.per) or _("Naar ‘{name}’ per buurt", name=d.name)}
            for d in denominators
        ),
    ]


def tests(found: Evidence | None) -> list[Any]:
    """The outcome: in words, then every hotspot, then the other settings."""
    if found is None:
        nothing = _("Er is niets te toetsen: geen enkele melding in deze selectie heeft een plek die telt.")
        return [html.P(nothing, className="hk-hint")]
    params = found.result.params
    each = [_scroller(_per_hotspot(found), _("Toets per hotspot")), _legend(found)] if found.result.hotspots else []
    swept = sweep_table(found.certainty.sweep, params=params, density_per_m2=found.advice.density_per_m2)
    return [
        html.Section([html.P(messages.chance_outcome(found.certainty)), *each]),
        html.Section(
            [
                html.H2(_("Houdt het stand bij andere instellingen?"), className="hk-h2"),
                _scroller(swept, _("Andere instellingen")),
                _beside_sweep(found, params),
            ]
        ),
    ]


def _scroller(table: Any, label: str) -> Any:
    """A table that is wider than a phone, with its own scroll bar, reachable by keyboard."""
    return html.Div(table, className="hk-scroll", tabIndex=0, role="region", **aria(label=label))


def _controls() -> Any:
    return html.Div(
        [
            dmc.Select(
                id=ids.EVIDENCE_NULL,
                label=_("Toeval"),
                data=null_options(()),
                value=USUAL.null,
                allowDeselect=False,
                size="sm",
                comboboxProps={"withinPortal": True},
            ),
            dmc.NumberInput(
                id=ids.EVIDENCE_RUNS,
                label=_("Aantal proeven"),
                value=USUAL.runs,
                min=LEAST_RUNS,
                max=MOST_RUNS,
                step=100,
                allowDecimal=False,
                size="sm",
            ),
            dmc.NumberInput(
                id=ids.EVIDENCE_SEED,
                label=_("Startgetal"),
                value=USUAL.seed,
                min=0,
                max=2**31 - 1,
                allowDecimal=False,
                size="sm",
            ),
            dmc.Button(_("Toetsen"), id=ids.EVIDENCE_START, size="sm"),
        ],
        className="hk-ask",
    )


def _against(name: str, *, same: bool, advised: str) -> str:
    return (
        _("{name}, zoals geadviseerd", name=name)
        if same
        else _("{name}; advies: {advised}", name=name, advised=advised)
    )


def _per_hotspot(found: Evidence) -> Any:
    heads = [
        ("#", ""),
        (_("Buurt"), ""),
        (_("Meldingen"), "hk-num"),
        (_("Verwacht"), "hk-num"),
        (_("p"), "hk-num"),
        (_("q"), "hk-num"),
        (_("Oordeel"), ""),
        (_("Instellingen"), "hk-num"),
        (_("Steekproeven"), "hk-num"),
        (_("HDBSCAN"), "hk-num"),
    ]
    rows = [_row(h, found) for h in found.result.hotspots]
    return html.Table(
        [
            html.Thead(html.Tr([html.Th(text, scope="col", className=kind) for text, kind in heads])),
            html.Tbody(rows),
        ],
        className="hk-figures-table hk-per-hotspot",
    )


def _legend(found: Evidence) -> Any:
    """What the columns say."""
    caption = _(
        "p: kans dat toeval ergens in de stad een minstens zo sterke plek geeft. q: het deel toeval onder de plekken die "
        "minstens zo sterk zijn (FDR); het oordeel volgt q. Instellingen: in hoeveel van de {settings} hij bestaat. "
        "Steekproeven: in welk deel van de {runs} trekkingen van 80% van de meldingen. HDBSCAN: welk deel van de kern ook "
        "daar één plek is.",
        settings=number(len(found.certainty.sweep.alive)),
        runs=number(found.certainty.resample.runs),
    )
    if found.opinions is None:
        caption += " " + _("Voor HDBSCAN zijn er te veel meldingen (meer dan {n}).", n=number(MOST_REPORTS))
    return html.P(caption, className="hk-soft hk-small")


def _row(hotspot: Hotspot, found: Evidence) -> Any:
    whole = found.certainty
    certain = whole.of(hotspot.id)
    swept, drawn = whole.sweep, whole.resample
    return html.Tr(
        [
            html.Td(html.Span(hotspot.rank, className="hk-rank")),
            html.Th(messages.place(hotspot), scope="row"),
            html.Td(number(hotspot.n), className="hk-num"),
            html.Td(number(certain.expected, 1) if certain else "–", className="hk-num"),
            html.Td(_p(certain.p) if certain else "–", className="hk-num"),
            html.Td(_p(certain.q) if certain else "–", className="hk-num"),
            html.Td(_verdict(certain)),
            html.Td(
                _("{n} van {of}", n=int(swept.alive[:, hotspot.label].sum()), of=swept.alive.shape[0]), className="hk-num"
            ),
            html.Td(percent(float(drawn.share[hotspot.label])), className="hk-num"),
            html.Td(_agreed((found.opinions or {}).get(hotspot.label)), className="hk-num"),
        ]
    )  # fmt: skip


def _verdict(certain: HotspotCertainty | None) -> str:
    if certain is None:
        return "–"
    strength = _(messages.STRENGTH[certain.strength])
    if certain.significant:
        return _("meer dan toeval, {strength}", strength=strength)
    return _("kan toeval zijn, {strength}", strength=strength)


def _agreed(opinion: Agreement | None) -> str:
    if opinion is None:
        return "–"
    return percent(opinion.share) if opinion.other >= 0 else _("niet gezien")


def _beside_sweep(found: Evidence, params: HotspotParams) -> Any:
    """What the cells say, when the setting in use is not among them, and how HDBSCAN counts."""
    table = found.certainty.sweep.table
    among = bool(((table["eps_m"] == params.eps_m) & (table["min_samples"] == params.min_samples)).any())
    said = [
        _("Aantal hotspots, met het deel van de meldingen erin en in de grootste. μ is het aantal buren door toeval.")
    ]
    if not among:
        said.append(
            _(
                "In gebruik is {eps} meter en minstens {min} meldingen; dat staat niet in deze tabel.",
                eps=number(params.eps_m),
                min=params.min_samples,
            )
        )
    if found.opinions is not None:
        said.append(
            _n(
                "HDBSCAN, dat geen afstand nodig heeft, ziet {n} plek.",
                "HDBSCAN, dat geen afstand nodig heeft, ziet {n} plekken.",
                found.n_opinion,
            )
        )
    return html.P(" ".join(said), className="hk-soft hk-small")


def _p(value: float) -> str:
    return chance(value).removeprefix("= ")
