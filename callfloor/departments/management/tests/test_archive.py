"""Everything about one person comes out, nothing about another, and no table is forgotten."""

import io
import json
import zipfile

import pytest
from django.apps import apps
from django.db import models

from callfloor.departments.management.queries import archive, places
from callfloor.kernel import access
from callfloor.kernel.keys import ring
from callfloor.kernel.models import AuditEntry
from callfloor.records.customers import services
from tests.records import planting, scenes

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("scene"),
]
A, B, C = (bytes([n]) * 10 for n in (1, 2, 3))


@pytest.fixture
def people():
    """Give two customers with a canary in every table, and a third whom others point to."""
    nora = planting.customer("A", number="+3615550100", chance=A)
    bela = planting.customer("B", number="+3615550111", chance=B)
    third = planting.customer("C", number="+3615550122", chance=C)
    ring.create(subjects=[each.subject for each in (nora, bela)], now=scenes.NOW)
    planted = {
        "A": planting.plant(nora, other=third, mark="A"),
        "B": planting.plant(bela, other=third, mark="B"),
    }
    return nora, bela, planted


def taken_out(customer, who="mara"):
    made = archive.archive(person=scenes.person(who), customer_id=customer.id, now=scenes.NOW)
    with zipfile.ZipFile(io.BytesIO(made.content)) as file:
        assert file.testzip() is None
        return made, {name: file.read(name) for name in file.namelist()}


def test_all_of_one_and_none_of_another(people):
    """TRUST D3: 100 % of the planted canaries, 0 of others."""
    nora, _bela, planted = people
    _made, files = taken_out(nora)
    everything = b"".join(files.values()).decode()
    wanted = {
        text
        for text in planted["A"]
        if not any(text.startswith(f"canary-{each}") for each in planting.NO_TEXT)
    }
    assert len(wanted) > 10
    assert {text for text in wanted if text not in everything} == set()
    assert {text for text in planted["B"] if text in everything} == set()


def test_the_count_equals_the_database(people):
    """MISSION F18.4."""
    nora, _bela, _planted = people
    made, files = taken_out(nora)
    counted = {each.label: each.rows((nora.id,)).count() for each in places.places()}
    assert dict(made.counts) == counted
    assert json.loads(files["about.json"])["rows"] == counted
    assert counted["customers.Customer"] == 1
    assert [label for label, count in counted.items() if not count] == []


def test_whoever_was_found_to_be_the_same_comes_out_too(people):
    nora, bela, planted = people
    apps.get_model("customers", "Merge").objects.all().delete()
    services.merge(
        person=scenes.person("mara"), kept_id=nora.id, customer_id=bela.id, now=scenes.NOW,
        chance=b"x" * 10, sure=True,
    )  # fmt: skip
    _made, files = taken_out(nora)
    everything = b"".join(files.values()).decode()
    assert planting.canary(places.places()[0], "name", "B") in everything
    assert len(planted["B"]) > 10


def test_the_first_page_is_in_the_customers_language(people):
    nora, _bela, _planted = people
    type(nora).objects.filter(id=nora.id).update(language="fa")
    _made, files = taken_out(nora)
    assert "dir='rtl'" in files["index.html"].decode()


def test_it_is_noted_and_refused_to_whoever_may_not(people):
    nora, _bela, _planted = people
    taken_out(nora)
    assert AuditEntry.objects.get(action="customer.answered").about == f"customer:{nora.id}"
    for who, refusal in (("zoe", access.NotFound), ("anna", access.Forbidden)):
        with pytest.raises(refusal):
            taken_out(nora, who=who)
    assert AuditEntry.objects.filter(action="customer.answered").count() == 1


def test_every_table_with_a_sealed_value_or_a_customer_is_in_the_map():
    """A new model that points to a customer is in it by itself; one that cannot must be named."""
    known = {each.label for each in places.places()} | places.OTHERS.keys()
    forgotten = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.label not in known and (places.sealed(model) or _names_a_customer(model))
    ]
    assert forgotten == []


def _names_a_customer(model: type[models.Model]) -> bool:
    names = {field.name for field in model._meta.concrete_fields}
    return bool(names & {"customer", "customer_id", "interaction", "interaction_id"})
