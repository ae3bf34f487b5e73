// Files: what was chosen or dropped is listed with its size before it is sent, a file that is too large or of a
// wrong kind is refused at once, and sending shows how far it is. The server checks everything again.

const MEGA = 1024 * 1024;
const words = () => document.getElementById("words").dataset;

const sizeOf = (bytes) => (bytes < MEGA ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / MEGA).toFixed(1)} MB`);

const faultOf = (file, input) => {
  const limit = Number(input.dataset.maxMegabytes || 0);
  if (limit && file.size > limit * MEGA) return words().tooBig.replace("#", String(limit));
  const kinds = (input.accept || "").split(",").map((kind) => kind.trim().toLowerCase()).filter((kind) => kind.startsWith("."));
  if (kinds.length && !kinds.some((kind) => file.name.toLowerCase().endsWith(kind))) {
    return words().wrongKind.replace("#", kinds.map((kind) => kind.slice(1)).join("、"));
  }
  return "";
};

const show = (input) => {
  const list = input.closest(".field") && input.closest(".field").querySelector("[data-drop-files]");
  if (!list) return;
  list.textContent = "";
  for (const file of input.files) {
    const line = document.createElement("li");
    const name = document.createElement("span");
    name.textContent = file.name;
    const size = document.createElement("small");
    size.textContent = sizeOf(file.size);
    line.append(name, size);
    const fault = faultOf(file, input);
    if (fault) {
      const said = document.createElement("span");
      said.className = "missing";
      said.textContent = fault;
      line.append(said);
    }
    list.append(line);
  }
};

document.addEventListener("change", (event) => {
  if (event.target.matches("input[type=file]")) show(event.target);
});

const dropOf = (event) => event.target.closest && event.target.closest("[data-drop]");
for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => {
    const drop = dropOf(event);
    if (drop) drop.classList.add("is-over");
  });
}
for (const kind of ["dragleave", "drop", "dragend"]) {
  document.addEventListener(kind, (event) => {
    const drop = dropOf(event);
    if (drop) drop.classList.remove("is-over");
  });
}

// ---- progress, for forms that htmx sends ----

const meterOf = (element) => element.closest("form") && element.closest("form").querySelector("[data-upload]");

document.body.addEventListener("htmx:xhr:progress", (event) => {
  const meter = event.target.closest && meterOf(event.target);
  if (!meter || !event.detail.lengthComputable) return;
  const percent = Math.round((event.detail.loaded / event.detail.total) * 100);
  meter.hidden = false;
  meter.querySelector("progress").value = percent;
  meter.querySelector("[data-upload-words]").textContent =
    percent < 100 ? words().uploading.replace("#", String(percent)) : words().checking;
});

document.body.addEventListener("htmx:afterRequest", (event) => {
  const meter = event.target.closest && meterOf(event.target);
  if (meter) meter.hidden = true;
});
