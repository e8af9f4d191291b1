"""From a refusal to what a person sees."""

import pytest
from django.test import RequestFactory

from callfloor.kernel import access
from callfloor.kernel.errors import Refusal
from callfloor.kernel.link import FloorAway, FloorRefused
from callfloor.ui import errors

pytestmark = pytest.mark.page


class Unripe(Refusal):
    code = "fruit.unripe"
    message = "Not ripe yet."


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (access.NotFound(), 404),
        (access.Forbidden(), 403),
        (FloorAway(), 503),
        (FloorRefused("late"), 409),
        (Unripe(), 400),
    ],
)
def test_each_refusal_has_the_status_owed(refusal, status):
    assert errors.status_of(refusal) == status


def test_a_script_gets_code_and_words():
    request = RequestFactory().get("/", headers={"accept": "application/json"})
    answer = errors.page(request, Unripe())
    assert answer.status_code == 400
    assert answer.content == b'{"code": "fruit.unripe", "message": "Not ripe yet."}'


def test_a_fault_of_ours_is_not_swallowed():
    middleware = errors.refusals(lambda request: None)
    assert middleware.process_exception(RequestFactory().get("/"), ValueError()) is None
