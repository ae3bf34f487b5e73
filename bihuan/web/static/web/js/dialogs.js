// Forms of actions open over the page they act on. Without this script the same links lead to the same forms
// as pages of their own.

const dialog = document.getElementById("dialog");
const body = document.getElementById("dialog-body");
const confirmation = document.getElementById("confirm");
let opener = null;

const load = (path, from) => {
  opener = from;
  window.htmx.ajax("GET", path, { target: body, source: from });
};

const open = () => {
  if (!dialog.open) dialog.showModal();
  const first = body.querySelector("[aria-invalid=true], [autofocus]")
    || body.querySelector(".field :is(input, select, textarea):not([type=hidden])");
  if (first) first.focus();
};

// Hands stay on the keyboard: Ctrl and Enter send the form from any of its fields, a field of several lines too.
dialog.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest("form");
  const button = form && form.querySelector(".form-foot [type=submit]");
  if (!button) return;
  event.preventDefault();
  button.click();
});

const dirty = () => body.querySelector("form[data-is-dirty]") !== null;

const close = () => {
  dialog.close();
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (link && window.htmx && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    load(link.getAttribute("href"), link);
    return;
  }
  if (event.target.closest("[data-dialog-close]")) askBeforeLosing(close);
});

// A batch act: the form of the act is fetched with the ticked rows and comes into the dialog.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || !button.matches("[data-dialog-submit]") || !window.htmx) return;
  event.preventDefault();
  load(`${button.getAttribute("formaction")}?${new URLSearchParams(new FormData(event.target))}`, button);
});

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target === body) open();
});

// ---- asking first ----

let answer = null;

const ask = (sentence, label, then) => {
  confirmation.querySelector("#confirm-words").textContent = sentence;
  const yes = confirmation.querySelector("[data-confirm-yes]");
  yes.dataset.plain = yes.dataset.plain || yes.textContent;
  yes.textContent = label || yes.dataset.plain;
  answer = then;
  confirmation.showModal();
  confirmation.querySelector("[data-confirm-no]").focus();
};

confirmation.addEventListener("click", (event) => {
  const yes = event.target.closest("[data-confirm-yes]");
  if (!yes && !event.target.closest("[data-confirm-no]")) return;
  confirmation.close();
  const then = answer;
  answer = null;
  if (yes && then) then();
});

const askBeforeLosing = (then) => {
  if (!dirty()) then();
  else ask(document.getElementById("words").dataset.leave, "", then);
};

// Escape inside the dialog must not throw away what was typed.
dialog.addEventListener("cancel", (event) => {
  if (!dirty()) return;
  event.preventDefault();
  askBeforeLosing(close);
});

dialog.addEventListener("close", () => {
  body.textContent = "";
  if (opener && document.contains(opener)) opener.focus();
  opener = null;
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.confirm || form.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(form.dataset.confirm, form.dataset.confirmLabel, () => {
    form.dataset.confirmed = "yes";
    if (form.requestSubmit) form.requestSubmit(event.submitter);
    else form.submit();
  });
}, true);

// hx-confirm asks in our own dialog too.
document.body.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  ask(event.detail.question, "", () => event.detail.issueRequest(true));
});
