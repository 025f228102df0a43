// A table that is edited as a whole, without a mouse: Enter goes down, arrows along the column, Alt N adds a row,
// Ctrl Enter saves. Without this script everything can be typed and saved all the same.
(function () {
  "use strict";

  const form = document.querySelector("[data-table]");
  if (!form) return;
  const body = form.querySelector("[data-rows]");
  const pattern = form.querySelector("[data-pattern]");
  const add = form.querySelector("[data-add]");
  let changed = Boolean(form.querySelector(".notice.bad"));

  const rows = () => [...body.querySelectorAll("tr:not(.told)")];
  const fields = (row) => [...row.querySelectorAll("input:not([type=hidden]), select")];

  function addRow() {
    const number = rows().length;
    const row = pattern.content.querySelector("tr").cloneNode(true);
    for (const element of [row, ...row.querySelectorAll("*")]) {
      for (const name of ["id", "name"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replace(/^rnew/, `r${number}`));
      }
      const label = element.getAttribute("aria-label");
      if (label) element.setAttribute("aria-label", `${label.trim()} ${number + 1}`);
    }
    row.querySelector("[data-place]").textContent = number + 1;
    body.append(row);
    return row;
  }

  function step(field, by) {
    const row = field.closest("tr");
    const all = rows();
    const column = fields(row).indexOf(field);
    let next = all[all.indexOf(row) + by];
    if (!next && by > 0) next = addRow();
    const target = next && fields(next)[column];
    if (!target) return;
    target.focus();
    if (target.select && target.type === "text") target.select();
  }

  form.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const field = event.target;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.altKey && event.code === "KeyN") {
      event.preventDefault();
      fields(addRow())[0].focus();
    } else if (!body.contains(field)) {
      return;
    } else if (event.key === "Enter") {
      event.preventDefault();
      step(field, event.shiftKey ? -1 : 1);
    } else if (field.type === "text" && !field.list && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      step(field, event.key === "ArrowDown" ? 1 : -1);
    }
  });

  // Whoever calls for help is heard armed or not.
  form.addEventListener("change", (event) => {
    changed = true;
    if (!/-kind$/.test(event.target.name) || !["hold_up", "fire", "medical"].includes(event.target.value)) return;
    const tick = form.elements[event.target.name.replace(/kind$/, "always_on")];
    if (tick) tick.checked = true;
  });
  form.addEventListener("input", () => (changed = true));
  form.addEventListener("submit", () => (changed = false));
  addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });

  add.addEventListener("click", () => fields(addRow())[0].focus());
  for (const hidden of [add, form.querySelector("[data-keys]")]) hidden.hidden = false;
})();
