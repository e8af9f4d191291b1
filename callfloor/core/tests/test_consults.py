"""Questions, handing over, conferences: one item, one owner, and the customer is never cut."""

import pytest

from callfloor.core import actions, events, facts, invariants, plan
from callfloor.core.tests import centre

pytestmark = pytest.mark.pure


def talk(*others: str, notice: bool = False, **changes) -> tuple[centre.Hands, str]:
    """Bring anna into a talk with a customer; the others are seated and ready."""
    wait = plan.Enqueue(key="wait", queue="billing")
    say = plan.Notice(key="notice", prompt="notice", next="wait")
    flows = [centre.flow(say, wait) if notice else centre.flow(wait)]
    hands = centre.Hands(centre.calling_plan("anna", *others, flows=flows, **changes))
    hands.seat("anna")
    item = hands.call()
    if notice:
        hands.do(events.PromptEnded(item=item, play=hands.acted(actions.Play)[0].play))
    hands.answer("anna")
    hands.seat(*others)
    return hands, item


def ask(hands: centre.Hands, item: str, after: float = 10.0, **whom) -> None:
    """Let anna ask somebody."""
    hands.do(events.ConsultAsked(agent="anna", item=item, **whom), after=after)


def ask_ben(hands: centre.Hands, item: str, after: float = 5.0) -> None:
    """Let anna ask ben, who answers."""
    ask(hands, item, to_agent="ben")
    hands.answer("ben", after=after)


def ask_outside(hands: centre.Hands, item: str, after: float = 5.0) -> None:
    """Let anna ask somebody outside, who answers."""
    ask(hands, item, leg="g", zone="near", sealed="number")
    hands.do(events.DialAnswered(item=item, leg="g"), after=after)


def room(hands: centre.Hands) -> set[tuple[str, str]]:
    """Give the last matrix as pairs (ear, mouth)."""
    return {(row.ear, row.mouth) for row in hands.acted(actions.Mix)[-1].hears}


def everybody(*legs: str) -> set[tuple[str, str]]:
    """Give the pairs of a room in which everybody is heard."""
    return {(ear, mouth) for ear in legs for mouth in legs if ear != mouth}


def over(hands: centre.Hands) -> facts.ConsultOver:
    """Give the one end of the one question."""
    (fact,) = hands.said(facts.ConsultOver)
    return fact


