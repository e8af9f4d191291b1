"""
The public chat's WebSocket: a visitor's messages in, those of his own chat out.

Nobody signs in; who has begun a chat comes back with its signed token and the last number that he
has. A message is acknowledged when it is on the disk, and one that comes again is kept once.
Refuses: anything about a chat but his own, to keep a word before he has agreed, and more than
`chat_limits` allows.
"""

import asyncio
import contextlib
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone, translation

from callfloor.desk.chat import tokens
from callfloor.floor.buckets import Bucket
from callfloor.kernel.errors import Refusal
from callfloor.kernel.link import LinkClient
from callfloor.records.customers import services as customers
from callfloor.records.interactions.queries import chats as queries
from callfloor.records.interactions.services import chats, messages
from callfloor.records.routing import queries as routing
from callfloor.web import chat_limits, refusals, sessions, sockets
from callfloor.web.chat_hub import Hub, Reader
from callfloor.web.chat_refusals import (
    BadToken,
    Malformed,
    NoConsent,
    TextTooLong,
    TooFast,
    TooManyStarts,
    UnknownKey,
)
from callfloor.web.chat_state import Places, state_of
from callfloor.web.chat_writer import Writer
from callfloor.web.feed import Feed
from callfloor.web.groups import Changed
from callfloor.web.sockets import Closed, Plain, Socket

VISITOR_CHARS = 32  # Of a hash: who reads the records cannot come as the visitor himself.


@dataclass(frozen=True, kw_only=True)
class Here:
    """The chat that a visitor has opened."""

    id: str
    client: str
    customer: str
    called: str


class Visitor:
    """One open page of a visitor."""

    def __init__(self, house: "Chats", socket: Socket, *, address: str, language: str) -> None:
        self._house = house
        self._socket = socket
        self._address = address
        self._language = language
        self._pace = Bucket(chat_limits.WRITES, at=house.now())
        self._typings = Bucket(chat_limits.TYPINGS, at=house.now())
        self._reader: Reader | None = None
        self._state: Plain = {}
        self.chat: Here | None = None

    async def take(self, message: Plain) -> None:
        """Do what one message asks, and answer it."""
        ask = message.get("id")
        try:
            reply = await self._do(message)
        except Refusal as refusal:
            text = said(refusal, language=self._language)
            reply = {"done": False, "code": refusal.code, "message": text}
        if reply is not None:
            self._socket.tell({"id": ask, **reply})

    async def _do(self, message: Plain) -> Plain | None:
        match message.get("do"), self.chat:
            case "start", None:
                return await self._start(message)
            case "resume", None:
                return await self._resume(message)
            case "write", Here():
                return await self._write(message)
            case "typing", Here():
                self._type()
                return None
            case "mail", Here():
                return await self._continue_by_mail(message)
            case "end", Here():
                return await self._end()
        raise Malformed

    # --- beginning and coming back ---

    async def _start(self, message: Plain) -> Plain:
        if message.get("consent") is not True:
            raise NoConsent
        self._language = _language(message, self._language)
        asked = Asked.read(message, language=self._language)
        if not self._house.starts.take(self._address, now=self._house.now()):
            raise TooManyStarts
        started = await self._house.writer.write(lambda: _begin(asked))
        token = tokens.give(started.interaction_id)
        number = started.written.number
        reply = await self._open(started.interaction_id, after=0)
        if reply is None:
            raise BadToken
        return {**reply, "token": token, "number": number}

    async def _resume(self, message: Plain) -> Plain:
        self._language = _language(message, self._language)
        item, after = tokens.read(message.get("token")), message.get("after")
        if item is None or not isinstance(after, int):
            raise BadToken
        reply = await self._open(item, after=max(0, after))
        if reply is None:
            raise BadToken
        return reply

    async def _open(self, item: str, *, after: int) -> Plain | None:
        found = await self._house.in_thread(_chat, item)
        if found is None:
            return None
        self.chat = Here(id=item, client=found.client, customer=found.customer, called=found.called)
        self._reader = Reader(self._tell, after=after, is_customer=True)
        rows = await self._house.hub.join(item, self._reader)
        self._house.opened(self)
        self._state = self._now(is_open=found.is_open)
        return {
            "done": True,
            "messages": [shown(row) for row in rows],
            "now": sessions.now(),
            **self._state,
        }

    # --- writing ---

    async def _write(self, message: Plain) -> Plain:
        chat = self._mine()
        text, external = _text(message), _external(message)
        if not self._pace.take(self._house.now()):
            raise TooFast
        work = _Write(chat=chat, text=text, external=external, language=self._language)
        item, row = await self._house.writer.write(work)
        if item != chat.id:  # It had ended meanwhile; his words are the first of a new one.
            return await self._again(item, row)
        if row["is_new"]:
            self._house.hub.written(chat.id, row)
        return {"done": True, "number": row["number"], "at": row["at"]}

    async def _again(self, item: str, row: Plain) -> Plain:
        self.leave()
        self._reader = self.chat = None
        reply = await self._open(item, after=0) or {}
        return {**reply, "done": True, "token": tokens.give(item), "number": row["number"]}

    def _type(self) -> None:
        if self._typings.take(self._house.now()):
            self._house.hub.typing(self._mine().id, by_customer=True)

    async def _continue_by_mail(self, message: Plain) -> Plain:
        chat, address = self._mine(), message.get("address")
        if not isinstance(address, str) or len(address) > chat_limits.KNOWN_CHARS_MAX:
            raise Malformed
        await self._house.writer.write(lambda: _learn_address(chat, address))
        return {"done": True}

    async def _end(self) -> Plain:
        item = self._mine().id
        await self._house.writer.write(lambda: messages.leave(interaction_id=item))
        return {"done": True}

    def _mine(self) -> Here:
        assert self.chat is not None, "asked before a chat was opened"
        return self.chat

    # --- to the browser ---

    def _tell(self, message: Plain) -> None:
        rows = message.get("messages")
        if rows is not None:
            message = {"messages": [shown(row) for row in rows]}
        if message.get("state") == "closed":
            self._state = {"state": "closed"}
        # Who does not read is let go; he comes back with the last number that he has.
        try:
            self._socket.tell(message)
        except Closed:
            self._house.feed.later(self._socket.close(sockets.AGAIN_LATER))

    def show(self, places: Places) -> None:
        """Say how far the chat is, if that has changed."""
        if self._state.get("state") == "closed":
            return
        state = self._now(is_open=True, places=places)
        if state != self._state:
            self._state = state
            self._tell(state)

    def _now(self, *, is_open: bool, places: Places | None = None) -> Plain:
        if not is_open or self.chat is None:
            return {"state": "closed"}
        board = self._house.feed.board
        return state_of(board.view if board else None, self.chat.id, places or Places())

    def leave(self) -> None:
        """Look no more."""
        if self.chat is not None and self._reader is not None:
            self._house.hub.leave(self.chat.id, self._reader)
            self._house.closed(self)


