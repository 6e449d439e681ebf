"""``hotspotkaart analyse opinion``: does HDBSCAN, which needs no distance, see the same places."""

from typing import Final

import click

from dashboard.commands.analyse.common import Found, Question, find, question, share, table, tell
from dashboard.console import fail
from dashboard.figures import where
from dashboard.i18n import N_, _, _n, number
from geo import opinion
from geo.dbscan import NOISE
from geo.opinion import Agreement
from geo.stability import FOUND_AGAIN, SWALLOWED

SEES: Final = N_("ziet deze plek ook")
LARGER: Final = N_("ziet haar als deel van iets groters")
NOT: Final = N_("ziet hier geen plek")


@click.command("opinion")
@question()
def command(asked: Question) -> None:
    """Een tweede mening: ziet HDBSCAN, dat geen afstand vraagt, dezelfde plekken."""
    found = find(asked, what=_("een tweede mening"))
    if len(found.clustered) > opinion.MOST_REPORTS:
        fail(
            _(
                "Een tweede mening gaat tot {most} meldingen; dit zijn er {n}. Kies met --from en --to een kortere periode.",
                most=number(opinion.MOST_REPORTS),
                n=number(len(found.clustered)),
            )
        )
    smallest = max(found.result.params.min_samples, 2)
    labels = opinion.of_reports(found.clustered, min_cluster_size=smallest)
    agreed = {one.label: one for one in opinion.agreement(found.labels, found.core, labels)}
    n_clusters = int(labels.max(initial=NOISE)) + 1
    if asked.as_json:
        told = [{"id": h.id} | _figures(agreed[h.label]) for h in found.result.hotspots]
        tell(found.facts() | {"min_cluster_size": smallest, "clusters": n_clusters, "hotspots": told})
    else:
        _show(found, agreed, n_clusters=n_clusters, smallest=smallest)


def _figures(one: Agreement) -> dict[str, object]:
    return {
        "n": one.n,
        "n_core": one.n_core,
        "share": one.share,
        "other_n": one.other_n,
        "agrees": verdict(one) == SEES,
    }


def verdict(one: Agreement) -> str:
    """What HDBSCAN makes of a hotspot, in words. Found again and swallowed mean what they do in a sweep."""
    if one.share < FOUND_AGAIN:
        return NOT
    return LARGER if one.other_n > SWALLOWED * one.n else SEES


def _show(found: Found, agreed: dict[int, Agreement], *, n_clusters: int, smallest: int) -> None:
    n = sum(verdict(one) == SEES for one in agreed.values())
    click.echo(
        _n(
            "HDBSCAN ziet {same} van de {n} hotspot ook.",
            "HDBSCAN ziet {same} van de {n} hotspots ook.",
            len(agreed),
            same=number(n),
        )
        + " "
        + _n(
            "Zelf vindt het {n} groep van minstens {least} meldingen.",
            "Zelf vindt het {n} groepen van minstens {least} meldingen.",
            n_clusters,
            least=number(smallest),
        )
    )
    rows = []
    for h in found.result.hotspots:
        one = agreed[h.label]
        rows.append([h.id, where(h), number(h.n), share(one.share), number(one.other_n), _(verdict(one))])
    if rows:
        told = [_("hotspot"), _("waar"), _("meldingen"), _("samen"), _("groep"), "HDBSCAN"]
        table(told, rows, left=(0, 1, 5))
        click.echo(
            _("Samen: deel van de kernmeldingen in één groep van HDBSCAN; groep: hoeveel meldingen die groep telt.")
        )
