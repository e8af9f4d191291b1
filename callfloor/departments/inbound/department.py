"""The manifest of inbound."""

from django.utils.translation import gettext_lazy as _

from callfloor.desk import places
from callfloor.kernel.department import Department, Duty, Role

department = Department(
    key="inbound",
    name=_("Inbound calls"),
    host="management",
    seeds=("D01",),
    menu=places.PLACES,
    roles=(
        Role(
            key="agent",
            name=_("Agent"),
            duties=("inbound.take_calls", "performance.work_to_objectives"),
            seeds=("R01",),
        ),
        Role(
            key="supervisor",
            name=_("Supervisor"),
            duties=(
                "inbound.lead_team",
                "inbound.hear_into_calls",
                "performance.work_to_objectives",
            ),
            seeds=("R02",),
        ),
        Role(
            key="team_leader",
            name=_("Team leader"),
            duties=(
                "inbound.take_calls",
                "inbound.lead_team",
                "inbound.hear_into_calls",
                "performance.work_to_objectives",
                "quality.listen_to_contacts",
            ),
            seeds=("R03",),
        ),
    ),
    duties=(
        Duty(
            key="take_calls",
            name=_("Take calls and finish them with a disposition"),
            may=(
                "calls.take",
                "customers.read",
                "direction.see",
                "interactions.listen_own",
                "interactions.note",
                "interactions.read",
                "jobs.see",
                "organisation.see",
                "queues.read",
                "wallboard.see",
            ),
            seeds=("U01", "C01"),
        ),
        Duty(
            key="lead_team",
            name=_("Lead a team through the day"),
            may=(
                "customers.read",
                "customers.write",
                "direction.see",
                "emergency.switch",
                "floor.lead",
                "floor.see",
                "interactions.note",
                "interactions.read",
                "jobs.see",
                "organisation.see",
                "people.read",
                "queues.read",
                "wallboard.see",
            ),
        ),
        Duty(
            key="hear_into_calls",
            name=_("Hear into the team's calls, help in them and take them over"),
            may=("floor.see", "floor.supervise"),
        ),
    ),
)
