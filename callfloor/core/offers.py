"""
Offers: an item rings for one agent at a time, for as long as its lease, and what becomes of it.

An offer ends as answered, missed, declined, caller_left or withdrawn. Whoever lets one go keeps
nobody waiting: the entry looks for the next agent, the agent for the next entry. What a colleague
asks for (a consultation, a call) rings in the same way and belongs to no entry: whoever asked is
told what became of it.
"""

from collections.abc import Callable

from callfloor.core import actions, explain, facts, presence, record, state

_offer = record.maker(state.Offer)
_ringing = record.maker(facts.Ringing)
_ring = record.maker(actions.Ring)
_stop_ring = record.maker(actions.StopRing)

SHUN_SECONDS = 30.0  # Who declined or missed an item is not asked for it again so soon …
SHUN_ONLY_SECONDS = 2.0  # … unless nobody else could take it; then once he has drawn breath.
REST_SECONDS = 1.0  # Who breaks off an offer gets no other at once: toggling makes a storm.


class Offers:
    """Everything that rings."""

    __slots__ = ("_house", "unanswered")

    unanswered: Callable[[state.Offer], None]
    """Set by the exchange: told of what a colleague asked for and nobody took."""

    def __init__(self, house: state.State) -> None:
        self._house = house

    # --- finding one another ----------------------------------------------------------------------

    def match(self, entry: state.Entry) -> bool:
        """Offer a waiting entry to the best idle agent; say whether there was one."""
        if entry.preferred is not None:
            return self._match_preferred(entry, entry.preferred)
        house = self._house
        pick = house.matcher.best_agent(entry, house.now)
        if pick is None:
            self._explain_nobody(entry)
            return False
        offer = self._open(entry, pick[0])
        house.tell(explain.chosen(house.matcher, entry, offer, pick, house.now))
        self._ring(offer, entry, pick[0])
        return True

    def _match_preferred(self, entry: state.Entry, agent: state.Agent) -> bool:
        if entry.queue.channel not in agent.pooled:
            self._explain_nobody(entry)
            return False
        self._offer_alone(entry, agent)
        return True

    def find_work(self, agent: state.Agent) -> bool:
        """Give an idle agent the waiting entry with the best place; say whether there was one."""
        if not agent.pooled:
            return False
        entry = self._house.matcher.take_entry(agent, self._house.now)
        if entry is None:
            return False
        self._offer_alone(entry, agent)
        return True

    def _offer_alone(self, entry: state.Entry, agent: state.Agent) -> None:
        house = self._house
        offer = self._open(entry, agent)
        house.tell(explain.alone(house.matcher, entry, offer, agent, house.now))
        self._ring(offer, entry, agent)

    def _explain_nobody(self, entry: state.Entry) -> None:
        """Say why nobody, once per tier."""
        if entry.nobody_tier == entry.tier:
            return
        entry.nobody_tier = entry.tier
        house = self._house
        line = entry.queue.lines[entry.tier]
        reason = "all_busy"
        if entry.preferred is not None:
            reason = "waits_for_preferred"
        elif house.matcher.eligible(line)[-1] == 0:
            reason = "nobody_signed_in"
        elif house.matcher.idle_of(line):
            reason = "declined"
        house.tell(explain.nobody(house.matcher, entry, reason, house.now))

    # --- one offer --------------------------------------------------------------------------------

    def _open(self, entry: state.Entry, agent: state.Agent) -> state.Offer:
        assert entry.offer is None, "an item rings for one agent at a time"
        assert agent.offer is None, "an agent is offered one item at a time"
        assert entry.preferred in (None, agent), "an item that waits for one rings for no other"
        item = entry.item
        item.offers += 1
        kind = "queue" if item.customer_here or item.direction != "callback" else "callback"
        return _offer(f"{item.id}/{item.offers}", agent, item, entry, kind)

    def _ring(self, offer: state.Offer, entry: state.Entry, agent: state.Agent) -> None:
        house = self._house
        item, queue = entry.item, entry.queue.plan
        until = house.now + queue.ring_seconds
        entry.offer = agent.offer = offer
        entry.row = None
        house.matcher.take_out(agent)
        house.timers.arm(until, self._ring_out, offer)
        house.tell(
            _ringing(
                item=item.id,
                client=item.client,
                queue=queue.key,
                agent=agent.key,
                offer=offer.id,
                until=until,
                kind=offer.kind,
            )
        )
        presence.turn(house, agent, presence.OFFER, item=item, until=until)
        house.act(
            _ring(
                agent=agent.key,
                item=item.id,
                offer=offer.id,
                queue=queue.key,
                seconds=queue.ring_seconds,
                kind=offer.kind,
                channel=item.channel,
            )
        )

    def ring_for(
        self,
        agent: state.Agent,
        item: state.Item,
        *,
        by: state.Agent,
        kind: str,
        seconds: float,
        queue: str = "",
    ) -> state.Offer:
        """Let it ring for one agent, ready or away, because a colleague asks for him."""
        assert agent.offer is None, "an agent is offered one item at a time"
        house = self._house
        item.offers += 1
        offer = _offer(f"{item.id}/{item.offers}", agent, item, None, kind, by)
        agent.offer = offer
        if agent.state == presence.AWAY:  # He is away again afterwards.
            agent.wish, agent.wish_by = agent.reason, agent.by
        until = house.now + seconds
        house.matcher.take_out(agent)
        house.timers.arm(until, self._ring_out, offer)
        house.tell(
            _ringing(
                item=item.id,
                client=item.client,
                queue=queue,
                agent=agent.key,
                offer=offer.id,
                until=until,
                kind=kind,
                by=by.key,
            )
        )
        presence.turn(house, agent, presence.OFFER, item=item, until=until)
        house.act(
            _ring(
                agent=agent.key,
                item=item.id,
                offer=offer.id,
                queue=queue,
                seconds=seconds,
                kind=kind,
                by=by.key,
            )
        )
        return offer

    def close(self, offer: state.Offer, outcome: str) -> None:
        """End an offer, whatever its outcome; the caller says what becomes of both sides."""
        house = self._house
        entry, agent, item = offer.entry, offer.agent, offer.item
        assert agent.offer is offer, "an offer ends once"
        offer.gen += 1
        agent.offer = None
        if entry is not None:
            entry.offer = None
        offer.outcome = outcome
        house.act(_stop_ring(agent=agent.key, item=item.id, offer=offer.id, reason=outcome))
        if outcome != "answered":
            house.tell(
                facts.RingEnded(
                    item=item.id,
                    client=item.client,
                    queue=entry.queue.key if entry is not None else "",
                    agent=agent.key,
                    offer=offer.id,
                    outcome=outcome,
                    kind=offer.kind,
                )
            )

    # --- outcomes ---------------------------------------------------------------------------------

    def _ring_out(self, offer: state.Offer) -> None:
        house = self._house
        agent = offer.agent
        self.close(offer, "missed")
        if offer.entry is None:  # No queue counts on him for a colleague's question.
            self._let_go(offer)
            return
        agent.missed_in_a_row += 1
        enough = house.lookup.plan.missed_away_after
        if enough and agent.missed_in_a_row >= enough and not agent.works:
            agent.missed_in_a_row = 0
            presence.turn(house, agent, presence.GIVE_UP)
            house.matcher.place(agent, now=house.now)
        else:
            self.release(agent, keep=False)
        self.back_in_line(offer)
        self.find_work(agent)

    def decline(self, offer: state.Offer) -> None:
        """The agent does not want this one; he stays where he is, and it goes to the next."""
        self.close(offer, "declined")
        self._let_go(offer)

    def withdraw(self, offer: state.Offer) -> None:
        """Stop what rings because a colleague asked for it and asks no more."""
        offer.item.ringing = None
        self.close(offer, "withdrawn")
        self.release(offer.agent, keep=True)
        self.find_work(offer.agent)

    def _let_go(self, offer: state.Offer) -> None:
        self.release(offer.agent, keep=True)
        self.back_in_line(offer)
        self.find_work(offer.agent)

    def release(self, agent: state.Agent, *, keep: bool) -> None:
        """Bring an agent back from ringing to what he was in."""
        house = self._house
        if agent.works:
            _release_to_work(house, agent)
        elif agent.wish is not None:
            reason, by = agent.wish, agent.wish_by
            agent.wish = agent.wish_by = None
            presence.turn(house, agent, presence.FREE_AWAY, reason=reason, by=by)
        else:
            presence.turn(house, agent, presence.RELEASE)
        house.matcher.place(agent, keep=keep, now=house.now)

    def rest(self, agent: state.Agent) -> None:
        """Keep an agent who broke off an offer from the next one for a moment."""
        agent.resting = True
        house = self._house
        house.timers.arm(house.now + REST_SECONDS, self._rested, Rest(agent))

    def _rested(self, rest: "Rest") -> None:
        agent = rest.agent
        agent.resting = False
        self._house.matcher.place(agent, now=self._house.now)
        self.find_work(agent)

    def back_in_line(self, offer: state.Offer) -> None:
        """Let the entry of an offer that came to nothing ring for another, or wait as before."""
        entry, agent = offer.entry, offer.agent
        if entry is None:
            self.unanswered(offer)
            return
        house = self._house
        entry.preferred = None
        seconds = SHUN_ONLY_SECONDS if self._is_only_one(entry, agent) else SHUN_SECONDS
        if entry.shunned is None:
            entry.shunned = {}
        entry.shunned[agent] = house.now + seconds
        house.timers.arm(house.now + seconds, self._unshun, entry)
        if not self.match(entry):
            house.matcher.file(entry)

    def _unshun(self, entry: state.Entry) -> None:
        """The lease of a refusal is over: whoever refused may be asked again."""
        if entry.offer is None and entry.preferred is None:
            self.match(entry)

    def _is_only_one(self, entry: state.Entry, agent: state.Agent) -> bool:
        seated: int = sum(profile.seated for profile in self._house.matcher.could_serve(entry))
        return seated <= (1 if presence.is_seated(agent) else 0)


def _release_to_work(house: state.State, agent: state.Agent) -> None:
    """Bring an agent back to what he has in hand; all of it may have come to its note meanwhile."""
    live = [work for work in agent.works if work.phase in state.LIVE]
    if live:
        presence.turn(house, agent, presence.RELEASE_TO_WORK, item=live[-1].item)
        return
    work = agent.works[-1]
    presence.turn(house, agent, presence.NOTE_ON, item=work.item, until=work.wrap_until)


class Rest:
    """A moment without offers."""

    __slots__ = ("agent", "gen")

    def __init__(self, agent: state.Agent) -> None:
        self.agent = agent
        self.gen = 0
