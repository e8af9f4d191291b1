"""What becomes of mails: contacts, cases, threads; nothing is lost and no machine answered."""

import random

import pytest
from django.db.models import Q

from callfloor.connectors.imap import answers, spool
from callfloor.connectors.imap.models import Spooled
from callfloor.kernel.models import OutboxEvent
from callfloor.records.cases import queries as cases
from callfloor.records.cases.models import Case, CaseInteraction
from callfloor.records.interactions.models import Interaction, Message
from callfloor.records.interactions.queries.messages import of_interaction
from callfloor.records.interactions.services import messages
from callfloor.records.letters.models import Letter
from callfloor.records.letters.queries import originals
from callfloor.records.letters.services import keep
from callfloor.wire.mail import read
from callfloor.wire.mail.tests import samples
from tests.records import mailroom, scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

CORA = "cora@home.example"


def close(item, now=scenes.NOW):
    """End a contact as the projection does."""
    Interaction.objects.filter(id=item).update(outcome="answered", ended_at=now)


def only(model, **values):
    """Give the one row there is."""
    [row] = model.objects.filter(**values)
    return row


def test_a_new_matter_is_a_contact_a_case_and_one_acknowledgement(room):
    room.receive(samples.plain())
    item = only(Interaction)
    assert (item.channel, item.called, item.client_id) == ("mail", mailroom.HELP, "acme")
    assert item.due_at is not None
    assert OutboxEvent.objects.filter(name="TextArrived").count() == 1
    case = only(Case)
    assert (case.customer_id, case.origin) == (item.customer_id, item.id)
    [came, went] = of_interaction(interaction_id=item.id)
    assert came.text == "Invoice\n\nMy invoice is wrong."
    assert (went.direction, went.state, went.author) == ("out", "sent", None)
    [raw] = room.provider.to(CORA)
    mail = read.mail(raw)
    assert case.reference in mail.text
    assert mail.subject == f"Re: Invoice [{case.reference}]"
    assert mail.thread == ("m1@home.example",)
    assert mail.verdict.kind == "auto"
    assert room.provider.taken[0][0] == ""


def test_the_same_mail_is_taken_once_however_often_it_comes(room):
    for _ in range(3):
        room.receive(samples.plain())
    room.receive(b"Received: from another way\r\n" + samples.plain())
    assert (Interaction.objects.count(), Case.objects.count()) == (1, 1)
    assert len(room.provider.taken) == 1


def test_a_mail_without_a_message_id_on_a_server_that_renumbers(room):
    """R31: a hundred looks are one contact."""
    room.box.deliver(samples.plain(message_id=None))
    for _ in range(100):
        room.round()
        room.box.renumber()
    assert (Interaction.objects.count(), len(room.provider.taken)) == (1, 1)


@pytest.mark.parametrize("count", range(1, 8))
def test_no_mail_of_a_full_mailbox_is_skipped(room, count):
    """R32: so many mails are so many contacts."""
    for number in range(count):
        room.box.deliver(samples.plain(message_id=f"m{number}@x", sender=f"s{number}@x.example"))
    room.round()
    assert Interaction.objects.count() == count
    assert room.box.seen_uids == set(room.box.mails)


def test_a_second_mail_of_an_open_contact_is_its_next_message(room):
    room.receive(samples.plain())
    room.receive(samples.plain("And?", message_id="m2@x", more="In-Reply-To: <m1@home.example>"))
    item = only(Interaction)
    assert [m.text for m in of_interaction(interaction_id=item.id) if m.direction == "in"] == [
        "Invoice\n\nMy invoice is wrong.",
        "And?",
    ]
    assert len(room.provider.taken) == 1


@pytest.mark.parametrize("way", ["headers", "address", "subject"])
def test_an_answer_to_a_closed_contact_is_a_new_one_of_the_same_case(room, way):
    room.receive(samples.plain())
    close(only(Interaction).id)
    [raw] = room.provider.to(CORA)
    case = only(Case)
    given = {"message_id": "m2@x"}
    if way == "headers":
        given["more"] = f"In-Reply-To: <{read.mail(raw).message_id}>"
    elif way == "address":
        given["to"] = mailroom.reply_address(raw).upper()
    else:
        given["subject"] = f"Re: Invoice [{case.reference}]"
    room.receive(samples.plain("Thanks", **given))
    assert (Interaction.objects.count(), Case.objects.count()) == (2, 1)
    assert CaseInteraction.objects.filter(case=case).count() == 2
    assert len(room.provider.taken) == 1


