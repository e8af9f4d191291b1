"""
The rtpengine "ng" control protocol: a cookie, a space and one bencoded dictionary per datagram.

Source: the rtpengine manual, "The NG Control Protocol"; bencoding as in BEP 3. Keys of received
dictionaries may come in any order (rtpengine does not sort), ours are written sorted.

Refuses: to know any command; what a command means belongs to floor and media.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from callfloor.wire.errors import LocalError, PeerError

Value = str | int | bytes | list["Value"] | dict[str, "Value"]
Sendable = str | int | bytes | Sequence["Sendable"] | Mapping[str, "Sendable"]

MESSAGE_BYTES_MAX = 65_536  # One UDP datagram cannot carry more (65,507 of it is payload).
DEPTH_MAX = 16  # rtpengine's deepest answer (query: tags, medias, streams, stats) nests eight.
COOKIE_CHARS_MAX = 64  # Ours have 16; kamailio's module sends 20 and something.
INTEGER_DIGITS_MAX = 20  # An unsigned 64-bit counter; int() of long digits is quadratic.


def encode(cookie: str, body: Mapping[str, Sendable]) -> bytes:
    """
    Put one message into a datagram.

    Raises LocalError if the cookie has a space in it or the message is too long or too deep.
    """
    if not _is_cookie(cookie):
        raise LocalError(f"not a cookie: {cookie!r}")
    parts: list[bytes] = [cookie.encode(), b" "]
    _write(body, parts, DEPTH_MAX)
    datagram = b"".join(parts)
    if len(datagram) > MESSAGE_BYTES_MAX:
        raise LocalError(f"ng message of {len(datagram)} bytes")
    return datagram


def decode(datagram: bytes) -> tuple[str, dict[str, Value]]:
    """
    Read the cookie and the dictionary of one datagram.

    Byte strings become str where they are valid UTF-8 and stay bytes where they are not.
    Raises PeerError on anything else than exactly one well-formed message.
    """
    if len(datagram) > MESSAGE_BYTES_MAX:
        raise PeerError(f"ng message of {len(datagram)} bytes")
    head, space, rest = datagram.partition(b" ")
    cookie = _text(head)
    if not space or not isinstance(cookie, str) or not _is_cookie(cookie):
        raise PeerError("ng message without a cookie")
    value, end = _read(rest, 0, DEPTH_MAX)
    if end != len(rest) or not isinstance(value, dict):
        raise PeerError("ng message is not one dictionary")
    return cookie, value


def text(body: Mapping[str, Value], key: str) -> str:
    """Read a string of a received body; PeerError if it is missing or of another kind."""
    value = body.get(key)
    if not isinstance(value, str):
        raise PeerError(f"ng message without the text {key!r}")
    return value


def number(body: Mapping[str, Value], key: str) -> int:
    """Read an integer of a received body; PeerError if it is missing or of another kind."""
    value = body.get(key)
    if not isinstance(value, int):
        raise PeerError(f"ng message without the number {key!r}")
    return value


def bencode(value: Sendable) -> bytes:
    """Bencode one value; LocalError if it is too deep or of a kind bencoding does not know."""
    parts: list[bytes] = []
    _write(value, parts, DEPTH_MAX)
    return b"".join(parts)


def bdecode(data: bytes) -> Value:
    """Read exactly one bencoded value; PeerError on anything else."""
    value, end = _read(data, 0, DEPTH_MAX)
    if end != len(data):
        raise PeerError("bytes after the bencoded value")
    return value


def _is_cookie(cookie: str) -> bool:
    return (
        0 < len(cookie) <= COOKIE_CHARS_MAX
        and cookie.isascii()
        and cookie.isprintable()
        and (" " not in cookie)
    )


def _write(value: Sendable, parts: list[bytes], depth: int) -> None:
    if depth == 0:
        raise LocalError("bencoded value nested too deep")
    if isinstance(value, bool) or value is None:
        raise LocalError(f"bencoding knows no {value!r}")
    if isinstance(value, int):
        parts.append(b"i%de" % value)
    elif isinstance(value, str):
        _write_bytes(value.encode("utf-8", "surrogateescape"), parts)
    elif isinstance(value, bytes):
        _write_bytes(value, parts)
    elif isinstance(value, Mapping):
        _write_dict(value, parts, depth)
    elif isinstance(value, Sequence):
        _write_list(value, parts, depth)
    else:
        raise LocalError(f"bencoding knows no {type(value).__name__}")


def _write_bytes(raw: bytes, parts: list[bytes]) -> None:
    parts.append(b"%d:" % len(raw))
    parts.append(raw)


def _write_list(values: Sequence[Sendable], parts: list[bytes], depth: int) -> None:
    parts.append(b"l")
    for value in values:
        _write(value, parts, depth - 1)
    parts.append(b"e")


def _write_dict(values: Mapping[str, Sendable], parts: list[bytes], depth: int) -> None:
    parts.append(b"d")
    for key in sorted(values):
        _write_bytes(key.encode(), parts)
        _write(values[key], parts, depth - 1)
    parts.append(b"e")


def _read(data: bytes, at: int, depth: int) -> tuple[Value, int]:
    if depth == 0:
        raise PeerError("bencoded value nested too deep")
    kind = data[at : at + 1]
    if kind == b"i":
        return _read_int(data, at + 1, b"e")
    if kind == b"l":
        return _read_list(data, at + 1, depth)
    if kind == b"d":
        return _read_dict(data, at + 1, depth)
    raw, end = _read_bytes(data, at)
    return _text(raw), end


def _read_int(data: bytes, at: int, stop: bytes) -> tuple[int, int]:
    end = data.find(stop, at, at + INTEGER_DIGITS_MAX + 2)
    digits = data[at:end] if end > 0 else b""
    plain = digits.removeprefix(b"-")
    if not plain.isdigit() or (plain.startswith(b"0") and digits != b"0"):
        raise PeerError("bencoded number is malformed")
    return int(digits), end + 1


def _read_bytes(data: bytes, at: int) -> tuple[bytes, int]:
    size, start = _read_int(data, at, b":")
    end = start + size
    if size < 0 or end > len(data):
        raise PeerError("bencoded string is cut off")
    return data[start:end], end


def _read_list(data: bytes, at: int, depth: int) -> tuple[list[Value], int]:
    values: list[Value] = []
    while data[at : at + 1] != b"e":
        value, at = _read(data, at, depth - 1)
        values.append(value)
    return values, at + 1


def _read_dict(data: bytes, at: int, depth: int) -> tuple[dict[str, Value], int]:
    values: dict[str, Value] = {}
    while data[at : at + 1] != b"e":
        raw, at = _read_bytes(data, at)
        key = _text(raw)
        if not isinstance(key, str) or key in values:
            raise PeerError("bencoded dictionary with a bad key")
        values[key], at = _read(data, at, depth - 1)
    return values, at + 1


def _text(raw: bytes) -> str | bytes:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw
