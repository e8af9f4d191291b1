"""Simulated agents answer what is written, message by message, and finish it."""

import asyncio
import random

import pytest

from callfloor.app.demo import desks, written
from callfloor.app.demo.desks import Desks
from callfloor.core import events, facts

pytestmark = pytest.mark.pure

WAIT_SECONDS = 60.0  # Of a machine that does much else; nothing here takes any time.
SAID = written.words()["en"]


class Office:
    """A post office that keeps what it hears."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str, str]] = []
        self.settled: list[tuple[str, str, str]] = []
        self.number = 1

    def say(self, *, item: str, agent: str, text: str, number: int) -> None:
        self.said.append((item, agent, text))

    def settle(self, *, item: str, agent: str, said: str, now: object) -> None:
        self.settled.append((item, agent, said))

    def heard(self, *, item: str) -> int:
        return self.number


class Floor:
    """One agent's desk, and what he asks of the floor."""

    def __init__(self) -> None:
        self.office = Office()
        self.done: asyncio.Future[events.WorkFinished] = asyncio.get_running_loop().create_future()
        self.desks = Desks(
            agents=frozenset({"ann"}),
            office=self.office,
            words={"en": SAID},
            dispositions={"north": ["solved", "explained"]},
            ask=self.ask,
            draw=random.Random(1),
        )

    async def ask(self, event: events.Event) -> None:
        assert isinstance(event, events.WorkFinished)
        self.done.set_result(event)

    def begins(self, channel: str, *, agent: str = "ann") -> None:
        self.desks.take(
            facts.Arrived(
                item="i1",
                client="north",
                channel=channel,
                called="x",
                flow="main",
                flow_version=1,
                language="en",
            )
        )
        self.desks.take(facts.Bridged(item="i1", client="north", queue="care", agent=agent, leg=""))

    async def finished(self) -> events.WorkFinished:
        return await asyncio.wait_for(self.done, WAIT_SECONDS)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody take his time, and let a chat be quiet after one look."""
    monkeypatch.setattr(desks, "ANSWER_SECONDS", {"chat": (0.0, 0.0), "mail": (0.0, 0.0)})
    monkeypatch.setattr(desks, "WRAP_SECONDS", (0.0, 0.0))
    monkeypatch.setattr(desks, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(desks, "QUIET_SECONDS", 0.01)


async def test_a_mail_is_answered_once_and_settled(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(desks, "SETTLES", 1.0)
    floor = Floor()
    floor.begins("mail")
    assert (await floor.finished()).disposition == "solved"
    assert floor.office.said == [("i1", "ann", SAID.letter)]
    assert floor.office.settled == [("i1", "ann", SAID.letter)]


async def test_a_chat_is_answered_until_nothing_more_comes():
    floor = Floor()
    floor.begins("chat")
    done = await floor.finished()
    assert (done.agent, done.item) == ("ann", "i1")
    assert floor.office.said == [("i1", "ann", SAID.answers[0])]
    assert floor.office.settled == []


async def test_a_chat_that_its_customer_has_closed_is_not_answered():
    floor = Floor()
    floor.office.number = 0
    floor.begins("chat")
    floor.desks.take(
        facts.TalkEnded(
            item="i1",
            client="north",
            queue="care",
            agent="ann",
            talk_seconds=1.0,
            hold_seconds=0.0,
            ended_by="customer",
        )
    )
    await floor.finished()
    assert floor.office.said == []


async def test_calls_and_the_work_of_people_are_left_alone():
    floor = Floor()
    floor.begins("call")
    assert not floor.desks.is_written("i1")
    floor.begins("mail", agent="newcomer")
    assert floor.desks.is_written("i1")
    await asyncio.sleep(0)
    assert floor.office.said == []
    floor.desks.take(facts.Closed(item="i1", client="north", outcome="answered"))
    assert not floor.desks.is_written("i1")
