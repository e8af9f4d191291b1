"""What a start reads back."""

import dataclasses

import pytest

from callfloor.core import codec, events, facts
from callfloor.floor import past
from callfloor.floor.journal import Journal, Row

pytestmark = pytest.mark.wire

ARRIVED = facts.Arrived(
    item="i",
    client="acme",
    channel="call",
    called="900",
    flow="main",
    flow_version=1,
    language="en",
)


def queued(entry, queue="help"):
    """Build a queue entry."""
    return facts.Queued(item="i", client="acme", queue=queue, entry=entry, position=1, born_at=10.0)


def dequeued(entry):
    """Build its end."""
    return facts.Dequeued(
        item="i",
        client="acme",
        queue="help",
        entry=entry,
        outcome="answered",
        waited_seconds=1.0,
        queued_at=10.0,
    )


class TestRestoreItem:
    def test_in_the_flow(self):
        restored = past.restore_item(10.0, ARRIVED, [(10.0, ARRIVED)])
        assert restored == events.ItemRestored(
            item="i", channel="call", client="acme", called="900", arrived_at=10.0, language="en"
        )

    def test_in_a_queue_since_its_last_entry(self):
        history = [(11.0, queued(1)), (12.0, dequeued(1)), (15.0, queued(2, "other"))]
        restored = past.restore_item(10.0, ARRIVED, history)
        assert (restored.queue, restored.queued_at, restored.entries) == ("other", 15.0, 2)

    def test_a_wait_that_an_earlier_start_entered_again_is_the_same_wait(self):
        history = [(11.0, queued(1)), (99.0, queued(1))]
        assert past.restore_item(10.0, ARRIVED, history).queued_at == 11.0

    def test_with_an_agent(self):
        bridged = facts.Bridged(item="i", client="acme", queue="help", agent="anna", leg="l")
        spoke = facts.LanguageSet(item="i", client="acme", language="hu")
        history = [(11.0, queued(1)), (12.0, dequeued(1)), (12.0, bridged), (13.0, spoke)]
        restored = past.restore_item(10.0, ARRIVED, history)
        assert (restored.queue, restored.answered, restored.language) == (None, True, "hu")


class TestRestoreCallback:
    ARRIVED = dataclasses.replace(
        ARRIVED, direction="callback", leg="leg", zone="near", sealed="number", called=""
    )

    def test_goes_on_waiting_at_its_place(self):
        restored = past.restore_item(20.0, self.ARRIVED, [(20.0, queued(1))])
        assert (restored.interrupted, restored.queue, restored.arrived_at) == (False, "help", 10.0)
        assert (restored.leg, restored.zone, restored.sealed) == ("leg", "near", "number")

    def test_that_reached_nobody_rests_on_and_knows_its_tries(self):
        rests = facts.CallbackPostponed(
            item="i", client="acme", queue="help", reason="busy", calls=2, until=900.0
        )
        history = [(20.0, queued(1)), (21.0, dequeued(1)), (22.0, rests)]
        restored = past.restore_item(20.0, self.ARRIVED, history)
        assert (restored.queue, restored.rest_until, restored.calls) == ("help", 900.0, 2)
        assert (restored.interrupted, restored.arrived_at, restored.sealed) == (
            False, 10.0, "number",
        )  # fmt: skip
        again = past.restore_item(20.0, self.ARRIVED, [*history, (900.0, queued(2))])
        assert (again.rest_until, again.calls, again.queued_at) == (None, 2, 900.0)

    def test_that_stood_aside_for_its_customers_call_stands_again(self):
        """The call was cut with the floor; nobody else remembers him."""
        held = facts.CallbackHeld(item="i", client="acme", queue="help", by="his", until=21.0)
        arrived = dataclasses.replace(self.ARRIVED, caller="token")
        history = [(20.0, queued(1)), (21.0, dequeued(1)), (21.0, held)]
        restored = past.restore_item(20.0, arrived, history)
        assert (restored.queue, restored.rest_until, restored.arrived_at) == ("help", 21.0, 10.0)
        assert (restored.interrupted, restored.caller) == (False, "token")

    def test_that_was_asked_for_while_closed_keeps_the_place_that_it_was_given(self):
        rests = facts.CallbackPostponed(
            item="i", client="acme", queue="help", reason="closed", calls=0, until=900.0
        )
        arrived = dataclasses.replace(self.ARRIVED, born_at=5.0, due=600.0, preferred="anna")
        restored = past.restore_item(20.0, arrived, [(20.0, rests)])
        assert (restored.arrived_at, restored.rest_until, restored.calls) == (5.0, 900.0, 0)
        assert (restored.due, restored.preferred) == (600.0, "anna")

    def test_that_was_taken_is_cut_like_a_call(self):
        history = [(20.0, queued(1)), (21.0, dequeued(1))]
        restored = past.restore_item(20.0, self.ARRIVED, history)
        assert (restored.interrupted, restored.queue, restored.sealed) == (True, None, None)


