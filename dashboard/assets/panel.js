/* The weekday × hour table: one tab stop, arrow keys move in it, and the cell one points at is read out below it. */
(function () {
  "use strict";
  var STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

  function cellOf(event) {
    return event.target.closest ? event.target.closest(".hk-matrix tbody td") : null;
  }

  function say(cell) {
    var table = cell.closest("table");
    var said = table.parentElement.querySelector(".hk-matrix-said");
    var day = cell.parentElement.cells[0].title;
    var hours = table.tHead.rows[0].cells[cell.cellIndex].dataset.hours;
    if (!said.dataset.rest) said.dataset.rest = said.textContent;
    said.textContent = day + " " + hours + ": " + cell.textContent;
  }

  document.addEventListener("mouseover", function (event) { if (cellOf(event)) say(cellOf(event)); });
  document.addEventListener("focusin", function (event) { if (cellOf(event)) say(cellOf(event)); });
  document.addEventListener("mouseout", function (event) {
    var cell = cellOf(event);
    if (!cell || cell.closest("table").contains(document.activeElement)) return;
    var said = cell.closest("table").parentElement.querySelector(".hk-matrix-said");
    if (said.dataset.rest) said.textContent = said.dataset.rest;
  });

  /* The paragraph shows its first lines; the rest on demand. */
  document.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest(".hk-read-on") : null;
    if (!button) return;
    var text = button.textContent;
    button.textContent = button.dataset.other;
    button.dataset.other = text;
    button.setAttribute("aria-expanded", button.getAttribute("aria-expanded") === "true" ? "false" : "true");
  });

  /* On a phone the button to the evidence lies in the filter drawer, which would cover the dialog. */
  document.addEventListener("click", function (event) {
    var opener = event.target.closest ? event.target.closest("[id*=evidence-open]") : null;
    if (opener && document.body.classList.contains("hk-filters-open")) document.getElementById("filter-close").click();
  });

  /* A dialog's header is no banner of the page, which is what <header> in it would say. */
  new MutationObserver(function () {
    document.querySelectorAll(".mantine-Modal-header:not([role])").forEach(function (header) {
      header.setAttribute("role", "presentation");
    });
  }).observe(document.documentElement, { childList: true, subtree: true });

  document.addEventListener("keydown", function (event) {
    var cell = cellOf(event);
    if (!cell) return;
    var row = cell.parentElement;
    var rows = row.parentElement.rows;
    var at = [row.sectionRowIndex, cell.cellIndex];
    if (STEPS[event.key]) at = [at[0] + STEPS[event.key][0], at[1] + STEPS[event.key][1]];
    else if (event.key === "Home") at[1] = 1;
    else if (event.key === "End") at[1] = row.cells.length - 1;
    else return;
    event.preventDefault();
    var next = rows[at[0]] && at[1] > 0 ? rows[at[0]].cells[at[1]] : null;
    if (!next) return;
    cell.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
})();
