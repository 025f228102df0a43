/* Connects the page to the stream, keeps header, truth line and banners current, and says when the line is lost. */
(function () {
  "use strict";

  const body = document.body;
  const words = document.getElementById("words").dataset;
  const lost = document.getElementById("lost");
  const say = (name, detail) => document.dispatchEvent(new CustomEvent("lianjing:" + name, { detail }));
  // Lost for one of two reasons: the stream fell, or the browser says that it is off line.
  const since = { stream: null, browser: null };
  let lostAt = null;

  function signIn() {
    const here = location.pathname + location.search;
    location.assign(body.dataset.signIn + "?next=" + encodeURIComponent(here));
  }

  function replaceLive(parts) {
    for (const [name, html] of Object.entries(parts)) {
      const place = document.querySelector(`[data-live="${name}"]`);
      if (!place || place.dataset.shown === html) continue;
      place.dataset.shown = html;
      const holdsFocus = place.contains(document.activeElement);
      if (!holdsFocus) place.innerHTML = html;
    }
  }

  function showLink() {
    const down = lostAt !== null;
    body.classList.toggle("lost", down);
    lost.hidden = !down;
    if (!down) return;
    const seconds = Math.max(0, Math.round((Date.now() - lostAt) / 1000));
    const text = words.lost.replace("{seconds}", seconds);
    document.getElementById("lost-text").textContent = text;
  }

  function setLink(reason, at) {
    since[reason] = at;
    lostAt = since.stream === null ? since.browser : since.stream;
    showLink();
  }

  function take(message) {
    if (message.kind === "over") return signIn();
    if (message.kind === "link") return setLink("stream", message.up ? null : message.lostAt);
    if (message.kind === "tick") return say("tick", message.data);
    if (message.kind === "status") replaceLive(message.data.parts);
    return say(message.kind, message.data);
  }

  const settings = {
    events: new URL(body.dataset.events, location.href).href,
    session: new URL(body.dataset.session, location.href).href,
  };
  const position = Number(body.dataset.position);

  function connect() {
    if (!("SharedWorker" in window)) {
      new window.LianjingStream(take).open(settings, position);
      return;
    }
    const worker = new SharedWorker(body.dataset.stream, { name: body.dataset.streamName });
    worker.port.onmessage = (event) => take(event.data);
    worker.port.start();
    worker.port.postMessage({ settings, position });
    addEventListener("pagehide", () => worker.port.postMessage({ bye: true }));
  }

  // The address moves with the open case; a form that comes back here (language) must know where here is.
  document.addEventListener("submit", ({ target }) => {
    const next = target.querySelector('input[name="next"]');
    if (next) next.value = location.pathname + location.search;
  });
  // A page that comes back from the browser's cache has missed what happened meanwhile.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  addEventListener("offline", () => setLink("browser", Date.now()));
  addEventListener("online", () => setLink("browser", null));
  setInterval(showLink, 1000);
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = body.dataset.csrf;
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const ended = new URL(event.detail.xhr.responseURL || location.href).pathname === body.dataset.signIn;
    if (!ended) return;
    event.detail.shouldSwap = false;
    signIn();
  });
  document.addEventListener("htmx:responseError", ({ detail }) => {
    const text = { 403: words.forbidden, 404: words.missing }[detail.xhr.status] || words.failed;
    say("said", { text, bad: true });
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, () => say("said", { text: words.failed, bad: true }));
  }
  connect();
})();
