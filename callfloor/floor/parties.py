"""
Everybody outside who is on the line: customers who call, and numbers that are dialed.

A party has one leg of one item. The item's customer has the leg that is named after it; any other
party was brought into the call by an agent. Who is dialed becomes a party like the others when he
answers; what comes of a leg that is gone is dropped here.

Refuses: to decide; to know how a line speaks (SIP in `sip_talk`, a browser in `requests`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from callfloor.core import actions, events, plan
from callfloor.floor import ids, journal, keypad
from callfloor.floor.floor import Floor
from callfloor.floor.media_client import Media
from callfloor.floor.recordings import Recordings
from callfloor.floor.seals import Seals

ASK_AGAIN_SECONDS = 20.0  # R13: a silent telephone that vanishes frees its agent within 30 s.

Then = Callable[[], None]


class Line(Protocol):
    """The far end of a call, however it comes."""

    kind: str
    """rtp or webrtc."""
    offer: str
    """The far side's SDP; empty if it wants ours first."""

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

    def probe(self, then: Callable[[bool], None]) -> None:
        """Ask whether the far side is still there; silence ends a browser, which has no probe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A number to dial."""

    leg: str
    trunk: str
    number: str
    """E.164, or as dialed for an emergency."""
    caller_id: str | None
    """The number that is shown; None to show none."""
    offer: str
    """Our SDP."""
    emergency: bool


class Dialer(Protocol):
    """Who makes a line of an order (`calling_line.Dialer`)."""

    def dial(self, order: Order) -> Line | None:
        """Begin to call; None if the trunk cannot now."""


@dataclass(slots=True, kw_only=True)
class Party:
    """One party who is connected, or about to be."""

    item: str
    leg: str
    line: Line | None
    """None while there is no leg to offer yet."""
    language: str
    """The client's first language."""
    is_dialed: bool = False
    """Whether he is being dialed and has not answered."""
    is_silent: bool = False
    """Whether no sound comes from him, though he is there."""

    @property
    def is_customer(self) -> bool:
        """Say whether it is the customer of the item."""
        return self.leg == ids.customer_leg(self.item)


