"""Recordings: taken over under the customer's key, heard only by whom it concerns, and noted."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from callfloor.core import facts
from callfloor.kernel import access
from callfloor.kernel.models import AuditEntry
from callfloor.records.customers import services as customers
from callfloor.records.interactions import services
from callfloor.records.interactions.models import Interaction, Recording
from callfloor.records.interactions.services import recordings, retention
from callfloor.wire import ccr, seal
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

TONE = bytes(range(160))


class Tape:
    """A recorded call: its item, its file and its row in the journal."""

    def __init__(self, scene, *, agent="anna", whole=True, client="acme", queue="billing"):
        self.scene = scene
        self.call = scene.call(client=client, queue=queue)
        self.id = f"rec-{self.call.item}"
        self.path = f"2026/03/02/{self.id}.ccr"
        scenes.in_queue(self.call)
        scenes.add(self.call, 9, facts.RecordingStarted)
        scenes.answered(self.call, agent)
        started = scenes.floor_journal.recording_started(
            recording=self.id, item=self.call.item, path=self.path, at=self.call.at + 9
        )
        scene.journal.write([], [started])
        scene.write(self.call)
        self.data_key = os.urandom(32)
        self.file = scene.data / "recordings" / self.path
        self._write(whole=whole)

    def _write(self, *, whole):
        self.file.parent.mkdir(parents=True, exist_ok=True)
        head = ccr.Head(
            recording=self.id,
            started_at_ms=int(self.call.at * 1000),
            nonce_prefix=os.urandom(7),
            sealed_key=seal.seal(
                self.data_key,
                public_key=self.scene.seals.public_key,
                ephemeral_private=os.urandom(32),
                nonce=os.urandom(12),
            ),
        )
        writer = ccr.Writer(head=head, data_key=self.data_key)
        parts = [head.encode()]
        for number in range(150):
            at = number * 20
            parts.append(writer.frame(channel=0, at_ms=at, codec=ccr.PCMU, payload=TONE))
        if whole:
            parts.append(writer.close(at_ms=3_000))
        self.file.write_bytes(b"".join(parts))

    def end(self, *, partial=False):
        """Let the floor note that the file is closed."""
        ended = scenes.floor_journal.recording_ended(
            recording=self.id, at=self.call.at + 40, seconds=3.0, partial=partial
        )
        self.scene.journal.write([], [ended])

    def follow(self, *, now=scenes.NOW, is_late=lambda item: True):
        with scenes.opened(self.scene.path) as journal:
            return recordings.follow(
                simulated=False,
                read=lambda items: journal.recordings(items=items),
                now=now,
                is_late=is_late,
            )

    def open(self, who="anna", *, again=False):
        return services.open_recording(
            person=scenes.person(who), recording_id=self.id, now=scenes.NOW, again=again
        )


@pytest.fixture
def tape(scene):
    """Give a recorded call whose recording is taken over."""
    made = Tape(scene)
    scenes.project(scene)
    made.end()
    made.follow()
    return made


class TestTakingOver:
    def test_the_row_tells_what_the_file_holds(self, tape):
        row = Recording.objects.get(id=tape.id)
        assert (row.seconds, row.channels, row.partial, row.missing) == (3.0, 2, False, False)
        assert (row.client_id, row.interaction_id) == ("acme", tape.call.item)
        assert not Interaction.objects.get(id=tape.call.item).recording_open

    def test_the_seal_in_the_file_is_overwritten_and_the_sound_is_not(self, tape):
        data = tape.file.read_bytes()
        head = ccr.read_head(data)
        assert head.sealed_key == bytes(92)
        frames = list(ccr.Reader(data, data_key=tape.data_key).frames())
        assert len(frames) == 150
        assert frames[0].payload == TONE

    def test_a_recording_that_goes_on_waits(self, scene):
        tape = Tape(scene)
        scenes.project(scene)
        soon = datetime.fromtimestamp(tape.call.at + 60, UTC)
        assert tape.follow(now=soon) == 1
        assert Recording.objects.get(id=tape.id).wrapped_key is None
        with pytest.raises(services.RecordingNotReady):
            tape.open()
        tape.end()
        tape.follow()
        assert tape.follow() == 0
        assert tape.open().size > 0

    def test_a_second_run_after_a_crash_keeps_the_key(self, tape):
        Interaction.objects.update(recording_open=True)
        before = bytes(Recording.objects.get(id=tape.id).wrapped_key)
        tape.follow()
        assert bytes(Recording.objects.get(id=tape.id).wrapped_key) == before
        assert tape.open().size > 0

    def test_a_cut_file_is_kept_and_marked(self, scene):
        tape = Tape(scene, whole=False)
        scenes.project(scene)
        tape.end()
        tape.follow()
        row = Recording.objects.get(id=tape.id)
        assert row.partial
        assert not row.missing
        assert tape.open().size > 0

    def test_a_file_that_is_not_there_is_marked(self, scene):
        tape = Tape(scene)
        tape.file.unlink()
        scenes.project(scene)
        tape.end()
        tape.follow()
        assert Recording.objects.get(id=tape.id).missing
        with pytest.raises(services.RecordingGone):
            tape.open()

    def test_a_wall_clock_that_was_set_ahead_cuts_no_recording(self, scene):
        """R40: every call looks long over, and the end of its file is on its way."""
        tape = Tape(scene)
        scenes.project(scene)
        asked = []
        tape.follow(now=scenes.NOW + timedelta(days=1), is_late=asked.append)
        assert asked == [tape.call.item]
        assert Recording.objects.get(id=tape.id).wrapped_key is None
        tape.end()
        tape.follow()
        row = Recording.objects.get(id=tape.id)
        assert (row.seconds, row.partial) == (3.0, False)

    def test_one_without_an_end_is_marked_when_nobody_will_end_it(self, scene):
        tape = Tape(scene, whole=False)
        scenes.project(scene)
        tape.follow(now=scenes.NOW + timedelta(days=1))
        assert Recording.objects.get(id=tape.id).partial
        assert not Interaction.objects.get().recording_open

    def test_frames_that_were_to_be_kept_and_never_were_are_told(self, scene):
        call = scene.call()
        scenes.in_queue(call)
        scenes.add(call, 9, facts.RecordingStarted)
        scenes.answered(call, "anna")
        scene.write(call)
        scenes.project(scene)
        with scenes.opened(scene.path) as journal:
            recordings.follow(
                simulated=False, read=lambda items: journal.recordings(items=items), now=scenes.NOW
            )
        assert Recording.objects.get().missing


class TestListening:
    def test_gives_a_wav_file_in_parts(self, tape):
        audio = tape.open()
        whole = audio.read(start=0, length=audio.size)
        assert audio.content_type == "audio/wav"
        assert len(whole) == audio.size == 44 + 3 * 8_000 * 4
        assert whole[:4] == b"RIFF"
        assert audio.read(start=1_000, length=500) == whole[1_000:1_500]
        assert audio.read(start=audio.size - 10, length=500) == whole[-10:]
        assert audio.read(start=audio.size, length=1) == b""

    def test_is_noted_once(self, tape):
        tape.open("cili")
        tape.open("cili", again=True)
        entry = AuditEntry.objects.get(action="recording.heard")
        about = f"recording:{tape.id}"
        assert (entry.by, entry.about, entry.client) == ("cili", about, "acme")

    @pytest.mark.parametrize(
        ("who", "refusal"),
        [("zoe", access.NotFound), ("bela", access.Forbidden), ("ivan", access.Forbidden)],
    )
    def test_is_refused_and_not_noted(self, tape, who, refusal):
        with pytest.raises(refusal):
            tape.open(who)
        assert not AuditEntry.objects.filter(action="recording.heard").exists()

    def test_a_missing_recording_does_not_exist(self, tape):
        with pytest.raises(access.NotFound):
            services.open_recording(
                person=scenes.person("cili"), recording_id="nothing", now=scenes.NOW
            )

    @pytest.mark.parametrize("place", [200, -20])
    def test_a_damaged_file_is_not_played(self, tape, place):
        data = bytearray(tape.file.read_bytes())
        data[place] ^= 1
        tape.file.write_bytes(data[: place + 1] if place == 200 else data)
        Recording.objects.filter(id=tape.id).update(partial=True)
        if place == -20:
            with pytest.raises(services.RecordingGone):
                tape.open()
        else:
            assert tape.open().size == 44


class TestErasure:
    def test_the_sound_of_an_erased_customer_is_gone(self, tape):
        customer = Interaction.objects.get(id=tape.call.item).customer_id
        customers.erase(person=scenes.person("mara"), customer_id=customer, now=scenes.NOW)
        with pytest.raises(services.RecordingGone):
            tape.open("mara")
        assert retention.remove_erased_sound() == 1
        assert not tape.file.exists()
        assert retention.remove_erased_sound() == 0


class TestFileOf:
    def test_stays_in_its_folder(self, data):
        with pytest.raises(AssertionError):
            recordings.file_of("../keys/centre.key")
