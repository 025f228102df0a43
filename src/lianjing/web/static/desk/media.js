/* Pictures and clips: sent as soon as they are chosen or dropped; leafed through with the arrow keys. */
(function () {
  "use strict";

  const zone = (event) => event.target.closest && event.target.closest("[data-drop]");
  const over = (form, on) => form && form.classList.toggle("over", on);

  document.addEventListener("change", (event) => {
    if (event.target.type === "file" && zone(event)) zone(event).requestSubmit();
  });
  document.addEventListener("dragover", (event) => {
    if (!zone(event)) return;
    event.preventDefault();
    over(zone(event), true);
  });
  document.addEventListener("dragleave", (event) => over(zone(event), false));
  document.addEventListener("drop", (event) => {
    const form = zone(event);
    if (!form) return;
    event.preventDefault();
    over(form, false);
    form.querySelector("input[type=file]").files = event.dataTransfer.files;
    form.requestSubmit();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const link = document.querySelector(`[data-arrow="${event.key}"]`);
    if (link && !event.target.closest("video")) link.click();
  });
})();
