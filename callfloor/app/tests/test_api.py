"""Whatever somebody asks of the API, it never breaks: schemathesis plays by the API's own words."""

import itertools
from collections import Counter

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from callfloor.kernel import ports
from callfloor.records.interactions.models import Interaction
from tests.records import api, scenes

pytestmark = [
    pytest.mark.page,
    pytest.mark.django_db(transaction=True, databases=["default", "keys"]),
]

EXAMPLES = 12  # For each operation; a hundred more found nothing and took minutes.
HELD = [
    *(not_a_server_error, status_code_conformance),
    *(content_type_conformance, response_schema_conformance),
]


@pytest.fixture
def schema(scene):
    """Give the API's own description, over a centre in which one call was answered."""
    call = scene.call(name="Nora Q.")
    scenes.in_queue(call)
    scenes.answered(call, "anna")
    scene.write(call)
    scenes.project(scene)
    ports.join(floor=api.EmptyFloor())
    yield schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())
    ports.join(floor=None)


@pytest.fixture
def token(scene):
    """Give the manager's token, with all that is his."""
    return api.token("mara")


@pytest.fixture
def objects(schema):
    """Give an object that is there for places in addresses."""
    call = Interaction.objects.get()
    return {
        "interaction_id": call.id,
        "customer_id": call.customer_id,
        "case_id": api.case(client="acme", customer=call.customer_id).id,
        "key": "anna",
        "client": "acme",
        "customer": call.customer_id,
        "interaction": call.id,
    }


def filled(given, objects):
    """Put what is there into places that name it; what is no object stays."""
    if not isinstance(given, dict):
        return given
    return {name: objects.get(name, value) for name, value in given.items()}


def tried(operation, *, headers, objects):
    """Ask one operation at random, every other time about what is there; count the statuses."""
    turns, answers = itertools.cycle((True, False)), Counter()

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case):
        if next(turns):
            case.path_parameters = filled(case.path_parameters, objects)
            case.body = filled(case.body, objects)
        answers[case.call_and_validate(headers=headers, checks=HELD).status_code] += 1

    ask()
    return answers


def test_nothing_that_is_asked_breaks_it(schema, token, objects):
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) >= 50
    headers = {"Authorization": f"Bearer {token}"}
    answers = sum((tried(each, headers=headers, objects=objects) for each in operations), Counter())
    assert answers[200] > 50
    assert answers[201] >= 3  # Some are really made; how many hangs on the ids that are there.
    assert answers[401] == 0
