// The time since a drill began, counted on from what the server said; a tap is sent once.
(function () {
  "use strict";

  const shown = document.querySelector("[data-elapsed]");
  const two = (number) => String(number).padStart(2, "0");
  const start = performance.now() / 1000 - Number(shown.dataset.elapsed);

  function show() {
    const seconds = Math.floor(performance.now() / 1000 - start);
    const minutes = Math.floor(seconds / 60);
    shown.textContent = `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
  }

  show();
  if ("runs" in shown.dataset) setInterval(show, 500);

  document.addEventListener("submit", (event) => {
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "yes";
  });
})();
