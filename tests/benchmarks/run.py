"""``make bench``: one table, ours against peers on the same data in the same run. ``--scale 0.1`` for a quick look.

Ratios are what counts: machines are shared and noisy. A case that a peer cannot finish says so, and a figure that does
not reach its target says MISSED; the targets are for scale 1.
"""

import argparse
import os
import sys
import tempfile
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.measure import table

CASES = ("clustering", "joining", "testing", "importing")
LINES = ("starting", "page")  # these measure by themselves


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="1 is a million reports")
    parser.add_argument("--group", choices=[*CASES, *LINES], help="only this group")
    parser.add_argument("--only", default="", help="only cases whose name holds this text")
    given = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, scale {given.scale:g}\n", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for group in [g for g in (*CASES, *LINES) if given.group in (None, g)]:
            module = import_module(f"tests.benchmarks.{group}")  # here: a fresh process imports this file too
            if group in LINES:
                for line in module.lines(given.scale, Path(folder)):
                    print(line, flush=True)
                continue
            for case in module.cases(given.scale, Path(folder)):
                if given.only in case.name:
                    print("\n".join(table(case)), flush=True)


if __name__ == "__main__":
    main()
