"""
A floor on a test stand: the real floor, hands, telephone and journal, with a clock that is stepped
and fakes at the sockets. Nothing waits and nothing sleeps.
"""

import itertools
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from callfloor.core import actions, codec, events, facts, plan
from callfloor.floor import past
from callfloor.floor.callees import Callees
from callfloor.floor.commits import InlineCommits, Then
from callfloor.floor.floor import FeedRow, Floor, Ports
from callfloor.floor.hands import Hands
from callfloor.floor.heard import Heard
from callfloor.floor.ids import Ids
from callfloor.floor.journal import Change, Journal, Row
from callfloor.floor.names import is_address
from callfloor.floor.passwords import phone_passwords
from callfloor.floor.prompts import Prompts
from callfloor.floor.providers import Providers
from callfloor.floor.quality import Quality
from callfloor.floor.seals import Seals
from callfloor.floor.signals import Place, Signals, Wires
from callfloor.floor.telephone import Telephone
from callfloor.floor.trunks import Trunks
from callfloor.wire import seal
from callfloor.wire.sip import message as messages
from callfloor.wire.sip.machines import Remote, Send
from callfloor.wire.sip.message import Request, Response

START = 1_790_000_000.0  # A Monday afternoon in 2026; any instant would do.
PRIVATE_KEY = bytes(range(32))
TOKEN_KEY = b"t" * 32
SECRET = b"s" * 32
US = "192.0.2.1"
TRUNK = ("192.0.2.7", 5060)
NUMBER = "900"
PHONES = {"anna-desk": "pw", "anna-mobile": {"password": "pw", "md5": True}, "bela-desk": "pw"}
"""Passwords of telephones, for plans that give them to agents."""
THEIR_SDP = (
    "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
)
OUR_SDP = THEIR_SDP.replace("192.0.2.7", "127.0.0.1")


def stand_plan(**changes: Any) -> plan.FloorPlan:
    """Build a plan: greeting, menu, digits, notice, queue; two agents; a message at night."""
    steps: tuple[plan.Step, ...] = (
        plan.Say(key="hello", prompt="hello", next="choose"),
        plan.Menu(
            key="choose",
            prompt="choose",
            choices=(
                plan.Choice(digit="1", name="help", next="customer"),
                plan.Choice(digit="2", name="message", next="message"),
            ),
            otherwise="notice",
        ),
        plan.Ask(
            key="customer", prompt="customer", label="Customer number", next="notice", digits_max=6
        ),
        plan.Notice(key="notice", prompt="notice", next="wait"),
        plan.Enqueue(key="wait", queue="help"),
        plan.TakeMessage(key="message", prompt="message", queue="help"),
    )
    fields: dict[str, Any] = {
        "version": "stand-1",
        "centre": "stand",
        "timezone": "UTC",
        "clients": (plan.ClientPlan(key="acme", languages=("en", "hu")),),
        "agents": tuple(
            plan.AgentPlan(key=key, clients=("acme",), skills=(("help", 3),))
            for key in ("anna", "bela")
        ),
        "queues": (
            plan.QueuePlan(
                key="help",
                client="acme",
                channel="call",
                tiers=(plan.TierPlan(after_seconds=0.0, requires=(("help", 1),)),),
                position_every_seconds=None,
            ),
        ),
        "flows": (plan.FlowPlan(key="main", version=1, first="hello", steps=steps),),
        "numbers": (plan.NumberPlan(number=NUMBER, client="acme", flow="main", language="en"),),
        "calendars": (),
        "trunks": (
            plan.TrunkPlan(key="line", addresses=(TRUNK[0],)),
            plan.TrunkPlan(key="mobile", digest_user="mobile"),
        ),
        "away_reasons": (plan.AwayReason(key="lunch"),),
    }
    return plan.FloorPlan(**{**fields, **changes})


