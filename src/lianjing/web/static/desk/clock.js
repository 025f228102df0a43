/* The clock, all ages and what is left of a wait, by the server's time. They are counted here, so that nothing need be
   sent again. */
(function () {
  "use strict";

  const body = document.body;
  const words = document.getElementById("words").dataset;
  const clock = document.getElementById("clock");
  let offset = Number(body.dataset.now) - Date.now();
  const face = new Intl.DateTimeFormat("en-GB", {
    timeZone: body.dataset.zone,
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const two = (number) => String(number).padStart(2, "0");

  function short(seconds) {
    const s = Math.max(0, Math.floor(seconds));
    const hours = Math.floor(s / 3600);
    if (hours >= 48) return words.days.replace("{days}", Math.floor(hours / 24));
    const minutes = Math.floor((s % 3600) / 60);
    return hours ? `${hours}:${two(minutes)}:${two(s % 60)}` : `${minutes}:${two(s % 60)}`;
  }

  function lateness(row, now) {
    if (row.classList.contains("seen")) return ""; // somebody is at it: it does not wait
    if (row.dataset.redAt && now >= Date.parse(row.dataset.redAt)) return "late";
    if (row.dataset.amberAt && now >= Date.parse(row.dataset.amberAt)) return "amber";
    return "";
  }

  function showAge(element, now) {
    const heldUntil = element.dataset.heldUntil;
    const state = heldUntil ? "" : lateness(element, now);
    element.classList.toggle("late", state === "late");
    element.classList.toggle("amber", state === "amber");
    const word = element.querySelector(".word");
    const count = element.querySelector(".count");
    const left = heldUntil ? (Date.parse(heldUntil) - now) / 1000 : 0;
    const held = left > 0 ? words.left : words.due;
    const said = heldUntil ? held : state === "late" ? words.late : state === "amber" ? words.amber : "";
    if (word && word.textContent !== said) word.textContent = said;
    if (count) count.textContent = short(heldUntil ? left : (now - Date.parse(element.dataset.attentionAt)) / 1000);
  }

  function showLeft(element, now) {
    const left = (Date.parse(element.dataset.leftUntil) - now) / 1000;
    element.textContent = left > 0 ? `${words.left} ${short(left)}` : words.due;
  }

  function show() {
    const now = Date.now() + offset;
    if (clock) clock.textContent = face.format(now);
    for (const element of document.querySelectorAll("[data-attention-at]")) showAge(element, now);
    for (const element of document.querySelectorAll("[data-left-until]")) showLeft(element, now);
  }

  window.lianjingShowAges = show;
  document.addEventListener("lianjing:tick", ({ detail }) => {
    offset = detail.now - Date.now();
  });
  document.addEventListener("htmx:afterSettle", show);
  setInterval(show, 1000);
  show();
})();
