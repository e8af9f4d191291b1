"""The manifest of management."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty

department = Department(
    key="management",
    name=_("Management"),
    duties=(
        Duty(
            key="run_centre",
            name=_("Run the centre by its figures"),
            may=(
                "customers.read",
                "engine.see",
                "floor.see",
                "interactions.read",
                "people.read",
                "queues.read",
                "wallboard.see",
            ),
        ),
        Duty(
            key="protect_data",
            name=_("Answer for personal data: who saw it, and what must be erased"),
            may=("audit.read", "customers.erase", "customers.read", "customers.write"),
        ),
    ),
)
