// The lines of a written contact as its agent sees them.

import { clock, number, say } from "../ui/format.js";
import { said } from "../ui/page.js";

const LOOKS = { in: "", out: "mine", note: "note" };

// Only what is new is put in, so that a reader of the screen says nothing twice.
export function drawMessages(list, thread) {
  const rows = [...thread.sorted, ...thread.unsent];
  const keys = rows.map((row) => `${thread.id}:${row.number ?? row.key}:${row.state ?? ""}`);
  const old = new Map([...list.children].map((each) => [each.dataset.key, each]));
  const lines = rows.map((row, place) => old.get(keys[place]) ?? line(row, thread));
  lines.forEach((each, place) => (each.dataset.key = keys[place]));
  list.replaceChildren(...lines);
}

function line(row, thread) {
  const item = document.createElement("li");
  if (row.kind === "event") {
    item.className = "event";
    item.textContent = said.events[row.text] ?? "";
    return item;
  }
  item.className = [LOOKS[row.direction], row.at ? "" : "unsent"].join(" ").trim();
  const who = document.createElement("strong");
  who.className = "small";
  const names = said.authors;
  const author = row.author ? (names[row.author] ?? row.author) : said.you;
  who.textContent = row.direction === "in" ? thread.name || said.unknown : author;
  if (row.direction === "note") who.textContent += ` · ${said.note_inside}`;
  const time = document.createElement("time");
  const state = said.sending[row.state];
  time.textContent = row.at ? [clock(row.at), state].filter(Boolean).join(" · ") : said.on_its_way;
  item.append(who);
  if (row.data?.mail?.is_of_other) item.append(unknownSender());
  item.append(words(row, thread), time);
  return item;
}

// A mail that names a case, and whose sender is not known to be its customer (F06).
function unknownSender() {
  const mark = document.createElement("span");
  mark.className = "badge";
  mark.dataset.tone = "warn";
  mark.textContent = said.unknown_sender;
  return mark;
}

function words(row, thread) {
  const isFile = row.kind === "file" || row.file;
  const element = document.createElement(isFile && row.number ? "a" : "span");
  element.className = "words";
  element.dir = "auto";
  element.textContent = row.text;
  if (isFile && row.number && row.data) {
    element.href = `/interactions/${encodeURIComponent(thread.id)}/files/${row.number}`;
    const size = number(Math.max(1, Math.round(row.data.bytes / 1024)));
    element.textContent = say(said.file, { name: row.text, size });
  }
  return element;
}
