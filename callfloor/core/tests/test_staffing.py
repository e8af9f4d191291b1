"""Erlang B, C and A to four digits, and never one head too many or too few."""

import math

import pytest

from callfloor.core import staffing

pytestmark = pytest.mark.pure

B_TABLE = (
    # Heads, and the load at which one call in a hundred, or two, is blocked.
    (1, 0.0101, 0.01), (5, 1.361, 0.01), (10, 4.461, 0.01), (20, 12.03, 0.01), (30, 20.34, 0.01),
    (50, 37.90, 0.01), (100, 84.06, 0.01), (10, 5.084, 0.02), (20, 13.18, 0.02),
)  # fmt: skip
"""From the table that every book on traffic engineering prints, to its four digits."""

LOADS_AND_HEADS = (
    (0.3, 1), (0.3, 3), (1.0, 2), (7.5, 7), (7.5, 12), (50.5, 60), (99.9, 100), (300.0, 280),
    (1000.0, 1010), (10_000.0, 9_950), (10_000.0, 10_100),
)  # fmt: skip
LENGTHS = (0.1, 1.0, 4.0)
"""Patience in talks."""


def chain(load, heads, length):
    """Give the chances of how many are there, of the birth-death chain in full."""
    upper = max(heads, load)
    if math.isfinite(length) and load > heads:
        upper = heads + (load - heads) * length
    states = int(upper + 60 * math.sqrt(upper * (1 + min(length, 100.0))) + 400)
    logs = [0.0]
    for n in range(1, states):
        deaths = min(n, heads) + max(0, n - heads) / length
        logs.append(logs[-1] + math.log(load / deaths))
    highest = max(logs)
    weights = [math.exp(each - highest) for each in logs]
    total = math.fsum(weights)
    return [each / total for each in weights]


def blocked(load, heads):
    """Give Erlang B by its definition: load^n/n! against the sum of all up to it."""
    logs = [n * math.log(load) - math.lgamma(n + 1) for n in range(heads + 1)]
    return 1 / math.fsum(math.exp(each - logs[-1]) for each in logs)


def in_time(load, heads, length, seconds):
    """Give the share answered within a time, by walking every caller towards a head."""
    chances = chain(load, heads, length)
    ahead = chances[heads:]
    answered = math.fsum(chances[:heads])
    # Uniformization: `rate` is above that of every state, and steps come as a Poisson process.
    rate = heads + len(ahead) / length
    weight, steps = math.exp(-rate * seconds), 0
    states = list(ahead)  # By how many are still before him; the caller himself may give up too.
    left = 1.0 - weight
    while left > 1e-13:
        moved = [0.0] * len(states)
        for before, chance in enumerate(states):
            gone = (heads + before / length) / rate
            quits = 1 / length / rate
            if before:
                moved[before - 1] += chance * gone
            else:
                answered += chance * gone * left
            moved[before] += chance * (1 - gone - quits)
        states = moved
        steps += 1
        weight *= rate * seconds / steps
        left -= weight
    return answered


class TestErlangB:
    @pytest.mark.parametrize(("heads", "load", "share"), B_TABLE)
    def test_agrees_with_the_tables(self, heads, load, share):
        """At the tabulated load the tabulated share is blocked, to the table's digits."""
        assert staffing.erlang_b(load, heads) == pytest.approx(share, rel=0.004)
        assert staffing.erlang_b(load * 0.999, heads) < share * 1.001

    @pytest.mark.parametrize(("load", "heads"), LOADS_AND_HEADS)
    def test_agrees_with_its_definition(self, load, heads):
        """The fast sum gives what the definition gives, from a third of an erlang to 10,000."""
        assert staffing.erlang_b(load, heads) == pytest.approx(blocked(load, heads), rel=1e-7)

    def test_knows_the_ends(self):
        """Without work nobody is blocked, without heads everybody."""
        assert staffing.erlang_b(0.0, 5) == 0.0
        assert staffing.erlang_b(0.0, 0) == 1.0
        assert staffing.erlang_b(3.0, 0) == 1.0
        assert staffing.erlang_b(0.001, 400) == 0.0


