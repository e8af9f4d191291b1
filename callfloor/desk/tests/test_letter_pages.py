"""Originals of mails on pages: for whoever may read the contact, and never as a page of ours."""

import pytest
from django.urls import reverse

from callfloor.kernel.models import AuditEntry
from callfloor.kernel.testing import row_counts
from callfloor.wire.mail.tests import samples
from tests.records import mailroom, scenes

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]


@pytest.fixture
def message(scene):
    """Give the message of a mail with HTML and a file."""
    room = mailroom.MailRoom()
    room.receive(samples.with_file(name="bill.html", content="PHNjcmlwdD4="))
    return mailroom.Message.objects.get(direction="in")


def sign_in(client, key):
    """Sign somebody of the scene in."""
    client.force_login(scenes.person(key), backend="callfloor.app.accounts.PeopleBackend")


def test_the_original_comes_byte_for_byte_and_is_noted(client, message):
    sign_in(client, "adam")
    answer = client.get(reverse("letter", args=[message.id]))
    assert answer.content == samples.with_file(name="bill.html", content="PHNjcmlwdD4=")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert AuditEntry.objects.filter(action="letter.opened").count() == 1


def test_html_is_shown_in_a_sandbox_without_what_runs(client, message):
    sign_in(client, "adam")
    answer = client.get(reverse("letter_formatted", args=[message.id]))
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert b"<p>Hi</p>" in answer.content
    assert b"script" not in answer.content


def test_a_file_is_saved_and_never_opened(client, message):
    sign_in(client, "adam")
    answer = client.get(reverse("letter_file", args=[message.id, 1]))
    assert answer.content == b"<script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert 'filename="bill.html"' in answer["Content-Disposition"]
    assert client.get(reverse("letter_file", args=[message.id, 9])).status_code == 404


@pytest.mark.parametrize("name", ["letter", "letter_formatted"])
def test_a_stranger_finds_nothing_and_writes_nothing(client, message, name):
    sign_in(client, "zoe")
    before = row_counts()
    assert client.get(reverse(name, args=[message.id])).status_code == 404
    assert row_counts() == before


def test_one_that_is_stuck_is_sent_again_when_a_person_says_so(client, message):
    stuck = mailroom.Message.objects.get(direction="out")
    mailroom.Message.objects.filter(id=stuck.id).update(state="unknown")
    sign_in(client, "zoe")
    assert client.post(reverse("letter_again", args=[stuck.id])).status_code == 404
    sign_in(client, "adam")
    page = client.get(reverse("interaction", args=[message.interaction_id])).content.decode()
    assert reverse("letter_again", args=[stuck.id]) in page
    assert reverse("letter_file", args=[message.id, 1]) in page
    assert client.post(reverse("letter_again", args=[stuck.id])).status_code == 302
    assert mailroom.Message.objects.get(id=stuck.id).state == "to_send"
    assert client.get(reverse("letter", args=[stuck.id])).status_code == 200
