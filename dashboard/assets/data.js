/* Gegevens: what was done is read out and has the focus; its link to the map opens what was left out. */
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.hotspotkaart_data = {
  focus: function () {
    var trigger = window.dash_clientside.callback_context.triggered[0];
    var said = trigger && trigger.value && document.getElementById(trigger.prop_id.split(".")[0]);
    if (said) window.setTimeout(function () { said.focus(); }, 250); // after the dialog gave the focus back
    return window.dash_clientside.no_update;
  },
};
(function () {
  "use strict";
  /* dcc.Upload gives its input no name: it is called what stands on the place to drop a file. */
  var waiting = false;
  function name() {
    waiting = false;
    document.querySelectorAll(".hk-drop input[type=file]:not([aria-label])").forEach(function (input) {
      var said = input.closest(".hk-drop").querySelector("strong");
      if (said) input.setAttribute("aria-label", said.textContent);
    });
  }
  new MutationObserver(function () {
    if (!waiting) window.requestAnimationFrame(name); // once a frame: a map moves many things at a time
    waiting = true;
  }).observe(document.documentElement, { childList: true, subtree: true });
  if (window.location.hash !== "#weggelaten") return;
  var watch = new MutationObserver(function () {
    var open = document.querySelector(".hk-review-open");
    if (!open) return;
    watch.disconnect();
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
    open.click();
  });
  watch.observe(document.documentElement, { childList: true, subtree: true });
})();
