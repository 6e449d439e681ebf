"""Other settings than the one in use: how many hotspots each gives, and whether the city chains together."""

from typing import Any

import pandas as pd
from dash import html

from dashboard.components.aria import aria
from dashboard.i18n import _, _n, number, percent
from geo import advice, stability
from geo.hotspots import HotspotParams
from geo.stability import Sweep


def sweep_table(swept: Sweep, *, params: HotspotParams, density_per_m2: float) -> Any:
    """Distances downwards, min_samples across; the setting in use is marked where it is among them.

    density_per_m2: the advice's background, so that μ is the same figure here as there.
    """
    table = swept.table
    least = sorted(int(m) for m in table["min_samples"].unique())
    rows = [
        _row(table[table["eps_m"] == eps], params, mu=stability.mu(density_per_m2, eps_m=eps))
        for eps in sorted(set(table["eps_m"].tolist()))
    ]
    head = html.Tr(
        [
            html.Th([_("Afstand"), html.Small(_("toevallige buren μ"))], scope="col"),
            *(html.Th(_("min. {n}", n=n), scope="col", className="hk-num") for n in least),
        ]
    )
    return html.Table(
        [
            html.Thead(head),
            html.Tbody(rows),
        ],
        className="hk-figures-table hk-sweep",
        **aria(label=_("Andere instellingen")),
    )  # fmt: skip


def _row(rows: pd.DataFrame, params: HotspotParams, *, mu: float) -> Any:
    eps = float(rows["eps_m"].iloc[0])
    chains = mu >= advice.MU_CHAINS
    head = html.Th(
        [
            _("{m} m", m=number(eps)),
            html.Small(
                [_("μ {mu}", mu=number(mu, 1)), html.Em(_("rijgt aaneen"), className="hk-tag") if chains else None]
            ),
        ],
        scope="row",
    )
    return html.Tr([head, *(_cell(cell, eps, params) for cell in rows.sort_values("min_samples").itertuples())])


def _cell(cell: Any, eps: float, params: HotspotParams) -> Any:
    used = eps == params.eps_m and int(cell.min_samples) == params.min_samples
    parts = _(
        "{share} · grootste {largest}", share=percent(cell.share_in_hotspots), largest=percent(cell.largest_share)
    )
    return html.Td(
        [
            html.Strong(number(cell.n_hotspots)),
            html.Small(parts),
            html.Em(_("in gebruik"), className="hk-tag hk-tag-used") if used else None,
        ],
        className="hk-num hk-used" if used else "hk-num",
        title=_n("{n} hotspot", "{n} hotspots", int(cell.n_hotspots)),
        **(aria(current="true") if used else {}),
    )
