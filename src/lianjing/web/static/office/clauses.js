// The specification without a mouse: J and K (or the arrows) go from clause to clause, what stands beside the page follows,
// Enter goes into it. On a narrow screen it stands below its clause. Without this script each clause's link does the same.
(function () {
  "use strict";

  const clauses = [...document.querySelectorAll(".clause[data-clause]")];
  const beside = document.querySelector(".beside");
  const narrow = matchMedia("(max-width: 900px)");
  const detail = () => document.getElementById("clause-detail");
  const selected = () => document.querySelector(".clause.is-selected");
  let waiting = 0;

  function place() {
    const clause = selected();
    if (narrow.matches && clause && clause.dataset.opened) clause.append(detail());
    else beside.append(detail());
  }

  function mark(clause) {
    for (const other of clauses) other.classList.toggle("is-selected", other === clause);
    clause.dataset.opened = "1";
  }

  function select(clause, soon) {
    mark(clause);
    clearTimeout(waiting);
    waiting = setTimeout(() => htmx.trigger(clause.querySelector(".clause-pick"), "click"), soon ? 0 : 150);
  }

  function step(by) {
    const at = clauses.indexOf(selected());
    const next = clauses[Math.min(Math.max(at + by, 0), clauses.length - 1)];
    if (!next) return;
    next.scrollIntoView({ block: "nearest" });
    next.querySelector(".clause-pick").focus({ preventScroll: true });
    select(next, false);
  }

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const on = event.target;
    if (on.closest?.("input, select, textarea, [contenteditable]")) {
      if (event.key === "Escape") on.blur();
      return;
    }
    const key = event.key.toLowerCase();
    const arrows = on.closest?.(".clause[data-clause]") || on === document.body ? ["arrowdown", "arrowup"] : [];
    if (key === "j" || key === arrows[0]) step(1);
    else if (key === "k" || key === arrows[1]) step(-1);
    else if (key === "enter" && (on === document.body || on.closest?.(".is-selected .clause-pick"))) {
      const first = detail()?.querySelector("a, input:not([type=hidden]), summary");
      if (!first) return;
      first.focus();
    } else return;
    event.preventDefault();
  });

  // A click anywhere on a clause looks at it; a link, a button or marked text is something else.
  document.querySelector(".clauses")?.addEventListener("click", (event) => {
    const clause = event.target.closest(".clause[data-clause]");
    if (!clause || event.target.closest("a, button, summary, input, #clause-detail") || String(getSelection())) return;
    select(clause, true);
  });

  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const clause = event.target.closest?.(".clause[data-clause]");
    if (!event.target.matches?.(".clause-pick") || !clause) return;
    clearTimeout(waiting); // what a key was about to fetch is no longer what is looked at
    mark(clause);
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    const clause = selected();
    if (event.target.id !== "clause-detail" || !clause) return;
    place();
    const address = new URL(location.href);
    address.searchParams.set("clause", clause.dataset.clause);
    history.replaceState(null, "", address);
  });
  narrow.addEventListener("change", place);

  // Whoever comes by a link to a clause sees that clause, not the head of the specification.
  if (new URL(location.href).searchParams.has("clause") && !location.hash) selected()?.scrollIntoView({ block: "center" });
})();
