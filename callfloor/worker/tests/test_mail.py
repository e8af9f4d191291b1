"""Which mailboxes the worker reads: those of the file that holds, with passwords from outside."""

import json

import pytest

from callfloor.blueprint import canonical
from callfloor.blueprint.check import check
from callfloor.blueprint.tests.samples import GOOD
from callfloor.blueprint.tests.test_mailboxes import MAIL
from callfloor.records.routing.models import CentreFile
from callfloor.worker import mail
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]


def hold(text):
    """Let the records hold a file."""
    blueprint = check(text, file="x").blueprint
    CentreFile.objects.create(
        version=str(len(text)), body=canonical.text(blueprint), applied_at=scenes.NOW
    )


def test_a_centre_without_mail_reads_none(db):
    assert mail.accounts() == []
    hold(GOOD)
    assert mail.accounts() == []


def test_the_mailboxes_of_the_file_that_holds(db):
    hold(GOOD)
    hold(MAIL)
    [account] = mail.accounts()
    assert (account.key, account.client, account.language) == ("box", "north", "en")
    assert (account.name, account.addresses) == ("North", ("help@n.example",))
    assert (account.incoming.host, account.incoming.port) == ("mail.n.example", 993)
    assert (account.incoming.user, account.incoming.security) == ("help", "tls")
    assert (account.outgoing.port, account.outgoing.user) == (465, "")


def test_passwords_come_from_their_own_file(tmp_path):
    path = tmp_path / "passwords.json"
    assert mail.passwords_of(path) == {}
    path.write_text(json.dumps({"help": "a", "desk": {"password": "b", "md5": True}}))
    assert mail.passwords_of(path) == {"help": "a", "desk": "b"}
    path.write_text("{")
    assert mail.passwords_of(path) == {}
