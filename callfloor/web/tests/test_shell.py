"""The web process as browsers meet it: streams, sockets, walls, with the real exchange behind."""

import asyncio
import contextlib
import dataclasses
import json
import time

import pytest
import uvicorn
from asgiref.sync import sync_to_async
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from callfloor.core import actions, events
from callfloor.core.plan import Enqueue, FlowPlan
from callfloor.kernel.models import AuditEntry
from callfloor.records.interactions.services import hiding
from callfloor.records.people.models import Person, PersonClient, Team
from callfloor.web import feed as feeds
from callfloor.web import sessions
from callfloor.web.sessions import Visitor
from callfloor.web.shell import Shell
from callfloor.web.tests.stage import Stage
from tests.records import scenes

pytestmark = [
    pytest.mark.wire,
    pytest.mark.django_db(transaction=True, databases=["default", "keys"]),
]

WAIT_SECONDS = 60.0  # Of a machine that does much else; nothing here takes any time.


def session_of(key):
    """Sign somebody in and return the cookie."""
    person = Person.objects.get(pk=key)
    session = SessionStore()
    session[SESSION_KEY] = key
    session[BACKEND_SESSION_KEY] = "callfloor.app.accounts.PeopleBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    when_nobody_reads(session.create)
    return session.session_key


class Web:
    """A running shell and the stage behind it."""

    def __init__(self, shell, stage, port):
        self.shell, self.stage, self.port = shell, stage, port
        self._writers = []

    async def request(self, path, *, key=None, **headers):
        """Ask for something; return the status and the reader of its body."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._writers.append(writer)
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        if key:
            lines.append(f"Cookie: sessionid={await sync_to_async(session_of)(key)}")
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), WAIT_SECONDS)
        return int(head.split()[1]), reader

    async def status(self, path, *, key=None):
        """Return the status of an answer."""
        return (await self.request(path, key=key))[0]

    async def leave(self):
        """Close every connection, as a browser does that goes."""
        for writer in self._writers:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    def desk(self, session, *, origin=None, place="desk"):
        """Open a desk's socket, or a leader's."""
        origin = origin or f"http://127.0.0.1:{self.port}"
        cookie = {"Cookie": f"sessionid={session}"}
        url = f"ws://127.0.0.1:{self.port}/live/{place}"
        return connect(url, origin=origin, additional_headers=cookie)


@contextlib.asynccontextmanager
async def served(data, *, change=lambda plan: plan):
    """Serve a shell with a stage behind it, whose plan may be changed."""
    wait = FlowPlan(
        key="main", version=1, first="wait", steps=(Enqueue(key="wait", queue="billing"),)
    )
    plan = change(dataclasses.replace(scenes.plan(), flows=(wait,)))
    stage = Stage(plan, data=data, now=scenes.START)
    await stage.start()
    shell = Shell(data=data, pages=lambda environ, start: [])
    config = uvicorn.Config(
        shell, port=0, log_level="error", lifespan="on", loop="asyncio", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    async with asyncio.timeout(WAIT_SECONDS):
        await until_true(lambda: server.started and shell.feed.board is not None)
    await shell.feed.refresh()
    web = Web(shell, stage, server.servers[0].sockets[0].getsockname()[1])
    try:
        yield web
    finally:
        await web.leave()
        server.should_exit = True
        await running
        stage.link.close()


async def until_true(holds):
    """Let the loop turn until something holds."""
    while not holds():  # noqa: ASYNC110 - uvicorn has no event for it.
        await asyncio.sleep(0)


def when_nobody_reads(write):
    """
    Write as soon as nobody reads; give what came of it.

    Threads share one database in memory, whose tables lock one another out without waiting.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OperationalError):
            return write()
    return write()  # It says what it says.


async def written(write):
    """Write from a thread, while the server goes on."""
    return await sync_to_async(when_nobody_reads)(write)


async def next_event(reader):
    """Return the next event of a stream: name, id and data."""
    while True:
        block = await asyncio.wait_for(reader.readuntil(b"\n\n"), WAIT_SECONDS)
        fields = dict(
            line.split(": ", 1) for line in block.decode().splitlines() if ": " in line[:8]
        )
        if "event" in fields:
            return fields["event"], fields.get("id"), json.loads(fields["data"])


