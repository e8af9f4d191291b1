"""Who speaks what when, and what is not said in a language."""

import dataclasses

import pytest

from callfloor.core.plan import (
    AgentPlan,
    CalendarPlan,
    ClientPlan,
    Enqueue,
    FloorPlan,
    FlowPlan,
    Hours,
    NumberPlan,
    QueuePlan,
    Say,
    Speak,
    TierPlan,
)
from callfloor.desk.organisation import gaps

pytestmark = pytest.mark.pure

NINE_TO_FIVE = tuple((day, 9 * 60, 17 * 60) for day in range(5))


def plan(**changes) -> FloorPlan:
    """Give a client with two languages, open on weekdays from nine to five."""
    made = FloorPlan(
        version="v1",
        centre="Sample",
        timezone="UTC",
        clients=(ClientPlan(key="acme", languages=("en", "hu")),),
        agents=(
            AgentPlan(key="anna", clients=("acme",), skills=(("en", 5), ("hu", 4)), team="day"),
            AgentPlan(key="bela", clients=("acme",), skills=(("en", 4), ("hu", 2))),
            AgentPlan(key="cili", clients=("zeta",), skills=(("hu", 5),)),
        ),
        queues=(
            QueuePlan(
                key="help",
                client="acme",
                channel="call",
                tiers=(TierPlan(after_seconds=0, requires=(("hu", 3),)),),
                welcome=("connecting",),
            ),
        ),
        flows=(
            FlowPlan(
                key="main",
                version=1,
                first="hours",
                steps=(
                    Hours(key="hours", calendar="office", open="hello", closed="hello"),
                    Say(key="hello", prompt="hello", next="help"),
                    Enqueue(key="help", queue="help"),
                ),
            ),
        ),
        numbers=(NumberPlan(number="1", client="acme", flow="main", language="en"),),
        calendars=(CalendarPlan(key="office", timezone="UTC", weekly=NINE_TO_FIVE),),
    )
    return dataclasses.replace(made, **changes)


def day_of(rows, language, weekday):
    (row,) = (row for row in rows if row.language == language)
    return row.days[weekday]


class TestServed:
    def test_counts_who_works_for_the_client_at_the_level(self):
        rows = gaps.served(plan(), shifts=[])
        assert day_of(rows, "en", 0).fewest == 2
        assert day_of(rows, "hu", 0).fewest == 1
        assert day_of(gaps.served(plan(), shifts=[], level=2), "hu", 0).fewest == 2

    def test_nobody_is_missed_when_nobody_can_call(self):
        assert day_of(gaps.served(plan(), shifts=[]), "hu", 6).fewest is None

    def test_shifts_say_from_when_to_when_there_is_nobody(self):
        shifts = [{"teams": ["day"], "days": ["mon-thu"], "hours": "09:00-13:30"}]
        rows = gaps.served(plan(), shifts=shifts)
        assert day_of(rows, "hu", 3).empty == ((13 * 60 + 30, 17 * 60),)
        assert day_of(rows, "hu", 4).empty == ((9 * 60, 17 * 60),)
        assert all(row.is_gap for row in rows)

    def test_a_night_is_there_until_the_next_morning(self):
        """Of a shift over midnight the morning belongs to the day after, Sunday's to Monday."""
        flow = plan().flows[0]
        always = dataclasses.replace(flow, first="hello", steps=flow.steps[1:])
        shifts = [{"teams": ["day"], "days": ["mon-sun"], "hours": "22:00-06:00"}]
        rows = gaps.served(plan(flows=(always,)), shifts=shifts)
        assert [day_of(rows, "hu", day).empty for day in range(7)] == [((360, 1320),)] * 7
        one = [{"teams": ["day"], "days": ["sun"], "hours": "22:00-06:00"}]
        rows = gaps.served(plan(flows=(always,)), shifts=one)
        assert day_of(rows, "hu", 0).empty == ((360, 1440),)
        assert day_of(rows, "hu", 6).empty == ((0, 1320),)

    def test_a_flow_without_calendar_is_open_all_week(self):
        flow = plan().flows[0]
        always = dataclasses.replace(flow, first="hello", steps=flow.steps[1:])
        rows = gaps.served(plan(flows=(always,)), shifts=[])
        assert day_of(rows, "hu", 6).fewest == 1
        assert not rows[0].is_gap

    def test_a_language_that_no_skill_names_is_a_gap(self):
        rows = gaps.served(plan(clients=(ClientPlan(key="acme", languages=("fa",)),)), shifts=[])
        assert [(row.language, row.is_known) for row in rows] == [("fa", False), ("en", True)]
        assert rows[0].is_gap

    def test_a_flow_that_speaks_another_language_adds_it(self):
        flow = plan().flows[0]
        steps = (*flow.steps, Speak(key="fa", language="fa", next="help"))
        spoken = gaps.languages(plan(flows=(dataclasses.replace(flow, steps=steps),)), "acme")
        assert spoken == ["en", "hu", "fa"]

    @pytest.mark.parametrize(
        ("skill", "found"),
        [("hu", True), ("speaks_hu", True), ("hungarian", True), ("french", False), ("thu", False)],
    )
    def test_a_skill_names_its_language_at_the_end(self, skill, found):
        assert gaps.is_language(skill, "hu") is found


class TestUnsaid:
    def test_names_prompt_language_and_flow_once(self):
        prompts = {"hello": {"en": "Hello"}, "connecting": {"en": "Wait", "hu": "Várjon"}}
        two = (*plan().numbers, NumberPlan(number="2", client="acme", flow="main", language="hu"))
        assert gaps.unsaid(plan(numbers=two), prompts=prompts) == [
            gaps.Unsaid(client="acme", language="hu", flow="main", prompt="hello")
        ]

    def test_what_callfloor_says_itself_is_there(self):
        assert gaps.unsaid(plan(), prompts={}) == []


class TestSkilled:
    def test_counts_agents_by_skill_with_the_queues_that_ask_for_it(self):
        found = {each.skill: each for each in gaps.skilled(plan())}
        assert (found["hu"].queues, found["hu"].anybody, found["hu"].enough) == (("help",), 3, 2)
        assert found["en"].queues == ()

    def test_a_skill_that_nobody_has_counts_none(self):
        found = {each.skill: each for each in gaps.skilled(plan(agents=()))}
        assert (found["hu"].anybody, found["hu"].enough) == (0, 0)
