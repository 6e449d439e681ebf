/* What happens in the browser alone: choosing, looking, switching layers, dropping a file, the filter drawer.
   The functions under dash_clientside are named in dashboard/callbacks/choose.py. */
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.hotspotkaart_page = (function () {
  "use strict";
  var looked = "a:";

  function same(rows, id) {
    return id ? rows && rows.length === 1 && rows[0].id === id : !rows || !rows.length;
  }

  /* Table row, hotspot on the map, or "back": whichever was used last decides. New rows, and an address that names a
     hotspot, find the chosen one again. What is chosen stands in the address. */
  function choose(rows, _clicks, _backs, all, clicked, chosen) {
    var no = window.dash_clientside.no_update;
    var trigger = window.dash_clientside.callback_context.triggered[0];
    if (!trigger) return [no, no, no];
    if (trigger.prop_id.indexOf("rowData") >= 0) return again(rows, all, chosen);
    if (trigger.prop_id.indexOf("selectedRows") >= 0) {
      if (rows && rows.ids) return [no, no, no]; // asked of the table, which answers with the rows themselves
      var id = rows && rows.length ? rows[0].id : "";
      if (!id && chosen && !(all || []).some(function (row) { return row.id === chosen; })) return [no, no, no];
      return [named(id), no, id ? { rowId: id, rowPosition: null } : no];
    }
    if (trigger.prop_id.indexOf("detail-close") >= 0) {
      return trigger.value ? [named(""), { ids: [] }, no] : [no, no, no];
    }
    if (!trigger.value || !clicked || !clicked.properties) return [no, no, no];
    var one = named(clicked.properties.id);
    return [one, same(rows, one) ? no : { ids: [one] }, { rowId: one, rowPosition: null }];
  }

  function again(rows, all, chosen) {
    var no = window.dash_clientside.no_update;
    if (!chosen || !(all || []).some(function (row) { return row.id === chosen; })) return [no, no, no];
    return [no, same(rows, chosen) ? no : { ids: [chosen] }, { rowId: chosen, rowPosition: null }];
  }

  function named(id) {
    window.dash_clientside.hotspotkaart_map.look({ hotspot: id });
    return id;
  }

  function emphasise(chosen, hideout) {
    return Object.assign({}, hideout, { selected: chosen || "" });
  }

  /* Move only when something else is asked to be seen, never because a filter changed. */
  function look(chosen, places) {
    var no = window.dash_clientside.no_update;
    if (!places) return no;
    var one = chosen && places.hotspots[chosen];
    var asked = one ? "h:" + chosen : "a:" + places.area;
    if (asked === looked) return no;
    looked = asked;
    document.body.classList.toggle("hk-has-chosen", Boolean(one));
    var calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    return {
      bounds: one || places.bounds,
      transition: calm ? "fitBounds" : "flyToBounds",
      options: one ? { maxZoom: 15.5, padding: [60, 60], duration: 0.7 } : { padding: [8, 8], duration: 0.7 },
    };
  }

  /* Which layers are hidden, whether one is near enough for the names of buurten, and what the map is drawn from, as
     classes: a style that had to look for it in the map would be worked out anew for all of the map at every change. */
  function layers(shown, zoom, picture) {
    var known = Array.from(document.querySelectorAll("#layer-boxes input[type=checkbox]")).map(function (box) {
      return box.value;
    });
    var off = known.filter(function (id) { return shown.indexOf(id) < 0; });
    return ["hk-map", zoom >= 14 ? "hk-near" : "hk-far", "hk-picture-" + picture].concat(off.map(function (id) { return "hk-off-" + id; })).join(" ");
  }

  return { choose: choose, emphasise: emphasise, look: look, layers: layers };
})();

(function () {
  "use strict";

  function drawer(open) {
    document.body.classList.toggle("hk-filters-open", open);
    var first = document.getElementById(open ? "filter-close" : "filter-button");
    if (first) first.focus();
  }

  /* The language link keeps the view that is on the screen. */
  function speak(link) {
    var query = new URLSearchParams(window.location.search);
    query.set("taal", link.hreflang);
    window.location.assign(window.location.pathname + "?" + query.toString());
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a.hk-language");
    if (link) { event.preventDefault(); speak(link); }
    if (event.target.closest(".hk-open-upload")) document.getElementById("upload-open").click();
    if (event.target.closest("#filter-button")) drawer(true);
    if (event.target.closest("#filter-close")) drawer(false);
    var beside = event.target.closest(".hk-map, .hk-inspector, .hk-header") && !event.target.closest("#filter-button");
    if (beside && document.body.classList.contains("hk-filters-open")) drawer(false);
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && document.body.classList.contains("hk-filters-open")) drawer(false);
  });

  /* Too large a file is told at once instead of being read and refused. */
  function tooLarge(files) {
    var said = document.getElementById("upload-too-large");
    if (!said || !files || !files.length) return false;
    said.hidden = files[0].size <= Number(said.dataset.limit);
    return !said.hidden;
  }
  ["change", "drop"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      if (!event.target.closest || !event.target.closest("#upload")) return;
      if (!tooLarge(kind === "drop" ? event.dataTransfer.files : event.target.files)) return;
      event.preventDefault();
      event.stopPropagation();
      hint(0);
    }, true);
  });

  /* A file may be dropped anywhere: it is handed to the upload field, which does the rest. */
  function carriesFile(event) {
    return event.dataTransfer && Array.from(event.dataTransfer.types || []).indexOf("Files") >= 0;
  }
  var depth = 0;
  function hint(change) {
    depth = change === 0 ? 0 : Math.max(0, depth + change);
    document.body.classList.toggle("hk-dragging", depth > 0);
  }
  document.addEventListener("dragenter", function (event) { if (carriesFile(event)) hint(1); });
  document.addEventListener("dragleave", function (event) { if (carriesFile(event)) hint(-1); });
  document.addEventListener("dragover", function (event) { if (carriesFile(event)) event.preventDefault(); });
  document.addEventListener("drop", function (event) {
    if (!carriesFile(event)) return;
    hint(0);
    if (event.target.closest && event.target.closest("#upload")) return;
    event.preventDefault();
    var field = document.querySelector("#upload input[type=file]");
    if (!field || !event.dataTransfer.files.length) return;
    document.getElementById("upload-open").click();
    field.files = event.dataTransfer.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });

  /* Leaflet measures its box once; on a phone, or when a pane folds, the box changes after that. */
  var watched = null;
  var sizes = new ResizeObserver(function () { window.dispatchEvent(new Event("resize")); });
  new MutationObserver(function () {
    var box = document.querySelector(".leaflet-container");
    if (!box || box === watched) return;
    watched = box;
    sizes.disconnect();
    sizes.observe(box);
    var legend = document.querySelector(".hk-legend");
    if (legend && window.innerWidth <= 720) legend.removeAttribute("open"); // it would cover half the map
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
