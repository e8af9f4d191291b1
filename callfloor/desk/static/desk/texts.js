// The written contacts of a desk: a strip with all of them, and the one that is open.

import { clock, duration, number, say } from "../ui/format.js";
import { badge, put, rows as fillRows, serverTime, slot, write } from "../ui/live.js";
import { said, toast } from "../ui/page.js";
import { languageName } from "./callbar.js";
import { Canned } from "./canned.js";
import { Enclosed, upload } from "./enclosed.js";
import { Note } from "./note.js";
import { loadPanels, parts } from "./panels.js";
import { drawMessages } from "./textlines.js";
import { Thread } from "./thread.js";

const $ = (id) => document.getElementById(id);
const ICONS = { chat: "chat", mail: "mail", case: "case" };
const TYPING_SECONDS = 3;

export class Texts {
  constructor({ ask, command, token }) {
    Object.assign(this, { ask, command, token });
    this.threads = new Map();
    this.items = [];
    this.chosen = null;
    this.hasCall = false;
    this.story = "";
    this.typedAt = 0;
    this.note = new Note($("text-note"), { url: "/desk/note/", token, said: draftSaid });
    this.canned = new Canned({ item: () => this.chosen, inserted: () => this.typed() });
    this.enclosed = new Enclosed({ thread: () => this.thread });
    this.listen();
    setInterval(() => this.showStrip(), 1000); // Waiting times count.
  }

  get item() {
    return this.items.find((each) => each.id === this.chosen) ?? null;
  }

  get thread() {
    return this.threads.get(this.chosen) ?? null;
  }

  // ---- From the server ----

  show(items, call) {
    const known = new Map(this.items.map((each) => [each.id, each]));
    for (const item of items) remember(item, known.get(item.id));
    this.items = items;
    this.hasCall = Boolean(call);
    const here = new Set(items.map((each) => each.id));
    for (const id of [...this.threads.keys()]) {
      if (here.has(id)) continue;
      this.threads.delete(id);
      this.ask({ do: "text_close", item: id });
    }
    for (const item of items) {
      if (!this.threads.has(item.id)) this.open(item.id);
      if (!known.has(item.id) && item.state === "offered") this.announce(item);
    }
    if (!items.some((each) => each.state === "offered")) write($("text-announce"), "");
    if (this.chosen && !here.has(this.chosen)) this.choose(null);
    if (!this.chosen && !this.hasCall) this.choose(items.find((each) => !each.offer)?.id ?? null);
    this.showStrip();
    this.showPanel();
  }

  async open(id) {
    const thread = this.threads.get(id) ?? new Thread(id);
    this.threads.set(id, thread);
    const reply = await this.ask({ do: "text_open", item: id, after: thread.last });
    if (this.threads.get(id) !== thread || !reply.done) return;
    Object.assign(thread, { name: reply.name, here: reply.here, byMail: reply.by_mail });
    Object.assign(thread, { customer: reply.customer, isLoaded: true });
    thread.add(reply.messages);
    this.changed(id);
    this.pump(thread);
  }

  // The line was gone: what came meanwhile is asked for, by the last number that is here.
  again() {
    for (const id of this.threads.keys()) this.open(id);
  }

  take({ item, messages, typing, here }) {
    const thread = this.threads.get(item);
    if (!thread) return;
    if (messages) thread.add(messages);
    if (here !== undefined) thread.here = here;
    if (item === this.chosen && messages?.some((row) => row.direction === "in")) typing = 0;
    if (item === this.chosen && typing !== undefined) this.showTyping(typing);
    if (messages || here !== undefined) this.changed(item);
  }

  changed(id) {
    if (id === this.chosen) {
      if (!document.hidden) this.thread.see();
      this.showPanel();
    }
    this.showStrip();
  }

  announce(item) {
    const values = { queue: item.queue_name ?? "", channel: said.channels[item.channel] };
    write($("text-announce"), say(said.text_rings, values));
  }

  // ---- The strip ----

  showStrip() {
    $("written").hidden = this.items.length === 0;
    $("text-call").hidden = !this.hasCall;
    $("text-call").setAttribute("aria-pressed", this.chosen === null);
    const entries = this.items.map((item) => [item.id, item]);
    fillRows($("text-list"), $("text-row"), entries, (row, item) => this.fill(row, item));
  }

  fill(row, item) {
    const thread = this.threads.get(item.id);
    const rings = item.state === "offered";
    row.dataset.state = item.state;
    slot(row, "icon").className = `icon i-${ICONS[item.channel] ?? "chat"}`;
    put(row, "channel", said.channels[item.channel] ?? "");
    put(row, "name", thread?.name || said.unknown);
    put(row, "language", languageName(item.language));
    put(row, "time", waits(item));
    const unread = thread?.unread ?? 0;
    slot(row, "unread").hidden = !unread;
    put(row, "unread", number(unread));
    put(row, "unread-words", unread ? say(said.unread, { count: number(unread) }) : "");
    row.querySelector(".text-tab").setAttribute("aria-pressed", item.id === this.chosen);
    row.querySelector("[data-accept]").hidden = !rings;
    row.querySelector("[data-decline]").hidden = !rings;
  }

