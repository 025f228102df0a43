/* The guard's page: a new task is felt and heard, a lost connection is said, day and night are switched. */
(function () {
  "use strict";

  const root = document.documentElement;
  const lost = document.getElementById("lost");
  let heardAt = Date.now();

  const assigned = () =>
    new Set([...document.querySelectorAll('[data-task][data-state="assigned"]')].map((row) => row.dataset.task));
  let known = assigned();

  function ring() {
    if (navigator.vibrate) navigator.vibrate([300, 150, 300, 150, 300]);
    const Context = window.AudioContext;
    if (!Context) return;
    const sound = new Context();
    const tone = sound.createOscillator();
    tone.frequency.value = 880;
    tone.connect(sound.destination);
    tone.start();
    tone.stop(sound.currentTime + 0.6);
    tone.onended = () => sound.close();
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-light]")) return;
    const day = root.classList.toggle("paper");
    localStorage.setItem("patrol-light", day ? "day" : "night");
  });

  /* A form is sent once, however often a thumb presses. */
  document.addEventListener("submit", (event) => {
    const button = event.target.querySelector("button");
    if (event.target.dataset.sent) event.preventDefault();
    else if (button) {
      event.target.dataset.sent = "1";
      button.classList.add("sending");
    }
  });
  window.addEventListener("pageshow", () =>
    document.querySelectorAll("[data-sent]").forEach((form) => delete form.dataset.sent)
  );

  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.successful) heardAt = Date.now();
  });
  document.addEventListener("htmx:afterSwap", () => {
    const now = assigned();
    if ([...now].some((task) => !known.has(task))) ring();
    known = now;
  });
  /* What is being typed is not lost to a page that loads itself again. */
  document.addEventListener("htmx:beforeRequest", (event) => {
    const typing = document.activeElement && document.activeElement.matches("textarea, input");
    if (typing && event.target.matches("[data-live]:not(#rows)")) event.preventDefault();
  });

  /* The button that leads to a form is in its way once the form is there. */
  const lead = document.querySelector("[data-until]");
  if (lead) {
    new IntersectionObserver(([entry]) => {
      lead.hidden = entry.isIntersecting;
    }).observe(document.querySelector(lead.dataset.until));
  }

  setInterval(() => {
    if (!document.querySelector("[data-live]")) return;
    const seconds = Math.floor((Date.now() - heardAt) / 1000);
    lost.hidden = seconds < 12;
    lost.textContent = lost.hidden ? "" : lost.dataset.words.replace("{seconds}", seconds);
  }, 1000);
})();
