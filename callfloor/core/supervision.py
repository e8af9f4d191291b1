"""
Leaders who hear into calls: listening, whispering to the agent, joining, taking the call over.

A leader is reserved meanwhile, and what he was before afterwards. He leaves when he wants, when the
agent's part ends, or when his own line is lost; a supervision never holds a call together.
"""

from callfloor.core import audio, calls, consults, facts, helping, offers, presence, state, talks

SUPERVISING = "supervising"  # Why a leader is reserved.
TONE = "supervision_tone"


class Supervision:
    """Everybody who hears into a call."""

    __slots__ = ("_audio", "_consults", "_house", "_offers", "_talks")

    def __init__(
        self,
        house: state.State,
        *,
        offers_: offers.Offers,
        talks_: talks.Talks,
        consults_: consults.Consults,
        audio_: audio.Audio,
    ) -> None:
        self._house = house
        self._offers = offers_
        self._talks = talks_
        self._consults = consults_
        self._audio = audio_

    def begin(self, leader: state.Agent, work: state.Work, mode: str) -> None:
        """Let a leader hear into a call, or hear in another way."""
        house, item = self._house, work.item
        watch = leader.watch
        if watch is None:
            watch = state.Watch(leader=leader, item=item, of=work, mode=mode, since=house.now)
            leader.watch = watch
            item.watches = (*item.watches, watch)
            if leader.state == presence.AWAY:  # He is away again afterwards.
                leader.wish, leader.wish_by = leader.reason, leader.by
            presence.turn(house, leader, presence.RESERVE, item=item, reason=SUPERVISING)
            house.matcher.place(leader, now=house.now)
            if house.lookup.plan.supervision_tone:
                self._audio.mark(work, TONE)
        watch.mode = mode
        house.tell(
            facts.Supervised(
                item=item.id,
                client=item.client,
                agent=leader.key,
                of=watch.of.agent.key,
                mode=mode,
            )
        )
        helping.over(house, watch.of.agent, "answered", by=leader.key)
        house.act(calls.mix(item))

    def end(self, leader: state.Agent, outcome: str = "ended") -> None:
        """Let a leader hear no more, and be what he was before."""
        self.drop(leader, outcome)
        self._talks.free(leader)
        self._offers.find_work(leader)

    def drop(self, leader: state.Agent, outcome: str) -> None:
        """Take a leader out of a call; the caller says what becomes of him."""
        watch = leader.watch
        assert watch is not None, "who hears nobody cannot stop"
        house, item = self._house, watch.item
        leader.watch = None
        item.watches = tuple(each for each in item.watches if each is not watch)
        house.act(calls.mix(item, gone=leader.leg))
        house.tell(
            facts.SuperviseOver(
                item=item.id,
                client=item.client,
                agent=leader.key,
                of=watch.of.agent.key,
                seconds=house.now - watch.since,
                outcome=outcome,
            )
        )

    def of_ended(self, work: state.Work) -> None:
        """Let those hear no more who heard an agent whose part has ended."""
        for watch in work.item.watches:
            if watch.of is work:
                self.end(watch.leader, "call_over")

    def take_over(self, leader: state.Agent) -> None:
        """Give a leader the call that he hears; its agent writes his note."""
        watch = leader.watch
        assert watch is not None, "checked by refusal"
        of, item = watch.of, watch.item
        if item.consult is not None and item.consult.by is of:
            self._consults.over(item.consult, "ended")
        self.drop(leader, "taken_over")
        leader.wish = leader.wish_by = None
        work = self._talks.open(leader, item, of.queue, signal=presence.TAKE_OVER, part=of.part)
        self._talks.end(of, "taken_over")
        self._talks.serve(work)
        self._offers.find_work(leader)
