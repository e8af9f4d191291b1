"""
The container of a recording, format CCR1: encrypted while written, readable up to any crash.

    file   = head chunk*
    head   = "CCR1" version(u8) channels(u8) sample rate(u16) started at(u64, ms UTC)
             nonce prefix(7) id length(u8) recording id | key length(u16) sealed data key
    chunk  = last flag(1 bit) and length of the ciphertext (31 bits), AES-256-GCM ciphertext
    plain  = frame*, never split over chunks
    frame  = kind(4 bits) channel(4 bits) at(u32, ms since start) length(u16) payload

Chunks are the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizar 2015): nonce = prefix ‖
counter(u32) ‖ last flag(u8), additional data = the head up to the bar. So a chunk that was changed,
moved, repeated or taken from another recording does not open, and a file without its last chunk
is partial and says so. The sealed data key lies outside the additional data, because it is sealed
anew when the customer becomes known. Payloads stay G.711 as they came over the network.

Refuses: files, sockets, randomness, and PCM on its way to a disk.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from callfloor.wire import g711
from callfloor.wire.errors import LocalError, PeerError

MAGIC = b"CCR1"
VERSION = 1
KEY_BYTES = 32
PREFIX_BYTES = 7  # 12 bytes of GCM nonce less counter and last flag.
TAG_BYTES = 16

CHUNK_BYTES_MAX = 65_536  # Plain; what one reader holds in clear at a time.
FLUSH_MS = 2_000  # What a crash may cost at most.
AT_MS_MAX = 2**32 - 1  # 49 days: longer than any call.
PAYLOAD_BYTES_MAX = 1_500  # One Ethernet frame; G.711 of 20 ms has 160.
CHUNKS_MAX = 2**32 - 1  # The counter of the nonce.
ID_BYTES_MAX = 255

PCMU = 0  # The numbers of RFC 3551, table 4.
PCMA = 8

_FIXED = struct.Struct(">4sBBHQ7sB")
_KEY_LENGTH = struct.Struct(">H")
_CHUNK = struct.Struct(">I")
_FRAME = struct.Struct(">BIH")
_LAST = 1 << 31

# Kinds of frame, in the upper four bits.
_PCMU, _PCMA, _PAUSE, _RESUME, _END = 0, 1, 2, 3, 15
_KIND_OF_CODEC = {PCMU: _PCMU, PCMA: _PCMA}
_CODEC_OF_KIND = {_PCMU: PCMU, _PCMA: PCMA}


class Damaged(PeerError):
    """A part of the file was changed, moved or mixed with another; what came before is sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a recording says about itself in clear."""

    recording: str
    started_at_ms: int
    """UTC, milliseconds since 1970."""
    nonce_prefix: bytes
    sealed_key: bytes
    """The data key, sealed to the centre (`wire/seal.py`)."""
    sample_rate: int = 8_000
    channels: int = 2

    def bound(self) -> bytes:
        """Give the bytes that every chunk is bound to."""
        name = self.recording.encode()
        if not 0 < len(name) <= ID_BYTES_MAX or len(self.nonce_prefix) != PREFIX_BYTES:
            raise LocalError("recording id or nonce prefix of a wrong length")
        fixed = (self.channels, self.sample_rate, self.started_at_ms, self.nonce_prefix, len(name))
        return _FIXED.pack(MAGIC, VERSION, *fixed) + name

    def encode(self) -> bytes:
        """Give the bytes that a file begins with."""
        return self.bound() + _KEY_LENGTH.pack(len(self.sealed_key)) + self.sealed_key


class Frame(NamedTuple):
    """One payload as it came from the network."""

    channel: int
    """0 is the customer, 1 the agent."""
    at_ms: int
    codec: int
    """PCMU or PCMA."""
    payload: bytes


class Writer:
    """
    Turns frames into bytes to append to a file that was begun with `head.encode()`.

    After `close` nothing may be written any more.
    """

    __slots__ = ("_bound", "_cipher", "_closed", "_counter", "_parts", "_prefix", "_since", "_size")

    def __init__(self, *, head: Head, data_key: bytes) -> None:
        if len(data_key) != KEY_BYTES:
            raise LocalError("data key of a wrong length")
        self._cipher = AESGCM(data_key)
        self._bound = head.bound()
        self._prefix = head.nonce_prefix
        self._counter = 0
        self._parts: list[bytes] = []
        self._size = 0
        self._since: int | None = None  # When the oldest frame that is not yet written came.
        self._closed = False

    def frame(self, *, channel: int, at_ms: int, codec: int, payload: bytes) -> bytes:
        """Take one payload; the answer is to be appended to the file and is often empty."""
        return self._add(_KIND_OF_CODEC[codec], channel, at_ms, payload)

    def pause(self, *, at_ms: int) -> bytes:
        """Mark that from here on nothing is recorded on purpose."""
        return self._add(_PAUSE, 0, at_ms, b"")

    def resume(self, *, at_ms: int) -> bytes:
        """Mark the end of a pause."""
        return self._add(_RESUME, 0, at_ms, b"")

    def tick(self, *, at_ms: int) -> bytes:
        """Give what has waited for two seconds; to be called when no frames come."""
        if self._since is None or at_ms - self._since < FLUSH_MS:
            return b""
        return self._chunk(last=False)

    def close(self, *, at_ms: int) -> bytes:
        """Give the last bytes; they carry the recording's length and that it is whole."""
        full = self._add(_END, 0, at_ms, b"")
        self._closed = True
        return full + self._chunk(last=True)

    def _add(self, kind: int, channel: int, at_ms: int, payload: bytes) -> bytes:
        assert not self._closed, "a frame after the end of the recording"
        if len(payload) > PAYLOAD_BYTES_MAX or not 0 <= at_ms <= AT_MS_MAX:
            raise LocalError(f"no frame of {len(payload)} bytes at {at_ms} ms")
        need = _FRAME.size + len(payload)
        full = b""
        if self._since is not None and (
            self._size + need > CHUNK_BYTES_MAX or at_ms - self._since >= FLUSH_MS
        ):
            full = self._chunk(last=False)
        if self._since is None:
            self._since = at_ms
        self._parts += (_FRAME.pack(kind << 4 | channel, at_ms, len(payload)), payload)
        self._size += need
        return full

    def _chunk(self, *, last: bool) -> bytes:
        plain = b"".join(self._parts)
        nonce = _nonce(self._prefix, self._counter, last)
        sealed = self._cipher.encrypt(nonce, plain, self._bound)
        self._counter += 1
        self._parts, self._size, self._since = [], 0, None
        return _CHUNK.pack(len(sealed) | (_LAST if last else 0)) + sealed


