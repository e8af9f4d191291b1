"""A registration is kept alive, comes back by itself, and never hammers a provider."""

import itertools

import pytest

from callfloor.wire.sip import registrar
from callfloor.wire.sip.asking import Ask
from callfloor.wire.sip.credentials import Credentials, Prover
from callfloor.wire.sip.headers import Address
from callfloor.wire.sip.registration import Account, Changed, Registration
from callfloor.wire.sip.tests import kit
from callfloor.wire.sip.tests.kit import response
from callfloor.wire.sip.uri import Uri

pytestmark = pytest.mark.pure

US = Address(uri=Uri(user="us", host="provider.example"))
HERE = Address(uri=Uri(user="callfloor", host="192.0.2.1", port=5060))


def registering(expires=300):
    """Make a registration that has begun; give it with its REGISTER."""
    count = itertools.count(1)
    ours = Credentials(username="us", password="secret", realm="provider")
    account = Account(
        registrar=Uri(host="provider.example"),
        aor=US,
        contact=HERE,
        call_id="reg",
        tag="t",
        expires_seconds=expires,
    )
    registration = Registration(
        account,
        via=lambda: kit.via(f"z9hG4bK{next(count)}"),
        prover=Prover(credentials=ours, token=lambda: f"c{next(count)}"),
    )
    return registration, sent(registration.start(0.0))


def sent(outputs):
    return next(o.request for o in outputs if isinstance(o, Ask))


def states(outputs):
    return [o.state for o in outputs if isinstance(o, Changed)]


def granted(request, seconds=300):
    other = Address(uri=Uri(user="other", host="192.0.2.9"), params={"expires": "9"})
    mine = Address(uri=HERE.uri, params={"expires": str(seconds)})
    headers = (("Contact", str(other)), ("Contact", str(mine)))
    return response(request, 200, headers=headers)


def challenge(request, nonce="n1"):
    value = f'Digest realm="provider", nonce="{nonce}", algorithm=SHA-256, qop="auth"'
    return response(request, 401, headers=(("WWW-Authenticate", value),))


def test_the_first_register_asks_without_a_user_in_its_target():
    """RFC 3261 section 10.2."""
    registration, request = registering()
    assert (request.method, request.uri, request.get("Expires")) == (
        "REGISTER",
        "sip:provider.example",
        "300",
    )
    assert (request.from_.tag, request.to.tag, request.contact) == ("t", None, HERE)
    assert registration.state == "registering"


def test_it_is_refreshed_before_what_was_granted_ends():
    registration, request = registering()
    assert states(registration.response_received(granted(request, 100), 1.0)) == ["registered"]
    assert (registration.expires_at, registration.timer()) == (101.0, 76.0)
    again = sent(registration.fire(76.0))
    assert (again.call_id, str(again.cseq)) == ("reg", "2 REGISTER")
    assert states(registration.response_received(granted(again), 76.1)) == []


def test_a_provider_that_grants_next_to_nothing_is_not_flooded():
    registration, request = registering()
    registration.response_received(granted(request, 0), 1.0)
    assert registration.timer() == 6.0


def test_a_challenge_is_answered_each_time_once():
    registration, request = registering()
    proven = sent(registration.response_received(challenge(request), 0.1))
    assert (str(proven.cseq), proven.get("Authorization") is None) == ("2 REGISTER", False)
    registration.response_received(granted(proven), 0.2)
    refresh = sent(registration.fire(registration.timer()))
    assert refresh.get("Authorization") is None
    reused = sent(registration.response_received(challenge(refresh), 230.0))
    assert "nc=00000002" in reused.get("Authorization")