def test_a_reference_that_nobody_here_has_signed_is_a_new_matter(room):
    room.receive(samples.plain())
    forged = "help+cf2026000001.00000000@acme.example"
    room.receive(samples.plain("Mine!", message_id="m9@x", sender="eve@evil.example", to=forged))
    assert Case.objects.count() == 2


@pytest.mark.parametrize("way", ["subject", "address"])
def test_f06_2_a_reply_from_another_address_is_attached_and_marked_unknown_sender(room, way):
    """Anybody can write a number: it is there for who works on it, and never taken for his."""
    room.receive(samples.plain())
    [raw] = room.provider.to(CORA)
    where = {"to": mailroom.reply_address(raw)}
    if way == "subject":
        where = {"subject": f"Re: [{only(Case).reference}]"}
    for number in (5, 6):
        room.receive(samples.plain(message_id=f"m{number}@x", sender="dan@home.example", **where))
    assert (Interaction.objects.count(), Case.objects.count()) == (2, 1)
    received = Message.objects.filter(direction="in")
    for row in received:
        is_hers = row.interaction.customer_id == only(Case).customer_id
        assert row.data["mail"].get("is_of_other", False) is not is_hers
    assert received.count() == 3
    assert Interaction.objects.values("customer").distinct().count() == 2
    assert len(room.provider.taken) == 1, "who only writes a number is told nothing"
    someone = scenes.Someone(key="anna", clients=("acme",), may=("cases.read", "interactions.read"))
    found = cases.story(person=someone, case_id=only(Case).id, now=scenes.NOW)
    contacts = [entry for entry in found.entries if entry.interaction is not None]
    assert sorted(entry.is_of_other for entry in contacts) == [False, True]


def test_the_customer_who_writes_after_somebody_else_is_no_unknown_sender(room):
    room.receive(samples.plain())
    subject = f"Re: [{only(Case).reference}]"
    room.receive(samples.plain(message_id="m5@x", sender="dan@home.example", subject=subject))
    for item in Interaction.objects.all():
        close(item.id)
    room.receive(samples.plain(message_id="m6@x", subject=subject))
    assert Case.objects.count() == 1
    hers = Message.objects.filter(direction="in", interaction__customer=only(Case).customer)
    assert hers.count() == 2
    assert all("is_of_other" not in row.data["mail"] for row in hers)


class TestMachines:
    def test_two_that_answer_each_other_stop(self, room):
        """R29: the other side answers everything and hides that it is a machine."""
        room.receive(samples.plain())
        for number in range(20):
            mails = room.provider.to(CORA)
            room.receive(
                samples.plain("I am away.", message_id=f"a{number}@home.example",
                              to=mailroom.reply_address(mails[-1]))
            )  # fmt: skip
        assert len(room.provider.to(CORA)) == 1

    def test_one_that_loses_every_thread_is_answered_a_few_times_a_day(self, room):
        """R29: no header, no address, no subject; each answer looks like a new matter."""
        for number in range(30):
            room.receive(samples.plain(f"Away {number}", message_id=f"a{number}@home.example"))
        assert len(room.provider.to(CORA)) == 5
        assert Case.objects.count() == 30
        room.later(hours=25)
        room.receive(samples.plain("Away again", message_id="b@home.example"))
        assert len(room.provider.to(CORA)) == 6

    @pytest.mark.parametrize(
        "header", ["Auto-Submitted: auto-replied", "Precedence: bulk", "List-Id: <x>"]
    )
    def test_whoever_says_so_is_not_answered(self, room, header):
        room.receive(samples.plain(more=header))
        assert Interaction.objects.count() == 1
        assert room.provider.taken == []

    def test_an_automatic_answer_takes_nobodys_time(self, room):
        room.receive(samples.plain())
        item = only(Interaction)
        close(item.id)
        sent = read.mail(room.provider.to(CORA)[0]).message_id
        room.receive(samples.out_of_office(answers=sent))
        assert Interaction.objects.count() == 1
        last = of_interaction(interaction_id=item.id)[-1]
        assert (last.kind, last.data["mail"]["kind"]) == ("event", "auto")

    def test_our_own_mail_that_comes_back_is_no_contact(self, room):
        """R29: the own notification, sent on to the own mailbox."""
        room.receive(samples.plain())
        room.receive(room.provider.taken[0][2])
        assert Interaction.objects.count() == 1
        assert Spooled.objects.get(state="set_aside").reason == "own"

    def test_our_mark_is_enough_when_somebody_gave_it_another_id(self, room):
        more = f"X-Callfloor-Loop: {answers.mark()}"
        room.receive(samples.plain(message_id="other@x", more=more))
        assert Interaction.objects.count() == 0

    def test_a_mail_from_an_address_of_ours_is_not_answered(self, room):
        room.receive(samples.plain(sender="billing@acme.example"))
        assert (Interaction.objects.count(), room.provider.taken) == (1, [])

    def test_a_forged_sender_is_not_answered(self, room):
        """Backscatter: our own server says that he is not who he says."""
        checks = "Authentication-Results: mx.acme.example; spf=fail; dkim=none; dmarc=fail"
        room.receive(samples.plain(more=checks))
        assert (Interaction.objects.count(), room.provider.taken) == (1, [])
        assert Message.objects.get().data["mail"]["checks"]["dmarc"] == "fail"


