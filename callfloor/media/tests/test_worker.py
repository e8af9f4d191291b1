"""The commands of docs/reference/ng.md, one by one."""

import pytest

from callfloor.media import leg as leg_module
from callfloor.media import worker as worker_module
from callfloor.media.tests.peers import FULL, until
from callfloor.wire import dtmf, sdp

pytestmark = pytest.mark.wire


class TestPing:
    async def test_tells_epoch_legs_and_lag(self, scene):
        await scene.phone("customer")
        answer = await scene.floor.ask("ping", floor="f1")
        assert answer["result"] == "pong"
        assert answer["epoch"] == scene.worker.epoch
        assert answer["legs"] == 1
        assert 0 <= answer["lag-ms"] < 1_000


class TestOffer:
    async def test_answers_with_one_codec_and_keys(self, scene):
        phone = await scene.phone("customer")
        media = phone.answer.audio
        assert media.host == "127.0.0.1"
        assert media.port % 2 == 0
        assert [codec.name for codec in media.codecs] == ["PCMU", "telephone-event"]

    async def test_again_renews_the_leg_on_the_same_port(self, scene):
        """A re-INVITE: hold, another address, a session timer."""
        phone = await scene.phone("customer")
        port, version = phone.answer.audio.port, phone.answer.version
        await phone.offer(direction="sendonly")
        assert phone.answer.audio.port == port
        assert phone.answer.audio.direction == "recvonly"
        assert phone.answer.version == version + 1

    async def test_who_put_us_on_hold_hears_nothing(self, scene):
        customer = await scene.phone("customer")
        agent = await scene.phone("agent", call="agent:a")
        await scene.mix(("customer", "agent", FULL), ("agent", "customer", FULL))
        await customer.offer(direction="sendonly")
        agent.burst(1_009, 5)
        customer.burst(443, 5)
        await agent.heard(5)
        assert customer.packets == []

    async def test_of_another_call_does_not_take_the_leg_over(self, scene):
        phone = await scene.phone("customer")
        offered = sdp.encode(sdp.offer(host="127.0.0.1", port=9, origin_id=1))
        fields = {"from_tag": "customer", "kind": "rtp", "sdp": offered}
        answer = await scene.floor.ask("offer", call_id="item-2", **fields)
        assert answer["result"] == "error"
        phone.send(b"\xff" * 160)
        await scene.floor.event("up", call_id="item-1", from_tag="customer")

    @pytest.mark.parametrize(
        ("kind", "text"),
        [
            ("rtp", "nonsense"),
            ("rtp", sdp.encode(sdp.offer(host="127.0.0.1", port=9, origin_id=1)).decode()[:40]),
            ("video", sdp.encode(sdp.offer(host="127.0.0.1", port=9, origin_id=1)).decode()),
            ("webrtc", sdp.encode(sdp.offer(host="127.0.0.1", port=9, origin_id=1)).decode()),
            (
                "rtp",
                sdp.encode(sdp.offer(host="127.0.0.1", port=9, origin_id=1))
                .decode()
                .replace("RTP/AVP 0 8", "RTP/AVP 18 4")
                .replace("PCM", "G72"),
            ),
        ],
    )
    async def test_that_cannot_be_answered_leaves_nothing(self, scene, kind, text):
        fields = {"call_id": "i", "from_tag": "x", "kind": kind, "sdp": text}
        answer = await scene.floor.ask("offer", **fields)
        assert answer["result"] == "error"
        assert (await scene.floor.ok("ping"))["legs"] == 0

    async def test_is_refused_above_the_limit(self, scene, monkeypatch):
        monkeypatch.setattr(worker_module, "LEGS_MAX", 1)
        await scene.phone("one")
        offered = sdp.encode(sdp.offer(host="127.0.0.1", port=9, origin_id=1))
        fields = {"call_id": "i", "from_tag": "two", "kind": "rtp", "sdp": offered}
        assert (await scene.floor.ask("offer", **fields))["error-reason"] == "too many legs"


class TestDelete:
    async def test_ends_one_leg_or_all_of_a_call(self, scene):
        for name in ("a", "b", "c"):
            await scene.phone(name)
        await scene.phone("other", call="item-2")
        assert (await scene.floor.ok("delete", call_id="item-1", from_tag="a"))["deleted"] == 1
        assert set(scene.worker.legs) == {"b", "c", "other"}
        assert (await scene.floor.ok("delete", call_id="item-1"))["deleted"] == 2
        assert set(scene.worker.legs) == {"other"}

    async def test_again_is_no_error(self, scene):
        assert (await scene.floor.ok("delete", call_id="item-1", from_tag="a"))["deleted"] == 0

    async def test_silences_what_the_leg_said(self, scene):
        customer = await scene.phone("customer")
        agent = await scene.phone("agent", call="agent:a")
        await scene.mix(("agent", "customer", FULL), ("customer", "agent", FULL))
        await scene.floor.ok("delete", call_id="item-1")
        customer.burst(443, 5)
        agent.burst(443, 5)
        await until(lambda: scene.worker.legs["agent"].incoming.packets == 5)
        assert agent.packets == []


class TestClaim:
    async def test_keeps_what_a_new_floor_owns_and_drops_the_rest(self, scene, monkeypatch):
        monkeypatch.setattr(worker_module, "CLAIM_SECONDS", 0.2)
        await scene.floor.ok("ping", floor="f1")
        for name in ("mine", "nobodys"):
            await scene.phone(name)
        await scene.floor.ok("ping", floor="f2")
        answer = await scene.floor.ok("claim", legs=["mine", "gone"])
        assert answer["unknown"] == ["gone"]
        await scene.phone("new")
        await until(lambda: "nobodys" not in scene.worker.legs)
        assert set(scene.worker.legs) == {"mine", "new"}

    async def test_is_not_asked_of_the_first_floor(self, scene, monkeypatch):
        """A floor that meets a new worker, and its later pings, change nothing."""
        monkeypatch.setattr(worker_module, "CLAIM_SECONDS", 0.0)
        await scene.phone("a")
        for _ in range(3):
            await scene.floor.ok("ping", floor="f1")
        assert scene.worker._unclaimed == set()