class FakeMedia:
    """The media worker's door: remembers what was asked, answers offers at once."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.answer_sdp: str | None = OUR_SDP
        self.seconds: float | None = 4.0
        self.is_full = False
        """Whether the disk of recordings takes nothing."""

    def of(self, name: str) -> list[dict[str, Any]]:
        """Give every request of a name."""
        return [fields for asked, fields in self.asked if asked == name]

    def names(self) -> list[str]:
        """Give the names of all requests, in order."""
        return [name for name, _ in self.asked]

    def offer(
        self, *, call: str, leg: str, kind: str, sdp: str, then: Callable[[str | None], None]
    ) -> None:
        """Answer every offer alike."""
        self.asked.append(("offer", {"call": call, "leg": leg, "kind": kind, "sdp": sdp}))
        then(self.answer_sdp)

    def create(self, *, call: str, leg: str, then: Callable[[str | None], None]) -> None:
        """Offer alike for every leg."""
        self.asked.append(("create", {"call": call, "leg": leg}))
        then(self.answer_sdp)

    def answer(self, *, call: str, leg: str, sdp: str) -> None:
        """Remember."""
        self.asked.append(("answer", {"call": call, "leg": leg, "sdp": sdp}))

    def delete(self, *, call: str, leg: str) -> None:
        """Remember."""
        self.asked.append(("delete", {"call": call, "leg": leg}))

    def play(self, *, call: str, leg: str, play: str, files: Sequence[str], loop: bool) -> None:
        """Remember."""
        fields = {"leg": leg, "play": play, "files": list(files), "loop": loop}
        self.asked.append(("play", fields))

    def stop_play(self, *, call: str, leg: str) -> None:
        """Remember."""
        self.asked.append(("stop_play", {"leg": leg}))

    def send_keys(self, *, call: str, leg: str, keys: str) -> None:
        """Remember."""
        self.asked.append(("send_keys", {"leg": leg, "keys": keys}))

    def mix(
        self, *, call: str, legs: Sequence[str], rows: Sequence[tuple[str, str, float]]
    ) -> None:
        """Remember."""
        self.asked.append(("mix", {"legs": tuple(legs), "rows": tuple(rows)}))

    def start_recording(
        self,
        *,
        call: str,
        recording: str,
        customer: str,
        agent: str | None,
        path: str,
        refused: Callable[[], None],
    ) -> None:
        """Remember; refuse if the disk is full."""
        fields = {"recording": recording, "customer": customer, "agent": agent, "path": path}
        self.asked.append(("start_recording", fields))
        if self.is_full:
            refused()

    def pause_recording(self, *, call: str, recording: str) -> None:
        """Remember."""
        self.asked.append(("pause_recording", {"recording": recording}))

    def resume_recording(self, *, call: str, recording: str) -> None:
        """Remember."""
        self.asked.append(("resume_recording", {"recording": recording}))

    def stop_recording(
        self, *, call: str, recording: str, then: Callable[[float | None], None]
    ) -> None:
        """Give the same length for all."""
        self.asked.append(("stop_recording", {"recording": recording}))
        then(self.seconds)


class Doors:
    """A journal that can be stuck."""

    def __init__(self) -> None:
        self.stuck = False

    def is_stuck(self) -> bool:
        """Say what the test wants."""
        return self.stuck


class LateCommits(InlineCommits):
    """Commits when the test says so, once `is_late` is set: what happens between is seen."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal)
        self.is_late = False
        self._held: list[Callable[[], None]] = []

    def append(self, rows: Sequence[Row], changes: Sequence[Change], then: Then) -> None:
        """Write at once, or keep it for later."""
        write = partial(super().append, rows, changes, then)
        if self.is_late:
            self._held.append(write)
        else:
            write()

    def catch_up(self) -> None:
        """Write what was kept, in its order."""
        while self._held:
            self._held.pop(0)()


