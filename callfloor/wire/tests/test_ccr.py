"""A recording is whole, or says that it is not; its plain is nowhere in the file."""

import io
import wave

import numpy as np
import pytest

from callfloor.wire import ccr
from callfloor.wire.errors import LocalError, PeerError

pytestmark = pytest.mark.pure

KEY = b"K" * 32
HEAD = ccr.Head(
    recording="rec-1",
    started_at_ms=1_700_000_000_123,
    nonce_prefix=b"7 bytes",
    sealed_key=b"S" * 92,
)
LOUD_MU_LAW = b"\x80"  # The largest positive code: 32124.
LOUD_A_LAW = b"\xaa"  # The same of A-law: 32256.


def payload(number: int) -> bytes:
    return bytes((number * 31 + index) % 256 for index in range(160))


def written(seconds: int = 5, *, key: bytes = KEY, head: ccr.Head = HEAD, close: bool = True):
    """Record both channels and return the file's pieces as they would be appended."""
    writer = ccr.Writer(head=head, data_key=key)
    pieces = [head.encode()]
    for number in range(seconds * 50):
        for channel in (0, 1):
            data = payload(number + channel)
            args = {"channel": channel, "at_ms": number * 20, "codec": ccr.PCMU}
            pieces.append(writer.frame(**args, payload=data))
    if close:
        pieces.append(writer.close(at_ms=seconds * 1000))
    return [piece for piece in pieces if piece]


def reader_of(pieces) -> ccr.Reader:
    return ccr.Reader(b"".join(pieces), data_key=KEY)


def test_ciphertexts_are_all_of_a_file_but_its_head_and_lengths():
    """Four bytes of length stand before each of the three chunks."""
    data = b"".join(written())
    sealed = list(ccr.ciphertexts(data))
    assert len(sealed) == 3
    assert sum(map(len, sealed)) == len(data) - len(HEAD.encode()) - 3 * 4


class TestWriter:
    def test_writes_at_least_every_two_seconds(self):
        """Five seconds give the head, two full pieces and the end."""
        assert len(written()) == 4
        assert ccr.Reader(b"".join(written()[:2]), data_key=KEY).duration_ms() == 2_000

    def test_gives_up_what_waits_when_asked(self):
        writer = ccr.Writer(head=HEAD, data_key=KEY)
        writer.frame(channel=0, at_ms=100, codec=ccr.PCMU, payload=payload(1))
        assert writer.tick(at_ms=2_099) == b""
        waited = writer.tick(at_ms=2_100)
        assert [frame.at_ms for frame in reader_of([HEAD.encode(), waited]).frames()] == [100]
        assert writer.tick(at_ms=9_000) == b""

    def test_keeps_every_chunk_under_its_limit(self):
        """Also if frames come so fast that two seconds do not fill one."""
        writer = ccr.Writer(head=HEAD, data_key=KEY)
        pieces = [HEAD.encode()]
        for _ in range(200):
            pieces.append(writer.frame(channel=0, at_ms=0, codec=ccr.PCMU, payload=b"x" * 1_500))
        pieces.append(writer.close(at_ms=1))
        sizes = [len(plain) for plain in reader_of(pieces).plains()]
        assert max(sizes) <= ccr.CHUNK_BYTES_MAX
        assert len(list(reader_of(pieces).frames())) == 200

    def test_hides_what_was_said(self):
        """A known payload of one kilobyte is not in the file, whole or in parts of 16 bytes."""
        data = b"".join(written())
        for number in range(20):
            assert payload(number)[:16] not in data

    def test_refuses_what_does_not_fit(self):
        writer = ccr.Writer(head=HEAD, data_key=KEY)
        with pytest.raises(LocalError):
            writer.frame(channel=0, at_ms=0, codec=ccr.PCMU, payload=b"x" * 1_501)
        with pytest.raises(LocalError):
            writer.frame(channel=0, at_ms=2**32, codec=ccr.PCMU, payload=b"x")
        with pytest.raises(LocalError):
            ccr.Writer(head=HEAD, data_key=b"short")

    def test_takes_nothing_after_the_end(self):
        writer = ccr.Writer(head=HEAD, data_key=KEY)
        writer.close(at_ms=0)
        with pytest.raises(AssertionError):
            writer.pause(at_ms=1)


