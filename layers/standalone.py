"""One HTML file with the whole map in it: opens from a mail attachment, without internet and without any request.

folium makes the map; Leaflet is inlined from ``layers.vendor`` and folium's other scripts are left out. Texts of features
pass neither folium's templates (which would read ``{{`` in a name as Jinja) nor Leaflet's innerHTML: they travel as JSON
and are set as text. A content security policy in the page allows nothing but the scripts it came with.
"""

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from typing import Any, Final

import folium
from folium.map import CustomPane
from folium.utilities import JsCode

from layers.extent import content_extent, fitted, to_degrees
from layers.remote import refuse_remote
from layers.sheet import Bounds, Sheet
from layers.spec import LayerSpec
from layers.standalone_parts import legend, ranked
from layers.web import FUNCTIONS, Json, collection, hideout, pane

MAX_ZOOM: Final = 18
MAP_NAME: Final = "map_hotspotkaart"
ARGUMENTS: Final = {"style": "feature", "point": "feature, latlng", "filter": "feature", "each": "feature, layer"}

PAGE: Final = Template(
    """<!DOCTYPE html>
<html lang="$lang">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="$policy">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>$title</title>
<style>$css</style>
</head>
<body>
<header><div><h1>$title</h1><p>$subtitle</p></div>$badge</header>
<main aria-label="$map_label">$map$no_script<div class="north" aria-hidden="true">$north</div></main>
<aside>
<section class="list"><h2>$table_title</h2>$ranked</section>
<section><h2>$legend_title</h2>$legend</section>
</aside>
<footer>$facts</footer>
<script type="application/json" id="hk-data">$data</script>
$scripts
</body>
</html>
"""
)
ARROW: Final = (
    '<svg width="22" height="30" viewBox="0 0 22 30"><path d="M11 1 1.5 29 11 22Z" fill="#1b2430" stroke="#1b2430"/>'
    '<path d="M11 1 20.5 29 11 22Z" fill="#fff" stroke="#1b2430"/></svg>'
)


def to_html(specs: Sequence[LayerSpec], sheet: Sheet) -> bytes:
    """The page as file content (UTF-8); the same input gives the same bytes.

    Raises ValueError when there is nothing to look at, RemoteReference should anything in the page refer outside it.
    """
    ordered = sorted(specs, key=lambda spec: spec.order)
    extent = fitted(sheet.extent or content_extent(specs), ratio=1.25)
    made = _map(ordered, extent)
    body, script = made.get_root().html.render(), made.get_root().script.render()
    contexts = {spec.id: {"pane": pane(spec), "hideout": hideout(spec)} for spec in ordered}
    scripts = [_leaflet_js(), _static("map.js"), f"window.hkContexts = {_json(contexts)};", script, _static("page.js")]
    page = PAGE.substitute(
        lang=escape(sheet.lang),
        policy=_policy(scripts),
        title=escape(sheet.title),
        subtitle=escape(sheet.subtitle),
        badge=f'<span class="badge">{escape(sheet.badge)}</span>' if sheet.badge else "",
        css=_css(),
        map_label=escape(sheet.label_map or sheet.title),
        map=body,
        no_script=f"<noscript><p>{escape(sheet.no_script)}</p></noscript>" if sheet.no_script else "",
        north=ARROW + escape(sheet.label_north),
        table_title=escape(sheet.table_title),
        ranked=ranked(sheet),
        legend_title=escape(sheet.legend_title),
        legend=legend(ordered),
        facts="".join(f"<p>{escape(text)}</p>" for text in _facts(sheet)),
        data=_json(_data(ordered, sheet, extent)),
        scripts="\n".join(f"<script>{text}</script>" for text in scripts),
    )
    refuse_remote(page)
    return page.encode("utf-8")


def _map(specs: Sequence[LayerSpec], extent: Bounds) -> Any:
    """The folium map with an empty GeoJson layer per spec. Names are ours: folium's are random."""
    west, south, east, north = to_degrees(extent)
    made: Any = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=13,
        tiles=None,
        zoom_control=False,
        attribution_control=False,  # its links and logo: sources stand below the map
        zoom_snap=0.25,
        zoom_delta=0.5,
    )
    made.default_js, made.default_css = [], []  # nothing from anywhere: Leaflet is in the page already
    made.options["maxZoom"] = MAX_ZOOM  # the argument max_zoom is for tiles only
    made._name, made._id = MAP_NAME.split("_")  # the only way to a stable name
    for spec in specs:
        lane = CustomPane(pane(spec), z_index=spec.order, pointer_events=True)
        calls: dict[str, Any] = {_snake(option): _call(function, spec) for option, function in FUNCTIONS.items()}
        options = {"pane": pane(spec), "interactive": hideout(spec)["interactive"], **calls}
        layer = folium.GeoJson({"type": "FeatureCollection", "features": []}, name=spec.id, **options)
        lane._id = layer._id = spec.id.replace("-", "_")
        lane.add_to(made)
        layer.add_to(made)
    made.render()
    return made


def _call(function: str, spec: LayerSpec) -> JsCode:
    """One of map.js's functions with this layer's context. Only the layer's id, which is a plain word, enters code."""
    given = ARGUMENTS[function]
    return JsCode(f'function ({given}) {{ return hotspotkaart.{function}({given}, hkContexts["{spec.id}"]); }}')


def _data(specs: Sequence[LayerSpec], sheet: Sheet, extent: Bounds) -> Json:
    west, south, east, north = to_degrees(extent)
    return {
        "map": MAP_NAME,
        "bounds": [[south, west], [north, east]],
        "zoomIn": sheet.label_zoom_in,
        "zoomOut": sheet.label_zoom_out,
        "hotspots": next((spec.id for spec in specs if spec.kind == "hotspot"), None),
        "layers": {
            spec.id: {"name": f"geo_json_{spec.id.replace('-', '_')}", "data": collection(spec)} for spec in specs
        },
    }


def _facts(sheet: Sheet) -> list[str]:
    return [text for text in (" ".join(sheet.notes), sheet.method, " · ".join(sheet.sources), sheet.footer) if text]


def _policy(scripts: Sequence[str]) -> str:
    """Nothing may be loaded; only the scripts of this page, known by their hashes, may run."""
    hashes = (base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode() for text in scripts)
    allowed = " ".join(f"'sha256-{digest}'" for digest in hashes)
    return f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src {allowed}; base-uri 'none'"


def _json(value: Any) -> str:
    """JSON that can stand inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _snake(option: str) -> str:
    return re.sub(r"(?<=[a-z])([A-Z])", lambda found: "_" + found.group(1).lower(), option)


@cache
def _static(name: str) -> str:
    return files("layers.static").joinpath(name).read_text(encoding="utf-8")


@cache
def _leaflet_js() -> str:
    """Leaflet, without the pointer to its source map, which developer tools would try to fetch."""
    text = files("layers.vendor").joinpath("leaflet.js").read_text(encoding="utf-8")
    return re.sub(r"//# sourceMappingURL=\S*\s*$", "", text)


@cache
def _css() -> str:
    """Leaflet's styles without the rules that load pictures (for controls that are not used), then ours."""
    leaflet = files("layers.vendor").joinpath("leaflet.css").read_text(encoding="utf-8")
    plain = re.sub(r"/\*.*?\*/", "", leaflet, flags=re.DOTALL)
    without = re.sub(r"[^{}]*\{[^{}]*url\([^{}]*\}", "", plain)
    return without + _static("map_layers.css") + _static("page.css")
