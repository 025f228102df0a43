// Whoever is named by his staff number is found by number, name or pinyin: a list under the field, for hands on the keys.
// Without a script the field has the list of the browser. Rows that are copied later (`data-more`) get theirs, too.
(function () {
  "use strict";

  const SHOWN = 8;
  const source = document.getElementById("people");
  if (!source) return;
  const people = [...source.options].map((one) => ({
    number: one.value,
    name: one.textContent.trim(),
    more: one.dataset.more || "",
    find: (one.dataset.find || "").split(" "),
  }));
  let made = 0;

  function found(text) {
    const wanted = text.trim().toLowerCase();
    const exact = people.filter((one) => one.number.toLowerCase().startsWith(wanted));
    const others = people.filter(
      (one) => !exact.includes(one) && (one.name.toLowerCase().includes(wanted) || one.find.some((f) => f.startsWith(wanted))),
    );
    return [...exact, ...others];
  }

  function pick(input) {
    const list = document.createElement("ul");
    const said = document.createElement("span");
    let at = -1;
    list.className = "people-found";
    list.id = `people-found-${(made += 1)}`;
    list.setAttribute("role", "listbox");
    list.hidden = true;
    said.className = "people-named small soft";
    said.setAttribute("aria-live", "polite");
    input.removeAttribute("list");
    input.autocomplete = "off";
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]])
      input.setAttribute(name, value);
    input.after(list, said);

    function name() {
      const one = people.find((each) => each.number === input.value.trim());
      said.textContent = one ? one.name + (one.more ? ` · ${one.more}` : "") : "";
    }
    function close() {
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }
    function mark(place) {
      const rows = [...list.querySelectorAll("[role=option]")];
      if (!rows.length) return;
      at = (place + rows.length) % rows.length;
      rows.forEach((row, each) => row.setAttribute("aria-selected", String(each === at)));
      rows[at].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", rows[at].id);
    }
    function take(number) {
      input.value = number;
      close();
      name();
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    function open() {
      const matching = found(input.value);
      list.replaceChildren();
      matching.slice(0, SHOWN).forEach((one, place) => {
        const row = document.createElement("li");
        row.id = `${list.id}-${place}`;
        row.setAttribute("role", "option");
        row.dataset.number = one.number;
        const number = document.createElement("span");
        number.className = "faint";
        number.textContent = one.number;
        row.append(`${one.name} `, number, one.more ? ` ${one.more}` : "");
        list.append(row);
      });
      const left = matching.length - SHOWN;
      if (left > 0 || !matching.length) {
        const row = document.createElement("li");
        row.className = "soft small";
        row.textContent = matching.length ? source.dataset.left.replace("{count}", left) : source.dataset.none;
        list.append(row);
      }
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      if (matching.length) mark(0);
    }

    input.addEventListener("input", () => {
      name();
      if (input.value.trim()) open();
      else close();
    });
    input.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        if (list.hidden) open();
        else mark(at + step);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if ((event.key === "Enter" || event.key === "Tab") && !list.hidden && at >= 0 && input.value.trim()) {
        if (event.key === "Enter") event.preventDefault();
        take(list.querySelectorAll("[role=option]")[at].dataset.number);
      }
    });
    list.addEventListener("mousedown", (event) => {
      const row = event.target.closest("[role=option]");
      event.preventDefault();
      if (row) take(row.dataset.number);
    });
    input.addEventListener("blur", close);
    name();
  }

  function more(row) {
    // The last of the empty rows was filled in: another one follows it.
    const next = row.cloneNode(true);
    for (const field of next.querySelectorAll("input")) field.value = "";
    for (const part of next.querySelectorAll(".people-found, .people-named")) part.remove();
    row.after(next);
    next.querySelectorAll("input[role=combobox]").forEach(pick);
    watch(next);
  }
  function watch(row) {
    row.addEventListener("change", () => { if (!row.nextElementSibling) more(row); }, { once: true });
  }

  document.querySelectorAll('input[list="people"]').forEach(pick);
  document.querySelectorAll("[data-more-rows] > :last-child").forEach(watch);
})();
