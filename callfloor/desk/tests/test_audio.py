"""A recording over HTTP: whole, and each kind of range (RFC 9110 section 14)."""

import pytest

from callfloor.desk.interactions import audio

pytestmark = pytest.mark.page


class Sound:
    """Ten bytes that count whether they were closed."""

    size = 10
    content_type = "audio/wav"

    def __init__(self):
        self.closed = 0

    def read(self, *, start, length):
        return b"0123456789"[start : start + length]

    def close(self):
        self.closed += 1


def ask(header, *, is_head=False):
    sound = Sound()
    answer = audio.response(sound, audio.wanted_range(header), is_head=is_head)
    streams = getattr(answer, "streaming_content", None)
    body = b"".join(streams) if streams is not None else answer.content
    assert sound.closed == 1
    return answer, body


@pytest.mark.parametrize(
    ("header", "status", "body", "says"),
    [
        ("", 200, b"0123456789", None),
        ("bytes=0-", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        ("bytes=4-2", 200, b"0123456789", None),
        ("bytes=0-1,3-4", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
    ],
)
def test_each_range_gets_what_is_owed(header, status, body, says):
    answer, sent = ask(header)
    assert (answer.status_code, sent) == (status, body)
    assert answer.headers.get("Content-Range") == says
    assert answer.headers["Accept-Ranges"] == "bytes"


def test_a_head_says_the_length_and_sends_nothing():
    answer, sent = ask("", is_head=True)
    assert (answer.headers["Content-Length"], sent) == ("10", b"")
