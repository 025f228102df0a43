/* Says beside the key's field how the entry can be read. The server decides; nothing of the entry leaves the field. */
(function () {
  "use strict";

  const field = document.querySelector("[data-key-entry]");
  const told = document.getElementById("key-reading");
  if (!field || !told) return;

  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  function readings(entry) {
    const digits = entry.replace(/[\s:-]/g, "");
    const found = {};
    if (/^[0-9a-f]+$/i.test(digits) && [32, 48, 64].includes(digits.length)) {
      found.hex = fill(told.dataset.hex, { count: digits.length, aes: `AES-${digits.length * 4}` });
    }
    if (/^[\x20-\x7e]+$/.test(entry) && [16, 24, 32].includes(entry.length)) {
      found.characters = fill(told.dataset.characters, { count: entry.length, aes: `AES-${entry.length * 8}` });
    }
    return found;
  }

  function say() {
    const entry = field.value.trim();
    const found = readings(entry);
    told.hidden = !entry;
    if (found.hex && found.characters) told.textContent = fill(told.dataset.both, found);
    else told.textContent = found.hex || found.characters || fill(told.dataset.nothing, { count: entry.length });
  }

  field.addEventListener("input", say);
})();
