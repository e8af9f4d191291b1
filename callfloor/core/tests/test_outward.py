"""Calls that begin here: numbers, colleagues, callbacks; gates, trunks, emergencies."""

import pytest

from callfloor.core import actions, events, facts, invariants
from callfloor.core.tests import centre

pytestmark = pytest.mark.pure


def floor(*others: str, **changes) -> centre.Hands:
    """Seat anna, who may call out, and others beside her."""
    hands = centre.Hands(centre.calling_plan("anna", *others, **changes))
    hands.seat("anna", *others)
    return hands


def rows(mix: actions.Mix) -> set[tuple[str, str]]:
    """Give a matrix as pairs (ear, mouth)."""
    return {(row.ear, row.mouth) for row in mix.hears}


class TestNumber:
    def test_is_dialed_on_the_first_trunk(self):
        """The agent is talking from the first digit; the item says that it goes out."""
        hands = floor()
        hands.dial("anna")
        assert hands.state("anna") == "talking"
        (arrived,) = hands.said(facts.Arrived)
        assert (arrived.direction, arrived.sealed, arrived.zone) == ("out", "number", "near")
        assert hands.acted(actions.Dial) == [
            actions.Dial(
                item="o1", leg="leg-o1", trunk="one", caller_id="+3611234567", sealed="number",
                seconds=45.0,
            )
        ]  # fmt: skip

    def test_rings_in_the_agents_ear_until_it_is_answered(self):
        """A tone of ours, then the far side; one talk, from the answer on."""
        hands = floor()
        hands.dial("anna")
        hands.do(events.DialRang(item="o1", leg="leg-o1"), after=2)
        (tone,) = hands.acted(actions.Play)
        assert (tone.leg, tone.prompts, tone.loop) == ("leg-anna", ("ring_tone",), True)
        hands.far_answers(after=6)
        assert hands.acted(actions.StopPlay)[-1].leg == "leg-anna"
        assert rows(hands.acted(actions.Mix)[-1]) == {
            ("leg-anna", "leg-o1"),
            ("leg-o1", "leg-anna"),
        }
        assert len(hands.said(facts.Bridged)) == 1
        assert hands.acted(actions.StartRecording) == []
        hands.do(events.CustomerLeft(item="o1"), after=50)
        (ended,) = hands.said(facts.TalkEnded)
        assert (ended.talk_seconds, ended.dial_seconds, ended.ended_by) == (50.0, 8.0, "customer")
        assert hands.state("anna") == "wrap_up"
        hands.do(events.WorkFinished(agent="anna", item="o1", disposition="sold"))
        assert hands.said(facts.Closed)[0].outcome == "answered"

    def test_lets_the_agent_hear_the_far_sides_own_sound(self):
        """With early media no tone of ours is played, and the far side does not hear him."""
        hands = floor()
        hands.dial("anna")
        hands.do(events.DialRang(item="o1", leg="leg-o1", early=True))
        assert hands.acted(actions.Play) == []
        assert rows(hands.acted(actions.Mix)[-1]) == {("leg-anna", "leg-o1")}

    def test_is_recorded_if_its_client_says_so(self):
        """Only where whoever is called is told."""
        hands = floor(client={"record_calls_out": True})
        hands.dial("anna")
        hands.far_answers()
        assert len(hands.acted(actions.StartRecording)) == 1

    def test_goes_on_by_the_next_trunk_if_one_is_down(self):
        """The same leg, no second item, and no third try."""
        hands = floor()
        hands.dial("anna")
        failed = events.DialFailed(item="o1", leg="leg-o1", reason="trunk_down")
        hands.do(failed, after=1)
        assert [dial.trunk for dial in hands.acted(actions.Dial)] == ["one", "two"]
        hands.do(failed, after=1)
        assert [fact.outcome for fact in hands.said(facts.DialEnded)] == ["trunk_down"] * 2
        assert hands.said(facts.TalkEnded)[0].ended_by == "not_reached"
        assert hands.exchange.house.calls_of_trunk == {"one": 0, "two": 0}

    @pytest.mark.parametrize("reason", ["busy", "no_answer", "declined", "wrong_number"])
    def test_ends_as_not_reached(self, reason):
        """The agent writes his note, and the item has a final state of its own."""
        hands = floor()
        hands.dial("anna")
        hands.do(events.DialFailed(item="o1", leg="leg-o1", reason=reason), after=7)
        (ended,) = hands.said(facts.TalkEnded)
        assert (ended.talk_seconds, ended.dial_seconds, ended.ended_by) == (0.0, 7.0, "not_reached")
        assert hands.state("anna") == "wrap_up"
        hands.wait(30)
        assert hands.said(facts.Closed)[0].outcome == "not_reached"
        assert hands.state("anna") == "ready"

    def test_ends_by_its_own_lease(self):
        """A floor that never reports leaves nobody dialing."""
        hands = floor()
        hands.dial("anna")
        hands.wait(45)
        assert hands.acted(actions.HangUp)[-1].leg == "leg-o1"
        assert hands.said(facts.DialEnded)[0].outcome == "no_answer"
        assert hands.said(facts.TalkEnded)[0].ended_by == "not_reached"

    def test_is_given_up_by_the_agent(self):
        """He hangs up while it rings; a late answer means nothing any more."""
        hands = floor()
        hands.dial("anna")
        hands.do(events.HangUpAsked(agent="anna", item="o1"), after=3)
        assert hands.said(facts.DialEnded)[0].outcome == "given_up"
        assert hands.acted(actions.HangUp)[-1].leg == "leg-o1"
        assert hands.do(events.DialAnswered(item="o1", leg="leg-o1")) == []

    def test_comes_back_to_being_away(self):
        """Who was at lunch when he called is at lunch when he is done."""
        hands = floor()
        hands.do(events.AwayAsked(agent="anna", reason="lunch"))
        hands.dial("anna")
        hands.far_answers()
        hands.do(events.HangUpAsked(agent="anna", item="o1"))
        hands.wait(30)
        assert hands.said(facts.AgentChanged)[-1].reason == "lunch"
        assert hands.state("anna") == "away"

    def test_an_answer_meets_somebody_although_the_agents_line_is_lost(self):
        """Whoever answers is told that it goes on, and is connected after the reload."""
        hands = floor()
        hands.dial("anna")
        hands.do(events.DeviceLost(agent="anna", leg="leg-anna"))
        hands.far_answers(after=2)
        assert hands.acted(actions.Play)[-1].prompts == ("one_moment",)
        hands.do(events.DeviceUp(agent="anna", leg="new"), after=2)
        assert rows(hands.acted(actions.Mix)[-1]) == {("new", "leg-o1"), ("leg-o1", "new")}


