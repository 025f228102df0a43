/* One event stream for all tabs of a user. Runs as a SharedWorker; where there is none, the page runs it itself.
   Positions are the outbox's: a lost connection is resumed after the last one, so a server restart or a minute
   off line loses nothing. */
(function (scope) {
  "use strict";

  const RING = 1000;
  const SILENT_MS = 13000; // the server ticks every 5 s; two missed ticks and a half mean a dead line
  const RETRY_MS = [300, 700, 1000, 2000, 3000];

  class Stream {
    constructor(deliver) {
      this.deliver = deliver;
      this.running = false;
      this.up = false;
      this.lostAt = null;
      this.tries = 0;
      this.ring = [];
      this.status = null;
    }

    open(settings, position) {
      this.running = true;
      this.settings = settings;
      this.position = this.oldest = position;
      this.connect();
      this.watching = setInterval(() => this.watch(), 1000);
    }

    /* The session has ended. A page that signs on later may meet this same worker and starts it anew. */
    end() {
      if (this.source) this.source.close();
      clearTimeout(this.timer);
      clearInterval(this.watching);
      Object.assign(this, { running: false, up: false, lostAt: null, tries: 0, ring: [], status: null });
      this.deliver({ kind: "over" });
    }

    connect() {
      clearTimeout(this.timer);
      this.heard = Date.now();
      this.source = new EventSource(this.settings.events + "&after=" + this.position);
      this.source.onopen = () => this.alive();
      this.source.onerror = () => this.fell();
      for (const kind of ["incident", "news", "status", "tick", "reset", "over"]) {
        this.source.addEventListener(kind, (event) => this.take(kind, event));
      }
    }

    take(kind, event) {
      this.alive();
      if (/^\d+$/.test(event.lastEventId)) this.position = Math.max(this.position, Number(event.lastEventId));
      if (kind === "over") return this.end();
      const message = { kind, id: Number(event.lastEventId) || 0, data: JSON.parse(event.data) };
      if (kind === "incident") this.remember(message);
      if (kind === "status") this.status = message;
      if (kind === "reset") this.restart(message.data.position);
      this.deliver(message);
    }

    remember(message) {
      this.ring.push(message);
      if (this.ring.length > RING) this.oldest = this.ring.shift().id;
    }

    restart(position) {
      this.ring = [];
      this.position = this.oldest = position;
    }

    alive() {
      this.heard = Date.now();
      if (this.up) return;
      this.up = true;
      this.tries = 0;
      this.lostAt = null;
      this.deliver({ kind: "link", up: true, lostAt: null });
    }

    fell() {
      this.source.close();
      if (this.up || this.lostAt === null) {
        this.up = false;
        this.lostAt = Date.now();
        this.deliver({ kind: "link", up: false, lostAt: this.lostAt });
      }
      clearTimeout(this.timer);
      const wait = RETRY_MS[Math.min(this.tries++, RETRY_MS.length - 1)];
      this.timer = setTimeout(() => this.retry(), wait);
    }

    /* A stream that fails does not say why; this does: nobody home, or a session that has ended. */
    async retry() {
      try {
        const answer = await fetch(this.settings.session, { redirect: "manual", cache: "no-store" });
        if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
          return this.end();
        }
        return answer.ok ? this.connect() : this.fell();
      } catch {
        return this.fell();
      }
    }

    watch() {
      if (this.up && Date.now() - this.heard > SILENT_MS) this.fell();
    }

    /* What a page rendered at `position` has missed. */
    since(position) {
      if (position < this.oldest) return [{ kind: "reset", id: this.position, data: { position: this.position } }];
      return this.ring.filter((message) => message.id > position);
    }

    greetings(position) {
      const link = { kind: "link", up: this.up, lostAt: this.lostAt };
      const first = this.up || this.lostAt ? [link] : [];
      return [...first, ...this.since(position), ...(this.status ? [this.status] : [])];
    }
  }

  scope.LianjingStream = Stream;
  if (!("SharedWorkerGlobalScope" in scope)) return;

  const ports = new Set();
  const stream = new Stream((message) => ports.forEach((port) => port.postMessage(message)));
  scope.onconnect = (event) => {
    const port = event.ports[0];
    port.onmessage = ({ data }) => {
      if (data.bye) return ports.delete(port);
      ports.add(port);
      if (!stream.running) return stream.open(data.settings, data.position);
      return stream.greetings(data.position).forEach((message) => port.postMessage(message));
    };
    port.start();
  };
})(self);
