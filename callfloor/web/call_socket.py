"""
The public telephone's WebSocket: a customer's offer to the floor, the state of his own call back.

Nobody signs in. Refuses: anything about a call but its own, and more calls than a caller makes.
"""

import asyncio
import contextlib
from typing import Any

from django.db import close_old_connections

from callfloor.desk.chat import tokens
from callfloor.kernel.errors import Refusal
from callfloor.kernel.link import LinkClient
from callfloor.records.customers import queries as customers
from callfloor.records.interactions.queries import chats
from callfloor.web import refusals, sessions, sockets
from callfloor.web.feed import Feed
from callfloor.web.groups import Changed
from callfloor.web.sockets import Closed, Plain, Socket

CALLS_MAX = 100  # Browser legs that one core of media carries (DESIGN section 9).
CALLS_PER_ADDRESS_MAX = 4  # A household behind one address.
KEYS = frozenset("0123456789*#")


class Call:
    """One customer's call."""

    def __init__(self, socket: Socket, *, feed: Feed, link: LinkClient, language: str) -> None:
        self._socket = socket
        self._feed = feed
        self._link = link
        self._language = language
        self._state = ""
        self.item: str | None = None

    async def take(self, message: Plain) -> None:
        """Do what one message asks."""
        try:
            await self._do(message)
        except Refusal as refusal:
            text = refusals.message(refusal.code, language=self._language)
            self._socket.tell({"refused": refusal.code, "message": text})

    async def _do(self, message: Plain) -> None:
        match message.get("do"), self.item:
            case "call", None:
                await self._call(message)
            case "key", str(item) if message.get("key") in KEYS:
                await self._link.request({"type": "key", "item": item, "digit": message["key"]})
            case "hang_up", str():
                raise Closed
            case _:
                await self._socket.close(sockets.POLICY)
                raise Closed

    async def _call(self, message: Plain) -> None:
        number, sdp = str(message.get("number")), str(message.get("sdp"))
        asked = {"type": "call", "called": number, "sdp": sdp}
        if message.get("chat"):  # Who calls out of a chat is known by it, before he says hello.
            asked["caller"] = await self._feed.in_thread(_caller, message["chat"])
        reply = await self._link.request(asked)
        self.item = reply["item"]
        self._socket.tell({"sdp": reply["sdp"], "now": sessions.now()})
        self.show(None)

    def show(self, changed: Changed | None) -> None:
        """Say in which state the call is, if that has changed."""
        if self.item is None or (changed is not None and self.item not in changed.items):
            return
        row = self._feed.board.view["items"].get(self.item) if self._feed.board else None
        if row is None and not self._state:
            return  # Its arrival is on the way.
        state = row["state"] if row else "closed"
        if state != self._state:
            self._state = state
            with contextlib.suppress(Closed):
                self._socket.tell({"state": state, "now": sessions.now()})

    async def end(self) -> None:
        """Hang up, if there is still something to hang up."""
        if self.item is not None and self._state != "closed":
            with contextlib.suppress(Refusal):
                await self._link.request({"type": "hang_up", "item": self.item})


def _caller(token: object) -> str | None:
    close_old_connections()
    item = tokens.read(token)
    found = chats.chat(interaction_id=item) if item is not None else None
    return customers.visitor_token(customer_id=found.customer) if found is not None else None


class Calls:
    """All customers' calls of this process."""

    def __init__(self, *, feed: Feed, link: LinkClient) -> None:
        self._feed = feed
        self._link = link
        self._addresses: dict[str, int] = {}

    async def serve(
        self, scope: dict[str, Any], receive: sockets.Receive, send: sockets.Send
    ) -> None:
        """Serve one call until it ends or the page is closed."""
        socket = Socket(receive, send)
        address = str((scope.get("client") or ("?",))[0])
        if not sessions.is_same_origin(scope) or not self._has_room(address):
            await socket.refuse(sockets.POLICY)
            return
        language = sessions.language_of(scope)
        call = Call(socket, feed=self._feed, link=self._link, language=language)
        # Before anything is waited for: a burst must not pass the limit together.
        self._addresses[address] = self._addresses.get(address, 0) + 1
        try:
            await socket.accept()
            await self._serve(socket, call)
        finally:
            self._addresses[address] -= 1
            if not self._addresses[address]:
                del self._addresses[address]

    def _has_room(self, address: str) -> bool:
        mine = self._addresses.get(address, 0)
        return mine < CALLS_PER_ADDRESS_MAX and sum(self._addresses.values()) < CALLS_MAX

    async def _serve(self, socket: Socket, call: Call) -> None:
        writing = asyncio.ensure_future(socket.write())
        self._feed.listen(call.show)
        try:
            while True:
                await call.take(await socket.read())
        except Closed:
            pass
        finally:
            self._feed.unlisten(call.show)
            writing.cancel()
            await call.end()
