// Light, dark, or what the system asks for. Loaded in <head> without defer, so that the first paint is right.
// Not a module: modules wait for the document.
(() => {
  const root = document.documentElement;
  const KEY = "bihuan-theme";

  const stored = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // A private window: this page only.
    }
  };
  const wanted = () => stored() || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const apply = (theme) => {
    root.dataset.theme = theme;
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      button.setAttribute("aria-pressed", String(theme === "dark"));
    }
  };

  root.classList.add("js");
  apply(wanted());
  document.addEventListener("DOMContentLoaded", () => apply(wanted()));
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    const next = root.dataset.theme === "dark" ? "light" : "dark";
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // A private window: this page only.
    }
    apply(next);
  });

  // Paper is always light.
  addEventListener("beforeprint", () => apply("light"));
  addEventListener("afterprint", () => apply(wanted()));
})();
