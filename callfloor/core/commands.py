"""
What people ask of the exchange, each handed to the module that does it, if it means anything still.

Every command was checked before it was journaled and is checked here again: one that has become
void on its way passes without effect.
"""

from collections.abc import Callable
from typing import Any

from callfloor.core import (
    consults,
    events,
    helping,
    offers,
    outward,
    recording,
    refusals,
    seats,
    state,
    supervision,
    talks,
)

Handler = Callable[[Any], None]


class Commands:
    """The commands of agents and leaders."""

    __slots__ = ("_consults", "_house", "_leaders", "_offers", "_outward", "_recording", "_seats",
                 "_talks")  # fmt: skip

    def __init__(
        self,
        house: state.State,
        *,
        offers_: offers.Offers,
        talks_: talks.Talks,
        seats_: seats.Seats,
        consults_: consults.Consults,
        outward_: outward.Outward,
        recording_: recording.Recording,
        leaders: supervision.Supervision,
    ) -> None:
        self._house = house
        self._offers = offers_
        self._talks = talks_
        self._seats = seats_
        self._consults = consults_
        self._outward = outward_
        self._recording = recording_
        self._leaders = leaders

    def table(self) -> dict[type[Any], Handler]:
        """Give what each command does, behind its check."""
        plain: dict[type[Any], Handler] = {
            events.AgentSignedIn: self._signed_in,
            events.AgentSignedOut: self._signed_out,
            events.DeviceUp: self._device_up,
            events.ReadyAsked: self._ready_asked,
            events.AwayAsked: self._away_asked,
            events.HelpAsked: self._help_asked,
            events.OfferAnswered: self._answered,
            events.OfferDeclined: self._declined,
            events.HangUpAsked: self._hang_up,
            events.CallAsked: self._outward.call,
            events.CallbackArrived: self._outward.callback,
            events.ConsultEnded: lambda event: self._consults.end(self._consult(event)),
            events.TransferCompleted: lambda event: self._consults.complete(self._consult(event)),
            events.ConferenceAsked: lambda event: self._consults.confer(self._consult(event)),
            events.SuperviseAsked: self._supervise,
            events.SuperviseEnded: self._supervise_end,
            events.TakeOverAsked: self._take_over,
        }
        every = plain | {kind: self._on_work(do) for kind, do in self._of_works().items()}
        return {kind: self._checked(kind, every[kind]) for kind in every}

    def _of_works(self) -> dict[type[Any], Callable[[state.Work, Any], None]]:
        talks_, recording_ = self._talks, self._recording
        return {
            events.HoldAsked: lambda work, event: talks_.hold(work),
            events.ResumeAsked: lambda work, event: talks_.resume(work),
            events.MuteAsked: lambda work, event: talks_.mute(work, muted=event.muted),
            events.KeysAsked: lambda work, event: talks_.send_keys(work, event.count, event.sealed),
            events.TransferAsked: lambda work, event: talks_.transfer(
                work, event.queue, event.to_agent
            ),
            events.WrapUpExtended: lambda work, event: talks_.extend(work),
            events.WorkFinished: lambda work, event: talks_.finish(work, event.disposition),
            events.ConsultAsked: self._consults.ask,
            events.ConferenceLeft: lambda work, event: self._consults.leave(work),
            events.RecordingPauseAsked: lambda work, event: recording_.pause(work),
            events.RecordingResumeAsked: lambda work, event: recording_.resume(work.item),
            events.RecordingRefused: lambda work, event: recording_.refuse(
                work.item, by=event.agent
            ),
        }

    def _on_work(self, do: Callable[[state.Work, Any], None]) -> Handler:
        house = self._house

        def handle(event: Any) -> None:
            work = refusals.work_of(house, event.agent, event.item)
            assert work is not None, "checked by refusal"
            do(work, event)

        return handle

    def _checked(self, kind: type[Any], handler: Handler) -> Handler:
        """Let a command that means nothing any more pass without effect."""
        house, check = self._house, refusals.CHECKS[kind]

        def handle(event: Any) -> None:
            if check(house, event) is None:
                handler(event)

        return handle

    # --- seats ------------------------------------------------------------------------------------

    def _signed_in(self, event: events.AgentSignedIn) -> None:
        self._seats.sign_in(self._house.agents[event.agent], ready=event.ready)

    def _signed_out(self, event: events.AgentSignedOut) -> None:
        self._seats.sign_out(self._house.agents[event.agent])

    def _device_up(self, event: events.DeviceUp) -> None:
        self._seats.device_up(self._house.agents[event.agent], event.leg)

    def _ready_asked(self, event: events.ReadyAsked) -> None:
        self._seats.want_work(self._house.agents[event.agent], event.by)

    def _away_asked(self, event: events.AwayAsked) -> None:
        self._seats.want_away(self._house.agents[event.agent], event.reason, event.by)

    def _help_asked(self, event: events.HelpAsked) -> None:
        agent = self._house.agents[event.agent]
        if event.on:
            helping.ask(self._house, agent)
        else:
            cause = "answered" if event.by else "taken_back"
            helping.over(self._house, agent, cause, by=event.by)

    # --- what rings -------------------------------------------------------------------------------

    def _answered(self, event: events.OfferAnswered) -> None:
        offer = self._offer(event)
        match offer.kind:
            case "consult":
                self._consults.offer_answered(offer)
            case "colleague":
                self._outward.offer_answered(offer)
            case "callback":
                self._outward.take(offer)
            case _:
                self._talks.answer(offer)

    def _declined(self, event: events.OfferDeclined) -> None:
        self._offers.decline(self._offer(event))

    def _offer(self, event: Any) -> state.Offer:
        offer = self._house.agents[event.agent].offer
        assert offer is not None, "checked by refusal"
        self._house.in_hand = offer.item.id
        return offer

    # --- calls ------------------------------------------------------------------------------------

    def _hang_up(self, event: events.HangUpAsked) -> None:
        work = refusals.work_of(self._house, event.agent, event.item)
        assert work is not None, "checked by refusal"
        if work.phase == "dialing":
            self._outward.give_up(work)
        elif work.part == "serves" or work.item.direction == "internal":
            self._talks.hang_up(work)
        else:
            self._consults.leave(work)

    def _consult(self, event: Any) -> state.Consult:
        consult = self._house.items[event.item].consult
        assert consult is not None, "checked by refusal"
        return consult

    # --- leaders ----------------------------------------------------------------------------------

    def _supervise(self, event: events.SuperviseAsked) -> None:
        work = refusals.work_of(self._house, event.of, event.item)
        assert work is not None, "checked by refusal"
        self._leaders.begin(self._house.agents[event.agent], work, event.mode)

    def _supervise_end(self, event: events.SuperviseEnded) -> None:
        self._leaders.end(self._house.agents[event.agent])

    def _take_over(self, event: events.TakeOverAsked) -> None:
        self._leaders.take_over(self._house.agents[event.agent])
