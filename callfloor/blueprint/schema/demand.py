"""
Who contacts the centre when, how long the work takes, and who sits there: the twin's people.

Measured by calibration (`callfloor calibrate`) or written down as a first guess.
"""

from typing import Annotated

from pydantic import Field

from callfloor.blueprint.schema.parts import Days, DutyKey, Key, Money, Part, Period, Share

Seconds = Annotated[float, Field(gt=0, le=86_400)]
Spread = Annotated[float, Field(ge=0, le=5)]
"""Standard deviation over mean."""
Weight = Annotated[float, Field(ge=0)]


class NumberDemand(Part):
    """Who dials one number."""

    contacts_day: Annotated[float, Field(ge=0, le=1_000_000)]
    """First calls on a usual day; who gave up and calls again comes on top."""
    weekdays: dict[Days, Weight] = {}
    """Factors by days, as `mon: 1.3`; a day that is not named has 1."""
    hours: dict[Period, Weight] = {}
    """How busy an hour within the period is, against the others; empty is all day alike."""
    day_spread: Spread = 0.1
    """How much one day differs from another of the same kind."""
    choices: dict[Key, dict[Key, Weight]] = {}
    """By step of the flow: what callers choose, and how often against the others."""
    patience_seconds: Seconds = 180.0
    """Mean time that a caller waits in a queue before he gives up."""
    repeat_share: Share = 0.3
    """How many of those who gave up call again."""
    repeat_after_seconds: Seconds = 900.0
    """When they do so, in the mean."""
    known_share: Share = 0.5
    """How many callers the records know."""


class QueueDemand(Part):
    """How long the work of one queue takes."""

    handling_seconds: Seconds = 240.0
    """Mean talk with holds; of a text, what it takes with nothing else in hand."""
    handling_spread: Spread = 0.6
    """How much one talk differs from another: standard deviation over mean."""
    wrap_up_seconds: Annotated[float, Field(ge=0, le=3_600)] = 20.0
    """Mean time for the note afterwards."""
    newcomer_factor: Annotated[float, Field(ge=0.2, le=5)] = 1.0
    """How much longer it takes at skill level 1 than at level 5, whose time is told above."""
    skills: list[Key] = []
    """The skills that count for it; empty means those of the queue's first tier."""


class Shift(Part):
    """When somebody sits there."""

    people: list[Key] = []
    """Persons; beside them everybody of `teams`."""
    teams: list[Key] = []
    """Teams, all of them."""
    days: Annotated[list[Days], Field(min_length=1)] = ["mon-fri"]
    """On which days."""
    hours: Period
    """From and to; `22:00-06:00` is one shift that ends on the day after those of `days`."""
    breaks: list[Period] = []
    """Within the hours, also after midnight; taken when the work in hand is done."""


class Demand(Part):
    """Everybody and everything that the twin simulates."""

    numbers: dict[str, NumberDemand] = {}
    """By number, as in `numbers`; one that is not here is not called."""
    queues: dict[Key, QueueDemand] = {}
    """By queue; one that is not here takes the defaults."""
    steps: dict[DutyKey, QueueDemand] = {}
    """By `flow.step` that queues; it goes before what is told of the step's queue."""
    shifts: list[Shift] = []
    """Without any everybody sits there whenever a number may be busy."""
    absence_share: Share = 0.05
    """How many of the planned are not there on a day: ill, late, called away."""
    miss_share: Share = 0.02
    """How many offers ring out."""
    answer_seconds: Seconds = 3.0
    """Mean time until what rings is answered."""
    reached_share: Share = 0.8
    """How many calls back their customer picks up; the others ring out, and are tried again."""
    slowing: Annotated[float, Field(ge=0, le=2)] = 0.25
    """
    How much longer a chat, or another text, takes for each further contact that its agent has in
    hand: 0 is nothing, with 1 a second chat makes each take twice as long.
    """
    cost_hour: Money | None = None
    """What an hour of an agent costs."""
