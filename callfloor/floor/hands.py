"""
The hands of the floor: every action of the exchange done on a line or on the media worker, and
everything that lines and media report made into an event.

Here and nowhere else is known which leg belongs to whom. What comes too late (a key after the call,
a leg that is gone) is translated or dropped here, so that the core may assert.

Refuses: to decide; to know how a line speaks (SIP in `telephone`, a browser in `requests`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from callfloor.core import actions, events, facts, plan
from callfloor.floor import ids, journal, keypad
from callfloor.floor.floor import Floor
from callfloor.floor.media_client import Media
from callfloor.floor.prompts import Prompts
from callfloor.floor.recordings import Recordings
from callfloor.floor.seals import Seals

END_OF_MESSAGE = "#"


class Line(Protocol):
    """The customer's side of a call, however it comes."""

    kind: str
    """rtp or webrtc."""
    offer: str
    """The far side's SDP."""

    def named(self, item: str, leg: str) -> None:
        """The call has an item and a leg."""

    def accepted(self) -> None:
        """The call is in the journal."""

    def answer(self, sdp: str) -> None:
        """Take the call with this SDP of ours."""

    def refuse(self, reason: str) -> None:
        """Do not take the call."""

    def hang_up(self, reason: str) -> None:
        """End the call, whatever state it is in."""


@dataclass(slots=True, kw_only=True)
class Caller:
    """One customer who is connected, or about to be."""

    item: str
    leg: str
    line: Line
    language: str
    """The client's first language."""


