// The floor: figures, agents, who needs the leader, queues; all from one live view.

import { clock, collator, duration, number, percent, say, span } from "../ui/format.js";
import { Live, badge, put, rows, serverTime, slot, tick, write } from "../ui/live.js";
import { said } from "../ui/page.js";
import * as figures from "./figures.js";
import { Lead } from "./lead.js";
import { Leading } from "./leading.js";

const $ = (id) => document.getElementById(id);
const HELD_LONG_SECONDS = 120;
const HOLD_TOLD = 2; // The exchange says that the leader is to be told, by the queue's own limit.
const FILTERS = {
  here: (row) => row.state !== "signed_out",
  calls: (row) => figures.ON_CALLS.has(row.state),
  ready: (row) => row.state === "ready",
  away: (row) => row.state === "away" || row.state === "missed",
  all: () => true,
};
const SORTS = {
  name: (row) => row.name,
  state: (row) => said.states[row.state]?.label ?? row.state,
  since: (row) => -row.since,
  answered: (row) => row.today.answered,
  busy: (row) => busyShare(row) ?? -1,
};

const me = $("hearing")?.dataset.me; // Only on the page of somebody who may hear into calls.
const lead = me ? new Lead() : null;
const leading = $("leading") ? new Leading($("leading")) : null;

let view = null;
let filter = "here";
let team = $("team")?.value ?? ""; // A browser that comes back remembers what was chosen.
let sort = { by: "name", falling: false };

function busyShare({ today }) {
  const busy = today.talk_seconds + today.hold_seconds + today.wrap_seconds;
  const all = busy + today.ready_seconds;
  return all > 0 ? busy / all : null;
}

function doing(row) {
  if (row.state === "busy") return said.busy_elsewhere;
  if (row.hears) return say(said.you_hear_of, { name: row.hears });
  const { call } = row;
  if (call?.asks !== null && call?.asks !== undefined) {
    return say(said.asks, { name: call.asks || said.somebody_outside });
  }
  if (call?.parties) return said.conference;
  if (row.queue) return say(said.work_for, { what: said.channels[row.channel], queue: row.queue });
  if (row.direction && row.direction !== "in") return said.directions[row.direction];
  if (row.by) return say(said.sent_away_by, { name: row.by });
  if (row.today.missed) return say(said.missed_offers, { count: number(row.today.missed) });
  return "";
}

function agents() {
  return Object.entries(view.agents).filter(([, row]) => !team || row.team === team);
}

function sorted(entries) {
  const value = SORTS[sort.by];
  const turn = sort.falling ? -1 : 1;
  return entries.sort(([one, a], [other, b]) => {
    const [x, y] = [value(a), value(b)];
    const order = typeof x === "string" ? collator.compare(x, y) : x - y;
    return (order || collator.compare(a.name, b.name) || one.localeCompare(other)) * turn;
  });
}

function showAgents() {
  const all = agents();
  for (const [key, fits] of Object.entries(FILTERS)) {
    const count = document.querySelector(`[data-count="${key}"]`);
    write(count, number(all.filter(([, row]) => fits(row)).length));
  }
  const shown = sorted(all.filter(([, row]) => FILTERS[filter](row)));
  write($("agents-count"), number(shown.length));
  $("agents-empty").hidden = shown.length > 0;
  rows($("agents"), $("agent-row"), shown, fillAgent);
}

function fillAgent(element, row, key) {
  put(element, "name", row.name).href = `/people/${encodeURIComponent(key)}`;
  badge(slot(element, "state"), said.states[row.state] ?? said.states.away);
  const since = slot(element, "since");
  if (row.state === "signed_out") {
    delete since.dataset.since;
    write(since, "–");
  } else since.dataset.since = row.since;
  put(element, "doing", doing(row));
  showHearing(element, row, key);
  showLeading(element, row, key);
  put(element, "answered", number(row.today.answered));
  const share = busyShare(row);
  put(element, "share", percent(share));
  slot(element, "bar").style.setProperty("--value", Math.round((share ?? 0) * 100));
}

// Who hears into this call, and the button to do so; the person's own call is not for it.
function showHearing(element, row, key) {
  const button = slot(element, "listen");
  if (!button) return;
  const heard = row.call?.heard_by ?? [];
  const isMine = heard.some((each) => each.key === me);
  button.hidden = !row.call || key === me || isMine;
  button.dataset.of = key;
  button.dataset.item = row.call?.item ?? "";
  const label = say(said.listen_to, { name: row.name });
  button.ariaLabel = button.title = label;
  const marks = heard.map((each) => `${each.name} ${said.modes[each.mode]}`).join(" · ");
  const mark = slot(element, "heard");
  mark.hidden = !heard.length;
  if (heard.length) badge(mark, { tone: "neutral", icon: "ear", label: marks });
}

