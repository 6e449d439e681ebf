/* Measuring a distance and drawing an area on the map: by mouse, or by keyboard with the map's middle as the pen. */
(function () {
  "use strict";
  var MOST_POINTS = 60; // dashboard/shape.py
  var tool = null; // {kind, map, points, line, dots, cross}

  function box() { return document.getElementById("tool"); }
  function said(text) { document.getElementById("tool-said").textContent = text; }
  function shared() { return window.dash_clientside.hotspotkaart_map; }

  function distance(points) {
    var metres = 0;
    for (var i = 1; i < points.length; i++) metres += points[i - 1].distanceTo(points[i]);
    return metres;
  }

  function written(metres) {
    var language = document.documentElement.lang;
    if (metres < 1000) return new Intl.NumberFormat(language, { maximumFractionDigits: 0 }).format(metres) + " m";
    return new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(metres / 1000) + " km";
  }

  function redraw() {
    var ring = tool.kind === "draw" && tool.points.length > 2 ? tool.points.concat([tool.points[0]]) : tool.points;
    tool.line.setLatLngs(ring);
    tool.dots.clearLayers();
    tool.points.forEach(function (point) {
      L.circleMarker(point, { radius: 5, weight: 3, fillOpacity: 1, interactive: false, className: "hk-tool-dot" }).addTo(tool.dots);
    });
    tool.dots.eachLayer(shared().silent);
    var words = box().dataset;
    if (tool.points.length < 2) return said(words[tool.kind]);
    said((tool.kind === "draw" ? words.round : words.metres).replace("{metres}", written(distance(ring))).replace("{points}", tool.points.length));
  }

  function add(point) {
    var last = tool.points[tool.points.length - 1];
    if (tool.points.length >= MOST_POINTS || (last && last.distanceTo(point) < 1)) return;
    tool.points.push(point);
    redraw();
  }

  function clicked(event) { add(event.latlng); }

  function pressed(event) {
    if (!tool) return;
    if (event.key === "Escape") { stop(); return; }
    var onMap = tool.map.getContainer().contains(event.target);
    if (event.key === "Backspace" && onMap) { event.preventDefault(); tool.points.pop(); redraw(); }
    if ((event.key === "Enter" || event.key === " ") && onMap) { event.preventDefault(); add(tool.map.getCenter()); }
  }

  function start(kind) {
    if (tool) end();
    shared().withMap(function (map) {
      var container = map.getContainer();
      var cross = document.createElement("div");
      cross.className = "hk-cross";
      container.appendChild(cross);
      tool = {
        kind: kind, map: map, points: [], cross: cross, dots: L.layerGroup().addTo(map), zoomed: map.doubleClickZoom.enabled(),
        line: L.polyline([], { weight: 3, dashArray: "8 6", interactive: false, className: "hk-tool-line" }).addTo(map),
      };
      shared().silent(tool.line);
      map.doubleClickZoom.disable();
      map.on("click", clicked);
      document.body.classList.add("hk-tool-active");
      box().hidden = false;
      document.getElementById("tool-done").hidden = kind !== "draw";
      document.getElementById("tool-" + kind).setAttribute("aria-pressed", "true");
      redraw();
      container.focus();
    });
  }

  function end() {
    tool.map.off("click", clicked);
    if (tool.zoomed) tool.map.doubleClickZoom.enable();
    tool.line.remove();
    tool.dots.remove();
    tool.cross.remove();
    document.body.classList.remove("hk-tool-active");
    document.getElementById("tool-" + tool.kind).setAttribute("aria-pressed", "false");
    box().hidden = true;
    tool = null;
  }

  function stop() {
    var button = document.getElementById("tool-" + tool.kind);
    end();
    button.focus();
  }

  function done() {
    if (tool.points.length < 3) return said(box().dataset.unready);
    var points = tool.points.map(function (point) { return [point.lat, point.lng]; });
    stop();
    window.dash_clientside.set_props("drawn-points", { data: points });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("#tool-measure, #tool-draw, #tool-done, #tool-stop");
    if (!button) return;
    if (button.id === "tool-done") { if (tool) done(); return; }
    if (button.id === "tool-stop") { if (tool) stop(); return; }
    var kind = button.id.slice("tool-".length);
    if (tool && tool.kind === kind) stop();
    else start(kind);
  });
  document.addEventListener("keydown", pressed);
})();
