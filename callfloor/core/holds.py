"""
Holds: a customer who hears music, the seconds of it, and who is reminded when it becomes long.

A hold is the agent's wish, the beginning of a question to somebody else, or a line that was lost.
After a while the agent is reminded and the caller told that he is not forgotten; after another his
leader is told.
"""

from callfloor.core import audio, calls, facts, state

DEVICE_LOST = "device_lost"
ONE_MOMENT = ("one_moment",)


class Holds:
    """Every customer who is on hold."""

    __slots__ = ("_audio", "_house")

    def __init__(self, house: state.State, audio_: audio.Audio) -> None:
        self._house = house
        self._audio = audio_

    def begin(self, work: state.Work, reason: str) -> None:
        """Give the customer music; he hears nobody and nobody hears him."""
        work.on_hold = True
        self._count(work, reason)
        self._house.act(calls.mix(work.item))
        self._audio.loop(work.item, work.queue.music)

    def keep(self, work: state.Work) -> None:
        """Tell a customer whose agent's line is lost that it goes on, unless he hears music."""
        if not work.on_hold:
            self._count(work, DEVICE_LOST)
            self._audio.play(work.item, ONE_MOMENT, self._music)

    def end(self, work: state.Work) -> None:
        """Count a hold to its end, if there is one."""
        work.on_hold = False
        if work.hold is not None:
            work.hold.gen += 1
            work.hold = None
        if work.held_at is None:
            return
        held = self._house.now - work.held_at
        work.held_at = None
        work.hold_seconds += held
        item = work.item
        self._house.tell(
            facts.Unheld(item=item.id, client=item.client, agent=work.agent.key, held_seconds=held)
        )

    def _count(self, work: state.Work, reason: str) -> None:
        house, item = self._house, work.item
        if work.held_at is None:
            work.held_at = house.now
            work.hold = state.Hold(work=work)
            house.timers.arm(house.now + work.queue.hold_remind_seconds, self._remind, work.hold)
        house.tell(
            facts.Held(item=item.id, client=item.client, agent=work.agent.key, reason=reason)
        )

    def _music(self, item: state.Item, heard: bool) -> None:
        if any(work.on_hold or work.kept for work in item.works):
            self._audio.loop(item, item.works[-1].queue.music)

    def _remind(self, hold: state.Hold) -> None:
        self._say_long(hold, 1)
        seconds = hold.work.queue.hold_alarm_seconds - hold.work.queue.hold_remind_seconds
        self._house.timers.arm(self._house.now + max(0.0, seconds), self._alarm, hold)

    def _alarm(self, hold: state.Hold) -> None:
        self._say_long(hold, 2)
        self._house.alarm("long_hold", hold.work.item.id)

    def _say_long(self, hold: state.Hold, level: int) -> None:
        work, item, house = hold.work, hold.work.item, self._house
        assert work.held_at is not None, "the lease ends with the hold"
        house.tell(
            facts.HoldReminded(
                item=item.id,
                client=item.client,
                agent=work.agent.key,
                level=level,
                held_seconds=house.now - work.held_at,
            )
        )
        self._audio.play(item, ONE_MOMENT, self._music)
