"""
Trying a flow: what one caller does, step by step, and what must come of it.

The exchange of production decides, on the virtual clock: a case takes milliseconds, whatever the
caller waits. A case stops at the first thing that is not as it was written. Refuses to read files.
"""

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from callfloor.core import actions, facts, plan
from callfloor.twin import branches, scripted

MESSAGE_SECONDS = 10.0  # What a caller says to a machine if the script says nothing of it.
LISTENS_SECONDS_MAX = 3600.0  # Nobody listens longer for a prompt that does not come.


@dataclass(frozen=True, slots=True)
class Hears:
    """The caller listens until this is said."""

    prompt: str


@dataclass(frozen=True, slots=True)
class Presses:
    """He presses one key: now, if it means something now, else when he is next asked."""

    key: str


@dataclass(frozen=True, slots=True)
class Types:
    """He types digits when he is next asked for some; `#` at the end sends them."""

    digits: str


@dataclass(frozen=True, slots=True)
class Silence:
    """He hears out what is said, and then does nothing for so long."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Waits:
    """He comes to this queue."""

    queue: str


@dataclass(frozen=True, slots=True)
class Says:
    """He leaves a message of so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class HangsUp:
    """He hangs up."""


Move = Hears | Presses | Types | Silence | Waits | Says | HangsUp


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What must be true at the end; None asks nothing."""

    queue: str | None = None
    """The queue in which he waits."""
    outcome: str | None = None
    """The final state of the call, as in `facts.Closed`."""
    language: str | None = None
    recorded: bool | None = None
    """Whether a talk would be recorded."""
    choices: tuple[str, ...] | None = None
    """What he chose, in order."""
    reason: str | None = None
    """Why the last menu gave up: wrong_input or silence."""
    typed: tuple[tuple[str, int], ...] | None = None
    """Label and number of digits that the agent's screen shows, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One call."""

    number: str
    at: float
    """UTC seconds."""
    known: bool = False
    """Whether the records know the caller."""
    speaks: str | None = None
    """The language in which they know him."""
    emergencies: tuple[str, ...] = ()
    """What a leader has switched on before the call."""
    moves: tuple[Move, ...] = ()
    wanted: Wanted = Wanted()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """The first thing that was not as it was written."""

    move: int | None
    """The index of the move; None for what must be true at the end."""
    about: str
    """The kind of move or the name of the wish."""
    expected: str
    happened: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of a case."""

    flow: str | None
    """None if the number is not known."""
    walked: tuple[branches.Branch, ...]
    heard: tuple[str, ...]
    queue: str | None
    """Where the call waits at the end."""
    outcome: str | None
    deviation: Deviation | None


class _Deviated(Exception):
    def __init__(self, expected: str, happened: str) -> None:
        super().__init__(expected, happened)
        self.expected = expected
        self.happened = happened


def attempt(
    case: Case, *, floor_plan: plan.FloorPlan, prompts: dict[str, float] | None = None
) -> Tried:
    """Make one call as the case says; `prompts` are lengths in seconds."""
    empty = dataclasses.replace(floor_plan, agents=())  # Nobody is seated, so nobody is needed.
    caller = scripted.Scripted(
        plan=empty, at=case.at, known=case.known, speaks=case.speaks, prompts=prompts or {}
    )
    for emergency in case.emergencies:
        caller.switch_on(emergency)
    caller.call(case.number)
    deviation = _follow(_Script(caller), case)
    flow_key = next((f.flow for f in caller.told if isinstance(f, facts.Arrived)), None)
    of = next((each for each in floor_plan.flows if each.key == flow_key), None)
    closed = caller.ended()
    return Tried(
        flow=flow_key,
        walked=branches.walked(of, caller.told) if of is not None else (),
        heard=tuple(caller.heard),
        queue=caller.queue(),
        outcome=closed.outcome if closed is not None else None,
        deviation=deviation,
    )


def _follow(script: "_Script", case: Case) -> Deviation | None:
    for index, move in enumerate(case.moves):
        try:
            script.do(move)
        except _Deviated as error:
            return _deviation(index, type(move).__name__.lower(), error)
    for name, check in script.checks(case.wanted):
        try:
            check()
        except _Deviated as error:
            return _deviation(None, name, error)
    return None


def _deviation(move: int | None, about: str, error: _Deviated) -> Deviation:
    return Deviation(move=move, about=about, expected=error.expected, happened=error.happened)


class _Script:
    """The moves of one case, done on one call."""

    def __init__(self, caller: scripted.Scripted) -> None:
        self._caller = caller
        self._heard = 0
        """How much of what was said lies behind the caller."""
        self._doing: dict[type[Any], Callable[[Any], None]] = {
            Hears: self._hears,
            Presses: self._presses,
            Types: self._types,
            Silence: self._silence,
            Waits: self._waits,
            Says: self._says,
            HangsUp: self._hangs_up,
        }

    def do(self, move: Move) -> None:
        """Do one move."""
        self._doing[type(move)](move)

    # --- moves ------------------------------------------------------------------------------------

    def _hears(self, move: Hears) -> None:
        caller, until = self._caller, self._caller.now + LISTENS_SECONDS_MAX
        while move.prompt not in caller.heard[self._heard :]:
            waits = caller.queue() is not None and caller.now < until
            if (caller.rests() and not waits) or not caller.step():
                raise _Deviated(f"to hear `{move.prompt}`", self._instead())
        self._heard += caller.heard[self._heard :].index(move.prompt) + 1

    def _presses(self, move: Presses) -> None:
        caller = self._caller
        if not caller.listen(lambda: self._takes(move.key)) or caller.asks is None:
            raise _Deviated(f"to be asked for a key, to press {move.key}", self._stands())
        self._heard = len(caller.heard)
        if caller.asks.digits_max:
            caller.type(move.key)
        else:
            caller.press(_meaning(caller.asks, move.key))

    def _takes(self, key: str) -> bool:
        """Say whether this moment is the one for a key."""
        asks = self._caller.asks
        if asks is None or self._caller.item is None or self._caller.has_typed():
            return False
        return not asks.ahead or _meaning(asks, key) is not None

    def _types(self, move: Types) -> None:
        caller = self._caller
        found = caller.listen(lambda: caller.asks is not None and caller.asks.digits_max > 0)
        if not found:
            raise _Deviated("to be asked for digits", self._stands())
        self._heard = len(caller.heard)
        caller.type(move.digits)

    def _silence(self, move: Silence) -> None:
        caller = self._caller
        caller.listen(caller.rests)
        if caller.item is None:
            raise _Deviated("to be on the line still", self._stands())
        self._heard = len(caller.heard)
        if caller.is_recorded():
            caller.speak(0.0)
        else:
            caller.pass_time(move.seconds)

    def _waits(self, move: Waits) -> None:
        caller = self._caller
        caller.listen(lambda: caller.queue() is not None)
        if caller.queue() != move.queue:
            raise _Deviated(f"to wait in queue `{move.queue}`", self._stands())

    def _says(self, move: Says) -> None:
        caller = self._caller
        if not caller.listen(caller.is_recorded):
            raise _Deviated("to be asked for a message", self._stands())
        caller.speak(move.seconds)

    def _hangs_up(self, move: HangsUp) -> None:
        if self._caller.item is None:
            raise _Deviated("to be on the line still", self._stands())
        self._caller.hang_up()

    # --- what must be true at the end -------------------------------------------------------------

    def checks(self, wanted: Wanted) -> Iterator[tuple[str, Callable[[], None]]]:
        """Give the checks of what is wanted, in a steady order."""
        if wanted.queue is not None or wanted.outcome is not None:
            yield "ends", partial(self._ends, wanted)
        for name, value, found in (
            ("language", wanted.language, self._language),
            ("recorded", wanted.recorded, self._recorded),
            ("choices", wanted.choices, self._choices),
            ("reason", wanted.reason, self._reason),
            ("typed", wanted.typed, self._typed),
        ):
            if value is not None:
                yield name, partial(_compare, value, found)

    def _ends(self, wanted: Wanted) -> None:
        caller = self._caller
        caller.listen(lambda: False)
        if caller.is_recorded():
            caller.speak(MESSAGE_SECONDS)
        closed = caller.ended()
        if (caller.queue(), closed and closed.outcome) != (wanted.queue, wanted.outcome):
            raise _Deviated(_end(wanted), self._stands())

    def _language(self) -> str:
        told = self._caller.told
        languages = [f.language for f in told if isinstance(f, facts.Arrived | facts.LanguageSet)]
        return languages[-1]

    def _recorded(self) -> bool:
        given = [fact for fact in self._caller.told if isinstance(fact, facts.NoticeGiven)]
        return bool(given) and not given[-1].refused

    def _choices(self) -> tuple[str, ...]:
        chose = (fact for fact in self._caller.told if isinstance(fact, facts.Chose))
        return tuple(fact.choice for fact in chose if fact.choice is not None)

    def _reason(self) -> str | None:
        chose = [fact for fact in self._caller.told if isinstance(fact, facts.Chose)]
        return chose[-1].reason if chose else None

    def _typed(self) -> tuple[tuple[str, int], ...]:
        typed = (fact for fact in self._caller.told if isinstance(fact, facts.Typed))
        return tuple((fact.label, fact.count) for fact in typed)

    # --- what happened instead --------------------------------------------------------------------

    def _instead(self) -> str:
        said = self._caller.heard[self._heard :]
        heard = f"heard {', '.join(f'`{each}`' for each in said)}; " if said else ""
        return f"{heard}{self._stands()}"

    def _stands(self) -> str:
        caller = self._caller
        closed, queue, item = caller.ended(), caller.queue(), caller.item
        if closed is not None:
            return f"the call is over: {closed.outcome}"
        if item is None:
            return "the number is not known"
        if queue is not None:
            return f"the call waits in queue `{queue}`"
        step = item.step.key if item.step is not None else "its beginning"
        if caller.is_recorded():
            return f"a message is taken at `{step}`"
        if caller.is_asked():
            return f"the caller is asked at `{step}`, and the test does not say what he does"
        return f"the call is at `{step}`"


def _meaning(asks: actions.Collect, key: str) -> str | None:
    return next((choice.name for choice in asks.choices if choice.digit == key), None)


def _end(wanted: Wanted) -> str:
    if wanted.queue is not None:
        return f"to wait in queue `{wanted.queue}`"
    return f"to end as {wanted.outcome}"


def _compare(wanted: object, find: Callable[[], object]) -> None:
    found = find()
    if wanted != found:
        raise _Deviated(_plain(wanted), _plain(found))


def _plain(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case None | ():
            return "nothing"
        case tuple():
            return ", ".join(each if isinstance(each, str) else _pair(each) for each in value)
    return str(value)


def _pair(pair: tuple[str, int]) -> str:
    return f"{pair[0]} with {pair[1]} digits"
