"""A headless Chromium as an agent's browser: it offers, speaks a tone, measures what it hears."""

from __future__ import annotations

import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import ifaddr
import numpy as np
from playwright.async_api import Browser, Page, async_playwright

from callfloor.media import sound

ADDRESS = "http://localhost/softphone"  # Never asked for: the page is given by the route below.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)

PAGE = """<!doctype html><title>softphone</title><audio autoplay muted></audio><script>
let pc, sender, analyser;
async function offer() {
  const own = await navigator.mediaDevices.getUserMedia({
    audio: {echoCancellation: false, noiseSuppression: false, autoGainControl: false}});
  pc = new RTCPeerConnection();
  sender = pc.addTrack(own.getAudioTracks()[0], own);
  const codecs = RTCRtpSender.getCapabilities('audio').codecs;
  pc.getTransceivers()[0].setCodecPreferences(codecs.filter(
    c => ['audio/PCMU', 'audio/telephone-event'].includes(c.mimeType)));
  pc.ontrack = event => {
    const stream = new MediaStream([event.track]);
    document.querySelector('audio').srcObject = stream;
    const context = new AudioContext({sampleRate: 8000});
    analyser = context.createAnalyser();
    analyser.fftSize = 2048;
    analyser.smoothingTimeConstant = 0;
    context.createMediaStreamSource(stream).connect(analyser);
  };
  await pc.setLocalDescription();
  if (pc.iceGatheringState !== 'complete') await new Promise(done => {
    pc.onicegatheringstatechange = () => pc.iceGatheringState === 'complete' && done();
    setTimeout(done, 1000);
  });
  return pc.localDescription.sdp;
}
const accept = sdp => pc.setRemoteDescription({type: 'answer', sdp});
const press = keys => sender.dtmf.insertDTMF(keys, 100, 70);
const close_ = () => pc.close();
function level(hertz) {
  if (!analyser) return -200;
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  const at = Math.round(hertz / (4000 / bins.length));
  return Math.max(...bins.slice(at - 2, at + 3));
}
async function stats() {
  const rows = [...(await pc.getStats()).values()];
  const inbound = rows.find(r => r.type === 'inbound-rtp') || {};
  return {state: pc.connectionState, received: inbound.packetsReceived || 0,
          lost: inbound.packetsLost || 0, jitter: inbound.jitter || 0};
}
</script>"""


def write_tone(path: Path, *, hertz: float, seconds: float) -> None:
    """Write the voice of a fake microphone; Chromium plays it again and again."""
    samples = sound.tone(hertz=hertz, seconds=seconds, amplitude=12_000)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.RATE)
        file.writeframes(samples.astype(np.dtype("<i2")).tobytes())


@asynccontextmanager
async def launched(program: str, *, voice: Path) -> AsyncIterator[Browser]:
    """Start Chromium whose microphone hears a file."""
    flags = [*FLAGS, f"--use-file-for-fake-audio-capture={voice}"]
    if not _has_network():
        # Chromium offers no loopback address by itself, so it would have nothing to check from.
        flags.append("--allow-loopback-in-peer-connection")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=flags)
        try:
            yield browser
        finally:
            await browser.close()


def _has_network() -> bool:
    addresses = [ip.ip for adapter in ifaddr.get_adapters() for ip in adapter.ips]
    return any(isinstance(ip, str) and not ip.startswith("127.") for ip in addresses)


async def softphone(browser: Browser) -> Page:
    """Open the page in a tab of its own."""
    page = await browser.new_page()
    await page.route("**/*", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    await page.goto(ADDRESS)
    return page
