// The sheet by keyboard: Enter goes down, Ctrl or Alt with an arrow goes anywhere, a block copied from a spreadsheet
// is laid over the cells from the one it is pasted into. What differs from what the ledger says is marked and counted.

const form = document.querySelector("form[data-review]");
const CELLS = ".input, .area, .select";

const rows = [...form.querySelectorAll("tbody tr:not(.is-below)")];
const cellsOf = (row) => [...row.querySelectorAll("td")].map((cell) => cell.querySelector(CELLS));
const grid = rows.map(cellsOf);

const placeOf = (control) => {
  for (let line = 0; line < grid.length; line += 1) {
    const column = grid[line].indexOf(control);
    if (column >= 0) return [line, column];
  }
  return null;
};

const said = (control) => control.value.replace(/\r\n?/g, "\n").trim();

const mark = (control) => {
  control.closest("td").classList.toggle("is-touched", said(control) !== control.dataset.was.replace(/\r\n?/g, "\n").trim());
};

const counter = form.querySelector("[data-review-count]");
const count = () => {
  const n = form.querySelectorAll("td.is-touched").length;
  counter.textContent = n ? counter.dataset.words.replace("{n}", n) + " · " : "";
};

const go = (line, column, down, right) => {
  let at = [line + down, column + right];
  while (grid[at[0]] && at[1] >= 0 && at[1] < grid[at[0]].length) {
    const there = grid[at[0]][at[1]];
    if (there) {
      there.focus();
      if (there.select) there.select();
      return true;
    }
    at = [at[0] + down, at[1] + right];
  }
  return false;
};

const ARROWS = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

form.addEventListener("keydown", (event) => {
  const place = event.target.matches(CELLS) ? placeOf(event.target) : null;
  if (!place) return;
  const wanted = (event.ctrlKey || event.altKey) && ARROWS[event.key];
  const enters = event.key === "Enter" && event.target.matches(".input");
  if (!wanted && !enters) return;
  event.preventDefault();
  go(...place, ...(wanted || [1, 0]));
});

// A spreadsheet puts a block on the clipboard as lines of cells parted by tabs; a cell with line ends stands in quotes.
const blockOf = (text) => {
  const lines = [[""]];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    const line = lines[lines.length - 1];
    if (quoted) {
      if (letter === '"' && text[at + 1] === '"') {
        line[line.length - 1] += '"';
        at += 1;
      } else if (letter === '"') quoted = false;
      else line[line.length - 1] += letter;
    } else if (letter === '"' && line[line.length - 1] === "") quoted = true;
    else if (letter === "\t") line.push("");
    else if (letter === "\n") lines.push([""]);
    else line[line.length - 1] += letter;
  }
  if (lines.length > 1 && lines[lines.length - 1].join("") === "") lines.pop();
  return lines;
};

const put = (control, text) => {
  if (control.matches("select")) {
    const option = [...control.options].find((one) => one.text.trim() === text.trim() || one.value === text.trim());
    if (option) control.value = option.value;
  } else control.value = text;
  mark(control);
};

form.addEventListener("paste", (event) => {
  const place = event.target.matches(CELLS) ? placeOf(event.target) : null;
  const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n");
  if (!place) return;
  const block = blockOf(text);
  if (block.length === 1 && block[0].length === 1) return;
  event.preventDefault();
  block.forEach((line, down) =>
    line.forEach((cell, right) => {
      const control = (grid[place[0] + down] || [])[place[1] + right];
      if (control) put(control, cell);
    }),
  );
  count();
});

form.addEventListener("input", (event) => {
  if (event.target.matches(CELLS) && event.target.dataset.was !== undefined) mark(event.target);
  count();
});

for (const control of grid.flat()) if (control) mark(control);
count();