class Parties:
    """Who is on which leg outside."""

    def __init__(
        self,
        *,
        media: Media,
        seals: Seals,
        names: ids.Ids,
        now: Callable[[], float],
        recordings: Recordings,
        keypads: keypad.Keypad,
        happen: Callable[..., None],
        note: Callable[[str, str], None],
    ) -> None:
        self._media = media
        self._seals = seals
        self._ids = names
        self._now = now
        self._recordings = recordings
        self._keypads = keypads
        self._happen = happen
        self._note = note
        self._floor: Floor
        self.dialer: Dialer
        """Who dials; set before the first Dial."""
        self.after: Callable[[float, Then], None]
        """Calls back after some seconds; set with the dialer."""
        self.unlock: Callable[[str, Callable[[bytes | None], None]], None]
        """Asks for the key of an open item of an earlier epoch; set with the dialer."""
        self._by_leg: dict[str, Party] = {}
        self._by_item: dict[str, list[Party]] = {}

    def bind(self, floor: Floor) -> None:
        """Say on whose floor they are."""
        self._floor = floor

    def __len__(self) -> int:
        """Count those who are on the line."""
        return len(self._by_leg)

    def get(self, leg: str) -> Party | None:
        """Give who is on a leg."""
        return self._by_leg.get(leg)

    def customer_of(self, item: str) -> Party | None:
        """Give the customer of an item, if he is on the line."""
        return self._by_leg.get(ids.customer_leg(item))

    def all(self) -> list[Party]:
        """Give everybody."""
        return list(self._by_leg.values())

    # --- they come --------------------------------------------------------------------------------

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
        """
        Let a call begin.

        `number` is E.164 or as it came; it and the name are sealed here and go no further. `token`
        stands for a caller who is known by something else, as by the chat that he calls out of.
        """
        item = self._ids.item(self._now())
        wrapped = self._seals.open_item(item)
        language = _language_of_number(self._floor.plan, called)
        party = Party(item=item, leg=ids.customer_leg(item), line=line, language=language)
        self._keep(party)
        line.named(item, party.leg)
        event = events.ItemArrived(
            item=item,
            channel="call",
            called=called,
            leg=party.leg,
            caller=self._seals.token(number) if number else token,
            trunk=trunk,
            sealed=self._seals.caller(item, number=number, name=name),
        )
        self._floor.happen(event, changes=[journal.sealed(item, wrapped)], then=line.accepted)
        return party

    def answer(self, leg: str) -> None:
        """Take a call that came in."""
        party = self._by_leg.get(leg)
        if party is None or party.line is None:
            return
        if party.line.offer:
            self.renew(leg, party.line.offer, lambda sdp: self._offered(party, sdp))
        else:
            self.propose(leg, lambda sdp: self._offered(party, sdp))

    def renew(self, leg: str, sdp: str, then: Callable[[str | None], None]) -> None:
        """Bring a changed offer of the far side to the media (re-INVITE)."""
        party = self._by_leg.get(leg)
        if party is None or party.line is None:
            then(None)
            return
        party.line.offer = sdp
        self._media.offer(call=party.item, leg=leg, kind=party.line.kind, sdp=sdp, then=then)

    def propose(self, leg: str, then: Callable[[str | None], None]) -> None:
        """Let our media offer, because the far side wants that (RFC 3261 section 13.2.1)."""
        party = self._by_leg.get(leg)
        if party is None:
            then(None)
        else:
            self._media.create(call=party.item, leg=leg, then=then)

    def settle(self, leg: str, sdp: str) -> None:
        """Bring the far side's answer to the media."""
        party = self._by_leg.get(leg)
        if party is not None:
            self._media.answer(call=party.item, leg=leg, sdp=sdp)

    def _offered(self, party: Party, sdp: str | None) -> None:
        if self._by_leg.get(party.leg) is not party:
            self._media.delete(call=party.item, leg=party.leg)
        elif sdp is None:
            self._note("no_media_for_call", party.item)
            self._happen(events.MediaLost(legs=(party.leg,)))
        elif party.line is not None:
            party.line.answer(sdp)

    # --- they are dialed --------------------------------------------------------------------------

    def dial(self, action: actions.Dial) -> None:
        """Call a number: a leg of the media first, then the INVITE with its offer."""
        language = _language_of_item(self._floor, action.item)
        party = Party(
            item=action.item, leg=action.leg, line=None, language=language, is_dialed=True
        )
        self._keep(party)
        if self._seals.has(action.item):
            self._dial(party, action)
        else:  # A callback that waited through a start of the floor.
            self.unlock(action.item, lambda key: self._unlocked(party, action, key))

    def _unlocked(self, party: Party, action: actions.Dial, key: bytes | None) -> None:
        if self._by_leg.get(party.leg) is party:
            if key is not None:
                self._seals.restore(action.item, key)
            self._dial(party, action)

    def _dial(self, party: Party, action: actions.Dial) -> None:
        number = self._seals.read_number(action.item, action.sealed)
        if number is None:
            self._note("no_number", action.item)
            self.failed(action.leg, "wrong_number")
            return
        self._media.create(
            call=action.item,
            leg=action.leg,
            then=lambda sdp: self._created(party, action, number, sdp),
        )

    def _created(self, party: Party, action: actions.Dial, number: str, sdp: str | None) -> None:
        if self._by_leg.get(party.leg) is not party:
            return  # Given up meanwhile; the leg was deleted then.
        if sdp is None:
            self.failed(party.leg, "no_media")
            return
        order = Order(
            leg=action.leg,
            trunk=action.trunk,
            number=number,
            caller_id=action.caller_id,
            offer=sdp,
            emergency=action.emergency,
        )
        line = self.dialer.dial(order)
        if line is None:
            self.failed(party.leg, "trunk_down")
        elif self._by_leg.get(party.leg) is party:  # Else it has failed already.
            party.line = line

    def rang(self, leg: str, sdp: str) -> None:
        """The far side of a leg that is dialed rings, or sounds by this SDP."""
        party = self._by_leg.get(leg)
        if party is not None and party.is_dialed:
            if sdp:
                self._media.answer(call=party.item, leg=leg, sdp=sdp)
            self._happen(events.DialRang(item=party.item, leg=leg, early=bool(sdp)))

    def picked_up(self, leg: str, sdp: str) -> None:
        """The far side of a leg that is dialed has answered."""
        party = self._by_leg.get(leg)
        if party is not None and party.is_dialed:
            party.is_dialed = False
            self._media.answer(call=party.item, leg=leg, sdp=sdp)
            self._happen(events.DialAnswered(item=party.item, leg=leg))

    def failed(self, leg: str, reason: str) -> None:
        """A leg that was dialed came to nothing."""
        party = self._by_leg.get(leg)
        if party is not None and party.is_dialed:
            self._forget(party)
            self._media.delete(call=party.item, leg=leg)
            self._happen(events.DialFailed(item=party.item, leg=leg, reason=reason))

    # --- they go ----------------------------------------------------------------------------------

    def left(self, leg: str, reason: str) -> None:
        """Let a party go who has ended his side."""
        party = self._by_leg.get(leg)
        if party is None:
            return
        if party.is_dialed:
            self.failed(leg, "no_answer")
            return
        self._forget(party)
        self._happen(_gone(party, reason), then=lambda: self._end_media(party))

    def refuse(self, leg: str, reason: str) -> None:
        """Do not take a call that came in."""
        party = self._by_leg.get(leg)
        if party is not None and party.line is not None:
            self._forget(party)
            party.line.refuse(reason)

    def hang_up(self, leg: str, reason: str) -> None:
        """End a leg, or stop dialing it."""
        party = self._by_leg.get(leg)
        if party is not None:
            self._forget(party)
            if party.line is not None:
                party.line.hang_up(reason)
            self._end_media(party)

    def close_item(self, item: str) -> None:
        """Let everybody go of an item that is closed: parked, or nobody told their lines."""
        for party in list(self._by_item.get(item, ())):
            self.hang_up(party.leg, "lost")

    def silent(self, leg: str) -> None:
        """
        Act on a leg that the media hears nothing of.

        A browser is gone. A telephone may be muted, so it is asked first (docs/decisions/0006), and
        asked again as long as it is silent.
        """
        party = self._by_leg.get(leg)
        if party is None or party.line is None or party.is_dialed:
            return
        if party.line.kind == "webrtc":
            self._lose(party)
        else:
            party.line.probe(lambda is_there: self._probed(party, is_there))

    def heard(self, leg: str) -> None:
        """Note that sound came back."""
        party = self._by_leg.get(leg)
        if party is not None:
            party.is_silent = False

    def lost_media(self, legs: Iterable[str]) -> Sequence[Party]:
        """Give the parties whose sound is gone with the worker."""
        return [self._by_leg[leg] for leg in legs if leg in self._by_leg]

    def _probed(self, party: Party, is_there: bool) -> None:
        if self._by_leg.get(party.leg) is not party:
            return
        if not is_there:
            self._lose(party)
            return
        if not party.is_silent:
            party.is_silent = True
            fault = events.FaultNoticed(name="one_way_audio", detail=party.item)
            self._floor.happen(fault)
        self.after(ASK_AGAIN_SECONDS, lambda: self._ask_again(party))

    def _ask_again(self, party: Party) -> None:
        if party.is_silent and self._by_leg.get(party.leg) is party:
            self.silent(party.leg)

    def _lose(self, party: Party) -> None:
        if party.line is not None:
            party.line.hang_up("lost")
        self.left(party.leg, "lost")

    # --- inside -----------------------------------------------------------------------------------

    def _keep(self, party: Party) -> None:
        assert party.leg not in self._by_leg, f"{party.leg} is taken"
        self._by_leg[party.leg] = party
        self._by_item.setdefault(party.item, []).append(party)

    def _forget(self, party: Party) -> None:
        del self._by_leg[party.leg]
        of_item = self._by_item[party.item]
        of_item.remove(party)
        if not of_item:
            del self._by_item[party.item]
        self._keypads.forget(party.leg)

    def _end_media(self, party: Party) -> None:
        # The recording first: the leg that is deleted is a channel of it.
        def delete() -> None:
            self._media.delete(call=party.item, leg=party.leg)

        if party.is_customer:
            self._recordings.stop(party.item, then=delete)
        else:
            delete()


def _gone(party: Party, reason: str) -> events.Event:
    if party.is_customer:
        return events.CustomerLeft(item=party.item, reason=reason)
    return events.PartyLeft(item=party.item, leg=party.leg, reason=reason)


def _language_of_number(floor_plan: plan.FloorPlan, called: str) -> str:
    clients = {client.key: client for client in floor_plan.clients}
    for number in floor_plan.numbers:
        if number.number == called:
            return clients[number.client].languages[0]
    return floor_plan.clients[0].languages[0]


def _language_of_item(floor: Floor, item: str) -> str:
    """Give the first language of the client for whom an item is."""
    known = floor.exchange.house.items.get(item)
    for client in floor.plan.clients:
        if known is not None and client.key == known.client:
            return client.languages[0]
    return floor.plan.clients[0].languages[0]
