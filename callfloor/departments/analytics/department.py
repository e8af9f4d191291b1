"""The manifest of data analysis."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Role

department = Department(
    key="analytics",
    name=_("Data analysis"),
    host="management",
    seeds=("D21",),
    roles=(
        Role(
            key="reporting_analyst",
            name=_("Reporting analyst"),
            duties=("performance.work_to_objectives",),
            seeds=("R07",),
        ),
    ),
    duties=(),
)
