/* Day or night, before anything is drawn: as the person chose, else as the phone says. */
(function () {
  "use strict";

  const chosen = localStorage.getItem("patrol-light");
  const day = chosen ? chosen === "day" : window.matchMedia("(prefers-color-scheme: light)").matches;
  document.documentElement.classList.toggle("paper", day);
})();
