"""Somebody is met by what identifies him: known once, and never taken for another."""

import hashlib

import pytest
from django.db import IntegrityError, transaction

from callfloor.kernel.keys import ring
from callfloor.records.customers import queries, services
from callfloor.records.customers.models import Customer, Identity
from callfloor.records.customers.services import meeting
from callfloor.records.customers.tests.test_services import caller, take
from tests.records import scenes

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("scene"),
]

ADDRESS = "Nora@Example.com"


def chance(text):
    return hashlib.sha256(text.encode()).digest()[:10]


def meet(value=ADDRESS, *, kind="address", client="acme", seed="1", **more):
    values = {"evidence": "mail:1", "language": "hu", "now": scenes.NOW} | more
    return services.meet(client=client, kind=kind, value=value, chance=chance(seed), **values)


def share(number):
    """Say that a number is used by several people, as a page does it."""
    index = ring.blind_index(kind="number", value=number)
    Identity.objects.filter(kind="number", index=index).update(shared=True)


class TestMeet:
    def test_who_is_not_known_becomes_a_customer_with_his_evidence(self):
        met = meet(name="Nora Quist")
        assert met == services.Meeting(customer_id=met.customer_id, is_new=True)
        detail = queries.detail(
            person=scenes.person("mara"), customer_id=met.customer_id, now=scenes.NOW
        )
        assert (detail.name, detail.language) == ("Nora Quist", "hu")
        assert [(row.kind, row.value, row.evidence) for row in detail.identities] == [
            ("address", "nora@example.com", "mail:1")
        ]

    @pytest.mark.parametrize("again", ["nora@example.com", " NORA@example.COM "])
    def test_who_is_known_is_found_in_any_spelling(self, again):
        first = meet()
        second = meet(again, seed="2", name="Somebody Else")
        assert second == services.Meeting(customer_id=first.customer_id, is_new=False)
        assert queries.name_of(customer_id=first.customer_id) == ""

    def test_who_has_called_is_known_by_his_number_in_any_usual_spelling(self):
        customer = take(caller("a")).by_item["a"]
        assert meet("0036 1 555-0100", kind="number").customer_id == customer.id

    def test_who_was_met_by_number_is_known_when_he_calls(self):
        met = meet("+36 1 555 0100", kind="number")
        assert take(caller("a")).by_item["a"].id == met.customer_id

    def test_each_client_and_each_mark_has_customers_of_its_own(self):
        met = {meet(seed=str(n), **more).customer_id for n, more in enumerate(
            ({}, {"client": "zeta"}, {"simulated": True})
        )}  # fmt: skip
        assert len(met) == 3

    @pytest.mark.parametrize(
        ("kind", "value"),
        [("number", "hello"), ("address", "nora"), ("handle", "@"), ("visitor", "")],
    )
    def test_what_identifies_nobody_is_refused_and_nothing_is_kept(self, kind, value):
        with pytest.raises(services.NoIdentity):
            meet(value, kind=kind)
        assert Customer.objects.count() == 0

    def test_a_writer_who_was_slower_writes_nothing_and_hears_of_it(self):
        """Both looked when nobody was there; the other's row came first."""
        meet(seed="other")
        customer = meeting._made(
            "acme", language="hu", now=scenes.NOW, chance=chance("mine"), simulated=False
        )
        index = Identity.objects.get().index
        identity = meeting._identity(customer, "address", index, evidence="x", now=scenes.NOW)
        assert not meeting._written(customer, identity, value=ADDRESS, name="N", now=scenes.NOW)
        assert (Customer.objects.count(), Identity.objects.count()) == (1, 1)

    def test_the_database_itself_keeps_an_identity_once(self):
        meet()
        row = Identity.objects.get()
        other = Customer.objects.create(
            id="other", client_id="acme", first_seen_at=scenes.NOW, last_seen_at=scenes.NOW
        )
        with pytest.raises(IntegrityError), transaction.atomic():
            Identity.objects.create(
                id="twice", client_id="acme", customer=other, kind=row.kind, index=row.index,
                evidence="x", added_at=scenes.NOW,
            )  # fmt: skip


class TestSharedNumber:
    """R-F18.2: a call from a switchboard offers candidates and attaches nothing."""

    @pytest.fixture
    def nora(self):
        customer = take(caller("a", name="Nora")).by_item["a"]
        share("+3615550100")
        return customer

    def test_gives_candidates_and_a_customer_of_his_own(self, nora):
        met = meet("+3615550100", kind="number", seed="2")
        assert (met.is_new, met.candidates) == (True, (nora.id,))
        assert met.customer_id != nora.id
        again = meet("+3615550100", kind="number", seed="3")
        assert again.customer_id not in (met.customer_id, nora.id)
        assert again.candidates == (nora.id,)

    def test_each_call_is_somebody_of_his_own(self, nora):
        taken = take(caller("b"), caller("c"))
        ids = {taken.by_item["b"].id, taken.by_item["c"].id, nora.id}
        assert len(ids) == 3
        assert take(caller("d")).by_item["d"].id not in ids

    def test_the_floor_is_told_of_nobody(self, nora):
        token = ring.blind_index(kind="number", value="+3615550100")
        assert queries.known_caller(client="acme", token=token) is None


class TestLearn:
    def learn(self, customer_id, value=ADDRESS, kind="address"):
        return services.learn(
            customer_id=customer_id, kind=kind, value=value, evidence="chat:1",
            now=scenes.NOW, confidence="said",
        )  # fmt: skip

    def test_what_is_free_becomes_his_and_he_is_met_by_it(self):
        visitor = meet("v1", kind="visitor")
        assert self.learn(visitor.customer_id) == services.Learned(is_his=True)
        assert meet(seed="2").customer_id == visitor.customer_id
        assert Identity.objects.get(kind="address").confidence == "said"
        assert self.learn(visitor.customer_id) == services.Learned(is_his=True)
        assert Identity.objects.count() == 2

    def test_what_is_anothers_stays_his_and_he_is_a_candidate(self):
        nora = meet()
        visitor = meet("v1", kind="visitor", seed="2")
        learned = self.learn(visitor.customer_id)
        assert learned == services.Learned(is_his=False, candidates=(nora.customer_id,))
        assert Identity.objects.filter(customer_id=visitor.customer_id).count() == 1


class TestCallersMeetOthers:
    def test_a_batch_that_was_overtaken_writes_nothing_and_finds_him_next_time(self):
        prepared = services.prepare_callers([caller("a")], now=scenes.NOW)
        met = meet("+3615550100", kind="number")
        with pytest.raises(services.OvertakenByOther), transaction.atomic():
            services.write_callers(prepared)
        assert list(Customer.objects.values_list("id", flat=True)) == [met.customer_id]
        assert take(caller("a")).by_item["a"].id == met.customer_id