class TestAsk:
    def test_a_colleague_rings_while_the_customer_hears_music(self):
        """The ring names the asker; the customer is on hold, the asker hears a tone."""
        hands, item = talk("ben")
        ask(hands, item, to_agent="ben")
        ring = hands.acted(actions.Ring)[-1]
        assert (ring.agent, ring.kind, ring.by) == ("ben", "consult", "anna")
        assert hands.said(facts.Held)[0].reason == "consult"
        plays = {play.leg: play.prompts for play in hands.acted(actions.Play)}
        assert plays[f"leg-{item}"] == ("hold_music",)
        assert plays["leg-anna"] == ("ring_tone",)
        hands.answer("ben", after=5)
        assert room(hands) == everybody("leg-anna", "leg-ben")
        assert hands.said(facts.ConsultAnswered)[0].to_agent == "ben"

    def test_a_queue_gives_its_next_ready_agent(self):
        """Longest idle first; no wait in a queue is counted for it."""
        hands, item = talk("ben", "cleo")
        queued = len(hands.said(facts.Queued))
        ask(hands, item, queue="sales")
        assert hands.rings() == {"ben": item}
        assert hands.acted(actions.Ring)[-1].queue == "sales"
        hands.do(events.OfferDeclined(agent="ben", offer=hands.said(facts.Ringing)[-1].offer))
        assert hands.rings() == {"cleo": item}
        hands.answer("cleo")
        assert hands.said(facts.ConsultAnswered)[0].to_agent == "cleo"
        assert len(hands.said(facts.Queued)) == queued

    def test_a_queue_takes_whoever_becomes_ready_within_its_time(self):
        """Nobody is ready at first; it waits for the queue's ring_seconds and no longer."""
        hands, item = talk("ben")
        hands.do(events.AwayAsked(agent="ben", reason="lunch"))
        ask(hands, item, queue="sales")
        assert hands.rings() == {}
        hands.do(events.ReadyAsked(agent="ben"), after=8)
        hands.wait(1)
        assert hands.rings() == {"ben": item}

    def test_a_queue_without_anybody_leaves_the_agent_with_his_customer(self):
        """Missed after ring_seconds; the customer is on hold until he resumes."""
        hands, item = talk()
        ask(hands, item, queue="sales")
        hands.wait(19)
        assert hands.said(facts.ConsultOver) == []
        hands.wait(1)
        assert over(hands).outcome == "missed"
        assert hands.state("anna") == "talking"
        assert hands.exchange.refusal(events.ResumeAsked(agent="anna", item=item)) is None

    def test_somebody_outside_is_dialed_behind_the_gates(self):
        """The same gates and trunks as for a call out."""
        hands, item = talk()
        refused = events.ConsultAsked(agent="anna", item=item, leg="g", zone="dear")
        assert hands.exchange.refusal(refused) == "zone_not_allowed"
        ask(hands, item, leg="g", zone="near", sealed="number")
        assert hands.acted(actions.Dial)[-1].leg == "g"
        hands.do(events.DialAnswered(item=item, leg="g"), after=5)
        assert room(hands) == everybody("leg-anna", "g")

    def test_somebody_who_is_away_may_be_asked_and_is_away_again(self):
        """Away is no reason not to help; afterwards he is at lunch as before."""
        hands, item = talk("ben")
        hands.do(events.AwayAsked(agent="ben", reason="lunch", by="leader"))
        ask_ben(hands, item)
        assert hands.state("ben") == "talking"
        hands.do(events.ConsultEnded(agent="anna", item=item))
        changed = [fact for fact in hands.said(facts.AgentChanged) if fact.agent == "ben"][-1]
        assert (changed.state, changed.reason, changed.by) == ("away", "lunch", "leader")

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({}, "no_target"),
            ({"to_agent": "ben", "queue": "sales"}, "no_target"),
            ({"to_agent": "anna"}, "to_yourself"),
            ({"to_agent": "cleo"}, "not_signed_in"),
            ({"to_agent": "dora"}, "no_device"),
            ({"to_agent": "emil"}, "busy"),
            ({"queue": "none"}, "unknown_queue"),
            ({"leg": "g"}, "zone_not_allowed"),
        ],
    )
    def test_is_refused_by_a_stable_code(self, fields, code):
        """And nothing happens."""
        agents = [centre.agent(key, "billing") for key in ("anna", "ben", "cleo", "dora", "emil")]
        hands, item = talk("ben", "emil", agents=agents)
        hands.do(events.AgentSignedIn(agent="dora", ready=True))
        hands.do(events.CallAsked(agent="emil", item="x", leg="x", client="acme", zone="near"))
        event = events.ConsultAsked(agent="anna", item=item, **fields)
        assert hands.exchange.refusal(event) == code
        assert hands.do(event) == []


