"""
The media worker: the ng commands of `docs/reference/ng.md`, done on a table of legs.

Refuses: decisions. It does what the floor says, tells what happens, and drops what no floor owns.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, time

from callfloor.media import bodies, connector, mixer, player, recordings, reports
from callfloor.media.control import Address, Answer, Body, Command, Control, Refused
from callfloor.media.leg import Leg
from callfloor.wire import dtmf, fail, ng, sdp
from callfloor.wire.errors import WireError

log = logging.getLogger(__name__)

WATCH_SECONDS = 0.1  # Lost legs, ends of messages, waiting chunks: all want under half a second.
REPORT_TURNS = 50  # Of the watch, five seconds: RFC 3550, section 6.2, for a small session.
LAG_SECONDS = 1.0  # A heartbeat tells the worst lag of at least the second before it.
CLAIM_SECONDS = 10.0  # A floor that starts knows its legs after a second or two.
LEGS_MAX = 4_000  # Two sockets' worth below the limit of 20,000 files with room for recordings.
KEYS_MAX = 64  # A telephone number with an extension and a card number.
FILES_MAX = 64  # A spoken number with announcements has a dozen.


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the command line says."""

    floor: Address
    prompts: Path
    recordings: Path
    address: str = "127.0.0.1"
    """Where RTP legs listen."""
    ice_addresses: tuple[str, ...] = ("127.0.0.1",)
    """Where browser legs listen."""
    advertised: str | None = None
    """What descriptions say instead of `address` and the first of `ice_addresses`."""
    ports: tuple[int, int] = (20_000, 29_999)
    """First and last port of all legs."""
    beat: Callable[[], None] = lambda: None
    """Tells whoever watches this process that its loop turns; called ten times a second."""


