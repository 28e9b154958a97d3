// Looks again until a trial is over; then the whole page is shown anew.

const PAUSE = 700;
const waiting = document.getElementById("waiting");

async function look() {
  try {
    const response = await fetch(location.href, { headers: { "X-Guidebot": "1" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const now = page.getElementById("waiting");
    if (!now) {
      location.reload();
      return;
    }
    waiting.replaceChildren(...now.childNodes);
  } catch {
    // the next look may reach it
  }
  setTimeout(look, PAUSE);
}

setTimeout(look, PAUSE);
