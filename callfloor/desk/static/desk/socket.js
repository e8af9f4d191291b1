// One WebSocket that comes back by itself: questions with answers, and what the server tells.

const RETRY_SECONDS = [0.3, 1, 2, 5];
const ANSWER_SECONDS = 8;

export class Socket {
  constructor(path, { opened, told, lost }) {
    this.url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
    Object.assign(this, { opened, told, lost });
    this.waiting = new Map();
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
    for (const answer of this.waiting.values()) answer({ done: false, code: "line_lost" });
    this.waiting.clear();
    this.lost();
    const wait = RETRY_SECONDS[Math.min(this.failures++, RETRY_SECONDS.length - 1)];
    setTimeout(() => this.open(), wait * 1000);
  }

  // Answers {done, …}; never throws, so that a caller only has to look.
  ask(fields) {
    if (!this.isOpen) return Promise.resolve({ done: false, code: "line_lost" });
    const id = this.next++;
    return new Promise((answer) => {
      this.waiting.set(id, answer);
      setTimeout(() => {
        if (this.waiting.delete(id)) answer({ done: false, code: "line_lost" });
      }, ANSWER_SECONDS * 1000);
      this.socket.send(JSON.stringify({ ...fields, id }));
    });
  }
}
