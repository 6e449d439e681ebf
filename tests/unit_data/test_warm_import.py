"""After warming up nobody waits for a compiler at a first large import either."""

import subprocess
import sys

LATER = """
from data import suspect_loops
from data.sources import loops
from data.sources.delimited import read_delimited
from data.suspects import suspects
from data.warm import warm_up

def compiled():
    return {name: len(f.signatures) for part in (loops, suspect_loops) for name, f in vars(part).items() if hasattr(f, "signatures") and name[0] != "_"}

warm_up()
before = compiled()
assert len(before) >= 5 and all(before.values()), before
for end in ("\\n", "\\r\\n"):
    for last in ("", end):
        rows = [f'{i};"{i % 300}";{i / 7:.3f};tekst {i}, {"x" * 90}' + (";" if i % 9 else ";é") for i in range(30_000)]
        read_delimited((end.join(["a;b;c;d;e", *rows]) + last).encode(), name="a.csv")
suspects(["Jan zag 06 12345678", "", "één"] * 1_000)
print({name: (before[name], n) for name, n in compiled().items() if n != before[name]})
"""


def test_every_compiled_loop_of_an_import_is_ready_after_warming_up():
    done = subprocess.run([sys.executable, "-c", LATER], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.strip() == "{}"
