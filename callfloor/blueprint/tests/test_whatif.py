"""What managers ask about, done to a blueprint: each change is that change and nothing else."""

import pytest

from callfloor.blueprint import whatif
from callfloor.blueprint.compile import compile_plan
from callfloor.blueprint.tests import trials

pytestmark = pytest.mark.pure


def servers(blueprint, queue: str, tier: int) -> set[str]:
    """Give who may be given work of a queue in a tier."""
    wanted = blueprint.queues[queue].tiers[tier].requires
    return {
        key
        for key, person in blueprint.people.items()
        if all(person.skills.get(skill, 0) >= level for skill, level in wanted.items())
    }


class TestSick:
    def test_leaves_everybody_else_where_he_was(self):
        """Two are gone from people and shifts; the given blueprint has them still."""
        centre = trials.blueprint()
        changed = whatif.sick(centre, people=["ann", "eve"])
        assert sorted(changed.people) == ["ben", "cat", "dan", "max"]
        assert [shift.people for shift in changed.demand.shifts] == [[], [], []]
        assert changed.queues == centre.queues
        assert "ann" in centre.people
        assert [agent.key for agent in compile_plan(changed, years={2027}).agents] == [
            "ben", "cat", "dan",
        ]  # fmt: skip

    def test_refuses_strangers_and_an_empty_centre(self):
        """Who is not there cannot be ill, and nobody can be tried."""
        with pytest.raises(whatif.Impossible, match="no person zoe"):
            whatif.sick(trials.blueprint(), people=["ann", "zoe"])
        with pytest.raises(whatif.Impossible, match="Nobody"):
            whatif.sick(trials.blueprint(), people=sorted(trials.blueprint().people))


class TestMergeQueues:
    def test_gives_all_work_to_whoever_had_some_of_it(self):
        """Who had either at once has both at once; Eve, who had orders after 30 s, as before."""
        changed = whatif.merge_queues(trials.blueprint(), into="bills", of="orders")
        assert sorted(changed.queues) == ["bills"]
        assert [tier.after_seconds for tier in changed.queues["bills"].tiers] == [0, 30]
        assert servers(changed, "bills", 0) == {"ann", "ben", "cat", "dan"}
        assert servers(changed, "bills", 1) == {"ann", "ben", "cat", "dan", "eve"}

    def test_asks_for_the_proofs_of_both(self):
        """What only proven people could be given is given to no others by merging."""
        centre = trials.blueprint()
        asked = centre.queues["orders"].model_copy(update={"proven": ["orders"]})
        centre = centre.model_copy(update={"queues": centre.queues | {"orders": asked}})
        changed = whatif.merge_queues(centre, into="bills", of="orders")
        assert changed.queues["bills"].proven == ["orders"]

    def test_lets_every_step_lead_into_the_one_that_is_left(self):
        """No step names the queue that is gone, so that the plan can be compiled."""
        changed = whatif.merge_queues(trials.blueprint(), into="bills", of="orders")
        plan = compile_plan(changed, years={2027})
        queues = {getattr(step, "queue", "bills") for flow in plan.flows for step in flow.steps}
        assert queues == {"bills"}

    def test_keeps_the_time_that_each_work_takes(self):
        """A caller about orders still takes 400 seconds, and a newcomer's skill is still his."""
        steps = whatif.merge_queues(trials.blueprint(), into="bills", of="orders").demand.steps
        assert {key: work.handling_seconds for key, work in steps.items()} == {
            "english.bills": 200, "english.orders": 400, "hungarian.orders": 400,
        }  # fmt: skip
        assert steps["english.orders"].skills == ["orders"]

    def test_refuses_what_are_not_two_queues_of_one_client(self):
        """A queue cannot be poured into itself, nor into one that is not there."""
        with pytest.raises(whatif.Impossible, match="not two queues"):
            whatif.merge_queues(trials.blueprint(), into="bills", of="bills")
        with pytest.raises(whatif.Impossible, match="no queue nothing"):
            whatif.merge_queues(trials.blueprint(), into="bills", of="nothing")


class TestAddTier:
    def test_opens_the_queue_to_others_after_a_while(self):
        """After 30 s whoever speaks English may have bills."""
        changed = whatif.add_tier(
            trials.blueprint(), queue="bills", after_seconds=30, requires={"english": 3}
        )
        assert servers(changed, "bills", 1) == {"ann", "dan"}
        assert changed.queues["bills"].tiers[0] == trials.blueprint().queues["bills"].tiers[0]

    def test_lowers_the_level_if_nothing_else_is_asked_for(self):
        """Without skills the new tier is the last one at level 1."""
        changed = whatif.add_tier(trials.blueprint(), queue="bills", after_seconds=20)
        assert changed.queues["bills"].tiers[-1].requires == {"bills": 1}

    def test_keeps_tiers_in_order_of_time(self):
        """A tier before another is put before it; two at one moment are refused."""
        changed = whatif.add_tier(
            trials.blueprint(), queue="orders", after_seconds=10, requires={"bills": 1}
        )
        assert [tier.after_seconds for tier in changed.queues["orders"].tiers] == [0, 10, 30]
        with pytest.raises(whatif.Impossible, match="after 30 s already"):
            whatif.add_tier(trials.blueprint(), queue="orders", after_seconds=30)

    def test_reads_what_is_typed(self):
        """QUEUE:SECONDS, and skills if there are any."""
        assert whatif.tier_of("bills:30") == {"queue": "bills", "after_seconds": 30.0}
        assert whatif.tier_of("bills:30:english=2,orders=1")["requires"] == {
            "english": 2, "orders": 1,
        }  # fmt: skip
        for wrong in ("bills", "bills:x", "bills:30:english"):
            with pytest.raises(whatif.Impossible, match="QUEUE:SECONDS"):
                whatif.tier_of(wrong)
