"""What a description says of a role, how two differ, and which role fits."""

import dataclasses

import pytest

from callfloor.departments.human_resources import rules
from callfloor.departments.human_resources.rules import Answers, Centre, Role, Value, Work

pytestmark = pytest.mark.pure

ANSWER = Work(
    key="inbound.answer",
    skills=("listening",),
    lessons=("first_call",),
    articles=("sop_calls",),
    kpis=("service_level", "csat"),
    side="inbound",
    is_core=True,
)
CALL = Work(
    key="outbound.call",
    skills=("listening", "selling"),
    lessons=("consent_law",),
    kpis=("sales",),
    side="outbound",
    is_core=True,
)
SURVEY = Work(key="outbound.survey", side="outbound")
SCORE = Work(key="quality.score", skills=("fairness",), kpis=("calibration",))
COACH = Work(key="quality.coach", skills=("listening",), apart_from=("quality.score",))
WORKS = (ANSWER, CALL, SURVEY, SCORE, COACH)
AGENT = Role(key="agent", environment="inbound", works=(ANSWER,))
JUDGE = Role(key="judge", works=(SCORE,))
CENTRE = Centre(
    mission={"en": "Help."},
    values=(
        Value(key="own_it", names={"en": "Own it"}, question={"en": "When did you?"}),
        Value(key="slogan", names={"en": "Be great"}),
    ),
    objectives=(
        rules.Objective(key="quick", year="2026", names={"en": "Quick"}, kpis=("service_level",)),
        rules.Objective(key="fair", year="2026", names={"en": "Fair"}, kpis=("calibration",)),
    ),
    languages=("hu", "fa"),
    levels=(rules.Level(skill="billing", names={"en": "Billing"}, level=2),),
    hours=(("mon-fri", ("08:00-12:30", "13:00-18:00")),),
    targets={("service_level", None): 0.8, ("csat", "agent"): 4.5, ("csat", None): 4.0},
)


def said(role=AGENT, centre=CENTRE, section=None):
    return [
        (each.kind, each.trace)
        for each in rules.describe(role, centre=centre)
        if section in (None, each.section)
    ]


class TestDescribe:
    def test_says_everything_that_its_duties_and_the_center_say(self):
        assert said() == [
            ("mission", "value:mission"),
            ("place", "duty:inbound.answer"),
            ("objective", "kpi:service_level"),
            ("duty", "duty:inbound.answer"),
            ("competence", "skill:listening"),
            ("language", "skill:hu"),
            ("language", "skill:fa"),
            ("level", "skill:billing"),
            ("kpi", "kpi:service_level"),
            ("kpi", "kpi:csat"),
            ("lesson", "duty:inbound.answer"),
            ("article", "duty:inbound.answer"),
            ("environment", "duty:inbound.answer"),
            ("interaction", "duty:inbound.answer"),
            ("hours", "duty:inbound.answer"),
            ("value", "value:own_it"),
            ("value", "value:slogan"),
        ]

    def test_every_sentence_comes_from_a_duty_a_skill_a_measure_or_a_value(self):
        for role in (AGENT, JUDGE, Role(key="all", works=WORKS)):
            for sentence in rules.describe(role, centre=CENTRE):
                kind, _, key = sentence.trace.partition(":")
                assert kind in rules.SOURCES
                assert key
                assert sentence.section in rules.SECTIONS

    def test_no_two_sentences_are_the_same(self):
        found = rules.describe(Role(key="all", works=WORKS), centre=CENTRE)
        assert len({sentence.identity for sentence in found}) == len(found)

    def test_asks_no_language_of_who_is_not_on_the_line(self):
        assert said(JUDGE, section="bring") == [("competence", "skill:fairness")]
        assert ("hours", "duty:quality.score") not in said(JUDGE)

    def test_role_s_own_target_goes_before_everybody_s(self):
        targets = {
            each.trace: each.values["target"]
            for each in rules.describe(AGENT, centre=CENTRE)
            if each.kind == "kpi"
        }
        assert targets == {"kpi:service_level": 0.8, "kpi:csat": 4.5}

    def test_role_without_duties_has_nothing_to_say(self):
        assert rules.describe(Role(key="empty"), centre=CENTRE) == ()

    def test_says_where_the_work_is_done_by_the_duties_if_the_file_is_silent(self):
        assert Role(key="a", works=(ANSWER, CALL)).surroundings == "hybrid"
        assert Role(key="b", works=(SCORE,)).surroundings is None