class TestLife:
    async def test_up_comes_once_with_the_first_packet(self, scene):
        phone = await scene.phone("customer")
        assert scene.floor.count("up") == 0
        phone.burst(443, 5)
        await scene.floor.event("up", call_id="item-1", from_tag="customer")
        assert scene.floor.count("up") == 0

    async def test_a_telephone_is_lost_after_twenty_seconds_and_found_again(self, scene):
        phone = await scene.phone("customer")
        phone.send(b"\xff" * 160)
        await scene.floor.event("up")
        leg = scene.worker.legs["customer"]
        leg.watch(leg._heard_at + 19.9)
        leg.watch(leg._heard_at + 20.0)
        leg.watch(leg._heard_at + 20.1)
        assert (await scene.floor.event("lost"))["silent-ms"] == 20_000
        phone.send(b"\xff" * 160)
        await scene.floor.event("found")
        assert (scene.floor.count("lost"), scene.floor.count("found")) == (0, 0)

    async def test_a_telephone_that_may_not_speak_is_not_missed(self, scene):
        phone = await scene.phone("customer")
        phone.send(b"\xff" * 160)
        await scene.floor.event("up")
        await phone.offer(direction="recvonly")
        leg = scene.worker.legs["customer"]
        leg.watch(leg._heard_at + 60)
        await scene.floor.ok("ping")
        assert scene.floor.count("lost") == 0

    async def test_a_leg_that_everybody_forgot_is_dropped(self, scene, monkeypatch):
        """Nobody came, or he left, and no floor ended it: sockets must not pile up."""
        for name in ("there", "left", "never"):
            phone = await scene.phone(name)
            if name != "never":
                phone.send(b"\xff" * 160)
                await scene.floor.event("up", from_tag=name)
        left = scene.worker.legs["left"]
        left.watch(left._heard_at + 20)
        monkeypatch.setattr(leg_module, "FORGOTTEN_SECONDS", 0.0)
        monkeypatch.setattr(worker_module, "REPORT_TURNS", 1)
        await until(lambda: set(scene.worker.legs) == {"there"})


class TestQuery:
    async def test_counts_what_came_and_what_did_not(self, scene):
        phone = await scene.phone("customer")
        phone.burst(443, 10)
        phone.seq = (phone.seq + 5) % 2**16
        phone.burst(443, 10)
        await until(lambda: scene.worker.legs["customer"].incoming.packets == 20)
        answer = await scene.floor.ok("query", call_id="item-1", from_tag="customer")
        assert (answer["packets"], answer["lost"]) == (20, 5)
        assert 0 <= answer["last-rtp-ms"] < 5_000

    async def test_says_that_nothing_came_yet(self, scene):
        await scene.phone("customer")
        answer = await scene.floor.ok("query", call_id="item-1", from_tag="customer")
        assert (answer["packets"], answer["last-rtp-ms"]) == (0, -1)

    async def test_of_an_unknown_leg_is_an_error(self, scene):
        await scene.phone("customer")
        for call, name in (("item-1", "x"), ("item-2", "customer")):
            answer = await scene.floor.ask("query", call_id=call, from_tag=name)
            assert answer["error-reason"] == "unknown leg"


class TestKeysIn:
    async def test_one_press_is_one_event(self, scene):
        """Repeated, late and lost packets of a press change nothing."""
        phone = await scene.phone("customer")
        for key in "0":
            await phone.press(key, copies=3)
        start = phone.ts
        phone.send(dtmf.press("7")[-1].payload, kind=101)
        phone.ts = (start + 1_600) % 2**32
        await phone.press("7")
        await scene.floor.event("dtmf", from_tag="customer", code="0")
        await scene.floor.event("dtmf", from_tag="customer", code="7")
        await scene.floor.event("dtmf", from_tag="customer", code="7")
        assert scene.floor.count("dtmf") == 0

    async def test_all_sixteen_keys(self, scene):
        phone = await scene.phone("customer")
        for key in dtmf.KEYS:
            await phone.press(key)
        await until(lambda: scene.floor.count("dtmf") == 16)
        codes = [event["code"] for event in scene.floor.events if event["event"] == "dtmf"]
        assert "".join(codes) == dtmf.KEYS

    async def test_keys_are_not_heard_by_the_other_side(self, scene):
        """A card number that is typed must not be in anybody's ear."""
        customer = await scene.phone("customer")
        agent = await scene.phone("agent", call="agent:a")
        await scene.mix(("agent", "customer", FULL))
        await customer.press("5")
        customer.burst(443, 3)
        await agent.heard(3)
        assert {packet.payload_type for packet in agent.packets} == {0}


class TestMix:
    async def test_tells_which_legs_are_unknown(self, scene):
        await scene.phone("customer")
        rows = [["customer", "ghost", 1_000]]
        answer = await scene.floor.ok("mix", legs=["customer", "spirit"], rows=rows)
        assert answer["unknown"] == ["ghost", "spirit"]

    @pytest.mark.parametrize(
        "fields",
        [
            {"legs": "a", "rows": []},
            {"legs": [], "rows": "a"},
            {"legs": [], "rows": [["a", "b"]]},
            {"legs": [], "rows": [["a", "b", "c"]]},
        ],
    )
    async def test_refuses_what_is_malformed(self, scene, fields):
        assert (await scene.floor.ask("mix", **fields))["result"] == "error"