class TestGates:
    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"zone": "dear"}, "zone_not_allowed"),
            ({"zone": None}, "zone_not_allowed"),
            ({"client": "zeta"}, "foreign_client"),
            ({"to_agent": "anna"}, "to_yourself"),
            ({"to_agent": "ben"}, "not_signed_in"),
        ],
    )
    def test_refuse_and_nothing_happens(self, fields, code):
        """A stable code, no item, no leg."""
        hands = floor()
        values = {"client": "acme", "zone": "near"} | fields
        event = events.CallAsked(agent="anna", item="o1", leg="l", **values)
        assert hands.exchange.refusal(event) == code
        assert hands.do(event) == []
        assert hands.state("anna") == "ready"

    def test_refuse_who_may_not_call(self):
        """An agent without calls out, but not in an emergency."""
        hands = floor(agents=[centre.agent("anna", "billing", calls_out=False)])
        assert hands.dial("anna") == []
        assert hands.dial("anna", emergency=True, zone=None) != []

    def test_refuse_who_is_busy_or_has_no_device(self):
        """One call is all that somebody has in hand."""
        hands = floor()
        hands.dial("anna")
        again = events.CallAsked(agent="anna", item="o2", leg="l", client="acme", zone="near")
        assert hands.exchange.refusal(again) == "busy"
        hands = floor()
        hands.do(events.DeviceLost(agent="anna", leg="leg-anna"))
        assert hands.exchange.refusal(again) == "no_device"

    def test_refuse_more_than_the_trunks_carry(self):
        """Calls in and out share a trunk's places."""
        keys = ("ben", "cleo", "dora", "emil")
        hands = floor(*keys)
        for key in keys:
            hands.dial(key, item=f"o-{key}")
        event = events.CallAsked(agent="anna", item="o1", leg="l", client="acme", zone="near")
        assert hands.exchange.refusal(event) == "no_trunk"
        assert hands.dial("anna", emergency=True) != []

    def test_count_a_days_costs_by_the_centres_calendar(self):
        """A far call of ten minutes fills the day; the next day is a new one."""
        hands = floor(client={"cost_day_max": 500})
        hands.dial("anna", zone="far")
        hands.far_answers()
        hands.do(events.HangUpAsked(agent="anna", item="o1"), after=599)
        hands.wait(30)
        event = events.CallAsked(agent="anna", item="o2", leg="l", client="acme", zone="near")
        assert hands.exchange.refusal(event) == "cost_limit"
        hands.wait(86_400)
        assert hands.exchange.refusal(event) is None


