"""The manifest of language support."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Role

department = Department(
    key="language",
    name=_("Language support"),
    host="management",
    seeds=("D17",),
    roles=(
        Role(
            key="language_specialist",
            name=_("Language specialist"),
            duties=("inbound.take_calls", "performance.work_to_objectives"),
        ),
    ),
    duties=(),
)