async def until(socket, holds):
    """Return the first message of a socket for which something holds."""
    while True:
        message = json.loads(await asyncio.wait_for(socket.recv(), WAIT_SECONDS))
        if holds(message):
            return message


async def test_a_stream_begins_with_a_snapshot_and_goes_on_with_patches(scene, data):
    async with served(data) as web:
        _, reader = await web.request("/live/floor", key="adam")
        name, _, seen = await next_event(reader)
        assert name == "snapshot"
        assert set(seen["queues"]) == {"billing", "orders"}
        assert seen["agents"]["bela"]["name"] == "Béla Barta"
        web.stage.seat("bela")
        name, _, patch = await next_event(reader)
        assert (name, set(patch["agents"])) == ("patch", {"bela"})


async def test_one_who_comes_back_gets_what_he_missed(scene, data):
    async with served(data) as web:
        _, reader = await web.request("/live/floor", key="adam")
        _, last, _ = await next_event(reader)
        web.stage.happen(events.AgentSignedIn(agent="bela"))
        _, _, _ = await next_event(reader)
        _, again = await web.request("/live/floor", key="adam", last_event_id=last)
        name, _, patch = await next_event(again)
        assert (name, set(patch["agents"])) == ("patch", {"bela"})
        _, fresh = await web.request("/live/floor", key="adam", last_event_id="0-0")
        assert (await next_event(fresh))[0] == "snapshot"


async def test_asking_again_for_the_same_names_keeps_what_was_missed(scene, data):
    async with served(data) as web:
        _, reader = await web.request("/live/floor", key="adam")
        _, last, _ = await next_event(reader)
        web.stage.happen(events.AgentSignedIn(agent="bela"))
        await next_event(reader)
        await asyncio.gather(web.shell.feed.refresh(again=True), web.shell.feed.refresh())
        _, back = await web.request("/live/floor", key="adam", last_event_id=last)
        name, _, patch = await next_event(back)
        assert (name, set(patch["agents"])) == ("patch", {"bela"})


@pytest.mark.parametrize(
    ("path", "key", "status"),
    [
        ("/live/floor", None, 401),
        ("/live/floor", "anna", 403),
        ("/live/wallboard", "anna", 200),
        ("/live/secrets", "adam", 404),
        ("/healthz", None, 503),
    ],
)
async def test_streams_open_for_their_duty_only(scene, data, path, key, status):
    async with served(data) as web:
        assert await web.status(path, key=key) == status


async def test_rights_that_are_gone_end_the_stream(scene, data):
    async with served(data) as web:
        _, reader = await web.request("/live/floor", key="adam")
        await next_event(reader)
        await written(lambda: Person.objects.filter(pk="adam").update(is_active=False))
        await web.shell.feed.refresh()
        assert (await next_event(reader))[0] == "gone"


async def test_a_new_client_brings_a_new_snapshot(scene, data):
    async with served(data) as web:
        _, reader = await web.request("/live/floor", key="adam")
        await next_event(reader)
        adam = await sync_to_async(Person.objects.get)(pk="adam")
        await written(lambda: adam.client_rows.create(client_id="zeta"))
        await web.shell.feed.refresh()
        name, _, seen = await next_event(reader)
        if "zeta_help" not in seen["queues"]:  # The names of the welcome were read only now.
            name, _, seen = await next_event(reader)
        assert name == "snapshot"
        assert "zeta_help" in seen["queues"]


async def test_what_was_asked_first_does_not_hold_longest(scene, data):
    """Rights that were read before they changed are not applied after those that were read then."""
    async with served(data) as web:
        feed = web.shell.feed
        adam = await sync_to_async(Person.objects.get)(pk="adam")
        row = await written(lambda: adam.client_rows.create(client_id="zeta"))
        _, reader = await web.request("/live/floor", key="adam")
        await next_event(reader)
        asked, answered = asyncio.Event(), asyncio.Event()
        in_thread = feed.in_thread

        async def held_up(work, *args):
            found = await in_thread(work, *args)
            if isinstance(found, Visitor) and not asked.is_set():
                asked.set()
                await answered.wait()
            return found

        feed.in_thread = held_up
        earlier = asyncio.ensure_future(feed.refresh())
        await asked.wait()
        await written(row.delete)
        later = asyncio.ensure_future(feed.refresh())
        await asyncio.wait({later}, timeout=1.0)
        answered.set()
        await asyncio.gather(earlier, later)
        (stream,) = feed._streams
        assert "zeta" not in stream.visitor.rights.clients