function showLeading(element, row, key) {
  const button = slot(element, "lead");
  if (!button) return;
  button.dataset.key = key;
  button.ariaLabel = button.title = say(said.lead, { name: row.name });
}

$("agents").addEventListener("click", (event) => {
  const button = event.target.closest("[data-slot=listen]");
  if (button) lead.hear(button.dataset.of, button.dataset.item);
  const { key } = event.target.closest("[data-slot=lead]")?.dataset ?? {};
  if (key) leading.open(key, view.agents[key]);
});

$("needs").addEventListener("click", (event) => {
  const { key } = event.target.closest("[data-slot=come]")?.dataset ?? {};
  if (key) leading.come(key);
});

function showEmergencies() {
  $("emergencies").hidden = view.emergencies.length === 0;
  const found = view.emergencies.map((each) => [each.key, each]);
  rows($("emergencies"), $("emergency-row"), found, (element, row, key) => {
    put(element, "name", row.name);
    const when = { since: clock(row.since), until: clock(row.until), name: row.by };
    put(element, "text", say(said.emergency_on, when));
    const link = slot(element, "switch");
    if (link) link.href = `/emergency/${encodeURIComponent(key)}`;
  });
}

function showQueues() {
  const shown = Object.entries(view.queues).sort(([, a], [, b]) =>
    collator.compare(a.name, b.name),
  );
  rows($("queues"), $("queue-row"), shown, (element, row, key) => {
    put(element, "name", row.name).href = `/queues/${encodeURIComponent(key)}`;
    put(element, "waiting", number(row.waiting));
    const longest = slot(element, "longest");
    if (row.longest_since === null) {
      delete longest.dataset.since;
      write(longest, "–");
    } else longest.dataset.since = row.longest_since;
    showLevel(slot(element, "level"), figures.level([row]), row.goal_share);
  });
}

function showLevel(element, share, goal) {
  const tone = share === null ? "neutral" : figures.tone(share, goal);
  badge(element, { tone, icon: tone, label: percent(share) });
  element.classList.add("tone");
}

function figure(name, text, { tone = "neutral", icon = tone, why = "" } = {}) {
  write($(`k-${name}`), text);
  const place = $(`k-${name}-why`);
  place.hidden = !why;
  if (why) badge(place, { tone, icon, label: why });
}

function showFigures() {
  const queues = Object.values(view.queues);
  const calls = figures.ofCalls(queues);
  const line = figures.inLine(queues);
  showWaiting(line);
  showLevelFigure(calls);
  showAbandoned(calls);
  showReady(figures.waiting(line));
  const ended = figures.sum(calls, "offered") - figures.sum(calls, "waiting");
  const waited = figures.sum(calls, "wait_seconds");
  figure("wait", duration(ended > 0 ? waited / ended : null));
  figure("calls", number(figures.sum(calls, "offered")));
}

function showWaiting(queues) {
  const waiting = figures.waiting(queues);
  if (!waiting) {
    figure("waiting", number(0), { tone: "good", why: said.nobody_waits });
    return;
  }
  figure("waiting", number(waiting), {
    tone: figures.isLate(queues, serverTime()) ? "warn" : "neutral",
    why: say(said.longest, { time: duration(serverTime() - figures.waitingSince(queues)) }),
  });
}

// Nothing to judge is neutral, not bad.
function showLevelFigure(queues) {
  const share = figures.level(queues);
  if (share === null) {
    figure("level", percent(null), { why: said.no_calls_yet });
    return;
  }
  const goal = figures.goal(queues);
  const seconds = Math.min(...queues.map((row) => row.goal_seconds));
  figure("level", percent(share), {
    tone: figures.tone(share, goal),
    why: say(said.goal_in, { share: percent(goal), time: span(seconds, said.spans) }),
  });
}

function showAbandoned(queues) {
  const share = figures.abandoned(queues);
  const isGood = share < figures.ABANDONED_GOAL;
  figure("abandoned", percent(share), {
    tone: share === null ? "neutral" : isGood ? "good" : "warn",
    why: say(said.goal_under, { share: percent(figures.ABANDONED_GOAL) }),
  });
}