class Hands:
    """Who is on which leg, and what is to be done there."""

    def __init__(
        self,
        *,
        media: Media,
        prompts: Prompts,
        seals: Seals,
        names: ids.Ids,
        now: Callable[[], float],
        ask_who: Callable[[str, str], None],
        note: Callable[[str, str], None],
    ) -> None:
        self._media = media
        self._prompts = prompts
        self._seals = seals
        self._ids = names
        self._now = now
        self._ask_who = ask_who
        self._note = note
        self._keypad = keypad.Keypad(seal=seals.digits)
        self._floor: Floor
        # customers
        self._callers: dict[str, Caller] = {}
        self._legs: dict[str, str] = {}
        # agents
        self._agents: dict[str, str] = {}
        self._devices: dict[str, str] = {}
        self._coming: dict[str, str] = {}
        self._silent: set[str] = set()
        self.recordings = Recordings(media=media, names=names, now=now, happen=self._happen)
        self._do: dict[type[Any], Callable[[Any], None]] = {
            actions.AskWho: lambda action: self._ask_who(action.item, action.caller),
            actions.Answer: self._answer,
            actions.Refuse: self._refuse,
            actions.Play: self._play,
            actions.StopPlay: self._stop_play,
            actions.Collect: self._collect,
            actions.StopCollect: self._stop_collect,
            actions.Ring: _shown,
            actions.StopRing: _shown,
            actions.Mix: self._mix,
            actions.StartRecording: self._start_recording,
            actions.StopRecording: lambda action: self.recordings.stop(action.item),
            actions.RecordMessage: self._record_message,
            actions.PauseRecording: lambda action: self.recordings.pause(action.item),
            actions.ResumeRecording: lambda action: self.recordings.resume(action.item),
            actions.Dial: self._dial,
            actions.SendKeys: self._send_keys,
            actions.HangUp: self._hang_up,
            actions.Alarm: lambda action: self._note(f"alarm_{action.name}", action.detail),
        }

    def bind(self, floor: Floor) -> None:
        """Say whose hands these are."""
        self._floor = floor
        self.recordings.bind(floor)

    def perform(self, action: actions.Action) -> None:
        """Do one action."""
        self._do[type(action)](action)

    def settled(self, fact: facts.Fact) -> None:
        """Let go of what belongs to something that has ended."""
        if isinstance(fact, facts.Closed):
            self._seals.close_item(fact.item)
            self.recordings.stop(fact.item)
            caller = self._callers.get(self._legs.get(fact.item, ""))
            if caller is not None:  # Parked: nobody told the line.
                self._drop(caller, "lost")
        elif isinstance(fact, facts.AgentChanged) and fact.state == "signed_out":
            self._clear_seat(fact.agent)

    def calls(self) -> int:
        """Count the customers on the line."""
        return len(self._callers)

    def hang_up_all(self) -> None:
        """End every customer's call and every agent's leg: the floor is about to stop."""
        for caller in list(self._callers.values()):
            self._drop(caller, "lost")
        for leg in list(self._agents):
            self._drop_device(leg)

    # --- customers come and go --------------------------------------------------------------------

    def arrive(
        self,
        line: Line,
        *,
        called: str,
        number: str | None,
        name: str | None,
        trunk: str | None,
    ) -> Caller:
        """
        Let a call begin.

        `number` is E.164 or as it came; it and the name are sealed here and go no further.
        """
        item = self._ids.item(self._now())
        wrapped = self._seals.open_item(item)
        caller = Caller(
            item=item,
            leg=ids.customer_leg(item),
            line=line,
            language=_first_language(self._floor.plan, called),
        )
        self._callers[caller.leg] = caller
        self._legs[item] = caller.leg
        line.named(item, caller.leg)
        event = events.ItemArrived(
            item=item,
            channel="call",
            called=called,
            leg=caller.leg,
            caller=self._seals.token(number) if number else None,
            trunk=trunk,
            sealed=self._seals.caller(item, number=number, name=name),
        )
        self._floor.happen(event, changes=[journal.sealed(item, wrapped)], then=line.accepted)
        return caller

    def left(self, leg: str, reason: str) -> None:
        """Let a customer go who has ended his side."""
        caller = self._callers.get(leg)
        if caller is not None:
            self._forget(caller)
            event = events.CustomerLeft(item=caller.item, reason=reason)
            self._happen(event, then=lambda: self._end_media(caller))

    def press(self, item: str, key: str) -> None:
        """Take a key of a browser's keypad."""
        leg = self._legs.get(item)
        if leg is not None:
            self.on_key(leg, key)

    def caller_of(self, item: str) -> Caller | None:
        """Give the customer of an item, if he is on the line."""
        return self._callers.get(self._legs.get(item, ""))

    def renew(self, leg: str, sdp: str, then: Callable[[str | None], None]) -> None:
        """Bring a changed offer of the far side to the media (re-INVITE)."""
        caller = self._callers[leg]
        caller.line.offer = sdp
        self._media.offer(call=caller.item, leg=leg, kind=caller.line.kind, sdp=sdp, then=then)

    # --- agents' devices --------------------------------------------------------------------------

    def connect_device(
        self, agent: str, *, kind: str, sdp: str, then: Callable[[str, str | None], None]
    ) -> None:
        """Make a leg for an agent's audio; it counts once the media hears it."""
        leg = ids.agent_leg(agent, self._ids.token())
        self._drop_device(self._coming.pop(agent, None))
        self._coming[agent] = leg
        self._agents[leg] = agent
        self._media.offer(
            call=ids.agent_call(agent),
            leg=leg,
            kind=kind,
            sdp=sdp,
            then=lambda ours: then(leg, ours),
        )

    def _device_up(self, agent: str, leg: str) -> None:
        if self._coming.get(agent) == leg:
            del self._coming[agent]
        old = self._devices.get(agent)
        self._devices[agent] = leg
        self._silent.discard(leg)
        self._happen(events.DeviceUp(agent=agent, leg=leg))
        if old != leg:
            self._drop_device(old)

    def _clear_seat(self, agent: str) -> None:
        # A leg that is heard stays for the next sign-in; a silent one would stay for ever.
        self._drop_device(self._coming.pop(agent, None))
        if self._devices.get(agent) in self._silent:
            self._drop_device(self._devices.pop(agent))

    def _drop_device(self, leg: str | None) -> None:
        if leg is not None and leg in self._agents:
            agent = self._agents.pop(leg)
            self._silent.discard(leg)
            self._media.delete(call=ids.agent_call(agent), leg=leg)

    # --- what the media worker notices (media_client.Listener) ------------------------------------

    def on_key(self, leg: str, key: str) -> None:
        """One key was pressed."""
        caller = self._callers.get(leg)
        if caller is None:
            return
        if key == END_OF_MESSAGE and self.recordings.is_message(caller.item):
            self.recordings.end_message(caller.item)
            return
        self._answered(self._keypad.press(leg, key))

    def on_played(self, leg: str, play: str, *, failed: bool) -> None:
        """A list of prompts came to its end."""
        caller = self._callers.get(leg)
        if caller is not None:
            self._happen(events.PromptEnded(item=caller.item, play=play, failed=failed))

    def on_up(self, leg: str) -> None:
        """Sound arrives, for the first time or again."""
        agent = self._agents.get(leg)
        if agent is not None:
            self._device_up(agent, leg)

    def on_lost(self, leg: str) -> None:
        """No sound arrives any more."""
        caller = self._callers.get(leg)
        if caller is not None:
            caller.line.hang_up("lost")
            self.left(leg, "lost")
            return
        agent = self._agents.get(leg)
        if agent is not None and self._devices.get(agent) == leg:
            self._silent.add(leg)
            self._happen(events.DeviceLost(agent=agent, leg=leg))

    def on_said(self, recording: str, seconds: float) -> None:
        """A message ended by silence."""
        self.recordings.said(recording, seconds)

    def on_recorded(self, recording: str, *, seconds: float, partial: bool) -> None:
        """A recording file is closed."""
        self.recordings.closed(recording, seconds=seconds, partial=partial)

    def on_media_lost(self, legs: Sequence[str]) -> None:
        """The worker does not carry these legs any more."""
        ours = tuple(leg for leg in legs if leg in self._callers or leg in self._agents)
        self.recordings.cut([self._callers[leg].item for leg in ours if leg in self._callers])
        for leg in ours:
            agent = self._agents.pop(leg, None)
            if agent is not None and self._devices.get(agent) == leg:
                del self._devices[agent]
        if ours:
            self._happen(events.MediaLost(legs=ours))

    # --- actions on the line ----------------------------------------------------------------------

    def _answer(self, action: actions.Answer) -> None:
        caller = self._callers.get(action.leg)
        if caller is not None:
            self._media.offer(
                call=caller.item,
                leg=caller.leg,
                kind=caller.line.kind,
                sdp=caller.line.offer,
                then=lambda sdp: self._offered(caller, sdp),
            )

    def _offered(self, caller: Caller, sdp: str | None) -> None:
        if caller.leg not in self._callers:
            self._media.delete(call=caller.item, leg=caller.leg)
        elif sdp is None:
            self._note("no_media_for_call", caller.item)
            self._happen(events.MediaLost(legs=(caller.leg,)))
        else:
            caller.line.answer(sdp)

    def _refuse(self, action: actions.Refuse) -> None:
        caller = self._callers.get(action.leg)
        if caller is not None:
            self._forget(caller)
            caller.line.refuse(action.reason)

    def _hang_up(self, action: actions.HangUp) -> None:
        caller = self._callers.get(action.leg)
        if caller is not None:
            self._drop(caller, action.reason)

    def _drop(self, caller: Caller, reason: str) -> None:
        self._forget(caller)
        caller.line.hang_up(reason)
        self._end_media(caller)

    def _forget(self, caller: Caller) -> None:
        del self._callers[caller.leg]
        self._legs.pop(caller.item, None)
        self._keypad.forget(caller.leg)

    def _end_media(self, caller: Caller) -> None:
        # The recording first: the leg that is deleted is a channel of it.
        def delete() -> None:
            self._media.delete(call=caller.item, leg=caller.leg)

        self.recordings.stop(caller.item, then=delete)

    def _dial(self, action: actions.Dial) -> None:
        failed = events.DialFailed(item=action.item, leg=action.leg, reason="trunk_down")
        self._happen(failed)

    # --- actions on the media ---------------------------------------------------------------------

    def _play(self, action: actions.Play) -> None:
        caller = self._callers.get(action.leg)
        if caller is None:
            return
        files = self._prompts.files(
            action.prompts, language=action.language, default=caller.language
        )
        if files:
            self._media.play(
                call=action.item, leg=action.leg, play=action.play, files=files, loop=action.loop
            )
        elif not action.loop:
            self._happen(events.PromptEnded(item=action.item, play=action.play, failed=True))

    def _stop_play(self, action: actions.StopPlay) -> None:
        if action.leg in self._callers:
            self._media.stop_play(call=action.item, leg=action.leg)

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

    def _send_keys(self, action: actions.SendKeys) -> None:
        keys = self._seals.read_digits(action.item, action.sealed)
        if keys and action.leg in self._callers:
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


def _first_language(floor_plan: plan.FloorPlan, called: str) -> str:
    clients = {client.key: client for client in floor_plan.clients}
    for number in floor_plan.numbers:
        if number.number == called:
            return clients[number.client].languages[0]
    return floor_plan.clients[0].languages[0]


def _shown(_action: actions.Action) -> None:
    """Nothing to do: the agent's screen shows it by the fact."""
