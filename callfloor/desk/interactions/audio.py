"""
A recording over HTTP: whole, or the one range that a player asks for (RFC 9110 section 14).

Refuses: several ranges at once, which no player needs; the whole is sent instead, as allowed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z")
CHUNK_BYTES = 64 * 1024  # One chunk of the file on the disk.


class Sound(Protocol):
    """What `services.open_recording` gives."""

    size: int
    content_type: str

    def read(self, *, start: int, length: int) -> bytes:
        """Return a part of the sound."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


@dataclass(frozen=True)
class Range:
    """What was asked for: from `start`, or the last `end` bytes if there is no start."""

    start: int | None
    end: int | None


def wanted_range(header: str) -> Range | None:
    """Return the range that a header asks for, None for the whole."""
    match = RANGE.match(header)
    if match is None or match[1] == match[2] == "":
        return None
    start, end = (int(text) if text else None for text in match.groups())
    if start is not None and end is not None and end < start:
        return None
    return Range(start, end)


def bounds(wanted: Range, size: int) -> tuple[int, int] | None:
    """Return the first byte and the one after the last, None if nothing of it exists."""
    if wanted.start is None:
        length = min(wanted.end or 0, size)
        return (size - length, size) if length else None
    if wanted.start >= size:
        return None
    return wanted.start, size if wanted.end is None else min(wanted.end + 1, size)


def response(sound: Sound, wanted: Range | None, *, is_head: bool) -> HttpResponseBase:
    """Return the answer that is owed for a sound and a range."""
    span = (0, sound.size) if wanted is None else bounds(wanted, sound.size)
    if span is None:
        sound.close()
        return _answer(HttpResponse(status=416), {"Content-Range": f"bytes */{sound.size}"})
    start, stop = span
    body: HttpResponseBase
    if is_head:
        sound.close()
        body = HttpResponse(content_type=sound.content_type)
    else:
        body = StreamingHttpResponse(_parts(sound, start, stop), content_type=sound.content_type)
    headers = {"Content-Length": str(stop - start)}
    if wanted is not None:
        body.status_code = 206
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{sound.size}"
    return _answer(body, headers)


def _answer(body: HttpResponseBase, headers: dict[str, str]) -> HttpResponseBase:
    always = {"Accept-Ranges": "bytes", "Cache-Control": "private, no-store"}
    for name, value in (headers | always).items():
        body.headers[name] = value
    return body


def _parts(sound: Sound, start: int, stop: int) -> Iterator[bytes]:
    try:
        while start < stop:
            part = sound.read(start=start, length=min(CHUNK_BYTES, stop - start))
            if not part:
                return
            start += len(part)
            yield part
    finally:
        sound.close()
