"""The rules of the house, held by machine: arrows, lock, documentation, reasons beside exceptions, file sizes."""

import re
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import click
import pytest

from dashboard.cli import cli
from data.settings import Settings

ROOT = Path(__file__).parents[2]
ROOMS = ("geo", "data", "layers", "dashboard")
SOURCES = sorted(p for room in ROOMS for p in (ROOT / room).rglob("*.py"))
TRACKED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")


def test_the_arrows_between_the_rooms_hold():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_lock_names_no_address_and_hashes_everything():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock and "file:" not in lock and "index-url" not in lock
    pins = re.split(r"\n(?=[a-z0-9])", lock.strip())
    assert len(pins) > 50
    assert [pin.split("==")[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_every_declared_dependency_is_in_the_lock():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = {re.split(r"[\[>=<]", entry)[0].lower() for entry in wanted}
    locked = set(re.findall(r"^([a-z0-9-]+)==", lock, flags=re.MULTILINE))
    assert names - locked == set()


def test_every_setting_is_documented_with_its_default():
    page = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    for field in fields(Settings):
        assert f"| `{field.name}` |" in page, f"{field.name} is missing in docs/reference/settings.md"
        if field.name != "store":
            row = next(line for line in page.splitlines() if line.startswith(f"| `{field.name}` |"))
            shown = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
            assert f"`{shown}`" in row or (shown == "" and "empty" in row), row


def commands(group: click.Group, prefix: str = "hotspotkaart"):
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}", command


def test_there_are_commands_to_document():
    assert len(list(commands(cli))) >= 7


@pytest.mark.parametrize(("name", "command"), list(commands(cli)))
def test_every_command_and_option_is_documented(name, command):
    page = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    start = page.find(f"## `{name}`")
    assert start >= 0, f"{name} is missing in docs/reference/commands.md"
    section = page[start:].split("\n## ")[0]
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            longest = max(parameter.opts, key=len)
            assert f"`{longest}" in section, f"{name} {longest} is missing in docs/reference/commands.md"


def test_every_runtime_dependency_has_a_line_that_says_why():
    page = (ROOT / "docs/reference/dependencies.md").read_text(encoding="utf-8").lower()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for entry in project["project"]["dependencies"]:
        name = re.split(r"[\[>=<]", entry)[0].lower()
        assert f"| {name} |" in page, f"{name} has no line in docs/reference/dependencies.md"


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_is_one_room_that_can_be_read_in_one_go(path):
    assert path.read_text(encoding="utf-8").count("\n") <= 450


def test_every_silenced_rule_has_its_reason_beside_it():
    silent = re.compile(r"#\s*(noqa(:[ A-Z0-9,]+)?|type: ignore(\[[^\]]*\])?)\s*$")
    bare = [
        f"{path.relative_to(ROOT)}:{i}"
        for path in SOURCES
        for i, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if silent.search(line)
    ]
    assert bare == []


def test_nothing_in_the_repository_is_real_data_or_a_path_of_one_machine():
    home = str(Path.home())
    found = []
    for name in filter(None, TRACKED):
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".lock", ".yml", ".js", ".css", ".po", ""} and path.is_file():
            text = path.read_text(encoding="utf-8")
            if f"{ROOT.parent}/" in text or (home != "/" and f"{home}/" in text):
                found.append(name)
        assert path.suffix not in {".sqlite", ".gpkg", ".xlsx"}, name
    assert found == []
