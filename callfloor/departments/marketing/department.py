"""The manifest of marketing: outside of the centre, it says what telesales must reach."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Role

department = Department(
    key="marketing",
    name=_("Marketing"),
    seeds=("D23",),
    roles=(
        Role(
            key="marketing_manager",
            name=_("Marketing manager"),
            duties=("performance.work_to_objectives",),
        ),
    ),
    duties=(),
)
