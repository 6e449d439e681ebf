"""``hotspotkaart analyse …``: one module per question."""

import click

from dashboard.commands.analyse import rates


@click.group("analyse")
def group() -> None:
    """Vragen aan de opgeslagen meldingen: cijfers met hun marge en waar ze op rusten."""


group.add_command(rates.command)
