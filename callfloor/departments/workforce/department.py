"""The manifest of workforce management."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, Role

department = Department(
    key="workforce",
    name=_("Workforce management"),
    host="management",
    seeds=("D12",),
    roles=(
        Role(
            key="resource_analyst",
            name=_("Resource analyst"),
            duties=("performance.work_to_objectives", "workforce.staff_enough"),
            seeds=("R06",),
        ),
    ),
    duties=(
        Duty(
            key="staff_enough",
            name=_("Find how many people are needed to reach the objectives"),
            may=("floor.see", "queues.read", "twin.try", "wallboard.see"),
            seeds=("U26",),
        ),
    ),
)
