// The desk. The server says what is (one small view at each change); this shows it and sends what
// the agent wants. The offer never takes the focus: somebody may be typing.

import { clock, digits, duration, number, say } from "../ui/format.js";
import { badge, setServerTime, tick, write } from "../ui/live.js";
import { said, toast } from "../ui/page.js";
import { languageName, may, showCall } from "./callbar.js";
import { Note } from "./note.js";
import { showOffer } from "./offer.js";
import { clearPanels, loadPanels, outward } from "./panels.js";
import { Seat } from "./seat.js";
import { Texts } from "./texts.js";
import { Whom } from "./whom.js";

const $ = (id) => document.getElementById(id);
const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
const AGAIN_SECONDS = 2;
const IDLE = ["ready", "away", "missed"]; // Who may call out.

let view = null;
let card = null;
let story = ""; // Which story is shown: item, client and customer.

const note = new Note($("note"), { url: "/desk/note/", token, said: draftSaid });
const seat = new Seat("/live/desk", {
  opened: () => {
    $("line").hidden = true;
    texts.again();
  },
  lost: () => ($("line").hidden = false),
  told,
});
const ask = (fields) => seat.ask(fields);
const texts = new Texts({ ask: (each) => seat.socket.ask(each), command: ask, token });
const consult = new Whom($("consult-form"), { ask: (each) => seat.socket.ask(each), queues: true });
const dial = new Whom($("dial-form"), { ask: (each) => seat.socket.ask(each), queues: false });

function told(message) {
  if (message.nudge) document.dispatchEvent(new CustomEvent(`callfloor:${message.nudge}`));
  if (message.now) setServerTime(message.now);
  if (message.card) card = message.card;
  if (message.text) texts.take(message.text);
  if (message.view) view = message.view;
  if (view && (message.view || message.card)) show();
}

// ---- What is shown ----

function show() {
  const { me, item } = view;
  const mine = card && item && card.item === item.id ? card : null;
  showState(me, item);
  showOffer(me, item, { mine, name: whoCalls(mine, item), device: seat.device });
  const talks = !$("callbar").hidden;
  showCall(me, item, whoCalls(mine, item));
  if (talks && $("callbar").hidden) unfold(null);
  showDial(me);
  showEnd(me, item);
  showWrapUp(item);
  showTyped(item, mine);
  showStory(item, mine);
  texts.show(view.texts, item);
  tick();
}

function showState(me, item) {
  const [state, since] = stateNow(me, item);
  badge($("state"), said.states[state] ?? said.states.away);
  $("state-time").dataset.since = since;
  const inHand = ["ringing", "talking", "wrap_up"].includes(me.state);
  $("afterwards").hidden = !inHand;
  const wantsAway = inHand ? Boolean(me.reason) : ["away", "missed"].includes(me.state);
  $("ready").setAttribute("aria-pressed", !wantsAway);
  $("away").setAttribute("aria-pressed", wantsAway);
  write($("away"), inHand ? said.away_after : said.away);
  $("ask-help").setAttribute("aria-pressed", Boolean(me.help_since));
  const { today } = me;
  write($("today-answered"), number(today.answered));
  const handled = today.talk_seconds + today.hold_seconds + today.wrap_seconds;
  write($("today-handling"), duration(today.finished ? handled / today.finished : null));
  write($("waiting"), number(view.waiting));
  announceState(me);
}

// Beside other work the call has a clock of its own, and its note counts more than a chat.
function stateNow(me, item) {
  if (me.state !== "talking") return [me.state, me.since];
  const work = item?.work;
  // Who asks somebody talks, though his customer hears music; so does whoever is asked.
  const holds = work?.state === "talking" && item.state === "held" && !item.consult;
  if (holds) return ["held", item.since];
  if (work) return [work.state, work.since];
  return [view.texts.some((each) => !each.offer) ? "writing" : me.state, me.since];
}

let announced = "";

function announceState(me) {
  const key = me.state === "missed" ? "missed" : me.state === "away" && me.by ? "forced" : "";
  if (key && key !== announced) toast(said[key], "warn");
  announced = key;
}

function whoCalls(mine, item) {
  const parties = item?.parties ?? [];
  if (item?.direction === "internal") {
    const other = item.agent === $("desk").dataset.me ? parties[0]?.name : item.agent_name;
    return other ?? view.me.offer?.by_name ?? said.colleague;
  }
  return mine?.name || mine?.label || (mine?.number && digits(mine.number)) || said.unknown;
}

// A number to call, where the call will stand; it waits there, greyed, while a note is written.
function showDial(me) {
  const busy = !$("callbar").hidden || !$("offer").hidden;
  $("dialbar").hidden = busy || me.state === "signed_out";
  const may = IDLE.includes(me.state);
  for (const each of $("dial-form").elements) each.disabled = !may;
  if (!may) dial.close();
}

// How a question or a call out ended is said once, in words.
let ended = "";

function showEnd(me, item) {
  const { asked } = me;
  const key = [item?.id, me.ended_by, me.dialed, asked?.at].join(" ");
  if (key === ended || !item) {
    ended = key;
    return;
  }
  const before = ended;
  ended = key;
  if (!before.startsWith(`${item.id} `)) return;
  if (me.ended_by === "not_reached") toast(said.endings[me.dialed] ?? said.endings.failed, "warn");
  else if (me.ended_by === "taken_over") toast(said.taken_over, "warn");
  const failed = asked && said.asked[asked.outcome];
  if (failed && !before.includes(String(asked.at))) {
    toast(say(failed, { name: asked.name ?? said.somebody_outside }), "warn");
  }
}

