"""Signatures as the standard has them, both ways."""

import base64

import pytest

from callfloor.connectors.webhook import signing

pytestmark = pytest.mark.pure

# Made with the standard's own library for Python (standardwebhooks 1.1.0).
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

NOW = float(AT)


def given(**changed):
    """Give the headers of a message, some of them changed."""
    headers = {signing.ID: ID, signing.TIMESTAMP: str(AT), signing.SIGNATURE: SIGNATURE}
    return headers | {f"webhook-{name}": value for name, value in changed.items()}


def is_signed(headers, *, body=BODY, now=NOW):
    """Say whether a message is signed with the secret."""
    secret = signing.secret_bytes(SECRET)
    return signing.is_signed(secret=secret, given=headers, body=body, now=now)


def test_signs_as_the_standard():
    secret = signing.secret_bytes(SECRET)
    assert signing.sign(secret=secret, id_=ID, timestamp=AT, body=BODY) == SIGNATURE
    assert signing.headers(secret=secret, id_=ID, timestamp=AT, body=BODY) == given()


def test_takes_what_is_signed():
    assert is_signed(given())
    assert is_signed(given(signature=f"v1,{'A' * 43}= {SIGNATURE}"))


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "msg_other"}, {"id": ""}, {"timestamp": str(AT + 1)}, {"timestamp": "x"},
        {"timestamp": ""}, {"timestamp": "9" * 400}, {"timestamp": "١"}, {"signature": ""},
        {"signature": SIGNATURE.replace("v1,", "v2,")}, {"signature": SIGNATURE[:-2] + "A="},
        {"signature": "é"}, {"signature": " ".join(["v1,A"] * 5 + [SIGNATURE])},
    ],
)  # fmt: skip
def test_refuses_what_was_changed(changed):
    assert not is_signed(given(**changed))


def test_refuses_another_body():
    assert not is_signed(given(), body=BODY + b" ")


@pytest.mark.parametrize(
    ("late", "is_good"), [(300, True), (301, False), (-300, True), (-301, False)]
)
def test_holds_for_five_minutes(late, is_good):
    assert is_signed(given(), now=NOW + late) == is_good


def test_a_secret_is_written_and_read():
    secret = bytes(range(32))
    assert signing.read_secret(signing.secret_text(secret)) == secret
    for wrong in ("whsec_!", "whsec_" + base64.b64encode(b"short").decode()):
        assert signing.read_secret(wrong) is None
