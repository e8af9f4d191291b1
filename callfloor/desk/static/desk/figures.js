// The figures that floor and wallboard share, so that both say the same; see the definitions page.
// Pure: numbers out of the queues' rows.

// Who talks or holds; "busy" is a call of a client that this reader does not see.
export const ON_CALLS = new Set(["talking", "held", "busy"]);
export const ABANDONED_GOAL = 0.05; // Usual in the trade; beyond it people call twice.

// An hour to answer a mail is early, and a minute until a call is answered is late: what is said of
// calls is said of calls, and nobody stands in a line whose letter has a deadline.
const DEFERRED = new Set(["mail", "case"]);
export const ofCalls = (queues) => queues.filter((row) => row.channel === "call");
export const inLine = (queues) => queues.filter((row) => !DEFERRED.has(row.channel));

export function sum(queues, name) {
  return queues.reduce((total, { today }) => total + today[name], 0);
}

export function waiting(queues) {
  return queues.reduce((total, row) => total + row.waiting, 0);
}

// Since when the one waits who waits longest; Infinity if nobody does.
export function waitingSince(queues) {
  return Math.min(...queues.map((row) => row.longest_since ?? Infinity));
}

export function isLate(queues, now) {
  return queues.some(
    (row) => row.longest_since !== null && now - row.longest_since > row.goal_seconds,
  );
}

export function level(queues) {
  const counted = sum(queues, "offered") - sum(queues, "short_abandoned") - sum(queues, "waiting");
  return counted > 0 ? sum(queues, "within_goal") / counted : null;
}

export function abandoned(queues) {
  const short = sum(queues, "short_abandoned");
  const counted = sum(queues, "offered") - short;
  return counted > 0 ? (sum(queues, "abandoned") - short) / counted : null;
}

// The goal of several queues together is that of their calls: a queue that got more weighs more.
export function goal(queues) {
  const calls = sum(queues, "offered");
  if (calls === 0) return queues.length ? Math.max(...queues.map((row) => row.goal_share)) : 0.8;
  return queues.reduce((total, row) => total + row.goal_share * row.today.offered, 0) / calls;
}

export function tone(share, wanted) {
  if (share >= wanted) return "good";
  return share >= wanted - 0.1 ? "warn" : "bad";
}
