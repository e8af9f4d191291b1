"""The manifest of coaching."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Role

department = Department(
    key="coaching",
    name=_("Coaching"),
    host="management",
    seeds=("D11",),
    roles=(
        Role(
            key="coach", name=_("Coach"), duties=("performance.work_to_objectives",), seeds=("R12",)
        ),
    ),
    duties=(),
)