class TestDesk:
    async def test_an_agent_works_a_call(self, scene, data):
        async with served(data) as web:
            session = await sync_to_async(session_of)("bela")
            async with web.desk(session) as desk:
                await until(desk, lambda m: m.get("view", {}).get("me", {}).get("state") == "away")
                await desk.send(json.dumps({"id": 1, "do": "device", "sdp": "v=0"}))
                assert (await until(desk, lambda m: m.get("id") == 1))["done"]
                await desk.send(json.dumps({"id": 2, "do": "ready"}))
                await until(desk, lambda m: m.get("id") == 2)
                web.stage.arrive("900")
                rings = await until(desk, lambda m: (m.get("view") or {}).get("item"))
                assert rings["view"]["item"]["queue_name"] == "Billing"
                assert rings["view"]["item"]["client_name"] == "Acme"
                offer = rings["view"]["me"]["offer"]["id"]
                await desk.send(json.dumps({"id": 3, "do": "answer", "offer": offer}))
                assert (await until(desk, lambda m: m.get("id") == 3))["done"]

    async def test_the_keypad_sends_the_keys_that_were_pressed(self, scene, data):
        async with served(data) as web:
            session = await sync_to_async(session_of)("bela")
            async with web.desk(session) as desk:
                await desk.send(json.dumps({"id": 1, "do": "device", "sdp": "v=0"}))
                await until(desk, lambda m: m.get("id") == 1)
                await desk.send(json.dumps({"id": 2, "do": "ready"}))
                await until(desk, lambda m: m.get("id") == 2)
                item = web.stage.arrive("900")
                rings = await until(desk, lambda m: (m.get("view") or {}).get("item"))
                offer = rings["view"]["me"]["offer"]["id"]
                await desk.send(json.dumps({"id": 3, "do": "answer", "offer": offer}))
                await until(desk, lambda m: m.get("id") == 3)
                await desk.send(json.dumps({"id": 4, "do": "keys", "item": item, "keys": "12#"}))
                assert (await until(desk, lambda m: m.get("id") == 4))["done"]
                assert web.stage.pressed == [(item, "12#")]
                (sent,) = (a for a in web.stage.asked if isinstance(a, actions.SendKeys))
                assert (sent.item, sent.sealed) == (item, "sealed")

    async def test_a_new_plan_asks_for_rights_at_once(self, scene, data):
        async with served(data) as web:
            session = await sync_to_async(session_of)("bela")
            async with web.desk(session) as desk:
                await until(desk, lambda m: "view" in m)
                _, reader = await web.request("/live/wallboard", key="anna")
                await next_event(reader)
                people = Person.objects.filter(pk__in=["anna", "bela"])
                await written(lambda: people.update(is_active=False))
                web.stage.happen(events.PlanChanged(plan=web.stage.plan))
                while (await next_event(reader))[0] != "gone":
                    pass
                with pytest.raises(ConnectionClosed):
                    await until(desk, lambda m: False)

    async def test_a_refusal_is_said_in_words(self, scene, data):
        async with served(data) as web:
            session = await sync_to_async(session_of)("bela")
            async with web.desk(session) as desk:
                await desk.send(json.dumps({"id": 1, "do": "hang_up", "item": "nothing"}))
                answer = await until(desk, lambda m: m.get("id") == 1)
                assert not answer["done"]
                assert answer["message"].endswith(".")

    @pytest.mark.parametrize(
        ("key", "origin"), [("bela", "http://evil.example"), ("adam", None), (None, None)]
    )
    async def test_strangers_and_foreign_pages_are_not_let_in(self, scene, data, key, origin):
        async with served(data) as web:
            session = await sync_to_async(session_of)(key) if key else "none"
            with pytest.raises(InvalidStatus):
                async with web.desk(session, origin=origin):
                    pass

    async def test_no_message_of_a_browser_reaches_the_floor_unread(self, scene, data):
        async with served(data) as web:
            session = await sync_to_async(session_of)("bela")
            seq = web.stage.seq
            async with web.desk(session) as desk:
                await until(desk, lambda m: "view" in m)
                seq = web.stage.seq
                await desk.send(json.dumps({"id": 1, "do": "item_arrived", "item": "x"}))
                answer = await until(desk, lambda m: m.get("id") == 1)
                assert answer["code"] == "malformed"
                assert web.stage.seq == seq


