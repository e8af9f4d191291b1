"""A mailbox on a real server (dovecot): UIDs only, waits by IDLE, hears of new numbers."""

import dataclasses
import ssl
import threading

import pytest

from callfloor.connectors.imap import client
from callfloor.records.letters.rules import Server
from callfloor.wire.mail.tests import samples
from tests.journeys.waiting import wait_until
from tests.records import dovecot
from tests.records.mailroom import ACCOUNT

pytestmark = pytest.mark.wire


@pytest.fixture(scope="module")
def server(program):
    """Give a server that runs."""
    with dovecot.running(program("dovecot")) as running:
        yield running


def opened(server, user, *, password=dovecot.PASSWORD):
    """Open a mailbox as the connector does."""
    incoming = Server(host="127.0.0.1", port=server.port, security="none", user=user)
    account = dataclasses.replace(ACCOUNT, incoming=incoming)
    return client.opened(account, password=password, context=ssl.create_default_context())


def unseen(server, user):
    """Give what another client finds unseen."""
    imap = server.client(user)
    _status, found = imap.search(None, "UNSEEN")
    imap.logout()
    return found


@pytest.mark.parametrize("count", [1, 2, 7])
def test_all_mails_are_named_and_come_as_they_were(server, count):
    """R32: so many mails, so many UIDs, also when some are gone meanwhile."""
    mails = [samples.plain(f"mail {n}", message_id=f"m{n}@x") for n in range(count)]
    server.deliver(*mails, user=f"full{count}")
    with opened(server, f"full{count}") as mailbox:
        uids = mailbox.after(0)
        assert [mailbox.fetch(uid, limit=10_000) for uid in uids] == mails
        assert mailbox.sizes(uids) == dict(zip(uids, map(len, mails), strict=True))
        assert mailbox.after(uids[-1]) == []
        assert mailbox.fetch(uids[-1] + 5, limit=10) is None
        assert mailbox.fetch(uids[0], limit=10) == mails[0][:10]


def test_uids_stay_when_a_mail_leaves(server):
    server.deliver(*(samples.plain(message_id=f"{n}@x") for n in range(3)), user="leaving")
    with opened(server, "leaving") as mailbox:
        first, *others = mailbox.after(0)
        other = server.client("leaving")
        other.uid("STORE", str(first), "+FLAGS", r"(\Deleted)")
        other.expunge()
        other.logout()
    with opened(server, "leaving") as mailbox:
        assert mailbox.after(0) == others
        assert mailbox.sizes([first, *others]).keys() == set(others)


def test_looking_marks_nothing_and_seen_does(server):
    server.deliver(samples.plain(), user="marks")
    with opened(server, "marks") as mailbox:
        [uid] = mailbox.after(0)
        mailbox.fetch(uid, limit=10_000)
        assert unseen(server, "marks") == [b"1"]
        mailbox.seen([uid])
    assert unseen(server, "marks") == [b""]


def test_it_wakes_when_a_mail_comes(server):
    """RFC 2177."""
    server.deliver(samples.plain(), user="waiting")
    with opened(server, "waiting") as mailbox:
        known = mailbox.after(0)[-1]
        coming = threading.Thread(
            target=server.deliver,
            args=(samples.plain(message_id="2@x"),),
            kwargs={"user": "waiting"},
        )
        coming.start()
        mailbox.wait(stop=threading.Event())
        coming.join()
        assert len(mailbox.after(known)) == 1


def test_it_ends_its_wait_when_it_shall_stop(server):
    stop = threading.Event()
    stop.set()
    with opened(server, "stopping") as mailbox:
        mailbox.wait(stop=stop)
        assert mailbox.after(0) == []


def test_a_mailbox_that_was_numbered_anew_says_so(server):
    server.deliver(samples.plain(), user="renumbered")
    with opened(server, "renumbered") as mailbox:
        before = mailbox.validity

    def renumbered():
        server.renumber("renumbered")  # dovecot draws it from the second of the day.
        with opened(server, "renumbered") as mailbox:
            return mailbox.validity

    assert wait_until(lambda: (found := renumbered()) != before and found) > before


def test_what_goes_wrong_is_one_of_the_faults(server):
    with pytest.raises(client.FAULTS), opened(server, "help", password="wrong"):
        pass
    nobody = dovecot.Dovecot(server.folder, 1)
    with pytest.raises(client.FAULTS), opened(nobody, "help"):
        pass
