"""A provider on the stand: what it hears, what it answers, and numbers dialed on it."""

from callfloor.core import actions, plan
from callfloor.floor.tests import stand
from callfloor.wire.sip import message as messages

FIRST, SECOND = ("192.0.2.9", 5060), ("192.0.2.10", 5060)
NUMBER = "+36201234567"
SDP = stand.THEIR_SDP.replace("192.0.2.7", "192.0.2.9")


def trunks(**changes):
    """Give two trunks for calls out, nobody of them watched."""
    fields = {"uri": "sip:192.0.2.9", "user": "ours", "watch_seconds": 0.0, **changes}
    return (
        plan.TrunkPlan(key="first", **fields),
        plan.TrunkPlan(key="second", uri="sip:192.0.2.10", watch_seconds=0.0),
    )


def house_of(folder, **changes):
    """Start a floor with two providers."""
    return stand.Stand(folder, floor_plan=stand.stand_plan(trunks=trunks(**changes))).start()


def dial(house, *, item="i", leg="c:i", trunk="first", number=NUMBER, caller_id="+3617654321"):
    """Let the exchange want a number."""
    if house.seals.digits(item, "") is None:
        house.seals.open_item(item)
    house.hands.perform(
        actions.Dial(
            item=item,
            leg=leg,
            trunk=trunk,
            caller_id=caller_id,
            sealed=house.seals.number(item, number),
            seconds=45.0,
        )
    )


def invites(house):
    """Give every INVITE that went out, once each, and where it went."""
    found = {}
    for data, target in house.sent:
        message = messages.parse(data)
        if isinstance(message, messages.Request) and message.method == "INVITE":
            found.setdefault(message.via.branch, (message, target))
    return list(found.values())


def answer(house, request, status, *, tag="far", sdp="", headers=(), source=FIRST):
    """Let the far side answer one of our requests."""
    response = messages.respond(
        request,
        status,
        tag=tag,
        contact=None if status >= 300 else request.contact,
        headers=headers,
        body=sdp.encode(),
        content_type="application/sdp" if sdp else "",
    )
    house.receive(response.encode(), source)


def happened(house, *names):
    """Give the inputs of these names as the journal has them: name and text."""
    rows = house.journal.read("SELECT name, body FROM journal WHERE kind = 'input' ORDER BY seq")
    return [(name, body) for name, body in rows if name in names]


def dialed(house):
    """Give what came of every number: the event's name, and its reason if it has one."""
    rows = happened(house, "DialRang", "DialAnswered", "DialFailed")
    reasons = ("busy", "no_answer", "declined", "wrong_number", "trunk_down", "no_media")
    return [
        next((reason for reason in reasons if f'"{reason}"' in body), name) for name, body in rows
    ]
