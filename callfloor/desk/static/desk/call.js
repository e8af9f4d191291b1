// The customer's telephone: one call over the browser, its keypad, its end.

import { duration } from "../ui/format.js";
import { said } from "../ui/page.js";
import { write } from "../ui/live.js";
import { Sound } from "./audio.js";

const $ = (id) => document.getElementById(id);
const KEY_MILLISECONDS = 120;
const sound = new Sound($("far-end"), (state) => state === "off" && socket && end("lost"));

let socket = null;
let startedAt = null;

function tell(message) {
  socket?.send(JSON.stringify(message));
}

async function call(event) {
  event.preventDefault();
  $("call-error").hidden = true;
  show(true, said.asking);
  try {
    const sdp = await sound.offer();
    write($("call-state"), said.connecting);
    connect({ do: "call", number: $("number").value, sdp });
  } catch {
    end("denied");
  }
}

function connect(first) {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const line = new WebSocket(`${scheme}://${location.host}/live/call`);
  socket = line;
  line.onopen = () => tell(first);
  line.onmessage = (event) => socket === line && take(JSON.parse(event.data));
  line.onclose = () => socket === line && end("failed");
}

async function take(message) {
  if (message.sdp) {
    startedAt = Date.now();
    await sound.answer(message.sdp);
  }
  if (message.message) end(null, message.message);
  else if (message.state === "closed" || message.state === "wrap_up") end("closed");
  else if (message.state) write($("call-state"), said[message.state] ?? said.flow);
}

function show(inCall, text) {
  $("dial-form").hidden = inCall;
  $("in-call").hidden = !inCall;
  write($("call-state"), text);
  $(inCall ? "leave" : "dial").focus();
}

// Ends the call for a reason that was said; an end that is no fault is said as a state.
function end(reason, text) {
  const line = socket;
  socket = null;
  if (line?.readyState === WebSocket.OPEN) line.send(JSON.stringify({ do: "hang_up" }));
  line?.close();
  sound.drop();
  sound.hush();
  startedAt = null;
  show(false, "");
  const box = $("call-error");
  box.dataset.tone = reason === "closed" ? "good" : "warn";
  box.firstElementChild.className = `icon i-${box.dataset.tone}`;
  write(box.lastElementChild, text ?? said[reason]);
  box.hidden = false;
}

function press(key) {
  if (!startedAt) return;
  const keys = sound.keys;
  if (keys) keys.insertDTMF(key, KEY_MILLISECONDS);
  else tell({ do: "key", key });
}

$("dial-form")?.addEventListener("submit", call);
$("leave")?.addEventListener("click", () => end("closed"));
$("in-call")?.addEventListener("click", (event) => {
  const { key } = event.target.dataset;
  if (key !== undefined) press(key);
});
document.addEventListener("keydown", (event) => {
  if (startedAt && /^[0-9*#]$/.test(event.key)) press(event.key);
});
addEventListener("pagehide", () => socket && end("closed"));
setInterval(
  () => write($("call-timer") ?? {}, startedAt ? duration((Date.now() - startedAt) / 1000) : ""),
  500,
);
