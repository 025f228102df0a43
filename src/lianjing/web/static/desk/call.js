/* Dialling: the telephone takes the number, the form for what came of it opens, and the seconds are counted from here.
   They outlive a refresh of the page: the call goes on meanwhile. */
(function () {
  "use strict";

  const key = (name) => `call:${location.pathname}:${name}`;
  const began = (name) => Number(sessionStorage.getItem(key(name)) || 0);

  function shown(seconds) {
    return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  }

  function count() {
    for (const place of document.querySelectorAll("[data-call-clock]")) {
      const at = began(place.dataset.callClock);
      const text = at ? shown((Date.now() - at) / 1000) : "";
      if (place.textContent !== text) place.textContent = text;
    }
  }

  /* Whether a key hands the number to this computer's telephone. Without one the browser would ask what to do with it,
     and no key would reach the page meanwhile; the mouse always follows the link. */
  const DIALS = "lianjing:dials";
  const dials = () => localStorage.getItem(DIALS) === "on";

  function showChoice() {
    for (const box of document.querySelectorAll("[data-dials-by-key]")) box.checked = dials();
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-dials-by-key]")) localStorage.setItem(DIALS, event.target.checked ? "on" : "off");
  });
  document.addEventListener("htmx:afterSettle", showChoice);
  document.addEventListener("DOMContentLoaded", showChoice);
  showChoice();

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-dials]");
    if (!link || !window.lianjingCase) return;
    if (!event.isTrusted && !dials()) event.preventDefault();
    const form = document.querySelector(`[data-form="${link.dataset.dials}"]`);
    sessionStorage.setItem(key(link.dataset.dials), String(Date.now()));
    if (form) window.lianjingCase.show(form);
    count();
  });
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    const field = detail.elt.querySelector && detail.elt.querySelector("[data-elapsed]");
    if (!field) return;
    const at = began(field.dataset.elapsed);
    if (at) detail.parameters.elapsed = ((Date.now() - at) / 1000).toFixed(1);
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const field = detail.elt.querySelector && detail.elt.querySelector("[data-elapsed]");
    if (field && detail.successful) sessionStorage.removeItem(key(field.dataset.elapsed));
  });
  setInterval(count, 1000);
})();
