"""The layers on a real dash page in Chromium: drawn in order, clickable, switchable, and safe."""

import json
import threading
from pathlib import Path

import dash
import dash_leaflet as dl
import pytest
from dash import ALL, Input, Output, Patch, ctx, html
from werkzeug.serving import make_server

from geo.crs import to_wgs84
from layers import build
from layers.leaflet import layer_id, to_leaflet
from layers.web import collection, paint

ASSETS = Path(__file__).parents[2] / "layers" / "static"
HOSTILE = "<img src=x onerror=window.hit=1>"


def _app(city):
    schools = city.schools.assign(name=HOSTILE)
    specs = [spec for spec in city.specs() if spec.id != "schools"]
    specs.append(
        build.points_layer(schools, id="schools", title="School", attribution="x", tooltips=list(schools["name"]))
    )
    xmin, ymin, xmax, ymax = city.buurten.total_bounds
    (west, east), (south, north) = to_wgs84([xmin, xmax], [ymin, ymax])
    app = dash.Dash("kaart", assets_folder=str(ASSETS), assets_ignore=r"^(?!map(\.js|_layers\.css)$).*")
    app.layout = html.Div(
        [
            dl.MapContainer(
                to_leaflet(specs, selected=""),
                id="map",
                center=[(south + north) / 2, (west + east) / 2],
                zoom=13,
                viewport={"bounds": [[south, west], [north, east]]},
                zoomSnap=0.25,
                style={"height": "700px"},
                attributionControl=False,
            ),
            html.Button("uit", id="off"),
            html.Pre("", id="clicked"),
        ]
    )

    @app.callback(
        Output(layer_id("hotspots"), "hideout"),
        Output("clicked", "children"),
        Input({"type": "layer", "id": ALL}, "clickData"),
        Input("off", "n_clicks"),
        prevent_initial_call=True,
    )
    def choose(_clicks, _off):
        patch = Patch()
        if ctx.triggered_id == "off":
            patch["visible"] = False
            return patch, "uit"
        properties = ctx.triggered[0]["value"]["properties"]
        patch["selected"] = properties["id"]
        return patch, json.dumps(properties)

    return app


@pytest.fixture(scope="module")
def address(city):
    server = make_server("127.0.0.1", 0, _app(city).server, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def shown(address, open_page):
    watched = open_page()
    watched.page.goto(address)
    watched.page.wait_for_selector("path.hk-hotspot")
    watched.page.wait_for_selector("path.hk-area")
    watched.page.wait_for_timeout(600)
    return watched


@pytest.mark.browser
def test_every_layer_is_drawn_in_its_own_pane_and_at_its_own_height(shown, city):
    page = shown.page
    assert page.locator("path.hk-area").count() == len(city.buurten)
    assert page.locator("path.hk-hotspot").count() == 3
    assert page.locator("path.hk-point").count() == len(city.schools) + len(city.stops)
    heights = page.eval_on_selector_all(
        ".leaflet-pane[class*='hk-z']",
        "all => all.map(e => [e.className.match(/hk-z(\\d+)/)[1], getComputedStyle(e).zIndex])",
    )
    assert len(heights) == len(city.specs())
    assert all(name == height for name, height in heights)
    assert [said for said in shown.complaints if "404" not in said] == []


@pytest.mark.browser
def test_areas_have_the_colour_of_their_class(shown, city):
    spec = city.areas()
    wanted = {key: spec.classes[i].fill for key, i in zip(spec.frame["key"], spec.frame["class"], strict=True)}
    drawn = dict(
        shown.page.eval_on_selector_all("path.hk-area", "all => all.map(e => [e.dataset.key, e.getAttribute('fill')])")
    )
    assert drawn == wanted


@pytest.mark.browser
def test_paint_colours_the_shapes_that_are_there_and_those_drawn_later(shown, city):
    page, spec = shown.page, city.areas()
    keys = list(spec.frame["key"])
    what = paint(spec) | {
        "fills": ["#010203", "#040506"],
        "classes": {key: i % 2 for i, key in enumerate(keys)},
        "texts": dict.fromkeys(keys, f"Anders\n{HOSTILE}"),
    }
    page.evaluate(
        "what => window.hotspotkaart.paint(window.hotspotkaart.mapIn(document.querySelector('.leaflet-container')), what)",
        what,
    )
    wanted = {key: what["fills"][i] for key, i in what["classes"].items()}
    fills = "all => Object.fromEntries(all.map(e => [e.dataset.key, e.getAttribute('fill')]))"
    assert page.eval_on_selector_all("path.hk-area", fills) == wanted
    page.locator(f"path.hk-area[data-key='{keys[0]}']").dispatch_event("mouseover")
    assert page.locator(".hk-tooltip").last.inner_text().splitlines() == ["Anders", HOSTILE]
    page.evaluate("() => window.dash_clientside.set_props({type: 'layer', id: 'areas'}, {data: {type: 'FeatureCollection', "
                  "features: []}})")  # fmt: skip
    page.wait_for_function("!document.querySelector('path.hk-area')")
    page.evaluate(
        "data => window.dash_clientside.set_props({type: 'layer', id: 'areas'}, {data: data})", collection(spec)
    )
    page.wait_for_selector("path.hk-area")
    assert page.eval_on_selector_all("path.hk-area", fills) == wanted
    assert not page.evaluate("() => window.hit")


@pytest.mark.browser
def test_a_click_names_the_hotspot_and_the_chosen_one_is_emphasised_without_sending_shapes(shown, city):
    page = shown.page
    second = city.result.hotspots[1].id
    plain = float(page.locator(f"path[data-key='{second}']").get_attribute("stroke-width"))
    with page.expect_response("**/_dash-update-component*") as answer:
        page.locator(".hk-number", has_text="2").click()
    page.wait_for_selector(".hk-chosen")
    assert json.loads(page.locator("#clicked").inner_text())["id"] == second
    assert page.locator(".hk-chosen").inner_text() == "2"
    page.mouse.move(5, 5)
    assert float(page.locator(f"path[data-key='{second}']").get_attribute("stroke-width")) > plain
    assert "coordinates" not in answer.value.text()


@pytest.mark.browser
def test_a_layer_is_switched_off_by_its_hideout_alone(shown):
    page = shown.page
    page.get_by_role("button", name="uit").click()
    page.wait_for_function("!document.querySelector('path.hk-hotspot')")
    assert page.locator(".hk-number").count() == 0
    assert page.locator("path.hk-area").count() > 0


@pytest.mark.browser
def test_markup_in_a_name_is_shown_and_not_executed(shown):
    page = shown.page
    page.locator("path.hk-point").first.hover(force=True)
    page.eval_on_selector_all(
        "path.hk-point", "all => all.forEach(e => e.dispatchEvent(new MouseEvent('mouseover', {bubbles: true})))"
    )
    page.wait_for_timeout(200)
    texts = page.locator(".hk-tooltip").all_inner_texts()
    assert HOSTILE in texts
    assert page.evaluate("window.hit") is None


@pytest.mark.browser
def test_no_shape_is_a_stop_for_the_keyboard(shown):
    states = shown.page.eval_on_selector_all(
        "path.leaflet-interactive, .hk-label",
        "all => all.map(e => [e.getAttribute('tabindex'), e.getAttribute('aria-hidden')])",
    )
    assert len(states) > 40
    assert {tuple(state) for state in states} == {("-1", "true")}
