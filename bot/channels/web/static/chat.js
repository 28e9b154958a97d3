// Sends what is typed or pressed and shows the reply, which comes as HTML from the server.

const composer = document.getElementById("composer");
const question = document.getElementById("question");
const turns = document.getElementById("turns");
const anew = document.getElementById("anew");
const main = document.getElementById("main");
const notice = document.getElementById("notice");

const part = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

const parsed = (html) => {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.firstElementChild;
};

const post = (path, body) =>
  fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Guidebot": "1" },
    body: JSON.stringify(body),
  });

const motion = matchMedia("(prefers-reduced-motion: reduce)");

function show(turn) {
  turn.scrollIntoView({ block: "start", behavior: motion.matches ? "auto" : "smooth" });
}

let busy = false;

async function say(path, body, said, focus) {
  if (busy) return false;
  busy = true;
  notice.textContent = "";
  const waiting = part("waiting");
  waiting.querySelector(".said").textContent = said;
  waiting.querySelector(".said").hidden = !said;
  turns.querySelector(".problem")?.closest("li").remove();
  turns.append(waiting);
  show(waiting);
  let shown;
  let ok = false;
  try {
    const response = await post(path, body);
    ok = response.ok;
    shown = parsed(await response.text());
  } catch {
    shown = part("unreachable");
  }
  if (!ok) {
    const item = document.createElement("li");
    item.append(shown);
    shown = item;
  }
  if (shown.matches("[data-anew]")) turns.replaceChildren(waiting);
  waiting.replaceWith(shown);
  anew.hidden = false;
  busy = false;
  show(shown);
  if (ok && focus) shown.querySelector(".reply").focus({ preventScroll: true });
  return ok;
}

let fading = 0;

function tell(text) {
  notice.textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => (notice.textContent = ""), 4000);
}

async function vote(button) {
  const { note, opens } = button.dataset;
  const kept = note ? await noted(note) : await say("/open", { opens }, button.getAttribute("aria-label"), true);
  if (!kept) return;
  const group = button.closest("[role=group], ul").querySelectorAll("[aria-pressed]");
  group.forEach((each) => each.setAttribute("aria-pressed", String(each === button)));
}

// What needs no message of its own: its words stand in a notice for a while.
async function noted(opens) {
  try {
    const response = await post("/open", { opens });
    const shown = parsed(await response.text());
    tell(shown.textContent);
    return response.ok;
  } catch {
    tell(part("unreachable").textContent);
    return false;
  }
}

async function ask() {
  const text = question.value.trim();
  if (!text || busy) return;
  question.value = "";
  const ok = await say("/ask", { question: text }, text, false);
  if (!ok && !question.value) question.value = text;
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
  question.focus();
});

question.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  ask();
});

async function toggle(button) {
  const panel = document.getElementById(button.getAttribute("aria-controls"));
  if (!panel.hasChildNodes()) {
    try {
      const response = await fetch(button.dataset.why, { headers: { "X-Guidebot": "1" } });
      panel.innerHTML = await response.text();
    } catch {
      panel.replaceChildren(part("unreachable"));
    }
  }
  panel.hidden = !panel.hidden;
  button.setAttribute("aria-expanded", String(!panel.hidden));
}

main.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.hasAttribute("aria-pressed")) {
    vote(button);
  } else if (button?.dataset.opens) {
    say("/open", { opens: button.dataset.opens }, button.textContent, true);
  } else if (button?.dataset.why) {
    toggle(button);
  }
});

anew.addEventListener("click", async () => {
  try {
    const response = await post("/anew", {});
    if (!response.ok) throw new Error(response.statusText);
    turns.replaceChildren();
    anew.hidden = true;
    main.scrollTo(0, 0);
  } catch {
    const item = document.createElement("li");
    item.append(part("unreachable"));
    turns.append(item);
  }
  question.focus();
});

turns.lastElementChild?.scrollIntoView({ block: "start" });
