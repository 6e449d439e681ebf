"""The command ``hotspotkaart``: thin commands over the same services as the page."""

import os
import sys
from importlib import import_module
from itertools import pairwise
from typing import Any, Final

import click

from dashboard import i18n
from dashboard.console import REFUSED, fail, translated
from dashboard.i18n import _
from data.reasons import Explained

# Loaded when asked for: importing a file need not wait for the web page's libraries.
COMMANDS: Final = {
    "areas": "areas:group",
    "layer": "layer:group",
    "calendar": "calendar:group",
    "reports": "reports:group",
    "hotspots": "hotspots:command",
    "analyse": "analyse:group",
    "review": "review:group",
    "snapshot": "snapshot:command",
    "publish": "publish:group",
    "retention": "retention:command",
    "backup": "backup:backup",
    "restore": "backup:restore",
    "audit": "audit:group",
    "papers": "papers:command",
    "user": "user:group",
    "serve": "serve:command",
    "demo": "demo:command",
}


class Commands(click.Group):
    """The commands. Foreseen errors are one clear line on stderr and exit code 2, never a traceback."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the arguments; help that is asked for here is in the language that stands among them."""
        with i18n.use(_asked_language(args)):
            return click.Group.make_context(translated(self), info_name, args, parent, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order of a first use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command, its module loaded now, its help in the current language."""
        if cmd_name not in COMMANDS:
            return None
        module, _colon, name = COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(import_module(f"dashboard.commands.{module}"), name)
        return translated(found)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command in the chosen language."""
        with i18n.use(str(ctx.params.get("language") or "nl")):
            try:
                return super().invoke(ctx)
            except Explained as error:
                fail(_(error.sentence, **error.fields))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--language", type=click.Choice(i18n.LANGUAGES), envvar="HOTSPOTKAART_LANGUAGE", help="Taal: nl (standaard) of en."
)
@click.version_option(package_name="hotspotkaart", help="Toon de versie.")
def cli(language: str | None) -> None:
    """Waar en wanneer straatintimidatie zich concentreert, hoe zeker dat is, en wat er in de buurt is."""


def main() -> None:
    """Entry point. A mistake in the command is one line on stderr and exit code 2, in the reader's language.

    Output is UTF-8 whatever the terminal says, so that a name never stops a command.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    i18n.speak_on_console(_asked_language(sys.argv))
    try:
        sys.exit(cli.main(prog_name="hotspotkaart", standalone_mode=False))
    except click.exceptions.NoArgsIsHelpError as error:  # nothing is wrong with one line: it asks for the next word
        click.echo(error.format_message(), err=True)
        sys.exit(REFUSED)
    except click.UsageError as error:
        fail(f"{error.format_message()} {_hint(error)}")
    except click.ClickException as error:
        fail(error.format_message())
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)


def _asked_language(arguments: list[str]) -> str:
    """The language before anything is parsed: mistakes in the command itself are told in it too."""
    for argument, after in pairwise([*arguments, ""]):
        if argument == "--language":
            return after
        if argument.startswith("--language="):
            return argument.partition("=")[2]
    return os.environ.get("HOTSPOTKAART_LANGUAGE", "nl")


def _hint(error: click.UsageError) -> str:
    return f"({error.ctx.command_path} --help)" if error.ctx else ""


if __name__ == "__main__":
    main()
