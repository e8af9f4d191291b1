"""The manifest of coaching."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, Role

department = Department(
    key="coaching",
    name=_("Coaching"),
    host="management",
    seeds=("D11",),
    roles=(
        Role(
            key="coach",
            name=_("Coach"),
            duties=(
                "coaching.coach",
                "coaching.relieve",
                "performance.work_to_objectives",
                "training.keep_to_procedures",
            ),
            seeds=("R12",),
        ),
    ),
    duties=(
        Duty(
            key="coach",
            name=_("Hold one-to-one talks: what went well, what to try, what was agreed"),
            kpis=("goals_reached", "job_satisfaction"),
            articles=("feedback",),
            lessons=("coaching",),
            skills=("listening", "teaching"),
            seeds=("U20", "U23"),
            planned="F24",
        ),
        Duty(
            key="relieve",
            name=_("See overload early, and relieve it with pauses, other work and a talk"),
            kpis=("work_load", "attrition"),
            skills=("listening", "discretion"),
            seeds=("U23",),
            planned="F24",
        ),
    ),
)
