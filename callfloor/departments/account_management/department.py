"""The manifest of account management."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Role

department = Department(
    key="account_management",
    name=_("Account management"),
    host="management",
    seeds=("D07",),
    roles=(
        Role(
            key="account_manager",
            name=_("Account manager"),
            duties=("inbound.take_calls", "performance.work_to_objectives"),
        ),
    ),
    duties=(),
)
