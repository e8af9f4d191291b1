"""A queue that asks for a proof: who is given its work, and what becomes of it at a proof's end."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callfloor.core import codec, events, facts, invariants, plan
from callfloor.core.tests import centre
from callfloor.core.tests.centre import T0

pytestmark = pytest.mark.pure


def proof(*, begins: float = -1000.0, ends: float | None = None) -> tuple[plan.ProofPlan, ...]:
    """Make a proof of the skill, by seconds from the first moment of a test."""
    until = None if ends is None else T0 + ends
    return (plan.ProofPlan(skill="billing", from_at=T0 + begins, until_at=until),)


def hands_of(*, ask: tuple[str, ...] = ("billing",), **proofs: Any) -> centre.Hands:
    """Make a floor whose queue asks for a proof; agents are named with theirs."""
    agents = [centre.agent(key, "billing", proofs=each) for key, each in proofs.items()]
    return centre.Hands(centre.floor_plan(agents=agents, queues=[centre.queue(proven=ask)]))


def why(hands: centre.Hands) -> dict[str, Any]:
    explained: dict[str, Any] = hands.said(facts.Explained)[-1].why
    return explained


class TestGiven:
    def test_whoever_has_no_proof_is_not_offered_it(self):
        """Though he is idle longer, and has the skill."""
        hands = hands_of(anna=(), bela=proof())
        hands.seat("anna", "bela")
        hands.call()
        assert hands.rings() == {"bela": "i1"}

    def test_a_queue_that_asks_for_none_rings_for_everybody(self):
        hands = hands_of(ask=(), anna=(), bela=proof())
        hands.seat("anna", "bela")
        hands.call()
        assert hands.rings() == {"anna": "i1"}

    def test_a_proof_of_another_skill_is_none(self):
        other = (plan.ProofPlan(skill="sales", from_at=T0 - 1),)
        hands = hands_of(anna=other)
        hands.seat("anna")
        hands.call()
        assert hands.rings() == {}

    def test_no_later_tier_goes_without_it(self):
        """What widens is the skill; the proof is asked for in every tier."""
        tiers = (
            plan.TierPlan(after_seconds=0.0, requires=(("billing", 5),)),
            plan.TierPlan(after_seconds=5.0, requires=()),
        )
        agents = [centre.agent("anna", "billing"), centre.agent("bela", "billing", proofs=proof())]
        queue = centre.queue(proven=("billing",), tiers=tiers)
        hands = centre.Hands(centre.floor_plan(agents=agents, queues=[queue]))
        hands.seat("anna", "bela")
        hands.call()
        hands.wait(6)
        assert hands.rings() == {"bela": "i1"}

    def test_nobody_is_asked_around_it_as_the_preferred_agent(self):
        hands = hands_of(anna=(), bela=proof())
        hands.seat("anna", "bela")
        hands.call(preferred="anna")
        assert hands.rings() == {"bela": "i1"}

    def test_a_colleague_without_it_cannot_be_given_the_customer(self):
        """A transfer to him ends at the head of the queue, for whoever has the proof."""
        hands = hands_of(anna=(), bela=proof(), carl=proof())
        hands.seat("bela", "carl", "anna")
        hands.call()
        hands.answer("bela")
        hands.do(events.TransferAsked(agent="bela", item="i1", to_agent="anna"))
        assert hands.rings() == {"carl": "i1"}


class TestOver:
    def test_from_its_end_on_nobody_is_offered_by_it(self):
        hands = hands_of(anna=proof(ends=60))
        hands.seat("anna")
        hands.wait(60)
        hands.call()
        assert hands.rings() == {}
        assert hands.exchange.house.agents["anna"].over == ("billing",)

    def test_until_a_moment_before_it_he_is(self):
        hands = hands_of(anna=proof(ends=60))
        hands.seat("anna")
        hands.wait(59.5)
        hands.call()
        assert hands.rings() == {"anna": "i1"}

    def test_what_rings_then_goes_on_ringing(self):
        hands = hands_of(anna=proof(ends=60))
        hands.seat("anna")
        hands.wait(55)
        hands.call()
        hands.wait(6)
        hands.answer("anna")
        assert hands.state("anna") == "talking"

    def test_who_waited_for_him_alone_goes_to_another(self):
        hands = hands_of(anna=proof(ends=60), bela=proof())
        hands.seat("anna")
        hands.call()
        hands.answer("anna")
        hands.seat("bela")
        hands.wait(50)
        hands.call(preferred="anna")
        assert hands.rings() == {}
        hands.wait(10)
        assert hands.rings() == {"bela": "i2"}

    def test_with_its_beginning_whoever_waits_rings(self):
        hands = hands_of(anna=proof(begins=60))
        hands.seat("anna")
        hands.call()
        hands.wait(59)
        assert hands.rings() == {}
        hands.wait(1)
        assert hands.rings() == {"anna": "i1"}

    def test_the_first_in_line_goes_to_whoever_idles_longest(self):
        """Both proofs begin at the same midnight; nobody's place is changed by it."""
        hands = hands_of(anna=proof(begins=60), zoe=proof(begins=60))
        hands.seat("zoe")
        hands.wait(1)
        hands.seat("anna")
        hands.call()
        hands.call()
        hands.wait(60)
        assert hands.rings() == {"zoe": "i1", "anna": "i2"}

    def test_the_wall_clock_decides_and_not_the_seconds_that_passed(self):
        hands = hands_of(anna=proof(ends=3600))
        hands.seat("anna")
        hands.do(events.ClockSet(jump_seconds=7200.0))
        hands.call()
        assert hands.rings() == {}
        hands.do(events.ClockSet(jump_seconds=-7200.0))
        assert hands.rings() == {"anna": "i1"}

    def test_a_start_knows_what_is_over(self):
        hands = hands_of(anna=proof(ends=-1), bela=proof())
        floor_plan = hands.exchange.house.lookup.plan
        hands.do(events.FloorStarted(epoch=2, code_version="x", plan=floor_plan))
        found = hands.exchange.house.agents
        assert (found["anna"].proven, found["anna"].over) == ((), ("billing",))
        assert found["bela"].proven == ("billing",)


