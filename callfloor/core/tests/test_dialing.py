"""Gates against toll fraud: caps hold whatever the order of events."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callfloor.core import dialing, plan

pytestmark = pytest.mark.pure

NEAR = plan.ZonePlan(key="near", prefixes=("+36",), cost_minute=2)
T0 = 1_000_000.0


def client(**changes: Any) -> plan.ClientPlan:
    """Make a client who calls near by."""
    values: dict[str, Any] = {"key": "acme", "languages": ("en",), "zones": ("near",)}
    return plan.ClientPlan(**(values | {"trunks": ("one", "two")} | changes))


def gate(ledger: dialing.Ledger, now: float = T0, **changes: Any) -> str | None:
    """Ask the gate for a call near by, at an instant of a day that began an hour ago."""
    values: dict[str, Any] = {
        "ledger": ledger, "client": client(), "zone": NEAR, "may_call": True,
        "day_from": T0 - 3600.0, "now": now,
    }  # fmt: skip
    return dialing.gate(**(values | changes))


def called(ledger: dialing.Ledger, *, at: float, seconds: float, leg: str = "x") -> None:
    """Let a call near by have been made, answered and ended."""
    ledger.dial(leg=leg, client="acme", trunk="one", cost_minute=2, now=at)
    ledger.answer(leg=leg, now=at)
    ledger.end(leg=leg, now=at + seconds)


class TestGate:
    def test_lets_through_what_no_rule_forbids(self):
        """Nothing was called, the zone is allowed."""
        assert gate(dialing.Ledger()) is None

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"may_call": False}, "calls_out_not_allowed"),
            ({"zone": None}, "zone_not_allowed"),
            ({"client": client(zones=())}, "zone_not_allowed"),
            ({"client": client(calls_out_max=0)}, "too_many_calls"),
            ({"client": client(minutes_hour_max=0)}, "toll_limit"),
            ({"client": client(cost_day_max=1)}, "cost_limit"),
        ],
    )
    def test_refuses_by_a_stable_code(self, changes, code):
        """Each rule has its own."""
        assert gate(dialing.Ledger(), **changes) == code

    def test_counts_a_line_that_only_rings(self):
        """A call that nobody has answered takes a place, a minute and its price."""
        ledger = dialing.Ledger()
        ledger.dial(leg="a", client="acme", trunk="one", cost_minute=2, now=T0)
        assert gate(ledger, client=client(calls_out_max=1)) == "too_many_calls"
        assert gate(ledger, client=client(minutes_hour_max=1)) == "toll_limit"
        assert gate(ledger, client=client(cost_day_max=3)) == "cost_limit"
        ledger.end(leg="a", now=T0 + 30)
        assert gate(ledger, client=client(calls_out_max=1, cost_day_max=2)) is None


class TestLedger:
    @pytest.mark.parametrize(
        ("seconds", "minutes"), [(0.0, 1), (1.0, 1), (60.0, 1), (60.1, 2), (600.0, 10)]
    )
    def test_bills_each_minute_begun(self, seconds, minutes):
        """A call costs a minute as soon as it is answered."""
        ledger = dialing.Ledger()
        called(ledger, at=T0, seconds=seconds)
        now = T0 + seconds
        assert ledger.minutes_of_hour(client="acme", now=now) == minutes
        assert ledger.cost_of_day(client="acme", day_from=T0, now=now) == 2 * minutes

    def test_forgets_minutes_that_began_more_than_an_hour_ago(self):
        """The hour rolls: of ten minutes the first five fall out after 65."""
        ledger = dialing.Ledger()
        called(ledger, at=T0, seconds=600.0)
        assert ledger.minutes_of_hour(client="acme", now=T0 + 3600.0) == 9
        assert ledger.minutes_of_hour(client="acme", now=T0 + 3600.0 + 299.0) == 5
        assert ledger.minutes_of_hour(client="acme", now=T0 + 4200.0) == 0

    def test_bills_a_call_over_midnight_to_both_days(self):
        """The minute that began at midnight is today's, those before are yesterday's."""
        ledger = dialing.Ledger()
        called(ledger, at=T0 - 120.0, seconds=300.0)
        assert ledger.cost_of_day(client="acme", day_from=T0, now=T0 + 180.0) == 2 * 3

    def test_counts_running_calls(self):
        """A call that goes on costs what it has cost so far."""
        ledger = dialing.Ledger()
        ledger.dial(leg="a", client="acme", trunk="one", cost_minute=2, now=T0)
        ledger.answer(leg="a", now=T0)
        assert ledger.minutes_of_hour(client="acme", now=T0 + 150.0) == 3

    def test_drops_what_no_cap_looks_back_to(self):
        """A day's calls are not kept for ever."""
        ledger = dialing.Ledger()
        called(ledger, at=T0, seconds=60.0)
        later = T0 + 60.0 + dialing.LOOK_BACK_SECONDS
        ledger.dial(leg="a", client="acme", trunk="one", cost_minute=2, now=later)
        assert len(ledger.ended["acme"]) == 1
        ledger.dial(leg="b", client="acme", trunk="one", cost_minute=2, now=later + 1.0)
        assert len(ledger.ended["acme"]) == 0


