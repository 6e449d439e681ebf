"""``hotspotkaart papers``: what a municipality must be able to show about this program, from the settings in force."""

from datetime import date
from importlib.metadata import version
from pathlib import Path

import click

from dashboard.console import fail, settings_for
from dashboard.i18n import _
from dashboard.papers.paper import to_html, to_markdown
from dashboard.papers.write import papers

FORMS = {"md": to_markdown, "html": to_html}


@click.command("papers")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="De map waarin de stukken komen.")
@click.option(
    "--format", "form", type=click.Choice(list(FORMS)), default="html", show_default=True, help="Soort bestand."
)
def command(*, out: Path, form: str) -> None:
    """Schrijf de stukken voor het algoritmeregister, de DPIA en het verwerkingsregister."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for paper in papers(settings_for(None), today=date.today(), version=version("hotspotkaart")):
            path = out / f"{paper.name}.{form}"
            path.write_text(FORMS[form](paper), encoding="utf-8")
            click.echo(_("{path} gemaakt.", path=path))
    except OSError as error:
        fail(
            _(
                "In {folder} is niet te schrijven: {why}. Kies een map waar u mag schrijven.",
                folder=out,
                why=error.strerror,
            )
        )
