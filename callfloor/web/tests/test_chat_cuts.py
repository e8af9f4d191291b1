"""
R26, R28: thousands of messages over lines that are cut; none is lost and none comes twice.

The server's own sockets, hub, writer and records; the browser is its script's algorithm in Python
on a line that a seed cuts before a message arrives, after it, or for 1 s, 30 s or 10 min on a
stepped clock. At the end the screen equals the screen freshly loaded (I10).
"""

import asyncio
import contextlib
import itertools
import json
import random

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.utils import timezone

from callfloor.records.interactions.models import Message
from callfloor.records.interactions.services import messages
from callfloor.records.routing.models import Number
from callfloor.web.chat_hub import Hub
from callfloor.web.chat_socket import Chats
from callfloor.web.chat_writer import Writer
from callfloor.web.feed import Feed
from callfloor.web.tests.test_shell import when_nobody_reads

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(transaction=True, databases=["default", "keys"]),
]

MESSAGES, MESSAGES_LONG = 80, 10_000
CUT_SECONDS = (1.0, 30.0, 600.0)
CUTS = 0.12  # Of all that goes over the line; a tunnel, not a bad day.
ANSWERS = 0.3  # For each message of the visitor, as often does a colleague write in between.
STEP_SECONDS = 1.1  # Between two messages: the pace is not what is tried here.
ORIGIN = "http://127.0.0.1"
SCOPE = {
    "client": ("192.0.2.1", 1),
    "headers": [(b"origin", ORIGIN.encode()), (b"host", b"127.0.0.1")],
}


class Line:
    """A WebSocket in memory that can be cut at any message, in either direction."""

    def __init__(self, house, dice):
        self._dice = dice
        self._to_server = asyncio.Queue()
        self._heard = asyncio.Queue()
        self.is_cut = False
        self._to_server.put_nowait({"type": "websocket.connect"})
        self._serving = asyncio.ensure_future(house.serve(SCOPE, self._to_server.get, self._send))

    async def _send(self, message):
        if self.is_cut or message["type"] != "websocket.send":
            return
        if self._dice.random() < CUTS / 2:  # It was kept, and nobody hears of it.
            self.cut()
        else:
            self._heard.put_nowait(json.loads(message["text"]))

    def send(self, fields):
        """Say something to the server, if the line is there."""
        if not self.is_cut and self._dice.random() < CUTS / 2:  # Nobody hears it.
            self.cut()
        if not self.is_cut:
            self._to_server.put_nowait({"type": "websocket.receive", "text": json.dumps(fields)})

    async def hear(self):
        """Return what the server says next; None when the line is gone."""
        return await self._heard.get()

    def cut(self):
        """Take the line away from both."""
        self.is_cut = True
        self._heard.put_nowait(None)
        self._to_server.put_nowait({"type": "websocket.disconnect"})

    async def over(self):
        """Wait until the server has let go."""
        if not self.is_cut:
            self.cut()
        await self._serving


class Page:
    """What the chat's script does, without a screen."""

    def __init__(self, house, dice, clock):
        self._house, self._dice, self._clock = house, dice, clock
        self._ids = itertools.count(1)
        self.rows, self.unsent, self.token = {}, [], None
        self.first = {"external": "first", "text": "first"}
        self.line = None
        self.cuts = 0
        self.repeats = 0

    async def connect(self):
        """Open a line and come back to the chat, as often as it takes."""
        while True:
            if self.line is not None:
                self.cuts += 1
                await self.line.over()
                self._clock.pass_(self._dice.choice(CUT_SECONDS))
            self.line = Line(self._house, self._dice)
            reply = await self._ask(self._hello())
            if reply is not None:
                assert reply["done"], reply
                self.token = reply.get("token", self.token)
                return

    def _hello(self):
        if self.token is not None:
            return {"do": "resume", "token": self.token, "after": max(self.rows, default=0)}
        asked = {"do": "start", "key": "acme", "visitor": "v", "consent": True, "name": "V"}
        return asked | self.first

    async def _ask(self, fields):
        number = next(self._ids)
        self.line.send({"id": number, **fields})
        while True:
            message = await self.line.hear()
            if message is None:
                return None
            self._take(message)
            if message.get("id") == number:
                return message

    def _take(self, message):
        for row in message.get("messages", ()):
            self.repeats += row["number"] in self.rows
            self.rows[row["number"]] = row

    async def write(self, text):
        """Write something, and send it again until it is kept."""
        self.unsent.append({"external": text, "text": text})
        while self.unsent:
            reply = await self._ask({"do": "write", **self.unsent[0]})
            if reply is None:
                await self.connect()
            else:
                assert reply["done"], reply
                self.unsent.pop(0)

    async def listen(self, until):
        """Hear what comes until a number is there."""
        while max(self.rows, default=0) < until:
            message = await self.line.hear()
            if message is None:
                await self.connect()
            else:
                self._take(message)


class Clock:
    """A clock that a test steps."""

    def __init__(self):
        self.now = 1_000_000.0

    def pass_(self, seconds):
        """Let time pass."""
        self.now += seconds


@contextlib.asynccontextmanager
async def house(clock):
    """Give the chats of a web process, without its port and its floor."""

    feed = Feed(executor=None)
    asked = sync_to_async(lambda work, *args: when_nobody_reads(lambda: work(*args)))
    feed.in_thread = asked
    hub, writer = Hub(in_thread=asked), Writer()
    yield Chats(feed=feed, link=None, hub=hub, writer=writer, now=lambda: clock.now), hub
    writer.close()
    await sync_to_async(connections.close_all)()  # Of the thread that works were done in.


def answer(item, text):
    """Write as a colleague does in another process."""
    messages.write(
        interaction_id=item,
        direction="out",
        text=text,
        author="bela",
        external=f"desk:{text}",
        now=timezone.now(),
    )


def kept():
    """Return all that is kept."""
    return list(Message.objects.order_by("number").values_list("number", "direction", "external"))


@pytest.mark.parametrize("seed", [1, 2])
async def test_nothing_is_lost_and_nothing_comes_twice(scene, data, seed, pytestconfig):
    count = MESSAGES_LONG if pytestconfig.getoption("--long") else MESSAGES
    await sync_to_async(Number.objects.create)(
        number="chat:acme", client_id="acme", flow="main", language="en"
    )
    dice, clock = random.Random(seed), Clock()
    async with house(clock) as (chats, hub):
        page = Page(chats, dice, clock)
        await page.connect()
        (item,) = await sync_to_async(set)(Message.objects.values_list("interaction_id", flat=True))
        written, said = ["web:first"], 0
        for number in range(1, count):
            clock.pass_(STEP_SECONDS)
            if dice.random() < ANSWERS:
                said += 1
                text = f"answer-{said}"
                await sync_to_async(when_nobody_reads)(lambda text=text: answer(item, text))
                written.append(f"desk:{text}")
                if dice.random() < 0.5:
                    await hub.look()
            await page.write(f"m-{number}")
            written.append(f"web:m-{number}")
        rows = await sync_to_async(kept)()
        assert [external for *_, external in rows] == written
        assert [number for number, *_ in rows] == list(range(1, len(written) + 1))
        await hub.look()
        await page.listen(until=len(written))
        fresh = Page(chats, random.Random(0), clock)
        fresh.token = page.token
        await fresh.connect()
        assert sorted(page.rows.items()) == sorted(fresh.rows.items())
        assert len(page.rows) == len(written)
        assert page.repeats == 0
        assert page.cuts > count * CUTS / 2
        for each in (page, fresh):
            await each.line.over()
