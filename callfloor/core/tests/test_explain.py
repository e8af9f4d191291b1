"""Explain records: the counts, the key that decided, and never more than 512 bytes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callfloor.core import codec, facts, plan
from callfloor.core.tests import centre

pytestmark = pytest.mark.pure


def explained(hands: centre.Hands) -> dict:
    """Give the last explanation."""
    return hands.said(facts.Explained)[-1].why


class TestChosen:
    def test_names_who_came_next_with_the_key_that_decided(self):
        """The longest idle is chosen; the next ones stand with their seconds of idling."""
        hands = centre.Hands(
            centre.floor_plan(agents=[centre.agent(key, "billing") for key in ("a", "b", "c")])
        )
        for agent in ("b", "c", "a"):
            hands.seat(agent)
            hands.wait(10)
        hands.call()
        why = explained(hands)
        assert why == {
            "rule": "longest_idle",
            "chosen": "b",
            "level": 1,
            "ready_seconds": 30.0,
            "tier": 0,
            "waited_seconds": 0.0,
            "eligible": [3],
            "idle": [3],
            "runners_up": [{"agent": "c", "key": 20.0}, {"agent": "a", "key": 10.0}],
        }

    def test_names_the_best_of_every_group(self):
        """By skill the better one is chosen, and the best of each other group comes next."""
        agents = [centre.agent(f"l{level}", "billing", level=level) for level in (1, 4, 2, 3)]
        hands = centre.Hands(
            centre.floor_plan(agents=agents, queues=[centre.queue(choose="best_skilled")])
        )
        hands.seat("l1", "l4", "l2", "l3")
        hands.call()
        why = explained(hands)
        assert (why["chosen"], why["level"]) == ("l4", 4)
        assert [(each["agent"], each["key"]) for each in why["runners_up"]] == [
            ("l3", 3),
            ("l2", 2),
            ("l1", 1),
        ]

    def test_counts_every_open_tier(self):
        """Eligible and idle are counted for each tier that is open so far."""
        tiers = (
            plan.TierPlan(after_seconds=0.0, requires=(("billing", 3),)),
            plan.TierPlan(after_seconds=10.0, requires=(("billing", 1),)),
        )
        agents = [centre.agent("good", "billing", level=3), centre.agent("new", "billing")]
        hands = centre.Hands(centre.floor_plan(agents=agents, queues=[centre.queue(tiers=tiers)]))
        hands.seat("new")
        hands.call()
        assert explained(hands)["eligible"] == [0]
        hands.wait(10)
        why = explained(hands)
        assert (why["tier"], why["eligible"], why["idle"]) == (1, [0, 1], [0, 1])


@settings(max_examples=30, deadline=None)
@given(length=st.integers(1, 90), tiers=st.integers(1, 12), waited=st.floats(0, 1e6))
def test_is_never_longer_than_512_bytes(length, tiers, waited):
    """Long keys and many tiers cost runners-up, not the limit (keys of up to 60 characters)."""
    length = min(length, 60)
    names = [f"{n}" * length for n in range(1, 6)]
    steps = tuple(
        plan.TierPlan(after_seconds=float(n), requires=(("s", max(1, tiers - n)),))
        for n in range(tiers)
    )
    queue = centre.queue("q" * min(length, 36), tiers=steps)
    agents = [
        centre.agent(name, level=1, skills=(("s", 1 + n % 2),)) for n, name in enumerate(names)
    ]
    hands = centre.Hands(centre.floor_plan(agents=agents, queues=[queue]))
    hands.call("i" * min(length, 36))
    hands.wait(waited)
    hands.seat(*names)
    hands.call("j" * min(length, 36))
    for fact in hands.said(facts.Explained):
        assert len(codec.dumps(fact).encode()) <= 512
