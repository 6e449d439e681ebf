/* Brings the page to life once folium has made the map: data into layers, switches, and the ranked list. */
(function () {
  "use strict";
  var page = JSON.parse(document.getElementById("hk-data").textContent);
  var map = window[page.map];
  var contexts = window.hkContexts;
  var layers = {};
  Object.keys(page.layers).forEach(function (id) {
    layers[id] = window[page.layers[id].name];
    layers[id].addData(page.layers[id].data);
  });
  var spots = page.hotspots ? layers[page.hotspots] : null;

  L.control.zoom({ position: "topleft", zoomInTitle: page.zoomIn, zoomOutTitle: page.zoomOut }).addTo(map);
  L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 140 }).addTo(map);
  var bounds = L.latLngBounds(page.bounds);
  map.fitBounds(bounds, { animate: false });

  function redraw(id) {
    layers[id].clearLayers();
    layers[id].addData(page.layers[id].data);
  }

  function select(key, fly) {
    if (!spots) return;
    contexts[page.hotspots].hideout.selected = key;
    redraw(page.hotspots);
    document.querySelectorAll(".ranked button").forEach(function (button) {
      var chosen = button.dataset.key === key;
      button.setAttribute("aria-current", chosen ? "true" : "false");
      if (chosen && !fly) button.scrollIntoView({ block: "nearest" });
    });
    if (!fly) return;
    map.stop();
    spots.eachLayer(function (layer) {
      if (layer.feature.properties.id === key && layer.getBounds) {
        map.fitBounds(layer.getBounds().pad(1), { maxZoom: 16 });
      }
    });
  }

  document.querySelectorAll(".ranked button").forEach(function (button) {
    button.addEventListener("click", function () {
      select(button.dataset.key, true);
    });
  });
  if (spots) {
    spots.on("click", function (event) {
      var layer = event.layer || event.propagatedFrom;
      select(layer.feature.properties.id, false);
    });
  }
  document.querySelectorAll(".legend input").forEach(function (box) {
    function apply() {
      contexts[box.dataset.layer].hideout.visible = box.checked;
      redraw(box.dataset.layer);
    }
    box.addEventListener("change", apply);
    if (box.checked !== contexts[box.dataset.layer].hideout.visible) apply(); // a browser restores boxes on reload
  });
})();
