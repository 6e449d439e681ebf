"""What commands share: options, one-line failures, progress, opening the store."""

import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn

import click

from dashboard.i18n import N_, _, number
from data import settings as settings_module
from data.settings import Settings
from data.store import ReportStore

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


def open_store(settings: Settings) -> ReportStore:
    """The store of these settings; an unusable one is a StoreError with its way out."""
    return ReportStore.open(settings.store)


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


__all__ = ["REFUSED", "Progress", "_", "fail", "open_store", "settings_for", "store_option"]
