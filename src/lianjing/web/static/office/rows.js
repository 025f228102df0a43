// A list and a page without a mouse: J and K go down and up a table, Enter opens; a letter that stands on a link follows it.
(function () {
  "use strict";

  const rows = [...document.querySelectorAll("[data-rows] tbody tr")];
  const linkOf = (row) => row.querySelector("a");
  const here = () => rows.findIndex((row) => row.contains(document.activeElement));

  function goTo(place) {
    const row = rows[Math.max(0, Math.min(rows.length - 1, place))];
    if (row) linkOf(row)?.focus();
  }

  for (const row of rows) {
    row.addEventListener("focusin", () => row.classList.add("is-here"));
    row.addEventListener("focusout", () => row.classList.remove("is-here"));
  }

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.target.closest?.("input, select, textarea, [contenteditable]")) return;
    const key = event.key.toLowerCase();
    const step = { j: 1, k: -1 }[key];
    if (step && rows.length) {
      event.preventDefault();
      goTo(here() < 0 ? 0 : here() + step);
      return;
    }
    const link = /^[a-z]$/.test(key) && document.querySelector(`[data-key="${key}"]`);
    if (link) {
      event.preventDefault();
      link.click();
    }
  });
})();