class TestPlanChanged:
    def test_a_new_proof_lets_him_have_what_waits_until_it_ends(self):
        hands = hands_of(anna=())
        hands.seat("anna")
        hands.call()
        assert hands.rings() == {}
        agents = (centre.agent("anna", "billing", proofs=proof(ends=60)),)
        queues = [centre.queue(proven=("billing",))]
        hands.do(events.PlanChanged(plan=centre.floor_plan(agents=agents, queues=queues)))
        assert hands.rings() == {"anna": "i1"}
        hands.answer("anna")
        hands.wait(60)
        assert hands.exchange.house.agents["anna"].proven == ()

    def test_who_waits_for_one_alone_does_not_wait_for_his_proof(self):
        """The queue asks for a proof from now on, and the preferred agent has none."""
        agents = [centre.agent("anna", "billing"), centre.agent("bela", "billing", proofs=proof())]
        hands = centre.Hands(centre.floor_plan(agents=agents))
        hands.seat("anna")
        hands.call()
        hands.answer("anna")
        hands.seat("bela")
        hands.call(preferred="anna")
        assert hands.rings() == {}
        queues = [centre.queue(proven=("billing",))]
        hands.do(events.PlanChanged(plan=centre.floor_plan(agents=agents, queues=queues)))
        assert hands.rings() == {"bela": "i2"}


class TestExplained:
    def test_names_who_lacks_it_and_whether_it_is_over(self):
        hands = hands_of(anna=(), bela=proof(ends=-1), carl=proof(), dora=proof(begins=60))
        hands.seat("anna", "bela", "carl", "dora")
        hands.call()
        assert why(hands)["chosen"] == "carl"
        assert why(hands)["eligible"] == [1]
        assert why(hands)["unproven"] == {
            "count": 3,
            "agents": [
                {"agent": "anna", "proof": "missing"},
                {"agent": "bela", "proof": "over"},
                {"agent": "dora", "proof": "missing"},
            ],
        }

    def test_says_so_when_nobody_is_left(self):
        hands = hands_of(anna=proof(ends=-1))
        hands.seat("anna")
        hands.call()
        assert why(hands)["nobody"] == "nobody_signed_in"
        assert why(hands)["unproven"]["agents"] == [{"agent": "anna", "proof": "over"}]

    def test_and_when_somebody_takes_the_first_in_line(self):
        hands = hands_of(anna=(), bela=proof())
        hands.seat("anna")
        hands.call()
        hands.seat("bela")
        assert why(hands)["rule"] == "first_in_line"
        assert why(hands)["unproven"]["count"] == 1

    def test_keeps_silent_of_whoever_lacks_more_than_a_proof(self):
        agents = [centre.agent("anna", "sales"), centre.agent("bela", "billing", proofs=proof())]
        queue = centre.queue(proven=("billing",))
        hands = centre.Hands(centre.floor_plan(agents=agents, queues=[queue]))
        hands.seat("anna", "bela")
        hands.call()
        assert "unproven" not in why(hands)

    def test_says_nothing_of_who_has_gone_home(self):
        hands = hands_of(anna=(), bela=proof())
        hands.seat("anna", "bela")
        hands.do(events.AgentSignedOut(agent="anna"))
        hands.call()
        assert "unproven" not in why(hands)

    @settings(max_examples=25, deadline=None)
    @given(length=st.integers(1, 60), id_length=st.integers(1, 36), many=st.integers(1, 5))
    def test_it_fits_into_512_bytes(self, length, id_length, many):
        names = [f"{n}" * length for n in range(1, 6)]
        hands = hands_of(**{name: proof() if n else () for n, name in enumerate(names)})
        hands.call("i" * id_length)
        hands.seat(*names[:many])
        hands.call("j" * id_length)
        for fact in hands.said(facts.Explained):
            assert len(codec.dumps(fact).encode()) <= 512


NAMES = ("a", "b", "c", "d")


@settings(max_examples=25, deadline=None)
@given(
    ends=st.lists(st.one_of(st.none(), st.integers(1, 90)), min_size=4, max_size=4),
    begins=st.lists(st.integers(-5, 60), min_size=4, max_size=4),
    calls=st.lists(st.integers(0, 20), max_size=12),
    choose=st.sampled_from(["longest_idle", "least_occupied", "best_skilled"]),
)
def test_whatever_turns_nobody_waits_beside_the_proven(ends, begins, calls, choose):
    """Work is conserved at every moment, and nobody is offered anything without his proof."""
    made = {name: proof(begins=b, ends=e) for name, b, e in zip(NAMES, begins, ends, strict=True)}
    agents = [
        centre.agent(key, "billing", level=level, proofs=made[key])
        for level, key in enumerate(NAMES, 1)
    ]
    queue = centre.queue(proven=("billing",), choose=choose)
    hands = centre.Hands(centre.floor_plan(agents=agents, queues=[queue]))
    hands.seat(*NAMES)
    for gap in (*calls, 100):
        hands.wait(gap)
        hands.call()
        invariants.check(hands.exchange)
    for at, fact in zip(hands.times, hands.facts, strict=True):
        if isinstance(fact, facts.Ringing):
            (held,) = made[fact.agent]
            assert held.from_at <= at
            assert held.until_at is None or at < held.until_at
