"""
The wait in a queue: entering, place in line, widening tiers, music and announcements, leaving.

A place is the instant of birth minus credits; nothing but a change of priority moves anybody.
Every entry ends in exactly one Dequeued, so that the sums of every report hold by construction.
"""

from bisect import bisect_left, insort
from collections.abc import Callable
from heapq import heappush

from callfloor.core import actions, audio, facts, offers, plan, pools, presence, record, state

_entry = record.maker(state.Entry)
_queued = record.maker(facts.Queued)
_dequeued = record.maker(facts.Dequeued)

HEAD_CREDIT_SECONDS = 1e8  # Three years: before everybody whose priority is in seconds of waiting.
LAST_RING_SECONDS = 1.0  # How often an item whose wait is over is looked at while it still rings.

Overflow = Callable[[state.Item, str], None]


class Waiting:
    """Everybody in every queue."""

    __slots__ = ("_audio", "_house", "_offers", "_overflow", "_seq")

    def __init__(
        self, house: state.State, offers_: offers.Offers, audio_: audio.Audio, overflow: Overflow
    ) -> None:
        self._house = house
        self._offers = offers_
        self._audio = audio_
        self._overflow = overflow
        self._seq = 0

    # --- in ---------------------------------------------------------------------------------------

    def is_full(self, queue: str) -> bool:
        """Say whether a queue takes nobody more."""
        found: pools.Queue = self._house.matcher.queues[queue]
        return len(found.order) >= found.plan.length_max

    def enter(
        self,
        item: state.Item,
        queue_key: str,
        *,
        born_at: float,
        queued_at: float | None = None,
        credit: float = 0.0,
        preferred: str | None = None,
        restored: bool = False,
        told: bool = False,
    ) -> state.Entry:
        """
        Let an item wait in a queue.

        `credit` is seconds on top of the queue's and the customer's; `preferred` an agent who
        alone may have it at first. One of the epoch before is `restored`: its agent may be about
        to come back to his seat. Whoever goes on with an entry of it has `told` of it already.
        """
        house = self._house
        queue: pools.Queue = house.matcher.queues[queue_key]
        since = house.now if queued_at is None else queued_at
        if queue.channel in plan.DEFERRED:
            born_at = _stands_from(item, queue.plan, born_at)
        self._seq += 1
        item.entries += 1
        worth = queue.plan.priority_seconds + item.priority_seconds + credit
        entry = _entry(
            item=item,
            queue=queue,
            number=item.entries,
            born_at=born_at,
            queued_at=since,
            key=born_at - worth,
            seq=self._seq,
            credit=credit,
        )
        item.entry = entry
        item.last_queue = queue.key
        self._stand(entry)
        if not told:  # Else the epoch before has said so already, and it counts once.
            self._tell_queued(entry)
        self._sound(entry)
        self._arm(entry)
        self._prefer(entry, preferred, unseated=restored)
        self._seek(entry)
        return entry

    def _tell_queued(self, entry: state.Entry) -> None:
        item = entry.item
        self._house.tell(
            _queued(
                item=item.id,
                client=item.client,
                queue=entry.queue.key,
                entry=entry.number,
                position=self.position(entry),
                born_at=entry.born_at,
                credit=entry.credit or None,
                due=item.due,
            )
        )

    def _stand(self, entry: state.Entry) -> None:
        insort(entry.queue.order, (entry.key, entry.seq))

    def _step_out(self, entry: state.Entry) -> None:
        order = entry.queue.order
        place = bisect_left(order, (entry.key, entry.seq))
        here = order[place : place + 1]
        assert here == [(entry.key, entry.seq)], "everybody who waits stands in the order"
        del order[place]

    def position(self, entry: state.Entry) -> int:
        """Count who stands before the entry in its queue, plus one."""
        return bisect_left(entry.queue.order, (entry.key, entry.seq)) + 1

    def _arm(self, entry: state.Entry) -> None:
        house = self._house
        queue: plan.QueuePlan = entry.queue.plan
        while self._is_due(entry):  # A restored item has waited through some tiers already.
            entry.tier += 1
        self._arm_tier(entry)
        if queue.wait_seconds_max is not None and self._overflows_to(entry) is not None:
            due = max(house.now, entry.queued_at + queue.wait_seconds_max)
            house.timers.arm(due, self._wait_over, entry)
        listens = entry.item.channel == "call" and entry.item.customer_here
        if queue.position_every_seconds is not None and listens:
            house.timers.arm(house.now + queue.position_every_seconds, self._announce, entry)

    def _arm_tier(self, entry: state.Entry) -> None:
        tiers = entry.queue.plan.tiers
        if entry.tier + 1 < len(tiers):
            due = entry.queued_at + tiers[entry.tier + 1].after_seconds
            self._house.timers.arm(due, self._widen, entry)

    def _is_due(self, entry: state.Entry) -> bool:
        tiers = entry.queue.plan.tiers
        following = entry.tier + 1
        if following >= len(tiers):
            return False
        due: float = entry.queued_at + tiers[following].after_seconds
        return due <= self._house.now

    # --- whom it waits for ------------------------------------------------------------------------

    def _prefer(self, entry: state.Entry, preferred: str | None, *, unseated: bool = False) -> None:
        house = self._house
        agent = house.agents.get(preferred) if preferred else None
        if agent is None or not (unseated or presence.is_seated(agent)):
            return
        queue = entry.queue
        profile = agent.profile
        if queue.plan.client not in profile.clients or queue.channel not in profile.channels:
            return
        if not pools.is_proven(profile, queue):  # Nobody can ask him around it.
            return
        due = entry.queued_at + queue.plan.preferred_seconds
        if due <= house.now:
            return
        entry.preferred = agent
        house.timers.arm(due, self._open_to_all, entry)

    def _open_to_all(self, entry: state.Entry) -> None:
        """The preferred agent's lease is over; if it rings for him, let it ring."""
        if entry.preferred is None:
            return
        entry.preferred = None
        if entry.offer is None:
            self._seek(entry)

    def give_up_on(self, agent: state.Agent) -> None:
        """Open to all what waited for an agent who has left his seat."""
        awaited, agent.awaited = agent.awaited, []
        for row in sorted(awaited, key=_place):
            if row[2].row is row:
                self._open_to_all(row[2])

    def give_up_unproven(self, agent: state.Agent) -> None:
        """Open to all what waited for an agent alone whose proof for it holds no more."""
        for row in sorted(agent.awaited, key=_place):
            entry = row[2]
            if entry.row is row and not pools.is_proven(agent.profile, entry.queue):
                self._open_to_all(entry)

    def _seek(self, entry: state.Entry) -> None:
        if not self._offers.match(entry):
            self._file(entry)

    def _file(self, entry: state.Entry) -> None:
        """File an entry where the next free agent looks: the preferred one's, or everybody's."""
        if entry.preferred is not None:
            row = entry.row = (entry.key, entry.seq, entry)
            heappush(entry.preferred.awaited, row)
        else:
            self._house.matcher.file(entry)

    def _widen(self, entry: state.Entry) -> None:
        """Open the next tier; what rings goes on ringing, and the next choice is among more."""
        if not self._is_due(entry):  # A new plan has other tiers, with leases of their own.
            return
        entry.tier += 1
        item = entry.item
        self._house.tell(
            facts.TierOpened(
                item=item.id, client=item.client, queue=entry.queue.key, tier=entry.tier
            )
        )
        self._arm_tier(entry)
        if entry.offer is None and entry.preferred is None:
            self._seek(entry)

    def refile(self, entry: state.Entry, *, preferred: str | None = None) -> None:
        """Put an entry where its item's priority and preferred agent want it, birth unchanged."""
        self._step_out(entry)
        worth = entry.queue.plan.priority_seconds + entry.item.priority_seconds + entry.credit
        entry.key = entry.born_at - worth
        self._stand(entry)
        if entry.offer is None:
            self._prefer(entry, preferred)
            self._seek(entry)

    def move(self, entry: state.Entry, queue: pools.Queue) -> None:
        """File an entry in the queue of a new plan, at its original place."""
        entry.queue = queue
        entry.tier = 0
        while self._is_due(entry):
            entry.tier += 1
        entry.row = None
        if entry.preferred is not None and not pools.is_proven(entry.preferred.profile, queue):
            entry.preferred = None
        self._stand(entry)
        self._arm_tier(entry)
        if entry.offer is None:
            self._file(entry)

    def in_line(self) -> list[state.Entry]:
        """Give everybody who waits, by his place."""
        items = self._house.items.values()
        return sorted((item.entry for item in items if item.entry is not None), key=_stands_at)

    def seek_all(self, entries: list[state.Entry]) -> None:
        """Let every entry that waits look for an agent, in the order given."""
        for entry in entries:
            if entry.gen == 0 and entry.offer is None:
                self._offers.match(entry)

    # --- out --------------------------------------------------------------------------------------

    def leave(self, entry: state.Entry, outcome: str) -> None:
        """End an entry with its one outcome."""
        self.stop_waiting(entry)
        self.settle(entry, outcome)

    def stop_waiting(self, entry: state.Entry) -> None:
        """Take an entry out of the line; nobody may be offered it any more."""
        entry.gen += 1
        entry.row = None
        self._step_out(entry)
        entry.item.entry = None
        if entry.offer is not None:
            self._drop_offer(entry.offer)

    def _drop_offer(self, offer: state.Offer) -> None:
        here = offer.item.customer_here or offer.kind == "callback"
        self._offers.close(offer, "withdrawn" if here else "caller_left")
        self._offers.release(offer.agent, keep=True)
        self._offers.find_work(offer.agent)

    def settle(self, entry: state.Entry, outcome: str) -> None:
        """Say how an entry ended."""
        house = self._house
        item, queue = entry.item, entry.queue.plan
        waited = house.now - entry.queued_at
        house.tell(
            _dequeued(
                item=item.id,
                client=item.client,
                queue=queue.key,
                entry=entry.number,
                outcome=outcome,
                waited_seconds=waited,
                queued_at=entry.queued_at,
                short=outcome == "abandoned_in_queue" and waited < queue.short_abandon_seconds,
                within_goal=outcome == "answered" and self._is_in_time(entry, waited),
            )
        )

    def _is_in_time(self, entry: state.Entry, waited: float) -> bool:
        due: float | None = entry.item.due
        if due is not None and entry.queue.channel in plan.DEFERRED:
            return self._house.now <= due
        goal: float = entry.queue.plan.goal_seconds
        return waited <= goal

    def _overflows_to(self, entry: state.Entry) -> str | None:
        step: str | None = entry.queue.plan.overflow
        return step if step is not None and step in entry.item.flow.steps else None

    def _wait_over(self, entry: state.Entry) -> None:
        house = self._house
        if entry.offer is not None:  # Somebody may take it this very second.
            house.timers.arm(house.now + LAST_RING_SECONDS, self._wait_over, entry)
            return
        step = self._overflows_to(entry)
        if step is None:  # A new plan has taken the way out; the wait goes on.
            return
        self._overflow(entry.item, step)

    # --- what is heard meanwhile ------------------------------------------------------------------

    def _sound(self, entry: state.Entry) -> None:
        """Say the welcome, unless the caller is put back for a fault of ours; then music."""
        if entry.item.channel != "call" or not entry.item.customer_here:
            return  # Nobody listens: it is read, or somebody is called when it is taken.
        welcome = entry.queue.plan.welcome if entry.credit == 0 else ()
        self._audio.play(entry.item, welcome, self._music)

    def _music(self, item: state.Item, heard: bool) -> None:
        if item.entry is not None:
            self._audio.loop(item, item.entry.queue.plan.music)

    def _announce(self, entry: state.Entry) -> None:
        """Tell the caller where he stands, never worse than what he was told before."""
        house = self._house
        every = entry.queue.plan.position_every_seconds
        if every is None:  # A new plan tells nobody where he stands.
            return
        house.timers.arm(house.now + every, self._announce, entry)
        position = self.position(entry)
        if entry.best_position is not None:
            position = min(position, entry.best_position)
        entry.best_position = position
        playing = entry.item.playing
        if playing is None or playing.ended is None:  # A welcome is heard to its end.
            self._audio.play(entry.item, _told(position), self._music)

    def listen(self, entry: state.Entry, step: plan.Enqueue) -> None:
        """Listen for the keys that leave the line."""
        item = entry.item
        if step.leave and item.channel == "call" and item.entry is entry:
            item.collecting = True
            self._house.act(
                actions.Collect(item=item.id, leg=item.leg, step=step.key, choices=step.leave)
            )


def _stands_from(item: state.Item, queue: plan.QueuePlan, born_at: float) -> float:
    """
    Give the instant from which deferred work stands in line, as a caller does who comes then.

    It is its deadline less the queue's lead, and never before it came.
    """
    if item.due is None:
        item.due = born_at + queue.goal_seconds
    return max(born_at, item.due - queue.lead_seconds)


def _told(position: int) -> tuple[str, ...]:
    if position > audio.SPOKEN_NUMBER_MAX:
        return ("queue_position_many",)
    return ("queue_position", f"number:{position}")


def _stands_at(entry: state.Entry) -> tuple[float, int]:
    return entry.key, entry.seq


def _place(row: tuple[float, int, state.Entry]) -> tuple[float, int]:
    return row[0], row[1]
