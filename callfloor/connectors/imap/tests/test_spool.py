"""Mails between server and records: each once, encrypted, found again after new numbers."""

from datetime import timedelta

import pytest

from callfloor.connectors.imap import spool
from callfloor.connectors.imap.models import Spooled
from callfloor.wire.mail.tests import samples
from tests.records import scenes
from tests.records.accounts import ACCOUNT

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]


def keep(raw, *, uid=1, validity=1):
    """Keep a mail as the fetching does."""
    return spool.keep(account=ACCOUNT, raw=raw, uid=uid, validity=validity, now=scenes.NOW)


def test_a_mail_is_kept_once_under_a_key(scene):
    assert keep(samples.plain("canary"))
    assert not keep(samples.plain("canary"), uid=9)
    row = Spooled.objects.get()
    assert b"canary" not in bytes(row.body)
    assert spool.begin(id_=row.pk) == samples.plain("canary")


def test_the_place_counts_for_its_numbers_only(scene):
    """UIDVALIDITY: with other numbers everything is looked at again."""
    keep(samples.plain(), uid=7)
    assert spool.position(account="help", validity=1) == 7
    assert spool.position(account="help", validity=2) == 0


def test_what_was_set_aside_is_emptied_and_still_known(scene):
    keep(samples.plain())
    row = Spooled.objects.get()
    assert spool.set_aside(id_=row.pk, reason="own")
    assert not spool.set_aside(id_=row.pk, reason="own")
    assert spool.forget(now=scenes.NOW + timedelta(days=29)) == 0
    assert spool.forget(now=scenes.NOW + timedelta(days=31)) == 1
    assert spool.set_aside_mail(id_=row.pk) is None
    assert not keep(samples.plain())


def test_a_failure_is_counted_from_its_beginning(scene):
    assert spool.failed(account="help", fault="x", now=scenes.NOW) == timedelta()
    later = scenes.NOW + timedelta(minutes=5)
    assert spool.failed(account="help", fault="y", now=later) == timedelta(minutes=5)
    spool.read_to_the_end(account="help", now=later)
    assert spool.failed(account="help", fault="z", now=later) == timedelta()
