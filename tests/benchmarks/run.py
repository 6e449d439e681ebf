"""``make bench``: one table, ours against peers on the same data in the same run. ``--scale 0.1`` for a quick look.

Ratios are what counts: machines are shared and noisy. A case that a peer cannot finish says so.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks import clustering, importing, joining, page, testing
from tests.benchmarks.measure import table

GROUPS = {
    "clustering": lambda scale, folder: clustering.cases(scale),
    "joining": lambda scale, folder: joining.cases(scale),
    "testing": lambda scale, folder: testing.cases(scale),
    "importing": importing.cases,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="1 is a million reports")
    parser.add_argument("--group", choices=[*GROUPS, "page"], help="only this group")
    parser.add_argument("--only", default="", help="only cases whose name holds this text")
    given = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, scale {given.scale:g}\n", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for group in [g for g in GROUPS if given.group in (None, g)]:
            for case in GROUPS[group](given.scale, Path(folder)):
                if given.only in case.name:
                    print("\n".join(table(case)), flush=True)
        if given.group in (None, "page"):
            for line in page.lines(given.scale, folder):
                print(line, flush=True)


if __name__ == "__main__":
    main()
