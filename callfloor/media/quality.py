"""
How good a line sounds, from what its packets tell: the E-model of ITU-T G.107 for G.711.

R = 93.2 - Id - Ie,eff: every default of the model but delay and loss, which are what a worker sees.
It estimates what an average listener would say; it hears nothing itself.

Refuses: to count packets; that is `stream.Incoming`.
"""

from __future__ import annotations

import math

R_DEFAULT = 93.2  # G.107, 7.7: all parameters at their default values.
DELAY_FREE_MS = 100.0  # G.107, 7.4: a shorter way from mouth to ear disturbs nobody.
LOSS_SHARE_OF_R = 95.0  # G.107, 7.5; G.711 itself costs nothing (Ie = 0).
ROBUSTNESS = 25.1  # Bpl of G.711 with concealment (G.113, Appendix I): browsers and telephones do.
PACKET_MS = 20.0  # A packet leaves when its last sample was spoken.
JITTER_BUFFER = 2.0  # Receivers hold about two jitters back, so that few packets are too late.


def mos(*, loss: float, jitter_ms: float = 0.0, round_trip_ms: float = 0.0) -> float:
    """
    Estimate the mean opinion score, 1 to 4.5.

    `loss` is the share of packets that never came, 0 to 1; half of the round trip is the way here.
    """
    delay_ms = round_trip_ms / 2 + PACKET_MS + JITTER_BUFFER * jitter_ms
    return _mos_of(R_DEFAULT - _delay_impairment(delay_ms) - _loss_impairment(loss))


def _delay_impairment(delay_ms: float) -> float:
    """Give Idd (G.107, 7.4); echo is taken as cancelled."""
    if delay_ms <= DELAY_FREE_MS:
        return 0.0
    x = math.log2(delay_ms / DELAY_FREE_MS)
    return 25 * (math.pow(1 + x**6, 1 / 6) - 3 * math.pow(1 + (x / 3) ** 6, 1 / 6) + 2)


def _loss_impairment(loss: float) -> float:
    """Give Ie,eff (G.107, 7.5) for losses at random (BurstR = 1)."""
    percent = loss * 100
    return LOSS_SHARE_OF_R * percent / (percent + ROBUSTNESS)


def _mos_of(r: float) -> float:
    """Turn the rating into an opinion (G.107, Annex B); below 6.5 the cubic would turn back."""
    if r <= 6.5:
        return 1.0
    return min(1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6, 4.5)
