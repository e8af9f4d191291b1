"""Duties carry permissions, roles carry duties, the menu shows what they open."""

import pytest

from callfloor.kernel import department, duties
from callfloor.kernel.access import Rights
from callfloor.kernel.department import Department, Duty, MenuEntry, Panel, Role

pytestmark = pytest.mark.pure

SALES = Department(
    key="sales",
    name="Sales",
    duties=(Duty(key="sell", name="Sell", may=("calls.take",)),),
    menu=(
        MenuEntry(key="b", name="B", url_name="b", icon="i", permission="calls.take", order=2),
        MenuEntry(key="a", name="A", url_name="a", icon="i", permission="calls.take", order=1),
        MenuEntry(key="c", name="C", url_name="c", icon="i", permission="audit.read"),
    ),
    panels=(
        Panel(place="side", query=dict, template="t.html", permission="calls.take"),
        Panel(place="top", query=dict, template="t.html", permission="calls.take"),
        Panel(place="side", query=dict, template="u.html", permission="audit.read"),
    ),
)
CARE = Department(
    key="care",
    name="Care",
    duties=(
        Duty(key="help", name="Help", may=("calls.take", "queues.read")),
        Duty(key="lead", name="Lead", may=("floor.lead",)),
    ),
)
ROLES = (
    Role(key="seller", name="Seller", duties=("sales.sell",)),
    Role(key="helper", name="Helper", duties=("care.help", "sales.sell")),
)


@pytest.fixture(autouse=True)
def joined():
    """Join two departments in place of the centre's own."""
    before = department.departments(), department.roles()
    department.join(departments=(SALES, CARE), roles=ROLES)
    yield
    department.join(departments=before[0], roles=before[1])


class TestRoles:
    def test_permissions_are_those_of_all_duties(self):
        assert department.permissions_of(("helper",)) == {"calls.take", "queues.read"}
        assert department.permissions_of(("seller", "helper")) == {"calls.take", "queues.read"}

    def test_an_unknown_role_opens_nothing(self):
        assert department.permissions_of(("king",)) == frozenset()
        assert department.role("king") is None

    def test_duties_come_once_in_the_order_of_departments(self):
        found = department.duties_of(("helper", "seller"))
        assert [(place.key, duty.key) for place, duty in found] == [
            ("sales", "sell"),
            ("care", "help"),
        ]

    def test_a_role_may_not_name_a_duty_that_does_not_exist(self):
        wrong = Role(key="x", name="X", duties=("care.dance",))
        with pytest.raises(AssertionError):
            department.join(departments=(CARE,), roles=(wrong,))


class TestMenu:
    def test_shows_what_the_rights_open_in_order(self):
        rights = Rights(person="p", clients=frozenset(), permissions=frozenset({"calls.take"}))
        assert [entry.key for entry in department.menu(rights=rights)] == ["a", "b"]
        assert [p.template for p in department.panels(place="side", rights=rights)] == ["t.html"]

    def test_is_empty_without_rights(self):
        rights = Rights(person="p", clients=frozenset(), permissions=frozenset())
        assert department.menu(rights=rights) == []
        assert department.panels(place="side", rights=rights) == []


class TestPermissions:
    def test_the_list_knows_what_manifests_use(self):
        odd = Department(
            key="odd", name="Odd", duties=(Duty(key="d", name="D", may=("odd.thing",)),)
        )
        assert duties.unknown_permissions((SALES, CARE)) == set()
        assert duties.unknown_permissions((odd,)) == {"odd.thing"}
