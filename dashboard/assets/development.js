/* The two maps of the page Ontwikkeling look at the same place: whoever moves one moves the other.
   Named in dashboard/callbacks/development.py. */
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.hotspotkaart_development = (function () {
  "use strict";

  function pair(place) {
    return Array.isArray(place) ? place : [place.lat, place.lng];
  }

  function same(a, b) {
    return Math.abs(a[0] - b[0]) < 1e-5 && Math.abs(a[1] - b[1]) < 1e-5;
  }

  function together(centres, zooms) {
    var no = window.dash_clientside.no_update;
    var context = window.dash_clientside.callback_context;
    var still = centres.map(function () { return no; });
    var trigger = context.triggered[0];
    if (centres.length !== 2 || !trigger || !centres[0] || !centres[1]) return still;
    var first = trigger.prop_id.indexOf('"first"') >= 0;
    var mover = context.inputs_list[0][0].id.id === (first ? "first" : "second") ? 0 : 1;
    var to = pair(centres[mover]);
    if (same(to, pair(centres[1 - mover])) && zooms[0] === zooms[1]) return still;
    still[1 - mover] = { center: to, zoom: zooms[mover], transition: "setView", options: { animate: false } };
    return still;
  }

  return { together: together };
})();
