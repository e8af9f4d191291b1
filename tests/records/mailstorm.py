"""
Mails of all kinds into a centre that keeps dying, and the sums that must hold.

What is expected is counted here while the mails are written, by nothing of the product but the
fingerprint, which tells what became of which.
"""

import random
from collections import Counter
from dataclasses import dataclass, field

from callfloor.connectors.imap.models import Spooled
from callfloor.kernel.keys import ring
from callfloor.records.cases.models import Case
from callfloor.records.interactions.models import Interaction, Message
from callfloor.wire.mail import read
from callfloor.wire.mail.tests import samples
from tests.records import mailroom
from tests.records.mailroom import MailRoom

FIRST = {"matter": 62, "twice": 12, "other_way": 6, "poison": 6, "list": 6, "own": 0, "auto": 8}
"""Of a hundred mails of the first wave; `twice` and `other_way` are copies of matters."""
SECOND = {"reply": 55, "away": 20, "bounce": 15, "own": 10}
"""Of a hundred that come when the acknowledgements have arrived."""


@dataclass
class Sent:
    """What was written to the centre."""

    kinds: dict[str, str] = field(default_factory=dict)
    """Fingerprint to kind, of each mail that is another one."""
    counts: Counter[str] = field(default_factory=Counter)

    def note(self, raw: bytes, kind: str) -> bytes:
        """Note a mail; a copy is none of its own."""
        self.counts[kind] += 1
        index = ring.blind_index(kind="mail-fingerprint", value=read.fingerprint(raw))
        self.kinds.setdefault(index, kind)
        return raw


def storm(room: MailRoom, *, count: int, dice: random.Random, one_in: int) -> dict[str, int]:
    """Let so many mails come in two waves, with deaths; check the sums and give them."""
    sent = Sent()
    first = count * 2 // 3
    with mailroom.dying_anywhere(dice, one_in=one_in):
        for raw in _first(first, dice, sent):
            room.box.deliver(raw)
        room.until_done()
        answered = {to: raw for _from, to, raw in room.provider.taken}
        for raw in _second(count - first, list(answered.values()), dice, sent):
            room.box.deliver(raw)
        room.until_done()
        room.box.renumber()
        room.until_done()
    return _check(room, sent, count=count)


def _kinds(count: int, shares: dict[str, int], dice: random.Random) -> list[str]:
    return dice.choices(list(shares), weights=list(shares.values()), k=count)


def _first(count: int, dice: random.Random, sent: Sent) -> list[bytes]:
    mails: list[bytes] = []
    matters: list[bytes] = []
    for number, kind in enumerate(_kinds(count, FIRST, dice)):
        # Every sender has one matter, so that the brake of one address stays out of the sums.
        who = {"sender": f"s{number}@x.example", "message_id": f"m{number}@x"}
        if kind in ("twice", "other_way") and not matters:
            kind = "matter"
        if kind == "matter":
            raw = samples.plain(f"Matter {number}", **who)
            matters.append(raw)
        elif kind == "twice":
            raw = dice.choice(matters)
        elif kind == "other_way":
            raw = b"Received: from elsewhere\r\n" + dice.choice(matters)
        elif kind == "poison":
            raw = samples.nested(50 + number)
        else:
            more = {"list": "List-Id: <n.x>", "auto": "Auto-Submitted: auto-generated"}[kind]
            raw = samples.plain(f"{kind} {number}", more=more, **who)
        mails.append(sent.note(raw, kind))
    return mails


def _second(count: int, acks: list[bytes], dice: random.Random, sent: Sent) -> list[bytes]:
    mails = []
    for number, kind in enumerate(_kinds(count, SECOND, dice)):
        ack = dice.choice(acks)
        mail = read.mail(ack)
        who = {"sender": mail.recipients[0].address, "message_id": f"r{number}@x"}
        if kind == "reply":
            raw = samples.plain(f"Reply {number}", to=mailroom.reply_address(ack), **who)
        elif kind == "away":
            more = f"Auto-Submitted: auto-replied\nIn-Reply-To: <{mail.message_id}>"
            raw = samples.plain(f"Away {number}", more=more, **who)
        elif kind == "bounce":
            raw = samples.given_back(mail.message_id).replace(b"dsn1@", f"d{number}@".encode())
        else:
            raw = ack
        mails.append(sent.note(raw, kind))
    return mails


def _check(room: MailRoom, sent: Sent, *, count: int) -> dict[str, int]:
    states = Counter(Spooled.objects.values_list("state", flat=True))
    became = Counter(
        (sent.kinds[index], state)
        for index, state in Spooled.objects.values_list("fingerprint", "state")
    )
    copies = count - len(sent.kinds)
    assert sum(sent.counts.values()) == count
    assert sum(states.values()) + copies == count, "every mail is one row or a copy"
    assert states["new"] == 0
    of_kind = Counter(sent.kinds.values())
    assert became["poison", "quarantined"] == of_kind["poison"]
    assert states["set_aside"] == of_kind["own"]
    # One that its reader died at three times is put aside unread, whatever it was.
    unlucky = {kind: became[kind, "quarantined"] for kind in of_kind if kind != "poison"}
    assert Case.objects.count() == of_kind["matter"] - unlucky.get("matter", 0)
    new = ("matter", "list", "auto", "poison")
    others = sum(unlucky.get(kind, 0) for kind in ("reply", "away", "bounce"))
    assert Interaction.objects.count() == sum(of_kind[kind] for kind in new) + others
    incoming = Message.objects.filter(direction="in").count()
    assert incoming == states["taken"] + states["quarantined"]
    return {**_check_answers(room), "mails": count, "copies": copies, "deaths": room.deaths,
            "cases": Case.objects.count(), "contacts": Interaction.objects.count(),
            **{f"state_{name}": many for name, many in states.items()}}  # fmt: skip


def _check_answers(room: MailRoom) -> dict[str, int]:
    """One acknowledgement for each case; each left once, or nobody knows."""
    rows = Message.objects.filter(direction="out")
    states = Counter(rows.values_list("state", flat=True))
    assert rows.count() == Case.objects.count()
    assert states["to_send"] == 0
    ids = [read.mail(raw).message_id for _from, _to, raw in room.provider.taken]
    assert len(ids) == len(set(ids)), "an acknowledgement left twice"
    bounced_or_sent = states["sent"] + states["failed"]
    assert bounced_or_sent <= len(ids) <= bounced_or_sent + states["unknown"]
    people = [to for _from, to, _raw in room.provider.taken]
    assert len(people) == len(set(people)), "somebody was answered twice"
    return {"answers": rows.count(), "left": len(ids), "in_doubt": states["unknown"]}
