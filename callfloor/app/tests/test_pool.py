"""F29.2: two queues whose people can partly do both need fewer heads, and where that ends."""

import datetime as dt
import itertools
import json

import pytest

from callfloor.app.commands import pool
from callfloor.blueprint import whatif
from callfloor.blueprint.check import shape
from callfloor.blueprint.read import read
from callfloor.blueprint.schema import Blueprint
from callfloor.core import staffing

pytestmark = pytest.mark.twin

QUEUES = ("bills", "orders")
HANDLING = 200.0
CONTACTS = 410  # In four hours on each side: 5.7 erlangs.
DAYS = [dt.date(2027, 1, 11) + dt.timedelta(days=day) for day in range(6)]
GOAL = staffing.Goal(share=0.8, seconds=20.0)


def centre(heads: int) -> Blueprint:
    """Give two equal queues with so many specialists each, and callers who wait for ever."""
    people = [
        f"  {side}{number}: {{roles: [agent], clients: [north], skills: {{{side}: 3}}}}"
        for side in QUEUES
        for number in range(heads)
    ]
    numbers = [
        f'  "90{place}": {{client: north, flow: {side}, language: en}}'
        for place, side in enumerate(QUEUES)
    ]
    calls = [
        f'    "90{place}": {{contacts_day: {CONTACTS}, hours: {{"08:00-12:00": 1}}, day_spread: 0, '
        "patience_seconds: 3600}"
        for place in range(2)
    ]
    work = [
        f"    {side}: {{handling_seconds: {HANDLING:g}, wrap_up_seconds: 0}}" for side in QUEUES
    ]
    text = "\n".join(
        [
            "blueprint: 1",
            "centre: {key: pool, name: Pool, timezone: UTC}",
            "clients: {north: {name: North, languages: [en]}}",
            "skills: {bills: {name: Bills}, orders: {name: Orders}}",
            "dispositions: {done: {name: Done}}",
            "people:",
            *people,
            "queues:",
            *(
                f"  {side}: {{name: {side}, client: north, tiers: [{{requires: {{{side}: 2}}}}], "
                "dispositions: [done]}"
                for side in QUEUES
            ),
            "flows:",
            *(
                f"  {side}: {{first: q, steps: {{q: {{do: queue, queue: {side}}}}}}}"
                for side in QUEUES
            ),
            "numbers:",
            *numbers,
            "trunks: {line: {addresses: [127.0.0.1]}}",
            "demand:",
            "  numbers:",
            *calls,
            "  queues:",
            *work,
        ]
    )
    found, problems = shape.parse(read(text, file="pool.yaml").values)
    assert found is not None, problems
    return found


def erlangs() -> int:
    """Give the heads that one side needs alone, as Erlang C has it."""
    load = staffing.load_of(contacts=CONTACTS, interval_seconds=4 * 3600, handling_seconds=HANDLING)
    return staffing.heads_c(load=load, handling_seconds=HANDLING, goal=GOAL)


def curve(heads: int, *, shares: tuple[float, ...], fewer: int = 0) -> dict:
    return pool.curve(centre(heads), queues=QUEUES, shares=shares, fewer=fewer, days=DAYS, seed="1")


class TestF29_2:
    def test_a_fifth_cross_trained_needs_fewer_heads_than_two_erlangs(self):
        alone = erlangs()
        whole = curve(alone, shares=(0.0, 0.2), fewer=1)
        assert [each["heads"] for each in whole["curves"]] == [2 * alone, 2 * alone - 1]
        with_one_less = whole["curves"][1]["points"]
        assert not with_one_less[0]["keeps_goals"], "nobody trained: a side falls below its goal"
        assert with_one_less[1]["keeps_goals"], "a fifth trained: both goals with a head less"


class TestCurve:
    def test_of_equal_seeds_is_equal(self):
        one, other = (curve(8, shares=(0.0, 0.5)) for _ in range(2))
        assert json.dumps(one) == json.dumps(other)

    def test_progress_is_told_over_all_points(self):
        told: list[tuple[int, int]] = []
        pool.curve(
            centre(7),
            queues=QUEUES,
            shares=(0.0, 1.0),
            fewer=1,
            days=DAYS[:1],
            seed="1",
            progress=lambda done, of: told.append((done, of)),
        )
        assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


class TestCrossTraining:
    def test_of_a_share_is_part_of_that_of_a_larger_one(self):
        before = centre(10)
        trained = [
            {
                key
                for key, person in whatif.cross_train(
                    before, queues=QUEUES, share=share
                ).people.items()
                if len(person.skills) == 2
            }
            for share in (0.0, 0.2, 0.5, 1.0)
        ]
        assert [len(each) for each in trained] == [0, 4, 10, 20]
        assert all(one < other for one, other in itertools.pairwise(trained))

    def test_what_cannot_be_is_refused(self):
        with pytest.raises(whatif.Impossible):
            whatif.cross_train(centre(2), queues=("bills", "bills"), share=0.5)
        with pytest.raises(whatif.Impossible):
            whatif.fewer(centre(2), queues=QUEUES, count=3)
        everybody = whatif.cross_train(centre(2), queues=QUEUES, share=1.0)
        with pytest.raises(whatif.Impossible):
            whatif.specialists(everybody, queues=QUEUES)
