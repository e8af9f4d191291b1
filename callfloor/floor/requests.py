"""
What web, worker and demo may ask of the floor, message by message (docs/reference/link.md).

A command is asked of the exchange first and journaled only if it means something now; `done` is
said after the commit. A message with a field missing or of the wrong kind is refused as
`malformed` and nothing happens.

Refuses: to ask who the person is and what he may do; web has done that.
"""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from callfloor.core import codec, errors, events, lookup, plan
from callfloor.floor import commands, journal
from callfloor.floor.callees import BadNumber, Callees
from callfloor.floor.floor import Floor
from callfloor.floor.hands import Hands
from callfloor.floor.journal import Change
from callfloor.floor.keypad import KEYS
from callfloor.floor.link import Handler, Message, Reply
from callfloor.floor.promises import Promises
from callfloor.floor.seals import Seals
from callfloor.floor.texts import Malformed, Texts, text, text_or_none

DEVICE_KINDS = frozenset({"webrtc", "rtp"})
FAULTS = frozenset(
    {
        *("disk_full", "certificate_ends", "process_restarted", "no_such_address"),
        *("probe_silence", "probe_one_way", "probe_late", "probe_step", "probe_recording"),
        *("mail_quarantined", "mail_not_fetched", "mail_in_doubt"),
        *("probe_no_answer", "no_callback"),
    }
)
"""What others may call an alarm for (link.md); what the floor sees itself it needs nobody for."""
FAULT_CHARS_MAX = 200  # A detail is one line on a screen.
TOKEN_CHARS = 32  # As the blind index of an identity in the records.
HEX = frozenset("0123456789abcdef")
KEYS_MAX = 32  # What an agent may send at once; a card's number has at most 19.


class Requests:
    """The handlers of the link."""

    def __init__(
        self,
        *,
        floor: Floor,
        hands: Hands,
        seals: Seals,
        new_plan: Callable[[plan.FloorPlan], None],
        new_passwords: Callable[[], bool],
        alarm: Callable[[str, str], None],
        callees: Callees,
    ) -> None:
        self._floor = floor
        self._hands = hands
        self._seals = seals
        self._new_plan = new_plan
        self._new_passwords = new_passwords
        self._alarm = alarm
        self._callees = callees
        texts = Texts(floor=floor)
        promises = Promises(floor=floor, hands=hands, people=callees)
        self.handlers: dict[str, Handler] = {
            name: _guarded(handler)
            for name, handler in {
                "command": self._command,
                "device": self._device,
                "call": self._call,
                "key": self._key,
                "hang_up": self._hang_up,
                "plan": self._plan,
                "passwords": self._passwords,
                "forget": self._forget,
                "fault": self._fault,
                "texts": texts.arrive,
                "left": texts.leave,
                "promise": promises.arrive,
            }.items()
        }

    def known(self, item: str, message: Message) -> None:
        """Take the worker's answer about a caller."""
        recognised = events.CallerRecognised(
            item=item,
            customer=text_or_none(message, "customer"),
            language=text_or_none(message, "language"),
            priority_seconds=_number(message, "priority_seconds"),
            preferred_agent=text_or_none(message, "preferred_agent"),
            do_not_record=message.get("do_not_record") is True,
        )
        self._floor.happen(recognised)

    def _command(self, message: Message, reply: Reply) -> None:
        event = commands.read(message.get("event"))
        if isinstance(event, events.KeysAsked):
            event = self._with_keys(event, message)
        elif isinstance(event, events.CallAsked | events.ConsultAsked):
            self._reach(event, message, reply)
            return
        self._do(event, message, reply)

    def _reach(
        self, event: events.CallAsked | events.ConsultAsked, message: Message, reply: Reply
    ) -> None:
        """Let somebody be called; his number comes beside the event, like keys."""
        number = text_or_none(message, "number")
        make = self._callees.call if isinstance(event, events.CallAsked) else self._callees.consult
        try:
            asked = make(event, number, self._floor.plan)  # type: ignore[arg-type]
        except BadNumber:
            reply({"type": "refused", "id": message.get("id"), "code": "bad_number"})
            return
        self._do(asked.event, message, reply, changes=asked.changes)

    def _with_keys(self, event: events.KeysAsked, message: Message) -> events.KeysAsked:
        # The keys come beside the event, so that they are sealed before anything is written.
        keys = text(message, "keys")
        if not 0 < len(keys) <= KEYS_MAX or not KEYS.issuperset(keys):
            raise Malformed("keys")
        sealed = self._seals.digits(event.item, keys)
        return dataclasses.replace(event, count=len(keys), sealed=sealed)

    def _do(
        self,
        event: events.Event,
        message: Message,
        reply: Reply,
        *,
        changes: Sequence[Change] = (),
    ) -> None:
        ask = message.get("id")
        refusal = self._floor.refusal(event)
        done: Message = {"type": "done", "id": ask}
        if isinstance(event, events.CallAsked):
            done["item"] = event.item
        if refusal is None:
            self._floor.happen(
                event, changes=changes, then=lambda: reply({**done, "seq": self._floor.seq})
            )
            return
        if isinstance(event, events.CallAsked):
            self._seals.close_item(event.item)
        reply({"type": "refused", "id": ask, "code": refusal})

    def _device(self, message: Message, reply: Reply) -> None:
        agent, kind = text(message, "agent"), text(message, "kind")
        if kind not in DEVICE_KINDS or all(agent != each.key for each in self._floor.plan.agents):
            raise Malformed("agent or kind")

        def made(leg: str, sdp: str | None) -> None:
            ask = message.get("id")
            if sdp is None:
                reply({"type": "refused", "id": ask, "code": "no_media"})
            else:
                reply({"type": "device", "id": ask, "leg": leg, "sdp": sdp})

        self._hands.connect_device(agent, kind=kind, sdp=text(message, "sdp"), then=made)

    def _call(self, message: Message, reply: Reply) -> None:
        called = text(message, "called")
        known = any(called == each.number for each in self._floor.plan.numbers)
        if not known or plan.channel_of(called) != plan.CALL:
            reply({"type": "refused", "id": message.get("id"), "code": "no_such_number"})
            return
        line = BrowserLine(ask=message.get("id"), sdp=text(message, "sdp"), reply=reply)
        self._hands.arrive(
            line,
            called=called,
            number=text_or_none(message, "number"),
            name=text_or_none(message, "name"),
            trunk=None,
            token=_token(message),
        )

    def _key(self, message: Message, reply: Reply) -> None:
        self._hands.press(text(message, "item"), text(message, "digit"))
        reply({"type": "done", "id": message.get("id"), "seq": self._floor.seq})

    def _hang_up(self, message: Message, reply: Reply) -> None:
        caller = self._hands.caller_of(text(message, "item"))
        if caller is not None:
            self._hands.left(caller.leg, "hung_up")
        reply({"type": "done", "id": message.get("id"), "seq": self._floor.seq})

    def _plan(self, message: Message, reply: Reply) -> None:
        new = _plan_of(message)

        def done() -> None:
            reply({"type": "done", "id": message.get("id"), "seq": self._floor.seq})

        def used() -> None:
            self._new_plan(new)
            done()

        # Whoever applied it says so, and so does the worker, perhaps before the first is written.
        if new == self._floor.next_plan:
            self._floor.keep((), done)
        else:
            self._floor.happen(events.PlanChanged(plan=new), then=used)

    def _passwords(self, message: Message, reply: Reply) -> None:
        """Read the file of passwords again; the message has none, so none is ever written down."""
        answer: Message = {"id": message.get("id")}
        if self._new_passwords():
            reply({"type": "done", **answer, "seq": self._floor.seq})
        else:
            reply({"type": "refused", **answer, "code": "unreadable"})

    def _fault(self, message: Message, _reply: Reply) -> None:
        name = text(message, "name")
        if name not in FAULTS:
            raise Malformed("name")
        self._alarm(name, text(message, "detail")[:FAULT_CHARS_MAX])

    def _forget(self, message: Message, reply: Reply) -> None:
        items = message.get("items")
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise Malformed("items")
        self._floor.keep(
            journal.forgotten(items),
            lambda: reply({"type": "done", "id": message.get("id"), "seq": self._floor.seq}),
        )


