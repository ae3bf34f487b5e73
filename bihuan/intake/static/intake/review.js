// The review page by keyboard. Every act is also a plain form on the page; this script only spares the way to it:
// it moves the current passage, sends the same forms without leaving, and keeps the three panes in step.

const panes = document.querySelector("[data-review]");
const list = document.getElementById("passages");
const say = document.querySelector("[data-say]").dataset;
const template = document.querySelector("template[data-choices]");
const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
const help = document.getElementById("keys-help");
let busy = false;

const items = () => [...list.querySelectorAll("li[data-passage]")];
const shown = () => items().filter((item) => item.offsetParent !== null);
const current = () => list.querySelector("li.is-now");
const numberOf = (item) => Number(item.dataset.passage);
const cards = () => [...document.querySelectorAll("#cards > li[data-candidate]")];
const cardsOf = (n) => cards().filter((card) => card.dataset.passages.split(" ").includes(String(n)));
const pendingOf = (n) => cardsOf(n).filter((card) => !("confirmed" in card.dataset));

// ---- the current passage ----

const draw = (item) => {
  if (item.querySelector("[data-choose]") || "held" in item.dataset) return;
  const form = template.content.firstElementChild.cloneNode(true);
  const n = item.dataset.passage;
  form.elements.passages.value = n;
  form.elements.namedItem("at").value = n;
  const was = form.querySelector("[name^=shown-]");
  was.name = `shown-${n}`;
  was.value = item.dataset.disposition;
  const why = form.querySelector("[name=reason]");
  why.id = `why-${n}`;
  form.querySelector("label").htmlFor = why.id;
  for (const button of form.querySelectorAll("button[value]")) {
    const { disposition, proposed } = item.dataset;
    if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(button.value === disposition));
    button.classList.toggle("is-hint", !disposition && button.value === proposed);
  }
  item.append(form);
};

const visibleIn = (pane, element) => {
  const frame = pane.getBoundingClientRect();
  const box = element.getBoundingClientRect();
  return box.top >= frame.top && box.bottom <= frame.bottom;
};

const bring = (element, focusable) => {
  const pane = element.closest(".pane-scroll");
  if (!pane || visibleIn(pane, element)) return;
  const where = element.getBoundingClientRect().top - pane.getBoundingClientRect().top;
  pane.scrollTop += where - (focusable ? 72 : pane.clientHeight / 3);
};

const lightMark = (item) => {
  const mark = document.getElementById(`m-${numberOf(item)}`);
  if (!mark) return;
  mark.setAttribute("class", "now");
  bring(mark);
};

// The places on a page come a moment after its picture (review_page.js).
document.addEventListener("bihuan:lit", () => current() && lightMark(current()));

const light = (item) => {
  const n = numberOf(item);
  for (const mark of document.querySelectorAll("[data-mark].now")) markState(mark);
  document.dispatchEvent(new CustomEvent("bihuan:page", { detail: { page: Number(item.dataset.page) || 0 } }));
  lightMark(item);
  const own = cardsOf(n);
  for (const card of cards()) card.classList.toggle("is-now", own.includes(card));
  if (own.length) bring(own[0]);
  count(own.length);
};

const markState = (mark) => {
  const item = document.getElementById(`p-${mark.dataset.mark}`);
  mark.setAttribute("class", item && !item.classList.contains("is-open") ? "done" : "open");
};

const go = (item, quiet) => {
  const before = current();
  if (before && before !== item) {
    before.classList.remove("is-now");
    before.removeAttribute("aria-current");
    const form = before.querySelector("[data-choose]");
    if (form) form.remove();
  }
  item.classList.add("is-now");
  item.setAttribute("aria-current", "true");
  draw(item);
  light(item);
  bring(item, true);
  if (quiet) return;
  history.replaceState(null, "", `?n=${item.dataset.passage}`);
  remember(item.dataset.passage);
};

// Whoever leaves comes back to the passage they were at; a browser that keeps nothing leads to the first open one.
const PLACE = `bihuan.review.${panes.dataset.document}`;

const remember = (n) => {
  try {
    localStorage.setItem(PLACE, n);
  } catch {
    // Storage may be forbidden; the address of the page still says where one is.
  }
};

const remembered = () => {
  try {
    return Number(localStorage.getItem(PLACE)) || 0;
  } catch {
    return 0;
  }
};

const walk = (step) => {
  const all = shown();
  const at = all.indexOf(current());
  const next = all[at + step];
  const onward = step > 0 ? panes.dataset.next : panes.dataset.previous;
  if (next) go(next);
  else if (onward) location.assign(onward); // A long document comes in parts.
};

