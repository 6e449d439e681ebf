"""The standalone page: everything in it, nothing outside it, and no text that turns into code."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from matplotlib.image import imread

from layers import build
from layers.remote import RemoteReference, refuse_remote
from layers.sheet import Row
from layers.standalone import to_html

HOSTILE = "</script><img src=x onerror=window.hit=1>{{ 7*191 }}{% raw %}`${window.hit=2}`"


@pytest.fixture(scope="module")
def page_file(city, tmp_path_factory):
    file = tmp_path_factory.mktemp("page") / "kaart.html"
    file.write_bytes(to_html(city.specs(), city.sheet(label_zoom_in="Inzoomen")))
    return file


@pytest.fixture
def shown(page_file, open_page):
    watched = open_page(offline=True)
    watched.page.goto(page_file.as_uri())
    watched.page.wait_for_selector("path.hk-hotspot")
    return watched


@pytest.mark.browser
def test_the_page_opens_offline_and_asks_for_nothing(shown, page_file, city):
    page = shown.page
    page.wait_for_timeout(300)
    assert shown.requests == [page_file.as_uri()]
    assert shown.complaints == []
    assert page.locator("path.hk-hotspot").count() == len(city.result.hotspots)
    assert page.locator(".hk-number").all_inner_texts() == ["3", "2", "1"]
    assert page.locator("path.hk-area").count() == len(city.buurten)
    assert page.title() == "Hotspots straatintimidatie"
    assert page.locator("html").get_attribute("lang") == "nl"


@pytest.mark.browser
def test_ids_places_figures_method_and_sources_can_be_read_on_the_page(shown, city):
    text = shown.page.locator("body").inner_text()
    for hotspot in city.result.hotspots:
        assert hotspot.id in text
        assert f"Plein {hotspot.rank}, Middenstad" in text
    sheet = city.sheet()
    for part in (sheet.subtitle, sheet.method, *sheet.sources, *sheet.notes, sheet.footer, sheet.badge):
        assert part in text
    assert shown.page.get_by_text("Oosterpoort").is_visible()
    assert shown.page.locator(".leaflet-control-scale-line").inner_text().endswith("m")
    assert shown.page.locator(".north").inner_text() == "N"


@pytest.mark.browser
def test_layers_can_be_switched_off_and_on(shown):
    page = shown.page
    box = page.get_by_label("Hotspot", exact=True)
    box.uncheck()
    assert page.locator("path.hk-hotspot").count() == 0
    box.check()
    assert page.locator("path.hk-hotspot").count() == 3


@pytest.mark.browser
def test_list_and_map_are_linked_both_ways(shown, city):
    page = shown.page
    first = city.result.hotspots[0].id
    page.locator(f"button[data-key='{first}']").focus()
    page.keyboard.press("Enter")
    assert page.locator(".hk-chosen").inner_text() == "1"
    page.wait_for_timeout(600)
    # from the list the map flies to the hotspot: it is in the middle now
    frame, spot = page.locator("main").bounding_box(), page.locator(f"path[data-key='{first}']").bounding_box()
    assert spot["x"] + spot["width"] / 2 == pytest.approx(frame["x"] + frame["width"] / 2, abs=40)
    page.reload()
    page.wait_for_selector(".hk-number")
    page.wait_for_timeout(400)
    page.locator(".hk-number", has_text="2").click()
    chosen = page.locator(".ranked button[aria-current='true']")
    assert chosen.get_attribute("data-key") == city.result.hotspots[1].id
    page.wait_for_timeout(500)  # the tooltip of the shape that was redrawn has faded
    assert page.locator(".hk-tooltip strong").all_inner_texts() == ["Hotspot 2"]


@pytest.mark.browser
def test_no_shape_on_the_map_is_a_stop_for_the_keyboard(shown):
    page = shown.page
    seen = []
    for _ in range(25):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.tagName + '.' + document.activeElement.className"))
    assert {name.split(".")[0] for name in seen} <= {"A", "INPUT", "BUTTON", "DIV", "BODY"}
    assert any(name.startswith("BUTTON") for name in seen)


@pytest.mark.browser
def test_on_a_phone_map_list_and_legend_stand_below_each_other_and_nothing_sticks_out(page_file, open_page):
    watched = open_page(390, 844, offline=True)
    page = watched.page
    page.goto(page_file.as_uri())
    page.wait_for_selector("path.hk-hotspot")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    tops = [page.locator(name).bounding_box()["y"] for name in ("main", ".ranked", ".legend", "footer")]
    assert tops == sorted(tops)
    frame = page.locator("main").bounding_box()
    for spot in page.locator("path.hk-hotspot").all():
        box = spot.bounding_box()
        assert frame["x"] <= box["x"] and box["x"] + box["width"] <= frame["x"] + frame["width"]


@pytest.mark.browser
def test_hostile_names_stay_text_on_map_list_and_title(city, open_page, tmp_path):
    schools = city.schools.assign(name=HOSTILE)
    specs = [
        city.areas(title=HOSTILE, tooltips=[HOSTILE] * len(city.buurten)),
        build.points_layer(schools, id="schools", title=HOSTILE, attribution="x", tooltips=list(schools["name"])),
        city.hotspots(tooltips={h.id: HOSTILE for h in city.result.hotspots}),
        build.names_layer(city.wijken, title="Namen", attribution="x", names=[HOSTILE] * 3),
    ]
    row = Row(rank="1", key=city.result.hotspots[0].id, place=HOSTILE, n=HOSTILE, detail=HOSTILE)
    sheet = city.sheet(
        title=HOSTILE, subtitle=HOSTILE, rows=(row,), method=HOSTILE, footer=HOSTILE, lang='nl" onload="'
    )
    file = tmp_path / "kaart.html"
    file.write_bytes(to_html(specs, replace(sheet, badge=HOSTILE, label_zoom_in=HOSTILE, notes=(HOSTILE,))))
    watched = open_page(offline=True)
    page = watched.page
    page.goto(file.as_uri())
    page.wait_for_selector("path.hk-hotspot")
    page.locator("path.hk-hotspot").first.hover(force=True)
    page.wait_for_timeout(300)
    assert page.locator(".hk-tooltip").inner_text() == HOSTILE
    assert page.locator("h1").inner_text() == HOSTILE
    assert page.locator(".place").first.inner_text().startswith(HOSTILE)
    assert page.evaluate("window.hit") is None
    assert watched.complaints == []
    assert len(watched.requests) == 1


def test_the_page_holds_no_address_and_only_hashed_scripts(page_file):
    html = page_file.read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html).group(1)
    assert policy.startswith("default-src 'none'")
    assert "unsafe-inline" not in policy.split("script-src")[1]
    assert len(re.findall("'sha256-", policy)) == len(re.findall("<script>", html)) == 5
    assert "cdn" not in html
    assert "sourceMappingURL" not in html
    assert len(html) < 300_000


def test_leaflets_licence_is_kept_with_it(page_file):
    html = page_file.read_text(encoding="utf-8")
    assert "(c) 2010-2023 Vladimir Agafonkin" in html


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="https://example.org/x.png">',
        "<script src=//example.org/x.js></script>",
        '<link rel="stylesheet" href="page.css">',
        '<a href="http://example.org">bron</a>',
        "<style>@import 'x.css';</style>",
        "<style>p { background: url(x.png) }</style>",
        '<p style="background: URL( http://example.org/x.png )">',
        '<form action="https://example.org"></form>',
        '<svg><image xlink:href="https://example.org/x.png"/></svg>',
        '<iframe srcdoc=""></iframe>',
    ],
)
def test_a_page_that_points_outside_itself_is_refused(markup):
    with pytest.raises(RemoteReference):
        refuse_remote(f"<!DOCTYPE html><html><body>{markup}</body></html>")


def test_an_address_in_plain_text_is_no_reference():
    plain = "<p>Bron: https://example.org, url(x.png), src=&quot;http://example.org&quot;</p><img src='data:,'>"
    assert refuse_remote(plain) is None
    with pytest.raises(RemoteReference):
        refuse_remote(plain.replace("data:,", "https://example.org/x.png"))


def test_every_hotspot_is_listed_and_without_hotspots_the_page_says_so(city):
    rows = tuple(Row(rank=str(i), key=f"H{i}-1", place=f"Plein {i}", n="10") for i in range(1, 31))
    assert to_html(city.specs(), city.sheet(rows=rows)).count(b'data-key="H') == 30
    none = to_html(city.specs()[:3], city.sheet(rows=(), empty="Geen hotspot om te tonen.")).decode()
    assert "Geen hotspot om te tonen." in none
    assert '<ol class="ranked">' not in none


@pytest.mark.browser
def test_a_list_that_goes_on_has_a_shadow_where_it_is_cut_and_none_at_its_end(city, tmp_path, open_page):
    file = tmp_path / "lang.html"
    rows = tuple(Row(rank=str(i), key=f"H{i}", place=f"Plein {i}", n="± 20", detail="stevig") for i in range(1, 10))
    file.write_bytes(to_html(city.specs(), city.sheet(rows=rows)))
    page = open_page().page
    page.goto(file.as_uri())
    listed = page.locator(".list")
    assert listed.evaluate("e => e.scrollHeight > e.clientHeight + 100")

    def darkness():
        """Of the upper and the lower edge of the list, 0 for white, in the strip at its left where no text stands."""
        listed.locator(".n").evaluate_all("all => all.forEach(one => one.style.visibility = 'hidden')")
        box = listed.bounding_box()
        strip = {"x": box["x"] + 1, "width": 3}
        edges = ({"y": box["y"] + 1, "height": 2}, {"y": box["y"] + box["height"] - 3, "height": 2})
        return [1 - imread(BytesIO(page.screenshot(clip=strip | edge)))[..., :3].mean() for edge in edges]

    above, below = darkness()
    assert above < 0.01 and below > 0.05
    listed.evaluate("e => e.scrollTo(0, e.scrollHeight)")
    above, below = darkness()
    assert above > 0.05 and below < 0.01


@pytest.mark.browser
def test_where_scripts_do_not_run_the_page_says_why_there_is_no_map(city, tmp_path, chromium):
    file = tmp_path / "stil.html"
    file.write_bytes(to_html(city.specs(), city.sheet(no_script="Hier staat JavaScript <uit>.")))
    for scripts in (True, False):
        context = chromium.new_context(java_script_enabled=scripts)
        page = context.new_page()
        page.goto(file.as_uri())
        said = page.locator("main noscript p")
        assert said.all_inner_texts() == ([] if scripts else ["Hier staat JavaScript <uit>."])
        context.close()
