"""What a command loads before it begins: seconds and memory that everybody waits for and pays."""

import subprocess
import sys

import pytest

HEAVY = ("sklearn", "scipy.stats", "numba", "dash")


@pytest.mark.parametrize("module", ["data.importing", "dashboard.cli"])
def test_what_only_few_need_is_not_loaded_by_all(module):
    told = f"import {module}, sys; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
