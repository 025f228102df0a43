/* The open case: its forms, and its refresh when an event names it, without touching what is being typed. */
(function () {
  "use strict";

  const holder = document.getElementById("case");
  if (!holder) return;
  const sources = new WeakMap();
  let timer = null;
  let refreshedAt = 0;
  let sealing = null;

  const blocks = (root) => [...root.querySelectorAll("[data-block]")];
  const openForm = () => holder.querySelector(".move-form:not([hidden])");
  const caseId = () => (location.pathname.match(/^\/incidents\/(\d+)\//) || [])[1];
  const notice = () => document.getElementById("move-notice");

  /* The seal follows an act within about a second and is no event: the page asks once more. */
  function awaitSeal() {
    clearTimeout(sealing);
    if (holder.querySelector("[data-unsealed]")) sealing = setTimeout(refresh, 1500);
  }

  /* The column scrolls for itself: the step that is due must not lie below its edge. */
  function bringNow() {
    const now = holder.querySelector(".steps .now");
    const column = now && now.closest(".stack");
    if (!column || column.scrollHeight <= column.clientHeight) return;
    const below = now.getBoundingClientRect().bottom - column.getBoundingClientRect().bottom;
    if (below > 0) column.scrollTop += below + 40;
  }

  function remember() {
    blocks(holder).forEach((block) => sources.set(block, block.innerHTML));
    document.body.classList.toggle("on-case", Boolean(caseId()));
    document.body.classList.toggle("on-desk", !caseId());
    const title = holder.querySelector("[data-title]");
    if (title) document.title = title.dataset.title;
    bringNow();
    awaitSeal();
  }

  function say(text, bad) {
    const place = notice();
    if (!place) return;
    place.textContent = text;
    place.classList.toggle("bad", Boolean(bad));
  }

  /* Drafts: what was typed outlives another case, "next", Esc and the end of the session; sending it ends it. */
  const draftKey = (form) => `draft:${document.body.dataset.me}:${caseId()}:${form.dataset.draft}`;
  const fields = (form) =>
    [...form.querySelectorAll("textarea, input[type=text]:not([data-secret]), input[type=datetime-local], input[type=radio]")];

  /* The server keeps it too: this browser may die, and whoever has the case then sees it. */
  const sending = new Map();
  function sendDraft(form, typed) {
    const place = document.getElementById("drafts");
    const name = form.dataset.draft;
    if (!place || !name) return;
    clearTimeout(sending.get(name));
    const { url } = place.dataset;
    const post = () => {
      sending.delete(name);
      const headers = { "Content-Type": "application/json", "X-CSRFToken": document.body.dataset.csrf };
      const body = JSON.stringify({ form: name, values: typed });
      // A draft that does not arrive is no reason to disturb: it is still here, and the next pause sends it again.
      fetch(url, { method: "POST", headers, body, keepalive: true }).catch(() => {});
    };
    sending.set(name, setTimeout(post, 600));
  }

  // What the page itself wrote there is nobody's typing; a form that came back holds what was sent.
  const isUntouched = (form, field) => field.value === field.defaultValue && !("open" in form.dataset);

  function typedIn(form) {
    const typed = {};
    for (const field of fields(form)) {
      if (field.type === "radio") {
        if (field.checked) typed[field.name] = field.value;
      } else if (!isUntouched(form, field)) typed[field.name] = field.value;
    }
    return typed;
  }

  function keep(form) {
    const typed = typedIn(form);
    sendDraft(form, typed);
    if (Object.keys(typed).length) sessionStorage.setItem(draftKey(form), JSON.stringify(typed));
    else sessionStorage.removeItem(draftKey(form));
  }

  function stored(form) {
    const kept = sessionStorage.getItem(draftKey(form));
    if (kept) return JSON.parse(kept);
    const own = holder.querySelector(`[data-kept="${form.dataset.draft}"]`);
    return own ? JSON.parse(own.dataset.values) : {};
  }

  function restore(form, given) {
    const typed = given || stored(form);
    for (const field of fields(form)) {
      if (!(field.name in typed)) continue;
      if (field.type === "radio") field.checked = field.value === typed[field.name];
      else if (field.value === field.defaultValue) field.value = typed[field.name];
    }
  }

  /* Another's draft becomes one's own; it ends when this form is sent. */
  function adopt(form, draft) {
    restore(form, JSON.parse(draft.values));
    keep(form);
    const adopted = form.querySelector("[name=adopted]") || document.createElement("input");
    Object.assign(adopted, { type: "hidden", name: "adopted", value: draft.draftId });
    form.append(adopted);
  }

  const options = (group) =>
    [...group.querySelectorAll("input[type=radio], input[type=checkbox]")].filter((one) => !one.closest("label").hidden);

  /* Choices that depend on another ("device_false:battery" on "device_false"), and fields for one answer only. */
  function fit(form) {
    const answer = (name) => (form.querySelector(`input[name="${name}"]:checked`) || {}).value || "";
    for (const group of form.querySelectorAll("fieldset[data-depends]")) {
      const wanted = answer(group.dataset.depends) + ":";
      let place = 0;
      for (const radio of group.querySelectorAll("input[type=radio]")) {
        const label = radio.closest("label");
        label.hidden = !radio.value.startsWith(wanted);
        if (label.hidden) radio.checked = false;
        else label.querySelector(".key").textContent = String(++place);
      }
      group.hidden = !place;
    }
    for (const field of form.querySelectorAll("[data-only]")) {
      const [name, value] = field.dataset.only.split("=");
      field.hidden = answer(name) !== value;
    }
  }

  /* `back`: the form came back from the server with what was typed and, perhaps, a sentence beside it. */
  function show(form, back) {
    const other = openForm();
    if (other && other !== form) other.hidden = true;
    form.hidden = false;
    bringNow();
    if (!back) {
      say("");
      restore(form);
    }
    fit(form);
    const wrong = form.querySelector("textarea[aria-invalid], input[type=text][aria-invalid]");
    const first = wrong || form.querySelector("[aria-invalid], input:checked, input[type=radio], input[type=checkbox], textarea, input[type=text]");
    if (first) first.focus();
  }

  function hide() {
    const form = openForm();
    if (!form) return false;
    form.hidden = true;
    const opener = holder.querySelector(`[data-opens="${form.dataset.form}"]`);
    if (opener) opener.focus();
    refresh();
    return true;
  }

  function replace(fresh) {
    const typing = openForm();
    for (const block of blocks(fresh)) {
      const old = holder.querySelector(`[data-block="${block.dataset.block}"]`);
      if (!old || sources.get(old) === block.innerHTML) continue;
      if (typing && old.contains(typing)) continue; // refreshed when the form is closed or sent
      const source = block.innerHTML;
      const focus = old.contains(document.activeElement) ? document.activeElement.id : "";
      old.innerHTML = source;
      sources.set(old, source);
      window.htmx.process(old);
      if (focus && document.getElementById(focus)) document.getElementById(focus).focus();
    }
    if (window.lianjingShowAges) window.lianjingShowAges();
    awaitSeal();
  }

  async function refresh() {
    const id = caseId();
    if (!id) return;
    refreshedAt = Date.now();
    try {
      const answer = await fetch(location.pathname, {
        headers: { "HX-Request": "true" },
        cache: "no-store",
        redirect: "error",
      });
      if (!answer.ok || id !== caseId()) return;
      const fresh = document.createElement("template");
      fresh.innerHTML = await answer.text();
      replace(fresh.content);
    } catch {
      // The line is down: the stream says so, and the next event or reset refreshes.
    }
  }

  /* In a storm its case changes with every batch: one look a second is enough. */
  function soon() {
    if (timer) return;
    const wait = Math.max(120, refreshedAt + 1000 - Date.now());
    timer = setTimeout(() => {
      timer = null;
      refresh();
    }, wait);
  }

  /* Number keys choose in the group that has the focus, else in the first group without a choice; then go on. */
  function choose(digit) {
    const form = openForm();
    if (!form) return false;
    const groups = [...form.querySelectorAll("fieldset[data-choice]")].filter((g) => options(g).length);
    const group =
      groups.find((g) => g.contains(document.activeElement)) || groups.find((g) => !g.querySelector(":checked"));
    const option = group && options(group)[digit - 1];
    if (!option) return false;
    option.click();
    if (option.type === "checkbox") return option.focus() || true; // several may be chosen
    const reasons = (form.dataset.reasons || "").split(" ");
    if ("quick" in form.dataset && !reasons.includes(option.value)) return send();
    if (form.hasAttribute("data-at-once")) return send();
    const all = [...form.querySelectorAll("fieldset[data-choice]")].filter((g) => options(g).length);
    const next = all.slice(all.indexOf(group) + 1).find((g) => !g.querySelector(":checked"));
    const target = next ? options(next)[0] : form.querySelector("textarea, input[type=text]");
    (target || option).focus();
    return true;
  }

  function send() {
    const form = openForm() && openForm().closest("form");
    if (form) form.requestSubmit();
    return Boolean(form);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.getAttribute("aria-disabled") === "true") {
      event.preventDefault();
      say(button.dataset.why || "", false);
    } else if (button.dataset.opens) {
      event.preventDefault();
      const form = holder.querySelector(`[data-form="${button.dataset.opens}"]`);
      if (form && form.hidden) show(form);
      else hide();
    } else if (button.dataset.adopts) {
      const form = holder.querySelector(`[data-draft="${button.dataset.adopts}"]`);
      if (form && form.hidden) show(form);
      if (form) adopt(form, button.dataset);
    } else if (button.dataset.dialog) {
      event.preventDefault();
      document.getElementById(button.dataset.dialog).showModal();
    } else if (button.hasAttribute("data-cancel")) {
      event.preventDefault();
      if (button.closest("dialog")) button.closest("dialog").close();
      else hide();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing && send()) event.preventDefault();
  });
  holder.addEventListener("input", (event) => {
    const form = event.target.closest(".move-form");
    if (form) keep(form);
    if (form) fit(form);
  });
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    const form = detail.elt.querySelector && detail.elt.querySelector(".move-form");
    if (form) clearTimeout(sending.get(form.dataset.draft));
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const form = detail.elt.querySelector && detail.elt.querySelector(".move-form");
    if (!form || !detail.successful) return;
    sessionStorage.removeItem(draftKey(form));
  });
  document.addEventListener("lianjing:incident", ({ detail }) => String(detail.id) === caseId() && soon());
  document.addEventListener("lianjing:reset", refresh);
  document.addEventListener("lianjing:said", ({ detail }) => say(detail.text, detail.bad));
  document.addEventListener("htmx:historyRestore", remember);
  document.addEventListener("htmx:afterSettle", () => {
    remember();
    const form = holder.querySelector(".move-form[data-open]");
    if (form) show(form, true);
    else if (holder.contains(document.activeElement) === false && document.activeElement === document.body) {
      const heading = holder.querySelector("h1");
      if (heading) heading.focus({ preventScroll: true });
    }
  });
  remember();
  const given = holder.querySelector(".move-form[data-open]");
  if (given) show(given, true);
  window.lianjingCase = { choose, hide, show };
})();
