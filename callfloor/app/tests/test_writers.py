"""Simulated customers write over the line of the widget, one thing after each answer."""

import asyncio
import json
import random
from datetime import datetime
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from callfloor.app.demo import writers, written
from callfloor.app.demo.writers import Pace, Writers
from callfloor.core.plan import NumberPlan
from callfloor.records.letters.rules import Account
from tests.records.accounts import ACCOUNT

pytestmark = pytest.mark.wire

WAIT_SECONDS = 60.0
PLACE = NumberPlan(number="chat:north", client="north", flow="main", language="hu")
SAID = written.words()["hu"]


class Page:
    """The widget's end of the line: it answers each message once."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.origin: str | None = None
        self.over = asyncio.Event()

    async def serve(self, line: ServerConnection) -> None:
        assert line.request is not None
        self.origin = line.request.headers["Origin"]
        async for raw in line:
            told = json.loads(raw)
            self.heard.append(told)
            reply: dict[str, Any] = {"id": told.get("id"), "done": True}
            await line.send(json.dumps(reply | {"token": "t1"} if told["do"] == "start" else reply))
            if told["do"] in ("start", "write"):
                answer = {"messages": [{"direction": "out", "text": "Igen."}]}
                await line.send(json.dumps(answer))
            if told["do"] == "end":
                self.over.set()


class Office:
    """A post office that keeps what is brought."""

    def __init__(self, accounts: list[Account]) -> None:
        self.accounts = accounts
        self.raw = asyncio.get_running_loop().create_future()

    def bring(self, *, account: Account, raw: bytes, now: datetime) -> list[str]:
        self.raw.get_loop().call_soon_threadsafe(self._keep, raw)
        return ["i2"]

    def _keep(self, raw: bytes) -> None:
        if not self.raw.done():
            self.raw.set_result(raw)

    def take_out(self, *, now: datetime) -> int:
        return 0


def everybody(office: Office, *, page: str = "http://127.0.0.1:1/", places=()) -> Writers:
    return Writers(
        places=places,
        page=page,
        office=office,
        words=written.words(),
        pace=Pace(chat_seconds=0.01, mail_seconds=0.01),
        item_of=lambda token: "i1" if token == "t1" else None,
        draw=random.Random(1),
    )


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody take his time."""
    monkeypatch.setattr(writers, "TYPES_SECONDS", (0.0, 0.0))
    monkeypatch.setattr(writers, "CLOSES_SECONDS", 0.0)
    monkeypatch.setattr(writers, "VISITORS", 1)


async def running(everyone: Writers, until: Any) -> None:
    work = asyncio.create_task(everyone.run())
    try:
        await asyncio.wait_for(until, WAIT_SECONDS)
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


async def test_a_chat_goes_on_with_each_answer_and_is_closed():
    page = Page()
    async with serve(page.serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        everyone = everybody(Office([]), page=f"http://127.0.0.1:{port}/", places=(PLACE,))
        await running(everyone, page.over.wait())
    asked = page.heard[0]
    assert page.origin == f"http://127.0.0.1:{port}"
    assert (asked["do"], asked["key"], asked["consent"], asked["language"]) == (
        *("start", "north", True, "hu"),
    )
    matter = next(chat for chat in SAID.chats if chat[0] == asked["text"])
    said = [told["text"] for told in page.heard if told["do"] == "write"]
    assert said[: len(matter)] == [*matter[1:], SAID.thanks]
    assert everyone.knows("i1")
    everyone.forget("i1")
    assert not everyone.knows("i1")


async def test_a_page_that_is_away_ends_nothing():
    """The next customer tries again; mails go on meanwhile."""
    office = Office([ACCOUNT])
    everyone = everybody(office, places=(PLACE,))
    await running(everyone, asyncio.shield(office.raw))
    raw = office.raw.result().decode()
    assert f"To: {ACCOUNT.addresses[0]}" in raw
    assert "@customer.example" in raw
