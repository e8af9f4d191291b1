"""A case is opened with a reference that nobody else has, and what hangs on it is attached once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from callfloor.kernel.keys import ring
from callfloor.kernel.models import OutboxEvent
from callfloor.records.cases import queries, services
from callfloor.records.cases.models import Case, CaseEvent, CaseInteraction
from callfloor.records.interactions.services import CallerErased
from tests.records import scenes
from tests.records.cases import contact, opened

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]


def test_references_count_from_one_in_each_year(customer):
    assert [opened(customer).reference for _ in range(2)] == ["CF-2026-000001", "CF-2026-000002"]
    later = opened(customer, now=datetime(2027, 1, 1, 0, 30, tzinfo=UTC))
    assert later.reference == "CF-2027-000001"


def test_a_year_begins_at_midnight_of_the_centre(customer):
    """Budapest is an hour ahead: at half past eleven in London the new year is there."""
    row = opened(customer, now=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    assert row.reference == "CF-2027-000001"


def test_a_case_that_was_not_written_leaves_no_gap(customer):
    opened(customer)
    with transaction.atomic():
        opened(customer)
        transaction.set_rollback(True)
    assert opened(customer).reference == "CF-2026-000002"


def test_it_is_told_in_the_same_transaction_and_begins_with_one_event(customer):
    row = opened(customer, details="It should have come on Monday.", code="later")
    [told] = OutboxEvent.objects.filter(name="CaseOpened")
    assert (told.subject, told.body["reference"]) == (f"case:{row.id}", row.reference)
    assert told.body["code"] == "later"
    [event] = CaseEvent.objects.filter(case_id=row.id)
    assert (event.number, event.kind, event.by_id) == (1, "opened", "anna")
    assert b"Monday" not in bytes(event.text)
    assert b"parcel" not in bytes(Case.objects.get().subject)
    assert (row.subject, row.stage, row.due_at) == (
        "Where is my parcel?",
        "new",
        scenes.NOW + timedelta(hours=4),
    )


def test_an_interaction_is_attached_once(customer):
    chat = contact(customer)
    row = opened(customer, origin=chat)
    services.attach(case_id=row.id, interaction_id=chat, by="anna", now=scenes.NOW)
    services.attach(case_id=row.id, interaction_id=contact(customer), by="anna", now=scenes.NOW)
    assert CaseInteraction.objects.filter(case_id=row.id).count() == 2
    kinds = CaseEvent.objects.filter(case_id=row.id).order_by("number").values_list("kind")
    assert [kind for (kind,) in kinds] == ["opened", "attached", "attached"]


def test_an_interaction_of_another_client_is_refused(customer):
    row = opened(customer)
    scenes.Client.objects.get(key="zeta")
    foreign = contact(customer, client="zeta")
    with pytest.raises(services.OtherClient):
        services.attach(case_id=row.id, interaction_id=foreign, by="anna", now=scenes.NOW)
    assert CaseInteraction.objects.count() == 0


def test_open_cases_and_references_are_found(customer):
    row = opened(customer)
    assert queries.open_cases_of(customer_id=customer.id) == [row]
    assert queries.case_by_reference(reference=" cf 2026 000001 ") == row
    assert queries.case_by_reference(reference="CF-2026-000002") is None
    assert queries.case_by_reference(reference="'; DROP") is None


def test_nothing_is_opened_for_an_erased_customer(customer):
    ring.destroy(subject=customer.subject, now=scenes.NOW)
    with pytest.raises(CallerErased):
        opened(customer)
    assert Case.objects.count() == 0


def test_what_the_centre_has_noticed_needs_no_customer(customer):
    row = opened(customer, customer_id=None, kind="incident", subject="No internet in the north")
    assert (row.customer, row.subject) == (None, "No internet in the north")
