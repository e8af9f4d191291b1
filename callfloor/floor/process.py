"""
The floor put together: clock, journal, exchange, telephone, media, link on one loop.

The only module of the room that knows all the others. Refuses: to do anything itself.
"""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from callfloor import __version__
from callfloor.core import codec, events, facts, invariants, plan
from callfloor.floor import passwords, past, providers
from callfloor.floor.callees import Callees
from callfloor.floor.clock import Clock
from callfloor.floor.commits import GroupCommits
from callfloor.floor.floor import Floor, Ports
from callfloor.floor.hands import Hands
from callfloor.floor.heard import Heard
from callfloor.floor.ids import Ids
from callfloor.floor.journal import Journal
from callfloor.floor.link import Link, Message
from callfloor.floor.media_client import MediaClient
from callfloor.floor.names import Names
from callfloor.floor.notes import Notes
from callfloor.floor.prompts import Prompts
from callfloor.floor.providers import Providers
from callfloor.floor.requests import Requests
from callfloor.floor.seals import Seals
from callfloor.floor.signals import Place, Signals, Wires
from callfloor.floor.telephone import Telephone
from callfloor.floor.transports import Listening, Transports
from callfloor.floor.trunks import Trunks
from callfloor.floor.watch import Watch
from callfloor.wire import fail

LAST_TICKS = 50
LAST_SECONDS = 1.0  # Closing a file takes a commit; a stop must be quick.
ABANDONED_SECONDS = 15.0  # A worker drops what no floor claims after 10 s (ng.md), and says so.
ITEMS_MAX = 200  # More are not checked live: it grows with their square, and 200 take 5 ms.


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the command line says."""

    data: Path
    sip: tuple[str, int]
    media: tuple[str, int]
    ng: tuple[str, int]
    public_key: bytes
    token_key: bytes
    passwords: Path
    """The file of the passwords of trunks and telephones, and of ours at providers."""
    region: str | None
    advertise: str | None = None
    """The address that others are told; None for the one that is listened on."""
    sip_tls: tuple[str, int] | None = None
    tls: tuple[Path, Path] | None = None
    """Certificate and key."""
    tls_trusted: Path | None = None
    """Certificates to trust beside the system's."""
    beat: Callable[[], None] = lambda: None
    """Tells whoever watches this process that its loop turns; called once a second."""

    def place(self) -> Place:
        """Say where the world reaches the floor by SIP."""
        host, port = self.sip
        ports = {"UDP": port, "TCP": port}
        if self.sip_tls is not None:
            ports["TLS"] = self.sip_tls[1]
        return Place(host=self.advertise or host, ports=ports)

    def listening(self) -> Listening:
        """Say where SIP is listened for."""
        certificate, key = self.tls or (None, None)
        return Listening(
            plain=self.sip,
            tls=self.sip_tls,
            certificate=certificate,
            key=key,
            trusted=self.tls_trusted,
        )


