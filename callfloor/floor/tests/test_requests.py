"""What web, worker and demo ask, and what the floor answers."""

import pytest

from callfloor.core import codec, events
from callfloor.floor.requests import Requests
from callfloor.floor.tests import stand
from callfloor.floor.tests.test_hands import talk

pytestmark = pytest.mark.twin


class Desk:
    """The requests of a stand, with the replies."""

    def __init__(self, house):
        self.house = house
        self.plans = []
        self.alarms = []
        self.are_readable = True
        self.requests = Requests(
            floor=house.floor,
            hands=house.hands,
            seals=house.seals,
            new_plan=self.plans.append,
            new_passwords=lambda: self.are_readable,
            alarm=lambda name, detail: self.alarms.append((name, detail)),
            callees=house.callees,
        )

    def ask(self, kind, /, **fields):
        """Send one request; give every reply."""
        replies = []
        self.requests.handlers[kind]({"type": kind, "id": "1", **fields}, replies.append)
        return replies

    def command(self, event, **fields):
        """Send one command."""
        return self.ask("command", event=codec.to_plain(event), **fields)


@pytest.fixture
def desk(tmp_path):
    """Start a floor on the stand."""
    return Desk(stand.Stand(tmp_path).start())


class TestCommand:
    def test_done_is_said_after_the_commit_with_its_place(self, desk):
        replies = desk.command(events.AgentSignedIn(agent="anna", ready=True))
        seq = desk.house.journal.read("SELECT max(seq) FROM journal")[0][0]
        assert replies == [{"type": "done", "id": "1", "seq": seq}]
        assert desk.house.facts("AgentChanged")[-1].state == "ready"

    def test_what_means_nothing_is_refused_and_not_journaled(self, desk):
        before = desk.house.journal.read("SELECT max(seq) FROM journal")
        replies = desk.command(events.ReadyAsked(agent="anna"))
        assert replies == [{"type": "refused", "id": "1", "code": "not_signed_in"}]
        assert desk.house.journal.read("SELECT max(seq) FROM journal") == before

    def test_what_is_no_command_is_malformed(self, desk):
        replies = desk.ask("command", event={"is": "ClockSet", "jump_seconds": 1.0})
        assert (replies[0]["type"], replies[0]["code"]) == ("refused", "malformed")

    def test_keys_are_sealed_before_anything_is_written(self, desk):
        house = desk.house
        house.seat("anna")
        item, leg = talk(house)
        asked = events.KeysAsked(agent="anna", item=item, count=0)
        assert desk.command(asked, keys="98765")[0]["type"] == "done"
        assert house.media.of("send_keys") == [{"leg": leg, "keys": "98765"}]
        assert house.facts("KeysSent")[-1].count == 5
        rows = house.journal.read("SELECT body FROM journal WHERE name = 'KeysAsked'")
        assert "98765" not in rows[0][0]

    @pytest.mark.parametrize("keys", [None, "", "12a", "1" * 33])
    def test_keys_that_are_none_are_malformed(self, desk, keys):
        asked = events.KeysAsked(agent="anna", item="i", count=0)
        assert desk.command(asked, keys=keys)[0]["code"] == "malformed"


class TestFault:
    def test_a_known_fault_becomes_an_alarm_and_any_other_is_malformed(self, desk):
        assert desk.ask("fault", name="disk_full", detail="93 %") == []
        assert desk.alarms == [("disk_full", "93 %")]
        assert desk.ask("fault", name="loop_late", detail="x")[0]["code"] == "malformed"
        assert desk.ask("fault", name="disk_full")[0]["code"] == "malformed"
        assert desk.alarms == [("disk_full", "93 %")]


class TestPasswords:
    def test_are_read_again_and_nothing_of_it_is_written_down(self, desk):
        """The message has none, and the journal knows nothing of it."""
        before = desk.house.journal.read("SELECT max(seq) FROM journal")
        (reply,) = desk.ask("passwords")
        assert reply == {"type": "done", "id": "1", "seq": before[0][0]}
        assert desk.house.journal.read("SELECT max(seq) FROM journal") == before

    def test_a_file_that_cannot_be_read_is_told(self, desk):
        desk.are_readable = False
        assert desk.ask("passwords") == [{"type": "refused", "id": "1", "code": "unreadable"}]


class TestDevice:
    def test_the_answer_names_the_leg(self, desk):
        replies = desk.ask("device", agent="anna", kind="webrtc", sdp=stand.THEIR_SDP)
        assert replies[0]["type"] == "device"
        assert replies[0]["sdp"] == stand.OUR_SDP
        desk.house.hands.on_up(replies[0]["leg"])
        assert desk.house.facts("DeviceChanged")[-1].agent == "anna"

    def test_without_media_it_is_refused(self, desk):
        desk.house.media.answer_sdp = None
        replies = desk.ask("device", agent="anna", kind="webrtc", sdp=stand.THEIR_SDP)
        assert replies == [{"type": "refused", "id": "1", "code": "no_media"}]

    def test_only_people_of_the_plan_have_devices(self, desk):
        replies = desk.ask("device", agent="nobody", kind="webrtc", sdp="x")
        assert replies[0]["code"] == "malformed"
        assert desk.house.media.asked == []


