"""URIs are read whole, refused when malformed, and written so that they read the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callfloor.wire.errors import PeerError
from callfloor.wire.sip import uri

pytestmark = pytest.mark.pure


class TestParse:
    def test_takes_every_part(self):
        """RFC 3261 section 19.1.3."""
        read = uri.parse("SIPS:alice:secret@Example.com:5061;Transport=tcp;lr?subject=x&to=y")
        assert read == uri.Uri(
            scheme="sips",
            user="alice",
            password="secret",
            host="Example.com",
            port=5061,
            params={"transport": "tcp", "lr": None},
            headers="subject=x&to=y",
        )

    def test_keeps_other_schemes_as_they_are(self):
        read = uri.parse("tel:+49-30-123;phone-context=de")
        assert (read.scheme, read.opaque, read.is_sip) == ("tel", "+49-30-123;phone-context=de", 0)

    @pytest.mark.parametrize(
        ("text", "user"), [("%23", "#"), ("#", "#"), ("a%FF", "a\udcff"), ("%2B49", "+49")]
    )
    def test_undoes_escapes(self, text, user):
        assert uri.parse(f"sip:{text}@h").user == user

    @pytest.mark.parametrize(
        "text",
        ["", "sip", "sip:", "sip:@h", "sip:a@", "sip:a b@h", "sip:h:", "sip:h:99999", "sip:h;x;X",
         "sip:h h", "sip:[::1", "sip:2001:db8::1", "1x:y", ":x", "sip:h;;x", "sip:h;=1"],
    )  # fmt: skip
    def test_refuses(self, text):
        with pytest.raises(PeerError):
            uri.parse(text)


@settings(max_examples=60)
@given(st.text(max_size=30))
def test_noise_gives_peer_error_only(text):
    try:
        read = uri.parse(f"sip:{text}")
    except PeerError:
        return
    assert uri.parse(str(read)) == read


class TestParams:
    def test_blanks_and_quotes_are_borne_with(self):
        assert uri.parse_params(' ; a = "x;y" ; b ;') == {"a": '"x;y"', "b": None}

    @pytest.mark.parametrize("blank", ["", " "])
    def test_a_bracket_is_one_piece_with_blanks_around_and_without(self, blank):
        """Found by ten minutes of fuzzing: what was read was not what was written."""
        once = uri.parse_params(f";a=5<00;B{blank}")
        assert once == {"a": "5<00;B"}
        assert uri.parse_params(uri.write_params(once)) == once

    def test_are_written_back(self):
        assert uri.write_params({"a": "1", "b": None}) == ";a=1;b"
