"""
Who is brought into a call: a colleague, the next of a queue or somebody outside, asked while the
customer hears music, then handed the customer or brought together with him.

One question at a time, by the agent who serves. It ends in exactly one ConsultOver; whatever
becomes of it, the customer stays with his agent, or with whoever was handed him. Who is asked is
rung like for any work, but neither a wait in a queue nor a missed call of his counts for it.
"""

from callfloor.core import (
    actions,
    audio,
    calls,
    closing,
    dials,
    events,
    facts,
    holds,
    offers,
    presence,
    state,
    talks,
)

POLL_SECONDS = 1.0  # How often a queue in which nobody is ready is looked at again.
RING_SECONDS_MIN = 1.0  # What is left of a lease below this is too short to ring for.
UNATTENDED_SECONDS_MAX = 4 * 3600.0  # Two outside lines without an agent: no talk lasts longer.
OUTCOMES = {"missed": "missed", "declined": "declined"}
"""What an offer's end means for the question; all else is a failure."""


class Consults:
    """Every question, every conference, everybody from outside in a call."""

    __slots__ = ("_audio", "_closing", "_dials", "_holds", "_house", "_offers", "_talks")

    def __init__(
        self,
        house: state.State,
        *,
        offers_: offers.Offers,
        talks_: talks.Talks,
        holds_: holds.Holds,
        audio_: audio.Audio,
        closing_: closing.Closing,
        dials_: dials.Dials,
    ) -> None:
        self._house = house
        self._offers = offers_
        self._talks = talks_
        self._holds = holds_
        self._audio = audio_
        self._closing = closing_
        self._dials = dials_

    # --- asking -----------------------------------------------------------------------------------

    def ask(self, work: state.Work, event: events.ConsultAsked) -> None:
        """Ask somebody, with the customer on hold."""
        house, item = self._house, work.item
        if not work.on_hold:
            self._holds.begin(work, "consult")
        consult = item.consult = state.Consult(
            item=item, by=work, to_agent=event.to_agent, queue=event.queue, leg=event.leg
        )
        house.tell(
            facts.ConsultStarted(
                item=item.id,
                client=item.client,
                agent=work.agent.key,
                to_agent=event.to_agent,
                queue=event.queue,
                leg=event.leg,
            )
        )
        if event.to_agent is not None:
            self._ring(consult, house.agents[event.to_agent], work.queue.ring_seconds)
        elif event.queue is not None:
            self._seek(consult, event.queue)
        else:
            self._dial(consult, event)

    def _ring(self, consult: state.Consult, agent: state.Agent, seconds: float) -> None:
        consult.gen += 1
        if consult.by.tone is None:
            self._audio.tone(consult.by, dials.RINGBACK)
        consult.offer = self._offers.ring_for(
            agent,
            consult.item,
            by=consult.by.agent,
            kind="consult",
            seconds=seconds,
            queue=consult.queue or "",
        )

    def _seek(self, consult: state.Consult, key: str) -> None:
        house, item = self._house, consult.item
        queue = house.matcher.queues[key]
        consult.search = state.Entry(
            item=item,
            queue=queue,
            number=0,
            born_at=house.now,
            queued_at=house.now,
            key=house.now,
            seq=0,
        )
        consult.until = house.now + queue.plan.ring_seconds
        self._audio.tone(consult.by, dials.RINGBACK)
        self._look(consult)

    def _look(self, consult: state.Consult) -> None:
        """Ring for the next ready agent of the queue, or look again in a moment."""
        house = self._house
        left = consult.until - house.now
        if left < RING_SECONDS_MIN:
            self.over(consult, "missed")
            return
        agent = self._next_ready(consult)
        if agent is not None:
            self._ring(consult, agent, left)
            return
        house.timers.arm(min(consult.until, house.now + POLL_SECONDS), self._look, consult)

    def _next_ready(self, consult: state.Consult) -> state.Agent | None:
        search, matcher = consult.search, self._house.matcher
        assert search is not None, "a queue is asked"
        assert consult.queue is not None, "a queue is asked"
        queue = matcher.queues.get(consult.queue)
        if queue is None:  # A new plan has no such queue.
            return None
        search.queue = queue
        for tier in range(len(queue.lines)):
            search.tier = tier
            pick = matcher.best_agent(search, self._house.now)
            if pick is not None:
                agent: state.Agent = pick[0]
                return agent
        return None

    def _dial(self, consult: state.Consult, event: events.ConsultAsked) -> None:
        assert consult.leg is not None, "checked by refusal"
        consult.dial = state.Dial(
            item=consult.item,
            work=consult.by,
            leg=consult.leg,
            zone=event.zone,
            sealed=event.sealed,
            emergency=event.emergency,
        )
        if not self._dials.begin(consult.dial):
            consult.dial = None
            self.over(consult, "failed")

    # --- what becomes of it -----------------------------------------------------------------------

    def offer_answered(self, offer: state.Offer) -> None:
        """Let the colleague who answers talk with whoever asks."""
        item, agent = offer.item, offer.agent
        consult = _consult_of(offer)
        self._offers.close(offer, "answered")
        consult.offer = None
        consult.work = self._talks.open(
            agent, item, consult.by.queue, signal=presence.ANSWER, part="asked"
        )
        self._answered(consult, to_agent=agent.key)
        self._offers.find_work(agent)

    def dial_answered(self, consult: state.Consult) -> None:
        """Let somebody outside who answers talk with whoever asks."""
        consult.dial = None
        self._answered(consult)

    def _answered(self, consult: state.Consult, to_agent: str | None = None) -> None:
        house, item = self._house, consult.item
        consult.gen += 1
        consult.answered_at = house.now
        self._audio.hush(consult.by)
        house.act(calls.mix(item))
        house.tell(
            facts.ConsultAnswered(
                item=item.id,
                client=item.client,
                agent=consult.by.agent.key,
                to_agent=to_agent,
                leg=consult.leg,
            )
        )

    def offer_ended(self, offer: state.Offer) -> None:
        """Nobody took it: the next of the queue is asked, or the question is over."""
        consult = _consult_of(offer)
        consult.offer = None
        if consult.search is None:
            self.over(consult, OUTCOMES.get(offer.outcome, "failed"))
            return
        shunned = consult.search.shunned = consult.search.shunned or {}
        shunned[offer.agent] = consult.until
        self._look(consult)

    def dial_failed(self, consult: state.Consult, reason: str) -> None:
        """Nobody outside was reached."""
        consult.dial = None
        known = {"no_answer": "missed", "declined": "declined", "busy": "busy"}
        self.over(consult, known.get(reason, "failed"))

    def over(
        self,
        consult: state.Consult,
        outcome: str,
        *,
        lost: state.Work | None = None,
        hung_up: bool = False,
    ) -> None:
        """
        End a question; the customer stays on hold until his agent comes back to him.

        `lost` is a part that its caller ends; `hung_up` says that whoever was outside has gone.
        """
        offer, colleague = consult.offer, consult.work
        seconds = self._take_out(consult)
        if offer is not None:
            consult.offer = None
            self._offers.withdraw(offer)
        if consult.dial is not None:
            self._dials.give_up(consult.dial)
        if consult.leg is not None and consult.answered_at is not None:
            self._let_go(consult.item, consult.leg, consult.answered_at, hung_up=hung_up)
        if colleague is not None and colleague is not lost:
            self._talks.release(colleague, "consult")
        self._tell_over(consult, outcome, seconds)
        if consult.by.phase in state.LIVE:
            self._house.act(calls.mix(consult.item))

    def _take_out(self, consult: state.Consult) -> float:
        """Take a question out of its item; give how long the two talked."""
        at = consult.answered_at
        seconds = 0.0 if at is None else self._house.now - at
        consult.gen += 1
        consult.item.consult = None
        consult.by.consult_seconds += seconds
        self._audio.hush(consult.by)
        return seconds

    def _tell_over(self, consult: state.Consult, outcome: str, seconds: float) -> None:
        item = consult.item
        self._house.tell(
            facts.ConsultOver(
                item=item.id,
                client=item.client,
                agent=consult.by.agent.key,
                outcome=outcome,
                seconds=seconds,
            )
        )

    def _let_go(self, item: state.Item, leg: str, since: float, *, hung_up: bool) -> None:
        house = self._house
        if not hung_up:
            house.act(actions.HangUp(item=item.id, leg=leg, reason="normal"))
        self._closing.line_gone(item, leg)
        house.tell(
            facts.PartyGone(item=item.id, client=item.client, leg=leg, seconds=house.now - since)
        )

    # --- what the agent makes of it ---------------------------------------------------------------

    def end(self, consult: state.Consult) -> None:
        """Go back to the customer alone."""
        self.over(consult, "ended")
        self._talks.resume(consult.by)

    def complete(self, consult: state.Consult) -> None:
        """Hand the customer to whoever was asked."""
        work, item, colleague = consult.by, consult.item, consult.work
        self._admit(consult, "serves", "completed")
        self._house.tell(
            facts.Transferred(
                item=item.id,
                client=item.client,
                agent=work.agent.key,
                to_agent=colleague.agent.key if colleague is not None else None,
                leg=consult.leg,
            )
        )
        heir = colleague or self._pass_on(work)
        self._talks.end(work, "transfer")
        if heir is not None:
            self._talks.serve(heir)
            return
        self._audio.stop(item)
        self._house.act(calls.mix(item))
        item.gen += 1
        self._house.timers.arm(
            self._house.now + UNATTENDED_SECONDS_MAX, self._unattended_too_long, item
        )

    def confer(self, consult: state.Consult) -> None:
        """Bring the customer and whoever was asked together, and stay."""
        self._admit(consult, "joins", "conference")
        self._talks.resume(consult.by)

    def _admit(self, consult: state.Consult, part: str, outcome: str) -> None:
        item, colleague = consult.item, consult.work
        seconds = self._take_out(consult)
        if colleague is not None:
            self._talks.promote(colleague, part)
            colleague.queue = consult.by.queue
        else:
            assert consult.leg is not None, "somebody has answered"
            item.guests = (*item.guests, state.Guest(leg=consult.leg, since=self._house.now))
        self._tell_over(consult, outcome, seconds)

    def leave(self, work: state.Work) -> None:
        """Let an agent leave, and the others talk on; the last one ends the call."""
        if work.part == "asked":
            consult = work.item.consult
            assert consult is not None, "who is asked is asked by somebody"
            self.over(consult, "left")
        elif work.part == "joins":
            self._talks.release(work, "conference")
        else:
            heir = self._pass_on(work)
            if heir is None:
                self._talks.hang_up(work)
                return
            self._talks.end(work, "conference")
            self._talks.serve(heir)

    def _pass_on(self, work: state.Work) -> state.Work | None:
        """Let the first who joined be the one who serves; give him, or None."""
        for each in work.item.works:
            if each.part == "joins" and each.phase == "talking":
                self._talks.promote(each, "serves")
                each.queue = work.queue
                return each
        return None

    # --- who leaves of himself --------------------------------------------------------------------

    def party_left(self, item: state.Item, leg: str) -> None:
        """Take note that somebody outside has hung up."""
        consult = item.consult
        if consult is not None and consult.leg == leg and consult.answered_at is not None:
            self.over(consult, "left", hung_up=True)
            return
        guest = next((each for each in item.guests if each.leg == leg), None)
        if guest is None:
            return
        item.guests = tuple(each for each in item.guests if each is not guest)
        self._let_go(item, leg, guest.since, hung_up=True)
        if item.customer_here and not any(work.phase in state.LIVE for work in item.works):
            self._closing.hang_up(item, "normal")
        else:
            self._house.act(calls.mix(item))

    def losing(self, work: state.Work) -> None:
        """An agent is lost to his call: hand on what only he held together."""
        item, consult = work.item, work.item.consult
        if consult is not None and work in (consult.by, consult.work):
            self.over(consult, "lost", lost=work)
        if work.part == "serves" and item.direction != "internal":
            heir = self._pass_on(work)
            if heir is not None:
                work.part = "joins"  # Two do not serve at once, and he is about to go.
                self._holds.end(work)
                self._talks.serve(heir)

    def dissolve(self, item: state.Item, outcome: str) -> None:
        """Let everybody go who was brought into a call that ends."""
        if item.dial is not None:
            dial, item.dial = item.dial, None
            self._dials.give_up(dial)
        if item.ringing is not None:
            self._offers.withdraw(item.ringing)
        if item.consult is not None:
            self.over(item.consult, outcome)
        for guest in item.guests:
            self._let_go(item, guest.leg, guest.since, hung_up=False)
        item.guests = ()

    def _unattended_too_long(self, item: state.Item) -> None:
        self.dissolve(item, "ended")
        self._closing.hang_up(item, "normal")


def _consult_of(offer: state.Offer) -> state.Consult:
    consult = offer.item.consult
    assert consult is not None, "an offer ends with its question"
    assert consult.offer is offer, "an offer ends with its question"
    return consult
