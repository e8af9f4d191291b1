"""
The desk's WebSocket: an agent's commands and audio to the floor, his own view back.

The person is read from the session cookie, and again every minute; the Origin must be ours.
Refuses: to decide, and to speak for anybody but the person whose session it is.
"""

import asyncio
import contextlib
import logging
from typing import Any

from django.db import close_old_connections
from django.utils import timezone, translation

from callfloor.core import events
from callfloor.kernel.errors import Refusal
from callfloor.kernel.link import LinkClient, command
from callfloor.records.interactions import queries as interactions
from callfloor.records.routing import queries as routing
from callfloor.ui import formats
from callfloor.web import commands, deskview, refusals, sessions, sockets
from callfloor.web.feed import RIGHTS_SECONDS, Feed
from callfloor.web.groups import Changed
from callfloor.web.sessions import Visitor
from callfloor.web.sockets import Closed, Plain, Socket

log = logging.getLogger(__name__)
SEAT_SECONDS = 120.0  # A desk that is gone for longer is given up; a reload takes some seconds.
SOCKETS_MAX = 500  # As many seats as one web process serves; DESIGN section 9 counts 100 per core.


class Desk:
    """One open desk: a socket and the agent behind it."""

    def __init__(self, desks: "Desks", socket: Socket, visitor: Visitor) -> None:
        self.socket = socket
        self.visitor = visitor
        self.agent = str(visitor.person.pk)
        self.again = asyncio.Event()
        """Set when the rights are to be looked at before the minute is over."""
        self._desks = desks
        self._sent: Plain | None = None
        self._secrets: Plain | None = None

    # --- to the browser ---

    def show(self) -> None:
        """Send the agent's view, if it has changed, and ask for a new card if that has."""
        feed = self._desks.feed
        if feed.board is None:
            return
        names = feed.names(self.visitor.language)
        clients = self.visitor.rights.clients
        board = feed.board.view
        queues = frozenset(key for key, row in board["queues"].items() if row["client"] in clients)
        view = deskview.desk(
            board,
            self.agent,
            queues=queues,
            queue_names=names.queues,
            client_names=names.clients,
        )
        if view != self._sent:
            self._sent = view
            self.tell({"view": view, "now": sessions.now()})
        secrets = deskview.secrets_of(board, self.agent)
        if secrets != self._secrets:
            self._secrets = secrets
            if secrets is not None:
                feed.later(self._send_card(secrets))

    async def _send_card(self, secrets: Plain) -> None:
        try:
            card = await self._desks.feed.in_thread(_card, self.visitor, secrets)
        except Refusal as refusal:
            log.info("card refused %s", refusal.code)
            return
        if secrets == self._secrets:  # A later card may already be there.
            self.tell({"card": card})

    def tell(self, message: Plain) -> None:
        """Send something, or let go of a browser that does not read."""
        try:
            self.socket.tell(message)
        except Closed:
            self._desks.feed.later(self.socket.close(sockets.AGAIN_LATER))

    # --- from the browser ---

    async def take(self, message: Plain) -> None:
        """Do what one message asks, and answer it."""
        ask = message.get("id")
        try:
            if message.get("do") == "device":
                reply = await self._device(message)
            else:
                reply = await self._command(message)
        except commands.Misunderstood:
            reply = self._refused("malformed")
        except Refusal as refusal:
            reply = self._refused(refusal.code)
        self.tell({"id": ask, **reply})

    async def _device(self, message: Plain) -> Plain:
        sdp = message.get("sdp")
        if not isinstance(sdp, str):
            raise commands.Misunderstood("sdp")
        asked = {"type": "device", "agent": self.agent, "kind": "webrtc", "sdp": sdp}
        answer = await self._desks.link.request(asked)
        self._desks.took_sound(self)
        return {"done": True, "sdp": answer["sdp"]}

    async def _command(self, message: Plain) -> Plain:
        event = commands.build(self.agent, message)
        keys = message["keys"] if isinstance(event, events.KeysAsked) else None
        await command(self._desks.link, by=self.agent, event=event, keys=keys)
        return {"done": True}

    def _refused(self, code: str) -> Plain:
        text = refusals.message(code, language=self.visitor.language)
        return {"done": False, "code": code, "message": text}


