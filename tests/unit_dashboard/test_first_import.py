"""Every part of the program can be the first that is loaded: a command loads its own module before all others."""

import os
import subprocess
import sys

import pytest

from data.settings import Settings
from data.store import ReportStore

FORGET = """
import importlib, pkgutil, sys
import click

def forget():
    for name in [name for name in sys.modules if name.partition(".")[0] == "dashboard"]:
        del sys.modules[name]
"""
MODULES = """
import dashboard.{package}
for name in [found.name for found in pkgutil.walk_packages(dashboard.{package}.__path__, "dashboard.{package}.")]:
    forget()
    importlib.import_module(name)
    print(name)
"""
HELP = """
from dashboard.cli import COMMANDS

def told(command, context):
    print(context.command_path, len(command.get_help(context)))
    for name, below in getattr(command, "commands", {}).items():
        told(below, click.Context(below, info_name=name, parent=context))

for name in COMMANDS:
    forget()
    cli = importlib.import_module("dashboard.cli").cli
    top = click.Context(cli, info_name="hotspotkaart")
    command = cli.get_command(top, name)
    told(command, click.Context(command, info_name=name, parent=top))
"""


def said(code):
    done = subprocess.run([sys.executable, "-c", FORGET + code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("package", ["auth", "services"])
def test_every_module_can_be_the_first_that_is_loaded(package):
    assert len(said(MODULES.replace("{package}", package))) > 10


def test_every_command_gives_its_help_when_its_module_is_the_first_that_is_loaded():
    told = said(HELP)
    assert any(line.startswith("hotspotkaart user add ") for line in told) and len(told) > 40


def test_the_users_are_listed_by_the_command_as_it_is_started_from_a_shell(tmp_path):
    store = tmp_path / "stad.sqlite"
    ReportStore.open(Settings(store=str(store)).store).close()
    done = subprocess.run(
        [sys.executable, "-m", "dashboard.cli", "user", "list", "--store", store],
        env={**os.environ, "HOTSPOTKAART_AUDIT_KEY": str(tmp_path / "key")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Er zijn nog geen gebruikers" in done.stdout
