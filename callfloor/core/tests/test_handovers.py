"""
R19 (asterisk/asterisk#507) and R20 (mikopbx/Core#1125): who talked how long, and what was recorded,
on every way that a customer can be handed on.
"""

import pytest

from callfloor.core import events, facts, invariants
from callfloor.core.tests import centre, test_consults

pytestmark = pytest.mark.pure

PATHS = [
    (way, end)
    for way in ("blind", "consult", "conference", "outside")
    for end in ("completed", "refused", "abandoned")
]


def walk(way: str, end: str) -> tuple[centre.Hands, str]:
    """Talk 10 s, hand on for 5 s of ringing and 20 s of talk, and 30 s after that."""
    hands, item = test_consults.talk("ben", notice=True)
    if way == "blind":
        hands.do(events.TransferAsked(agent="anna", item=item, to_agent="ben"), after=10)
    elif way == "outside":
        test_consults.ask(hands, item, leg="g", zone="near")
    else:
        test_consults.ask(hands, item, to_agent="ben")
    if end == "completed":
        _complete(hands, item, way)
    elif end == "refused":
        _refuse(hands, item, way)
    else:
        hands.do(events.CustomerLeft(item=item), after=5)
    if end != "abandoned":
        hands.do(events.CustomerLeft(item=item), after=30)
    hands.wait(60)
    return hands, item


def _complete(hands: centre.Hands, item: str, way: str) -> None:
    if way == "outside":
        hands.do(events.DialAnswered(item=item, leg="g"), after=5)
    else:
        hands.answer("ben", after=5)
    if way == "conference":
        hands.do(events.ConferenceAsked(agent="anna", item=item), after=20)
    elif way != "blind":
        hands.do(events.TransferCompleted(agent="anna", item=item), after=20)


def _refuse(hands: centre.Hands, item: str, way: str) -> None:
    if way == "outside":
        hands.do(events.DialFailed(item=item, leg="g", reason="declined"), after=5)
    else:
        hands.do(events.OfferDeclined(agent="ben", offer=f"{item}/2"), after=5)
    if way == "blind":  # Nobody else is there: who declined is asked again.
        hands.do(events.ReadyAsked(agent="anna"))
        hands.wait(25)
        hands.answer(next(iter(hands.rings())))
    else:
        hands.do(events.ResumeAsked(agent="anna", item=item))


SUMS = {
    # way, end: agent, talk, hold, consult, ended_by
    ("blind", "completed"): [("anna", 10, 0, 0, "transfer"), ("ben", 30, 0, 0, "customer")],
    ("blind", "refused"): [("anna", 10, 0, 0, "transfer"), ("ben", 30, 0, 0, "customer")],
    ("blind", "abandoned"): [("anna", 10, 0, 0, "transfer")],
    ("consult", "completed"): [("anna", 10, 25, 20, "transfer"), ("ben", 30, 0, 20, "customer")],
    ("consult", "refused"): [("anna", 40, 5, 0, "customer")],
    ("consult", "abandoned"): [("anna", 10, 5, 0, "customer")],
    ("conference", "completed"): [("anna", 40, 25, 20, "customer"), ("ben", 30, 0, 20, "customer")],
    ("conference", "refused"): [("anna", 40, 5, 0, "customer")],
    ("conference", "abandoned"): [("anna", 10, 5, 0, "customer")],
    ("outside", "completed"): [("anna", 10, 25, 20, "transfer")],
    ("outside", "refused"): [("anna", 40, 5, 0, "customer")],
    ("outside", "abandoned"): [("anna", 10, 5, 0, "customer")],
}


@pytest.mark.parametrize(("way", "end"), PATHS)
def test_handling_time_is_split_rightly(way, end):
    """R19: on each of twelve ways every part has its seconds, and nothing counts twice."""
    hands, _ = walk(way, end)
    told = [
        (fact.agent, fact.talk_seconds, fact.hold_seconds, fact.consult_seconds, fact.ended_by)
        for fact in hands.said(facts.TalkEnded)
    ]
    expected = SUMS[way, end]
    if way == "blind" and end == "refused":
        assert told[0] == expected[0]
        assert told[1][1:] == expected[1][1:]
    else:
        assert sorted(told) == sorted(expected)


@pytest.mark.parametrize(("way", "end"), PATHS)
def test_it_is_one_interaction_with_one_end(way, end):
    """One arrival, one final state, no wait and no question left open."""
    hands, item = walk(way, end)
    assert [fact.item for fact in hands.said(facts.Closed)] == [item]
    assert hands.said(facts.Closed)[0].outcome == "answered"
    assert len(hands.said(facts.Queued)) == len(hands.said(facts.Dequeued))
    assert len(hands.said(facts.ConsultStarted)) == len(hands.said(facts.ConsultOver))
    assert hands.exchange.house.items == {}
    invariants.check(hands.exchange)


@pytest.mark.parametrize(("way", "end"), PATHS)
def test_what_is_recorded_is_what_was_bridged(way, end):
    """R20: recording runs exactly while the customer has an agent, through every failure."""
    hands, _ = walk(way, end)
    told = list(zip(hands.times, hands.facts, strict=True))
    recorded = sum(at for at, fact in told if isinstance(fact, facts.RecordingStopped)) - sum(
        at for at, fact in told if isinstance(fact, facts.RecordingStarted)
    )
    served = 0.0
    for fact in hands.said(facts.TalkEnded):
        together = way == "conference" and fact.agent == "ben"
        served += 0.0 if together else fact.talk_seconds + fact.hold_seconds
    assert recorded == pytest.approx(served)
