"""bandit finds nothing in the product, run as ``make harden`` runs it."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_bandit_finds_nothing_run_as_make_harden_runs_it():
    recipe = re.search(r"^harden:.*\n(?:\t.*\n)*", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    [line] = [line for line in recipe.group().splitlines() if "bandit " in line and line.startswith("\t")]
    program, *arguments = shlex.split(line)
    assert program == "$(BIN)/bandit" and {"geo", "data", "layers", "dashboard"} <= set(arguments)
    command = [Path(sys.executable).parent / "bandit", *arguments, "--format", "json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["results"] == [] and told["errors"] == []
    assert len(told["metrics"]) > 200, "every file of the product was read"
