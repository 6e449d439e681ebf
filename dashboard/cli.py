"""The command ``hotspotkaart``: thin commands over the same services as the page."""

import sys
from typing import Any

import click

from dashboard import i18n
from dashboard.commands import areas, demo, hotspots, layer, reports, serve, snapshot
from dashboard.console import fail
from dashboard.i18n import _
from data.reasons import UserError


class Group(click.Group):
    """A group whose foreseen errors are one clear line on stderr and exit code 2, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command in the chosen language."""
        try:
            with i18n.use(str(ctx.params.get("language") or "nl")):
                return super().invoke(ctx)
        except UserError as error:
            fail(_(error.sentence, **error.fields))


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--language", type=click.Choice(i18n.LANGUAGES), envvar="HOTSPOTKAART_LANGUAGE", help="Taal: nl (standaard) of en."
)
@click.version_option(package_name="hotspotkaart")
def cli(language: str | None) -> None:
    """Waar en wanneer straatintimidatie zich concentreert, hoe zeker dat is, en wat er in de buurt is."""


for command in (
    areas.group,
    layer.group,
    reports.group,
    hotspots.command,
    snapshot.command,
    serve.command,
    demo.command,
):
    cli.add_command(command)


def main() -> None:
    """Entry point. Output is UTF-8 whatever the terminal says, so that a name never stops a command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    cli(prog_name="hotspotkaart")


if __name__ == "__main__":
    main()