class TestOutcome:
    @pytest.mark.parametrize(
        ("end", "outcome"),
        [
            (events.TimePassed(), "missed"),
            (events.OfferDeclined(agent="ben", offer="i1/2"), "declined"),
            (events.DeviceLost(agent="ben", leg="leg-ben"), "failed"),
            (events.AgentSignedOut(agent="ben"), "failed"),
            (events.AwayAsked(agent="ben", reason="lunch"), "failed"),
            (events.ConsultEnded(agent="anna", item="i1"), "ended"),
            (events.CustomerLeft(item="i1"), "customer_left"),
            (events.AgentSignedOut(agent="anna"), "lost"),
        ],
    )
    def test_of_a_colleague_who_rings(self, end, outcome):
        """Each way out of a ring has its name, and nobody is left ringing."""
        hands, item = talk("ben")
        ask(hands, item, to_agent="ben")
        hands.do(end, after=15 if isinstance(end, events.TimePassed) else 1)
        assert (over(hands).outcome, over(hands).seconds) == (outcome, 0.0)
        invariants.check(hands.exchange)

    @pytest.mark.parametrize(
        ("end", "outcome"),
        [
            (events.ConsultEnded(agent="anna", item="i1"), "ended"),
            (events.HangUpAsked(agent="ben", item="i1"), "left"),
            (events.AgentSignedOut(agent="ben"), "lost"),
            (events.AgentSignedOut(agent="anna"), "lost"),
            (events.CustomerLeft(item="i1"), "customer_left"),
            (events.TransferCompleted(agent="anna", item="i1"), "completed"),
            (events.ConferenceAsked(agent="anna", item="i1"), "conference"),
            (events.MediaLost(legs=("leg-i1",)), "failed"),
        ],
    )
    def test_of_a_colleague_who_talks(self, end, outcome):
        """Each way out of a question has its name and the length of the talk."""
        hands, item = talk("ben", "cleo")
        ask_ben(hands, item)
        hands.do(end, after=20)
        assert (over(hands).outcome, over(hands).seconds) == (outcome, 20.0)
        invariants.check(hands.exchange)
        hands.wait(120)
        invariants.check(hands.exchange)

    @pytest.mark.parametrize(
        ("reason", "outcome"),
        [
            ("busy", "busy"),
            ("declined", "declined"),
            ("no_answer", "missed"),
            ("wrong_number", "failed"),
            ("no_media", "failed"),
        ],
    )
    def test_of_somebody_outside_who_was_not_reached(self, reason, outcome):
        """The agent is told why, and the line counts no more."""
        hands, item = talk()
        ask(hands, item, leg="g", zone="near")
        hands.do(events.DialFailed(item=item, leg="g", reason=reason), after=3)
        assert over(hands).outcome == outcome
        assert hands.exchange.house.calls_of_trunk["one"] == 0
        assert hands.said(facts.PartyGone) == []

    def test_of_somebody_outside_who_hangs_up(self):
        """He has gone; the customer is still on hold with his agent."""
        hands, item = talk()
        ask_outside(hands, item)
        hands.do(events.PartyLeft(item=item, leg="g"), after=20)
        assert over(hands).outcome == "left"
        assert hands.said(facts.PartyGone)[0].seconds == 20.0
        assert hands.acted(actions.HangUp) == []
        hands.do(events.ResumeAsked(agent="anna", item=item))
        assert room(hands) == everybody(f"leg-{item}", "leg-anna")

    def test_ending_it_brings_the_customer_back(self):
        """One press: whoever was asked is let go, customer and agent talk."""
        hands, item = talk()
        ask_outside(hands, item)
        hands.do(events.ConsultEnded(agent="anna", item=item), after=20)
        assert hands.acted(actions.HangUp)[-1].leg == "g"
        assert room(hands) == everybody(f"leg-{item}", "leg-anna")

    def test_nobody_cuts_the_customer_by_hanging_up_on_a_question(self):
        """The agent must end the question first."""
        hands, item = talk("ben")
        ask_ben(hands, item)
        event = events.HangUpAsked(agent="anna", item=item)
        assert hands.exchange.refusal(event) == "consulting"
        hands.do(events.ConsultEnded(agent="anna", item=item))
        assert hands.exchange.refusal(event) is None

    def test_survives_a_reload_of_either(self):
        """A device that is lost and comes back within the lease goes on with the question."""
        hands, item = talk("ben")
        ask_ben(hands, item)
        hands.do(events.DeviceLost(agent="anna", leg="leg-anna"))
        event = events.TransferCompleted(agent="anna", item=item)
        assert hands.exchange.refusal(event) == "no_device"
        hands.do(events.DeviceUp(agent="anna", leg="new-anna"), after=3)
        assert room(hands) == everybody("new-anna", "leg-ben")
        hands.do(events.DeviceLost(agent="ben", leg="leg-ben"))
        assert hands.exchange.refusal(event) == "no_device"
        hands.do(events.DeviceUp(agent="ben", leg="new-ben"), after=3)
        assert room(hands) == everybody("new-anna", "new-ben")
        assert hands.said(facts.ConsultOver) == []

    def test_a_device_lost_for_good_puts_the_customer_first_in_line(self):
        """Who was asked is let go, and rings for the customer like anybody else."""
        hands, item = talk("ben")
        ask_ben(hands, item)
        hands.do(events.DeviceLost(agent="anna", leg="leg-anna"))
        hands.wait(10)
        assert over(hands).outcome == "lost"
        assert hands.state("anna") == "away"
        assert hands.rings() == {"ben": item}

    def test_a_colleague_lost_for_good_ends_it(self):
        """His customer was never his: the agent has him on hold."""
        hands, item = talk("ben")
        ask_ben(hands, item)
        hands.do(events.DeviceLost(agent="ben", leg="leg-ben"))
        hands.wait(10)
        assert over(hands).outcome == "lost"
        assert (hands.state("anna"), hands.state("ben")) == ("talking", "away")