  // ---- The one that is open ----

  async choose(id) {
    if (id === this.chosen) return;
    if (this.note.item !== null) {
      this.note.keep();
      this.note.end();
    }
    this.chosen = id;
    this.canned.end();
    this.story = "";
    this.showTyping(0);
    $("text-columns").hidden = id === null;
    $("call-columns").hidden = id !== null;
    if (id === null) return;
    const { draft } = this.thread;
    $("text-words").value = draft.text;
    this.direct(draft.direction);
    this.enclosed.show();
    $("text-disposition").replaceChildren($("text-disposition").options[0]);
    $("text-transfer-form").hidden = true;
    this.thread.see();
    this.showPanel();
    $("text-log").scrollTop = $("text-log").scrollHeight;
  }

  showPanel() {
    const { item, thread } = this;
    if (!item || !thread) return;
    $("text-icon").className = `icon i-${ICONS[item.channel] ?? "chat"}`;
    write($("text-h"), [thread.name || said.unknown, item.queue_name].filter(Boolean).join(" · "));
    $("text-link").href = `/interactions/${encodeURIComponent(item.id)}`;
    this.showHere(item, thread);
    const log = $("text-log");
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
    drawMessages($("text-messages"), thread);
    if (atEnd) log.scrollTop = log.scrollHeight;
    const mine = !item.offer;
    for (const each of $("text-reply").elements) each.disabled = !mine || item.state === "wrap_up";
    write($("text-hint"), item.channel === "chat" ? said.hint_chat : said.hint_mail);
    const left = $("text-left");
    if (item.state === "wrap_up" && item.until) left.dataset.until = item.until;
    else {
      delete left.dataset.until;
      write(left, "");
    }
    this.showFinish();
    this.loadStory(item, thread);
  }

  showHere(item, thread) {
    const state = thread.here ? "here" : thread.byMail ? "by_mail" : "gone";
    $("text-here").hidden = item.channel !== "chat" || !thread.isLoaded;
    badge($("text-here"), said.here[state]);
    write($("text-due"), item.due ? say(said.due, { time: clock(item.due) }) : "");
  }

  showTyping(seconds) {
    clearTimeout(this.stopTyping);
    const name = this.thread?.name || said.unknown;
    write($("text-typing"), seconds ? say(said.typing, { name }) : "");
    if (seconds) this.stopTyping = setTimeout(() => this.showTyping(0), seconds * 1000);
  }

  showFinish() {
    const ready = !this.item.offer && $("text-disposition").value !== "";
    $("text-finish").setAttribute("aria-disabled", !ready);
    $("text-finish").classList.toggle("solid", ready);
  }

  async loadStory(item, thread) {
    const customer = item.customer ?? thread.customer ?? "";
    const wanted = `${item.id} ${customer}`;
    if (wanted === this.story || !thread.isLoaded || item.offer) return;
    this.story = wanted;
    const page = await parts(item, customer);
    if (this.story !== wanted) return;
    if (!page) {
      this.story = ""; // The next view asks again.
      return;
    }
    $("text-story").replaceChildren(...page("story").childNodes);
    $("text-before").replaceChildren(...page("before").childNodes);
    loadPanels($("text-panels"), { item, customer, token: this.token });
    if (this.note.item !== item.id) this.note.begin(item.id, page("note").value);
    const chosen = $("text-disposition").value;
    $("text-disposition").replaceChildren(...page("dispositions").children);
    $("text-disposition").value = chosen;
    $("text-disposition").disabled = false;
    this.showFinish();
  }

  // ---- What the agent wants ----

  listen() {
    $("written").addEventListener("click", (event) => this.pressed(event));
    $("text-reply").addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    $("text-words").addEventListener("keydown", (event) => this.key(event));
    $("text-words").addEventListener("input", () => this.typed());
    $("text-wrap").addEventListener("submit", (event) => {
      event.preventDefault();
      this.finish();
    });
    $("text-disposition").addEventListener("change", () => this.showFinish());
    $("text-transfer").addEventListener("click", () => this.unfold($("text-transfer-form").hidden));
    $("text-transfer-form").addEventListener("submit", (event) => this.giveAway(event));
    $("text-attach").addEventListener("click", () => $("text-file").click());
    $("text-file").addEventListener("change", () => this.attach());
    for (const each of document.querySelectorAll("#text-reply [data-direction]"))
      each.addEventListener("click", () => this.direct(each.dataset.direction));
    document.addEventListener("visibilitychange", () => this.chosen && this.changed(this.chosen));
  }