class Chats:
    """All visitors of this process."""

    def __init__(
        self,
        *,
        feed: Feed,
        link: LinkClient,
        hub: Hub,
        writer: Writer,
        now: Callable[[], float] = sessions.now,
    ) -> None:
        self.feed = feed
        self.now = now
        self.link = link
        self.hub = hub
        self.writer = writer
        self.starts = chat_limits.Starts()
        self._addresses: dict[str, int] = {}
        self._open: dict[str, dict[Visitor, None]] = {}
        feed.listen(self._changed)

    async def in_thread(self, work: Any, *args: Any) -> Any:
        """Do something that asks the database."""
        return await self.feed.in_thread(work, *args)

    async def serve(
        self, scope: dict[str, Any], receive: sockets.Receive, send: sockets.Send
    ) -> None:
        """Serve one page until it is closed."""
        socket = Socket(receive, send)
        address = str((scope.get("client") or ("?",))[0])
        if not sessions.is_same_origin(scope) or not self._has_room(address):
            await socket.refuse(sockets.POLICY)
            return
        language = sessions.language_of(scope)
        visitor = Visitor(self, socket, address=address, language=language)
        # Before anything is waited for: a burst must not pass the limit together.
        self._addresses[address] = self._addresses.get(address, 0) + 1
        try:
            await socket.accept()
            await self._serve(socket, visitor)
        finally:
            self._addresses[address] -= 1
            if not self._addresses[address]:
                del self._addresses[address]

    def _has_room(self, address: str) -> bool:
        mine = self._addresses.get(address, 0)
        total = sum(self._addresses.values())
        return mine < chat_limits.SOCKETS_PER_ADDRESS_MAX and total < chat_limits.SOCKETS_MAX

    async def _serve(self, socket: Socket, visitor: Visitor) -> None:
        writing = asyncio.ensure_future(socket.write())
        try:
            with contextlib.suppress(Closed, TimeoutError):
                async with asyncio.timeout(chat_limits.HELLO_SECONDS):
                    while visitor.chat is None:
                        await visitor.take(await socket.read())
                while True:
                    await visitor.take(await socket.read())
        finally:
            visitor.leave()
            writing.cancel()

    # --- how far each chat is ---

    def opened(self, visitor: Visitor) -> None:
        """Note that a visitor looks at his chat."""
        assert visitor.chat is not None
        self._open.setdefault(visitor.chat.id, {})[visitor] = None

    def closed(self, visitor: Visitor) -> None:
        """Note that he does no more."""
        assert visitor.chat is not None
        mine = self._open.get(visitor.chat.id, {})
        mine.pop(visitor, None)
        if not mine:
            self._open.pop(visitor.chat.id, None)

    def _changed(self, changed: Changed) -> None:
        if not self._open or self.feed.board is None:
            return
        places, board = Places(), self.feed.board.view
        touched = set(changed.items)
        for queue in changed.queues:
            touched |= board["queues"].get(queue, {"waiting": {}})["waiting"].keys()
        for item in touched & self._open.keys():
            for visitor in list(self._open[item]):
                visitor.show(places)


