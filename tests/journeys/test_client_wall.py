"""
One client never sees another's: every address with every foreign object, and the live feeds.

The person has every duty, but for Halden only; what is asked for is Aster's. Addresses are taken
from Django's resolver and the API's description, so one that is added tomorrow is tried tomorrow.
"""

import asyncio
import contextlib
import hashlib
import http.client
import itertools
import json
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import websockets
from django.urls import URLPattern, URLResolver, get_resolver

from tests import phones
from tests.journeys import caller
from tests.journeys.stack import RIVAL, Stack, Visitor, calls, until
from tests.journeys.waiting import WAIT_SECONDS

pytestmark = pytest.mark.journey

FOREIGN = "aster"
FOREIGN_AGENT = "zsombor"
UNKNOWN = "01a00000-0000-7000-8000-000000000000"
NOT_OURS = ("accounts/", "language/", "ask/")
"""allauth's and Django's own, which name no object of ours, and the form that everybody may see."""
TELLS_NOTHING = {
    "desk/item/<str:item>", "desk/panels/<str:item>", "desk/lookup/<str:item>",
    "desk/script/<str:item>", "organisation/history/<str:version>",
}  # fmt: skip
"""
Answers also for a call that is not in the records yet, or refuses whatever is asked: a foreign
object must look like one that nobody has.
"""
HISTORY_SECONDS = 300  # A day of history is taken over behind everything else.
WRITTEN_ANYHOW = ("audit", "django_session", "axes", "heartbeat", "imap_mailbox")
"""Tables that a refused read may write to, or that the clock does."""


@pytest.fixture(scope="module")
def rival(stack: Stack) -> Visitor:
    """Give the person of the other client, signed in."""
    return Visitor.signed_in(stack, RIVAL)


class Feed:
    """A stream of server-sent events, read in a thread."""

    def __init__(self, stack: Stack, visitor: Visitor, path: str) -> None:
        self.body = bytearray()
        self._connection = http.client.HTTPConnection("127.0.0.1", stack.http, timeout=60)
        cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        self._connection.request("GET", path, headers={"Cookie": cookie})
        self._answer = self._connection.getresponse()
        assert self._answer.status == 200, path
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with contextlib.suppress(OSError, ValueError, AttributeError, http.client.HTTPException):
            while chunk := self._answer.read1(65_536):
                self.body += chunk

    def close(self) -> None:
        """End the connection."""
        if self._connection.sock is not None:
            self._connection.sock.shutdown(2)
        self._thread.join(5)
        self._answer.close()
        self._connection.close()


@pytest.fixture(scope="module")
def objects(stack: Stack, manager: Visitor) -> dict[str, list[str]]:
    """Return all objects of the foreign client, among them a recorded call, by kind."""
    return asyncio.run(foreign_call(stack, manager))


async def foreign_call(stack: Stack, manager: Visitor) -> dict[str, list[str]]:
    """Let somebody call the foreign client, and list what there is of it."""
    began = datetime.now(UTC)
    agent = await phones.Agent.sit_down(stack, FOREIGN_AGENT, talk_seconds=1.0)
    async with caller.calling(stack.sip, "910", caller="+36301110910") as one:
        await until(lambda: agent.talked or one.ended.is_set())
        await asyncio.wait_for(one.ended.wait(), WAIT_SECONDS)
    rows = await until(lambda: [row for row in calls(manager, since=began) if row["disposition"]])
    await agent.stand_up()
    await stack.clear()
    await until(lambda: is_forgotten(stack))
    await until(lambda: is_settled(stack), HISTORY_SECONDS)
    whole = manager.json(f"/api/interactions/{rows[0]['id']}")
    old = manager.json("/api/interactions?include_simulated=true&client=aster&size=3")["rows"]
    return {
        "interaction": [rows[0]["id"], *(row["id"] for row in old)],
        "recording": [row["id"] for row in whole["recordings"]],
        "customer": [rows[0]["customer_id"]],
        "person": [FOREIGN_AGENT],
        "queue": ["aster_bookings"],
        "client": [FOREIGN],
    }