def read_head(data: bytes) -> Head:
    """
    Read what a recording says in clear.

    Raises PeerError if this is no recording of a version that is known.
    """
    return _read_head(data)[0]


def reseal(data: bytes, *, sealed_key: bytes) -> bytes:
    """Give the same recording with its data key sealed to somebody else."""
    head, end = _read_head(data)
    return replace(head, sealed_key=sealed_key).encode() + data[end:]


def ciphertexts(data: bytes) -> Iterator[bytes]:
    """
    Give what is encrypted, chunk by chunk, for whoever holds no key.

    Raises PeerError if this is no recording of a version that is known.
    """
    _, end = _read_head(data)
    for chunk in _chunks(data, end):
        yield data[chunk.start : chunk.end]


class Reader:
    """Gives back what a file holds, and says what is missing."""

    def __init__(self, data: bytes, *, data_key: bytes) -> None:
        self.head, end = _read_head(data)
        self._data = memoryview(data)
        self._cipher = AESGCM(data_key)
        self._bound = self.head.bound()
        self._chunks = list(_chunks(data, end))

    @property
    def partial(self) -> bool:
        """Say whether the end of the recording is missing."""
        return not self._chunks or not self._chunks[-1].last

    def plains(self) -> Iterator[bytes]:
        """
        Yield each chunk in clear.

        Raises Damaged at the first that does not open, after all before it.
        """
        for counter in range(len(self._chunks)):
            yield self._plain(counter)

    def frames(self) -> Iterator[Frame]:
        """Yield the payloads in the order in which they were written."""
        for kind, channel, at_ms, payload in self._entries():
            if kind in _CODEC_OF_KIND:
                yield Frame(channel, at_ms, _CODEC_OF_KIND[kind], payload)

    def gaps(self) -> list[tuple[int, int]]:
        """List the pauses as [from, to) in milliseconds; one that never ended runs to the end."""
        gaps: list[tuple[int, int]] = []
        since: int | None = None
        for kind, _, at_ms, _ in self._entries():
            if kind == _PAUSE and since is None:
                since = at_ms
            elif kind in (_RESUME, _END) and since is not None:
                gaps.append((since, at_ms))
                since = None
        return gaps if since is None else [*gaps, (since, self.duration_ms())]

    def duration_ms(self) -> int:
        """Tell how long the recording is, or the part of it that is there."""
        if not self._chunks:
            return 0
        end = 0  # The last chunk alone tells it: nothing in an earlier one ends later.
        for kind, _, at_ms, payload in _entries(self._plain(len(self._chunks) - 1)):
            length = len(payload) * 1000 // self.head.sample_rate
            end = at_ms if kind == _END else max(end, at_ms + length)
        return end

    def _entries(self) -> Iterator[tuple[int, int, int, bytes]]:
        for plain in self.plains():
            yield from _entries(plain)

    def _plain(self, counter: int) -> bytes:
        chunk = self._chunks[counter]
        nonce = _nonce(self.head.nonce_prefix, counter, chunk.last)
        sealed = bytes(self._data[chunk.start : chunk.end])
        try:
            return self._cipher.decrypt(nonce, sealed, self._bound)
        except InvalidTag as error:
            raise Damaged(f"chunk {counter} does not open") from error


