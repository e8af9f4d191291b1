"""What is to be sent leaves once, in its thread; what nobody knows of is never sent again."""

import pytest

from callfloor.kernel import access
from callfloor.records.interactions.models import Interaction, Message
from callfloor.records.interactions.services import attachments, messages
from callfloor.records.letters.models import Sending
from callfloor.records.letters.services import sending
from callfloor.wire.mail import read
from callfloor.wire.mail.tests import samples
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

CORA = "cora@home.example"


@pytest.fixture
def item(room):
    """Give a contact of mail whose acknowledgement has left."""
    room.receive(samples.plain(more="References: <older@x>"))
    room.provider.taken.clear()
    return Interaction.objects.get().id


def answer(item, room, text="Good day.\nYour invoice is right.", **values):
    """Let an agent answer; give the message."""
    given = {"direction": "out", "author": "anna", "state": "to_send", "now": room.now, **values}
    return messages.write(interaction_id=item, text=text, **given).id


def state(message):
    """Give the state of a message."""
    return Message.objects.get(id=message).state


def test_an_agents_answer_stands_in_its_thread_with_the_reference(room, item):
    sent = answer(item, room)
    room.send()
    [(sender, to, raw)] = room.provider.taken
    assert (sender, to, state(sent)) == ("help@acme.example", CORA, "sent")
    mail = read.mail(raw)
    assert mail.subject.startswith("Re: Invoice [CF-2026-")
    assert mail.thread == ("m1@home.example", "older@x")
    assert mail.verdict.kind == "human"
    assert mail.answer_to.address.startswith("help+cf2026000001.")
    assert mail.text == "Good day.\nYour invoice is right."


def test_a_note_between_colleagues_never_leaves(room, item):
    messages.write(interaction_id=item, direction="note", text="hm", now=room.now, author="anna")
    room.send()
    assert room.provider.taken == []


def test_it_is_sent_once_however_often_it_is_looked_at(room, item):
    answer(item, room)
    for _ in range(3):
        room.send()
    assert len(room.provider.taken) == 1


def test_a_server_that_is_away_is_tried_again_later(room, item):
    sent = answer(item, room)
    room.provider.is_down = True
    room.send()
    assert (state(sent), Sending.objects.get(message_id=sent).fault) == ("to_send", "no_server")
    room.provider.is_down = False
    room.send()
    assert room.provider.taken == []
    room.later(minutes=2)
    room.send()
    assert state(sent) == "sent"


def test_one_that_is_refused_for_now_is_tried_until_it_is_given_up(room, item):
    sent = answer(item, room)
    room.provider.refuses[CORA] = 451
    for _ in range(30):
        room.send()
        room.later(hours=5)
    assert state(sent) == "failed"
    assert Sending.objects.get(message_id=sent).tries == 24


def test_one_that_is_refused_for_good_has_failed(room, item):
    sent = answer(item, room)
    room.provider.refuses[CORA] = 550
    room.send()
    assert (state(sent), Sending.objects.get(message_id=sent).fault) == ("failed", "550")


def test_one_in_doubt_is_told_and_never_sent_again_by_itself(room, item):
    """I5: the line breaks after the server has taken it, before it said so."""
    sent = answer(item, room)
    room.provider.breaks_after = True
    room.send()
    room.provider.breaks_after = False
    for _ in range(3):
        room.later(hours=30)
        room.send()
    assert (state(sent), len(room.provider.taken)) == ("unknown", 1)
    assert room.alarms == [("mail_in_doubt", "1")]


def test_a_person_may_send_it_again(room, item):
    sent = answer(item, room)
    room.provider.refuses[CORA] = 550
    room.send()
    room.provider.refuses.clear()
    reader = scenes.Someone(may=("interactions.read",))
    stranger = scenes.Someone(clients=("zeta",), may=("interactions.read",))
    with pytest.raises(access.NotFound):
        sending.send_again(person=stranger, message_id=sent, now=room.now)
    assert state(sent) == "failed"
    sending.send_again(person=reader, message_id=sent, now=room.now)
    room.send()
    assert state(sent) == "sent"
    with pytest.raises(sending.NotStuck):
        sending.send_again(person=reader, message_id=sent, now=room.now)


