/* Where the keyboard is after deciding and after closing the dialog over what was left out: what had the focus is gone by
   then, for the view was made again. Called by dashboard/callbacks/review.py. */
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.hotspotkaart_review = {
  focus: function (opened, said) {
    var triggered = window.dash_clientside.callback_context.triggered[0];
    if (!triggered) return;
    var closing = triggered.prop_id.indexOf("opened") >= 0;
    if (closing ? opened : !said) return;
    window.setTimeout(function () {
      var wanted = document.querySelector(closing ? ".hk-review-open" : ".hk-review-said");
      if (wanted && (!document.activeElement || document.activeElement === document.body)) wanted.focus();
    }, 300); // the dialog and the grid have drawn by then
  },
};
