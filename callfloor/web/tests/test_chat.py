"""
The public chat as visitors' browsers meet it: what they write is kept once, seen by those who may.

The real shell, records and exchange; the browser is a WebSocket.
"""

import asyncio
import contextlib
import itertools
import json
import os

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from callfloor.desk.chat import tokens
from callfloor.kernel.models import OutboxEvent
from callfloor.records.customers.models import Customer
from callfloor.records.interactions.models import Interaction, Message
from callfloor.records.interactions.services import messages
from callfloor.records.routing.models import Number
from callfloor.web import chat_limits
from callfloor.web.tests.test_shell import WAIT_SECONDS, served, written

pytestmark = [
    pytest.mark.wire,
    pytest.mark.django_db(transaction=True, databases=["default", "keys"]),
]


class Browser:
    """A visitor's page: its socket, and what it has been told."""

    def __init__(self, socket):
        self.socket = socket
        self.heard = []
        self._ids = itertools.count(1)

    async def ask(self, **fields):
        """Ask something and return the answer."""
        number = next(self._ids)
        await self.socket.send(json.dumps({"id": number, **fields}))
        return await self.until(lambda message: message.get("id") == number)

    async def until(self, holds):
        """Return the next message for which something holds; keep the others."""
        while True:
            message = json.loads(await asyncio.wait_for(self.socket.recv(), WAIT_SECONDS))
            self.heard.append(message)
            if holds(message):
                return message

    async def start(self, **fields):
        """Begin a chat."""
        given = {
            "key": "acme",
            "visitor": "v-1",
            "external": "m-1",
            "name": "Vera",
            "text": "Hello",
            "consent": True,
        }
        return await self.ask(do="start", **given | fields)


@contextlib.asynccontextmanager
async def visiting(web, *, origin=None):
    """Open the chat's page."""
    origin = origin or f"http://127.0.0.1:{web.port}"
    async with connect(f"ws://127.0.0.1:{web.port}/live/chat", origin=origin) as socket:
        yield Browser(socket)


@pytest.fixture
def chat(scene):
    """Let Acme's customers write."""
    return Number.objects.create(number="chat:acme", client_id="acme", flow="main", language="en")


def kept():
    """Return all that was written, in order."""
    rows = Message.objects.order_by("interaction_id", "number")
    return list(rows.values_list("number", "direction", "external"))


async def test_what_a_visitor_writes_is_kept_before_it_is_acknowledged(chat, data):
    async with served(data) as web, visiting(web) as browser:
        begun = await browser.start()
        assert (begun["done"], begun["number"]) == (True, 1)
        assert await sync_to_async(kept)() == [(1, "in", "web:m-1")]
        again = await browser.ask(do="write", text="Anybody?", external="m-2")
        assert (again["done"], again["number"]) == (True, 2)
        assert await sync_to_async(kept)() == [(1, "in", "web:m-1"), (2, "in", "web:m-2")]
        told = OutboxEvent.objects.filter(name="TextArrived")
        assert await sync_to_async(told.count)() == 1


async def test_a_message_that_is_sent_again_is_kept_once(chat, data):
    """R26: the answer was lost, so the page sends it again, over a new line."""
    async with served(data) as web:
        async with visiting(web) as browser:
            begun = await browser.start()
            first = await browser.ask(do="write", text="once", external="m-2")
        async with visiting(web) as browser:
            await browser.ask(do="resume", token=begun["token"], after=1)
            again = await browser.ask(do="write", text="once", external="m-2")
        assert (again["number"], again["at"]) == (first["number"], first["at"])
        assert len(await sync_to_async(kept)()) == 2


async def test_five_starts_at_once_make_one_chat(chat, data):
    """R27: two tabs and a weak line ask for the same chat."""
    async with served(data) as web, contextlib.AsyncExitStack() as stack:
        tabs = [await stack.enter_async_context(visiting(web)) for _ in range(5)]
        begun = await asyncio.gather(*(tab.start() for tab in tabs))
        assert {each["number"] for each in begun} == {1}
        assert await sync_to_async(Interaction.objects.count)() == 1
        assert await sync_to_async(Customer.objects.count)() == 1


async def test_whoever_comes_back_gets_what_he_has_not_got(chat, data):
    """R28: the screen after a cut equals the screen freshly loaded."""
    async with served(data) as web:
        async with visiting(web) as browser:
            begun = await browser.start()
        item = tokens.read(begun["token"])
        for place in range(3):
            await written(lambda place=place: answer(item, f"answer {place}"))
        async with visiting(web) as browser:
            missed = await browser.ask(do="resume", token=begun["token"], after=1)
        async with visiting(web) as browser:
            fresh = await browser.ask(do="resume", token=begun["token"], after=0)
        assert [row["text"] for row in missed["messages"]] == [f"answer {n}" for n in range(3)]
        assert begun["messages"] + missed["messages"] == fresh["messages"]


