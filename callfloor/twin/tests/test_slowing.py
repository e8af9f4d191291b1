"""By how much contacts in hand lengthen texts is found from who had how much in hand when."""

import datetime
import statistics
from zoneinfo import ZoneInfo

import pytest

from callfloor.core import facts
from callfloor.twin import calibrate, people, run, slowing
from callfloor.twin.tests import test_hands

pytestmark = pytest.mark.twin

MONDAY = datetime.date(2026, 11, 23)
START_AT = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC).timestamp()
ALONE_SECONDS = 200.0


def told(*, slows, seed=1, at_once=3, per_hour=70.0):
    """Give the facts of a day with chats beside calls."""
    numbers = tuple(
        people.NumberDemand(
            number=channel,
            channel=channel,
            per_hour=(*(per_hour * share,) * 6, *(0.0,) * 18),
            patience_seconds=600.0,
            handling_seconds=ALONE_SECONDS,
            handling_spread=0.6,
        )
        for channel, share in (("call", 0.2), ("chat", 1.0))
    )
    plan = test_hands.floor_plan(heads=5, call=1, chat=at_once)
    made = run.day(
        plan=plan,
        demand=people.Demand(numbers=numbers, slowing=slows),
        seed=f"slowing/{seed}",
        start_at=START_AT,
        seconds=21_600.0,
    )
    return [(at, body) for _, at, kind, body in made.rows if kind == run.FACT]


def fitted(rows):
    """Fit everything to a day's facts."""
    return calibrate.fit(rows=rows, days=[MONDAY], zone=ZoneInfo("UTC"))


class TestEstimate:
    def test_covers_what_was_at_work(self):
        """Of 24 days at least 20 intervals cover it, and the mean of eight is near it."""
        covered = 0
        for slows in (0.0, 0.25, 0.8):
            found = [fitted(told(slows=slows, seed=seed)).slowing for seed in range(8)]
            covered += sum(each.low <= slows + 1e-3 and slows <= each.high for each in found)
            assert statistics.fmean(each.value for each in found) == pytest.approx(slows, abs=0.1)
            assert all(each.low < each.high < each.low + 1.0 for each in found)
        assert covered >= 20

    def test_the_time_of_a_chat_is_that_which_it_takes_alone(self):
        """As they were observed, chats of 200 s took more than 250."""
        rows = told(slows=0.8)
        ends = [
            body.talk_seconds
            for _, body in rows
            if isinstance(body, facts.TalkEnded) and body.queue == "chat"
        ]
        assert sum(ends) / len(ends) > 1.25 * ALONE_SECONDS
        queues = fitted(rows).queues
        assert queues["chat"].handling.value == pytest.approx(ALONE_SECONDS, rel=0.12)
        assert queues["call"].handling.value == pytest.approx(ALONE_SECONDS, rel=0.12)
        assert queues["chat"].handling.count == len(ends)

    def test_a_wrong_assumption_is_contradicted(self):
        found = fitted(told(slows=0.8)).slowing
        assert found.contradicts(0.1)
        assert not found.contradicts(0.8)

    def test_is_none_where_nobody_has_two_in_hand(self):
        rows = told(slows=0.8, at_once=1, per_hour=15.0)
        only = [
            (at, body) for at, body in rows if getattr(body, "queue", "chat") != "call"
        ]  # Of the calls nothing is told.
        assert fitted(only).slowing is None


class TestHands:
    def test_time_is_counted_by_what_was_in_hand(self):
        """A chat alone for 10 s, beside another for 20 s, and alone for 5 s."""

        def bridged(item):
            return facts.Bridged(item=item, client="c", queue="q", agent="a", leg="")

        def ended(item):
            return (
                facts.TalkEnded(item=item, client="c", queue="q", agent="a", talk_seconds=0.0,
                                hold_seconds=0.0, ended_by="agent"),
                facts.Finished(item=item, client="c", queue="q", agent="a", wrap_seconds=0.0),
            )  # fmt: skip

        hands = slowing.Hands()
        for item in ("one", "two"):
            arrived = facts.Arrived(item=item, client="c", channel="chat", called="n", flow="f",
                                    flow_version=1, language="en")  # fmt: skip
            hands.tell(0.0, arrived)
        hands.tell(100.0, bridged("one"))
        hands.tell(110.0, bridged("two"))
        for fact in ended("two"):
            hands.tell(130.0, fact)
        for fact in ended("one"):
            hands.tell(135.0, fact)
        two, one = hands.texts
        assert (two.at_begin, dict(two.spent)) == (2, {2: 20.0})
        assert (one.at_begin, dict(one.spent)) == (1, {1: 15.0, 2: 20.0})
        assert one.alone(1.0) == 25.0
        assert one.alone(0.0) == 35.0
