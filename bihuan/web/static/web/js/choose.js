// A long list of choices (units, sectors), and one of which several are chosen, can be searched by typing. The list's
// own program is loaded only on a page that has such a list, and the plain list stays where it cannot be.

const LONG = 12;
const words = () => document.getElementById("words").dataset;

let program = null;

const load = () => {
  program = program || new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = words().chooser;
    script.onload = () => resolve(window.TomSelect);
    script.onerror = reject;
    document.head.append(script);
  });
  return program;
};

const long = (inside) =>
  [...inside.querySelectorAll("select.select:not([data-plain])")].filter(
    (select) => !select.tomselect && (select.multiple || select.options.length > LONG),
  );

// Text is put in as text: a unit's name is never read as markup.
const line = (className) => (data) => {
  const element = document.createElement("div");
  element.className = className;
  element.textContent = data.text;
  return element;
};

const nothing = () => {
  const element = document.createElement("div");
  element.className = "no-results";
  element.textContent = words().noChoice;
  return element;
};

const make = (Chooser) => (select) => {
  if (select.tomselect) return;
  const focused = document.activeElement === select;
  const chooser = new Chooser(select, {
    maxOptions: 200,
    refreshThrottle: 0, // Enter takes what was typed, however quickly it follows.
    plugins: select.multiple ? ["remove_button"] : [],
    allowEmptyOption: !select.multiple,
    searchField: ["text"],
    render: { option: line("option"), item: line("item"), no_results: nothing },
  });
  if (focused) chooser.focus(); // The list takes the field's place, and so whoever stood in it.
};

const enhance = (inside) => {
  const selects = long(inside);
  if (selects.length) load().then((Chooser) => selects.forEach(make(Chooser)), () => {});
};

enhance(document);
document.body.addEventListener("htmx:load", (event) => enhance(event.detail.elt.parentElement || document));
