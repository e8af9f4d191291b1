"""
Customers' comings and goings: arrival, being recognized, hanging up, being cut off by our fault.
"""

from callfloor.core import (
    actions,
    audio,
    callbacks,
    closing,
    events,
    facts,
    flow,
    lookup,
    notes,
    plan,
    record,
    state,
    talks,
    waiting,
)

_item = record.maker(state.Item)
_arrived = record.maker(facts.Arrived)
_answer = record.maker(actions.Answer)


class Callers:
    """Everybody who is or was at the customer's end."""

    __slots__ = ("_audio", "_callbacks", "_closing", "_flows", "_house", "_talks", "_waiting")

    def __init__(
        self,
        house: state.State,
        flows: flow.Flows,
        waiting_: waiting.Waiting,
        talks_: talks.Talks,
        audio_: audio.Audio,
        closing_: closing.Closing,
        callbacks_: callbacks.Callbacks,
    ) -> None:
        self._house = house
        self._callbacks = callbacks_
        self._flows = flows
        self._waiting = waiting_
        self._talks = talks_
        self._audio = audio_
        self._closing = closing_

    # --- in ---------------------------------------------------------------------------------------

    def arrive(self, event: events.ItemArrived) -> None:
        """Take an item by the number that was dialed, or refuse it."""
        house = self._house
        assert event.item not in house.items, f"item {event.item} arrives twice"
        number = house.lookup.numbers.get(event.called)
        if event.channel == plan.CALL and plan.channel_of(event.called) != plan.CALL:
            number = None  # Nobody can call where one writes.
        if number is None:
            house.act(actions.Refuse(item=event.item, leg=event.leg, reason="no_such_number"))
            if event.channel != "call":  # It was written and must not be forgotten.
                house.alarm("no_such_address", f"{event.item}: {event.called}")
            return
        item = self._new(event, number.client, number.language, house.lookup.flows[number.flow])
        house.tell(
            _arrived(
                item=item.id,
                client=item.client,
                channel=item.channel,
                called=item.called,
                flow=item.flow.key,
                flow_version=item.flow.version,
                language=item.language,
                caller=event.caller,
                trunk=event.trunk,
                sealed=event.sealed,
                since=event.since,
                due=event.due,
                preferred=event.preferred,
            )
        )
        if self._is_over_cap(item):
            self._refuse(item)
            return
        if item.channel == "call":
            house.act(_answer(item=item.id, leg=item.leg))
        if event.caller is not None:
            house.act(actions.AskWho(item=item.id, caller=event.caller))
        if event.customer is not None:
            self._know(item, event)
        if item.caller is not None and house.promised:
            self._callbacks.customer_calls(item)
        self._flows.start(item)

    def _know(self, item: state.Item, event: events.ItemArrived) -> None:
        """Take what the records said of a customer along with what he wrote."""
        self._house.tell(
            facts.Recognised(
                item=item.id,
                client=item.client,
                customer=event.customer,
                language=event.language,
                preferred_agent=event.preferred,
            )
        )
        if event.language is not None:
            self._set_language(item, event.language)

    def _new(
        self, event: events.ItemArrived, client: str, language: str, flow_: lookup.Flow
    ) -> state.Item:
        house = self._house
        item = _item(
            id=event.item,
            client=client,
            channel=event.channel,
            called=event.called,
            leg=event.leg,
            arrived_at=house.now if event.since is None else min(event.since, house.now),
            language=language,
            flow=flow_,
            caller=event.caller,
            trunk=event.trunk,
            preferred=event.preferred,
            due=event.due,
        )
        house.enter(item)
        if item.trunk is not None:
            house.calls_of_trunk[item.trunk] = house.calls_of_trunk.get(item.trunk, 0) + 1
        return item

    def _is_over_cap(self, item: state.Item) -> bool:
        if item.trunk is None:
            return False
        trunk = self._house.lookup.trunks.get(item.trunk)
        return trunk is not None and self._house.calls_of_trunk[item.trunk] > trunk.calls_max

    def _refuse(self, item: state.Item) -> None:
        self._house.act(actions.Refuse(item=item.id, leg=item.leg, reason="no_capacity"))
        item.outcome = "refused_no_capacity"
        self._closing.customer_gone(item)
        self._closing.close_if_done(item)

    def restore(self, event: events.ItemRestored) -> None:
        """Enter an item of the epoch before: deferred work goes on, a cut call is closed."""
        house = self._house
        assert event.item not in house.items, f"item {event.item} is restored twice"
        waits = self._is_callback_that_waits(event)
        item = _item(
            id=event.item,
            client=event.client,
            channel=event.channel,
            called=event.called,
            leg=event.leg,
            arrived_at=event.arrived_at,
            language=event.language or self._language_of(event.client),
            flow=self._flow_of(event.called),
            caller=event.caller,
            priority_seconds=event.priority_seconds,
            answered=event.answered,
            last_queue=event.queue,
            entries=event.entries,
            offers=event.tries,
            direction=event.direction,
            zone=event.zone,
            sealed=event.sealed,
            customer_here=not waits,
            recordable=waits and house.lookup.clients[event.client].record_calls_out,
            preferred=event.preferred,
            due=event.due,
        )
        house.enter(item)
        house.tell(
            facts.Restored(
                item=item.id,
                client=item.client,
                interrupted=event.interrupted,
                channel=event.channel,
                called=event.called,
                arrived_at=event.arrived_at,
                queue=event.queue if event.rest_until is None else None,
                queued_at=event.queued_at,
                entry=event.entries,
                language=event.language,
                direction=event.direction,
            )
        )
        if waits:
            item.outcome, item.calls = "not_reached", event.calls
            assert event.queue is not None, "it waits in a queue"
            if not self._callbacks.restore(item, queue=event.queue, rest_until=event.rest_until):
                self._wait_again(item, event)
                self._callbacks.mind_hours(item)
        elif event.interrupted or event.channel == "call":
            self._close_restored(item, event)
        else:
            self._go_on_written(item, event)

    def _go_on_written(self, item: state.Item, event: events.ItemRestored) -> None:
        """Let what is written wait on; who had it in hand has it first, for a while alone."""
        for work in event.works:
            notes.part_over(self._house, item, work)
        held = [work for work in event.works if work[3] is None]
        if event.queue is None and held:
            agent, queue, _, _ = held[-1]
            self._wait_first(item, queue, agent)
        elif event.queue is None and event.entries:  # Only the note was still to be written.
            item.outcome = "left_in_flow"
            self._closing.hang_up(item, "normal")
        else:
            self._wait_again(item, event)

    def _wait_first(self, item: state.Item, queue: str, agent: str) -> None:
        if queue not in self._house.matcher.queues:
            self._flows.start(item)
            return
        self._waiting.enter(
            item,
            queue,
            born_at=item.arrived_at,
            credit=waiting.HEAD_CREDIT_SECONDS,
            preferred=agent,
            restored=True,
        )

    def _is_callback_that_waits(self, event: events.ItemRestored) -> bool:
        """Say whether nobody was on the line, so that nothing was cut."""
        waited = event.queue in self._house.matcher.queues and not event.answered
        known = event.client in self._house.lookup.clients
        return event.direction == "callback" and waited and known

    def _close_restored(self, item: state.Item, event: events.ItemRestored) -> None:
        item.outcome = "lost_by_system"
        if event.interrupted:
            self._say_interrupted(item, "floor_restarted")
        if event.queue is not None:
            queued_at = event.arrived_at if event.queued_at is None else event.queued_at
            self._house.tell(
                facts.Dequeued(
                    item=item.id,
                    client=item.client,
                    queue=event.queue,
                    entry=max(1, event.entries),
                    outcome="lost_by_system",
                    waited_seconds=self._house.now - queued_at,
                    queued_at=queued_at,
                )
            )
        self._closing.customer_gone(item)
        self._closing.close_if_done(item)

    def _wait_again(self, item: state.Item, event: events.ItemRestored) -> None:
        queue = event.queue
        if queue is None or queue not in self._house.matcher.queues:
            self._flows.start(item)
            return
        item.entries = max(0, event.entries - 1)  # The entry goes on, it is no new one.
        self._waiting.enter(
            item,
            queue,
            born_at=event.arrived_at,
            queued_at=event.queued_at,
            credit=event.credit,
            preferred=event.preferred,
            restored=True,
            told=True,
        )

    def _language_of(self, client: str) -> str:
        for each in self._house.lookup.plan.clients:
            if each.key == client and each.languages:
                return each.languages[0]
        return "en"

    def _flow_of(self, called: str) -> lookup.Flow:
        number = self._house.lookup.numbers.get(called)
        if number is None:
            return lookup.Flow(key="", version=0, first="", steps={})
        return self._house.lookup.flows[number.flow]

    def recognize(self, event: events.CallerRecognised) -> None:
        """Take what the records know of the caller, at whatever moment it comes."""
        house = self._house
        item = house.items.get(event.item)
        if item is None:
            return
        house.tell(
            facts.Recognised(
                item=item.id,
                client=item.client,
                customer=event.customer,
                language=event.language,
                preferred_agent=event.preferred_agent,
            )
        )
        if event.language is not None and not item.language_chosen:
            self._set_language(item, event.language)
        if event.do_not_record and not item.unrecorded:
            self._never_record(item)
        item.preferred = event.preferred_agent
        item.priority_seconds = event.priority_seconds
        if item.entry is not None and (event.priority_seconds or event.preferred_agent):
            self._waiting.refile(item.entry, preferred=event.preferred_agent)

    def _never_record(self, item: state.Item) -> None:
        """Keep nothing of the call, whatever it is told later; what was kept already ends here."""
        item.unrecorded, item.recordable = True, False
        self._closing.stop_recording(item)
        self._house.tell(
            facts.NoticeGiven(item=item.id, client=item.client, refused=True, source="known")
        )

    def _set_language(self, item: state.Item, language: str) -> None:
        if language != item.language:
            item.language = language
            self._house.tell(facts.LanguageSet(item=item.id, client=item.client, language=language))

    # --- out --------------------------------------------------------------------------------------

    def leave(self, item: state.Item) -> None:
        """The customer hung up: nobody rings for him a moment longer."""
        if not item.customer_here:
            return
        self._closing.customer_gone(item)
        if item.entry is not None:
            self._abandon(item, item.entry)
        elif item.message_since is not None:
            seconds = self._house.now - item.message_since
            enough = seconds >= flow.MESSAGE_SECONDS_MIN
            self._flows.end_message(item, seconds if enough else 0.0)
        elif item.leaving is not None:
            self._settle_abandoned(item, item.leaving)
            item.leaving = None
        elif item.outcome is None:
            item.outcome = "left_in_flow"
        self._talks.beside.dissolve(item, "customer_left")
        self._end_talks(item, "customer")
        self._closing.close_if_done(item)

    def _abandon(self, item: state.Item, entry: state.Entry) -> None:
        self._waiting.stop_waiting(entry)
        self._settle_abandoned(item, entry)

    def _settle_abandoned(self, item: state.Item, entry: state.Entry) -> None:
        self._waiting.settle(entry, "abandoned_in_queue")
        item.outcome = "abandoned_in_queue"
        waited = self._house.now - entry.queued_at
        item.short = waited < entry.queue.plan.short_abandon_seconds

    def _end_talks(self, item: state.Item, ended_by: str) -> None:
        for work in list(item.works):
            if work.phase not in state.LIVE:
                continue
            if work.part == "serves":
                self._talks.end(work, ended_by)
            else:
                self._talks.release(work, ended_by)

    def interrupt(self, item: state.Item, cause: str) -> None:
        """Close an item that was cut by a fault of ours, and say so."""
        self._say_interrupted(item, cause)
        item.outcome = "lost_by_system"
        if item.customer_here and item.channel == "call":
            self._house.act(actions.HangUp(item=item.id, leg=item.leg, reason="lost"))
        if item.customer_here:
            self._closing.customer_gone(item)
        self._talks.beside.dissolve(item, "failed")
        if item.rest is not None:
            item.rest.gen += 1
            item.rest = None
        entry = item.entry or item.leaving
        if item.entry is not None:
            self._waiting.stop_waiting(item.entry)
        if entry is not None:
            self._waiting.settle(entry, "lost_by_system")
            item.leaving = None
        self._end_talks(item, "lost")
        self._closing.close_if_done(item)

    def _say_interrupted(self, item: state.Item, cause: str) -> None:
        self._house.tell(facts.Interrupted(item=item.id, client=item.client, cause=cause))
