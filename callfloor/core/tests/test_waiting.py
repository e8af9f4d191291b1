"""Queues: place, tiers, announcements, ways out of the line, and their one outcome."""

import pytest

from callfloor.core import actions, events, facts, plan
from callfloor.core.tests import centre

pytestmark = pytest.mark.pure

MESSAGE = plan.TakeMessage(key="message", prompt="speak")
CALLBACK = plan.AskCallback(key="callback", prompt="noted", queue="billing")
WAIT = plan.Enqueue(
    key="wait",
    queue="billing",
    leave=(
        plan.Choice(digit="1", name="callback", next="callback"),
        plan.Choice(digit="2", name="message", next="message"),
    ),
)


def floor(*agents: str, **queue) -> centre.Hands:
    """Make a floor with one queue that can be left, and agents who serve it."""
    return centre.Hands(
        centre.floor_plan(
            agents=[centre.agent(key, "billing") for key in agents],
            queues=[centre.queue(**queue)],
            flows=[centre.flow(WAIT, CALLBACK, MESSAGE)],
        )
    )


class TestPlace:
    def test_first_come_first_served(self):
        """Whoever waits longest is next."""
        hands = floor("anna")
        first, second = hands.call(), hands.call()
        hands.seat("anna")
        assert hands.rings() == {"anna": first}
        hands.do(events.CustomerLeft(item=first))
        assert hands.rings() == {"anna": second}

    def test_is_kept_by_who_was_missed(self):
        """A caller whose agent misses him keeps his place before everybody who came later."""
        hands = floor("anna", "ben")
        hands.seat("anna")
        first = hands.call()
        second = hands.call()
        hands.wait(15)
        assert hands.state("anna") == "missed"
        hands.seat("ben")
        assert hands.rings() == {"ben": first}
        hands.do(events.ReadyAsked(agent="anna"))
        assert hands.rings() == {"ben": first, "anna": second}

    def test_is_improved_by_priority_without_a_new_birth(self):
        """A recognized customer's seconds count on top of his waiting, also while he waits."""
        hands = floor("anna")
        hands.call()
        hands.wait(10)
        important = hands.call()
        hands.do(events.CallerRecognised(item=important, customer="c", priority_seconds=60.0))
        hands.seat("anna")
        assert hands.rings() == {"anna": important}

    def test_is_told_when_the_line_is_entered(self):
        """Queued names the position and the birth."""
        hands = floor()
        hands.call()
        hands.wait(5)
        hands.call()
        assert [(fact.position, fact.born_at) for fact in hands.said(facts.Queued)] == [
            (1, centre.T0),
            (2, centre.T0 + 5),
        ]

    def test_survives_a_change_of_plan(self):
        """Waiting items are filed again with their original keys, and find new agents."""
        hands = floor()
        first, second = hands.call(), hands.call()
        plan_2 = centre.floor_plan(
            version="2", agents=[centre.agent("zoe", "billing"), centre.agent("yan", "billing")]
        )
        hands.do(events.PlanChanged(plan=plan_2))
        hands.seat("zoe", "yan")
        assert hands.rings() == {"zoe": first, "yan": second}
        assert len(hands.said(facts.Queued)) == 2


