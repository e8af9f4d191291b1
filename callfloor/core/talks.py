"""
From the bridge to the disposition: who serves an item, lost lines, blind transfer, wrap-up.

An agent's part of an item is a Work. It ends its talk once and finishes once; a customer is never
cut off because an agent's line is.
"""

from typing import Protocol

from callfloor.core import (
    actions,
    audio,
    callbacks,
    calls,
    closing,
    facts,
    helping,
    holds,
    notes,
    plan,
    presence,
    record,
    recording,
    state,
)
from callfloor.core import offers as offers_module
from callfloor.core import waiting as waiting_module

_work = record.maker(state.Work)
_bridged = record.maker(facts.Bridged)
_talk_ended = record.maker(facts.TalkEnded)
_finished = record.maker(facts.Finished)

EXTRA_STEP_SECONDS = 30.0  # What one press of "longer" adds; the queue says how much in all.
DEVICE_LOST = holds.DEVICE_LOST


class Beside(Protocol):
    """What must know when somebody leaves a call that others are in."""

    def losing(self, work: state.Work) -> None:
        """An agent is lost to his call: hand on what only he held together."""

    def dissolve(self, item: state.Item, outcome: str) -> None:
        """Let everybody go who was brought into a call."""


class Watched(Protocol):
    """What must know when a talk ends into which leaders hear."""

    def of_ended(self, work: state.Work) -> None:
        """Let them hear no more."""


