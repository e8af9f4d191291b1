"""Whether calls can be taken."""

import pytest

from callfloor.web import health

pytestmark = pytest.mark.page

WELL = {"is_linked": True, "health": {"media": {"up": True}}, "worker_age_seconds": 1.0}


def test_everything_up_is_ok():
    is_well, body = health.report(**WELL)
    assert is_well
    assert body["status"] == "ok"
    assert set(body["processes"].values()) == {"up"}


@pytest.mark.parametrize(
    ("change", "down"),
    [
        ({"is_linked": False}, {"floor", "media"}),
        ({"health": {"media": {"up": False}}}, {"media"}),
        ({"health": {}}, {"media"}),
        ({"worker_age_seconds": None}, {"worker"}),
        ({"worker_age_seconds": 11.0}, {"worker"}),
    ],
)
def test_what_is_down_is_named_in_the_same_shape(change, down):
    is_well, body = health.report(**WELL | change)
    assert not is_well
    assert set(body) == {"status", "version", "processes"}
    assert {name for name, state in body["processes"].items() if state == "down"} == down
