"""A telephone's password is kept while the floor runs: it registers, without a restart."""

import asyncio
import dataclasses
import sqlite3

import pytest

from callfloor.app import cli, passwords
from callfloor.core import codec
from tests import registering, small_centre
from tests.journeys.waiting import until

pytestmark = pytest.mark.journey

DESK, HALL = "anna-desk", "anna-hall"


def phone_plan():
    """Build a plan whose only agent has two telephones."""
    made = small_centre.small_plan()
    (agent,) = made.agents
    return dataclasses.replace(made, agents=(dataclasses.replace(agent, phones=(DESK, HALL)),))


async def keep(folder, user):
    """Keep a new password, as an administrator does; give what was drawn."""
    words = ["password", user, "--new", "--data", str(folder)]
    assert await asyncio.to_thread(cli.main, words) == 0
    return passwords.read(passwords.place(folder))[user]


def written(folder):
    """Give everything that the processes wrote down: journal and logs."""
    with sqlite3.connect(folder / "journal.db") as journal:
        rows = journal.execute("SELECT body FROM journal").fetchall()
    logs = [path.read_text() for path in folder.rglob("*.log")]
    assert rows
    assert logs
    return "\n".join([*(body for (body,) in rows), *logs])


async def test_a_new_telephone_registers_without_a_restart(tmp_path):
    """The new password holds at once, the one before it is refused; neither is written down."""
    passwords.write(passwords.place(tmp_path), name=HALL, password="hall")
    async with small_centre.running(tmp_path, phone_plan()) as centre:
        link = await centre.connect("web")
        ports = iter(small_centre.free_ports(6))

        async def register(password):
            return await registering.register(DESK, password, port=next(ports), floor=centre.sip)

        async def are_registered(*users):
            def registered():
                return {row["user"] for row in (link.health or {}).get("phones", ())}

            await link.wait_for(lambda: registered() == set(users))

        assert await register("early") == "refused"
        first = await keep(tmp_path, DESK)
        assert await register(first) == "registered"
        await are_registered(DESK)
        second = await keep(tmp_path, DESK)
        await are_registered()
        assert await register(first) == "refused"
        assert await register(second) == "registered"
        await are_registered(DESK)
        # One that was written without a word is read with the next plan.
        passwords.write(passwords.place(tmp_path), name=DESK, password="third")
        apply = await centre.connect("apply")
        plan = codec.to_plain(dataclasses.replace(phone_plan(), version="test-2"))
        assert (await apply.ask("plan", plan=plan))["type"] == "done"
        await apply.close()
        assert await register(second) == "refused"
        assert await register("third") == "registered"
        await link.close()
        await until(lambda: "passwords_read" in written(tmp_path))
        assert not [secret for secret in (first, second) if secret in written(tmp_path)]
