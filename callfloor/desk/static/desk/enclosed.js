// Files that go with the words of a mail: chosen before, checked by the server, taken out again.

import { say } from "../ui/format.js";
import { said, toast } from "../ui/page.js";

const $ = (id) => document.getElementById(id);
const FILES_MAX = 10; // As many as the server takes with one mail.

// Puts a file on the server, which says what it is; what is returned goes into a message.
export async function upload(file, { item, token }) {
  const body = new FormData();
  body.append("external", item.slice(0, 8) + Date.now());
  body.append("file", file);
  const headers = { "X-CSRFToken": token, Accept: "application/json" };
  const place = `/desk/file/${encodeURIComponent(item)}`;
  const answer = await fetch(place, { method: "POST", headers, body }).catch(() => null);
  return (await answer?.json().catch(() => null)) ?? {};
}

export class Enclosed {
  constructor({ thread }) {
    this.thread = thread;
    this.list = $("text-enclosed");
    this.list.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) this.remove(Number(button.dataset.at));
    });
  }

  add(thread, { file, name }) {
    const { draft } = thread;
    if (draft.files.length >= FILES_MAX) return toast(said.files_max, "warn");
    thread.draft = { ...draft, files: [...draft.files, { file, name }] };
    if (thread === this.thread()) this.show();
  }

  remove(at) {
    const thread = this.thread();
    const { draft } = thread;
    thread.draft = { ...draft, files: draft.files.filter((_each, place) => place !== at) };
    this.show();
    (this.list.querySelector("button") ?? $("text-attach")).focus();
  }

  show() {
    const files = this.thread()?.draft.files ?? [];
    this.list.hidden = !files.length;
    this.list.replaceChildren(...files.map(chip));
  }
}

function chip(row, at) {
  const element = document.createElement("li");
  const name = document.createElement("bdi");
  name.className = "clip";
  name.textContent = row.name;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet small";
  button.dataset.at = at;
  button.ariaLabel = say(said.file_remove, { name: row.name });
  const icon = document.createElement("span");
  icon.className = "icon i-close";
  icon.ariaHidden = "true";
  button.append(icon);
  element.append(name, button);
  return element;
}
