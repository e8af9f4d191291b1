// What was said to the agent, on his desk until he has read it. The server keeps it; whatever tells
// of it only makes this look at once, and it looks by itself too.

import { tick } from "../ui/live.js";

const LOOK_SECONDS = 60;
const box = document.getElementById("notices");
const token = document.querySelector("[name=csrfmiddlewaretoken]").value;

async function look() {
  const answer = await fetch("/messages/unread").catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const known = new Set([...box.children].map((each) => each.dataset.notice));
  const found = [...page.querySelectorAll("[data-notice]")];
  const wanted = new Set(found.map((each) => each.dataset.notice));
  for (const each of [...box.children]) if (!wanted.has(each.dataset.notice)) each.remove();
  for (const each of found) if (!known.has(each.dataset.notice)) box.append(each);
  tick();
}

box.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const notice = button.closest("[data-notice]");
  const headers = { accept: "application/json", "x-csrftoken": token };
  const place = `/messages/${encodeURIComponent(notice.dataset.notice)}/read`;
  const answer = await fetch(place, { method: "POST", headers }).catch(() => null);
  if (answer?.ok) notice.remove();
});

document.addEventListener("callfloor:nudge", look);
document.addEventListener("visibilitychange", () => document.hidden || look());
setInterval(look, LOOK_SECONDS * 1000);
look();
