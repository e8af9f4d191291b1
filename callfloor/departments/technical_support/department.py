"""The manifest of technical support."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Role

department = Department(
    key="technical_support",
    name=_("Technical support"),
    host="management",
    seeds=("D03",),
    roles=(
        Role(
            key="technician",
            name=_("Support technician"),
            duties=("inbound.take_calls", "performance.work_to_objectives"),
        ),
    ),
    duties=(),
)
