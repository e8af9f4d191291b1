"""What goes out is read by another library as it was meant, in every language."""

import email
import email.policy
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callfloor.wire.errors import LocalError
from callfloor.wire.mail import read, write
from callfloor.wire.mail.headers import Address
from callfloor.wire.mail.tests import samples

pytestmark = pytest.mark.pure

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def out(**values):
    """Give a mail to be written."""
    given = {
        "sender": Address(address="help@acme.example", name="Acme, Help"),
        "to": Address(address="cora@home.example", name="Cora"),
        "subject": "Re: Invoice",
        "text": "Good day.\n",
        "message_id": "o1@acme.example",
        "at": AT,
    }
    return write.Outgoing(**{**given, **values})


def test_an_answer_stands_in_its_thread():
    raw = write.mail(out(references=("a@x", "b@x"), reply_to="help+cf1@acme.example"))
    read_by_others = email.message_from_bytes(raw, policy=email.policy.default)
    assert read_by_others["in-reply-to"] == "<b@x>"
    assert read_by_others["references"].split() == ["<a@x>", "<b@x>"]
    assert read_by_others["reply-to"] == "help+cf1@acme.example"
    assert read_by_others["from"].addresses[0].display_name == "Acme, Help"
    assert read_by_others["auto-submitted"] is None
    assert read_by_others.get_content().splitlines() == ["Good day."]


def test_what_a_machine_writes_says_so():
    """RFC 3834 3.1.7, and ours is known again when it comes back."""
    mail = read.mail(write.mail(out(references=("a@x",), is_automatic=True, mark="f00")))
    assert (mail.verdict.kind, mail.verdict.may_be_answered) == ("auto", False)
    assert mail.marks == ("f00",)
    assert b"\r\nAuto-Submitted: auto-replied\r\n" in write.mail(
        out(references=("a@x",), is_automatic=True)
    )


@pytest.mark.parametrize(
    "text",
    [
        "Köszönjük, hogy írt nekünk: árvíztűrő tükörfúrógép, és még sok minden egyéb is.",
        "Мы получили ваше письмо о счёте и ответим вам сегодня до шести часов вечера.",
        "نامه شما را دریافت کردیم و تا پایان امروز به شما پاسخ خواهیم داد.",
        "Plain, but so long that it has to be folded more than once on its way to the customer",
        "😀" * 30,
    ],
)
def test_every_language_comes_through(text):
    raw = write.mail(out(subject=text, text=text, to=Address(address="c@x.example", name=text)))
    assert max(map(len, raw.split(b"\r\n"))) <= 78  # RFC 5322 2.1.1.
    found = email.message_from_bytes(raw)
    assert samples.subject_of(found) == text
    mail = read.mail(raw)
    assert (mail.subject, mail.text) == (text, text)


def test_long_message_ids_are_never_cut_or_encoded():
    long = "x" * 200 + "@y.example"
    raw = write.mail(out(references=(long, long[1:])))
    assert f"<{long}>".encode() in raw
    assert read.mail(raw).thread == (long[1:], long)


@pytest.mark.parametrize("evil", ["a\r\nBcc: x@y.example", "a\nb", "a\x00b", "a\r\n\r\nbody"])
def test_nothing_breaks_out_of_a_header(evil):
    raw = write.mail(out(subject=evil, to=Address(address="c@x.example", name=evil)))
    found = email.message_from_bytes(raw)
    assert found["bcc"] is None
    assert read.mail(raw).text == "Good day."


@pytest.mark.parametrize(
    "address", ["a@x.example>, <b@y.example", "no-at", "ür@x.example", "a b@x.example", "@x"]
)
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(LocalError):
        write.mail(out(to=Address(address=address)))


def test_a_domain_in_another_script_is_written_in_ascii():
    assert b"xn--" in write.mail(out(to=Address(address="a@пример.example")))


@given(subject=st.text(max_size=80), text=st.text(max_size=200), name=st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_whatever_is_said_the_mail_is_whole(subject, text, name):
    raw = write.mail(out(subject=subject, text=text, to=Address(address="c@x.example", name=name)))
    head, _, _ = raw.partition(b"\r\n\r\n")
    assert head.count(b"\r\nMIME-Version: 1.0\r\n") == 1
    assert read.mail(raw).sender.address == "help@acme.example"
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


class TestEnclosed:
    """Files that go with a mail."""

    FILES = (
        write.Enclosed(name="számla március.pdf", type="application/pdf", content=b"%PDF-1.7 x"),
        write.Enclosed(name="a" * 110 + ".png", type="image/png", content=bytes(range(256))),
        write.Enclosed(name='x"; y\r\nz.txt', type="text/plain", content="سلام".encode()),
    )

    def test_they_are_read_back_with_names_kinds_and_every_byte(self):
        raw = write.mail(out(files=self.FILES))
        read_back = email.message_from_bytes(raw, policy=email.policy.default)
        found = list(read_back.iter_attachments())
        assert [part.get_filename() for part in found] == [
            "számla március.pdf", "a" * 110 + ".png", 'x"; y z.txt',
        ]  # fmt: skip
        assert [part.get_payload(decode=True) for part in found] == [
            each.content for each in self.FILES
        ]
        assert read.mail(raw).text == read.mail(write.mail(out())).text

    def test_no_line_is_longer_than_a_server_takes(self):
        raw = write.mail(out(files=self.FILES))
        assert max(len(line) for line in raw.split(b"\r\n")) <= 100
        assert b"\n" not in raw.replace(b"\r\n", b"")

    def test_words_that_look_like_the_boundary_stay_words(self):
        first = write.mail(out(files=self.FILES))
        boundary = first.split(b'boundary="')[1].split(b'"')[0].decode()
        raw = write.mail(out(files=self.FILES, text=f"--{boundary}\n--{boundary}--\nend"))
        assert read.mail(raw).text == f"--{boundary}\n--{boundary}--\nend"
        assert (
            len(list(email.message_from_bytes(raw, policy=email.policy.default).iter_attachments()))
            == 3
        )
