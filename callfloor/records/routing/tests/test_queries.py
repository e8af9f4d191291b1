"""Queues, codes, numbers and flows of the person's own clients."""

import pytest
from django.utils import translation

from callfloor.kernel import access
from callfloor.records.routing import queries
from callfloor.records.routing.models import Flow
from tests.records import scenes

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("scene"),
]


class TestQueues:
    def test_are_those_of_the_persons_clients(self):
        rows = queries.queues(person=scenes.person("bela"))
        assert [(row.key, row.name, row.client_name) for row in rows] == [
            ("billing", "Billing", "Acme"),
            ("orders", "Orders", "Acme"),
        ]
        need = queries.SkillNeed(key="talk", name="Talking", level=1)
        assert rows[0].tiers == (queries.TierRow(after_seconds=0, requires=(need,)),)

    def test_a_queue_without_a_name_shows_its_key(self):
        rows = queries.queues(person=scenes.person("zoe"))
        assert [(row.key, row.name) for row in rows] == [("zeta_help", "zeta_help")]

    def test_names_follow_the_language(self):
        with translation.override("hu"):
            names = queries.queue_names(person=scenes.person("bela"))
        assert names == {"billing": "Számlázás", "orders": "Orders"}

    def test_are_forbidden_without_the_duty(self):
        with pytest.raises(access.Forbidden):
            queries.queues(person=scenes.Someone())


class TestDispositions:
    def test_are_the_clients_in_order(self):
        rows = queries.dispositions(person=scenes.person("anna"), client="acme")
        assert [(row.key, row.name) for row in rows] == [("solved", "Solved"), ("later", "Later")]

    def test_of_a_foreign_client_do_not_exist(self):
        with pytest.raises(access.NotFound):
            queries.dispositions(person=scenes.person("bela"), client="zeta")

    def test_the_same_key_has_each_clients_own_name(self):
        pairs = [("acme", "solved"), ("zeta", "solved"), ("acme", "")]
        assert queries.disposition_names_of(pairs=pairs) == {
            ("acme", "solved"): "Solved",
            ("zeta", "solved"): "Solved for Zeta",
        }


class TestFlow:
    def test_a_shared_flow_is_everybodys(self):
        row = queries.flow(person=scenes.person("zoe"), key="main", version=1)
        assert [step["key"] for step in row.steps] == ["end"]

    def test_a_foreign_or_missing_one_does_not_exist(self):
        Flow.objects.create(key="secret", version=1, client_id="acme")
        for key, version in (("secret", 1), ("main", 9)):
            with pytest.raises(access.NotFound):
                queries.flow(person=scenes.person("zoe"), key=key, version=version)


class TestCentre:
    def test_is_named_with_its_plan(self):
        centre = queries.centre()
        assert (centre.name, centre.timezone, centre.plan_version) == (
            "Sample centre",
            "Europe/Budapest",
            "v1",
        )

    def test_away_reasons_have_names(self):
        with translation.override("hu"):
            assert queries.away_reasons() == [queries.AwayRow(key="lunch", name="Ebéd", paid=False)]

    def test_numbers_are_those_of_the_persons_clients(self):
        rows = queries.numbers(person=scenes.person("zoe"))
        assert [(row.number, row.client_name, row.language) for row in rows] == [
            ("901", "Zeta", "fa")
        ]


class TestWithoutAPlan:
    def test_there_is_no_centre(self, db):
        queries.PlanVersion.objects.all().delete()
        assert queries.centre() is None
        assert queries.current_plan() is None
        assert queries.away_reasons() == []
