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
    return L.marker(latlng, {
      icon: L.divIcon({ html: element, className: "hk-label", iconSize: null }),
      pane: context.pane,
      interactive: numbered,
      keyboard: false,
      zIndexOffset: 1000000, // above the pane's own paths
    });
  }

  function point(feature, latlng, context) {
    if (feature.properties.label !== undefined) return label(feature, latlng, context);
    return L.circleMarker(latlng, Object.assign({}, context.hideout.path, {
      pane: context.pane, interactive: context.hideout.interactive,
    }));
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

  function each(feature, layer, context) {
    var out = context.hideout;
    layer.on("add", function () {
      var element = layer.getElement && layer.getElement();
      if (!element) return;
      // the table is the keyboard's way to a hotspot; a path is no tab stop
      element.setAttribute("tabindex", "-1");
      element.setAttribute("aria-hidden", "true");
      element.classList.add("hk-" + out.kind);
      element.dataset.key = feature.properties.id;
    });
    if (feature.properties.text) {
      layer.bindTooltip(tooltip(feature.properties.text), { sticky: true, className: "hk-tooltip", direction: "top" });
    }
    if (!layer.setStyle || !out.interactive) return;
    layer.on("mouseover", function () {
      layer.setStyle({ weight: style(feature, context).weight + 1.2 });
    });
    layer.on("mouseout", function () {
      layer.setStyle({ weight: style(feature, context).weight });
    });
  }

  return { style: style, point: point, filter: filter, each: each };
})();
