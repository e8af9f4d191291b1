// The live state of the floor over server-sent events. The server sends one snapshot, then patches:
// sections of rows by key, null for a row that is gone. Nothing is computed here that the server
// could have said, so a page after many patches equals the page freshly loaded.

import { duration } from "./format.js";
import { said } from "./page.js";

const RETRY_SECONDS = [1, 2, 5, 10];

export class Live {
  constructor(url, { changed }) {
    this.url = url;
    this.changed = changed;
    this.view = null;
    this.failures = 0;
    this.open();
  }

  open() {
    this.source = new EventSource(this.url);
    this.source.addEventListener("snapshot", (event) =>
      this.take(event, (data) => (this.view = data)),
    );
    this.source.addEventListener("patch", (event) =>
      this.take(event, (data) => merge(this.view, data)),
    );
    this.source.addEventListener("gone", () => location.reload()); // Rights have changed.
    this.source.onopen = () => this.view && tell("live"); // Nothing was missed, so nothing comes.
    this.source.onerror = () => this.lost();
  }

  take(event, apply) {
    const data = JSON.parse(event.data);
    setServerTime(data.now);
    delete data.now;
    apply(data);
    this.failures = 0;
    tell("live");
    this.changed(this.view);
  }

  // A browser gives up by itself after some answers; this never does.
  lost() {
    tell("lost");
    if (this.source.readyState !== EventSource.CLOSED) return;
    const wait = RETRY_SECONDS[Math.min(this.failures++, RETRY_SECONDS.length - 1)];
    setTimeout(() => this.open(), wait * 1000);
  }
}

export function merge(view, patch) {
  for (const [section, rows] of Object.entries(patch)) {
    if (rows === null || typeof rows !== "object" || Array.isArray(rows)) {
      view[section] = rows;
      continue;
    }
    view[section] ??= {};
    for (const [key, row] of Object.entries(rows)) {
      if (row === null) delete view[section][key];
      else view[section][key] = row;
    }
  }
}

export function tell(state) {
  for (const each of document.querySelectorAll("[data-live]")) {
    each.dataset.live = state;
    each.textContent = said[`live_${state}`] ?? "";
  }
}

// The server's clock counts; a desk's own may be minutes off.
let offset = 0;

export function setServerTime(now) {
  if (now) offset = now - Date.now() / 1000;
}

export function serverTime() {
  return Date.now() / 1000 + offset;
}

// Elements with data-since count up, with data-until count down, each second.
export function tick() {
  const now = serverTime();
  for (const each of document.querySelectorAll("[data-since]")) {
    write(each, duration(now - Number(each.dataset.since)));
  }
  for (const each of document.querySelectorAll("[data-until]")) {
    write(each, duration(Number(each.dataset.until) - now));
  }
}

export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// Shows rows in a container: one clone of the template for each, kept as long as its key is there,
// so that neither focus nor scroll position is lost.
export function rows(container, template, entries, fill) {
  const old = new Map([...container.children].map((each) => [each.dataset.key, each]));
  let place = container.firstElementChild;
  for (const [key, row] of entries) {
    let element = old.get(key);
    old.delete(key);
    if (!element) {
      element = template.content.firstElementChild.cloneNode(true);
      element.dataset.key = key;
    }
    fill(element, row, key);
    if (element === place) place = place.nextElementSibling;
    else container.insertBefore(element, place);
  }
  for (const element of old.values()) element.remove();
}

export function slot(element, name) {
  return element.querySelector(`[data-slot="${name}"]`);
}

export function put(element, name, text) {
  const place = slot(element, name);
  if (place) write(place, text ?? "");
  return place;
}

// A badge says a meaning with icon, word and shade.
export function badge(element, { tone, icon, label }) {
  const wanted = `${tone} ${icon} ${label}`;
  if (element.dataset.is === wanted) return;
  element.dataset.is = wanted;
  element.dataset.tone = tone;
  const drawing = document.createElement("span");
  drawing.className = `icon i-${icon}`;
  drawing.ariaHidden = "true";
  element.replaceChildren(drawing, label);
}

setInterval(tick, 1000);
