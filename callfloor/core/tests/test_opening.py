"""Callbacks outside the hours of their queue: they wait, keep their place, and say so."""

import dataclasses
import datetime
from zoneinfo import ZoneInfo

import pytest

from callfloor.core import actions, events, facts, invariants, plan
from callfloor.core.tests import centre

pytestmark = pytest.mark.pure

ZONE = ZoneInfo("Europe/Budapest")
SATURDAY = datetime.datetime(2026, 11, 21, 23, 30, tzinfo=ZONE).timestamp()
MONDAY = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=ZONE).timestamp()
CLOSES = datetime.datetime(2026, 11, 23, 17, 0, tzinfo=ZONE).timestamp()
TUESDAY = MONDAY + 86_400.0


def calendar(begin: int = 540, **changes) -> plan.CalendarPlan:
    """Make a calendar that is open on workdays from 09:00 to 17:00."""
    weekly = tuple((day, begin, 1020) for day in range(5))
    return plan.CalendarPlan(key="work", timezone="Europe/Budapest", weekly=weekly, **changes)


def floor_plan(begin: int = 540, **changes) -> plan.FloorPlan:
    """Make a floor that is asked for callbacks at any hour, and calls back in working hours."""
    return centre.calling_plan(
        "anna",
        queues=[centre.queue(hours="work")],
        calendars=(calendar(begin),),
        flows=[centre.flow(plan.AskCallback(key="ask", prompt="noted", queue="billing"))],
        **changes,
    )


def floor(**changes) -> centre.Hands:
    """Seat anna on a Saturday night."""
    hands = centre.Hands(floor_plan(**changes))
    hands.now = SATURDAY
    hands.seat("anna")
    return hands


def asked(hands: centre.Hands, item: str, born_at: float) -> None:
    """Let somebody have asked to be called back."""
    hands.do(
        events.CallbackArrived(
            item=item, leg=f"leg-{item}", client="acme", queue="billing", of="i9",
            born_at=born_at, language="hu", zone="near", sealed="number",
        )
    )  # fmt: skip


class TestClosed:
    def test_a_callback_waits_for_opening_time_and_keeps_its_place(self):
        """F09: two of the weekend are called on Monday at nine, in the order in which they came."""
        hands = floor()
        asked(hands, "b2", SATURDAY - 60.0)
        asked(hands, "b1", SATURDAY - 300.0)
        told = [(each.reason, each.until) for each in hands.said(facts.CallbackPostponed)]
        assert told == [("closed", MONDAY)] * 2
        assert hands.rings() == {}
        hands.wait(MONDAY - SATURDAY - 1.0)
        assert hands.rings() == {}
        invariants.check(hands.exchange)
        hands.do(events.AwayAsked(agent="anna", reason="lunch"))
        hands.wait(1.0)
        hands.do(events.ReadyAsked(agent="anna"))
        assert hands.rings() == {"anna": "b1"}
        assert hands.said(facts.Queued)[-1].born_at == SATURDAY - 300.0

    def test_who_waits_at_closing_time_is_called_on_the_next_day_at_his_place(self):
        hands = floor()
        hands.do(events.AwayAsked(agent="anna", reason="lunch"))
        hands.now = CLOSES - 60.0
        asked(hands, "b1", CLOSES - 300.0)
        hands.wait(60.0)
        invariants.check(hands.exchange)
        assert hands.said(facts.CallbackPostponed)[0].until == TUESDAY
        hands.do(events.ReadyAsked(agent="anna"))
        assert hands.rings() == {}
        hands.wait(TUESDAY - CLOSES)
        assert hands.rings() == {"anna": "b1"}
        assert {each.born_at for each in hands.said(facts.Queued)} == {CLOSES - 300.0}
        assert [each.outcome for each in hands.said(facts.Dequeued)] == ["diverted"]

    def test_what_rings_at_closing_time_may_still_be_taken(self):
        hands = floor()
        hands.now = CLOSES - 5.0
        asked(hands, "b1", CLOSES - 300.0)
        hands.wait(6.0)
        assert hands.rings() == {"anna": "b1"}
        hands.answer("anna")
        assert len(hands.acted(actions.Dial)) == 1

    def test_the_next_try_is_not_before_the_queue_opens(self):
        hands = floor()
        hands.now = CLOSES - 300.0
        asked(hands, "b1", CLOSES - 400.0)
        hands.answer("anna")
        hands.do(events.DialFailed(item="b1", leg="leg-b1", reason="busy"))
        hands.do(events.WorkFinished(agent="anna", item="b1", disposition="later"))
        hands.wait(901.0)
        assert hands.rings() == {}
        told = [(each.reason, each.calls) for each in hands.said(facts.CallbackPostponed)]
        assert told == [("busy", 1), ("closed", 1)]
        hands.wait(TUESDAY - hands.now)
        assert hands.rings() == {"anna": "b1"}

    def test_a_new_plan_may_open_earlier(self):
        hands = floor()
        asked(hands, "b1", SATURDAY)
        hands.do(events.PlanChanged(plan=floor_plan(480, version="2")))
        hands.wait(0.0)
        assert hands.said(facts.CallbackPostponed)[-1].until == MONDAY - 3600.0

    def test_the_wall_clock_decides_and_not_the_floors(self):
        """It was an hour slow: Monday at nine comes an hour sooner."""
        hands = floor()
        hands.do(events.ClockSet(jump_seconds=3600.0))
        asked(hands, "b1", SATURDAY)
        assert hands.said(facts.CallbackPostponed)[-1].until == MONDAY - 3600.0


class TestSaysSo:
    def test_a_caller_hears_when_he_is_called(self):
        """After the words of the step: "we call you when we open again", Monday, nine o'clock."""
        hands = floor()
        hands.call()
        told = hands.acted(actions.Play)[-1].prompts
        assert told == ("noted", "callback_opens", "day:0", "clock:0900")

    @pytest.mark.parametrize(("before", "day"), [(1, "day:today"), (10, "day:tomorrow")])
    def test_tomorrow_and_today_are_called_so(self, before, day):
        hands = floor()
        hands.now = MONDAY - before * 3600.0
        hands.call()
        assert hands.acted(actions.Play)[-1].prompts[2] == day

    def test_nothing_is_added_while_it_is_open(self):
        hands = floor()
        hands.now = MONDAY
        hands.call()
        assert hands.acted(actions.Play)[-1].prompts == ("noted",)

    def test_a_day_far_away_is_not_named(self):
        """A holiday of two weeks."""
        days = [datetime.date(2026, 11, 23) + datetime.timedelta(days=n) for n in range(14)]
        closed = tuple((day.isoformat(), ()) for day in days)
        far = dataclasses.replace(floor_plan(), calendars=(calendar(exceptions=closed),))
        hands = centre.Hands(far)
        hands.now = SATURDAY
        hands.call()
        assert hands.acted(actions.Play)[-1].prompts == ("noted", "callback_closed")
