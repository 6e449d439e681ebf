"""The buurten against the period before: their layer, their tooltips, and the same as a table and in words."""

from dataclasses import replace
from typing import Any, Final

import geopandas as gpd
import pandas as pd
from dash import html

from dashboard import development_words as words
from dashboard.components.aria import aria
from dashboard.components.development_maps import FILLS, RATIOS
from dashboard.i18n import _, _n, day, number
from dashboard.services.change import Change, NoChange
from geo import compare
from geo.compare import Comparison, Verdict
from layers import build, palette
from layers.spec import LayerSpec, LegendClass

MOST_ROWS: Final = 12


def change_spec(change: Change, buurten: gpd.GeoDataFrame, *, source: str) -> LayerSpec:
    """Buurten by the change of their share of the city; those with too few reports apart, the sure ones with a sign."""
    dry = buurten[~buurten["water"].astype(bool)]
    found = [(change.figures or {}).get(str(code)) for code in dry["code"]]
    values = [float("nan") if one is None or compare.TOO_FEW in one.remarks else one.share_ratio for one in found]
    labels = (_("< ½ ×"), _("minder"), _("gelijk"), _("meer"), _("> 2 ×"))  # short: they stand side by side
    spec = build.areas_layer(
        dry,
        values=pd.Series(values, index=dry.index, dtype=float),
        title=_("Aandeel in de stad, tegen de periode ervoor"),
        attribution=" · ".join(part for part in (source, str(buurten.attrs.get("attribution", ""))) if part),
        tooltips=[_tip(str(name), one) for name, one in zip(dry["name"], found, strict=True)],
        no_data=_("te weinig meldingen"),
        number=str,
        whole=False,
        bounds=RATIOS,
    )
    few = [LegendClass(label=_("te weinig"), fill=palette.NO_DATA)] if len(spec.classes) > len(labels) else []
    classes = [LegendClass(label=text, fill=fill) for text, fill in zip(labels, FILLS, strict=True)]
    return replace(spec, classes=(*classes, *few))


def table(change: Change | None, buurten: gpd.GeoDataFrame) -> list[Any]:
    """What changed in words and as a table; nothing when buurten are shaded by something else."""
    if change is None:
        return []
    head = html.H3(_("Verandering per buurt"), className="hk-h3", id="change-title")
    if change.why or change.before is None or change.after is None or change.figures is None:
        return [head, html.P(why_not(change), className="hk-hint")]
    names = dict(zip(buurten["code"].astype(str), buurten["name"].astype(str), strict=True))
    able = [(names[code], one) for code, one in change.figures.items() if compare.TOO_FEW not in one.remarks]
    able.sort(key=lambda pair: (pair[1].share_p, -pair[1].before - pair[1].after, pair[0]))
    few = len(change.figures) - len(able)
    sure = any(one.verdict is not Verdict.NO_EVIDENCE for _name, one in able)
    said = _(
        "{before}: {n_before} meldingen; {after}: {n_after}. Vergeleken is elke buurts aandeel in de stad, met dezelfde "
        "filters.",
        before=words.period(change.before),
        after=words.period(change.after),
        n_before=number(change.total_before),
        n_after=number(change.total_after),
    )
    nothing = _("Nergens is het aandeel in de stad aantoonbaar veranderd; dat is iets anders dan: er veranderde niets.")
    return [
        head,
        html.P(said, className="hk-small"),
        None if sure else html.P(nothing, className="hk-hint"),
        *(html.P(_("In één van beide periodes: {mark}.", mark=words.mark_words(m)), className="hk-warning") for m in change.marks),
        _table(able[:MOST_ROWS]) if able else None,
        html.P(words.same_words(len(able) - MOST_ROWS), className="hk-soft hk-small") if len(able) > MOST_ROWS else None,
        html.P(words.few_words(few, needed=change.needed), className="hk-soft hk-small") if few else None,
        html.P(_(words.REPORTING), className="hk-soft hk-small"),
    ]  # fmt: skip


def why_not(change: Change) -> str:
    """Why there is nothing to compare with, and what to do."""
    if change.before is None or change.after is None:
        return _("Er zijn nog geen meldingen of gebieden om te vergelijken.")
    if change.why is NoChange.NOT_COVERED:
        return _(
            "Vóór {start} zijn er te weinig dagen met meldingen voor een periode die even lang is ({days}). Kies een "
            "kortere of latere periode.",
            start=day(change.after.start),
            days=_n("{n} dag", "{n} dagen", change.after.days),
        )
    return _(
        "In {before} en {after} samen zijn er te weinig meldingen om te vergelijken; minstens {n} is nodig, in elk "
        "minstens één. Kies een langere periode of minder filters.",
        before=words.period(change.before),
        after=words.period(change.after),
        n=number(change.needed),
    )


def _table(rows: list[tuple[str, Comparison]]) -> Any:
    heads = [(_("Buurt"), ""), (_("Eerst"), "hk-num"), (_("Nu"), "hk-num"), (_("Keer aandeel (95%)"), "hk-num")]
    return html.Table(
        [
            html.Thead(html.Tr([html.Th(text, scope="col", className=kind) for text, kind in heads])),
            html.Tbody([_row(name, one) for name, one in rows]),
        ],
        className="hk-figures-table",
        **aria(labelledby="change-title"),
    )


def _row(name: str, one: Comparison) -> Any:
    sign = words.SIGNS[one.verdict]
    return html.Tr(
        [
            html.Th([f"{sign} " if sign else "", name, html.Small(words.verdict(one))], scope="row"),
            html.Td(number(one.before), className="hk-num"),
            html.Td(number(one.after), className="hk-num"),
            html.Td(
                [words.times(one.share_ratio), html.Small(words.between(one.share_low, one.share_high))],
                className="hk-num",
            ),
        ]
    )


def _tip(name: str, one: Comparison | None) -> str:
    if one is None:
        return name
    lines = [
        name,
        _("eerst: {n}", n=_n("{n} melding", "{n} meldingen", one.before)),
        _("daarna: {n}", n=_n("{n} melding", "{n} meldingen", one.after)),
        _("te weinig meldingen voor een oordeel") if compare.TOO_FEW in one.remarks else words.verdict(one),
    ]
    return "\n".join(lines)
