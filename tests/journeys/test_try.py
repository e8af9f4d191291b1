"""The three questions that managers ask, answered from the page by real processes."""

import re
import time

import pytest

from tests.journeys.stack import Stack, Visitor
from tests.journeys.waiting import wait_until

pytestmark = pytest.mark.journey

SECONDS_MAX = 300.0  # Alone each takes some ten seconds (docs/performance.md); calls go first.
QUESTIONS = {
    "three sick tomorrow": {"kind": "sick", "count": "3"},
    "merge the two queues": {
        "kind": "merge",
        "merged": "halden_technical",
        "into": "halden_billing",
    },
    "add a tier after 30 s": {
        "kind": "tier",
        "queue": "aster_bookings",
        "after_seconds": "30",
        "skill": "billing",
        "level": "1",
    },
}
BOTH = re.compile(r'aria-label="[^"]*: now [^"]*\([^")]* to [^")]*\), with the change [^"]* to ')


@pytest.mark.parametrize("name", QUESTIONS)
def test_question_is_answered_with_two_intervals_side_by_side(
    stack: Stack, manager: Visitor, name: str
) -> None:
    """From the form to both variants; the link opens for whoever may, and shows the same."""
    manager.ask("/try")
    began = time.monotonic()
    status, _, headers = manager.post("/try", days="5", seed="1", **QUESTIONS[name])
    assert status == 302
    link = {key.lower(): value for key, value in headers.items()}["location"]
    page = _answer(manager, link)
    print(f"{name}: {time.monotonic() - began:.1f} s")
    assert len(BOTH.findall(page)) >= 2  # A queue and its client, each without and with.
    assert re.search("Clearly (better|worse)|No clear difference", page)
    other = Visitor.signed_in(stack, "leader")
    assert other.ask(link)[0] == 403


def _answer(visitor: Visitor, link: str) -> str:
    """Wait until the page says what came out."""
    found = ""

    def is_answered() -> bool:
        nonlocal found
        status, body, _ = visitor.ask(link)
        found = body.decode()
        assert status == 200
        assert "notice" not in found or "data-every" in found or "The answer" in found, found
        return "The answer" in found

    wait_until(is_answered, seconds=SECONDS_MAX)
    return found


def test_trial_can_be_stopped_while_it_runs(manager: Visitor) -> None:
    """The process ends; the page says so and offers to try it again."""
    manager.ask("/try")
    _, _, headers = manager.post("/try", kind="more", percent="20", days="60", seed="1")
    link = {key.lower(): value for key, value in headers.items()}["location"]
    assert manager.post(f"{link}/stop")[0] == 302
    assert "It was stopped." in manager.ask(link)[1].decode()
