// A leader hears into a call: listens, whispers to its agent, joins, takes it over, stops.
// The seat is taken with the first call that he wants to hear, not by looking at the page.

import { say } from "../ui/format.js";
import { setServerTime, tick, write } from "../ui/live.js";
import { said, toast } from "../ui/page.js";
import { Seat } from "./seat.js";

const $ = (id) => document.getElementById(id);
const KEYS = { KeyL: "listen", KeyW: "whisper", KeyJ: "join" };

export class Lead {
  constructor() {
    this.seat = null;
    this.view = null;
    this.wanted = null;
    $("hearing").addEventListener("click", (event) => this.clicked(event));
    $("turn-on").addEventListener("click", () => this.seat?.connect());
    document.addEventListener("keydown", (event) => this.key(event));
  }

  // Hears into an agent's call, as soon as there is sound.
  hear(of, item) {
    this.wanted = { of, item };
    if (!this.seat) this.sit();
    else this.begin();
  }

  sit() {
    this.seat = new Seat("/live/lead", {
      told: (message) => this.told(message),
      sounded: () => this.begin(),
    });
    toast(said.taking_seat);
  }

  begin() {
    if (!this.wanted || !this.seat.isOn) return;
    const { of, item } = this.wanted;
    this.wanted = null;
    this.seat.ask({ do: "supervise", of, item, mode: "listen" });
  }

  told(message) {
    if (message.now) setServerTime(message.now);
    if (message.view) this.view = message.view;
    if (this.view) this.show();
  }

  show() {
    const { me, item } = this.view;
    const own = item?.work?.state === "talking" && me.part !== null;
    $("hearing").hidden = !(me.hears || own);
    $("hearing-modes").hidden = Boolean(own);
    $("take-over").hidden = $("stop-hearing").hidden = Boolean(own);
    $("to-desk").hidden = $("hang-up").hidden = !own;
    if (own) {
      write($("hearing-who"), said.call_is_yours);
      $("hearing-time").dataset.since = item.work.since;
    } else if (me.hears) {
      write($("hearing-who"), say(said.you_hear, { name: me.hears.name }));
      $("hearing-time").dataset.since = me.hears.since;
      for (const each of $("hearing-modes").children) {
        each.setAttribute("aria-pressed", each.dataset.mode === me.hears.mode);
      }
    }
    tick();
  }

  clicked(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.mode) this.mode(button.dataset.mode);
    else if (button.id === "take-over") this.ofCall("take_over");
    else if (button.id === "stop-hearing") this.ofCall("supervise_end");
    else if (button.id === "hang-up") this.seat.ask({ do: "hang_up", item: this.view.item.id });
  }

  mode(mode) {
    const hears = this.view?.me.hears;
    if (!hears || hears.mode === mode) return;
    this.seat.ask({ do: "supervise", of: hears.of, item: hears.item, mode });
  }

  ofCall(what) {
    const hears = this.view?.me.hears;
    if (hears) this.seat.ask({ do: what, item: hears.item });
  }

  key(event) {
    if (!event.altKey || !event.shiftKey || event.ctrlKey || $("hearing").hidden) return;
    if (KEYS[event.code]) this.mode(KEYS[event.code]);
    else if (event.code === "KeyO") this.ofCall("take_over");
    else if (event.code === "KeyS") this.ofCall("supervise_end");
    else return;
    event.preventDefault();
  }
}
