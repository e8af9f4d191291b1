"""Who has a password is believed; an offer tells nobody who has one."""

import pytest

from callfloor.floor.passwords import (
    MD5,
    Password,
    Passwords,
    Unreadable,
    changed,
    phone_passwords,
    read,
)
from callfloor.wire.sip import auth
from callfloor.wire.sip.headers import Address, Via
from callfloor.wire.sip.message import request, respond
from callfloor.wire.sip.uri import Uri

pytestmark = pytest.mark.pure

HOST = "192.0.2.9"
NAMES = [f"name-{number}" for number in range(2_000)]


def registering(user):
    """Make the REGISTER of a user."""
    who = Address(uri=Uri(user=user, host="here"))
    via = Via(transport="UDP", host=HOST, params={"branch": "z9hG4bK1"})
    return request(
        method="REGISTER", uri="sip:here", via=via, from_=who.with_tag("t"), to=who,
        call_id="c", cseq=1,
    )  # fmt: skip


def make(known):
    """Make the passwords of a house."""
    made = Passwords(secret=b"s" * 32, draw=lambda count: b"d" * count)
    made.use("house", known)
    return made


def offered(passwords, user):
    """Name the algorithms that a user is offered."""
    headers = passwords.prove(registering(user), HOST, 1.0)
    return tuple(value.partition("algorithm=")[2].partition(",")[0] for _, value in headers)


def test_a_telephone_that_knows_only_md5_is_offered_nothing_else():
    """One of libre 1.1 (baresip) gives up when SHA-256 is offered beside it."""
    house = make(phone_passwords({"new": "x", "old": {"password": "x", "md5": True}}))
    assert (offered(house, "new"), offered(house, "old")) == (("SHA-256",), ("MD5",))


def test_names_that_nobody_has_are_offered_md5_as_often_and_always_alike():
    known = {f"old-{n}": Password(text="x", algorithms=MD5) for n in range(1)}
    house = make({**known, **{f"new-{n}": Password(text="x") for n in range(3)}})
    share = sum(offered(house, name) == ("MD5",) for name in NAMES) / len(NAMES)
    assert share == pytest.approx(1 / 4, abs=0.04)
    assert offered(house, "name-7") == offered(house, "name-7")


def test_where_nobody_needs_md5_nobody_is_offered_it():
    house = make({"new": Password(text="x")})
    assert {offered(house, name) for name in ["new", *NAMES[:100]]} == {("SHA-256",)}


@pytest.mark.parametrize(("user", "is_believed"), [("new", False), ("old", True)])
def test_md5_proves_only_who_was_offered_it(user, is_believed):
    house = make({"new": Password(text="x"), "old": Password(text="x", algorithms=MD5)})
    asked = registering(user)
    refusal = respond(asked, 401, headers=auth.challenge(
        realm="house", now=1.0, secret=b"s" * 32, draw=b"e" * 16, algorithms=MD5
    ))  # fmt: skip
    proof = auth.answer(refusal, request=asked, username=user, password="x", cnonce="c")
    proven = house.prove(
        request(
            method="REGISTER", uri="sip:here", via=asked.via, from_=asked.from_, to=asked.to,
            call_id="c", cseq=2, headers=(proof,),
        ), HOST, 2.0,
    )  # fmt: skip
    assert (proven == user) == is_believed


def test_the_file_is_read_as_it_is_kept(tmp_path):
    path = tmp_path / "passwords.json"
    assert read(path) == {}
    path.write_text('{"new": "x", "old": {"password": "y", "md5": true}}')
    assert read(path) == {"new": Password(text="x"), "old": Password(text="y", algorithms=MD5)}


@pytest.mark.parametrize("text", ['{"new": "s3cret"', '["s3cret"]', '{"new": 7}', '{"new": {}}'])
def test_a_torn_file_is_told_without_a_word_of_it(tmp_path, text):
    path = tmp_path / "passwords.json"
    path.write_text(text)
    with pytest.raises(Unreadable) as caught:
        read(path)
    assert "s3cret" not in str(caught.value)
    assert str(caught.value).startswith("passwords.json: ")
    assert caught.value.__cause__ is None


def test_whose_password_is_another_is_named():
    """A new one, one that is gone, one that was changed, and one that may not be proven by MD5."""
    same = Password(text="s")
    before = {"same": same, "gone": same, "other": same, "old": Password(text="s", algorithms=MD5)}
    after = {"same": same, "new": same, "other": Password(text="t"), "old": same}
    assert changed(before, after) == {"gone", "new", "other", "old"}
