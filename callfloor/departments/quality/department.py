"""The manifest of quality assurance."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, Role

department = Department(
    key="quality",
    name=_("Quality assurance"),
    host="management",
    seeds=("D09",),
    roles=(
        Role(
            key="quality_analyst",
            name=_("Quality analyst"),
            duties=("performance.work_to_objectives", "quality.listen_to_contacts"),
            seeds=("R11",),
        ),
    ),
    duties=(
        Duty(
            key="listen_to_contacts",
            name=_("Listen to recorded calls"),
            may=("interactions.listen", "interactions.read"),
            seeds=("U19",),
        ),
    ),
)
