"""
What has gone wrong elsewhere and must not here: reports from the field, each as a test.

Each names the thread in which it was reported. R19 and R20 stand in test_consults.
"""

import itertools

import pytest

from callfloor.core import events, facts, invariants, presence
from callfloor.core.tests import centre

pytestmark = pytest.mark.pure

MILLISECOND = 0.001


def floor(*agents: str, **changes) -> centre.Hands:
    """Seat agents of one queue, ready and with a device."""
    hands = centre.Hands(centre.calling_plan(*agents, **changes))
    hands.seat(*agents)
    return hands


def crowd(count: int) -> list[str]:
    """Name some agents."""
    return [f"a{n:02}" for n in range(count)]


@pytest.mark.parametrize("apart", [-MILLISECOND, 0.0, MILLISECOND])
def test_twenty_who_answer_at_once_are_each_bridged_or_free(apart):
    """R1: signalwire/freeswitch#2540, agents stuck Reserved when another answers as well."""
    agents = crowd(20)
    hands = floor(*agents)
    for _ in range(19):
        hands.call()
    offers = {fact.agent: fact for fact in hands.said(facts.Ringing)}
    hands.wait(1.0)
    for agent, ring in offers.items():
        late = {"after": MILLISECOND} if apart else {}
        if apart < 0:
            hands.do(events.CustomerLeft(item=ring.item))
        hands.do(events.OfferAnswered(agent=agent, offer=ring.offer), **late)
        hands.do(events.OfferAnswered(agent=agents[-1], offer=ring.offer))
        invariants.check(hands.exchange)
    states = {hands.state(agent) for agent in agents}
    assert states == ({"ready"} if apart < 0 else {"talking", "ready"})
    bridged = [fact.item for fact in hands.said(facts.Bridged)]
    assert len(bridged) == len(set(bridged)) == (0 if apart < 0 else 19)


STEPS = (
    events.OfferAnswered(agent="anna", offer="i1/1"),
    events.DeviceUp(agent="anna", leg="new"),
    events.HoldAsked(agent="anna", item="i1"),
    events.ResumeAsked(agent="anna", item="i1"),
    events.ConsultAsked(agent="anna", item="i1", to_agent="ben"),
    events.OfferAnswered(agent="ben", offer="i1/2"),
    events.ConferenceAsked(agent="anna", item="i1"),
    events.ConferenceLeft(agent="anna", item="i1"),
)


@pytest.mark.parametrize("steps", range(len(STEPS) + 1))
def test_a_hang_up_at_any_step_frees_everybody(steps):
    """R2: signalwire/freeswitch#1973, a member 'Answered' hours after the hang-up."""
    hands = floor("anna", "ben")
    hands.call()
    for step in STEPS[:steps]:
        assert hands.exchange.refusal(step) is None
        hands.do(step, after=1)
    hands.do(events.CustomerLeft(item="i1"))
    at_work = [hands.state(agent) for agent in ("anna", "ben")]
    assert set(at_work) <= {"ready", "wrap_up"}
    invariants.check(hands.exchange)
    hands.wait(30)
    assert (hands.state("anna"), hands.state("ben")) == ("ready", "ready")
    assert hands.exchange.house.items == {}


def test_nobody_answers_a_caller_who_has_gone():
    """R4: signalwire/freeswitch#2529, the agent gets a dead call: the ring ends in the instant."""
    hands = floor("anna")
    hands.call()
    ring = hands.said(facts.Ringing)[0]
    hands.do(events.CustomerLeft(item="i1"), after=3)
    (ended,) = hands.said(facts.RingEnded)
    assert (ended.outcome, hands.times[hands.facts.index(ended)]) == ("caller_left", hands.now)
    late = events.OfferAnswered(agent="anna", offer=ring.offer)
    assert hands.exchange.refusal(late) == "offer_gone"
    assert hands.do(late, after=0.4) == []
    assert hands.state("anna") == "ready"


