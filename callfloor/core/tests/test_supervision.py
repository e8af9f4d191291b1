"""Leaders who hear into calls: nobody is held by it, and everybody is afterwards what he was."""

import pytest

from callfloor.core import actions, events, facts, invariants
from callfloor.core.tests import centre

pytestmark = pytest.mark.pure


def watched(*others: str, before: str = "ready", **changes) -> tuple[centre.Hands, str]:
    """Let a leader listen to anna's talk; he was ready or away before."""
    hands = centre.Hands(centre.calling_plan("anna", "leader", *others, **changes))
    hands.seat("anna")
    item = hands.call()
    hands.answer("anna")
    hands.seat("leader", *others)
    if before == "away":
        hands.do(events.AwayAsked(agent="leader", reason="lunch"))
    hands.do(events.SuperviseAsked(agent="leader", item=item, of="anna", mode="listen"), after=10)
    return hands, item


def heard(hands: centre.Hands, mouth: str) -> set[str]:
    """Give the ears that hear a mouth."""
    return {row.ear for row in hands.acted(actions.Mix)[-1].hears if row.mouth == mouth}


class TestModes:
    def test_change_who_hears_the_leader(self):
        """Listening nobody, whispering the agent, joining both; each is said once more."""
        hands, item = watched()
        assert heard(hands, "leg-leader") == set()
        for mode, ears in (("whisper", {"leg-anna"}), ("join", {"leg-anna", f"leg-{item}"})):
            hands.do(events.SuperviseAsked(agent="leader", item=item, of="anna", mode=mode))
            assert heard(hands, "leg-leader") == ears
        assert [fact.mode for fact in hands.said(facts.Supervised)] == ["listen", "whisper", "join"]

    def test_reserve_the_leader(self):
        """He gets no call meanwhile, and what he was before afterwards."""
        hands, item = watched()
        assert hands.state("leader") == "reserved"
        hands.call()
        assert hands.rings() == {}
        hands.do(events.SuperviseEnded(agent="leader", item=item), after=20)
        (ended,) = hands.said(facts.SuperviseOver)
        assert (ended.seconds, ended.outcome) == (20.0, "ended")
        assert hands.rings() == {"leader": "i2"}

    def test_bring_him_back_to_lunch(self):
        """Who was away is away again, with his reason."""
        hands, item = watched(before="away")
        hands.do(events.SuperviseEnded(agent="leader", item=item))
        assert hands.state("leader") == "away"
        assert hands.said(facts.AgentChanged)[-1].reason == "lunch"

    def test_follow_the_agent_into_a_question(self):
        """He hears the room in which his agent is, and not the customer's music."""
        hands, item = watched("ben")
        hands.do(events.ConsultAsked(agent="anna", item=item, to_agent="ben"))
        hands.answer("ben")
        assert heard(hands, "leg-ben") == {"leg-anna", "leg-leader"}
        assert heard(hands, f"leg-{item}") == set()

    def test_are_told_by_a_tone_where_the_centre_wants_it(self):
        """One tone in the agent's ear when a leader begins to hear."""
        hands, item = watched(supervision_tone=True)
        (tone,) = [p for p in hands.acted(actions.Play) if p.prompts == ("supervision_tone",)]
        assert (tone.leg, tone.loop) == ("leg-anna", False)
        hands.do(events.PromptEnded(item=item, play=tone.play))
        assert hands.state("anna") == "talking"


class TestEnd:
    @pytest.mark.parametrize(
        ("end", "outcome", "state"),
        [
            (events.CustomerLeft(item="i1"), "call_over", "ready"),
            (events.HangUpAsked(agent="anna", item="i1"), "call_over", "ready"),
            (events.TransferAsked(agent="anna", item="i1", queue="sales"), "call_over", "ringing"),
            (events.AgentSignedOut(agent="anna"), "call_over", "ringing"),
            (events.DeviceLost(agent="leader", leg="leg-leader"), "lost", "ready"),
            (events.AgentSignedOut(agent="leader"), "lost", "signed_out"),
            (events.MediaLost(legs=("leg-leader",)), "lost", "ready"),
        ],
    )
    def test_frees_the_leader(self, end, outcome, state):
        """Whatever ends it; a lost customer may ring for him at once."""
        hands, _ = watched()
        hands.do(end, after=5)
        (over,) = hands.said(facts.SuperviseOver)
        assert (over.seconds, over.outcome) == (5.0, outcome)
        assert hands.state("leader") == state
        invariants.check(hands.exchange)

    def test_comes_with_a_wish(self):
        """He may ask for lunch while he listens; it comes true afterwards."""
        hands, item = watched()
        hands.do(events.AwayAsked(agent="leader", reason="lunch"))
        assert hands.state("leader") == "reserved"
        hands.do(events.SuperviseEnded(agent="leader", item=item))
        assert hands.state("leader") == "away"


class TestTakeOver:
    def test_gives_him_the_call(self):
        """The leader serves, the agent writes his note, the customer hears no gap."""
        hands, item = watched()
        hands.do(events.TakeOverAsked(agent="leader", item=item), after=20)
        assert (hands.state("anna"), hands.state("leader")) == ("wrap_up", "talking")
        assert hands.said(facts.SuperviseOver)[0].outcome == "taken_over"
        assert hands.said(facts.TalkEnded)[0].ended_by == "taken_over"
        assert heard(hands, "leg-leader") == {f"leg-{item}"}
        hands.do(events.HangUpAsked(agent="leader", item=item), after=30)
        assert hands.said(facts.TalkEnded)[1].talk_seconds == 30.0

    def test_in_the_middle_of_a_question_ends_it(self):
        """Whoever was asked is let go; the customer is with the leader, not on hold."""
        hands, item = watched("ben")
        hands.do(events.ConsultAsked(agent="anna", item=item, to_agent="ben"))
        hands.answer("ben")
        hands.do(events.TakeOverAsked(agent="leader", item=item), after=20)
        assert hands.said(facts.ConsultOver)[0].outcome == "ended"
        assert hands.state("ben") == "ready"
        assert heard(hands, f"leg-{item}") == {"leg-leader"}
        invariants.check(hands.exchange)


class TestRefusal:
    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"mode": "shout"}, "unknown_mode"),
            ({"of": "leader"}, "to_yourself"),
            ({"of": "ben"}, "not_talking"),
            ({"item": "gone"}, "not_talking"),
            ({"agent": "nobody"}, "unknown_agent"),
            ({"agent": "cleo"}, "not_signed_in"),
            ({"agent": "dora"}, "no_device"),
        ],
    )
    def test_has_a_stable_code(self, fields, code):
        """And nothing happens."""
        hands = centre.Hands(centre.calling_plan("anna", "leader", "ben", "cleo", "dora"))
        hands.seat("anna")
        item = hands.call()
        hands.answer("anna")
        hands.seat("leader", "ben")
        hands.do(events.AgentSignedIn(agent="dora"))
        values = {"agent": "leader", "item": item, "of": "anna", "mode": "listen"} | fields
        event = events.SuperviseAsked(**values)
        assert hands.exchange.refusal(event) == code
        assert hands.do(event) == []

    def test_of_who_does_not_listen(self):
        """Neither end nor take-over without hearing it first."""
        hands, item = watched()
        for kind in (events.SuperviseEnded, events.TakeOverAsked):
            assert hands.exchange.refusal(kind(agent="leader", item="x")) == "not_supervising"
        hands.do(events.SuperviseEnded(agent="leader", item=item))
        again = events.TakeOverAsked(agent="leader", item=item)
        assert hands.exchange.refusal(again) == "not_supervising"
