// The desk. The server says what is (one small view at each change); this shows it and sends what
// the agent wants. The offer never takes the focus: somebody may be typing.

import { clock, digits, duration, number, say } from "../ui/format.js";
import { badge, serverTime, setServerTime, tick, write } from "../ui/live.js";
import { said, toast } from "../ui/page.js";
import { Ringer, Sound } from "./audio.js";
import { Note } from "./note.js";
import { Socket } from "./socket.js";

const $ = (id) => document.getElementById(id);
const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
const names = new Intl.DisplayNames([document.documentElement.lang], { type: "language" });
const AGAIN_SECONDS = 2;

let view = null;
let card = null;
let story = ""; // Which story is shown: item, client and customer.
let wantsSound = true;
let soundTimer = null;

const ringer = new Ringer();
const sound = new Sound($("far-end"), soundChanged);
const note = new Note($("note"), { url: "/desk/note/", token, said: draftSaid });
const socket = new Socket("/live/desk", { opened, told, lost });

// ---- The line to the server ----

function opened() {
  $("line").hidden = true;
  if (wantsSound) connectSound();
}

function lost() {
  $("line").hidden = false;
}

function told(message) {
  if (message.now) setServerTime(message.now);
  if (message.elsewhere) soundElsewhere();
  if (message.card) card = message.card;
  if (message.view) view = message.view;
  if (view) show();
}

async function ask(fields) {
  const answer = await socket.ask(fields);
  if (!answer.done) toast(answer.message ?? said.line_lost, "warn");
  return answer.done;
}

// ---- Sound ----

async function connectSound() {
  clearTimeout(soundTimer);
  wantsSound = true;
  let sdp;
  try {
    sdp = await sound.offer();
  } catch (error) {
    silent(error.name === "NotAllowedError" ? said.sound_denied : said.sound_failed);
    return;
  }
  const answer = await socket.ask({ do: "device", sdp });
  if (!answer.done) {
    silent(answer.message ?? said.sound_failed);
    again();
    return;
  }
  await sound.answer(answer.sdp);
}

function again() {
  clearTimeout(soundTimer);
  soundTimer = setTimeout(
    () => wantsSound && socket.isOpen && connectSound(),
    AGAIN_SECONDS * 1000,
  );
}

function soundChanged(state) {
  const box = $("sound");
  box.hidden = false;
  if (state === "on") {
    $("no-sound").hidden = true;
    badge(box, { tone: "good", icon: "mic", label: said.sound_on });
  } else {
    badge(box, { tone: "warn", icon: "micoff", label: said.sound_off });
    if (state === "off") again();
  }
}

function silent(text) {
  write($("no-sound-text"), text);
  $("no-sound").hidden = false;
  badge($("sound"), { tone: "warn", icon: "micoff", label: said.sound_off });
  $("sound").hidden = false;
}

function soundElsewhere() {
  wantsSound = false;
  clearTimeout(soundTimer);
  sound.drop();
  silent(said.sound_elsewhere);
}

// ---- What is shown ----

function show() {
  const { me, item } = view;
  const mine = card && item && card.item === item.id ? card : null;
  showState(me, item);
  showOffer(me, item, mine);
  showCall(me, item, mine);
  showWrapUp(me, item);
  showTyped(item, mine);
  showStory(item, mine);
  tick();
}

function showState(me, item) {
  const state = me.state === "talking" && item?.state === "held" ? "held" : me.state;
  badge($("state"), said.states[state] ?? said.states.away);
  $("state-time").dataset.since = state === "held" ? item.since : me.since;
  const inHand = ["ringing", "talking", "wrap_up"].includes(me.state);
  $("afterwards").hidden = !inHand;
  const wantsAway = inHand ? Boolean(me.reason) : ["away", "missed"].includes(me.state);
  $("ready").setAttribute("aria-pressed", !wantsAway);
  $("away").setAttribute("aria-pressed", wantsAway);
  write($("away"), inHand ? said.away_after : said.away);
  const { today } = me;
  write($("today-answered"), number(today.answered));
  const handled = today.talk_seconds + today.hold_seconds + today.wrap_seconds;
  write($("today-handling"), duration(today.finished ? handled / today.finished : null));
  write($("waiting"), number(view.waiting));
  announceState(me);
}

