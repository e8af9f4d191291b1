"""The manifest of fraud prevention."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Role

department = Department(
    key="fraud",
    name=_("Fraud prevention"),
    host="management",
    seeds=("D19",),
    roles=(
        Role(
            key="fraud_analyst", name=_("Fraud analyst"), duties=("performance.work_to_objectives",)
        ),
    ),
    duties=(),
)