function showReady(waiting) {
  const here = agents().filter(([, row]) => FILTERS.here(row));
  const ready = here.filter(([, row]) => FILTERS.ready(row)).length;
  figure("ready", number(ready), {
    tone: ready || !waiting ? "neutral" : "warn",
    icon: "clock",
    why: say(said.of_signed_in, { count: number(here.length) }),
  });
}

function needs() {
  const found = [];
  for (const [key, row] of agents()) {
    const at = `${key} `;
    if (row.help_since) {
      const time = duration(serverTime() - row.help_since);
      const text = say(said.asks_help, { time });
      found.unshift([`${at}help`, { name: row.name, tone: "bad", text, key }]);
    }
    const isLong = serverTime() - row.since > HELD_LONG_SECONDS;
    const held = row.state === "held" && (isLong || row.call?.hold_level === HOLD_TOLD);
    if (held)
      found.push([
        `${at}held`,
        {
          name: row.name,
          tone: "warn",
          text: say(said.held_long, { time: duration(serverTime() - row.since) }),
        },
      ]);
    if (row.state === "missed")
      found.push([`${at}missed`, { name: row.name, tone: "bad", text: said.missed }]);
    if (!row.device && ["ready", "talking", "held"].includes(row.state))
      found.push([`${at}sound`, { name: row.name, tone: "warn", text: said.no_sound }]);
  }
  for (const [key, row] of Object.entries(view.queues)) {
    const waited = row.longest_since === null ? 0 : serverTime() - row.longest_since;
    if (waited > row.goal_seconds * 2)
      found.push([
        `q ${key}`,
        {
          name: row.name,
          tone: "warn",
          text: say(said.waits_long, { time: duration(waited), goal: duration(row.goal_seconds) }),
        },
      ]);
  }
  return found;
}

function showNeeds() {
  const found = needs();
  $("needs-empty").hidden = found.length > 0;
  $("needs").hidden = found.length === 0;
  rows($("needs"), $("need-row"), found, (element, row) => {
    element.dataset.tone = row.tone;
    element.firstElementChild.className = `icon i-${row.tone}`;
    put(element, "name", row.name);
    put(element, "text", row.text);
    const come = slot(element, "come");
    if (!come) return;
    come.hidden = !row.key;
    come.dataset.key = row.key ?? "";
  });
}

function show() {
  if (!view) return;
  showEmergencies();
  showFigures();
  showAgents();
  showNeeds();
  showQueues();
  tick();
}

new Live("/live/floor", {
  changed(seen) {
    view = seen;
    show();
  },
});
setInterval(() => {
  if (!view) return;
  showFigures();
  showNeeds();
}, 1000);

function choose(buttons, chosen) {
  for (const each of buttons) each.setAttribute("aria-pressed", each === chosen);
}

$("filters").addEventListener("click", (event) => {
  const button = event.target.closest("[data-filter]");
  if (!button) return;
  filter = button.dataset.filter;
  choose(document.querySelectorAll("[data-filter]"), button);
  show();
});

$("team")?.addEventListener("change", () => {
  team = $("team").value;
  leading?.ofTeam(team, $("team").selectedOptions[0].textContent);
  show();
});
leading?.ofTeam(team, $("team")?.selectedOptions[0].textContent);

for (const head of document.querySelectorAll("[data-sorts]")) {
  head.addEventListener("click", () => {
    const by = head.dataset.sorts;
    sort = { by, falling: sort.by === by && !sort.falling };
    for (const each of document.querySelectorAll("[data-sorts]")) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", sort.falling ? "descending" : "ascending");
    show();
  });
}

$("agents-csv").addEventListener("click", () => {
  const quote = (text) => `"${String(text).replace(/"/g, '""')}"`;
  const heads = [...document.querySelectorAll("[data-sorts] .sort")].map(
    (each) => each.textContent,
  );
  const lines = sorted(agents().filter(([, row]) => FILTERS[filter](row))).map(([, row]) =>
    [
      row.name,
      said.states[row.state]?.label,
      Math.round(serverTime() - row.since),
      row.today.answered,
      busyShare(row)?.toFixed(3) ?? "",
    ]
      .map(quote)
      .join(","),
  );
  const file = new Blob(["\ufeff", [heads.map(quote).join(","), ...lines].join("\r\n")], {
    type: "text/csv",
  });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = "agents.csv";
  link.click();
  URL.revokeObjectURL(link.href);
});
