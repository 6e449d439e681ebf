"""What commands share: options, one-line failures, progress, opening the store."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from dashboard.i18n import N_, _, number
from data import settings as settings_module
from data.settings import Settings
from data.store import ReportStore

AnyCommand = TypeVar("AnyCommand", bound=click.Command)

REFUSED = 2  # exit code of a file or a request that was not taken


def store_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--store URL`` on a command."""
    return click.option(
        "--store",
        "store_url",
        metavar="URL",
        help=N_("Het bestand of de database met de meldingen, bijv. stad.sqlite of postgresql://…"),
    )(command)


def fail(sentence: str) -> NoReturn:
    """One line on stderr, exit code 2."""
    click.echo(" ".join(sentence.split()), err=True)
    sys.exit(REFUSED)


def settings_for(store_url: str | None) -> Settings:
    """Settings with the store given on the command line."""
    return settings_module.load(store=store_url)


def open_store(settings: Settings, *, make: bool = False) -> ReportStore:
    """The store of these settings; an unusable one is a StoreError with its way out.

    make: a store that is not there is made. Only for what fills one: elsewhere a mistyped name would answer "nothing".
    """
    return ReportStore.open(settings.store, must_exist=not make)


def translated(command: AnyCommand) -> AnyCommand:
    """A copy whose help, and that of its options and subcommands, is in the current language."""
    spoken = copy(command)
    spoken.help = _(command.help) if command.help else None
    spoken.params = [_translated_parameter(parameter) for parameter in command.params]
    if isinstance(spoken, click.Group):
        spoken.commands = {name: translated(below) for name, below in spoken.commands.items()}
    return spoken


def _translated_parameter(parameter: click.Parameter) -> click.Parameter:
    spoken = copy(parameter)
    spoken.metavar = _(parameter.metavar) if parameter.metavar else None
    if isinstance(spoken, click.Option):
        spoken.help = _(spoken.help) if spoken.help else None
    return spoken


def writable(file: Path) -> None:
    """A file that cannot be written ends the command, before the work is done."""
    folder = file.parent
    if not folder.is_dir():
        fail(_("{file}: de map {folder} bestaat niet. Maak haar eerst.", file=file, folder=folder))
    if file.is_dir() or not os.access(file if file.exists() else folder, os.W_OK):
        fail(_("{file}: hier mag niet worden geschreven. Kies een andere naam of map.", file=file))


class Progress:
    """How far a long job is: on a terminal one moving line, elsewhere a line per quarter. Short jobs say nothing."""

    QUIET_S = 1.0
    EVERY_S = 0.5

    def __init__(self, what: str) -> None:
        self._what = what
        self._start = self._last = time.monotonic()
        self._quarter = 0
        self._moving = sys.stderr.isatty()
        self._shown = False

    def __call__(self, share: float) -> None:
        """``share`` is 0..1."""
        now = time.monotonic()
        if now - self._start < self.QUIET_S:
            return
        if self._moving and now - self._last >= self.EVERY_S:
            self._last, self._shown = now, True
            click.echo(f"\r{self._what}: {number(100 * share)}% ", nl=False, err=True)
        elif not self._moving and int(share * 4) > self._quarter:
            self._quarter = int(share * 4)
            click.echo(f"{self._what}: {number(25 * self._quarter)}%", err=True)

    def done(self) -> None:
        """Leave the terminal's line clean."""
        if self._shown:
            click.echo("\r" + " " * (len(self._what) + 8) + "\r", nl=False, err=True)


@contextmanager
def working(what: str) -> Iterator[Progress]:
    """Progress of a long job; the terminal's line is clean afterwards, also when the user breaks it off."""
    progress = Progress(what)
    try:
        yield progress
    finally:
        progress.done()


__all__ = [
    "REFUSED",
    "Progress",
    "_",
    "fail",
    "open_store",
    "settings_for",
    "store_option",
    "translated",
    "working",
    "writable",
]
