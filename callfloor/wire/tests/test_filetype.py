"""Files are what their first bytes say, whatever they are called."""

import pytest

from callfloor.wire import filetype

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"GIF89a\x01\x00", "image/gif"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x18ftypheic\x00", "image/heic"),
        (b"%PDF-1.7\n", "application/pdf"),
        ("Zählerstand: 4711\n".encode(), "text/plain"),
        ("شماره مشترک ۱۲۳\u200c۴".encode(), "text/plain"),
    ],
)
def test_what_people_send_is_known_by_its_bytes(content, kind):
    assert filetype.file_type(content) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00\x03",
        b"\x7fELF\x02\x01",
        b"PK\x03\x04\x14\x00",
        b"<!doctype html><script>alert(1)</script>",
        b"\xef\xbb\xbf \n<svg onload='alert(1)'>",
        b"#!/bin/sh\nrm -rf /",
        b"%!PS-Adobe",
        b"AAAA\x00\x00\x00\x00WEBP",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"text with a bell \x07",
        b"\xff\xfe\x00",
    ],
)
def test_what_can_run_or_is_not_known_is_refused(content):
    assert filetype.file_type(content) is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("meter.jpg", "meter.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\bill.pdf", "bill.pdf"),
        ("  .hidden ", "hidden"),
        ("a\x00b\r\nc.txt", "abc.txt"),
        ("", "file"),
        ("..", "file"),
    ],
)
def test_a_name_is_only_a_name(name, shown):
    assert filetype.file_name(name) == shown


def test_a_long_name_keeps_its_ending():
    shown = filetype.file_name("x" * 300 + ".pdf")
    assert (len(shown), shown[-4:]) == (filetype.FILE_NAME_CHARACTERS_MAX, ".pdf")
