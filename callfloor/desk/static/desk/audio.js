// Sound in the browser: one peer connection with G.711, and the ringing.

const GATHER_SECONDS = 2; // Host candidates are there at once; nothing else is asked for.

// The other end passes G.711 through untouched; any other codec would cost it a conversion.
function preferPcmu(peer) {
  const codecs = RTCRtpReceiver.getCapabilities("audio").codecs;
  const rank = (codec) =>
    ["audio/PCMU", "audio/PCMA", "audio/telephone-event"].findIndex(
      (name) => name === codec.mimeType,
    );
  const wanted = codecs
    .filter((codec) => rank(codec) >= 0 && codec.clockRate === 8000)
    .sort((one, other) => rank(one) - rank(other));
  for (const transceiver of peer.getTransceivers()) transceiver.setCodecPreferences(wanted);
}

function gathered(peer) {
  return new Promise((done) => {
    if (peer.iceGatheringState === "complete") return done();
    const timer = setTimeout(done, GATHER_SECONDS * 1000);
    peer.addEventListener("icegatheringstatechange", () => {
      if (peer.iceGatheringState !== "complete") return;
      clearTimeout(timer);
      done();
    });
  });
}

// A relay, if the centre names one; without it, or without an answer, the direct way is tried.
async function relays() {
  try {
    const answer = await fetch("/ice", { headers: { Accept: "application/json" } });
    return answer.ok && !answer.redirected ? (await answer.json()).iceServers : [];
  } catch {
    return [];
  }
}

export class Sound {
  // `state` is called with connecting, on, off; `element` plays the far end.
  constructor(element, state) {
    this.element = element;
    this.state = state;
    this.peer = null;
    this.before = null; // The connection of a moment ago: it sounds until the new one does.
    this.microphone = null;
  }

  // Throws NotAllowedError or NotFoundError as the browser does.
  async listen() {
    const isLive = this.microphone?.getAudioTracks().some((track) => track.readyState === "live");
    if (isLive) return;
    this.microphone = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
  }

  async offer() {
    await this.listen();
    const iceServers = await relays();
    this.letGo();
    this.before = this.peer;
    const peer = new RTCPeerConnection({ iceServers });
    this.peer = peer;
    for (const track of this.microphone.getAudioTracks()) peer.addTrack(track, this.microphone);
    preferPcmu(peer);
    peer.ontrack = (event) => {
      this.element.srcObject = event.streams[0] ?? new MediaStream([event.track]);
    };
    peer.onconnectionstatechange = () => this.changed(peer);
    await peer.setLocalDescription(await peer.createOffer());
    await gathered(peer);
    return peer.localDescription.sdp;
  }

  async answer(sdp) {
    await this.peer.setRemoteDescription({ type: "answer", sdp });
    await this.element.play().catch(() => {}); // Some browsers want a click first; autoplay then.
  }

  changed(peer) {
    if (peer !== this.peer) return;
    if (peer.connectionState === "connected") {
      this.letGo();
      this.state("on");
      return;
    }
    const isOff = ["failed", "closed", "disconnected"].includes(peer.connectionState);
    this.state(isOff ? "off" : "connecting");
  }

  get keys() {
    const sender = this.peer?.getSenders().find((each) => each.dtmf);
    return sender?.dtmf?.canInsertDTMF ? sender.dtmf : null;
  }

  letGo() {
    this.before?.close();
    this.before = null;
  }

  drop() {
    this.letGo();
    this.peer?.close();
    this.peer = null;
  }

  hush() {
    for (const track of this.microphone?.getTracks() ?? []) track.stop();
    this.microphone = null;
  }
}

// Two tones, one second on, two off, as a telephone rings; made here, so that no file is fetched.
export class Ringer {
  constructor() {
    this.context = null;
    this.timer = null;
  }

  start() {
    if (this.timer) return;
    this.ring();
    this.timer = setInterval(() => this.ring(), 3000);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
  }

  ring() {
    this.context ??= new AudioContext();
    if (this.context.state === "suspended") this.context.resume();
    const now = this.context.currentTime;
    const gain = this.context.createGain();
    gain.connect(this.context.destination);
    gain.gain.setValueAtTime(0, now);
    gain.gain.linearRampToValueAtTime(0.12, now + 0.04);
    gain.gain.setValueAtTime(0.12, now + 0.9);
    gain.gain.linearRampToValueAtTime(0, now + 1);
    for (const pitch of [440, 554]) {
      const tone = this.context.createOscillator();
      tone.frequency.value = pitch;
      tone.connect(gain);
      tone.start(now);
      tone.stop(now + 1);
    }
  }
}
