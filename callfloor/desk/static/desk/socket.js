// One WebSocket that comes back by itself: questions with answers, and what the server tells.

const RETRY_SECONDS = [0.3, 1, 2, 5];
const ANSWER_SECONDS = 8;

export class Socket {
  constructor(path, { opened, told, lost }) {
    this.url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
    Object.assign(this, { opened, told, lost });
    this.waiting = new Map();
    this.unsent = new Map();
    this.next = 1;
    this.failures = 0;
    this.open();
  }

  get isOpen() {
    return this.socket.readyState === WebSocket.OPEN;
  }

  open() {
    this.socket = new WebSocket(this.url);
    this.socket.onopen = () => {
      this.failures = 0;
      this.opened();
      for (const text of this.unsent.values()) this.socket.send(text);
      this.unsent.clear();
    };
    this.socket.onmessage = (event) => this.take(JSON.parse(event.data));
    this.socket.onclose = () => this.closed();
  }

  take(message) {
    const answer = this.waiting.get(message.id);
    if (answer === undefined) {
      this.told(message);
      return;
    }
    this.waiting.delete(message.id);
    answer(message);
  }

  closed() {
    for (const [id, answer] of this.waiting) {
      if (this.unsent.has(id)) continue; // Nobody has heard of it yet.
      this.waiting.delete(id);
      answer({ done: false, code: "line_lost" });
    }
    this.lost();
    const wait = RETRY_SECONDS[Math.min(this.failures++, RETRY_SECONDS.length - 1)];
    setTimeout(() => this.open(), wait * 1000);
  }

  // Answers {done, …}; never throws, so that a caller only has to look.
  // What is pressed while the line comes back is sent then, if that is soon.
  ask(fields) {
    const id = this.next++;
    const text = JSON.stringify({ ...fields, id });
    return new Promise((answer) => {
      this.waiting.set(id, answer);
      setTimeout(() => {
        this.unsent.delete(id);
        if (this.waiting.delete(id)) answer({ done: false, code: "line_lost" });
      }, ANSWER_SECONDS * 1000);
      if (this.isOpen) this.socket.send(text);
      else this.unsent.set(id, text);
    });
  }
}
