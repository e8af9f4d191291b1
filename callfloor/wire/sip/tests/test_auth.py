"""Digest: the right password is believed once, everything else is challenged alike."""

import dataclasses

import pytest

from callfloor.wire.sip import auth, message
from callfloor.wire.sip.auth import Verifier
from callfloor.wire.sip.tests import kit

pytestmark = pytest.mark.pure

REALM = "callfloor"
SECRET = b"k" * 32
DRAW = b"d" * 16


def find(username, algorithm):
    if username != "trunk":
        return None
    return auth.secret_hash(
        username=username, realm=REALM, password="open sesame", algorithm=algorithm
    )


def verifier(**more):
    return Verifier(realm=REALM, secret=SECRET, find=find, **more)


def challenged(by, now=100.0, status=401):
    request = kit.request()
    headers = by.challenge(now=now, draw=DRAW, is_proxy=status == 407)
    return request, message.respond(request, status, tag="b", headers=headers)


def answered(by, *, now=100.0, username="trunk", password="open sesame", status=401, **more):
    request, refusal = challenged(by, now, status)
    header = auth.answer(
        refusal, request=request, username=username, password=password, cnonce="c", **more
    )
    assert header is not None
    return message.with_headers(request, drop=[], add=[header])


class TestVerify:
    @pytest.mark.parametrize("algorithms", [("SHA-256", "MD5"), ("SHA-256",), ("MD5",)])
    @pytest.mark.parametrize("status", [401, 407])
    def test_believes_the_right_password(self, algorithms, status):
        server = verifier(algorithms=algorithms)
        assert server.verify(answered(server, status=status), now=101.0).username == "trunk"

    def test_asks_where_nothing_was_said(self):
        verdict = verifier().verify(kit.request(), now=1.0)
        assert (verdict.username, verdict.is_stale, verdict.why) == (None, False, "none")

    def test_an_unknown_user_and_a_wrong_password_look_alike(self):
        server = verifier()
        wrong = server.verify(answered(server, password="x"), now=101.0)
        unknown = server.verify(answered(server, username="nobody"), now=101.0)
        assert (wrong.username, wrong.why, wrong.is_stale) == (None, "wrong", False)
        assert dataclasses.replace(wrong, claimed="nobody") == unknown

    def test_an_unknown_user_costs_the_same_hashes(self, monkeypatch):
        counts = []
        plain = auth._hash
        monkeypatch.setattr(auth, "_hash", lambda *args: counts.append(1) or plain(*args))
        server = verifier()
        totals = []
        for username in ("trunk", "nobody"):
            asked = answered(server, username=username, password="x")
            counts.clear()
            server.verify(asked, now=101.0)
            totals.append(len(counts) - (username == "trunk"))  # `find` hashes in this test only.
        assert totals[0] == totals[1]

    def test_takes_no_answer_twice(self):
        server = verifier()
        asked = answered(server)
        assert server.verify(asked, now=101.0).username == "trunk"
        replay = server.verify(asked, now=102.0)
        assert (replay.username, replay.is_stale, replay.why) == (None, True, "replayed")

    def test_a_growing_count_is_taken(self):
        server = verifier()
        assert server.verify(answered(server, count=1), now=101.0).username == "trunk"
        assert server.verify(answered(server, count=2), now=101.0).username == "trunk"
        assert server.verify(answered(server, count=1), now=101.0).username is None

    @pytest.mark.parametrize(("later", "is_stale"), [(59.9, False), (60.0, True), (-1.0, True)])
    def test_a_nonce_lives_sixty_seconds(self, later, is_stale):
        server = verifier()
        verdict = server.verify(answered(server), now=100.0 + later)
        assert (verdict.is_stale, verdict.username is None) == (is_stale, is_stale)

    def test_a_nonce_of_somebody_elses_making_is_wrong(self):
        other = Verifier(realm=REALM, secret=b"x" * 32, find=find)
        assert verifier().verify(answered(other), now=101.0).why == "wrong"

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("qop=auth", "qop=auth-int"),
            ("nc=00000001", "nc=1"),
            ('uri="sip:bob@example.net"', 'uri="sip:eve@example.net"'),
            ('uri="sip:bob@example.net"', 'uri="?"'),
            ("algorithm=SHA-256", "algorithm=SHA-1"),
            ('cnonce="c"', 'cn="c"'),
            ("Digest ", "Basic "),
            ('realm="callfloor"', 'realm="other"'),
            ('response="', 'response="\udcff'),
        ],
    )
    def test_believes_nothing_that_was_changed(self, old, new):
        server = verifier()
        asked = answered(server)
        header = asked.get("Authorization")
        assert old in header
        changed = message.with_headers(
            asked, drop=["Authorization"], add=[("Authorization", header.replace(old, new))]
        )
        assert server.verify(changed, now=101.0).username is None

    def test_the_same_target_in_another_spelling_is_the_same(self):
        server = verifier()
        asked = answered(server)
        moved = message.Request(method="INVITE", uri="sip:%62ob@example.net", headers=asked.headers)
        assert server.verify(moved, now=101.0).username == "trunk"

    def test_a_full_memory_challenges_and_forgets_nothing(self, monkeypatch):
        monkeypatch.setattr(auth, "NONCES_MAX", 1)
        server = verifier()
        first = answered(server, now=100.0)
        assert server.verify(first, now=100.0).username == "trunk"
        assert server.verify(answered(server, now=101.0), now=101.0).is_stale
        assert server.verify(first, now=101.0).why == "replayed"
        assert server.verify(answered(server, now=170.0), now=170.0).username == "trunk"


