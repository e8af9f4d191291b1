"""The section of cases: what is wrong with it is found, and what it says is what is promised."""

import pytest

from callfloor.blueprint import canonical, diff
from callfloor.blueprint.check import check
from callfloor.blueprint.tests.samples import GOOD
from callfloor.blueprint.tests.test_mailboxes import MAIL

pytestmark = pytest.mark.pure

SECTION = """\
cases:
  calendar: office
  calendars: {south: office}
  kinds:
    query: {answer: {normal: 3600, urgent: null}, escalates: [answer]}
    complaint: {stages: [new, acknowledged, decided, appealed, closed], solve: {normal: 700000}}
"""
CASED = GOOD.replace("trunks:\n", SECTION + "trunks:\n")
CASES = [
    ("E012", "  calendar: office\n  calendars", "  calendar: shop\n  calendars", "cases.calendar"),
    ("E010", "calendars: {south:", "calendars: {west:", "cases.calendars.west"),
    ("E012", "calendars: {south: office}", "calendars: {south: shop}", "cases.calendars.south"),
    ("E130", "appealed, closed]", "appealed]", "cases.kinds.complaint.stages"),
    ("E130", "[new, acknowledged, decided", "[new, decided, decided, acknowledged",
     "cases.kinds.complaint.stages"),
    ("E131", "decided, appealed, closed]", "decided, closed]", "cases.kinds.complaint.stages"),
    ("E133", "normal: 3600", "normal: 3600, high: 4000", "cases.kinds.query.answer"),
    ("E134", "solve: {normal: 700000}", "solve: {normal: 600}",
     "cases.kinds.complaint.solve"),
]  # fmt: skip


def found(text):
    """Give ids and places of what is wrong."""
    return {
        (each.id.removeprefix("blueprint."), each.path) for each in check(text, file="x").findings
    }


def test_a_section_that_is_right_has_no_finding():
    assert found(CASED) == set()


@pytest.mark.parametrize(
    ("fault", "old", "new", "place"), CASES, ids=[f"{c[0]}-{n}" for n, c in enumerate(CASES)]
)
def test_one_fault_is_found_at_its_place(fault, old, new, place):
    assert CASED.count(old) == 1
    assert found(CASED.replace(old, new)) == {(fault, place)}


@pytest.mark.parametrize("text", ["kinds: {riddle: {}}", "kinds: {query: {answer: {normal: 0}}}"])
def test_what_no_case_can_be_is_not_understood(text):
    written = GOOD.replace("trunks:\n", f"cases:\n  {text}\ntrunks:\n")
    assert {fault for fault, _place in found(written)} == {"E002"}


def test_the_canonical_file_says_the_same_and_says_it_again():
    blueprint = check(CASED, file="x").blueprint
    text = canonical.text(blueprint)
    assert "urgent: null" in text
    assert check(text, file="x").blueprint.cases == blueprint.cases


def test_a_changed_promise_is_told():
    before = check(CASED, file="x").blueprint
    after = check(CASED.replace("normal: 3600", "normal: 1800"), file="x").blueprint
    told = list(diff.between(before, after).lines())
    assert told == ["~ cases.kinds.query.answer.normal: 3600.0 -> 1800.0"]


def test_a_mailbox_opens_no_kind_that_is_not_used():
    text = MAIL.replace("trunks:\n", "cases: {kinds: {request: {}}}\ntrunks:\n")
    assert found(text) == {("E132", "mail.box.kind")}
    assert found(text.replace("{request: {}}", "{request: {}, query: {}}")) == set()
