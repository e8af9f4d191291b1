"""Descriptions of the roles that this version has, and of those that a centre has made."""

import pytest
from django.conf import settings
from django.utils import translation

from callfloor.departments.human_resources import queries, rules, services
from callfloor.departments.human_resources.models import JobDescription
from callfloor.departments.human_resources.queries import facts, words
from callfloor.departments.human_resources.tests import centre
from callfloor.kernel import access, department
from callfloor.kernel.competences import COMPETENCES
from callfloor.kernel.kpis import KPIS
from callfloor.kernel.learning import ARTICLES, LESSONS
from callfloor.kernel.testing import FakePerson, row_counts
from callfloor.records.people.queries import notices
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

WRITER = FakePerson(
    key="hana", clients=frozenset({"acme"}), permissions=frozenset({"jobs.see", "jobs.write"})
)
READER = FakePerson(clients=frozenset({"acme"}), permissions=frozenset({"jobs.see"}))


@pytest.fixture(autouse=True)
def applied(scene):
    """Give the scene's centre a file that says what it is for."""
    centre.apply()


def standard_roles():
    known = {work.key: work for work in facts.works()}
    return [
        rules.Role(key=role.key, works=tuple(known[key] for key in known if key in role.duties))
        for role in department.roles()
    ]


def test_every_sentence_of_every_standard_role_resolves():
    """No orphan sentence: what it comes from exists, and it says something in six languages."""
    said_of = facts.centre()
    values = {"mission", *(value.key for value in said_of.values)}
    skills = {*COMPETENCES, *said_of.languages, *(level.skill for level in said_of.levels)}
    sources = {"duty": department.duties(), "kpi": KPIS, "skill": skills, "value": values}
    count = 0
    for role in standard_roles():
        for sentence in rules.describe(role, centre=said_of):
            kind, _, key = sentence.trace.partition(":")
            assert key in sources[kind], f"{role.key}: {sentence.trace}"
            if sentence.section == "learn":
                assert sentence.about in {**LESSONS, **ARTICLES}, f"{role.key}: {sentence.about}"
            count += 1
            for code, _ in settings.LANGUAGES:
                with translation.override(code):
                    assert words.say(sentence).strip()
    assert count > 9 * len(standard_roles())


def test_every_requirement_of_every_standard_role_is_seen_somewhere():
    """F33.2: a competence has its question, a language its talk, a duty one of its own."""
    questions = queries.questions(facts.centre())
    for role in standard_roles():
        for sentence in rules.describe(role, centre=facts.centre()):
            if sentence.section in ("duties", "bring"):
                assert sentence.proofs, f"{role.key}: {sentence.trace}"
            for proof in sentence.proofs:
                assert words.proof(proof, questions=questions) != proof.partition(":")[2]


def test_agent_who_becomes_hybrid_gains_duties_the_lesson_on_consent_and_the_measure_of_sales():
    """F33.1, on the duties that this version has."""
    said_of, works = facts.centre(), facts.works()
    agent = next(role for role in standard_roles() if role.key == "agent")
    inbound = rules.tailor(agent, rules.Answers(environment="inbound"), works=works)
    hybrid = rules.tailor(inbound, rules.Answers(environment="hybrid"), works=works)
    change = rules.changes(
        rules.describe(inbound, centre=said_of), rules.describe(hybrid, centre=said_of)
    )
    added = {(sentence.kind, sentence.trace, sentence.about) for sentence in change.added}
    assert ("duty", "duty:outbound.call_out", "") in added
    assert ("duty", "duty:sales.sell", "") in added
    assert ("lesson", "duty:outbound.call_out", "consent") in added
    assert ("kpi", "kpi:conversion", "") in added
    assert change.removed == ()


def test_every_side_names_a_duty():
    """A duty that is renamed must not fall off the line."""
    assert set(facts.SIDES) <= set(department.duties())
    assert set(facts.SIDES.values()) == {"inbound", "outbound"}
    assert set(facts.CORE) <= set(facts.SIDES)


def test_role_is_described_from_the_records_and_the_file():
    job = queries.job(person=READER, key="agent")
    with translation.override("en"):
        said = [words.say(sentence) for sentence in job.sentences]
    assert "What the center is there for: Every caller is served" in said
    assert "Your place is in this department: Front line." in said
    assert "Take calls and finish them with a disposition" in said
    assert "To serve customers in this language, you speak it well: Hungarian." in said
    assert "Level 2 of 5 for contacts of this kind: Talking." in said
    assert "The lines are open at these hours: Mon–Fri 08:00–18:00." in said
    assert "Own it" in said


