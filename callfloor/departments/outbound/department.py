"""The manifest of outbound calls."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Role

department = Department(
    key="outbound",
    name=_("Outbound calls"),
    host="management",
    seeds=("D02",),
    roles=(
        Role(
            key="outbound_agent",
            name=_("Outbound agent"),
            duties=("inbound.take_calls", "performance.work_to_objectives"),
        ),
        Role(
            key="campaign_manager",
            name=_("Campaign manager"),
            duties=("performance.work_to_objectives",),
        ),
        Role(
            key="collections_agent",
            name=_("Collections agent"),
            duties=("inbound.take_calls", "performance.work_to_objectives"),
        ),
    ),
    duties=(),
)
