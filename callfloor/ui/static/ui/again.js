// A page that moves: it is asked for again every few seconds and its parts are exchanged. When it
// moves no more (its server gives no data-every) it is shown whole, and left alone.

const root = document.querySelector("[data-every]");
const stale = document.getElementById("stale");
const every = Number(root.dataset.every) * 1000;

function exchange(fresh) {
  for (const part of document.querySelectorAll("[data-part]")) {
    const other = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
    // What is the same stays, so that a screen reader says only what is new.
    if (other && other.innerHTML !== part.innerHTML) part.replaceChildren(...other.childNodes);
  }
}

async function look() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.redirected) location.reload(); // The session has ended.
    else if (answer.ok) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!fresh.querySelector("[data-every]")) location.reload();
      else exchange(fresh);
      stale.hidden = true;
    } else stale.hidden = false;
  } catch {
    stale.hidden = false; // The server is away; what is shown is the last that was known.
  }
}

setInterval(() => document.hidden || look(), every);
document.addEventListener("visibilitychange", () => document.hidden || look());
