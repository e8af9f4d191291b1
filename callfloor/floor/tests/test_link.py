"""The link's server over a real unix socket."""

import asyncio
import base64
import contextlib

import pytest

from callfloor.floor import link as links
from callfloor.floor.link import Link
from callfloor.floor.tests.turns import LONG_SECONDS, until
from callfloor.wire import link as framing

pytestmark = pytest.mark.wire


class Peer:
    """A client of the link."""

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer
        self._decoder = framing.Decoder()
        self._messages = []

    async def next(self):
        """Give the next message, None at the end."""
        while not self._messages:
            data = await asyncio.wait_for(self.reader.read(65_536), LONG_SECONDS)
            if not data:
                return None
            self._messages += self._decoder.feed(data)
        return self._messages.pop(0)

    async def read_to_end(self):
        """Count the messages until the connection is cut, in order or not."""
        count = 0
        with contextlib.suppress(ConnectionResetError):
            while await self.next() is not None:
                count += 1
        return count

    def send(self, **message):
        """Send a message."""
        self.writer.write(framing.encode(message))


class Side:
    """A link with everything that it was told."""

    def __init__(self, path):
        self.path = path
        self.notes = []
        self.known = []
        self.peers = []
        self.link = Link(
            welcome=lambda role: {"seq": 7, "for": role, "big": "x" * 10},
            handlers={"command": lambda message, reply: reply({"type": "done", **message})},
            known=lambda item, message: self.known.append((item, message)),
            note=lambda name, detail: self.notes.append((name, detail)),
        )

    async def join(self, role):
        """Connect and read the welcome."""
        peer = await self.connect()
        peer.send(type="hello", role=role)
        welcome = await peer.next()
        assert welcome["type"] == "welcome"
        assert welcome["for"] == role
        return peer

    async def connect(self):
        """Connect without a word."""
        peer = Peer(*await asyncio.open_unix_connection(str(self.path)))
        self.peers.append(peer)
        return peer


@pytest.fixture
async def side(tmp_path):
    """Listen on a socket."""
    made = Side(tmp_path / "floor.sock")
    await made.link.start(made.path)
    yield made
    made.link.close()
    for peer in made.peers:
        peer.writer.close()


async def test_the_socket_is_its_owners_alone(side):
    assert side.path.stat().st_mode & 0o777 == 0o600


async def test_a_socket_left_behind_is_replaced(side, tmp_path):
    other = Side(side.path)
    await other.link.start(side.path)
    assert (await other.join("web")) is not None
    other.link.close()
    other.peers[0].writer.close()


async def test_facts_go_to_screens_and_a_wake_to_the_worker(side):
    web, worker = await side.join("web"), await side.join("worker")
    rows = [{"seq": 8, "at": 1.0, "fact": {"is": "X"}}]
    side.link.feed(rows, 8)
    side.link.feed([], 9)
    assert await web.next() == {"type": "facts", "rows": rows}
    assert [await worker.next() for _ in range(2)] == [
        {"type": "wake", "seq": 8},
        {"type": "wake", "seq": 9},
    ]


async def test_many_facts_come_in_parts(side):
    web = await side.join("web")
    rows = [{"seq": seq} for seq in range(links.ROWS_PER_MESSAGE + 1)]
    side.link.feed(rows, 0)
    assert [len((await web.next())["rows"]) for _ in range(2)] == [links.ROWS_PER_MESSAGE, 1]


async def test_a_command_is_answered(side):
    web = await side.join("web")
    web.send(type="command", id="1")
    assert await web.next() == {"type": "command", "id": "1"}


async def test_a_role_may_send_only_its_own(side):
    worker = await side.join("worker")
    worker.send(type="command", id="1")
    assert (await worker.next())["code"] == "not_for_this_role"


@pytest.mark.parametrize(
    "first",
    [
        framing.encode({"type": "command", "id": "1"}),
        framing.encode({"type": "hello", "role": "leader"}),
        b"\xff\xff\xff\xff",
        b"\x00\x00\x00\x02[]",
    ],
)
async def test_who_does_not_say_hello_is_cut_off(side, first):
    peer = await side.connect()
    peer.writer.write(first)
    assert await peer.next() is None
    assert len(side.notes) == 1


async def test_who_does_not_read_is_cut_off_and_nobody_else(side):
    slow, web = await side.join("web"), await side.join("web")
    big = [{"seq": 1, "at": 1.0, "fact": {"x": "y" * 100_000}}]
    for _ in range(40):
        side.link.feed(big, 1)
        assert (await web.next())["type"] == "facts"
    assert ("link_slow", "web") in side.notes
    assert await slow.read_to_end() < 40


async def test_a_worker_is_asked_and_its_answer_counts(side):
    worker = await side.join("worker")
    side.link.ask_who(ask="a", item="i", caller="token")
    asked = await worker.next()
    assert asked == {"type": "ask", "id": "a", "item": "i", "caller": "token"}
    worker.send(type="known", id="a", customer="c")
    worker.send(type="known", id="a", customer="again")
    await until(lambda: bool(side.known))
    assert [(item, message["customer"]) for item, message in side.known] == [("i", "c")]


async def test_an_answer_after_the_deadline_is_nothing(side, monkeypatch):
    monkeypatch.setattr(links, "ASK_SECONDS", 0.0)
    worker, web = await side.join("worker"), await side.join("web")
    side.link.ask_who(ask="a", item="i", caller="token")
    await worker.next()
    worker.send(type="known", id="a", customer="c")
    web.send(type="command", id="1")
    await web.next()
    assert side.known == []


async def test_without_a_worker_nobody_is_asked(side):
    web = await side.join("web")
    side.link.ask_who(ask="a", item="i", caller="token")
    web.send(type="command", id="1")
    assert (await web.next())["id"] == "1"


async def test_a_new_plan_gives_everybody_a_fresh_snapshot(side):
    web = await side.join("web")
    side.link.welcome_all()
    assert (await web.next())["type"] == "welcome"


async def test_no_more_clients_than_the_limit(side, monkeypatch):
    monkeypatch.setattr(links, "CLIENTS_MAX", 1)
    await side.join("web")
    second = await side.connect()
    assert await second.next() is None
    assert side.notes == [("link_full", "1 clients")]


async def test_the_worker_gives_a_key_or_does_not(side):
    worker = await side.join("worker")
    got = []
    for name in ("a", "b", "c"):
        side.link.ask_key(ask=name, item="i", then=got.append)
        assert await worker.next() == {"type": "ask", "id": name, "item": "i", "want": "key"}
    key = base64.b64encode(b"k" * 32).decode()
    for name, fields in (("a", {"key": key}), ("b", {}), ("c", {"key": "??"})):
        worker.send(type="known", id=name, **fields)
    await until(lambda: len(got) == 3)
    assert got == [b"k" * 32, None, None]


async def test_a_key_that_nobody_gives_is_not_waited_for(side, monkeypatch):
    monkeypatch.setattr(links, "KEY_SECONDS", 0.0)
    got = []
    side.link.ask_key(ask="a", item="i", then=got.append)
    await until(lambda: got == [None])
