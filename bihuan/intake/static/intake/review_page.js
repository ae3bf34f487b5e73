// The picture of the page the current passage stands on, and the places of its passages on it. Without this script the
// page's links lead to the same pictures.

const panes = document.querySelector("[data-review]");
const say = document.querySelector("[data-say]").dataset;

const figure = document.querySelector("figure.page");

const showPage = (page) => {
  if (!figure || !page || Number(figure.dataset.pageNow) === page) return;
  figure.dataset.pageNow = String(page);
  const held = figure.dataset.held.split(" ").includes(String(page));
  let image = figure.querySelector("img");
  if (held) {
    if (image) image.hidden = true;
    const note = figure.querySelector("p") || figure.appendChild(document.createElement("p"));
    note.className = "note";
    note.textContent = say.held;
  } else {
    const note = figure.querySelector("p");
    if (note) note.remove();
    if (!image) image = figure.appendChild(document.createElement("img"));
    image.hidden = false;
    image.src = `${panes.dataset.document}pages/${page}.png`;
    image.alt = wordsOf(page);
  }
  const words = document.querySelector("[data-page-words]");
  if (words) words.textContent = wordsOf(page);
  figure.closest(".pane-scroll").scrollTop = 0;
  lightUp(page, held);
};

const SVG = "http://www.w3.org/2000/svg";

// Where the passages of the page stand on it; if that cannot be told the page is shown all the same.
const lightUp = async (page, held) => {
  const drawing = figure.querySelector("[data-lit]");
  drawing.textContent = "";
  if (held) return;
  const answer = await fetch(`${panes.dataset.document}pages/${page}.json`);
  if (!answer.ok || Number(figure.dataset.pageNow) !== page) return;
  const places = await answer.json();
  for (const [n, boxes] of Object.entries(places)) {
    const group = document.createElementNS(SVG, "g");
    group.dataset.mark = n;
    group.id = `m-${n}`;
    for (const [x, y, width, height] of boxes) {
      const box = document.createElementNS(SVG, "rect");
      for (const [name, value] of Object.entries({ x, y, width, height })) box.setAttribute(name, String(value));
      group.append(box);
    }
    drawing.append(group);
  }
  document.dispatchEvent(new CustomEvent("bihuan:lit"));
};

const wordsOf = (page) => document.querySelector("[data-page-words]").dataset.pageWords.replace("#", String(page));

const turn = (step) => {
  const page = Number(figure.dataset.pageNow) + step;
  if (page >= 1 && page <= Number(figure.dataset.pages)) showPage(page);
};

document.addEventListener("bihuan:page", (event) => showPage(event.detail.page));

document.addEventListener("click", (event) => {
  const step = event.target.closest("[data-page-step]");
  if (!step || !figure) return;
  event.preventDefault();
  turn(Number(step.dataset.pageStep));
});