def test_one_bad_mail_stops_no_other(room, item):
    for number in range(3):
        room.receive(samples.plain(sender=f"s{number}@x.example", message_id=f"s{number}@x"))
    room.provider.taken.clear()
    room.provider.refuses["s1@x.example"] = 550
    for each in Interaction.objects.order_by("id"):
        answer(each.id, room)
    room.send()
    assert sorted(to for _from, to, _raw in room.provider.taken) == [
        CORA, "s0@x.example", "s2@x.example",
    ]  # fmt: skip


def test_nothing_simulated_leaves(room, item):
    sent = answer(item, room)
    Message.objects.filter(id=sent).update(simulated=True)
    room.send()
    assert (state(sent), room.provider.taken) == ("failed", [])


def test_a_chat_goes_on_by_mail_and_its_answer_comes_back_to_it(room, item):
    """Answers to whoever has left the chat go to the address that he gave."""
    customer = Interaction.objects.get().customer_id
    chat = messages.begin(channel="chat", client="acme", called="chat:acme", customer_id=customer,
                          language="en", now=room.now, chance=b"0123456789")  # fmt: skip
    answer(chat, room)
    room.send()
    [(sender, to, raw)] = room.provider.taken
    assert (sender, to) == ("help@acme.example", CORA)
    more = f"In-Reply-To: <{read.mail(raw).message_id}>"
    room.receive(samples.plain("Thanks", message_id="t@x", more=more))
    assert Message.objects.filter(interaction=chat, direction="in").count() == 1


def test_whoever_wrote_in_no_mail_is_written_to_where_he_is_known(room, item):
    """A chat goes on by mail: there is an address, and no mail to answer."""
    customer = Interaction.objects.get().customer_id
    other = messages.begin(channel="mail", client="acme", called="billing@acme.example",
                           customer_id=customer, language="en", now=room.now,
                           chance=b"0123456789")  # fmt: skip
    answer(other, room)
    room.send()
    [(sender, to, raw)] = room.provider.taken
    assert (sender, to) == ("billing@acme.example", CORA)
    assert read.mail(raw).thread == ()


def test_whoever_was_erased_gets_nothing(room, item):
    from callfloor.kernel.keys import ring

    sent = answer(item, room)
    ring.destroy(subject=f"customer:{Interaction.objects.get().customer_id}", now=room.now)
    room.send()
    assert (state(sent), room.provider.taken) == ("failed", [])


PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def enclosed(item, room, name="bill.png", content=PNG):
    """Put a file into an agent's answer; give its number."""
    return attachments.keep(
        interaction_id=item, direction="out", name=name, content=content, author="anna",
        external=f"desk:{name}", now=room.now,
    ).number  # fmt: skip


def test_an_answers_files_leave_with_it_and_once(room, item):
    numbers = [enclosed(item, room), enclosed(item, room, "számla.txt", b"sok")]
    sent = answer(item, room, data={"files": numbers})
    for _ in range(3):
        room.send()
    [(_sender, _to, raw)] = room.provider.taken
    mail = read.mail(raw)
    assert (state(sent), mail.text) == ("sent", "Good day.\nYour invoice is right.")
    assert [each.name for each in mail.files] == ["bill.png", "számla.txt"]
    assert read.file(raw, number=mail.files[0].number)[1] == PNG


def test_an_answer_with_files_that_is_tried_again_is_the_same_mail(room, item):
    sent = answer(item, room, data={"files": [enclosed(item, room)]})
    room.provider.refuses[CORA] = 451
    room.send()
    assert (state(sent), room.provider.taken) == ("to_send", [])
    room.provider.refuses.clear()
    room.later(hours=5)
    room.send()
    [(_sender, _to, raw)] = room.provider.taken
    mail = read.mail(raw)
    assert (mail.message_id, len(mail.files)) == (f"{sent}@acme.example", 1)


def test_a_file_of_a_chat_that_goes_on_by_mail_is_one(room, item):
    attachments.keep(
        interaction_id=item, direction="out", name="plan.png", content=PNG, author="anna",
        external="desk:plan", now=room.now, state="to_send",
    )  # fmt: skip
    room.send()
    [(_sender, _to, raw)] = room.provider.taken
    mail = read.mail(raw)
    assert mail.text == "The file plan.png is attached."
    assert [each.name for each in mail.files] == ["plan.png"]


def test_an_answer_whose_file_is_gone_is_not_sent_without_it(room, item):
    sent = answer(item, room, data={"files": [enclosed(item, room)]})
    attachments.delete_files(interaction_ids=[item])
    room.send()
    assert (state(sent), room.provider.taken) == ("failed", [])
