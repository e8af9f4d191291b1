"""Pages of several clients' rows stand as one sorted list would."""

import datetime as dt

import pytest

from callfloor.kernel import lists
from callfloor.records.customers.models import Customer
from callfloor.records.people.models import Client

pytestmark = [pytest.mark.db, pytest.mark.django_db]
START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


@pytest.fixture
def customers():
    """Twelve customers of three clients, met in turn; two of each moment's tie."""
    for client in "abc":
        Client.objects.create(key=client)
    return [
        Customer.objects.create(
            id=f"c{number:02}",
            client_id="abc"[number % 3],
            first_seen_at=START,
            last_seen_at=START + dt.timedelta(minutes=number // 2),
            simulated=number % 4 == 0,
        )
        for number in range(12)
    ]


def cut(*, clients="abc", page=1, size=5, falls=True, real_only=False):
    conditions = lists.Conditions()
    if real_only:
        conditions.add("simulated = %s", False)
    return lists.cut(
        Customer,
        clients=list(clients),
        conditions=conditions,
        order=lists.Order(column="last_seen_at", falls=falls),
        page=page,
        size=size,
        build=lambda rows: [row.id for row in rows],
    )


@pytest.mark.parametrize("falls", [True, False])
@pytest.mark.parametrize("clients", ["abc", "ac", "b"])
@pytest.mark.parametrize("real_only", [True, False])
def test_pages_together_are_the_whole_list(customers, falls, clients, real_only):
    sign = "-" if falls else ""
    rows = Customer.objects.filter(client_id__in=clients)
    rows = rows.filter(simulated=False) if real_only else rows
    wanted = [row.id for row in rows.order_by(f"{sign}last_seen_at", f"{sign}id")]

    first = cut(clients=clients, falls=falls, size=3, real_only=real_only)
    pages = [
        cut(clients=clients, falls=falls, size=3, page=number, real_only=real_only)
        for number in range(1, first.pages + 1)
    ]

    assert [id_ for page in pages for id_ in page.rows] == wanted
    assert first.total == len(wanted)


def test_nobodys_clients_have_no_rows(customers):
    assert cut(clients="").rows == ()


def test_a_page_beyond_the_last_is_the_last(customers):
    assert cut(page=99).page == 3
    assert cut(page=99).rows == ("c01", "c00")
