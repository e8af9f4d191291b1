"""The manifest of customer experience."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Role

department = Department(
    key="experience",
    name=_("Customer experience"),
    host="management",
    seeds=("D22",),
    roles=(
        Role(
            key="experience_analyst",
            name=_("Customer experience analyst"),
            duties=("performance.work_to_objectives",),
        ),
    ),
    duties=(),
)