class Worker:
    """See the module."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.epoch = secrets.token_hex(8)
        self.legs: dict[str, Leg] = {}
        self._offers: dict[str, sdp.Session] = {}  # Ours, of legs that offered last.
        self._ticker = player.Ticker()
        self._prompts = player.Prompts(settings.prompts)
        self._matrix = mixer.Matrix(legs=self.legs, ticker=self._ticker)
        self._connector = connector.Connector(
            address=settings.address,
            ice_addresses=settings.ice_addresses,
            ports=settings.ports,
            advertised=settings.advertised,
        )
        self.recordings = recordings.Recordings(
            folder=settings.recordings, legs=self.legs, tell=self._tell
        )
        self.control = Control(commands=self._commands(), floor=settings.floor)
        self._floor: str | None = None
        self._unclaimed: set[str] = set()
        self._unclaimed_until = 0.0
        self._lag = Lag()
        self._watch_at = 0.0
        self._turn = 0
        self._watcher: asyncio.TimerHandle | None = None

    def _tell(self, **fields: ng.Sendable) -> None:
        self.control.tell(**fields)

    def _commands(self) -> Mapping[str, Command]:
        return {
            "ping": self._ping,
            "offer": self._offer,
            "create": self._create,
            "answer": self._answer,
            "delete": self._delete,
            "claim": self._claim,
            "play media": self._play_media,
            "stop media": self._stop_media,
            "play DTMF": self._play_dtmf,
            "mix": self._mix,
            "query": self._query,
            **self.recordings.commands(),
        }

    async def start(self, control: Address) -> None:
        """Listen for the floor and begin to watch."""
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: self.control, local_addr=control)
        self._watch_at = loop.time() + WATCH_SECONDS
        self._watcher = loop.call_at(self._watch_at, self._watch)

    async def stop(self) -> None:
        """End every recording and leg, then the sockets."""
        if self._watcher:
            self._watcher.cancel()
        await self.recordings.stop()
        for name in list(self.legs):
            self._drop(name)
        self.control.close()

    # --- Life -------------------------------------------------------------------------------------

    def _ping(self, body: Body) -> Answer:
        floor = body.get("floor")
        if isinstance(floor, str) and floor != self._floor:
            self._meet(floor)
        lag_ms = int(self._lag.worst * 1_000)
        return {"result": "pong", "epoch": self.epoch, "legs": len(self.legs), "lag-ms": lag_ms}

    def _meet(self, floor: str) -> None:
        """See that a floor has started: what it does not claim belongs to nobody."""
        if self._floor is not None:
            self._unclaimed = set(self.legs)
            self._unclaimed_until = monotonic() + CLAIM_SECONDS
            log.info("floor.changed", extra={"legs": len(self.legs)})
        self._floor = floor

    def _claim(self, body: Body) -> Answer:
        names = bodies.texts(body, "legs")
        self._unclaimed -= set(names)
        return {"unknown": [name for name in names if name not in self.legs]}

    def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        self._lag.note(loop.time() - self._watch_at, loop.time())
        self._watch_at = loop.time() + WATCH_SECONDS
        self._watcher = loop.call_at(self._watch_at, self._watch)
        self._settings.beat()
        now = monotonic()
        for leg in self.legs.values():
            leg.watch(now)
        self.recordings.watch(now)
        if self._unclaimed and now >= self._unclaimed_until:
            self._drop_unclaimed()
        self._report(now)

    def _report(self, now: float) -> None:
        """Let a part of the legs report at each turn: all at once would hold up their packets."""
        utc = time()
        self._turn = (self._turn + 1) % REPORT_TURNS
        told: list[reports.Row] = []
        for leg in list(itertools.islice(self.legs.values(), self._turn, None, REPORT_TURNS)):
            if leg.report(now=now, utc=utc) and (row := leg.reports.row(leg.name, leg.incoming)):
                told.append(row)
            if leg.is_forgotten(now):
                log.warning("leg.forgotten", extra={"leg": leg.name})
                self._drop(leg.name)
        if told:
            self._tell(event="quality", legs=told)

    def _drop_unclaimed(self) -> None:
        names, self._unclaimed = self._unclaimed & self.legs.keys(), set()
        log.info("legs.unclaimed", extra={"legs": len(names)})
        for name in names:
            self._drop(name)

    # --- Legs -------------------------------------------------------------------------------------

    def _offer(self, body: Body) -> Answer:
        offered = _session(body)
        leg = self._named(body)
        try:
            answer = self._connector.connect(leg, offered, received_from=_received_from(body))
        except (WireError, Refused):
            if leg.name not in self.legs:
                leg.close()
            raise
        self._keep(leg)
        self._offers.pop(leg.name, None)  # Theirs came first: ours is void.
        return {"sdp": sdp.encode(answer)}

    def _create(self, body: Body) -> Answer:
        if ng.text(body, "kind") != "rtp":
            raise Refused("only an rtp leg can offer first")
        leg = self._named(body)
        offered = self._offers[leg.name] = self._connector.offer(leg)
        self._keep(leg)
        return {"sdp": sdp.encode(offered)}

    def _answer(self, body: Body) -> Answer:
        leg = self._leg(body)
        offered = self._offers.get(leg.name)
        if offered is None:
            raise Refused("this leg has not offered")
        self._connector.settle(leg, offered, _session(body), received_from=_received_from(body))
        return {}

    def _named(self, body: Body) -> Leg:
        """Find the leg that is meant or make it, without keeping it yet."""
        call, name, kind = (ng.text(body, key) for key in ("call-id", "from-tag", "kind"))
        leg = self.legs.get(name)
        if leg is not None and (leg.call, leg.kind) != (call, kind):
            raise Refused("this leg belongs to another call or is of another kind")
        if leg is None and len(self.legs) >= LEGS_MAX:
            raise Refused("too many legs")
        if kind not in ("rtp", "webrtc"):
            raise Refused("kind is neither rtp nor webrtc")
        return leg or Leg(call=call, name=name, kind=kind, tell=self.control.tell)

    def _keep(self, leg: Leg) -> None:
        self.legs[leg.name] = leg
        self._unclaimed.discard(leg.name)
        fail.point("media.leg_made")

    def _delete(self, body: Body) -> Answer:
        call, name = ng.text(body, "call-id"), body.get("from-tag")
        names = [leg.name for leg in self.legs.values() if leg.call == call]
        if name:
            names = [known for known in names if known == name]
        for each in names:
            self._drop(each)
        return {"deleted": len(names)}

    def _drop(self, name: str) -> None:
        leg = self.legs[name]
        self.recordings.leave(leg)
        for own in (leg.keys, leg.player):
            if own is not None:
                self._ticker.remove(own)
        self._matrix.forget(name)
        self._offers.pop(name, None)
        del self.legs[name]
        leg.close()

    def _query(self, body: Body) -> Answer:
        leg = self._leg(body)
        return {
            "packets": leg.incoming.packets,
            "lost": leg.incoming.lost,
            "jitter-us": leg.incoming.jitter_us,
            "last-rtp-ms": leg.silent_ms(monotonic()),
            "round-trip-us": int(leg.reports.round_trip_seconds * 1_000_000),
            "mos-hundredths": leg.reports.mos_hundredths(leg.incoming),
            "sent": leg.outgoing.packets,
        }

    def _leg(self, body: Body) -> Leg:
        leg = self.legs.get(ng.text(body, "from-tag"))
        if leg is None or leg.call != ng.text(body, "call-id"):
            raise Refused("unknown leg")
        return leg

    # --- What is heard ----------------------------------------------------------------------------

    def _mix(self, body: Body) -> Answer:
        unknown = self._matrix.replace(legs=bodies.texts(body, "legs"), rows=bodies.rows(body))
        return {"unknown": sorted(unknown)}

    def _play_media(self, body: Body) -> Answer:
        leg, play = self._leg(body), ng.text(body, "play")
        files, repeat = bodies.texts(body, "files"), body.get("repeat") == 1
        if len(files) > FILES_MAX:
            raise Refused("too many files")
        prompts, failed = self._prompts.load(files)
        self._silence(leg)

        def end() -> None:
            self._silence(leg)
            tell()

        def tell() -> None:
            self.control.tell(
                event="played", call_id=leg.call, from_tag=leg.name, play=play, failed=int(failed)
            )

        leg.player = player.Player(leg=leg, prompts=prompts, repeat=repeat, ended=end)
        leg.choose()
        self._ticker.add(leg.player)
        if repeat and failed:
            tell()  # It never ends, but somebody should know.
        return {}

    def _stop_media(self, body: Body) -> Answer:
        self._silence(self._leg(body))
        return {}

    def _silence(self, leg: Leg) -> None:
        if leg.player:
            self._ticker.remove(leg.player)
            leg.player = None
            leg.choose()

    def _play_dtmf(self, body: Body) -> Answer:
        leg, code = self._leg(body), str(body.get("code", ""))
        if not code or len(code) > KEYS_MAX or not set(code) <= set(dtmf.KEYS):
            raise Refused("code is not a string of keys")
        if not leg.can_press:
            raise Refused("the far side takes no telephone events")
        if leg.keys:
            self._ticker.remove(leg.keys)

        def end() -> None:
            assert leg.keys is not None, "keys that end twice"
            self._ticker.remove(leg.keys)
            leg.keys = None
            leg.choose()

        leg.keys = player.Keys(leg=leg, code=code, ended=end)
        leg.choose()
        self._ticker.add(leg.keys)
        return {}


def _session(body: Body) -> sdp.Session:
    return sdp.parse(ng.text(body, "sdp").encode("utf-8", "surrogateescape"))


def _received_from(body: Body) -> str | None:
    return ng.text(body, "received-from") if "received-from" in body else None


class Lag:
    """The worst lateness of the loop within the last second or two."""

    def __init__(self) -> None:
        self._now = self._before = 0.0
        self._since = 0.0

    def note(self, late: float, now: float) -> None:
        """Take how much later than asked something was done."""
        if now - self._since >= LAG_SECONDS:
            self._before, self._now, self._since = self._now, 0.0, now
        self._now = max(self._now, late)

    @property
    def worst(self) -> float:
        """In seconds."""
        return max(self._now, self._before)
