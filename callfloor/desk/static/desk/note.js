// The note's draft: kept on the server as it is typed, and in this browser until it is.

const PAUSE_SECONDS = 0.8; // After the last key; a longer pause would lose more at a crash.
const AGAIN_SECONDS = 2;

export class Note {
  constructor(field, { url, token, said }) {
    Object.assign(this, { field, url, token, said });
    this.item = null;
    this.isKept = true;
    field.addEventListener("input", () => this.typed());
  }

  storage(item) {
    return `note:${item}`;
  }

  begin(item, text) {
    const unkept = sessionStorage.getItem(this.storage(item));
    this.item = item;
    this.field.value = unkept ?? text;
    this.field.disabled = false;
    this.isKept = unkept === null;
    if (!this.isKept) this.later(0);
  }

  end() {
    clearTimeout(this.timer);
    this.item = null;
    this.field.value = "";
    this.field.disabled = true;
    this.said("", null);
  }

  typed() {
    sessionStorage.setItem(this.storage(this.item), this.field.value);
    this.isKept = false;
    this.said("keeping", null);
    this.later(PAUSE_SECONDS);
  }

  later(seconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), seconds * 1000);
  }

  // Returns whether the server has everything that was typed.
  async keep() {
    clearTimeout(this.timer);
    const { item } = this;
    if (item === null || this.isKept) return true;
    const text = this.field.value;
    try {
      const answer = await fetch(this.url + encodeURIComponent(item), {
        method: "POST",
        headers: { "X-CSRFToken": this.token, Accept: "application/json" },
        body: new URLSearchParams({ text }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const { kept_at } = await answer.json();
      if (this.field.value === text || this.item !== item) {
        sessionStorage.removeItem(this.storage(item));
        if (this.item === item) this.isKept = true;
      }
      if (this.item === item) this.said("kept", kept_at);
      return this.isKept;
    } catch {
      if (this.item === item) {
        this.said("not_kept", null);
        this.later(AGAIN_SECONDS);
      }
      return false;
    }
  }
}
