// A session may end while somebody writes: what he sent then is kept in this tab until he has signed on again, and stands
// in the form once more. Nothing else is kept: any other page drops it, and so does another person's sign-on.
(function () {
  "use strict";

  const KEY = "typed";
  const here = location.pathname + location.search;
  const who = document.body.dataset.viewer;
  const told = document.getElementById("typed-again");

  function fields(form) {
    // Files cannot be put back; secrets and identity numbers are kept nowhere.
    const never = "[type=hidden], [type=file], [type=password], [name*=identity], [name*=word]";
    return [...form.querySelectorAll("input[name], select[name], textarea[name]")].filter((one) => !one.matches(never));
  }

  function of(field) {
    return field.type === "checkbox" || field.type === "radio" ? field.checked : field.value;
  }

  function put(field, value) {
    if (typeof value === "boolean") field.checked = value;
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function taken() {
    const kept = JSON.parse(sessionStorage.getItem(KEY) || "null");
    sessionStorage.removeItem(KEY);
    const signedOn = document.referrer && new URL(document.referrer).pathname.startsWith("/accounts/");
    return kept && signedOn && kept.here === here && kept.who === who ? kept : null;
  }

  const kept = taken();
  const form = kept && [...document.querySelectorAll("main form[method=post]")][kept.place];
  if (form) {
    fields(form).forEach((field, place) => {
      const [name, value] = kept.values[place] || [];
      if (name === field.name) put(field, value);
    });
    told.hidden = false;
  }

  addEventListener("submit", (event) => {
    const form = event.target;
    const place = [...document.querySelectorAll("main form[method=post]")].indexOf(form);
    if (place < 0 || event.defaultPrevented) return;
    const values = fields(form).map((field) => [field.name, of(field)]);
    sessionStorage.setItem(KEY, JSON.stringify({ here, who, place, values }));
  });
})();
