"""The manifest of management."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, Role

department = Department(
    key="management",
    name=_("Management"),
    roles=(
        Role(
            key="manager",
            name=_("Manager"),
            duties=(
                "human_resources.write_job_descriptions",
                "inbound.lead_team",
                "management.protect_data",
                "management.run_centre",
                "performance.work_to_objectives",
                "quality.listen_to_contacts",
                "workforce.staff_enough",
            ),
            seeds=("R05",),
        ),
        Role(
            key="senior_manager",
            name=_("Senior manager"),
            duties=("management.run_centre", "performance.work_to_objectives"),
            seeds=("R04",),
        ),
    ),
    duties=(
        Duty(
            key="run_centre",
            name=_("Run the centre by its figures"),
            may=(
                "customers.read",
                "direction.see",
                "emergency.switch",
                "engine.see",
                "floor.see",
                "interactions.read",
                "jobs.see",
                "organisation.see",
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
