"""
The catalogue: every figure there is, with its formula in words and as a function.

A definition that changes gets a new version from a day on; older days keep theirs unless somebody
asks for the new one. Refuses: reading rows. That does `reading`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.kpis import Unit
from callfloor.records.interactions.queries import Behind
from callfloor.records.metrics import rules
from callfloor.records.metrics.rules import Sums

VERSION = 1
"""Of the catalogue as a whole; it grows when any definition in it changes."""
Needs = Literal["waits", "work", "seats", "first", "cases", "promises"]


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One version of one figure."""

    key: str
    name: Any
    formula: Any
    """One sentence: what is counted, divided by what."""
    unit: Unit
    needs: tuple[Needs, ...]
    """Which sums it is made of."""
    compute: Callable[[Sums], float | None]
    behind: Behind | None = None
    """Which interactions it counts; None if it counts none, as time that agents were ready."""
    counts_cases: bool = False
    """Whether it counts cases, so that what is behind it is a list of these."""
    version: int = 1
    since: date | None = None
    """The first day that this version holds for; None from the beginning."""

    @property
    def opens(self) -> bool:
        """Say whether there is a list of what it counts."""
        return self.behind is not None or self.counts_cases


class Unknown(LookupError):
    """There is no such figure: a fault of ours."""


def metric(key: str, *, day: date | None = None, version: int | None = None) -> Metric:
    """Give a figure as it was defined on a day, or in a version; else as it is defined now."""
    if key not in _BY_KEY:
        raise Unknown(key)
    return chosen(_BY_KEY[key], day=day, version=version)


def chosen(
    versions: Sequence[Metric], *, day: date | None = None, version: int | None = None
) -> Metric:
    """Choose among the versions of one figure, which stand from the oldest on."""
    if version is not None:
        return next(each for each in versions if each.version == version)
    if day is None:
        return versions[-1]
    held = [each for each in versions if each.since is None or each.since <= day]
    return held[-1] if held else versions[0]


def metrics() -> tuple[Metric, ...]:
    """Give all figures as they are defined now, in the order in which they are read."""
    return tuple(versions[-1] for versions in _BY_KEY.values())


def _waits(
    *outcomes: str,
    short: bool | None = None,
    within_goal: bool | None = None,
    first: bool = False,
) -> Behind:
    return Behind(of="waits", outcomes=outcomes, short=short, within_goal=within_goal, first=first)