class Stand:
    """Everything together; `now` is stepped by the test."""

    def __init__(
        self, folder: Path, *, floor_plan: plan.FloorPlan | None = None, version: str = "test"
    ) -> None:
        self.now = START
        self.folder = folder
        self.wake_at: float | None = None
        self.sip_wake_at: float | None = None
        self.notes: list[tuple[str, str]] = []
        self.told: list[FeedRow] = []
        self.asked_who: list[tuple[str, str]] = []
        self.sent: list[tuple[bytes, tuple[str, int]]] = []
        self.sent_to: list[Remote] = []
        """Where each message of `sent` went, with its transport."""
        self.connected: set[Remote] = set()
        """The connections that are open."""
        self.names: dict[str, tuple[str, ...]] = {}
        """What was looked up."""
        self.doors = Doors()
        self.media = FakeMedia()
        self.journal = Journal(folder / "journal.db")
        self.journal.read("PRAGMA synchronous=OFF")  # Nobody pulls the plug of a test.
        self.commits = LateCommits(self.journal)
        self._chance = itertools.count(1)
        self._version = version
        self._write_prompts()
        self._build(floor_plan or stand_plan())
        self.quality = Quality(now=lambda: self.now)
        self.heard = Heard(quality=self.quality, happen=self.floor.happen)

    def _write_prompts(self) -> None:
        for name in ("hello", "choose", "customer", "notice", "message", "one_moment"):
            path = self.folder / "prompts" / "en" / f"{name}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        music = self.folder / "prompts" / "any" / "hold_music.wav"
        music.parent.mkdir(exist_ok=True)
        music.touch()

    def draw(self, count: int) -> bytes:
        """Give known bytes instead of chance, never the same twice."""
        return next(self._chance).to_bytes(count, "big")

    def note(self, name: str, detail: str) -> None:
        """Keep what the floor says of itself."""
        self.notes.append((name, detail))

    def _build(self, floor_plan: plan.FloorPlan) -> None:
        names = Ids(draw=self.draw)
        self.seals = Seals(
            public_key=seal.public_key_of(PRIVATE_KEY), token_key=TOKEN_KEY, draw=self.draw
        )
        self.callees = Callees(seals=self.seals, names=names, now=lambda: self.now, region=None)
        self.hands = Hands(
            callees=self.callees,
            media=self.media,
            prompts=Prompts(self.folder / "prompts", alarm=self.note),
            seals=self.seals,
            names=names,
            now=lambda: self.now,
            ask_who=lambda item, caller: self.asked_who.append((item, caller)),
            note=self.note,
        )
        self.floor = Floor(
            first=floor_plan,
            past=past.read(self.journal),
            commits=self.commits,
            ports=Ports(
                now=lambda: self.now,
                wake_at=self._wake_at,
                perform=self.hands.perform,
                tell=lambda rows, _seq: self.told.extend(rows),
                settled=self._settled,
                note=self.note,
            ),
            version=self._version,
        )
        self.hands.bind(self.floor)
        self.signals = Signals(
            place=Place(host=US, ports={"UDP": 5060, "TCP": 5060, "TLS": 5061}),
            wires=Wires(
                send=self._transmit,
                is_open=lambda remote: remote in self.connected,
                addresses=self._addresses,
            ),
            secret=SECRET,
            token=names.token,
            wake_at=self._sip_wake_at,
            now=lambda: self.now,
        )
        self.telephone = Telephone(
            hands=self.hands,
            trunks=Trunks(
                secrets={"mobile": "secret"},
                secret=SECRET,
                draw=self.draw,
                addresses=self._addresses,
                phones=phone_passwords(PHONES),
            ),
            doors=self.doors,
            signals=self.signals,
            region=None,
            note=self.note,
        )
        self.telephone.use(floor_plan)
        self.providers = Providers(
            signals=self.signals,
            telephone=self.telephone,
            caller=self.hands.parties,
            secrets={"ours": "secret"},
            told=lambda name, key: self.floor.happen(events.FaultNoticed(name=name, detail=key)),
            note=self.note,
        )
        self.hands.parties.dialer = self.providers
        self.hands.parties.after = self.signals.after
        self.hands.parties.unlock = self._unlock

    def keep_passwords(self, **stored: Any) -> None:
        """Let other passwords of telephones and trunks hold, as the process does."""
        known = phone_passwords({**PHONES, "mobile": "secret", "ours": "secret", **stored})
        self.telephone.keep(known, changed=frozenset(stored))
        self.telephone.use(self.floor.plan)
        self.providers.keep({user: password.text for user, password in known.items()})

    def _settled(self, fact: facts.Fact) -> None:
        self.hands.settled(fact)
        self.heard.settled(fact)

    def _unlock(self, item: str, then: Callable[[bytes | None], None]) -> None:
        """Answer as the worker does: by the journal and the centre's private key."""
        rows = self.journal.read("SELECT wrapped FROM seals WHERE item = ?", (item,))
        then(seal.unseal(rows[0][0], private_key=PRIVATE_KEY) if rows else None)

    def _addresses(self, host: str) -> tuple[str, ...]:
        return (host,) if is_address(host) else self.names.get(host, ())

    def _transmit(self, output: Send) -> None:
        remote = output.remote
        self.sent.append((output.data, (remote.host, remote.port)))
        self.sent_to.append(remote)

    def _wake_at(self, at: float | None) -> None:
        self.wake_at = at

    def _sip_wake_at(self, at: float | None) -> None:
        self.sip_wake_at = at

    def start(self) -> "Stand":
        """Begin the epoch."""
        self.floor.start()
        self.providers.use(self.floor.plan)
        return self

    def again(self) -> "Stand":
        """Start another floor on the same journal, as after a kill: nothing was put away."""
        self.journal.close()
        later = Stand(self.folder, floor_plan=self.floor.plan)
        later.now = self.now
        return later.start()

    def step(self, seconds: float) -> None:
        """Let time pass; every timer fires at its own instant."""
        end = self.now + seconds
        while (due := self._next()) is not None and due <= end:
            self.now = max(self.now, due)
            if self.wake_at is not None and self.wake_at <= self.now:
                self.floor.wake()
            if self.sip_wake_at is not None and self.sip_wake_at <= self.now:
                self.signals.fire()
        self.now = end

    def _next(self) -> float | None:
        instants = [at for at in (self.wake_at, self.sip_wake_at) if at is not None]
        return min(instants, default=None)

    # --- agents and callers ---

    def seat(self, agent: str) -> str:
        """Give an agent a device that is heard, and make him ready; give his leg."""
        legs: list[str] = []
        self.hands.connect_device(
            agent, kind="webrtc", sdp=THEIR_SDP, then=lambda leg, _sdp: legs.append(leg)
        )
        self.hands.on_up(legs[0])
        self.happen(events.AgentSignedIn(agent=agent, ready=True))
        return legs[0]

    def happen(self, event: events.Event) -> None:
        """Let a command through, which must mean something."""
        refusal = self.floor.refusal(event)
        assert refusal is None, f"{event}: {refusal}"
        self.floor.happen(event)

    def played(self) -> None:
        """Let the last prompt come to its end."""
        last = self.media.of("play")[-1]
        self.hands.on_played(last["leg"], last["play"], failed=False)

    def facts(self, name: str) -> list[Any]:
        """Give every fact of a class that was told, in order."""
        kept = [codec.from_plain(row["fact"]) for row in self.told]
        return [fact for fact in kept if type(fact).__name__ == name]

    # --- SIP ---

    def receive(self, text: str | bytes, source: tuple[str, int] = TRUNK) -> None:
        """Let a datagram come in."""
        data = text.encode() if isinstance(text, str) else text
        self.telephone.receive(data, Remote(host=source[0], port=source[1]))

    def answers(self) -> list[Response]:
        """Give every response that went out."""
        parsed = [messages.parse(data) for data, _ in self.sent]
        return [each for each in parsed if isinstance(each, Response)]

    def requests(self) -> list[Request]:
        """Give every request that went out."""
        parsed = [messages.parse(data) for data, _ in self.sent]
        return [each for each in parsed if isinstance(each, Request)]

    def statuses(self) -> list[int]:
        """Give the status of every response that went out."""
        return [response.status for response in self.answers()]


