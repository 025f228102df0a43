/* The board: read again when there is news, at most once in two seconds, never while nobody can see it. J and K move. */
(function () {
  "use strict";

  const board = document.getElementById("board-live");
  if (!board) return;
  const PAUSE_MS = 2000;
  let timer = null;
  let readAt = Date.now();
  let missed = false;

  const blocks = (root) => [...root.querySelectorAll("[data-block]")];
  const sources = new Map(blocks(board).map((block) => [block.dataset.block, block.innerHTML]));

  function replace(fresh) {
    for (const block of blocks(fresh)) {
      const name = block.dataset.block;
      if (sources.get(name) === block.innerHTML) continue;
      const old = board.querySelector(`[data-block="${name}"]`);
      const focus = old.contains(document.activeElement) ? document.activeElement.id : "";
      sources.set(name, block.innerHTML);
      old.innerHTML = block.innerHTML;
      const again = focus && document.getElementById(focus);
      if (again) again.focus({ preventScroll: true });
    }
    if (window.lianjingShowAges) window.lianjingShowAges();
  }

  async function read() {
    timer = null;
    readAt = Date.now();
    missed = false;
    try {
      const answer = await fetch(board.dataset.url, { cache: "no-store", redirect: "error" });
      if (!answer.ok) return;
      const fresh = document.createElement("template");
      fresh.innerHTML = await answer.text();
      replace(fresh.content);
    } catch {
      // The line is down: the stream says so, and the next news or reset reads again.
    }
  }

  function news() {
    if (document.hidden) missed = true;
    else if (!timer) timer = setTimeout(read, Math.max(150, readAt + PAUSE_MS - Date.now()));
  }

  function step(by) {
    const rows = [...board.querySelectorAll("[data-step]")];
    const next = rows[rows.indexOf(document.activeElement) + by] || (by > 0 ? rows[0] : rows[rows.length - 1]);
    if (next) next.focus();
  }

  for (const kind of ["incident", "news", "reset"]) document.addEventListener("lianjing:" + kind, news);
  document.addEventListener("visibilitychange", () => missed && news());
  window.lianjingQueue = { step };
})();
