"""Callers become customers of one client; erasure leaves nothing to read."""

from datetime import UTC, datetime

import pytest

from callfloor.kernel import access
from callfloor.kernel.keys import ring
from callfloor.kernel.models import AuditEntry
from callfloor.records.customers import queries, services
from callfloor.records.customers.models import Customer, Identity
from tests.records import scenes

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("scene"),
]

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
NUMBER = "+3615550100"


def caller(item, *, number=NUMBER, client="acme", name=None, simulated=False):
    token = ring.blind_index(kind="number", value=number) if number else None
    return services.Caller(
        item=item,
        client=client,
        token=token,
        number=number,
        name=name,
        at=AT,
        simulated=simulated,
    )


def take(*callers):
    prepared = services.prepare_callers(callers, now=scenes.NOW)
    services.write_callers(prepared)
    return prepared


class TestCallers:
    def test_the_same_number_is_the_same_customer(self):
        one = take(caller("a"), caller("b"))
        two = take(caller("c"))
        ids = {one.by_item["a"].id, one.by_item["b"].id, two.by_item["c"].id}
        assert len(ids) == 1
        assert Identity.objects.count() == 1

    def test_each_client_knows_a_caller_on_its_own(self):
        prepared = take(caller("a"), caller("b", client="zeta"))
        assert prepared.by_item["a"].id != prepared.by_item["b"].id
        assert {row.client_id for row in Identity.objects.all()} == {"acme", "zeta"}

    def test_simulated_and_real_callers_never_meet(self):
        prepared = take(caller("a"), caller("b", simulated=True))
        assert prepared.by_item["a"].id != prepared.by_item["b"].id

    def test_who_hides_his_number_is_a_customer_each_time(self):
        prepared = take(caller("a", number=None), caller("b", number=None))
        assert prepared.by_item["a"].id != prepared.by_item["b"].id
        assert Identity.objects.count() == 0

    def test_a_second_run_makes_the_same_customer(self):
        before = services.prepare_callers([caller("a")], now=scenes.NOW)
        after = take(caller("a"))
        assert before.by_item["a"].id == after.by_item["a"].id
        assert before.keys == after.keys

    def test_a_change_by_a_person_is_not_undone(self):
        customer = take(caller("a", name="As Called")).by_item["a"]
        prepared = services.prepare_callers([caller("b")], now=scenes.NOW)
        services.rename(
            person=scenes.person("cili"), customer_id=customer.id, name="As Known", now=scenes.NOW
        )
        services.write_callers(prepared)
        assert queries.name_of(customer_id=customer.id) == "As Known"


class TestRename:
    def test_is_noted_without_the_name(self):
        customer = take(caller("a")).by_item["a"]
        person = scenes.person("cili")
        services.rename(person=person, customer_id=customer.id, name=" Éva ", now=scenes.NOW)
        assert queries.name_of(customer_id=customer.id) == "Éva"
        entry = AuditEntry.objects.get(action="customer.renamed")
        assert (entry.about, entry.client, entry.detail) == (f"customer:{customer.id}", "acme", {})

    @pytest.mark.parametrize(
        ("who", "refusal"), [("zoe", access.NotFound), ("anna", access.Forbidden)]
    )
    def test_is_refused_and_nothing_happens(self, who, refusal):
        customer = take(caller("a", name="Éva")).by_item["a"]
        with pytest.raises(refusal):
            services.rename(
                person=scenes.person(who), customer_id=customer.id, name="X", now=scenes.NOW
            )
        assert queries.name_of(customer_id=customer.id) == "Éva"
        assert not AuditEntry.objects.filter(action="customer.renamed").exists()


class TestErase:
    def erase(self, customer, who="mara"):
        services.erase(person=scenes.person(who), customer_id=customer.id, now=scenes.NOW)

    def test_nothing_can_be_read_and_the_row_stays(self):
        customer = take(caller("a", name="Éva")).by_item["a"]
        self.erase(customer)
        row = Customer.objects.get(id=customer.id)
        assert (row.erased_at, row.name) == (scenes.NOW, None)
        assert not Identity.objects.filter(customer=row).exists()
        assert ring.get(subjects=[customer.subject]) == {}
        assert queries.called(ids=[customer.id])[customer.id].label == "Erased"

    def test_who_calls_again_is_somebody_new(self):
        customer = take(caller("a")).by_item["a"]
        self.erase(customer)
        assert take(caller("b")).by_item["b"].id != customer.id

    def test_a_second_time_is_refused(self):
        customer = take(caller("a")).by_item["a"]
        self.erase(customer)
        with pytest.raises(services.ErasedAlready):
            self.erase(customer)
        with pytest.raises(services.ErasedAlready):
            services.rename(
                person=scenes.person("mara"), customer_id=customer.id, name="X", now=scenes.NOW
            )

    @pytest.mark.parametrize(
        ("who", "refusal"), [("zoe", access.NotFound), ("cili", access.Forbidden)]
    )
    def test_is_refused_and_nothing_happens(self, who, refusal):
        customer = take(caller("a", name="Éva")).by_item["a"]
        with pytest.raises(refusal):
            self.erase(customer, who)
        assert queries.name_of(customer_id=customer.id) == "Éva"
