// Files go one by one, each with its own progress; a refusal stands beside its file and the others go on.
// Without this script the same form sends all files at once and the page comes back with the answers.

const form = document.querySelector("[data-intake-upload]");
const list = form && form.querySelector("[data-uploads]");
const token = form && form.querySelector("[name=csrfmiddlewaretoken]").value;

const line = (file) => {
  const item = document.createElement("li");
  const name = document.createElement("span");
  name.className = "up-name";
  name.textContent = file.name;
  const words = document.createElement("span");
  words.className = "up-words";
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  const said = document.createElement("small");
  said.textContent = form.dataset.waiting;
  words.append(bar, said);
  item.append(name, words);
  list.append(item);
  return { item, bar, said };
};

const sendOne = (file, { item, bar, said }) => new Promise((done) => {
  const request = new XMLHttpRequest();
  const data = new FormData();
  data.append("csrfmiddlewaretoken", token);
  data.append("files", file);
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    const percent = Math.round((event.loaded / event.total) * 100);
    bar.value = percent;
    said.textContent = percent < 100 ? form.dataset.sending.replace("#", `${percent}%`) : form.dataset.reading;
    if (percent >= 100) bar.removeAttribute("value");
  });
  request.addEventListener("load", () => {
    const answer = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("li");
    if (answer && (request.status === 200 || request.status === 422)) item.replaceWith(answer);
    else lost(item);
    done();
  });
  request.addEventListener("error", () => {
    lost(item);
    done();
  });
  request.open("POST", form.action);
  request.setRequestHeader("X-One-By-One", "yes");
  request.send(data);
});

const lost = (item) => {
  const words = item.querySelector(".up-words");
  words.textContent = form.dataset.lost;
  words.classList.add("missing");
};

const refresh = async () => {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["scans", "documents", "meter"]) {
    const fresh = page.getElementById(id);
    const old = document.getElementById(id);
    if (fresh && old) {
      old.replaceWith(fresh);
      window.htmx.process(fresh);
    }
  }
};

if (form) {
  form.addEventListener("submit", async (event) => {
    const input = form.querySelector("input[type=file]");
    if (!input.files.length) return; // The server says what is missing.
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    button.disabled = true;
    const waiting = [...input.files].map((file) => [file, line(file)]);
    form.reset();
    input.dispatchEvent(new Event("change", { bubbles: true }));
    for (const [file, row] of waiting) await sendOne(file, row);
    button.disabled = false;
    await refresh();
  });
}
