"""The relay's address and password reach an agent's browser, and nobody who is not signed in."""

import json

import pytest

from callfloor.app import turn

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]


@pytest.fixture
def relay(settings, tmp_path):
    """Name a relay with its password."""
    settings.PASSWORDS_FILE = tmp_path / "passwords.json"
    settings.PASSWORDS_FILE.write_text(json.dumps({"desk": "relay secret"}), encoding="utf-8")
    settings.TURN_URL, settings.TURN_USER = "turn:turn.example:3478?transport=tcp", "desk"


def test_stranger_learns_nothing(relay, client):
    """Whoever is not signed in is sent to the sign-in."""
    answer = client.get("/ice")
    assert answer.status_code == 302
    assert "relay secret" not in answer.content.decode()


def test_relay_is_given_as_browsers_take_it(relay):
    """Addresses, user name and password under the names of RTCIceServer."""
    assert turn.servers() == [
        {
            "urls": ["turn:turn.example:3478?transport=tcp"],
            "username": "desk",
            "credential": "relay secret",
        }
    ]


def test_without_a_relay_there_is_none(settings, relay):
    """Nothing named, no password, or no file: the browser tries the direct way."""
    settings.TURN_USER = "other"
    assert turn.servers() == []
    settings.TURN_USER = "desk"
    settings.PASSWORDS_FILE.unlink()
    assert turn.servers() == []
    settings.TURN_URL = ""
    assert turn.servers() == []
