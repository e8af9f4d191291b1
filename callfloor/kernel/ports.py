"""
What records, departments and pages ask of the processes beyond the records.

The composition root joins an implementation at the start; a test joins a fake.
Refuses: to know how a port is reached.
"""

from collections.abc import Callable
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


Health = Callable[[], dict[str, Any]]
"""
How the floor is, as it said last: its `health` message (link.md), `version` and `is_linked`.
"""


class _Joined:
    floor: Floor | None = None
    health: Health | None = None


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
