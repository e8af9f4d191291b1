// One written contact: what was said in it, by number, and what is on its way. The server's answers
// fill it; what follows the last number is asked for after every cut, so nothing is left out.

const UNSENT = "unsent:"; // Only as long as the tab: words of a customer do not stay on a machine.
const DRAFT = "draft:";
const SEEN = "seen:";

export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
}

export class Thread {
  constructor(id) {
    this.id = id;
    this.rows = new Map();
    this.name = "";
    this.here = false;
    this.byMail = false;
    this.isLoaded = false;
    this.unsent = JSON.parse(sessionStorage.getItem(UNSENT + id) ?? "[]");
    this.seen = Number(sessionStorage.getItem(SEEN + id) ?? 0);
  }

  get last() {
    return Math.max(0, ...this.rows.keys());
  }

  get sorted() {
    return [...this.rows.values()].sort((one, other) => one.number - other.number);
  }

  get unread() {
    return this.sorted.filter((row) => row.direction === "in" && row.number > this.seen).length;
  }

  add(rows) {
    for (const row of rows) this.rows.set(row.number, row);
    this.keepUnsent(this.unsent.filter((each) => !this.rows.has(each.number)));
  }

  see() {
    this.seen = this.last;
    sessionStorage.setItem(SEEN + this.id, this.seen);
  }

  get draft() {
    const kept = JSON.parse(sessionStorage.getItem(DRAFT + this.id) ?? "{}");
    return { text: "", direction: "out", files: [], ...kept };
  }

  set draft(value) {
    const isEmpty = !value.text && !value.files?.length;
    if (isEmpty) sessionStorage.removeItem(DRAFT + this.id);
    else sessionStorage.setItem(DRAFT + this.id, JSON.stringify(value));
  }

  write(fields) {
    this.keepUnsent([...this.unsent, { key: newKey(), ...fields }]);
  }

  kept(key, number) {
    for (const each of this.unsent) if (each.key === key) each.number = number;
    this.keepUnsent(this.unsent.filter((each) => !this.rows.has(each.number)));
  }

  drop(key) {
    this.keepUnsent(this.unsent.filter((each) => each.key !== key));
  }

  keepUnsent(unsent) {
    this.unsent = unsent;
    if (unsent.length) sessionStorage.setItem(UNSENT + this.id, JSON.stringify(unsent));
    else sessionStorage.removeItem(UNSENT + this.id);
  }

  // Sends what waits, each with the key it was given first, so that it is kept once.
  async send(ask) {
    if (this.isSending) return null;
    this.isSending = true;
    try {
      for (;;) {
        const next = this.unsent.find((each) => !each.number);
        if (!next) return null;
        const { enclosed, ...fields } = next;
        if (enclosed?.length) fields.files = enclosed.map((each) => each.file);
        const reply = await ask({ do: "text_write", item: this.id, ...fields });
        if (reply.done) this.kept(next.key, reply.number);
        else if (reply.code === "line_lost") return null; // It is sent when the line is back.
        else {
          this.drop(next.key);
          const text = next.file ? "" : next.text;
          return { ...reply, text, files: next.enclosed ?? [] };
        }
      }
    } finally {
      this.isSending = false;
    }
  }
}