// Something is left to do where a passage is open, or a candidate on it still waits for its word.
const asks = (item) => item.classList.contains("is-open") || pendingOf(numberOf(item)).length > 0;

const nextOpen = () => {
  const all = items();
  const at = all.indexOf(current());
  const following = [...all.slice(at + 1), ...all.slice(0, at)].find(asks);
  if (following) go(following);
  else if (!asks(current()) && panes.dataset.elsewhere) location.assign(panes.dataset.elsewhere);
  else if (!asks(current())) tell(say.allDone);
};

const tell = (text, level) => document.dispatchEvent(new CustomEvent("bihuan:say", { detail: { text, level } }));

// ---- sending ----

const send = async (form, extra, advance) => {
  if (busy) return;
  busy = true;
  const values = { csrfmiddlewaretoken: token, first: panes.dataset.first, last: panes.dataset.last };
  for (const [name, value] of new FormData(form)) values[name] = value;
  Object.assign(values, extra);
  const at = current();
  const n = at && numberOf(at);
  const open = new Set(openNumbers());
  taken = false;
  try {
    // Settled at once: what htmx would set back later is the mark of the current passage.
    await window.htmx.ajax("POST", form.getAttribute("action"), { values, swap: "none settle:0ms", source: panes });
  } finally {
    busy = false;
  }
  if (!taken) {
    // Refused, or nobody answered: one stays where one was, and what was typed stays too.
    settle(n, false);
    keepWords(values);
    return;
  }
  // What was taken back is what one wants to see next.
  const reopened = openNumbers().find((one) => !open.has(one));
  settle(reopened || n, advance);
};

let taken = false;

document.body.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt !== panes) return;
  const { status } = event.detail.xhr;
  taken = status >= 200 && status < 300;
  if (!status) tell(say.lost, "warning");
});

const keepWords = ({ reason, disposition }) => {
  const field = reason && current() && current().querySelector("[name=reason]");
  if (!field) return;
  field.value = reason;
  field.form.dataset.chosen = disposition;
  field.closest("[data-why]").classList.add("is-asked");
};

const openNumbers = () => items().filter((item) => item.classList.contains("is-open")).map(numberOf);

// The server sent the changed pieces without saying which is current: that is ours to know.
const settle = (n, advance) => {
  for (const mark of document.querySelectorAll("[data-mark]")) {
    const item = document.getElementById(`p-${mark.dataset.mark}`);
    if (item) {
      const text = item.querySelector(":scope > p");
      if ("held" in item.dataset && text && mark.tagName === "MARK") mark.textContent = text.textContent;
      markState(mark);
    }
  }
  sections();
  const item = document.getElementById(`p-${n}`);
  if (!item) return;
  const settled = !item.classList.contains("is-open");
  go(item, true);
  if (advance && settled && !pendingOf(n).length) nextOpen();
};

const sections = () => {
  for (const head of list.querySelectorAll("li.sec")) {
    const left = head.dataset.section.split(",").filter((n) => {
      const item = n && document.getElementById(`p-${n}`);
      return item && item.classList.contains("is-open");
    });
    const form = head.querySelector("form");
    if (!form) continue;
    form.elements.passages.value = left.join(",");
    form.hidden = left.length === 0;
    const button = form.querySelector("button");
    button.firstChild.textContent = button.firstChild.textContent.replace(/\d+/, String(left.length));
  }
};

const count = (own) => {
  const words = document.querySelector("[data-card-count]");
  const pending = cards().filter((card) => !("confirmed" in card.dataset)).length;
  words.textContent = words.dataset.cardCount.replace("##", String(pending)).replace("#", String(cards().length));
  const aside = document.querySelector("[data-own]");
  aside.textContent = own ? aside.dataset.own.replace("#", String(own)) : "";
};

const NEEDS_WHY = ["duplicate", "not_a_problem"];

const choose = (button) => {
  const form = button.form;
  const why = form.querySelector("[data-why]");
  const field = form.elements.reason;
  if (NEEDS_WHY.includes(button.value) && !field.value.trim()) {
    why.classList.add("is-asked");
    form.dataset.chosen = button.value;
    field.focus();
    return;
  }
  if (button.value === "clue" && !form.dataset.sure) {
    form.dataset.sure = "asked";
    askForClue(form);
    return;
  }
  send(form, { disposition: button.value }, true);
};

