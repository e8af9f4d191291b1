"""
What only `callfloor demo` uses: made-up people, how busy they are, where calls out end.

Refuses: anything that a real centre reads.
"""

from typing import Annotated

from pydantic import Field

from callfloor.blueprint.schema.parts import Key, Part, Words


class DemoProvider(Part):
    """The made-up provider of the demo: what becomes of a number that an agent calls."""

    answers: Annotated[list[str], Field(min_length=1)]
    """Numbers that answer and talk."""
    busy: list[str] = []
    """Numbers that are busy."""
    silent: list[str] = []
    """Numbers that ring and that nobody answers."""


class DemoPerson(Part):
    """A made-up person of the demo."""

    name: Words
    password: str | None = None
    """Given for seats that a newcomer may take; everybody else is simulated."""
    phone_password: str | None = None
    """The password of this seat's telephones; it is printed, so never use it elsewhere."""


class Demo(Part):
    """What only `callfloor demo` uses: made-up people and how busy the simulated day is."""

    people: dict[Key, DemoPerson]
    seconds_between_calls: Annotated[float, Field(gt=0)] = 8.0
    """Mean time between two simulated callers."""
    talk_seconds: Annotated[float, Field(gt=0)] = 28.0
    """Median time that a simulated agent talks."""
    patience_seconds: Annotated[float, Field(gt=0)] = 60.0
    """Mean time that a simulated caller waits before he hangs up."""
    seconds_between_chats: Annotated[float, Field(ge=40)] = 75.0
    """Mean time between two simulated chats; one address may begin two a minute."""
    seconds_between_mails: Annotated[float, Field(gt=0)] = 120.0
    """Mean time between two simulated mails to addresses that no mailbox of this file has."""
    provider: DemoProvider | None = None
    """Where calls out end; it answers the first trunk that has a `uri`."""
