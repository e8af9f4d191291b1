"""
The child that speaks with espeak-ng's library: jobs as JSON on stdin, samples on stdout.

Out: the rate, then for each job its length in bytes and its 16-bit samples, all numbers as four
bytes, little-endian. The interface is that of espeak-ng's speak_lib.h.
"""

import ctypes
import importlib
import json
import sys
from typing import Any

SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS: samples go to the callback, nothing is played.
UTF8 = 1  # espeakCHARS_UTF8
RATE_PARAMETER = 1  # espeakRATE
BY_CHARACTER = 1  # POS_CHARACTER

_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


class Speaker:
    """The library, ready to speak."""

    def __init__(self, *, library: str, data: str) -> None:
        self._lib = ctypes.CDLL(library)
        self.rate: int = self._lib.espeak_Initialize(SYNCHRONOUS, 0, data.encode(), 0)
        self._heard = bytearray()
        self._callback = _Callback(self._hear)  # Kept: ctypes does not keep it.
        self._lib.espeak_SetSynthCallback(self._callback)

    def _hear(self, samples: Any, count: int, _events: Any) -> int:
        if count > 0:
            self._heard += ctypes.string_at(samples, count * 2)
        return 0

    def speak(self, text: str, *, voice: str, speed: int) -> bytes:
        """Return the samples of a text, or nothing if there is no such voice."""
        self._heard.clear()
        if self._lib.espeak_SetVoiceByName(voice.encode()) != 0:
            return b""
        self._lib.espeak_SetParameter(RATE_PARAMETER, speed, 0)
        raw = text.encode() + b"\0"
        self._lib.espeak_Synth(raw, ctypes.c_size_t(len(raw)), 0, BY_CHARACTER, 0, UTF8, None, None)
        self._lib.espeak_Synchronize()
        return bytes(self._heard)


def main() -> None:
    """Speak what stdin asks for."""
    espeakng_loader = importlib.import_module("espeakng_loader")  # Only with the extra `speech`.
    wanted = json.load(sys.stdin.buffer)
    speaker = Speaker(
        library=espeakng_loader.get_library_path(), data=espeakng_loader.get_data_path()
    )
    out = sys.stdout.buffer
    out.write(speaker.rate.to_bytes(4, "little"))
    for job in wanted["jobs"]:
        samples = speaker.speak(job["text"], voice=job["voice"], speed=wanted["speed"])
        out.write(len(samples).to_bytes(4, "little") + samples)


if __name__ == "__main__":
    main()