class TestRestoreSeat:
    def test_who_heard_into_a_call_is_ready(self):
        changed = facts.AgentChanged(agent="anna", state="reserved", reason="supervising")
        assert past.restore_seat(changed) == [events.AgentSignedIn(agent="anna", ready=True)]

    @pytest.mark.parametrize("state", ["ready", "ringing", "talking", "wrap_up"])
    def test_who_worked_is_ready(self, state):
        changed = facts.AgentChanged(agent="anna", state=state)
        assert past.restore_seat(changed) == [events.AgentSignedIn(agent="anna", ready=True)]

    def test_who_was_away_is_away_for_the_same_reason(self):
        changed = facts.AgentChanged(agent="anna", state="away", reason="lunch", by="leader")
        assert past.restore_seat(changed) == [
            events.AgentSignedIn(agent="anna", ready=False),
            events.AwayAsked(agent="anna", reason="lunch", by="leader"),
        ]

    def test_who_wished_to_be_away_after_his_call_is_away(self):
        changed = facts.AgentChanged(agent="anna", state="talking", reason="lunch")
        assert past.restore_seat(changed)[1] == events.AwayAsked(agent="anna", reason="lunch")

    @pytest.mark.parametrize(("state", "reason"), [("missed", None), ("away", "arriving")])
    def test_who_was_not_there_is_asked_to_come_back(self, state, reason):
        changed = facts.AgentChanged(agent="anna", state=state, reason=reason)
        assert past.restore_seat(changed) == [events.AgentSignedIn(agent="anna", ready=False)]


def test_an_empty_journal_has_no_past(tmp_path):
    file = Journal(tmp_path / "journal.db")
    assert past.read(file) == past.Past(
        epoch=0, seq=0, board=None, later=(), items=(), lines=(), seats=()
    )
    file.close()


def test_what_was_called_out_of_late_still_counts(tmp_path):
    """Lines of the last day come back, older ones and other facts do not."""
    file = Journal(tmp_path / "journal.db")
    told = [(1_000.0, "old"), (90_000.0, "new"), (100_000.0, "last")]
    file.write([_ended(seq, at, leg) for seq, (at, leg) in enumerate(told, 1)], [])
    found = past.read(file).lines
    assert [line.answered_at for line in found] == [89_939.0, 99_939.0]
    assert {(line.client, line.cost_minute, line.seconds) for line in found} == {("acme", 2, 61.0)}
    file.close()


def _ended(seq, at, leg):
    """Build the row of a line that ended."""
    fact = facts.LineEnded(
        item="i", client="acme", leg=leg, trunk="t", answered_at=at - 61.0, seconds=61.0,
        cost_minute=2, cost=4,
    )  # fmt: skip
    return Row(
        seq=seq, at=at, epoch=1, kind="fact", name="LineEnded", body=codec.dumps(fact), item="i"
    )
