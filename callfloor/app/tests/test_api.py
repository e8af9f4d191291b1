"""Whatever somebody asks of the API, it never breaks: schemathesis plays by the API's own words."""

import pytest
import schemathesis
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
)

from callfloor.app.sessions import SessionStore
from callfloor.records.people.models import Person
from tests.records import scenes

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]

EXAMPLES = 25  # For each operation; a hundred more found nothing and took half a minute.
HELD = [not_a_server_error, content_type_conformance, response_schema_conformance]


@pytest.fixture
def schema(scene):
    """Give the API's own description, over a centre in which one call was answered."""
    call = scene.call(name="Nora Q.")
    scenes.in_queue(call)
    scenes.answered(call, "anna")
    scene.write(call)
    scenes.project(scene)
    return schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())


@pytest.fixture
def cookie(scene):
    """Sign the manager in."""
    person, session = Person.objects.get(pk="mara"), SessionStore()
    session[SESSION_KEY] = person.pk
    session[BACKEND_SESSION_KEY] = "callfloor.app.accounts.PeopleBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return f"sessionid={session.session_key}"


def test_nothing_that_is_asked_breaks_it(schema, cookie):
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) >= 5

    for operation in operations:

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case):
            case.call_and_validate(headers={"Cookie": cookie}, checks=HELD)

        ask()