function showWrapUp(item) {
  const wraps = item?.work?.state === "wrap_up";
  const left = $("wrap-left");
  if (wraps && item.work.until) left.dataset.until = item.work.until;
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
  clearPanels($("call-panels"));
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
  document.querySelectorAll("#story-part a, #before-part a").forEach(outward);
  loadPanels($("call-panels"), { item, customer, token });
  if (note.item === item.id) return; // What is being typed stays.
  note.begin(item.id, part("note").value);
  $("disposition").replaceChildren(...part("dispositions").children);
  $("disposition").value = "";
  $("disposition").disabled = false;
  showWrapUp(view.item);
}

function draftSaid(key, at) {
  write($("draft"), key ? say(said[key], { time: at ? clock(at) : "" }) : "");
}

// ---- What the agent wants ----

function unfold(which) {
  for (const [button, box] of Object.entries(FOLDS)) {
    const open = which === button && $(box).hidden;
    const held = $(box).contains(document.activeElement);
    $(box).hidden = !open;
    $(button).setAttribute("aria-expanded", open);
    if (open) $(box).querySelector("input, button, select").focus();
    else if (held && which !== null && !(which in FOLDS)) $(button).focus();
  }
}

const FOLDS = {
  keypad: "keypad-keys",
  transfer: "transfer-form",
  consult: "consult-form",
  "no-record": "no-record-form",
};

// Escape closes what is unfolded, and the focus is where it was opened.
function foldBack() {
  for (const [button, box] of Object.entries(FOLDS)) {
    if ($(box).hidden) continue;
    unfold(null);
    $(button).focus();
  }
}

const ofItem = (what) => () => view?.item && ask({ do: what, item: view.item.id });

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
  "ask-help": () => view && ask({ do: "help", on: !view.me.help_since }),
  answer: () => view?.me.offer && ask({ do: "answer", offer: view.me.offer.id }),
  decline: () => view?.me.offer && ask({ do: "decline", offer: view.me.offer.id }),
  hold: () =>
    view?.item && ask({ do: view.item.state === "held" ? "resume" : "hold", item: view.item.id }),
  mute: () => view?.item && ask({ do: "mute", item: view.item.id, muted: !view.item.muted }),
  keypad: () => unfold("keypad"),
  transfer: () => unfold("transfer"),
  consult: () => unfold("consult"),
  "no-record": () => unfold("no-record"),
  pause: () => ofItem(view?.item?.paused_until ? "resume_recording" : "pause_recording")(),
  complete: ofItem("complete"),
  together: ofItem("conference"),
  back: ofItem("consult_end"),
  leave: ofItem("leave"),
  "hang-up": ofItem("hang_up"),
  extend: ofItem("extend"),
  "turn-on": () => seat.connect(),
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

$("consult-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const target = consult.value;
  if (!target || !view?.item) return toast(said.choose_whom, "warn");
  if (await ask({ do: "consult", item: view.item.id, ...target })) {
    consult.clear();
    unfold(null);
    $("together-box").focus();
  }
});

$("dial-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const target = dial.value;
  if (!target) return toast(said.choose_whom, "warn");
  if (await ask({ do: "call", client: $("dial-client").value, ...target })) dial.clear();
});

$("no-record-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await ofItem("refuse_recording")()) unfold(null);
});

$("no-record-no").addEventListener("click", foldBack);

$("devices").addEventListener("change", (event) => seat.choose(event.target.value));

$("device-open").addEventListener("click", () => openDevices($("devices").hidden));

function openDevices(open) {
  $("devices").hidden = !open;
  $("device-open").setAttribute("aria-expanded", open);
  if (!open) return;
  const chosen = $("devices").querySelector(`[value=${seat.device}]`);
  chosen.checked = true;
  chosen.focus();
}

$("wrap").addEventListener("submit", (event) => {
  event.preventDefault();
  finish();
});

$("disposition").addEventListener("change", () => view && showWrapUp(view.item));

const SHORTCUTS = {
  KeyH: "hold",
  KeyM: "mute",
  KeyK: "keypad",
  KeyT: "transfer",
  KeyC: "consult",
  KeyY: "complete",
  KeyJ: "together",
  KeyB: "back",
  KeyL: "leave",
  KeyR: "pause",
  KeyU: "no-record",
  KeyX: "hang-up",
  KeyP: "ask-help",
};

document.addEventListener("keydown", (event) => {
  if (event.key === "F8" || event.key === "F9") {
    event.preventDefault();
    DO[event.key === "F8" ? "answer" : "decline"]();
  } else if (event.altKey && event.shiftKey && !event.ctrlKey) {
    const id = SHORTCUTS[event.code];
    if (id && may(id)) DO[id]();
    else if (event.code === "KeyD" && !$("dialbar").hidden) dial.input.focus();
    else if (event.code === "KeyN") $("note").focus();
    else if (event.code === "KeyF") finish();
    else return;
    event.preventDefault();
  } else if (event.key === "Escape") {
    if (!$("away-reasons").hidden) {
      openAway(false);
      $("away").focus();
    }
    if (!$("devices").hidden) {
      openDevices(false);
      $("device-open").focus();
    }
    foldBack();
  }
});

// A page that leaves takes the sound with it, so what is only looked at opens beside.
for (const link of document.querySelectorAll(".rail a, .top a")) link.target = "_blank";

// Leaving the seat is said before leaving the page.
for (const form of document.querySelectorAll('form[action*="logout"]')) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await seat.leave();
    form.submit();
  });
}

// The telephone's own key for hanging up must not be the browser's for closing.
addEventListener("beforeunload", (event) => {
  if (view?.me.state === "talking" && !note.isKept) event.preventDefault();
});