class TestHead:
    def test_is_readable_without_a_key(self):
        assert ccr.read_head(b"".join(written())) == HEAD

    def test_can_be_sealed_to_somebody_else(self):
        """The sealed key may be exchanged; the chunks still open and nothing else changed."""
        data = ccr.reseal(b"".join(written()), sealed_key=b"other")
        reader = ccr.Reader(data, data_key=KEY)
        assert reader.head.sealed_key == b"other"
        assert len(list(reader.frames())) == 500

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"RIFF" + bytes(40),
            b"CCR1\x02" + HEAD.encode()[5:],
            HEAD.encode()[:23],
            HEAD.encode()[:-1],
            HEAD.encode().replace(b"rec-1", b"rec-\xff"),
        ],
    )
    def test_refuses_another_file(self, data):
        with pytest.raises(PeerError):
            ccr.Reader(data, data_key=KEY)

    def test_refuses_an_id_that_does_not_fit(self):
        with pytest.raises(LocalError):
            ccr.Head(
                recording="x" * 256, started_at_ms=0, nonce_prefix=b"7 bytes", sealed_key=b""
            ).encode()


class TestReader:
    def test_gives_back_every_frame(self):
        reader = reader_of(written())
        frames = list(reader.frames())
        assert frames[0] == ccr.Frame(0, 0, ccr.PCMU, payload(0))
        assert frames[-1] == ccr.Frame(1, 4_980, ccr.PCMU, payload(250))
        assert len(frames) == 500
        assert not reader.partial
        assert reader.duration_ms() == 5_000

    @pytest.mark.parametrize("lost", [1, 100, 16 + 4, 3_000])
    def test_calls_a_cut_file_partial_and_reads_the_rest(self, lost):
        data = b"".join(written())
        reader = ccr.Reader(data[: len(data) - lost], data_key=KEY)
        assert reader.partial
        assert reader.duration_ms() == 4_000
        assert len(list(reader.frames())) == 400

    def test_calls_a_file_without_any_chunk_partial(self):
        reader = ccr.Reader(HEAD.encode(), data_key=KEY)
        assert reader.partial
        assert reader.duration_ms() == 0
        assert list(reader.frames()) == []

    def test_calls_a_file_without_its_last_chunk_partial(self):
        reader = reader_of(written(close=False))
        assert reader.partial
        assert len(list(reader.frames())) == 400

    def test_finds_any_flipped_bit(self):
        """In the head, in the length of a chunk, in its body or its tag."""
        data = b"".join(written(1))
        bound = len(HEAD.bound())
        body = len(HEAD.encode())
        places = [*range(5, bound), *range(body, body + 8), len(data) - 1, len(data) // 2]
        for at in places:
            assert not _reads_whole(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]), at

    def test_finds_a_false_end(self):
        """Whoever cuts a file cannot make the chunk before the cut look like the last one."""
        pieces = written()[:-1]
        forged = bytes([pieces[-1][0] | 0x80]) + pieces[-1][1:]
        with pytest.raises(ccr.Damaged):
            list(reader_of([*pieces[:-1], forged]).frames())

    @pytest.mark.parametrize("order", [[0, 2, 1, 3], [0, 1, 1, 2, 3], [0, 1, 3], [0, 2, 3]])
    def test_finds_chunks_that_were_moved_repeated_or_dropped(self, order):
        pieces = written()
        with pytest.raises(ccr.Damaged):
            list(reader_of([pieces[index] for index in order]).frames())

    def test_finds_a_chunk_of_another_recording(self):
        """Even under the same key and prefix: the recording's id is bound to each chunk."""
        other = ccr.Head(
            recording="rec-2",
            started_at_ms=HEAD.started_at_ms,
            nonce_prefix=HEAD.nonce_prefix,
            sealed_key=HEAD.sealed_key,
        )
        pieces = written()
        pieces[1] = written(head=other)[1]
        with pytest.raises(ccr.Damaged):
            list(reader_of(pieces).frames())

    def test_yields_what_came_before_the_damage(self):
        pieces = written()
        pieces[2] = pieces[2][:-1] + bytes([pieces[2][-1] ^ 1])
        got = []
        with pytest.raises(ccr.Damaged):
            got.extend(frame.at_ms for frame in _each(reader_of(pieces), got))
        assert len(got) == 200

    def test_does_not_open_with_another_key(self):
        with pytest.raises(ccr.Damaged):
            list(ccr.Reader(b"".join(written()), data_key=b"x" * 32).frames())