def request(
    method: str,
    *,
    cseq: int = 1,
    branch: str = "a1",
    to_tag: str = "",
    body: str = "",
    headers: str = "",
    number: str = NUMBER,
    content_type: str = "application/sdp",
    call_id: str = "call-1@192.0.2.7",
) -> str:
    """Write a request of a caller."""
    tag = f";tag={to_tag}" if to_tag else ""
    kind = f"Content-Type: {content_type}\r\n" if body else ""
    return (
        f"{method} sip:{number}@192.0.2.1 SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK{branch}\r\n"
        'From: "Nora Nagy" <sip:+3612345678@192.0.2.7>;tag=theirs\r\n'
        f"To: <sip:{number}@192.0.2.1>{tag}\r\n"
        f"Call-ID: {call_id}\r\nCSeq: {cseq} {method}\r\n"
        "Contact: <sip:nora@192.0.2.7:5062>\r\nMax-Forwards: 70\r\n"
        f"{headers}{kind}Content-Length: {len(body)}\r\n\r\n{body}"
    )


def invite(**fields: Any) -> str:
    """Write an INVITE with an offer."""
    return request("INVITE", **{"body": THEIR_SDP, **fields})


def perform_nothing(_action: actions.Action) -> None:
    """Do nothing: for a floor without hands."""


def ignore(_fact: facts.Fact) -> None:
    """Hear nothing: for a floor without hands."""
