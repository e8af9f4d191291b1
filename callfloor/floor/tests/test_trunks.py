"""Who may call (the SIP side of it is in test_telephone)."""

import pytest

from callfloor.core import plan
from callfloor.floor.passwords import Password
from callfloor.floor.tests import stand
from callfloor.floor.trunks import Trunks

pytestmark = pytest.mark.pure


def make(*lines, secrets=None):
    """Make the trunks of a plan."""
    made = Trunks(
        secrets=secrets or {},
        secret=b"s" * 32,
        draw=lambda count: b"d" * count,
        addresses=lambda _host: (),
    )
    made.use(stand.stand_plan(trunks=lines))
    return made


def test_an_address_is_known():
    trunks = make(plan.TrunkPlan(key="line", addresses=("192.0.2.7",)))
    assert trunks.by_address("192.0.2.7") == "line"
    assert trunks.is_line("192.0.2.7")
    assert not trunks.is_line("192.0.2.8")


def test_a_digest_user_without_a_secret_lets_nobody_in():
    user = plan.TrunkPlan(key="mobile", digest_user="mobile")
    assert not make(user).takes_strangers()
    assert make(user, secrets={"mobile": "x"}).takes_strangers()


def test_a_secret_that_is_kept_later_lets_him_in():
    """Without a restart: it holds from the next word of the plan on."""
    user = plan.TrunkPlan(key="mobile", digest_user="mobile")
    trunks = make(user)
    trunks.keep({"mobile": Password(text="x")})
    trunks.use(stand.stand_plan(trunks=(user,)))
    assert trunks.takes_strangers()
    assert trunks.by_user("mobile") == "mobile"


def test_a_new_plan_takes_the_old_address_away():
    trunks = make(plan.TrunkPlan(key="line", addresses=("192.0.2.7",)))
    trunks.use(stand.stand_plan(trunks=()))
    assert not trunks.is_line("192.0.2.7")
