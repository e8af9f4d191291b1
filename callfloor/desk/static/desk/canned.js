// Ready answers: "/" where a word may begin, or the button, opens the list; what one types finds,
// Enter puts the text where the writing stood. A combobox (ARIA APG). It never sends anything.

import { collator } from "../ui/format.js";
import { said } from "../ui/page.js";

const $ = (id) => document.getElementById(id);
const HOLE = /\{(agent|client|customer|product)\}/;
const STARTS = /(^|\s)$/;

// As one types who does not look for accents: without them, and without case.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export class Canned {
  constructor({ item, inserted }) {
    Object.assign(this, { item, inserted, texts: [], shown: [], active: 0, of: null, at: null });
    this.holed = new Set(); // Contacts; whoever writes braces himself means them.
    this.words = $("text-words");
    this.search = $("text-canned-search");
    this.list = $("text-canned-list");
    $("text-canned-open").addEventListener("click", () => (this.isOpen ? this.end() : this.open()));
    this.words.addEventListener("keydown", (event) => this.slash(event));
    this.search.addEventListener("input", () => this.show());
    this.search.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("click", (event) => {
      const at = event.target.closest("[role=option]")?.dataset.at;
      if (at !== undefined) this.take(this.shown[Number(at)]);
    });
  }

  get isOpen() {
    return !$("text-canned").hidden;
  }

  // Says whether a field of a ready answer that was put in here still waits to be filled in.
  hasHole(text) {
    return this.holed.has(this.item()) && HOLE.test(text);
  }

  slash(event) {
    if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey) return;
    const { selectionStart, selectionEnd, value } = this.words;
    if (selectionStart !== selectionEnd || !STARTS.test(value.slice(0, selectionStart))) return;
    event.preventDefault();
    this.open();
  }

  async open() {
    const item = this.item();
    if (!item || this.words.disabled) return;
    this.at = [this.words.selectionStart, this.words.selectionEnd];
    $("text-canned").hidden = false;
    $("text-canned-open").setAttribute("aria-expanded", "true");
    this.search.value = "";
    this.show();
    this.search.focus();
    if (this.of === item) return;
    const place = `/desk/canned/${encodeURIComponent(item)}`;
    const headers = { Accept: "application/json" };
    const answer = await fetch(place, { headers }).catch(() => null);
    const told = answer?.ok ? await answer.json().catch(() => null) : null;
    if (!told || this.item() !== item) return;
    this.of = item;
    this.texts = told.texts;
    this.show();
  }

  end() {
    $("text-canned").hidden = true;
    $("text-canned-open").setAttribute("aria-expanded", "false");
    if (this.of !== this.item()) Object.assign(this, { of: null, texts: [] });
  }

  show() {
    const wanted = plain(this.search.value.trim());
    const rank = (row) => (plain(row.title).startsWith(wanted) ? 0 : 1);
    const fits = (row) => plain(`${row.title} ${row.key} ${row.text}`).includes(wanted);
    this.shown = this.texts.filter(fits);
    this.shown.sort((a, b) => rank(a) - rank(b) || collator.compare(a.title, b.title));
    this.active = 0;
    this.list.replaceChildren(...this.shown.map(option));
    if (!this.shown.length) this.list.append(nothing());
    this.mark();
  }

  mark() {
    for (const each of this.list.children) {
      const isActive = Number(each.dataset.at) === this.active;
      each.setAttribute("aria-selected", isActive);
      if (isActive) each.scrollIntoView({ block: "nearest" });
    }
    const active = this.shown.length ? `canned-${this.active}` : "";
    this.search.setAttribute("aria-activedescendant", active);
  }

  key(event) {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const count = this.shown.length || 1;
    if (move) this.active = (this.active + move + count) % count;
    else if (event.key === "Enter") this.take(this.shown[this.active]);
    else if (event.key === "Escape") this.back();
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (this.isOpen) this.mark();
  }

  back() {
    this.end();
    this.words.focus();
    if (this.at) this.words.setSelectionRange(...this.at);
  }

  take(row) {
    if (!row) return;
    const at = this.at ?? [this.words.value.length, this.words.value.length];
    this.end();
    this.words.focus();
    this.words.setRangeText(row.text, ...at, "end");
    if (HOLE.test(row.text)) this.holed.add(this.item());
    this.inserted();
  }
}

function option(row, at) {
  const element = document.createElement("li");
  element.id = `canned-${at}`;
  element.role = "option";
  element.dataset.at = at;
  element.lang = row.language;
  element.dir = row.direction;
  const title = document.createElement("strong");
  title.className = "clip";
  title.textContent = row.title;
  const words = document.createElement("span");
  words.className = "words soft small";
  words.textContent = row.text;
  element.append(title, words);
  return element;
}

function nothing() {
  const element = document.createElement("li");
  element.className = "soft";
  element.role = "option";
  element.ariaDisabled = "true";
  element.textContent = said.canned_none;
  return element;
}
