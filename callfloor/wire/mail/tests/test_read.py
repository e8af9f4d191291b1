"""A mail is read whatever it is, or is a PeerError; nothing of it can run."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callfloor.wire.errors import PeerError
from callfloor.wire.mail import bodies, read
from callfloor.wire.mail.tests import samples

pytestmark = pytest.mark.pure


def test_a_plain_mail():
    mail = read.mail(samples.plain(more="References: <a@x> <b@x>\nIn-Reply-To: <b@x>"))
    assert (mail.sender.name, mail.sender.address) == ("Cora", "cora@home.example")
    assert [each.address for each in mail.recipients] == ["help@acme.example"]
    assert (mail.subject, mail.text) == ("Invoice", "My invoice is wrong.")
    assert (mail.message_id, mail.thread) == ("m1@home.example", ("b@x", "a@x"))
    assert mail.sent_at == 1772442000.0
    assert (mail.html, mail.files, mail.bounce) == ("", (), None)


def test_text_html_and_files():
    mail = read.mail(samples.with_file())
    assert (mail.subject, mail.text) == ("Számla", "Számla mellékelve")
    assert mail.html == "<p>Hi</p>"
    [file] = mail.files
    assert (file.name, file.content_type, file.size) == ("bill.pdf", "application/pdf", 5)
    found, content = read.file(samples.with_file(), number=1)
    assert (found, content) == (file, b"%PDF-")
    assert read.file(samples.with_file(), number=2) is None


@pytest.mark.parametrize(
    ("given", "shown"),
    [("../../etc/passwd", "passwd"), ("C:\\a\\b.txt", "b.txt"), ("invoice\u202efdp.exe", None)],
)
def test_a_name_of_a_file_tricks_nobody(given, shown):
    [file] = read.mail(samples.with_file(name=given)).files
    assert file.name == shown if shown else "\u202e" not in file.name
    assert "/" not in file.name


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("=?utf-8?B?2LPZhNin2YU=?=", "سلام"),
        ("=?utf-8?Q?=D0=9F=D1=80?= =?utf-8?Q?=D0=B8?=", "При"),
        ("=?utf-8?Q?=D0?= =?utf-8?Q?=9F?=", "П"),
        ("=?x-unknown?Q?caf=E9?=", "café"),
        ("=?utf-8?B?broken", "=?utf-8?B?broken"),
        ("=?utf-8?B?!!!?=", ""),
        ("a\r\n b", "a b"),
        ("árvíz", "árvíz"),
        ("a\x00b", "ab"),
    ],
)
def test_subjects_of_all_kinds(subject, shown):
    assert read.mail(samples.plain(subject=subject)).subject == shown


def test_a_byte_that_is_no_utf8_is_read_as_the_west_writes_it():
    raw = samples.plain().replace(b"Invoice", b"caf\xe9")
    assert read.mail(raw).subject == "café"


def test_html_alone_is_read_as_text():
    html = "<style>p{}</style><p>One &amp; <b>two</b><br>three<td>x</p><script>no()</script>"
    raw = samples.plain(html).replace(b"text/plain", b"text/html")
    mail = read.mail(raw)
    assert mail.text == "One & two\nthree x"
    assert "script" not in mail.html
    assert "style" not in mail.html


@pytest.mark.parametrize(
    "evil",
    [
        '<a href="javascript:x()">a</a>',
        '<img src=x onerror="x()">',
        "<form action=https://evil.example><input name=p></form>",
        '<div style="background:url(https://t.example)">a</div>',
        "<svg><script>x()</script></svg>",
        "<iframe src=https://evil.example></iframe>",
        "<meta http-equiv=refresh content=0>",
    ],
)
def test_nothing_in_html_runs_or_loads(evil):
    raw = samples.plain(f"<p>Hi</p>{evil}").replace(b"text/plain", b"text/html")
    shown = read.mail(raw).html.lower()
    for word in ("script", "onerror", "src", "form", "style", "url(", "iframe", "meta"):
        assert word not in shown


def test_a_mail_without_anything_is_a_mail():
    mail = read.mail(b"")
    assert (mail.sender, mail.message_id, mail.text) == (None, "", "")


def test_a_mail_deeper_than_anybody_writes_is_refused():
    with pytest.raises(PeerError):
        read.mail(samples.nested(60))


def test_a_bottomless_mail_is_not_parsed_to_its_end():
    """R48: the library asks every open level at each line; they held it for minutes."""
    bottomless = samples.nested(bodies.PARSED_DEPTH_MAX + 1)
    with pytest.raises(PeerError, match="deeper"):
        bodies.parsed(bottomless)
    assert bodies.parsed(samples.nested(bodies.PARSED_DEPTH_MAX)).is_multipart()


def test_what_the_library_trips_over_is_a_peer_error_or_read():
    """R48: twenty-five bytes that end the library's own parser of headers."""
    assert read.mail(b"from:\xff\xff&.:om:m:..\n\nx").text == "x"


@given(raw=st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(raw):
    for data in (raw, samples.with_file() + raw, raw + samples.given_back("x@y")):
        with contextlib.suppress(PeerError):
            read.mail(data)


@given(
    seed=st.sampled_from(
        [samples.plain(), samples.with_file(), samples.given_back("a@b"), samples.nested(5)]
    ),
    changes=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=8),
)
@settings(max_examples=200, deadline=None)
def test_mutations_of_real_mails_are_read_or_refused(seed, changes):
    raw = bytearray(seed)
    for place, value in changes:
        raw[place % len(raw)] = value
    with contextlib.suppress(PeerError):
        read.mail(bytes(raw))


class TestFingerprint:
    def test_is_the_same_however_often_it_comes(self):
        """R31: no Message-ID, and the server renumbers at each look."""
        first = samples.plain(message_id=None)
        again = b"Received: from elsewhere\r\n" + first.replace(b"\r\n", b"\n")
        assert read.fingerprint(first) == read.fingerprint(again)

    @pytest.mark.parametrize("change", [{"date": "x"}, {"subject": "y"}, {"sender": "z@z.example"}])
    def test_differs_for_another_mail(self, change):
        plain = samples.plain(message_id=None)
        assert read.fingerprint(plain) != read.fingerprint(samples.plain(message_id=None, **change))

    def test_two_bodies_under_one_id_are_two_mails(self):
        """A broken program gives every mail the same Message-ID; nothing of it may be lost."""
        assert read.fingerprint(samples.plain("a")) != read.fingerprint(samples.plain("b"))

    @given(raw=st.binary(max_size=200))
    def test_never_fails(self, raw):
        assert len(read.fingerprint(raw)) == 64


class TestChecks:
    OURS = "Authentication-Results: mx.acme.example; spf=pass smtp.mailfrom=x; dkim=fail\n"

    def test_the_word_of_our_own_server_counts(self):
        raw = samples.plain(more=self.OURS + "Received: from x")
        assert read.mail(raw, trusted="mx.acme.example").checks == {"spf": "pass", "dkim": "fail"}

    def test_anybody_elses_does_not(self):
        raw = samples.plain(more=self.OURS.replace("mx.acme", "mx.evil"))
        assert read.mail(raw, trusted="mx.acme.example").checks == {}
        assert read.mail(samples.plain(more=self.OURS)).checks == {}

    def test_a_forged_one_lies_below_the_first_received(self):
        forged = "Authentication-Results: mx.acme.example; dmarc=pass"
        raw = samples.plain(more=f"{self.OURS}Received: from x\n{forged}")
        assert "dmarc" not in read.mail(raw, trusted="mx.acme.example").checks
