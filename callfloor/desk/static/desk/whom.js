// A search box over colleagues with their live state, queues, and any number that is typed.
// A combobox with a list (ARIA APG): arrows choose, Enter takes, Escape closes.

import { collator, digits, number, say } from "../ui/format.js";
import { badge } from "../ui/live.js";
import { said } from "../ui/page.js";

const AGAIN_SECONDS = 2;
const SHOWN_MAX = 8; // What one reads at one glance; the rest is found by typing.
const NUMBER = /^\+?[\d\s()./-]{2,40}$/;
const ORDER = ["ready", "away", "missed", "wrap_up", "reserved", "ringing", "talking", "busy"];
const LATIN = { fa: "۰۱۲۳۴۵۶۷۸۹", ar: "٠١٢٣٤٥٦٧٨٩" };

function latin(text) {
  return text.replace(/[۰-۹٠-٩]/g, (digit) =>
    Math.max(LATIN.fa.indexOf(digit), LATIN.ar.indexOf(digit)),
  );
}

function rank(state) {
  const at = ORDER.indexOf(state);
  return at < 0 ? ORDER.length : at;
}

export class Whom {
  constructor(root, { ask, queues }) {
    this.input = root.querySelector("[role=combobox]");
    this.list = root.querySelector("[role=listbox]");
    this.ask = ask;
    this.withQueues = queues;
    this.found = { agents: [], queues: [] };
    this.chosen = null;
    this.active = -1;
    this.options = [];
    this.client = null;
    this.input.addEventListener("focus", () => this.open());
    this.input.addEventListener("click", () => this.open());
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const at = event.target.closest("[role=option]")?.dataset.at;
      if (at !== undefined) this.take(this.options[Number(at)]);
    });
  }

  // What was chosen as fields of a command, null if nothing was.
  get value() {
    if (this.chosen) return { [this.chosen.field]: this.chosen.key };
    const text = latin(this.input.value.trim());
    return NUMBER.test(text) ? { number: text } : null;
  }

  get isOpen() {
    return !this.list.hidden;
  }

  clear() {
    this.input.value = "";
    this.chosen = null;
    this.close();
  }

  async open() {
    if (this.isOpen) return;
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.active = -1;
    await this.load();
    this.timer = setInterval(() => this.load(), AGAIN_SECONDS * 1000);
  }

  close() {
    clearInterval(this.timer);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  async load() {
    const answer = await this.ask({ do: "whom" });
    if (!answer.done || !this.isOpen) return;
    this.found = answer;
    this.show();
  }

  typed() {
    this.chosen = null;
    this.active = -1;
    if (this.isOpen) this.show();
    else this.open();
  }

  wanted() {
    const text = this.input.value.trim();
    const fits = (row) => this.chosen || row.name.toLowerCase().includes(text.toLowerCase());
    const made = [];
    if (!this.chosen && NUMBER.test(latin(text))) {
      made.push({ field: "number", key: latin(text), name: text, isNumber: true });
    }
    const queues = this.withQueues ? this.found.queues : [];
    const near = queues.filter((row) => !this.client || row.client === this.client);
    const agents = this.found.agents.filter((row) => row.state !== "signed_out" && fits(row));
    agents.sort((a, b) => rank(a.state) - rank(b.state) || collator.compare(a.name, b.name));
    made.push(...agents.map((row) => ({ ...row, field: "to_agent" })));
    made.push(...near.filter(fits).map((row) => ({ ...row, field: "queue" })));
    return made.slice(0, SHOWN_MAX);
  }

  show() {
    this.options = this.wanted();
    this.active = Math.min(this.active, this.options.length - 1);
    const shown = this.options.map((row, at) => this.option(row, at));
    if (!shown.length) {
      const nobody = document.createElement("li");
      nobody.className = "soft";
      nobody.role = "option";
      nobody.ariaDisabled = "true";
      nobody.textContent = said.nobody_fits;
      shown.push(nobody);
    }
    this.list.replaceChildren(...shown);
    this.mark();
  }

  option(row, at) {
    const element = document.createElement("li");
    element.id = `${this.list.id}-${at}`;
    element.role = "option";
    element.dataset.at = at;
    const name = document.createElement("span");
    name.className = "grow clip";
    name.textContent = row.isNumber ? say(said.dial_number, { number: digits(row.key) }) : row.name;
    const state = document.createElement("span");
    state.className = "badge";
    if (row.field === "to_agent") badge(state, said.states[row.state] ?? said.states.away);
    else if (row.field === "queue") {
      const waiting = say(said.waiting_in, { count: number(row.waiting) });
      badge(state, { tone: "neutral", icon: "clock", label: waiting });
    } else badge(state, { tone: "neutral", icon: "out", label: said.number });
    element.append(name, state);
    return element;
  }

  mark() {
    for (const element of this.list.children) {
      element.setAttribute("aria-selected", Number(element.dataset.at) === this.active);
    }
    if (this.active < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.active}`);
  }

  take(row) {
    if (!row) return;
    this.chosen = row;
    this.input.value = row.name;
    this.close();
    this.input.focus();
  }

  key(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) {
      event.preventDefault();
      if (!this.isOpen) this.open();
      const count = this.options.length;
      this.active = count ? (this.active + moves[event.key] + count) % count : -1;
      this.mark();
    } else if (event.key === "Enter" && this.isOpen && this.active >= 0) {
      event.preventDefault();
      this.take(this.options[this.active]);
    } else if (event.key === "Escape" && this.isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }
}
