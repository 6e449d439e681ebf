"""The whole way: a CSV through the store to a label on the page, the same hotspot in the PNG's facts and the HTML."""

import json
import sys

import numpy as np
import pytest
from playwright.sync_api import expect

from dashboard import cli
from dashboard.services import services_for
from data.settings import Settings
from data.store import ReportStore
from geo.crs import to_wgs84

CENTRE = (106_412.0, 425_533.0)  # in buurt Lijnbaan


@pytest.fixture
def hotspotkaart(monkeypatch, capsys):
    """Run a command in this process; it must succeed. Gives its stdout."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["hotspotkaart", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        out, err = capsys.readouterr()
        assert not stopped.value.code, err
        return out

    return run


def planted_csv(path):
    """Forty reports around one corner and sixty strewn over the inner city, in eight months of 2025."""
    rng = np.random.default_rng(4)
    points = np.vstack([rng.normal(CENTRE, 18, (40, 2)), rng.uniform([103_500, 422_500], [108_000, 426_000], (60, 2))])
    lon, lat = to_wgs84(points[:, 0], points[:, 1])
    rows = [
        f"M{i:03d};{1 + i % 28:02d}-{1 + i % 8:02d}-2025;{15 + i % 3}:{i % 60:02d};{lat[i]:.6f};{lon[i]:.6f};nafluiten"
        for i in range(len(points))
    ]
    path.write_text("\n".join(["kenmerk;datum;tijd;lat;lon;categorie", *rows]), encoding="utf-8")


def test_one_hotspot_from_a_csv_is_the_same_on_the_page_in_the_png_and_in_the_offline_html(
    hotspotkaart, demo_files, tmp_path, chromium, new_page, served_over
):
    store, reports = tmp_path / "stad.sqlite", tmp_path / "meldingen.csv"
    planted_csv(reports)
    hotspotkaart("areas", "import", demo_files / "buurten.geojson", "--level", "buurt", "--store", store)
    for kind, name in (("schools", "schools.csv"), ("stops", "stops.csv"), ("routes", "routes.geojson")):
        hotspotkaart("layer", "import", demo_files / name, "--kind", kind, "--store", store)
    told = json.loads(hotspotkaart("reports", "import", reports, "--store", store, "--json"))
    assert told["accepted"] >= 80
    [found] = json.loads(hotspotkaart("hotspots", "--store", store, "--json"))["hotspots"]
    assert found["n"] >= 38 and found["buurt"]["name"] == "Lijnbaan"
    assert np.hypot(found["centre"]["x"] - CENTRE[0], found["centre"]["y"] - CENTRE[1]) < 15

    settings = Settings(store=str(store))
    with ReportStore.open(settings.store) as opened, served_over(opened, settings) as url:
        page = new_page(url)
        row = page.locator(f'.ag-center-cols-container [row-id="{found["id"]}"]')
        row.wait_for()
        assert "Lijnbaan" in row.inner_text() and str(found["n"]) in row.inner_text()
        page.locator(".leaflet-container").get_by_text("1", exact=True).first.wait_for()
        assert page.seen.complaints == []

    hotspotkaart("snapshot", "--store", store, "--format", "png", "--out", tmp_path / "kaart.png")
    facts = json.loads((tmp_path / "kaart.png.json").read_text(encoding="utf-8"))
    [published] = facts["hotspots"]
    assert published["id"] == found["id"] and published["buurt"] == "Lijnbaan"
    assert published["n"] == 5 * round(found["n"] / 5)

    hotspotkaart("snapshot", "--store", store, "--format", "html", "--out", tmp_path / "kaart.html")
    context = chromium.new_context(offline=True)
    page, asked = context.new_page(), []
    page.on("request", lambda r: asked.append(r.url))
    page.goto((tmp_path / "kaart.html").as_uri())
    page.get_by_text(found["id"]).first.wait_for()
    expect(page.get_by_text(f"± {published['n']}").first).to_be_visible()
    expect(page.locator("path.leaflet-interactive").first).to_be_attached()
    assert [u for u in asked if not u.startswith(("file:", "data:", "blob:"))] == []
    context.close()


def test_the_store_the_page_reads_is_the_one_the_commands_wrote(hotspotkaart, demo_files, tmp_path):
    store, reports = tmp_path / "stad.sqlite", tmp_path / "meldingen.csv"
    planted_csv(reports)
    hotspotkaart("areas", "import", demo_files / "buurten.geojson", "--level", "buurt", "--store", store)
    hotspotkaart("reports", "import", reports, "--store", store)
    from dashboard.state import FilterState
    from data.viewer import LOCAL_ANALYST

    told = json.loads(hotspotkaart("hotspots", "--store", store, "--json"))
    with ReportStore.open(str(store)) as opened:
        view = services_for(opened, Settings(store=str(store))).map.overview(LOCAL_ANALYST, FilterState())
    assert [(h.id, h.n, h.n_core) for h in view.shown] == [(h["id"], h["n"], h["n_core"]) for h in told["hotspots"]]
