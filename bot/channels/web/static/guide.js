// Finds answers while somebody types. Without this script, the form does it at Enter.

const form = document.getElementById("search");
const field = document.getElementById("q");
const found = document.getElementById("found");
const list = found.querySelector("ol");
const none = found.querySelector(".none");
const PAUSE = 150;

let timer = 0;
let latest = 0;

function item({ id, title }) {
  const link = document.createElement("a");
  link.href = `#${id}`;
  link.textContent = title;
  const row = document.createElement("li");
  row.append(link);
  return row;
}

async function search() {
  const mine = ++latest;
  const text = field.value.trim();
  if (!text) {
    found.hidden = true;
    return;
  }
  try {
    const address = `${form.dataset.search}?${new URLSearchParams({ q: text })}`;
    const response = await fetch(address, { headers: { "X-Guidebot": "1" } });
    const results = response.ok ? await response.json() : [];
    if (mine !== latest) return;
    list.replaceChildren(...results.map(item));
    none.hidden = results.length > 0;
    found.hidden = false;
  } catch {
    found.hidden = true;
  }
}

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(search, PAUSE);
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  clearTimeout(timer);
  await search();
  list.querySelector("a")?.focus();
});
