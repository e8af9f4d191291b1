// The chat in its frame. What is written stays here until the server has it on its disk, and the
// server is asked for what follows the last number that came: nothing is lost, nothing comes twice.

import { clock, digits, number, say } from "../ui/format.js";
import { write } from "../ui/live.js";
import { said } from "../ui/page.js";
import { ChatCall } from "./chatcall.js";
import { newKey, Store } from "./chatstore.js";

const $ = (id) => document.getElementById(id);
const RETRY_SECONDS = [0.3, 1, 2, 5, 10];
const AGAIN_SECONDS = 1.5; // Slower than the pace that the server allows.
const TYPING_SECONDS = 3;
const form = $("begin");
const { key, client } = form.dataset;
const store = new Store(key);
const rows = new Map(); // What was said, by its number.
const isFramed = parent !== window;

let socket = null;
let failures = 0;
let next = 1;
let isOpen = false; // Whether the chat itself is open on this line.
let isShown = !isFramed;
let unread = 0;
let state = {};
let typedAt = 0;
let stopTyping = 0;
const waiting = new Map();

// ---- The line ----

function connect() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const line = new WebSocket(`${scheme}://${location.host}/live/chat`);
  socket = line;
  isOpen = false;
  line.onopen = () => socket === line && hello();
  line.onmessage = (event) => socket === line && take(JSON.parse(event.data));
  line.onclose = () => socket === line && lost();
}

function lost() {
  isOpen = false;
  for (const answer of waiting.values()) answer({ done: false, code: "lost" });
  waiting.clear();
  showState();
  const wait = RETRY_SECONDS[Math.min(failures++, RETRY_SECONDS.length - 1)];
  setTimeout(connect, wait * 1000);
}

function ask(fields) {
  if (socket?.readyState !== WebSocket.OPEN) return Promise.resolve({ done: false, code: "lost" });
  const id = next++;
  socket.send(JSON.stringify({ ...fields, id }));
  return new Promise((answer) => waiting.set(id, answer));
}

function take(message) {
  const answer = waiting.get(message.id);
  waiting.delete(message.id);
  if (message.messages) add(message.messages);
  if (message.state) state = { state: message.state, place: message.place };
  if (message.typing) showTyping(message.typing);
  answer?.(message);
  if (message.state) showState();
}

const language = document.documentElement.lang;

async function hello() {
  const { token, first, visitor, given } = store;
  const asked = token
    ? { do: "resume", token, after: lastNumber() }
    : { do: "start", key, visitor, consent: true, ...given, ...first };
  const reply = await ask({ ...asked, language });
  if (reply.done) {
    failures = 0;
    isOpen = true;
    if (reply.token) store.begun(reply.token);
    showState();
    pump();
  } else if (reply.code === "chat.bad_token") forget();
  else if (reply.code !== "lost") giveUp(reply.message);
}

function lastNumber() {
  return Math.max(0, ...rows.keys());
}

// The first message was refused: what was typed goes back into its field.
function giveUp(text) {
  const { first } = store;
  const line = socket;
  socket = null;
  line.close();
  store.clear();
  show(false);
  $("question").value = first?.text ?? "";
  fault(text);
}

function forget() {
  const line = socket;
  socket = null;
  line.close();
  store.clear();
  rows.clear();
  show(false);
}

// ---- What was said ----

function add(some) {
  const log = $("log");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  for (const row of some) {
    if (rows.has(row.number)) continue;
    rows.set(row.number, row);
    if (row.direction === "out") {
      showTyping(0);
      if (!isShown || document.hidden) tellUnread(unread + 1);
    }
  }
  store.arrived(rows);
  draw();
  if (atEnd) log.scrollTop = log.scrollHeight;
}

function draw() {
  const list = $("messages");
  const kept = [...rows.values()].sort((one, other) => one.number - other.number);
  const unsent = store.unsent.filter((each) => !rows.has(each.number));
  const wanted = [...kept.map((row) => `${row.number}`), ...unsent.map((each) => each.external)];
  const old = new Map([...list.children].map((each) => [each.dataset.key, each]));
  const all = [...kept, ...unsent].map((row, place) => old.get(wanted[place]) ?? line(row));
  all.forEach((element, place) => (element.dataset.key = wanted[place]));
  // Only what is new is put in, so that a reader of the screen says nothing twice.
  list.replaceChildren(...all);
}

function line(row) {
  const item = document.createElement("li");
  const isMine = row.direction !== "out";
  if (row.kind === "event") {
    item.className = "event";
    item.textContent = said[row.text] ?? "";
    return item;
  }
  item.className = isMine ? "mine" : "";
  if (!row.number) item.classList.add("unsent");
  const who = document.createElement("span");
  who.className = "sr";
  who.textContent = isMine ? said.you : client;
  const words = document.createElement(row.kind === "file" ? "a" : "span");
  words.className = "words";
  words.dir = "auto";
  if (row.kind === "file") {
    const size = number(Math.max(1, Math.round(row.file.bytes / 1024)));
    words.textContent = say(said.file, { name: row.text, size });
    words.href = `/chat/file/${row.number}?token=${encodeURIComponent(store.token)}`;
  } else words.textContent = row.text;
  const time = document.createElement("time");
  time.textContent = row.at ? clock(row.at) : said.sending;
  item.append(who, words, time);
  return item;
}

