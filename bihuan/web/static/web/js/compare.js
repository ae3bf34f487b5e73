// Before and after in one frame: a slider moves the edge between them. Without this module, or where one of the pictures
// is missing, they simply stand side by side. The slider is an ordinary one: arrow keys, Home and End move it.

const halfway = 50;

const layered = (box) => {
  const frame = box.querySelector("[data-compare-frame]");
  const slider = box.querySelector("[data-compare-slider]");
  const [before, after] = Array.from(box.querySelectorAll("img.photo"), (photo) => photo.cloneNode());
  before.loading = after.loading = "eager";
  after.classList.add("is-over");
  const edge = document.createElement("span");
  edge.className = "compare-edge";
  edge.setAttribute("aria-hidden", "true");
  frame.replaceChildren(before, after, edge);
  const show = () => frame.style.setProperty("--edge", `${slider.value}%`);
  slider.addEventListener("input", show);
  const follow = (event) => {
    const { left, width } = frame.getBoundingClientRect();
    slider.value = String(Math.round(((event.clientX - left) / width) * 100));
    show();
  };
  frame.addEventListener("pointerdown", (event) => {
    frame.setPointerCapture(event.pointerId);
    follow(event);
  });
  frame.addEventListener("pointermove", (event) => {
    if (frame.hasPointerCapture(event.pointerId)) follow(event);
  });
  slider.value = String(halfway);
  show();
};

for (const box of document.querySelectorAll("[data-compare]")) {
  const button = box.querySelector("[data-compare-button]");
  const pair = box.querySelector(".pair");
  const layers = box.querySelector("[data-compare-layers]");
  if (box.querySelectorAll("img.photo").length !== 2) continue;
  button.hidden = false;
  let ready = false;
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    if (on && !ready) layered(box);
    ready = ready || on;
    button.setAttribute("aria-pressed", String(on));
    layers.hidden = !on;
    pair.hidden = on;
    if (on) box.querySelector("[data-compare-slider]").focus();
  });
}
