"""The manifest of quality assurance."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty

department = Department(
    key="quality",
    name=_("Quality assurance"),
    duties=(
        Duty(
            key="listen_to_contacts",
            name=_("Listen to recorded calls"),
            may=("interactions.listen", "interactions.read"),
            seeds=("U19",),
        ),
    ),
)