class TestPreferred:
    def test_waits_for_the_preferred_agent_alone_at_first(self):
        """An idle colleague gets it only after the preferred one's lease is over."""
        hands = floor("anna", "ben", preferred_seconds=20.0)
        hands.seat("anna")
        hands.call()  # Keeps anna busy.
        hands.answer("anna")
        item = hands.call()
        hands.do(
            events.CallerRecognised(item=item, customer="c", preferred_agent="anna"), after=0.2
        )
        hands.seat("ben")
        assert hands.rings() == {}
        hands.wait(19.7)
        assert hands.rings() == {}
        hands.wait(0.2)
        assert hands.rings() == {"ben": item}

    def test_rings_for_the_preferred_agent_as_soon_as_he_is_free(self):
        """The preferred agent gets it before those who waited longer for anybody."""
        hands = floor("anna", "ben")
        hands.seat("anna")
        busy = hands.call()
        hands.answer("anna")
        item = hands.call()
        hands.do(events.CallerRecognised(item=item, customer="c", preferred_agent="anna"))
        hands.do(events.CustomerLeft(item=busy), after=1)
        hands.do(events.WorkFinished(agent="anna", item=busy, disposition="ok"))
        assert hands.rings() == {"anna": item}
        assert hands.said(facts.Explained)[-1].why["rule"] == "preferred"

    def test_survives_a_change_of_plan(self):
        """Who waits for one agent alone still does under the next plan."""
        hands = floor("anna", "ben")
        hands.seat("anna")
        busy = hands.call()
        hands.answer("anna")
        item = hands.call()
        hands.do(events.CallerRecognised(item=item, customer="c", preferred_agent="anna"))
        agents = [centre.agent(key, "billing") for key in ("anna", "ben")]
        hands.do(events.PlanChanged(plan=centre.floor_plan(version="2", agents=agents)))
        hands.do(events.CustomerLeft(item=busy))
        hands.do(events.WorkFinished(agent="anna", item=busy, disposition="ok"))
        assert hands.rings() == {"anna": item}

    def test_is_nobodys_if_he_is_not_there(self):
        """Who is signed out is not waited for."""
        hands = floor("anna", "ben")
        hands.seat("ben")
        hands.do(events.DeviceLost(agent="ben", leg="leg-ben"))
        item = hands.call()
        hands.do(events.CallerRecognised(item=item, customer="c", preferred_agent="anna"))
        hands.do(events.DeviceUp(agent="ben", leg="again"))
        assert hands.rings() == {"ben": item}


class TestTiers:
    TIERS = (
        plan.TierPlan(after_seconds=0.0, requires=(("billing", 3),)),
        plan.TierPlan(after_seconds=30.0, requires=(("billing", 1),)),
    )

    def floor(self) -> centre.Hands:
        """Make a floor with a good agent and a beginner."""
        agents = [centre.agent("good", "billing", level=3), centre.agent("new", "billing")]
        queues = [centre.queue(tiers=self.TIERS, ring_seconds=20.0)]
        return centre.Hands(centre.floor_plan(agents=agents, queues=queues))

    def test_widen_with_waiting(self):
        """The beginner gets it when the second tier opens, not before."""
        hands = self.floor()
        hands.seat("new")
        item = hands.call()
        hands.wait(29.9)
        assert hands.rings() == {}
        hands.wait(0.1)
        assert hands.rings() == {"new": item}
        assert hands.said(facts.TierOpened)[0].tier == 1

    def test_widen_while_somebody_is_ringing(self):
        """The ringing offer goes on, and when it is missed the wider tier is asked at once."""
        hands = self.floor()
        hands.wait(0)
        item = hands.call()
        hands.wait(20)
        hands.seat("good", "new")
        assert hands.rings() == {"good": item}
        hands.wait(10)
        assert [fact.tier for fact in hands.said(facts.TierOpened)] == [1]
        assert hands.rings() == {"good": item}
        hands.wait(10)
        assert hands.rings() == {"new": item}

    def test_explain_nobody_once_per_tier(self):
        """Why nobody is there is said when he comes and when the tier widens, not at each try."""
        hands = self.floor()
        hands.call()
        hands.wait(100)
        assert [fact.why["tier"] for fact in hands.said(facts.Explained)] == [0, 1]


class TestAnnouncements:
    def test_say_welcome_then_music_then_the_place(self):
        """A welcome is heard to its end; the place comes every so often, then music again."""
        hands = floor(welcome=("welcome",), position_every_seconds=30.0)
        hands.call()
        item = hands.call()
        (welcome,) = [play for play in hands.acted(actions.Play) if play.item == item]
        assert (welcome.prompts, welcome.loop) == (("welcome",), False)
        hands.do(events.PromptEnded(item=item, play=welcome.play), after=5)
        assert hands.acted(actions.Play)[-1].prompts == ("hold_music",)
        assert hands.acted(actions.Play)[-1].loop
        hands.wait(25)
        place = [play for play in hands.acted(actions.Play) if play.item == item][-1]
        assert place.prompts == ("queue_position", "number:2")
        hands.do(events.PromptEnded(item=item, play=place.play), after=3)
        assert hands.acted(actions.Play)[-1].prompts == ("hold_music",)

    def test_far_back_is_told_without_a_number(self):
        """Behind more than thirty callers the place is told in words that are always there."""
        hands = floor(position_every_seconds=30.0, music=None)
        for _ in range(30):
            hands.call()
        item = hands.call()
        hands.wait(30)
        told = {play.item: play.prompts for play in hands.acted(actions.Play)}
        assert told[item] == ("queue_position_many",)
        assert ("queue_position", "number:30") in told.values()

    def test_never_name_a_worse_place(self):
        """Somebody more important who comes in does not push the told place back."""
        hands = floor(position_every_seconds=30.0, music=None)
        item = hands.call()
        hands.wait(30)
        place = hands.acted(actions.Play)[-1]
        hands.do(events.PromptEnded(item=item, play=place.play), after=3)
        important = hands.call()
        hands.do(events.CallerRecognised(item=important, customer="c", priority_seconds=600.0))
        hands.wait(30)
        told = [play.prompts[1] for play in hands.acted(actions.Play) if play.item == item]
        assert told == ["number:1", "number:1"]


