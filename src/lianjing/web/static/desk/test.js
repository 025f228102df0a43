/* Prints the report of a test. */
(function () {
  "use strict";

  document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
})();
