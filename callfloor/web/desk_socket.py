"""
The desk's WebSocket: an agent's commands and audio to the floor, his own view back.

A leader's floor page has the same socket on a path of its own: he needs a seat and sound too.
The person is read from the session cookie, and again every minute; the Origin must be ours.
Refuses: to decide, and to speak for anybody but the person whose session it is.
"""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from typing import Any

from django.db import close_old_connections
from django.utils import timezone, translation

from callfloor.core import events
from callfloor.kernel import audit
from callfloor.kernel.errors import Refusal
from callfloor.kernel.link import LinkClient, command
from callfloor.records.forms import services as forms
from callfloor.records.interactions import queries as interactions
from callfloor.records.routing import queries as routing
from callfloor.ui import formats
from callfloor.web import chat_desk, commands, deskview, refusals, sessions, sockets, supervision
from callfloor.web.chat_hub import Hub
from callfloor.web.chat_writer import Writer
from callfloor.web.feed import RIGHTS_SECONDS, Feed
from callfloor.web.groups import Changed
from callfloor.web.sessions import Visitor
from callfloor.web.sockets import Closed, Plain, Socket

log = logging.getLogger(__name__)
SEAT_SECONDS = 120.0  # A desk that is gone for longer is given up; a reload takes some seconds.
PERMISSIONS = {"/live/desk": "calls.take", "/live/lead": supervision.PERMISSION}
"""Who may open a socket, by its path."""
COUNT_SECONDS = 1.0  # How soon a desk hears how many wait; who works reads it between two contacts.
SOCKETS_MAX = 500  # As many seats as one web process serves; DESIGN section 9 counts 100 per core.


class Desk:
    """One open desk: a socket and the agent behind it."""

    def __init__(
        self, desks: "Desks", socket: Socket, visitor: Visitor, *, permission: str
    ) -> None:
        self.socket = socket
        self.visitor = visitor
        self.permission = permission
        self.agent = str(visitor.person.pk)
        self.again = asyncio.Event()
        """Set when the rights are to be looked at before the minute is over."""
        self._desks = desks
        self.texts = chat_desk.Texts(self, feed=desks.feed, hub=desks.hub, writer=desks.writer)
        self.sent: Plain | None = None
        """The view that its browser has."""
        self._secrets: Plain | None = None

    # --- to the browser ---

    def show(self) -> None:
        """Send the agent's view, if it has changed, and ask for a new card if that has."""
        feed = self._desks.feed
        if feed.board is None:
            return
        names = feed.names(self.visitor.language)
        board = feed.board.view
        view = deskview.desk(
            board,
            self.agent,
            clients=self.visitor.rights.clients,
            names=names,
            phones=feed.phones.get(self.agent, 0),
        )
        if view != self.sent:
            self.sent = view
            self.tell({"view": view, "now": sessions.now()})
        secrets = deskview.secrets_of(board, self.agent)
        if secrets != self._secrets:
            self._secrets = secrets
            if secrets is not None:
                feed.later(self._send_card(secrets))

    def count(self, waiting: int) -> None:
        """Send how many wait for this agent's clients, if that has changed."""
        if self.sent is not None and self.sent["waiting"] != waiting:
            self.sent = {**self.sent, "waiting": waiting}
            self.tell({"view": self.sent, "now": sessions.now()})

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
            elif message.get("do") == "whom":
                reply = self._whom()
            elif str(message.get("do")).startswith("text_"):
                reply = await self.texts.take(message)
            else:
                reply = await self._command(message)
        except commands.Misunderstood:
            reply = self._refused("malformed")
        except Refusal as refusal:
            reply = self._refused(refusal.code, message=refusal.message)
        self.tell({"id": ask, **reply})

    async def _device(self, message: Plain) -> Plain:
        sdp = message.get("sdp")
        if not isinstance(sdp, str):
            raise commands.Misunderstood("sdp")
        asked = {"type": "device", "agent": self.agent, "kind": "webrtc", "sdp": sdp}
        answer = await self._desks.link.request(asked)
        self._desks.took_sound(self)
        return {"done": True, "sdp": answer["sdp"]}

    def _whom(self) -> Plain:
        """Say whom this agent may call, ask or transfer to, and how they are just now."""
        feed = self._desks.feed
        if feed.board is None:
            return self._refused("away")
        names, rights = feed.names(self.visitor.language), self.visitor.rights
        found = deskview.whom(feed.board.view, self.agent, clients=rights.clients, names=names)
        return {"done": True, **found}

    async def _command(self, message: Plain) -> Plain:
        event = commands.build(self.agent, message)
        if message["do"] in commands.LEADERS:
            if not await self._may_lead(event):
                return self._refused("not_for_you")
        elif not self.visitor.rights.may("calls.take"):
            return self._refused("not_for_you")
        if isinstance(event, events.WorkFinished):
            await self._desks.feed.in_thread(_check_finish, self.visitor, event)
        beside = commands.beside(event, message)
        await command(self._desks.link, by=self.agent, event=event, **beside)
        return {"done": True}

    async def _may_lead(self, event: events.Event) -> bool:
        """Say whether a leader may do this, and note it before anybody can hear anything."""
        feed = self._desks.feed
        if feed.board is None:
            return False
        # Asked anew: what was hidden from him since his rights were last looked at is not heard.
        hidden = await feed.in_thread(_hidden, self.visitor)
        board, rights = feed.board.view, self.visitor.rights
        allowed = supervision.may(board, rights, event, leader=self.agent, hidden=hidden)
        await feed.in_thread(_note_lead, self.visitor, event, _client_of(board, event), allowed)
        return allowed

    def _refused(self, code: str, *, message: Any = None) -> Plain:
        text = refusals.message(code, language=self.visitor.language, otherwise=message)
        return {"done": False, "code": code, "message": text}


