"""
Programs at the running centre: what comes five times at the same moment is done once.

R27, and requests with a key of their own, over real processes and a real database.
"""

import html
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from callfloor.connectors.webhook import signing
from tests.journeys.stack import Stack, Visitor

pytestmark = pytest.mark.journey

AT_ONCE = 5
CLIENT = "halden"


def shown(visitor: Visitor, path: str, **fields: str) -> str:
    """Send a form whose answer shows something once, and give that."""
    status, body, _ = visitor.post(path, **fields)
    found = re.search(r'id="made"[^>]*value="([^"]+)"', body.decode())
    assert found is not None, (status, body[:300])
    return html.unescape(found[1])


def doors(manager: Visitor) -> set[str]:
    """Give the addresses to which other systems may send."""
    page = manager.ask("/systems")[1].decode()
    return set(re.findall(r"/api/in/[0-9a-f-]{36}", page))


def at_once(ask: Any) -> list[tuple[int, dict[str, Any]]]:
    """Ask the same several times at the same moment; give status and body of each."""
    with ThreadPoolExecutor(AT_ONCE) as lanes:
        answers = [lane.result() for lane in [lanes.submit(ask) for _ in range(AT_ONCE)]]
    return [(status, json.loads(body)) for status, body, _ in answers]


def test_r27_a_message_that_comes_five_times_at_once_is_one_contact(stack: Stack, manager: Visitor):
    before = doors(manager)
    secret = signing.secret_bytes(
        shown(manager, "/systems", act="hear", name="Shop", client=CLIENT)
    )
    (path,) = doors(manager) - before
    sender = {"kind": "external", "value": "shop-77", "name": "Rozamund"}
    body = json.dumps({"type": "message", "sender": sender, "text": "Where is it?"}).encode()
    signed = signing.headers(secret=secret, id_="msg_1", timestamp=int(time.time()), body=body)
    headers = {name.replace("-", "_"): value for name, value in signed.items()}
    stranger = Visitor(stack.base)

    answers = at_once(lambda: stranger.ask(path, method="POST", body=body, **headers))

    assert {status for status, _ in answers} == {200}, answers
    (contact,) = {answer["interaction"] for _, answer in answers}
    rows = manager.json(f"/api/interactions/{contact}/messages")
    assert [row["text"] for row in rows] == ["Where is it?"]
    found = manager.json("/api/customers?q=Rozamund&include_simulated=true")
    assert found["total"] == 1


def test_a_request_with_a_key_that_comes_five_times_at_once_is_done_once(
    stack: Stack, manager: Visitor
):
    token = shown(
        manager, "/tokens", name="Shop", days="7", client=CLIENT, duty="management.protect_data"
    )
    program = Visitor(stack.base)
    body = json.dumps(
        {"client": CLIENT, "kind": "external", "value": "shop-78", "name": "Nora"}
    ).encode()
    headers = {
        "Authorization": f"Bearer {token}",
        "Idempotency_Key": "order-1",
        "Content_Type": "application/json",
    }

    answers = at_once(lambda: program.ask("/api/customers", method="POST", body=body, **headers))

    assert {status for status, _ in answers} == {201}, answers
    assert len({json.dumps(answer) for _, answer in answers}) == 1, "the same answer for all"
    assert answers[0][1]["is_new"]
