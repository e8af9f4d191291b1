"""
The steps around an agent: what a caller hears, chooses and types, one step after the other.

A call keeps the version of the flow that it began with. Everything that waits for the caller has
a lease of its own, counted by the exchange: a flow goes on even if nobody ever reports anything.

What is written goes through the same steps without a sound and never waits in one: what would be
said or asked is passed over, a menu is left by its `otherwise`, and who is to leave a message has
left it already.
"""

from collections.abc import Callable
from typing import Any

from callfloor.core import (
    actions,
    audio,
    callbacks,
    closing,
    emergencies,
    facts,
    opening,
    plan,
    record,
    state,
    waiting,
)

_step_entered = record.maker(facts.StepEntered)

STEPS_MAX = 200  # Steps without a pause; more is a circle that the blueprint should have refused.
FLUSH_SECONDS = 1.0  # How long typed digits may take to be reported once they were asked for.
MESSAGE_MARGIN_SECONDS = 5.0  # How late the end of a message of full length may be reported.
MESSAGE_SECONDS_MIN = 1.0  # A shorter one is somebody who hangs up on the beep.
# Between these keys are kept, so that who knows the menus may type ahead; elsewhere nobody asks.
LISTENING = (
    plan.Say,
    plan.Notice,
    plan.Menu,
    plan.Ask,
    plan.Hours,
    plan.Speak,
    plan.ByLanguage,
)
REFUSED = "refuse"  # The name of the choice not to be recorded.


