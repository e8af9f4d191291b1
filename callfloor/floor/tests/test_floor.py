"""The floor on a stepped clock: journal before action, epochs, parking, board."""

import pytest

from callfloor.core import codec, events, facts, plan
from callfloor.floor import floor as floors
from callfloor.floor.tests import stand

pytestmark = pytest.mark.twin

FIRE = plan.EmergencyPlan(key="fire", prompt="fire", hours_max=1.0)


@pytest.fixture
def house(tmp_path):
    """Start a floor on the stand."""
    return stand.Stand(tmp_path).start()


def rows_of(house, columns="kind, name"):
    """Read the journal."""
    return house.journal.read(f"SELECT {columns} FROM journal ORDER BY seq")


def call_to_queue(house):
    """Bring a caller into the queue; give his item."""
    house.receive(stand.invite())
    house.receive(stand.request("ACK", to_tag=tag_of(house)))
    house.played()  # the greeting
    house.hands.on_key(leg_of(house), "1")
    for key in "4711#":
        house.hands.on_key(leg_of(house), key)
    house.played()  # the notice
    return house.facts("Arrived")[-1].item


def leg_of(house):
    """Give the customer's leg of the last call."""
    return f"c:{house.facts('Arrived')[-1].item}"


def tag_of(house):
    """Give our tag of the last call."""
    return house.answers()[-1].to.tag


class TestWalkingPath:
    def test_a_call_goes_from_invite_to_wrap_up(self, house):
        leg = house.seat("anna")
        item = call_to_queue(house)
        ringing = house.facts("Ringing")[-1]
        assert (ringing.item, ringing.agent) == (item, "anna")
        house.step(3.0)
        house.happen(events.OfferAnswered(agent="anna", offer=ringing.offer))
        mix = house.media.of("mix")[-1]
        assert set(mix["rows"]) == {(leg, f"c:{item}", 1.0), (f"c:{item}", leg, 1.0)}
        house.step(60.0)
        house.receive(stand.request("BYE", cseq=2, branch="b", to_tag=tag_of(house)))
        house.happen(events.WorkFinished(agent="anna", item=item, disposition="solved"))
        closed = house.facts("Closed")[-1]
        assert (closed.item, closed.outcome) == (item, "answered")
        assert house.statuses() == [100, 200, 200]
        talk = house.facts("TalkEnded")[-1]
        assert talk.talk_seconds == pytest.approx(60.0)

    def test_an_agent_who_does_not_answer_is_missed_and_the_next_one_rings(self, house):
        house.seat("anna")
        house.step(1.0)
        house.seat("bela")
        item = call_to_queue(house)
        assert house.facts("Ringing")[-1].agent == "anna"
        house.step(15.0)
        assert house.facts("RingEnded")[-1].outcome == "missed"
        assert house.facts("Ringing")[-1].agent == "bela"
        assert house.floor.board.snapshot()["agents"]["anna"]["state"] == "missed"
        assert house.facts("Queued") == [f for f in house.facts("Queued") if f.item == item][:1]

    def test_a_caller_who_hangs_up_while_it_rings_leaves_nobody_ringing(self, house):
        house.seat("anna")
        call_to_queue(house)
        house.receive(stand.request("BYE", cseq=2, branch="b", to_tag=tag_of(house)))
        assert house.facts("RingEnded")[-1].outcome == "caller_left"
        assert house.floor.board.snapshot()["agents"]["anna"]["state"] == "ready"
        assert house.facts("Closed")[-1].outcome == "abandoned_in_queue"


class TestJournal:
    def test_an_input_and_its_facts_are_written_before_anything_is_done(self, tmp_path):
        house = stand.Stand(tmp_path)
        seen = []
        perform = house.hands.perform
        house.floor._ports = floors.Ports(
            **{
                **{name: getattr(house.floor._ports, name) for name in floors.Ports.__slots__},
                "perform": lambda action: (seen.append(len(rows_of(house))), perform(action)),
            }
        )
        house.start()
        house.receive(stand.invite())
        names = [name for _, name in rows_of(house)]
        assert names[:2] == ["FloorStarted", "PlanApplied"]
        assert names[2:5] == ["ItemArrived", "Arrived", "StepEntered"]
        assert seen
        assert min(seen) == 5  # The first action saw the whole commit.

    def test_rows_carry_instant_epoch_item_and_client(self, house):
        house.step(5.0)
        house.receive(stand.invite())
        rows = rows_of(house, "at, epoch, kind, item IS NOT NULL, client")
        assert rows[2:5] == [
            (stand.START + 5.0, 1, "input", 1, None),
            (stand.START + 5.0, 1, "fact", 1, "acme"),
            (stand.START + 5.0, 1, "fact", 1, "acme"),
        ]

    def test_a_timer_is_written_at_its_due_instant_however_late_the_loop_is(self, house):
        house.seat("anna")
        call_to_queue(house)
        due = house.facts("Ringing")[-1].until
        house.now += 100.0  # Nobody woke the floor meanwhile.
        house.receive(stand.invite(call_id="other", branch="z"))
        missed = rows_of(house, "at, name, kind")
        at = next(row[0] for row in missed if row[1] == "RingEnded")
        arrived = [row for row in missed if row[1] == "ItemArrived"][-1]
        assert at == due
        assert arrived[0] == stand.START + 100.0
        assert missed.index(arrived) > missed.index((due, "RingEnded", "fact"))

    def test_no_number_name_or_digit_is_in_clear(self, house):
        house.seat("anna")
        call_to_queue(house)
        house.journal.checkpoint()
        raw = b"".join(path.read_bytes() for path in house.folder.glob("journal.db*"))
        for secret in (b"3612345678", b"Nora", b"4711", b"12345678"):
            assert secret not in raw
        assert b"Customer number" in raw


