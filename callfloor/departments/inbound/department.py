"""The manifest of inbound."""

from django.utils.translation import gettext_lazy as _

from callfloor.desk import places
from callfloor.kernel.department import Department, Duty

department = Department(
    key="inbound",
    name=_("Inbound calls"),
    menu=places.PLACES,
    duties=(
        Duty(
            key="take_calls",
            name=_("Take calls and finish them with a disposition"),
            may=(
                "calls.take",
                "customers.read",
                "interactions.listen_own",
                "interactions.note",
                "interactions.read",
                "queues.read",
                "wallboard.see",
            ),
            seeds=("D01", "R01"),
        ),
        Duty(
            key="lead_team",
            name=_("Lead a team through the day"),
            may=(
                "customers.read",
                "customers.write",
                "floor.lead",
                "floor.see",
                "interactions.note",
                "interactions.read",
                "people.read",
                "queues.read",
                "wallboard.see",
            ),
            seeds=("D01",),
        ),
        Duty(
            key="hear_into_calls",
            name=_("Hear into the team's calls, help in them and take them over"),
            may=("floor.see", "floor.supervise"),
            seeds=("D08", "R02", "R03"),
        ),
    ),
)
