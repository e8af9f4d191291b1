"""A scripted caller meets what the exchange decides; the first thing that differs is told."""

import dataclasses

import pytest

from callfloor.core import plan
from callfloor.twin import branches, flowtest
from callfloor.twin.flowtest import Hears, Presses, Says, Silence, Types, Waits
from callfloor.twin.tests import centre

pytestmark = pytest.mark.twin

DAY = centre.START_AT


def floor_plan() -> plan.FloorPlan:
    """Make the twin's centre, with a question for digits before its menu."""
    made = centre.floor_plan(agents=3)
    (flow,) = made.flows
    ask = plan.Ask(key="number", prompt="number", label="customer", next="menu", digits_max=6)
    steps = tuple(
        dataclasses.replace(step, next="number") if isinstance(step, plan.Notice) else step
        for step in flow.steps
    )
    return dataclasses.replace(made, flows=(dataclasses.replace(flow, steps=(*steps, ask)),))


def tried(*moves: flowtest.Move, **wanted: object) -> flowtest.Tried:
    case = flowtest.Case(
        number="900",
        at=DAY,
        moves=moves,
        wanted=flowtest.Wanted(**wanted),  # type: ignore[arg-type]
    )
    return flowtest.attempt(case, floor_plan=floor_plan())


def told(found: flowtest.Tried) -> tuple[int | None, str, str, str]:
    assert found.deviation is not None
    return dataclasses.astuple(found.deviation)


class TestByLanguage:
    """A step that branches by language has an exit for each, and one for every other."""

    def plan(self) -> plan.FloorPlan:
        """Lead those who choose sales by the language of the call."""
        made = centre.floor_plan(agents=3)
        (flow,) = made.flows
        sort = plan.ByLanguage(
            key="sort", ways=(("hu", "sales"), ("fa", "sales")), otherwise="billing"
        )
        notice, *others = flow.steps
        assert isinstance(notice, plan.Notice)
        steps = (dataclasses.replace(notice, next="sort"), *others, sort)
        return dataclasses.replace(made, flows=(dataclasses.replace(flow, steps=steps),))

    @pytest.mark.parametrize(
        ("speaks", "exit_", "queue"),
        [("hu", "hu", "sales"), ("fa", "fa", "sales"), (None, "otherwise", "billing")],
    )
    def test_the_exit_is_named_by_the_language(self, speaks, exit_, queue):
        case = flowtest.Case(
            number="900",
            at=DAY,
            known=speaks is not None,
            speaks=speaks,
            wanted=flowtest.Wanted(queue=queue, language=speaks or "en"),
        )
        found = flowtest.attempt(case, floor_plan=self.plan())
        assert found.deviation is None
        walked = [str(each) for each in found.walked]
        assert walked == ["notice:next", f"sort:{exit_}", f"{queue}:stays"]

    def test_every_exit_is_to_be_walked(self):
        made = self.plan()
        every = [str(each) for each in branches.branches(made.flows[0], made.queues)]
        assert [each for each in every if each.startswith("sort:")] == [
            "sort:hu",
            "sort:fa",
            "sort:otherwise",
        ]


class TestMoves:
    def test_a_caller_who_types_and_chooses_waits_in_his_queue(self):
        found = tried(
            Hears("notice"),
            Types("123456"),
            Presses("1"),
            Waits("sales"),
            queue="sales",
            choices=("sales",),
            typed=(("customer", 6),),
            recorded=True,
            language="en",
        )
        assert found.deviation is None
        assert [str(each) for each in found.walked] == [
            "notice:next",
            "number:typed",
            "menu:sales",
            "sales:stays",
        ]

    def test_digits_that_are_too_few_are_taken_when_time_is_up(self):
        found = tried(Types("12"), Presses("1"), queue="sales", typed=(("customer", 2),))
        assert found.deviation is None

    def test_a_refused_recording_is_a_branch_of_its_own(self):
        found = tried(
            Hears("notice"),
            Presses("9"),
            Types("1#"),
            Presses("0"),
            queue="billing",
            recorded=False,
        )
        assert found.deviation is None
        assert str(found.walked[0]) == "notice:refused"

    def test_three_wrong_keys_end_with_a_person_and_the_reason(self):
        keys = (Presses("7"), Presses("8"), Presses("6"))
        assert tried(Types("1#"), *keys, queue="billing", reason="wrong_input").deviation is None

    def test_silence_counts_from_the_end_of_what_is_said(self):
        three = (Silence(10.0), Silence(10.0), Silence(10.0))
        assert tried(Types("1#"), *three, queue="billing", reason="silence").deviation is None
        short = (Silence(10.0), Silence(10.0), Silence(9.9))
        assert "is asked at `menu`" in told(tried(Types("1#"), *short, queue="billing"))[3]

    def test_a_key_in_line_leaves_it(self):
        found = tried(Types("1#"), Presses("0"), Waits("billing"), Presses("1"),
                      outcome="callback_asked")  # fmt: skip
        assert found.deviation is None

    def test_a_wait_that_is_too_long_overflows_into_a_message(self):
        found = tried(Types("1#"), Presses("0"), Waits("billing"), Silence(601.0), Says(12.0),
                      outcome="message_left")  # fmt: skip
        assert found.deviation is None
        assert str(found.walked[-2]) == "billing:overflow"


class TestDeviations:
    def test_says_which_queue_it_was_instead(self):
        found = tried(Types("1#"), Presses("1"), Waits("tech"))
        assert told(found) == (
            2,
            "waits",
            "to wait in queue `tech`",
            "the call waits in queue `sales`",
        )

    def test_says_what_was_heard_instead(self):
        move, _, expected, happened = told(tried(Hears("goodbye")))
        assert (move, expected) == (0, "to hear `goodbye`")
        assert happened.startswith("heard `notice`, `number`; the caller is asked at `number`")

    def test_a_question_that_the_script_does_not_answer_is_told(self):
        assert told(tried(queue="billing"))[:2] == (None, "ends")

    def test_a_number_that_nobody_has_is_told(self):
        case = flowtest.Case(number="1", at=DAY, moves=(Hears("notice"),))
        found = flowtest.attempt(case, floor_plan=floor_plan())
        assert found.flow is None
        assert told(found)[3] == "the number is not known"

    @pytest.mark.parametrize(
        ("name", "value", "happened"),
        [
            ("language", "fr", "en"),
            ("recorded", False, "yes"),
            ("choices", ("tech",), "sales"),
            ("typed", (("customer", 6),), "customer with 1 digits"),
            ("reason", "silence", "nothing"),
        ],
    )
    def test_what_is_not_true_at_the_end_is_told(self, name, value, happened):
        found = tried(Types("1#"), Presses("1"), queue="sales", **{name: value})
        assert (told(found)[1], told(found)[3]) == (name, happened)


class TestBranches:
    def test_counts_every_exit_of_every_step(self):
        made = floor_plan()
        names = [str(each) for each in branches.branches(made.flows[0], made.queues)]
        assert names == [
            "notice:next",
            "notice:refused",
            "menu:billing",
            "menu:sales",
            "menu:tech",
            "menu:otherwise",
            "billing:stays",
            "billing:callback",
            "billing:overflow",
            "sales:stays",
            "sales:callback",
            "sales:overflow",
            "tech:stays",
            "tech:callback",
            "tech:overflow",
            "message:ends",
            "callback:ends",
            "number:typed",
            "number:nothing",
        ]

    def test_a_message_that_nobody_spoke_has_not_ended_the_step(self):
        found = tried(Types("1#"), Presses("0"), Waits("billing"), Silence(601.0), Silence(3.0),
                      outcome="left_in_flow")  # fmt: skip
        assert found.deviation is None
        assert str(found.walked[-1]) == "billing:overflow"

    def test_nothing_typed_is_another_branch(self):
        found = tried(Silence(11.0), Presses("1"), queue="sales")
        assert str(found.walked[1]) == "number:nothing"
