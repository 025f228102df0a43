/* The queue: applies each event to its row, keeps the order by the row's sort key, and moves the selection. */
(function () {
  "use strict";

  const rows = document.getElementById("rows");
  if (!rows) return;
  const body = document.body;
  const words = document.getElementById("words").dataset;
  const find = document.getElementById("find");
  const more = document.getElementById("queue-more");
  const limit = Number(rows.dataset.limit);
  let total = Number(rows.dataset.total);
  let short = 0;
  let loading = false;

  const all = () => [...rows.children];
  const caseId = () => (location.pathname.match(/^\/incidents\/(\d+)\//) || [])[1];

  function element(html) {
    const template = document.createElement("template");
    template.innerHTML = html.trim();
    return template.content.firstElementChild;
  }

  function dress(row) {
    const mine = row.dataset.holder && row.dataset.holder === body.dataset.me;
    row.classList.toggle("mine", Boolean(mine));
    const holder = row.querySelector(".holder");
    if (mine && holder) holder.textContent = words.me;
    const offered = row.querySelector(".offered");
    if (offered && row.dataset.offered === body.dataset.me) offered.textContent = words.toMe;
    if (row.dataset.id === caseId()) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
    row.hidden = filteredOut(row);
  }

  /* A filter may not hide what must be seen: grade one that nobody has acknowledged, and what arrives meanwhile. */
  function filteredOut(row) {
    const wanted = find ? find.value.trim().toLowerCase() : "";
    if (!wanted || row.arrived || (row.dataset.grade === "1" && row.classList.contains("fresh"))) return false;
    return !`${row.textContent} ${row.dataset.address}`.toLowerCase().includes(wanted);
  }

  function refilter() {
    all().forEach((row) => {
      row.arrived = false;
      dress(row);
    });
    settle();
  }

  function settle() {
    const shown = rows.children.length;
    body.classList.toggle("has-rows", shown > 0);
    body.classList.toggle("no-rows", shown === 0);
    document.getElementById("queue-total").textContent = total;
    const filtered = all().filter((row) => row.hidden).length;
    const told = [];
    if (filtered) told.push(words.filtered.replace("{count}", filtered));
    if (total > shown && shown) told.push(words.more.replace("{count}", total - shown));
    more.hidden = !told.length;
    more.textContent = told.join(" · ");
    if (window.lianjingShowAges) window.lianjingShowAges();
  }

  function place(row) {
    const next = all().find((other) => other.dataset.key > row.dataset.key);
    rows.insertBefore(row, next || null);
  }

  function announce(row) {
    row.classList.add("pulse");
    const told = [".mark", ".what", ".where"].map((part) => row.querySelector(part).textContent);
    document.getElementById("announced").textContent = told.join(" ");
  }

  function apply(event) {
    const old = document.getElementById("row-" + event.id);
    const hadFocus = old && old === document.activeElement;
    if (old) old.remove();
    if (event.html) {
      const row = element(event.html);
      if (event.alert) row.arrived = true;
      dress(row);
      place(row);
      while (rows.children.length > limit) rows.lastElementChild.remove();
      window.htmx.process(row);
      if (hadFocus) row.focus({ preventScroll: true });
      if (event.alert) announce(row);
    }
    settle();
  }

  async function reload() {
    if (loading) return;
    loading = true;
    try {
      const answer = await fetch(rows.dataset.url, { cache: "no-store", redirect: "error" });
      if (!answer.ok) return;
      total = Number(answer.headers.get("X-Total"));
      rows.innerHTML = (await answer.text()).trim();
      all().forEach(dress);
      window.htmx.process(rows);
      settle();
    } catch {
      // The line is down: the stream says so, and its return reloads again.
    } finally {
      loading = false;
    }
  }

  /* Rows beyond the limit are not on the page; when some leave, the next ones are fetched. The same rule heals
     whatever else may have gone wrong: a page that shows fewer rows than there are asks again. */
  function recount(counts) {
    total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    short = rows.children.length === Math.min(total, limit) ? 0 : short + 1;
    if (short >= 2) {
      short = 0;
      reload();
    }
    settle();
  }

  function step(by) {
    const shown = all().filter((row) => !row.hidden);
    if (!shown.length) return;
    const here = shown.indexOf(document.activeElement);
    const current = here >= 0 ? here : shown.findIndex((row) => row.hasAttribute("aria-current"));
    const next = current < 0 ? (by > 0 ? 0 : shown.length - 1) : current + by;
    shown[Math.min(Math.max(next, 0), shown.length - 1)].focus();
  }

  rows.replaceChildren(...all()); // drops the white space between rows, so that :empty means empty
  all().forEach(dress);
  settle();
  window.lianjingQueue = { step, rows: all };
  document.addEventListener("lianjing:incident", ({ detail }) => apply(detail));
  document.addEventListener("lianjing:reset", reload);
  document.addEventListener("lianjing:status", ({ detail }) => recount(detail.counts));
  document.addEventListener("htmx:pushedIntoHistory", () => all().forEach(dress));
  document.addEventListener("htmx:historyRestore", () => all().forEach(dress));
  for (const name of ["input", "search"]) if (find) find.addEventListener(name, refilter);
})();