class TestGivenBack:
    @pytest.mark.parametrize(
        "kind", [samples.given_back, samples.given_back_by_qmail, samples.given_back_by_exchange]
    )
    def test_an_acknowledgement_that_was_given_back(self, room, kind):
        """R29: three kinds of NDR; nobody's time is taken, and it is told that it never came."""
        room.receive(samples.plain())
        sent = read.mail(room.provider.to(CORA)[0]).message_id
        room.receive(kind(sent))
        item = only(Interaction)
        assert Message.objects.get(direction="out").state == "failed"
        last = of_interaction(interaction_id=item.id)[-1]
        assert (last.kind, last.data["mail"]["kind"]) == ("event", "bounce")
        assert len(room.provider.taken) == 1

    def test_an_agents_answer_that_was_given_back_is_work_again(self, room):
        room.receive(samples.plain())
        item = only(Interaction).id
        messages.write(interaction_id=item, direction="out", text="Good day", now=room.now,
                       author="anna", state="to_send")  # fmt: skip
        room.send()
        close(item)
        sent = read.mail(room.provider.to(CORA)[-1]).message_id
        room.receive(samples.given_back(sent))
        assert Interaction.objects.filter(outcome="").count() == 1
        assert CaseInteraction.objects.count() == 2
        assert Message.objects.get(author="anna").state == "failed"

    def test_one_that_is_only_late_changes_nothing(self, room):
        room.receive(samples.plain())
        sent = read.mail(room.provider.to(CORA)[0]).message_id
        late = samples.given_back(sent).replace(b"failed", b"delayed").replace(b"5.1.1", b"4.4.1")
        room.receive(late)
        assert Message.objects.get(direction="out").state == "sent"

    def test_one_of_a_mail_that_was_not_ours_is_set_aside(self, room):
        room.receive(samples.given_back("spam@elsewhere.example"))
        assert Interaction.objects.count() == 0
        row = Spooled.objects.get()
        assert (row.state, row.reason) == ("set_aside", "bounce")
        assert b"spam@elsewhere" in spool.set_aside_mail(id_=row.pk)


class TestPoison:
    POISON = samples.nested(60).replace(b"From: a@b.example", b"From: Eve <eve@evil.example>")

    def test_it_is_put_aside_after_three_tries_with_an_alarm_and_is_shown_raw(self, room):
        """R33, R48: the others flow, nothing is lost."""
        room.box.deliver(self.POISON)
        room.box.deliver(samples.plain())
        room.fetch()
        room.take()
        assert room.outcomes == {"quarantined": 1, "taken": 1}
        assert room.alarms == [("mail_quarantined", "help")]
        row = only(Spooled, state="quarantined")
        message = only(Message, interaction=row.interaction)
        assert message.data["mail"]["kind"] == "unparsed"
        reader = scenes.Someone(may=("interactions.read",))
        assert originals.original(person=reader, message_id=message.id, now=room.now) == self.POISON
        assert row.tries == spool.TRIES_MAX

    def test_one_that_kills_its_reader_is_put_aside_as_well(self, room):
        room.box.deliver(samples.plain())
        with mailroom.dying("mail.looked_at", at={1, 2, 3}):
            room.until_done()
        assert room.deaths == 3
        assert room.outcomes == {"quarantined": 1}

    def test_it_is_told_from_whom_it_came_if_that_can_be_seen(self, room):
        room.box.deliver(self.POISON)
        room.fetch()
        room.take()
        room.receive(samples.plain(sender="eve@evil.example"))
        assert Interaction.objects.values("customer").distinct().count() == 1


