"""The manifest of social media support."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Role

department = Department(
    key="social",
    name=_("Social media support"),
    host="customer_service",
    seeds=("D20",),
    roles=(
        Role(
            key="social_agent",
            name=_("Social media agent"),
            duties=("inbound.take_calls", "performance.work_to_objectives"),
        ),
    ),
    duties=(),
)