function showState() {
  const { state: name, place } = state;
  let text = said[name] ?? "";
  if (name === "queue" && !place) text = said.arriving;
  if (!isOpen && store.token) text = said.lost;
  write($("state"), say(text, { place: digits(place ?? ""), client }));
  $("ask-call")?.toggleAttribute("hidden", name === "agent"); // Only for whom nobody is free.
  $("end").hidden = name === "closed";
  $("by-mail").hidden = name === "closed";
  $("attach").hidden = name === "closed";
}

function showTyping(seconds) {
  clearTimeout(stopTyping);
  write($("typing"), seconds ? say(said.typing, { client }) : "");
  if (seconds) stopTyping = setTimeout(() => showTyping(0), seconds * 1000);
}

function fault(text) {
  $("fault").hidden = !text;
  write($("fault").lastElementChild, text ?? "");
}

function show(isTalking) {
  form.hidden = isTalking;
  $("talk").hidden = !isTalking;
  $("call")?.toggleAttribute("hidden", !isTalking);
  draw();
  if (isTalking) $("log").scrollTop = $("log").scrollHeight;
}

// ---- What the visitor wants ----

let isPumping = false;

// Sends what waits, one after the other, and the same again until it is kept.
async function pump() {
  if (isPumping) return;
  isPumping = true;
  while (isOpen) {
    const message = store.unsent.find((each) => !each.number);
    if (!message) break;
    const { external, text } = message;
    const reply = await ask({ do: "write", external, text });
    if (reply.done) kept(message, reply);
    else if (reply.code === "lost") break;
    else if (["chat.too_fast", "chat.busy"].includes(reply.code)) {
      await new Promise((later) => setTimeout(later, AGAIN_SECONDS * 1000));
    } else refused(message, reply.message);
  }
  isPumping = false;
}

function kept(message, reply) {
  if (reply.token && reply.token !== store.token) {
    rows.clear(); // His words have begun a new chat.
    store.begun(reply.token);
    add(reply.messages);
    state = { state: reply.state, place: reply.place };
    showState();
  }
  store.kept(message.external, reply.number);
  store.arrived(rows);
  draw();
}

function refused(message, text) {
  store.drop(message.external);
  $("text").value = [$("text").value, message.text].filter(Boolean).join("\n");
  fault(text);
  draw();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  fault(null);
  const typed = (id) => $(id).value.trim();
  const about = { name: typed("name"), number: typed("own-number"), address: typed("own-address") };
  store.agree({ ...about, text: typed("question") });
  show(true);
  $("text").focus();
  connect();
});

function sendText() {
  const text = $("text").value.trim();
  if (!text) return;
  fault(null);
  store.add(text);
  $("text").value = "";
  store.draft("");
  draw();
  $("log").scrollTop = $("log").scrollHeight;
  pump();
}

$("write").addEventListener("submit", (event) => {
  event.preventDefault();
  sendText();
});

$("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  sendText();
});

$("text").addEventListener("input", () => {
  store.draft($("text").value);
  if (!isOpen || Date.now() - typedAt < TYPING_SECONDS * 1000) return;
  typedAt = Date.now();
  socket.send(JSON.stringify({ do: "typing" }));
});

$("end").addEventListener("click", async () => {
  const reply = await ask({ do: "end" });
  if (!reply.done) fault(reply.message ?? said.failed);
});

function openMail(open) {
  $("mail").hidden = !open;
  $("by-mail").setAttribute("aria-expanded", open);
  $(open ? "address" : "by-mail").focus();
}

$("by-mail").addEventListener("click", () => openMail($("mail").hidden));
$("mail-no").addEventListener("click", () => openMail(false));
$("mail").addEventListener("submit", async (event) => {
  event.preventDefault();
  const reply = await ask({ do: "mail", address: $("address").value.trim() });
  fault(reply.done ? null : (reply.message ?? said.failed));
  if (reply.done) openMail(false);
});

$("attach").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", async () => {
  const [file] = $("file").files;
  if (!file) return;
  const body = new FormData();
  body.append("external", newKey());
  body.append("file", file);
  write($("typing"), say(said.sending_file, { name: file.name }));
  const headers = { "X-Chat-Token": store.token, Accept: "application/json" };
  const answer = await fetch("/chat/file", { method: "POST", body, headers }).catch(() => null);
  write($("typing"), "");
  $("file").value = "";
  if (answer?.ok) return fault(null);
  const refusal = await answer?.json().catch(() => null);
  fault(refusal?.message ?? said.file_failed);
});

// ---- The call in place, the frame ----

if ($("call")) {
  const call = new ChatCall({ number: form.dataset.number, token: () => store.token });
  $("call").addEventListener("click", () => call.begin());
}

function tellUnread(count) {
  unread = count;
  if (isFramed) parent.postMessage({ callfloor: "unread", count }, "*"); // A count, no words.
}

if (isFramed) {
  $("close").hidden = false;
  $("close").addEventListener("click", () => parent.postMessage({ callfloor: "close" }, "*"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") parent.postMessage({ callfloor: "close" }, "*");
  });
  addEventListener("message", (event) => {
    if (event.source !== parent || !event.data?.callfloor) return;
    isShown = event.data.callfloor === "opened";
    if (isShown) {
      tellUnread(0);
      $(store.token || store.first ? "text" : "name").focus();
    }
  });
  parent.postMessage({ callfloor: "ready" }, "*");
}

const theme = new URLSearchParams(location.search).get("theme");
if (theme) document.documentElement.dataset.theme = theme;

if (store.first || store.token) {
  $("text").value = store.drafted;
  show(true);
  connect();
}
