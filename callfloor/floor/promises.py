"""
Calls that were promised elsewhere: appointments that have come, and wishes from chat and portal.

The worker hands each over when its time has come (link.md), under an id of the records, and asks
the journal what was taken already. The number comes beside it and is sealed at once.

Refuses: to keep what is to come; a calendar belongs to the records.
"""

from callfloor.floor import callees
from callfloor.floor.callees import BadNumber, Callees
from callfloor.floor.floor import Floor
from callfloor.floor.hands import Hands
from callfloor.floor.link import Message, Reply
from callfloor.floor.texts import instant, text, text_or_none


class Promises:
    """The door for those who are to be called because somebody has promised it."""

    def __init__(self, *, floor: Floor, hands: Hands, people: Callees) -> None:
        self._floor = floor
        self._hands = hands
        self._callees = people

    def arrive(self, message: Message, reply: Reply) -> None:
        """Let one wait to be called, and say after the commit which item calls him."""
        ask, item = message.get("id"), text(message, "item")
        promise = callees.Promise(
            item=item,
            client=text(message, "client"),
            queue=text(message, "queue"),
            of=text(message, "of"),
            number=text(message, "number"),
            language=text_or_none(message, "language"),
            born_at=instant(message, "since"),
            due=instant(message, "due"),
            preferred=text_or_none(message, "preferred"),
        )
        known = self._floor.exchange.house.items.get(item)
        if known is not None:  # The answer was lost, and it is offered again.
            self._floor.keep((), lambda: reply({"type": "done", "id": ask, "item": item}))
            return
        try:
            asked = self._callees.promised(promise, self._floor.plan)
        except BadNumber:
            reply({"type": "refused", "id": ask, "code": "bad_number"})
            return
        refusal = self._floor.refusal(asked.event)
        if refusal is not None:
            self._hands.forget_promise(item)
            reply({"type": "refused", "id": ask, "code": refusal})
            return
        calls = self._hands.call_back(asked)
        self._floor.keep((), lambda: reply({"type": "done", "id": ask, "item": calls}))
