"""
The hands of the floor: every action of the exchange done on a line or on the media worker, and
everything that lines and media report made into an event.

Whose a leg is, is known in `parties` (outside) and `devices` (agents). What comes too late (a key
after the call, a leg that is gone) is translated or dropped there, so that the core may assert.

Refuses: to decide; to know how a line speaks (SIP in `sip_talk`, a browser in `requests`).
"""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from callfloor.core import actions, callbacks, events, facts
from callfloor.floor import ids, keypad
from callfloor.floor.callees import Asked, Callees
from callfloor.floor.devices import Devices
from callfloor.floor.floor import Floor
from callfloor.floor.media_client import Media
from callfloor.floor.parties import Line, Parties, Party
from callfloor.floor.phones import Phones
from callfloor.floor.prompts import Prompts
from callfloor.floor.recordings import Recordings
from callfloor.floor.seals import Seals

END_OF_MESSAGE = "#"


class Hands:
    """Who is on which leg, and what is to be done there."""

    def __init__(
        self,
        *,
        media: Media,
        prompts: Prompts,
        seals: Seals,
        callees: Callees,
        names: ids.Ids,
        now: Callable[[], float],
        ask_who: Callable[[str, str], None],
        note: Callable[[str, str], None],
    ) -> None:
        self._media = media
        self._prompts = prompts
        self._seals = seals
        self._callees = callees
        self._ask_who = ask_who
        self._note = note
        self._keypad = keypad.Keypad(seal=seals.digits)
        self._floor: Floor
        self.recordings = Recordings(media=media, names=names, now=now, happen=self._happen)
        self.parties = Parties(
            media=media,
            seals=seals,
            names=names,
            now=now,
            recordings=self.recordings,
            keypads=self._keypad,
            happen=self._happen,
            note=note,
        )
        self.devices = Devices(media=media, names=names, happen=self._happen)
        self.phones = Phones(
            media=media,
            names=names,
            devices=self.devices,
            callees=callees,
            seals=seals,
            now=now,
            happen=self._happen,
            remix=self._mix,
            note=note,
        )
        self._do: dict[type[Any], Callable[[Any], None]] = {
            actions.AskWho: lambda action: self._ask_who(action.item, action.caller),
            actions.Answer: lambda action: self.parties.answer(action.leg),
            actions.Refuse: lambda action: self.parties.refuse(action.leg, action.reason),
            actions.Play: self._play,
            actions.StopPlay: self._stop_play,
            actions.Collect: self._collect,
            actions.StopCollect: self._stop_collect,
            actions.Ring: self.phones.ring,
            actions.StopRing: self.phones.stop_ring,
            actions.Mix: self._mix_and_ring,
            actions.StartRecording: self._start_recording,
            actions.StopRecording: lambda action: self.recordings.stop(action.item),
            actions.RecordMessage: self._record_message,
            actions.PauseRecording: lambda action: self.recordings.pause(action.item),
            actions.ResumeRecording: lambda action: self.recordings.resume(action.item),
            actions.Dial: self.parties.dial,
            actions.SendKeys: self._send_keys,
            actions.HangUp: lambda action: self.parties.hang_up(action.leg, action.reason),
            actions.Alarm: lambda action: self._note(f"alarm_{action.name}", action.detail),
        }

    def bind(self, floor: Floor) -> None:
        """Say whose hands these are."""
        self._floor = floor
        self.recordings.bind(floor)
        self.parties.bind(floor)
        self.phones.bind(floor)

    def perform(self, action: actions.Action) -> None:
        """Do one action."""
        self._do[type(action)](action)

    def settled(self, fact: facts.Fact) -> None:
        """Let go of what belongs to something that has ended."""
        if isinstance(fact, facts.Closed):
            if fact.outcome == "callback_asked":
                self._call_back(fact)
            self._seals.close_item(fact.item)
            self.recordings.stop(fact.item)
            self.parties.close_item(fact.item)
        elif isinstance(fact, facts.AgentChanged) and fact.state == "signed_out":
            self.devices.clear_seat(fact.agent)
        self.phones.settled(fact)

    def _call_back(self, closed: facts.Closed) -> None:
        """Let somebody who asked for it wait to be called back."""
        asked = self._callees.callback(closed, self._floor.plan)
        refusal = "no number" if asked is None else self._floor.refusal(asked.event)
        if asked is not None and refusal is None:
            self.call_back(asked)
            return
        # Somebody waits for a call that will not come: a person must know.
        fault = events.FaultNoticed(name="no_callback", detail=f"{closed.item}: {refusal}")
        self._floor.happen(fault)

    def call_back(self, asked: Asked) -> str:
        """
        Let a callback wait, and give the item that calls; `refusal` found nothing against it.

        For who waits for one already no other begins, and no key of it is kept.
        """
        event = asked.event
        assert isinstance(event, events.CallbackArrived), "made by callees"
        joined = callbacks.same(self._floor.exchange.house, event)
        if joined is None:
            self._floor.happen(event, changes=asked.changes)
            return event.item
        self._floor.happen(dataclasses.replace(event, sealed=None))
        self.forget_promise(event.item)
        return joined.id

    def forget_promise(self, item: str) -> None:
        """Let go of the key of a callback that did not begin."""
        self._seals.close_item(item)

    def calls(self) -> int:
        """Count everybody outside who is on the line."""
        return len(self.parties)

    def hang_up_all(self) -> None:
        """End every call and every agent's leg: the floor is about to stop."""
        for party in self.parties.all():
            self.parties.hang_up(party.leg, "lost")
        self.phones.hang_up_all()
        self.devices.drop_all()

    # --- parties and devices come and go ----------------------------------------------------------

    def arrive(
        self,
        line: Line,
        *,
        called: str,
        number: str | None,
        name: str | None,
        trunk: str | None,
        token: str | None = None,
    ) -> Party:
        """Let a call begin."""
        return self.parties.arrive(
            line, called=called, number=number, name=name, trunk=trunk, token=token
        )

    def left(self, leg: str, reason: str) -> None:
        """Let a party go who has ended his side."""
        self.parties.left(leg, reason)

    def renew(self, leg: str, sdp: str, then: Callable[[str | None], None]) -> None:
        """Bring a changed offer of the far side to the media (re-INVITE)."""
        self.parties.renew(leg, sdp, then)

    def propose(self, leg: str, then: Callable[[str | None], None]) -> None:
        """Let our media offer, because the far side wants that."""
        self.parties.propose(leg, then)

    def settle(self, leg: str, sdp: str) -> None:
        """Bring the far side's answer to the media."""
        self.parties.settle(leg, sdp)

    def press(self, item: str, key: str) -> None:
        """Take a key of a browser's keypad."""
        self.on_key(ids.customer_leg(item), key)

    def caller_of(self, item: str) -> Party | None:
        """Give the customer of an item, if he is on the line."""
        return self.parties.customer_of(item)

    def connect_device(
        self, agent: str, *, kind: str, sdp: str, then: Callable[[str, str | None], None]
    ) -> None:
        """Make a leg for an agent's audio; it counts once the media hears it."""
        self.devices.connect(agent, kind=kind, sdp=sdp, then=then)

    # --- what the media worker notices (media_client.Listener) ------------------------------------

    def on_key(self, leg: str, key: str) -> None:
        """One key was pressed."""
        party = self.parties.get(leg)
        if party is None or not party.is_customer:
            return
        if key == END_OF_MESSAGE and self.recordings.is_message(party.item):
            self.recordings.end_message(party.item)
            return
        self._answered(self._keypad.press(leg, key))

    def on_played(self, leg: str, play: str, *, failed: bool) -> None:
        """A list of prompts came to its end."""
        party = self.parties.get(leg)
        if party is not None:
            self._happen(events.PromptEnded(item=party.item, play=play, failed=failed))

    def on_up(self, leg: str) -> None:
        """Sound arrives, for the first time or again."""
        self.parties.heard(leg)
        self.devices.heard(leg)

    def on_lost(self, leg: str) -> None:
        """No sound arrives any more."""
        self.parties.silent(leg)
        self.devices.silent(leg)
        self.phones.silent(leg)

    def on_said(self, recording: str, seconds: float) -> None:
        """A message ended by silence."""
        self.recordings.said(recording, seconds)

    def on_recorded(self, recording: str, *, seconds: float, partial: bool) -> None:
        """A recording file is closed."""
        self.recordings.closed(recording, seconds=seconds, partial=partial)

    def on_media_lost(self, legs: Sequence[str]) -> None:
        """The worker does not carry these legs any more."""
        parties = self.parties.lost_media(legs)
        self.recordings.cut([party.item for party in parties if party.is_customer])
        ours = {party.leg for party in parties} | set(self.devices.lost_media(legs))
        if ours:
            self._happen(events.MediaLost(legs=tuple(leg for leg in legs if leg in ours)))
        self.phones.lost_media(legs)

    # --- actions on the media ---------------------------------------------------------------------

    def _play(self, action: actions.Play) -> None:
        call, default = self._call_of(action.leg), action.language
        if call is None:
            return
        party = self.parties.get(action.leg)
        if party is not None:
            default = party.language
        files = self._prompts.files(action.prompts, language=action.language, default=default)
        self.phones.needed(action.leg, action.item)
        if files:
            self._media.play(
                call=call, leg=action.leg, play=action.play, files=files, loop=action.loop
            )
        elif not action.loop:
            self._happen(events.PromptEnded(item=action.item, play=action.play, failed=True))

    def _stop_play(self, action: actions.StopPlay) -> None:
        call = self._call_of(action.leg)
        if call is not None:
            self._media.stop_play(call=call, leg=action.leg)

    def _call_of(self, leg: str) -> str | None:
        """Name the media call of a leg (ng.md); None if the leg is gone."""
        party = self.parties.get(leg)
        if party is not None:
            return party.item
        agent = self.devices.agent_of(leg)
        return None if agent is None else ids.agent_call(agent)

    def _collect(self, action: actions.Collect) -> None:
        self._answered(self._keypad.collect(action))

    def _stop_collect(self, action: actions.StopCollect) -> None:
        self._answered(self._keypad.stop(action))

    def _answered(self, answer: keypad.Answer) -> None:
        if answer is not None:
            self._happen(answer)

    def _mix(self, action: actions.Mix) -> None:
        rows = [(row.ear, row.mouth, row.gain) for row in action.hears]
        self._media.mix(call=action.item, legs=action.legs, rows=rows)

    def _mix_and_ring(self, action: actions.Mix) -> None:
        self._mix(action)
        self.phones.mixed(action)

    def _send_keys(self, action: actions.SendKeys) -> None:
        keys = self._seals.read_digits(action.item, action.sealed)
        if keys and self.parties.get(action.leg) is not None:
            self._media.send_keys(call=action.item, leg=action.leg, keys=keys)

    def _start_recording(self, action: actions.StartRecording) -> None:
        self.recordings.start(
            item=action.item, customer=action.customer_leg, agent=action.agent_leg
        )

    def _record_message(self, action: actions.RecordMessage) -> None:
        self.recordings.start_message(item=action.item, customer=action.leg)

    # --- events -----------------------------------------------------------------------------------

    def _happen(self, event: events.Event, then: Callable[[], None] | None = None) -> None:
        refusal = self._floor.refusal(event)
        if refusal is None:
            self._floor.happen(event, then=then)
            return
        self._note("too_late", f"{type(event).__name__}: {refusal}")
        if then is not None:
            then()
