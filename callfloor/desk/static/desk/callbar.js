// The bar of the call in hand: what it is, what can be done with it next, who else is in it.

import { duration, say } from "../ui/format.js";
import { badge, serverTime, tick, write } from "../ui/live.js";
import { said, toast } from "../ui/page.js";

const $ = (id) => document.getElementById(id);
const names = new Intl.DisplayNames([document.documentElement.lang], { type: "language" });
export const languageName = (key) => (key ? names.of(key) : "");

// What each part in a call may do; who calls out has nobody to hold yet.
const MAY = {
  serves: ["hold", "mute", "keypad", "transfer", "consult", "pause", "no-record", "hang-up"],
  consults: ["mute", "keypad", "complete", "together", "back"],
  together: ["hold", "mute", "keypad", "consult", "pause", "no-record", "leave", "hang-up"],
  asked: ["mute", "hang-up"],
  joins: ["mute", "leave"],
  dials: ["keypad", "hang-up"],
  internal: ["mute", "hang-up"],
};
const ALL = [...new Set(Object.values(MAY).flat())];

function roleOf(me, item) {
  if (item.dial && !item.consult) return "dials";
  if (item.direction === "internal") return "internal";
  if (me.part === "asked" || me.part === "joins") return me.part;
  if (item.consult) return "consults";
  return item.parties.length ? "together" : "serves";
}

export function may(id) {
  return !$("callbar").hidden && !$(id).hidden && !$(id).disabled;
}

export function showCall(me, item, who) {
  const talks = item?.work?.state === "talking" && item.consult !== undefined;
  $("callbar").hidden = !talks;
  if (!talks) return;
  const role = roleOf(me, item);
  const lost = keepFocus();
  for (const id of ALL) $(id).hidden = !MAY[role].includes(id);
  lost();
  // The whole call, also while it is held; the time on hold stands beside the state.
  $("call-time").dataset.since = item.work.since;
  const asks = say(said.asks_you, { name: item.consult?.by_name ?? item.agent_name ?? "" });
  write($("call-who"), role === "asked" ? asks : who);
  write($("call-what"), what(item, role, who));
  showHold(item);
  showRecording(item);
  const { muted } = item;
  toggle($("mute"), muted, muted ? said.unmute : said.mute, muted ? "micoff" : "mic");
  showTogether(item, role);
  tick();
}

// A button that goes takes the focus with it; then the bar's first button has it.
function keepFocus() {
  const held = document.activeElement;
  return () => {
    if (held?.closest?.("#callbar .keys") && (held.hidden || held.disabled)) {
      $("callbar").querySelector(".keys .button:not([hidden])")?.focus();
    }
  };
}

function what(item, role, who) {
  if (role === "dials") return item.dial.rings ? said.far_rings : said.dialing;
  const about = role === "asked" ? say(said.about, { name: who }) : "";
  const parts = [about, item.queue_name || said.directions[item.direction]];
  return [...parts, languageName(item.language), item.client_name].filter(Boolean).join(" · ");
}

export function toggle(button, pressed, label, icon) {
  // The name says what a press does, so there is no pressed state beside it that could contradict.
  button.classList.toggle("is-on", Boolean(pressed));
  write(button.querySelector("span:last-of-type"), label);
  button.firstElementChild.className = `icon i-${icon}`;
}

let reminded = "";

function showHold(item) {
  const held = item.state === "held" && !item.consult;
  toggle($("hold"), held, held ? said.resume : said.hold, held ? "play" : "pause");
  // The time on hold runs beside the state; once it is long it stands here too.
  const key = held && item.hold_level ? `${item.id} ${item.since} ${item.hold_level}` : "";
  $("hold-time").hidden = !key;
  if (key) $("hold-time").dataset.since = item.since;
  if (key && key !== reminded) {
    const time = duration(serverTime() - item.since);
    toast(say(item.hold_level > 1 ? said.hold_told : said.hold_long, { time }), "warn");
  }
  reminded = key;
}

function showRecording(item) {
  const paused = Boolean(item.paused_until);
  const box = $("recording");
  box.hidden = !item.recording && !item.recording_refused;
  const no = { tone: "neutral", icon: "neutral", label: said.not_recorded };
  if (item.recording_refused) badge(box, no);
  else if (paused) badge(box, { tone: "warn", icon: "pause", label: said.recording_paused });
  else badge(box, { tone: "neutral", icon: "rec", label: said.recording });
  $("paused-left").hidden = !paused;
  if (paused) $("paused-left").dataset.until = item.paused_until;
  else delete $("paused-left").dataset.until;
  const label = paused ? said.resume_recording : said.pause_recording;
  toggle($("pause"), paused, label, paused ? "rec" : "pause");
  for (const id of ["pause", "no-record"]) $(id).hidden ||= !item.recording;
}

// Who is asked, who talks too, and the leader who helps: one line that is there when needed.
function showTogether(item, role) {
  const { consult } = item;
  const box = $("together-box");
  const inside = item.parties.map((each) => each.name ?? said.somebody_outside);
  const helpers = item.helpers.map((each) => say(said[`helper_${each.mode}`], { name: each.name }));
  box.hidden = role === "asked" || !(consult || inside.length || helpers.length);
  if (box.hidden) return;
  const state = $("together-state");
  const since = $("together-time");
  since.hidden = !consult;
  if (consult) {
    const name = consult.name ?? said.somebody_outside;
    write($("together-who"), say(said.you_ask, { name }));
    const talking = consult.state === "talking";
    badge(state, talking ? said.states.talking : said.states.ringing);
    since.dataset.since = consult.since;
    $("complete").disabled = $("together").disabled = !talking;
  } else {
    badge(state, { tone: "accent", icon: "consult", label: said.conference });
    write($("together-who"), [...inside, ...helpers].join(" · "));
  }
}
