"""`/metrics` of a real web process: for this machine and the token, not for a proxy's guests."""

import json

import pytest

from callfloor.web.tests.test_shell import served

pytestmark = [
    pytest.mark.wire,
    pytest.mark.django_db(databases=["default", "keys"], transaction=True),
]


@pytest.fixture
def token(data, settings):
    """Keep a token for whoever is elsewhere."""
    settings.PASSWORDS_FILE = data / "passwords.json"
    settings.PASSWORDS_FILE.write_text(json.dumps({"metrics": "right"}), encoding="utf-8")
    settings.CERTIFICATE = None


async def test_figures_are_told_to_this_machine_and_to_the_token(scene, data, token):
    """The floor's queues and agents stand in them; a proxy's guests need the token."""
    async with served(data) as web:
        status, reader = await web.request("/metrics")
        assert status == 200
        text = (await reader.readuntil(b"callfloor_disk_size_bytes ")).decode()
        assert 'callfloor_queue_waiting{queue="billing"} 0' in text
        assert 'callfloor_agents{state="signed_out"} 3' in text
        assert "anna" not in text
        guest = {"X_Forwarded_For": "198.51.100.7"}
        assert (await web.request("/metrics", **guest))[0] == 403
        assert (await web.request("/metrics", **guest, Authorization="Bearer wrong"))[0] == 403
        assert (await web.request("/metrics", **guest, Authorization="Bearer right"))[0] == 200