def test_toggling_fifty_times_a_second_rings_once_a_second_at_most():
    """R7: signalwire/freeswitch#800, a loop of offers; the contact keeps its place."""
    hands = floor("anna")
    hands.call()
    hands.call()
    for _ in range(250):
        hands.do(events.AwayAsked(agent="anna", reason="lunch"), after=0.02)
        hands.do(events.ReadyAsked(agent="anna"), after=0.02)
    told = zip(hands.times, hands.facts, strict=True)
    rings = [at for at, fact in told if isinstance(fact, facts.Ringing)]
    assert all(later - earlier >= 1.0 for earlier, later in itertools.pairwise(rings))
    assert len(rings) <= 11
    queue = hands.exchange.house.matcher.queues["billing"]
    items = hands.exchange.house.items
    assert [seq for _, seq in queue.order] == [items["i1"].entry.seq, items["i2"].entry.seq]


def test_who_drops_before_the_bridge_costs_no_place_in_line():
    """R9: asterisk/asterisk#1557, the caller begins anew; here he is first, and rings at once."""
    hands = floor("anna", "ben")
    hands.do(events.AwayAsked(agent="ben", reason="lunch"))
    hands.call()
    hands.call()
    hands.answer("anna")
    hands.do(events.DeviceLost(agent="anna", leg="leg-anna"))
    hands.do(events.AgentSignedOut(agent="anna"), after=0.5)
    hands.do(events.ReadyAsked(agent="ben"))
    assert hands.rings() == {"ben": "i1"}
    assert hands.said(facts.Queued)[-1].position == 1


def test_wrap_up_is_whole_with_calls_out_and_questions_between():
    """R10: asterisk/asterisk#1006, it ends early; neither a question nor a colleague cuts it."""
    hands = floor("anna", "ben")
    hands.call()
    hands.answer("anna")
    hands.do(events.CustomerLeft(item="i1"))
    hands.call()
    hands.answer("ben")
    ask = events.ConsultAsked(agent="ben", item="i2", to_agent="anna")
    assert hands.exchange.refusal(ask) == "busy"
    call = events.CallAsked(agent="ben", item="o1", leg="", client="acme", to_agent="anna")
    assert hands.exchange.refusal(call) == "busy"
    hands.call()
    hands.wait(29.9)
    assert hands.state("anna") == "wrap_up"
    hands.wait(0.1)
    assert hands.rings() == {"anna": "i3"}


@pytest.mark.parametrize("ready", [True, False])
def test_signing_in_is_one_command_with_its_state(ready):
    """R11: asterisk/asterisk#1007, it rings between being added and being paused."""
    hands = centre.Hands(centre.calling_plan("anna"))
    hands.do(events.DeviceUp(agent="anna", leg="l"))
    hands.call()
    hands.do(events.AgentSignedIn(agent="anna", ready=ready))
    assert len(hands.said(facts.Ringing)) == int(ready)
    assert hands.state("anna") == ("ringing" if ready else "away")


def test_ten_wrap_ups_end_each_at_its_own_time():
    """R14: OpenSIPS/opensips#2679, freed from the last agent: here each gets the next call."""
    agents = crowd(10)
    hands = floor(*agents)
    for _ in agents:
        hands.call()
    for agent in agents:
        hands.answer(agent)
    for n in range(10):
        hands.do(events.CustomerLeft(item=f"i{n + 1}"), after=1.0)
    for _ in agents:
        hands.call()
    first, before = hands.now - 9.0, len(hands.facts)
    hands.wait(30)
    told = list(zip(hands.times, hands.facts, strict=True))[before:]
    rings = [(at, fact.agent) for at, fact in told if isinstance(fact, facts.Ringing)]
    assert rings == [(first + 30.0 + n, agent) for n, agent in enumerate(agents)]


def test_missed_is_a_state_with_a_way_back():
    """R15: 2600hz/kazoo#6609, logged out for ever after missed calls."""
    hands = floor("anna", missed_away_after=3)
    hands.call()
    hands.wait(60)
    changed = hands.said(facts.AgentChanged)[-1]
    assert (changed.agent, changed.state) == ("anna", "missed")
    hands.do(events.ReadyAsked(agent="anna"))
    assert hands.rings() == {"anna": "i1"}


# --- R16: amazon-connect/amazon-connect-streams#344, a missed callback reported as 'Default' ------