let announced = "";

function announceState(me) {
  const key = me.state === "missed" ? "missed" : me.state === "away" && me.by ? "forced" : "";
  if (key && key !== announced) toast(said[key], "warn");
  announced = key;
}

function whoCalls(mine) {
  return mine?.name || mine?.label || mine?.number || said.unknown;
}

function showOffer(me, item, mine) {
  const rings = me.state === "ringing" && item;
  $("offer").hidden = !rings;
  document.body.classList.toggle("rings", Boolean(rings));
  if (!rings) {
    ringer.stop();
    if ($("announce").textContent) write($("announce"), "");
    return;
  }
  ringer.start();
  const values = {
    queue: item.queue_name,
    time: duration(serverTime() - (item.waiting_since ?? item.arrived_at)),
    name: whoCalls(mine),
    language: item.language ? names.of(item.language) : "",
  };
  if ($("announce").dataset.offer !== item.offer || (mine && !$("announce").dataset.named)) {
    $("announce").dataset.offer = item.offer;
    $("announce").dataset.named = mine ? "yes" : "";
    write($("announce"), say(said.rings, values));
  }
  write($("offer-what"), say(said.call_for, values));
  write($("offer-who"), values.name);
  write($("offer-number"), mine?.number && mine.number !== values.name ? digits(mine.number) : "");
  write($("offer-language"), values.language);
  write($("offer-client"), item.client_name);
  write($("offer-typed"), typedText(mine));
  const before = mine?.contacts_before ?? 0;
  write(
    $("offer-before"),
    before ? say(said.contacts_before, { count: number(before) }) : said.first_contact,
  );
  $("offer-left").dataset.until = me.until;
}

function typedText(mine) {
  const typed = mine?.typed ?? [];
  return typed.length ? typed.map((each) => digits(each.digits)).join(" · ") : said.nothing_typed;
}

function showLease() {
  if (view?.me.state !== "ringing" || !view.me.until) return;
  const whole = view.me.until - view.me.since;
  const left = Math.max(0, Math.min(100, (100 * (view.me.until - serverTime())) / whole));
  $("offer-lease").style.setProperty("--value", left);
  $("offer-lease").ariaValueNow = Math.round(left);
}
setInterval(showLease, 250);

function showCall(me, item, mine) {
  const talks = me.state === "talking" && item;
  $("callbar").hidden = !talks;
  if (!talks) {
    unfold(null);
    return;
  }
  // The whole call, also while it is held; the time on hold stands beside the state.
  $("call-time").dataset.since = me.since;
  write($("call-who"), whoCalls(mine));
  const language = item.language ? names.of(item.language) : "";
  write($("call-what"), [item.queue_name, language, item.client_name].filter(Boolean).join(" · "));
  $("recording").hidden = !item.recording;
  const held = item.state === "held";
  toggle($("hold"), held, held ? said.resume : said.hold, held ? "play" : "pause");
  toggle(
    $("mute"),
    item.muted,
    item.muted ? said.unmute : said.mute,
    item.muted ? "micoff" : "mic",
  );
}

function toggle(button, pressed, label, icon) {
  // The name says what a press does, so there is no pressed state beside it that could contradict.
  button.classList.toggle("is-on", Boolean(pressed));
  write(button.lastElementChild, label);
  button.firstElementChild.className = `icon i-${icon}`;
}

function showWrapUp(me, item) {
  const wraps = me.state === "wrap_up" && Boolean(item);
  const left = $("wrap-left");
  if (wraps && me.until) left.dataset.until = me.until;
  else {
    delete left.dataset.until;
    write(left, "");
  }
  $("extend").hidden = !wraps;
  const ready = wraps && $("disposition").value !== "";
  $("finish").setAttribute("aria-disabled", !ready);
  $("finish").classList.toggle("solid", ready);
  write($("finish-hint"), finishHint(item, wraps, ready));
  bringWrapUp(wraps, item);
  if (!item) {
    if (note.item !== null) note.end();
    if (!$("disposition").disabled) {
      $("disposition").replaceChildren($("disposition").options[0]);
      $("disposition").disabled = true;
    }
  }
}

