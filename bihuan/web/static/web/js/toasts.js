// What has just happened, said once. Good news leaves by itself; a failure stays until it is closed.
// Any script may say something: document.dispatchEvent(new CustomEvent("bihuan:say", {detail: {text, level}})).

const STAYS_FOR = 7000;
const box = document.getElementById("toasts");

const arm = (toast) => {
  if (toast.dataset.armed) return;
  toast.dataset.armed = "yes";
  if (toast.hasAttribute("data-stays")) return;
  let timer = setTimeout(() => toast.remove(), STAYS_FOR);
  toast.addEventListener("mouseenter", () => clearTimeout(timer));
  toast.addEventListener("focusin", () => clearTimeout(timer));
  toast.addEventListener("mouseleave", () => {
    timer = setTimeout(() => toast.remove(), STAYS_FOR);
  });
};

const say = (text, level) => {
  const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  toast.classList.add(`is-${level}`);
  if (level === "error" || level === "warning") toast.setAttribute("data-stays", "");
  toast.querySelector("p").textContent = text;
  box.append(toast);
};

box.querySelectorAll("[data-toast]").forEach(arm);
new MutationObserver(() => box.querySelectorAll("[data-toast]").forEach(arm)).observe(box, { childList: true });

box.addEventListener("click", (event) => {
  const close = event.target.closest("[data-close-toast]");
  if (close) close.closest("[data-toast]").remove();
});

document.addEventListener("bihuan:say", (event) => say(event.detail.text, event.detail.level || "info"));

// A server that fails or cannot be reached loses nothing that was typed, and says so.
const words = () => document.getElementById("words").dataset;
document.body.addEventListener("htmx:sendError", () => say(words().offline, "error"));
document.body.addEventListener("htmx:responseError", () => say(words().failed, "error"));