_ABANDONED = "abandoned_in_queue"
_ALL = (
    Metric(
        key="contacts",
        name=_("Contacts"),
        formula=_(
            "Interactions by the queue in which they waited first; whoever is transferred "
            "counts once."
        ),
        unit="count",
        needs=("waits",),
        compute=lambda sums: sums.contacts,
        behind=_waits(first=True),
    ),
    Metric(
        key="offered",
        name=_("Offered"),
        formula=_(
            "Waits that began in a queue, of calls and of what is written; a queue has one "
            "channel, so its own figure is of one. A transfer to another queue is a new wait."
        ),
        unit="count",
        needs=("waits",),
        compute=lambda sums: sums.offered,
        behind=_waits(),
    ),
    Metric(
        key="answered",
        name=_("Answered"),
        formula=_("Waits that ended with an agent and the customer."),
        unit="count",
        needs=("waits",),
        compute=lambda sums: sums.answered,
        behind=_waits("answered"),
    ),
    Metric(
        key="within_goal",
        name=_("Answered within the goal"),
        formula=_("Answered waits that were no longer than the queue's goal."),
        unit="count",
        needs=("waits",),
        compute=lambda sums: sums.within_goal,
        behind=_waits("answered", within_goal=True),
    ),
    Metric(
        key="abandoned",
        name=_("Abandoned"),
        formula=_("Waits that the customer ended by leaving, short ones included."),
        unit="count",
        needs=("waits",),
        compute=lambda sums: sums.abandoned,
        behind=_waits(_ABANDONED),
    ),
    Metric(
        key="short_abandoned",
        name=_("Short abandonments"),
        formula=_("Abandoned waits that were shorter than the queue's limit for short ones."),
        unit="count",
        needs=("waits",),
        compute=lambda sums: sums.short_abandoned,
        behind=_waits(_ABANDONED, short=True),
    ),
    Metric(
        key="callback_asked",
        name=_("Callbacks asked for"),
        formula=_("Waits that ended with the wish to be called back."),
        unit="count",
        needs=("waits",),
        compute=lambda sums: sums.callback_asked,
        behind=_waits("callback_asked"),
    ),
    Metric(
        key="message_left",
        name=_("Messages left"),
        formula=_("Waits that ended with a spoken message."),
        unit="count",
        needs=("waits",),
        compute=lambda sums: sums.message_left,
        behind=_waits("message_left"),
    ),
    Metric(
        key="diverted",
        name=_("Diverted"),
        formula=_("Waits that a rule of the queue ended by sending the customer elsewhere."),
        unit="count",
        needs=("waits",),
        compute=lambda sums: sums.diverted,
        behind=_waits("diverted"),
    ),
    Metric(
        key="lost",
        name=_("Lost by our fault"),
        formula=_("Waits that a fault of the system ended."),
        unit="count",
        needs=("waits",),
        compute=lambda sums: sums.lost,
        behind=_waits("lost_by_system"),
    ),
    Metric(
        key="waiting",
        name=_("Still waiting"),
        formula=_("Waits that have not ended."),
        unit="count",
        needs=("waits",),
        compute=lambda sums: sums.waiting,
        behind=_waits(""),
    ),
    Metric(
        key="service_level",
        name=_("Service level, short abandonments left out"),
        formula=_(
            "Answered within the goal, divided by all waits that have ended without the short "
            "abandonments."
        ),
        unit="share",
        needs=("waits",),
        compute=rules.service_level,
        behind=_waits("answered", within_goal=True),
    ),
    Metric(
        key="service_level_of_offered",
        name=_("Service level, of offered"),
        formula=_("Answered within the goal, divided by all waits that have ended."),
        unit="share",
        needs=("waits",),
        compute=rules.service_level_of_offered,
        behind=_waits("answered", within_goal=True),
    ),
    Metric(
        key="service_level_of_answered",
        name=_("Service level, of answered"),
        formula=_("Answered within the goal, divided by all answered."),
        unit="share",
        needs=("waits",),
        compute=rules.service_level_of_answered,
        behind=_waits("answered", within_goal=True),
    ),
    Metric(
        key="abandonment_rate",
        name=_("Abandonment rate"),
        formula=_("Abandoned divided by offered; short abandonments are left out of both."),
        unit="share",
        needs=("waits",),
        compute=rules.abandonment_rate,
        behind=_waits(_ABANDONED, short=False),
    ),
    Metric(
        key="answer_speed",
        name=_("Average speed of answer"),
        formula=_("Seconds that the answered waited, divided by their number."),
        unit="seconds",
        needs=("waits",),
        compute=rules.answer_speed,
        behind=_waits("answered"),
    ),
    Metric(
        key="abandoned_wait",
        name=_("Average wait of the abandoned"),
        formula=_("Seconds that the abandoned waited, divided by their number."),
        unit="seconds",
        needs=("waits",),
        compute=rules.abandoned_wait,
        behind=_waits(_ABANDONED),
    ),
    Metric(
        key="longest_wait",
        name=_("Longest wait"),
        formula=_("The longest wait that has ended."),
        unit="seconds",
        needs=("waits",),
        compute=rules.longest_wait,
        behind=_waits(),
    ),
    Metric(
        key="handled",
        name=_("Handled"),
        formula=_(
            "Agents' parts that served a customer and whose talk has ended; who was only asked "
            "by a colleague does not count."
        ),
        unit="count",
        needs=("work",),
        compute=lambda sums: sums.handled,
        behind=Behind(of="work"),
    ),
    Metric(
        key="talk_time",
        name=_("Talk"),
        formula=_("Seconds in which customer and agent were connected, without hold."),
        unit="seconds",
        needs=("work",),
        compute=lambda sums: sums.talk_seconds,
        behind=Behind(of="work"),
    ),
    Metric(
        key="hold_time",
        name=_("Hold"),
        formula=_("Seconds in which the customer was on hold."),
        unit="seconds",
        needs=("work",),
        compute=lambda sums: sums.hold_seconds,
        behind=Behind(of="work"),
    ),
    Metric(
        key="wrap_time",
        name=_("Wrap-up"),
        formula=_("Seconds of work on a contact after the talk had ended."),
        unit="seconds",
        needs=("work",),
        compute=lambda sums: sums.wrap_seconds,
        behind=Behind(of="work"),
    ),
    Metric(
        key="handling_time",
        name=_("Average handle time"),
        formula=_("Talk, hold and wrap-up, divided by the number of contacts handled."),
        unit="seconds",
        needs=("work",),
        compute=rules.handling_time,
        behind=Behind(of="work"),
    ),
    Metric(
        key="signed_in_time",
        name=_("Signed in"),
        formula=_("Time in which an agent had a seat, whatever the state."),
        unit="seconds",
        needs=("seats",),
        compute=lambda sums: sums.signed_in_seconds,
    ),
    Metric(
        key="ready_time",
        name=_("Ready"),
        formula=_("Time in which an agent would have been given the next contact."),
        unit="seconds",
        needs=("seats",),
        compute=lambda sums: sums.states.get("ready", 0.0),
    ),
    Metric(
        key="away_time",
        name=_("Away"),
        formula=_("Time signed in and away, by the reason that the agent gave."),
        unit="seconds",
        needs=("seats",),
        compute=lambda sums: sums.states.get("away", 0.0),
    ),
    Metric(
        key="busy_time",
        name=_("Busy"),
        formula=_("Time in the states talking and wrap-up."),
        unit="seconds",
        needs=("seats",),
        compute=lambda sums: sums.busy_seconds,
    ),
    Metric(
        key="occupancy",
        name=_("Occupancy"),
        formula=_("Busy time divided by the time signed in without the time away."),
        unit="share",
        needs=("seats",),
        compute=rules.occupancy,
    ),
    Metric(
        key="contacts_per_hour",
        name=_("Contacts per hour"),
        formula=_("Contacts handled, divided by the hours signed in."),
        unit="per_hour",
        needs=("work", "seats"),
        compute=rules.contacts_per_hour,
        behind=Behind(of="work"),
    ),
    Metric(
        key="missed",
        name=_("Missed"),
        formula=_("Contacts that rang at an agent who did not answer."),
        unit="count",
        needs=("seats",),
        compute=lambda sums: sums.missed,
        behind=Behind(of="missed", outcomes=("missed",)),
    ),
    Metric(
        key="declined",
        name=_("Declined"),
        formula=_("Contacts that rang at an agent who declined them."),
        unit="count",
        needs=("seats",),
        compute=lambda sums: sums.declined,
        behind=Behind(of="missed", outcomes=("declined",)),
    ),
    Metric(
        key="first_answered",
        name=_("Answered contacts"),
        formula=_("Contacts that customers began and that an agent answered."),
        unit="count",
        needs=("first",),
        compute=lambda sums: sums.first_answered,
        behind=Behind(of="first"),
    ),
    Metric(
        key="first_settled",
        name=_("Contacts whose seven days are over"),
        formula=_("Answered contacts that lie seven days back, so that it is known who came back."),
        unit="count",
        needs=("first",),
        compute=lambda sums: sums.first_settled,
        behind=Behind(of="first", settled=True),
    ),
    Metric(
        key="first_contact_no_return",
        name=_("First contact, nobody came back"),
        formula=_(
            "Answered contacts after which the customer did not come back within seven days by "
            "any channel, divided by all answered contacts whose seven days are over."
        ),
        unit="share",
        needs=("first",),
        compute=rules.first_contact_no_return,
        behind=Behind(of="first", settled=True, no_return=True),
    ),
    Metric(
        key="first_contact_one_agent",
        name=_("First contact, one agent"),
        formula=_(
            "Answered contacts that one agent finished without transfer and without asking "
            "anybody, divided by all answered contacts."
        ),
        unit="share",
        needs=("first",),
        compute=rules.first_contact_one_agent,
        behind=Behind(of="first", one_agent=True),
    ),
    Metric(
        key="first_cases",
        name=_("Cases whose seven days are over"),
        formula=_(
            "Cases with a customer that were opened in the period and lie seven days back, by "
            "the queue of the contact in which they were opened."
        ),
        unit="count",
        needs=("cases",),
        compute=lambda sums: sums.first_cases,
    ),
    Metric(
        key="first_contact_by_case",
        name=_("First contact, one contact of the case"),
        formula=_(
            "Cases to which no second contact came within seven days of their opening, divided by "
            "all cases with a customer whose seven days are over."
        ),
        unit="share",
        needs=("cases",),
        compute=rules.first_contact_by_case,
        counts_cases=True,
    ),
    Metric(
        key="promises_due",
        name=_("Promises due"),
        formula=_(
            "Callbacks that are over, by the day on which they ended, and appointments of which "
            "no call has come."
        ),
        unit="count",
        needs=("promises",),
        compute=lambda sums: sums.promises_due,
    ),
    Metric(
        key="promises_kept",
        name=_("Promises kept"),
        formula=_(
            "Callbacks and appointments whose customer had somebody on the line, by the end of "
            "the slot if a time was promised, or who called and was answered meanwhile, divided "
            "by all promises due."
        ),
        unit="share",
        needs=("promises",),
        compute=rules.promises_kept,
    ),
)
_BY_KEY: dict[str, tuple[Metric, ...]] = {}
for _each in _ALL:
    _BY_KEY[_each.key] = (*_BY_KEY.get(_each.key, ()), _each)
