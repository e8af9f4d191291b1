"""Trunks to real peers: registered at kamailio, calls out to sipp and to another Callfloor."""

import dataclasses
import json
import time

import pytest

from callfloor.core import events, plan
from tests import phones, small_centre
from tests.journeys import providers

pytestmark = pytest.mark.journey

OUTSIDE = "+36201234567"
FAIL_OVER_SECONDS = 4.0  # TRUST.md, F16.


def plan_with(*trunks):
    """Build a plan whose client may call Hungary over these trunks, in their order."""
    base = small_centre.small_plan()
    client = dataclasses.replace(
        base.clients[0],
        caller_id="+3617654321",
        trunks=tuple(trunk.key for trunk in trunks),
        zones=("home",),
    )
    zones = (plan.ZonePlan(key="home", prefixes=("+36",)),)
    return dataclasses.replace(base, clients=(client,), zones=zones, trunks=(*base.trunks, *trunks))


def trunk(port, key="provider", transport="udp", **fields):
    """Write a trunk to a port of this machine."""
    uri = f"sip:127.0.0.1:{port};transport={transport}"
    return plan.TrunkPlan(key=key, uri=uri, **{"watch_seconds": 0.0, **fields})


def state_of(peer, key="provider"):
    """Give the state of a trunk as the floor last said it."""
    rows = (peer.health or {}).get("trunks", [])
    return next((row["state"] for row in rows if row["key"] == key), None)


async def call_out(agent, number=OUTSIDE):
    """Let an agent call a number; give the item."""
    asked = {"is": "CallAsked", "agent": agent.key, "client": small_centre.CLIENT}
    done = await agent.link.ask("command", by="test", event=asked, number=number)
    assert done["type"] == "done", done
    return done["item"]


async def hang_up(agent, item):
    """Let the agent end his call, and wait until it is closed."""
    await agent.link.command(events.HangUpAsked(agent=agent.key, item=item))
    await agent.link.wait_for(
        lambda: any(fact["item"] == item for fact in agent.link.facts("Closed"))
    )


@pytest.mark.parametrize(
    ("transport", "algorithm"), [("udp", "SHA-256"), ("tcp", "MD5"), ("tls", "SHA-256")]
)
async def test_a_registration_outlives_a_restart_of_its_provider(
    tmp_path, program, transport, algorithm
):
    """It proves itself by digest; the provider goes, forgets everybody, comes back: it stands."""
    program("kamailio")
    port, tls_port = small_centre.free_ports(2)
    folder = tmp_path / "provider"
    kamailio = providers.Kamailio(folder, port=port, tls_port=tls_port, algorithm=algorithm)
    floor_plan = plan_with(
        trunk(
            tls_port if transport == "tls" else port,
            transport=transport,
            user=providers.USER,
            registers=True,
            register_seconds=60,
            watch_seconds=0.5,
        )
    )
    data = tmp_path / "centre"
    data.mkdir()
    centre = small_centre.Centre(data, floor_plan)
    secrets = data / "keys" / "passwords.json"
    secrets.write_text(json.dumps({providers.USER: providers.PASSWORD}))
    centre.floor_arguments = ("--tls-trusted", str(kamailio.certificate))
    await kamailio.start()
    try:
        await centre.start()
        web = await centre.connect("web")
        await web.wait_for(lambda: state_of(web) == "registered")
        await kamailio.stop()
        await web.wait_for(lambda: state_of(web) == "down")
        await kamailio.start()
        await web.wait_for(lambda: state_of(web) == "registered", 30.0)
        faults = [(fact["name"], fact["detail"]) for fact in web.facts("Alarmed")]
        assert faults[:2] == [("trunk_down", "provider"), ("trunk_up", "provider")]
        await web.close()
    finally:
        await centre.stop()
        await kamailio.stop()


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_number_is_called_and_hung_up_on(tmp_path, program, transport):
    """sipp is the provider: it rings, answers, and gets its BYE."""
    program("sipp")
    [port] = small_centre.free_ports(1)
    mode = "t1" if transport == "tcp" else "u1"
    async with (
        providers.answering(port, "-t", mode, folder=tmp_path),
        small_centre.running(tmp_path, plan_with(trunk(port, transport=transport))) as centre,
    ):
        agent = await phones.Agent.sit_down(centre, "agent-0")
        item = await call_out(agent)
        await agent.link.wait_for(lambda: bool(agent.link.facts("Bridged")))
        await hang_up(agent, item)
        closed = agent.link.facts("Closed")[0]
        await agent.stand_up()
    assert (closed["item"], closed["outcome"]) == (item, "answered")


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
async def test_another_callfloor_is_called(tmp_path, transport):
    """What one agent calls is heard: the other centre's greeting reaches him."""
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    certificate, key = providers.certificates.make(tmp_path)
    [tls_port] = small_centre.free_ports(1)
    there = small_centre.small_plan()
    there = dataclasses.replace(
        there, numbers=(dataclasses.replace(there.numbers[0], number=OUTSIDE),)
    )
    other = small_centre.Centre(folders[1], there, prompt_seconds=3.0)
    other.floor_arguments = (
        *("--sip-tls", f"127.0.0.1:{tls_port}"),
        *("--tls-cert", str(certificate), "--tls-key", str(key)),
    )
    port = tls_port if transport == "tls" else other.sip
    here = small_centre.Centre(folders[0], plan_with(trunk(port, transport=transport)))
    here.floor_arguments = ("--tls-trusted", str(certificate))
    try:
        await other.start()
        await here.start()
        agent = await phones.Agent.sit_down(here, "agent-0")
        far = await other.connect("web")
        item = await call_out(agent)
        await agent.link.wait_for(lambda: bool(agent.link.facts("Bridged")))
        await far.wait_for(lambda: bool(far.facts("Arrived")))
        await agent.link.wait_for(lambda: any(len(set(f)) > 2 for f in agent.phone.heard))
        await hang_up(agent, item)
        await far.wait_for(lambda: bool(far.facts("Closed")))
        assert far.facts("Closed")[0]["outcome"] == "left_in_flow"
        await agent.stand_up()
        await far.close()
    finally:
        await here.stop()
        await other.stop()


async def test_a_silent_trunk_gives_way_within_4_seconds_and_nobody_is_called_twice(
    tmp_path, program
):
    """F16: the first trunk is a black hole, the second one answers."""
    program("sipp")
    hole, port = small_centre.free_ports(2)
    floor_plan = plan_with(trunk(hole, key="first"), trunk(port, key="second"))
    async with (
        providers.answering(port, folder=tmp_path),
        small_centre.running(tmp_path, floor_plan) as centre,
    ):
        with providers.silent(hole) as held:
            agent = await phones.Agent.sit_down(centre, "agent-0")
            begun = time.monotonic()
            item = await call_out(agent)
            await agent.link.wait_for(lambda: bool(agent.link.facts("Bridged")))
            assert time.monotonic() - begun < FAIL_OVER_SECONDS
            tried = {message.split(b"\r\n")[0] for message in providers.heard(held)}
        assert tried == {f"INVITE sip:{OUTSIDE}@127.0.0.1:{hole};transport=udp SIP/2.0".encode()}
        assert [fact["outcome"] for fact in agent.link.facts("DialEnded")] == [
            "trunk_down",
            "answered",
        ]
        assert len(agent.link.facts("Bridged")) == 1
        await hang_up(agent, item)
        await agent.stand_up()
