"""Who may call (the SIP side of it is in test_telephone)."""

import pytest

from callfloor.core import plan
from callfloor.floor import trunks as trunks_module
from callfloor.floor.tests import stand
from callfloor.floor.trunks import Trunks

pytestmark = pytest.mark.pure


def make(*lines, secrets=None):
    """Make the trunks of a plan."""
    made = Trunks(secrets=secrets or {}, secret=b"s" * 32, draw=lambda count: b"d" * count)
    made.use(stand.stand_plan(trunks=lines))
    return made


def test_an_address_is_known():
    trunks = make(plan.TrunkPlan(key="line", addresses=("192.0.2.7",)))
    assert trunks.by_address("192.0.2.7") == "line"
    assert trunks.may_speak("192.0.2.7", 0.0)
    assert not trunks.may_speak("192.0.2.8", 0.0)


def test_a_digest_user_without_a_secret_lets_nobody_in():
    user = plan.TrunkPlan(key="mobile", digest_user="mobile")
    assert not make(user).may_speak("192.0.2.8", 0.0)
    assert make(user, secrets={"mobile": "x"}).may_speak("192.0.2.8", 0.0)


def test_a_new_plan_takes_the_old_address_away():
    trunks = make(plan.TrunkPlan(key="line", addresses=("192.0.2.7",)))
    trunks.use(stand.stand_plan(trunks=()))
    assert not trunks.may_speak("192.0.2.7", 0.0)


def test_failures_of_forged_addresses_are_forgotten_in_order(monkeypatch):
    monkeypatch.setattr(trunks_module, "HOSTS_MAX", 3)
    trunks = make(plan.TrunkPlan(key="m", digest_user="m"), secrets={"m": "x"})
    for number in range(5):
        trunks._failed(f"host-{number}", 0.0)
    assert list(trunks._failures) == ["host-2", "host-3", "host-4"]
