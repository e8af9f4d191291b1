"""Talks: hold, mute, lost lines, transfers, wrap-up; a customer is never cut off by an agent."""

import pytest

from callfloor.core import actions, events, facts, plan
from callfloor.core.tests import centre

pytestmark = pytest.mark.pure

NOTICE = plan.Notice(key="notice", prompt="notice", next="wait")
WAIT = plan.Enqueue(key="wait", queue="billing")


def talk(*others: str, notice: bool = False, **queue) -> tuple[centre.Hands, str]:
    """Bring anna into a talk; the others are seated and ready."""
    flow = centre.flow(NOTICE, WAIT) if notice else centre.flow(WAIT)
    hands = centre.Hands(
        centre.floor_plan(
            agents=[centre.agent(key, "billing", "sales") for key in ("anna", *others)],
            queues=[centre.queue(**queue), centre.queue("sales")],
            flows=[flow],
        )
    )
    hands.seat("anna")
    item = hands.call()
    if notice:
        play = hands.acted(actions.Play)[0].play
        hands.do(events.PromptEnded(item=item, play=play))
    hands.answer("anna")
    hands.seat(*others)
    return hands, item


def rows(mix: actions.Mix) -> set[tuple[str, str]]:
    """Give a matrix as pairs (ear, mouth)."""
    return {(row.ear, row.mouth) for row in mix.hears}


class TestHold:
    def test_parts_them_and_plays_music(self):
        """On hold nobody hears anybody; back again both do, and the hold is counted."""
        hands, item = talk()
        hands.do(events.HoldAsked(agent="anna", item=item), after=10)
        assert rows(hands.acted(actions.Mix)[-1]) == set()
        assert hands.acted(actions.Play)[-1].loop
        hands.do(events.ResumeAsked(agent="anna", item=item), after=30)
        assert len(rows(hands.acted(actions.Mix)[-1])) == 2
        hands.do(events.HangUpAsked(agent="anna", item=item), after=20)
        (ended,) = hands.said(facts.TalkEnded)
        assert (ended.talk_seconds, ended.hold_seconds, ended.ended_by) == (30.0, 30.0, "agent")
        assert [fact.held_seconds for fact in hands.said(facts.Unheld)] == [30.0]

    def test_ends_with_the_customer(self):
        """A customer who hangs up on hold ends the talk; his hold is counted to the end."""
        hands, item = talk()
        hands.do(events.HoldAsked(agent="anna", item=item), after=10)
        hands.do(events.CustomerLeft(item=item), after=5)
        assert hands.said(facts.TalkEnded)[0].hold_seconds == 5.0
        assert hands.state("anna") == "wrap_up"


class TestMute:
    def test_takes_one_row_out(self):
        """Muted, the customer does not hear the agent; the agent hears the customer."""
        hands, item = talk()
        hands.do(events.MuteAsked(agent="anna", item=item, muted=True))
        assert rows(hands.acted(actions.Mix)[-1]) == {("leg-anna", f"leg-{item}")}
        hands.do(events.MuteAsked(agent="anna", item=item, muted=False))
        assert len(rows(hands.acted(actions.Mix)[-1])) == 2
        assert [fact.muted for fact in hands.said(facts.Muted)] == [True, False]


class TestKeys:
    def test_are_sent_sealed(self):
        """The core lets them pass and tells how many there were."""
        hands, item = talk()
        hands.do(events.KeysAsked(agent="anna", item=item, count=3, sealed="xyz"))
        assert hands.acted(actions.SendKeys) == [
            actions.SendKeys(item=item, leg=f"leg-{item}", sealed="xyz")
        ]
        assert hands.said(facts.KeysSent)[0].count == 3


