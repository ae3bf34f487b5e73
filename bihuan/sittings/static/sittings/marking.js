// A sitting by keyboard: every mark is also a plain field on the page; this script only spares the way to it.

const form = document.querySelector("[data-sitting]");
const keys = document.querySelector("[data-keys]");
const rest = document.querySelector("[data-approve-rest]");

const cases = () => [...form.querySelectorAll("[data-case]")];
const now = () => form.querySelector(".case.is-now");
const radios = (row) => [...row.querySelectorAll("input[type=radio]")];
const reason = (row) => row.querySelector("textarea");

const go = (row) => {
  if (!row) return;
  const before = now();
  if (before) before.classList.remove("is-now");
  row.classList.add("is-now");
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
};

const step = (by) => {
  const all = cases();
  const at = all.indexOf(now());
  go(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
};

const mark = (outcome, why) => {
  const row = now() || cases()[0];
  if (!row) return;
  go(row);
  for (const radio of radios(row)) radio.checked = radio.value === outcome;
  row.classList.toggle("is-open", !outcome);
  if (why) {
    const gates = row.querySelector("details");
    if (gates && outcome === "return") gates.open = true;
    reason(row).focus();
  } else if (outcome) step(1);
};

const acts = {
  j: () => step(1),
  k: () => step(-1),
  a: () => mark("approve"),
  t: () => mark("standing"),
  r: () => mark("return", true),
  d: () => mark("defer", true),
  x: () => mark(""),
  s: () => form.requestSubmit(),
};

if (form) {
  keys.hidden = false;
  rest.hidden = false;
  go(form.querySelector(".case.is-open") || cases()[0]);
  rest.addEventListener("click", () => {
    for (const row of cases()) {
      if (radios(row).some((radio) => radio.checked)) continue;
      radios(row).find((radio) => radio.value === "approve").checked = true;
      row.classList.remove("is-open");
    }
  });
  form.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-case]");
    if (!row || row === now()) return;
    const before = now();
    if (before) before.classList.remove("is-now");
    row.classList.add("is-now");
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.closest("[data-case] textarea")) {
      go(event.target.closest("[data-case]"));
      return;
    }
    const typing = event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select");
    const act = acts[event.key.toLowerCase()];
    if (!act || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
}
