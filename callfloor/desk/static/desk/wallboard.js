// The wallboard: four numbers and one chart, for a wall; it comes back by itself after anything.

import { clock, digits, duration, number, percent, say } from "../ui/format.js";
import { Live, badge, serverTime, write } from "../ui/live.js";
import { said } from "../ui/page.js";
import * as figures from "./figures.js";

const $ = (id) => document.getElementById(id);
const HALF = 1800;
const USUAL = [8 * 60, 18 * 60]; // Minutes of the local day that are always shown.
const HOURS_SHOWN_MAX = 8;
const TOPS = [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];
const zone = document.documentElement.dataset.zone;
const parts = new Intl.DateTimeFormat("en-GB", {
  timeZone: zone,
  hour: "2-digit",
  minute: "2-digit",
});

let view = null;

function minuteOf(seconds) {
  const [hour, minute] = parts.format(new Date(seconds * 1000)).split(":");
  return Number(hour) * 60 + Number(minute);
}

function tile(id, text, { tone = "", icon = tone, why = "" } = {}) {
  const box = $(id);
  if (tone) box.dataset.tone = tone;
  else delete box.dataset.tone;
  const value = box.querySelector(".value");
  const sign = text.match(/^(.*?)([\s\u00a0\u202f]?[%٪])$/);
  if (sign) {
    const small = document.createElement("small");
    small.textContent = sign[2];
    value.replaceChildren(sign[1], small);
  } else write(value, text);
  const place = box.querySelector(".why");
  if (tone) badge(place, { tone, icon, label: why });
  else {
    delete place.dataset.is;
    write(place, why);
  }
}

function showNumbers() {
  const queues = Object.values(view.queues);
  const ofCalls = figures.ofCalls(queues);
  showWaiting(figures.inLine(queues));
  showLevel(ofCalls);
  showAbandoned(ofCalls);
  const here = Object.values(view.agents).filter((row) => row.state !== "signed_out");
  const calls = here.filter((row) => figures.ON_CALLS.has(row.state));
  const why = say(said.of_signed_in, { count: number(here.length) });
  tile("t-calls", number(calls.length), { why });
}

function showWaiting(queues) {
  const waiting = figures.waiting(queues);
  if (!waiting) {
    tile("t-waiting", number(0), { tone: "good", why: said.nobody_waits });
    return;
  }
  tile("t-waiting", number(waiting), {
    tone: figures.isLate(queues, serverTime()) ? "warn" : "good",
    why: say(said.longest, { time: duration(serverTime() - figures.waitingSince(queues)) }),
  });
}

function showLevel(queues) {
  const share = figures.level(queues);
  const goal = figures.goal(queues);
  if (share === null) tile("t-level", "–", { why: said.no_calls_yet });
  else {
    const why = say(said.goal, { share: percent(goal) });
    tile("t-level", percent(share), { tone: figures.tone(share, goal), why });
  }
}

function showAbandoned(queues) {
  const share = figures.abandoned(queues);
  if (share === null) {
    tile("t-abandoned", "–", { why: said.no_calls_yet });
    return;
  }
  tile("t-abandoned", percent(share), {
    tone: share < figures.ABANDONED_GOAL ? "good" : "warn",
    why: say(said.goal_under, { share: percent(figures.ABANDONED_GOAL) }),
  });
}

function halves() {
  const counts = new Map();
  for (const { halves: each } of figures.ofCalls(Object.values(view.queues))) {
    for (const [at, count] of Object.entries(each)) {
      const minute = minuteOf(Number(at));
      counts.set(minute, (counts.get(minute) ?? 0) + count);
    }
  }
  return counts;
}

function showChart() {
  const counts = halves();
  const first = Math.floor(Math.min(USUAL[0], ...counts.keys()) / 60) * 60;
  const last =
    Math.ceil(Math.max(USUAL[1], ...[...counts.keys()].map((minute) => minute + 30)) / 60) * 60;
  const top =
    TOPS.find((each) => each >= Math.max(0, ...counts.values())) ?? Math.max(...counts.values());
  const width = ((last - first) / 30) * 10;
  const svg = $("chart").firstElementChild;
  svg.setAttribute("viewBox", `0 0 ${width} 100`);
  svg.querySelector(".gridline").setAttribute("d", `M0 99.5H${width}M0 50H${width}M0 .5H${width}`);
  const bars = [...counts].map(
    ([minute, count]) =>
      `M${((minute - first) / 30 + 0.5) * 10} 100V${(100 * (1 - count / top)).toFixed(1)}`,
  );
  svg.querySelector(".bars").setAttribute("d", bars.join(""));
  write($("chart-top"), number(top));
  showHours(first, last);
  const total = [...counts.values()].reduce((all, count) => all + count, 0);
  $("chart").ariaLabel = say(said.chart, { time: clock(serverTime()), count: number(total) });
}

function showHours(first, last) {
  const hours = (last - first) / 60;
  const step = Math.ceil(hours / HOURS_SHOWN_MAX);
  const labels = [];
  // Each label has the room of its step; one whose step is cut off would stand out of the page.
  for (let hour = 0; hour + step <= hours; hour += step) {
    const label = document.createElement("span");
    label.style.setProperty("--x", (100 * hour) / hours);
    label.textContent = digits(`${(first / 60 + hour) % 24}:00`);
    labels.push(label);
  }
  $("hours").replaceChildren(...labels);
}

function showClock() {
  write($("clock"), clock(serverTime()));
}

new Live("/live/wallboard", {
  changed(seen) {
    const day = view?.day;
    view = seen;
    if (day && day !== seen.day) location.reload(); // The date in the head is of yesterday.
    showNumbers();
    showChart();
    showClock();
  },
});
setInterval(() => {
  showClock();
  if (view) showNumbers();
}, 1000);
showClock();
