// The shell's keyboard and menus: "/" goes to the search, Escape closes a menu, J and K walk a table's rows.

const search = () => document.querySelector("[data-search]");
const typing = (element) =>
  element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);

const openSearch = () => {
  const bar = document.querySelector("[data-bar]");
  const field = search();
  if (!bar || !field) return false;
  if (field.offsetParent === null) bar.classList.add("is-finding");
  field.focus();
  field.select();
  return true;
};

const closeSearch = () => {
  const bar = document.querySelector("[data-bar]");
  if (bar) bar.classList.remove("is-finding");
};

// ---- menus: one open at a time, closed by a click elsewhere ----

const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except && !menu.contains(except)) menu.open = false;
  }
};

document.addEventListener("click", (event) => {
  const menu = event.target.closest("details.menu");
  closeMenus(menu);
  if (event.target.closest("[data-find]") && openSearch()) event.preventDefault();
  else if (!event.target.closest("[data-bar]")) closeSearch();
});

// The chosen view may stand beyond the edge of a narrow screen.
const chosen = document.querySelector(".views [aria-current]");
if (chosen) {
  const views = chosen.closest(".views");
  views.scrollLeft = Math.max(0, chosen.offsetLeft + chosen.offsetWidth - views.offsetLeft - views.clientWidth + 16);
}

// ---- rows ----

const rows = () => [...document.querySelectorAll("tr[data-row]")].filter((row) => row.offsetParent !== null);
const doorOf = (row) => row.querySelector("th a, a");

const walk = (step) => {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[Math.min(Math.max(at === -1 ? (step > 0 ? 0 : all.length - 1) : at + step, 0), all.length - 1)];
  const door = doorOf(next);
  if (door) door.focus();
  next.scrollIntoView({ block: "nearest" });
};

const tick = () => {
  const row = document.activeElement.closest("tr[data-row]");
  const box = row && row.querySelector('input[name="pick"]');
  if (!box) return false;
  box.click();
  return true;
};

const KEYS = {
  "/": openSearch,
  j: () => walk(1),
  k: () => walk(-1),
  x: tick,
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector("details.menu[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
    if (document.activeElement === search()) {
      search().blur();
      closeSearch();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const act = KEYS[event.key];
  if (act && act() !== false) event.preventDefault();
});

// ---- batch bar: how many rows are ticked, and whether the whole filter is meant ----

const words = () => document.getElementById("words").dataset;

const picksOf = (form) => [...document.querySelectorAll(`input[name="pick"][form="${form.id}"]`)];

const showPicks = (form) => {
  const boxes = picksOf(form);
  const ticked = boxes.filter((box) => box.checked);
  const list = form.closest(".list");
  const bar = form.querySelector("[data-batch-bar]");
  bar.classList.toggle("is-on", ticked.length > 0);
  document.documentElement.classList.toggle("has-picked", ticked.length > 0);
  bar.querySelector("[data-batch-count]").textContent = words().picked.replace("#", String(ticked.length));
  for (const box of boxes) box.closest("tr").classList.toggle("is-on", box.checked);
  const page = list.querySelector("[data-batch-page]");
  if (page) {
    page.checked = ticked.length > 0 && ticked.length === boxes.length;
    page.indeterminate = ticked.length > 0 && ticked.length < boxes.length;
  }
  const all = bar.querySelector("[data-batch-all]");
  const scope = form.querySelector("[data-batch-scope]");
  if (all) all.hidden = !(page && page.checked) || scope.value === "all";
};

const forget = (form) => {
  form.querySelector("[data-batch-scope]").value = "";
};

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.matches('input[name="pick"][form]')) {
    const form = document.getElementById(box.getAttribute("form"));
    forget(form);
    showPicks(form);
  } else if (box.matches("[data-batch-page]")) {
    const form = box.closest(".list").querySelector("[data-batch]");
    forget(form);
    for (const one of picksOf(form)) one.checked = box.checked;
    showPicks(form);
  }
});

document.addEventListener("click", (event) => {
  const form = event.target.closest("[data-batch]");
  if (!form) return;
  if (event.target.closest("[data-batch-none]")) {
    for (const box of picksOf(form)) box.checked = false;
    forget(form);
    showPicks(form);
  } else if (event.target.closest("[data-batch-all]")) {
    const button = event.target.closest("[data-batch-all]");
    form.querySelector("[data-batch-scope]").value = "all";
    form.querySelector("[data-batch-count]").textContent = button.textContent;
    button.hidden = true;
  }
});

const showAllPicks = () => document.querySelectorAll("[data-batch]").forEach(showPicks);
showAllPicks();
// Going back restores ticked boxes without telling; going forward again must not forget them.
addEventListener("pageshow", showAllPicks);
