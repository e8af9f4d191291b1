"""A chat from both ends: a visitor's page and an agent's desk, with the real exchange between."""

import asyncio
import contextlib
import dataclasses
import json

import pytest
from asgiref.sync import sync_to_async
from websockets.asyncio.client import connect

from callfloor.core import events
from callfloor.core.plan import Enqueue, FlowPlan, NumberPlan, QueuePlan, TierPlan
from callfloor.desk.chat import tokens
from callfloor.kernel.models import AuditEntry
from callfloor.records.customers.models import Identity
from callfloor.records.interactions.models import Message
from callfloor.records.interactions.services import attachments
from callfloor.records.routing.models import Number
from callfloor.web.tests.test_chat import visiting
from callfloor.web.tests.test_shell import WAIT_SECONDS, served, session_of

pytestmark = [
    pytest.mark.wire,
    pytest.mark.django_db(transaction=True, databases=["default", "keys"]),
]


@pytest.fixture
def place(scene):
    """Let Acme's customers write."""
    return Number.objects.create(number="chat:acme", client_id="acme", flow="main", language="en")


class Desk:
    """An agent's open desk."""

    def __init__(self, socket):
        self.socket = socket
        self.next = 1

    async def ask(self, **fields):
        """Ask something and return the answer."""
        self.next += 1
        number = self.next
        await self.socket.send(json.dumps({"id": number, **fields}))
        return await self.until(lambda message: message.get("id") == number)

    async def until(self, holds):
        """Return the next message for which something holds."""
        while True:
            message = json.loads(await asyncio.wait_for(self.socket.recv(), WAIT_SECONDS))
            if holds(message):
                return message


@contextlib.asynccontextmanager
async def sitting(web, key="bela"):
    """Open the desk of an agent who wants work."""
    session = await sync_to_async(session_of)(key)
    async with web.desk(session) as socket:
        desk = Desk(socket)
        assert (await desk.ask(do="device", sdp="v=0"))["done"]
        assert (await desk.ask(do="ready"))["done"]
        yield desk


def writing(plan):
    """Let a plan take chats, and its agents two beside a call."""
    tier = TierPlan(after_seconds=0, requires=(("talk", 1),))
    chats = QueuePlan(key="chats", client="acme", channel="chat", tiers=(tier,))
    flow = FlowPlan(key="write", version=1, first="in", steps=(Enqueue(key="in", queue="chats"),))
    number = NumberPlan(number="chat:acme", client="acme", flow="write", language="en")
    able = {"capacity": (("call", 1), ("chat", 2)), "beside_call": 2}
    return dataclasses.replace(
        plan,
        version="v2",
        queues=(*plan.queues, chats),
        flows=(*plan.flows, flow),
        numbers=(*plan.numbers, number),
        agents=tuple(dataclasses.replace(agent, **able) for agent in plan.agents),
    )


@contextlib.asynccontextmanager
async def talking(web):
    """Bring a visitor's chat into an agent's hands; give both ends and the item."""
    async with visiting(web) as visitor, sitting(web) as desk:
        begun = await visitor.start()
        item = tokens.read(begun["token"])
        arrived = events.ItemArrived(item=item, channel="chat", called="chat:acme", leg="")
        web.stage.happen(arrived)
        rings = await desk.until(lambda m: (m.get("view") or {}).get("texts"))
        (text,) = rings["view"]["texts"]
        assert (text["id"], text["state"]) == (item, "offered")
        assert (await desk.ask(do="answer", offer=text["offer"]))["done"]
        yield visitor, desk, item


