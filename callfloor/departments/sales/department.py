"""The manifest of telephone sales: it sits in the centre and reports to marketing."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Role

department = Department(
    key="sales",
    name=_("Telephone sales"),
    host="management",
    supervised_by="marketing",
    seeds=("D05", "D06"),
    roles=(
        Role(
            key="sales_agent",
            name=_("Sales agent"),
            duties=("inbound.take_calls", "performance.work_to_objectives"),
        ),
    ),
    duties=(),
)
