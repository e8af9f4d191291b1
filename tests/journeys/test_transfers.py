"""
Twelve ways of a call from one agent to another, with real callers: what was said is what is kept.

Each way has its own number, queue, customer and two agents on one small centre; all go at once.
Everybody sounds his own tone from beginning to end, so what an ear was given tells how long who was
heard, and the recordings must hold the same, half a second more or less, on both sides (R19, R20).
There is one interaction, and the agents' parts of it add up to the time that they spent.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from callfloor.core import codec, events, plan
from callfloor.kernel.keys import files as key_files
from callfloor.wire import ccr, g711, seal
from tests import small_centre
from tests.journeys import caller, tones

pytestmark = pytest.mark.journey

CUSTOMER_HZ, ANNA_HZ, BELA_HZ = 600, 1000, 1400  # Whole turns in 20 ms: one frame is repeated.
PHASE_SECONDS = 1.2
SLACK_SECONDS = 0.5
SUM_SLACK_SECONDS = 0.05
RING_SECONDS = 2.0
FRAME_BYTES = tones.FRAME_SAMPLES


def frame(hertz: int) -> bytes:
    """Give 20 ms of a tone as mu-law."""
    return g711.linear_to_ulaw(tones.tone(hertz, seconds=0.02).tobytes())


@dataclass
class Desk:
    """An agent with a telephone that always sounds, worked by the test."""

    key: str
    link: small_centre.LinkPeer
    ear: caller.Ear
    taken: set[str] = field(default_factory=set)

    async def does(self, event: events.Event) -> None:
        """Send a command that must be carried out."""
        # What stands by default is the floor's to say.
        said = {name: value for name, value in codec.to_plain(event).items() if value}
        done = await self.link.ask("command", by="test", event=said)
        assert done["type"] == "done", (event, done)

    def ringing(self) -> list[str]:
        """Tell which offers ring or rang here and were not dealt with."""
        mine = [each for each in self.link.facts("Ringing") if each["agent"] == self.key]
        return [each["offer"] for each in mine if each["offer"] not in self.taken]

    async def rung(self) -> str:
        """Wait until something rings, and give the offer."""
        await self.link.wait_for(lambda: bool(self.ringing()))
        offer = self.ringing()[0]
        self.taken.add(offer)
        return offer

    async def answers(self) -> None:
        """Take what rings."""
        await self.does(events.OfferAnswered(agent=self.key, offer=await self.rung()))

    async def declines(self) -> None:
        """Let what rings go."""
        await self.does(events.OfferDeclined(agent=self.key, offer=await self.rung()))

    async def ready(self) -> None:
        """Want work."""
        await self.does(events.ReadyAsked(agent=self.key))


@dataclass
class Call:
    """One way in progress."""

    item: str
    queue: str
    customer: caller.Caller
    anna: Desk
    bela: Desk

    async def asks(self) -> None:
        """Let anna ask bela."""
        event = events.ConsultAsked(agent=self.anna.key, item=self.item, to_agent=self.bela.key)
        await self.anna.does(event)

    async def gives(self, **to: str) -> None:
        """Let anna give the call away without a word."""
        await self.anna.does(events.TransferAsked(agent=self.anna.key, item=self.item, **to))

    async def anna_does(self, kind: type[Any]) -> None:
        await self.anna.does(kind(agent=self.anna.key, item=self.item))

    async def bela_does(self, kind: type[Any]) -> None:
        await self.bela.does(kind(agent=self.bela.key, item=self.item))

    async def over(self, outcome: str) -> None:
        """Wait until the question is over as it should be."""
        link = self.anna.link

        def told() -> list[str]:
            return [x["outcome"] for x in link.facts("ConsultOver") if x["item"] == self.item]

        await link.wait_for(lambda: bool(told()))
        assert told()[-1] == outcome


async def talk() -> None:
    """Let them talk for a while."""
    await asyncio.sleep(PHASE_SECONDS)


async def blind_to_queue(call: Call) -> None:
    await call.bela.ready()
    await call.gives(queue=call.queue)
    await call.bela.answers()
    await talk()


async def blind_to_colleague(call: Call) -> None:
    await call.bela.ready()
    await call.gives(to_agent=call.bela.key)
    await call.bela.answers()
    await talk()


async def blind_refused(call: Call) -> None:
    await call.bela.ready()
    await call.gives(to_agent=call.bela.key)
    await call.bela.declines()
    # It goes to the next of the queue, who is whoever gave it away, once she has her note.
    note = events.WorkFinished(agent=call.anna.key, item=call.item, disposition="given")
    await call.anna.does(note)
    await call.anna.answers()
    await talk()


async def blind_abandoned(call: Call) -> None:
    await call.bela.ready()
    await call.gives(to_agent=call.bela.key)
    await call.bela.rung()
    call.customer.hang_up()


async def consult_completed(call: Call) -> None:
    await call.asks()
    await call.bela.answers()
    await talk()
    await call.anna_does(events.TransferCompleted)
    await talk()


async def consult_refused(call: Call) -> None:
    await call.asks()
    await call.bela.declines()
    await call.over("declined")
    await call.anna_does(events.ResumeAsked)
    await talk()


async def consult_missed(call: Call) -> None:
    await call.asks()
    await call.bela.rung()
    await call.over("missed")
    await call.anna_does(events.ResumeAsked)
    await talk()


async def consult_ended(call: Call) -> None:
    await call.asks()
    await call.bela.answers()
    await talk()
    await call.anna_does(events.ConsultEnded)
    await talk()


async def consult_abandoned(call: Call) -> None:
    await call.asks()
    await call.bela.answers()
    await talk()
    call.customer.hang_up()
    await call.over("customer_left")


async def conference_left_by_the_first(call: Call) -> None:
    await call.asks()
    await call.bela.answers()
    await talk()
    await call.anna_does(events.ConferenceAsked)
    await talk()
    await call.anna_does(events.ConferenceLeft)
    await talk()


async def conference_left_by_the_second(call: Call) -> None:
    await call.asks()
    await call.bela.answers()
    await call.anna_does(events.ConferenceAsked)
    await talk()
    await call.bela_does(events.ConferenceLeft)
    await talk()


async def conference_abandoned(call: Call) -> None:
    await call.asks()
    await call.bela.answers()
    await call.anna_does(events.ConferenceAsked)
    await talk()
    call.customer.hang_up()


WAYS: tuple[Callable[[Call], Awaitable[None]], ...] = (
    blind_to_queue, blind_to_colleague, blind_refused, blind_abandoned,
    consult_completed, consult_refused, consult_missed, consult_ended, consult_abandoned,
    conference_left_by_the_first, conference_left_by_the_second, conference_abandoned,
)  # fmt: skip


def plan_of(ways: int) -> plan.FloorPlan:
    """Build a centre in which each way is alone with its number, queue and agents."""
    small = small_centre.small_plan()
    (flow, *_), numbers = small.flows, range(ways)
    notice = plan.Notice(key="notice", prompt="notice", next="wait")
    agents = tuple(
        plan.AgentPlan(key=f"{name}-{way}", clients=("acme",), skills=((f"way-{way}", 1),))
        for name in ("anna", "bela")
        for way in numbers
    )
    return plan.FloorPlan(
        version="ways",
        centre=small.centre,
        timezone=small.timezone,
        clients=small.clients,
        agents=tuple(sorted(agents, key=lambda agent: agent.key)),
        queues=tuple(
            plan.QueuePlan(
                key=f"queue-{way}",
                client="acme",
                channel="call",
                tiers=(plan.TierPlan(after_seconds=0.0, requires=((f"way-{way}", 1),)),),
                ring_seconds=RING_SECONDS,
                wrap_up_seconds=60.0,
                position_every_seconds=None,
            )
            for way in numbers
        ),
        flows=tuple(
            plan.FlowPlan(
                key=f"flow-{way}",
                version=flow.version,
                first="notice",
                steps=(notice, plan.Enqueue(key="wait", queue=f"queue-{way}")),
            )
            for way in numbers
        ),
        numbers=tuple(
            plan.NumberPlan(number=f"{600 + way}", client="acme", flow=f"flow-{way}", language="en")
            for way in numbers
        ),
        calendars=(),
        trunks=small.trunks,
        missed_away_after=0,
    )


async def sit_down(centre: small_centre.Centre, key: str, hertz: int) -> Desk:
    """Take a seat, away, with a telephone that is heard."""
    link = await centre.connect("web")
    ear = caller.Ear()
    ear.mouth = frame(hertz)
    answer = await link.ask("device", agent=key, kind="rtp", sdp=ear.open().decode())
    ear.connect(answer["sdp"])
    await link.wait_for(lambda: key in {each["agent"] for each in link.facts("DeviceChanged")})
    desk = Desk(key, link, ear)
    await desk.does(events.AgentSignedIn(agent=key))
    return desk


async def gone(centre: small_centre.Centre, way: int) -> Call:
    """Go one way from the first ring to the last note."""
    anna = await sit_down(centre, f"anna-{way}", ANNA_HZ)
    bela = await sit_down(centre, f"bela-{way}", BELA_HZ)
    async with caller.calling(centre.sip, f"{600 + way}") as customer:
        customer.ear.mouth = frame(CUSTOMER_HZ)
        await anna.ready()
        offer = await anna.rung()
        await anna.does(events.OfferAnswered(agent=anna.key, offer=offer))
        (item,) = {x["item"] for x in anna.link.facts("Ringing") if x["offer"] == offer}
        call = Call(item, f"queue-{way}", customer, anna, bela)
        await talk()
        await WAYS[way](call)
        customer.hang_up()
        await finished(call)
    return call


async def finished(call: Call) -> None:
    """Let everybody write his note, and wait until the item is closed."""
    link = call.anna.link

    def of_item(name: str) -> list[dict[str, Any]]:
        return [fact for fact in link.facts(name) if fact["item"] == call.item]

    def unwritten() -> list[str]:
        """Name whose talks have ended and whose notes are not written, once for each talk."""
        talks = [fact["agent"] for fact in of_item("TalkEnded")]
        for fact in of_item("Finished"):
            talks.remove(fact["agent"])
        return talks

    while not of_item("Closed"):
        await link.wait_for(lambda: bool(unwritten() or of_item("Closed")))
        for agent in unwritten():
            note = events.WorkFinished(agent=agent, item=call.item, disposition="done")
            await link.command(note)


# --- what is kept ---------------------------------------------------------------------------------


def recordings_of(data: Path, item: str) -> list[ccr.Reader]:
    """Open an item's recordings as the centre does when somebody listens."""
    private = key_files.read(data=data).private
    with sqlite3.connect(f"file:{data / 'journal.db'}?mode=ro", uri=True) as journal:
        asked = "SELECT path, partial FROM recordings WHERE item = ? ORDER BY started_at"
        rows = journal.execute(asked, (item,)).fetchall()
    journal.close()
    assert all(partial == 0 for _, partial in rows), rows
    bodies = [(data / "recordings" / path).read_bytes() for path, _ in rows]
    keys = [seal.unseal(ccr.read_head(body).sealed_key, private_key=private) for body in bodies]
    return [ccr.Reader(body, data_key=key) for body, key in zip(bodies, keys, strict=True)]


