// Rows of a newer ledger with the keyboard alone: up and down move, space ticks, a ticks the page.

const form = document.querySelector("[data-diff]");

const rows = () => [...form.querySelectorAll("[data-row]")];
const box = (row) => row && row.querySelector("input[name=row]");

const go = (step) => {
  const all = rows();
  const at = all.indexOf(document.activeElement.closest("[data-row]"));
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  if (!next) return;
  (box(next) || next).focus();
  next.scrollIntoView({ block: "nearest" });
};

const tickPage = () => {
  const boxes = rows().map(box).filter(Boolean);
  const all = boxes.every((one) => one.checked);
  boxes.forEach((one) => {
    one.checked = !all;
  });
};

const keys = { ArrowDown: () => go(1), ArrowUp: () => go(-1), j: () => go(1), k: () => go(-1), a: tickPage };

if (form) {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
    const act = keys[event.key];
    if (!act || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
}
