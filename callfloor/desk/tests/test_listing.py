"""What every list shares."""

import pytest
from django.test import RequestFactory

from callfloor.desk import listing

pytestmark = pytest.mark.page

SORTERS = (
    ("name", "Name", lambda row: row["name"], False),
    ("age", "Age", lambda row: row["age"], True),
)
ROWS = [{"name": "b", "age": 2}, {"name": "a", "age": 3}]


def names(asked):
    rows, _ = listing.sort_rows(ROWS, asked=asked, sorters=SORTERS, otherwise="name")
    return [row["name"] for row in rows]


def test_rows_come_in_the_order_asked_for():
    assert names("age") == ["b", "a"]
    assert names("-age") == ["a", "b"]


def test_an_unknown_order_is_the_usual_one():
    assert names("salary") == ["a", "b"]


def test_a_second_click_turns_the_order():
    _, heads = listing.sort_rows(ROWS, asked="age", sorters=SORTERS, otherwise="name")
    assert [(head.order, head.next) for head in heads] == [("", "name"), ("ascending", "-age")]


@pytest.mark.parametrize(
    ("text", "page"), [("3", 3), ("0", 1), ("x", 1), ("", 1), ("²", 1), ("9" * 30, 1)]
)
def test_a_page_that_is_no_number_is_the_first(text, page):
    assert listing.page_asked(RequestFactory().get("/", {"page": text})) == page


def test_no_cell_becomes_a_formula():
    answer = listing.as_csv(name="x", heads=["A"], rows=[["=1+1"], ["+36 30 555 0142"], ["@x"]])
    body = b"".join(answer.streaming_content).decode()
    assert body == "\ufeffA\r\n'=1+1\r\n+36 30 555 0142\r\n'@x\r\n"