class Desks:
    """All open desks of this process."""

    def __init__(self, *, feed: Feed, link: LinkClient) -> None:
        self.feed = feed
        self.link = link
        self._open: dict[Desk, None] = {}
        self._leaving: dict[str, asyncio.TimerHandle] = {}
        feed.listen(self._changed)

    async def serve(
        self, scope: dict[str, Any], receive: sockets.Receive, send: sockets.Send
    ) -> None:
        """Serve one desk until it leaves."""
        socket = Socket(receive, send)
        if not sessions.is_same_origin(scope) or len(self._open) >= SOCKETS_MAX:
            await socket.refuse(sockets.POLICY)
            return
        visitor = await self.feed.in_thread(sessions.of_scope, scope)
        if visitor is None or not visitor.rights.may("calls.take"):
            await socket.refuse(sockets.POLICY)
            return
        await self.feed.learn_names(visitor.language)
        await socket.accept()
        await self._serve(Desk(self, socket, visitor))

    async def _serve(self, desk: Desk) -> None:
        self._open[desk] = None
        self._stay(desk.agent)
        work = [asyncio.ensure_future(each) for each in (desk.socket.write(), self._watch(desk))]
        try:
            await self._sit_down(desk)
            desk.show()
            while True:
                await desk.take(await desk.socket.read())
        except Closed:
            pass
        finally:
            for task in work:
                task.cancel()
            del self._open[desk]
            self._may_leave(desk.agent)

    def took_sound(self, desk: Desk) -> None:
        """Tell the agent's other tabs that the sound is elsewhere now, so that none fights."""
        for other in self._open:
            if other is not desk and other.agent == desk.agent:
                other.tell({"elsewhere": True})

    def _changed(self, changed: Changed) -> None:
        for desk in list(self._open):
            desk.show()
            if changed.is_new_plan:
                desk.again.set()

    # --- the seat ---

    async def _sit_down(self, desk: Desk) -> None:
        """Take the seat, unless the agent has it from before a reload."""
        row = self.feed.board.view["agents"].get(desk.agent) if self.feed.board else None
        if row is None or row["state"] != "signed_out":
            return
        with contextlib.suppress(Refusal):
            await self._command(events.AgentSignedIn(agent=desk.agent), by=desk.agent)

    async def _command(self, event: events.Event, *, by: str) -> None:
        await command(self.link, by=by, event=event)

    def _stay(self, agent: str) -> None:
        handle = self._leaving.pop(agent, None)
        if handle is not None:
            handle.cancel()

    def _may_leave(self, agent: str) -> None:
        if any(desk.agent == agent for desk in self._open):
            return
        loop = asyncio.get_running_loop()
        self._leaving[agent] = loop.call_later(SEAT_SECONDS, self._leave, agent)

    def _leave(self, agent: str) -> None:
        self._leaving.pop(agent, None)
        if self.feed.board is None or deskview.on_a_call(self.feed.board.view, agent):
            self._may_leave(agent)  # A call in hand is another's; it has leases of its own.
            return
        row = self.feed.board.view["agents"].get(agent)
        if row is not None and row["state"] != "signed_out":
            self.feed.later(self._sign_out(agent))

    async def _sign_out(self, agent: str) -> None:
        with contextlib.suppress(Refusal):
            await self._command(events.AgentSignedOut(agent=agent), by=agent)

    async def _watch(self, desk: Desk) -> None:
        """Ask every minute, and at each new plan, whether this is still who it was."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(desk.again.wait(), RIGHTS_SECONDS)
            desk.again.clear()
            old = desk.visitor
            visitor = await self.feed.in_thread(_again, old.session, old.language)
            if visitor is None or not visitor.rights.may("calls.take"):
                await self._sign_out(desk.agent)
                await desk.socket.close(sockets.POLICY)
                return
            desk.visitor = visitor


def _again(session: str, language: str) -> Visitor | None:
    return sessions.visitor(session=session, language=language)


def _card(visitor: Visitor, secrets: Plain) -> Plain:
    """Return what is known of the caller, opened for the one agent who has the call."""
    close_old_connections()
    with translation.override(visitor.language):
        labels = routing.choice_names(keys=[label for label, _ in secrets["typed"]])
        card = interactions.card(
            person=visitor.person,
            item=secrets["item"],
            client=secrets["client"],
            sealed=secrets["sealed"],
            typed=secrets["typed"],
            token=secrets["token"],
            now=timezone.now(),
        )
    return {
        "item": secrets["item"],
        "number": formats.phone(card.number, language="en") if card.number else None,
        "name": card.name,
        "customer": card.customer_id,
        "label": card.customer_label,
        "contacts_before": card.contacts_before,
        "typed": [{"label": labels[row.label], "digits": row.digits} for row in card.typed],
    }
