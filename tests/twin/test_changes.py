"""What managers ask: the sign of a clear difference is the same whatever the seed."""

import datetime

import pytest

from callfloor.blueprint import demand, whatif
from callfloor.blueprint.tests import trials
from callfloor.twin import experiment, report

pytestmark = pytest.mark.twin

MONDAY = datetime.date(2027, 1, 11)
DAYS = 6
CHANGES = {
    "sick": lambda centre: whatif.sick(centre, people=["ann", "dan", "eve"]),
    "merged": lambda centre: whatif.merge_queues(centre, into="bills", of="orders"),
    "tier": lambda centre: whatif.add_tier(
        centre, queue="bills", after_seconds=30, requires={"english": 3}
    ),
}


def signs(change, seeds):
    """Give, by measure of the whole centre, the signs of its clear differences over seeds."""
    centre = trials.blueprint()
    days = demand.working_days(centre, first=MONDAY, many=DAYS)
    variants = [demand.variant(each, days=days) for each in (centre, change(centre))]
    found: dict[str, set[bool]] = {}
    for seed in seeds:
        before, after = (
            report.Told(days=each, cost_hour=20.0)
            for each in experiment.run_days(variants=variants, days=days, seed=seed)
        )
        told = report.differences(before=before, after=after)["differences"]["centre"]
        for name, measure in told.items():
            if measure["clear"]:
                found.setdefault(name, set()).add(measure["mean"] > 0)
    return found


def test_three_sick_make_everybody_wait_longer():
    found = signs(CHANGES["sick"], range(2))
    assert found["wait_seconds"] == {True}
    assert found["service_level"] == {False}


@pytest.mark.long
@pytest.mark.parametrize("change", sorted(CHANGES))
def test_the_sign_of_a_clear_difference_is_stable_over_twenty_seeds(change):
    found = signs(CHANGES[change], range(20))
    assert found, "the change does something"
    assert all(len(each) == 1 for each in found.values()), found
