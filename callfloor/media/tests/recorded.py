"""Recordings as the center reads them: begun, ended, opened, and measured tone by tone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from callfloor.media import sound
from callfloor.media.tests import peers
from callfloor.wire import ccr, seal

PRIVATE = bytes(range(32))
PUBLIC = seal.public_key_of(PRIVATE)
PATH = "2026/11/22/rec-1.ccr"
LOUD_DB = -20.0  # A tone of a test telephone has -9 dB; the edges of another reach -40.


def opened(path: Path) -> ccr.Reader:
    """Do what the centre does when somebody listens."""
    data = path.read_bytes()
    data_key = seal.unseal(ccr.read_head(data).sealed_key, private_key=PRIVATE)
    return ccr.Reader(data, data_key=data_key)


async def record(floor: peers.Floor, *, agent: int = 1, **changes: Any) -> dict:
    """Begin a recording; gives the answer."""
    fields = {
        "call_id": "item-1",
        "recording": "rec-1",
        "customer": "customer",
        "agent": agent,
        "path": PATH,
        "public_key": PUBLIC,
    }
    return await floor.ask("start recording", **{**fields, **changes})


async def stop(
    scene: peers.Scene, *, recording: str = "rec-1", path: str = PATH
) -> tuple[dict, dict, ccr.Reader]:
    """End a recording; gives the answer, the event and what is in the file."""
    answer = await scene.floor.ok("stop recording", recording=recording)
    event = await scene.floor.event("recorded", recording=recording)
    return answer, event, opened(scene.folder / "recordings" / path)


def tone_seconds(samples: npt.NDArray[np.float64], hertz: float) -> float:
    """Tell for how long a tone is loud, in steps of 20 ms."""
    size = sound.FRAME_SAMPLES
    frames = [samples[at : at + size] for at in range(0, len(samples) - size + 1, size)]
    return sum(peers.level(frame, hertz) > LOUD_DB for frame in frames) * sound.FRAME_MS / 1_000
