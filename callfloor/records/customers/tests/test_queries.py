"""Customers are found by number, within the person's clients, and each reading is noted."""

import pytest

from callfloor.kernel import access
from callfloor.kernel.models import AuditEntry
from callfloor.records.customers import queries
from callfloor.records.customers.tests.test_services import caller, take
from tests.records import scenes

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("scene"),
]


def find(who="mara", **filters):
    return queries.find(person=scenes.person(who), now=scenes.NOW, **filters)


class TestFind:
    @pytest.mark.parametrize("typed", ["+3615550100", "0036 1 555-0100", "36 1 5550100"])
    def test_finds_a_number_in_any_usual_spelling(self, typed):
        take(caller("a", name="Éva"), caller("b", number="+3615550199"))
        assert [row.label for row in find(number=typed).rows] == ["Éva"]

    def test_shows_name_number_or_neither(self):
        take(caller("a", name="Éva"), caller("b", number="+3615550199"), caller("c", number=None))
        assert {row.label for row in find().rows} == {"Éva", "+36 1 555 0199", "Unknown caller"}

    def test_foreign_clients_are_not_there(self):
        take(caller("a"), caller("b", client="zeta"))
        assert [row.client for row in find("zoe").rows] == ["zeta"]
        assert find("zoe", client="acme").rows == ()

    def test_simulated_ones_only_when_asked(self):
        take(caller("a", simulated=True))
        assert find().total == 0
        assert find(include_simulated=True).total == 1

    def test_is_noted_with_ids_and_without_the_number(self):
        customer = take(caller("a")).by_item["a"]
        find(number="+3615550100")
        entry = AuditEntry.objects.get(action="customer.listed")
        assert entry.detail == {"ids": [customer.id], "by_number": True}

    def test_is_forbidden_without_the_duty(self):
        with pytest.raises(access.Forbidden):
            find("ivan")


class TestDetail:
    def test_gives_identities_with_their_evidence(self):
        customer = take(caller("a", name="Éva")).by_item["a"]
        detail = queries.detail(
            person=scenes.person("mara"), customer_id=customer.id, now=scenes.NOW
        )
        assert (detail.name, detail.client_name) == ("Éva", "Acme")
        assert [(row.kind, row.value, row.evidence) for row in detail.identities] == [
            ("number", "+3615550100", "call:a")
        ]

    def test_a_foreign_customer_does_not_exist_and_nothing_is_noted(self):
        customer = take(caller("a")).by_item["a"]
        with pytest.raises(access.NotFound):
            queries.detail(person=scenes.person("zoe"), customer_id=customer.id, now=scenes.NOW)
        assert not AuditEntry.objects.filter(action="customer.read").exists()


class TestKnownCaller:
    def test_is_known_to_its_own_client_only(self):
        made = caller("a")
        customer = take(made).by_item["a"]
        known = queries.known_caller(client="acme", token=made.token)
        assert known == queries.Known(
            customer=customer.id, language=None, priority_seconds=0.0, preferred_agent=None
        )
        assert queries.known_caller(client="zeta", token=made.token) is None
        assert queries.known_caller(client="acme", token="0" * 32) is None