class TestHandOver:
    def test_to_a_colleague(self):
        """The colleague serves, the first writes his note; the recording never stops."""
        hands, item = talk("ben", notice=True)
        ask_ben(hands, item)
        hands.do(events.TransferCompleted(agent="anna", item=item), after=20)
        assert (hands.state("anna"), hands.state("ben")) == ("wrap_up", "talking")
        assert room(hands) == everybody(f"leg-{item}", "leg-ben")
        assert hands.said(facts.Transferred)[0].to_agent == "ben"
        assert hands.said(facts.RecordingStopped) == []
        hands.do(events.HangUpAsked(agent="ben", item=item), after=20)
        assert len(hands.said(facts.RecordingStarted)) == 1
        assert len(hands.said(facts.RecordingStopped)) == 1
        for agent in ("anna", "ben"):
            hands.do(events.WorkFinished(agent=agent, item=item, disposition=agent))
        dispositions = [fact.disposition for fact in hands.said(facts.Finished)]
        assert dispositions == ["anna", "ben"]
        assert [fact.outcome for fact in hands.said(facts.Closed)] == ["answered"]

    def test_to_somebody_outside(self):
        """Two outside lines without an agent: not recorded, and it ends with either."""
        hands, item = talk(notice=True)
        ask_outside(hands, item)
        hands.do(events.TransferCompleted(agent="anna", item=item), after=20)
        assert room(hands) == everybody(f"leg-{item}", "g")
        assert hands.acted(actions.StopPlay)[-1].leg == f"leg-{item}"
        assert len(hands.said(facts.RecordingStopped)) == 1
        invariants.check(hands.exchange)
        hands.do(events.PartyLeft(item=item, leg="g"), after=60)
        assert hands.acted(actions.HangUp)[-1].leg == f"leg-{item}"
        hands.wait(60)
        assert hands.said(facts.Closed)[0].outcome == "answered"
        assert hands.exchange.house.ledger.running == {}

    def test_two_outside_lines_do_not_stay_for_ever(self):
        """Nobody watches them, so there is a limit."""
        hands, item = talk()
        ask_outside(hands, item)
        hands.do(events.TransferCompleted(agent="anna", item=item))
        hands.wait(4 * 3600)
        assert {each.leg for each in hands.acted(actions.HangUp)} == {"g", f"leg-{item}"}
        assert hands.exchange.house.items == {}

    def test_needs_an_answer(self):
        """Nobody is handed to a telephone that rings."""
        hands, item = talk("ben")
        event = events.TransferCompleted(agent="anna", item=item)
        assert hands.exchange.refusal(event) == "not_consulting"
        ask(hands, item, to_agent="ben")
        assert hands.exchange.refusal(event) == "not_answered"


