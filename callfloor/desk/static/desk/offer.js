// What rings: who, since when, what for, and how long one may let it. It never takes the focus:
// somebody may be typing.

import { digits, duration, number, say } from "../ui/format.js";
import { serverTime, write } from "../ui/live.js";
import { said } from "../ui/page.js";
import { Ringer } from "./audio.js";
import { languageName } from "./callbar.js";

const $ = (id) => document.getElementById(id);
const ringer = new Ringer();
let offered = null; // Whose lease is shown: since and until.

export function showOffer(me, item, { mine, name, device }) {
  const rings = item && me.offer?.channel === "call"; // What is written rings in its own strip.
  offered = rings ? me : null;
  $("offer").hidden = !rings;
  document.body.classList.toggle("rings", Boolean(rings));
  if (!rings) {
    ringer.stop();
    if ($("announce").textContent) write($("announce"), "");
    return;
  }
  ringer.start();
  const { kind, by_name: by } = me.offer;
  const values = {
    queue: item.queue_name ?? "",
    time: duration(serverTime() - (item.waiting_since ?? item.arrived_at)),
    name,
    by: by ?? said.colleague,
    language: languageName(item.language),
  };
  const announce = $("announce");
  if (announce.dataset.offer !== me.offer.id || (mine && !announce.dataset.named)) {
    announce.dataset.offer = me.offer.id;
    announce.dataset.named = mine ? "yes" : "";
    write(announce, say(said[`rings_${kind}`] ?? said.rings, values));
  }
  showOfferKind(kind, values);
  const isOwn = kind === "queue" || kind === "callback"; // Else the name is a colleague's.
  const beside = isOwn && mine?.number && digits(mine.number) !== values.name;
  write($("offer-number"), beside ? digits(mine.number) : "");
  write($("offer-language"), values.language);
  write($("offer-client"), item.client_name);
  write($("offer-typed"), typedText(mine));
  const before = mine?.contacts_before ?? 0;
  write(
    $("offer-before"),
    before ? say(said.contacts_before, { count: number(before) }) : said.first_contact,
  );
  $("offer-left").dataset.until = me.until;
  $("offer-telephone").hidden = device !== "phone";
}

const KINDS = { queue: "ring", callback: "undo", consult: "consult", colleague: "person" };

// A colleague, a question and a callback look different from a customer who rings.
function showOfferKind(kind, values) {
  $("offer").dataset.kind = kind;
  $("offer-icon").className = `icon ringing i-${KINDS[kind] ?? "ring"}`;
  write($("offer-what"), say(said[`what_${kind}`] ?? said.call_for, values));
  const whose = kind === "colleague" || kind === "consult";
  write($("offer-who"), whose ? values.by : values.name);
  write($("offer-about"), kind === "consult" ? say(said.about, values) : "");
}

function typedText(mine) {
  const typed = mine?.typed ?? [];
  return typed.length ? typed.map((each) => digits(each.digits)).join(" · ") : said.nothing_typed;
}

function showLease() {
  if (!offered?.until) return;
  const whole = offered.until - offered.since;
  const left = Math.max(0, Math.min(100, (100 * (offered.until - serverTime())) / whole));
  $("offer-lease").style.setProperty("--value", left);
  $("offer-lease").ariaValueNow = Math.round(left);
}
setInterval(showLease, 250);
