"""
What an agent does with the recording of his call: pause it, let it go on, end it for good.

A pause is a lease: it ends by itself, so that nobody forgets the rest of a call (PCI DSS asks only
that card data is not kept). A customer's refusal holds for the rest of the item.
"""

from callfloor.core import actions, closing, facts, state


class Recording:
    """The recordings of talks."""

    __slots__ = ("_closing", "_house")

    def __init__(self, house: state.State, closing_: closing.Closing) -> None:
        self._house = house
        self._closing = closing_

    def begin(self, work: state.Work) -> None:
        """Record from here on, if it was announced and nobody refused; it may go on already."""
        item = work.item
        if not item.recordable or item.recording or item.channel != "call":
            return
        item.recording = True
        self._house.act(
            actions.StartRecording(item=item.id, customer_leg=item.leg, agent_leg=work.agent.leg)
        )
        self._house.tell(facts.RecordingStarted(item=item.id, client=item.client))

    def pause(self, work: state.Work) -> None:
        """Keep nothing for a while."""
        house, item = self._house, work.item
        pause = item.pause = state.Pause(item=item)
        until = house.now + house.lookup.plan.recording_pause_seconds
        house.timers.arm(until, self._over, pause)
        house.act(actions.PauseRecording(item=item.id))
        house.tell(
            facts.RecordingPaused(
                item=item.id, client=item.client, agent=work.agent.key, until=until
            )
        )

    def resume(self, item: state.Item, *, by_itself: bool = False) -> None:
        """Keep what is said again."""
        assert item.pause is not None, "checked by refusal"
        item.pause.gen += 1
        item.pause = None
        self._house.act(actions.ResumeRecording(item=item.id))
        self._house.tell(
            facts.RecordingResumed(item=item.id, client=item.client, by_itself=by_itself)
        )

    def refuse(self, item: state.Item, *, by: str) -> None:
        """Record nothing of this item any more: its customer has told the agent so."""
        item.unrecorded, item.recordable = True, False
        self._closing.stop_recording(item)
        self._house.tell(
            facts.NoticeGiven(
                item=item.id, client=item.client, refused=True, source="agent", agent=by
            )
        )

    def _over(self, pause: state.Pause) -> None:
        self.resume(pause.item, by_itself=True)
