"""Fetching: what is too large is cut, a full disk fetches nothing, faults are told in time."""

import ssl
import threading
from datetime import timedelta

import pytest

from callfloor.connectors.imap import connector
from callfloor.connectors.imap.models import Mailbox, Spooled
from callfloor.kernel import machine
from callfloor.records.letters.models import Letter
from callfloor.wire.mail.tests import samples
from tests.records import scenes
from tests.records.accounts import ACCOUNT

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]


def fetcher(room, data, kept=lambda: None):
    """Give a fetcher that nobody has started."""
    return connector.Fetcher(
        account=ACCOUNT, password="", context=ssl.create_default_context(), data=data,
        alarm=room.alarm, kept=kept,
    )  # fmt: skip


def test_a_mailbox_that_cannot_be_read_is_told_within_five_minutes_and_once(room, data):
    """R33: a week passes and nobody knows."""
    made = fetcher(room, data)
    for minutes in (0, 1, 3):
        made.failed("OSError", now=scenes.NOW + timedelta(minutes=minutes))
    assert room.alarms == []
    for minutes in (4, 5, 60):
        made.failed("OSError", now=scenes.NOW + timedelta(minutes=minutes))
    assert room.alarms == [("mail_not_fetched", "help")]
    assert Mailbox.objects.get().fault == "OSError"


def test_a_full_disk_leaves_the_mail_on_its_server(room, data, monkeypatch):
    """F3: what is on the server is safe there."""
    monkeypatch.setattr(machine, "DISK_SHARE_MAX", 0.0)
    room.box.deliver(samples.plain())
    stop = threading.Event()
    made = fetcher(room, data, kept=stop.set)
    assert not made.look(room.box, now=scenes.NOW)
    assert Spooled.objects.count() == 0
    monkeypatch.setattr(machine, "DISK_SHARE_MAX", 1.1)
    assert made.look(room.box, now=scenes.NOW)
    assert stop.is_set()
    assert Spooled.objects.count() == 1


def test_a_mail_larger_than_any_is_kept_without_its_end(room, monkeypatch):
    monkeypatch.setattr(connector, "MAIL_BYTES_MAX", 2_000)
    monkeypatch.setattr(connector, "CUT_BYTES", 1_000)
    room.receive(samples.plain("x" * 5_000), samples.plain("y", message_id="m2@x"))
    sizes = Letter.objects.filter(message__direction="in").order_by("size")
    assert list(sizes.values_list("size", flat=True))[-1] == 1_000
    assert Letter.objects.filter(message__direction="in").count() == 2


def test_a_mail_that_is_gone_meanwhile_stops_nothing(room):
    room.box.deliver(samples.plain())
    room.box.deliver(samples.plain("b", message_id="m2@x"))
    listed = room.box.after(0)
    room.box.after = lambda uid: [each for each in listed if each > uid]
    del room.box.mails[1]
    room.round()
    assert Spooled.objects.count() == 1
    assert Mailbox.objects.get().uid == 2