class TestErlangC:
    @pytest.mark.parametrize(
        ("heads", "waits"), [(11, 0.6821), (12, 0.4494), (13, 0.2853), (14, 0.1741)]
    )
    def test_agrees_with_the_tables(self, heads, waits):
        """Ten erlangs are in every table of waiting."""
        assert staffing.erlang_c(10.0, heads) == pytest.approx(waits, abs=0.00005)

    @pytest.mark.parametrize(("load", "heads"), [(0.3, 1), (7.5, 12), (50.5, 60), (900.0, 950)])
    def test_agrees_with_the_chain(self, load, heads):
        """Who comes while all heads are busy waits, and waits as long as the line says."""
        chances = chain(load, heads, math.inf)
        found = staffing.waiting_c(load=load, heads=heads, handling_seconds=180.0, seconds=20.0)
        assert found.waits == pytest.approx(math.fsum(chances[heads:]), rel=1e-7)
        line = math.fsum((n - heads) * chance for n, chance in enumerate(chances) if n > heads)
        assert found.asa_seconds == pytest.approx(line / load * 180.0, rel=1e-6)

    def test_says_that_too_few_heads_never_end(self):
        """Heads that do less than what comes let everybody wait for ever."""
        found = staffing.waiting_c(load=10.0, heads=10, handling_seconds=180.0, seconds=20.0)
        assert (found.waits, found.asa_seconds, found.service_level) == (1.0, math.inf, 0.0)


class TestErlangA:
    @pytest.mark.parametrize("length", LENGTHS)
    @pytest.mark.parametrize(("load", "heads"), LOADS_AND_HEADS[:-2])
    def test_agrees_with_the_chain(self, load, heads, length):
        """Waiting and giving up are those of the chain, to far more than four digits."""
        chances = chain(load, heads, length)
        found = staffing.waiting_a(
            load=load, heads=heads, handling_seconds=1.0, patience_seconds=length, seconds=0.1
        )
        line = math.fsum((n - heads) * chance for n, chance in enumerate(chances) if n > heads)
        assert found.waits == pytest.approx(math.fsum(chances[heads:]), rel=1e-7)
        assert found.abandoned == pytest.approx(line / length / load, rel=1e-7)

    @pytest.mark.parametrize(
        ("load", "heads", "length", "seconds"),
        [(0.3, 1, 1.0, 0.5), (7.5, 7, 1.0, 0.1), (7.5, 9, 4.0, 0.2), (20.0, 15, 0.5, 0.3)],
    )
    def test_answers_in_time_as_many_as_the_chain(self, load, heads, length, seconds):
        """The share within a time is that of callers walked step by step towards a head."""
        found = staffing.waiting_a(
            load=load, heads=heads, handling_seconds=1.0, patience_seconds=length, seconds=seconds
        )
        assert found.service_level == pytest.approx(in_time(load, heads, length, seconds), abs=1e-7)

    def test_waits_of_the_answered_and_of_the_others_make_the_line(self):
        """What all wait is what the answered wait, and what is waited before giving up."""
        given = {"load": 20.0, "heads": 18, "handling_seconds": 1.0, "patience_seconds": 2.0}
        found = staffing.waiting_a(**given, seconds=0.0)
        # In all, the share that gives up is the mean wait over the mean patience.
        whole = found.abandoned * 2.0
        step = 0.004
        within = [staffing.waiting_a(**given, seconds=step * n).service_level for n in range(3_000)]
        served = 1 - found.abandoned
        mean = math.fsum(served - each for each in within) * step - step * (served - within[0]) / 2
        assert found.asa_seconds == pytest.approx(mean / served, rel=1e-4)
        assert found.asa_seconds * served < whole

    def test_becomes_erlang_c_when_nobody_gives_up(self):
        """Patience of ten thousand talks is as good as none that ends."""
        patient = staffing.waiting_a(
            load=10.0, heads=14, handling_seconds=180.0, patience_seconds=1.8e6, seconds=20.0
        )
        never = staffing.waiting_c(load=10.0, heads=14, handling_seconds=180.0, seconds=20.0)
        assert patient.service_level == pytest.approx(never.service_level, abs=1e-4)
        assert patient.asa_seconds == pytest.approx(never.asa_seconds, rel=1e-3)

    def test_holds_at_loads_that_overflow(self):
        """Twice what 5,000 heads can do: half give up, and the answered wait the fluid's time."""
        found = staffing.waiting_a(
            load=10_000.0, heads=5_000, handling_seconds=1.0, patience_seconds=5.0, seconds=1.0
        )
        assert found.abandoned == pytest.approx(0.5, rel=1e-9)
        assert found.asa_seconds == pytest.approx(5.0 * math.log(2), rel=1e-3)
        assert found.occupancy == pytest.approx(1.0)
        assert found.service_level == pytest.approx(0.0, abs=1e-9)

    def test_knows_the_ends(self):
        """Without work nothing is waited for; without heads everybody gives up."""
        given = {"handling_seconds": 1.0, "patience_seconds": 1.0, "seconds": 0.1}
        assert staffing.waiting_a(load=0.0, heads=3, **given).service_level == 1.0
        assert staffing.waiting_a(load=2.0, heads=0, **given).abandoned == 1.0


