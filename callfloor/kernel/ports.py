"""
What records, departments and pages ask of the processes beyond the records.

The composition root joins an implementation at the start; a test joins a fake.
Refuses: to know how a port is reached.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from callfloor.core.events import Event


class Floor(Protocol):
    """
    The floor, as it is asked from a thread.

    Each raises link.FloorAway if there is no answer and link.FloorRefused if the answer is no.
    """

    def command(self, *, by: str, event: Event, keys: str | None = None) -> int:
        """Journal a person's command, with the keys of a KeysAsked; give its journal number."""
        ...

    def device(self, *, agent: str, kind: str, sdp: str) -> dict[str, Any]:
        """Offer an agent's audio; the answer has `leg` and `sdp`."""
        ...

    def call(
        self, *, called: str, sdp: str, number: str | None = None, name: str | None = None
    ) -> dict[str, Any]:
        """Call the centre from a browser; the answer has `item`, `leg` and `sdp`."""
        ...

    def key(self, *, item: str, digit: str) -> None:
        """Press a key on the browser caller's keypad."""
        ...

    def hang_up(self, *, item: str) -> None:
        """End the browser caller's side."""
        ...

    def board(self) -> dict[str, Any]:
        """Give the view state that the floor keeps (core/board.py)."""
        ...


class Simulation(Protocol):
    """Something that is simulated in a process of its own."""

    @property
    def progress(self) -> float:
        """How far it is, 0 to 1."""
        ...

    @property
    def is_over(self) -> bool:
        """Whether the process has ended and all that it said was read."""
        ...

    @property
    def result(self) -> dict[str, Any] | None:
        """What came out; None before the end, and if nothing did."""
        ...

    @property
    def fault(self) -> str:
        """Why nothing came out, as a key that whoever asked knows; empty if something did."""
        ...

    def stop(self) -> None:
        """End the process now, and wait for it."""
        ...


class Twin(Protocol):
    """The twin of this centre, as it is asked by whoever may not import it."""

    def findings(self, *, text: str, file: str) -> list[dict[str, Any]]:
        """Say what is wrong with a file: `line`, `column`, `message`, `hint`, `severity`."""
        ...

    def begin(self, *, job: dict[str, Any]) -> Simulation:
        """Try a change in a process of its own; `job` is told in app/trial.py."""
        ...


Keys = tuple[str, ...]
"""The keys from the top of the centre's file to a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a change of the centre's file would do."""

    changes: tuple[tuple[Keys, Any, Any], ...] = ()
    """Where, before and after; None where nothing stands."""
    taken: tuple[tuple[str, str, str], ...] = ()
    """Rights that somebody loses: person, duty, permission."""
    given: tuple[tuple[str, str, str], ...] = ()
    """Rights that somebody gets."""
    findings: tuple[tuple[str, str, str], ...] = ()
    """Why it may not be: the place as `people.anna.team`, what is wrong, what to do."""


class Centre(Protocol):
    """The centre's file, as it is changed by whoever may not import it."""

    def look(self, *, based_on: str, edits: Mapping[Keys, Any]) -> Looked:
        """
        Say what some values would change; None takes one out. Nothing is written.

        Raises centre.overtaken if `based_on` holds no more.
        """
        ...

    def take(self, *, based_on: str, edits: Mapping[Keys, Any], by: str, now: datetime) -> str:
        """
        Make it so in records and on the floor, and give the version of the file.

        Raises centre.overtaken, centre.not_possible.
        """
        ...

    def between(self, *, before: str, after: str) -> Looked:
        """Say what a version of the file has changed since another."""
        ...


Health = Callable[[], dict[str, Any]]
"""
How the floor is, as it said last: its `health` message (link.md), `version` and `is_linked`.
"""


Standards = Callable[[str], Any]
"""What holds at a path of the centre's file where it says nothing; None if nothing does."""


Nudge = Callable[[Sequence[str]], None]
"""Tells the open pages of some people that something waits for them; it may reach nobody."""


IsHere = Callable[[str], bool]
"""Whether the customer of a written contact has its page open in this process."""


class _Joined:
    floor: Floor | None = None
    health: Health | None = None
    twin: Twin | None = None
    standards: Standards | None = None
    nudge: Nudge | None = None
    is_here: IsHere | None = None
    centre: Centre | None = None


def join(*, floor: Floor | None) -> None:
    """Say who answers for the floor in this process; None takes it away again."""
    _Joined.floor = floor


def floor() -> Floor:
    """Give the floor that was joined."""
    assert _Joined.floor is not None, "no floor was joined in this process"
    return _Joined.floor


def join_health(health: Health | None) -> None:
    """Say who knows how the floor is in this process; None takes it away again."""
    _Joined.health = health


def health() -> dict[str, Any]:
    """Give how the floor is; not linked if nobody knows."""
    return _Joined.health() if _Joined.health is not None else {"is_linked": False}


def join_twin(twin: Twin | None) -> None:
    """Say who answers for the twin in this process; None takes it away again."""
    _Joined.twin = twin


def twin() -> Twin:
    """Give the twin that was joined."""
    assert _Joined.twin is not None, "no twin was joined in this process"
    return _Joined.twin


def join_standards(standards: Standards | None) -> None:
    """Say who knows what holds where the centre's file is silent; None takes it away again."""
    _Joined.standards = standards


def standard(path: str) -> Any:
    """Give what holds at a path of the centre's file where it says nothing."""
    assert _Joined.standards is not None, "nobody who knows the standards was joined"
    return _Joined.standards(path)


def join_centre(centre: Centre | None) -> None:
    """Say who changes the centre's file in this process; None takes it away again."""
    _Joined.centre = centre


def centre() -> Centre:
    """Give who changes the centre's file."""
    assert _Joined.centre is not None, "nobody who changes the centre's file was joined"
    return _Joined.centre


def join_nudge(nudge: Nudge | None) -> None:
    """Say who reaches the open pages of this process; None takes it away again."""
    _Joined.nudge = nudge


def nudge(people: Sequence[str]) -> None:
    """Tell the open pages of some people that something waits for them; they find it anyway."""
    if _Joined.nudge is not None:
        _Joined.nudge(people)


def join_is_here(is_here: IsHere | None) -> None:
    """Say who knows which customers have their chat open; None takes it away again."""
    _Joined.is_here = is_here


def is_here(interaction: str) -> bool:
    """Say whether the customer of a written contact reads along; no if nobody knows."""
    return _Joined.is_here is not None and _Joined.is_here(interaction)
