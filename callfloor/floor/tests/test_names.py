"""Providers' names: looked up beside the signalling path, and the last word holds."""

import threading

import pytest

from callfloor.floor import names
from callfloor.floor.tests.turns import until

pytestmark = pytest.mark.wire


class Resolver:
    """A resolver that answers what the test wants, or hangs."""

    def __init__(self, **found):
        self.found = found
        self.go_on = threading.Event()
        self.go_on.set()

    def __call__(self, name):
        self.go_on.wait(10)
        return self.found.get(name.partition(".")[0], ())


async def test_an_address_needs_no_look_up():
    known = names.Names(changed=lambda: None, look_up=Resolver())
    known.want(["192.0.2.1"])
    assert known.addresses("192.0.2.1") == ("192.0.2.1",)
    assert known.addresses("[2001:db8::1]") == ("2001:db8::1",)
    assert known._task is None


async def test_a_name_is_known_once_it_was_looked_up():
    told = []
    known = names.Names(changed=lambda: told.append(1), look_up=Resolver(a=("192.0.2.1",)))
    known.want(["a.example", "b.example"])
    assert known.addresses("a.example") == ()
    await until(lambda: told == [1])
    assert known.addresses("a.example") == ("192.0.2.1",)
    assert known.addresses("b.example") == ()
    assert known.name_of("192.0.2.1") == "a.example"
    assert known.name_of("192.0.2.2") == "192.0.2.2"
    known.close()


async def test_a_resolver_that_hangs_delays_nobody():
    """VOICE.md: a look-up that hangs stalls nothing but itself."""
    resolver = Resolver(a=("192.0.2.1",))
    resolver.go_on.clear()
    known = names.Names(changed=lambda: None, look_up=resolver)
    known.want(["a.example"])
    turns = []
    await until(lambda: turns.append(1) or len(turns) > 50)
    assert known.addresses("a.example") == ()
    resolver.go_on.set()
    await until(lambda: known.addresses("a.example") == ("192.0.2.1",))
    known.close()


async def test_a_name_that_nobody_wants_any_more_is_forgotten():
    known = names.Names(changed=lambda: None, look_up=Resolver(a=("192.0.2.1",)))
    known.want(["a.example"])
    await until(lambda: bool(known.addresses("a.example")))
    known.want([])
    assert known.addresses("a.example") == ()