async def test_an_agent_answers_and_both_see_everything(place, data):
    async with served(data, change=writing) as web, talking(web) as (visitor, desk, item):
        opened = await desk.ask(do="text_open", item=item, after=0)
        assert [row["text"] for row in opened["messages"]] == ["Hello"]
        assert (opened["name"], opened["here"]) == ("Vera", True)
        answer = {"do": "text_write", "item": item, "direction": "out", "text": "Good day"}
        first = await desk.ask(key="k-1", **answer)
        assert (first["done"], first["number"]) == (True, 2)
        told = await visitor.until(lambda message: "messages" in message)
        assert [row["text"] for row in told["messages"]] == ["Good day"]
        again = await desk.ask(key="k-1", **answer)  # R26
        assert again["number"] == 2
        note = {"do": "text_write", "item": item, "direction": "note", "text": "angry"}
        assert (await desk.ask(key="k-2", **note))["number"] == 3
        await visitor.socket.send(json.dumps({"do": "typing"}))
        assert (await desk.until(lambda m: "typing" in (m.get("text") or {})))["text"]["typing"]
        await visitor.ask(do="write", text="Thanks", external="m-2")
        heard = await desk.until(lambda m: (m.get("text") or {}).get("messages"))
        assert [row["text"] for row in heard["text"]["messages"]][-1] == "Thanks"
        assert "angry" not in json.dumps(visitor.heard)
        read = AuditEntry.objects.filter(action="interaction.read", about=f"interaction:{item}")
        assert await sync_to_async(read.count)() == 1


async def test_a_desk_that_was_gone_gets_what_a_colleague_and_the_customer_wrote(place, data):
    """R28: what it shows after the cut equals what it shows freshly loaded."""
    async with served(data, change=writing) as web, talking(web) as (visitor, desk, item):
        before = await desk.ask(do="text_open", item=item, after=0)
        await desk.socket.close()
        await visitor.ask(do="write", text="Are you there?", external="m-2")
        session = await sync_to_async(session_of)("bela")
        async with web.desk(session) as socket:
            back = Desk(socket)
            missed = await back.ask(do="text_open", item=item, after=1)
            fresh = await back.ask(do="text_open", item=item, after=0)
        assert before["messages"] + missed["messages"] == fresh["messages"]
        assert [row["text"] for row in missed["messages"]] == ["Are you there?"]


async def test_nobody_writes_in_a_contact_of_somebody_else(place, data):
    async with served(data, change=writing) as web, talking(web) as (_, _, item):
        session = await sync_to_async(session_of)("anna")
        async with web.desk(session) as socket:
            other = Desk(socket)
            sent = {"item": item, "direction": "out", "text": "mine", "key": "k-9"}
            refused = await other.ask(do="text_write", **sent)
            assert (refused["done"], refused["code"]) == (False, "text.not_yours")
        rows = await sync_to_async(Message.objects.count)()
        assert rows == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "text_open", "item": "", "after": 0},
        {"do": "text_open", "item": "x", "after": "0"},
        {"do": "text_open", "item": "x", "after": True},
        {"do": "text_write", "item": "x", "direction": "in", "text": "t", "key": "k"},
        {"do": "text_write", "item": "x", "direction": "out", "text": "t", "key": "k" * 41},
        {"do": "text_burn", "item": "x"},
    ],
)
async def test_what_no_desk_of_ours_sends_is_not_understood(place, data, fields):
    async with served(data) as web, sitting(web) as desk:
        refused = await desk.ask(**fields)
        assert (refused["done"], refused["code"]) == (False, "malformed")


async def test_answers_go_by_mail_when_the_customer_has_left(place, data):
    """F06.5: a closed tab; the talk goes on by e-mail and nothing is lost."""
    async with served(data, change=writing) as web, talking(web) as (visitor, desk, item):
        await desk.ask(do="text_open", item=item, after=0)
        kept = await visitor.ask(do="mail", address="vera@example.org")
        assert kept["done"], kept
        await visitor.socket.close()
        await desk.until(lambda m: (m.get("text") or {}).get("here") is False)
        sent = {"item": item, "direction": "out", "text": "By mail", "key": "k-1"}
        assert (await desk.ask(do="text_write", **sent))["done"]
        row = await sync_to_async(Message.objects.get)(interaction_id=item, direction="out")
        assert row.state == "to_send"
        found = await sync_to_async(Identity.objects.filter(kind="address").count)()
        assert found == 1