class TestBrowserCaller:
    def test_a_call_begins_and_ends(self, desk):
        replies = desk.ask("call", called=stand.NUMBER, sdp=stand.THEIR_SDP, number="+3612345678")
        item = replies[0]["item"]
        assert replies == [
            {"type": "call", "id": "1", "item": item, "leg": f"c:{item}", "sdp": stand.OUR_SDP}
        ]
        arrived = desk.house.facts("Arrived")[0]
        assert (arrived.trunk, arrived.caller) == (None, desk.house.seals.token("+3612345678"))
        desk.house.played()
        desk.ask("key", item=item, digit="1")
        assert desk.house.facts("Chose")[-1].choice == "help"
        assert desk.ask("hang_up", item=item)[0]["type"] == "done"
        assert desk.house.facts("Closed")[-1].outcome == "left_in_flow"
        assert desk.ask("hang_up", item=item)[0]["type"] == "done"  # Twice is once.

    def test_an_unknown_number_is_refused(self, desk):
        replies = desk.ask("call", called="999", sdp=stand.THEIR_SDP)
        assert replies == [{"type": "refused", "id": "1", "code": "no_such_number"}]
        assert desk.house.facts("Arrived") == []

    def test_our_hang_up_needs_no_word(self, desk):
        replies = desk.ask("call", called=stand.NUMBER, sdp=stand.THEIR_SDP)
        desk.house.hands.on_media_lost([replies[0]["leg"]])
        assert desk.house.facts("Closed")[-1].outcome == "lost_by_system"
        assert len(replies) == 1


class TestWorker:
    def test_a_plan_is_done_once_it_holds(self, desk):
        new = stand.stand_plan(version="stand-2")
        replies = desk.ask("plan", plan=codec.to_plain(new))
        assert replies[0]["type"] == "done"
        assert desk.plans == [new]
        assert desk.house.floor.plan == new

    def test_a_plan_that_is_said_again_before_it_is_written_is_one(self, desk):
        """Whoever applies a file tells the floor, and so does the worker that finds it."""
        commits = desk.house.commits
        old, new = desk.house.floor.plan, stand.stand_plan(version="stand-2")
        commits.is_late = True
        first = desk.ask("plan", plan=codec.to_plain(new))
        second = desk.ask("plan", plan=codec.to_plain(new))
        assert (first, second, desk.house.floor.plan) == ([], [], old)
        commits.catch_up()
        assert (first[0]["type"], second[0]["type"]) == ("done", "done")
        assert desk.plans == [new]
        assert len(desk.house.facts("PlanApplied")) == 2  # The first start's, and this one.

    def test_a_plan_that_is_taken_back_before_it_is_written_does_not_hold(self, desk):
        commits = desk.house.commits
        old, new = desk.house.floor.plan, stand.stand_plan(version="stand-2")
        commits.is_late = True
        desk.ask("plan", plan=codec.to_plain(new))
        desk.ask("plan", plan=codec.to_plain(old))
        commits.catch_up()
        assert (desk.house.floor.plan, desk.plans) == (old, [new, old])

    @pytest.mark.parametrize("given", [None, {"is": "Unknown"}, {"is": "Say"}, "x"])
    def test_what_is_no_plan_is_malformed(self, desk, given):
        assert desk.ask("plan", plan=given)[0]["code"] == "malformed"
        assert desk.plans == []

    def test_a_plan_that_contradicts_itself_is_refused_whole(self, desk):
        torn = stand.stand_plan(version="torn", flows=())
        assert desk.ask("plan", plan=codec.to_plain(torn))[0]["code"] == "malformed"
        assert desk.house.floor.plan.version == "stand-1"
        assert desk.house.journal.read("SELECT * FROM journal WHERE name = 'PlanChanged'") == []

    def test_keys_are_forgotten_by_item(self, desk):
        desk.ask("call", called=stand.NUMBER, sdp=stand.THEIR_SDP)
        item = desk.house.facts("Arrived")[0].item
        assert desk.house.journal.read("SELECT count(*) FROM seals") == [(1,)]
        assert desk.ask("forget", items=[item])[0]["type"] == "done"
        assert desk.house.journal.read("SELECT count(*) FROM seals") == [(0,)]
        assert desk.ask("forget", items=[1])[0]["code"] == "malformed"

    def test_the_answer_about_a_caller_is_an_input(self, desk):
        desk.ask("call", called=stand.NUMBER, sdp=stand.THEIR_SDP)
        item = desk.house.facts("Arrived")[0].item
        answer = {"customer": "c", "priority_seconds": 30, "language": None}
        desk.requests.known(item, answer)
        assert desk.house.facts("Recognised")[-1].customer == "c"