  pressed(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.id === "text-call") return this.choose(null).then(() => this.showStrip());
    const { key } = button.closest("li").dataset;
    const item = this.items.find((each) => each.id === key);
    if (button.hasAttribute("data-accept")) this.accept(item);
    else if (button.hasAttribute("data-decline"))
      this.command({ do: "decline", offer: item.offer });
    else {
      this.choose(key);
      this.showStrip();
      $("text-h").focus();
    }
  }

  async accept(item) {
    if (!(await this.command({ do: "answer", offer: item.offer }))) return;
    this.choose(item.id);
    this.showStrip();
    $("text-words").focus();
  }

  direct(direction) {
    $("text-reply").dataset.direction = direction;
    for (const each of document.querySelectorAll("#text-reply [data-direction]"))
      each.setAttribute("aria-pressed", each.dataset.direction === direction);
    if (this.thread) this.keepDraft();
  }

  key(event) {
    const wants = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (!wants || (this.item?.channel !== "chat" && !event.ctrlKey)) return;
    event.preventDefault();
    this.send();
  }

  typed() {
    const { direction } = $("text-reply").dataset;
    this.keepDraft();
    write($("text-kept"), said.draft_here);
    if (direction !== "out" || Date.now() - this.typedAt < TYPING_SECONDS * 1000) return;
    this.typedAt = Date.now();
    this.ask({ do: "text_typing", item: this.chosen });
  }

  keepDraft() {
    const { direction } = $("text-reply").dataset;
    const { files } = this.thread.draft;
    this.thread.draft = { text: $("text-words").value, direction, files };
  }

  send() {
    const text = $("text-words").value.trim();
    const { thread } = this;
    if (!text || !thread) return;
    if (this.canned.hasHole(text)) return toast(said.fill_in, "warn");
    const { direction } = $("text-reply").dataset;
    const { files } = thread.draft;
    thread.write(files.length ? { direction, text, enclosed: files } : { direction, text });
    $("text-words").value = "";
    thread.draft = { text: "", direction };
    this.enclosed.show();
    write($("text-kept"), "");
    this.showPanel();
    $("text-log").scrollTop = $("text-log").scrollHeight;
    this.pump(thread);
  }

  async pump(thread) {
    const refused = await thread.send(this.ask);
    if (refused) {
      toast(refused.message ?? said.not_sent, "warn");
      const before = thread.draft;
      const text = [before.text, refused.text].filter(Boolean).join("\n");
      const files = refused.code === "text.file_lapsed" ? [] : (refused.files ?? []);
      thread.draft = { ...before, text, files: [...before.files, ...files] };
      if (thread === this.thread) {
        $("text-words").value = text;
        this.enclosed.show();
      }
    }
    this.changed(thread.id);
  }

  async attach() {
    const { thread, item } = this;
    const chosen = [...$("text-file").files];
    $("text-file").value = "";
    if (!thread) return;
    for (const file of chosen) {
      const told = await upload(file, { item: thread.id, token: this.token });
      if (!told.file) toast(told.message ?? said.not_sent, "warn");
      else if (item.channel === "chat") {
        const { direction } = $("text-reply").dataset;
        thread.write({ direction, file: told.file, text: told.name });
        this.pump(thread);
      } else this.enclosed.add(thread, told); // A mail's files go with its words.
    }
  }

  unfold(open) {
    $("text-transfer-form").hidden = !open;
    $("text-transfer").setAttribute("aria-expanded", open);
    if (!open) return $("text-transfer").focus();
    for (const each of $("text-to").querySelectorAll("[data-channel]")) {
      const { channel, client } = each.dataset;
      each.hidden = each.disabled = channel !== this.item.channel || client !== this.item.client;
    }
    $("text-to").focus();
  }

  async giveAway(event) {
    event.preventDefault();
    const [kind, to] = $("text-to").value.split(/:(.*)/s);
    if (!to || !this.item) return;
    const fields = kind === "agent" ? { to_agent: to } : { queue: to };
    if (!(await this.note.keep())) return toast(said.not_kept, "warn");
    if (await this.command({ do: "transfer", item: this.chosen, ...fields })) this.unfold(false);
  }

  async finish() {
    if ($("text-finish").getAttribute("aria-disabled") === "true") return;
    const { thread } = this;
    if (thread.unsent.length) return toast(said.finish_unsent, "warn");
    if (!(await this.note.keep())) return toast(said.not_kept, "warn");
    const disposition = $("text-disposition").value;
    await this.command({ do: "finish", item: thread.id, disposition });
  }
}

// One that has left the floor is still somebody's until its note is written.
function remember(item, before) {
  for (const name of ["channel", "client", "customer", "queue_name", "language", "arrived_at"])
    item[name] ??= before?.[name] ?? null;
}

function waits(item) {
  const since = item.state === "wrap_up" ? item.since : (item.arrived_at ?? item.since);
  return duration(serverTime() - since);
}

function draftSaid(key, at) {
  write($("text-draft"), key ? say(said[key], { time: at ? clock(at) : "" }) : "");
}
