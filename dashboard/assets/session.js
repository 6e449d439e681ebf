/* A session may end elsewhere: another tab, a beheerder, the clock. Then what was on this page goes, and it says so. */
(function () {
  "use strict";
  var ask = window.fetch;
  var out = false;

  function signedOut() {
    var words = document.getElementById("signed-out");
    if (out || !words) return;
    out = true;
    Array.from(document.body.children).forEach(function (part) { part.remove(); });
    var said = document.createElement("div");
    said.setAttribute("role", "alert"); /* main itself may not be one */
    document.body.appendChild(document.createElement("main")).appendChild(said);
    said.appendChild(words.content.cloneNode(true));
    said.querySelector("a").focus();
  }

  window.fetch = function () {
    return ask.apply(this, arguments).then(function (answer) {
      if (answer.status === 401 && new URL(answer.url, location.href).origin === location.origin) signedOut();
      return answer;
    });
  };

  /* A page brought back from the browser's own memory may be of a session that is over. */
  window.addEventListener("pageshow", function (event) { if (event.persisted) location.reload(); });
})();
