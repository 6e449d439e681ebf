"""The built wheel does the main job from an empty environment and another folder."""

import json
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(*command, cwd):
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_installed_elsewhere_goes_from_a_file_to_hotspots_and_a_snapshot(tmp_path):
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT, cwd=tmp_path)
    [wheel] = tmp_path.glob("*.whl")
    run(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
    python = tmp_path / "venv/bin/python"
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=tmp_path)
    # Dependencies are lent by the environment that runs the tests; a path entry does not bring its editable install.
    [site] = (tmp_path / "venv").glob("lib/python*/site-packages")
    (site / "lent.pth").write_text(sysconfig.get_paths()["purelib"])
    where = run(python, "-c", "import geo; print(geo.__file__)", cwd=tmp_path).strip()
    assert where.startswith(str(tmp_path))
    command = tmp_path / "venv/bin/hotspotkaart"
    store = tmp_path / "stad.sqlite"
    run(command, "demo", "--files", tmp_path / "demo", cwd=tmp_path)
    run(
        command,
        "areas",
        "import",
        tmp_path / "demo/buurten.geojson",
        "--level",
        "buurt",
        "--store",
        store,
        cwd=tmp_path,
    )
    told = run(command, "reports", "import", tmp_path / "demo/meldingen.csv", "--store", store, "--json", cwd=tmp_path)
    counts = json.loads(told)
    assert counts["read"] == sum(counts[key] for key in ("accepted", "quarantined", "duplicates", "withdrawn"))
    found = json.loads(run(command, "hotspots", "--store", store, "--json", cwd=tmp_path))
    assert len(found["hotspots"]) >= 5
    run(command, "snapshot", "--store", store, "--format", "png", "--out", tmp_path / "kaart.png", cwd=tmp_path)
    assert (tmp_path / "kaart.png").read_bytes().startswith(b"\x89PNG")