class TestStart:
    def test_of_the_floor_forgets_no_minute(self):
        """Who makes the floor start again has no fresh budget."""
        hands = floor(client={"cost_day_max": 100})
        hands.dial("anna", zone="far")
        hands.far_answers()
        hands.do(events.HangUpAsked(agent="anna", item="o1"), after=61)
        (ended,) = hands.said(facts.LineEnded)
        assert (ended.seconds, ended.cost) == (61.0, 100)
        floor_plan = centre.calling_plan("anna", client={"cost_day_max": 100})
        hands.do(events.FloorStarted(epoch=2, code_version="x", plan=floor_plan), after=5)
        hands.do(
            events.LineRestored(
                client="acme", cost_minute=50, answered_at=ended.answered_at, seconds=ended.seconds
            )
        )
        hands.seat("anna")
        event = events.CallAsked(agent="anna", item="o2", leg="l", client="acme", zone="near")
        assert hands.exchange.refusal(event) == "cost_limit"

    def test_says_nothing_of_a_line_that_nobody_answered(self):
        """It cost nothing."""
        hands = floor()
        hands.dial("anna")
        hands.do(events.HangUpAsked(agent="anna", item="o1"), after=10)
        assert hands.said(facts.LineEnded) == []


class TestEmergency:
    @pytest.mark.parametrize(
        "before", ["ready", "away", "missed", "ringing", "wrap_up", "reserved"]
    )
    def test_passes_every_gate(self, before):
        """Whatever the agent is in, no zone and no money; who rang for him rings on."""
        client = {"zones": (), "calls_out_max": 0, "minutes_hour_max": 0, "cost_day_max": 0}
        hands = floor("ben", client=client)
        _bring(hands, before)
        assert hands.state("anna") == before
        hands.dial("anna", zone=None, emergency=True)
        assert hands.state("anna") == "talking"
        assert hands.acted(actions.Dial)[-1].emergency
        invariants.check(hands.exchange)
        hands.far_answers()
        assert hands.said(facts.Bridged)[-1].item == "o1"

    def test_passes_beside_mail(self):
        """Mail in hand is no reason to wait."""
        anna = centre.agent("anna", "billing", capacity=(("call", 1), ("mail", 2)))
        hands = floor(agents=[anna], queues=[centre.queue(channel="mail")])
        mail = hands.call(channel="mail")
        hands.answer("anna")
        hands.dial("anna", zone=None, emergency=True)
        hands.far_answers()
        hands.do(events.CustomerLeft(item="o1"), after=60)
        assert hands.state("anna") == "talking"
        hands.do(events.WorkFinished(agent="anna", item=mail, disposition="ok"))
        assert hands.state("anna") == "wrap_up"  # Of the call, which was beside it.
        hands.do(events.WorkFinished(agent="anna", item="o1", disposition="ok"))
        assert hands.state("anna") == "ready"


def _bring(hands: centre.Hands, before: str) -> None:
    """Bring anna to a state; ben is away unless he is needed."""
    if before == "reserved":
        hands.do(events.AwayAsked(agent="anna", reason="lunch"))
        hands.call("other")
        hands.answer("ben")
        hands.do(events.SuperviseAsked(agent="anna", item="other", of="ben", mode="listen"))
        return
    hands.do(events.AwayAsked(agent="ben", reason="lunch"))
    if before == "away":
        hands.do(events.AwayAsked(agent="anna", reason="lunch"))
    if before in ("ringing", "missed", "wrap_up"):
        hands.call("other")
    if before == "missed":
        hands.wait(15)
    if before == "wrap_up":
        hands.answer("anna")
        hands.do(events.CustomerLeft(item="other"))


