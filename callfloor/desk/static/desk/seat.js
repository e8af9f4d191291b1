// A seat: the line to the server and the sound, in the browser or on a telephone.
// The desk and the leader's floor page have one each; the last that asked has the sound.

import { badge, write } from "../ui/live.js";
import { said, toast } from "../ui/page.js";
import { Sound } from "./audio.js";
import { Socket } from "./socket.js";

const $ = (id) => document.getElementById(id);
const AGAIN_SECONDS = 2;
const KEPT = "callfloor-device"; // Which device this browser's person wants; only here, no secret.

export class Seat {
  constructor(path, { told, opened = () => {}, lost = () => {}, sounded = () => {} }) {
    this.wantsSound = true;
    this.timer = null;
    this.isOn = false;
    this.phones = 0;
    this.hasPhone = false;
    this.told = told;
    this.sounded = sounded;
    this.sound = new Sound($("far-end"), (state) => this.changed(state));
    this.socket = new Socket(path, {
      opened: () => {
        opened();
        if (this.wantsSound) this.connect();
      },
      told: (message) => this.take(message),
      lost,
    });
  }

  get device() {
    return this.phones && localStorage.getItem(KEPT) === "phone" ? "phone" : "webrtc";
  }

  choose(device) {
    localStorage.setItem(KEPT, device);
    this.connect();
  }

  take(message) {
    if (message.elsewhere) this.elsewhere();
    if (message.view) this.seen(message.view.me);
    this.told(message);
  }

  // Only the view says whether there is a telephone to choose, and whether it can be used.
  seen(me) {
    const isNew = me.phones !== this.phones;
    this.phones = me.phones;
    if (this.device === "phone") {
      this.hasPhone = me.device;
      if (this.wantsSound) this.usePhone();
    } else if (isNew && !$("sound").hidden) this.show();
  }

  async ask(fields) {
    const answer = await this.socket.ask(fields);
    if (!answer.done) toast(answer.message ?? said.line_lost, "warn");
    return answer.done;
  }

  async connect() {
    clearTimeout(this.timer);
    this.wantsSound = true;
    if (this.device === "phone") {
      this.usePhone();
      return;
    }
    let sdp;
    try {
      sdp = await this.sound.offer();
    } catch (error) {
      this.silent(error.name === "NotAllowedError" ? said.sound_denied : said.sound_failed);
      return;
    }
    if (!this.socket.isOpen) return; // As soon as it is, this is done anew.
    const answer = await this.socket.ask({ do: "device", sdp });
    if (!answer.done) {
      this.silent(answer.message ?? said.sound_failed);
      this.again();
      return;
    }
    await this.sound.answer(answer.sdp);
  }

  // The telephone is the device as soon as no browser of his is heard any more.
  usePhone() {
    const before = this.isOn;
    this.sound.drop();
    this.isOn = this.hasPhone;
    if (!this.isOn) {
      this.silent(said.no_phone);
      return;
    }
    $("no-sound").hidden = true;
    this.show();
    if (!before) this.sounded();
  }

  again() {
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => this.wantsSound && this.socket.isOpen && this.connect(),
      AGAIN_SECONDS * 1000,
    );
  }

  changed(state) {
    this.isOn = state === "on";
    if (this.isOn) $("no-sound").hidden = true;
    this.show();
    if (this.isOn) this.sounded();
    if (state === "off") this.again();
  }

  show() {
    const box = $("sound");
    box.hidden = false;
    const phone = this.device === "phone";
    const icon = phone ? "telephone" : this.isOn ? "mic" : "micoff";
    const label = phone ? said.on_telephone : said.sound_on;
    if (this.isOn) badge(box, { tone: "good", icon, label });
    else badge(box, { tone: "warn", icon, label: said.sound_off });
    if ($("device-open")) $("device-open").hidden = !this.phones;
  }

  silent(text) {
    this.isOn = false;
    write($("no-sound-text"), text);
    $("no-sound").hidden = false;
    this.show();
  }

  elsewhere() {
    this.wantsSound = false;
    clearTimeout(this.timer);
    this.sound.drop();
    this.silent(said.sound_elsewhere);
  }

  // The person leaves: no sound any more, and the seat is given up.
  async leave() {
    this.wantsSound = false;
    this.sound.drop();
    this.sound.hush();
    await this.socket.ask({ do: "sign_out" });
  }
}