class Timer:
    """One timer of the loop, set by the floor's instants."""

    def __init__(self, clock: Clock, fire: Callable[[], None]) -> None:
        self._clock = clock
        self._fire = fire
        self._loop = asyncio.get_running_loop()
        self._at: float | None = None
        self._handle: asyncio.TimerHandle | None = None

    def set(self, at: float | None) -> None:
        """Fire at this instant and at no other; None for never."""
        if at == self._at and self._handle is not None:
            return
        self.cancel()
        self._at = at
        if at is not None:
            delay = max(0.0, at - self._clock.now())
            self._handle = self._loop.call_later(delay, self._due)

    def cancel(self) -> None:
        """Fire no more."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _due(self) -> None:
        self._handle = None
        self._fire()


class Process:
    """Everything that runs in the floor's process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._known = passwords.read(settings.passwords)
        data = settings.data
        self.clock = Clock()
        self.notes = Notes(now=self.clock.now)
        self._ids = Ids()
        self._journal = Journal(data / "journal.db")
        self._past = past.read(self._journal)
        self._commits = GroupCommits(self._journal, alarm=self.notes.alarm)
        self._prompts = Prompts(data / "prompts", alarm=self.notes.alarm)
        seals = Seals(public_key=settings.public_key, token_key=settings.token_key)
        self._media = MediaClient(
            epoch=self._past.epoch + 1,
            public_key=settings.public_key,
            note=self._note_media,
        )
        self._callees = Callees(
            seals=seals, names=self._ids, now=self.clock.now, region=settings.region
        )
        self.hands = Hands(
            media=self._media,
            prompts=self._prompts,
            seals=seals,
            callees=self._callees,
            names=self._ids,
            now=self.clock.now,
            ask_who=self._ask_who,
            note=self.notes.note,
        )
        self._media.listener = self.hands
        self._heard = Heard(
            quality=self._media.quality, happen=lambda event: self.floor.happen(event)
        )
        self._timer = Timer(self.clock, self._wake)
        self.floor = self._make_floor()
        self.hands.bind(self.floor)
        self._names = Names(changed=self._names_changed)
        self._transports = self._make_transports()
        self._sip_timer = Timer(self.clock, lambda: self._signals.fire())
        self._signals = self._make_signals()
        self._telephone = self._make_telephone()
        self._providers = self._make_providers()
        self._requests = Requests(
            floor=self.floor,
            hands=self.hands,
            seals=seals,
            new_plan=self._use_plan,
            new_passwords=self._take_passwords,
            alarm=self.notes.alarm,
            callees=self._callees,
        )
        self._link = Link(
            welcome=self._welcome,
            handlers=self._requests.handlers,
            known=self._requests.known,
            note=self.notes.note,
        )
        self._watch = Watch(
            alarm=self.notes.alarm,
            clock_jump=self.clock.jump,
            on_jump=self._clock_set,
            tell_health=self._tell_health,
            check=self._check,
            beat=self._settings.beat,
        )
        self._tasks: list[asyncio.Task[None]] = []

    def _make_floor(self) -> Floor:
        stored = codec.loads((self._settings.data / "plan.json").read_text())
        assert isinstance(stored, plan.FloorPlan), "plan.json holds a floor plan"
        ports = Ports(
            now=self.clock.now,
            wake_at=self._timer.set,
            perform=self.hands.perform,
            tell=lambda rows, seq: self._link.feed(rows, seq),
            settled=self._settled,
            note=self.notes.note,
        )
        return Floor(
            first=stored,
            past=self._past,
            commits=self._commits,
            ports=ports,
            version=__version__,
        )

    def _make_transports(self) -> Transports:
        return Transports(
            take=lambda data, remote: self._telephone.receive(data, remote),
            failed=lambda message: self._signals.unsent(message),
            may_speak=lambda host: self._telephone.may_connect(host),
            name_of=self._names.name_of,
            note=self.notes.note,
        )

    def _make_signals(self) -> Signals:
        return Signals(
            place=self._settings.place(),
            wires=Wires(
                send=self._transports.send,
                is_open=self._transports.is_open,
                addresses=self._names.addresses,
            ),
            secret=os.urandom(32),
            token=self._ids.token,
            wake_at=self._sip_timer.set,
            now=self.clock.now,
        )

    def _make_telephone(self) -> Telephone:
        trunks = Trunks(
            secrets=self._secrets(),
            secret=os.urandom(32),
            draw=os.urandom,
            addresses=self._names.addresses,
            phones=self._known,
        )
        telephone = Telephone(
            hands=self.hands,
            trunks=trunks,
            doors=self._commits,
            signals=self._signals,
            region=self._settings.region,
            note=self.notes.note,
        )
        telephone.use(self.floor.plan)
        self._transports.closed = self.hands.phones.registrar.closed
        return telephone

    def _secrets(self) -> dict[str, str]:
        return {user: password.text for user, password in self._known.items()}

    def _make_providers(self) -> Providers:
        providers = Providers(
            signals=self._signals,
            telephone=self._telephone,
            caller=self.hands.parties,
            secrets=self._secrets(),
            told=self.notes.alarm,
            note=self.notes.note,
        )
        self.hands.parties.dialer = providers
        self.hands.parties.after = self._signals.after
        self.hands.parties.unlock = lambda item, then: self._link.ask_key(
            ask=self._ids.token(), item=item, then=then
        )
        return providers

    # --- life -------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Begin the epoch, then let the world in."""
        self.notes.raise_alarm = self._alarm
        fail.point("floor.starting")
        self.floor.start()
        await self._media.start(
            local=self._settings.ng, worker=self._settings.media, token=self._ids.token
        )
        await self._transports.start(self._settings.listening())
        self._use_trunks(self.floor.plan)
        fail.point("floor.listening")
        await self._link.start(self._settings.data / "floor.sock")
        self._tasks.append(asyncio.create_task(self._watch.run()))
        asyncio.get_running_loop().call_later(
            ABANDONED_SECONDS, self.hands.recordings.give_up_before, self.clock.now()
        )

    async def stop(self) -> None:
        """End every call and put everything down."""
        self._link.close()
        self.hands.hang_up_all()
        self._providers.stop()
        await self._all_said()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.floor.close()
        await self._commits.close()
        self._timer.cancel()
        self._sip_timer.cancel()
        self._names.close()
        self._transports.close()
        await self._media.close()
        self._journal.close()

    async def _all_said(self) -> None:
        """
        Wait a moment for what was just ended.

        The media closes the files of the calls, and the registrars forget us, which takes a
        challenge and its answer.
        """
        for _ in range(LAST_TICKS):
            if not self.hands.recordings.unclosed and self._providers.is_idle:
                return
            await asyncio.sleep(LAST_SECONDS / LAST_TICKS)

    # --- the floor's ports ------------------------------------------------------------------------

    def _wake(self) -> None:
        self.floor.wake()

    def _settled(self, fact: facts.Fact) -> None:
        self.hands.settled(fact)
        self._heard.settled(fact)

    def _names_changed(self) -> None:
        self._telephone.use(self.floor.plan)

    def _use_trunks(self, new: plan.FloorPlan) -> None:
        hosts = [providers.host_of(trunk) for trunk in new.trunks]
        self._names.want(host for host in hosts if host is not None)
        self._telephone.use(new)
        self._providers.use(new)

    def _ask_who(self, item: str, caller: str) -> None:
        self._link.ask_who(ask=self._ids.token(), item=item, caller=caller)

    def _note_media(self, name: str, detail: str) -> None:
        if name == "media_lost":
            self.notes.alarm(name, detail)
        else:
            self.notes.note(name, detail)

    def _alarm(self, name: str, detail: str) -> None:
        self.floor.happen(events.FaultNoticed(name=name, detail=detail))

    def _clock_set(self, jump: float) -> None:
        self.notes.note("clock_set", f"{jump:.3f} s")
        self.floor.happen(events.ClockSet(jump_seconds=jump))

    # --- the link ---------------------------------------------------------------------------------

    def _welcome(self, role: str) -> Message:
        welcome: Message = {
            "epoch": self.floor.epoch,
            "seq": self.floor.seq,
            "version": __version__,
            "plan": codec.to_plain(self.floor.plan),
        }
        return welcome if role == "worker" else {**welcome, "board": self.floor.board.snapshot()}

    def _take_passwords(self) -> bool:
        """Let the passwords hold that are kept now; say whether they could be read."""
        try:
            known = passwords.read(self._settings.passwords)
        except passwords.Unreadable as error:  # Those that were read before go on.
            self.notes.note("passwords_unreadable", str(error))
            return False
        changed = passwords.changed(self._known, known)
        if changed:
            self._known = known
            self._telephone.keep(known, changed=changed)
            self._telephone.use(self.floor.plan)
            self._providers.keep(self._secrets())
            self.notes.note("passwords_read", f"{len(changed)} are others")
        return True

    def _use_plan(self, new: plan.FloorPlan) -> None:
        self._take_passwords()  # A new telephone's may have been kept before the plan knew it.
        self._use_trunks(new)
        self._prompts.refresh()
        self._link.welcome_all()
        _replace(self._settings.data / "plan.json", codec.dumps(new))

    def _tell_health(self, measured: dict[str, Any]) -> None:
        self._link.tell_health(
            {
                **measured,
                "commit_ms": round(self._commits.commit_seconds * 1000, 2),
                "journal_stuck": self._commits.is_stuck(),
                "calls": self.hands.calls(),
                "media": {
                    "up": self._media.is_up,
                    "legs": self._media.leg_count,
                    "lag_ms": self._media.lag_ms,
                },
                "legs": self._media.quality.rows(),
                "trunks": self._trunks_now(),
                "phones": self._phones_now(),
                "dropped": dict(self._telephone.counts),
            }
        )

    def _trunks_now(self) -> list[dict[str, Any]]:
        """Say how each trunk is, whether or not it takes calls out."""
        known = self._providers.health()
        calls = self.floor.exchange.house.calls_of_trunk
        return [
            known.get(trunk.key, {"key": trunk.key, "state": "unknown", "until": None})
            | {"calls": calls.get(trunk.key, 0), "calls_max": trunk.calls_max}
            for trunk in self.floor.plan.trunks
        ]

    def _phones_now(self) -> list[dict[str, Any]]:
        """Say which telephones are registered."""
        now = self.clock.now()
        return [
            {"user": found.contact.uri.user or "", "agent": agent.key, "until": found.expires_at}
            for agent in self.floor.plan.agents
            if agent.phones
            for found in self.hands.phones.registrar.telephones(agent.key, now)
        ]

    def _check(self) -> list[str]:
        house = self.floor.exchange.house
        if len(house.items) > ITEMS_MAX:
            return []
        try:
            invariants.check(self.floor.exchange)
        except AssertionError as error:
            return [str(error)]
        return []


def _replace(path: Path, text: str) -> None:
    # Whole or not at all: the next start reads it.
    draft = path.with_suffix(".new")
    draft.write_text(text)
    fail.point("floor.plan_drafted")
    draft.replace(path)
    fail.point("floor.plan_replaced")
