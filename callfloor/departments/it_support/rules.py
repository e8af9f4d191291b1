"""
What is healthy and what is not. Pure: figures in, judgments out.

A tone is one of the four meanings: good, warn, bad, neutral.
"""

LAG_MS_MAX = 250.0  # TRUST.md, R12: later than that, somebody waits in silence.
COMMIT_MS_MAX = 100.0  # A prompt would begin noticeably late.
MOS_SATISFIED = 4.03  # ITU-T G.107, table B.1: R 80, "satisfied".
MOS_DISSATISFIED = 3.6  # ITU-T G.107, table B.1: R 70, below it "many users dissatisfied".
LOSS_SHARE_MAX = 0.05  # What G.711 with concealment bears (ITU-T G.113, appendix I).
PROBE_LATE_FACTOR = 2.5  # Two test calls in a row that did not come are no chance.
TRUNK_TONES = {
    "up": "good",
    "registered": "good",
    "registering": "warn",
    "unknown": "neutral",
    "down": "bad",
    "refused": "bad",
}


def tone_of_lag(lag_ms: float) -> str:
    """Say how bad a late loop is."""
    return "bad" if lag_ms > LAG_MS_MAX else "good"


def tone_of_commit(commit_ms: float, *, is_stuck: bool) -> str:
    """Say how bad a slow journal is; one that takes nothing is the worst."""
    if is_stuck:
        return "bad"
    return "warn" if commit_ms > COMMIT_MS_MAX else "good"


def tone_of_trunk(state: str) -> str:
    """Say what a trunk's state means."""
    return TRUNK_TONES.get(state, "neutral")


def tone_of_mos(mos: float) -> str:
    """Say what callers think of a line."""
    if mos >= MOS_SATISFIED:
        return "good"
    return "warn" if mos >= MOS_DISSATISFIED else "bad"


def loss_share(*, packets: int, lost: int) -> float:
    """Return the share of packets that never came."""
    return lost / (packets + lost) if packets + lost > 0 else 0.0


def owner_of(leg: str) -> tuple[str, str]:
    """
    Return whose leg it is: kind and key.

    The floor names a customer's `c:ITEM`, an agent's `a:AGENT:TOKEN`, any other by another letter.
    """
    kind, _, rest = leg.partition(":")
    if kind == "a":
        return "seat", rest.partition(":")[0]
    return ("caller" if kind == "c" else "outside"), rest.partition(":")[0]


def probe_is_late(*, age_seconds: float, every_seconds: float) -> bool:
    """Say whether test calls have stopped coming."""
    return age_seconds > every_seconds * PROBE_LATE_FACTOR
