/* A tone a grade, made here. One tab sounds for all; an unacknowledged first grade repeats until somebody takes it.
   Silence is a choice that stays visible; a browser that forbids sound before a gesture says so on the button. */
(function () {
  "use strict";

  const button = document.getElementById("tone");
  if (!button) return;
  const words = document.getElementById("words").dataset;
  const STORE = "lianjing.silent";
  const REPEAT_MS = 5000;
  // [frequency Hz, start s, length s]: the more urgent, the higher, faster and longer.
  const TONES = {
    1: [[988, 0, 0.14], [1319, 0.17, 0.14], [988, 0.34, 0.14], [1319, 0.51, 0.22]],
    2: [[880, 0, 0.16], [1109, 0.21, 0.2]],
    3: [[659, 0, 0.22]],
    4: [[440, 0, 0.16]],
    fault: [[330, 0, 0.3], [247, 0.34, 0.4]],
  };
  let audio = null;
  let leads = false;
  let faulty = false;

  const silent = () => localStorage.getItem(STORE) === "1";
  const blocked = () => !audio || audio.state !== "running";

  function show() {
    if (!blocked()) lead();
    const text = silent() ? words.silent : blocked() ? words.blocked : words.sounding;
    if (button.textContent !== text) button.textContent = text;
    button.setAttribute("aria-pressed", String(silent()));
    button.classList.toggle("blocked", !silent() && blocked());
  }

  function lead() {
    if (leads) return;
    if (!navigator.locks) leads = true;
    else navigator.locks.request("lianjing-tone", () => ((leads = true), new Promise(() => {})));
  }

  function allow() {
    audio = audio || new AudioContext();
    if (audio.state === "suspended") audio.resume().then(show, show); // never settles before a gesture
    show();
  }

  function sound(name) {
    if (silent() || blocked() || !leads) return;
    for (const [frequency, start, length] of TONES[name]) {
      const at = audio.currentTime + start;
      const voice = audio.createOscillator();
      const volume = audio.createGain();
      voice.type = "triangle";
      voice.frequency.value = frequency;
      volume.gain.setValueAtTime(0, at);
      volume.gain.linearRampToValueAtTime(0.28, at + 0.015);
      volume.gain.linearRampToValueAtTime(0, at + length);
      voice.connect(volume).connect(audio.destination);
      voice.start(at);
      voice.stop(at + length + 0.02);
    }
  }

  function repeat() {
    if (document.querySelector('#rows .row.fresh[data-grade="1"], .breaking-row')) sound(1);
    else if (faulty) sound("fault");
  }

  button.addEventListener("click", () => {
    if (!silent() && blocked()) return allow();
    localStorage.setItem(STORE, silent() ? "0" : "1");
    return allow();
  });
  document.addEventListener("pointerdown", () => blocked() && allow());
  document.addEventListener("keydown", () => blocked() && allow());
  addEventListener("storage", show);
  document.addEventListener("lianjing:incident", ({ detail }) => {
    if (detail.alert) sound(detail.topic === "incident.escalated" ? 1 : detail.grade);
  });
  document.addEventListener("lianjing:status", ({ detail }) => {
    if (detail.faulty && !faulty) sound("fault");
    faulty = detail.faulty;
  });
  setInterval(repeat, REPEAT_MS);
  allow(); // runs at once where the browser trusts this page already; otherwise the button says what to do
})();
