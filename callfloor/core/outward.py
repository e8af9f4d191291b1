"""
Calls that begin here: an agent calls a number or a colleague, or takes a callback from its queue.

The agent is talking from the first digit, and the item is his; the customer is there once the far
side has answered. Such an item ends as answered or as not_reached. Between colleagues there is no
customer: the call ends when either leaves.
"""

from callfloor.core import (
    actions,
    audio,
    callbacks,
    calls,
    dials,
    events,
    facts,
    lookup,
    offers,
    plan,
    presence,
    seats,
    state,
    talks,
    waiting,
)
from callfloor.core.refusals import parties

NO_FLOW = lookup.Flow(key="", version=0, first="", steps={})


class Outward:
    """Every call that begins here."""

    __slots__ = ("_audio", "_callbacks", "_dials", "_house", "_offers", "_seats", "_talks",
                 "_waiting")  # fmt: skip

    def __init__(
        self,
        house: state.State,
        *,
        offers_: offers.Offers,
        talks_: talks.Talks,
        waiting_: waiting.Waiting,
        seats_: seats.Seats,
        audio_: audio.Audio,
        dials_: dials.Dials,
        callbacks_: callbacks.Callbacks,
    ) -> None:
        self._house = house
        self._callbacks = callbacks_
        self._offers = offers_
        self._talks = talks_
        self._waiting = waiting_
        self._seats = seats_
        self._audio = audio_
        self._dials = dials_

    # --- an agent calls ---------------------------------------------------------------------------

    def call(self, event: events.CallAsked) -> None:
        """Let an agent call a number, or a colleague."""
        internal = event.to_agent is not None
        item = self._new(
            event.item,
            leg=event.leg,
            client=event.client,
            direction="internal" if internal else "out",
            zone=event.zone,
            sealed=event.sealed,
            caller=event.callee,
        )
        agent = self._house.agents[event.agent]
        self._seats.clear(agent)
        rules = _rules(event.client, internal=internal)
        work = self._talks.open(agent, item, rules, signal=presence.CALL_OUT, phase="dialing")
        if event.to_agent is not None:
            self._ring(work, self._house.agents[event.to_agent])
        else:
            self._dial(work, emergency=event.emergency)
        self._offers.find_work(agent)

    def _new(
        self,
        key: str,
        *,
        leg: str,
        client: str,
        direction: str,
        zone: str | None,
        sealed: str | None,
        caller: str | None,
        language: str | None = None,
        born_at: float | None = None,
        of: str | None = None,
        due: float | None = None,
        preferred: str | None = None,
    ) -> state.Item:
        house = self._house
        assert key not in house.items, f"item {key} arrives twice"
        source = house.lookup.clients[client]
        item = state.Item(
            id=key,
            client=client,
            channel="call",
            called="",
            leg=leg,
            arrived_at=house.now if born_at is None else born_at,
            language=language or source.languages[0],
            flow=NO_FLOW,
            caller=caller,
            direction=direction,
            zone=zone,
            sealed=sealed,
            customer_here=False,
            due=due,
            preferred=preferred,
            recordable=source.record_calls_out and direction != "internal",
            outcome="not_reached",
        )
        house.enter(item)
        house.tell(
            facts.Arrived(
                item=key,
                client=client,
                channel="call",
                called="",
                flow="",
                flow_version=0,
                language=item.language,
                caller=caller,
                sealed=sealed,
                direction=direction,
                leg=leg or None,
                zone=zone,
                of=of,
                born_at=born_at,
                due=due,
                preferred=preferred,
            )
        )
        if caller is not None:  # What its customer has said before holds for this call too.
            house.act(actions.AskWho(item=key, caller=caller))
        return item

    def _dial(self, work: state.Work, *, emergency: bool) -> None:
        item = work.item
        item.dial = state.Dial(
            item=item,
            work=work,
            leg=item.leg,
            zone=item.zone,
            sealed=item.sealed,
            emergency=emergency,
        )
        if not self._dials.begin(item.dial):
            self.failed(item.dial)

    def answered(self, dial: state.Dial) -> None:
        """Connect an agent with whom he has reached."""
        item, work = dial.item, dial.work
        item.dial = None
        item.customer_here = True
        self._talks.reach(work)
        self._talks.serve(work)
        if work.kept:
            self._talks.console(work)

    def failed(self, dial: state.Dial, reason: str = "") -> None:
        """Nobody was reached; the agent writes his note, and a callback may be tried again."""
        dial.item.dial = None
        self._callbacks.not_reached(dial.item, dial.work.queue, reason)
        self._talks.end(dial.work, "not_reached")

    def give_up(self, work: state.Work) -> None:
        """Stop calling because the agent does not want it any more."""
        item = work.item
        if item.dial is not None:
            dial, item.dial = item.dial, None
            self._dials.give_up(dial)
            self._callbacks.not_reached(item, work.queue, "given_up")
        if item.ringing is not None:
            self._offers.withdraw(item.ringing)
        self._talks.end(work, "agent")

    # --- a colleague ------------------------------------------------------------------------------

    def _ring(self, work: state.Work, colleague: state.Agent) -> None:
        self._audio.tone(work, dials.RINGBACK)
        work.item.ringing = self._offers.ring_for(
            colleague,
            work.item,
            by=work.agent,
            kind="colleague",
            seconds=work.queue.ring_seconds,
        )

    def offer_answered(self, offer: state.Offer) -> None:
        """Let two colleagues talk."""
        item, house = offer.item, self._house
        caller = state.owner(item)
        assert caller is not None, "who calls waits for the answer"
        self._offers.close(offer, "answered")
        item.ringing = None
        self._audio.hush(caller)
        self._talks.reach(caller)
        colleague = self._talks.open(
            offer.agent, item, caller.queue, signal=presence.ANSWER, part="joins"
        )
        item.answered = True
        house.act(calls.mix(item))
        self._talks.tell_bridged(colleague, again=False)
        self._talks.tell_bridged(caller, again=False)
        self._offers.find_work(offer.agent)

    def offer_ended(self, offer: state.Offer) -> None:
        """The colleague did not answer."""
        offer.item.ringing = None
        caller = state.owner(offer.item)
        if caller is not None:
            self._talks.end(caller, "not_reached")

    # --- callbacks --------------------------------------------------------------------------------

    def callback(self, event: events.CallbackArrived) -> None:
        """
        Let an item wait whose customer is called when somebody takes it.

        One who waits for that already is called once: then no item begins.
        """
        known = callbacks.same(self._house, event)
        if known is not None:
            self._house.tell(
                facts.CallbackJoined(
                    item=known.id, client=known.client, queue=event.queue, of=event.of
                )
            )
            return
        item = self._new(
            event.item,
            leg=event.leg,
            client=event.client,
            direction="callback",
            zone=event.zone,
            sealed=event.sealed,
            caller=event.caller,
            language=event.language,
            born_at=event.born_at,
            of=event.of,
            due=event.due,
            preferred=event.preferred,
        )
        self._callbacks.begin(item, event.queue)

    def take(self, offer: state.Offer) -> None:
        """Call the customer whom an agent takes from the queue."""
        agent, item = offer.agent, offer.item
        queue = self._talks.take(offer)
        work = self._talks.open(agent, item, queue, signal=presence.ANSWER, phase="dialing")
        refused = parties.may_dial(self._house, item.client, zone=item.zone)
        if refused is None:
            self._dial(work, emergency=False)
        else:
            self._house.alarm("callback_not_dialed", f"{item.id}: {refused}")
            self._callbacks.not_reached(item, queue, refused)
            self._talks.end(work, "not_reached")
        self._offers.find_work(agent)


def _rules(client: str, *, internal: bool) -> plan.QueuePlan:
    """Give the rules of a call that comes from no queue; colleagues write no note."""
    if internal:
        return plan.QueuePlan(key="", client=client, channel="call", tiers=(), wrap_up_seconds=0.0)
    return plan.QueuePlan(key="", client=client, channel="call", tiers=())