class TestLostLine:
    def test_keeps_the_customer_and_brings_the_same_agent_back(self):
        """F5: the customer hears one moment, then the same agent; one talk, one recording."""
        hands, item = talk(notice=True)
        hands.do(events.DeviceLost(agent="anna", leg="leg-anna"), after=10)
        assert hands.said(facts.Held)[-1].reason == "device_lost"
        assert hands.acted(actions.Play)[-1].prompts == ("one_moment",)
        hands.do(events.DeviceUp(agent="anna", leg="new"), after=4)
        assert [fact.again for fact in hands.said(facts.Bridged)] == [False, True]
        assert rows(hands.acted(actions.Mix)[-1]) == {
            (f"leg-{item}", "new"),
            ("new", f"leg-{item}"),
        }
        assert len(hands.acted(actions.StartRecording)) == 1
        assert hands.acted(actions.StopRecording) == []
        assert len(hands.said(facts.RecordingStarted)) == 1
        hands.wait(60)
        assert hands.state("anna") == "talking"

    def test_a_reload_faster_than_its_loss_is_the_same(self):
        """A new leg replaces the old one; the late loss of the old one means nothing."""
        hands, item = talk()
        hands.do(events.DeviceUp(agent="anna", leg="new"), after=10)
        assert len(rows(hands.acted(actions.Mix)[-1])) == 2
        assert hands.do(events.DeviceLost(agent="anna", leg="leg-anna")) == []
        assert hands.said(facts.Held) == []
        assert hands.exchange.house.items[item].works[0].kept is False

    def test_puts_the_customer_first_in_line_after_a_while(self):
        """After the lease he rings for the next agent, before everybody else who waits."""
        hands, item = talk("ben")
        hands.do(events.AwayAsked(agent="ben", reason="lunch"))
        hands.call()
        hands.do(events.DeviceLost(agent="anna", leg="leg-anna"), after=10)
        hands.wait(9.9)
        assert hands.state("anna") == "talking"
        hands.wait(0.1)
        assert hands.state("anna") == "away"
        assert hands.said(facts.AgentChanged)[-1].reason == "device_lost"
        queued = hands.said(facts.Queued)[-1]
        assert (queued.item, queued.entry, queued.position) == (item, 2, 1)
        hands.do(events.ReadyAsked(agent="ben"))
        assert hands.rings() == {"ben": item}

    def test_keeps_a_hold_over_a_reload(self):
        """Who was on hold when the line went is on hold when it is back."""
        hands, item = talk()
        hands.do(events.HoldAsked(agent="anna", item=item))
        hands.do(events.DeviceLost(agent="anna", leg="leg-anna"))
        hands.do(events.DeviceUp(agent="anna", leg="new"), after=5)
        assert rows(hands.acted(actions.Mix)[-1]) == set()
        hands.do(events.ResumeAsked(agent="anna", item=item))
        assert len(rows(hands.acted(actions.Mix)[-1])) == 2

    def test_signing_out_in_a_talk_hands_the_customer_on_at_once(self):
        """Who leaves his seat in mid-talk leaves his customer first in line."""
        hands, item = talk("ben")
        hands.do(events.AgentSignedOut(agent="anna"), after=10)
        assert hands.state("anna") == "signed_out"
        assert hands.rings() == {"ben": item}
        assert hands.said(facts.TalkEnded)[0].ended_by == "lost"


class TestTransfer:
    def test_to_a_queue_keeps_the_arrival(self):
        """The new entry is born when the item arrived; the giver writes his note."""
        hands, item = talk()
        hands.do(events.TransferAsked(agent="anna", item=item, queue="sales"), after=60)
        assert hands.state("anna") == "wrap_up"
        queued = hands.said(facts.Queued)[-1]
        assert (queued.queue, queued.entry, queued.born_at) == ("sales", 2, centre.T0)
        assert hands.said(facts.TalkEnded)[0].ended_by == "transfer"
        hands.do(events.WorkFinished(agent="anna", item=item, disposition="ok"))
        assert hands.rings() == {"anna": item}  # She serves sales too.

    def test_to_a_colleague_rings_him(self):
        """The colleague rings alone; if he declines, the customer is first in his queue."""
        hands, item = talk("ben", "cleo")
        hands.do(events.TransferAsked(agent="anna", item=item, to_agent="cleo"))
        assert hands.rings() == {"cleo": item}
        offer = hands.said(facts.Ringing)[-1].offer
        hands.do(events.OfferDeclined(agent="cleo", offer=offer))
        assert hands.rings() == {"ben": item}

    def test_ends_as_answered_even_if_nobody_takes_it(self):
        """An item that was answered once stays so; the second entry was abandoned."""
        hands, item = talk()
        hands.do(events.TransferAsked(agent="anna", item=item, queue="sales"), after=60)
        hands.do(events.CustomerLeft(item=item), after=30)
        assert [fact.outcome for fact in hands.said(facts.Dequeued)] == [
            "answered",
            "abandoned_in_queue",
        ]
        hands.wait(60)
        assert hands.said(facts.Closed)[0].outcome == "answered"

    def test_stops_the_recording_and_starts_it_with_the_next(self):
        """Between two talks nothing is recorded."""
        hands, item = talk("ben", notice=True)
        hands.do(events.TransferAsked(agent="anna", item=item, to_agent="ben"))
        assert len(hands.said(facts.RecordingStopped)) == 1
        hands.answer("ben", after=3)
        assert len(hands.said(facts.RecordingStarted)) == 2


