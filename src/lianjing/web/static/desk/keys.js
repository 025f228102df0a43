/* Hands stay on the keys: each key presses the button that shows it. */
(function () {
  "use strict";

  const help = document.getElementById("keys-help");
  const isField = (element) => element.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  const takesSpace = (element) => element.matches("button, summary, input, select, textarea");

  function escape(active) {
    if (help && help.open) return;
    if (document.querySelector("dialog[open]")) return;
    if (window.lianjingCase && window.lianjingCase.hide()) return;
    if (active.id === "find") {
      active.value = "";
      active.dispatchEvent(new Event("input"));
    }
    active.blur();
    const menu = document.querySelector(".who[open], .more-pages[open]");
    if (menu) menu.open = false;
  }

  /* Pressed while a move of the open case is on its way, "next" is kept: done when the move was, dropped when it was
     refused, since then its sentence must be seen. While "next" itself is on its way it takes no second case. */
  let moving = 0;
  let kept = false;
  const isTaking = (form) => form.classList.contains("htmx-request");

  function next() {
    const form = document.getElementById("take-next");
    if (form && moving) kept = !isTaking(form);
    else if (form) form.requestSubmit();
    return Boolean(form);
  }

  // Asked of the request itself: its form may have been refreshed away, and htmx then tells nobody that it has ended.
  document.addEventListener("htmx:beforeSend", ({ detail }) => {
    if (!detail.target || detail.target.id !== "case" || detail.requestConfig.verb === "get") return;
    moving += 1;
    detail.target.setAttribute("aria-busy", "true");
    detail.xhr.addEventListener("loadend", () => {
      moving -= 1;
      detail.target.setAttribute("aria-busy", String(moving > 0));
      if (moving) return;
      const wanted = kept && detail.xhr.status >= 200 && detail.xhr.status < 300;
      kept = false;
      if (wanted) next();
    });
  });

  function press(key) {
    const button = document.querySelector(`[data-key-press="${key}"]:not([hidden])`);
    if (button) button.click();
    return Boolean(button);
  }

  function desk(key, active) {
    const queue = window.lianjingQueue;
    if (key === "?" && help) return help.showModal() || true;
    if (key === "j" || key === "k") return queue ? queue.step(key === "j" ? 1 : -1) || true : false;
    if (key === "g" || (key === " " && !takesSpace(active))) return next();
    if (key === "/") {
      const find = document.getElementById("find");
      if (find) find.focus();
      return Boolean(find);
    }
    if (key === "0" && window.lianjingBreaking) return window.lianjingBreaking.open();
    if (/^[1-9]$/.test(key)) return window.lianjingCase ? window.lianjingCase.choose(Number(key)) || press(key) : false;
    return /^[a-z]$/.test(key) && press(key);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.repeat && event.key !== "j" && event.key !== "k") return; // a key held down acts once
    const active = document.activeElement || document.body;
    if (event.key === "Escape") return escape(active);
    if (document.querySelector("dialog[open]") || isField(active)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    // With Shift a letter has a second meaning; where it has none, it is the letter (Caps Lock looks the same).
    const shifted = event.shiftKey && /^[a-z]$/.test(key) && press("⇧" + key);
    if (shifted || desk(key, active)) event.preventDefault();
  });
})();
