"""
A floor without telephones: the real exchange, board and link, whose callers a test plays.

Sound is taken for granted: a device asked for is up. Prompts end at once, so that a caller is in
his queue as soon as he has chosen. Refuses: a journal, media and SIP.
"""

import contextlib
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from callfloor.core import actions, codec, events
from callfloor.core.board import Board
from callfloor.core.exchange import Exchange
from callfloor.core.plan import FloorPlan
from callfloor.floor import commands
from callfloor.floor.link import Link

Message = dict[str, Any]


class Stage:
    """An exchange behind a link."""

    def __init__(self, plan: FloorPlan, *, data: Path, now: float) -> None:
        self.plan = plan
        self.exchange = Exchange(plan)
        self.board = Board(plan)
        self.now = now
        self.seq = 0
        self.asked: list[actions.Action] = []
        self.pressed: list[tuple[str, str]] = []
        """Items and the keys that their agents have pressed."""
        self.commands: list[Any] = []
        """What web has sent, whether it was refused or not."""
        self.callers: list[str | None] = []
        """The tokens by which callers from browsers were known."""
        self.dialed: list[str | None] = []
        """Numbers beside the calls that were asked for."""
        self.noted: Any = None
        self._path = data / "floor.sock"
        self._made = 0
        self.link = Link(
            welcome=self._welcome,
            handlers={
                "command": self._command,
                "device": self._device,
                "call": self._call,
                "key": self._done,
                "hang_up": self._left,
            },
            known=lambda item, message: None,
            note=lambda name, detail: None,
        )
        started = events.FloorStarted(epoch=1, code_version="test", plan=plan)
        self.happen(started)

    async def start(self) -> None:
        """Listen on the centre's socket."""
        await self.link.start(self._path)
        self.link.tell_health({"lag_ms": 1.0, "media": {"up": True, "legs": 0}})

    # --- what a test plays ---

    def at(self, now: float) -> None:
        """Let time pass."""
        self.now = now
        self.happen(events.TimePassed())

    def happen(self, event: Any) -> None:
        """Let something happen, and tell everybody."""
        self.exchange.receive(event, self.now)
        rows = []
        for at, fact in self.exchange.timed_facts():
            self.seq += 1
            plain = codec.to_plain(fact)
            self._note(plain)
            self.board.apply(fact, at)
            self._note(plain)
            rows.append({"seq": self.seq, "at": at, "fact": plain})
        if rows:
            self.link.feed(rows, self.seq)
        self._perform()

    @contextlib.contextmanager
    def noting(self, changed: Any) -> Iterator[None]:
        """Note what every fact touches, as the feed does."""
        self.noted, day = changed, self.board.view["day"]
        yield
        self.noted = None
        if self.board.view["day"] != day:
            changed.all_of(self.board.view)

    def _note(self, plain: Message) -> None:
        if self.noted is not None:
            self.noted.add(self.board.view, plain)

    def arrive(self, called: str, *, number: str | None = None) -> str:
        """Let a customer call, and be done with every prompt."""
        item = self.new_id("item")
        self.happen(
            events.ItemArrived(item=item, channel="call", called=called, leg=self.new_id("leg"))
        )
        return item

    def choose(self, item: str, choice: str) -> None:
        """Let the customer press the key of a choice of the menu he is in."""
        step = self.board.view["items"][item]["step"]
        self.happen(events.ChoiceMade(item=item, step=step, choice=choice))

    def seat(self, agent: str) -> None:
        """Let an agent of the simulation sit down and want work."""
        self.happen(events.AgentSignedIn(agent=agent))
        self.happen(events.DeviceUp(agent=agent, leg=self.new_id("leg")))
        self.happen(events.ReadyAsked(agent=agent))

    def new_id(self, kind: str) -> str:
        """Return an id that nobody has."""
        self._made += 1
        return f"{kind}-{self._made:04}"

    # --- what the exchange asks ---

    def _perform(self) -> None:
        for action in self.exchange.actions():
            self.asked.append(action)
            if isinstance(action, actions.Play) and not action.loop:
                ended = events.PromptEnded(item=action.item, play=action.play)
                self.happen(ended)

    # --- what the link asks ---

    def _welcome(self, role: str) -> Message:
        return {
            "epoch": 1,
            "seq": self.seq,
            "version": "test",
            "plan": codec.to_plain(self.plan),
            "board": self.board.snapshot(),
        }

    def _command(self, message: Message, reply: Any) -> None:
        event = commands.read(message["event"])
        if isinstance(event, events.KeysAsked):
            self.pressed.append((event.item, message["keys"]))
            event = dataclasses.replace(event, count=len(message["keys"]), sealed="sealed")
        if isinstance(event, events.CallAsked):
            self.dialed.append(message.get("number"))
            event = dataclasses.replace(event, item=self.new_id("item"), leg=self.new_id("leg"))
        self.commands.append(event)
        refusal = self.exchange.refusal(event)
        if refusal is not None:
            reply({"type": "refused", "id": message["id"], "code": refusal})
            return
        self.happen(event)
        self._done(message, reply)

    def _device(self, message: Message, reply: Any) -> None:
        leg = self.new_id("leg")
        reply({"type": "device", "id": message["id"], "leg": leg, "sdp": "v=0\r\n"})
        self.happen(events.DeviceUp(agent=message["agent"], leg=leg))

    def _call(self, message: Message, reply: Any) -> None:
        item = self.arrive(message["called"])
        self.callers.append(message.get("caller"))
        reply({"type": "call", "id": message["id"], "item": item, "leg": "x", "sdp": "v=0\r\n"})

    def _left(self, message: Message, reply: Any) -> None:
        self.happen(events.CustomerLeft(item=message["item"]))
        self._done(message, reply)

    def _done(self, message: Message, reply: Any) -> None:
        reply({"type": "done", "id": message["id"], "seq": self.seq})
