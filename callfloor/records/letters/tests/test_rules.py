"""Addresses of an account, tries that grow rarer, subjects that carry one reference."""

from datetime import UTC, datetime, timedelta

import pytest

from callfloor.records.letters import rules
from tests.records.accounts import ACCOUNT

pytestmark = pytest.mark.pure

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("help@acme.example", "help@acme.example"),
        ("Help+cf1@ACME.example", "help@acme.example"),
        ("billing@acme.example", "billing@acme.example"),
        ("other@acme.example", None),
        ("help@acme.example.evil", None),
        ("help", None),
        ("", None),
    ],
)
def test_an_address_is_ours_with_and_without_a_tag(address, own):
    assert ACCOUNT.own(address) == own


def test_a_tag_stands_before_the_at():
    assert ACCOUNT.tagged("help@acme.example", tag="cf1.x") == "help+cf1.x@acme.example"


def test_tries_grow_rarer_and_end():
    waits = [rules.again_at(tries=tries, now=NOW) for tries in range(1, rules.TRIES_MAX + 1)]
    assert waits[0] == NOW + timedelta(minutes=1)
    pauses = [at - NOW for at in waits[:-1]]
    assert pauses == sorted(pauses)
    assert sum(pauses, timedelta()) > timedelta(days=3)
    assert waits[-1] is None


@pytest.mark.parametrize(
    ("subject", "reply"),
    [
        ("Invoice", "Re: Invoice [CF-2026-000001]"),
        ("RE: re: Invoice", "Re: Invoice [CF-2026-000001]"),
        ("Re: Invoice [CF-2026-000001]", "Re: Invoice [CF-2026-000001]"),
        ("", "Re: [CF-2026-000001]"),
        ("a\n b", "Re: a b [CF-2026-000001]"),
    ],
)
def test_a_reply_has_one_re_and_one_reference(subject, reply):
    assert rules.reply_subject(subject=subject, reference="CF-2026-000001") == reply
