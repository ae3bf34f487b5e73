// A form edited like a sheet. A form marked data-sheet holds rows (data-sheet-row) of controls (data-cell):
// Enter goes down and Shift+Enter up, Alt+Enter is a new line, arrows move on at the edge of a cell, Tab is the browser's.
// A block copied from a spreadsheet is pasted into as many cells; Ctrl+Z takes back cell by cell or block by block, and
// Ctrl+Y does it again. What was changed is marked and counted. Without this the form is a plain form.

const cellsOf = (row) => [...row.querySelectorAll("[data-cell]")];
const rowsOf = (form) => [...form.querySelectorAll("[data-sheet-row]")].map(cellsOf);

const placeOf = (form, cell) => {
  const grid = rowsOf(form);
  const row = grid.findIndex((cells) => cells.includes(cell));
  return row < 0 ? null : { grid, row, column: grid[row].indexOf(cell) };
};

// Rows and cells of what a spreadsheet puts on the clipboard: tabs and lines, a cell with either stands in quotes.
export const blockOf = (text) => {
  const rows = [[""]];
  let quoted = false;
  const source = text.replace(/\r\n?/g, "\n");
  for (let i = 0; i < source.length; i += 1) {
    const sign = source[i];
    const row = rows[rows.length - 1];
    const last = row.length - 1;
    if (quoted) {
      if (sign === '"' && source[i + 1] === '"') {
        row[last] += '"';
        i += 1;
      } else if (sign === '"') quoted = false;
      else row[last] += sign;
    } else if (sign === '"' && row[last] === "") quoted = true;
    else if (sign === "\t") row.push("");
    else if (sign === "\n") rows.push([""]);
    else row[last] += sign;
  }
  if (rows.length > 1 && rows[rows.length - 1].every((cell) => cell === "")) rows.pop();
  return rows;
};

// A spreadsheet shows a date as its reader likes it, with strokes, dots or the words for year, month and day; a date box
// takes one spelling only.
const dayOf = (text) => {
  const found = /^\s*(\d{4})\s*[-/.\u5e74]\s*(\d{1,2})\s*[-/.\u6708]\s*(\d{1,2})\s*\u65e5?\s*$/.exec(text);
  return found ? `${found[1]}-${found[2].padStart(2, "0")}-${found[3].padStart(2, "0")}` : text.trim();
};

const fitted = (cell, text) => {
  if (cell.type === "date") return dayOf(text);
  return cell.tagName === "TEXTAREA" ? text : text.replace(/\s*\n\s*/g, "、").trim();
};

const put = (cell, value) => {
  cell.value = value;
  cell.dispatchEvent(new Event("input", { bubbles: true }));
  cell.dispatchEvent(new Event("change", { bubbles: true }));
};

const atEdge = (cell, key) => {
  if (cell.type === "date") return false;
  const { selectionStart: from, selectionEnd: to, value } = cell;
  if (from !== to) return false;
  if (key === "ArrowLeft") return from === 0;
  if (key === "ArrowRight") return to === value.length;
  if (cell.tagName !== "TEXTAREA") return !cell.list;
  return key === "ArrowUp" ? !value.slice(0, from).includes("\n") : !value.slice(to).includes("\n");
};

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

const begin = (form) => {
  const first = new Map(rowsOf(form).flatMap((cells) => cells.map((cell) => [cell, cell.value])));
  const held = new Map(first);
  const past = [];
  const future = [];
  const changed = form.querySelector("[data-sheet-changed]");
  const undo = form.querySelector("[data-sheet-undo]");

  const show = () => {
    let count = 0;
    for (const [cell, value] of first) {
      const differs = cell.value !== value;
      cell.classList.toggle("is-changed", differs);
      if (differs) count += 1;
    }
    if (changed) changed.textContent = count ? form.dataset.wordsChanged.replace("%(n)s", count) : "";
    if (undo) undo.hidden = past.length === 0;
  };

  const keep = (cells) => {
    const edits = cells.filter((cell) => held.get(cell) !== cell.value);
    if (!edits.length) return;
    past.push(edits.map((cell) => ({ cell, before: held.get(cell), after: cell.value })));
    for (const cell of edits) held.set(cell, cell.value);
    future.length = 0;
    show();
  };

  const turn = (from, to, side) => {
    const edits = from.pop();
    if (!edits) return;
    to.push(edits);
    for (const { cell, [side]: value } of edits) {
      held.set(cell, value);
      put(cell, value);
    }
    edits[0].cell.focus();
    show();
  };

  const go = (cell, down, right) => {
    const place = placeOf(form, cell);
    const row = place && place.grid[place.row + down];
    const next = row && row[place.column + right];
    if (!next) return false;
    next.focus();
    if (next.select && next.tagName !== "TEXTAREA") next.select();
    return true;
  };

  form.addEventListener("keydown", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (!cell || event.isComposing) return;
    const command = (event.ctrlKey || event.metaKey) && !event.altKey;
    if (command && event.key.toLowerCase() === "z" && held.get(cell) === cell.value) {
      event.preventDefault();
      if (event.shiftKey) turn(future, past, "after");
      else turn(past, future, "before");
    } else if (command && event.key.toLowerCase() === "y") {
      event.preventDefault();
      turn(future, past, "after");
    } else if (event.key === "Enter" && event.altKey && cell.tagName === "TEXTAREA") {
      event.preventDefault();
      cell.setRangeText("\n", cell.selectionStart, cell.selectionEnd, "end");
      cell.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (event.key === "Enter" && !command) {
      // A sheet is saved by its button: Enter in a cell must not send half of it.
      event.preventDefault();
      go(cell, event.shiftKey ? -1 : 1, 0);
    } else if (STEPS[event.key] && !event.shiftKey && !command && !event.altKey && atEdge(cell, event.key)) {
      if (go(cell, ...STEPS[event.key])) event.preventDefault();
    }
  });

  form.addEventListener("paste", (event) => {
    const cell = event.target.closest("[data-cell]");
    const text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
    const block = blockOf(text);
    if (!cell || (block.length === 1 && block[0].length === 1 && cell.type !== "date")) return;
    event.preventDefault();
    // What was typed before the paste is a step of its own.
    keep([...first.keys()]);
    const place = placeOf(form, cell);
    const filled = [];
    block.forEach((values, down) =>
      values.forEach((value, right) => {
        const target = (place.grid[place.row + down] || [])[place.column + right];
        if (!target) return;
        target.value = fitted(target, value);
        filled.push(target);
      }),
    );
    keep(filled);
    for (const one of filled) put(one, one.value);
  });

  form.addEventListener("change", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (cell) keep([cell]);
  });
  form.addEventListener("input", show);
  if (undo) undo.addEventListener("click", () => turn(past, future, "before"));
};

for (const form of document.querySelectorAll("form[data-sheet]")) begin(form);
