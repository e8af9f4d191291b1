"""
The recordings that run, and the commands of ng that begin, change and end them.

Refuses: to choose what is recorded; and legs, which it only listens to.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from time import monotonic

from callfloor.media import bodies, recorder
from callfloor.media.control import Answer, Body, Command, Refused
from callfloor.media.leg import Leg, Tell
from callfloor.wire import fail, ng

RECORDINGS_MAX = 4_000  # One for each leg that a worker takes.


class Recordings:
    """See the module."""

    def __init__(self, *, folder: Path, legs: Mapping[str, Leg], tell: Tell) -> None:
        self._folder = folder
        self._legs = legs
        self._tell = tell
        self._files = recorder.Files()
        self.live: dict[str, recorder.Recording] = {}

    def commands(self) -> Mapping[str, Command]:
        """Give what the floor may ask here, by its name."""
        return {
            "start recording": self._start,
            "pause recording": self._pause,
            "resume recording": self._resume,
            "stop recording": self._stop,
        }

    def watch(self, now: float) -> None:
        """Let each write what waits and notice the end of a message."""
        for recording in list(self.live.values()):
            recording.watch(now)

    def leave(self, leg: Leg) -> None:
        """End the recordings of a customer whose leg ends."""
        for recording in list(self.live.values()):
            if recording.customer is leg:
                self._close(recording.name)

    async def stop(self) -> None:
        """End every recording and wait for the disk."""
        for name in list(self.live):
            self._close(name)
        await self._files.stop()

    def _start(self, body: Body) -> Answer:
        name = ng.text(body, "recording")
        customer = self._legs.get(ng.text(body, "customer"))
        if name in self.live or len(self.live) >= RECORDINGS_MAX:
            raise Refused("this recording runs already, or too many do")
        if customer is None:
            raise Refused("unknown leg as customer")
        is_message = ng.number(body, "agent") == 0
        try:
            self.live[name] = recorder.Recording(
                name=name,
                path=recorder.path_below(self._folder, ng.text(body, "path")),
                public_key=bodies.raw(body, "public-key"),
                customer=customer,
                is_message=is_message,
                files=self._files,
                said=self._said,
            )
        except OSError as error:
            raise Refused(f"cannot write the recording: {error.strerror}") from error
        return {}

    def _pause(self, body: Body) -> Answer:
        self._recording(body).pause(monotonic())
        return {}

    def _resume(self, body: Body) -> Answer:
        self._recording(body).resume(monotonic())
        return {}

    def _stop(self, body: Body) -> Answer:
        recording = self._recording(body)
        milliseconds = self._close(recording.name)
        return {"seconds": milliseconds, "channels": recording.heard_ms}

    def _close(self, name: str) -> int:
        recording = self.live.pop(name)

        def closed(size: int, partial: bool) -> None:
            fail.point("recorder.before_told")
            self._tell(
                event="recorded", recording=name, seconds=length, bytes=size, partial=int(partial)
            )

        length = recording.close(monotonic(), closed)
        return length

    def _said(self, recording: recorder.Recording) -> None:
        self._tell(
            event="said",
            call_id=recording.customer.call,
            from_tag=recording.customer.name,
            recording=recording.name,
            seconds=recording.ms_at(monotonic()),
        )

    def _recording(self, body: Body) -> recorder.Recording:
        recording = self.live.get(ng.text(body, "recording"))
        if recording is None:
            raise Refused("unknown recording")
        return recording
