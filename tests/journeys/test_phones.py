"""Agents at real telephones: baresip registers, is rung, holds, moves a caller and hangs up."""

import asyncio
import contextlib
import dataclasses
import json

import pytest

from callfloor.core import events
from callfloor.floor.phones import SLIP_SECONDS
from tests import small_centre
from tests.journeys import baresip, linphone, providers, tones
from tests.journeys.waiting import until

pytestmark = pytest.mark.journey

PASSWORD = "not-a-word-of-anybody"
FIRST_HZ, SECOND_HZ = 523.0, 1_310.0
TWO_LINES = "two lines"
"""A telephone that can join two lines of its own (linphonec, over UDP); baresip has one line."""


def phones_plan():
    """Build a plan with two agents at telephones, 200 and 201."""
    made = small_centre.small_plan(agents=2)
    agents = tuple(
        dataclasses.replace(agent, phones=(f"phone-{number}",), extension=f"20{number}")
        for number, agent in enumerate(made.agents)
    )
    return dataclasses.replace(made, agents=agents)


@contextlib.asynccontextmanager
async def room(folder, program, transports):
    """Run a centre with two agents' telephones, each on its transport, and a caller's."""
    [tls_port] = small_centre.free_ports(1)
    async with contextlib.AsyncExitStack() as stack:
        centre = small_centre.Centre(folder, phones_plan())
        certificate, key = providers.certificates.make(folder)
        centre.floor_arguments = (
            *("--sip-tls", f"127.0.0.1:{tls_port}"),
            *("--tls-cert", str(certificate), "--tls-key", str(key)),
        )
        known = {f"phone-{n}": {"password": PASSWORD, "md5": True} for n in range(2)}
        (folder / "keys" / "passwords.json").write_text(json.dumps(known))
        stack.push_async_callback(centre.stop)
        await centre.start()
        phones = []
        for number, (hertz, transport) in enumerate(
            zip((FIRST_HZ, SECOND_HZ), transports, strict=True)
        ):
            account = (f"phone-{number}", PASSWORD)
            own = {"hertz": hertz, "account": account}
            if transport == TWO_LINES:
                phone = linphone.running(
                    program("linphonec"), folder / account[0], sip=centre.sip, **own
                )
            else:
                sip = tls_port if transport == "tls" else centre.sip
                phone = baresip.running(
                    program("baresip"), folder / account[0], sip=sip, transport=transport, **own
                )
            phones.append(await stack.enter_async_context(phone))
        caller = baresip.running(program("baresip"), folder / "caller", sip=centre.sip)
        caller = await stack.enter_async_context(caller)
        link = await centre.connect("web")
        stack.push_async_callback(link.close)
        await link.wait_for(lambda: bool(link.health and len(link.health["phones"]) == 2))
        yield link, caller, phones


@pytest.mark.parametrize("transports", [("udp", "udp"), ("tls", "tcp")], ids="-".join)
async def test_an_agent_at_a_telephone_serves_holds_and_moves_a_caller(
    tmp_path, program, transports
):
    """R19: nobody is missing after a transfer from the telephone, whatever it is connected by."""
    async with room(tmp_path, program, transports) as (link, caller, (first, second)):
        await link.command(events.AgentSignedIn(agent="agent-0", ready=True))
        await caller.dial("900")
        await caller.hears(FIRST_HZ)
        await first.hears(tones.CALLER_HZ)
        first.hold()
        await link.wait_for(lambda: bool(link.facts("Held")))
        await caller.hears(small_centre.TONE_HZ)
        first.resume()
        await link.wait_for(lambda: bool(link.facts("Unheld")))
        await caller.hears(FIRST_HZ)
        await link.command(events.AgentSignedIn(agent="agent-1", ready=True))
        first.transfer("201")
        await caller.hears(SECOND_HZ)
        await second.hears(tones.CALLER_HZ)
        await first.ended()
        await asyncio.sleep(SLIP_SECONDS)  # Who hangs up at once has let it slip.
        second.hang_up()
        await caller.ended()
        await until(lambda: len(link.facts("TalkEnded")) == 2)
    transferred = link.facts("Transferred")
    assert [fact["to_agent"] for fact in transferred] == ["agent-1"]
    assert [fact["agent"] for fact in link.facts("TalkEnded")] == ["agent-0", "agent-1"]
    assert [fact["ended_by"] for fact in link.facts("TalkEnded")] == ["transfer", "agent"]


async def test_an_agent_joins_his_two_lines_at_a_telephone(tmp_path, program):
    """R19: he asks a colleague on his second line and connects her with the caller (Replaces)."""
    async with room(tmp_path, program, (TWO_LINES, "udp")) as (link, caller, (first, second)):
        await link.command(events.AgentSignedIn(agent="agent-0", ready=True))
        await caller.dial("900")
        await caller.hears(FIRST_HZ)
        await link.command(events.AgentSignedIn(agent="agent-1", ready=True))
        first.hold()
        await link.wait_for(lambda: bool(link.facts("Held")))
        first.call("201")
        await second.hears(FIRST_HZ)
        first.join(1, 2)
        await caller.hears(SECOND_HZ)
        await second.hears(tones.CALLER_HZ)
        await asyncio.sleep(SLIP_SECONDS)  # Who hangs up at once has let it slip.
        second.hang_up()
        await caller.ended()
        await until(lambda: len(link.facts("TalkEnded")) == 2)
    [asked] = link.facts("ConsultOver")
    assert (asked["agent"], asked["outcome"]) == ("agent-0", "completed")
    assert [fact["to_agent"] for fact in link.facts("Transferred")] == ["agent-1"]
    assert [fact["ended_by"] for fact in link.facts("TalkEnded")] == ["transfer", "agent"]
    assert len(link.facts("Closed")) == 1
