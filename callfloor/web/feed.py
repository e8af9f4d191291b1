"""
The web process's one view of the floor: the link's facts in, what each browser may see out.

Holds a core Board, sends each group of readers only rows that changed, and asks again every minute
(and at each new plan) what each visitor may see. Refuses: any truth, and any decision.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from django.db import close_old_connections
from django.utils import translation

from callfloor.core import codec
from callfloor.core.board import Board
from callfloor.core.plan import FloorPlan
from callfloor.desk import centre
from callfloor.records.people import queries as people
from callfloor.records.routing import queries as routing
from callfloor.web import sessions, supervision, view
from callfloor.web.groups import Changed, Group, Reader
from callfloor.web.sessions import Visitor
from callfloor.web.view import Names, Plain, Sight

RIGHTS_SECONDS = 60.0  # DESIGN section 2: rights are evaluated again at least this often.
FLUSH_SECONDS = 0.05  # Facts of one burst go out together; far below what an eye notices.

PERMISSIONS = {"floor": "floor.see", "wallboard": "wallboard.see"}
"""What a stream shows, and the permission for it."""

Listener = Callable[[Changed], None]


@dataclass(eq=False)
class Stream:
    """A browser that reads, with what its visitor may see."""

    visitor: Visitor
    kind: str
    reader: Reader
    group: Group


def sight_of(visitor: Visitor, kind: str) -> Sight | None:
    """Return what somebody may see of a kind, None if nothing."""
    rights = visitor.rights
    if not rights.may(PERMISSIONS[kind]):
        return None
    team = rights.team if kind == "floor" else None
    supervises = kind == "floor" and rights.may(supervision.PERMISSION)
    hidden = visitor.hidden if kind == "floor" else frozenset()  # A wallboard shows no contact.
    return Sight(
        kind=kind,
        clients=rights.clients,
        language=visitor.language,
        team=team,
        supervises=supervises,
        hidden=hidden,
        reader=str(visitor.person.pk) if hidden else None,
    )


class Feed:
    """Everything that browsers see live."""

    def __init__(self, *, executor: Executor) -> None:
        self.board: Board | None = None
        self.plan: FloorPlan | None = None
        self.version = ""
        self.phones: dict[str, int] = {}
        """How many telephones the plan gives each agent who has any."""
        self.health: Plain = {}
        self._executor = executor
        self._names: dict[str, Names] = {}
        self._groups: dict[Sight, Group] = {}
        self._streams: set[Stream] = set()
        self._listeners: dict[Listener, None] = {}
        self._changed = Changed()
        self._event = "0-0"
        self._epoch = 0
        self._flushed_at = 0.0
        self._flush_handle: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._refreshing = asyncio.Lock()

    # --- from the floor, on the loop ---

    def welcome(self, message: Plain) -> None:
        """Take the floor's snapshot: a new link or a new epoch."""
        self.plan = codec.from_plain(message["plan"])
        assert isinstance(self.plan, FloorPlan), "the floor sends its plan"
        self.phones = {agent.key: len(agent.phones) for agent in self.plan.agents if agent.phones}
        self.board = Board.restore(self.plan, message["board"])
        self._epoch, self.version = int(message["epoch"]), str(message["version"])
        self._event = f"{self._epoch}-{message['seq']}"
        for group in self._groups.values():
            self._reset(group)
        self.later(self.refresh(again=True))

    def facts(self, message: Plain) -> None:
        """Take what was decided."""
        if self.board is None or self.plan is None:
            return
        for row in message["rows"]:
            fact = row["fact"]
            self._changed.add(self.board.view, fact)
            day = self.board.view["day"]
            self.board.apply(codec.from_plain(fact), row["at"])
            self._changed.add(self.board.view, fact)
            self._event = f"{self._epoch}-{row['seq']}"
            if self.board.view["day"] != day or fact["is"] == "PlanApplied":
                self._changed.all_of(self.board.view)
            if fact["is"] == "PlanApplied":
                self._changed.is_new_plan = True
                self.later(self.refresh())
        self._flush_soon()

    def healthy(self, message: Plain) -> None:
        """Take how the floor is."""
        self.health = {key: value for key, value in message.items() if key != "type"}

    def lost(self) -> None:
        """Note that the link is gone; the last view stays on the screens."""
        self.health = {}

    # --- to the browsers ---

    def snapshot(self) -> Plain:
        """Return the board for a port; empty before the first welcome."""
        return self.board.snapshot() if self.board else {}

    def names(self, language: str) -> Names:
        """Return names in a language; keys stand for names until they are read."""
        return self._names.get(language) or self._keys_as_names()

    async def learn_names(self, language: str) -> None:
        """Read what things are called in a language, unless that is known."""
        if language not in self._names:
            await self._read_names(language)

    async def open(self, visitor: Visitor, kind: str) -> Stream | None:
        """Let a visitor read, None if the duties do not include it or nothing is known yet."""
        sight = sight_of(visitor, kind)
        if sight is None or self.board is None:
            return None
        await self.learn_names(visitor.language)
        stream = Stream(visitor=visitor, kind=kind, reader=Reader(), group=self._group(sight))
        return self._join(stream)

    def _join(self, stream: Stream) -> Stream:
        stream.group.readers.add(stream.reader)
        self._streams.add(stream)
        return stream

    def close(self, stream: Stream) -> None:
        """Let go of a reader."""
        self._streams.discard(stream)
        self._leave(stream)

    def _leave(self, stream: Stream) -> None:
        stream.group.readers.discard(stream.reader)
        if not stream.group.readers:
            self._groups.pop(stream.group.sight, None)

    def listen(self, listener: Listener) -> None:
        """Call something after each flush: the desks' sockets."""
        self._listeners[listener] = None

    def unlisten(self, listener: Listener) -> None:
        """Call it no more."""
        self._listeners.pop(listener, None)

    def _group(self, sight: Sight) -> Group:
        group = self._groups.get(sight)
        if group is None:
            assert self.board is not None
            self._flush()  # So that the new view and its event id are of the same moment.
            group = self._groups[sight] = Group(sight)
            self._reset(group)
        return group

    def _reset(self, group: Group) -> None:
        assert self.board is not None
        group.reset(self.board.view, self.names(group.sight.language), id_=self._event)

    # --- flushing ---

    def _flush_soon(self) -> None:
        if self._flush_handle is not None:
            return
        wait = self._flushed_at + FLUSH_SECONDS - time.monotonic()
        if wait <= 0:
            self._flush()
            return
        self._flush_handle = asyncio.get_running_loop().call_later(wait, self._flush)

    def _flush(self) -> None:
        if self._flush_handle is not None:
            self._flush_handle.cancel()
            self._flush_handle = None
        self._flushed_at = time.monotonic()
        changed, self._changed = self._changed, Changed()
        if self.board is None or not changed:
            return
        now = sessions.now()
        for sight, group in self._groups.items():
            names = self.names(sight.language)
            group.update(self.board.view, names, changed, id_=self._event, now=now)
        for listener in list(self._listeners):
            listener(changed)

    # --- names and rights ---

    def later(self, work: Any) -> None:
        """Run a coroutine beside; its fault is the loop's to report."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def run(self) -> None:
        """Ask again for rights and names, for ever."""
        pause = asyncio.Event()
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(pause.wait(), RIGHTS_SECONDS)
            await self.refresh()

    async def refresh(self, *, again: bool = False) -> None:
        """
        Ask again what everybody may see and how things are called; send what is different.

        One after the other: what was asked earlier must not hold longer than what was asked later.
        """
        async with self._refreshing:
            before = dict(self._names)
            for language in sorted({"en", *self._names}):
                await self._read_names(language)
            await self._evaluate_rights()
            if self.board is not None and (again or before != self._names):
                self._show_names(self.board, again=again)

    def _show_names(self, board: Board, *, again: bool) -> None:
        for sight, group in self._groups.items():
            if group.names != self.names(sight.language):
                self._reset(group)
        everything = Changed()
        everything.all_of(board.view)
        everything.is_new_plan = again
        for listener in list(self._listeners):
            listener(everything)

    async def in_thread(self, work: Callable[..., Any], *args: Any) -> Any:
        """Do something that asks the database."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, work, *args)

    async def _read_names(self, language: str) -> None:
        if self.plan is not None:
            self._names[language] = await self.in_thread(_names, self.plan, language)

    def _keys_as_names(self) -> Names:
        assert self.plan is not None
        return Names(agents={}, queues={}, clients={}, clients_of=_clients_of(self.plan))

    async def _evaluate_rights(self) -> None:
        known: dict[tuple[str, str], Visitor | None] = {}
        for stream in list(self._streams):
            who = stream.visitor.session, stream.visitor.language
            if who not in known:
                known[who] = await self.in_thread(_again, *who)
            if stream in self._streams:
                self._apply_rights(stream, known[who])

    def _apply_rights(self, stream: Stream, visitor: Visitor | None) -> None:
        sight = sight_of(visitor, stream.kind) if visitor else None
        if visitor is None or sight is None:
            stream.reader.end()
            self.close(stream)
        elif sight != stream.group.sight:
            self._leave(stream)
            stream.visitor, stream.group = visitor, self._group(sight)
            stream.group.readers.add(stream.reader)
            stream.reader.fall_behind()


def _again(session: str, language: str) -> Visitor | None:
    return sessions.visitor(session=session, language=language)


def _clients_of(plan: FloorPlan) -> dict[str, frozenset[str]]:
    return {agent.key: frozenset(agent.clients) for agent in plan.agents}


def _names(plan: FloorPlan, language: str) -> Names:
    close_old_connections()
    with translation.override(language):
        return Names(
            agents=people.names_of(keys=[agent.key for agent in plan.agents]),
            queues=routing.queue_names_of(keys=[queue.key for queue in plan.queues]),
            clients=people.client_names_of(keys=[client.key for client in plan.clients]),
            clients_of=_clients_of(plan),
            emergencies=_emergencies(plan),
            announces=plan.supervision_tone,
        )


def _emergencies(plan: FloorPlan) -> dict[str, view.Emergency]:
    everybody = frozenset(client.key for client in plan.clients)
    return {
        each.key: view.Emergency(
            name=centre.emergency_name(each.key), clients=frozenset(each.clients) or everybody
        )
        for each in plan.emergencies
    }