def test_target_stands_with_its_measure():
    """F33.3: the role's own target, in the words of the catalog."""
    sentence = rules.Sentence(
        section="measure", kind="kpi", trace="kpi:service_level", values={"target": 0.85}
    )
    with translation.override("en"):
        said = words.say(sentence)
    assert said.startswith("Service level: ")
    assert said.endswith("Target: at least 85%.")
    with translation.override("fa"):
        assert "۸۵٪" in words.say(sentence)
    assert facts.centre().targets == {
        ("service_level", None): 0.8,
        ("service_level", "agent"): 0.85,
    }


class TestIssue:
    def test_version_keeps_what_was_said_in_every_language(self):
        assert services.issue(person=WRITER, key="agent", now=scenes.NOW, chance=bytes(10)) == 1
        row = JobDescription.objects.get()
        assert set(row.texts) == {code for code, _ in settings.LANGUAGES}
        assert {len(said) for said in row.texts.values()} == {len(row.body)}
        job = queries.job(person=READER, key="agent")
        assert job.change is not None
        assert job.change.is_none
        assert job.issued is not None
        assert job.issued.sentences == job.sentences
        assert (job.issued.version, job.issued.made_by) == (1, "Hana Hegyi")

    def test_same_description_is_not_issued_twice(self):
        services.issue(person=WRITER, key="agent", now=scenes.NOW, chance=bytes(10))
        before = row_counts()
        with pytest.raises(services.NothingChanged):
            services.issue(person=WRITER, key="agent", now=scenes.NOW, chance=bytes(10))
        assert row_counts() == before

    def test_changed_role_becomes_the_next_version(self):
        services.issue(person=WRITER, key="agent", now=scenes.NOW, chance=bytes(10))
        centre.apply(parts=centre.WIDER)
        chance = bytes(range(10))
        assert services.issue(person=WRITER, key="agent", now=scenes.NOW, chance=chance) == 2
        assert [row.version for row in JobDescription.objects.order_by("version")] == [1, 2]

    def test_whoever_has_the_role_is_told_where_to_read_it(self):
        services.issue(
            person=WRITER, key="agent", now=scenes.NOW, chance=bytes(10), place="/jobs/agent"
        )
        holders = queries.holders_of("agent")
        assert holders
        for key in holders:
            (row,) = notices.unread(person=scenes.person(key))
            assert (row.kind, row.place, row.detail) == (
                "job", "/jobs/agent", {"role": "agent", "version": 1},
            )  # fmt: skip
        assert notices.unread_count(person=scenes.person("hana")) == 0

    @pytest.mark.parametrize(
        ("person", "key", "refusal"),
        [
            (READER, "agent", access.Forbidden),
            (WRITER, "nobody", access.NotFound),
            (WRITER, "guest", services.NoDuties),
        ],
    )
    def test_refusal_leaves_nothing_behind(self, person, key, refusal):
        before = row_counts()
        with pytest.raises(refusal):
            services.issue(person=person, key=key, now=scenes.NOW, chance=bytes(10))
        assert row_counts() == before


class TestChange:
    def test_list_says_which_descriptions_have_changed(self):
        services.issue(person=WRITER, key="agent", now=scenes.NOW, chance=bytes(10))
        services.issue(person=WRITER, key="manager", now=scenes.NOW, chance=bytes(range(10)))
        centre.apply(parts=centre.WIDER)
        states = {row.key: row.state for row in queries.jobs(person=READER)}
        assert states["agent"] == "changed"
        assert states["manager"] == "up_to_date"
        assert states["team_leader"] == "not_issued"

    def test_role_that_gains_a_duty_has_gained_a_sentence(self):
        services.issue(person=WRITER, key="agent", now=scenes.NOW, chance=bytes(10))
        centre.apply(parts=centre.WIDER)
        change = queries.job(person=READER, key="agent").change
        assert change is not None
        assert "duty:inbound.lead_team" in [sentence.trace for sentence in change.added]

    def test_those_who_are_to_be_told_are_named_as_far_as_the_reader_knows_them(self):
        stranger = FakePerson(clients=frozenset({"zeta"}), permissions=frozenset({"jobs.see"}))
        job = queries.job(person=stranger, key="agent")
        assert [holder.key for holder in job.holders] == ["anna"]
        assert job.holders_hidden == 1


def test_without_the_duty_nothing_is_told():
    nobody = FakePerson(clients=frozenset({"acme"}))
    with pytest.raises(access.Forbidden):
        queries.jobs(person=nobody)
    with pytest.raises(access.Forbidden):
        queries.job(person=nobody, key="agent")
    with pytest.raises(access.Forbidden):
        queries.choose(person=nobody, answers=rules.Answers(), wanted=None)
