// The sample by keyboard: walk, agree, differ with a reason. Every answer is also a plain form on the page; this script
// sends the same form without leaving and goes on to the next passage nobody has answered for.

const list = document.querySelector("[data-sample]");
const say = (document.querySelector("[data-say]") || { dataset: {} }).dataset;
const token = document.querySelector("input[name=csrfmiddlewaretoken]");
let busy = false;

const items = () => [...list.querySelectorAll("li[data-place]")];
const current = () => list.querySelector("li.is-now");
const waits = (item) => item.classList.contains("is-waiting");
const tell = (text) => document.dispatchEvent(new CustomEvent("bihuan:say", { detail: { text } }));

const go = (item) => {
  for (const one of items()) {
    one.classList.toggle("is-now", one === item);
    if (one === item) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  }
  item.scrollIntoView({ block: "nearest" });
};

const walk = (step) => {
  const all = items();
  const at = all.indexOf(current());
  go(all[Math.min(Math.max(at + step, 0), all.length - 1)]);
};

const nextWaiting = () => {
  const all = items();
  const at = all.indexOf(current());
  const next = [...all.slice(at + 1), ...all.slice(0, at + 1)].find(waits);
  if (next) {
    go(next);
    return;
  }
  tell(say.allDone);
  const seal = document.querySelector("[data-seal], [data-draw]");
  if (seal) seal.focus();
};

const send = async (form, answer) => {
  if (busy) return;
  busy = true;
  const { place } = form.closest("li").dataset;
  const values = { csrfmiddlewaretoken: token.value, places: place, answer, reason: form.elements.reason.value };
  try {
    await window.htmx.ajax("POST", form.getAttribute("action"), { values, swap: "none settle:0ms", source: list });
  } finally {
    busy = false;
  }
  const item = document.getElementById(`s-${place}`);
  go(item);
  if (!waits(item)) nextWaiting();
};

const askWhy = (form) => {
  form.querySelector("[data-why]").classList.add("is-asked");
  form.elements.reason.focus();
};

const answer = (form, what) => {
  if (what === "differs" && !form.elements.reason.value.trim()) askWhy(form);
  else send(form, what);
};

const formOf = (item) => item && item.querySelector("form[data-answer]");

const KEYS = {
  j: () => walk(1),
  k: () => walk(-1),
  n: nextWaiting,
  x: () => formOf(current()) && answer(formOf(current()), "differs"),
  Enter: () => (formOf(current()) && waits(current()) ? send(formOf(current()), "agrees") : nextWaiting()),
};

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("[name=reason]")) {
    if (event.key === "Enter") {
      event.preventDefault();
      if (event.target.value.trim()) send(event.target.form, "differs");
      else tell(say.why);
    } else if (event.key === "Escape") {
      event.target.closest("[data-why]").classList.remove("is-asked");
      event.target.blur();
    }
    return;
  }
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  if (event.key === "Enter" && event.target.closest("button, a, summary")) return;
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-answer]")) return;
  event.preventDefault();
  answer(form, event.submitter ? event.submitter.value : "agrees");
});

list.addEventListener("click", (event) => {
  const item = event.target.closest("li[data-place]");
  if (item && !event.target.closest("form, a")) go(item);
});

const first = items().find(waits) || items()[0];
if (first) go(first);
