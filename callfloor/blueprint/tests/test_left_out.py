"""What holds where a file says nothing."""

import pytest

from callfloor.blueprint.left_out import standard_at

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("rules.privacy.recordings_days", 90),
        ("rules.labour.day_hours_max", 12.0),
        ("centre.currency", "EUR"),
        ("queues.any.goal.share", 0.8),
        ("queues.any.tiers.0.after_seconds", 0.0),
        ("clients.any.cost_day_max", None),
        ("clients.any.name", None),
        ("rules.nothing.here", None),
        ("nothing", None),
        ("centre.currency.deeper", None),
    ],
)
def test_standard_is_the_one_of_the_schema(path: str, value: object):
    """A number that is changed in the schema is changed here."""
    assert standard_at(path) == value