class TestLeaving:
    def press(self, hands: centre.Hands, item: str, name: str) -> None:
        """Press a key that leaves the line."""
        hands.do(events.ChoiceMade(item=item, step="wait", choice=name), after=40)

    def test_for_a_callback(self):
        """The entry ends as callback_asked, and so does the item."""
        hands = floor()
        item = hands.call()
        self.press(hands, item, "callback")
        (left,) = hands.said(facts.Dequeued)
        assert (left.outcome, left.waited_seconds) == ("callback_asked", 40.0)
        hands.wait(70)
        assert hands.said(facts.Closed)[0].outcome == "callback_asked"

    def test_for_a_message(self):
        """The entry's outcome is known when the message is: left, or diverted into silence."""
        for seconds, entry, final in (
            (9.0, "message_left", "message_left"),
            (0.0, "diverted", "left_in_flow"),
        ):
            hands = floor("anna")
            item = hands.call()
            self.press(hands, item, "message")
            hands.seat("anna")
            assert hands.rings() == {}
            hands.wait(66)
            hands.do(events.MessageEnded(item=item, seconds=seconds))
            assert [fact.outcome for fact in hands.said(facts.Dequeued)] == [entry]
            assert hands.said(facts.Closed)[0].outcome == final

    def test_stops_what_rings_for_him(self):
        """An offer is withdrawn at once, and the agent gets the next caller."""
        hands = floor("anna")
        hands.seat("anna")
        item, second = hands.call(), hands.call()
        self_offer = hands.rings()
        assert self_offer == {"anna": item}
        hands.do(events.ChoiceMade(item=item, step="wait", choice="callback"))
        assert hands.said(facts.RingEnded)[0].outcome == "withdrawn"
        assert hands.rings() == {"anna": second}

    def test_by_hanging_up(self):
        """Who hangs up has abandoned; before the stated threshold it is counted apart."""
        for waited, short in ((4.9, True), (5.0, False)):
            hands = floor()
            item = hands.call()
            hands.do(events.CustomerLeft(item=item), after=waited)
            assert hands.said(facts.Dequeued)[0].short is short
            assert hands.facts[-1] == facts.Closed(
                item=item, client="acme", outcome="abandoned_in_queue", queue="billing",
                short=short,
            )  # fmt: skip

    def test_by_waiting_too_long(self):
        """After the longest wait the call takes the overflow step of its flow."""
        hands = floor(wait_seconds_max=120.0, overflow="message")
        hands.call()
        hands.wait(119.9)
        assert [fact.step for fact in hands.said(facts.StepEntered)] == ["wait"]
        hands.wait(0.1)
        assert [fact.step for fact in hands.said(facts.StepEntered)] == ["wait", "message"]

    def test_not_while_it_rings(self):
        """Whoever is about to be answered is not sent away; he is if nobody answers."""
        hands = floor("anna", wait_seconds_max=120.0, overflow="message")
        hands.call()
        hands.wait(115)
        hands.seat("anna")
        hands.wait(10)
        assert len(hands.rings()) == 1
        hands.wait(10)
        assert [fact.step for fact in hands.said(facts.StepEntered)][-1] == "message"


class TestLength:
    def test_a_full_queue_refuses(self):
        """More than its length is turned away with a final state of its own."""
        hands = floor(length_max=1)
        hands.call()
        item = hands.call()
        assert hands.facts[-1] == facts.Closed(
            item=item, client="acme", outcome="refused_no_capacity", queue="billing"
        )
        assert hands.acted(actions.HangUp)[0].reason == "no_capacity"
        assert len(hands.said(facts.Queued)) == 1
