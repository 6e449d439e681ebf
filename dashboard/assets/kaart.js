/* The address of the map page in parts, steps back, and what is drawn on the map beside its layers: a place that was
   looked up and an area. The functions are named in dashboard/callbacks/tools.py; measuring stands in kaart_tools.js. */
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.hotspotkaart_map = (function () {
  "use strict";
  var WORDS = { hotspot: "hotspot", place: "plek", shape: "vorm" }; // dashboard/look.py
  var trails = []; // queries that were asked, the present one last

  function set(id, props) {
    window.dash_clientside.set_props(id, props);
  }

  function parts(search) {
    var query = new URLSearchParams(search || "");
    var found = {};
    Object.keys(WORDS).forEach(function (name) {
      found[name] = query.get(WORDS[name]) || "";
      query.delete(WORDS[name]);
    });
    query.delete("taal");
    found.filters = query.toString();
    return found;
  }

  function go(found) {
    var query = new URLSearchParams();
    Object.keys(WORDS).forEach(function (name) { if (found[name]) query.set(WORDS[name], found[name]); });
    var search = [found.filters, query.toString()].filter(Boolean).join("&");
    search = search ? "?" + search : "";
    if (search !== window.location.search) set("url", { search: search });
  }

  /* Look at something else within the same view. */
  function look(other) {
    var found = parts(window.location.search);
    var changed = Object.keys(other).some(function (name) { return found[name] !== other[name]; });
    if (changed) go(Object.assign(found, other));
  }

  /* See the view of other filters, and keep looking at the same. */
  function ask(query) {
    go(Object.assign(parts(window.location.search), { filters: query }));
  }

  /* The address changed, by whatever: only what differs is passed on. */
  function split(search, asked, chosen, rows, place, shape) {
    var found = parts(search === undefined || search === null ? window.location.search : search);
    remember(found.filters); // the page opens with its first view, which nothing announces
    if (found.filters !== asked) set("asked", { data: found.filters });
    if (found.shape !== (shape || "")) set("shape", { data: found.shape });
    if (found.place !== (place || "")) set("search-place", { value: found.place || null });
    if (found.hotspot === (chosen || "")) return;
    set("chosen", { data: found.hotspot });
    var there = (rows || []).some(function (row) { return row.id === found.hotspot; });
    if (there) set("table", { selectedRows: { ids: [found.hotspot] }, scrollTo: { rowId: found.hotspot, rowPosition: null } });
    if (!found.hotspot) set("table", { selectedRows: { ids: [] } });
  }

  function searched(place) {
    var trigger = window.dash_clientside.callback_context.triggered[0];
    if (trigger && trigger.prop_id.indexOf("search-place") >= 0) look({ place: place || "" });
  }

  function remember(asked) {
    if (trails[trails.length - 2] === asked) trails.pop();
    else if (trails[trails.length - 1] !== asked) trails.push(asked);
  }

  /* Whether there is no step back. */
  function trail(asked) {
    if (asked === null || asked === undefined) return window.dash_clientside.no_update;
    remember(asked);
    return trails.length < 2;
  }

  function undo() {
    if (trails.length > 1) ask(trails[trails.length - 2]);
  }

  /* Call back with Leaflet's map once it is there. */
  function withMap(use, tries) {
    var container = document.querySelector("#map-box .leaflet-container");
    var map = container && window.hotspotkaart && window.hotspotkaart.mapIn(container);
    if (map) use(map);
    else if ((tries || 0) < 100) setTimeout(function () { withMap(use, (tries || 0) + 1); }, 100);
  }

  function move(map, bounds, zoom) {
    var calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    map[calm ? "fitBounds" : "flyToBounds"](bounds, { maxZoom: zoom, padding: [50, 50], duration: 0.7 });
  }

  function silent(layer) {
    var element = layer.getElement && layer.getElement();
    if (!element) return;
    element.setAttribute("aria-hidden", "true");
    element.setAttribute("tabindex", "-1");
  }

  var marked = [];
  function place(found) {
    withMap(function (map) {
      marked.forEach(function (layer) { layer.remove(); });
      marked = [];
      if (!found) return;
      var ring = { radius: 14, weight: 4, fill: false, interactive: false, className: "hk-place-ring" };
      var shape = found.area
        ? L.rectangle(found.bounds, { weight: 3, fill: false, interactive: false, dashArray: "2 6", className: "hk-place-ring" })
        : L.circleMarker(found.at, ring);
      var name = document.createElement("span");
      name.className = "hk-place-name";
      name.textContent = found.name;
      var label = L.marker(found.at, {
        icon: L.divIcon({ html: name, className: "hk-label", iconSize: null }), interactive: false, keyboard: false, zIndexOffset: 2000,
      });
      marked = [shape.addTo(map), label.addTo(map)];
      silent(shape);
      move(map, found.bounds, found.area ? 15 : 16);
    });
  }

  function follow(controls) {
    (controls || []).forEach(function (one) { set(one[0], one[1]); });
  }

  /* The areas' colours come as an attribute: an observer hears of it before the change is drawn, a callback after. */
  var painted = null;
  new MutationObserver(function () {
    var box = document.getElementById("areas-paint");
    var what = box && box.getAttribute("data-paint");
    if (what === painted) return;
    painted = what; // nothing, when the page with the map is left
    if (what) withMap(function (map) { if (what === painted) window.hotspotkaart.paint(map, JSON.parse(what)); });
  }).observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ["data-paint"] });

  var drawn = null;
  function outline(ring) {
    withMap(function (map) {
      if (drawn) drawn.remove();
      drawn = null;
      if (!ring) return;
      drawn = L.polygon(ring, { weight: 3, fillOpacity: 0.08, interactive: false, className: "hk-drawn" }).addTo(map);
      silent(drawn);
      if (!map.getBounds().contains(drawn.getBounds())) move(map, drawn.getBounds(), 16);
    });
  }

  document.addEventListener("click", function (event) {
    if (!event.target.closest) return;
    var chip = event.target.closest("a.hk-chip");
    if (chip && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      ask(chip.dataset.query || "");
      document.getElementById("sentence").focus(); // the chip goes, and focus would with it
    }
    if (event.target.closest("#undo")) undo();
    if (event.target.closest(".hk-shape-close")) {
      look({ shape: "" });
      document.getElementById("tool-draw").focus();
    }
  });

  return {
    split: split, searched: searched, trail: trail, place: place, outline: outline, follow: follow, look: look, withMap: withMap, silent: silent,
  };
})();
