// What the browser keeps of a chat, once its visitor has agreed: who he is to us, the chat's token,
// what is not sent yet, what he was typing. Until then, and where a browser keeps nothing, it is
// only remembered as long as the page is open.

const UNSENT_MAX = 50; // What somebody types while his line is gone for long.

// A page without HTTPS has no randomUUID.
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
}

export class Store {
  constructor(key) {
    this.name = `callfloor-chat:${key}`;
    this.isAgreed = false;
    this.values = { unsent: [], drafted: "" };
    const kept = this.read();
    if (kept) {
      this.values = kept;
      this.isAgreed = true;
    }
  }

  get token() {
    return this.values.token ?? null;
  }

  get first() {
    return this.values.first ?? null;
  }

  get visitor() {
    return this.values.visitor;
  }

  get unsent() {
    return this.values.unsent;
  }

  get drafted() {
    return this.values.drafted;
  }

  // The visitor has agreed and asked: from here on things are kept.
  agree({ text, ...about }) {
    this.isAgreed = true;
    const visitor = this.values.visitor ?? newKey();
    const first = { external: newKey(), text };
    this.values = { visitor, first, unsent: [], drafted: "" };
    this.about = about; // The server keeps it; here it is needed only until then.
    this.keep();
  }

  get given() {
    return this.about ?? {};
  }

  begun(token) {
    this.values.token = token;
    this.values.first = null;
    this.keep();
  }

  add(text) {
    this.values.unsent = [...this.unsent, { external: newKey(), text }].slice(
      -UNSENT_MAX,
    );
    this.keep();
  }

  // The server has it on its disk; it is shown as ours until it comes in its place.
  kept(external, number) {
    for (const each of this.unsent) if (each.external === external) each.number = number;
    this.keep();
  }

  arrived(rows) {
    this.values.unsent = this.unsent.filter((each) => !rows.has(each.number));
    this.keep();
  }

  drop(external) {
    this.values.unsent = this.unsent.filter((each) => each.external !== external);
    this.keep();
  }

  draft(text) {
    this.values.drafted = text;
    this.keep();
  }

  clear() {
    const { visitor } = this.values;
    this.values = { visitor, unsent: [], drafted: "" };
    this.keep();
  }

  read() {
    try {
      return JSON.parse(localStorage.getItem(this.name));
    } catch {
      return null; // A browser that lets frames keep nothing.
    }
  }

  keep() {
    if (!this.isAgreed) return;
    try {
      localStorage.setItem(this.name, JSON.stringify(this.values));
    } catch {
      // Full, or not allowed: the page remembers it as long as it is open.
    }
  }
}
