"""The manifest of escalations."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Role

department = Department(
    key="escalations",
    name=_("Escalations"),
    host="customer_service",
    seeds=("D18",),
    roles=(
        Role(
            key="escalation_specialist",
            name=_("Escalation specialist"),
            duties=("inbound.take_calls", "performance.work_to_objectives"),
        ),
    ),
    duties=(),
)