class TestChallenge:
    def test_names_the_strongest_algorithm_first(self):
        """RFC 8760 section 2.4."""
        headers = verifier().challenge(now=100.0, draw=DRAW, is_stale=True)
        assert [name for name, _ in headers] == ["WWW-Authenticate"] * 2
        assert "algorithm=SHA-256" in headers[0][1]
        assert "algorithm=MD5" in headers[1][1]
        assert headers[0][1].endswith('qop="auth", stale=true')


class TestAnswer:
    def test_agrees_with_the_example_of_the_rfc(self):
        """RFC 7616 section 3.9.1, both algorithms (method GET, uri /dir/index.html)."""
        fields = {
            "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
            "nc": "00000001",
            "cnonce": "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
            "qop": "auth",
            "uri": "/dir/index.html",
        }
        request = message.Request(method="GET", uri="/dir/index.html", headers=())
        responses = {
            "MD5": "8ca523f5e9506fed4657c9700eebdbec",
            "SHA-256": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
        }
        for algorithm, expected in responses.items():
            a1 = auth.secret_hash(
                username="Mufasa",
                realm="http-auth@example.org",
                password="Circle of Life",
                algorithm=algorithm,
            )
            assert auth._response(algorithm, a1, fields, request) == expected

    def test_tells_a_stranger_nothing(self):
        """A challenge of another realm may be there to collect digests."""
        request, refusal = challenged(verifier())
        assert (
            auth.answer(
                refusal,
                request=request,
                username="u",
                password="p",
                cnonce="c",
                realm="our provider",
            )
            is None
        )

    def test_cannot_answer_what_it_does_not_know(self):
        request = kit.request()
        refusal = message.respond(
            request, 401, headers=[("WWW-Authenticate", 'Basic realm="x"')], tag="b"
        )
        assert auth.answer(refusal, request=request, username="u", password="p", cnonce="c") is None

    def test_gives_back_what_is_opaque(self):
        request = kit.request()
        value = 'Digest realm="r", nonce="n", qop="auth,auth-int", opaque="o"'
        refusal = message.respond(request, 401, headers=[("WWW-Authenticate", value)], tag="b")
        header = auth.answer(refusal, request=request, username="u", password="p", cnonce="c")
        assert header is not None
        assert header[1].endswith('opaque="o", algorithm=MD5')