# --- what is asked of the records (the writer's thread, or a live one) ---


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody who begins a chat has said."""

    key: str
    visitor: str
    external: str
    name: str
    text: str
    language: str
    number: str = ""
    address: str = ""

    @classmethod
    def read(cls, message: Plain, *, language: str) -> "Asked":
        """Read it off a message; raises Malformed or TextTooLong."""
        name = message.get("name", "")
        if not isinstance(name, str) or len(name) > chat_limits.NAME_CHARS_MAX:
            raise Malformed
        return cls(
            key=_key(message, "key"),
            visitor=_key(message, "visitor"),
            external=_external(message),
            name=name.strip(),
            text=_text(message),
            language=language,
            number=_said(message, "number"),
            address=_said(message, "address"),
        )


def _begin(asked: Asked) -> chats.Started:
    place = routing.chat_place(key=asked.key)
    if place is None:
        raise UnknownKey
    return chats.start(
        client=place.client,
        called=place.called,
        visitor=hashlib.sha256(asked.visitor.encode()).hexdigest()[:VISITOR_CHARS],
        text=asked.text,
        external=asked.external,
        language=asked.language,
        name=asked.name,
        number=asked.number,
        address=asked.address,
        now=timezone.now(),
        chance=os.urandom(10),
    )


@dataclass(frozen=True, kw_only=True)
class _Write:
    """A visitor's message, as the writer keeps it: in his chat, or in a new one if that ended."""

    chat: Here
    text: str
    external: str
    language: str

    def __call__(self) -> tuple[str, Plain]:
        """Keep it; return in which chat, and the row."""
        now = timezone.now()
        item = chats.current(
            interaction_id=self.chat.id,
            external=self.external,
            language=self.language,
            now=now,
            chance=os.urandom(10),
        )
        written = messages.write(
            interaction_id=item, direction="in", text=self.text, now=now, external=self.external
        )
        row = {
            "number": written.number,
            "direction": "in",
            "author": None,
            "at": written.at.timestamp(),
            "kind": "text",
            "text": self.text,
            "data": {},
            "state": "kept",
        }
        return item, row | {"is_new": written.is_new}


def _learn_address(chat: Here, address: str) -> None:
    """Keep where the visitor wants to be written to; who else has that address is not asked."""
    now = timezone.now()
    customers.learn(
        customer_id=chat.customer,
        kind="address",
        value=address,
        evidence=f"chat:{chat.id}",
        confidence="said",
        now=now,
    )
    chats.continue_by_mail(interaction_id=chat.id, now=now)


def _chat(item: str) -> queries.ChatRow | None:
    close_old_connections()
    return queries.chat(interaction_id=item)


def shown(row: Plain) -> Plain:
    """Return of a message what a customer may see: not which agent wrote it, nor its state."""
    seen = {name: row[name] for name in ("number", "direction", "at", "kind", "text")}
    file = {name: row["data"][name] for name in ("type", "bytes") if name in row["data"]}
    return {**seen, "file": file} if row["kind"] == "file" else seen


def said(refusal: Refusal, *, language: str) -> str:
    """Return a refusal in somebody's language."""
    if refusal.code.startswith("floor."):
        return refusals.message(refusal.code, language=language)
    with translation.override(language):
        return str(refusal.message)


def _language(message: Plain, otherwise: str) -> str:
    asked = message.get("language")
    return asked if isinstance(asked, str) and asked in dict(settings.LANGUAGES) else otherwise


def _text(message: Plain) -> str:
    text = message.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Malformed
    if len(text) > chat_limits.TEXT_CHARS_MAX:
        raise TextTooLong
    return text


def _key(message: Plain, name: str) -> str:
    value = message.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= chat_limits.KEY_CHARS_MAX:
        raise Malformed
    return value


def _said(message: Plain, name: str) -> str:
    """Return how the visitor says that he is known; empty if he says nothing."""
    value = message.get(name, "")
    if not isinstance(value, str) or len(value) > chat_limits.KNOWN_CHARS_MAX:
        raise Malformed
    return value.strip()


def _external(message: Plain) -> str:
    """Return the key of a message under a prefix of its own: no visitor can take a colleague's."""
    return f"web:{_key(message, 'external')}"
