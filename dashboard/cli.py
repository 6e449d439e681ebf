"""The command ``hotspotkaart``: thin commands over the same services as the page."""

import os
import sys
from copy import copy
from importlib import import_module
from itertools import pairwise
from typing import Any, Final, TypeVar

import click

from dashboard import i18n
from dashboard.console import fail
from dashboard.i18n import _
from data.reasons import UserError

# Loaded when asked for: importing a file need not wait for the web page's libraries.
COMMANDS: Final = {
    "areas": "areas:group",
    "layer": "layer:group",
    "reports": "reports:group",
    "hotspots": "hotspots:command",
    "analyse": "analyse:group",
    "review": "review:group",
    "snapshot": "snapshot:command",
    "audit": "audit:group",
    "serve": "serve:command",
    "demo": "demo:command",
}


AnyCommand = TypeVar("AnyCommand", bound=click.Command)


class Commands(click.Group):
    """The commands. Foreseen errors are one clear line on stderr and exit code 2, never a traceback."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the arguments; help that is asked for here is in the language that stands among them."""
        with i18n.use(_asked_language(args)):
            return click.Group.make_context(_translated(self), info_name, args, parent, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order of a first use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command, its module loaded now, its help in the current language."""
        if cmd_name not in COMMANDS:
            return None
        module, _colon, name = COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(import_module(f"dashboard.commands.{module}"), name)
        return _translated(found)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command in the chosen language."""
        with i18n.use(str(ctx.params.get("language") or "nl")):
            try:
                return super().invoke(ctx)
            except UserError as error:
                fail(_(error.sentence, **error.fields))


def _translated(command: AnyCommand) -> AnyCommand:
    """A copy whose help, and that of its options and subcommands, is in the current language."""
    spoken = copy(command)
    spoken.help = _(command.help) if command.help else None
    spoken.params = [_translated_parameter(parameter) for parameter in command.params]
    if isinstance(spoken, click.Group):
        spoken.commands = {name: _translated(below) for name, below in spoken.commands.items()}
    return spoken


def _translated_parameter(parameter: click.Parameter) -> click.Parameter:
    spoken = copy(parameter)
    spoken.metavar = _(parameter.metavar) if parameter.metavar else None
    if isinstance(spoken, click.Option):
        spoken.help = _(spoken.help) if spoken.help else None
    return spoken


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
