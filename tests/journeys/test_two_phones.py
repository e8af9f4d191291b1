"""
Two real telephones of one agent answer in the same moment (R8, asterisk/asterisk#176).

Both are sipp and lift themselves 100 ms after they ring. Exactly one is bridged each time; each of
them sees a call that ends in order, by CANCEL or by BYE.
"""

import asyncio
import contextlib
import dataclasses
import json
import re
import shutil

import pytest

from callfloor.core import events
from tests import phones, registering, small_centre

pytestmark = pytest.mark.journey

SCENARIOS = phones.RTP_MEDIA_SCENARIO
USERS = ("desk", "mobile")
SECONDS_PER_CALL = 4.0


def two_phone_plan():
    """Build a plan whose one agent has two telephones."""
    made = small_centre.small_plan()
    agents = tuple(dataclasses.replace(agent, phones=USERS) for agent in made.agents)
    return dataclasses.replace(made, agents=agents)


@contextlib.asynccontextmanager
async def telephone(centre, port, calls):
    """Run a telephone that lifts itself; it must end well."""
    process = await asyncio.create_subprocess_exec(
        shutil.which("sipp"), "-sf", str(SCENARIOS / "phone_lifts.xml"), "-i", "127.0.0.1",
        "-p", str(port), "-m", str(calls), "-nostdin", "-trace_err",
        "-error_file", str(centre.data / f"{port}.txt"), cwd=centre.data,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def hang_up_when_bridged(link):
    """Let the agent end each call as soon as it is bridged, and finish it."""

    def hear(fact):
        names = {"Bridged": "HangUpAsked", "TalkEnded": "WorkFinished"}
        name = names.get(fact["is"])
        if name is not None:
            event = {"is": name, "agent": fact["agent"], "item": fact["item"]}
            if name == "WorkFinished":
                event["disposition"] = "done"
            link.send("command", by="test", event=event)

    link.listeners.append(hear)


def was_crossed(errors):
    """Say whether all that sipp gave up was told to stop in the moment in which it was lifted."""
    unexpected = re.findall(r"Aborting call on an unexpected (\w+)", errors.read_text())
    return set(unexpected) == {"CANCEL"}


@pytest.mark.parametrize("calls", [5, pytest.param(50, marks=pytest.mark.long)])
async def test_one_of_two_that_answer_at_once_is_bridged(tmp_path, program, calls):
    """R8: no call is bridged twice, and no telephone is left ringing or in a dead call."""
    program("sipp")
    async with contextlib.AsyncExitStack() as stack:
        centre = small_centre.Centre(tmp_path, two_phone_plan())
        (tmp_path / "keys" / "passwords.json").write_text(json.dumps(dict.fromkeys(USERS, "pw")))
        stack.push_async_callback(centre.stop)
        await centre.start()
        ports = small_centre.free_ports(2)
        for user, port in zip(USERS, ports, strict=True):
            state = await registering.register(user, "pw", port=port, floor=centre.sip)
            assert state == "registered"
        running = [await stack.enter_async_context(telephone(centre, p, calls)) for p in ports]
        link = await centre.connect("web")
        hang_up_when_bridged(link)
        await link.command(events.AgentSignedIn(agent="agent-0", ready=True))
        await phones.run_sipp(
            centre, "-m", str(calls), "-l", "1", "-r", "1",
            scenario=SCENARIOS / "caller_hears.xml", seconds_max=30.0 + SECONDS_PER_CALL * calls,
        )  # fmt: skip
        await link.wait_for(lambda: len(link.facts("Closed")) == calls)
        async with asyncio.timeout(60.0):
            ended = [await each.communicate() for each in running]
        for port, each, (out, _) in zip(ports, running, ended, strict=True):
            assert each.returncode == 0 or was_crossed(tmp_path / f"{port}.txt"), out.decode()
        await link.close()
    assert len(link.facts("Bridged")) == calls
    assert [fact["outcome"] for fact in link.facts("RingEnded")] == []
    assert {fact["outcome"] for fact in link.facts("Closed")} == {"answered"}