class Talks:
    """Every agent's every work."""

    __slots__ = ("_audio", "_callbacks", "_closing", "_holds", "_house", "_offers", "_recording",
                 "_waiting", "beside", "watched")  # fmt: skip

    beside: Beside
    """Set by the exchange: consultations lead into talks and back."""
    watched: Watched
    """Set by the exchange: leaders take talks over."""

    def __init__(
        self,
        house: state.State,
        offers: offers_module.Offers,
        waiting: waiting_module.Waiting,
        audio_: audio.Audio,
        closing_: closing.Closing,
        holds_: holds.Holds,
        recording_: recording.Recording,
        callbacks_: callbacks.Callbacks,
    ) -> None:
        self._house = house
        self._offers = offers
        self._waiting = waiting
        self._audio = audio_
        self._closing = closing_
        self._holds = holds_
        self._recording = recording_
        self._callbacks = callbacks_

    # --- the bridge -------------------------------------------------------------------------------

    def answer(self, offer: state.Offer) -> None:
        """Connect the agent who takes an offer of a queue with its customer."""
        agent, item, queue = offer.agent, offer.item, self.take(offer)
        for work in [each for each in agent.works if each.item is item]:
            self._tell_finished(work, None)  # It has come back to him while he wrote his note.
        self.serve(self.open(agent, item, queue, signal=presence.ANSWER))
        self._offers.find_work(agent)

    def take(self, offer: state.Offer) -> plan.QueuePlan:
        """End an offer and the wait that it came from; give the queue."""
        entry = offer.entry
        assert entry is not None, "what a colleague asks for comes from no queue"
        self._offers.close(offer, "answered")
        self._waiting.leave(entry, "answered")
        if offer.item.stands_for:
            self._callbacks.answered(offer.item, entry.queue.key)
        queue: plan.QueuePlan = entry.queue.plan
        return queue

    def open(
        self,
        agent: state.Agent,
        item: state.Item,
        queue: plan.QueuePlan,
        *,
        signal: str,
        part: str = "serves",
        phase: str = "talking",
    ) -> state.Work:
        """Put an item into an agent's hands; nobody hears him yet."""
        house = self._house
        work = _work(
            agent=agent, item=item, queue=queue, began_at=house.now, part=part, phase=phase
        )
        item.works.append(work)
        agent.works.append(work)
        agent.missed_in_a_row = 0
        presence.turn(house, agent, signal, item=item, reason=agent.wish, by=agent.wish_by)
        house.matcher.place(agent, now=house.now)
        return work

    def serve(self, work: state.Work) -> None:
        """Let an agent serve the customer from here on: he is connected, and it is recorded."""
        item = work.item
        item.answered = True
        item.step = None
        item.gen += 1
        self.connect(work)
        self.tell_bridged(work, again=False)
        self._recording.begin(work)

    def connect(self, work: state.Work) -> None:
        """Bring the customer out of what he heard, and let everybody hear who should."""
        item = work.item
        if item.channel != "call":
            return
        if item.collecting:
            item.collecting = False
            self._house.act(actions.StopCollect(item=item.id, leg=item.leg))
        self._audio.stop(item)
        self._house.act(calls.mix(item))

    def tell_bridged(self, work: state.Work, *, again: bool) -> None:
        """Say that an agent is with the customer."""
        item = work.item
        self._house.tell(
            _bridged(
                item=item.id,
                client=item.client,
                queue=work.queue.key,
                agent=work.agent.key,
                leg=work.agent.leg or "",
                again=again,
            )
        )

    # --- hold, mute, keys -------------------------------------------------------------------------

    def hold(self, work: state.Work) -> None:
        """Give the customer music."""
        self._holds.begin(work, "asked")

    def resume(self, work: state.Work) -> None:
        """Come back to the customer."""
        self._holds.end(work)
        self.connect(work)

    def mute(self, work: state.Work, *, muted: bool) -> None:
        """Take the agent's voice out of every ear, or bring it back."""
        work.muted = muted
        item = work.item
        self._house.tell(
            facts.Muted(item=item.id, client=item.client, agent=work.agent.key, muted=muted)
        )
        self._house.act(calls.mix(item))

    def send_keys(self, work: state.Work, count: int, sealed: str | None) -> None:
        """Send the agent's keys to whom he talks with: who is asked outside, else the customer."""
        item = work.item
        self._house.tell(
            facts.KeysSent(item=item.id, client=item.client, agent=work.agent.key, count=count)
        )
        leg = item.leg
        if item.consult is not None and item.consult.by is work and item.consult.leg is not None:
            leg = item.consult.leg
        if sealed is not None:
            self._house.act(actions.SendKeys(item=item.id, leg=leg, sealed=sealed))

    # --- an agent's line comes and goes -----------------------------------------------------------

    def keep(self, agent: state.Agent) -> None:
        """Keep the call of an agent whose line is lost, for so long."""
        house = self._house
        for work in agent.works:
            if work.phase not in state.LIVE or work.item.channel != "call" or work.kept:
                continue
            work.kept = True
            work.gen += 1
            due = house.now + house.lookup.plan.lost_agent_seconds
            house.timers.arm(due, self._lost, work)
            house.act(calls.mix(work.item))
            self.console(work)

    def console(self, work: state.Work) -> None:
        """Tell a customer that it goes on, if he is alone because his agent's line is lost."""
        item = work.item
        alone = not item.guests and not any(
            each.part == "joins" and each.phase == "talking" for each in item.works
        )
        if alone and work.part == "serves" and item.customer_here and work.phase == "talking":
            self._holds.keep(work)

    def rejoin(self, agent: state.Agent) -> None:
        """Connect an agent who has a new leg with the call that he was in."""
        for work in agent.works:
            if work.phase not in state.LIVE or work.item.channel != "call":
                continue
            work.gen += 1
            was_kept, work.kept = work.kept, False
            if work.on_hold or work.part != "serves" or work.phase != "talking":
                self._house.act(calls.mix(work.item))
                self._audio.tone_again(work)
            else:
                if was_kept:
                    self._holds.end(work)
                self.connect(work)
            if work.phase == "talking" and work.part != "asked":
                self.tell_bridged(work, again=True)

    def _lost(self, work: state.Work) -> None:
        """The agent did not come back: the customer is first in line again."""
        agent = work.agent
        self.part(work, "lost")
        if agent.works or agent.offer is not None:  # What is written needs no sound.
            self.free(agent)
        else:
            presence.turn(self._house, agent, presence.FREE_AWAY, reason=DEVICE_LOST)
            agent.wish = agent.wish_by = None
            self._house.matcher.place(agent, now=self._house.now)
        self.requeue(work)
        self._offers.find_work(agent)

    def part(self, work: state.Work, ended_by: str) -> None:
        """End a work at once, talk and wrap-up; the caller must `presence.turn` its agent then."""
        if work.phase in state.LIVE:
            self.beside.losing(work)
            self._end_talk(work, ended_by)
            work.wrap_at = self._house.now
        self._tell_finished(work, None)

    def requeue(self, work: state.Work) -> None:
        """Put a customer first in line, since he lost his agent through no fault of his own."""
        item = work.item
        others = [each for each in item.works if each.phase in state.LIVE]
        if others and item.direction != "internal":
            return  # Somebody else is with him.
        for each in others:
            self.release(each, "agent")
        self.beside.dissolve(item, "lost")
        if not item.customer_here:
            self._closing.close_if_done(item)
        elif work.queue.key not in self._house.matcher.queues:  # A call that we made.
            self._closing.hang_up(item, "lost")
        elif item.entry is None:
            self._waiting.enter(
                item,
                work.queue.key,
                born_at=item.arrived_at,
                credit=waiting_module.HEAD_CREDIT_SECONDS,
            )

    # --- the end of the talk ----------------------------------------------------------------------

    def transfer(self, work: state.Work, queue: str | None, to_agent: str | None) -> None:
        """Give the customer to a queue, or to a colleague and failing that to the queue's head."""
        item, agent = work.item, work.agent
        self._house.tell(
            facts.Transferred(
                item=item.id,
                client=item.client,
                agent=agent.key,
                queue=queue,
                to_agent=to_agent,
            )
        )
        self.end(work, "transfer")
        self._waiting.enter(
            item,
            queue if queue is not None else work.queue.key,
            born_at=item.arrived_at,
            credit=0.0 if queue is not None else waiting_module.HEAD_CREDIT_SECONDS,
            preferred=to_agent,
        )

    def hang_up(self, work: state.Work) -> None:
        """End the call for everybody, from the side of the agent who serves."""
        item = work.item
        if item.customer_here:
            if item.channel == "call":
                self._house.act(actions.HangUp(item=item.id, leg=item.leg, reason="normal"))
            self._closing.customer_gone(item)
        self.beside.dissolve(item, "ended")
        for each in list(item.works):
            if each is not work and each.phase in state.LIVE:
                self.release(each, "agent")
        self.end(work, "agent")

    def end(self, work: state.Work, ended_by: str) -> None:
        """End a talk; the note is written now, beside other work if there is any."""
        house, agent = self._house, work.agent
        self._end_talk(work, ended_by)
        work.wrap_at = house.now
        work.gen += 1
        beside = agent.offer is not None or any(each.phase in state.LIVE for each in agent.works)
        if beside and work.queue.wrap_up_seconds <= 0:
            self._finish_beside(work)
            return
        work.wrap_until = house.now + work.queue.wrap_up_seconds
        if beside:
            notes.begun_beside(self._house, work)
        else:
            self._turn_wrap(work, presence.TALK_END)
        house.matcher.place(agent, now=house.now)
        if work.queue.wrap_up_seconds > 0:
            house.timers.arm(work.wrap_until, self._wrap_over, work)
        else:
            self.finish(work, None)

    def release(self, work: state.Work, ended_by: str) -> None:
        """End the part of somebody who leaves without a note: it is not his customer."""
        self._end_talk(work, ended_by)
        work.wrap_at = self._house.now
        self._finish_beside(work)

    def promote(self, work: state.Work, part: str) -> None:
        """Let a colleague who was asked, or who joined, be something else from here on."""
        if work.part == "asked":
            self._count_apart(work)
        work.part = part

    def _count_apart(self, work: state.Work) -> None:
        seconds = self._house.now - work.began_at
        work.apart_seconds = seconds
        if work.phase == "dialing":
            work.dial_seconds = seconds
        else:
            work.consult_seconds = seconds

    def reach(self, work: state.Work) -> None:
        """The far side of an agent's call has answered."""
        self._count_apart(work)
        work.phase = "talking"

    def _end_talk(self, work: state.Work, ended_by: str) -> None:
        house, item = self._house, work.item
        held_since_start = work.held_at is not None
        if work.phase == "dialing" or work.part == "asked":
            self._count_apart(work)
        self._holds.end(work)
        self._audio.hush(work)
        work.kept = False
        work.phase = "wrap_up"
        if item.watches:
            self.watched.of_ended(work)
        if item.channel == "call":
            if state.owner(item) is None:
                self._closing.stop_recording(item)
            if work.agent.leg is not None:
                house.act(calls.mix(item, gone=work.agent.leg))
            if held_since_start and not item.customer_here:
                self._audio.forget(item)
        total = house.now - work.began_at
        house.tell(
            _talk_ended(
                item=item.id,
                client=item.client,
                queue=work.queue.key,
                agent=work.agent.key,
                talk_seconds=max(0.0, total - work.hold_seconds - work.apart_seconds),
                hold_seconds=work.hold_seconds,
                ended_by=ended_by,
                consult_seconds=work.consult_seconds,
                dial_seconds=work.dial_seconds,
            )
        )

    # --- the wrap-up ------------------------------------------------------------------------------

    def _turn_wrap(self, work: state.Work, signal: str) -> None:
        agent = work.agent
        presence.turn(
            self._house,
            agent,
            signal,
            item=work.item,
            reason=agent.wish,
            by=agent.wish_by,
            until=work.wrap_until,
        )

    def extend(self, work: state.Work) -> None:
        """Give the agent a while longer for the note, within the queue's limit."""
        left = work.queue.wrap_up_extra_seconds - work.extra_seconds
        more = min(EXTRA_STEP_SECONDS, left)
        assert more > 0, "an extension beyond the limit is refused before"
        work.extra_seconds += more
        work.wrap_until += more
        work.gen += 1
        if work.agent.state == presence.WRAP_UP:
            self._turn_wrap(work, presence.EXTEND)
        else:
            notes.begun_beside(self._house, work)
        self._house.timers.arm(work.wrap_until, self._wrap_over, work)

    def _wrap_over(self, work: state.Work) -> None:
        self.finish(work, None)

    def finish(self, work: state.Work, disposition: str | None) -> None:
        """The agent is done with the item, and free for the next."""
        house, agent = self._house, work.agent
        if work.phase in state.LIVE:  # Mail, chat and cases end by being finished.
            self._closing.customer_gone(work.item)
            self._end_talk(work, "agent")
            work.wrap_at = house.now
        self._tell_finished(work, disposition)
        self.free(agent)
        self._closing.close_if_done(work.item)
        self._offers.find_work(agent)

    def _finish_beside(self, work: state.Work) -> None:
        """Finish one of several works at once: a wrap-up would keep the others waiting."""
        agent = work.agent
        self._tell_finished(work, None)
        if agent.offer is None:
            self.free(agent)
        self._closing.close_if_done(work.item)
        self._offers.find_work(agent)

    def _tell_finished(self, work: state.Work, disposition: str | None) -> None:
        house, item = self._house, work.item
        work.gen += 1
        work.phase = "finished"
        item.works.remove(work)
        work.agent.works.remove(work)
        house.tell(
            _finished(
                item=item.id,
                client=item.client,
                queue=work.queue.key,
                agent=work.agent.key,
                wrap_seconds=house.now - work.wrap_at,
                disposition=disposition,
            )
        )

    def _work_on(self, agent: state.Agent) -> None:
        """Bring an agent to what he still has in hand: somebody's matter, or only notes."""
        live = [each for each in agent.works if each.phase in state.LIVE]
        if live:
            item = live[-1].item
            presence.turn(self._house, agent, presence.WORK_ON, item=item, reason=agent.wish)
        else:
            first = agent.state == presence.TALKING
            signal = presence.TALK_END if first else presence.NOTE_ON
            self._turn_wrap(agent.works[-1], signal)

    def free(self, agent: state.Agent) -> None:
        """Bring an agent to what follows when a work of his has ended."""
        house = self._house
        if agent.offer is not None:  # It still rings; that ends by itself.
            return
        if agent.works:
            self._work_on(agent)
            house.matcher.place(agent, now=house.now)
            return
        helping.over(house, agent, "over")
        if agent.retired:
            presence.turn(house, agent, presence.SIGN_OUT)
            house.matcher.seat(agent, seated=False)
        elif agent.wish is not None:
            reason, by = agent.wish, agent.wish_by
            agent.wish = agent.wish_by = None
            presence.turn(house, agent, presence.FREE_AWAY, reason=reason, by=by)
        else:
            presence.turn(house, agent, presence.FREE)
        house.matcher.place(agent, now=house.now)
