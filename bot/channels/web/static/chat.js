// Sends what is typed or pressed and shows the reply, which comes as HTML from the server.

const composer = document.getElementById("composer");
const question = document.getElementById("question");
const turns = document.getElementById("turns");
const anew = document.getElementById("anew");
const main = document.getElementById("main");

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
  waiting.replaceWith(shown);
  anew.hidden = false;
  busy = false;
  show(shown);
  if (ok && focus) shown.querySelector(".reply").focus({ preventScroll: true });
  return ok;
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
  if (button?.dataset.opens) {
    say("/open", { opens: button.dataset.opens }, button.textContent, true);
  } else if (button?.dataset.why) {
    toggle(button);
  }
});

anew.addEventListener("click", async () => {
  try {
    const response = await post("/forget", {});
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
