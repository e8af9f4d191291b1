// A call out of the chat, in its place: the same line as the customer's telephone page has.

import { duration } from "../ui/format.js";
import { write } from "../ui/live.js";
import { said } from "../ui/page.js";
import { Sound } from "./audio.js";

const $ = (id) => document.getElementById(id);
const SAID = { flow: "flow", queue: "waits", ringing: "waits", talking: "talking", held: "waits" };

export class ChatCall {
  constructor({ number, token }) {
    Object.assign(this, { number, token });
    this.socket = null;
    this.startedAt = null;
    this.sound = new Sound($("far-end"), (state) => state === "off" && this.end("ended"));
    $("hang-up").addEventListener("click", () => this.end("ended"));
    addEventListener("pagehide", () => this.end("ended"));
    setInterval(() => this.tick(), 500);
  }

  async begin() {
    if (this.socket || !$("call-box").hidden) return;
    this.show(said.asking, true);
    try {
      const sdp = await this.sound.offer();
      this.show(said.connecting, true);
      this.connect({ do: "call", number: this.number, chat: this.token(), sdp });
    } catch {
      this.end("denied");
    }
  }

  connect(first) {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const line = new WebSocket(`${scheme}://${location.host}/live/call`);
    this.socket = line;
    line.onopen = () => line.send(JSON.stringify(first));
    line.onmessage = (event) => this.socket === line && this.take(JSON.parse(event.data));
    line.onclose = () => this.socket === line && this.end("call_failed");
  }

  async take(message) {
    if (message.sdp) {
      this.startedAt = Date.now();
      await this.sound.answer(message.sdp);
    }
    if (message.message) this.end("call_failed");
    else if (["closed", "wrap_up"].includes(message.state)) this.end("ended");
    else if (message.state) this.show(said[SAID[message.state] ?? "flow"], true);
  }

  show(text, isOn) {
    $("call-box").hidden = !text;
    $("hang-up").hidden = !isOn;
    $("call").disabled = isOn;
    write($("call-state"), text);
    if (isOn && document.activeElement === document.body) $("hang-up").focus();
  }

  end(reason) {
    if (!this.socket && $("hang-up").hidden) return;
    const line = this.socket;
    this.socket = null;
    if (line?.readyState === WebSocket.OPEN) line.send(JSON.stringify({ do: "hang_up" }));
    line?.close();
    this.sound.drop();
    this.sound.hush();
    this.startedAt = null;
    this.show(said[reason], false);
  }

  tick() {
    const seconds = this.startedAt ? (Date.now() - this.startedAt) / 1000 : null;
    write($("call-timer"), seconds === null ? "" : duration(seconds));
  }
}
