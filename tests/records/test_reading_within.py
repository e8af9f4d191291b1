"""What is read by short statements is what `access.within` leaves: own clients, nothing hidden."""

import datetime as dt

import pytest

from callfloor.kernel import access
from callfloor.records.cases.models import Case
from callfloor.records.customers.models import Customer
from callfloor.records.people.models import Client, Person
from tests.records.scenes import Someone

pytestmark = [pytest.mark.db, pytest.mark.django_db]
AT = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)


class TestHidden:
    """A complaint does not exist for the person whom it is about."""

    @pytest.fixture
    def cases(self):
        Client.objects.create(key="acme")
        for key in ("anna", "ben"):
            Person.objects.create(key=key, created_at=AT)
        for number, about in enumerate(("anna", "ben", None)):
            Case.objects.create(
                id=f"case{number}",
                client_id="acme",
                reference=f"CF-2026-00000{number}",
                kind="complaint",
                hidden_from_id=about,
                opened_at=AT,
            )
        return Case.objects.order_by("id")

    @pytest.mark.parametrize("key", ["anna", "ben", "cili"])
    def test_reads_and_counts_what_within_leaves(self, cases, key):
        person = Someone(key=key)

        found = access.read(person, Case, "kind = %s", ["complaint"], then="ORDER BY id")

        assert found == list(access.within(person, cases))
        assert len(found) == access.count(person, Case, "kind = %s", ["complaint"])
        assert key not in {case.hidden_from_id for case in found}

    def test_requires_no_row_that_is_hidden(self, cases):
        anna = Someone(key="anna", may=("cases.read",))
        with pytest.raises(access.NotFound):
            access.require_key(anna, "cases.read", Case, "case0")
        assert access.require_key(anna, "cases.read", Case, "case1").id == "case1"


class TestRequireKey:
    @pytest.fixture
    def customers(self):
        for client in ("acme", "zeta"):
            Client.objects.create(key=client)
            Customer.objects.create(
                id=f"{client}1", client_id=client, first_seen_at=AT, last_seen_at=AT
            )

    def test_gives_the_row(self, customers):
        person = Someone(may=("customers.read",))
        assert access.require_key(person, "customers.read", Customer, "acme1").id == "acme1"

    @pytest.mark.parametrize("key", ["zeta1", "nothing"])
    @pytest.mark.parametrize("may", [(), ("customers.read",)])
    def test_a_foreign_row_and_a_missing_one_are_the_same(self, customers, key, may):
        with pytest.raises(access.NotFound):
            access.require_key(Someone(may=may), "customers.read", Customer, key)

    def test_refuses_an_own_row_without_the_duty(self, customers):
        with pytest.raises(access.Forbidden):
            access.require_key(Someone(), "customers.read", Customer, "acme1")