def seconds(samples: tones.Samples, hertz: float) -> float:
    """Tell for how long a tone is heard, alone or among others."""
    frames = samples[: len(samples) // FRAME_BYTES * FRAME_BYTES].reshape(-1, FRAME_BYTES)
    turns = np.exp(-2j * np.pi * hertz * np.arange(FRAME_BYTES) / tones.RATE)
    return float(np.sum(np.abs(frames @ turns) * 2 / FRAME_BYTES > tones.LOUD / 4)) * 0.02


def heard(ear: caller.Ear, hertz: float) -> float:
    """Tell for how long an ear was given a tone."""
    return seconds(tones.linear(b"".join(packet.payload for packet in ear.packets)), hertz)


def spoken(call: Call) -> float:
    """Tell for how long the customer spoke while he was recorded, by his own telephone's clock."""
    total, since = 0, None
    for row in call.anna.link.rows:
        if row["fact"].get("item") != call.item:
            continue
        if row["fact"]["is"] == "RecordingStarted":
            since = row["at"]
        elif row["fact"]["is"] == "RecordingStopped":
            assert since is not None
            total += sum(since <= at <= row["at"] for at in call.customer.ear.sent_at)
    return total * 0.02


def judged(data: Path, call: Call) -> list[str]:
    """List what is wrong with one way."""
    readers = recordings_of(data, call.item)
    kept = [ccr.render(reader) for reader in readers]
    # A blind transfer makes two recordings, and each begins once on a machine that may be busy.
    slack = SLACK_SECONDS * max(1, len(readers))
    wrong = []
    for name, hertz in (("anna", ANNA_HZ), ("bela", BELA_HZ)):
        said = heard(call.customer.ear, hertz)
        found = sum(seconds(sound[:, 1], hertz) for sound in kept)
        if abs(said - found) > slack:
            wrong.append(f"{name} was heard {said:.2f} s, kept {found:.2f} s")
    said = spoken(call)
    found = sum(seconds(sound[:, 0], CUSTOMER_HZ) for sound in kept)
    if abs(said - found) > slack:
        wrong.append(f"the customer spoke {said:.2f} s, kept {found:.2f} s")
    if heard(call.anna.ear, CUSTOMER_HZ) < PHASE_SECONDS - SLACK_SECONDS:
        wrong.append("anna did not hear the customer")
    return wrong + misadded(call)


def misadded(call: Call) -> list[str]:
    """List agents whose parts do not add up to the time from their answer to their end."""
    rows = [row for row in call.anna.link.rows if row["fact"].get("item") == call.item]
    begun: dict[str, float] = {}
    wrong = []
    for row in rows:
        fact, at = row["fact"], row["at"]
        if fact["is"] in ("Bridged", "ConsultAnswered"):
            agent = fact["agent"] if fact["is"] == "Bridged" else fact["to_agent"]
            begun.setdefault(agent, at)
        elif fact["is"] == "TalkEnded":
            spent = at - begun.pop(fact["agent"])
            # Who asks does so while his customer is on hold; who is asked does nothing else.
            told = fact["talk_seconds"] + fact["hold_seconds"]
            told += fact["consult_seconds"] if fact["agent"] == call.bela.key else 0.0
            if abs(spent - told) > SUM_SLACK_SECONDS:
                wrong.append(f"{fact['agent']} spent {spent:.2f} s, told {told:.2f} s: {fact}")
    return wrong


async def test_what_is_kept_is_what_was_said_in_twelve_ways(tmp_path):
    """R19, R20: every way, on both sides; one interaction each, and parts that add up."""
    async with small_centre.running(tmp_path, plan_of(len(WAYS))) as centre:
        calls = await asyncio.gather(*(gone(centre, way) for way in range(len(WAYS))))
        for call in calls:
            link = call.anna.link
            assert len([x for x in link.facts("Closed") if x["item"] == call.item]) == 1
        everything = calls[0].anna.link
        assert len(everything.facts("Closed")) == len(WAYS)
        for call in calls:
            for desk in (call.anna, call.bela):
                desk.ear.close()
                await desk.link.close()
    wrong = {
        WAYS[way].__name__: problems
        for way, call in enumerate(calls)
        if (problems := judged(tmp_path, call))
    }
    assert not wrong