async def test_a_call_out_of_the_chat_is_its_customers(place, data):
    """F06.4: who calls is known before he says hello."""
    async with served(data) as web, visiting(web) as visitor:
        begun = await visitor.start()
        identity = await sync_to_async(Identity.objects.get)(kind="visitor")
        origin = f"http://127.0.0.1:{web.port}"
        url = f"ws://127.0.0.1:{web.port}/live/call"
        async with connect(url, origin=origin) as call:
            asked = {"do": "call", "number": "900", "sdp": "v=0", "chat": begun["token"]}
            await call.send(json.dumps(asked))
            reply = json.loads(await asyncio.wait_for(call.recv(), WAIT_SECONDS))
        assert "sdp" in reply
        assert web.stage.callers == [identity.index]


async def test_many_answers_in_one_go_come_in_the_order_of_their_writer(place, data):
    async with served(data, change=writing) as web, talking(web) as (visitor, desk, item):
        await desk.ask(do="text_open", item=item, after=0)
        for number in range(50):
            asked = {"do": "text_write", "item": item, "direction": "out", "key": f"k-{number}"}
            await desk.socket.send(json.dumps({"id": 1_000 + number, "text": f"{number}", **asked}))
        for number in range(50):  # A desk that reads nothing could not be closed either.
            assert (await desk.until(lambda m, n=number: m.get("id") == 1_000 + n))["done"]
        heard = []
        while len(heard) < 50:
            told = await visitor.until(lambda message: "messages" in message)
            heard += [row["text"] for row in told["messages"]]
        assert heard == [str(number) for number in range(50)]


PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def uploaded(item, name="bill.png"):
    """Put a file on the disk as the desk's page does; give what it shows for it."""
    stored = attachments.store(interaction_id=item, name=name, content=PNG, external=f"desk:{name}")
    return tokens.give_file(item, name=stored.name, data=stored.data)


async def test_files_go_with_the_words_once_however_often_they_are_sent(place, data):
    async with served(data, change=writing) as web, talking(web) as (visitor, desk, item):
        await desk.ask(do="text_open", item=item, after=0)
        files = [await sync_to_async(uploaded)(item, name) for name in ("a.png", "b.png")]
        sent = {"do": "text_write", "item": item, "direction": "out", "text": "Here", "key": "k-1"}
        first = await desk.ask(files=files, **sent)
        again = await desk.ask(files=files, **sent)
        assert (first["number"], again["number"]) == (4, 4)
        heard = []
        while len(heard) < 3:
            heard += (await visitor.until(lambda message: "messages" in message))["messages"]
        assert [(row["kind"], row["text"]) for row in heard] == [
            ("file", "a.png"), ("file", "b.png"), ("text", "Here"),
        ]  # fmt: skip
        row = await sync_to_async(Message.objects.get)(interaction_id=item, number=4)
        assert row.data == {"files": [2, 3]}


async def test_a_file_of_another_contact_is_refused_and_nothing_is_written(place, data):
    async with served(data, change=writing) as web, talking(web) as (_, desk, item):
        foreign = tokens.give_file("another", name="x", data={"bytes": 1})
        sent = {"do": "text_write", "item": item, "direction": "out", "text": "Here", "key": "k-1"}
        refused = await desk.ask(files=[foreign], **sent)
        assert refused["code"] == "text.file_lapsed"
        large = tokens.give_file(item, name="x", data={"bytes": 16 * 1024 * 1024})
        assert (await desk.ask(files=[large], **sent))["code"] == "text.files_too_big"
        assert (await desk.ask(files=[foreign] * 11, **sent))["code"] == "text.files_too_big"
        assert (await desk.ask(files="x", **sent))["code"] == "malformed"
        assert await sync_to_async(Message.objects.count)() == 1
