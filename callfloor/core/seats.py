"""
Agents' seats: signing in and out, audio devices, being ready and being away.
"""

from callfloor.core import (
    calls,
    facts,
    helping,
    offers,
    presence,
    state,
    supervision,
    talks,
    waiting,
)

ARRIVING = "arriving"  # The reason of being away of who has just sat down.


class Seats:
    """Every agent's presence, apart from work in hand."""

    __slots__ = ("_house", "_offers", "_talks", "_waiting", "leaders")

    leaders: supervision.Supervision
    """Set by the exchange: who hears into a call has a seat too."""

    def __init__(
        self,
        house: state.State,
        offers_: offers.Offers,
        waiting_: waiting.Waiting,
        talks_: talks.Talks,
    ) -> None:
        self._house = house
        self._offers = offers_
        self._waiting = waiting_
        self._talks = talks_

    def sign_in(self, agent: state.Agent, *, ready: bool) -> None:
        """Seat an agent in the state that he begins in; nothing rings in between."""
        house = self._house
        agent.signed_in_at = house.now
        agent.busy_seconds = 0.0
        agent.missed_in_a_row = 0
        house.matcher.seat(agent, seated=True)
        if ready:
            presence.turn(house, agent, presence.SIGN_IN_READY)
        else:
            presence.turn(house, agent, presence.SIGN_IN, reason=ARRIVING)
        self._settle(agent)

    def sign_out(self, agent: state.Agent) -> None:
        """Clear a seat; whoever was served from it is first in line again."""
        house = self._house
        offer = agent.offer
        if offer is not None:
            self._offers.close(offer, "withdrawn")
        if agent.watch is not None:
            self.leaders.drop(agent, "lost")
        works = list(agent.works)
        for work in works:
            self._talks.part(work, "lost")
        agent.wish = agent.wish_by = None
        helping.over(house, agent, "over")
        presence.turn(house, agent, presence.SIGN_OUT)
        house.matcher.seat(agent, seated=False)
        house.matcher.place(agent, now=house.now)
        for work in works:
            self._talks.requeue(work)
        if offer is not None:
            self._offers.back_in_line(offer)
        self._waiting.give_up_on(agent)

    def device_up(self, agent: state.Agent, leg: str) -> None:
        """Take a new leg of an agent: his first, or one that replaces another."""
        house = self._house
        was_up = agent.leg is not None
        agent.leg = leg
        house.tell(facts.DeviceChanged(agent=agent.key, up=True))
        self._talks.rejoin(agent)
        if agent.watch is not None:
            house.act(calls.mix(agent.watch.item))
        if not was_up or not agent.pooled:
            self._settle(agent)

    def device_lost(self, agent: state.Agent) -> None:
        """Take away an agent's leg; who rang rings elsewhere, who talked is kept."""
        agent.leg = None
        self._house.tell(facts.DeviceChanged(agent=agent.key, up=False))
        self.cope_without_device(agent)

    def cope_without_device(self, agent: state.Agent) -> None:
        """Withdraw the call that rings for an agent without a leg, keep the one he talked to."""
        house = self._house
        house.matcher.place(agent, keep=agent.pooled, now=house.now)
        offer = agent.offer
        if offer is not None and offer.item.channel == "call":
            self._offers.close(offer, "withdrawn")
            self._offers.rest(agent)
            self._offers.release(agent, keep=True)
            self._offers.back_in_line(offer)
        if agent.watch is not None:
            self.leaders.end(agent, "lost")
        self._talks.keep(agent)

    def clear(self, agent: state.Agent) -> None:
        """Free an agent for a call of his own: from what rings, from his note, from hearing."""
        for work in [each for each in agent.works if each.phase == "wrap_up"]:
            self._talks.finish(work, None)
        if agent.watch is not None:
            self.leaders.end(agent)
        offer = agent.offer
        if offer is not None:
            self._offers.close(offer, "withdrawn")
            self._offers.release(agent, keep=True)
            self._offers.back_in_line(offer)
        if agent.state == presence.AWAY:  # He is away again afterwards.
            agent.wish, agent.wish_by = agent.reason, agent.by

    def want_work(self, agent: state.Agent, by: str | None = None) -> None:
        """Make an agent ready, or take back his wish to be away; `by` is a leader who asks it."""
        house = self._house
        agent.missed_in_a_row = 0
        if agent.works or agent.offer is not None or agent.watch is not None:
            agent.wish = agent.wish_by = None
            self._say_wish(agent)
            return
        presence.turn(house, agent, presence.WANT_WORK, by=by)
        self._settle(agent)

    def want_away(self, agent: state.Agent, reason: str, by: str | None) -> None:
        """Make an agent away, at once or after the work in hand."""
        house = self._house
        offer = agent.offer
        if offer is not None:
            self._offers.close(offer, "withdrawn")
            self._offers.rest(agent)
            if agent.works:
                self._offers.release(agent, keep=False)
        if agent.works or agent.watch is not None:
            agent.wish, agent.wish_by = reason, by
            self._say_wish(agent)
        else:
            agent.wish = agent.wish_by = None
            presence.turn(house, agent, presence.WANT_AWAY, reason=reason, by=by)
        house.matcher.place(agent, now=house.now)
        if offer is not None:
            self._offers.back_in_line(offer)

    def _say_wish(self, agent: state.Agent) -> None:
        """Say what an agent wants after the work in hand, without touching that work."""
        if agent.state == presence.RINGING:
            return
        if agent.watch is not None:
            item, until = agent.watch.item, None
        else:
            work = agent.works[-1]
            item, until = work.item, work.wrap_until if agent.state == presence.WRAP_UP else None
        presence.turn(
            self._house,
            agent,
            presence.WISH,
            item=item,
            reason=agent.wish,
            by=agent.wish_by,
            until=until,
        )
        self._settle(agent)

    def _settle(self, agent: state.Agent) -> None:
        house = self._house
        house.matcher.place(agent, keep=agent.pooled, now=house.now)
        self._offers.find_work(agent)