class TestColleague:
    def test_rings_and_talks(self):
        """Two talk, there is no customer, and it ends for both when one leaves."""
        hands = floor("ben")
        hands.dial("anna", leg="", zone=None, to_agent="ben")
        ring = hands.acted(actions.Ring)[-1]
        assert (ring.agent, ring.kind, ring.by, ring.queue) == ("ben", "colleague", "anna", "")
        assert hands.acted(actions.Play)[-1].leg == "leg-anna"
        hands.answer("ben", after=5)
        assert rows(hands.acted(actions.Mix)[-1]) == {
            ("leg-anna", "leg-ben"),
            ("leg-ben", "leg-anna"),
        }
        hands.do(events.HangUpAsked(agent="ben", item="o1"), after=30)
        ended = {fact.agent: fact for fact in hands.said(facts.TalkEnded)}
        assert (ended["anna"].talk_seconds, ended["anna"].dial_seconds) == (30.0, 5.0)
        assert (ended["ben"].talk_seconds, ended["ben"].dial_seconds) == (30.0, 0.0)
        assert (hands.state("anna"), hands.state("ben")) == ("ready", "ready")
        closed = hands.said(facts.Closed)[0]
        assert (closed.outcome, closed.queue) == ("answered", None)
        assert hands.said(facts.Queued) == []

    @pytest.mark.parametrize(
        ("end", "outcome"),
        [
            (events.OfferDeclined(agent="ben", offer="o1/1"), "declined"),
            (events.HangUpAsked(agent="anna", item="o1"), "withdrawn"),
            (events.TimePassed(), "missed"),
            (events.DeviceLost(agent="ben", leg="leg-ben"), "withdrawn"),
            (events.AgentSignedOut(agent="ben"), "withdrawn"),
            (events.AgentSignedOut(agent="anna"), "withdrawn"),
        ],
    )
    def test_who_does_not_answer_is_not_reached(self, end, outcome):
        """However it ends, nobody is left ringing."""
        hands = floor("ben")
        hands.dial("anna", leg="", zone=None, to_agent="ben")
        hands.do(end, after=15 if isinstance(end, events.TimePassed) else 1)
        assert hands.said(facts.RingEnded)[0].outcome == outcome
        assert hands.said(facts.RingEnded)[0].kind == "colleague"
        assert hands.said(facts.Closed)[0].outcome == "not_reached"
        invariants.check(hands.exchange)

    def test_a_missed_colleague_stays_what_he_was(self):
        """A colleague's call is no queue's: nobody is set to missed for it, nor out of lunch."""
        hands = floor("ben")
        hands.do(events.AwayAsked(agent="ben", reason="lunch"))
        hands.dial("anna", leg="", zone=None, to_agent="ben")
        assert hands.state("ben") == "ringing"
        hands.wait(15)
        assert hands.state("ben") == "away"
        assert hands.said(facts.AgentChanged)[-1].agent == "anna"
        assert hands.exchange.house.agents["ben"].reason == "lunch"

    def test_a_lost_line_ends_it_for_both(self):
        """After the lease the other is free too."""
        hands = floor("ben")
        hands.dial("anna", leg="", zone=None, to_agent="ben")
        hands.answer("ben")
        hands.do(events.DeviceLost(agent="anna", leg="leg-anna"))
        hands.wait(10)
        assert (hands.state("anna"), hands.state("ben")) == ("away", "ready")
        assert hands.exchange.house.items == {}


def test_a_zone_that_a_new_plan_forbids_is_not_called_any_more():
    """The gate asks the plan that holds now; what runs goes on."""
    hands = floor("ben")
    hands.dial("anna")
    client = {"zones": ("far",)}
    hands.do(events.PlanChanged(plan=centre.calling_plan("anna", "ben", client=client)))
    assert hands.dial("ben", item="o2") == []
    hands.far_answers()
    assert len(hands.said(facts.Bridged)) == 1


def test_a_clock_that_was_set_gives_no_fresh_budget():
    """What was called before is of the day that the clock says now that it was."""
    hands = floor(client={"cost_day_max": 2})
    hands.dial("anna")
    hands.far_answers()
    hands.do(events.HangUpAsked(agent="anna", item="o1"), after=10)
    hands.wait(30)
    event = events.CallAsked(agent="anna", item="o2", leg="l", client="acme", zone="near")
    hands.do(events.ClockSet(jump_seconds=86_400.0))
    assert hands.exchange.refusal(event) == "cost_limit"
    hands.wait(86_400)
    assert hands.exchange.refusal(event) is None
