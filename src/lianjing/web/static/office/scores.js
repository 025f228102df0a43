// Scores without a mouse: Enter and the arrows go from one row's number to the next, Ctrl+Enter hands in; the sum of
// weights is told while they are typed.
(function () {
  "use strict";

  const scores = [...document.querySelectorAll("[data-score]")];
  const submit = document.querySelector("button[name=submit]");

  addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && submit) {
      event.preventDefault();
      submit.click();
      return;
    }
    const place = scores.indexOf(event.target);
    const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (place < 0 || !step) return;
    event.preventDefault();
    const next = scores[place + step] || (step > 0 ? submit : null);
    if (!next) return;
    next.focus();
    next.select?.();
  });
  scores.find((one) => !one.value)?.focus();

  const told = document.querySelector("[data-total]");
  const weights = [...document.querySelectorAll("[name^='weight-']")];
  function tell() {
    const sum = weights.reduce((had, one) => had + (Number(one.value) || 0), 0);
    told.textContent = `${told.dataset.total} ${sum}%${sum === 100 ? " ✓" : ""}`;
  }
  if (told && weights.length) {
    weights.forEach((one) => one.addEventListener("input", tell));
    tell();
  }
})();
