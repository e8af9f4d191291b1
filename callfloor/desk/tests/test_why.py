"""Why somebody was not considered, in the words of the page."""

import pytest

from callfloor.desk.interactions import why

pytestmark = pytest.mark.pure


def record(count: int, *agents: dict[str, str]) -> dict[str, object]:
    """Make a record of a call that found nobody."""
    unproven = {"count": count, "agents": list(agents)}
    return {"nobody": "all_busy", "eligible": [0], "idle": [0], "unproven": unproven}


def test_says_of_each_whether_the_proof_is_over_or_missing():
    anna = {"agent": "anna", "name": "Anna", "proof": "over"}
    bela = {"agent": "bela", "name": "Béla", "proof": "missing"}
    assert why.reasons(record(3, anna, bela)).left_out == (
        "Anna was not considered: the proof that this queue asks for is over.",
        "Béla was not considered: this queue asks for a proof, and there is none.",
        "1 person was not considered for want of a proof that holds.",
    )


def test_counts_those_whom_the_record_does_not_name():
    (told,) = why.reasons(record(2)).left_out
    assert told == "2 people were not considered for want of a proof that holds."


def test_says_nothing_of_a_queue_that_asks_for_none():
    assert why.reasons({"nobody": "all_busy", "eligible": [1], "idle": [0]}).left_out == ()
