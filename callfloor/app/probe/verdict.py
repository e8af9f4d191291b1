"""From what a test call saw to what is wrong. Pure."""

from dataclasses import dataclass

LATE_SECONDS = 1.5  # A caller who hears nothing for longer says hello.

OK = "ok"


@dataclass(slots=True, kw_only=True)
class Seen:
    """What a test call saw."""

    answered: bool = False
    sound: bool = False
    """Whether anything loud was heard."""
    likeness: float = 0.0
    """How much it was like the prompt, 0 to 1."""
    delay_seconds: float | None = None
    """From the answer to the prompt."""
    was_heard: bool = False
    """Whether the centre had audio of ours."""
    needs_key: bool = True
    key_worked: bool = False
    needs_recording: bool = False
    recorded_seconds: float | None = None
    """How much of ours is in the recording's file; None if there is none."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out."""

    outcome: str
    """ok, no_answer, silence, one_way, late, step, recording."""
    detail: str
    """What was wrong, in a few words that name nobody."""


def judge(seen: Seen, *, like_min: float, said_seconds: float) -> Verdict:
    """Name the fault that explains the most of what was seen."""
    hears_us = seen.was_heard or seen.key_worked
    heard = seen.sound and seen.likeness >= like_min
    if not seen.answered:
        return Verdict("no_answer", "the call was not answered")
    if not seen.sound and not hears_us:
        return Verdict("silence", "no audio in either direction")
    if not seen.sound:
        return Verdict("one_way", "one-way audio: the caller hears nothing")
    if not hears_us:
        return Verdict("one_way", "one-way audio: the centre does not hear the caller")
    if not heard:
        return Verdict("silence", f"the prompt was not recognized ({seen.likeness:.2f})")
    return _judge_course(seen, said_seconds=said_seconds)


def _judge_course(seen: Seen, *, said_seconds: float) -> Verdict:
    if seen.needs_key and not seen.key_worked:
        return Verdict("step", "the key was not understood")
    if seen.needs_recording and seen.recorded_seconds is None:
        return Verdict("recording", "no recording was written")
    if seen.needs_recording and (seen.recorded_seconds or 0) < said_seconds / 2:
        return Verdict("recording", f"only {seen.recorded_seconds:.1f} s were recorded")
    if seen.delay_seconds is not None and seen.delay_seconds > LATE_SECONDS:
        return Verdict("late", f"the prompt came after {seen.delay_seconds:.1f} s")
    return Verdict(OK, "")
