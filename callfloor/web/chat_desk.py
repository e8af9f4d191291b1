"""
What an agent does with the written contacts on his desk: read, answer, note, and who types.

The floor says whose a contact is; the records keep what is written. Refuses: to write in a contact
that the floor has not given to this agent, and to show one that he may not read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import close_old_connections
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from callfloor.desk.chat import tokens
from callfloor.kernel import access, audit
from callfloor.kernel.errors import Refusal
from callfloor.records.customers import queries as customers
from callfloor.records.interactions.queries import chats as queries
from callfloor.records.interactions.queries import messages as readings
from callfloor.records.interactions.services import chats, messages
from callfloor.web import sessions
from callfloor.web.chat_hub import Hub, Reader
from callfloor.web.chat_writer import Writer
from callfloor.web.commands import Misunderstood
from callfloor.web.feed import Feed
from callfloor.web.sessions import Visitor
from callfloor.web.sockets import Plain

TEXT_CHARS_MAX = 50_000  # A long mail; the records take four times as much.
KEY_CHARS_MAX = 40  # A UUID has 36.
FILES_MAX = 10  # Of one mail; what has more parts is a folder, and mail servers refuse it.
FILES_BYTES_MAX = 15 * 1024 * 1024
"""Of one mail together: in base64 it is 20 MB, and many servers take no mail of more than 25."""
OPEN_MAX = 30  # Contacts that one desk looks at; capacities are far below.
DIRECTIONS = ("out", "note")
CALL = "call"


class NotYours(Refusal):
    """The floor has not given this contact to this agent, or not any more."""

    code = "text.not_yours"
    message = _("This contact is not yours any more. What you wrote stays in the draft.")


class TextTooLong(Refusal):
    """More than fits into one answer."""

    code = "text.too_long"
    message = _("This answer is too long. Shorten it, or send it as a file.")


class FileLapsed(Refusal):
    """A file was chosen for another contact, or too long ago."""

    code = "text.file_lapsed"
    message = _("A file has waited too long. Attach it again.")


class TooMuchEnclosed(Refusal):
    """More files than one mail carries."""

    code = "text.files_too_big"
    message = _("These files are too much for one e-mail. Send some of them with another one.")


class TooManyOpen(Refusal):
    """One desk looks at more contacts than it can have."""

    code = "text.too_many"
    message = _("Too many contacts are open on this desk. Load the page again.")


class Desk(Protocol):
    """As much of a desk's socket as is needed here."""

    agent: str
    visitor: Visitor

    def tell(self, message: Plain) -> None:
        """Send a message soon."""
        ...


class Texts:
    """The written contacts of one open desk."""

    def __init__(self, desk: Desk, *, feed: Feed, hub: Hub, writer: Writer) -> None:
        self._desk = desk
        self._feed = feed
        self._hub = hub
        self._writer = writer
        self._readers: dict[str, Reader] = {}

    async def take(self, message: Plain) -> Plain:
        """
        Do what one message asks.

        Raises Misunderstood, NotYours, TextTooLong, FileLapsed, TooMuchEnclosed, TooManyOpen,
        access.NotFound and Forbidden.
        """
        item = _field(message, "item", KEY_CHARS_MAX)
        match message.get("do"):
            case "text_open":
                return await self._open(item, message.get("after"))
            case "text_close":
                self._close(item)
                return {"done": True}
            case "text_write":
                return await self._write(item, message)
            case "text_typing":
                self._type(item)
                return {"done": True}
        raise Misunderstood("do")

    def close(self) -> None:
        """Look at nothing any more."""
        for item in list(self._readers):
            self._close(item)

    # --- reading ---

    async def _open(self, item: str, after: object) -> Plain:
        if not isinstance(after, int) or isinstance(after, bool) or after < 0:
            raise Misunderstood("after")
        self._close(item)
        if len(self._readers) >= OPEN_MAX:
            raise TooManyOpen
        if not self._is_mine(item):
            await self._feed.in_thread(_check_reading, self._desk.visitor, item)
        reader = Reader(self._teller(item), after=after, is_customer=False)
        self._readers[item] = reader
        rows = await self._hub.join(item, reader)
        about = await self._feed.in_thread(_about, self._desk.visitor, item, after)
        here = self._hub.is_customer_here(item)
        return {"done": True, "messages": rows, "here": here, "now": sessions.now(), **about}

    def _teller(self, item: str) -> Callable[[Plain], None]:
        return lambda told: self._desk.tell({"text": {"item": item, **told}})

    def _close(self, item: str) -> None:
        reader = self._readers.pop(item, None)
        if reader is not None:
            self._hub.leave(item, reader)

    # --- writing ---

    async def _write(self, item: str, message: Plain) -> Plain:
        work = self._work(item, message)
        if not self._is_mine(item):
            raise NotYours
        rows = await self._writer.write(work)
        for row in rows:
            if row.pop("is_new"):
                self._hub.written(item, row)
        row = rows[-1]
        return {"done": True, "number": row["number"], "at": row["at"], "state": row["state"]}

    def _work(self, item: str, message: Plain) -> "Answer":
        text, direction = message.get("text"), message.get("direction")
        file = tokens.read_file(message.get("file"), interaction_id=item)
        if file is not None:
            text = file[0]
        if not isinstance(text, str) or not text.strip() or direction not in DIRECTIONS:
            raise Misunderstood("text")
        if len(text) > TEXT_CHARS_MAX:
            raise TextTooLong
        return Answer(
            item=item,
            agent=self._desk.agent,
            direction=str(direction),
            text=text,
            file=file[1] if file is not None else None,
            enclosed=_enclosed(message.get("files", []), item) if file is None else (),
            external=f"desk:{_field(message, 'key', KEY_CHARS_MAX)}",
            customer_here=self._hub.is_customer_here(item),
        )

    def _type(self, item: str) -> None:
        if self._is_mine(item):
            self._hub.typing(item, by_customer=False)

    def _is_mine(self, item: str) -> bool:
        """Say whether the floor has offered or given this contact to the agent of this desk."""
        board = self._feed.board
        return board is not None and has(board.view, self._desk.agent, item)


