"""The manifest of performance management."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, Role

department = Department(
    key="performance",
    name=_("Performance management"),
    host="management",
    seeds=("D15", "D16"),
    roles=(
        Role(
            key="performance_analyst",
            name=_("Performance analyst"),
            duties=("performance.work_to_objectives",),
        ),
    ),
    duties=(
        Duty(
            key="work_to_objectives",
            name=_("Work to the center's objectives and to one's own"),
            may=("direction.see", "jobs.see", "organisation.see"),
            seeds=("U53",),
        ),
    ),
)
