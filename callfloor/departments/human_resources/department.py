"""The manifest of human resources."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, Role

department = Department(
    key="human_resources",
    name=_("Human resources"),
    host="management",
    seeds=("D14",),
    roles=(
        Role(
            key="hr_partner",
            name=_("HR partner"),
            duties=("performance.work_to_objectives", "human_resources.write_job_descriptions"),
        ),
        Role(
            key="recruiter",
            name=_("Recruiter"),
            duties=("performance.work_to_objectives", "human_resources.write_job_descriptions"),
            seeds=("R09",),
        ),
    ),
    duties=(
        Duty(
            key="write_job_descriptions",
            name=_("Choose and tailor job descriptions"),
            may=("direction.see", "jobs.see", "jobs.write", "organisation.see", "people.read"),
            seeds=("U54", "U55", "T09"),
        ),
    ),
)
