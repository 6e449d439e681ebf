/* How map features look and behave. The contract with layers/leaflet.py: properties {id, text, class, label} and the
   layer's hideout {kind, path, fills, interactive, visible, selected}. Texts are set as text, never as markup.
   A layer may be painted anew over the shapes it has: layers.web.paint {pane, fills, classes, texts}. */
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

  /* Names that would lie over a number, a larger area's name or what stands on the map, or that the edge of the map
     would cut, are hidden; looked at again after every move and when the legend folds. */
  function declutter(map) {
    var box = map.getContainer();
    var edge = box.getBoundingClientRect();
    var over = (box.closest(".hk-map") || box).querySelectorAll(".hk-number, .hk-attribution, .hk-legend, .hk-pictures");
    var taken = Array.from(over, function (e) { return e.getBoundingClientRect(); });
    box.querySelectorAll(".hk-name").forEach(function (element) {
      var r = element.getBoundingClientRect();
      var outside = r.right < edge.left || edge.right < r.left || r.bottom < edge.top || edge.bottom < r.top;
      var inside = edge.left <= r.left && r.right <= edge.right && edge.top <= r.top && r.bottom <= edge.bottom;
      var free = (outside || inside) && taken.every(function (t) {
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
    map.on("moveend resize", function () { watch(map); });
    (map.getContainer().closest(".hk-map") || map.getContainer()).addEventListener("toggle", function () { watch(map); }, true);
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

  /* What a pane of a map was painted with last, and the layers in it by the id of their feature. */
  function easel(map, pane) {
    map.hkEasels = map.hkEasels || {};
    return (map.hkEasels[pane] = map.hkEasels[pane] || { paint: null, layers: {} });
  }

  /* Other colours and texts for the shapes that are there; those that come later get them too. */
  function paint(map, what) {
    var here = easel(map, what.pane);
    here.paint = what;
    Object.keys(here.layers).forEach(function (id) { coat(here.layers[id], id, what); });
  }

  function coat(layer, id, what) {
    var fill = what.fills[what.classes[id]];
    if (fill && layer.options.fillColor !== fill) layer.setStyle({ fillColor: fill });
    if (layer.isTooltipOpen && layer.isTooltipOpen()) layer.getTooltip().update();
  }

  function text(feature, layer, pane) {
    var what = layer._map && easel(layer._map, pane).paint;
    return (what && what.texts[feature.properties.id]) || feature.properties.text;
  }

  function each(feature, layer, context) {
    var out = context.hideout;
    var id = feature.properties.id;
    var map = null; // Leaflet forgets a layer's map before it says that the layer is gone
    layer.on("add", function () {
      map = layer._map;
      if (!map) return;
      maps.set(map.getContainer(), map);
      if (out.kind !== "area") return;
      var here = easel(map, context.pane);
      here.layers[id] = layer;
      if (here.paint) coat(layer, id, here.paint);
    });
    layer.on("remove", function () {
      var here = map && easel(map, context.pane);
      if (here && here.layers[id] === layer) delete here.layers[id];
    });
    layer.on("add", function () {
      var element = layer.getElement && layer.getElement();
      if (!element) return;
      // the table is the keyboard's way to a hotspot; a path is no tab stop
      element.setAttribute("tabindex", "-1");
      element.setAttribute("aria-hidden", "true");
      if (layer.setStyle) element.classList.add("hk-" + out.kind);
      element.dataset.key = feature.properties.id;
    });
    if (feature.properties.text) {
      var said = function () { return tooltip(text(feature, layer, context.pane)); };
      layer.bindTooltip(said, { sticky: true, className: "hk-tooltip", direction: "top", opacity: 1 });
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

  return { style: style, point: point, filter: filter, each: each, mapIn: mapIn, paint: paint };
})();