const idleHint = $("finish-hint").textContent;

function finishHint(item, wraps, ready) {
  if (!item) return idleHint;
  if (!wraps) return said.finish_later;
  return ready ? said.finish_until : said.finish_choose;
}

// On a narrow screen the wrap-up lies below the story; the clock runs, so it is brought into view.
let wrapped = "";

function bringWrapUp(wraps, item) {
  const key = wraps ? item.id : "";
  if (key && key !== wrapped && matchMedia("(max-width: 48rem)").matches) {
    $("wrap").scrollIntoView({ block: "end" });
  }
  wrapped = key;
}

function showTyped(item, mine) {
  const typed = item ? (mine?.typed ?? []) : [];
  $("typed-box").hidden = typed.length === 0;
  const wanted = JSON.stringify(typed);
  if ($("typed").dataset.is === wanted) return;
  $("typed").dataset.is = wanted;
  $("typed").replaceChildren(
    ...typed.map(({ label, digits: keys }) => {
      const row = document.createElement("div");
      const head = document.createElement("dt");
      const text = document.createElement("dd");
      const isolated = document.createElement("bdi");
      head.className = "soft";
      head.textContent = label;
      isolated.dir = "ltr";
      isolated.textContent = digits(keys);
      text.append(isolated);
      row.append(head, text);
      return row;
    }),
  );
}

// ---- The customer's story, from the records ----

function showStory(item, mine) {
  const customer = item?.customer ?? mine?.customer ?? "";
  const wanted = item ? `${item.id} ${item.client} ${customer}` : "";
  if (wanted === story) return;
  story = wanted;
  if (item) loadStory(item, customer, wanted);
  else clearStory();
}

function clearStory() {
  $("story-empty").hidden = $("idle").hidden = false;
  $("story-part").replaceChildren();
  $("before-part").replaceChildren();
}