def is_forgotten(stack: Stack) -> bool:
    """Say whether the floor has noticed that all devices are silent, and will say no more."""
    last = {fact["agent"]: fact["up"] for fact in stack.facts("DeviceChanged")}
    return not any(last.values())


def is_settled(stack: Stack) -> bool:
    """Say whether the worker has taken over all that has happened, so that nothing else writes."""
    with contextlib.closing(opened(stack.data / "records.db")) as kept:
        taken = dict(kept.execute("SELECT source, seq FROM interactions_projectionstate"))
        waiting = (
            "SELECT count(*) FROM interactions_recording"
            " WHERE wrapped_key IS NULL AND NOT missing AND NOT simulated"
        )
        if kept.execute(waiting).fetchone()[0]:
            return False
    return all(taken.get(name, 0) >= told(stack, name) for name in ("journal", "history"))


def told(stack: Stack, name: str) -> int:
    """Return the number of the last fact of the floor, or of the day that the twin has made."""
    with contextlib.closing(opened(stack.data / f"{name}.db")) as file:
        found: int = file.execute("SELECT max(seq) FROM journal WHERE kind = 'fact'").fetchone()[0]
        return found


def opened(path: Path) -> sqlite3.Connection:
    """Open a database to read."""
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """List every address that Django knows, as it is written in the patterns."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from routes(entry, route)


def with_objects(route: str, ids: list[str]) -> Iterator[str]:
    """Put every object into every place of a route."""
    route = route.replace("{", "<").replace("}", ">")
    places = [part.partition(">")[0] for part in route.split("<")[1:]]
    for chosen in itertools.product(ids, repeat=len(places)):
        address = route
        for place, value in zip(places, chosen, strict=True):
            address = address.replace(f"<{place}>", value)
        yield "/" + address.removeprefix("/")


def records(stack: Stack) -> dict[str, str]:
    """Fingerprint every table of the records that reading leaves alone."""
    connection = sqlite3.connect(f"file:{stack.data / 'records.db'}?mode=ro", uri=True)
    try:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: hashlib.sha256(
                repr(connection.execute(f'SELECT * FROM "{name}"').fetchall()).encode()
            ).hexdigest()
            for (name,) in names
            if not any(word in name for word in WRITTEN_ANYHOW)
        }
    finally:
        connection.close()


def assert_as_unknown(rival: Visitor, address: str) -> None:
    """Assert that an address answers as for what nobody has; it may say what was asked."""
    asked = address.rpartition("/")[2]
    nobodys = address.replace(asked, UNKNOWN)
    for got, unknown in (
        (rival.ask(address), rival.ask(nobodys)),
        (rival.post(address, text="written"), rival.post(nobodys, text="written")),
    ):
        assert got[0] == unknown[0], address
        assert got[0] in (200, 403, 404, 405), address
        if got[0] != 200:
            continue  # The page of a refusal is the same for all, but for its form's token.
        assert got[1].replace(asked.encode(), UNKNOWN.encode()) == unknown[1], address


def test_every_address_with_every_foreign_object_is_unknown(
    stack: Stack, manager: Visitor, rival: Visitor, objects
):
    """404 for each, by GET and by POST, and nothing is written."""
    ids = [one for kind in objects.values() for one in kind]
    api = [f"api{path.removeprefix('/api')}" for path in rival.json("/api/openapi.json")["paths"]]
    found = [route for route in routes(get_resolver("callfloor.app.urls")) if "<" in route]
    found += [path for path in api if "{" in path]
    tried = [route for route in found if not route.startswith(NOT_OURS)]
    assert len(tried) >= 7, tried
    before, seq = records(stack), stack.seq()
    for route in tried:
        for address in with_objects(route, ids):
            if route in TELLS_NOTHING:
                assert_as_unknown(rival, address)
                continue
            status, posted = rival.ask(address)[0], rival.post(address, text="written")[0]
            assert 404 in (status, posted), address
            assert {status, posted} <= {404, 405}, (address, status, posted)
    assert records(stack) == before
    assert stack.seq() == seq
    for kind, route in (
        ("interaction", "/interactions/{}"), ("recording", "/recordings/{}.wav"),
        ("customer", "/customers/{}"), ("person", "/people/{}"), ("queue", "/queues/{}"),
    ):  # fmt: skip
        assert manager.ask(route.format(objects[kind][0]))[0] == 200, "who may see it, does"


def test_lists_and_their_filters_tell_nothing_foreign(rival: Visitor, manager: Visitor, objects):
    """Neither a list, nor its CSV, nor the API, whatever is asked, has a row of the other."""
    lists = ("interactions", "customers", "people", "queues")
    filters = ("", "client=aster", "queue=aster_bookings", "agent=zsombor", "q=zsombor")
    paths = [f"/{name}{end}" for name in lists for end in ("", ".csv")]
    paths += ["/api/interactions", "/api/people", "/api/queues", "/floor", "/desk", "/wallboard"]
    needles = [one for kind in ("interaction", "recording", "customer") for one in objects[kind]]
    needles += ["Keszeg", "aster_bookings", "Aster bookings"]
    for path, query in itertools.product(paths, filters):
        address = f"{path}?include_simulated=true&simulated=on&{query}"
        status, body, _ = rival.ask(address)
        assert status in (200, 302, 400, 404), (status, address)
        text = body.decode()
        for asked in filters:  # What was asked may be said again.
            text = text.replace(asked, "")
        assert [word for word in needles if word in text] == [], address
    seen = manager.ask("/api/interactions?client=aster&include_simulated=true")[1].decode()
    assert objects["interaction"][0] in seen


async def test_feeds_of_a_foreign_call_are_silent(stack: Stack, rival: Visitor, manager: Visitor):
    """While a call of the other client waits and talks, no stream of his says so."""
    seq = stack.seq()
    cookie = "; ".join(f"{name}={value}" for name, value in rival.cookies.items())
    feeds = [Feed(stack, rival, f"/live/{name}") for name in ("floor", "wallboard")]
    open_feeds = [Feed(stack, manager, "/live/wallboard")]
    said: list[str] = []
    async with websockets.connect(
        f"ws://127.0.0.1:{stack.http}/live/desk",
        additional_headers={"Cookie": cookie},
        origin=stack.base,
    ) as desk:
        agent = await phones.Agent.sit_down(stack, FOREIGN_AGENT, talk_seconds=1.0)
        async with caller.calling(stack.sip, "910", caller="+36301110911") as one:
            await until(lambda: agent.talked)
            item = agent.talked[0]
            refused = [await ask(desk, said, **fields) for fields in meddling(stack, item, seq)]
            await asyncio.wait_for(one.ended.wait(), WAIT_SECONDS)
        await until(lambda: stack.facts("Closed", after=seq))
        await ask(desk, said, do="ready")
        await agent.stand_up()
    for feed in (*feeds, *open_feeds):
        feed.close()
    await stack.clear()
    assert [answer["done"] for answer in refused] == [False] * len(refused)
    heard = "".join(said) + "".join(feed.body.decode() for feed in feeds)
    assert "halden_billing" in heard
    for word in (item, FOREIGN, FOREIGN_AGENT, "Keszeg", "aster_bookings"):
        assert word not in heard, word
    assert b"aster_bookings" in open_feeds[0].body


def meddling(stack: Stack, item: str, seq: int) -> list[dict]:
    """List what somebody could try on another's call."""
    offer = stack.facts("Ringing", after=seq)[-1]["offer"]
    return [
        {"do": "answer", "offer": offer},
        {"do": "decline", "offer": offer},
        *({"do": word, "item": item} for word in ("hold", "resume", "hang_up", "extend")),
        {"do": "mute", "item": item, "muted": True},
        {"do": "keys", "item": item, "keys": "1"},
        {"do": "transfer", "item": item, "queue": "halden_billing"},
        {"do": "transfer", "item": item, "to_agent": RIVAL},
        {"do": "finish", "item": item, "disposition": "booked"},
    ]


async def ask(desk: websockets.ClientConnection, said: list[str], **fields: object) -> dict:
    """Ask over the desk's socket and wait for the answer; keep all that comes."""
    number = len(said) + 1000
    await desk.send(json.dumps({"id": number, **fields}))
    async with asyncio.timeout(WAIT_SECONDS):
        while True:
            said.append(str(await desk.recv()))
            answer = json.loads(said[-1])
            if answer.get("id") == number:
                return answer
