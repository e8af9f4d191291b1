"""
What a caller hears from us, as leases: a prompt that never reports its end is taken as ended.

One thing is played to a leg at a time; whatever begins lifts the lease of what was before. An agent
hears a tone of ours only while he waits for somebody whom he called.
"""

from collections.abc import Callable

from callfloor.core import actions, record, state

_playing = record.maker(state.Playing)
_play = record.maker(actions.Play)
_stop_play = record.maker(actions.StopPlay)

PROMPT_LEASE_SECONDS = 65.0  # The longest prompt that a blueprint may name (60 s) and a margin.
SPOKEN_NUMBER_MAX = 30  # Nobody in a line is helped by "three hundred and two".


class Audio:
    """Every prompt and every loop."""

    __slots__ = ("_house",)

    def __init__(self, house: state.State) -> None:
        self._house = house

    def play(
        self,
        item: state.Item,
        prompts: tuple[str, ...],
        ended: Callable[[state.Item, bool], None],
    ) -> None:
        """
        Play prompts to the caller, then call `ended(item, heard)`.

        An item without sound (mail, chat) has heard everything at once.
        """
        if item.channel != "call" or not prompts:
            ended(item, True)
            return
        playing = self._begin(item, prompts, ended)
        self._house.timers.arm(self._house.now + PROMPT_LEASE_SECONDS, self._run_out, playing)

    def loop(self, item: state.Item, prompt: str | None) -> None:
        """Play a prompt again and again, until something else is played or stopped."""
        if prompt is not None and item.channel == "call":
            self._begin(item, (prompt,), None)

    def stop(self, item: state.Item) -> None:
        """Stop what the caller hears."""
        if item.playing is not None:
            item.playing.gen += 1
            item.playing = None
            if item.customer_here:
                self._house.act(_stop_play(item=item.id, leg=item.leg))

    def forget(self, item: state.Item) -> None:
        """Expect no more of a prompt: its leg is gone."""
        if item.playing is not None:
            item.playing.gen += 1
            item.playing = None

    def ended(self, item: state.Item, play: str, *, heard: bool) -> None:
        """Take note that a prompt is over; a report about an earlier one means nothing now."""
        playing = item.playing
        if playing is None or playing.id != play or playing.ended is None:
            return
        playing.gen += 1
        item.playing = None
        playing.ended(item, heard)

    # --- what an agent hears ----------------------------------------------------------------------

    def tone(self, work: state.Work, prompt: str) -> None:
        """Loop a tone in an agent's ear until it is hushed; after a reload it goes on."""
        work.tone = prompt
        self._tell_agent(work, prompt, loop=True)

    def hush(self, work: state.Work) -> None:
        """Stop an agent's tone."""
        if work.tone is not None:
            work.tone = None
            if work.agent.leg is not None:
                self._house.act(_stop_play(item=work.item.id, leg=work.agent.leg))

    def tone_again(self, work: state.Work) -> None:
        """Go on with a tone on an agent's new leg."""
        if work.tone is not None:
            self._tell_agent(work, work.tone, loop=True)

    def mark(self, work: state.Work, prompt: str) -> None:
        """Play something short to an agent, once."""
        self._tell_agent(work, prompt, loop=False)

    def _tell_agent(self, work: state.Work, prompt: str, *, loop: bool) -> None:
        item, leg = work.item, work.agent.leg
        if leg is None:
            return
        item.tones += 1
        self._house.act(
            _play(
                item=item.id,
                leg=leg,
                play=f"{item.id}.t{item.tones}",
                prompts=(prompt,),
                language=item.language,
                loop=loop,
            )
        )

    def _run_out(self, playing: state.Playing) -> None:
        self.ended(playing.item, playing.id, heard=False)

    def _begin(
        self,
        item: state.Item,
        prompts: tuple[str, ...],
        ended: Callable[[state.Item, bool], None] | None,
    ) -> state.Playing:
        self.forget(item)
        item.plays += 1
        playing = _playing(id=f"{item.id}.{item.plays}", item=item, ended=ended)
        item.playing = playing
        self._house.act(
            _play(
                item=item.id,
                leg=item.leg,
                play=playing.id,
                prompts=prompts,
                language=item.language,
                loop=ended is None,
            )
        )
        return playing