async function loadStory(item, customer, wanted) {
  const query = new URLSearchParams({ client: item.client, customer });
  const answer = await fetch(`/desk/item/${encodeURIComponent(item.id)}?${query}`).catch(
    () => null,
  );
  if (story !== wanted) return;
  if (!answer?.ok) {
    setTimeout(() => story === wanted && loadStory(item, customer, wanted), AGAIN_SECONDS * 1000);
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (story !== wanted) return;
  const part = (name) => page.querySelector(`[data-part="${name}"]`);
  $("story-empty").hidden = $("idle").hidden = true;
  $("story-part").replaceChildren(...part("story").childNodes);
  $("before-part").replaceChildren(...part("before").childNodes);
  for (const link of document.querySelectorAll("#story-part a, #before-part a"))
    link.target = "_blank";
  if (note.item === item.id) return; // What is being typed stays.
  note.begin(item.id, part("note").value);
  $("disposition").replaceChildren(...part("dispositions").children);
  $("disposition").value = "";
  $("disposition").disabled = false;
  showWrapUp(view.me, view.item);
}

function draftSaid(key, at) {
  write($("draft"), key ? say(said[key], { time: at ? clock(at) : "" }) : "");
}

// ---- What the agent wants ----

function unfold(which) {
  for (const [button, box] of [
    ["keypad", "keypad-keys"],
    ["transfer", "transfer-form"],
  ]) {
    const open = which === button && $(box).hidden;
    $(box).hidden = !open;
    $(button).setAttribute("aria-expanded", open);
    if (open) $(box).querySelector("button, select").focus();
  }
}

function openAway(open) {
  $("away-reasons").hidden = !open;
  $("away").setAttribute("aria-expanded", open);
  if (open) $("away-reasons").querySelector("button")?.focus();
}

function sendKey(key) {
  const item = view?.item;
  if (!item) return;
  ask({ do: "keys", item: item.id, keys: key });
  const sent = $("keys-sent");
  sent.dataset.keys = (sent.dataset.keys ?? "") + key;
  write(sent, say(said.digits_sent, { digits: digits(sent.dataset.keys) }));
}

async function finish() {
  if ($("finish").ariaDisabled === "true" || $("finish").getAttribute("aria-disabled") === "true")
    return;
  const item = view.item.id;
  if (!(await note.keep())) {
    toast(said.not_kept, "warn");
    return;
  }
  await ask({ do: "finish", item, disposition: $("disposition").value });
}

const DO = {
  ready: () => $("ready").getAttribute("aria-pressed") === "true" || ask({ do: "ready" }),
  away: () => openAway($("away-reasons").hidden),
  answer: () => view?.item?.offer && ask({ do: "answer", offer: view.item.offer }),
  decline: () => view?.item?.offer && ask({ do: "decline", offer: view.item.offer }),
  hold: () =>
    view?.item && ask({ do: view.item.state === "held" ? "resume" : "hold", item: view.item.id }),
  mute: () => view?.item && ask({ do: "mute", item: view.item.id, muted: !view.item.muted }),
  keypad: () => unfold("keypad"),
  transfer: () => unfold("transfer"),
  "hang-up": () => view?.item && ask({ do: "hang_up", item: view.item.id }),
  extend: () => view?.item && ask({ do: "extend", item: view.item.id }),
  "turn-on": () => connectSound(),
};

for (const [id, act] of Object.entries(DO)) $(id).addEventListener("click", act);

$("away-reasons").addEventListener("click", (event) => {
  const { away } = event.target.dataset;
  if (away === undefined) return;
  openAway(false);
  $("away").focus();
  ask({ do: "away", reason: away });
});

$("keypad-keys").addEventListener("click", (event) => {
  const { key } = event.target.dataset;
  if (key !== undefined) sendKey(key);
});

$("keypad-keys").addEventListener("keydown", (event) => {
  if (/^[0-9*#]$/.test(event.key)) sendKey(event.key);
});

$("transfer-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const [kind, to] = $("transfer-to").value.split(/:(.*)/s);
  if (!to || !view?.item) return;
  const fields = kind === "agent" ? { to_agent: to } : { queue: to };
  if (await ask({ do: "transfer", item: view.item.id, ...fields })) unfold(null);
});

$("wrap").addEventListener("submit", (event) => {
  event.preventDefault();
  finish();
});

$("disposition").addEventListener("change", () => view && showWrapUp(view.me, view.item));

const SHORTCUTS = {
  KeyH: "hold",
  KeyM: "mute",
  KeyK: "keypad",
  KeyT: "transfer",
  KeyX: "hang-up",
};

document.addEventListener("keydown", (event) => {
  if (event.key === "F8" || event.key === "F9") {
    event.preventDefault();
    DO[event.key === "F8" ? "answer" : "decline"]();
  } else if (event.altKey && event.shiftKey && !event.ctrlKey) {
    const id = SHORTCUTS[event.code];
    if (id && !$("callbar").hidden) DO[id]();
    else if (event.code === "KeyN") $("note").focus();
    else if (event.code === "KeyF") finish();
    else return;
    event.preventDefault();
  } else if (event.key === "Escape") {
    if (!$("away-reasons").hidden) {
      openAway(false);
      $("away").focus();
    }
    unfold(null);
  }
});

// A page that leaves takes the sound with it, so what is only looked at opens beside.
for (const link of document.querySelectorAll(".rail a, .top a")) link.target = "_blank";

// Leaving the seat is said before leaving the page.
for (const form of document.querySelectorAll('form[action*="logout"]')) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    wantsSound = false;
    sound.drop();
    sound.hush();
    await socket.ask({ do: "sign_out" });
    form.submit();
  });
}

// The telephone's own key for hanging up must not be the browser's for closing.
addEventListener("beforeunload", (event) => {
  if (view?.me.state === "talking" && !note.isKept) event.preventDefault();
});
