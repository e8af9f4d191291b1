"""Whom a machine may answer, and which mail was given back."""

import pytest

from callfloor.wire.mail import read
from callfloor.wire.mail.tests import samples

pytestmark = pytest.mark.pure

MINE = "o1@acme.example"


def judged(raw):
    """Give kind and whether an automatic answer is allowed."""
    verdict = read.mail(raw).verdict
    return verdict.kind, verdict.may_be_answered


def test_a_human_is_answered():
    assert judged(samples.plain()) == ("human", True)
    assert judged(samples.plain(more="Auto-Submitted: no")) == ("human", True)
    assert judged(samples.plain(more="Precedence: first-class")) == ("human", True)


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; owner-email=x",
        "Auto-Submitted: something-new",
        "X-Autoreply: yes",
        "X-Autorespond: x",
        "Precedence: auto_reply",
        "Return-Path: <>",
        "X-Callfloor-Loop: abc",
    ],
)
def test_a_machine_that_answers_is_not_answered(header):
    """R29, RFC 3834 2: whatever sign it gives."""
    assert judged(samples.plain(more=header)) == ("auto", False)


@pytest.mark.parametrize(
    "header",
    ["List-Id: <news.x.example>", "List-Unsubscribe: <mailto:x>", "Precedence: bulk"],
)
def test_a_list_is_not_answered(header):
    assert judged(samples.plain(more=header)) == ("bulk", False)


@pytest.mark.parametrize(
    "sender", ["no-reply@x.example", "noreply+5@x.example", "owner-list@x.example", "nobody"]
)
def test_who_reads_no_mail_is_not_answered(sender):
    assert judged(samples.plain(sender=sender)) == ("bulk", False)


def test_who_wants_no_answer_of_machines_is_a_human_all_the_same():
    raw = samples.plain(more="X-Auto-Response-Suppress: OOF, AutoReply")
    assert judged(raw) == ("human", False)


@pytest.mark.parametrize(
    "raw",
    [
        samples.given_back(MINE),
        samples.given_back_by_qmail(MINE),
        samples.given_back_by_exchange(MINE),
    ],
    ids=["report", "qmail", "exchange"],
)
def test_three_ways_of_giving_a_mail_back(raw):
    """R29: three kinds of NDR, each tells which mail it was."""
    mail = read.mail(raw)
    assert (mail.verdict.kind, mail.verdict.may_be_answered) == ("bounce", False)
    assert mail.bounce.is_final
    assert MINE in mail.bounce.ids


def test_one_that_is_late_is_not_final():
    raw = samples.given_back(MINE).replace(b"failed", b"delayed").replace(b"5.1.1", b"4.4.1")
    assert not read.mail(raw).bounce.is_final


def test_a_receipt_is_no_bounce():
    raw = samples.given_back(MINE).replace(b"delivery-status", b"disposition-notification")
    assert judged(raw) == ("auto", False)


def test_an_honest_automatic_answer_names_what_it_answers():
    mail = read.mail(samples.out_of_office(answers=MINE))
    assert (mail.verdict.kind, mail.thread) == ("auto", (MINE,))