class TestWrapUp:
    def test_runs_out(self):
        """After its time the agent is ready and gets the next; there is no disposition."""
        hands, item = talk(wrap_up_seconds=20.0)
        hands.do(events.CustomerLeft(item=item), after=5)
        second = hands.call()
        hands.wait(19.9)
        assert hands.rings() == {}
        hands.wait(0.1)
        assert hands.said(facts.Finished)[0].disposition is None
        assert hands.rings() == {"anna": second}

    def test_is_extended_within_its_limit(self):
        """Each press adds up to thirty seconds; the queue's limit is the end of it."""
        hands, item = talk(wrap_up_seconds=20.0, wrap_up_extra_seconds=45.0)
        hands.do(events.CustomerLeft(item=item))
        more = events.WrapUpExtended(agent="anna", item=item)
        hands.do(more, after=19)
        hands.do(more)
        assert hands.exchange.refusal(more) == "no_extra_left"
        assert hands.said(facts.AgentChanged)[-1].until == centre.T0 + 65.0
        hands.wait(45.9)
        assert hands.state("anna") == "wrap_up"
        hands.wait(0.1)
        assert hands.state("anna") == "ready"

    def test_ends_in_being_away_if_that_was_asked_for(self):
        """A wish in a talk or a wrap-up comes true afterwards, and can be taken back."""
        hands, item = talk()
        hands.do(events.AwayAsked(agent="anna", reason="lunch", by="leader"))
        changed = hands.said(facts.AgentChanged)[-1]
        assert (changed.state, changed.reason, changed.by) == ("talking", "lunch", "leader")
        hands.do(events.CustomerLeft(item=item))
        hands.do(events.WorkFinished(agent="anna", item=item, disposition="ok"))
        changed = hands.said(facts.AgentChanged)[-1]
        assert (changed.state, changed.reason, changed.by) == ("away", "lunch", "leader")

    def test_a_wish_taken_back_leaves_him_ready(self):
        """Ready asked for in a talk undoes the wish to be away."""
        hands, item = talk()
        hands.do(events.AwayAsked(agent="anna", reason="lunch"))
        hands.do(events.ReadyAsked(agent="anna"))
        hands.do(events.HangUpAsked(agent="anna", item=item))
        hands.wait(30)
        assert hands.state("anna") == "ready"

    def test_takes_no_time_if_the_queue_gives_none(self):
        """Without wrap-up the agent is free in the same instant."""
        hands, item = talk(wrap_up_seconds=0.0)
        hands.do(events.CustomerLeft(item=item))
        assert hands.state("anna") == "ready"
        assert hands.said(facts.Closed)[0].outcome == "answered"

    def test_six_queues_give_no_second_call_inside_it(self):
        """Whatever queue a call comes from, the note of the last one is written first."""
        keys = [f"q{n}" for n in range(6)]
        queues = [centre.queue(key, wrap_up_seconds=30.0) for key in keys]
        flows = [centre.flow(plan.Enqueue(key="w", queue=key), key=key) for key in keys]
        numbers = tuple(
            plan.NumberPlan(number=key, client="acme", flow=key, language="en") for key in keys
        )
        hands = centre.Hands(
            centre.floor_plan(
                agents=[centre.agent("anna", *keys)], queues=queues, flows=flows, numbers=numbers
            )
        )
        hands.seat("anna")
        first = hands.call(called="q0")
        hands.answer("anna")
        for key in keys:
            hands.call(called=key)
        hands.do(events.CustomerLeft(item=first), after=10)
        hands.wait(29.9)
        assert hands.rings() == {}
        hands.wait(0.1)
        assert len(hands.rings()) == 1


class TestChannels:
    def floor(self) -> centre.Hands:
        """Make an agent who may have a call or two mails."""
        queues = [centre.queue(), centre.queue("mail", channel="mail")]
        flows = [
            centre.flow(WAIT),
            centre.flow(plan.Enqueue(key="wait", queue="mail"), key="mail"),
        ]
        numbers = (
            plan.NumberPlan(number="900", client="acme", flow="main", language="en"),
            plan.NumberPlan(number="mail", client="acme", flow="mail", language="en"),
        )
        anna = centre.agent("anna", "billing", "mail", capacity=(("call", 1), ("mail", 2)))
        hands = centre.Hands(
            centre.floor_plan(agents=[anna], queues=queues, flows=flows, numbers=numbers)
        )
        hands.seat("anna")
        return hands

    def test_two_mails_lie_side_by_side_and_no_third(self):
        """Capacity counts per channel, and a call waits until the desk is clear."""
        hands = self.floor()
        mails = [hands.call(called="mail", channel="mail") for _ in range(3)]
        call = hands.call()
        hands.answer("anna")
        hands.answer("anna")
        assert hands.rings() == {}
        hands.do(events.WorkFinished(agent="anna", item=mails[0], disposition="ok"))
        assert hands.rings() == {"anna": mails[2]}
        hands.answer("anna")
        for mail in mails[1:]:
            hands.do(events.WorkFinished(agent="anna", item=mail, disposition="ok"))
        assert hands.rings() == {"anna": call}
        closed = [fact.item for fact in hands.said(facts.Closed)]
        assert closed == mails

    def test_a_call_is_all_that_is_in_hand(self):
        """In a call and its wrap-up no mail is offered."""
        hands = self.floor()
        call = hands.call()
        hands.answer("anna")
        hands.call(called="mail", channel="mail")
        hands.do(events.CustomerLeft(item=call))
        assert hands.rings() == {}
        hands.do(events.WorkFinished(agent="anna", item=call, disposition="ok"))
        assert len(hands.rings()) == 1

    def test_mail_makes_no_sound(self):
        """Nothing is answered, played, mixed or recorded for an item without legs."""
        hands = self.floor()
        item = hands.call(called="mail", channel="mail")
        hands.answer("anna")
        hands.do(events.WorkFinished(agent="anna", item=item, disposition="ok"))
        assert {type(action) for action in hands.actions} == {actions.Ring, actions.StopRing}
