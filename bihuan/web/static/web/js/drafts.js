// No typed text is lost. A form marked data-guard="<key>" asks before it is left, and keeps a draft in this tab:
// when signing in has expired and the form is opened again, or the page is reloaded, the words are there.
// Drafts hold text only (no files, no passwords), live in sessionStorage and end with the tab, or when the
// form has been accepted, or on signing out.

const PREFIX = "bihuan-draft:";
const words = () => document.getElementById("words").dataset;
const guards = (inside = document) => [...inside.querySelectorAll("form[data-guard]")];

const store = {
  get(key) {
    try {
      return JSON.parse(sessionStorage.getItem(PREFIX + key));
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      sessionStorage.setItem(PREFIX + key, JSON.stringify(value));
    } catch {
      // Full or forbidden: the question before leaving still stands.
    }
  },
  drop(key) {
    try {
      sessionStorage.removeItem(PREFIX + key);
    } catch {
      // Nothing was kept either.
    }
  },
  keys() {
    try {
      return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
    } catch {
      return [];
    }
  },
};

const KEPT = "input[name]:not([type=hidden]):not([type=password]):not([type=file]), select[name], textarea[name]";

const valueOf = (control) =>
  control.type === "checkbox" || control.type === "radio"
    ? control.checked
    : control.multiple
      ? [...control.selectedOptions].map((option) => option.value)
      : control.value;

const putValue = (control, value) => {
  if (control.type === "checkbox" || control.type === "radio") control.checked = value;
  else if (control.multiple) for (const option of control.options) option.selected = value.includes(option.value);
  else control.value = value;
};

const controls = (form) => [...form.querySelectorAll(KEPT)];
const nameOf = (control, index) => `${index}:${control.name}`;

const snapshot = (form) => Object.fromEntries(controls(form).map((one, index) => [nameOf(one, index), valueOf(one)]));
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

const first = new WeakMap();

const mark = (form, dirty) => form.toggleAttribute("data-is-dirty", dirty);

const begin = (form) => {
  if (first.has(form)) return;
  first.set(form, snapshot(form));
  mark(form, form.hasAttribute("data-dirty"));
  const draft = store.get(form.dataset.guard);
  // A form that comes back with errors already holds the typed words, newer than the draft.
  if (!draft || form.hasAttribute("data-dirty") || same(draft.values, first.get(form))) return;
  const names = controls(form).map(nameOf);
  if (names.join() !== Object.keys(draft.values).join()) return; // The form has changed since.
  controls(form).forEach((control, index) => putValue(control, draft.values[nameOf(control, index)]));
  mark(form, true);
  document.dispatchEvent(new CustomEvent("bihuan:say", { detail: { text: words().restored } }));
};

const note = (event) => {
  const form = event.target.closest && event.target.closest("form[data-guard]");
  if (!form || !first.has(form)) return;
  const now = snapshot(form);
  const hasFiles = [...form.querySelectorAll("input[type=file]")].some((one) => one.files.length > 0);
  const changed = hasFiles || form.hasAttribute("data-dirty") || !same(now, first.get(form));
  mark(form, changed);
  if (changed) store.set(form.dataset.guard, { values: now });
  else store.drop(form.dataset.guard);
};

document.addEventListener("input", note);
document.addEventListener("change", note);

let leaving = false;

// Sent: whether it was accepted is known by the page that follows.
const sent = (form) => {
  const draft = store.get(form.dataset.guard);
  if (draft) store.set(form.dataset.guard, { ...draft, sent: true });
};

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-guard]")) {
    if (event.target.action && event.target.action.includes("logout")) store.keys().forEach((key) => sessionStorage.removeItem(key));
    leaving = true; // Language, post, signing out: the form itself was asked for.
    setTimeout(() => { leaving = false; }, 0);
    return;
  }
  sent(event.target);
  if (!event.defaultPrevented) leaving = true;
});

document.body.addEventListener("htmx:beforeOnLoad", (event) => {
  // Accepted: the answer leads elsewhere, so nothing is lost by going there.
  if (event.detail.xhr.getResponseHeader("HX-Redirect")) leaving = true;
});

addEventListener("beforeunload", (event) => {
  if (leaving || !guards().some((form) => form.hasAttribute("data-is-dirty"))) return;
  event.preventDefault();
  event.returnValue = words().leave;
});

// A draft that was sent and did not come back as a form has been accepted, unless we stand before the sign-in page.
const sweep = () => {
  if (document.body.hasAttribute("data-outside")) return;
  const here = new Set(guards().map((form) => PREFIX + form.dataset.guard));
  for (const key of store.keys()) {
    const draft = store.get(key.slice(PREFIX.length));
    if (draft && draft.sent && !here.has(key)) sessionStorage.removeItem(key);
  }
};

const beginAll = (inside) => guards(inside).forEach(begin);
beginAll();
sweep();
document.body.addEventListener("htmx:load", (event) => beginAll(event.detail.elt.parentElement || document));

// ---- how long a text has become ----

const count = (counter) => {
  const field = counter.closest(".field").querySelector("textarea");
  if (field) counter.textContent = `${field.value.length} / ${counter.textContent.split("/").pop().trim()}`;
};
const countAll = () => document.querySelectorAll("[data-counts]").forEach(count);
document.addEventListener("input", (event) => {
  const counter = event.target.closest(".field") && event.target.closest(".field").querySelector("[data-counts]");
  if (counter) count(counter);
});
document.body.addEventListener("htmx:load", countAll);
countAll();
