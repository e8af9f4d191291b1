"""Who hears whom: a table of everything that a call can be."""

from typing import Any

import pytest

from callfloor.core import calls, plan, state
from callfloor.core.tests import centre

pytestmark = pytest.mark.pure

ANNA_AND_CUSTOMER = {("a", "c"), ("c", "a")}


def everybody(*legs: str) -> set[tuple[str, str]]:
    """Give the pairs of a room in which everybody is heard."""
    return {(ear, mouth) for ear in legs for mouth in legs if ear != mouth}


def item(**changes: Any) -> state.Item:
    """Make a call of customer c."""
    flow: Any = None
    values: dict[str, Any] = {
        "id": "i", "client": "acme", "channel": "call", "called": "900", "leg": "c",
        "arrived_at": 0.0, "language": "en", "flow": flow,
    }  # fmt: skip
    return state.Item(**(values | changes))


def work(of: state.Item, leg: str | None, **changes: Any) -> state.Work:
    """Put an agent with a leg into a call."""
    key = leg or "nobody"
    agent = state.Agent(key=key, plan=centre.agent(key), leg=leg)
    queue = plan.QueuePlan(key="q", client="acme", channel="call", tiers=())
    made = state.Work(agent=agent, item=of, queue=queue, **changes)
    of.works.append(made)
    return made


def watch(of: state.Work, mode: str, leg: str | None = "l") -> None:
    """Let a leader hear into a call."""
    leader = state.Agent(key="leader", plan=centre.agent("leader"), leg=leg)
    made = state.Watch(leader=leader, item=of.item, of=of, mode=mode, since=0.0)
    of.item.watches = (*of.item.watches, made)


def consult(of: state.Item, by: state.Work, **changes: Any) -> state.Consult:
    """Let an agent ask somebody, with the customer on hold."""
    by.on_hold = True
    of.consult = state.Consult(item=of, by=by, **changes)
    return of.consult


def talk(**changes: Any) -> tuple[state.Item, state.Work]:
    """Make a talk of customer c and agent a."""
    one = item()
    return one, work(one, "a", **changes)


def hold():
    """The customer is on hold."""
    return talk(on_hold=True)[0], set(), {"c", "a"}


def plain():
    """Customer and agent."""
    return talk()[0], ANNA_AND_CUSTOMER, {"c", "a"}


def muted():
    """The agent's mouth is shut, his ear is not."""
    return talk(muted=True)[0], {("a", "c")}, {"c", "a"}


def kept():
    """The agent's device is lost."""
    one = item()
    work(one, None, kept=True)
    return one, set(), {"c"}


def dialing():
    """It rings at the far side, which makes no sound."""
    one = item(customer_here=False, direction="out")
    by = work(one, "a", phase="dialing")
    one.dial = state.Dial(item=one, work=by, leg="c", zone=None, sealed=None, emergency=False)
    return one, set(), {"a"}


def early():
    """The far side sends its own tone: the agent hears it and is not heard."""
    one, _, _ = dialing()
    assert one.dial is not None
    one.dial.early = True
    return one, {("a", "c")}, {"c", "a"}


def asking():
    """A colleague rings: nobody hears anybody."""
    one, by = talk()
    consult(one, by)
    return one, set(), {"c", "a"}


def asked():
    """The colleague has answered: the two talk, the customer hears music."""
    one, by = talk()
    colleague = work(one, "b", part="asked")
    consult(one, by, work=colleague, answered_at=1.0)
    return one, everybody("a", "b"), {"c", "a", "b"}


def asked_outside():
    """Somebody outside has answered a question."""
    one, by = talk()
    consult(one, by, leg="g", answered_at=1.0)
    return one, everybody("a", "g"), {"c", "a", "g"}


def dialed_outside():
    """Somebody outside is dialed for a question, and his line sends its own tone."""
    one, by = talk()
    found = consult(one, by, leg="g")
    found.dial = state.Dial(
        item=one, work=by, leg="g", zone=None, sealed=None, emergency=False, early=True
    )
    return one, everybody("a", "g"), {"c", "a", "g"}


def conference():
    """Customer, agent, colleague and guest."""
    one, _ = talk()
    work(one, "b", part="joins")
    one.guests = (state.Guest(leg="g", since=0.0),)
    return one, everybody("c", "a", "b", "g"), {"c", "a", "b", "g"}


def conference_muted():
    """One of a conference is muted: he hears all and nobody hears him."""
    one, _ = talk()
    work(one, "b", part="joins", muted=True)
    heard = {pair for pair in everybody("c", "a", "b") if pair[1] != "b"}
    return one, heard, {"c", "a", "b"}


