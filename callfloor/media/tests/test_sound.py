"""Many samples at once are the same as one by one."""

import numpy as np
import pytest

from callfloor.media import sound
from callfloor.wire import g711

pytestmark = pytest.mark.pure

TONE = sound.tone(hertz=1_009, seconds=0.1, amplitude=12_000)
ALL = bytes(range(256))


@pytest.mark.parametrize("law", [sound.PCMU, sound.PCMA])
def test_a_tone_survives_both_laws(law):
    """Encoded and decoded again it is the same but for G.711's own noise, 35 dB below."""
    back = sound.decode(sound.encode(TONE, law), law)
    assert np.std(back.astype(float) - TONE) < np.std(TONE) / 10 ** (35 / 20)


def test_is_what_the_codec_says():
    assert sound.decode(ALL, sound.PCMU).tobytes() == g711.ulaw_to_linear(ALL)
    assert sound.decode(ALL, sound.PCMA).tobytes() == g711.alaw_to_linear(ALL)
    assert sound.encode(TONE, sound.PCMU) == g711.linear_to_ulaw(TONE.tobytes())
    assert sound.encode(TONE, sound.PCMA) == g711.linear_to_alaw(TONE.tobytes())


def test_translates_as_the_codec_does():
    assert ALL.translate(sound.TRANSLATE[sound.PCMU, sound.PCMA]) == g711.ulaw_to_alaw(ALL)
    assert ALL.translate(sound.TRANSLATE[sound.PCMA, sound.PCMU]) == g711.alaw_to_ulaw(ALL)


@pytest.mark.parametrize("law", [sound.PCMU, sound.PCMA])
def test_silence_is_quiet_and_a_tone_is_loud(law):
    assert sound.loudness(sound.SILENCE[law], law) <= 8
    assert sound.loudness(sound.encode(TONE, law), law) == pytest.approx(12_000 / 2**0.5, rel=0.02)
    assert sound.loudness(b"", law) == 0.0
