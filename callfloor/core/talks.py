"""
From the bridge to the disposition: talk, hold, mute, lost lines, transfer, wrap-up.

An agent's part of an item is a Work. It ends its talk once and finishes once; a customer is never
cut off because an agent's line is.
"""

from callfloor.core import actions, audio, calls, closing, facts, plan, presence, record, state
from callfloor.core import offers as offers_module
from callfloor.core import waiting as waiting_module

_work = record.maker(state.Work)
_bridged = record.maker(facts.Bridged)
_talk_ended = record.maker(facts.TalkEnded)
_finished = record.maker(facts.Finished)

EXTRA_STEP_SECONDS = 30.0  # What one press of "longer" adds; the queue says how much in all.
DEVICE_LOST = "device_lost"


class Talks:
    """Every agent's every work."""

    __slots__ = ("_audio", "_closing", "_house", "_offers", "_waiting")

    def __init__(
        self,
        house: state.State,
        offers: offers_module.Offers,
        waiting: waiting_module.Waiting,
        audio_: audio.Audio,
        closing_: closing.Closing,
    ) -> None:
        self._house = house
        self._offers = offers
        self._waiting = waiting
        self._audio = audio_
        self._closing = closing_

    # --- the bridge -------------------------------------------------------------------------------

    def answer(self, offer: state.Offer) -> None:
        """Connect the agent who takes an offer with its customer."""
        entry, agent = offer.entry, offer.agent
        self._offers.close(offer, "answered")
        self._waiting.leave(entry, "answered")
        self._begin(agent, entry.item, entry.queue.plan)

    def _begin(self, agent: state.Agent, item: state.Item, queue: plan.QueuePlan) -> None:
        house = self._house
        work = _work(agent=agent, item=item, queue=queue, began_at=house.now)
        item.works.append(work)
        agent.works.append(work)
        item.answered = True
        item.step = None
        item.gen += 1
        agent.missed_in_a_row = 0
        presence.turn(house, agent, presence.ANSWER, item=item)
        house.matcher.place(agent, now=house.now)
        self._connect(work)
        self._tell_bridged(work, again=False)
        self._record(work)
        self._offers.find_work(agent)

    def _connect(self, work: state.Work) -> None:
        """Let customer and agent hear one another."""
        item = work.item
        if item.channel != "call":
            return
        if item.collecting:
            item.collecting = False
            self._house.act(actions.StopCollect(item=item.id, leg=item.leg))
        self._audio.stop(item)
        self._house.act(calls.mix(work))

    def _tell_bridged(self, work: state.Work, *, again: bool) -> None:
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

    def _record(self, work: state.Work) -> None:
        item = work.item
        if not item.recordable or item.channel != "call":
            return
        self._house.act(
            actions.StartRecording(item=item.id, customer_leg=item.leg, agent_leg=work.agent.leg)
        )
        if not item.recording:
            item.recording = True
            self._house.tell(facts.RecordingStarted(item=item.id, client=item.client))

    # --- hold and mute ----------------------------------------------------------------------------

    def hold(self, work: state.Work) -> None:
        """Give the customer music; nobody hears anybody."""
        work.on_hold = True
        work.held_at = self._house.now
        self._tell_held(work, "asked")
        self._house.act(calls.mix(work))
        self._audio.loop(work.item, work.queue.music)

    def resume(self, work: state.Work) -> None:
        """Come back to the customer."""
        work.on_hold = False
        self._end_hold(work)
        self._connect(work)

    def _tell_held(self, work: state.Work, reason: str) -> None:
        item = work.item
        self._house.tell(
            facts.Held(item=item.id, client=item.client, agent=work.agent.key, reason=reason)
        )

    def _end_hold(self, work: state.Work) -> None:
        if work.held_at is None:
            return
        held = self._house.now - work.held_at
        work.held_at = None
        work.hold_seconds += held
        item = work.item
        self._house.tell(
            facts.Unheld(item=item.id, client=item.client, agent=work.agent.key, held_seconds=held)
        )

    def mute(self, work: state.Work, *, muted: bool) -> None:
        """Take the agent's voice out of the customer's ear, or bring it back."""
        work.muted = muted
        item = work.item
        self._house.tell(
            facts.Muted(item=item.id, client=item.client, agent=work.agent.key, muted=muted)
        )
        self._house.act(calls.mix(work))

    def send_keys(self, work: state.Work, count: int, sealed: str | None) -> None:
        """Send the agent's keys to the customer's side."""
        item = work.item
        self._house.tell(
            facts.KeysSent(item=item.id, client=item.client, agent=work.agent.key, count=count)
        )
        if sealed is not None:
            self._house.act(actions.SendKeys(item=item.id, leg=item.leg, sealed=sealed))

    # --- an agent's line comes and goes -----------------------------------------------------------

    def keep(self, agent: state.Agent) -> None:
        """Keep the customer of an agent whose line is lost, for so long."""
        house = self._house
        for work in agent.works:
            if work.phase != "talking" or work.item.channel != "call" or work.kept:
                continue
            work.kept = True
            work.gen += 1
            due = house.now + house.lookup.plan.lost_agent_seconds
            house.timers.arm(due, self._lost, work)
            house.act(calls.mix(work))
            if not work.on_hold:
                work.held_at = house.now
                self._tell_held(work, DEVICE_LOST)
                self._audio.play(work.item, ("one_moment",), self._kept_music)

    def _kept_music(self, item: state.Item, heard: bool) -> None:
        if item.works and item.works[-1].kept:
            self._audio.loop(item, item.works[-1].queue.music)

    def rejoin(self, agent: state.Agent) -> None:
        """Connect an agent who has a new leg with the customer whom he was talking to."""
        for work in agent.works:
            if work.phase != "talking" or work.item.channel != "call":
                continue
            work.gen += 1
            was_kept, work.kept = work.kept, False
            if work.on_hold:
                self._house.act(calls.mix(work))
            else:
                if was_kept:
                    self._end_hold(work)
                self._connect(work)
            self._tell_bridged(work, again=True)
            self._record(work)

    def _lost(self, work: state.Work) -> None:
        """The agent did not come back: the customer is first in line again."""
        agent = work.agent
        self.part(work, "lost")
        presence.turn(self._house, agent, presence.FREE_AWAY, reason=DEVICE_LOST)
        agent.wish = agent.wish_by = None
        self._house.matcher.place(agent, now=self._house.now)
        self.requeue(work)

    def part(self, work: state.Work, ended_by: str) -> None:
        """
        End a work at once, talk and wrap-up.

        Afterwards the agent is still at work by his state: call `presence.turn` for him.
        """
        if work.phase == "talking":
            self._end_talk(work, ended_by)
            work.wrap_at = self._house.now
        self._tell_finished(work, None)

    def requeue(self, work: state.Work) -> None:
        """Put a customer first in line, since he lost his agent through no fault of his own."""
        item = work.item
        if not item.customer_here or item.works:
            self._closing.close_if_done(item)
            return
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
        """End the call from the agent's side."""
        item = work.item
        if item.channel == "call":
            self._house.act(actions.HangUp(item=item.id, leg=item.leg, reason="normal"))
        self._closing.customer_gone(item)
        self.end(work, "agent")

    def end(self, work: state.Work, ended_by: str) -> None:
        """End a talk; the note is written now, unless other work is in hand or it takes no time."""
        house, agent = self._house, work.agent
        self._end_talk(work, ended_by)
        work.wrap_at = house.now
        work.phase = "wrap_up"
        work.gen += 1
        if len(agent.works) > 1 or agent.offer is not None:
            self._finish_beside(work)
            return
        work.wrap_until = house.now + work.queue.wrap_up_seconds
        self._turn_wrap(work, presence.TALK_END)
        house.matcher.place(agent, now=house.now)
        if work.queue.wrap_up_seconds > 0:
            house.timers.arm(work.wrap_until, self._wrap_over, work)
        else:
            self.finish(work, None)

    def _end_talk(self, work: state.Work, ended_by: str) -> None:
        house, item = self._house, work.item
        held_since_start = work.held_at is not None
        self._end_hold(work)
        if item.channel == "call":
            self._closing.stop_recording(item)
            if work.agent.leg is not None:
                house.act(calls.parted(work))
            if held_since_start and not item.customer_here:
                self._audio.forget(item)
        work.kept = work.on_hold = False
        total = house.now - work.began_at
        house.tell(
            _talk_ended(
                item=item.id,
                client=item.client,
                queue=work.queue.key,
                agent=work.agent.key,
                talk_seconds=max(0.0, total - work.hold_seconds),
                hold_seconds=work.hold_seconds,
                ended_by=ended_by,
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
        self._turn_wrap(work, presence.EXTEND)
        self._house.timers.arm(work.wrap_until, self._wrap_over, work)

    def _wrap_over(self, work: state.Work) -> None:
        self.finish(work, None)

    def finish(self, work: state.Work, disposition: str | None) -> None:
        """The agent is done with the item, and free for the next."""
        house, agent = self._house, work.agent
        if work.phase == "talking":  # Mail, chat and cases end by being finished.
            self._closing.customer_gone(work.item)
            self._end_talk(work, "agent")
            work.wrap_at = house.now
        self._tell_finished(work, disposition)
        self._free(agent)
        self._closing.close_if_done(work.item)
        self._offers.find_work(agent)

    def _finish_beside(self, work: state.Work) -> None:
        """Finish one of several works at once: a wrap-up would keep the others waiting."""
        agent = work.agent
        self._tell_finished(work, None)
        if agent.offer is None:
            self._free(agent)
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

    def _free(self, agent: state.Agent) -> None:
        house = self._house
        if agent.offer is not None:  # It still rings; that ends by itself.
            return
        if agent.works:
            item = agent.works[-1].item
            presence.turn(house, agent, presence.WORK_ON, item=item, reason=agent.wish)
        elif agent.retired:
            presence.turn(house, agent, presence.SIGN_OUT)
            house.matcher.seat(agent, seated=False)
        elif agent.wish is not None:
            reason, by = agent.wish, agent.wish_by
            agent.wish = agent.wish_by = None
            presence.turn(house, agent, presence.FREE_AWAY, reason=reason, by=by)
        else:
            presence.turn(house, agent, presence.FREE)
        house.matcher.place(agent, now=house.now)
