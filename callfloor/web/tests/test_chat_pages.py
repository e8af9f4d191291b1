"""The chat on other people's pages: nothing is kept unasked, and files are what they are."""

import json
import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from callfloor.desk.chat import tokens
from callfloor.kernel.testing import LANGUAGES, row_counts
from callfloor.records.interactions.models import Interaction, Message
from callfloor.records.interactions.services import attachments, chats, messages
from callfloor.records.routing.models import Number
from tests.records import scenes

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture
def place(scene):
    """Let Acme's customers write."""
    return Number.objects.create(number="chat:acme", client_id="acme", flow="main", language="en")


@pytest.fixture
def chat(place):
    """Begin a chat."""
    begun = chats.start(
        client="acme",
        called="chat:acme",
        visitor="v-1",
        text="Hello",
        external="web:m-1",
        language="en",
        now=scenes.NOW,
        chance=os.urandom(10),
        name="Vera",
    )
    return begun.interaction_id


def send(client, token, content=PNG, *, name="meter.png", external="f-1"):
    """Send a file as the chat's page does."""
    file = SimpleUploadedFile(name, content, content_type="text/html")
    fields = {"external": external, "file": file}
    headers = {"x-chat-token": token, "accept": "application/json"}
    return client.post(reverse("chat_send_file"), fields, headers=headers)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chat_opens_in_every_language_and_sets_no_cookie(client, place, language):
    before = row_counts()
    answer = client.get(f"/chat/acme?language={language}")
    assert row_counts() == before
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'lang="{language}"' in page
    assert ('dir="rtl"' in page) == (language == "fa")
    assert not answer.cookies


def test_the_chat_may_stand_in_a_frame_of_another_page(client, place, settings):
    answer = client.get("/chat/acme")
    assert "frame-ancestors 'self' *" in answer["Content-Security-Policy"]
    assert "x-frame-options" not in answer.headers
    settings.CHAT_SITES = "https://shop.example"
    policy = client.get("/chat/acme")["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://shop.example;" in policy
    assert "*" not in policy


def test_no_other_page_may_stand_in_a_frame(client, place):
    assert client.get("/call")["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in client.get("/call")["Content-Security-Policy"]


def test_a_key_that_nobody_has_is_told_to_whoever_looks_after_the_page(client, place):
    answer = client.get("/chat/nobody?language=en")
    assert answer.status_code == 404
    assert "data-key" in answer.content.decode()
    assert "chat.js" not in answer.content.decode()


def test_the_script_speaks_six_languages_and_may_be_kept_for_a_while(client, place):
    answer = client.get("/chat/widget.js")
    script = answer.content.decode()
    assert answer["Content-Type"].startswith("text/javascript")
    assert "%TEXTS%" not in script
    said = json.loads(script.split("const texts = ", 1)[1].split(";\n", 1)[0])
    assert set(said) == set(LANGUAGES)
    assert len({each["open"] for each in said.values()}) == len(LANGUAGES)
    assert not answer.cookies


def test_a_file_is_kept_encrypted_and_comes_back_to_be_saved(client, chat, data):
    token = tokens.give(chat)
    sent = send(client, token)
    assert sent.status_code == 200
    row = Message.objects.get(interaction_id=chat, kind="file")
    assert row.data["type"] == "image/png"  # Not what the browser said.
    [path] = [each for each in (data / "attachments").rglob("*") if each.is_file()]
    assert PNG not in path.read_bytes()
    back = client.get(f"/chat/file/{row.number}?token={token}")
    assert back.content == PNG
    assert back["Content-Disposition"] == 'attachment; filename="meter.png"'
    assert "sandbox" in back["Content-Security-Policy"]


def test_a_file_that_is_sent_again_is_kept_once(client, chat):
    token = tokens.give(chat)
    numbers = {send(client, token).json()["number"] for _ in range(2)}
    assert len(numbers) == 1
    assert Message.objects.filter(kind="file").count() == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html><script>alert(1)</script>", "messages.file_not_allowed"),
        (b"MZ\x90\x00", "messages.file_not_allowed"),
        (PNG + bytes(attachments.BYTES_MAX), "messages.file_too_big"),
    ],
)
def test_what_may_not_be_sent_is_refused_in_words(client, chat, data, content, code):
    answer = send(client, tokens.give(chat), content)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert Message.objects.filter(kind="file").count() == 0
    assert not list((data / "attachments").rglob("*.*"))


def test_one_visitor_cannot_fill_the_disk(client, chat, monkeypatch):
    monkeypatch.setattr(attachments, "FILES_MAX", 2)
    token = tokens.give(chat)
    codes = [send(client, token, external=f"f-{n}").status_code for n in range(3)]
    assert codes == [200, 200, 400]


@pytest.mark.parametrize("token", ["", "x", "W10:1:abc"])
def test_without_a_token_there_is_no_file_and_nothing_is_written(client, chat, token):
    send(client, tokens.give(chat))
    before = row_counts()
    assert send(client, token).status_code == 404
    assert client.get(f"/chat/file/2?token={token}").status_code == 404
    assert row_counts() == before


def test_a_visitor_gets_no_file_of_a_note(client, chat):
    attachments.keep(
        interaction_id=chat,
        direction="note",
        name="inside.png",
        content=PNG,
        external="desk:1",
        now=scenes.NOW,
        author="bela",
    )
    assert client.get(f"/chat/file/2?token={tokens.give(chat)}").status_code == 404


def test_a_chat_that_has_ended_takes_no_file(client, chat):
    Interaction.objects.filter(id=chat).update(outcome="answered", ended_at=scenes.NOW)
    assert send(client, tokens.give(chat)).json()["code"] == "chat.ended"


class TestForAgents:
    def sign_in(self, client, key):
        client.force_login(scenes.person(key), backend="callfloor.app.accounts.PeopleBackend")

    def test_who_may_read_the_contact_gets_its_files(self, client, chat):
        send(client, tokens.give(chat))
        self.sign_in(client, "adam")
        assert client.get(f"/interactions/{chat}/files/2").content == PNG

    def test_a_foreign_contact_is_not_there(self, client, chat):
        send(client, tokens.give(chat))
        self.sign_in(client, "zoe")
        before = row_counts()
        assert client.get(f"/interactions/{chat}/files/2").status_code == 404
        assert client.post(f"/desk/file/{chat}", {"external": "1"}).status_code in (403, 404)
        assert row_counts() == before

    def test_an_upload_of_a_desk_is_no_message_yet(self, client, chat):
        self.sign_in(client, "bela")
        fields = {"external": "k-1", "file": SimpleUploadedFile("bill.png", PNG)}
        answer = client.post(f"/desk/file/{chat}", fields)
        assert answer.status_code == 200
        name, stored = tokens.read_file(answer.json()["file"], interaction_id=chat)
        assert (name, stored["type"]) == ("bill.png", "image/png")
        assert tokens.read_file(answer.json()["file"], interaction_id="another") is None
        assert Message.objects.filter(kind="file").count() == 0


def test_words_of_a_chat_stand_on_the_page_of_the_interaction(client, chat):
    messages.write(
        interaction_id=chat, direction="out", text="Good day", author="bela", now=scenes.NOW
    )
    messages.write(
        interaction_id=chat, direction="note", text="He is angry", author="bela", now=scenes.NOW
    )
    client.force_login(scenes.person("adam"), backend="callfloor.app.accounts.PeopleBackend")
    page = client.get(f"/interactions/{chat}").content.decode()
    for text in ("Hello", "Good day", "He is angry", "Béla Barta"):
        assert text in page
