"""
The measures there are: what each means, in which unit, and which way is better.

One road to a number: a page, a target or a job description names a measure by its key and says
nothing of its own about it. Refuses: to compute; `records.metrics` does.
"""

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

Unit = Literal["seconds", "share", "count", "score", "money", "per_hour"]
Better = Literal["higher", "lower", "within"]


@dataclass(frozen=True, kw_only=True)
class Kpi:
    """One measure."""

    key: str
    name: Any
    meaning: Any
    """One sentence: what is counted, divided by what."""
    unit: Unit
    better: Better
    seeds: tuple[str, ...] = ()
    planned: str | None = None
    """The row of the mission with whose work it gets a figure; None if the records have it."""


_ALL = (
    Kpi(
        key="service_level",
        name=_("Service level"),
        meaning=_("Contacts answered within the queue's time, of all that were offered to it."),
        unit="share",
        better="higher",
        seeds=("M05", "M06"),
    ),
    Kpi(
        key="answer_speed",
        name=_("Average speed of answer"),
        meaning=_("How long answered contacts waited, divided by their number."),
        unit="seconds",
        better="lower",
        seeds=("M14",),
    ),
    Kpi(
        key="abandonment_rate",
        name=_("Abandonment rate"),
        meaning=_(
            "Callers who hung up in line, short tries left aside, of all contacts that were "
            "offered."
        ),
        unit="share",
        better="lower",
        seeds=("Q04",),
    ),
    Kpi(
        key="handling_time",
        name=_("Average handle time"),
        meaning=_("Talk, hold and wrap-up of all handled contacts, divided by their number."),
        unit="seconds",
        better="within",
        seeds=("M01",),
    ),
    Kpi(
        key="call_volume",
        name=_("Call volume"),
        meaning=_("Contacts that were offered to the queues in a period."),
        unit="count",
        better="within",
        seeds=("M07",),
    ),
    Kpi(
        key="occupancy",
        name=_("Occupancy"),
        meaning=_("Time with contacts, of all the time that agents were signed in and not away."),
        unit="share",
        better="within",
    ),
    Kpi(
        key="first_contact_resolution",
        name=_("First-contact resolution"),
        meaning=_(
            "Matters with which the customer did not have to come back, by any channel, of "
            "all that were closed."
        ),
        unit="share",
        better="higher",
        seeds=("M02",),
        planned="F25",
    ),
    Kpi(
        key="customer_satisfaction",
        name=_("Customer satisfaction"),
        meaning=_("Customers who gave one of the two best marks, of all who answered."),
        unit="share",
        better="higher",
        seeds=("M03",),
        planned="F37",
    ),
    Kpi(
        key="net_promoter_score",
        name=_("Net promoter score"),
        meaning=_(
            "The share of customers who would recommend the company less the share who would "
            "not, in points."
        ),
        unit="score",
        better="higher",
        seeds=("M04",),
        planned="F37",
    ),
    Kpi(
        key="staffing_level",
        name=_("Staffing level"),
        meaning=_("People at work, of those who are needed, in each interval."),
        unit="share",
        better="within",
        seeds=("M08",),
        planned="F29",
    ),
    Kpi(
        key="attrition",
        name=_("Attrition"),
        meaning=_("People who left within a year, of all who worked here on average."),
        unit="share",
        better="lower",
        seeds=("M09",),
        planned="F35",
    ),
    Kpi(
        key="work_load",
        name=_("Work load"),
        meaning=_("Working time at high occupancy without a pause, of all working time."),
        unit="share",
        better="lower",
        seeds=("M10",),
        planned="F24",
    ),
    Kpi(
        key="job_satisfaction",
        name=_("Job satisfaction"),
        meaning=_(
            "The mean of voluntary, anonymous answers on how work feels; never shown for "
            "fewer than five people."
        ),
        unit="score",
        better="higher",
        seeds=("M11",),
        planned="F24",
    ),
    Kpi(
        key="contacts_per_hour",
        name=_("Contacts per hour"),
        meaning=_(
            "Contacts that were finished in an hour of signed-in time; never read without "
            "the quality beside it."
        ),
        unit="per_hour",
        better="within",
        seeds=("M11",),
    ),
    Kpi(
        key="quality_score",
        name=_("Quality score"),
        meaning=_("Points that evaluators gave, of the points that could be given."),
        unit="share",
        better="higher",
        seeds=("M12",),
        planned="F21",
    ),
    Kpi(
        key="evaluator_agreement",
        name=_("Evaluators' agreement"),
        meaning=_(
            "How far several evaluators give the same contact the same points, chance left aside."
        ),
        unit="score",
        better="higher",
        seeds=("M12",),
        planned="F21",
    ),
    Kpi(
        key="driver_effect",
        name=_("Effect of a driver"),
        meaning=_(
            "How much an objective moves with one step of its driver, with the interval around it."
        ),
        unit="score",
        better="higher",
        seeds=("M13",),
        planned="F31",
    ),
    Kpi(
        key="goals_reached",
        name=_("Goals reached"),
        meaning=_("Targets that were reached, of all that were set for the period."),
        unit="share",
        better="higher",
        seeds=("M05",),
        planned="F25",
    ),
    Kpi(
        key="adherence",
        name=_("Adherence"),
        meaning=_(
            "Time spent as the schedule says, of the time that it plans; what was approved "
            "counts as kept."
        ),
        unit="share",
        better="higher",
        planned="F30",
    ),
    Kpi(
        key="forecast_error",
        name=_("Forecast error"),
        meaning=_(
            "Differences between forecast and real volume, added without their signs, of the "
            "real volume."
        ),
        unit="share",
        better="lower",
        seeds=("M07",),
        planned="F28",
    ),
    Kpi(
        key="deadlines_kept",
        name=_("Deadlines kept"),
        meaning=_("Cases that were answered and closed in time, of all cases."),
        unit="share",
        better="higher",
        seeds=("Q07",),
        planned="F08",
    ),
    Kpi(
        key="promises_kept",
        name=_("Promises kept"),
        meaning=_("Callbacks and other promises that were kept in time, of all that were given."),
        unit="share",
        better="higher",
    ),
    Kpi(
        key="conversion",
        name=_("Conversion"),
        meaning=_("Offers that became orders, of all offers that were made."),
        unit="share",
        better="higher",
        planned="F13",
    ),
    Kpi(
        key="debts_paid",
        name=_("Debts paid as agreed"),
        meaning=_("Money that was paid as agreed, of all on which an agreement was reached."),
        unit="share",
        better="higher",
        planned="F16",
    ),
    Kpi(
        key="silent_calls",
        name=_("Calls without an agent"),
        meaning=_(
            "People called by a campaign who answered and found no agent, of all who answered."
        ),
        unit="share",
        better="lower",
        planned="F04",
    ),
    Kpi(
        key="tests_passed",
        name=_("Tests passed"),
        meaning=_("Tests that were passed at the first try, of all that were taken."),
        unit="share",
        better="higher",
        seeds=("Q05",),
        planned="F23",
    ),
    Kpi(
        key="hiring_days",
        name=_("Days until a post is filled"),
        meaning=_("Working days from the advert to the first day of work."),
        unit="count",
        better="lower",
        planned="F35",
    ),
    Kpi(
        key="procedures_known",
        name=_("Procedures known"),
        meaning=_("People who have proved that they know the valid version, of all who must."),
        unit="share",
        better="higher",
        planned="F34",
    ),
    Kpi(
        key="availability",
        name=_("Availability"),
        meaning=_("Time in which calls could be taken and recorded, of all opening hours."),
        unit="share",
        better="higher",
        seeds=("Q08",),
        planned="F38",
    ),
    Kpi(
        key="language_coverage",
        name=_("Language coverage"),
        meaning=_(
            "Opening hours in which somebody who speaks the language is planned, of all "
            "opening hours."
        ),
        unit="share",
        better="higher",
        planned="F30",
    ),
    Kpi(
        key="frauds_stopped",
        name=_("Frauds stopped"),
        meaning=_("Frauds that were found before money was lost, of all that became known."),
        unit="share",
        better="higher",
        seeds=("U42",),
        planned="F39",
    ),
    Kpi(
        key="requests_in_time",
        name=_("Privacy requests met in time"),
        meaning=_(
            "Requests for access to personal data or its erasure met within the legal time, "
            "of all requests."
        ),
        unit="share",
        better="higher",
        seeds=("Q03",),
        planned="F40",
    ),
    Kpi(
        key="cost_per_contact",
        name=_("Cost per contact"),
        meaning=_("Everything that serving contacts cost, divided by their number."),
        unit="money",
        better="lower",
        planned="F36",
    ),
)

KPIS: dict[str, Kpi] = {kpi.key: kpi for kpi in _ALL}