def _entries(plain: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    at, size, unpack_from, skip = 0, len(plain), _FRAME.unpack_from, _FRAME.size
    while at < size:  # Runs 30,000 times for five minutes of talk.
        start = at + skip
        if start > size:
            raise Damaged("a frame is cut off")
        mixed, at_ms, length = unpack_from(plain, at)
        at = start + length
        if at > size:
            raise Damaged("a payload is cut off")
        yield mixed >> 4, mixed & 15, at_ms, plain[start:at]


class _Chunk(NamedTuple):
    start: int
    end: int
    last: bool


def _chunks(data: bytes, at: int) -> Iterator[_Chunk]:
    """Find the whole chunks; the rest of one that was cut is not among them."""
    while at + _CHUNK.size <= len(data):
        (word,) = _CHUNK.unpack_from(data, at)
        length = word & ~_LAST
        if not TAG_BYTES <= length <= CHUNK_BYTES_MAX + TAG_BYTES:
            raise Damaged(f"a chunk of {length} bytes")
        start = at + _CHUNK.size
        at = start + length
        if at > len(data):
            return
        yield _Chunk(start, at, bool(word & _LAST))


def _nonce(prefix: bytes, counter: int, last: bool) -> bytes:
    assert counter < CHUNKS_MAX, "a recording with more chunks than nonces"
    return prefix + counter.to_bytes(4, "big") + (b"\x01" if last else b"\x00")


def _read_head(data: bytes) -> tuple[Head, int]:
    if len(data) < _FIXED.size or data[:5] != MAGIC + bytes([VERSION]):
        raise PeerError("not a recording of version 1")
    _, _, channels, rate, started, prefix, size = _FIXED.unpack_from(data)
    key_at = _FIXED.size + size
    if len(data) < key_at + _KEY_LENGTH.size:
        raise PeerError("the head of the recording is cut off")
    (key_size,) = _KEY_LENGTH.unpack_from(data, key_at)
    end = key_at + _KEY_LENGTH.size + key_size
    if len(data) < end or not size or not rate:
        raise PeerError("the head of the recording is cut off")
    try:
        recording = data[_FIXED.size : key_at].decode()
    except UnicodeDecodeError as error:
        raise PeerError("the recording's id is not text") from error
    head = Head(
        recording=recording,
        started_at_ms=started,
        nonce_prefix=prefix,
        sealed_key=data[end - key_size : end],
        sample_rate=rate,
        channels=channels,
    )
    return head, end


# --- Listening --------------------------------------------------------------------------------

WAV_HEAD_BYTES = 44
SAMPLE_BYTES = 4  # Stereo, 16 bits each.
Pcm = npt.NDArray[np.int16]


def render(reader: Reader, *, from_ms: int = 0, to_ms: int | None = None) -> Pcm:
    """
    Give the sound as an array of shape (samples, 2): the customer left, the agent right.

    Every payload stands where its timestamp says; where there is none, there is silence.
    Raises Damaged as `Reader.plains` does.
    """
    rate = reader.head.sample_rate
    end_ms = reader.duration_ms() if to_ms is None else to_ms
    first, size = from_ms * rate // 1000, max(0, (end_ms - from_ms) * rate // 1000)
    tracks = (_Track(size), _Track(size))
    for plain in reader.plains():
        for kind, channel, at_ms, payload in _entries(plain):
            if payload:
                tracks[channel].lay(at_ms * rate // 1000 - first, kind, payload)
    sound = np.empty((size, len(tracks)), dtype=np.int16)
    for channel, track in enumerate(tracks):
        sound[:, channel] = track.samples()
    return sound


def render_wav(reader: Reader) -> bytes:
    """Give the whole recording as a WAV file in stereo, 16 bits."""
    sound = render(reader)
    head = _wav_head(len(sound), reader.head.sample_rate)
    return b"".join((head, sound.data))  # One copy of ten megabytes, not two.


def wav_size(reader: Reader) -> int:
    """Tell how many bytes `render_wav` would give, for the head of an answer in parts."""
    return WAV_HEAD_BYTES + _samples(reader) * SAMPLE_BYTES


def render_wav_range(reader: Reader, *, first: int, last: int) -> bytes:
    """
    Give the bytes `first` to `last` (inclusive, as in RFC 9110, 14.1.2) of `render_wav`.

    Only the milliseconds that are asked for are rendered.
    """
    rate, total = reader.head.sample_rate, _samples(reader)
    stop = min(last + 1, WAV_HEAD_BYTES + total * SAMPLE_BYTES)
    head = _wav_head(total, rate)[first:stop]
    data_first = max(0, first - WAV_HEAD_BYTES)
    data_stop = max(0, stop - WAV_HEAD_BYTES)
    if data_stop <= data_first:
        return head
    per_second = rate * SAMPLE_BYTES
    from_ms = data_first * 1000 // per_second
    to_ms = -(-data_stop * 1000 // per_second)
    sound = render(reader, from_ms=from_ms, to_ms=to_ms).tobytes()
    skipped = from_ms * rate // 1000 * SAMPLE_BYTES
    return head + sound[data_first - skipped : data_stop - skipped]


def _samples(reader: Reader) -> int:
    return reader.duration_ms() * reader.head.sample_rate // 1000


def _wav_head(samples: int, rate: int) -> bytes:
    size = samples * SAMPLE_BYTES
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, rate, rate * SAMPLE_BYTES, SAMPLE_BYTES, 16)
    riff = struct.pack("<4sI4s", b"RIFF", WAV_HEAD_BYTES - 8 + size, b"WAVE")
    return riff + form + struct.pack("<4sI", b"data", size)


_MU_LAW: Pcm = np.array(g711.ulaw_table(), dtype=np.int16)
_A_LAW: Pcm = np.array(g711.alaw_table(), dtype=np.int16)


class _Track:
    """One channel, as G.711 bytes until the end: one lookup is faster than many small ones."""

    __slots__ = ("_is_a_law", "_raw", "_size")

    def __init__(self, size: int) -> None:
        self._size = size
        self._raw = bytearray(b"\xff") * size  # Zero in mu-law.
        self._is_a_law: bytearray | None = None

    def lay(self, at: int, kind: int, payload: bytes) -> None:
        """Put a payload at a sample, as much of it as lies within the track."""
        end = at + len(payload)
        if at < 0 or end > self._size:
            at, end, payload = self._cut(at, end, payload)
        self._raw[at:end] = payload
        if kind != _PCMU or self._is_a_law is not None:
            self._mark(at, end, kind)

    def _cut(self, at: int, end: int, payload: bytes) -> tuple[int, int, bytes]:
        first, last = min(max(at, 0), self._size), max(0, min(end, self._size))
        return first, max(first, last), payload[first - at : max(0, last - at)]

    def _mark(self, at: int, end: int, kind: int) -> None:
        if self._is_a_law is None:
            self._is_a_law = bytearray(self._size)
        self._is_a_law[at:end] = bytes([kind == _PCMA]) * (end - at)

    def samples(self) -> Pcm:
        raw = np.frombuffer(self._raw, dtype=np.uint8)
        sound = _MU_LAW[raw]
        if self._is_a_law is not None:
            mask = np.frombuffer(self._is_a_law, dtype=np.bool_)
            sound[mask] = _A_LAW[raw[mask]]
        return sound