class TestChanges:
    def test_agent_who_becomes_hybrid_gains_what_calling_out_brings(self):
        """F33.1: the duty, the lesson on the law of consent, the measure of sales."""
        hybrid = rules.tailor(AGENT, Answers(environment="hybrid"), works=WORKS)
        change = rules.changes(
            rules.describe(AGENT, centre=CENTRE), rules.describe(hybrid, centre=CENTRE)
        )
        assert [(each.kind, each.trace, each.about) for each in change.added] == [
            ("duty", "duty:outbound.call", ""),
            ("competence", "skill:selling", ""),
            ("kpi", "kpi:sales", ""),
            ("lesson", "duty:outbound.call", "consent_law"),
        ]
        assert change.removed == ()
        ((old, new),) = change.changed
        assert (old.values["is"], new.values["is"]) == ("inbound", "hybrid")

    def test_target_that_moves_is_a_change(self):
        moved = Centre(targets={("service_level", None): 0.9})
        before = Centre(targets={("service_level", None): 0.8})
        change = rules.changes(
            rules.describe(AGENT, centre=before), rules.describe(AGENT, centre=moved)
        )
        assert [(old.trace, new.values["target"]) for old, new in change.changed] == [
            ("kpi:service_level", 0.9)
        ]

    def test_same_role_has_not_changed(self):
        found = rules.describe(AGENT, centre=CENTRE)
        assert rules.changes(found, found).is_none

    def test_another_lesson_for_the_same_duty_changes_the_lessons_alone(self):
        taught = Role(
            key="agent", works=(dataclasses.replace(ANSWER, lessons=("first_call", "second")),)
        )
        change = rules.changes(
            rules.describe(AGENT, centre=CENTRE), rules.describe(taught, centre=CENTRE)
        )
        assert [(each.kind, each.about) for each in change.added] == [("lesson", "second")]
        assert (change.removed, change.changed) == ((), ())

    def test_value_that_goes_is_removed(self):
        change = rules.changes(
            rules.describe(AGENT, centre=CENTRE),
            rules.describe(AGENT, centre=rules.above_all(CENTRE, ("own_it",))),
        )
        assert [each.trace for each in change.removed] == ["value:slogan"]


class TestGaps:
    def test_requirement_without_question_test_or_lesson_is_named(self):
        """F33.2: a value that nobody asks about is a slogan."""
        found = rules.without_proof(rules.describe(AGENT, centre=CENTRE))
        assert [each.trace for each in found] == ["value:slogan"]

    def test_duty_that_asks_and_teaches_nothing_is_named(self):
        bare = Role(key="bare", works=(Work(key="inbound.bare"),))
        found = rules.without_proof(rules.describe(bare, centre=Centre()))
        assert [each.trace for each in found] == ["duty:inbound.bare"]

    def test_measure_without_target_is_named(self):
        """F33.3."""
        found = rules.without_target(rules.describe(JUDGE, centre=CENTRE))
        assert [each.trace for each in found] == ["kpi:calibration"]

    def test_file_and_duties_may_contradict_each_other(self):
        assert not rules.contradicts_itself(AGENT)
        assert rules.contradicts_itself(Role(key="a", environment="hybrid", works=(ANSWER,)))
        assert not rules.contradicts_itself(JUDGE)

    def test_duties_that_stay_apart_are_found_from_either_side(self):
        assert rules.apart((SCORE, COACH)) == (("quality.coach", "quality.score"),)
        assert rules.apart((ANSWER, COACH)) == ()


class TestFits:
    def test_role_that_does_it_and_little_else_stands_first(self):
        everything = Role(key="everything", works=WORKS)
        found = rules.fits(Answers(goals=("quality",)), (AGENT, everything, JUDGE))
        assert [(fit.role, fit.share) for fit in found] == [
            ("judge", 1.0),
            ("everything", 0.5),
            ("agent", 0.0),
        ]

    def test_what_was_not_answered_counts_nothing(self):
        (fit,) = rules.fits(Answers(environment="hybrid"), (AGENT,))
        assert fit.points == {"environment": 0.5}

    def test_each_answer_counts_the_same(self):
        (fit,) = rules.fits(Answers(skills=("listening",), interaction="some"), (AGENT,))
        assert fit.points == {"skills": 1.0, "interaction": 0.5}
        assert fit.share == 0.75

    @pytest.mark.parametrize(
        ("works", "level"),
        [((ANSWER,), "constant"), ((ANSWER, SCORE, COACH), "some"), ((), "none")],
    )
    def test_time_with_customers_follows_the_duties(self, works, level):
        assert rules.interaction_of(works) == level


class TestTailor:
    def test_side_that_is_not_wanted_goes(self):
        found = rules.tailor(AGENT, Answers(environment="outbound"), works=WORKS)
        assert (found.keys, found.environment) == (("outbound.call",), "outbound")

    def test_off_the_line_leaves_out_all_of_it(self):
        both = Role(key="both", works=(ANSWER, SCORE))
        found = rules.tailor(both, Answers(interaction="none"), works=WORKS)
        assert found.keys == ("quality.score",)

    def test_what_the_manager_names_himself_wins(self):
        answers = Answers(environment="hybrid", into=("quality.coach",), out=("outbound.call",))
        found = rules.tailor(AGENT, answers, works=WORKS)
        assert found.keys == ("inbound.answer", "quality.coach")

    def test_file_gets_the_lines_that_do_it(self):
        found = rules.tailor(AGENT, Answers(environment="outbound"), works=WORKS)
        assert list(rules.lines_of_file(AGENT, found)) == [
            "roles:",
            "  agent:",
            "    duties: [outbound.call]",
            "    without: [inbound.answer]",
            "    environment: outbound",
        ]