class TestConference:
    def test_of_three_and_four(self):
        """Everybody hears everybody; a question from within brings a fourth."""
        hands, item = talk("ben")
        ask_ben(hands, item)
        hands.do(events.ConferenceAsked(agent="anna", item=item), after=20)
        three = (f"leg-{item}", "leg-anna", "leg-ben")
        assert room(hands) == everybody(*three)
        ask_outside(hands, item)
        assert room(hands) == {("leg-anna", "g"), ("g", "leg-anna")}
        hands.do(events.ConferenceAsked(agent="anna", item=item), after=5)
        assert room(hands) == everybody(*three, "g")
        hands.do(events.PartyLeft(item=item, leg="g"), after=5)
        assert room(hands) == everybody(*three)

    def test_who_joined_leaves_without_a_note(self):
        """His part ends, the others talk on."""
        hands, item = talk("ben")
        ask_ben(hands, item)
        hands.do(events.ConferenceAsked(agent="anna", item=item), after=20)
        hands.do(events.ConferenceLeft(agent="ben", item=item), after=30)
        ended = hands.said(facts.TalkEnded)[-1]
        assert (ended.agent, ended.talk_seconds, ended.consult_seconds) == ("ben", 30.0, 20.0)
        assert ended.ended_by == "conference"
        assert hands.state("ben") == "ready"
        assert room(hands) == everybody(f"leg-{item}", "leg-anna")

    def test_who_serves_leaves_and_the_next_serves(self):
        """One owner at every moment; the first writes his note."""
        hands, item = talk("ben")
        ask_ben(hands, item)
        hands.do(events.ConferenceAsked(agent="anna", item=item), after=20)
        hands.do(events.ConferenceLeft(agent="anna", item=item), after=30)
        assert (hands.state("anna"), hands.state("ben")) == ("wrap_up", "talking")
        assert room(hands) == everybody(f"leg-{item}", "leg-ben")
        assert hands.exchange.refusal(events.HoldAsked(agent="ben", item=item)) is None

    def test_the_last_agent_ends_the_call(self):
        """Customer and guest are not left alone by somebody who only leaves."""
        hands, item = talk()
        ask_outside(hands, item)
        hands.do(events.ConferenceAsked(agent="anna", item=item))
        hands.do(events.ConferenceLeft(agent="anna", item=item))
        assert {each.leg for each in hands.acted(actions.HangUp)} == {"g", f"leg-{item}"}
        assert hands.state("anna") == "wrap_up"

    def test_the_customer_ends_it_for_all(self):
        """Guests are hung up, agents are free."""
        hands, item = talk("ben")
        ask_ben(hands, item)
        hands.do(events.ConferenceAsked(agent="anna", item=item))
        ask_outside(hands, item)
        hands.do(events.ConferenceAsked(agent="anna", item=item))
        hands.do(events.CustomerLeft(item=item), after=10)
        assert hands.acted(actions.HangUp)[-1].leg == "g"
        assert (hands.state("anna"), hands.state("ben")) == ("wrap_up", "ready")
        assert {fact.ended_by for fact in hands.said(facts.TalkEnded)} == {"customer"}

    def test_a_lost_agent_leaves_it_to_the_other(self):
        """The customer hears no music and waits in no line: somebody is with him."""
        hands, item = talk("ben")
        ask_ben(hands, item)
        hands.do(events.ConferenceAsked(agent="anna", item=item))
        hands.do(events.DeviceLost(agent="anna", leg="leg-anna"), after=5)
        assert room(hands) == everybody(f"leg-{item}", "leg-ben")
        hands.wait(10)
        assert (hands.state("anna"), hands.state("ben")) == ("away", "talking")
        assert len(hands.said(facts.Queued)) == 1
        invariants.check(hands.exchange)

    def test_is_not_given_away_blind(self):
        """A transfer would leave the others with nobody."""
        hands, item = talk("ben")
        ask_ben(hands, item)
        transfer = events.TransferAsked(agent="anna", item=item, queue="sales")
        assert hands.exchange.refusal(transfer) == "consulting"
        hands.do(events.ConferenceAsked(agent="anna", item=item))
        assert hands.exchange.refusal(transfer) == "in_conference"