class TestDeaths:
    """R30: whoever dies at any step of ten mails leaves ten contacts and no second answer."""

    @pytest.mark.parametrize("point", mailroom.POINTS_IN + mailroom.POINTS_OUT)
    def test_ten_mails_are_ten_contacts_and_ten_acknowledgements(self, room, point):
        senders = [f"s{number}@x.example" for number in range(10)]
        for number, sender in enumerate(senders):
            room.box.deliver(samples.plain(sender=sender, message_id=f"m{number}@x"))
        with mailroom.dying(point, at={2, 5, 9}):
            room.until_done()
        assert room.deaths == 3
        assert (Interaction.objects.count(), Case.objects.count()) == (10, 10)
        acks = Message.objects.filter(direction="out")
        assert acks.count() == 10
        delivered = [to for _sender, to, _raw in room.provider.taken]
        assert len(delivered) == len(set(delivered))
        doubted = acks.filter(state="unknown").count()
        assert acks.filter(Q(state="sent") | Q(state="unknown")).count() == 10
        never_left = {"mail.in_doubt": 3}.get(point, 0)
        assert len(delivered) == 10 - never_left
        assert doubted == (3 if point in ("mail.in_doubt", "mail.submitted") else 0)
        assert room.alarms == [("mail_in_doubt", "1")] * doubted


def test_a_mail_comes_to_the_address_that_was_written_to(room):
    room.receive(samples.plain(to="Billing <BILLING@acme.example>"))
    assert only(Interaction).called == "billing@acme.example"


def test_everything_personal_goes_with_the_customers_key(room, data):
    """Neither spool nor original can be read once the customer is erased."""
    room.receive(samples.plain("canary-4711"))
    assert only(Spooled).body is None
    letter = Letter.objects.get(message__direction="in")
    assert b"canary" not in bytes(letter.body)
    for model in (Spooled, Letter, Message, OutboxEvent):
        assert CORA not in str(list(model.objects.values()))
    from callfloor.kernel.keys import ring

    ring.destroy(subject=f"customer:{only(Interaction).customer_id}", now=room.now)
    assert originals.last_received(interaction_ids=[only(Interaction).id]) is None


def test_the_acknowledgement_is_in_the_customers_language(room):
    room.receive(samples.plain(more="Content-Language: hu"))
    [raw] = room.provider.to(CORA)
    assert b"Content-Language: hu" in raw
    assert "Köszönjük" in read.mail(raw).text


def test_a_stranger_reads_no_original(room):
    room.receive(samples.plain())
    from callfloor.kernel import access

    message = Message.objects.get(direction="in").id
    for someone, refusal in (
        (scenes.Someone(clients=("zeta",), may=("interactions.read",)), access.NotFound),
        (scenes.Someone(), access.Forbidden),
    ):
        with pytest.raises(refusal):
            originals.original(person=someone, message_id=message, now=room.now)


def test_an_index_of_nothing_is_nothing(data):
    assert keep.index("") == ""


@pytest.mark.parametrize("seed", range(3))
def test_sums(room, seed):
    """Duplicates, loops, poison and deaths at every step add up."""
    from tests.records.mailstorm import storm

    storm(room, count=60, dice=random.Random(seed), one_in=25)


@pytest.mark.long
def test_sums_of_ten_thousand(room):
    """Issue 5: ten thousand mails, dying at any step; its figures are in docs/reliability.md."""
    from tests.records.mailstorm import storm

    print(storm(room, count=10_000, dice=random.Random(7), one_in=200))