class Desks:
    """All open desks of this process."""

    def __init__(self, *, feed: Feed, link: LinkClient, hub: Hub, writer: Writer) -> None:
        self.feed = feed
        self.link = link
        self.hub = hub
        self.writer = writer
        self._open: dict[Desk, None] = {}
        self._coming = 0
        self._counting: asyncio.TimerHandle | None = None
        self._leaving: dict[str, asyncio.TimerHandle] = {}
        feed.listen(self._changed)

    async def serve(
        self, scope: dict[str, Any], receive: sockets.Receive, send: sockets.Send
    ) -> None:
        """Serve one desk until it leaves."""
        socket = Socket(receive, send)
        if not sessions.is_same_origin(scope) or self._coming + len(self._open) >= SOCKETS_MAX:
            await socket.refuse(sockets.POLICY)
            return
        self._coming += 1  # While it is asked who comes: a burst must not pass the limit together.
        try:
            desk = await self._welcome(socket, scope)
        finally:
            self._coming -= 1
        if desk is not None:
            await self._serve(desk)

    async def _welcome(self, socket: Socket, scope: dict[str, Any]) -> Desk | None:
        permission = PERMISSIONS[scope["path"]]
        visitor = await self.feed.in_thread(sessions.of_scope, scope)
        if visitor is None or not visitor.rights.may(permission):
            await socket.refuse(sockets.POLICY)
            return None
        await self.feed.learn_names(visitor.language)
        await socket.accept()
        return Desk(self, socket, visitor, permission=permission)

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
            desk.texts.close()
            del self._open[desk]
            self._may_leave(desk.agent)

    def nudge(self, people: Sequence[str], what: str = "nudge") -> None:
        """Tell the open desks of some people that something waits for them in the records."""
        for desk in list(self._open):
            if desk.agent in people:
                desk.tell({"nudge": what})

    def took_sound(self, desk: Desk) -> None:
        """Tell the agent's other tabs that the sound is elsewhere now, so that none fights."""
        for other in self._open:
            if other is not desk and other.agent == desk.agent:
                other.tell({"elsewhere": True})

    def _changed(self, changed: Changed) -> None:
        for desk in list(self._open):
            if deskview.is_touched(desk.sent, desk.agent, changed):
                desk.show()
            if changed.is_new_plan:
                desk.again.set()
        if changed.queues and self._counting is None and self._open:
            loop = asyncio.get_running_loop()
            self._counting = loop.call_later(COUNT_SECONDS, self._count)

    def _count(self) -> None:
        """Tell every desk how many wait, worked out once for all who see the same."""
        self._counting = None
        if self.feed.board is None:
            return
        counted: dict[frozenset[str], int] = {}
        for desk in list(self._open):
            clients = desk.visitor.rights.clients
            if clients not in counted:
                counted[clients] = deskview.waiting(self.feed.board.view, clients=clients)
            desk.count(counted[clients])

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
            if visitor is None or not visitor.rights.may(desk.permission):
                await self._sign_out(desk.agent)
                await desk.socket.close(sockets.POLICY)
                return
            desk.visitor = visitor
            desk.show()
            await self._end_foreign(desk)

    async def _end_foreign(self, desk: Desk) -> None:
        """Let a leader hear no more into what is not his any more."""
        if self.feed.board is None:
            return
        visitor, agent = desk.visitor, desk.agent
        item = supervision.ended_by_rights(
            self.feed.board.view, visitor.rights, leader=agent, hidden=visitor.hidden
        )
        if item is not None:
            with contextlib.suppress(Refusal):
                await self._command(events.SuperviseEnded(agent=agent, item=item), by=agent)


def _again(session: str, language: str) -> Visitor | None:
    return sessions.visitor(session=session, language=language)


def _hidden(visitor: Visitor) -> frozenset[str]:
    close_old_connections()
    return interactions.hidden_running(person=visitor.person)


def _client_of(board: Plain, event: Any) -> str | None:
    item = board["items"].get(event.item)
    return item["client"] if item is not None else None


def _check_finish(visitor: Visitor, event: events.WorkFinished) -> None:
    """Let pass a disposition whose mandatory sentences were said."""
    close_old_connections()
    with translation.override(visitor.language):
        forms.check_finish(
            person=visitor.person,
            interaction=event.item,
            disposition=event.disposition or "",
        )


def _note_lead(visitor: Visitor, event: Any, client: str | None, allowed: bool) -> None:
    """Note who heard, or wanted to hear, into whose call."""
    close_old_connections()
    detail = {name: getattr(event, name) for name in ("of", "mode") if hasattr(event, name)}
    action = f"call.{LEAD_ACTIONS[type(event)]}"
    audit.note(
        by=visitor.person.key,
        action=action if allowed else f"{action}_refused",
        about=f"interaction:{event.item[:64]}",
        client=client,
        now=timezone.now(),
        detail=detail,
    )


LEAD_ACTIONS: dict[type[Any], str] = {
    events.SuperviseAsked: "supervised",
    events.SuperviseEnded: "supervision_ended",
    events.TakeOverAsked: "taken_over",
}
"""What the audit calls what a leader did."""


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
