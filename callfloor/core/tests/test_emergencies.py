"""Emergencies: who hears of them, what becomes of his call, and when they end by themselves."""

import pytest

from callfloor.core import actions, events, facts, plan
from callfloor.core.tests import centre

pytestmark = pytest.mark.pure

FIRE = plan.EmergencyPlan(key="fire", prompt="fire", hours_max=2.0)
FLOOD = plan.EmergencyPlan(key="flood", prompt="flood", ends=False)
FOREIGN = plan.EmergencyPlan(key="foreign", prompt="foreign", clients=("zeta",))
CLIENTS = tuple(plan.ClientPlan(key=key, languages=("en",)) for key in ("acme", "zeta"))
HELLO = plan.Say(key="hello", prompt="hello", next="wait")
WAIT = plan.Enqueue(key="wait", queue="billing", leave=(plan.Choice(digit="1", name="call_me",
                                                                    next="back"),))  # fmt: skip
BACK = plan.AskCallback(key="back", prompt="back", queue="billing")


@pytest.fixture
def hands():
    """Give a floor with one agent, a greeting before the queue and three emergencies."""
    made = centre.Hands(the_plan())
    made.seat("anna")
    return made


def the_plan(*emergencies: plan.EmergencyPlan, **changes) -> plan.FloorPlan:
    """Make the floor's plan."""
    return centre.floor_plan(
        agents=[centre.agent("anna", "billing")],
        flows=[centre.flow(HELLO, WAIT, BACK)],
        clients=CLIENTS,
        emergencies=emergencies or (FIRE, FLOOD, FOREIGN),
        **changes,
    )


def switch(hands: centre.Hands, key: str, *, on: bool = True):
    """Let a leader switch an emergency."""
    return hands.do(events.EmergencySet(key=key, on=on, by="lea"), after=1)


def heard(hands: centre.Hands) -> list[str]:
    """Name what callers heard."""
    return [prompt for play in hands.acted(actions.Play) for prompt in play.prompts]


def end_prompt(hands: centre.Hands):
    """Let the prompt that plays come to its end."""
    play = hands.acted(actions.Play)[-1]
    return hands.do(events.PromptEnded(item=play.item, play=play.play), after=2)


class TestACallThatArrives:
    def test_hears_it_and_ends(self, hands):
        switch(hands, "fire")
        hands.call()
        assert heard(hands) == ["fire"]
        end_prompt(hands)
        assert [fact.outcome for fact in hands.said(facts.Closed)] == ["closed_hours"]
        assert [fact.step for fact in hands.said(facts.StepEntered)] == ["@fire"]
        assert hands.said(facts.Queued) == []

    def test_hears_a_message_and_goes_on_where_it_would_have_begun(self, hands):
        switch(hands, "flood")
        hands.call()
        end_prompt(hands)
        end_prompt(hands)
        assert heard(hands)[:2] == ["flood", "hello"]
        assert hands.rings() == {"anna": "i1"}

    def test_hears_what_ends_the_call_before_what_does_not(self, hands):
        switch(hands, "flood")
        switch(hands, "fire")
        hands.call()
        assert heard(hands) == ["fire"]

    def test_of_another_client_hears_nothing_of_it(self, hands):
        switch(hands, "foreign")
        hands.call()
        assert heard(hands) == ["hello"]

    def test_of_the_probe_hears_what_it_always_hears(self):
        probe = plan.TrunkPlan(key=plan.PROBE_TRUNK, addresses=(plan.PROBE_ADDRESS,))
        hands = centre.Hands(the_plan(trunks=(probe,)))
        switch(hands, "fire")
        hands.call(trunk=plan.PROBE_TRUNK)
        assert heard(hands) == ["hello"]

    def test_after_it_was_switched_off_hears_nothing_of_it(self, hands):
        switch(hands, "fire")
        switch(hands, "fire", on=False)
        hands.call()
        assert heard(hands) == ["hello"]


class TestACallThatIsThere:
    def test_hears_it_at_its_next_step_once(self, hands):
        hands.call()
        switch(hands, "flood")
        assert heard(hands) == ["hello"]
        end_prompt(hands)
        end_prompt(hands)
        assert heard(hands)[:2] == ["hello", "flood"]
        assert hands.rings() == {"anna": "i1"}

    def test_goes_on_waiting_and_leaves_word_as_before(self):
        hands = centre.Hands(the_plan())
        hands.call()
        end_prompt(hands)
        switch(hands, "fire")
        hands.do(events.ChoiceMade(item="i1", step="wait", choice="call_me"), after=5)
        end_prompt(hands)
        assert [fact.outcome for fact in hands.said(facts.Closed)] == ["callback_asked"]
        assert "fire" not in heard(hands)

    def test_that_an_agent_has_is_not_disturbed(self, hands):
        hands.call()
        end_prompt(hands)
        hands.answer("anna")
        switch(hands, "fire")
        assert hands.state("anna") == "talking"
        assert hands.said(facts.Closed) == []


class TestTheSwitch:
    def test_tells_who_and_until_when(self, hands):
        [changed] = switch(hands, "fire")
        since = hands.now
        assert changed == facts.EmergencyChanged(
            key="fire", on=True, cause="asked", by="lea", since=since, until=since + 7200.0
        )

    def test_is_off_by_itself(self, hands):
        switch(hands, "fire")
        assert hands.wait(7199.0) == []
        assert hands.wait(1.0) == [facts.EmergencyChanged(key="fire", on=False, cause="lease")]
        hands.call()
        assert heard(hands) == ["hello"]

    def test_refuses_what_is_unknown_or_so_already(self, hands):
        def refusal(key: str, *, on: bool) -> str | None:
            return hands.exchange.refusal(events.EmergencySet(key=key, on=on, by="lea"))

        assert refusal("nobody", on=True) == "unknown_emergency"
        assert refusal("fire", on=False) == "nothing_changes"
        assert refusal("fire", on=True) is None
        switch(hands, "fire")
        assert refusal("fire", on=True) == "nothing_changes"
        assert switch(hands, "fire") == []

    def test_goes_with_the_plan_that_has_it(self, hands):
        switch(hands, "fire")
        said = hands.do(events.PlanChanged(plan=the_plan(FLOOD, version="2")))
        assert facts.EmergencyChanged(key="fire", on=False, cause="plan") in said
        assert hands.exchange.house.emergencies == {}


class TestAfterAStart:
    def restored(self, until: float) -> centre.Hands:
        """Give a floor that starts with an emergency of the epoch before."""
        hands = centre.Hands(the_plan())
        hands.do(events.FloorStarted(epoch=2, code_version="x", plan=the_plan()))
        since = hands.now - 60.0
        hands.do(events.EmergencyRestored(key="fire", by="lea", since=since, until=until))
        return hands

    def test_it_goes_on_until_it_was_to_end(self):
        hands = self.restored(centre.T0 + 100.0)
        [changed] = hands.said(facts.EmergencyChanged)
        assert (changed.cause, changed.since, changed.until) == (
            "restored", centre.T0 - 60.0, centre.T0 + 100.0,
        )  # fmt: skip
        hands.call()
        assert heard(hands) == ["fire"]
        hands.wait(100.0)
        assert hands.said(facts.EmergencyChanged)[-1].cause == "lease"

    def test_it_is_off_if_its_time_was_over_meanwhile(self):
        hands = self.restored(centre.T0 - 1.0)
        hands.call()
        assert heard(hands) == ["hello"]