def answer_of(
    *,
    board: Plain,
    agent: str,
    item: str,
    text: str,
    direction: str,
    external: str,
    customer_here: bool,
) -> "Answer":
    """
    Give what keeps an answer that an agent writes elsewhere than on his desk.

    The contact must be in his hands, as there. Raises NotYours, TextTooLong.
    """
    if not has(board, agent, item):
        raise NotYours
    if len(text) > TEXT_CHARS_MAX:
        raise TextTooLong
    return Answer(
        item=item,
        agent=agent,
        direction=direction,
        text=text,
        file=None,
        external=external,
        customer_here=customer_here,
    )


def has(board: Plain, agent: str, item: str) -> bool:
    """Say whether a written contact is offered to an agent, or in his hands."""
    row = board.get("agents", {}).get(agent)
    if row is None:
        return False
    work, offer = row["works"].get(item), row["offer"]
    if work is not None:
        return bool(work["channel"] != CALL)
    return offer is not None and offer["item"] == item and offer["channel"] != CALL


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an agent has written, as the writer keeps it."""

    item: str
    agent: str
    direction: str
    text: str
    file: Plain | None
    """What is known of the file that this sends; None for words."""
    enclosed: tuple[tuple[str, Plain], ...] = ()
    """Names and what is known of files that go with the words."""
    external: str
    customer_here: bool

    def __call__(self) -> list[Plain]:
        """Keep it; return its rows, the files that go with it first."""
        rows = [
            self._keep(name, kind="file", data=data, key=f"{self.external}:{place}", state="kept")
            for place, (name, data) in enumerate(self.enclosed)
        ]
        files = {"files": [row["number"] for row in rows]} if rows else None
        here = self.customer_here
        state = state_of_answer(self.item, direction=self.direction, customer_here=here)
        kind, data = ("text", files) if self.file is None else ("file", self.file)
        main = self._keep(self.text, kind=kind, data=data, key=self.external, state=state)
        return [*rows, main]

    def _keep(self, text: str, *, kind: str, data: Plain | None, key: str, state: str) -> Plain:
        written = messages.write(
            interaction_id=self.item,
            direction=self.direction,
            text=text,
            author=self.agent,
            external=key,
            kind=kind,
            data=data,
            now=timezone.now(),
            state=state,
        )
        return {
            "number": written.number,
            "direction": self.direction,
            "author": self.agent,
            "at": written.at.timestamp(),
            "kind": kind,
            "text": text,
            "data": data or {},
            "state": "kept",
            "is_new": written.is_new,
        }


def state_of_answer(item: str, *, direction: str, customer_here: bool) -> str:
    """Say whether an answer must be sent on: a mail always, a chat's if its customer has left."""
    found = queries.chat(interaction_id=item)
    if found is None or direction != "out":
        return "kept"
    if found.channel == "mail":
        return "to_send"
    left = not customer_here and found.channel == "chat"
    return "to_send" if left and chats.goes_by_mail(interaction_id=item) else "kept"


def _check_reading(visitor: Visitor, item: str) -> None:
    close_old_connections()
    readings.messages(person=visitor.person, interaction_id=item, after=2**31 - 1)


def _about(visitor: Visitor, item: str, after: int) -> Plain:
    """Return what the panel's head says of a contact; that it was opened is noted once."""
    close_old_connections()
    found = queries.chat(interaction_id=item)
    if found is None:
        raise access.NotFound
    if not after:
        audit.note(
            by=visitor.person.key,
            action="interaction.read",
            about=f"interaction:{item}",
            client=found.client,
            now=timezone.now(),
        )
    with translation.override(visitor.language):
        label = customers.called(ids=[found.customer])[found.customer].label
    by_mail = found.channel == "chat" and chats.goes_by_mail(interaction_id=item)
    return {
        "channel": found.channel,
        "is_open": found.is_open,
        "customer": found.customer,
        "name": label,
        "by_mail": by_mail,
    }


def _enclosed(tokens_given: object, item: str) -> tuple[tuple[str, Plain], ...]:
    """Return names and data of files that go with words, each from a desk's own upload."""
    if not isinstance(tokens_given, list):
        raise Misunderstood("files")
    if len(tokens_given) > FILES_MAX:
        raise TooMuchEnclosed
    found = [tokens.read_file(each, interaction_id=item) for each in tokens_given]
    known = [each for each in found if each is not None]
    if len(known) < len(found):
        raise FileLapsed
    if sum(data["bytes"] for _name, data in known) > FILES_BYTES_MAX:
        raise TooMuchEnclosed
    return tuple(known)


def _field(message: Plain, name: str, chars_max: int) -> str:
    value: Any = message.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= chars_max:
        raise Misunderstood(name)
    return value