// The shell's own question box asks; a clue cannot be taken back.
const askForClue = (form) => {
  const box = document.getElementById("confirm");
  box.querySelector("#confirm-words").textContent = say.clue;
  const yes = box.querySelector("[data-confirm-yes]");
  yes.dataset.plain = yes.dataset.plain || yes.textContent;
  yes.textContent = say.clueYes;
  const answer = (event) => {
    if (event.target.closest("[data-confirm-yes]")) send(form, { disposition: "clue" }, true);
    else if (!event.target.closest("[data-confirm-no]")) return;
    delete form.dataset.sure;
    box.removeEventListener("click", answer);
    box.close();
  };
  box.addEventListener("click", answer);
  box.addEventListener("cancel", () => {
    delete form.dataset.sure;
    box.removeEventListener("click", answer);
  }, { once: true });
  box.showModal();
  box.querySelector("[data-confirm-no]").focus();
};

const press = (key) => {
  const item = current();
  const button = item && item.querySelector(`[data-choose] [data-key="${key}"]`);
  if (button) choose(button);
};

const agree = () => {
  const item = current();
  if (!item) return;
  const [card] = pendingOf(numberOf(item));
  const door = card && card.querySelector("[data-fill]");
  if (door) door.click();
  else if (card) send(card.querySelector("[data-confirm-candidate]").form, {}, true);
  else if (item.classList.contains("is-open") && item.dataset.proposed) {
    const n = item.dataset.passage;
    send(document.querySelector("[data-accept-form]"), { passages: n, at: n }, true);
  } else nextOpen();
};

const onCard = (selector) => {
  const item = current();
  const [card] = item ? pendingOf(numberOf(item)) : [];
  const door = card && card.querySelector(selector);
  if (!door) tell(say.noCard);
  else if (door.form) send(door.form, {}, false);
  else door.click();
};

const sectionOf = (item) => {
  let before = item;
  while (before && !before.classList.contains("sec")) before = before.previousElementSibling;
  return before;
};

const acceptSection = () => {
  const head = current() && sectionOf(current());
  const form = head && head.querySelector("form");
  if (form && !form.hidden) send(form, {}, true);
  else agree();
};

// The form for a problem the program did not see, with the current passage already in it.
const addProblem = () => {
  const link = document.querySelector("[data-add]");
  link.href = `${link.href.split("?")[0]}?n=${numberOf(current())}`;
  link.click();
};

const KEYS = {
  j: () => walk(1),
  k: () => walk(-1),
  n: nextOpen,
  a: acceptSection,
  e: () => onCard("[data-edit], [data-fill]"),
  s: () => onCard("[data-split]"),
  m: () => onCard("[data-merge]"),
  d: () => onCard("[data-drop-candidate]"),
  p: addProblem,
  u: () => send(document.querySelector("form.undo"), {}, false),
  "?": () => help.showModal(),
  Enter: agree,
};

const typing = (element) => element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("[name=reason]")) {
    if (event.key === "Enter") {
      event.preventDefault();
      const form = event.target.form;
      const chosen = form.dataset.chosen;
      if (chosen && event.target.value.trim()) send(form, { disposition: chosen }, true);
      else tell(say.why);
    } else if (event.key === "Escape") {
      event.target.value = "";
      event.target.closest("[data-why]").classList.remove("is-asked");
      event.target.blur();
    }
    return;
  }
  if (typing(event.target)) return;
  const pressed = /^[1-8]$/.test(event.key);
  // Enter on a button or link is that button's own affair.
  if (event.key === "Enter" && event.target.closest("button, a, summary")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (!pressed && !KEYS[key]) return;
  event.preventDefault();
  if (pressed) press(event.key);
  else KEYS[key]();
});

// ---- the pointer ----

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-choose]")) {
    event.preventDefault();
    if (event.submitter) choose(event.submitter);
  } else if (form.matches("[data-quick]")) {
    event.preventDefault();
    send(form, {}, form.querySelector("[data-accept-section], [data-confirm-candidate]") !== null);
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys-open]")) help.showModal();
  const link = event.target.closest("[data-go]");
  const wanted = link ? link.dataset.go : (event.target.closest("[data-mark]") || { dataset: {} }).dataset.mark;
  const item = wanted ? document.getElementById(`p-${wanted}`) : event.target.closest("li[data-passage]");
  if (!item || event.target.closest("form, button")) return;
  if (link) {
    event.preventDefault();
    link.blur(); // The keys belong to the passage again.
  }
  if (item !== current()) go(item);
});

const only = document.querySelector("[data-only-open]");
only.addEventListener("change", () => list.classList.toggle("only-open", only.checked));

const start = current();
const place = remembered();
if (place && !location.search) {
  const there = document.getElementById(`p-${place}`);
  if (there) go(there);
  else location.replace(`?n=${place}`);
} else if (start) {
  go(start, true);
}