class BrowserLine:
    """A customer who calls from a browser: his line is the link's reply and nothing else."""

    kind = "webrtc"

    def __init__(self, *, ask: Any, sdp: str, reply: Reply) -> None:
        self.offer = sdp
        self._item = ""
        self._leg = ""
        self._ask = ask
        self._reply = reply

    def named(self, item: str, leg: str) -> None:
        """Keep what the browser will name the call by."""
        self._item, self._leg = item, leg

    def accepted(self) -> None:
        """Say nothing yet: the browser hears of the call when it has an answer."""

    def answer(self, sdp: str) -> None:
        """Send our answer to the browser."""
        self._reply(
            {"type": "call", "id": self._ask, "item": self._item, "leg": self._leg, "sdp": sdp}
        )

    def refuse(self, reason: str) -> None:
        """Say why there is no call."""
        self._reply({"type": "refused", "id": self._ask, "code": reason})

    def hang_up(self, reason: str) -> None:
        """Say nothing: the page learns it from the fact that the item is closed."""

    def probe(self, then: Callable[[bool], None]) -> None:
        """Say that nobody is there: a page that is silent is gone."""
        then(False)


def _guarded(handler: Handler) -> Handler:
    def guarded(message: Message, reply: Reply) -> None:
        try:
            handler(message, reply)
        except (Malformed, commands.BadCommand) as error:
            refused = {"type": "refused", "id": message.get("id"), "code": "malformed"}
            reply({**refused, "why": str(error)})

    return guarded


def _plan_of(message: Message) -> plan.FloorPlan:
    try:
        new = codec.from_plain(message.get("plan"))
        if not isinstance(new, plan.FloorPlan):
            raise Malformed("this is no plan")
        lookup.Lookup(new)  # Proves every reference: a torn plan is refused whole.
    except errors.CoreError as error:
        raise Malformed(str(error)) from error
    return new


def _token(message: Message) -> str | None:
    """Give the token of a caller whom web knows by something else than a number."""
    token = text_or_none(message, "caller")
    if token is not None and (len(token) != TOKEN_CHARS or not HEX.issuperset(token)):
        raise Malformed("caller")
    return token


def _number(message: Message, name: str) -> float:
    value = message.get(name)
    return float(value) if isinstance(value, int | float) else 0.0
