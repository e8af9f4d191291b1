"""The manifest of training."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Role

department = Department(
    key="training",
    name=_("Training"),
    host="management",
    seeds=("D10",),
    roles=(
        Role(
            key="trainer",
            name=_("Trainer"),
            duties=("performance.work_to_objectives",),
            seeds=("R10",),
        ),
    ),
    duties=(),
)