class TestHeads:
    def test_are_fourteen_for_a_hundred_calls_in_half_an_hour(self):
        """100 calls in 30 minutes of 3 minutes each, 80/20, 30 % lost: 14, and 20 planned."""
        load = staffing.load_of(contacts=100, interval_seconds=1800, handling_seconds=180)
        heads = staffing.heads_c(
            load=load, handling_seconds=180.0, goal=staffing.Goal(share=0.8, seconds=20.0)
        )
        assert (load, heads, staffing.with_shrinkage(heads, share=0.3)) == (10.0, 14, 20)

    @pytest.mark.parametrize("load", [0.001, 0.5, 1.0, 9.99, 10.0, 47.25, 300.0, 2500.5, 10_000.0])
    @pytest.mark.parametrize("share", [0.5, 0.8, 0.95])
    def test_are_the_fewest_that_keep_the_goal_without_giving_up(self, load, share):
        """With n the goal is kept, with n - 1 it is missed."""
        goal = staffing.Goal(share=share, seconds=20.0)
        heads = staffing.heads_c(load=load, handling_seconds=200.0, goal=goal)
        levels = [
            staffing.waiting_c(load=load, heads=each, handling_seconds=200.0, seconds=20.0)
            for each in (heads - 1, heads)
        ]
        assert levels[0].service_level < share <= levels[1].service_level

    @pytest.mark.parametrize("load", [0.5, 9.99, 300.0, 10_000.0])
    @pytest.mark.parametrize("patience", [30.0, 600.0])
    def test_are_the_fewest_that_keep_the_goal_with_patience(self, load, patience):
        """With n the goal is kept, with n - 1 it is missed, also if callers give up."""
        given = {"load": load, "handling_seconds": 200.0, "patience_seconds": patience}
        heads = staffing.heads_a(**given, goal=staffing.Goal(share=0.8, seconds=20.0))
        levels = [
            staffing.waiting_a(**given, heads=each, seconds=20.0).service_level
            for each in (heads - 1, heads)
        ]
        assert levels[0] < 0.8 <= levels[1]

    def test_are_never_busier_than_allowed(self):
        """A ceiling of occupancy asks for more heads than the goal does, and for no more."""
        goal = staffing.Goal(share=0.8, seconds=20.0, occupancy_max=0.6)
        assert staffing.heads_c(load=10.0, handling_seconds=180.0, goal=goal) == 17
        exact = staffing.Goal(share=0.1, seconds=20.0, occupancy_max=0.85)
        assert staffing.heads_c(load=8.5, handling_seconds=180.0, goal=exact) == 10

    def test_are_none_for_no_work(self):
        """No volume needs nobody."""
        goal = staffing.Goal(share=0.8, seconds=20.0)
        assert staffing.heads_c(load=0.0, handling_seconds=180.0, goal=goal) == 0
        assert (
            staffing.heads_a(load=0.0, handling_seconds=180.0, patience_seconds=60.0, goal=goal)
            == 0
        )

    @pytest.mark.parametrize("occupancy", [1.0, 0.7])
    def test_are_the_same_one_by_one_and_all_at_once(self, occupancy):
        """Many loads at once have the heads that each has alone."""
        loads = [0.0, 0.001, 0.5, *(1.37 * n for n in range(1, 200)), 1000.0, 2500.5, 10_000.0]
        goal = staffing.Goal(share=0.8, seconds=20.0, occupancy_max=occupancy)
        alone = [staffing.heads_c(load=each, handling_seconds=180.0, goal=goal) for each in loads]
        assert staffing.heads_c_many(loads=loads, handling_seconds=180.0, goal=goal) == alone

    def test_cannot_answer_everybody(self):
        """A share of 1 is refused, not searched for."""
        goal = staffing.Goal(share=1.0, seconds=20.0)
        with pytest.raises(staffing.Unreachable):
            staffing.heads_c(load=1.0, handling_seconds=180.0, goal=goal)

    def test_are_not_rounded_up_by_a_float(self):
        """21 / 0.7 is 30, though floats make it a little more."""
        assert staffing.with_shrinkage(21, share=0.3) == 30
        assert staffing.with_shrinkage(22, share=0.3) == 32
        assert staffing.with_shrinkage(0, share=0.3) == 0