class Flows:
    """Every call that is at a step of its flow."""

    __slots__ = ("_audio", "_closing", "_enter", "_house", "callbacks", "waiting")

    waiting: waiting.Waiting
    """Set by the exchange: queue and flow lead into one another."""
    callbacks: callbacks.Callbacks
    """Set by the exchange likewise."""

    def __init__(self, house: state.State, audio_: audio.Audio, closing_: closing.Closing) -> None:
        self._house = house
        self._audio = audio_
        self._closing = closing_
        self._enter: dict[type[Any], Callable[[state.Item, Any], str | None]] = {
            plan.Say: self._say,
            plan.Notice: self._notice,
            plan.Hours: self._hours,
            plan.Menu: self._menu,
            plan.Ask: self._ask,
            plan.Speak: self._speak,
            plan.ByLanguage: self._by_language,
            plan.Enqueue: self._enqueue,
            plan.TakeMessage: self._take_message,
            plan.AskCallback: self._ask_callback,
            plan.End: self._end,
        }

    def start(self, item: state.Item) -> None:
        """Bring an item to the first step of its flow."""
        self.go(item, item.flow.first)

    def go(self, item: state.Item, step_key: str) -> None:
        """Enter a step, and those after it that need nobody; an emergency is heard before it."""
        self._walk(item, emergencies.before(self._house, item, step_key))

    def _walk(self, item: state.Item, step: plan.Step) -> None:
        first = step.key
        for _ in range(STEPS_MAX):
            item.gen += 1
            item.step = step
            if not isinstance(step, LISTENING):
                self._stop_listening(item)
            self._house.tell(_step_entered(item=item.id, client=item.client, step=step.key))
            following = self._enter[type(step)](item, step)
            if following is None:
                return
            step = item.flow.steps[following]
        raise AssertionError(f"flow {item.flow.key} goes in a circle at {first}")

    def leave_queue(self, item: state.Item, step_key: str) -> None:
        """Take an item out of its queue and on to a step, which tells how the wait ended."""
        entry = item.entry
        assert entry is not None, "only who waits can leave a queue"
        self._stop_listening(item)
        self._audio.stop(item)
        step = item.flow.steps[step_key]
        match self._meant(item, step):
            case plan.AskCallback():
                self.waiting.leave(entry, "callback_asked")
            case plan.TakeMessage():
                self.waiting.stop_waiting(entry)
                item.leaving = entry
            case _:
                self.waiting.leave(entry, "diverted")
                self.go(item, step_key)
                return
        self._walk(item, step)  # He leaves word: what he came for is done, whatever has happened.

    # --- what the caller does ---------------------------------------------------------------------

    def choose(
        self, item: state.Item, step_key: str, name: str | None, sealed: str | None = None
    ) -> None:
        """Take a key that the caller pressed, if it was meant for the step in hand."""
        step = item.step
        if step is None or step.key != step_key or not item.collecting:
            return
        match step:
            case plan.Menu():
                self._choose_from(item, step, name, sealed)
            case plan.Enqueue():
                self._choose_to_leave(item, step, name)
            case plan.Notice() if name == REFUSED:
                self._audio.stop(item)
                self._noticed(item, step, refused=True)
            case _:  # A key that means nothing here.
                pass

    def digits(self, item: state.Item, step_key: str, count: int, sealed: str | None) -> None:
        """Take the digits that the caller typed, if the step in hand asked for them."""
        step = item.step
        if not isinstance(step, plan.Ask) or step.key != step_key or not item.collecting:
            return
        self._audio.stop(item)
        self._stop_listening(item)
        self._typed(item, step.label, count, sealed)
        self.go(item, step.next)

    def _typed(self, item: state.Item, label: str, count: int, sealed: str | None) -> None:
        """Tell what the caller typed, if anything."""
        if count:
            self._house.tell(
                facts.Typed(
                    item=item.id, client=item.client, label=label, count=count, sealed=sealed
                )
            )

    def message_ended(self, item: state.Item, seconds: float) -> None:
        """Take note of the message, and end the call."""
        if item.message_since is None:
            return
        self.end_message(item, seconds)
        self._closing.hang_up(item, "normal")

    def end_message(self, item: state.Item, seconds: float) -> None:
        """Settle what a message came to; the call is yet to be ended."""
        item.message_since = None
        item.gen += 1
        said = seconds > 0
        if item.leaving is not None:
            self.waiting.settle(item.leaving, "message_left" if said else "diverted")
            item.leaving = None
        item.outcome = "message_left" if said else "left_in_flow"
        self._closing.message_seconds(item, seconds if said else None)

    # --- steps: each returns the step after it, or None if it waits for something -----------------

    def _say(self, item: state.Item, step: plan.Say) -> str | None:
        if item.channel != "call":
            return step.next
        self._listen(item, (), ahead=True)
        self._audio.play(item, (step.prompt,), self._said)
        return None

    def _said(self, item: state.Item, heard: bool) -> None:
        step = item.step
        assert isinstance(step, plan.Say), "a prompt ends in the step that it belongs to"
        self.go(item, step.next)

    def _notice(self, item: state.Item, step: plan.Notice) -> str | None:
        if item.channel != "call":
            return step.next
        refuse = step.refuse_key
        refusal = plan.Choice(digit=refuse, name=REFUSED, next=step.next) if refuse else None
        self._listen(item, (refusal,) if refusal else (), ahead=True)
        self._audio.play(item, (step.prompt,), self._notice_ended)
        return None

    def _notice_ended(self, item: state.Item, heard: bool) -> None:
        step = item.step
        assert isinstance(step, plan.Notice), "a prompt ends in the step that it belongs to"
        if heard:
            self._noticed(item, step, refused=False)
            return
        # Nobody can say that the caller has heard it, so nothing will be recorded.
        self._house.alarm("notice_not_heard", f"{item.id} is not recorded: {step.prompt}")
        self.go(item, step.next)

    def _noticed(self, item: state.Item, step: plan.Notice, *, refused: bool) -> None:
        source = "key" if refused else "known" if item.unrecorded else None
        refused = refused or item.unrecorded
        item.unrecorded, item.recordable = refused, not refused
        self._house.tell(
            facts.NoticeGiven(item=item.id, client=item.client, refused=refused, source=source)
        )
        self.go(item, step.next)

    def _hours(self, item: state.Item, step: plan.Hours) -> str | None:
        wall = self._house.now + self._house.clock_offset
        calendar = self._house.lookup.calendars[step.calendar]
        return step.open if calendar.is_open(wall) else step.closed

    def _speak(self, item: state.Item, step: plan.Speak) -> str | None:
        item.language = step.language
        item.language_chosen = True
        self._house.tell(
            facts.LanguageSet(item=item.id, client=item.client, language=step.language)
        )
        return step.next

    def _meant(self, item: state.Item, step: plan.Step) -> plan.Step:
        """Give the step to which a step leads in the language of the call; itself if to none."""
        for _ in range(STEPS_MAX):
            if not isinstance(step, plan.ByLanguage):
                return step
            step = item.flow.steps[_way(item, step) or step.otherwise]
        raise AssertionError(f"flow {item.flow.key} goes in a circle at {step.key}")

    def _by_language(self, item: state.Item, step: plan.ByLanguage) -> str | None:
        way = _way(item, step)
        self._house.tell(
            facts.Branched(
                item=item.id,
                client=item.client,
                step=step.key,
                language=item.language,
                to=way or step.otherwise,
                otherwise=way is None,
            )
        )
        return way or step.otherwise

    def _menu(self, item: state.Item, step: plan.Menu) -> str | None:
        if item.channel != "call":
            return step.otherwise
        item.tries_left = step.tries
        self._listen(item, step.choices)
        self._audio.play(item, (step.prompt,), self._menu_said)
        return None

    def _menu_said(self, item: state.Item, heard: bool) -> None:
        step = item.step
        assert isinstance(step, plan.Menu), "a prompt ends in the step that it belongs to"
        item.gen += 1
        self._house.timers.arm(self._house.now + step.wait_seconds, self._menu_silence, item)

    def _menu_silence(self, item: state.Item) -> None:
        step = item.step
        assert isinstance(step, plan.Menu), "a lease ends with its step"
        self._try_again(item, step, "silence")

    def _choose_from(
        self, item: state.Item, step: plan.Menu, name: str | None, sealed: str | None
    ) -> None:
        for choice in step.choices:
            if choice.name == name:
                self._chose(item, step.key, choice.name)
                if sealed is not None:  # The agent sees the key beside its meaning.
                    self._typed(item, choice.name, 1, sealed)
                self._audio.stop(item)
                self.go(item, choice.next)
                return
        self._try_again(item, step, "wrong_input")

    def _try_again(self, item: state.Item, step: plan.Menu, reason: str) -> None:
        item.gen += 1
        item.tries_left -= 1
        if item.tries_left > 0:
            self._audio.play(item, (step.prompt,), self._menu_said)
            return
        self._chose(item, step.key, None, reason)
        self._audio.stop(item)
        self.go(item, step.otherwise)

    def _chose(
        self, item: state.Item, step: str, choice: str | None, reason: str | None = None
    ) -> None:
        self._house.tell(
            facts.Chose(item=item.id, client=item.client, step=step, choice=choice, reason=reason)
        )

    def _ask(self, item: state.Item, step: plan.Ask) -> str | None:
        if item.channel != "call":
            return step.next
        item.collecting = True
        self._house.act(
            actions.Collect(item=item.id, leg=item.leg, step=step.key, digits_max=step.digits_max)
        )
        self._audio.play(item, (step.prompt,), self._asked)
        return None

    def _asked(self, item: state.Item, heard: bool) -> None:
        step = item.step
        assert isinstance(step, plan.Ask), "a prompt ends in the step that it belongs to"
        item.gen += 1
        self._house.timers.arm(self._house.now + step.wait_seconds, self._ask_flush, item)

    def _ask_flush(self, item: state.Item) -> None:
        """Ask for what was typed so far, and wait for the report only so long."""
        self._house.act(actions.StopCollect(item=item.id, leg=item.leg, flush=True))
        item.gen += 1
        self._house.timers.arm(self._house.now + FLUSH_SECONDS, self._ask_over, item)

    def _ask_over(self, item: state.Item) -> None:
        step = item.step
        assert isinstance(step, plan.Ask), "a lease ends with its step"
        item.collecting = False
        self.go(item, step.next)

    def _enqueue(self, item: state.Item, step: plan.Enqueue) -> str | None:
        if self.waiting.is_full(step.queue) and item.channel not in plan.DEFERRED:
            item.last_queue = step.queue
            item.outcome = "refused_no_capacity"
            self._closing.hang_up(item, "no_capacity")
            return None
        born_at = item.arrived_at
        if item.stands_for:
            born_at = self.callbacks.place_of(item, step.queue)
        entry = self.waiting.enter(item, step.queue, born_at=born_at, preferred=item.preferred)
        self.waiting.listen(entry, step)
        return None

    def _choose_to_leave(self, item: state.Item, step: plan.Enqueue, name: str | None) -> None:
        for choice in step.leave:
            if choice.name == name and item.entry is not None:
                self._chose(item, step.key, choice.name)
                self.leave_queue(item, choice.next)
                return

    def _take_message(self, item: state.Item, step: plan.TakeMessage) -> str | None:
        if step.queue is not None:
            item.last_queue = step.queue
        if item.channel != "call":
            self._leave_written(item)
            return None
        self._audio.play(item, (step.prompt,), self._message_asked)
        return None

    def _leave_written(self, item: state.Item) -> None:
        """Let stand as a message what was written; nobody is given it any more."""
        if item.leaving is not None:
            self.waiting.settle(item.leaving, "message_left")
            item.leaving = None
        item.outcome = "message_left"
        self._closing.hang_up(item, "normal")

    def _message_asked(self, item: state.Item, heard: bool) -> None:
        step = item.step
        assert isinstance(step, plan.TakeMessage), "a prompt ends in the step that it belongs to"
        house = self._house
        item.message_since = house.now
        item.gen += 1
        house.act(actions.RecordMessage(item=item.id, leg=item.leg, seconds_max=step.seconds_max))
        due = house.now + step.seconds_max + MESSAGE_MARGIN_SECONDS
        house.timers.arm(due, self._message_over, item)

    def _message_over(self, item: state.Item) -> None:
        assert item.message_since is not None, "a lease ends with its step"
        self.message_ended(item, self._house.now - item.message_since - MESSAGE_MARGIN_SECONDS)

    def _ask_callback(self, item: state.Item, step: plan.AskCallback) -> str | None:
        item.last_queue = step.queue
        item.outcome = "callback_asked"
        told = (step.prompt, *opening.words(self._house, self._house.lookup.queues.get(step.queue)))
        self._audio.play(item, told, self._last_words)
        return None

    def _end(self, item: state.Item, step: plan.End) -> str | None:
        item.outcome = step.outcome
        prompts = () if step.prompt is None else (step.prompt,)
        self._audio.play(item, prompts, self._last_words)
        return None

    def _last_words(self, item: state.Item, heard: bool) -> None:
        self._closing.hang_up(item, "normal")

    # --- keys -------------------------------------------------------------------------------------

    def _listen(
        self, item: state.Item, choices: tuple[plan.Choice, ...], *, ahead: bool = False
    ) -> None:
        assert item.step is not None, "keys are listened for by a step"
        item.collecting = True
        key = item.step.key
        self._house.act(
            actions.Collect(item=item.id, leg=item.leg, step=key, choices=choices, ahead=ahead)
        )

    def _stop_listening(self, item: state.Item) -> None:
        if item.collecting:
            item.collecting = False
            self._house.act(actions.StopCollect(item=item.id, leg=item.leg))


def _way(item: state.Item, step: plan.ByLanguage) -> str | None:
    """Give the step of the call's language; None if it has no way of its own."""
    return next((to for language, to in step.ways if language == item.language), None)
