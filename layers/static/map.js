/* How map features look and behave. The contract with layers/leaflet.py: properties {id, text, class, label} and the
   layer's hideout {kind, path, fills, interactive, visible, selected}. Texts are set as text, never as markup. */
window.hotspotkaart = (function () {
  "use strict";

  function style(feature, context) {
    var out = context.hideout;
    var path = Object.assign({}, out.path);
    var position = feature.properties["class"];
    if (position !== undefined && out.fills[position]) path.fillColor = out.fills[position];
    if (out.selected && out.kind === "hotspot") {
      var chosen = feature.properties.id === out.selected;
      path.weight = chosen ? path.weight + 2 : path.weight;
      path.fillOpacity = chosen ? Math.min(path.fillOpacity + 0.25, 1) : path.fillOpacity * 0.7;
    }
    return path;
  }

  /* A number on a hotspot or a name on an area; the element's text is the label itself. */
  function label(feature, latlng, context) {
    var numbered = context.hideout.kind === "hotspot";
    var element = document.createElement("span");
    element.className = numbered ? "hk-number" : "hk-name";
    if (numbered && feature.properties.id === context.hideout.selected) element.className += " hk-chosen";
    element.textContent = feature.properties.label;
    var marker = L.marker(latlng, {
      icon: L.divIcon({ html: element, className: "hk-label", iconSize: null }),
      pane: numbered ? "markerPane" : context.pane, // numbers above schools and stops
      interactive: numbered,
      keyboard: false,
      zIndexOffset: numbered ? 1000 : 0,
    });
    marker.on("add", function () {
      watch(marker._map);
    });
    return marker;
  }

  /* Names that would lie over a number or a larger area's name are hidden, again after every zoom. */
  function declutter(map) {
    var box = map.getContainer();
    var taken = Array.from(box.querySelectorAll(".hk-number"), function (e) { return e.getBoundingClientRect(); });
    box.querySelectorAll(".hk-name").forEach(function (element) {
      var r = element.getBoundingClientRect();
      var free = taken.every(function (t) {
        return r.right < t.left || t.right < r.left || r.bottom < t.top || t.bottom < r.top;
      });
      element.style.visibility = free ? "" : "hidden";
      if (free) taken.push(r);
    });
  }

  function watch(map) {
    if (!map) return;
    clearTimeout(map.hkTimer);
    map.hkTimer = setTimeout(function () { declutter(map); }, 60);
    if (map.hkWatched) return;
    map.hkWatched = true;
    map.on("zoomend", function () { watch(map); });
  }

  /* Dots are smaller where the map shows more ground, so that a city's stops do not cover it. */
  function dot(layer, radius, weight) {
    function resize() {
      var factor = Math.min(1.15, Math.max(0.45, 0.45 + 0.2 * (layer._map.getZoom() - 12)));
      layer.setStyle({ radius: radius * factor, weight: weight * Math.max(factor, 0.6) });
    }
    layer.on("add", function () {
      resize();
      layer._map.on("zoomend", resize);
    });
    layer.on("remove", function () {
      if (layer._map) layer._map.off("zoomend", resize);
    });
    return layer;
  }

  function point(feature, latlng, context) {
    if (feature.properties.label !== undefined) return label(feature, latlng, context);
    var path = context.hideout.path;
    var options = Object.assign({}, path, { pane: context.pane, interactive: context.hideout.interactive });
    return dot(L.circleMarker(latlng, options), path.radius, path.weight);
  }

  function filter(feature, context) {
    return context.hideout.visible !== false;
  }

  /* First line as heading, the others below it. */
  function tooltip(text) {
    var box = document.createElement("div");
    text.split("\n").forEach(function (line, i) {
      var row = document.createElement(i ? "div" : "strong");
      row.textContent = line;
      box.appendChild(row);
    });
    return box;
  }

  /* Leaflet's map in a container, for the page's own tools; null before anything was drawn on it. */
  var maps = new WeakMap();
  function mapIn(container) {
    return (container && maps.get(container)) || null;
  }

  function each(feature, layer, context) {
    var out = context.hideout;
    layer.on("add", function () {
      if (layer._map) maps.set(layer._map.getContainer(), layer._map);
      var element = layer.getElement && layer.getElement();
      if (!element) return;
      // the table is the keyboard's way to a hotspot; a path is no tab stop
      element.setAttribute("tabindex", "-1");
      element.setAttribute("aria-hidden", "true");
      if (layer.setStyle) element.classList.add("hk-" + out.kind);
      element.dataset.key = feature.properties.id;
    });
    if (feature.properties.text) {
      layer.bindTooltip(tooltip(feature.properties.text), { sticky: true, className: "hk-tooltip", direction: "top", opacity: 1 });
    }
    if (!layer.setStyle || !out.interactive) return;
    var before = null;
    layer.on("mouseover", function () {
      if (before === null) before = layer.options.weight;
      layer.setStyle({ weight: before + 1.2 });
    });
    layer.on("mouseout", function () {
      if (before !== null) layer.setStyle({ weight: before });
      before = null;
    });
  }

  return { style: style, point: point, filter: filter, each: each, mapIn: mapIn };
})();
