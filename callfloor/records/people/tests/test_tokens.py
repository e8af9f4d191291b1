"""Tokens open what their duties and their person's duties have in common, and end."""

from datetime import timedelta

import pytest

from callfloor.kernel import access, department
from callfloor.kernel.models import AuditEntry
from callfloor.records.people.models import ApiToken, PersonClient, PersonRole
from callfloor.records.people.queries import tokens as queries
from callfloor.records.people.services import tokens
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

DUTIES = ("management.run_centre", "management.protect_data")
SECRET = "s" * 43


def make(key="mara", *, duties=DUTIES, clients=("acme",), days=30, name="Shop", number=1):
    """Make a token as somebody."""
    return tokens.make_token(
        person=scenes.person(key), name=name, duties=duties, clients=clients, days=days,
        secret=SECRET, now=scenes.NOW, chance=number.to_bytes(10, "big"),
    )  # fmt: skip


def rights(made, *, now=scenes.NOW):
    """Give what a token opens at a moment; None if nothing."""
    found = queries.bearer(text=made.text, now=now)
    return found.person.rights if found else None


def test_opens_what_its_duties_open_for_its_clients(scene):
    found = rights(make())
    assert found.permissions == department.permissions_of_duties(DUTIES)
    assert found.clients == {"acme"}
    assert found.person == "mara"


def test_only_a_digest_is_kept(scene):
    made = make()
    row = ApiToken.objects.get()
    assert SECRET not in str(vars(row))
    assert queries.bearer(text=made.text[:-1] + "t", now=scenes.NOW) is None
    assert queries.bearer(text=made.id, now=scenes.NOW) is None


def test_loses_what_its_person_loses(scene):
    made = make(clients=("acme", "zeta"))
    PersonClient.objects.filter(person_id="mara", client_id="zeta").delete()
    assert rights(made).clients == {"acme"}
    PersonRole.objects.filter(person_id="mara").delete()
    assert rights(made).permissions == frozenset()
    scenes.Person.objects.filter(key="mara").update(is_active=False)
    assert rights(made) is None


def test_never_gets_more_when_its_person_does(scene):
    made = make(duties=DUTIES[:1])
    PersonRole.objects.create(person_id="mara", role="it_support")
    assert rights(made).permissions == department.permissions_of_duties(DUTIES[:1])


def test_ends_at_its_end_and_when_revoked(scene):
    made = make(days=1)
    assert rights(made, now=scenes.NOW + timedelta(hours=23)) is not None
    assert rights(made, now=scenes.NOW + timedelta(days=1)) is None
    tokens.revoke_token(person=scenes.person("mara"), token=made.id, now=scenes.NOW)
    assert rights(made) is None
    actions = list(AuditEntry.objects.filter(about=f"token:{made.id}").order_by("number"))
    assert [entry.action for entry in actions] == ["token.made", "token.revoked"]


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"duties": ("it_support.keep_running",)}, tokens.NotOnesOwn),
        ({"duties": ("no.duty",)}, tokens.NotOnesOwn),
        ({"clients": ("other",)}, tokens.NotOnesOwn),
        ({"duties": ()}, tokens.NothingToOpen),
        ({"clients": ()}, tokens.NothingToOpen),
        ({"days": 0}, tokens.WrongEnd),
        ({"days": 367}, tokens.WrongEnd),
        ({"name": "  "}, tokens.NoName),
        ({"name": "x" * 81}, tokens.NoName),
        ({"key": "anna", "duties": ("inbound.take_contacts",)}, access.Forbidden),
    ],
)
def test_what_cannot_be_is_refused(scene, said, fault):
    with pytest.raises(fault):
        make(**said)
    assert not ApiToken.objects.exists()


def test_a_client_of_another_is_no_choice(scene):
    with pytest.raises(tokens.NotOnesOwn):
        make("adam", clients=("acme", "zeta"))


def test_who_may_revoke(scene):
    mine, his = make("zoe", clients=("zeta",)), make("adam", number=2)
    with pytest.raises(access.NotFound):  # They share no client.
        tokens.revoke_token(person=scenes.person("zoe"), token=his.id, now=scenes.NOW)
    with pytest.raises(access.NotFound):
        tokens.revoke_token(person=scenes.person("anna"), token=mine.id, now=scenes.NOW)
    assert rights(mine) is not None
    tokens.revoke_token(person=scenes.person("ivan"), token=his.id, now=scenes.NOW)
    assert rights(his) is None


def test_list_says_who_used_it_last(scene):
    made = make()
    found = queries.bearer(text=made.text, now=scenes.NOW)
    tokens.note_use(bearer=found, address="198.51.100.7", now=scenes.NOW)
    (row,) = queries.tokens(person=scenes.person("mara"), now=scenes.NOW)
    assert (row.used_at, row.used_from, row.is_valid, row.lost) == (
        scenes.NOW, "198.51.100.7", True, 0,
    )  # fmt: skip
    assert b"198.51" not in bytes(ApiToken.objects.get().used_from)
    assert [each.id for each in queries.tokens(person=scenes.person("ivan"), now=scenes.NOW)] == [
        made.id
    ]
    assert queries.tokens(person=scenes.person("zoe"), now=scenes.NOW) == []


def test_choices_are_ones_own_duties_that_open_something(scene):
    found = queries.choices(person=scenes.person("mara"))
    assert {"management.run_centre", "management.protect_data"} <= {each.key for each in found}
    assert all(each.opens for each in found)
