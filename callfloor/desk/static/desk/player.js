// Plays a recording: two channels to hear together or alone, the sound's shape, places to jump to.

import { duration } from "../ui/format.js";
import { write } from "../ui/live.js";
import { said, toast } from "../ui/page.js";

const POINTS = 150; // Strokes of the drawn wave; more would touch one another.
const DRAWN_SECONDS_MAX = 1800; // Drawing reads the whole file; half an hour is 29 MB.

class Player {
  constructor(box) {
    this.box = box;
    this.audio = box.querySelector("audio");
    this.seconds = Number(box.dataset.seconds);
    this.find = (selector) => box.querySelector(selector);
    this.find("[data-play]").addEventListener("click", () => this.toggle());
    this.find("[data-seek]").addEventListener("input", (event) =>
      this.go(Number(event.target.value)),
    );
    box.addEventListener("click", (event) => this.clicked(event.target.closest("button")));
    for (const name of ["timeupdate", "play", "pause", "ended"]) {
      this.audio.addEventListener(name, () => this.show());
    }
    this.audio.addEventListener("error", () => this.audio.src && toast(said.broken, "bad"));
  }

  load() {
    if (this.audio.src) return;
    this.audio.src = this.box.dataset.player;
    this.wire();
    if (this.seconds <= DRAWN_SECONDS_MAX) this.draw();
  }

  // Each channel has its own volume, so that one can be heard alone in both ears.
  wire() {
    this.context = new AudioContext();
    const source = this.context.createMediaElementSource(this.audio);
    const split = this.context.createChannelSplitter(2);
    this.gains = [this.context.createGain(), this.context.createGain()];
    source.connect(split);
    this.gains.forEach((gain, channel) => {
      split.connect(gain, channel);
      gain.connect(this.context.destination);
    });
  }

  async toggle() {
    this.load();
    await this.context.resume();
    if (this.audio.paused) await this.audio.play().catch(() => toast(said.broken, "bad"));
    else this.audio.pause();
  }

  go(at) {
    this.load();
    this.audio.currentTime = Math.max(0, Math.min(this.seconds, at));
    this.show();
  }

  clicked(button) {
    if (!button) return;
    const { skip, channel, speed } = button.dataset;
    if (skip) this.go(this.audio.currentTime + Number(skip));
    if (channel) this.hear(channel, button);
    if (speed) {
      this.audio.playbackRate = Number(speed);
      this.press("[data-speed]", button);
    }
  }

  hear(channel, button) {
    this.load();
    this.gains[0].gain.value = channel === "agent" ? 0 : 1;
    this.gains[1].gain.value = channel === "customer" ? 0 : 1;
    this.press("[data-channel]", button);
  }

  press(selector, button) {
    for (const each of this.box.querySelectorAll(selector))
      each.setAttribute("aria-pressed", each === button);
  }

  show() {
    const { currentTime, paused } = this.audio;
    write(this.find("[data-at]"), duration(currentTime));
    const seek = this.find("[data-seek]");
    seek.value = currentTime;
    seek.ariaValueText = duration(currentTime);
    this.find(".played")?.style.setProperty("--at", (100 * currentTime) / (this.seconds || 1));
    const button = this.find("[data-play]");
    button.ariaLabel = paused ? said.play : said.pause;
    button.firstElementChild.className = `icon i-${paused ? "play" : "pause"}`;
  }

  async draw() {
    const answer = await fetch(this.box.dataset.player, { headers: { Range: "bytes=0-" } }).catch(
      () => null,
    );
    if (!answer?.ok) return;
    const sound = await this.context.decodeAudioData(await answer.arrayBuffer()).catch(() => null);
    if (!sound) return;
    const paths = this.box.querySelectorAll("[data-wave] path");
    paths.forEach((path, channel) => {
      const data = sound.getChannelData(Math.min(channel, sound.numberOfChannels - 1));
      path.setAttribute("d", strokes(data));
    });
    this.find("[data-wave]").hidden = false;
  }
}

function strokes(data) {
  const size = Math.max(1, Math.floor(data.length / POINTS));
  const lines = [];
  for (let point = 0; point < POINTS; point++) {
    let peak = 0;
    for (let at = point * size; at < (point + 1) * size && at < data.length; at += 8) {
      peak = Math.max(peak, Math.abs(data[at]));
    }
    const half = Math.max(1, Math.min(19, Math.sqrt(peak) * 19));
    lines.push(`M${point * 2 + 1} ${(20 - half).toFixed(1)}V${(20 + half).toFixed(1)}`);
  }
  return lines.join("");
}

for (const box of document.querySelectorAll("[data-player]")) new Player(box);
