"""The manifest of customer service."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Role

department = Department(
    key="customer_service",
    name=_("Customer service"),
    host="management",
    seeds=("D04", "D08"),
    roles=(
        Role(
            key="service_agent",
            name=_("Customer service agent"),
            duties=("inbound.take_calls", "performance.work_to_objectives"),
        ),
    ),
    duties=(),
)
