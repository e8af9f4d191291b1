"""Three figures of the first contact, each by its own definition."""

from datetime import timedelta

import pytest

from callfloor.records.cases.queries.first_contact import FirstContact, first_contact
from callfloor.records.cases.services import attach, work
from tests.records import scenes
from tests.records.cases import contact, customer, opened

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

NOW = scenes.NOW
AFTER = NOW + timedelta(days=30)
SOMEONE = scenes.Someone(key="anna", may=("cases.read", "cases.write"))


def count(**fields):
    given = {
        "clients": ["acme"],
        "opened_from": NOW - timedelta(days=1),
        "opened_to": AFTER,
        "now": AFTER,
        **fields,
    }
    return first_contact(**given)


def test_each_figure_sees_what_it_is_named_after(scene):
    once, twice, back = (customer(key) for key in ("once", "twice", "back"))
    row = opened(once, origin=contact(once))
    known = {"solution": "Sent."}
    work.close(person=SOMEONE, case_id=row.id, known=known, at_once=True, now=NOW)
    row = opened(twice, origin=contact(twice))
    attach(case_id=row.id, interaction_id=contact(twice), by=None, now=NOW)
    opened(back, origin=contact(back))
    opened(back, origin=contact(back), now=NOW + timedelta(days=2))
    assert count() == FirstContact(cases=4, no_second_contact=3, said_solved=1, did_not_come_back=3)


def test_what_is_not_seven_days_old_says_nothing_yet(scene):
    opened(customer())
    assert count(now=NOW + timedelta(days=7)).cases == 0
    assert count(now=NOW + timedelta(days=7, seconds=1)).cases == 1


def test_others_of_other_clients_and_what_the_twin_made_do_not_count(scene):
    opened(customer("fara", client="zeta"))
    opened(customer(), simulated=True)
    opened(customer("odd"), customer_id=None, kind="incident")
    assert count().cases == 0