def asked_from_conference():
    """From a conference the agent asks a fourth: the others hear one another, not the customer."""
    one, by = talk()
    work(one, "b", part="joins")
    one.guests = (state.Guest(leg="g", since=0.0),)
    fourth = work(one, "d", part="asked")
    consult(one, by, work=fourth, answered_at=1.0)
    return one, everybody("b", "g") | everybody("a", "d"), {"c", "a", "b", "g", "d"}


def handed_outside():
    """The customer was handed to somebody outside."""
    one = item()
    one.guests = (state.Guest(leg="g", since=0.0),)
    return one, everybody("c", "g"), {"c", "g"}


def colleagues():
    """Two colleagues, no customer."""
    one = item(customer_here=False, direction="internal", leg="")
    work(one, "a")
    work(one, "b", part="joins")
    return one, everybody("a", "b"), {"a", "b"}


def writing():
    """Who writes his note hears nobody."""
    one = item()
    work(one, "a", phase="wrap_up")
    work(one, "b")
    return one, everybody("c", "b"), {"c", "b"}


def listen():
    """The leader hears both and is heard by nobody."""
    one, of = talk()
    watch(of, "listen")
    return one, ANNA_AND_CUSTOMER | {("l", "c"), ("l", "a")}, {"c", "a", "l"}


def whisper():
    """The leader is heard by the agent alone."""
    one, of = talk()
    watch(of, "whisper")
    return one, ANNA_AND_CUSTOMER | {("l", "c"), ("l", "a"), ("a", "l")}, {"c", "a", "l"}


def join():
    """The leader is heard by both."""
    one, of = talk()
    watch(of, "join")
    return one, everybody("c", "a", "l"), {"c", "a", "l"}


def listen_muted():
    """What a muted agent says to himself is not for his leader either."""
    one, of = talk(muted=True)
    watch(of, "listen")
    return one, {("a", "c"), ("l", "c")}, {"c", "a", "l"}


def listen_to_a_question():
    """The leader goes with his agent into the room of the question."""
    one, by = talk()
    colleague = work(one, "b", part="asked")
    consult(one, by, work=colleague, answered_at=1.0)
    watch(by, "listen")
    return one, everybody("a", "b") | {("l", "a"), ("l", "b")}, {"c", "a", "b", "l"}


def whisper_in_a_question():
    """A whisper in a question is for the one agent, not for whom he asks."""
    one, by = talk()
    colleague = work(one, "b", part="asked")
    consult(one, by, work=colleague, answered_at=1.0)
    watch(by, "whisper")
    heard = {("l", "a"), ("l", "b"), ("a", "l")}
    return one, everybody("a", "b") | heard, {"c", "a", "b", "l"}


def whisper_on_hold():
    """On hold the agent can be whispered to; the customer hears music and no word."""
    one, of = talk(on_hold=True)
    watch(of, "whisper")
    return one, {("l", "a"), ("a", "l")}, {"c", "a", "l"}


def two_leaders():
    """Who listens hears the leader who joined, and not the other way round."""
    one, of = talk()
    watch(of, "join", "j")
    watch(of, "listen", "l")
    heard = {("l", "c"), ("l", "a"), ("l", "j")}
    return one, everybody("c", "a", "j") | heard, {"c", "a", "j", "l"}


CASES = (
    plain, hold, muted, kept, dialing, early, asking, asked, asked_outside, dialed_outside,
    conference, conference_muted, asked_from_conference, handed_outside, colleagues, writing,
    listen, whisper, join, listen_muted, listen_to_a_question, whisper_in_a_question,
    whisper_on_hold, two_leaders,
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_hears(case):
    """Each case's pairs (ear, mouth) and its legs, whole and once."""
    one, heard, legs = case()
    mix = calls.mix(one)
    pairs = [(row.ear, row.mouth) for row in mix.hears]
    assert set(pairs) == heard
    assert len(pairs) == len(set(pairs))
    assert set(mix.legs) == legs
    assert len(mix.legs) == len(set(mix.legs))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_nobody_is_heard_whose_leg_is_not_named(case):
    """What is not named by `legs` could be heard elsewhere, so every row is covered by them."""
    mix = calls.mix(case()[0])
    assert {leg for row in mix.hears for leg in (row.ear, row.mouth)} <= set(mix.legs)


def test_names_who_has_gone():
    """A leg that left is named once more, without a row: it hears nobody from here on."""
    one, _ = talk()
    mix = calls.mix(one, gone="b")
    assert mix.legs == ("c", "a", "b")
    assert len(mix.hears) == 2
    assert calls.mix(one, gone="a").legs == ("c", "a")


def test_a_leader_without_a_device_hears_nothing():
    """His row comes with his leg, and nobody else's changes."""
    one, of = talk()
    watch(of, "join", None)
    assert {(row.ear, row.mouth) for row in calls.mix(one).hears} == ANNA_AND_CUSTOMER