class TestGaps:
    def test_are_listed_in_milliseconds(self):
        writer = ccr.Writer(head=HEAD, data_key=KEY)
        pieces = [HEAD.encode(), writer.pause(at_ms=500), writer.resume(at_ms=900)]
        pieces += [writer.pause(at_ms=1_200), writer.close(at_ms=1_500)]
        assert reader_of(pieces).gaps() == [(500, 900), (1_200, 1_500)]

    def test_that_never_ended_run_to_the_end_of_a_partial_file(self):
        writer = ccr.Writer(head=HEAD, data_key=KEY)
        writer.pause(at_ms=500)
        writer.frame(channel=0, at_ms=900, codec=ccr.PCMU, payload=payload(0))
        waited = writer.tick(at_ms=9_000)
        assert reader_of([HEAD.encode(), waited]).gaps() == [(500, 920)]


class TestRender:
    def test_places_each_channel_by_its_timestamps(self):
        """The customer is left, the agent right, and silence is exactly zero."""
        writer = ccr.Writer(head=HEAD, data_key=KEY)
        pieces = [HEAD.encode()]
        for channel, at_ms, codec, code in (
            (0, 100, ccr.PCMU, LOUD_MU_LAW),
            (1, 200, ccr.PCMA, LOUD_A_LAW),
            (1, 300, ccr.PCMU, LOUD_MU_LAW),
        ):
            args = {"channel": channel, "at_ms": at_ms, "codec": codec, "payload": code * 160}
            pieces.append(writer.frame(**args))
        pieces.append(writer.close(at_ms=1_000))
        sound = ccr.render(reader_of(pieces))
        expected = np.zeros((8_000, 2), dtype=np.int16)
        expected[800:960, 0] = 32_124
        expected[1_600:1_760, 1] = 32_256
        expected[2_400:2_560, 1] = 32_124
        assert np.array_equal(sound, expected)

    def test_gives_a_window_as_the_whole_has_it(self):
        reader = reader_of(written())
        whole = ccr.render(reader)
        assert np.array_equal(
            ccr.render(reader, from_ms=1_013, to_ms=2_507), whole[8_104 : 8_104 + 11_952]
        )

    def test_gives_a_wav_that_the_standard_library_reads(self):
        with wave.open(io.BytesIO(ccr.render_wav(reader_of(written())))) as file:
            assert file.getparams()[:4] == (2, 2, 8_000, 40_000)
            assert file.readframes(40_000) == ccr.render(reader_of(written())).tobytes()

    @pytest.mark.parametrize(
        ("first", "last"),
        [(0, 0), (0, 43), (10, 99), (44, 44), (45, 31_111), (100_001, 159_000), (150_000, 10**9)],
    )
    def test_gives_any_range_as_the_whole_has_it(self, first, last):
        reader = reader_of(written())
        whole = ccr.render_wav(reader)
        assert ccr.wav_size(reader) == len(whole)
        assert ccr.render_wav_range(reader, first=first, last=last) == whole[first : last + 1]


def _reads_whole(data: bytes) -> bool:
    try:
        reader = ccr.Reader(data, data_key=KEY)
        return len(list(reader.frames())) == 100 and not reader.partial
    except PeerError:
        return False


def _each(reader, got):
    for frame in reader.frames():
        got.append(frame.at_ms)
    return iter(())


class TestMalformedFrames:
    """Found by fuzzing: a chunk that opens may still hold nonsense, if its writer was broken."""

    @pytest.mark.parametrize(
        "plain",
        [b"\x00", b"\x00\x00\x00\x00\x00\x00\x05abc", b"\x00" * 7 + b"\x00" * 6],
        ids=["no head", "a short payload", "half a second head"],
    )
    def test_a_frame_that_is_cut_off_is_damage(self, plain):
        writer = ccr.Writer(head=HEAD, data_key=KEY)
        writer._parts, writer._size, writer._since = [plain], len(plain), 0
        reader = ccr.Reader(HEAD.encode() + writer._chunk(last=True), data_key=KEY)
        with pytest.raises(ccr.Damaged):
            list(reader.frames())
        with pytest.raises(ccr.Damaged):
            reader.gaps()