class TestNextTrunk:
    TRUNKS = {
        key: plan.TrunkPlan(key=key, uri=f"sip:{key}", calls_max=1) for key in ("one", "two")
    } | {"in": plan.TrunkPlan(key="in")}

    def next(self, calls: dict[str, int] | None = None, **changes: Any) -> str | None:
        """Choose a trunk."""
        values: dict[str, Any] = {"client": client(), "trunks": self.TRUNKS, "calls": calls or {}}
        return dialing.next_trunk(**(values | changes))

    def test_takes_them_in_order(self):
        """The first that has not been tried and is not full."""
        assert self.next() == "one"
        assert self.next(tried=("one",)) == "two"
        assert self.next({"one": 1}) == "two"
        assert self.next({"one": 1, "two": 1}) is None

    def test_dials_on_no_trunk_that_only_brings_calls(self):
        """A trunk without an address cannot be called on."""
        assert self.next(client=client(trunks=("in", "gone"))) is None

    def test_lets_an_emergency_pass_a_full_trunk(self):
        """And by any trunk there is, if the client has none."""
        assert self.next({"one": 9, "two": 9}, emergency=True) == "one"
        assert self.next(client=client(trunks=()), emergency=True) == "one"


STEPS = st.lists(
    st.tuples(st.sampled_from(["dial", "answer", "end", "wait"]), st.integers(0, 5)), max_size=80
)


@given(steps=STEPS)
@settings(max_examples=60, deadline=None)
def test_caps_are_never_exceeded(steps):
    """Whatever the order: no more calls at once, and no minute promised beyond a cap."""
    capped = client(calls_out_max=2, minutes_hour_max=6, cost_day_max=10)
    ledger, now, made = dialing.Ledger(), T0, 0
    for what, number in steps:
        legs = sorted(ledger.running)
        leg = legs[number % len(legs)] if legs else None
        if what == "wait":
            now += 25.0 * number
        elif what == "dial" and gate(ledger, now, client=capped) is None:
            made += 1
            before = ledger.minutes_of_hour(client="acme", now=now)
            ledger.dial(leg=f"l{made}", client="acme", trunk="one", cost_minute=2, now=now)
            assert ledger.calls("acme") <= 2
            assert before + 1 == ledger.minutes_of_hour(client="acme", now=now) <= 6
            assert ledger.cost_of_day(client="acme", day_from=T0 - 3600.0, now=now) <= 10
        elif what == "answer" and leg and ledger.running[leg].answered_at is None:
            promised = ledger.minutes_of_hour(client="acme", now=now)
            ledger.answer(leg=leg, now=now)
            assert ledger.minutes_of_hour(client="acme", now=now) == promised
        elif what == "end" and leg:
            ledger.end(leg=leg, now=now)
