/* A paper: what could not be kept is said, Ctrl+Enter hands it in, day and night are switched. */
(function () {
  "use strict";

  const paper = document.querySelector("[data-paper]");
  const notKept = document.getElementById("not-kept");

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-light]")) return;
    const day = document.documentElement.classList.toggle("paper");
    localStorage.setItem("patrol-light", day ? "day" : "night");
  });

  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"])
    document.addEventListener(name, () => notKept && (notKept.hidden = false));
  document.addEventListener("htmx:afterSwap", () => notKept && (notKept.hidden = true));

  document.addEventListener("keydown", (event) => {
    if (paper && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      paper.requestSubmit(paper.querySelector("button.go"));
    }
  });
  document.querySelector("[aria-invalid='true'] input")?.focus();
})();