def answer(item, text, *, direction="out", key=None):
    """Write as a colleague does in another process."""
    return messages.write(
        interaction_id=item,
        direction=direction,
        text=text,
        author="bela",
        external=key or os.urandom(8).hex(),
        now=timezone.now(),
    )


async def test_what_another_process_writes_comes_without_being_asked_for(chat, data):
    async with served(data) as web, visiting(web) as browser:
        begun = await browser.start()
        item = tokens.read(begun["token"])
        await written(lambda: answer(item, "he is a difficult one", direction="note"))
        await written(lambda: answer(item, "Good day"))
        told = await browser.until(lambda message: "messages" in message)
        assert [(row["number"], row["text"]) for row in told["messages"]] == [(3, "Good day")]
        assert "author" not in told["messages"][0]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"key": "nobody"}, "chat.unknown_key"),
        ({"consent": False}, "chat.no_consent"),
        ({"text": "x" * (chat_limits.TEXT_CHARS_MAX + 1)}, "chat.too_long"),
        ({"text": "  "}, "malformed"),
        ({"visitor": ""}, "malformed"),
        ({"external": "x" * 41}, "malformed"),
        ({"name": 7}, "malformed"),
    ],
)
async def test_what_may_not_be_begun_leaves_nothing(chat, data, fields, code):
    async with served(data) as web, visiting(web) as browser:
        refused = await browser.start(**fields)
        assert (refused["done"], refused["code"]) == (False, code)
        assert refused["message"].endswith(".")
        assert await sync_to_async(Customer.objects.count)() == 0
        assert await sync_to_async(Interaction.objects.count)() == 0


@pytest.mark.parametrize("token", [None, "", "x", 5, "item:sig", tokens.SALT])
async def test_a_token_that_is_none_opens_nothing(chat, data, token):
    async with served(data) as web, visiting(web) as browser:
        refused = await browser.ask(do="resume", token=token, after=0)
        assert (refused["done"], refused["code"]) == (False, "chat.bad_token")
        assert not (await browser.ask(do="write", text="hello", external="m-1"))["done"]


async def test_a_foreign_page_may_not_open_the_line(chat, data):
    async with served(data) as web:
        with pytest.raises(InvalidStatus):
            async with visiting(web, origin="http://evil.example"):
                pass


async def test_whoever_is_faster_than_fingers_must_wait_and_loses_nothing(chat, data):
    async with served(data) as web, visiting(web) as browser:
        await browser.start()
        burst = int(chat_limits.WRITES.burst)
        given = [
            await browser.ask(do="write", text="flood", external=f"f-{n}") for n in range(burst + 5)
        ]
        refused = [each for each in given if not each["done"]]
        assert {each["code"] for each in refused} == {"chat.too_fast"}
        assert len(await sync_to_async(kept)()) == 1 + len(given) - len(refused)


async def test_an_address_that_begins_chat_after_chat_is_stopped(chat, data):
    async with served(data) as web, contextlib.AsyncExitStack() as stack:
        begun = []
        for number in range(int(chat_limits.STARTS.burst) + 2):
            tab = await stack.enter_async_context(visiting(web))
            begun.append(await tab.start(visitor=f"v-{number}", external=f"m-{number}"))
        assert begun[0]["done"]
        assert begun[-1]["code"] == "chat.too_many"


async def test_messages_that_are_too_big_end_the_line(chat, data):
    async with served(data) as web, visiting(web) as browser:
        with pytest.raises(ConnectionClosed):
            await browser.start(text="x" * 70_000)
        assert await sync_to_async(Interaction.objects.count)() == 0


async def test_words_after_the_end_begin_a_new_chat_of_the_same_customer(chat, data):
    async with served(data) as web, visiting(web) as browser:
        begun = await browser.start()
        first = tokens.read(begun["token"])
        over = {"outcome": "answered", "ended_at": timezone.now()}
        await written(lambda: Interaction.objects.filter(id=first).update(**over))
        await browser.until(lambda message: message.get("state") == "closed")
        again = await browser.ask(do="write", text="One more thing", external="m-9")
        assert again["done"]
        second = tokens.read(again["token"])
        assert second != first
        customers = Interaction.objects.values_list("customer_id", flat=True).distinct()
        assert await sync_to_async(customers.count)() == 1
        assert [row["text"] for row in again["messages"]] == ["One more thing"]