def ring_for_ben(kind: str) -> centre.Hands:
    """Let something of a kind ring for ben; anna is busy with it, or away."""
    hands = floor("anna", "ben")
    hands.do(events.AwayAsked(agent="anna" if kind != "consult" else "ben", reason="lunch"))
    if kind == "queue":
        hands.call()
    elif kind == "callback":
        hands.do(
            events.CallbackArrived(
                item="i1", leg="b", client="acme", queue="billing", of="i0",
                born_at=centre.T0, language="en", zone="near",
            )
        )  # fmt: skip
    elif kind == "consult":
        hands.call()
        hands.answer("anna")
        hands.do(events.ReadyAsked(agent="ben"))
        hands.do(events.ConsultAsked(agent="anna", item="i1", to_agent="ben"))
    else:
        hands.dial("anna", item="i1", leg="", zone=None, to_agent="ben")
    assert hands.state("ben") == "ringing"
    assert hands.said(facts.Ringing)[-1].kind == kind
    return hands


def end_ring(hands: centre.Hands, outcome: str) -> None:
    """Bring what rings for ben to an outcome."""
    if outcome == "answered":
        hands.answer("ben")
    elif outcome == "missed":
        hands.wait(15)
    elif outcome == "declined":
        offer = hands.said(facts.Ringing)[-1].offer
        hands.do(events.OfferDeclined(agent="ben", offer=offer))
    elif outcome == "caller_left":
        end: events.Event = events.CustomerLeft(item="i1")
        if hands.said(facts.Ringing)[-1].kind == "colleague":
            end = events.HangUpAsked(agent="anna", item="i1")
        hands.do(end)
    else:
        hands.do(events.AwayAsked(agent="ben", reason="lunch"))


TABLE = {
    # kind, outcome: what is told of the ring, ben's state in the instant, the item's end if any
    ("queue", "answered"): (None, "talking", None),
    ("queue", "missed"): ("missed", "missed", None),
    ("queue", "declined"): ("declined", "ready", None),
    ("queue", "caller_left"): ("caller_left", "ready", "abandoned_in_queue"),
    ("queue", "withdrawn"): ("withdrawn", "away", None),
    ("callback", "answered"): (None, "talking", None),
    ("callback", "missed"): ("missed", "missed", None),
    ("callback", "declined"): ("declined", "ready", None),
    ("callback", "withdrawn"): ("withdrawn", "away", None),
    ("consult", "answered"): (None, "talking", None),
    ("consult", "missed"): ("missed", "ready", None),
    ("consult", "declined"): ("declined", "ready", None),
    ("consult", "caller_left"): ("withdrawn", "ready", None),
    ("consult", "withdrawn"): ("withdrawn", "away", None),
    ("colleague", "answered"): (None, "talking", None),
    ("colleague", "missed"): ("missed", "ready", "not_reached"),
    ("colleague", "declined"): ("declined", "ready", "not_reached"),
    ("colleague", "caller_left"): ("withdrawn", "ready", "not_reached"),
    ("colleague", "withdrawn"): ("withdrawn", "away", "not_reached"),
}


@pytest.mark.parametrize(("kind", "outcome"), TABLE)
def test_every_kind_of_ring_and_every_outcome_has_a_name(kind, outcome):
    """R16: the outcome is told with the kind, and the agent is in a state of the table."""
    told, state, closed = TABLE[kind, outcome]
    hands = ring_for_ben(kind)
    end_ring(hands, outcome)
    ended = hands.said(facts.RingEnded)
    assert [(fact.kind, fact.outcome) for fact in ended] == ([(kind, told)] if told else [])
    assert hands.state("ben") == state
    assert hands.state("ben") in presence.STATES
    assert [fact.outcome for fact in hands.said(facts.Closed)] == ([closed] if closed else [])
    invariants.check(hands.exchange)


def test_the_table_is_whole():
    """Nothing but a callback, on whose line nobody is yet, cannot be left by its caller."""
    outcomes = ("answered", "missed", "declined", "caller_left", "withdrawn")
    kinds = ("queue", "callback", "consult", "colleague")
    every = {(kind, outcome) for kind in kinds for outcome in outcomes}
    assert every - set(TABLE) == {("callback", "caller_left")}