class TestStart:
    def test_each_start_is_a_new_epoch(self, house):
        later = house.again()
        started = later.journal.read("SELECT body FROM journal WHERE name = 'FloorStarted'")
        assert [codec.loads(body).epoch for (body,) in started] == [1, 2]

    def test_a_live_call_is_marked_and_closed_as_lost_by_the_system(self, house):
        house.seat("anna")
        item = call_to_queue(house)
        later = house.again()
        assert [fact.cause for fact in later.facts("Interrupted")] == ["floor_restarted"]
        closed = later.facts("Closed")[-1]
        assert (closed.item, closed.outcome) == (item, "lost_by_system")
        left = later.facts("Dequeued")[-1]
        assert (left.queue, left.outcome, left.entry) == ("help", "lost_by_system", 1)
        assert later.journal.read("SELECT * FROM open_items") == []

    def test_an_agent_is_back_in_his_seat_and_not_stuck(self, house):
        house.seat("anna")
        house.seat("bela")
        house.happen(events.AwayAsked(agent="bela", reason="lunch", by="leader"))
        call_to_queue(house)
        later = house.again()
        agents = later.floor.board.snapshot()["agents"]
        assert (agents["anna"]["state"], agents["anna"]["device"]) == ("ready", False)
        assert (agents["bela"]["state"], agents["bela"]["reason"]) == ("away", "lunch")
        assert agents["bela"]["by"] == "leader"
        later.hands.connect_device(
            "anna", kind="webrtc", sdp=stand.THEIR_SDP, then=lambda leg, _: later.hands.on_up(leg)
        )
        call_to_queue(later)
        assert later.facts("Ringing")[-1].agent == "anna"

    def test_the_board_goes_on_where_it_was(self, house):
        house.seat("anna")
        item = call_to_queue(house)
        house.receive(stand.request("BYE", cseq=2, branch="b", to_tag=tag_of(house)))
        before = house.floor.board.snapshot()
        house.floor.close()
        later = house.again()
        after = later.floor.board.snapshot()
        assert before["queues"]["help"]["today"]["abandoned"] == 1
        assert after["queues"]["help"]["today"] == before["queues"]["help"]["today"]
        assert item not in after["items"]

    def test_nothing_is_decided_twice(self, house):
        house.seat("anna")
        call_to_queue(house)
        house.again()
        later = house.again()
        assert later.facts("Interrupted") == []
        closed = later.journal.read("SELECT count(*) FROM journal WHERE name = 'Closed'")
        assert closed == [(1,)]


class TestFaults:
    def test_a_fault_parks_its_item_and_the_floor_goes_on(self, house):
        house.seat("anna")
        item = call_to_queue(house)
        house.floor.exchange.house.items[item].entry.queue.order[0] = (0.0, 0)  # A fault of ours.
        house.receive(stand.request("BYE", cseq=2, branch="b", to_tag=tag_of(house)))
        assert "parked" in [name for name, _ in house.notes]
        assert house.facts("Alarmed")[-1].name == "parked"
        assert house.facts("Closed")[-1].item == item
        house.receive(stand.invite(call_id="other", branch="z"))
        assert house.statuses()[-2:] == [100, 200]

    def test_an_action_that_cannot_be_done_ends_its_call_and_no_other(self, house):
        house.media.play = lambda **_: 1 / 0
        house.receive(stand.invite())
        assert house.facts("Alarmed")[-1].name == "not_done"
        assert house.facts("Closed")[-1].outcome == "lost_by_system"

    def test_a_plan_holds_for_board_and_floor_once_it_is_committed(self, house):
        new = stand.stand_plan(version="stand-2")
        house.floor.happen(events.PlanChanged(plan=new))
        assert house.floor.plan.version == "stand-2"
        assert house.floor.board.snapshot()["plan"] == "stand-2"
        assert house.facts("PlanApplied")[-1] == facts.PlanApplied(version="stand-2")


class TestAnEmergency:
    def test_that_was_on_is_on_after_a_start_until_it_was_to_end(self, tmp_path):
        first = stand.Stand(tmp_path, floor_plan=stand.stand_plan(emergencies=(FIRE,))).start()
        first.happen(events.EmergencySet(key="fire", on=True, by="lea"))
        first.step(60.0)
        again = first.again()
        until = stand.START + 3600.0
        shown = {"fire": {"by": "lea", "since": stand.START, "until": until}}
        assert again.floor.board.snapshot()["emergencies"] == shown
        again.receive(stand.invite())
        assert again.facts("StepEntered")[-1].step == "@fire"
        again.step(until - again.now)
        assert again.floor.board.snapshot()["emergencies"] == {}
        assert again.facts("EmergencyChanged")[-1].cause == "lease"

    def test_that_was_off_stays_off(self, tmp_path):
        first = stand.Stand(tmp_path, floor_plan=stand.stand_plan(emergencies=(FIRE,))).start()
        first.happen(events.EmergencySet(key="fire", on=True, by="lea"))
        first.happen(events.EmergencySet(key="fire", on=False, by="lea"))
        again = first.again()
        assert again.floor.board.snapshot()["emergencies"] == {}
        assert again.facts("EmergencyChanged") == []