class TestLead:
    """A leader hears into calls of the own team and clients, and of no other."""

    @pytest.fixture
    async def talk(self, scene, data):
        """Let bela of the team `day` talk; cili leads, of which team each test says."""
        async with served(data) as web:
            web.stage.seat("bela")
            item = web.stage.arrive("900")
            offer = web.stage.board.view["agents"]["bela"]["offer"]["id"]
            web.stage.happen(events.OfferAnswered(agent="bela", offer=offer))
            yield web, item

    async def lead(self, web, item, *, team, do="supervise"):
        """Let cili, leader of a team, ask for it; return the answer and what the floor got."""
        await sync_to_async(move)("cili", team)
        session = await sync_to_async(session_of)("cili")
        async with web.desk(session, place="lead") as desk:
            await until(desk, lambda m: "view" in m)
            await desk.send(json.dumps({"id": 1, "do": "device", "sdp": "v=0"}))
            await until(desk, lambda m: m.get("id") == 1)
            before = len(web.stage.commands)
            asked = {"id": 2, "do": do, "item": item, "of": "bela", "mode": "listen"}
            await desk.send(json.dumps(asked))
            answer = await until(desk, lambda m: m.get("id") == 2)
            return answer, web.stage.commands[before:]

    async def test_the_own_team_is_heard_and_it_is_noted(self, talk):
        web, item = talk
        answer, sent = await self.lead(web, item, team="day")
        assert answer["done"]
        expected = events.SuperviseAsked(agent="cili", item=item, of="bela", mode="listen")
        assert sent == [expected]
        noted = await sync_to_async(noted_of)(item)
        assert noted == [("call.supervised", "cili", {"of": "bela", "mode": "listen"})]

    async def test_another_team_is_not_and_no_command_leaves(self, talk):
        web, item = talk
        await written(lambda: Team.objects.create(key="night"))
        answer, sent = await self.lead(web, item, team="night")
        assert (answer["done"], answer["code"]) == (False, "not_for_you")
        assert sent == []
        assert web.stage.board.view["items"][item]["supervisors"] == {}
        noted = await sync_to_async(noted_of)(item)
        assert [action for action, _, _ in noted] == ["call.supervised_refused"]

    async def test_a_foreign_client_is_not(self, talk):
        web, item = talk
        clients = PersonClient.objects.filter(person_id="cili", client_id="acme")
        await written(clients.delete)
        answer, sent = await self.lead(web, item, team=None)
        assert (answer["code"], sent) == ("not_for_you", [])

    async def test_what_he_is_complained_about_in_is_not_there_for_him(self, talk):
        web, item = talk
        await written(lambda: hiding.hide(because_of="c", person="cili", contacts=[item]))
        answer, sent = await self.lead(web, item, team="day")
        assert (answer["code"], sent) == ("not_for_you", [])
        noted = await sync_to_async(noted_of)(item)
        assert [action for action, _, _ in noted] == ["call.supervised_refused"]
        session = await sync_to_async(session_of)("cili")
        seen = await sync_to_async(sessions.visitor)(session=session, language="en")
        sight = feeds.sight_of(seen, "floor")
        assert (sight.hidden, sight.reader) == (frozenset({item}), "cili")

    async def test_nobody_takes_over_what_he_does_not_hear(self, talk):
        web, item = talk
        answer, sent = await self.lead(web, item, team="day", do="take_over")
        assert (answer["code"], sent) == ("not_for_you", [])

    async def test_what_he_hears_he_may_take_over(self, talk):
        web, item = talk
        session = await sync_to_async(session_of)("cili")
        async with web.desk(session, place="lead") as desk:
            await until(desk, lambda m: "view" in m)
            await desk.send(json.dumps({"id": 1, "do": "device", "sdp": "v=0"}))
            await until(desk, lambda m: m.get("id") == 1)
            asked = {"id": 2, "do": "supervise", "item": item, "of": "bela", "mode": "listen"}
            await desk.send(json.dumps(asked))
            await until(desk, lambda m: (m.get("view") or {}).get("me", {}).get("hears"))
            await desk.send(json.dumps({"id": 3, "do": "take_over", "item": item}))
            mine = await until(desk, lambda m: (m.get("view") or {}).get("me", {}).get("part"))
        assert (mine["view"]["me"]["part"], mine["view"]["item"]["id"]) == ("serves", item)
        board = web.stage.board.view["agents"]
        assert (board["bela"]["state"], board["bela"]["ended_by"]) == ("wrap_up", "taken_over")
        noted = await sync_to_async(noted_of)(item)
        assert [action for action, _, _ in noted] == ["call.supervised", "call.taken_over"]

    async def test_an_agents_desk_says_no_leaders_words(self, talk):
        web, item = talk
        session = await sync_to_async(session_of)("anna")
        async with web.desk(session) as desk:
            asked = {"id": 1, "do": "supervise", "item": item, "of": "bela", "mode": "listen"}
            await desk.send(json.dumps(asked))
            answer = await until(desk, lambda m: m.get("id") == 1)
        assert answer["code"] == "not_for_you"
        assert not any(isinstance(each, events.SuperviseAsked) for each in web.stage.commands)

    async def test_an_agent_has_no_leaders_socket(self, talk):
        web, _ = talk
        session = await sync_to_async(session_of)("anna")
        with pytest.raises(InvalidStatus):
            async with web.desk(session, place="lead"):
                pass

    async def test_who_leads_another_team_now_hears_no_more(self, talk):
        web, item = talk
        await written(lambda: Team.objects.create(key="night"))
        await sync_to_async(move)("cili", "day")
        session = await sync_to_async(session_of)("cili")
        async with web.desk(session, place="lead") as desk:
            await until(desk, lambda m: "view" in m)
            await desk.send(json.dumps({"id": 1, "do": "device", "sdp": "v=0"}))
            await until(desk, lambda m: m.get("id") == 1)
            asked = {"id": 2, "do": "supervise", "item": item, "of": "bela", "mode": "listen"}
            await desk.send(json.dumps(asked))
            await until(desk, lambda m: (m.get("view") or {}).get("me", {}).get("hears"))
            await sync_to_async(move)("cili", "night")
            web.stage.happen(events.PlanChanged(plan=web.stage.plan))
            await until(desk, lambda m: "view" in m and m["view"]["me"]["hears"] is None)
        assert web.stage.board.view["items"][item]["supervisors"] == {}


def move(key, team):
    """Give somebody another team."""
    when_nobody_reads(lambda: Person.objects.filter(pk=key).update(team_id=team))


def noted_of(item):
    """Return what the audit says of a call: action, who, detail."""
    rows = AuditEntry.objects.filter(about=f"interaction:{item}").order_by("number")
    found = [(row.action, row.by, row.detail) for row in rows]
    return [each for each in found if each[0].startswith("call.")]


class TestCallOut:
    async def test_a_number_reaches_the_floor_beside_the_command(self, scene, data):
        async with served(data) as web:
            session = await sync_to_async(session_of)("bela")
            async with web.desk(session) as desk:
                await until(desk, lambda m: "view" in m)
                call = {"id": 1, "do": "call", "client": "acme", "number": "+3615550100"}
                await desk.send(json.dumps(call))
                answer = await until(desk, lambda m: m.get("id") == 1)
            assert web.stage.dialed == ["+3615550100"]
            assert "555" not in repr(web.stage.commands)
            assert (answer["done"], answer["message"][-1]) == (False, ".")


async def test_names_are_read_again_each_minute_at_least():
    assert feeds.RIGHTS_SECONDS <= 60