def test_a_wrong_password_is_refused_and_tried_ever_more_rarely():
    registration, request = registering()
    now, pauses = 0.0, []
    for _ in range(7):
        proven = sent(registration.response_received(challenge(request), now))
        registration.response_received(challenge(proven, "n2"), now)
        assert registration.state == "refused"
        pauses.append(registration.timer() - now)
        now = registration.timer()
        request = sent(registration.fire(now))
    assert pauses == [30.0, 60.0, 120.0, 240.0, 480.0, 600.0, 600.0]


def test_a_silent_provider_is_tried_soon_then_slowly_and_found_again():
    registration, request = registering()
    now, pauses = 0.0, []
    for _ in range(8):
        registration.timed_out(request, now)
        assert (registration.state, registration.status) == ("unreachable", None)
        pauses.append(registration.timer() - now)
        now = registration.timer()
        request = sent(registration.fire(now))
    assert pauses == [2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 120.0, 120.0]
    assert states(registration.response_received(granted(request), now)) == ["registered"]
    request = sent(registration.fire(registration.timer()))
    registration.timed_out(request, 900.0)
    assert registration.timer() == 902.0


def test_a_busy_provider_says_when():
    registration, request = registering()
    busy = response(request, 503, headers=(("Retry-After", "50"),))
    assert states(registration.response_received(busy, 1.0)) == ["unreachable"]
    assert registration.timer() == 51.0


@pytest.mark.parametrize(("wanted", "next_expires"), [("600", "600"), ("100", None), (None, None)])
def test_an_interval_that_is_too_brief_is_asked_for_longer(wanted, next_expires):
    """RFC 3261 section 10.2.8."""
    registration, request = registering()
    headers = (("Min-Expires", wanted),) if wanted else ()
    outputs = registration.response_received(response(request, 423, headers=headers), 1.0)
    if next_expires is None:
        assert states(outputs) == ["refused"]
    else:
        assert sent(outputs).get("Expires") == next_expires


def test_a_provider_that_always_asks_for_more_is_a_refusal():
    registration, request = registering()
    for more in (600, 700):
        brief = response(request, 423, headers=(("Min-Expires", str(more)),))
        request = sent(registration.response_received(brief, 1.0))
    brief = response(request, 423, headers=(("Min-Expires", "800"),))
    assert states(registration.response_received(brief, 1.0)) == ["refused"]


def test_whoever_leaves_takes_his_contact_away():
    registration, request = registering()
    registration.response_received(granted(request), 1.0)
    outputs = registration.stop()
    gone = sent(outputs)
    assert (gone.get("Expires"), gone.contact, states(outputs)) == ("0", HERE, ["off"])
    proven = sent(registration.response_received(challenge(gone), 2.0))
    assert proven.get("Expires") == "0"
    assert registration.response_received(response(proven, 200), 2.1) == []
    assert (registration.state, registration.timer(), registration.is_idle) == ("off", None, True)


def test_whoever_was_never_known_leaves_without_a_word():
    registration, _ = registering()
    assert states(registration.stop()) == ["off"]
    assert registration.is_idle


def test_an_old_answer_counts_for_nothing():
    registration, request = registering()
    registration.response_received(granted(request), 1.0)
    sent(registration.start(2.0))
    assert registration.response_received(response(request, 403), 2.1) == []
    assert registration.state == "registered"


def test_our_client_and_our_registrar_understand_one_another():
    """A second Callfloor may be the provider."""
    book = registrar.Registrar()
    client, request = registering(expires=30)
    brief = book.register("us", request, kit.UDP, 0.0)
    assert brief.status == 423
    longer = sent(client.response_received(brief.answer(request, tag="r"), 0.1))
    done = book.register("us", longer, kit.UDP, 0.1)
    client.response_received(done.answer(longer, tag="r"), 0.2)
    assert (client.state, client.expires_at) == ("registered", 60.2)
    assert [binding.contact.uri for binding in book.bindings("us", 1.0)] == [HERE.uri]
    gone = sent(client.stop())
    assert book.register("us", gone, kit.UDP, 2.0).status == 200
    assert book.bindings("us", 2.0) == []
