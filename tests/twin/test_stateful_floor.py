"""Hypothesis looks for the shortest story that breaks a law of the exchange."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from callfloor.core import codec, events, facts, invariants
from callfloor.core.tests import centre, storm
from callfloor.twin import replay

pytestmark = pytest.mark.twin

AGENTS = st.sampled_from([f"a{n}" for n in range(4)])
NAMES = st.sampled_from(["bills", "sales", "message", "callback", "nonsense", None])


class Floor(RuleBasedStateMachine):
    """A small floor to which anything may happen; the journal of it is replayed at the end."""

    def __init__(self) -> None:
        super().__init__()
        plan = storm.storm_plan(agents=4)
        self.hands = centre.Hands(plan)
        self.inputs = [
            (0, self.hands.now, events.FloorStarted(epoch=1, code_version="", plan=plan))
        ]
        self.hands.do(self.inputs[0][2])

    def happen(self, event: events.Event) -> None:
        """Let something happen, and keep it as the journal does."""
        self.hands.do(event)
        self.inputs.append((len(self.inputs), self.hands.now, event))

    def last(self, kind, of: str):
        """Give a field of the last fact of a kind, or something that nobody knows."""
        found = self.hands.said(kind)
        return getattr(found[-1], of) if found else "nobody"

    @rule(seconds=st.sampled_from([0.5, 3.0, 12.0, 40.0, 100.0]))
    def time_passes(self, seconds: float) -> None:
        """Leases run out."""
        self.hands.wait(seconds)

    @rule(called=st.sampled_from(["900", "901", "mail", "chat", "chat"]))
    def somebody_calls(self, called: str) -> None:
        """A customer arrives, or writes."""
        item = f"i{len(self.inputs)}"
        channel = storm.CHANNELS.get(called, "call")
        self.happen(events.ItemArrived(item=item, channel=channel, called=called, leg=f"c{item}"))

    @rule(name=NAMES)
    def a_key_is_pressed(self, name: str | None) -> None:
        """At the step that was entered last."""
        item = self.last(facts.StepEntered, "item")
        step = self.last(facts.StepEntered, "step")
        self.happen(events.ChoiceMade(item=item, step=step, choice=name))

    @rule(agent=AGENTS)
    def an_agent_comes(self, agent: str) -> None:
        """He sits down, plugs in and is ready."""
        self.happen(events.DeviceUp(agent=agent, leg=f"l{len(self.inputs)}"))
        self.happen(events.AgentSignedIn(agent=agent, ready=True))
        self.happen(events.ReadyAsked(agent=agent))

    @rule()
    def it_is_answered(self) -> None:
        """By whom it rang for last."""
        agent, offer = self.last(facts.Ringing, "agent"), self.last(facts.Ringing, "offer")
        self.happen(events.OfferAnswered(agent=agent, offer=offer))

    @rule()
    def it_is_declined(self) -> None:
        """By whom it rang for last."""
        agent, offer = self.last(facts.Ringing, "agent"), self.last(facts.Ringing, "offer")
        self.happen(events.OfferDeclined(agent=agent, offer=offer))

    @rule(agent=AGENTS, by=st.sampled_from([None, "leader"]))
    def an_agent_goes_away(self, agent: str, by: str | None) -> None:
        """At once or afterwards."""
        self.happen(events.AwayAsked(agent=agent, reason="lunch", by=by))

    @rule(agent=AGENTS)
    def a_line_is_lost(self, agent: str) -> None:
        """The agent's audio goes."""
        leg = self.hands.exchange.house.agents[agent].leg or "none"
        self.happen(events.DeviceLost(agent=agent, leg=leg))

    @rule(agent=AGENTS)
    def an_agent_leaves(self, agent: str) -> None:
        """He signs out, whatever he has in hand."""
        self.happen(events.AgentSignedOut(agent=agent))

    @rule(to=st.one_of(AGENTS, st.sampled_from(["billing", "sales"])))
    def it_is_transferred(self, to: str) -> None:
        """By whom it was bridged with last."""
        agent, item = self.last(facts.Bridged, "agent"), self.last(facts.Bridged, "item")
        target = {"to_agent": to} if to.startswith("a") else {"queue": to}
        self.happen(events.TransferAsked(agent=agent, item=item, **target))

    @rule(kind=st.sampled_from([events.HoldAsked, events.ResumeAsked, events.HangUpAsked]))
    def it_is_worked_on(self, kind) -> None:
        """By whom it was bridged with last."""
        agent, item = self.last(facts.Bridged, "agent"), self.last(facts.Bridged, "item")
        self.happen(kind(agent=agent, item=item))

    @rule(to=st.one_of(AGENTS, st.sampled_from(["billing", "outside"])))
    def somebody_is_asked(self, to: str) -> None:
        """By whom it was bridged with last."""
        agent, item = self.last(facts.Bridged, "agent"), self.last(facts.Bridged, "item")
        whom = {"to_agent": to} if to.startswith("a") else {"queue": to}
        if to == "outside":
            whom = {"leg": f"g{len(self.inputs)}", "zone": "near"}
        self.happen(events.ConsultAsked(agent=agent, item=item, **whom))

    @rule(
        kind=st.sampled_from(
            [
                events.ConsultEnded, events.TransferCompleted, events.ConferenceAsked,
                events.ConferenceLeft,
            ]
        )
    )  # fmt: skip
    def the_question_leads_to_something(self, kind) -> None:
        """By whom it was asked last."""
        agent = self.last(facts.ConsultStarted, "agent")
        self.happen(kind(agent=agent, item=self.last(facts.ConsultStarted, "item")))

    @rule(agent=AGENTS, colleague=st.one_of(st.none(), AGENTS), emergency=st.booleans())
    def an_agent_calls(self, agent: str, colleague: str | None, *, emergency: bool) -> None:
        """A number near by, or a colleague."""
        item = f"o{len(self.inputs)}"
        self.happen(
            events.CallAsked(
                agent=agent, item=item, leg=f"d{item}", client="acme", to_agent=colleague,
                zone="near", emergency=emergency,
            )
        )  # fmt: skip

    @rule(reason=st.sampled_from([None, "busy", "trunk_down"]))
    def the_far_side_answers_or_not(self, reason: str | None) -> None:
        """Of the leg that was dialed last."""
        item, leg = self.last(facts.Dialing, "item"), self.last(facts.Dialing, "leg")
        if reason is None:
            self.happen(events.DialAnswered(item=item, leg=leg))
        else:
            self.happen(events.DialFailed(item=item, leg=leg, reason=reason))

    @rule()
    def somebody_outside_leaves(self) -> None:
        """Whoever was dialed last."""
        item, leg = self.last(facts.Dialing, "item"), self.last(facts.Dialing, "leg")
        self.happen(events.PartyLeft(item=item, leg=leg))

    @rule(leader=AGENTS, mode=st.sampled_from(["listen", "whisper", "join"]))
    def a_leader_hears_in(self, leader: str, mode: str) -> None:
        """Into the talk that began last."""
        of, item = self.last(facts.Bridged, "agent"), self.last(facts.Bridged, "item")
        self.happen(events.SuperviseAsked(agent=leader, item=item, of=of, mode=mode))

    @rule(kind=st.sampled_from([events.SuperviseEnded, events.TakeOverAsked]))
    def a_leader_acts(self, kind) -> None:
        """Who began to hear last."""
        leader, item = self.last(facts.Supervised, "agent"), self.last(facts.Supervised, "item")
        self.happen(kind(agent=leader, item=item))

    @rule(back=st.integers(1, 4))
    def somebody_hangs_up(self, back: int) -> None:
        """One of the last who came."""
        arrived = self.hands.said(facts.Arrived)[-back:]
        if arrived:
            self.happen(events.CustomerLeft(item=arrived[0].item))

    @rule()
    def a_note_is_finished(self) -> None:
        """Of the talk that ended last."""
        agent, item = self.last(facts.TalkEnded, "agent"), self.last(facts.TalkEnded, "item")
        self.happen(events.WorkFinished(agent=agent, item=item, disposition="ok"))

    @invariant()
    def laws_hold(self) -> None:
        """I1 to I5, after every rule."""
        invariants.check(self.hands.exchange)

    def teardown(self) -> None:
        """The inputs alone give the same facts again (I11)."""
        again = replay.facts_of(self.inputs, until=self.hands.now)
        told = zip(self.hands.times, self.hands.facts, strict=True)
        assert [(at, codec.dumps(fact)) for at, fact in told] == [
            (at, codec.dumps(fact)) for _, at, fact in again
        ]


TestFloor = Floor.TestCase
TestFloor.settings = settings(max_examples=15, stateful_step_count=30, deadline=None)
